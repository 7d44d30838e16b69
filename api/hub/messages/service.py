"""
Sealed messages: the hub passes boxes on, and deletes them when they are acknowledged or over; hub.

Who wrote a message, and that nobody else has read it, the agents see to: the box is sealed to the recipient's key, and
signed inside. Why so: docs/decisions/0015.
"""

from datetime import timedelta

from sqlalchemy import Connection

from api.hub.audit import log
from api.hub.audit.acts import Act, Kind, told
from api.hub.context import Hub
from api.hub.errors import ConflictError, NotFoundError, UnreadableError
from api.hub.messages import repository
from api.hub.policy import Action, Member, Rung
from api.hub.referrals.reaching import reach, reach_out
from api.hub.webhooks.service import announce
from api.wire.audit.errors import AuditError
from api.wire.problems import Fault
from api.wire.sealed import (
    MESSAGE_DAYS,
    MESSAGES_PER_PAGE,
    MOST_WAITING,
    Acknowledgement,
    NewSealedMessage,
    OpenedKey,
    SealedMessage,
    SealedMessages,
    SealingKey,
    SentMessage,
    open_sealing_key,
    read_box,
    write_box,
)
from api.wire.statements import Purpose
from api.wire.webhooks import EventType


def publish_key(hub: Hub, member: Member, published: SealingKey, *, is_new_identity: bool) -> SealingKey:
    """
    Publish an organisation's sealing key in place of its earlier one; the same again changes nothing.

    Args:
        hub: the hub.
        member: who publishes.
        published: signed by its identity.
        is_new_identity: whether it may be of another identity than before, as after the vault was lost.

    Raises:
        UnreadableError: it is no sealing key of this project, or not signed.
        ConflictError: of another identity, or older than the one that is published.
        UnavailableError: it cannot be written down.
    """
    opened, owner = _opened(member, published), (member.project_id, member.organisation_id)
    with hub.database.writing(member.project_id) as connection:
        earlier = repository.sealing_key(connection, owner)
        is_same_identity = earlier is None or earlier.identity == published.identity
        if not is_same_identity and not is_new_identity:
            raise ConflictError("another identity of this organisation is published", code="other_identity")
        if earlier is not None and is_same_identity and opened.number < earlier.number:
            raise ConflictError("a later sealing key is published", code="old_sealing_key")
        values = {"identity": published.identity, "number": opened.number, "note": published.note}
        repository.set_sealing_key(connection, owner, values)
        decision = "published" if is_same_identity else "replaced"
        log.append(connection, hub, member, [Act(Action.SEALING_KEY_PUBLISH, decision)])
    return published


def key_of_other_side(hub: Hub, member: Member, match_id: str) -> SealingKey:
    """
    Return the sealing key of the other side of a match.

    Raises:
        NotFoundError: there is no such match to which this organisation is a party, or no key is published.
        ConflictError: the match is void, or the other side has not granted D3.
        RefusedError: the focal point stands between the two.
        UnavailableError: the answer cannot be written down.
    """
    with hub.database.writing() as connection:
        found = reach(connection, hub, member, match_id, Action.SEALING_KEY_READ)
        row = repository.sealing_key(connection, (member.project_id, found.other_id))
        if row is None:
            raise NotFoundError
        objects = [(found.purpose, match_id)]
        acts = told(Action.SEALING_KEY_READ, "answered", Rung.D3, Kind.MATCH, objects)
        log.append(connection, hub, member, acts)
    return SealingKey(identity=row.identity, note=row.note)


def send(hub: Hub, member: Member, match_id: str, wanted: NewSealedMessage) -> SentMessage:
    """
    Keep a message for the other side of a match; the same id again is the same message.

    Raises:
        UnreadableError: the box is not of one of the fixed sizes.
        NotFoundError: there is no such match to which this organisation is a party.
        ConflictError: the match is void, D3 is not granted, the mailbox is full, or the id stands for another message.
        RefusedError: the focal point stands between the two.
        UnavailableError: it cannot be written down.
    """
    box = _box(wanted)
    with hub.database.writing(member.project_id) as connection:
        found = reach_out(connection, hub, member, match_id, Action.MESSAGES_SEND)
        repository.drop_expired(connection, member.project_id, hub.today())
        row = repository.message(connection, member.organisation_id, wanted.message_id)
        if row is not None and (row.match_id, bytes(row.box)) != (match_id, box):
            raise ConflictError("the id stands for another message", code="message_id_taken")
        expires_on = hub.today() + timedelta(days=MESSAGE_DAYS) if row is None else row.expires_on
        if row is None:
            _require_room(connection, member, match_id)
            _add(connection, member, (match_id, found.other_id), wanted, (box, expires_on))
            announce(connection, hub, (member.project_id, found.other_id), EventType.MESSAGE_WAITING, match_id)
        act = Act(Action.MESSAGES_SEND, "sent", purposes=(found.purpose,), kind=Kind.MATCH, objects=(match_id,))
        log.append(connection, hub, member, [act])
    return SentMessage(message_id=wanted.message_id, expires_on=expires_on.isoformat())


def waiting(hub: Hub, member: Member) -> SealedMessages:
    """
    Return messages that wait for an organisation, in no order.

    Raises:
        UnavailableError: the answer cannot be written down.
    """
    with hub.database.writing() as connection:
        owner = (member.project_id, member.organisation_id)
        rows = repository.waiting(connection, owner, hub.today(), MESSAGES_PER_PAGE + 1)
        shown = rows[:MESSAGES_PER_PAGE]
        objects = ((Purpose(row.purpose), row.match_id) for row in shown)
        log.append(connection, hub, member, told(Action.MESSAGES_READ, "answered", Rung.D1, Kind.MATCH, objects))
    messages = [
        SealedMessage(
            message_id=row.message_id,
            match_id=row.match_id,
            key_number=row.key_number,
            box=write_box(row.box),
            expires_on=row.expires_on.isoformat(),
        )
        for row in shown
    ]
    return SealedMessages(messages=messages, has_more=len(rows) > MESSAGES_PER_PAGE)


def acknowledge(hub: Hub, member: Member, done: Acknowledgement) -> None:
    """
    Delete messages that their recipient has opened; unknown ones are passed over.

    Raises:
        UnavailableError: it cannot be written down.
    """
    with hub.database.writing() as connection:
        owner = (member.project_id, member.organisation_id)
        number = repository.acknowledge(connection, owner, done.message_ids)
        log.append(connection, hub, member, [Act(Action.MESSAGES_READ, "acknowledged", count=number)])


def expire(hub: Hub, project_id: str) -> None:
    """Delete the messages of a project that are over."""
    with hub.database.writing() as connection:
        repository.drop_expired(connection, project_id, hub.today())


def _opened(member: Member, published: SealingKey) -> OpenedKey:
    """Verify a key before it is published, so that nobody pins what is broken."""
    opened: OpenedKey | None = None
    try:
        opened = open_sealing_key(published, member.project_id)
    except AuditError:
        opened = None
    if opened is None:
        faults = [Fault(where="/note", code="sealing_key_malformed")]
        raise UnreadableError("not a signed sealing key of this project", code="sealing_key_malformed", faults=faults)
    return opened


def _box(wanted: NewSealedMessage) -> bytes:
    """Read a box."""
    box = read_box(wanted.box)
    if not box:
        faults = [Fault(where="/box", code="malformed_box")]
        raise UnreadableError("not a box of one of the fixed sizes", code="malformed_box", faults=faults)
    return box


def _require_room(connection: Connection, member: Member, match_id: str) -> None:
    """Refuse to fill up the other side's mailbox."""
    if repository.count_waiting(connection, match_id, member.organisation_id) >= MOST_WAITING:
        raise ConflictError("the other side has not fetched what waits for it", code="mailbox_full")


def _add(
    connection: Connection,
    member: Member,
    way: tuple[str, str],
    wanted: NewSealedMessage,
    kept: tuple[bytes, object],
) -> None:
    """Keep a message: its way is match and recipient, kept are box and end."""
    repository.add_message(
        connection,
        {
            "sender_id": member.organisation_id,
            "message_id": wanted.message_id,
            "match_id": way[0],
            "project_id": member.project_id,
            "recipient_id": way[1],
            "key_number": wanted.key_number,
            "box": kept[0],
            "expires_on": kept[1],
        },
    )
