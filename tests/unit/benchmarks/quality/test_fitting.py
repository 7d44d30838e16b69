"""What the shipped score model is fitted with: labelled pairs, and the tempering that suits their evidence."""

import numpy as np
import pytest

from benchmarks.data.worlds.world import World, make_world
from benchmarks.quality.groups import GROUPS, labelled_pairs, others_per_record
from benchmarks.quality.tempering import Evidence, best_tempering
from matcher.score.model import Tempering

PRIOR_BITS = -12.0


@pytest.fixture(scope="module")
def world() -> World:
    """Make a world."""
    return make_world(3, 1_000, "L")


def test_groups_are_what_they_are_called(world) -> None:
    """One person, one family born on one day or not, one name in one district or two."""
    people = [record.person for record in world.records]
    groups = {name: [(people[a], people[b]) for a, b in pairs] for name, pairs in labelled_pairs(world).items()}
    assert set(groups) == set(GROUPS)
    assert all(groups.values())
    assert all(a.number == b.number for a, b in groups["match"])
    assert all(a.family == b.family and a.number != b.number for a, b in groups["household"] + groups["twin"])
    assert all((a.born == b.born) == (name == "twin") for name in ("household", "twin") for a, b in groups[name])
    for name, is_local in (("homonym", False), ("local_homonym", True)):
        assert all((a.home.district == b.home.district) == is_local for a, b in groups[name])
        assert all((a.name.given, a.name.family) == (b.name.given, b.name.family) for a, b in groups[name])
    assert all(a.family != b.family for a, b in groups["random"])


def test_a_record_meets_as_many_others_as_there_are(world) -> None:
    """Twice the pairs of a group, by record; strangers are not counted."""
    others = others_per_record(world)
    assert others["match"] == pytest.approx(2 * len(world.true_pairs()) / 1_000)
    assert others["household"] + others["twin"] == pytest.approx(2 * len(world.sibling_pairs()) / 1_000)
    assert others["place"] > 10 * others["match"]
    assert "random" not in others


def drawn(tempering: Tempering, seed: int) -> Evidence:
    """Draw pairs whose truth is as likely as tempered evidence says."""
    draw = np.random.default_rng(seed)
    bits = draw.uniform(-10, 40, 20_000)
    weight = tempering.of(bits) + PRIOR_BITS
    return Evidence(bits, PRIOR_BITS, draw.random(len(bits)) < 1 / (1 + np.exp2(-weight)))


@pytest.mark.parametrize("truth", [Tempering(15, 0.6), Tempering(11, 0.8)])
def test_the_tempering_that_made_the_truth_is_found(truth) -> None:
    """Knee and slope come back, or others that temper nearly alike."""
    found = best_tempering([drawn(truth, 1), drawn(truth, 2)])
    bits = np.linspace(0, 30)
    assert np.abs(found.of(bits) - truth.of(bits)).max() < 0.7


def test_sound_evidence_is_left_as_it_is() -> None:
    """Where the evidence means what it says, hardly anything is tempered."""
    found = best_tempering([drawn(Tempering(0, 1), 3)])
    assert found.of(np.array([0.0]))[0] < 1
