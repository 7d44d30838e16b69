"""`/v1/alarms`: what the watch has seen, for the hub's people."""

from typing import Annotated

from fastapi import APIRouter, status

from api.hub.auth import Allowed, TheHub
from api.hub.ids import require_id
from api.hub.policy import Action, Actor
from api.hub.watch import service
from api.wire.limits import Alarms

router = APIRouter(prefix="/v1/alarms", tags=["alarms"])

Reader = Annotated[Actor, Allowed(Action.ALARMS_READ)]
Closer = Annotated[Actor, Allowed(Action.ALARMS_CLOSE)]


@router.get("")
def list_alarms(_actor: Reader, hub: TheHub) -> Alarms:
    """Return all alarms that nobody has closed."""
    return service.open_alarms(hub)


@router.post("/{alarm_id}/close", status_code=status.HTTP_204_NO_CONTENT)
def close_alarm(alarm_id: str, actor: Closer, hub: TheHub) -> None:
    """Close an alarm that was looked into."""
    service.close_alarm(hub, actor, require_id(alarm_id))
