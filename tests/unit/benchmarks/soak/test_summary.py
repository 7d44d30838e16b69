"""The summary of a run under load holds what came back and what was used, and hides no failure."""

import json
from collections import Counter

import pytest

from benchmarks.soak.summary import Marks, summary
from benchmarks.speed.load import Answers

BEGUN, ENDED = Marks(100, 10.0, 1_000, 50), Marks(110, 14.0, 2_000, 60)


@pytest.fixture
def answers() -> Answers:
    """Return a hundred filings, as many polls, and a refusal."""
    times = [float(time) for time in range(1, 101)]
    return Answers(times, [time / 10 for time in times], Counter({"503": 1}), [100] * 10 + [120] * 10)


def test_counts_times_and_errors_are_told(answers) -> None:
    """Percentiles of each kind, errors by status, CPU shared out over all requests."""
    found = summary(answers, BEGUN, ENDED, 5.0)
    assert (found["filings"], found["polls"], found["errors"]) == (100, 100, {"503": 1})
    assert found["filing_ms"]["p50"] == pytest.approx(50.5)
    assert found["poll_ms"]["greatest"] == 10
    assert found["cpu_ms_a_request"] == pytest.approx(4_000 / 201, abs=0.01)


def test_growth_of_memory_is_told(answers) -> None:
    """From the first tenth of the samples to the last."""
    found = summary(answers, BEGUN, ENDED, 5.0)
    assert found["memory_growth"] == pytest.approx(0.2)
    assert (found["begun"]["log_bytes"], found["ended"]["log_bytes"]) == (50, 60)


def test_a_run_in_which_all_failed_has_a_summary() -> None:
    """Nothing divides by nothing, and JSON can hold it."""
    found = summary(Answers(errors=Counter({"ConnectError": 3})), BEGUN, ENDED, 1.0)
    assert json.loads(json.dumps(found))["errors"] == {"ConnectError": 3}
    assert found["all_ms"]["p99"] == 0
