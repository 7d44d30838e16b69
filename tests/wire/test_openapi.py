"""The interface is what docs/openapi.json says."""

import json
from pathlib import Path
from typing import Any

import pytest

from api.hub import operating

DOCUMENT = Path(__file__).parents[2] / "docs" / "openapi.json"


@pytest.fixture(scope="module")
def committed() -> dict[str, Any]:
    """Return the committed document."""
    found: dict[str, Any] = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    return found


def test_the_committed_document_is_the_interface(committed: dict[str, Any]) -> None:
    """After a change: `casematch-hub openapi > docs/openapi.json`, and read the diff."""
    assert operating.describe_interface() == committed


def test_the_document_is_of_openapi_3_1(committed: dict[str, Any]) -> None:
    """The version whose schemas are JSON Schema."""
    assert committed["openapi"].startswith("3.1")


def test_every_operation_but_the_probes_asks_for_an_api_key(committed: dict[str, Any]) -> None:
    """A route without a key cannot come in unnoticed."""
    open_paths = {
        path
        for path, operations in committed["paths"].items()
        for operation in operations.values()
        if not operation.get("security")
    }
    assert open_paths == {"/livez", "/readyz", "/v1/sessions", "/v1/passwords"}


def test_nothing_sensitive_stands_in_a_url(committed: dict[str, Any]) -> None:
    """Paths hold the hub's own ids, and queries a cursor, or sizes and places of the audit log."""
    parameters = {
        (parameter["in"], parameter["name"])
        for operations in committed["paths"].values()
        for operation in operations.values()
        for parameter in operation.get("parameters", [])
    }
    log_places = {("query", name) for name in ("old", "new", "number", "size")}
    things = (
        "project",
        "organisation",
        "key",
        "user",
        "alarm",
        "meeting",
        "match",
        "request",
        "referral",
        "break_glass",
    )
    ids = {("path", f"{thing}_id") for thing in things}
    assert parameters == {*ids, ("query", "cursor"), *log_places}
