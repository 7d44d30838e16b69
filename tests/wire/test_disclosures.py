"""Being told more of a match: by rungs, by grants that end, by two people; and a refusal that nobody can see."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from api.hub import operating
from api.wire.batches import FiledEntry
from api.wire.organisations import Scope
from api.wire.statements import OrganisationClass

MakeEntry = Callable[..., FiledEntry]
ADMITTED = {"quarter": "2026Q3", "kind": "admission", "status": "actual"}
OLD = {"quarter": "2020Q3", "kind": "rescue", "status": "actual", "exit_quarter": "2021Q1"}
ABSENT = "00000000-0000-4000-8000-000000000000"


@dataclass
class Pair:
    """A protected record of a shelter, and what an asker filed that met it."""

    world: Any
    shelter: Any
    asker: Any
    match_id: str
    rows: tuple[FiledEntry, FiledEntry]

    def ask(self, rung: str, who: Any = None, **more: str) -> dict[str, Any]:
        """Ask for a rung."""
        wanted = {"rung": rung, "reason": "care", **more}
        answer = (who or self.asker).send("POST", f"/v1/matches/{self.match_id}/disclosure-requests", json=wanted)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def decide(self, who: Any, request: dict[str, Any], decision: str, **more: Any) -> Any:
        """Decide on a request."""
        path = f"/v1/disclosure-requests/{request['request_id']}/decisions"
        return who.send("POST", path, json={"decision": decision, **more})

    def told(self, who: Any = None) -> dict[str, Any]:
        """Return what a side is told."""
        answer = (who or self.asker).send("GET", f"/v1/matches/{self.match_id}/disclosure")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def lead(self) -> Any:
        """Let a person of the shelter log in."""
        return self.world.user("safeguarding_lead", self.shelter.organisation_id)

    def grant(self, rung: str, **more: Any) -> None:
        """Ask for a rung, and have two people grant it."""
        request = self.ask(rung)
        for who in (self.shelter, self.lead()):
            assert self.decide(who, request, "grant", **more).status_code == 200


def meet(world: Any, entry: MakeEntry, rules: Any, kind: str = "ngo") -> Pair:
    """Let a shelter that releases by hand and another organisation claim a meeting."""
    shelter, asker = world.join("s", "shelter"), world.join("n", kind, rules)
    rows = (entry("x", manual=True), entry("x"))
    shelter.file(rows[0])
    asker.file(rows[1])
    for meeting_id in shelter.meetings():
        assert shelter.decide(meeting_id, "release").status_code == 200
    shelter.claim("a" * 32)
    (match,) = asker.claim("b" * 32).json()["matches"]
    return Pair(world, shelter, asker, match["match_id"], rows)


def wait(world: Any, days: int, *partners: Any) -> None:
    """Let days go by, and give partners new keys: those of a test last a month."""
    world.calendar.day += timedelta(days=days)
    for partner in partners:
        key = operating.new_key(world.hub, "nepal", partner.name, tuple(Scope), 30)
        partner.headers["Authorization"] = f"Bearer {key.api_key}"


@pytest.fixture
def pair(sqlite_world: Any, entry: MakeEntry, all_rules: Any) -> Pair:
    """Return a match of a shelter with an NGO, where the kind of database plays no part."""
    return meet(sqlite_world, entry, all_rules)


@pytest.fixture
def pair_anywhere(world: Any, entry: MakeEntry, all_rules: Any) -> Pair:
    """Return the same on each database."""
    return meet(world, entry, all_rules)


def test_a_released_meeting_tells_a_grade_alone(pair: Pair) -> None:
    """Of a protected record neither class nor age, contact, fields or verdict."""
    pair.shelter.report(pair.match_id, ADMITTED)
    pair.asker.report(pair.match_id, OLD)
    (match,) = pair.asker.matches()
    assert (match["grade"], match["rung"], match["state"]) == ("certain", "D1", "awaiting_other_side")
    assert match["other"] == {"organisation_class": None, "purpose": "protection", "record_age": None}
    assert match["verdict"] is None
    assert match["notice"] == "no_adverse_action_before_review_and_notice"
    told = pair.told()
    assert {name for name, value in told.items() if value not in (None, "")} == {"match_id", "rung"}
    assert [meeting["other"]["organisation_class"] for meeting in pair.asker.meetings().values()] == [None]


def test_the_side_that_released_sees_as_far_as_the_other_lets_it(pair: Pair) -> None:
    """The NGO's rule names shelters: contact and class at once, but no verdict before both accept it."""
    pair.asker.report(pair.match_id, OLD)
    told = pair.told(pair.shelter)
    assert (told["rung"], told["organisation_class"], told["record_age"]) == ("D3", "ngo", "over_24_months")
    assert told["contact"]["alias"].startswith("Desk ")
    assert told["other_reference"] is None


def test_d2_takes_one_person_and_tells_class_and_age(pair: Pair) -> None:
    """One decision of the holder's agent."""
    pair.shelter.report(pair.match_id, ADMITTED)
    assert pair.decide(pair.shelter, pair.ask("D2"), "grant").json()["state"] == "granted"
    told = pair.told()
    assert (told["rung"], told["organisation_class"], told["record_age"]) == ("D2", "shelter", "under_6_months")
    assert (told["contact"], told["agreement"]) == (None, None)


def test_d3_of_a_protected_record_takes_two_people(pair_anywhere: Pair) -> None:
    """Two keys of an agent are one hand; a person who is logged in is another."""
    pair = pair_anywhere
    request = pair.ask("D3")
    assert pair.decide(pair.shelter, request, "grant").json()["state"] == "awaiting_second_person"
    wait(pair.world, 1, pair.shelter)
    assert pair.decide(pair.shelter, request, "grant").json()["state"] == "awaiting_second_person"
    assert pair.told()["rung"] == "D1"
    assert pair.decide(pair.lead(), request, "grant").json()["state"] == "granted"
    told = pair.told()
    assert told["rung"] == "D3"
    assert told["contact"]["alias"].startswith("Desk ")
    assert told["contact"]["mailbox"] == pair.match_id
    assert {each["agreement"] for each in told["agreement"]} <= {"agree", "close", "differ", "missing"}
    assert told["verdict"] is None


def test_d4_is_mutual(pair_anywhere: Pair) -> None:
    """With the grant both sides have the verdict and each other's reference."""
    pair = pair_anywhere
    pair.shelter.report(pair.match_id, {**OLD})
    pair.asker.report(pair.match_id, {**ADMITTED, "kind": "rescue"})
    pair.grant("D4")
    for who, reference in ((pair.asker, "a" * 32), (pair.shelter, "b" * 32)):
        told = pair.told(who)
        assert told["verdict"]["verdict"] == "possible_re_trafficking"
        assert told["other_reference"] == reference
        assert who.matches()[0]["state"] == "judged"


def test_asking_for_d4_of_ones_own_protected_record_takes_two_people_as_well(pair: Pair) -> None:
    """The shelter's own second person agrees before the other side hears of it."""
    request = pair.ask("D4", pair.shelter)
    assert request["state"] == "awaiting_own_approval"
    assert pair.asker.send("GET", "/v1/disclosure-requests").json() == {"requests": []}
    assert pair.decide(pair.asker, request, "grant").status_code == 404
    assert pair.decide(pair.shelter, request, "refuse").status_code == 409
    assert pair.decide(pair.lead(), request, "grant").json()["state"] == "pending"
    assert pair.decide(pair.asker, request, "grant").json()["state"] == "granted"
    assert pair.told()["rung"] == pair.told(pair.shelter)["rung"] == "D4"


def test_a_caseworker_asks_and_somebody_who_may_accept_agrees(pair: Pair) -> None:
    """D4 tells of the asker's record as well: that is not a caseworker's to grant."""
    worker = pair.world.user("caseworker", pair.asker.organisation_id)
    request = pair.ask("D4", worker)
    assert request["state"] == "awaiting_own_approval"
    assert pair.decide(worker, request, "grant").status_code == 403
    assert pair.decide(pair.asker, request, "grant").json()["state"] == "pending"


def test_a_refusal_looks_like_silence(world: Any, entry: MakeEntry, all_rules: Any) -> None:
    """Whether the holder refused, asked and then refused, or did nothing: the asker reads the same."""
    pair = meet(world, entry, all_rules)
    silent, refused = pair.ask("D2"), pair.ask("D3")
    assert pair.decide(pair.shelter, refused, "refuse").json()["state"] == "refused"
    own = {each["rung"]: each for each in pair.asker.send("GET", "/v1/disclosure-requests").json()["requests"]}
    assert {**own["D2"], "rung": "D3", "request_id": own["D3"]["request_id"]} == own["D3"]
    assert pair.ask("D3") == {**silent, "rung": "D3", "request_id": refused["request_id"]}
    asked = pair.ask("D4")
    pair.decide(pair.shelter, asked, "ask", question="urgency")
    before = pair.asker.send("GET", "/v1/disclosure-requests").json()
    pair.decide(pair.shelter, asked, "refuse")
    assert pair.asker.send("GET", "/v1/disclosure-requests").json() == before
    assert pair.ask("D4", reason="danger")["state"] == "pending"
    assert pair.told()["rung"] == "D1"


def test_a_question_is_answered_by_asking_again(pair: Pair) -> None:
    """The request comes back with another reason, and waits for the holder."""
    request = pair.ask("D2")
    pair.decide(pair.shelter, request, "ask", question="reason")
    (own,) = pair.asker.send("GET", "/v1/disclosure-requests").json()["requests"]
    assert (own["state"], own["question"], own["asker_class"]) == ("asked", "reason", None)
    assert pair.ask("D2", reason="danger")["request_id"] == request["request_id"]
    (theirs,) = pair.shelter.send("GET", "/v1/disclosure-requests").json()["requests"]
    assert (theirs["state"], theirs["reason"], theirs["asker_class"]) == ("to_decide", "danger", "ngo")


def test_grants_and_requests_end(pair_anywhere: Pair) -> None:
    """After its days a grant tells nothing more, and a request that nobody granted is gone."""
    pair = pair_anywhere
    pair.grant("D3", days=2)
    request = pair.ask("D4")
    assert pair.told()["expires_on"] == "2026-11-23"
    pair.world.calendar.day += timedelta(days=2)
    assert pair.told()["rung"] == "D1"
    assert [each["request_id"] for each in pair.asker.send("GET", "/v1/disclosure-requests").json()["requests"]] == [
        request["request_id"]
    ]
    wait(pair.world, 30, pair.shelter)
    assert pair.shelter.send("GET", "/v1/disclosure-requests").json() == {"requests": []}
    assert pair.decide(pair.shelter, request, "grant").status_code == 404


def test_withdrawal_revokes_at_once(pair_anywhere: Pair) -> None:
    """With the entry go the match, its grants and its requests, and nothing is told any more."""
    pair = pair_anywhere
    pair.grant("D3")
    pair.ask("D4")
    pair.shelter.erase(pair.rows[0])
    assert pair.asker.send("GET", f"/v1/matches/{pair.match_id}/disclosure").json()["code"] == "match_void"
    (match,) = pair.asker.matches()
    assert (match["state"], match["other"]["organisation_class"]) == ("void", None)
    for table in ("disclosure_grant", "disclosure_request", "request_approval", "encounter"):
        assert pair.world.rows(f"SELECT count(*) FROM {table}")[0][0] == 0  # noqa: S608 - names of our own tables


def test_a_release_that_nobody_claims_ends(world: Any, entry: MakeEntry, all_rules: Any) -> None:
    """After ninety days the meeting is void for both, and cannot be claimed."""
    shelter, asker = world.join("s", "shelter"), world.join("n", "ngo", all_rules)
    shelter.file(entry("x", manual=True))
    asker.file(entry("x"))
    (meeting_id,) = shelter.meetings()
    shelter.decide(meeting_id, "release")
    asker.claim("b" * 32)
    wait(world, 89, shelter, asker)
    assert (shelter.states(), asker.states()) == (["released"], ["claimed"])
    world.calendar.day += timedelta(days=1)
    assert (shelter.states(), asker.states()) == (["void"], ["void"])
    assert shelter.claim("a" * 32, [meeting_id]).json()["code"] == "meeting_void"


def test_asking_again_does_not_prolong_a_release(world: Any, entry: MakeEntry, all_rules: Any) -> None:
    """A meeting that takes an earlier answer over ends with it."""
    shelter, asker = world.join("s", "shelter"), world.join("n", "ngo", all_rules)
    shelter.file(entry("x", manual=True))
    asker.file(entry("x"))
    (meeting_id,) = shelter.meetings()
    shelter.decide(meeting_id, "release")
    wait(world, 60, shelter, asker)
    asker.file(entry("x"))
    assert shelter.states() == ["released"] * 2
    wait(world, 30, shelter, asker)
    assert shelter.states() == ["void"] * 2


def test_the_police_hears_yes_and_a_focal_point(world: Any, entry: MakeEntry, all_rules: Any) -> None:
    """Never a class, a place, a desk of the holder, a field or a cluster; a lawful basis is asked for."""
    pair = meet(world, entry, all_rules, "police")
    assert pair.told()["contact"] is None
    operating.add_organisation(world.hub, "nepal", "d", OrganisationClass.LINKAGE_DESK, ())
    alias = world.rows("SELECT contact_alias FROM organisation WHERE name = 'd'")
    (match,) = pair.asker.matches()
    assert (match["answer"], match["cluster_id"], match["other"]["organisation_class"]) == ("yes", "", None)
    path, wanted = f"/v1/matches/{pair.match_id}/disclosure-requests", {"rung": "D3", "reason": "care"}
    refused = pair.asker.send("POST", path, json=wanted)
    assert (refused.status_code, refused.json()["code"]) == (403, "statement_incomplete")
    request = pair.ask("D3", lawful_basis="warrant")
    for who in (pair.shelter, pair.lead()):
        pair.decide(who, request, "grant")
    told = pair.told()
    assert told["contact"] == {"alias": alias[0][0], "mailbox": pair.match_id, "is_focal_point": True}
    assert (told["rung"], told["organisation_class"], told["agreement"]) == ("D3", None, None)


def test_a_rule_tells_the_police_no_more_than_a_grade(world: Any, entry: MakeEntry, all_rules: Any) -> None:
    """Whatever the standing rules of an NGO say; and a weak meeting is insufficient."""
    ngo, police = world.join("n", "ngo", all_rules), world.join("p", "police", all_rules)
    ngo.file(entry("x", grade=1))
    police.file(entry("x"))
    ngo.claim("a" * 32)
    (match,) = police.claim("b" * 32).json()["matches"]
    assert (match["rung"], match["answer"]) == ("D1", "insufficient")


def test_foreign_and_absent_are_the_same(pair: Pair, all_rules: Any) -> None:
    """A third organisation finds no match, no disclosure, no request."""
    third, request = pair.world.join("t", "ngo", all_rules), pair.ask("D2")
    wanted = {"rung": "D2", "reason": "care"}
    for match_id in (pair.match_id, ABSENT):
        assert third.send("GET", f"/v1/matches/{match_id}/disclosure").status_code == 404
        assert third.send("POST", f"/v1/matches/{match_id}/disclosure-requests", json=wanted).status_code == 404
    answers = [pair.decide(third, {"request_id": name}, "grant") for name in (request["request_id"], ABSENT)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_what_is_told_already_is_not_asked_for(pair: Pair) -> None:
    """And a question belongs to `ask` alone."""
    pair.decide(pair.shelter, pair.ask("D2"), "grant")
    path = f"/v1/matches/{pair.match_id}/disclosure-requests"
    again = pair.asker.send("POST", path, json={"rung": "D2", "reason": "care"})
    assert again.json()["state"] == "granted"
    other = pair.shelter.send("POST", path, json={"rung": "D3", "reason": "care"})
    assert (other.status_code, other.json()["code"]) == (409, "already_told")
    wrong = pair.decide(pair.shelter, again.json(), "grant", question="urgency")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "question_mismatch")
    late = pair.decide(pair.shelter, again.json(), "refuse")
    assert (late.status_code, late.json()["code"]) == (409, "already_decided")


def test_every_telling_is_written_down(pair: Pair) -> None:
    """Requests, decisions and what was told stand in the log, with their rung."""
    pair.grant("D3")
    pair.told()
    leaves = " ".join(row[0] for row in pair.world.rows("SELECT leaf FROM audit_entry"))
    for action in ("disclosures_request", "disclosures_decide", "disclosures_read"):
        assert f'"{action}"' in leaves
    assert '"rung":3' in leaves.replace(" ", "")
