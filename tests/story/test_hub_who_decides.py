"""Who learns of a meeting first, and what the other side sees meanwhile."""

from collections.abc import Callable
from typing import Any

import pytest

from api.wire.batches import FiledEntry

MakeEntry = Callable[..., FiledEntry]


def meet(world: Any, entry: MakeEntry, first: Any, second: Any, *, manual: tuple[bool, bool]) -> tuple[Any, Any]:
    """Let two organisations file one person, the first before the second."""
    a, b = world.join("first", *first), world.join("second", *second)
    assert a.file(entry("x", manual=manual[0])).status_code == 202
    assert b.file(entry("x", manual=manual[1])).status_code == 202
    return a, b


def test_rules_on_both_sides_release_at_once(world: Any, entry: MakeEntry, all_rules: Any) -> None:
    """Automatic entries under standing rules need nobody."""
    a, b = meet(world, entry, ("ngo", all_rules), ("ngo", all_rules), manual=(False, False))
    assert (a.states(), b.states()) == (["released"], ["released"])


def test_a_side_without_a_rule_decides(world: Any, entry: MakeEntry, all_rules: Any) -> None:
    """Its partner sees nothing until it has released."""
    a, b = meet(world, entry, ("ngo", all_rules), ("ngo", []), manual=(False, False))
    assert (a.states(), b.states()) == ([], ["to_decide"])
    (meeting_id,) = b.meetings()
    assert b.decide(meeting_id, "release").json()["state"] == "released"
    assert (a.states(), b.states()) == (["released"], ["released"])


def test_a_manual_entry_decides_whatever_the_rules(world: Any, entry: MakeEntry, all_rules: Any) -> None:
    """A child's record is never released by a rule."""
    a, b = meet(world, entry, ("ngo", all_rules), ("ngo", all_rules), manual=(True, False))
    assert (a.states(), b.states()) == (["to_decide"], [])


@pytest.mark.parametrize(
    ("first", "second"),
    [("shelter", "ngo"), ("ngo", "government"), ("government", "police"), ("shelter", "police")],
)
@pytest.mark.parametrize("protected_files_first", [True, False])
def test_the_more_protected_class_decides_first(
    sqlite_world: Any, entry: MakeEntry, first: str, second: str, *, protected_files_first: bool
) -> None:
    """Whoever filed first, the more protected side has the first word."""
    order = ((first,), (second,)) if protected_files_first else ((second,), (first,))
    sides = meet(sqlite_world, entry, *order, manual=(True, True))
    protected, other = sides if protected_files_first else sides[::-1]
    assert (protected.states(), other.states()) == (["to_decide"], [])


def test_within_a_class_the_earlier_filing_decides_first(world: Any, entry: MakeEntry) -> None:
    """Then the second, and only then both see it released."""
    a, b = meet(world, entry, ("ngo",), ("ngo",), manual=(True, True))
    (meeting_id,) = a.meetings()
    assert a.decide(meeting_id, "release").json()["state"] == "awaiting_other_side"
    assert (a.states(), b.states()) == (["awaiting_other_side"], ["to_decide"])
    assert b.decide(meeting_id, "release").json()["state"] == "released"
    assert (a.states(), b.states()) == (["released"], ["released"])


def test_a_refusal_looks_like_silence(world: Any, entry: MakeEntry, all_rules: Any) -> None:
    """The other side's lists are the same bytes before the decision and after the refusal."""
    shelter, police = meet(world, entry, ("shelter",), ("police", all_rules), manual=(True, False))
    before = police.send("GET", "/v1/meetings")
    (meeting_id,) = shelter.meetings()
    assert shelter.decide(meeting_id, "refuse").json()["state"] == "refused"
    after = police.send("GET", "/v1/meetings")
    assert before.content == after.content
    assert police.decide(meeting_id, "release").status_code == 404
    assert police.claim("c" * 32, [meeting_id]).status_code == 404


def test_the_second_refusal_looks_like_silence_too(world: Any, entry: MakeEntry) -> None:
    """Who released and waits cannot tell refusal from delay."""
    a, b = meet(world, entry, ("ngo",), ("ngo",), manual=(True, True))
    (meeting_id,) = a.meetings()
    a.decide(meeting_id, "release")
    before = a.send("GET", "/v1/meetings").content
    b.decide(meeting_id, "refuse")
    assert a.send("GET", "/v1/meetings").content == before
    assert a.claim("a" * 32, [meeting_id]).status_code == 409


def test_purposes_never_meet(world: Any, entry: MakeEntry, all_rules: Any) -> None:
    """Consent to one purpose implies no other."""
    a, b = world.join("a", "ngo", all_rules), world.join("b", "ngo", all_rules)
    a.file(entry("x"), purpose="protection")
    b.file(entry("x"), purpose="dedup")
    assert (a.states(), b.states()) == ([], [])
    assert len({entry.token for entry in world.kept_entries()}) == 2


def test_an_organisation_never_meets_itself(world: Any, entry: MakeEntry, all_rules: Any) -> None:
    """Duplicates inside one organisation are its own agent's."""
    a = world.join("a", "ngo", all_rules)
    a.file(entry("x"), entry("x"))
    a.file(entry("x"))
    assert world.rows("SELECT count(*) FROM meeting")[0][0] == 0


def test_unlike_people_do_not_meet(world: Any, entry: MakeEntry, all_rules: Any) -> None:
    """A shared token is not enough: below `possible` nothing is kept."""
    a, b = world.join("a", "ngo", all_rules), world.join("b", "ngo", all_rules)
    a.file(entry("x", grade=0))
    b.file(entry("x"))
    assert world.rows("SELECT count(*) FROM meeting")[0][0] == 0


def test_grades_are_absolute(world: Any, entry: MakeEntry, all_rules: Any) -> None:
    """A meeting's grade does not depend on what else met."""
    a, b = world.join("a", "ngo", all_rules), world.join("b", "ngo", all_rules)
    a.file(entry("x", grade=1), entry("y", grade=2), entry("z", grade=3))
    b.file(entry("x"), entry("y"), entry("z"))
    assert sorted(meeting["grade"] for meeting in b.meetings().values()) == ["certain", "possible", "probable"]


def test_many_decisions_stand_or_fall_alone(world: Any, entry: MakeEntry) -> None:
    """A foreign or decided meeting is a fault by pointer, and the others are decided."""
    a, b = world.join("a", "shelter"), world.join("b", "ngo")
    words = ("p", "q", "r")
    a.file(*(entry(word, manual=True) for word in words))
    b.file(*(entry(word) for word in words))
    one, two, three = a.meetings()
    a.decide(three, "refuse")
    foreign = "00000000-0000-4000-8000-000000000000"
    body = {"release": [one, foreign, three], "refuse": [two]}
    answer = a.send("POST", "/v1/meetings/decisions", json=body).json()
    assert {meeting["meeting_id"]: meeting["state"] for meeting in answer["meetings"]} == {
        one: "awaiting_other_side",
        two: "refused",
    }
    assert answer["faults"] == [
        {"where": "/release/1", "code": "not_found"},
        {"where": "/release/2", "code": "already_decided"},
    ]


def test_the_same_decision_again_changes_nothing(world: Any, entry: MakeEntry, all_rules: Any) -> None:
    """A lost answer may be asked for again; the opposite is refused."""
    a, _ = meet(world, entry, ("shelter",), ("ngo", all_rules), manual=(True, False))
    (meeting_id,) = a.meetings()
    first, second = a.decide(meeting_id, "release"), a.decide(meeting_id, "release")
    assert (first.json(), second.status_code) == (second.json(), 200)
    assert a.decide(meeting_id, "refuse").json()["code"] == "already_decided"
