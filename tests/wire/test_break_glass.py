"""D3 in imminent danger: two organisations, four hours, the holder told at once, a review afterwards."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from api.hub import operating
from api.wire.batches import FiledEntry
from api.wire.statements import OrganisationClass

MakeEntry = Callable[..., FiledEntry]
ABSENT = "00000000-0000-4000-8000-000000000000"


def desk_of(world: Any) -> Any:
    """Let a person of the linkage desk log in."""
    name = operating.add_organisation(world.hub, "nepal", "desk", OrganisationClass.LINKAGE_DESK, ())
    return world.user("linkage_desk", name)


class Clock:
    """Seconds that a test may turn."""

    def __init__(self) -> None:
        self.second = 1_795_000_000

    def __call__(self) -> int:
        """Return the second."""
        return self.second


@pytest.fixture
def clock(world: Any) -> Clock:
    """Give the hub's application a clock of the test's own."""
    found = Clock()
    world.hub = replace(world.hub, now=found)
    world.client.app.state.hub = world.hub
    return found


def protected(world: Any, entry: MakeEntry, rules: Any) -> tuple[Any, Any, str]:
    """Return a shelter, an NGO, and a match of which the NGO is told a grade alone."""
    shelter, ngo = world.join("s", "shelter"), world.join("n", "ngo", rules)
    shelter.file(entry("x", manual=True))
    ngo.file(entry("x"))
    for meeting_id in shelter.meetings():
        shelter.decide(meeting_id, "release")
    shelter.claim("a" * 32)
    return shelter, ngo, ngo.claim("b" * 32).json()["matches"][0]["match_id"]


def test_break_glass_takes_two_organisations_and_lasts_four_hours(
    world: Any, entry: MakeEntry, all_rules: Any, clock: Clock
) -> None:
    """D3 and no more, the holder is told at once, and the officer looks into it."""
    shelter, ngo, match_id = protected(world, entry, all_rules)
    worker, lead = (world.user(role, ngo.organisation_id) for role in ("caseworker", "safeguarding_lead"))
    second, desk = world.user("safeguarding_lead", ngo.organisation_id), desk_of(world)
    wanted = {"match_id": match_id, "danger": "life_at_risk"}
    asked = worker.send("POST", "/v1/break-glass", json=wanted).json()
    assert worker.send("POST", "/v1/break-glass", json=wanted).json() == asked
    path = f"/v1/break-glass/{asked['break_glass_id']}"
    before = (shelter.matches(), ngo.send("GET", f"/v1/matches/{match_id}/disclosure").json()["rung"])
    assert lead.send("POST", f"{path}/approvals").json()["state"] == "awaiting_approvals"
    assert second.send("POST", f"{path}/approvals").json()["code"] == "another_organisation_needed"
    assert (shelter.matches(), ngo.send("GET", f"/v1/matches/{match_id}/disclosure").json()["rung"]) == before
    assert desk.send("POST", f"{path}/approvals").json()["state"] == "open"
    told = ngo.send("GET", f"/v1/matches/{match_id}/disclosure").json()
    assert (told["rung"], told["contact"] is None, told["other_reference"]) == ("D3", False, None)
    (seen,) = shelter.matches()
    assert [each["danger"] for each in seen["broken_glass"]] == ["life_at_risk"]
    clock.second += 4 * 3600
    assert ngo.send("GET", f"/v1/matches/{match_id}/disclosure").json()["rung"] == "D1"
    clock.second += 68 * 3600
    officer = world.user("data_protection_officer")
    assert officer.send("GET", "/v1/break-glass").json()["break_glasses"][0]["state"] == "over"
    listed = officer.send("GET", "/v1/projects/nepal/reports/resolution").json()["listed"]
    assert ("break_glass_unreviewed", asked["break_glass_id"]) in {(each["kind"], each["thing_id"]) for each in listed}
    assert officer.send("POST", f"{path}/review", json={"finding": "justified"}).json()["finding"] == "justified"
    assert officer.send("POST", f"{path}/review", json={"finding": "not_justified"}).status_code == 409
    assert officer.send("GET", "/v1/break-glass").json() == {"break_glasses": []}
    leaves = " ".join(row[0] for row in world.rows("SELECT leaf FROM audit_entry"))
    assert all(f'"break_glass_{act}"' in leaves for act in ("ask", "approve", "review"))


def test_break_glass_is_peoples_and_of_a_party(world: Any, entry: MakeEntry, all_rules: Any, clock: Clock) -> None:
    """No key opens it, no stranger finds it, whoever asked does not approve, and after a day it is over."""
    _, ngo, match_id = protected(world, entry, all_rules)
    stranger = world.join("t", "ngo", all_rules)
    wanted = {"match_id": match_id, "danger": "child_missing"}
    assert ngo.send("POST", "/v1/break-glass", json=wanted).status_code == 403
    worker = world.user("caseworker", stranger.organisation_id)
    answers = [worker.send("POST", "/v1/break-glass", json={**wanted, "match_id": name}) for name in (match_id, ABSENT)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    lead = world.user("safeguarding_lead", ngo.organisation_id)
    asked = lead.send("POST", "/v1/break-glass", json=wanted).json()
    path = f"/v1/break-glass/{asked['break_glass_id']}/approvals"
    assert lead.send("POST", path).json()["code"] == "another_person_needed"
    assert ngo.send("POST", path).status_code == 403
    officer = world.user("data_protection_officer")
    assert officer.send("POST", f"/v1/break-glass/{ABSENT}/approvals").status_code == 404
    assert officer.send("POST", path.replace("approvals", "review"), json={"finding": "justified"}).status_code == 404
    clock.second += 24 * 3600
    lead = world.user("safeguarding_lead", stranger.organisation_id)
    assert lead.send("POST", path).status_code == 404
    assert lead.send("GET", "/v1/break-glass").json() == {"break_glasses": []}
