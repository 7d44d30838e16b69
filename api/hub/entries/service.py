"""
Entries are filed, meet others, and are erased; hub.

The answer to a filing is always the same, whether or not anything met; see `docs/decisions/0002` for who learns of a
meeting, and when.
"""

import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from api.hub.audit import log
from api.hub.audit.acts import HUB, Act, HubAct, Kind
from api.hub.context import Hub
from api.hub.entries import repository
from api.hub.entries.asking import Question, admit, ask, is_decoy, look_up
from api.hub.entries.filing import Row, entry_digest, read_rows, require_same_rows, unreadable
from api.hub.kept import repository as kept
from api.hub.kept.entry import KeptEntry
from api.hub.matches import service as matches
from api.hub.meetings import service as meetings
from api.hub.meetings.newcomers import Filing
from api.hub.policy import Action, Member, require
from api.hub.projects.service import agreement, first_month
from api.hub.watch import service as watch
from api.wire.audit.leaves import Leaf
from api.wire.audit.receipts import ErasureStatement, entries_digest
from api.wire.audit.tree import leaf_hash
from api.wire.batches import BatchHead, Receipt, unpack_head
from api.wire.erasures import ErasureReceipt, ErasureRequest
from api.wire.statements import Statement
from matcher.errors import MalformedEncodingError


def file(hub: Hub, member: Member, body: bytes) -> Receipt:
    """
    File a batch of entries, and let them meet those of other organisations.

    Entries are known by their id for ever: the same one again changes nothing, even when it was erased since.

    Raises:
        UnreadableError: the body is no batch of this project's schema.
        ConflictError: unlike envelope, retired epoch, unknown purpose, or an entry filed before with other content.
        NotAllowedError: this class of organisation does not file for the purpose.
        RefusedError: the police's statement is not covered by an approval.
        TooManyError: the quota is used up.
        UnavailableError: the filing cannot be written down.
    """
    started, receipt_id = time.monotonic(), str(uuid.uuid4())
    head, offset = _read_head(body)
    require(member, Action.ENTRIES_FILE, purpose=head.statement.purpose)
    with hub.database.reading() as connection:
        terms = agreement(connection, member.project_id, head.envelope)
    rows = read_rows(hub, member, terms, head, body, offset)
    with hub.database.writing(member.project_id) as connection:
        terms = agreement(connection, member.project_id, head.envelope)
        expired = _expire(connection, hub, member.project_id)
        newcomers = _never_filed(connection, hub, rows)
        plants = is_decoy(connection, member)
        question = look_up(connection, hub, member, newcomers)
        signs = [] if plants else admit(connection, hub, member, head.statement, question)
        _keep(connection, hub, member, head, question)
        if not plants:
            signs += ask(connection, hub, Filing(member, head.statement.purpose, terms.schema), question)
        log.append(connection, hub, HUB, _expiry(expired), member.project_id)
        log.append(connection, hub, member, _filed(head.statement, receipt_id, len(rows)))
    watch.announce(signs)
    wait_for_quantum(started, hub.settings.answer_quantum_ms / 1000)
    return Receipt(receipt_id=receipt_id)


def erase(hub: Hub, member: Member, request: ErasureRequest) -> ErasureReceipt:
    """
    Erase an organisation's own entries with all that was built on them; others and unknown ones are passed over.

    The answer leaves at a multiple of the quantum, as a filing's does: to erase an entry takes longer when it has met
    somebody, and whoever filed it may not know yet.
    """
    started = time.monotonic()
    entry_ids = [bytes.fromhex(entry_id) for entry_id in set(request.entry_ids)]
    receipt_id, today = str(uuid.uuid4()), hub.today()
    with hub.database.writing(member.project_id) as connection:
        own = _own(connection, hub, member, entry_ids)
        signs = watch.watch_erasure(connection, hub, member, sum(entry.arrived_on == today for entry in own))
        _forget(connection, hub, member.project_id, own)
        repository.add_erasure(connection, receipt_id, member.project_id, member.organisation_id, today)
        erased = Act(Action.ENTRIES_ERASE, "erased", kind=Kind.ERASURE, objects=(receipt_id,), count=len(own))
        (leaf,) = log.append(connection, hub, member, [erased])
    watch.announce(signs)
    hub.database.forget_old_pages()
    note = _receipt_note(hub, receipt_id, leaf, entry_ids)
    wait_for_quantum(started, hub.settings.answer_quantum_ms / 1000)
    return ErasureReceipt(receipt_id=receipt_id, erased_on=today.isoformat(), note=note)


def _receipt_note(hub: Hub, receipt_id: str, leaf: Leaf, entry_ids: Iterable[bytes]) -> str:
    """Sign which entries were asked to be erased, by their digest, and which leaf of the log says so."""
    name, hashed = hub.log_key.verifier.name, leaf_hash(leaf.canonical().encode()).hex()
    return str(ErasureStatement(name, receipt_id, leaf.day, entries_digest(entry_ids), hashed).signed(hub.log_key))


def expire_some(hub: Hub, project_id: str) -> int:
    """Erase some entries whose month is over, as if their organisations had asked; return how many."""
    with hub.database.writing(project_id) as connection:
        watch.forget_day(connection, hub, project_id)
        expired = _expire(connection, hub, project_id)
        log.append(connection, hub, HUB, _expiry(expired), project_id)
    return expired


def wait_for_quantum(started: float, quantum: float) -> None:
    """Wait until the time since `started` is a multiple of the quantum, in seconds: time must not tell what met."""
    if quantum:
        time.sleep(quantum - (time.monotonic() - started) % quantum)


def _expire(connection: Connection, hub: Hub, project_id: str) -> int:
    """Erase some expired entries inside a transaction."""
    months = range(first_month(connection, project_id), hub.month)
    over = kept.expired(connection, hub.key, project_id, months)
    _forget(connection, hub, project_id, over)
    meetings.end_releases(connection, hub, project_id)
    return len(over)


def _expiry(count: int) -> list[Act]:
    """Say that entries have expired, if any have."""
    return [Act(HubAct.ENTRIES_EXPIRE, "expired", count=count)] if count else []


def _filed(statement: Statement, receipt_id: str, count: int) -> list[Act]:
    """
    Say that a batch came, under which statement; what met is told by who hears of it, later.

    The police's case and its supervisor's approval are acts of their own, with the lawful basis as their reason.
    """
    received = Act(
        Action.ENTRIES_FILE,
        "received",
        purposes=(statement.purpose,),
        reason=statement.reason,
        kind=Kind.BATCH,
        objects=(receipt_id,),
        count=count,
    )
    further = (("for_case", Kind.CASE, statement.case_tag), ("approved", Kind.APPROVAL, statement.approval_id))
    basis = statement.lawful_basis or ""
    return [received] + [
        replace(received, decision=decision, reason=basis, kind=kind, objects=(name,), count=0)
        for decision, kind, name in further
        if name is not None
    ]


def _read_head(body: bytes) -> tuple[BatchHead, int]:
    """Read the head, and turn the library's error into the hub's."""
    fault: MalformedEncodingError | None = None
    try:
        return unpack_head(body)
    except MalformedEncodingError as error:
        fault = error
    raise unreadable(fault)


def _never_filed(connection: Connection, hub: Hub, rows: Sequence[Row]) -> list[Row]:
    """Return the rows that were never filed before; refuse those that were, with other content."""
    entry_ids = [row.newcomer.entry_id for row in rows]
    digests = {entry_digest(hub.key, entry_id): entry_id for entry_id in entry_ids}
    erased = repository.erased_digests(connection, list(digests))
    on_file = {name: entry.row_digest for name, entry in kept.find(connection, hub.key, entry_ids).items()}
    on_file |= {digests[digest]: row_digest for digest, row_digest in erased.items()}
    require_same_rows(rows, on_file)
    return [row for row in rows if row.newcomer.entry_id not in on_file]


def _keep(connection: Connection, hub: Hub, member: Member, head: BatchHead, question: Question) -> None:
    """Keep new rows. Of the statement, purpose and reason: a case tag would say which entries belong together."""
    statement = head.statement
    statement_id = repository.statement_id(
        connection, member.project_id, member.organisation_id, statement.purpose.value, statement.reason
    )
    today = hub.today()
    entries = [row.kept(statement_id, today) for row in question.rows]
    seats = kept.free_seats(entries, (entry for entry, _ in question.found))
    kept.add(connection, hub.key, member.project_id, entries, seats)


def _own(connection: Connection, hub: Hub, member: Member, entry_ids: Sequence[bytes]) -> list[KeptEntry]:
    """Return those of the entries that an organisation has on file in its project."""
    filers = kept.filers(connection, member.project_id)
    own = {name for name, filer in filers.items() if filer.organisation_id == member.organisation_id}
    return [entry for entry in kept.find(connection, hub.key, entry_ids).values() if entry.statement_id in own]


def _forget(connection: Connection, hub: Hub, project_id: str, entries: Sequence[KeptEntry]) -> None:
    """Erase entries, the meetings in which they stand, and the matches that stood on those alone."""
    if not entries:
        return
    entry_ids = [entry.entry_id for entry in entries]
    matches.void(connection, hub, project_id, meetings.meetings_of(connection, hub, entry_ids))
    meetings.void(connection, hub, project_id, entry_ids)
    kept.drop(connection, hub.key, entries)
    tombs = (
        {"entry_digest": entry_digest(hub.key, entry.entry_id), "row_digest": entry.row_digest} for entry in entries
    )
    repository.add_tombs(connection, tombs)
