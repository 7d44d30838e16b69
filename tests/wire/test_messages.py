"""Sealed messages at the hub: boxes of fixed sizes, passed on to the other side of a match and deleted."""

import base64
import os
import uuid
from datetime import timedelta
from typing import Any

import pytest

from api.hub import operating
from api.wire.audit.notes import Algorithm, SigningKey
from api.wire.sealed import BOX_BYTES, MESSAGE_DAYS, MOST_WAITING, sign_sealing_key

ABSENT = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def sides(sqlite_world: Any, all_rules: Any, entry: Any) -> tuple[Any, Any, str]:
    """Return two NGOs, and a match of theirs with everything granted."""
    return meet(sqlite_world, all_rules, entry)


def meet(world: Any, all_rules: Any, entry: Any) -> tuple[Any, Any, str]:
    """Let two NGOs match."""
    ngo, shelter = world.join("n", "ngo", all_rules), world.join("s", "ngo", all_rules)
    ngo.file(entry("x"))
    shelter.file(entry("x"))
    ngo.claim("a" * 32)
    (match,) = shelter.claim("b" * 32).json()["matches"]
    return ngo, shelter, match["match_id"]


def identity() -> SigningKey:
    """Return an agent's identity."""
    return SigningKey("casematch-mailbox/test", Algorithm.NOTE, os.urandom(32))


def publish(who: Any, key: SigningKey, number: int = 1, project: str = "nepal", path: str = "") -> Any:
    """Publish a sealing key."""
    published = sign_sealing_key(key, project, number, os.urandom(32))
    method = "POST" if path else "PUT"
    return who.send(method, f"/v1/sealing-key{path}", json=published.model_dump())


def box(size: int = BOX_BYTES[0]) -> str:
    """Return a box of random bytes."""
    return base64.b64encode(os.urandom(size)).decode()


def send(who: Any, match_id: str, **more: Any) -> Any:
    """Send a message."""
    wanted = {"message_id": str(uuid.uuid4()), "key_number": 1, "box": box(), **more}
    return who.send("POST", f"/v1/matches/{match_id}/messages", json=wanted)


def waiting(who: Any) -> list[dict[str, Any]]:
    """Return what waits for an organisation."""
    found: list[dict[str, Any]] = who.send("GET", "/v1/messages").json()["messages"]
    return found


def acknowledge(who: Any, *message_ids: str) -> int:
    """Acknowledge messages; returns the status."""
    status: int = who.send("POST", "/v1/messages/acknowledgements", json={"message_ids": message_ids}).status_code
    return status


def test_a_message_waits_for_the_other_side_and_is_deleted(world: Any, all_rules: Any, entry: Any) -> None:
    """The sender does not see it, a stranger cannot delete it, its recipient can, and then no byte is left."""
    ngo, shelter, match_id = meet(world, all_rules, entry)
    wanted = box(BOX_BYTES[-1])
    sent = send(ngo, match_id, box=wanted)
    assert (sent.status_code, sent.json()["expires_on"]) == (201, "2026-12-21")
    (seen,) = waiting(shelter)
    assert (seen["box"], seen["match_id"], waiting(ngo)) == (wanted, match_id, [])
    assert acknowledge(ngo, seen["message_id"]) == 204
    assert len(waiting(shelter)) == 1
    assert acknowledge(shelter, seen["message_id"], ABSENT) == 204
    assert world.rows("SELECT count(*) FROM sealed_message") == [(0,)]


def test_the_same_message_is_kept_once(world: Any, all_rules: Any, entry: Any) -> None:
    """A repeated request changes nothing; another box under its id is refused."""
    ngo, _, match_id = meet(world, all_rules, entry)
    wanted = {"message_id": str(uuid.uuid4()), "box": box()}
    assert send(ngo, match_id, **wanted).json() == send(ngo, match_id, **wanted).json()
    refused = send(ngo, match_id, **{**wanted, "box": box()})
    assert (refused.status_code, refused.json()["code"]) == (409, "message_id_taken")
    assert world.rows("SELECT count(*) FROM sealed_message") == [(1,)]


@pytest.mark.parametrize(
    "wrong",
    [box(1_023), box(65_537), "Sunita Devi", box()[:-1], ""],
    ids=["short", "long", "name", "cut", "empty"],
)
def test_another_size_is_refused(sides: tuple[Any, Any, str], wrong: str) -> None:
    """422, and nothing of it comes back."""
    refused = send(sides[0], sides[2], box=wrong)
    assert refused.status_code == 422
    assert not wrong or wrong[:20] not in refused.text


def test_messages_expire(sqlite_world: Any, sides: tuple[Any, Any, str]) -> None:
    """Nobody fetched them: on the last day they are there, then they are not shown, and the nightly job deletes."""
    ngo, shelter, match_id = sides
    send(ngo, match_id)
    sqlite_world.calendar.day += timedelta(days=MESSAGE_DAYS - 1)
    assert len(waiting(shelter)) == 1
    sqlite_world.calendar.day += timedelta(days=1)
    operating.expire_all(sqlite_world.hub)
    assert sqlite_world.rows("SELECT count(*) FROM sealed_message") == [(0,)]


def test_a_full_mailbox_takes_no_more(sides: tuple[Any, Any, str]) -> None:
    """Until its owner has fetched; the other direction is not concerned. A page holds twenty."""
    ngo, shelter, match_id = sides
    assert {send(ngo, match_id).status_code for _ in range(MOST_WAITING)} == {201}
    refused = send(ngo, match_id)
    assert (refused.status_code, refused.json()["code"]) == (409, "mailbox_full")
    assert send(shelter, match_id).status_code == 201
    page = shelter.send("GET", "/v1/messages").json()
    assert (len(page["messages"]), page["has_more"]) == (20, True)
    acknowledge(shelter, *(message["message_id"] for message in page["messages"]))
    assert send(ngo, match_id).status_code == 201


def test_erasure_deletes_messages(sqlite_world: Any, sides: tuple[Any, Any, str], entry: Any) -> None:
    """With the match that is void."""
    ngo, shelter, _ = sides
    row = entry("y")
    ngo.file(row)
    shelter.file(entry("y"))
    ngo.claim("c" * 32, [name for name, each in ngo.meetings().items() if each["state"] == "released"])
    fresh = [name for name, each in shelter.meetings().items() if each["state"] == "released"]
    (match,) = shelter.claim("d" * 32, fresh).json()["matches"]
    assert send(ngo, match["match_id"]).status_code == 201
    ngo.erase(row)
    assert sqlite_world.rows("SELECT count(*) FROM sealed_message") == [(0,)]
    assert send(ngo, match["match_id"]).json()["code"] == "match_void"


def test_strangers_find_no_mailbox(sqlite_world: Any, sides: tuple[Any, Any, str], all_rules: Any) -> None:
    """A foreign match answers as an absent one, for messages and for keys."""
    ngo, _, match_id = sides
    publish(ngo, identity())
    stranger = sqlite_world.join("x", "ngo", all_rules)
    answers = [send(stranger, each) for each in (match_id, ABSENT)]
    answers += [stranger.send("GET", f"/v1/matches/{each}/sealing-key") for each in (match_id, ABSENT)]
    assert {(each.status_code, each.text) for each in answers} == {(404, answers[0].text)}


def test_a_key_is_told_to_the_other_side(sides: tuple[Any, Any, str]) -> None:
    """As it was published; before that there is none."""
    ngo, shelter, match_id = sides
    assert shelter.send("GET", f"/v1/matches/{match_id}/sealing-key").status_code == 404
    published = publish(ngo, identity())
    assert published.status_code == 200
    assert shelter.send("GET", f"/v1/matches/{match_id}/sealing-key").json() == published.json()


def test_keys_go_forward(sides: tuple[Any, Any, str]) -> None:
    """A later number replaces, an earlier one is refused, another identity has to be said aloud."""
    ngo, key = sides[0], identity()
    assert [publish(ngo, key, number).status_code for number in (1, 2, 2)] == [200, 200, 200]
    assert publish(ngo, key, 1).json()["code"] == "old_sealing_key"
    assert publish(ngo, identity(), 3).json()["code"] == "other_identity"
    assert publish(ngo, identity(), 1, path="/replacements").status_code == 200


def test_a_key_that_is_not_signed_is_refused(sides: tuple[Any, Any, str]) -> None:
    """Or of another project, or with a letter changed."""
    ngo, key = sides[0], identity()
    assert publish(ngo, key, project="other").json()["code"] == "sealing_key_malformed"
    good = sign_sealing_key(key, "nepal", 1, os.urandom(32))
    forged = {"identity": identity().verifier.text, "note": good.note}
    changed = {"identity": good.identity, "note": good.note.replace("\n1\n", "\n2\n")}
    for wrong in (forged, changed, {"identity": good.identity, "note": "x"}):
        assert ngo.send("PUT", "/v1/sealing-key", json=wrong).json()["code"] == "sealing_key_malformed"


def test_people_have_no_mailbox(sqlite_world: Any, sides: tuple[Any, Any, str]) -> None:
    """The keys lie with the agents."""
    caseworker = sqlite_world.user("caseworker", sides[0].organisation_id)
    assert caseworker.send("GET", "/v1/messages").status_code == 403


def test_a_message_is_announced_and_written_down(sqlite_world: Any, sides: tuple[Any, Any, str]) -> None:
    """The log tells of sending, reading and acknowledging, never of the box."""
    ngo, shelter, match_id = sides
    wanted = box()
    send(ngo, match_id, box=wanted)
    (seen,) = waiting(shelter)
    acknowledge(shelter, seen["message_id"])
    leaves = "\n".join(row.leaf for row in sqlite_world.rows("SELECT leaf FROM audit_entry ORDER BY number"))
    assert [word in leaves for word in ('"messages_send"', '"messages_read"', '"acknowledged"')] == [True] * 3
    assert wanted[:20] not in leaves
    assert seen["message_id"] not in leaves
