"""Sending sealed messages, fetching and opening those that wait; on the partner's premises."""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from api.agent import sealed_keys
from api.agent.client import HubClient
from api.agent.consent_end import today
from api.agent.errors import HubRefusalError, MessageError, WithheldError
from api.agent.sealed_box import Way, Written, open_box, seal
from api.agent.session import Session
from api.agent.sync import withholds
from api.agent.vault.mailboxes import KeptMessage
from api.agent.vault.meetings import CaseMatch
from api.wire.audit.notes import SigningKey
from api.wire.sealed import Acknowledgement, NewSealedMessage, SealedMessage, read_box, write_box


@dataclass(frozen=True, slots=True)
class Fetched:
    """
    What was fetched.

    Attributes:
        opened: kept in the vault now, and deleted at the hub.
        unreadable: could not be opened or were not written by the other side; deleted at the hub.
        held_back: stay at the hub: the sender's identity has to be accepted first, or the match is not known here yet.
    """

    opened: int = 0
    unreadable: int = 0
    held_back: int = 0


def require_not_withheld(session: Session, match: CaseMatch) -> None:
    """
    Refuse to reach out to a class from which consent withholds a case.

    Raises:
        WithheldError: it does, or perhaps does, as the class is not told.
    """
    if withholds(session, match.case_ref, match.other_class):
        advice = "Ask the person, then `casematch agent consent give CASE` without this class."
        raise WithheldError("consent keeps it from the other side", code="withheld", where="case", advice=advice)


def send(
    session: Session, client: HubClient, match: CaseMatch, text: str, now: Callable[[], float] = time.time
) -> KeptMessage:
    """
    Send a message to the other side of a match, and keep it.

    Raises:
        WithheldError: consent keeps the case from the other side.
        MessageError: it is too long, or the other side's key is not the pinned one.
        HubRefusalError: D3 is not granted, or the other side has no mailbox yet.
    """
    require_not_withheld(session, match)
    identity = sealed_keys.publish(session, client, today())
    other = sealed_keys.other_side(session, client, match.match_id)
    message_id, written = str(uuid.uuid4()), Written(text, int(now()))
    way = Way(session.project.project_id, match.match_id, message_id, identity.verifier, other.identity)
    box = write_box(seal(written, way, identity, other.public))
    client.send_message(match.match_id, NewSealedMessage(message_id=message_id, key_number=other.number, box=box))
    kept = KeptMessage(message_id, match.match_id, True, text, written.written_at, True)  # noqa: FBT003 - a row
    with session.vault.transaction():
        session.vault.mailboxes.add_message(kept)
    return kept


def fetch(session: Session, client: HubClient) -> Fetched:
    """
    Fetch what waits, open it, keep it, and have it deleted at the hub.

    Raises:
        HubUnreachableError: no answer; what is kept already is kept.
        HubRefusalError: the hub refused.
    """
    identity = sealed_keys.publish(session, client, today())
    opened = unreadable = 0
    held_back: set[str] = set()
    has_more = True
    while has_more:
        page = client.messages()
        found = {each.message_id: _open(session, client, identity, each) for each in page.messages}
        done = [name for name, message in found.items() if message is not None]
        with session.vault.transaction():
            for message in found.values():
                if isinstance(message, KeptMessage):
                    session.vault.mailboxes.add_message(message)
        if done:
            client.acknowledge_messages(Acknowledgement(message_ids=done))
        opened += sum(isinstance(message, KeptMessage) for message in found.values())
        unreadable += sum(isinstance(message, MessageError) for message in found.values())
        held_back |= found.keys() - set(done)
        has_more = page.has_more and bool(done)
    return Fetched(opened, unreadable, len(held_back))


def _open(
    session: Session, client: HubClient, identity: SigningKey, message: SealedMessage
) -> KeptMessage | MessageError | None:
    """Open a message; the error when it never can be, None when it has to wait at the hub."""
    mailboxes = session.vault.mailboxes
    if not mailboxes.knows(message.match_id):
        return None
    try:
        sender = sealed_keys.other_side(session, client, message.match_id).identity
    except (MessageError, HubRefusalError):
        return None
    keys = {key.number: key.private for key in mailboxes.own_keys()}
    way = Way(session.project.project_id, message.match_id, message.message_id, sender, identity.verifier)
    if message.key_number not in keys:
        return MessageError("sealed to a key that is gone", code="message_unopened", where="message")
    try:
        written = open_box(read_box(message.box), way, keys[message.key_number])
    except MessageError as error:
        return error
    place = (message.message_id, message.match_id)
    return KeptMessage(*place, is_own=False, text=written.text, written_at=written.written_at, is_read=False)
