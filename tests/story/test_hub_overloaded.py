"""A hub that has too much to do says so at once, and when to come back; who is served already is served."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.hub.app import create_app
from api.hub.context import Hub
from api.hub.settings import HubSettings
from api.hub.storage.session import Database

PATIENCE = 20.0  # seconds until a test gives up


def crowded(world: Any, **limits: int) -> TestClient:
    """Return a client of the same hub under other limits."""
    settings = world.hub.settings.model_copy(update=limits)
    database = Database(settings.database_url, settings.connections, settings.waiting_writers)
    hub = Hub(settings, database, world.hub.key, world.hub.log_key, world.hub.score, world.calendar.today)
    return TestClient(create_app(hub), raise_server_exceptions=False)


def assert_told_to_come_back(answer: Any) -> None:
    """See that an answer is the problem of an overloaded hub."""
    assert (answer.status_code, answer.json()["code"]) == (503, "overloaded")
    assert answer.json()["retryable"]
    assert int(answer.headers["retry-after"]) > 0


def test_one_writer_too_many_is_told_to_come_back(world: Any, entry: Any) -> None:
    """Those before it wait and are served; nobody who reads is kept waiting."""
    partner = world.join("a", "ngo")
    connections, waiting = 4, 2
    world.client = crowded(world, connections=connections, waiting_writers=waiting)
    database = world.client.app.state.hub.database
    at_once = 1 if database.is_sqlite else connections - 2
    turns = database._group._turns if database.is_sqlite else database._turns  # noqa: SLF001 - to see who waits
    for _ in range(at_once):
        turns.take()
    with ThreadPoolExecutor(waiting) as pool:
        jobs = [pool.submit(partner.file, entry(f"{number}")) for number in range(waiting)]
        pause = threading.Event()
        for _ in range(int(PATIENCE * 100)):
            if turns._waiting == waiting:  # noqa: SLF001 - same
                break
            pause.wait(0.01)
        refused, read = partner.file(entry("late")), partner.send("GET", "/v1/meetings")
        for _ in range(at_once):
            turns.give()
        assert [job.result(PATIENCE).status_code for job in jobs] == [202] * waiting
    assert_told_to_come_back(refused)
    assert read.status_code == 200
    database.close()


def test_one_request_too_many_is_told_to_come_back(sqlite_world: Any) -> None:
    """Probes are answered all the same: a hub that is busy must not be taken for dead."""
    partner = sqlite_world.join("a", "ngo")
    sqlite_world.client = crowded(sqlite_world, requests_at_once=4)
    held, begun = threading.Event(), threading.Semaphore(0)
    served = sqlite_world.client.app.state.hub

    def wait() -> Any:
        begun.release()
        assert held.wait(PATIENCE)
        return served.today()

    app = create_app(Hub(served.settings, served.database, served.key, served.log_key, served.score, wait))
    sqlite_world.client = TestClient(app, raise_server_exceptions=False)
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(partner.send, "GET", "/v1/quota") for _ in range(4)]
        assert all(begun.acquire(timeout=PATIENCE) for _ in jobs)
        refused, probe = partner.send("GET", "/v1/quota"), sqlite_world.client.get("/livez")
        held.set()
        assert [job.result(PATIENCE).status_code for job in jobs] == [200] * 4
    assert_told_to_come_back(refused)
    assert probe.status_code == 200
    served.database.close()


@pytest.mark.parametrize("name", ["connections", "waiting_writers", "requests_at_once"])
def test_no_limit_can_be_nothing(name: str) -> None:
    """A hub that serves nobody is a mistake of its operator."""
    with pytest.raises(ValueError, match=name):
        HubSettings.model_validate({name: 0})
