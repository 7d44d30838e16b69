"""
The outermost layer of the application: limits bodies, logs each request, and lets no exception through; hub.

An exception that reached the server would be logged with its text, and a database driver's text can hold a row.
"""

import re
import time
import traceback
from pathlib import PurePath

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.hub.errors import UnavailableError
from api.hub.metrics import count_request, known_method
from api.hub.problems import plain_problem, problem_of
from api.wire.batches import MAXIMUM_BODY_BYTES

MAXIMUM_JSON_BYTES = 512 * 2**10  # 10,000 entry ids take 350 kB
_PROBES = frozenset({"/livez", "/readyz"})
_SIZE = re.compile(r"[0-9]{1,9}", re.ASCII)  # anything longer is too large anyhow
_log = structlog.get_logger()


class _TooLargeError(Exception):
    """The body grows beyond its limit."""


class Boundary:
    """
    ASGI middleware around the whole application.

    Args:
        app: the application.
        requests_at_once: are served together; a further one is told to come back, except probes.
    """

    def __init__(self, app: ASGIApp, requests_at_once: int) -> None:
        """Keep the application."""
        self._app, self._most, self._serving = app, requests_at_once, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(scope, receive, send)
        if self._serving >= self._most and scope["path"] not in _PROBES:
            await exchange.refuse()
            return
        self._serving += 1
        try:
            await exchange.run(self._app)
        finally:
            self._serving -= 1


class _Exchange:
    """One request and its answer."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        is_batch = str(scope["path"]).endswith("/entry-batches")
        self._limit = MAXIMUM_BODY_BYTES if is_batch else MAXIMUM_JSON_BYTES
        self._received = 0
        self._status = 0
        self._started = time.monotonic()

    async def run(self, app: ASGIApp) -> None:
        """Hand the request on, and see that it is answered."""
        declared = Headers(scope=self._scope).get("content-length", "0")
        if not _SIZE.fullmatch(declared) or int(declared) > self._limit:
            await self._answer(413)
        else:
            try:
                await app(self._scope, self._receive_within_limit, self._send_unless_too_large)
            except _TooLargeError:
                pass  # answered below, as when the application answers in its own way
            except Exception as error:  # noqa: BLE001 - nothing of it may reach the server's own log
                self._log_failure(error)
                if not self._status:
                    await self._answer(500)
            if self._received > self._limit and not self._status:
                await self._answer(413)
        self._log_answer()

    async def refuse(self) -> None:
        """Say that there are too many requests, without looking at this one."""
        error = UnavailableError("too many requests at once; come back later", code="overloaded")
        self._status = error.status
        await problem_of(error)(self._scope, self._receive, self._send)
        self._log_answer()

    async def _receive_within_limit(self) -> Message:
        """Pass on a piece of the body, until it is too much."""
        message = await self._receive()
        self._received += len(message.get("body", b""))
        if self._received > self._limit:
            raise _TooLargeError
        return message

    async def _send_unless_too_large(self, message: Message) -> None:
        """Pass on the answer; what the application makes of a body that was cut is dropped."""
        if self._received > self._limit:
            return
        if message["type"] == "http.response.start":
            self._status = message["status"]
        await self._send(message)

    async def _answer(self, status: int) -> None:
        """Answer in the application's stead."""
        self._status = status
        await plain_problem(status)(self._scope, self._receive, self._send)

    def _log_failure(self, error: Exception) -> None:
        """Log what kind of error it was and where it was raised, never its text."""
        last = traceback.extract_tb(error.__traceback__)[-1]
        _log.error("request failed", error=type(error).__name__, at=f"{PurePath(last.filename).name}:{last.lineno}")

    def _log_answer(self) -> None:
        """Log the answer."""
        route, seconds = self._scope.get("route"), time.monotonic() - self._started
        template = getattr(route, "path", "(none)")
        count_request(self._scope["method"], template, self._status, seconds)
        _log.info(
            "request",
            method=known_method(self._scope["method"]),
            route=template,
            status=self._status,
            duration_ms=round(seconds * 1000),
        )
