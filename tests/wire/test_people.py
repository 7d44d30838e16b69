"""People over HTTP: log-in, throttling, second factor, accounts; and what is not theirs."""

import time
from typing import Any

import pytest
from pyotp import TOTP

from api.hub.people.service import SESSION_SECONDS

PASSWORD = "a password of one's own"  # noqa: S105 - of the tests' people


def log_in(world: Any, login: str, password: str = PASSWORD, **more: str) -> Any:
    """Try to log in."""
    return world.client.post("/v1/sessions", json={"login": login, "password": password, **more})


START = int(time.time())


def at(world: Any, seconds: int) -> None:
    """Turn the clock of the hub to some seconds after the start of all tests."""
    object.__setattr__(world.hub, "now", lambda: START + seconds)


def test_a_session_opens_and_ends(world: Any) -> None:
    """The token goes where a key goes; after logging out it is unknown, like any other."""
    operator = world.user("operator")
    assert operator.send("GET", "/v1/organisations").status_code == 200
    assert operator.send("DELETE", "/v1/sessions").status_code == 204
    after = operator.send("GET", "/v1/organisations")
    assert (after.status_code, after.json()["code"]) == (401, "unauthorised")


def test_a_session_expires(sqlite_world: Any) -> None:
    """After a working day, whatever was done."""
    at(sqlite_world, 0)
    operator = sqlite_world.user("operator")
    at(sqlite_world, SESSION_SECONDS - 1)
    assert operator.send("GET", "/v1/users").status_code == 200
    at(sqlite_world, SESSION_SECONDS + 1)
    assert operator.send("GET", "/v1/users").status_code == 401


def test_the_database_names_nobody(world: Any) -> None:
    """Neither login, nor password, nor token stands in it."""
    person = world.user("operator")
    rows = world.rows("SELECT * FROM user_account") + world.rows("SELECT * FROM user_session")
    kept = " ".join(map(str, rows))
    assert kept
    for secret in (person.login, person.password, person.token.rpartition("_")[2]):
        assert secret not in kept


def test_wrong_and_unknown_logins_are_answered_alike(world: Any) -> None:
    """Nobody learns which logins there are."""
    person = world.user("operator")
    answers = [log_in(world, person.login, "wrong"), log_in(world, "nobody at all"), log_in(world, "x" * 100, "y")]
    assert {(answer.status_code, answer.content) for answer in answers} == {(401, answers[0].content)}


def test_failures_slow_log_ins_down_for_known_and_unknown_alike(sqlite_world: Any) -> None:
    """Five are free; then even the right password waits, and later it works again."""
    person = sqlite_world.user("operator")
    at(sqlite_world, 0)
    for login in (person.login, "nobody at all"):
        codes = [log_in(sqlite_world, login, "wrong").status_code for _ in range(6)]
        assert codes == [401] * 5 + [429]
    answer = log_in(sqlite_world, person.login)
    assert (answer.status_code, answer.headers["Retry-After"], answer.json()["code"]) == (429, "30", "too_many_logins")
    at(sqlite_world, 31)
    assert log_in(sqlite_world, person.login).status_code == 201
    assert log_in(sqlite_world, person.login, "wrong").status_code == 401


def test_a_one_time_password_is_good_for_setting_ones_own(world: Any) -> None:
    """It opens no session; the new password must be another, and long enough."""
    operator = world.user("operator")
    made = operator.send("POST", "/v1/users", json={"login": "desk 7", "roles": ["operator"]}).json()
    refused = log_in(world, "desk 7", made["password"])
    assert (refused.status_code, refused.json()["code"]) == (403, "password_change_needed")
    change = {"login": "desk 7", "password": made["password"]}
    for new, status in ((made["password"], 422), ("short", 422), (PASSWORD, 204)):
        assert world.client.post("/v1/passwords", json={**change, "new_password": new}).status_code == status
    assert log_in(world, "desk 7").status_code == 201
    assert log_in(world, "DESK 7 ").status_code == 201


def test_a_second_factor_is_asked_for_and_works_once(sqlite_world: Any) -> None:
    """Switched on by a code; a code that was used, or none, is like a wrong password."""
    world, person = sqlite_world, sqlite_world.user("operator")
    made = person.send("POST", "/v1/account/second-factor").json()
    assert made["uri"].startswith("otpauth://totp/")
    totp = TOTP(made["secret"])
    assert person.send("PUT", "/v1/account/second-factor", json={"code": "000000"}).status_code == 401
    now = world.hub.now()
    assert person.send("PUT", "/v1/account/second-factor", json={"code": totp.at(now)}).status_code == 204
    assert person.send("POST", "/v1/account/second-factor").status_code == 409
    assert log_in(world, person.login).status_code == 401
    assert log_in(world, person.login, code=totp.at(now)).status_code == 401
    assert log_in(world, person.login, code=totp.at(now + 30)).status_code == 201
    assert log_in(world, person.login, code=totp.at(now + 30)).status_code == 401


def test_an_ended_or_reset_account_is_out_at_once(world: Any) -> None:
    """Sessions end with it."""
    operator, officer, other = world.user("operator"), world.user("data_protection_officer"), world.user("operator")
    path = f"/v1/users/{other.user_id}"
    given = operator.send("POST", f"{path}/reset").json()
    assert other.send("GET", "/v1/users").status_code == 401
    assert log_in(world, other.login).status_code == 401
    assert log_in(world, other.login, given["password"]).json()["code"] == "password_change_needed"
    assert officer.send("POST", f"{path}/end").json()["is_ended"] is True
    assert log_in(world, other.login, given["password"]).status_code == 401
    assert operator.send("POST", f"{path}/reset").status_code == 404


@pytest.mark.parametrize(
    ("kind", "role"),
    [("ngo", "police_supervisor"), ("police", "caseworker"), ("border", "safeguarding_lead"), ("ngo", "operator")],
)
def test_a_role_away_from_home_is_refused(sqlite_world: Any, kind: str, role: str) -> None:
    """It would be worth nothing."""
    partner, operator = sqlite_world.join("a", kind), sqlite_world.user("operator")
    wanted = {"login": "somebody", "organisation_id": partner.organisation_id, "roles": [role]}
    answer = operator.send("POST", "/v1/users", json=wanted)
    assert (answer.status_code, answer.json()["code"]) == (409, "role_of_class")


def test_accounts_are_the_operators(sqlite_world: Any) -> None:
    """Neither a data manager nor an agent adds people; an unknown role and a taken login are refused."""
    partner = sqlite_world.join("a")
    manager, operator = sqlite_world.user("data_manager", partner.organisation_id), sqlite_world.user("operator")
    wanted = {"login": "somebody", "roles": ["operator"]}
    assert manager.send("POST", "/v1/users", json=wanted).status_code == 403
    assert partner.send("POST", "/v1/users", json=wanted).status_code == 403
    assert partner.send("DELETE", "/v1/sessions").status_code == 403
    assert operator.send("POST", "/v1/users", json=wanted | {"roles": ["uploading_agent"]}).status_code == 422
    assert operator.send("POST", "/v1/users", json=wanted).status_code == 201
    assert operator.send("POST", "/v1/users", json=wanted).json()["code"] == "login_taken"


def test_people_of_a_suspended_organisation_are_out(world: Any) -> None:
    """Their sessions and log-ins are unknown; afterwards they are themselves again."""
    partner = world.join("a")
    manager, officer = world.user("data_manager", partner.organisation_id), world.user("data_protection_officer")
    path = f"/v1/organisations/{partner.organisation_id}"
    assert officer.send("POST", f"{path}/suspend").json()["is_suspended"] is True
    assert manager.send("GET", "/v1/quota").status_code == 401
    assert log_in(world, manager.login).status_code == 401
    assert officer.send("POST", f"{path}/resume").status_code == 200
    assert manager.send("GET", "/v1/quota").status_code == 200
