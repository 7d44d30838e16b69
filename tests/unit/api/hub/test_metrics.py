"""Metrics count what happens, on a loopback port of their own, and name nobody."""

import re
import socket
import urllib.request
from typing import Any

import pytest
from prometheus_client import generate_latest

from api.hub.errors import SetupError
from api.hub.exposing import DatabaseCollector, exposed
from api.hub.metrics import REGISTRY

LABELS = re.compile(r'(\w+)="([^"]*)"')


def value(name: str, **labels: str) -> float:
    """Return a count, 0 when it never happened."""
    return REGISTRY.get_sample_value(name, labels) or 0.0


def test_requests_filings_meetings_and_refusals_are_counted(world: Any, entry: Any, all_rules: Any) -> None:
    """By route template, status, act, grade and code."""
    route = "/v1/projects/{project_id}/entry-batches"
    names = [
        ("casematch_hub_requests_total", {"method": "POST", "route": route, "status": "202"}),
        ("casematch_hub_acts_total", {"act": "entries_file", "decision": "received"}),
        ("casematch_hub_entries_total", {"act": "entries_file"}),
        ("casematch_hub_meetings_total", {"grade": "certain"}),
        ("casematch_hub_problems_total", {"code": "not_found"}),
    ]
    before = [value(name, **labels) for name, labels in names]
    one, other = (world.join(name, rules=all_rules) for name in "ab")
    assert [each.file(entry("x")).status_code for each in (one, other)] == [202, 202]
    assert one.decide("0f0f0f0f-0000-4000-8000-000000000000", "release").status_code == 404
    grown = [value(name, **labels) - old for (name, labels), old in zip(names, before, strict=True)]
    assert grown == [2, 2, 2, 1, 1]


def test_no_identity_is_in_a_metric(world: Any, entry: Any, all_rules: Any) -> None:
    """Neither organisation, key, id nor a path as it was asked for; unknown methods and paths make no new label."""
    one, other = (world.join(name, rules=all_rules) for name in ("Name of a shelter", "b"))
    rows = [entry("x"), entry("y")]
    assert [each.file(*rows[:1]).status_code for each in (one, other)] == [202, 409]
    world.client.request("SUNITA", "/v1/sunita", headers=one.headers)
    shown = generate_latest(REGISTRY).decode()
    key = one.api_key.split("_")[1]
    ids = (one.organisation_id, rows[0].entry.entry_id.hex(), key, *one.meetings())
    for kept_back in ("shelter", "unita", "SUNITA", *ids):
        assert kept_back not in shown
    assert {name for name, _ in LABELS.findall(shown)} <= {
        *("method", "route", "status", "le", "code", "act", "decision", "grade", "kind")
    }


def test_the_database_tells_of_the_log(world: Any) -> None:
    """Its size, the checkpoint's age, and of a database that is away only that."""
    partner = world.join("a")
    collector = DatabaseCollector(world.hub)
    found = {metric.name: metric.samples[0].value for metric in collector.collect()}
    assert found["casematch_hub_audit_log_entries"] == world.rows("SELECT size FROM audit_head")[0][0]
    assert "casematch_hub_checkpoint_age_days" not in found
    partner.send("GET", "/v1/audit/checkpoint")
    found = {metric.name: metric.samples[0].value for metric in collector.collect()}
    assert (found["casematch_hub_checkpoint_age_days"], found["casematch_hub_database_up"]) == (0, 1)
    with world.hub.database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE audit_head RENAME TO gone")
    assert {metric.name: metric.samples[0].value for metric in collector.collect()} == {"casematch_hub_database_up": 0}


def test_metrics_are_shown_on_loopback_while_the_hub_serves(sqlite_world: Any) -> None:
    """And nowhere afterwards; a port that is taken is refused."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    hub = sqlite_world.hub
    object.__setattr__(hub, "settings", hub.settings.model_copy(update={"metrics_port": port}))
    with exposed(hub, workers=1):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
            assert b"casematch_hub_audit_log_entries" in answer.read()
        with pytest.raises(SetupError) as caught, exposed(hub, workers=1):
            pass
        assert caught.value.code == "metrics_port"
    with pytest.raises(OSError, match="refused"), socket.create_connection(("127.0.0.1", port)):
        pass
