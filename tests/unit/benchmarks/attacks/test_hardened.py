"""What hardenings do to filters."""

import numpy as np
import pytest

from benchmarks.attacks.encodings.hardened import HARDENINGS, balance, blip, diffuse, rule_90, xor_fold

BITS = np.random.default_rng(1).integers(0, 2, (50, 256), dtype=np.uint8)


def test_balanced_filters_have_equally_many_ones():
    """Half of a balanced filter is set, whatever was set before."""
    assert (balance(BITS, 1).sum(axis=1) == 256).all()


def test_folding_joins_halves():
    """Bit i of a folded filter is bit i of one half exclusive-or bit i of the other."""
    assert xor_fold(np.array([[1, 1, 0, 1]], dtype=np.uint8), 1).tolist() == [[1, 0]]


def test_rule_90_looks_at_both_neighbours():
    """Each bit is the exclusive or of its neighbours; the ends are neighbours."""
    assert rule_90(np.array([[1, 0, 0, 0]], dtype=np.uint8), 1).tolist() == [[0, 1, 0, 1]]


@pytest.mark.parametrize("flipped", [0.1, 0.2])
def test_blip_flips_as_many_bits_as_told_for_each_record_anew(flipped):
    """The share of flipped bits is as told, and no two records have the same ones flipped."""
    changed = blip(BITS, 1, flipped) ^ BITS
    assert changed.mean() == pytest.approx(flipped, abs=0.02)
    assert len(np.unique(changed, axis=0)) == len(BITS)


def test_a_diffused_bit_hangs_on_as_many_bits_as_told():
    """Every one of the filter's bits set alone turns about t of the diffused ones, t in the mean exactly."""
    single = np.eye(256, dtype=np.uint8)
    assert (diffuse(single, 1, 5).sum(axis=0) == 5).all()


@pytest.mark.parametrize("name", HARDENINGS)
def test_equal_filters_stay_alike_and_others_do_not_become_so(name):
    """A hardened filter still tells its own record from another: that is what it is for."""
    hardened = HARDENINGS[name](np.concatenate([BITS[:2], BITS[:1]]), 1).astype(int)
    assert abs(hardened[0] - hardened[2]).mean() < 0.4 < 0.1 + abs(hardened[0] - hardened[1]).mean()
