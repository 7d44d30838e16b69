"""The table of speed says what was measured, beside what, and whether the aim is reached."""

import pytest

from benchmarks.quality.datasets import febrl_set
from benchmarks.quality.peers.environment import PeerMissingError
from benchmarks.speed import clock, comparing, encoding, growing
from benchmarks.speed.row import row_of
from benchmarks.speed.run import lines_of

FIGURES = [10.0, 30.0, 20.0]


def test_a_row_holds_the_median_and_the_spread() -> None:
    """Not the mean: one neighbour must not decide."""
    row = row_of("work", "items/s", FIGURES)
    assert (row.ours, row.spread) == (20.0, (10.0, 30.0))


@pytest.mark.parametrize(
    ("beside", "is_reached"),
    [
        ({}, None),
        ({"least": 15.0}, True),
        ({"least": 25.0}, False),
        ({"peer": "it", "peers": 40.0, "least_ratio": 0.5}, True),
        ({"peer": "it", "peers": 40.0, "least_ratio": 0.5, "least": 25.0}, False),
        ({"peer": "it", "peers": None, "least_ratio": 0.5}, None),
    ],
)
def test_a_row_tells_whether_its_aims_are_reached(beside, is_reached) -> None:
    """All of them; without an aim, or without the peer, nothing is claimed."""
    assert row_of("work", "items/s", FIGURES, **beside).is_reached is is_reached


def test_lines_show_ratio_aim_and_note() -> None:
    """All that a reader needs to doubt it."""
    row = row_of("work", "items/s", FIGURES, peer="it", peers=10.0, least_ratio=0.5, note="with care")
    text = " ".join(lines_of(row))
    assert "2.00 × it" in text
    assert "aim ≥ 0.5 × the peer: reached" in text
    assert text.endswith("with care")


def test_the_clock_counts_what_was_done() -> None:
    """Items over seconds, once for each run and never the first."""
    ticks = iter(range(100))
    done = []
    found = clock.rates(lambda: done.append(1), 6, lambda: 2.0 * next(ticks))
    assert found == [3.0] * clock.RUNS
    assert len(done) == clock.RUNS + 1


def test_the_groups_measure(monkeypatch) -> None:
    """On a few records, with a peer that is missing, which is said and not hidden."""

    def no_clk(_data, _runs):
        raise PeerMissingError("clkhash: could not install")

    monkeypatch.setattr(encoding, "RECORDS", {"ci": 40})
    monkeypatch.setattr(comparing, "PAIRS", {"ci": 50})
    monkeypatch.setattr(encoding, "time_clk", no_clk)
    monkeypatch.setattr(encoding, "febrl_set", lambda _number: febrl_set(1))
    found = [*encoding.rows("ci"), *comparing.rows("ci")]
    assert all(row.ours > 0 for row in found)
    assert "could not install" in found[0].note
    assert found[-1].ratio is not None


def test_a_growing_hub_files_everybody(monkeypatch) -> None:
    """The last hundredth is measured beside the whole, and told as its share."""
    monkeypatch.setattr(growing, "PEOPLE", {"ci": (60,)})
    (row,) = growing.rows("ci")
    assert row.ours > 0
    assert row.peers > 0
    assert "of the cost of linking all 61" in row.note
