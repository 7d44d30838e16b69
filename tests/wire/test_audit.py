"""Every act is in the log, in its own transaction; the log tells nobody what it must not, and can be proven."""

import base64
import json
import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from api.hub.audit import service
from api.hub.audit.acts import HUB, Kind, tag
from api.wire.audit.checkpoint import Checkpoint, open_checkpoint
from api.wire.audit.leaves import Leaf
from api.wire.audit.notes import Algorithm, Note, SigningKey, VerifierKey
from api.wire.audit.tree import Frontier, leaf_hash, verify_consistency, verify_inclusion
from api.wire.batches import FiledEntry

MakeEntry = Callable[..., FiledEntry]
RESCUED = {"quarter": "2025Q2", "kind": "rescue", "status": "actual"}
GONE = "ALTER TABLE audit_entry RENAME TO audit_entry_gone"
BACK = "ALTER TABLE audit_entry_gone RENAME TO audit_entry"


def leaves(world: Any) -> list[Leaf]:
    """Return all leaves, and check on the way that each is canonical and numbered without a gap."""
    rows = world.rows("SELECT number, leaf FROM audit_entry ORDER BY number")
    assert [row.number for row in rows] == list(range(len(rows)))
    found = [Leaf.model_validate_json(row.leaf) for row in rows]
    assert [leaf.canonical() for leaf in found] == [row.leaf for row in rows]
    return found


def acts(world: Any, *actions: str) -> list[Leaf]:
    """Return the leaves of some actions."""
    return [leaf for leaf in leaves(world) if leaf.action in actions]


def head(partner: Any) -> Checkpoint:
    """Return the published checkpoint, its signature checked."""
    answer = partner.send("GET", "/v1/audit/checkpoint")
    assert answer.status_code == 200, answer.text
    body = answer.json()
    return open_checkpoint(Note.read(body["note"]), VerifierKey.read(body["log_key"]))


def next_day(world: Any) -> None:
    """Turn the calendar."""
    world.calendar.day += timedelta(days=1)


@contextmanager
def unwritable(world: Any) -> Iterator[None]:
    """Take the log away for a while."""
    with world.hub.database.writing() as connection:
        connection.execute(text(GONE))
    yield
    with world.hub.database.writing() as connection:
        connection.execute(text(BACK))


@pytest.fixture
def met(world: Any, entry: MakeEntry, all_rules: Any) -> tuple[Any, Any, Any]:
    """Return two organisations of which the second waits for the first to decide, and the first one's entry."""
    holder, asker = world.join("a", "ngo"), world.join("b", "ngo", all_rules)
    row = entry("x")
    holder.file(row)
    asker.file(entry("x"))
    return holder, asker, row


def matched(holder: Any, asker: Any) -> str:
    """Let both claim; returns the match."""
    (meeting_id,) = holder.meetings()
    holder.decide(meeting_id, "release")
    holder.claim("1" * 32)
    (match,) = asker.claim("2" * 32).json()["matches"]
    return str(match["match_id"])


def test_every_step_of_a_case_is_in_the_log(world: Any, met: Any) -> None:
    """Who, what, for what, how much and how it ended; meetings and matches by their tags."""
    holder, asker, row = met
    match_id = matched(holder, asker)
    holder.report(match_id, RESCUED)
    asker.report(match_id, RESCUED)
    asker.matches()
    holder.erase(row)
    said = [(leaf.action, leaf.decision, leaf.rung) for leaf in leaves(world)]
    told = [each for each in said if each[0] not in {"organisations_add", "keys_issue", "quotas_raise"}]
    assert told == [
        ("entries_file", "received", 0),
        ("entries_file", "received", 0),
        ("meetings_read", "answered", 2),
        ("meetings_decide", "released", 2),
        ("meetings_read", "answered", 2),
        ("matches_claim", "claimed", 0),
        ("meetings_read", "answered", 2),
        ("matches_claim", "claimed", 0),
        ("matches_claim", "answered", 2),
        ("encounters_report", "reported", 2),
        ("encounters_report", "reported", 2),
        ("matches_read", "answered", 2),
        ("entries_erase", "erased", 0),
    ]
    filed = acts(world, "entries_file")[0]
    assert (filed.by, filed.organisation_class, filed.project) == ("key", "ngo", "nepal")
    assert (filed.purposes, filed.reason, filed.count, len(filed.objects)) == (("protection",), "intake", 1, 1)
    of_match = tag(world.hub.key, Kind.MATCH, match_id).hex()
    assert all(leaf.objects == (of_match,) for leaf in acts(world, "encounters_report", "matches_read"))


def test_every_id_that_was_told_is_in_the_log(world: Any, entry: MakeEntry, all_rules: Any) -> None:
    """No meeting and no match reaches anybody without its tag in an act of that organisation's key."""
    a, b = world.join("a", "ngo", all_rules), world.join("b", "ngo", all_rules)
    a.file(*(entry(f"{number}") for number in range(30)))
    b.file(*(entry(f"{number}") for number in range(30)))
    a.claim("1" * 32)
    b.claim("2" * 32)
    for partner in (a, b):
        told = [(Kind.MEETING, name) for name in partner.meetings()]
        told += [(Kind.MATCH, match["match_id"]) for match in partner.matches()]
        key_id = partner.api_key.split("_")[1]
        logged = {each for leaf in leaves(world) if leaf.actor == key_id and leaf.rung for each in leaf.objects}
        assert {tag(world.hub.key, kind, name).hex() for kind, name in told} <= logged
        assert len(told) == 31


def test_nothing_told_is_nothing_logged(world: Any, met: Any) -> None:
    """An empty poll leaves no trace, so that the log does not grow by waiting."""
    _, asker, _ = met
    before = len(leaves(world))
    assert asker.meetings() == {}
    assert asker.matches() == []
    assert len(leaves(world)) == before


def test_an_unwritable_log_stops_everything_and_tells_nothing(world: Any, met: Any, entry: MakeEntry) -> None:
    """503 to each act and to each answer that would tell something; nothing is kept of it; afterwards all goes on."""
    holder, asker, row = met
    (meeting_id,) = holder.meetings()
    before = world.rows("SELECT count(*) FROM entry"), world.rows("SELECT state FROM meeting_side ORDER BY state")
    with unwritable(world):
        answers = [
            holder.file(entry("y")),
            holder.send("GET", "/v1/meetings"),
            holder.decide(meeting_id, "release"),
            holder.decide(meeting_id, "refuse"),
            holder.erase(row),
            holder.send("GET", "/v1/audit/checkpoint"),
        ]
        assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(503, "audit_unavailable")] * 6
        assert len({answer.content for answer in answers}) == 1
        assert all(answer.headers["Retry-After"] for answer in answers)
        assert asker.meetings() == {}
    assert before == (
        world.rows("SELECT count(*) FROM entry"),
        world.rows("SELECT state FROM meeting_side ORDER BY state"),
    )
    match_id = matched(holder, asker)
    with unwritable(world):
        refused = [
            asker.send("GET", "/v1/matches"),
            asker.send("GET", f"/v1/matches/{match_id}"),
            asker.report(match_id, RESCUED),
            asker.claim("2" * 32, [meeting_id]),
            asker.send("POST", "/v1/audit/learnt", json={"match_ids": [match_id]}),
        ]
        assert [answer.status_code for answer in refused] == [503] * 5
        assert all(match_id.encode() not in answer.content for answer in refused)
    assert asker.report(match_id, RESCUED).status_code == 200


def test_a_log_without_a_head_stops_everything_too(world: Any, entry: MakeEntry) -> None:
    """Somebody who deletes the head does not get a fresh log."""
    a = world.join("a")
    with world.hub.database.writing() as connection:
        connection.execute(text("DELETE FROM audit_head"))
    for answer in (a.file(entry("x")), a.send("GET", "/v1/audit/checkpoint")):
        assert (answer.status_code, answer.json()["code"]) == (503, "audit_unavailable")


def test_acts_at_once_are_written_one_after_the_other(world: Any, entry: MakeEntry, all_rules: Any) -> None:
    """No gap, no double number, and the head is the tree over what is there."""
    partners = [world.join(name, "ngo", all_rules) for name in "abc"]
    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(lambda number: partners[number % 3].file(entry(f"{number}")), range(18)))
        polled = list(pool.map(lambda number: partners[number % 3].send("GET", "/v1/meetings"), range(12)))
    assert {answer.status_code for answer in done} == {202}
    assert {answer.status_code for answer in polled} == {200}
    tree = Frontier()
    for leaf in leaves(world):
        tree, _ = tree.grow(leaf_hash(leaf.canonical().encode()))
    (kept,) = world.rows("SELECT size, frontier FROM audit_head")
    assert (kept.size, bytes(kept.frontier)) == (tree.size, b"".join(tree.hashes))
    assert len(acts(world, "entries_file")) == 18


def test_the_log_holds_no_entry_no_token_and_no_id_in_the_clear(world: Any, met: Any) -> None:
    """Neither as text nor as bytes; whoever has the log has nothing to look up."""
    holder, asker, row = met
    match_id = matched(holder, asker)
    meeting_ids = list(holder.meetings())
    log = "".join(leaf.canonical() for leaf in leaves(world)).encode()
    kept = world.rows("SELECT entry_digest, seat_digest, box FROM entry")
    secret = [bytes(value) for each in kept for value in each] + [row.entry.token]
    for value in secret:
        assert value not in log
        assert value.hex().encode() not in log
        assert base64.b64encode(value) not in log
    for name in (match_id, *meeting_ids, "1" * 32, "2" * 32):
        assert name.encode() not in log


def test_the_published_size_does_not_tell_who_had_something_to_do(world: Any, met: Any, entry: MakeEntry) -> None:
    """It grows by one bucket a day whether anybody polled, decided and claimed, or nobody did anything."""
    holder, asker, _ = met
    bucket = world.hub.settings.audit_bucket
    sizes = [head(asker).size]
    matched(holder, asker)
    assert head(asker).size == sizes[0]
    for busy in (True, False, True):
        next_day(world)
        if busy:
            holder.file(entry("z"))
            holder.meetings()
        sizes.append(head(asker).size)
    assert sizes == [bucket, 2 * bucket, 3 * bucket, 4 * bucket]
    assert len(leaves(world)) == sizes[-1]


def test_a_full_bucket_is_followed_by_another(world: Any, entry: MakeEntry) -> None:
    """What does not fit one bucket is in the next, and all acts are in the published log."""
    object.__setattr__(world.hub.settings, "audit_bucket", 16)
    a = world.join("a")
    for number in range(20):
        a.file(entry(f"{number}"))
    size = head(a).size
    assert (size % 16, size) == (0, 16 * (1 + (len(acts(world, "entries_file")) + 2) // 16))


def test_the_log_is_proven_day_after_day(world: Any, entry: MakeEntry) -> None:
    """Each published log continues each before it, and every entry is where it says."""
    object.__setattr__(world.hub.settings, "audit_bucket", 16)
    a = world.join("a")
    heads = []
    for _ in range(4):
        a.file(entry("x"))
        heads.append(head(a))
        next_day(world)
    for old in heads:
        for new in heads[heads.index(old) :]:
            asked = {"old": old.size, "new": new.size}
            proof = a.send("GET", "/v1/audit/proofs/consistency", params=asked).json()
            hashes = [bytes.fromhex(each) for each in proof["hashes"]]
            verify_consistency(old.size, new.size, hashes, old.root, new.root)
    for number, leaf in enumerate(leaves(world)):
        proof = service.inclusion(world.hub, number, heads[-1].size)
        hashes = [bytes.fromhex(each) for each in proof.hashes]
        verify_inclusion(leaf_hash(leaf.canonical().encode()), number, heads[-1].size, hashes, heads[-1].root)


def test_sizes_that_were_not_published_have_no_proof(world: Any) -> None:
    """Like anything that is not there."""
    a = world.join("a")
    size = head(a).size
    for old, new in ((1, size), (size, size + 1), (size, 0), (2**62, 2**62)):
        asked = {"old": old, "new": new}
        assert a.send("GET", "/v1/audit/proofs/consistency", params=asked).status_code == 404
    assert a.send("GET", "/v1/audit/proofs/consistency", params={"old": -1, "new": "x"}).status_code == 422


def test_a_member_reads_neither_entries_nor_places(world: Any) -> None:
    """They are the data-protection officer's; where an act stands tells how many others there were."""
    a = world.join("a")
    size = head(a).size
    assert a.send("GET", "/v1/audit/entries").status_code == 403
    asked = {"number": 0, "size": size}
    assert a.send("GET", "/v1/audit/proofs/inclusion", params=asked).status_code == 403


def test_the_officer_reads_page_by_page_and_that_is_written_down(world: Any, entry: MakeEntry) -> None:
    """Entries come in order, as they are hashed, and each page leaves an entry of its own."""
    a = world.join("a")
    a.file(entry("x"))
    head(a)
    before = leaves(world)
    first = service.entries(world.hub, HUB, "")
    assert [each.leaf for each in first.entries] == [leaf.canonical() for leaf in before]
    assert [leaf.action for leaf in leaves(world)[len(before) :]] == ["audit_read"]
    second = service.entries(world.hub, HUB, first.next_cursor)
    assert [json.loads(each.leaf)["action"] for each in second.entries] == ["audit_read"]
    with pytest.raises(Exception, match="cursor"):
        service.entries(world.hub, HUB, "nonsense")


def test_an_officer_reads_and_proves_over_http(world: Any, entry: MakeEntry) -> None:
    """Page after page with a session; each entry is proven to stand in the published log; others get nothing."""
    a, officer = world.join("a"), world.user("data_protection_officer")
    a.file(entry("x"))
    checkpoint = head(officer)
    page = officer.send("GET", "/v1/audit/entries").json()
    assert len(page["entries"]) == checkpoint.size
    assert page["has_more"] is False
    for each in page["entries"][:: checkpoint.size // 7]:
        asked = {"number": each["number"], "size": checkpoint.size}
        proof = officer.send("GET", "/v1/audit/proofs/inclusion", params=asked).json()
        hashes = [bytes.fromhex(text) for text in proof["hashes"]]
        leaf = leaf_hash(each["leaf"].encode())
        verify_inclusion(leaf, each["number"], checkpoint.size, hashes, checkpoint.root)
    read = acts(world, "audit_read")[-1]
    assert (read.by, read.organisation, read.count) == ("user", "", checkpoint.size)
    manager = world.user("data_manager", a.organisation_id)
    for person in (world.user("operator"), manager):
        assert person.send("GET", "/v1/audit/entries").status_code == 403
    beyond = {"number": checkpoint.size, "size": checkpoint.size}
    assert officer.send("GET", "/v1/audit/proofs/inclusion", params=beyond).status_code == 404


def cosign(partner: Any, checkpoint: Checkpoint, key: SigningKey, **changed: Any) -> Any:
    """Cosign a checkpoint over HTTP."""
    line = checkpoint.cosigned(key, 1_790_000_000).line.rstrip("\n")
    body = {"size": checkpoint.size, "witness_key": key.verifier.text, "signature": line, **changed}
    return partner.send("POST", "/v1/audit/cosignatures", json=body)


def witness(name: str = "casematch-agent/1") -> SigningKey:
    """Return a new witness's key."""
    return SigningKey(name, Algorithm.COSIGNATURE, secrets.token_bytes(32))


def test_cosignatures_stand_below_their_checkpoint(world: Any) -> None:
    """Of every partner; the same again changes nothing."""
    a, b = world.join("a"), world.join("b")
    checkpoint = head(a)
    keys = [witness("w1"), witness("w2")]
    for partner, key in zip((a, b, a), (*keys, keys[0]), strict=True):
        assert cosign(partner, checkpoint, key).status_code == 204
    note = Note.read(a.send("GET", "/v1/audit/checkpoint").json()["note"])
    assert [each.name for each in note.signatures[1:]] == ["w1", "w2"]
    assert len(acts(world, "audit_cosign")) == 2


def test_a_false_cosignature_is_refused(world: Any) -> None:
    """Of another text, another key, another kind of key, another size, or no signature at all."""
    a, b = world.join("a"), world.join("b")
    checkpoint, key = head(a), witness()
    other = Checkpoint(checkpoint.origin, checkpoint.size, bytes(32))
    line = other.cosigned(key, 1).line.rstrip("\n")
    plain = SigningKey(key.verifier.name, Algorithm.NOTE, bytes(32))
    wrong = [
        ({"signature": line}, 422),
        ({"signature": "x"}, 422),
        ({"witness_key": witness().verifier.text}, 422),
        ({"witness_key": plain.verifier.text}, 422),
        ({"witness_key": "x"}, 422),
        ({"size": checkpoint.size + 1}, 404),
    ]
    for changed, status in wrong:
        assert cosign(a, checkpoint, key, **changed).status_code == status, changed
    assert cosign(a, checkpoint, key).status_code == 204
    assert cosign(b, checkpoint, key).status_code == 409
    for number in range(4):
        assert cosign(a, checkpoint, witness(f"w{number}")).status_code == 204
    assert cosign(a, checkpoint, witness("w5")).status_code == 409
