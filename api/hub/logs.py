"""
The hub's log: one JSON object a line on standard error, of an allow-list of keys; hub.

A key that is not on the list is dropped, so that a token, an id of an entry or an exception's text cannot get there by
an oversight. Paths are logged as route templates, for the ids in them are nobody's business. Of the lines of the server
below (uvicorn), only the template is printed and never what would be filled in.
"""

import json
import logging
import sys
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any

import structlog
from structlog.types import Processor

ALLOWED_KEYS = frozenset(
    {"event", "level", "timestamp", "method", "route", "status", "duration_ms", "error", "at", "workers", "code"}
)
_INSECURE = {"insecure_development": True}  # beside the list: said on every line, or never


def configure_logs(*, is_insecure: bool = False) -> None:
    """Set up structlog for this process; insecure development is said on every line."""
    processors: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _allow_listed,
    ]
    if is_insecure:
        processors.append(_marked)
    processors.append(structlog.processors.JSONRenderer())
    structlog.configure(processors=processors, logger_factory=structlog.PrintLoggerFactory(sys.stderr))


def server_log_config(*, is_insecure: bool) -> dict[str, Any]:
    """Return the logging set-up of the server below: the same form of lines, on standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "api.hub.logs.ServerLine", "is_insecure": is_insecure}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stderr"}},
        "loggers": {"uvicorn": {"handlers": ["stderr"], "level": "INFO", "propagate": False}},
    }


class ServerLine(logging.Formatter):
    """
    Writes a record of the server's as a line of ours.

    Args:
        is_insecure: whether insecure development is on.
    """

    def __init__(self, *, is_insecure: bool) -> None:
        """Keep the mark."""
        super().__init__()
        self._mark = _INSECURE if is_insecure else {}

    def format(self, record: logging.LogRecord) -> str:
        """Write the template of the message, and of an exception its kind alone."""
        line: dict[str, object] = {"event": str(record.msg).partition("\n")[0], "level": record.levelname.lower()}
        line["timestamp"] = datetime.fromtimestamp(record.created, UTC).isoformat()
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
        return json.dumps({**line, **self._mark})


def _allow_listed(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Keep the keys of the list."""
    return {key: value for key, value in event.items() if key in ALLOWED_KEYS}


def _marked(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Say that this hub is for development."""
    return {**event, **_INSECURE}
