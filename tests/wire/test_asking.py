"""Filing is asking: quotas, approvals of the police, the same question twice, and what never shows."""

import gzip
import secrets
from datetime import timedelta
from typing import Any

import pytest

from api.hub import operating
from api.hub.policy import Role
from api.hub.quotas.limits import ENTRIES_PER_PERSON, KEY_PEOPLE, ORGANISATION_PEOPLE
from api.wire.batches import pack_batch
from api.wire.organisations import Scope
from api.wire.statements import Purpose, Statement
from matcher.encoding import envelope_of

PROJECT = "nepal"
KEY_ENTRIES = KEY_PEOPLE * ENTRIES_PER_PERSON


def newcomer(world: Any, name: str = "a") -> Any:
    """Return a partner without a bulk filing."""
    partner = world.join(name)
    with world.hub.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM bulk_filing")
    return partner


def another_key(partner: Any) -> Any:
    """Return the same organisation under another key."""
    made = operating.new_key(partner.world.hub, PROJECT, partner.name, [Scope.UPLOAD], 30)
    return type(partner)(partner.world, partner.name, made.api_key, partner.organisation_id)


def people(entry: Any, count: int) -> list[Any]:
    """Return so many people's entries, each token a new one."""
    return [entry(secrets.token_bytes(16)) for _ in range(count * ENTRIES_PER_PERSON)]


def test_a_key_files_thirty_people_a_day(sqlite_world: Any, entry: Any) -> None:
    """The thirty-first is refused whole, with the time until tomorrow; tomorrow it is taken."""
    world, partner = sqlite_world, newcomer(sqlite_world)
    assert partner.file(*people(entry, KEY_PEOPLE)).status_code == 202
    assert partner.send("GET", "/v1/quota").json()["key_people"] == 0
    refused = partner.file(entry("one"), entry("two"))
    assert (refused.status_code, refused.json()["code"], refused.json()["retryable"]) == (429, "quota_used", True)
    assert refused.headers["Retry-After"].isdigit()
    assert world.rows("SELECT count(*) FROM entry") == [(KEY_ENTRIES,)]
    world.calendar.day += timedelta(days=1)
    assert partner.file(entry("one"), entry("two")).status_code == 202
    assert world.rows("SELECT count(*), sum(entries) FROM quota_use") == [(1, 2)]


def test_the_keys_of_an_organisation_share_its_quota(world: Any, entry: Any) -> None:
    """Another key has a quota of its own, within that of the organisation."""
    partner = newcomer(world)
    for _ in range(ORGANISATION_PEOPLE // KEY_PEOPLE):
        assert another_key(partner).file(*people(entry, KEY_PEOPLE)).status_code == 202
    left = ORGANISATION_PEOPLE % KEY_PEOPLE
    assert another_key(partner).file(*people(entry, left + 1)).status_code == 429
    assert another_key(partner).file(*people(entry, left)).status_code == 202
    assert partner.file(entry("one")).status_code == 429


def test_the_same_people_again_cost_nothing(world: Any, entry: Any) -> None:
    """Neither a repeated batch, nor new entries under tokens that are on file."""
    partner = newcomer(world)
    rows = people(entry, KEY_PEOPLE)
    for batch in (rows, rows, [entry(row.entry.token) for row in rows]):
        assert partner.file(*batch).status_code == 202
    assert partner.file(entry("somebody new")).status_code == 429


def test_the_officer_raises_the_quota(world: Any, entry: Any) -> None:
    """Nobody else does; what goes beyond the day is taken from it, until it ends."""
    partner = newcomer(world)
    path = f"/v1/projects/{PROJECT}/organisations/{partner.organisation_id}/bulk-filing"
    manager, operator = world.user("data_manager", partner.organisation_id), world.user("operator")
    wanted = {"people": 5, "days": 2}
    assert [who.send("PUT", path, json=wanted).status_code for who in (manager, operator, partner)] == [403] * 3
    officer = world.user("data_protection_officer")
    assert officer.send("PUT", path, json=wanted).json()["bulk_people"] == 5
    assert officer.send("PUT", path, json={"people": 5_001}).status_code == 422
    assert partner.file(*people(entry, KEY_PEOPLE + 6)).status_code == 429
    assert partner.file(*people(entry, KEY_PEOPLE + 2)).status_code == 202
    assert partner.send("GET", "/v1/quota").json()["bulk_people"] == 3
    world.calendar.day += timedelta(days=2)
    assert partner.send("GET", "/v1/quota").json() == {
        "key_people": KEY_PEOPLE,
        "organisation_people": ORGANISATION_PEOPLE,
        "bulk_people": 0,
        "bulk_until": "",
    }


def police_statement(**changes: str | None) -> Statement:
    """Return a statement of the police, changed."""
    stated: dict[str, Any] = {"lawful_basis": "warrant", "case_tag": "c" * 32, "approval_id": None, **changes}
    return Statement(purpose=Purpose.INVESTIGATION, reason="intake", **stated)


@pytest.fixture
def police(world: Any) -> Any:
    """Return a police unit."""
    return world.join("unit", "police")


def ask(partner: Any, statement: Statement, *rows: Any) -> tuple[int, str]:
    """File under a statement; returns status and code."""
    body = pack_batch(envelope_of(partner.world.schema), statement, rows)
    answer = partner.push(gzip.compress(body))
    return answer.status_code, answer.json().get("code", "received")


def approve(partner: Any, **changes: Any) -> str:
    """Return the id of a supervisor's approval."""
    supervisor = partner.world.user("police_supervisor", partner.organisation_id)
    wanted = {"purpose": "investigation", "lawful_basis": "warrant", "case_tag": "c" * 32, **changes}
    answer = supervisor.send("POST", "/v1/approvals", json=wanted)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["approval_id"])


def test_the_police_files_with_basis_case_and_co_signature(police: Any, entry: Any) -> None:
    """Each of them missing or other than approved is refused, and nothing is kept."""
    approval_id = approve(police)
    for missing in ("lawful_basis", "case_tag", "approval_id"):
        stated = police_statement(**{"approval_id": approval_id, missing: None})
        assert ask(police, stated, entry("one")) == (403, "statement_incomplete")
    for other in ({"lawful_basis": "consent"}, {"case_tag": "d" * 32}, {"approval_id": approval_id[:-12] + "0" * 12}):
        stated = police_statement(**{"approval_id": approval_id, **other})
        assert ask(police, stated, entry("one")) == (403, "not_approved")
    assert police.world.rows("SELECT count(*) FROM entry") == [(0,)]
    assert ask(police, police_statement(approval_id=approval_id), entry("one")) == (202, "received")


def test_an_approval_is_used_up_and_expires(police: Any, entry: Any) -> None:
    """So many people, so many days; the same entries again cost nothing of it."""
    stated = police_statement(approval_id=approve(police, people=1, days=3))
    rows = people(entry, 1)
    assert ask(police, stated, *rows) == (202, "received")
    assert ask(police, stated, *rows) == (202, "received")
    assert ask(police, stated, entry("one more")) == (403, "not_approved")
    stated = police_statement(approval_id=approve(police, days=3))
    police.world.calendar.day += timedelta(days=3)
    assert ask(police, stated, entry("one more")) == (403, "not_approved")


def test_another_units_approval_is_none(police: Any, entry: Any) -> None:
    """It is looked up within the organisation alone."""
    other = police.world.join("other unit", "police")
    stated = police_statement(approval_id=approve(other))
    assert ask(police, stated, entry("one")) == (403, "not_approved")


def test_only_a_supervisor_of_the_police_co_signs(police: Any) -> None:
    """Neither an investigator, nor the machine that files, nor anybody's data manager."""
    world, wanted = police.world, {"purpose": "investigation", "lawful_basis": "warrant", "case_tag": "c" * 32}
    investigator = world.user(Role.POLICE_INVESTIGATOR.value, police.organisation_id)
    manager = world.user("data_manager", police.organisation_id)
    for who in (investigator, manager, police, world.join("a")):
        assert who.send("POST", "/v1/approvals", json=wanted).status_code == 403
    supervisor = world.user("police_supervisor", police.organisation_id)
    assert supervisor.send("POST", "/v1/approvals", json=wanted | {"purpose": "dedup"}).status_code == 403


def test_the_case_of_a_filing_is_not_kept_with_its_entries(police: Any, entry: Any) -> None:
    """Two cases of one purpose and reason are one statement: it would say which entries belong together."""
    for tag in ("c" * 32, "d" * 32):
        stated = police_statement(approval_id=approve(police, case_tag=tag), case_tag=tag)
        assert ask(police, stated, entry(tag[:8])) == (202, "received")
    assert police.world.rows("SELECT count(*) FROM statement") == [(1,)]


@pytest.mark.parametrize(("kind", "purpose"), [("police", "dedup"), ("border", "investigation"), ("border", "dedup")])
def test_a_class_files_for_its_purposes_alone(sqlite_world: Any, entry: Any, kind: str, purpose: str) -> None:
    """The policy table says which."""
    partner = sqlite_world.join("a", kind)
    answer = ask(partner, Statement(purpose=Purpose(purpose), reason="intake"), entry("one"))
    assert answer == (403, "not_allowed")


def test_a_border_booth_files_and_others_meet_it(world: Any, entry: Any, all_rules: Any) -> None:
    """It hears nothing of that."""
    booth, ngo = world.join("booth", "border", all_rules), world.join("a", "ngo", all_rules)
    assert booth.file(entry("one")).status_code == 202
    ngo.file(entry("one"))
    assert ngo.states() == ["released"]
    assert [booth.send("GET", f"/v1/{what}").status_code for what in ("meetings", "matches")] == [403, 403]


def test_the_same_person_again_has_the_same_answer(world: Any, entry: Any, all_rules: Any) -> None:
    """A refusal holds for new entries of the same person; nobody is asked a second time, nor told a better grade."""
    holder, asker = world.join("holder", "shelter"), world.join("asker", "ngo", all_rules)
    holder.file(entry("one", grade=2))
    asker.file(entry("one", grade=2))
    (meeting_id,) = holder.meetings()
    holder.decide(meeting_id, "refuse")
    asker.file(entry("one", grade=3))
    assert holder.states() == ["refused", "refused"]
    assert {each["grade"] for each in holder.meetings().values()} == {"probable"}
    assert asker.states() == []


def test_a_released_answer_is_given_again(world: Any, entry: Any, all_rules: Any) -> None:
    """As after an import of a changed file: new entries come first, the old ones are erased then."""
    holder, asker = world.join("holder", "shelter"), world.join("asker", "ngo", all_rules)
    held, old, new = entry("one"), entry("one"), entry("one")
    holder.file(held)
    asker.file(old)
    (meeting_id,) = holder.meetings()
    holder.decide(meeting_id, "release")
    assert asker.claim("a" * 32).status_code == 200
    asker.file(new)
    asker.erase(old)
    live = [each for each in asker.meetings().values() if each["state"] != "void"]
    assert [(each["state"], each["entry_id"]) for each in live] == [("released", new.entry.entry_id.hex())]


def test_another_person_under_the_same_token_is_another_question(world: Any, entry: Any, all_rules: Any) -> None:
    """Two that are not probably one person are asked about one by one."""
    holder, asker = world.join("holder", "shelter"), world.join("asker", "ngo", all_rules)
    holder.file(entry("one", grade=3))
    asker.file(entry("one", grade=1))
    (meeting_id,) = holder.meetings()
    holder.decide(meeting_id, "refuse")
    asker.file(entry("one", grade=3))
    assert holder.states() == ["refused", "to_decide"]
