"""Referrals on a match: who may offer, who may answer, what ends them, and what each side sees."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from api.hub import operating
from api.hub.policy import Role
from api.wire.batches import FiledEntry

MakeEntry = Callable[..., FiledEntry]
ABSENT = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def sides(world: Any, all_rules: Any) -> tuple[Any, Any]:
    """Return an NGO and a shelter that release to everybody by standing rule."""
    return world.join("n", "ngo", all_rules), world.join("s", "shelter", all_rules, is_location_sensitive=False)


@pytest.fixture
def match_id(sides: tuple[Any, Any], entry: MakeEntry) -> str:
    """Return a match of the two."""
    return matched(sides, entry)


def matched(sides: tuple[Any, Any], entry: MakeEntry, *, manual: bool = False) -> str:
    """Let two organisations file, meet and claim."""
    for side in sides:
        side.file(entry("x", manual=manual))
    for side in (*sides, sides[0]):
        for meeting_id, meeting in side.meetings().items():
            if meeting["state"] == "to_decide":
                side.decide(meeting_id, "release")
    sides[0].claim("a" * 32)
    (match,) = sides[1].claim("b" * 32).json()["matches"]
    return str(match["match_id"])


def offer(who: Any, match_id: str, **more: Any) -> Any:
    """Offer a referral."""
    return who.send("POST", "/v1/referrals", json={"match_id": match_id, "service": "shelter", **more})


def move(who: Any, referral: Any, what: str) -> Any:
    """Make a move."""
    referral_id = referral if isinstance(referral, str) else referral.json()["referral_id"]
    return who.send("POST", f"/v1/referrals/{referral_id}/{what}")


def states(who: Any) -> list[str]:
    """Return the states of all referrals that an organisation sees."""
    return [referral["state"] for referral in who.pages("referrals")]


def test_an_offer_is_accepted_and_completed(sides: tuple[Any, Any], match_id: str) -> None:
    """Both sides see the same, each from its own side; what each has seen does not come again."""
    ngo, shelter = sides
    made = offer(ngo, match_id)
    assert made.status_code == 201, made.text
    assert (made.json()["is_own"], made.json()["state"], made.json()["expires_on"]) == (True, "offered", "2026-12-05")
    page = shelter.send("GET", "/v1/referrals").json()
    (seen,) = page["referrals"]
    assert (seen["is_own"], seen["service"], seen["match_id"]) == (False, "shelter", match_id)
    assert move(shelter, made, "accept").json()["state"] == "accepted"
    assert move(shelter, made, "complete").json()["state"] == "completed"
    (news,) = shelter.pages("referrals", page["next_cursor"])
    assert news["state"] == "completed"
    assert states(ngo) == ["completed"]


def test_the_same_offer_is_the_same_referral(sides: tuple[Any, Any], match_id: str) -> None:
    """While it stands; after it was declined, another one may be made."""
    ngo, shelter = sides
    first = offer(ngo, match_id)
    assert offer(ngo, match_id).json() == first.json()
    assert move(shelter, first, "decline").json()["state"] == "declined"
    second = offer(ngo, match_id)
    assert second.json()["referral_id"] != first.json()["referral_id"]
    assert sorted(states(ngo)) == ["declined", "offered"]


@pytest.mark.parametrize(
    ("moves", "last", "code"),
    [
        ("", "0 accept", "other_sides_move"),
        ("", "0 decline", "other_sides_move"),
        ("", "1 revoke", "other_sides_move"),
        ("", "1 complete", "referral_state"),
        ("1 decline", "1 accept", "referral_state"),
        ("1 decline", "0 revoke", "referral_state"),
        ("0 revoke", "1 accept", "referral_state"),
        ("1 accept", "1 decline", "referral_state"),
        ("1 accept, 1 complete", "0 revoke", "referral_state"),
    ],
)
def test_what_the_table_does_not_have_is_refused(
    sqlite_world: Any, all_rules: Any, entry: MakeEntry, moves: str, last: str, code: str
) -> None:
    """Every wrong mover and every wrong state answers 409 and changes nothing."""
    both = (
        sqlite_world.join("n", "ngo", all_rules),
        sqlite_world.join("s", "shelter", all_rules, is_location_sensitive=False),
    )
    made = offer(both[0], matched(both, entry))
    for step in filter(None, moves.split(", ")):
        assert move(both[int(step[0])], made, step[2:]).status_code == 200
    before = states(both[0])
    refused = move(both[int(last[0])], made, last[2:])
    assert (refused.status_code, refused.json()["code"]) == (409, code)
    assert states(both[0]) == before


def test_an_accepted_referral_can_be_revoked_twice(sides: tuple[Any, Any], match_id: str) -> None:
    """Consent may end later; the second time changes nothing and shows nothing new."""
    ngo, shelter = sides
    made = offer(ngo, match_id)
    move(shelter, made, "accept")
    assert move(ngo, made, "revoke").json()["state"] == "revoked"
    cursor = shelter.send("GET", "/v1/referrals").json()["next_cursor"]
    assert move(ngo, made, "revoke").json()["state"] == "revoked"
    assert shelter.pages("referrals", cursor) == []


def test_an_offer_expires(world: Any, sides: tuple[Any, Any], match_id: str) -> None:
    """Nobody answers: the nightly job, or the next look, ends it, and the log says so."""
    ngo, shelter = sides
    made = offer(ngo, match_id, days=3)
    world.calendar.day += timedelta(days=3)
    assert move(shelter, made, "accept").json()["code"] == "referral_state"
    assert states(ngo) == ["expired"]
    leaves = [row.leaf for row in world.rows("SELECT leaf FROM audit_entry")]
    assert sum('"referrals_expire"' in leaf for leaf in leaves) == 1
    operating.expire_all(world.hub)
    assert states(shelter) == ["expired"]


def test_erasure_makes_a_referral_void(sides: tuple[Any, Any], entry: MakeEntry) -> None:
    """With its match; both sides see it, and nobody can answer any more."""
    ngo, shelter = sides
    row = entry("x")
    ngo.file(row)
    shelter.file(entry("x"))
    ngo.claim("a" * 32)
    (match,) = shelter.claim("b" * 32).json()["matches"]
    made = offer(ngo, match["match_id"])
    assert ngo.erase(row).status_code == 200
    assert (states(ngo), states(shelter)) == (["void"], ["void"])
    assert move(shelter, made, "accept").json()["code"] == "referral_state"


def test_a_review_that_finds_two_people_ends_it_too(sides: tuple[Any, Any], match_id: str) -> None:
    """What was offered for somebody else is void, and nothing more can be offered."""
    ngo, shelter = sides
    offer(ngo, match_id)
    for side in sides:
        review = {"answer": "not_same", "invalid_reasons": ["namesake"]}
        assert side.send("POST", f"/v1/matches/{match_id}/reviews", json=review).status_code == 201
    assert (states(ngo), states(shelter)) == (["void"], ["void"])
    assert offer(ngo, match_id).json()["code"] == "rung_not_granted"


def test_events_replay_to_the_state(world: Any, sides: tuple[Any, Any], match_id: str) -> None:
    """The history is kept, and it is what the state says."""
    ngo, shelter = sides
    made = offer(ngo, match_id)
    move(shelter, made, "accept")
    move(ngo, made, "revoke")
    moves = world.rows("SELECT move FROM referral_event ORDER BY number")
    assert [row.move for row in moves] == ["offer", "accept", "revoke"]


def test_strangers_find_nothing(world: Any, sides: tuple[Any, Any], match_id: str, all_rules: Any) -> None:
    """A foreign referral or match answers as one that is absent."""
    ngo, _ = sides
    made = offer(ngo, match_id).json()["referral_id"]
    stranger = world.join("x", "ngo", all_rules)
    for what in ("accept", "decline", "complete", "revoke"):
        answers = [move(stranger, each, what) for each in (made, ABSENT, "nonsense")]
        assert {(each.status_code, each.text) for each in answers} == {(404, answers[0].text)}
    offers = [offer(stranger, each) for each in (match_id, ABSENT)]
    assert {(each.status_code, each.text) for each in offers} == {(404, offers[0].text)}
    assert states(stranger) == []


def test_a_released_record_has_to_be_granted_first(world: Any, entry: MakeEntry) -> None:
    """Without D3 of the other side nothing can be offered."""
    both = (world.join("n"), world.join("s", "shelter"))
    refused = offer(both[0], matched(both, entry, manual=True))
    assert (refused.status_code, refused.json()["code"]) == (409, "rung_not_granted")


def test_a_protected_own_record_is_not_opened_by_the_way(world: Any, all_rules: Any, entry: MakeEntry) -> None:
    """The shelter is told D3 of the NGO; its own record stays closed until two people grant."""
    ngo, shelter = world.join("n", "ngo", all_rules), world.join("s", "shelter")
    ngo.file(entry("x"))
    shelter.file(entry("x", manual=True))
    for meeting_id in shelter.meetings():
        shelter.decide(meeting_id, "release")
    ngo.claim("a" * 32)
    (match,) = shelter.claim("b" * 32).json()["matches"]
    assert match["rung"] == "D3"
    refused = offer(shelter, match["match_id"])
    assert (refused.status_code, refused.json()["code"]) == (409, "own_rung_not_granted")


def test_the_police_turns_to_the_focal_point(world: Any, all_rules: Any, entry: MakeEntry) -> None:
    """Whatever was granted, police and shelter reach each other through the desk alone."""
    police, shelter = world.join("p", "police", all_rules), world.join("s", "shelter", all_rules)
    match_id = matched((police, shelter), entry)
    (rung,) = {match["rung"] for match in police.matches()}
    refused = offer(police, match_id)
    assert (rung, refused.json()["code"]) == ("D1", "rung_not_granted")
    refused = offer(shelter, match_id)
    assert (refused.status_code, refused.json()["code"]) == (403, "focal_point_only")


def test_people_refer_within_their_roles(world: Any, sides: tuple[Any, Any], match_id: str) -> None:
    """A caseworker offers, a safeguarding lead accepts; a caseworker cannot accept, an evaluator not even look."""
    ngo, shelter = sides
    caseworker = world.user(Role.CASEWORKER, ngo.organisation_id)
    made = offer(caseworker, match_id)
    assert made.status_code == 201
    assert move(world.user(Role.CASEWORKER, shelter.organisation_id), made, "accept").status_code == 403
    assert move(world.user(Role.SAFEGUARDING_LEAD, shelter.organisation_id), made, "accept").status_code == 200
    assert world.user(Role.EVALUATOR, ngo.organisation_id).send("GET", "/v1/referrals").status_code == 403


def test_what_is_done_stands_in_the_log(world: Any, sides: tuple[Any, Any], match_id: str) -> None:
    """Offer, look and answer, each with the service as its reason; without the log nothing is offered."""
    ngo, shelter = sides
    made = offer(ngo, match_id)
    states(shelter)
    move(shelter, made, "accept")
    leaves = "\n".join(row.leaf for row in world.rows("SELECT leaf FROM audit_entry ORDER BY number"))
    for action in ("referrals_offer", "referrals_read", "referrals_answer"):
        assert f'"{action}"' in leaves
    assert made.json()["referral_id"] not in leaves
    with world.hub.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM audit_head")
    assert offer(shelter, match_id).status_code == 503
    assert world.rows("SELECT count(*) FROM referral") == [(1,)]


@pytest.mark.parametrize(
    "body",
    [{"service": "shelter"}, {"service": "Sunita Devi"}, {"service": "x", "days": 0}, {"service": "x", "note": "y"}],
)
def test_a_broken_offer_is_refused_without_an_echo(sides: tuple[Any, Any], body: dict[str, Any]) -> None:
    """422 names the place and the kind; a name in it does not come back."""
    sent = {"match_id": "nonsense" if len(body) == 1 else ABSENT, **body}
    refused = sides[0].send("POST", "/v1/referrals", json=sent)
    assert refused.status_code == 422
    assert "Sunita" not in refused.text
