"""Claims join to matches, matches to clusters, encounters to verdicts; and all of it can be undone by erasure."""

from collections.abc import Callable
from typing import Any

import pytest

from api.wire.batches import FiledEntry

MakeEntry = Callable[..., FiledEntry]
ADMITTED = {"quarter": "2023Q1", "kind": "admission", "status": "actual"}


@pytest.fixture
def trio(world: Any, all_rules: Any) -> tuple[Any, Any, Any]:
    """Return three organisations that release to one another."""
    a, b, c = (world.join(name, "ngo", all_rules) for name in "abc")
    return a, b, c


def shared_by(partner: Any, *rows: FiledEntry) -> list[str]:
    """Return the meetings in which any of an organisation's entries stand."""
    entry_ids = {row.entry.entry_id.hex() for row in rows}
    return [name for name, meeting in partner.meetings().items() if meeting["entry_id"] in entry_ids]


def require_replay(world: Any) -> None:
    """Check that every match is what its events say."""
    sides = world.rows("SELECT match_id, organisation_id FROM match_side WHERE has_reported")
    for match in world.kept_matches():
        match.require_replay()
        assert match.replayed.reported == {side.organisation_id for side in sides if side.match_id == match.match_id}


def test_a_match_needs_both_claims(trio: Any, entry: MakeEntry) -> None:
    """One side's claim makes nothing that anybody could see."""
    a, b, _ = trio
    a.file(entry("x"))
    b.file(entry("x"))
    assert a.claim("a" * 32).json() == {"matches": []}
    assert (a.matches(), b.matches()) == ([], [])
    assert (a.states(), b.states()) == (["claimed"], ["released"])


def test_the_best_grade_of_its_meetings_is_the_matches(world: Any, trio: Any, entry: MakeEntry) -> None:
    """And it rises when a better meeting is claimed later."""
    a, b, _ = trio
    rows = [entry("x", grade=1), entry("y", grade=3)]
    a.file(*rows)
    b.file(entry("x"), entry("y"))
    (weak,), (strong,) = shared_by(a, rows[0]), shared_by(a, rows[1])
    for partner, reference in ((a, "a" * 32), (b, "b" * 32)):
        partner.claim(reference, [weak])
    assert a.matches()[0]["grade"] == "possible"
    for partner, reference in ((a, "a" * 32), (b, "b" * 32)):
        partner.claim(reference, [strong])
    assert [match["grade"] for match in a.matches()] == ["certain"]
    require_replay(world)


def test_one_reference_across_three_organisations_is_a_cluster(world: Any, trio: Any, entry: MakeEntry) -> None:
    """The references that are kept for later claims tie the matches together: all at the hub, its own for each side."""
    a, b, c = trio
    rows = {partner.name: [entry("ab"), entry("bc")] for partner in trio}
    a.file(rows["a"][0])
    b.file(*rows["b"])
    c.file(rows["c"][1])
    for partner, reference in ((a, "a" * 32), (b, "b" * 32), (c, "c" * 32)):
        assert partner.claim(reference).status_code == 200
    matches = [*a.matches(), *b.matches(), *c.matches()]
    assert len({match["match_id"] for match in matches}) == 2
    assert len(world.rows("SELECT DISTINCT cluster_id FROM joined_match")) == 1
    assert len({match["cluster_id"] for match in b.matches()}) == 1
    assert len({match["cluster_id"] for match in matches}) == 3
    require_replay(world)


def test_two_clusters_merge_under_the_older_id(world: Any, trio: Any, entry: MakeEntry, all_rules: Any) -> None:
    """A match that ties two of the hub's clusters together gives all the id of the older one."""
    a, b, c = trio
    d = world.join("d", "ngo", all_rules)
    words = {"a": ["ab"], "b": ["ab", "bc"], "c": ["bc", "cd"], "d": ["cd"]}
    rows = {partner.name: [entry(word) for word in words[partner.name]] for partner in (a, b, c, d)}
    for partner in (a, b, c, d):
        partner.file(*rows[partner.name])
    a.claim("a" * 32)
    b.claim("b" * 32, shared_by(b, rows["b"][0]))
    c.claim("c" * 32, shared_by(c, rows["c"][1]))
    d.claim("d" * 32)
    (older,), (younger,) = world.rows("SELECT cluster_id FROM cluster ORDER BY born")
    b.claim("b" * 32, shared_by(b, rows["b"][1]))
    c.claim("c" * 32, shared_by(c, rows["c"][0]))
    assert world.rows("SELECT DISTINCT cluster_id FROM joined_match") == [(older,)]
    assert world.rows("SELECT cluster_id, merged_into FROM cluster WHERE merged_into <> ''") == [(younger, older)]
    require_replay(world)


def test_a_meeting_is_claimed_for_one_record_only(trio: Any, entry: MakeEntry) -> None:
    """The same claim again is fine; another reference is not."""
    a, b, _ = trio
    a.file(entry("x"))
    b.file(entry("x"))
    (meeting_id,) = a.meetings()
    assert a.claim("a" * 32, [meeting_id, meeting_id]).status_code == 200
    assert a.claim("a" * 32, [meeting_id]).status_code == 200
    refused = a.claim("d" * 32, [meeting_id])
    assert (refused.status_code, refused.json()["code"]) == (409, "already_claimed")
    assert refused.json()["faults"] == [{"where": "/meeting_ids/0", "code": "already_claimed"}]


def test_a_third_organisation_sees_and_claims_nothing(trio: Any, entry: MakeEntry) -> None:
    """Foreign meetings and matches are not there."""
    a, b, c = trio
    a.file(entry("x"))
    b.file(entry("x"))
    (meeting_id,) = a.meetings()
    assert c.claim("c" * 32, [meeting_id]).json()["faults"] == [{"where": "/meeting_ids/0", "code": "not_found"}]
    a.claim("a" * 32)
    match_id = b.claim("b" * 32).json()["matches"][0]["match_id"]
    assert c.send("GET", f"/v1/matches/{match_id}").status_code == 404
    assert c.report(match_id, ADMITTED).status_code == 404
    assert a.send("GET", f"/v1/matches/{match_id}").status_code == 200


def test_the_verdict_comes_when_both_have_reported(world: Any, trio: Any, entry: MakeEntry) -> None:
    """Each side sees whose turn it is; a new report replaces the old one."""
    a, b, _ = trio
    a.file(entry("x"))
    b.file(entry("x"))
    a.claim("a" * 32)
    match_id = b.claim("b" * 32).json()["matches"][0]["match_id"]
    assert a.report(match_id, ADMITTED, ADMITTED).json()["state"] == "awaiting_other_side"
    assert b.matches()[0]["state"] == "awaiting_encounters"
    assert b.report(match_id).json()["verdict"]["verdict"] == "undetermined"
    assert b.report(match_id, {**ADMITTED, "kind": "rescue"}).json()["verdict"]["verdict"] == "same_episode"
    assert a.matches()[0]["verdict"]["verdict"] == "same_episode"
    require_replay(world)


def test_erasure_voids_what_stood_on_the_entry(world: Any, trio: Any, entry: MakeEntry) -> None:
    """The entry is gone, its meeting void, the match void, and the encounters deleted."""
    a, b, _ = trio
    mine = entry("x")
    a.file(mine)
    b.file(entry("x"))
    a.claim("a" * 32)
    match_id = b.claim("b" * 32).json()["matches"][0]["match_id"]
    a.report(match_id, ADMITTED)
    b.report(match_id, ADMITTED)
    receipt = a.erase(mine).json()
    assert (receipt["state"], receipt["erased_on"]) == ("erased", "2026-11-21")
    assert (a.states(), b.states()) == ([], ["void"])
    assert [match["state"] for match in b.matches()] == ["void"]
    assert b.matches()[0]["verdict"] is None
    assert b.report(match_id, ADMITTED).json()["code"] == "match_void"
    assert world.rows("SELECT count(*) FROM encounter")[0][0] == 0
    assert world.rows("SELECT count(*) FROM claim")[0][0] == 0
    assert world.rows("SELECT count(*) FROM entry")[0][0] == 1
    require_replay(world)


def test_a_match_outlives_one_of_its_meetings(world: Any, trio: Any, entry: MakeEntry) -> None:
    """While another meeting stands the match does, at that one's grade."""
    a, b, _ = trio
    rows = [entry("x", grade=3), entry("y", grade=1)]
    a.file(*rows)
    b.file(entry("x"), entry("y"))
    a.claim("a" * 32)
    b.claim("b" * 32)
    a.erase(rows[0])
    (match,) = b.matches()
    assert (match["grade"], match["state"]) == ("possible", "awaiting_encounters")
    require_replay(world)


def test_a_cluster_splits_when_its_bridge_is_erased(world: Any, trio: Any, entry: MakeEntry) -> None:
    """What is left keeps the oldest id."""
    a, b, c = trio
    bridge = entry("bc")
    a.file(entry("ab"))
    b.file(entry("ab"), bridge)
    c.file(entry("bc"))
    for partner, reference in ((a, "a" * 32), (b, "b" * 32), (c, "c" * 32)):
        partner.claim(reference)
    before = a.matches()[0]["cluster_id"]
    b.erase(bridge)
    assert (a.matches()[0]["cluster_id"], a.matches()[0]["state"]) == (before, "awaiting_encounters")
    assert c.matches()[0]["state"] == "void"
    require_replay(world)


def test_both_sides_erase_and_nothing_is_left(world: Any, trio: Any, entry: MakeEntry) -> None:
    """With the last entry the meeting goes as well."""
    a, b, _ = trio
    rows = [entry("x"), entry("x")]
    a.file(rows[0])
    b.file(rows[1])
    a.erase(rows[0])
    b.erase(rows[1])
    assert (a.states(), b.states()) == ([], [])
    for table in ("entry", "meeting", "meeting_side"):
        assert world.rows(f"SELECT count(*) FROM {table}")[0][0] == 0  # noqa: S608 - names of our own tables
