"""Referrals from the partner's side: offer one for a case, answer others', and hear what became of them."""

from collections.abc import Callable
from enum import StrEnum

from api.agent import sealed_keys
from api.agent.client import HubClient
from api.agent.consent_end import today
from api.agent.errors import UnknownCaseError
from api.agent.sealed_messages import require_not_withheld
from api.agent.session import Session
from api.agent.vault.meetings import CaseMatch
from api.wire.referrals import NewReferral, Referral

REFERRALS_CURSOR = "referrals_cursor"


class Answer(StrEnum):
    """What can be said to a referral."""

    ACCEPT = "accept"
    DECLINE = "decline"
    COMPLETE = "complete"
    REVOKE = "revoke"


def refer(session: Session, client: HubClient, match: CaseMatch, service: str, days: int) -> Referral:
    """
    Offer a referral to the other side of a match, with a mailbox to answer to.

    Args:
        session: the agent.
        client: of its hub.
        match: of the case.
        service: code of what is asked for.
        days: until the offer ends.

    Raises:
        WithheldError: consent keeps the case from the other side.
        HubRefusalError: D3 is not granted by both sides.
    """
    require_not_withheld(session, match)
    sealed_keys.publish(session, client, today())
    made = client.offer_referral(NewReferral(match_id=match.match_id, service=service, days=days))
    with session.vault.transaction():
        session.vault.referrals.write([made])
    return made


def poll(session: Session, client: HubClient) -> int:
    """Keep what is new of referrals; returns how many were told."""
    vault, told = session.vault, 0
    for referrals, cursor in client.referrals(vault.settings.read(REFERRALS_CURSOR)):
        with vault.transaction():
            vault.referrals.write(referrals)
            vault.settings.write(REFERRALS_CURSOR, cursor)
        told += len(referrals)
    return told


def answer(session: Session, client: HubClient, referral_id: str, what: Answer) -> Referral:
    """
    Accept, decline, complete or revoke.

    Args:
        session: the agent.
        client: of its hub.
        referral_id: its beginning, as `casematch agent referrals list` shows it.
        what: to say.

    Raises:
        UnknownCaseError: no referral begins so, or several.
        HubRefusalError: it is the other side's to say, or too late.
    """
    found = [each for _, each in session.vault.referrals.all() if each.referral_id.startswith(referral_id)]
    if len(found) != 1 or not referral_id:
        advice = "See `casematch agent referrals list`."
        raise UnknownCaseError("no such referral", code="no_referral", where="referral", advice=advice)
    ways: dict[Answer, Callable[[str], Referral]] = {
        Answer.ACCEPT: client.accept_referral,
        Answer.DECLINE: client.decline_referral,
        Answer.COMPLETE: client.complete_referral,
        Answer.REVOKE: client.revoke_referral,
    }
    told = ways[what](found[0].referral_id)
    with session.vault.transaction():
        session.vault.referrals.write([told])
    return told
