"""Growth is fitted, drawn, and held against floors."""

from xml.etree import ElementTree as ET

import pytest

from benchmarks.speed import floors, scaling
from benchmarks.speed.plot import growth_plot
from benchmarks.speed.row import row_of


@pytest.mark.parametrize("slope", [0.0, 0.5, 1.0])
def test_the_exponent_of_a_power_is_found(slope) -> None:
    """Twice the size costs two to the slope."""
    points = [(size, 3 * size**slope) for size in (10, 1_000, 100_000)]
    assert scaling.exponent(points) == pytest.approx(slope)


def test_look_ups_grow_slowly(monkeypatch) -> None:
    """The rows of small tables are points of one line, with its exponent last."""
    monkeypatch.setattr(scaling, "LOOKED_UP", {"ci": (20, 200)})
    monkeypatch.setattr(scaling, "QUERIES", 5)
    first, second, fitted = scaling.rows("ci")
    assert (first.people, second.people, fitted.people) == (20, 200, 0)
    assert min(first.ours, second.ours) > 0
    assert "exponent" in fitted.work


def test_the_plot_is_an_svg_with_every_point() -> None:
    """It parses, names its lines, and has a circle for each point within its bounds."""
    text = growth_plot({"a filing": [(1_000, 3.0), (1_000_000, 5.0)], "a look-up": [(1_000, 0.2)]})
    found = ET.fromstring(text)  # noqa: S314 - our own text
    circles = [node for node in found.iter() if node.tag.endswith("circle")]
    assert len(circles) == 3
    assert all(0 < float(node.get("cx", "0")) < 640 for node in circles)
    assert "a look-up" in text


@pytest.mark.parametrize(("ours", "lines"), [(5.0, 1), (20.0, 0), (90.0, 1)])
def test_what_is_beyond_a_floor_is_told(monkeypatch, tmp_path, ours, lines) -> None:
    """Below the least or above the most of its peer; a row without a floor or a peer breaks nothing."""
    monkeypatch.setattr(floors, "FILE", tmp_path / "floors.toml")
    floors.FILE.write_text('[speed.group."work"]\nleast = 0.1\nmost = 0.5\n')
    rows = [
        row_of("work", "ms", [ours], peer="it", peers=100.0),
        row_of("work", "ms", [1.0]),
        row_of("else", "", [1.0]),
    ]
    assert len(floors.broken({"group": rows, "other": rows})) == lines


def test_the_floors_that_are_kept_can_be_read() -> None:
    """Every table of them has a bound."""
    assert floors.broken({"comparing": []}) == []
