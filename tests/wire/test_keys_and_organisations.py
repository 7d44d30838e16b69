"""Organisations and their API keys over HTTP: whose they are, where and how long they work."""

from datetime import timedelta
from typing import Any

import pytest

PROJECT = "nepal"


def keys_of(partner: Any) -> str:
    """Return the path of an organisation's keys."""
    return f"/v1/projects/{PROJECT}/organisations/{partner.organisation_id}/api-keys"


def works(world: Any, key: str, **headers: str) -> int:
    """Return the status of a request with a key."""
    bearer = {"Authorization": f"Bearer {key}", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return int(world.client.get("/v1/meetings", headers=bearer).status_code)


def test_a_data_manager_makes_rotates_and_revokes_own_keys(world: Any) -> None:
    """With an overlap in which both work; after it the old one is unknown, and a revoked one at once."""
    partner = world.join("a")
    manager, path = world.user("data_manager", partner.organisation_id), keys_of(partner)
    old = manager.send("POST", path, json={"scopes": ["query"], "days": 60}).json()
    new = manager.send("POST", f"{path}/{old['key_id']}/rotate", json={"overlap_days": 3}).json()
    assert [works(world, each["api_key"]) for each in (old, new)] == [200, 200]
    world.calendar.day += timedelta(days=3)
    assert [works(world, each["api_key"]) for each in (old, new)] == [401, 200]
    assert manager.send("POST", f"{path}/{old['key_id']}/rotate", json={}).status_code == 404
    assert manager.send("POST", f"{path}/{new['key_id']}/revoke").status_code == 204
    assert works(world, new["api_key"]) == 401
    listed = {each["key_id"]: each for each in manager.send("GET", path).json()["api_keys"]}
    assert listed[new["key_id"]]["is_revoked"] is True
    assert all("api_key" not in each for each in listed.values())


def test_another_organisations_keys_are_not_there(world: Any) -> None:
    """For reading, making, rotating, revoking: byte for byte as for one that does not exist."""
    a, b = world.join("a"), world.join("b")
    manager = world.user("data_manager", a.organisation_id)
    key_id = b.api_key.split("_")[1]
    absent = keys_of(a).replace(a.organisation_id, "00000000-0000-4000-8000-000000000000")
    for method, tail in (("GET", ""), ("POST", ""), ("POST", f"/{key_id}/rotate"), ("POST", f"/{key_id}/revoke")):
        body = {"json": {}} if method == "POST" and "revoke" not in tail else {}
        answers = [manager.send(method, base + tail, **body) for base in (keys_of(b), absent)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].content == answers[1].content
    assert manager.send("POST", f"{keys_of(a)}/{key_id}/revoke").status_code == 404
    assert works(world, b.api_key) == 200


def test_a_key_works_from_its_networks_alone(world: Any) -> None:
    """From anywhere else it is unknown; a header is believed from a trusted proxy only."""
    partner, operator = world.join("a"), world.user("operator")
    wanted = {"networks": ["198.51.100.7/24", "2001:db8::/32"]}
    key = operator.send("POST", keys_of(partner), json=wanted).json()["api_key"]
    assert works(world, key) == 401
    assert works(world, key, X_Forwarded_For="198.51.100.9") == 401
    assert operator.send("POST", keys_of(partner), json={"networks": ["198.51.100.0/40"]}).status_code == 422


def test_a_border_booth_has_no_key_to_ask_with(sqlite_world: Any) -> None:
    """Without naming scopes it gets what its class may have: to upload."""
    partner, operator = sqlite_world.join("booth", "border", scopes=()), sqlite_world.user("operator")
    answer = operator.send("POST", keys_of(partner), json={"scopes": ["query"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "scope_of_class")
    assert operator.send("GET", keys_of(partner)).json()["api_keys"][0]["scopes"] == ["upload"]
    assert partner.send("GET", "/v1/meetings").status_code == 403


@pytest.mark.parametrize("days", [0, 366])
def test_a_key_lives_a_year_at_most(sqlite_world: Any, days: int) -> None:
    """And a day at least."""
    partner, operator = sqlite_world.join("a"), sqlite_world.user("operator")
    assert operator.send("POST", keys_of(partner), json={"days": days}).status_code == 422


def test_suspension_stops_keys_and_meetings_at_once(world: Any, entry: Any, all_rules: Any) -> None:
    """The same 401 as for a key that was never made; what is filed meanwhile meets nothing of it."""
    holder, asker, other = world.join("a", "ngo", all_rules), world.join("b", "ngo", all_rules), world.join("c")
    holder.file(entry("one"))
    officer = world.user("data_protection_officer")
    officer.send("POST", f"/v1/organisations/{holder.organisation_id}/suspend")
    suspended = holder.send("GET", "/v1/meetings")
    unknown = world.client.get("/v1/meetings", headers={"Authorization": "Bearer cm_" + "0" * 16 + "_" + "0" * 64})
    assert (suspended.status_code, suspended.content) == (401, unknown.content)
    assert suspended.headers["WWW-Authenticate"] == unknown.headers["WWW-Authenticate"]
    asker.file(entry("one"))
    assert asker.states() == []
    officer.send("POST", f"/v1/organisations/{holder.organisation_id}/resume")
    assert holder.states() == []
    other.file(entry("one"))
    assert len(other.states()) + len(holder.states()) > 0


def test_organisations_are_the_hubs_peoples(world: Any) -> None:
    """The operator adds, the officer reads; a manager and an agent do neither."""
    partner = world.join("a")
    manager, operator = world.user("data_manager", partner.organisation_id), world.user("operator")
    wanted = {"name": "Maiti Home", "organisation_class": "shelter"}
    path = f"/v1/projects/{PROJECT}/organisations"
    made = operator.send("POST", path, json=wanted)
    assert made.status_code == 201
    assert (made.json()["is_location_sensitive"], made.json()["contact_alias"][:5]) == (True, "Desk ")
    assert operator.send("POST", path, json=wanted).json()["code"] == "organisation_exists"
    telling = {**wanted, "name": "Asha Kendra", "contact_alias": "kendra desk"}
    assert operator.send("POST", path, json=telling).json()["code"] == "telling_alias"
    assert operator.send("POST", path.replace(PROJECT, "nowhere"), json=wanted).status_code == 404
    assert [who.send("POST", path, json=wanted).status_code for who in (manager, partner)] == [403, 403]
    assert [who.send("GET", "/v1/organisations").status_code for who in (manager, partner)] == [403, 403]
    officer = world.user("data_protection_officer")
    assert {each["name"] for each in officer.send("GET", "/v1/organisations").json()["organisations"]} == {
        "a",
        "Maiti Home",
    }
    assert officer.send("POST", path, json=wanted).status_code == 403
