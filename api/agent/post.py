"""
What the other sides of matches have sent: referrals and sealed messages, fetched with every sync.

On the partner's premises. A mailbox that belongs to another agent of the organisation holds up nothing else.
"""

from dataclasses import dataclass, field

from api.agent import referring, sealed_messages
from api.agent.client import HubClient
from api.agent.errors import HubRefusalError
from api.agent.sealed_messages import Fetched
from api.agent.session import Session
from api.wire.referrals import ReferralState

_OTHER_AGENT = "other_identity"


@dataclass(frozen=True, slots=True)
class Post:
    """
    What was fetched, and what waits.

    Attributes:
        referrals: offers of others that nobody here has answered.
        fetched: messages that came now.
        unread: messages in the vault that were not shown yet, those that came now among them.
        is_of_another: whether another agent of the organisation has the mailbox; nothing was fetched then.
    """

    referrals: int
    fetched: Fetched = field(default_factory=Fetched)
    unread: int = 0
    is_of_another: bool = False


def collect(session: Session, client: HubClient) -> Post:
    """
    Fetch referrals and messages, and count what waits for a person here.

    Raises:
        HubUnreachableError: no answer; what is kept already is kept.
        HubRefusalError: the hub refused.
    """
    referring.poll(session, client)
    offers = sum(not each.is_own and each.state is ReferralState.OFFERED for _, each in session.vault.referrals.all())
    fetched: Fetched | None = None
    try:
        fetched = sealed_messages.fetch(session, client)
    except HubRefusalError as refusal:
        if refusal.code != _OTHER_AGENT:
            raise
    unread = sum(not each.is_read for _, each in session.vault.mailboxes.messages())
    return Post(offers, fetched or Fetched(), unread, is_of_another=fetched is None)
