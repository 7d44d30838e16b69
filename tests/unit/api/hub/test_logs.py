"""What the hub prints, and what it answers to probes."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from api.hub.logs import ServerLine, configure_logs


@pytest.fixture
def logged(capsys: pytest.CaptureFixture[str]) -> Iterator[Any]:
    """Return a way to log one line and read it; structlog is put back afterwards."""

    def log(event: str, **keys: Any) -> Any:
        configure_logs()
        structlog.get_logger().info(event, **keys)
        return json.loads(capsys.readouterr().err)

    yield log
    structlog.reset_defaults()


def test_only_listed_keys_are_printed(logged: Any) -> None:
    """A token or an id cannot get into the log by an oversight."""
    line = logged("request", status=200, token=b"x", entry_id="y", exception="Sunita", path="/v1/matches/1")
    assert set(line) == {"event", "level", "timestamp", "status"}


def test_probes_answer_without_a_key(world: Any) -> None:
    """Live and ready, in plain text."""
    for path in ("/livez", "/readyz"):
        answer = world.client.get(path)
        assert (answer.status_code, answer.text) == (200, "ok\n")


def test_a_database_that_lacks_migrations_is_not_ready(world: Any) -> None:
    """The process lives, but must get no requests."""
    with world.hub.database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'later'")
    answer = world.client.get("/readyz")
    assert (answer.status_code, answer.json()["code"]) == (503, "not_migrated")
    assert world.client.get("/livez").status_code == 200


def test_a_database_of_another_key_is_not_ready(sqlite_world: Any) -> None:
    """A hub that cannot find its own tokens must not take any."""
    with sqlite_world.hub.database.writing() as connection:
        connection.exec_driver_sql("UPDATE hub SET key_commitment = x'00'")
    assert sqlite_world.client.get("/readyz").json()["code"] == "hub_key_other"


def test_insecure_development_is_said_on_every_line(capsys: pytest.CaptureFixture[str]) -> None:
    """On ours and on the server's; otherwise on none."""
    record = logging.LogRecord("uvicorn.error", logging.ERROR, "x", 1, "it was %s\nSunita", ("Sunita",), None)
    for is_insecure in (True, False):
        configure_logs(is_insecure=is_insecure)
        structlog.get_logger().info("request", status=200)
        lines = [json.loads(capsys.readouterr().err), json.loads(ServerLine(is_insecure=is_insecure).format(record))]
        assert [line.get("insecure_development", False) for line in lines] == [is_insecure] * 2
    structlog.reset_defaults()
    assert lines[1]["event"] == "it was %s"
