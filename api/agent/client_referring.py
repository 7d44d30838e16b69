"""Requests on referrals, sealing keys, sealed messages and webhooks, of the typed client; on the partner's premises."""

from collections.abc import Iterator, Sequence

import httpx2

from api.agent.client_connection import HubConnection
from api.wire.referrals import NewReferral, Referral, ReferralPage
from api.wire.sealed import Acknowledgement, NewSealedMessage, SealedMessages, SealingKey, SentMessage
from api.wire.webhooks import IssuedWebhook, NewWebhook, Webhook


class ReferringRequests(HubConnection):
    """What `HubClient` can do about referrals and messages."""

    def offer_referral(self, wanted: NewReferral) -> Referral:
        """Offer a referral to the other side of a match; the same again is the same referral."""
        return self.ask("POST", "/v1/referrals", Referral, wanted)

    def referrals(self, cursor: str) -> Iterator[tuple[Sequence[Referral], str]]:
        """Yield pages of referrals that are new or changed since the cursor, each with the cursor after it."""
        while True:
            path = httpx2.URL("/v1/referrals", params={"cursor": cursor})
            page = self.ask("GET", str(path), ReferralPage)
            cursor = page.next_cursor
            yield page.referrals, cursor
            if not page.has_more:
                return

    def accept_referral(self, referral_id: str) -> Referral:
        """Take an offer."""
        return self.ask("POST", f"/v1/referrals/{referral_id}/accept", Referral)

    def decline_referral(self, referral_id: str) -> Referral:
        """Turn an offer down."""
        return self.ask("POST", f"/v1/referrals/{referral_id}/decline", Referral)

    def complete_referral(self, referral_id: str) -> Referral:
        """Say that what was asked for is done."""
        return self.ask("POST", f"/v1/referrals/{referral_id}/complete", Referral)

    def revoke_referral(self, referral_id: str) -> Referral:
        """Take an own offer back, also after it was accepted."""
        return self.ask("POST", f"/v1/referrals/{referral_id}/revoke", Referral)

    def publish_sealing_key(self, key: SealingKey) -> SealingKey:
        """Publish one's own sealing key; the same again changes nothing."""
        return self.ask("PUT", "/v1/sealing-key", SealingKey, key)

    def replace_sealing_identity(self, key: SealingKey) -> SealingKey:
        """Publish a sealing key of another identity than before; the others have to accept it by hand."""
        return self.ask("POST", "/v1/sealing-key/replacements", SealingKey, key)

    def sealing_key(self, match_id: str) -> SealingKey:
        """Return the sealing key of the other side of a match; nothing of it is verified yet."""
        return self.ask("GET", f"/v1/matches/{match_id}/sealing-key", SealingKey)

    def send_message(self, match_id: str, message: NewSealedMessage) -> SentMessage:
        """Leave a sealed message; the same again is the same message."""
        return self.ask("POST", f"/v1/matches/{match_id}/messages", SentMessage, message)

    def messages(self) -> SealedMessages:
        """Return messages that wait; acknowledge them before asking for more."""
        return self.ask("GET", "/v1/messages", SealedMessages)

    def acknowledge_messages(self, done: Acknowledgement) -> None:
        """Have messages deleted."""
        self.send("POST", "/v1/messages/acknowledgements", done)

    def set_webhook(self, wanted: NewWebhook) -> IssuedWebhook:
        """Set one's own webhook; asked again, it has another secret."""
        return self.ask("PUT", "/v1/webhook", IssuedWebhook, wanted)

    def webhook(self) -> Webhook:
        """Return one's own webhook, without its secret."""
        return self.ask("GET", "/v1/webhook", Webhook)

    def rotate_webhook(self) -> IssuedWebhook:
        """Replace the webhook's secret; both sign for a day."""
        return self.ask("POST", "/v1/webhook/rotate", IssuedWebhook, is_repeatable=False)

    def remove_webhook(self) -> None:
        """Be told nothing any more."""
        self.send("DELETE", "/v1/webhook")
