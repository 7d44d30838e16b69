"""
The hub's log: one JSON object a line on standard error, of an allow-list of keys; hub.

A key that is not on the list is dropped, so that a token, an id of an entry or an exception's text cannot get there by
an oversight. Paths are logged as route templates, for the ids in them are nobody's business.
"""

import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

ALLOWED_KEYS = frozenset(
    {"event", "level", "timestamp", "method", "route", "status", "duration_ms", "error", "at", "workers", "code"}
)


def configure_logs() -> None:
    """Set up structlog for this process."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _allow_listed,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _allow_listed(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Keep the keys of the list."""
    return {key: value for key, value in event.items() if key in ALLOWED_KEYS}
