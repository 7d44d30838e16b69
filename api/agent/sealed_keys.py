"""
An agent's own sealing keys, and the identities of other sides; on the partner's premises.

The identity, an Ed25519 key, is made once and lies in the vault; it signs sealing keys and messages. A sealing key is
replaced every three months and forgotten when nothing sealed to it can be left at the hub. The other side's identity is
pinned at its first sight, match by match, and people compare fingerprints by another way; another identity is never
taken without a person's word.
"""

import hashlib
import itertools
from dataclasses import dataclass
from datetime import date, timedelta

from api.agent.client import HubClient
from api.agent.errors import MessageError
from api.agent.sealed_box import new_sealing_key, public_sealing_key
from api.agent.session import Session
from api.agent.signing_keys import signing_key
from api.agent.vault.mailboxes import OwnKey, Pinned
from api.agent.vault.settings import Settings
from api.wire.audit.errors import AuditError
from api.wire.audit.notes import Algorithm, SigningKey
from api.wire.sealed import MESSAGE_DAYS, OpenedKey, open_sealing_key, sign_sealing_key

KEY_DAYS = 90
KEPT_DAYS = MESSAGE_DAYS + 7  # after a key is replaced: a message to it may be as old, and an agent a week behind
_IDENTITY = "mailbox_identity"
_FINGERPRINT_BYTES = 16
_COMPARE = (
    "Compare fingerprints with the other side by telephone: `casematch agent keys CASE`. If they agree, "
    "`casematch agent keys CASE --accept`. If not, do not go on: the hub may be showing a key of its own."
)


@dataclass(frozen=True, slots=True)
class Shown:
    """Fingerprints to compare: of this agent, of the other side as pinned, and as the hub shows it now."""

    own: str
    pinned: str
    now: str


def fingerprint(identity: str) -> str:
    """Return what people compare of an identity: 8 groups of 4 hex digits."""
    digest = hashlib.sha256(identity.encode()).digest()[:_FINGERPRINT_BYTES].hex()
    return " ".join(digest[place : place + 4] for place in range(0, len(digest), 4))


def own_identity(settings: Settings) -> SigningKey:
    """Return this agent's identity; made at the first call."""
    return signing_key(settings, _IDENTITY, "casematch-mailbox", Algorithm.NOTE)


def publish(
    session: Session, client: HubClient, today: date, *, is_rotated: bool = False, is_new_identity: bool = False
) -> SigningKey:
    """
    See that the hub has a sealing key of this agent that is not too old; returns the identity.

    Args:
        session: the agent.
        client: of its hub.
        today: the day.
        is_rotated: make a new key in any case.
        is_new_identity: take the place of another agent of this organisation, as after its vault was lost.

    Raises:
        HubRefusalError: another agent of this organisation has published its key.
    """
    mailboxes = session.vault.mailboxes
    with session.vault.transaction():
        identity = own_identity(session.vault.settings)
        key = _newest(session, today, is_rotated=is_rotated)
        for old in _forgettable(mailboxes.own_keys(), today):
            mailboxes.drop_key(old)
    if not key.is_published or is_new_identity:
        project_id = session.project.project_id
        published = sign_sealing_key(identity, project_id, key.number, public_sealing_key(key.private))
        send = client.replace_sealing_identity if is_new_identity else client.publish_sealing_key
        send(published)
        with session.vault.transaction():
            mailboxes.set_published(key.number)
    return identity


def other_side(session: Session, client: HubClient, match_id: str) -> OpenedKey:
    """
    Return the verified sealing key of the other side of a match, and pin its identity at the first sight.

    Raises:
        MessageError: it is not signed, of another identity than the pinned one, or older than the last.
        HubRefusalError: the other side has published none, or has not granted D3.
    """
    opened, mailboxes = _shown(session, client, match_id), session.vault.mailboxes
    pinned = mailboxes.pinned(match_id)
    if pinned is not None and pinned.identity != opened.identity.text:
        raise MessageError("the other side shows another identity", code="key_changed", where="key", advice=_COMPARE)
    if pinned is not None and opened.number < pinned.number:
        raise MessageError("an earlier key of the other side is shown", code="key_older", where="key", advice=_COMPARE)
    with session.vault.transaction():
        mailboxes.pin(match_id, Pinned(opened.identity.text, opened.number))
    return opened


def compare(session: Session, client: HubClient, match_id: str, *, is_accepted: bool) -> Shown:
    """
    Return fingerprints to compare with the other side of a match; pin what the hub shows now if a person says so.

    Raises:
        MessageError: what the hub shows is no signed key.
        HubRefusalError: the other side has published none, or has not granted D3.
    """
    opened, mailboxes = _shown(session, client, match_id), session.vault.mailboxes
    with session.vault.transaction():
        own = own_identity(session.vault.settings).verifier.text
        if is_accepted or mailboxes.pinned(match_id) is None:
            mailboxes.pin(match_id, Pinned(opened.identity.text, opened.number))
        pinned = mailboxes.pinned(match_id)
    text = "" if pinned is None else fingerprint(pinned.identity)
    return Shown(fingerprint(own), text, fingerprint(opened.identity.text))


def _shown(session: Session, client: HubClient, match_id: str) -> OpenedKey:
    """Return what the hub shows, with its signature verified."""
    opened: OpenedKey | None = None
    shown = client.sealing_key(match_id)
    try:
        opened = open_sealing_key(shown, session.project.project_id)
    except AuditError:
        opened = None
    if opened is None:
        raise MessageError("not a signed sealing key", code="key_malformed", where="key", advice=_COMPARE)
    return opened


def _newest(session: Session, today: date, *, is_rotated: bool) -> OwnKey:
    """Return the newest own key, made anew when there is none or it is too old."""
    mailboxes = session.vault.mailboxes
    keys = mailboxes.own_keys()
    oldest_good = (today - timedelta(days=KEY_DAYS)).isoformat()
    if not keys or is_rotated or keys[0].made_on < oldest_good:
        mailboxes.add_key(keys[0].number + 1 if keys else 1, new_sealing_key(), today)
    return mailboxes.own_keys()[0]


def _forgettable(keys: list[OwnKey], today: date) -> list[int]:
    """Return the numbers of keys whose successor, newest first, is older than any message can be."""
    oldest_needed = (today - timedelta(days=KEPT_DAYS)).isoformat()
    return [old.number for new, old in itertools.pairwise(keys) if new.made_on < oldest_needed]
