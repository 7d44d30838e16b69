"""What is asked of the log: its checkpoint, proofs, cosignatures and entries, and who learnt of an object; hub."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from api.hub.audit import repository
from api.hub.audit.acts import Act, Kind, tag
from api.hub.audit.log import append, publish
from api.hub.context import Hub
from api.hub.cursors import read_cursor, write_cursor
from api.hub.errors import ConflictError, NotFoundError, UnavailableError, UnreadableError
from api.hub.policy import Action, Actor, Member
from api.wire.audit.checkpoint import Checkpoint, verify_cosignature
from api.wire.audit.errors import AuditError
from api.wire.audit.leaves import Leaf
from api.wire.audit.messages import (
    ConsistencyProof,
    Cosignature,
    InclusionProof,
    LogEntry,
    LogPage,
    SignedCheckpoint,
)
from api.wire.audit.notes import Algorithm, NoteSignature, VerifierKey, read_signature
from api.wire.audit.tree import Span, consistency_spans, inclusion_spans, nodes_of, span_hash
from api.wire.problems import Fault

PAGE = 500  # entries in one answer
COSIGNATURES_OF_ONE = 5  # of one organisation below one checkpoint, so that nobody fills a note alone
COSIGNATURES_SHOWN = 150  # a note of them stays below the limit of its length
_CURSOR = ("audit",)


@dataclass(frozen=True, slots=True)
class Standing:
    """
    How the log stands, for the operator.

    Attributes:
        size: entries, those not published yet among them.
        published: entries of the newest checkpoint; 0 when there is none.
        published_on: its day.
    """

    size: int
    published: int
    published_on: date | None


def standing(hub: Hub) -> Standing:
    """Return how the log stands; nothing is published."""
    with hub.database.reading() as connection:
        newest = repository.last_checkpoint(connection)
        size = repository.size(connection)
    if newest is None:
        return Standing(size, 0, None)
    return Standing(size, newest.size, newest.published_on)


def checkpoint(hub: Hub) -> SignedCheckpoint:
    """
    Return the log as it was last published; the first to ask on a day has it published.

    Raises:
        UnavailableError: it cannot be written.
    """
    with hub.database.reading() as connection:
        newest = repository.last_checkpoint(connection)
    if newest is None or newest.published_on < hub.today():
        with hub.database.writing() as connection:
            publish(connection, hub.today(), hub.settings.audit_bucket)
    with hub.database.reading() as connection:
        newest = repository.last_checkpoint(connection)
        if newest is None:
            raise NotFoundError
        lines = repository.cosignatures(connection, newest.size)[:COSIGNATURES_SHOWN]
    log_key = hub.log_key
    note = Checkpoint(log_key.verifier.name, newest.size, bytes(newest.root)).signed(log_key)
    note = note.signed_also(read_signature(row.signature.decode()) for row in lines)
    return SignedCheckpoint(note=str(note), log_key=log_key.verifier.text)


def consistency(hub: Hub, old: int, new: int) -> ConsistencyProof:
    """
    Prove that a published log began as an earlier one.

    Raises:
        NotFoundError: one of the sizes was never published, or they are in the wrong order.
    """
    with hub.database.reading() as connection:
        published = [repository.root_at(connection, size) is not None for size in (old, new)]
        if not all(published) or old > new:
            raise NotFoundError
        hashes = _hashes(connection, consistency_spans(old, new))
    return ConsistencyProof(old=old, new=new, hashes=hashes)


def inclusion(hub: Hub, number: int, size: int) -> InclusionProof:
    """
    Prove that an entry stands in a published log.

    Raises:
        NotFoundError: the size was never published, or the entry came later.
    """
    with hub.database.reading() as connection:
        if repository.root_at(connection, size) is None or number >= size:
            raise NotFoundError
        hashes = _hashes(connection, inclusion_spans(number, size))
    return InclusionProof(number=number, size=size, hashes=hashes)


def cosign(hub: Hub, member: Member, given: Cosignature) -> None:
    """
    Keep a witness's cosignature below its checkpoint; the same again changes nothing.

    The name of a witness is its organisation's from its first cosignature on: names stand in the open below each
    checkpoint, and who took another's name first on a new day would keep it from witnessing.

    Raises:
        UnreadableError: it is no good cosignature of that checkpoint.
        NotFoundError: there is no such checkpoint.
        ConflictError: the organisation has enough of them below it, or the witness is another organisation's.
    """
    with hub.database.writing() as connection:
        root = repository.root_at(connection, given.size)
        if root is None:
            raise NotFoundError
        signature = _verified(Checkpoint(hub.log_key.verifier.name, given.size, root), given)
        kept = repository.cosignatures(connection, given.size)
        if any((row.witness, row.organisation_id) == (signature.name, member.organisation_id) for row in kept):
            return
        own = [row for row in kept if row.organisation_id == member.organisation_id]
        owner = repository.owner_of_witness(connection, signature.name)
        if len(own) >= COSIGNATURES_OF_ONE or owner not in {None, member.organisation_id}:
            raise ConflictError("no further cosignature is taken here", code="cosignature_refused")
        line = signature.line.rstrip("\n").encode()
        repository.add_cosignature(connection, given.size, signature.name, member.organisation_id, line)
        append(connection, hub, member, [Act(Action.AUDIT_COSIGN, "cosigned")])


def entries(hub: Hub, actor: Actor, cursor: str) -> LogPage:
    """
    Return entries of the log after a cursor, in order; that they were read is itself an entry.

    Raises:
        UnreadableError: the cursor is none of this hub's.
        UnavailableError: the reading cannot be written down.
    """
    first = read_cursor(hub.key, _CURSOR, cursor)
    with hub.database.writing() as connection:
        rows = repository.entries_from(connection, first, PAGE + 1)
        shown = [LogEntry(number=row.number, leaf=row.leaf) for row in rows[:PAGE]]
        if shown:
            append(connection, hub, actor, [Act(Action.AUDIT_READ, "answered", count=len(shown))])
    after = shown[-1].number + 1 if shown else first
    return LogPage(entries=shown, next_cursor=write_cursor(hub.key, _CURSOR, after), has_more=len(rows) > PAGE)


def leaves(hub: Hub, actor: Actor, size: int) -> Iterator[str]:
    """
    Return the first leaves of the log; that they were exported is an entry of its rest.

    Raises:
        UnavailableError: the export cannot be written down.
    """
    with hub.database.writing() as connection:
        append(connection, hub, actor, [Act(Action.AUDIT_READ, "exported", count=size)])
    first = 0
    while first < size:
        with hub.database.reading() as connection:
            rows = repository.entries_from(connection, first, PAGE)
        yield from (row.leaf for row in rows if row.number < size)
        first = rows[-1].number + 1 if rows else size


def acts_about(connection: Connection, hub: Hub, named: Mapping[Kind, Sequence[str]]) -> list[tuple[Kind, str, Leaf]]:
    """
    Return what the log has about objects: kind, id and leaf of each act, oldest first.

    Raises:
        UnavailableError: the log cannot be read.
    """
    by_tag = {tag(hub.key, kind, name): (kind, name) for kind, names in named.items() for name in names}
    rows: list[tuple[bytes, str]] | None = None
    try:
        rows = repository.leaves_about(connection, list(by_tag))
    except SQLAlchemyError:
        rows = None
    if rows is None:
        raise UnavailableError("the audit log cannot be read, so nothing is told", code="audit_unavailable")
    return [(*by_tag[about], Leaf.model_validate_json(leaf)) for about, leaf in rows]


def _hashes(connection: Connection, spans: Sequence[Span]) -> list[str]:
    """Return the hashes over spans of leaves."""
    found = repository.node_hashes(connection, (node for span in spans for node in nodes_of(span)))
    return [span_hash(span, found.__getitem__).hex() for span in spans]


def _verified(signed: Checkpoint, given: Cosignature) -> NoteSignature:
    """Check a cosignature; the agent's mistake is told without its value."""
    fault = ""
    signature: NoteSignature | None = None
    try:
        key = VerifierKey.read(given.witness_key)
        signature = read_signature(given.signature)
        if key.algorithm is not Algorithm.COSIGNATURE:
            fault = "key_malformed"
        verify_cosignature(signed, signature, key)
    except AuditError as error:
        fault = error.code
    if fault or signature is None:
        faults = [Fault(where="body/signature", code=fault)]
        raise UnreadableError("not a good cosignature of this checkpoint", code="cosignature_false", faults=faults)
    return signature
