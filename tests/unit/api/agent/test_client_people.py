"""The typed client asks for everything that the interface has, and for nothing else."""

import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_type_hints

import httpx2
import pytest

from api.agent.client_people import PeopleClient
from api.agent.errors import HubRefusalError
from api.wire.model import WireModel

DOCUMENT = Path(__file__).parents[4] / "docs" / "openapi.json"
ELSEWHERE = {"health", "messages", "referrals", "webhooks"}  # for whoever runs the hub, and for clients of their own
PLAIN = {str: "x", int: 1, bytes: b"x"}
OWN = {"ask", "send", "close"}


def asked() -> Iterator[tuple[str, str]]:
    """Call every method once, and tell what it asked for."""
    seen: list[tuple[str, str]] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append((request.method, request.url.path))
        return httpx2.Response(404)

    client = PeopleClient("http://127.0.0.1:9", "t", transport=httpx2.MockTransport(answer))
    for name, method in inspect.getmembers(client, inspect.ismethod):
        if name.startswith("_") or name in OWN:
            continue
        hints = get_type_hints(method)
        given = [value_of(hints[parameter]) for parameter in inspect.signature(method).parameters]
        with pytest.raises(HubRefusalError):
            list(method(*given))
        yield seen[-1]


def value_of(kind: Any) -> Any:
    """Return some value of a type."""
    if isinstance(kind, type) and issubclass(kind, WireModel):
        return kind.model_construct()
    return PLAIN.get(kind, [bytes(16)])


def test_every_route_has_a_method() -> None:
    """By method and path, whatever the ids."""
    paths = json.loads(DOCUMENT.read_text(encoding="utf-8"))["paths"]
    routes = {
        (verb.upper(), re.sub(r"\{\w+\}", "{id}", path)): set(told["tags"])
        for path, verbs in paths.items()
        for verb, told in verbs.items()
    }
    found = {(verb, re.sub(r"/x(?=/|$)", "/{id}", path)) for verb, path in asked()}
    assert found <= set(routes)
    assert {route for route, tags in routes.items() if not tags & ELSEWHERE} <= found
