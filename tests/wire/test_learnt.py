"""Who learnt what of a record: told to its holder, and nothing that a decision or another's record would show."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from api.wire.batches import FiledEntry

MakeEntry = Callable[..., FiledEntry]
RESCUED = {"quarter": "2025Q2", "kind": "rescue", "status": "actual"}


def learnt(partner: Any, *rows: FiledEntry, matches: tuple[str, ...] = ()) -> list[tuple[Any, ...]]:
    """Ask, and return who, of what, how much and when."""
    asked = {"entry_ids": [row.entry.entry_id.hex() for row in rows], "match_ids": list(matches)}
    answer = partner.send("POST", "/v1/audit/learnt", json=asked)
    assert answer.status_code == 200, answer.text
    return [
        ("you" if each["is_own"] else each["organisation_class"], each["of"], each["rung"], each["first_on"])
        for each in answer.json()["learnings"]
    ]


def test_the_holder_sees_who_learnt_and_when_first(world: Any, entry: MakeEntry, all_rules: Any) -> None:
    """Own readings and those of the other side, rung by rung."""
    shelter, police = world.join("s", "ngo", all_rules), world.join("p", "ngo", all_rules)
    row = entry("x")
    shelter.file(row)
    police.file(entry("x"))
    assert learnt(shelter, row) == []
    police.claim("1" * 32)
    world.calendar.day += timedelta(days=1)
    (match,) = shelter.claim("2" * 32).json()["matches"]
    shelter.report(match["match_id"], RESCUED)
    police.report(match["match_id"], RESCUED)
    assert learnt(shelter, row, matches=(match["match_id"],)) == [
        ("ngo", "meeting", 2, "2026-11-21"),
        ("you", "meeting", 2, "2026-11-22"),
        ("you", "match", 2, "2026-11-22"),
        ("ngo", "match", 4, "2026-11-22"),
    ]


def test_asking_for_what_is_not_ones_own_tells_nothing(world: Any, entry: MakeEntry, all_rules: Any) -> None:
    """Foreign and unknown entries and matches look the same, whoever holds them."""
    a, b, c = (world.join(name, "ngo", all_rules) for name in "abc")
    row = entry("x")
    a.file(row)
    b.file(entry("x"))
    a.claim("1" * 32)
    (match,) = b.claim("2" * 32).json()["matches"]
    assert learnt(c, row, matches=(match["match_id"],)) == []
    assert learnt(c, entry("x"), matches=("00000000-0000-4000-8000-000000000000",)) == []
    assert learnt(b, row) == []


def test_a_meeting_that_is_hidden_stays_so(world: Any, entry: MakeEntry, all_rules: Any) -> None:
    """The side that decides first has been told; the other must not learn of the meeting by asking who learnt."""
    shelter, ngo = world.join("s", "shelter"), world.join("n", "ngo", all_rules)
    row = entry("x")
    shelter.file(entry("x"))
    ngo.file(row)
    assert len(shelter.meetings()) == 1
    assert learnt(ngo, row) == []


def test_a_refusal_looks_like_silence(world: Any, entry: MakeEntry) -> None:
    """Who released and waits reads the same, whether the other side refused and looked again, or did nothing."""
    shelter = world.join("s", "shelter")
    answers = []
    for name, refuses in (("silent", False), ("refusing", True)):
        ngo, row = world.join(name, "ngo"), entry(name)
        shelter.file(row)
        ngo.file(entry(name))
        for meeting_id, meeting in shelter.meetings().items():
            if meeting["state"] == "to_decide":
                shelter.decide(meeting_id, "release")
        (meeting_id,) = ngo.meetings()
        if refuses:
            ngo.decide(meeting_id, "refuse")
            world.calendar.day += timedelta(days=1)
            ngo.meetings()
            world.calendar.day -= timedelta(days=1)
        answers.append(learnt(shelter, row))
    assert answers[0] == answers[1]
    assert ("ngo", "meeting", 2, "2026-11-21") in answers[0]


def test_that_it_was_asked_is_written_down(world: Any, entry: MakeEntry, all_rules: Any) -> None:
    """An answer that tells something; an empty one is not."""
    a, b = world.join("a", "ngo", all_rules), world.join("b", "ngo", all_rules)
    row = entry("x")
    a.file(row)
    b.file(entry("x"))
    count = "SELECT count(*) FROM audit_entry WHERE leaf LIKE '%audit_who_learnt%'"
    learnt(a, row)
    assert world.rows(count) == [(0,)]
    b.meetings()
    learnt(a, row)
    assert world.rows(count) == [(1,)]
