"""`/v1/webhook`: where an organisation wants to be told that there is something to ask for."""

from typing import Annotated

from fastapi import APIRouter, status

from api.hub.auth import Allowed, TheHub
from api.hub.policy import Action, Member
from api.hub.webhooks import service
from api.wire.webhooks import IssuedWebhook, NewWebhook, Webhook

router = APIRouter(prefix="/v1/webhook", tags=["webhooks"])

Reader = Annotated[Member, Allowed(Action.WEBHOOK_READ)]
Setter = Annotated[Member, Allowed(Action.WEBHOOK_SET)]


@router.put("")
def set_webhook(wanted: NewWebhook, member: Setter, hub: TheHub) -> IssuedWebhook:
    """Set one's own webhook; its secret is shown this once."""
    return service.set_webhook(hub, member, wanted)


@router.get("")
def read_webhook(member: Reader, hub: TheHub) -> Webhook:
    """Return one's own webhook, without its secret."""
    return service.read(hub, member)


@router.post("/rotate")
def rotate_secret(member: Setter, hub: TheHub) -> IssuedWebhook:
    """Replace the secret; deliveries are signed with both for a day."""
    return service.rotate(hub, member)


@router.delete("", status_code=status.HTTP_204_NO_CONTENT)
def remove_webhook(member: Setter, hub: TheHub) -> None:
    """Be told nothing any more."""
    service.remove(hub, member)
