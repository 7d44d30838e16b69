"""`/v1/sealing-key`, `/v1/matches/{id}/messages`, `/v1/messages`: sealed messages between agents."""

from typing import Annotated

from fastapi import APIRouter, status

from api.hub.auth import Allowed, TheHub
from api.hub.ids import require_id
from api.hub.messages import service
from api.hub.policy import Action, Member
from api.wire.sealed import Acknowledgement, NewSealedMessage, SealedMessages, SealingKey, SentMessage

router = APIRouter(prefix="/v1", tags=["messages"])

Publisher = Annotated[Member, Allowed(Action.SEALING_KEY_PUBLISH)]
KeyReader = Annotated[Member, Allowed(Action.SEALING_KEY_READ)]
Sender = Annotated[Member, Allowed(Action.MESSAGES_SEND)]
Reader = Annotated[Member, Allowed(Action.MESSAGES_READ)]


@router.put("/sealing-key")
def publish_key(published: SealingKey, member: Publisher, hub: TheHub) -> SealingKey:
    """Publish one's own sealing key, signed by one's identity; the same again changes nothing."""
    return service.publish_key(hub, member, published, is_new_identity=False)


@router.post("/sealing-key/replacements")
def replace_identity(published: SealingKey, member: Publisher, hub: TheHub) -> SealingKey:
    """Publish a sealing key of another identity, as after the vault was lost; the others have to pin it anew."""
    return service.publish_key(hub, member, published, is_new_identity=True)


@router.get("/matches/{match_id}/sealing-key")
def read_key(match_id: str, member: KeyReader, hub: TheHub) -> SealingKey:
    """Return the sealing key of the other side of a match, from D3 on."""
    return service.key_of_other_side(hub, member, require_id(match_id))


@router.post("/matches/{match_id}/messages", status_code=status.HTTP_201_CREATED)
def send_message(match_id: str, wanted: NewSealedMessage, member: Sender, hub: TheHub) -> SentMessage:
    """Leave a sealed message for the other side of a match."""
    return service.send(hub, member, require_id(match_id), wanted)


@router.get("/messages")
def list_messages(member: Reader, hub: TheHub) -> SealedMessages:
    """Return messages that wait for one's own agent."""
    return service.waiting(hub, member)


@router.post("/messages/acknowledgements", status_code=status.HTTP_204_NO_CONTENT)
def acknowledge(done: Acknowledgement, member: Reader, hub: TheHub) -> None:
    """Have messages deleted that were opened, or cannot be."""
    service.acknowledge(hub, member, done)
