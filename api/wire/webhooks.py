"""
Thin signed webhooks (Standard Webhooks 1.0): who wants to be told, and what is told; both sides of the wire.

A delivery holds a type and an id, and nothing of a case: whoever reads it on the way learns that something happened.
What it was is asked of the hub under the API key, as polling does.
"""

import base64
import hmac
from enum import StrEnum

from pydantic import Field

from api.wire.model import WireModel

OVERLAP_SECONDS = 24 * 3600  # both secrets sign for a day after a rotation
LONGEST_URL = 500
SECRET_PREFIX = "whsec_"  # noqa: S105 - what the standard puts before a secret, not one
_SCHEME = "v1"


class EventType(StrEnum):
    """What happened; the id that goes with it is a referral's or a match's."""

    REFERRAL_CHANGED = "referral.changed"
    MESSAGE_WAITING = "message.waiting"


class NewWebhook(WireModel):
    """Where an organisation wants to be told; https alone, and a host that the hub's operator allows."""

    url: str = Field(min_length=1, max_length=LONGEST_URL)


class Webhook(WireModel):
    """A webhook as it stands; its secret is shown when it is set or rotated, and never again."""

    url: str


class IssuedWebhook(WireModel):
    """A webhook with its new secret, which is shown this once."""

    url: str
    secret: str = Field(repr=False)


class DeliveredThing(WireModel):
    """What a delivery is about."""

    id: str


class Delivery(WireModel):
    """The body of a delivery."""

    type: EventType = Field(strict=False)
    data: DeliveredThing


def write_secret(key: bytes) -> str:
    """Return a secret as the standard writes it."""
    return SECRET_PREFIX + base64.b64encode(key).decode()


def sign_delivery(key: bytes, event_id: str, timestamp: int, body: bytes) -> str:
    """
    Return the signature of a delivery under one key, such as `v1,K5oZfzN…`.

    Args:
        key: the bytes of the secret.
        event_id: header `webhook-id`, the same for every attempt.
        timestamp: header `webhook-timestamp`, seconds since 1970.
        body: as it is sent.
    """
    message = f"{event_id}.{timestamp}.".encode() + body
    return f"{_SCHEME},{base64.b64encode(hmac.digest(key, message, 'sha256')).decode()}"
