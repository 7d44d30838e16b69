"""
The hub's application: rooms, problem answers and the boundary, put together; hub.

FastAPI's own telemetry is off: it would put exception texts and query strings into logs and spans.
"""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI

from api.hub.arenas import bound_arenas
from api.hub.audit.key_file import read_log_key_file
from api.hub.audit.routes import router as audit
from api.hub.boundary import Boundary
from api.hub.break_glass.routes import router as break_glass
from api.hub.context import Hub
from api.hub.disclosures.routes import router as disclosures
from api.hub.entries.routes import router as entries
from api.hub.errors import SetupError, UnavailableError
from api.hub.health import require_ready
from api.hub.health import router as health
from api.hub.keys import read_key_file
from api.hub.learnt.routes import router as learnt
from api.hub.logs import configure_logs
from api.hub.matches.routes import router as matches
from api.hub.meetings.routes import router as meetings
from api.hub.messages.routes import router as messages
from api.hub.organisations.routes import router as organisations
from api.hub.people.routes import router as people
from api.hub.problems import add_problem_handlers
from api.hub.projects.routes import router as projects
from api.hub.quotas.routes import router as quotas
from api.hub.referrals.routes import router as referrals
from api.hub.reviews.routes import router as reviews
from api.hub.safety import require_safe
from api.hub.settings import HubSettings
from api.hub.storage.session import Database
from api.hub.watch.routes import router as alarms
from api.hub.webhooks.routes import router as webhooks

API_VERSION = "1"
_ROUTERS = (
    health,
    projects,
    organisations,
    entries,
    meetings,
    matches,
    disclosures,
    reviews,
    break_glass,
    audit,
    learnt,
    people,
    quotas,
    alarms,
    referrals,
    messages,
    webhooks,
)


def create_app(hub: Hub) -> FastAPI:
    """
    Put the application together around a hub.

    Args:
        hub: database and key are used as they are; `open_hub` checks them.
    """

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        current_default_thread_limiter().total_tokens = hub.settings.requests_at_once
        yield
        hub.database.close()

    app = FastAPI(
        title="casematch hub",
        version=API_VERSION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        telemetry={
            "tracing": False,
            "metrics": False,
            "logs": False,
            "operation_spans": False,
            "auto_configure": False,
        },
    )
    app.state.hub = hub
    for router in _ROUTERS:
        app.include_router(router)
    add_problem_handlers(app)
    app.add_middleware(Boundary, requests_at_once=hub.settings.requests_at_once)
    return app


def open_hub(settings: HubSettings) -> Hub:
    """
    Open the hub that the settings name, and check that it can work.

    Raises:
        SetupError: no usable key files or database, or migrations are missing.
    """
    key = read_key_file(settings.key_path)
    log_key = read_log_key_file(settings.log_key_path, key)
    database = Database(settings.database_url, settings.connections, settings.waiting_writers)
    hub = Hub(settings, database, key, log_key)
    reason: UnavailableError | None = None
    try:
        require_ready(hub)
    except UnavailableError as error:
        reason = error
    if reason is not None:
        raise SetupError(reason.reason, code=reason.code)
    return hub


def from_environment() -> FastAPI:
    """Put the application together from `CASEMATCH_HUB_…`; each worker process calls it."""
    bound_arenas()
    settings = HubSettings()
    configure_logs(is_insecure=settings.insecure_development)
    require_safe(settings)
    app = create_app(open_hub(settings))
    gc.collect()
    gc.freeze()  # what is loaded stays: to look through it again for garbage would hold up an answer for 90 ms
    return app
