"""`GET /livez` and `GET /readyz`: whether the process runs, and whether it can work; hub."""

from fastapi import APIRouter
from starlette.responses import PlainTextResponse

from api.hub.auth import TheHub
from api.hub.context import Hub
from api.hub.errors import UnavailableError
from api.hub.projects.service import has_key
from api.hub.storage.migrate import is_newest

router = APIRouter(tags=["health"])


@router.get("/livez", response_class=PlainTextResponse)
def live() -> str:
    """Answer as long as the process runs."""
    return "ok\n"


@router.get("/readyz", response_class=PlainTextResponse)
def ready(hub: TheHub) -> str:
    """Answer when the database is there, has the newest tables, and belongs to the hub's key."""
    require_ready(hub)
    return "ok\n"


def require_ready(hub: Hub) -> None:
    """
    Check database, migrations and key.

    Raises:
        UnavailableError: one of them is not as it must be.
    """
    with hub.database.reading() as connection:
        if not is_newest(connection):
            raise UnavailableError("the database lacks migrations", code="not_migrated")
        if not has_key(connection, hub.key):
            raise UnavailableError("the database belongs to another hub key", code="hub_key_other")
