"""Linkage quality does not fall below its floors."""

import tomllib
from pathlib import Path

import pytest

from api.agent.evaluate.measures import Evaluation
from benchmarks.quality.datasets import febrl_set, world_set
from benchmarks.quality.systems import CASEMATCH, run_system

FLOORS = tomllib.loads((Path(__file__).parents[4] / "benchmarks" / "floors.toml").read_text(encoding="utf-8"))
MAKERS = {
    "febrl1": lambda: febrl_set(1),
    "nepali-H-600-seed2": lambda: world_set("H", 600, 2),
    "nepali-L-600-seed2": lambda: world_set("L", 600, 2),
}


@pytest.mark.parametrize("name", sorted(FLOORS.keys() - {"attacks", "speed"}))
def test_quality_keeps_its_floors(name):
    """Every figure that has a floor stands at or above it."""
    data = MAKERS[name]()
    outcome = run_system(CASEMATCH, data)
    figures = Evaluation(outcome.found, data.truth).figures()
    fallen = {key: figures[key] for key, floor in FLOORS[name][CASEMATCH].items() if figures[key] < floor}
    assert not fallen
