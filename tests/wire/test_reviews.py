"""Reviews of a match by both sides and the linkage desk; constraints that stick; what is badly resolved."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from api.hub import operating
from api.wire.batches import FiledEntry
from api.wire.statements import OrganisationClass

MakeEntry = Callable[..., FiledEntry]
SAME = {"answer": "same", "disposition": "continuity_of_care"}
NOT_SAME = {"answer": "not_same", "invalid_reasons": ["namesake"]}
UNSURE = {"answer": "unsure"}
CONFLICT = {"has_conflict": True}
ABSENT = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def trio(world: Any, all_rules: Any) -> tuple[Any, Any, Any]:
    """Return three organisations that release to one another."""
    a, b, c = (world.join(name, "ngo", all_rules) for name in "abc")
    return a, b, c


@pytest.fixture
def quick(sqlite_world: Any, all_rules: Any) -> tuple[Any, Any, Any]:
    """Return the same on SQLite alone, where the kind of database plays no part."""
    a, b, c = (sqlite_world.join(name, "ngo", all_rules) for name in "abc")
    return a, b, c


def match(entry: MakeEntry, word: str, *partners: Any, grade: int = 3) -> str:
    """Let two organisations file one person and claim the meeting; return the match."""
    before = {each["match_id"] for each in partners[0].matches()}
    for partner in partners:
        row = entry(word, grade=grade)
        partner.file(row)
    for partner in partners:
        ready = [name for name, meeting in partner.meetings().items() if meeting["state"] == "released"]
        assert partner.claim(partner.name * 32, ready).status_code == 200
    (made,) = {each["match_id"] for each in partners[0].matches()} - before
    return str(made)


def review(who: Any, match_id: str, given: dict[str, Any]) -> Any:
    """Give a review."""
    return who.send("POST", f"/v1/matches/{match_id}/reviews", json=given)


def desk_of(world: Any) -> Any:
    """Let a person of the linkage desk log in."""
    name = operating.add_organisation(world.hub, "nepal", "desk", OrganisationClass.LINKAGE_DESK, ())
    return world.user("linkage_desk", name)


def test_both_sides_agree_and_it_is_final(quick: Any, entry: MakeEntry) -> None:
    """The second review resolves the match; a third is too late."""
    a, b, _ = quick
    match_id = match(entry, "x", a, b)
    first = review(a, match_id, SAME)
    assert (first.status_code, first.json()["resolution"]) == (201, None)
    assert review(b, match_id, SAME).json()["resolution"] == "same"
    late = review(a, match_id, UNSURE)
    assert (late.status_code, late.json()["code"]) == (409, "review_final")
    (seen,) = a.matches()
    assert (seen["own_review"], seen["resolution"], seen["review_due_on"]) == ("same", "same", "2026-12-01")


def test_reviews_are_appended_and_the_last_one_counts(quick: Any, entry: MakeEntry) -> None:
    """Nothing is overwritten."""
    a, b, _ = quick
    match_id = match(entry, "x", a, b)
    review(b, match_id, NOT_SAME)
    review(a, match_id, UNSURE)
    assert review(a, match_id, NOT_SAME).json()["resolution"] == "not_same"
    kept = a.send("GET", f"/v1/matches/{match_id}/reviews").json()
    assert [(each["number"], each["answer"]) for each in kept["reviews"]] == [(1, "unsure"), (2, "not_same")]
    assert kept["reviews"][1]["invalid_reasons"] == ["namesake"]


def test_the_other_sides_answer_is_not_told(quick: Any, entry: MakeEntry) -> None:
    """Until it is final, a side sees the same whether the other has answered or not."""
    a, b, _ = quick
    match_id = match(entry, "x", a, b)
    before = (a.matches(), a.send("GET", f"/v1/matches/{match_id}/reviews").json())
    review(b, match_id, NOT_SAME)
    assert (a.matches(), a.send("GET", f"/v1/matches/{match_id}/reviews").json()) == before
    assert review(a, match_id, SAME).json()["resolution"] is None
    assert b.matches()[0]["resolution"] is None


def test_who_is_concerned_does_not_review(world: Any, trio: Any, entry: MakeEntry) -> None:
    """Somebody else of the organisation has to, and its declaration does not count as an answer."""
    a, b, _ = trio
    match_id = match(entry, "x", a, b)
    one, other = (world.user("caseworker", a.organisation_id) for _ in range(2))
    assert review(one, match_id, CONFLICT).json()["reviews"][0]["has_conflict"]
    again = review(one, match_id, SAME)
    assert (again.status_code, again.json()["code"]) == (409, "conflict_declared")
    review(other, match_id, SAME)
    assert review(b, match_id, SAME).json()["resolution"] == "same"


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({}, "/answer"),
        ({"answer": "same", "has_conflict": True}, "/answer"),
        ({"answer": "not_same"}, "/invalid_reasons"),
        ({"answer": "same", "invalid_reasons": ["relative"]}, "/invalid_reasons"),
        ({"answer": "unsure", "disposition": "referred"}, "/disposition"),
    ],
)
def test_parts_of_a_review_go_together(sqlite_world: Any, given: dict[str, Any], where: str) -> None:
    """And a wrong review is refused before anything is looked up."""
    answer = review(sqlite_world.join("a"), ABSENT, given)
    assert (answer.status_code, answer.json()["faults"]) == (422, [{"where": where, "code": "review_mismatch"}])


def test_a_foreign_match_is_not_there(quick: Any, entry: MakeEntry) -> None:
    """A third organisation can neither give nor read reviews; it is told the same of an absent match."""
    a, b, c = quick
    match_id = match(entry, "x", a, b)
    answers = [review(c, name, SAME) for name in (match_id, ABSENT)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert c.send("GET", f"/v1/matches/{match_id}/reviews").status_code == 404


def test_the_desk_decides_what_both_sides_see_otherwise(world: Any, trio: Any, entry: MakeEntry) -> None:
    """With grades, fields and answers, and without anybody's identity."""
    a, b, _ = trio
    match_id = match(entry, "x", a, b)
    desk = desk_of(world)
    assert desk.send("GET", "/v1/adjudications").json() == {"cases": []}
    assert desk.send("POST", f"/v1/adjudications/{match_id}", json={"answer": "same"}).status_code == 404
    review(a, match_id, SAME)
    review(b, match_id, NOT_SAME)
    (case,) = desk.send("GET", "/v1/adjudications").json()["cases"]
    assert (case["match_id"], case["grade"], case["is_overdue"]) == (match_id, "certain", False)
    assert sorted(each["answer"] for each in case["answers"]) == ["not_same", "same"]
    assert len(case["agreement"]) > 3
    assert not any(partner.organisation_id in str(case) or partner.name * 32 in str(case) for partner in (a, b))
    decided = desk.send("POST", f"/v1/adjudications/{match_id}", json={"answer": "not_same"})
    assert decided.json() == {"match_id": match_id, "resolution": "not_same"}
    kept = a.send("GET", f"/v1/matches/{match_id}/reviews").json()
    assert (kept["resolution"], kept["is_adjudicated"], len(kept["reviews"])) == ("not_same", True, 1)
    assert desk.send("GET", f"/v1/matches/{match_id}").status_code == 403


def test_what_is_late_comes_to_the_desk(world: Any, trio: Any, entry: MakeEntry) -> None:
    """After ten days, whoever has answered."""
    a, b, _ = trio
    match_id = match(entry, "x", a, b)
    review(a, match_id, SAME)
    world.calendar.day += timedelta(days=10)
    desk = desk_of(world)
    assert desk.send("GET", "/v1/adjudications").json()["cases"] == []
    world.calendar.day += timedelta(days=1)
    (case,) = desk.send("GET", "/v1/adjudications").json()["cases"]
    assert (case["is_overdue"], len(case["answers"])) == (True, 1)
    desk.send("POST", f"/v1/adjudications/{match_id}", json={"answer": "same"})
    assert b.matches()[0]["resolution"] == "same"


def test_nobody_but_the_desk_adjudicates(world: Any, trio: Any) -> None:
    """Agents, caseworkers, operator and data-protection officer are refused."""
    people = [trio[0], world.user("caseworker", trio[0].organisation_id), world.user("operator")]
    people.append(world.user("data_protection_officer"))
    assert {who.send("GET", "/v1/adjudications").status_code for who in people} == {403}


def test_not_the_same_leaves_the_cluster_and_stays_out(world: Any, trio: Any, entry: MakeEntry) -> None:
    """The rest of the cluster keeps its id; the match that was parted stands apart, for the hub and for both sides."""
    a, b, c = trio
    parted, kept = match(entry, "ab", a, b), match(entry, "bc", b, c)
    (before,) = {each["cluster_id"] for each in b.matches()}
    ((at_hub,),) = world.rows("SELECT DISTINCT cluster_id FROM joined_match")
    review(a, parted, NOT_SAME)
    review(b, parted, NOT_SAME)
    seen = {each["match_id"]: each["cluster_id"] for each in b.matches()}
    assert seen == {parted: "", kept: before}
    assert a.matches()[0]["cluster_id"] == ""
    rows = world.rows("SELECT match_id, cluster_id FROM joined_match")
    assert {row.match_id: row.cluster_id for row in rows} == {parted: "", kept: at_hub}
    turns = [row.turn for row in world.rows("SELECT turn FROM cluster_turn ORDER BY number")]
    assert turns == ["born", "grew", "shrank"]


def test_nothing_more_is_told_of_another_person(quick: Any, entry: MakeEntry) -> None:
    """What rules had granted ends with the review, for good."""
    a, b, _ = quick
    match_id = match(entry, "x", a, b)
    assert a.matches()[0]["rung"] == "D4"
    review(a, match_id, NOT_SAME)
    review(b, match_id, NOT_SAME)
    assert (a.matches()[0]["rung"], a.matches()[0]["other"]["organisation_class"]) == ("D1", None)
    asked = a.send("POST", f"/v1/matches/{match_id}/disclosure-requests", json={"rung": "D2", "reason": "care"})
    assert (asked.status_code, asked.json()["code"]) == (409, "not_the_same")


def test_a_cluster_that_splits_in_two_has_a_history(world: Any, trio: Any, entry: MakeEntry, all_rules: Any) -> None:
    """The larger part keeps the id, the other is told where it comes from."""
    a, b, c = trio
    d = world.join("d", "ngo", all_rules)
    match(entry, "ab", a, b)
    bridge = match(entry, "bc", b, c)
    match(entry, "cd", c, d)
    ((before,),) = world.rows("SELECT DISTINCT cluster_id FROM joined_match")
    review(b, bridge, NOT_SAME)
    review(c, bridge, NOT_SAME)
    rows = {row.cluster_id for row in world.rows("SELECT cluster_id FROM joined_match WHERE cluster_id <> ''")}
    last = world.rows("SELECT turn, cluster_id, other_id FROM cluster_turn ORDER BY number DESC")[0]
    assert {last.cluster_id, last.other_id} == rows
    assert (last.turn, last.other_id) == ("split", before)


def test_what_is_kept_apart_is_not_joined_by_a_third(world: Any, trio: Any, entry: MakeEntry) -> None:
    """A and B are two people; C's record shares the hub's cluster with the stronger alone, and C is not told of it."""
    a, b, c = trio
    parted = match(entry, "ab", a, b)
    review(a, parted, NOT_SAME)
    review(b, parted, NOT_SAME)
    strong, weak = match(entry, "ac", a, c, grade=3), match(entry, "bc", b, c, grade=2)
    clusters = {row.match_id: row.cluster_id for row in world.rows("SELECT match_id, cluster_id FROM joined_match")}
    assert clusters[strong] != ""
    assert clusters[weak] == ""
    assert len({each["cluster_id"] for each in c.matches()} - {""}) == 1
    assert world.rows("SELECT count(*) FROM must_not_link") == [(1,)]


def test_a_constraint_outlives_withdrawal_and_a_new_meeting(world: Any, trio: Any, entry: MakeEntry) -> None:
    """Both file anew under the same references: the meeting is there, a match is never made of it again."""
    a, b, _ = trio
    row = entry("x")
    a.file(row)
    b.file(entry("x"))
    a.claim("a" * 32)
    match_id = b.claim("b" * 32).json()["matches"][0]["match_id"]
    review(a, match_id, NOT_SAME)
    review(b, match_id, NOT_SAME)
    a.erase(row)
    assert a.matches()[0]["state"] == "void"
    a.file(entry("x"))
    ready = [name for name, meeting in a.meetings().items() if meeting["state"] == "released"]
    assert len(ready) == 1
    assert a.claim("a" * 32, ready).json() == b.claim("b" * 32, ready).json() == {"matches": []}
    assert world.rows("SELECT count(*) FROM joined_match") == [(1,)]


def test_the_report_lists_what_is_badly_resolved(world: Any, trio: Any, entry: MakeEntry) -> None:
    """Late, disputed, doubtful; for desk, officer and operator, and for nobody else."""
    a, b, c = trio
    late, disputed = match(entry, "x", a, b), match(entry, "y", b, c)
    doubtful = match(entry, "z", a, c, grade=1)
    reviews = [(b, disputed, SAME), (c, disputed, NOT_SAME), (a, doubtful, SAME), (c, doubtful, SAME)]
    for who, match_id, given in reviews:
        assert review(who, match_id, given).status_code == 201
    world.calendar.day += timedelta(days=11)
    officer, path = world.user("data_protection_officer"), "/v1/projects/nepal/reports/resolution"
    found = officer.send("GET", path).json()
    assert {(each["kind"], each["thing_id"]) for each in found["listed"]} == {
        ("overdue", late),
        ("overdue", disputed),
        ("disagreement", disputed),
        ("same_but_possible", doubtful),
    }
    assert (found["open_matches"], found["overdue"], found["final_same"]) == (2, 2, 1)
    desk = desk_of(world)
    assert desk.send("GET", path).json() == found
    assert desk.send("GET", "/v1/projects/other/reports/resolution").status_code == 404
    assert officer.send("GET", "/v1/projects/other/reports/resolution").status_code == 404
    assert a.send("GET", path).status_code == 403


def test_a_void_match_is_not_reviewed(quick: Any, entry: MakeEntry) -> None:
    """Erasure has undone it."""
    a, b, _ = quick
    row = entry("x")
    a.file(row)
    b.file(entry("x"))
    a.claim("a" * 32)
    match_id = b.claim("b" * 32).json()["matches"][0]["match_id"]
    a.erase(row)
    assert review(b, match_id, SAME).json()["code"] == "match_void"


def test_the_operator_prints_the_report(tmp_path: Any) -> None:
    """`casematch-hub report resolution`, for people and for scripts."""
    from typer.testing import CliRunner  # noqa: PLC0415 - of this test alone

    from api.hub.cli import app  # noqa: PLC0415 - the same

    folder = ["--data-dir", str(tmp_path / "hub")]
    runner = CliRunner()
    assert runner.invoke(app, ["init", "--project", "p", *folder]).exit_code == 0
    said = runner.invoke(app, ["report", "resolution", *folder])
    assert (said.exit_code, said.stdout.splitlines()[0]) == (0, "open 0, of them overdue 0")
    assert '"listed": []' in runner.invoke(app, ["report", "resolution", "--json", *folder]).stdout
