"""No answer tells where a shelter is: neither name nor alias nor class, in any answer to anybody whom it is not for."""

import base64
import json
import os
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from api.hub import operating
from api.wire.audit.notes import Algorithm, SigningKey
from api.wire.batches import FiledEntry
from api.wire.sealed import BOX_BYTES, sign_sealing_key
from api.wire.statements import OrganisationClass

MakeEntry = Callable[..., FiledEntry]
HOME = "Nirmala Niwas Bhaktapur"
WORDS = re.compile("|".join(HOME.split()), re.IGNORECASE)
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
RESCUED = {"quarter": "2025Q2", "kind": "rescue", "status": "actual"}
READ = (
    *("meetings", "matches", "disclosure-requests", "referrals", "messages", "quota", "webhook", "adjudications"),
    *("break-glass", "organisations", "alarms", "users", "audit/entries", "audit/checkpoint", "projects/nepal"),
)
OF_A_MATCH = ("", "/disclosure", "/reviews", "/sealing-key")
TELLING = {  # every kind of answer that tells of a match's other side
    *("/v1/meetings", "/v1/matches", "/v1/matches/{}", "/v1/matches/{}/disclosure", "/v1/matches/{}/reviews"),
    *("/v1/matches/{}/disclosure-requests", "/v1/disclosure-requests", "/v1/matches/{}/encounters"),
    *("/v1/matches/{}/sealing-key", "/v1/referrals", "/v1/matches/{}/messages", "/v1/messages", "/v1/break-glass"),
    *("/v1/break-glass/{}/approvals", "/v1/audit/learnt", "/v1/adjudications"),
}


@dataclass
class Overheard:
    """All answers, with who got them."""

    answers: list[tuple[str, str, int, str]] = field(default_factory=list)  # token, path, status, headers and body

    def to(self, *others: str) -> list[tuple[str, int, str]]:
        """Return path, status and text of the answers to everybody but these."""
        return [(path, status, text) for token, path, status, text in self.answers if token not in others]


@pytest.fixture
def overheard(sqlite_world: Any, monkeypatch: pytest.MonkeyPatch) -> Overheard:
    """Listen to the hub."""
    found, request = Overheard(), sqlite_world.client.request

    def listen(method: str, path: str, **kwargs: Any) -> Any:
        answer = request(method, path, **kwargs)
        token = (kwargs.get("headers") or {}).get("Authorization", "").removeprefix("Bearer ")
        found.answers.append((token, UUID.sub("{}", path), answer.status_code, f"{answer.headers} {answer.text}"))
        return answer

    monkeypatch.setattr(sqlite_world.client, "request", listen)
    return found


def meet(world: Any, entry: MakeEntry, rules: Any, holder: str, asker: str) -> tuple[Any, Any, str, FiledEntry]:
    """Let the home and another organisation claim a meeting, whatever the home has to decide for it."""
    home, other, row = world.join(HOME, holder), world.join("Other", asker, rules), entry("x", manual=True)
    home.file(row)
    other.file(entry("x"))
    for meeting_id in home.meetings():
        assert home.decide(meeting_id, "release").status_code == 200
    home.claim("a" * 32)
    (match,) = other.claim("b" * 32).json()["matches"]
    return home, other, match["match_id"], row


def grant(home: Any, lead: Any, asker: Any, match_id: str, rung: str) -> None:
    """Ask for a rung, and have two people of the home grant it."""
    wanted = {"rung": rung, "reason": "care", "lawful_basis": "warrant"}
    asked = asker.send("POST", f"/v1/matches/{match_id}/disclosure-requests", json=wanted).json()
    for who in (home, lead):
        path = f"/v1/disclosure-requests/{asked['request_id']}/decisions"
        assert who.send("POST", path, json={"decision": "grant"}).status_code == 200


def publish(who: Any) -> None:
    """Publish a sealing key."""
    key = SigningKey("casematch-mailbox/test", Algorithm.NOTE, os.urandom(32))
    published = sign_sealing_key(key, "nepal", 1, os.urandom(32)).model_dump()
    assert who.send("PUT", "/v1/sealing-key", json=published).status_code < 300


def do_all(who: Any, match_id: str, row: FiledEntry) -> None:
    """Read and do all that anybody may try about a match."""
    for path in (*READ, *(f"matches/{match_id}{part}" for part in OF_A_MATCH)):
        who.send("GET", f"/v1/{path}")
    box = base64.b64encode(os.urandom(BOX_BYTES[0])).decode()
    message = {"message_id": str(uuid.uuid4()), "key_number": 1, "box": box}
    who.send("POST", f"/v1/matches/{match_id}/messages", json=message)
    who.send("POST", "/v1/referrals", json={"match_id": match_id, "service": "legal_aid"})
    who.send("POST", f"/v1/matches/{match_id}/reviews", json={"answer": "unsure"})
    who.send("PUT", f"/v1/matches/{match_id}/encounters", json={"encounters": [RESCUED]})
    who.send("POST", "/v1/audit/learnt", json={"entry_ids": [row.entry.entry_id.hex()], "match_ids": [match_id]})


def break_glass(worker: Any, approvers: list[Any], match_id: str) -> None:
    """Open the match in an emergency."""
    asked = worker.send("POST", "/v1/break-glass", json={"match_id": match_id, "danger": "life_at_risk"}).json()
    for who in approvers:
        path = f"/v1/break-glass/{asked['break_glass_id']}/approvals"
        assert who.send("POST", path).status_code == 200


def desk_of(world: Any) -> Any:
    """Let somebody of the linkage desk log in."""
    made = operating.add_organisation(world.hub, "nepal", "desk", OrganisationClass.LINKAGE_DESK, ())
    return world.user("linkage_desk", made)


def alias_of(world: Any) -> str:
    """Return the contact alias of the home."""
    (found,) = [each for each in operating.list_organisations(world.hub).organisations if each.name == HOME]
    return str(found.contact_alias)


def test_a_home_is_named_in_no_answer_on_any_rung(
    sqlite_world: Any, entry: MakeEntry, all_rules: Any, overheard: Overheard
) -> None:
    """From a grade to an emergency to all that can be granted: no name to anybody, the alias in a disclosure alone."""
    world, desk = sqlite_world, desk_of(sqlite_world)
    home, other, match_id, row = meet(world, entry, all_rules, "shelter", "ngo")
    lead, worker = (world.user("safeguarding_lead", each.organisation_id) for each in (home, other))
    stranger, officer = world.join("Stranger", "ngo", all_rules), world.user("data_protection_officer")
    for who in (home, other):
        publish(who)
    for rung in ("D1", "D2", "emergency", "D4"):
        if rung == "emergency":
            break_glass(worker, [world.user("safeguarding_lead", other.organisation_id), desk], match_id)
        elif rung != "D1":
            grant(home, lead, other, match_id, rung)
        for who in (home, other, worker, desk, stranger, officer):
            do_all(who, match_id, row)
    told = [each for each in overheard.to(home.api_key, lead.token, officer.token) if each[1] < 300]
    assert {path.partition("?")[0] for path, _, _ in told} >= TELLING
    assert not [path for path, _, text in overheard.to(officer.token) if WORDS.search(text)]
    assert {path for path, _, text in told if alias_of(world) in text} == {"/v1/matches/{}/disclosure"}


@pytest.mark.parametrize("kind", ["shelter", "ngo", "government"])
def test_the_police_is_told_no_class_and_no_desk_but_the_focal_point(
    sqlite_world: Any, entry: MakeEntry, all_rules: Any, overheard: Overheard, kind: str
) -> None:
    """Whatever is granted: whoever keeps people at a sensitive address is behind the focal point."""
    world, desk = sqlite_world, desk_of(sqlite_world)
    home, police, match_id, row = meet(world, entry, all_rules, kind, "police")
    lead = world.user("safeguarding_lead", home.organisation_id)
    publish(home)
    publish(police)
    for rung in ("D1", "D3", "D4"):
        if rung != "D1":
            grant(home, lead, police, match_id, rung)
        do_all(police, match_id, row)
    told = [(path, text) for path, status, text in overheard.to(home.api_key, lead.token, desk.token) if status < 300]
    of_matches = [(path, text) for path, text in told if path not in {"/v1/users", "/v1/sessions", "/v1/passwords"}]
    assert not [
        path for path, text in of_matches if WORDS.search(text) or alias_of(world) in text or f'"{kind}"' in text
    ]
    answer = police.send("GET", f"/v1/matches/{match_id}/disclosure").json()
    assert (answer["rung"], answer["organisation_class"], answer["agreement"]) == ("D4", None, None)
    assert answer["contact"]["is_focal_point"]
    refused = police.send("POST", "/v1/referrals", json={"match_id": match_id, "service": "legal_aid"})
    assert refused.json()["code"] == "focal_point_only"


@pytest.mark.parametrize("is_sensitive", [True, False])
def test_a_ministry_with_an_open_address_is_told(
    sqlite_world: Any, entry: MakeEntry, all_rules: Any, *, is_sensitive: bool
) -> None:
    """What is not known counts as sensitive; what was declared open is told with the meeting."""
    police, ministry = sqlite_world.join("p", "police", all_rules), sqlite_world.join("g", "government", all_rules)
    declare(sqlite_world, ministry, is_sensitive=is_sensitive)
    ministry.file(entry("x"))
    police.file(entry("x"))
    (meeting,) = police.meetings().values()
    assert meeting["other"]["organisation_class"] == (None if is_sensitive else "government")


@pytest.mark.parametrize("is_sensitive", [True, False])
@pytest.mark.parametrize("is_first", [True, False])
def test_no_rule_releases_whom_a_shelter_holds(
    sqlite_world: Any, entry: MakeEntry, all_rules: Any, *, is_sensitive: bool, is_first: bool
) -> None:
    """Its agent says automatic and its rule says everybody: a person decides, unless its address is declared open."""
    shelter, ngo = sqlite_world.join("s", "shelter", all_rules), sqlite_world.join("n", "ngo", all_rules)
    declare(sqlite_world, shelter, is_sensitive=is_sensitive)
    for who in (shelter, ngo) if is_first else (ngo, shelter):
        who.file(entry("x"))
    assert shelter.states() == (["to_decide"] if is_sensitive else ["released"])
    assert ngo.states() == ([] if is_sensitive else ["released"])
    for meeting_id in shelter.meetings():
        shelter.decide(meeting_id, "release")
    (meeting,) = ngo.meetings().values()
    assert meeting["other"]["organisation_class"] == (None if is_sensitive else "shelter")
    ngo.claim("a" * 32)
    (match,) = shelter.claim("b" * 32).json()["matches"]
    told = ngo.send("GET", f"/v1/matches/{match['match_id']}").json()
    assert told["rung"] == ("D1" if is_sensitive else "D4")
    assert json.dumps(told).count("shelter") == (0 if is_sensitive else 1)


def declare(world: Any, partner: Any, *, is_sensitive: bool) -> None:
    """Say whether an organisation's address endangers anybody."""
    change = "UPDATE organisation SET is_location_sensitive = ? WHERE organisation_id = ?"
    with world.hub.database.writing() as connection:
        connection.exec_driver_sql(change, (is_sensitive, partner.organisation_id))
