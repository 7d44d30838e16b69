"""The load is sent when it is due, whatever becomes of the requests before, and every answer is counted once."""

import time

import httpx2
import pytest

from benchmarks.speed import levels, load
from benchmarks.speed.load import Answers, Load
from benchmarks.speed.population import Population
from matcher.schema import LinkageSchema


@pytest.fixture(scope="module")
def population() -> Population:
    """Return a few invented people."""
    return Population(LinkageSchema.shipped("nepal"), 5, entries_a_person=3)


class Hub:
    """Stands in for a hub: takes filings, refuses every second poll, and is slow to answer the first request."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str]] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        """Answer."""
        self.requests.append((request.method, request.headers["Authorization"]))
        if len(self.requests) == 1:
            time.sleep(0.2)
        if request.method == "POST":
            return httpx2.Response(202, json={})
        is_odd = sum(method == "GET" for method, _ in self.requests) % 2 == 1
        return httpx2.Response(200, json={"next_cursor": "x"}) if is_odd else httpx2.Response(503)


def test_every_request_is_answered_or_counted_as_failed(monkeypatch, population) -> None:
    """Filings and polls come in turns from all agents; what is refused is counted under its status."""
    hub = Hub()
    client = httpx2.Client(base_url="http://hub", transport=httpx2.MockTransport(hub))
    monkeypatch.setattr(load.httpx2, "Client", lambda **_options: client)
    asked = Load("http://hub", "p", [{"Authorization": "a"}, {"Authorization": "b"}], population, 20, 20, 0.5)
    answers = load.run(asked, lambda: 1, lambda _seconds, _answers: None)
    assert len(answers.filing_ms) == 10
    assert (len(answers.poll_ms), answers.errors) == (5, {"503": 5})
    assert {who for _, who in hub.requests} == {"a", "b"}
    assert max(answers.filing_ms) >= 200


def test_percentiles_of_nothing_are_nothing() -> None:
    """A run in which everything failed still has a summary."""
    assert load.percentile([], 95) == 0
    assert load.percentile([1.0, 2.0, 3.0], 50) == 2


def test_filings_of_a_returner_share_tokens_and_never_ids(population) -> None:
    """Somebody who comes again has the tokens and sketches on file, under entries that were never filed."""
    first, second = (load.new_entries(population, 2) for _ in range(2))
    on_file = population.person(2)
    assert [row.entry.token for row in first] == [row.entry.token for row in on_file]
    assert [row.entry.sketch for row in first] == [row.entry.sketch for row in on_file]
    ids = [{row.entry.entry_id for row in rows} for rows in (first, second, on_file)]
    assert not ids[0] & ids[1]
    assert not ids[0] & ids[2]


@pytest.mark.parametrize(("samples", "growth"), [([100] * 40, 0.0), ([100] * 20 + [110] * 20, 0.1), ([5] * 9, 0.0)])
def test_growth_is_that_of_the_last_tenth(samples, growth) -> None:
    """A level line has none; too few samples tell nothing."""
    assert levels.growth(samples) == pytest.approx(growth)


def test_all_times_are_those_of_both_kinds() -> None:
    """Percentiles over everything leave nothing out."""
    assert sorted(Answers(filing_ms=[3.0], poll_ms=[1.0]).all_ms) == [1.0, 3.0]
