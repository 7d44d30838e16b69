"""
Hardened CLKs: what the literature puts on top of a filter to keep its bits from being read.

Balancing, XOR-folding and BLIP as in Schnell and Borgs 2016, Rule 90 as in Schnell and Borgs 2018, diffusion as in
Armknecht, Heng and Schnell 2023. Each keeps similar filters similar, which is what it is for, and what is attacked.
"""

import zlib
from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from benchmarks.attacks.encodings.clk import Bits, Clk


def balance(bits: Bits, seed: int) -> Bits:
    """Put each filter's complement beside it and shuffle the positions: all have equally many ones."""
    both = np.concatenate([bits, 1 - bits], axis=1)
    return both[:, np.random.default_rng(seed).permutation(both.shape[1])]


def xor_fold(bits: Bits, seed: int) -> Bits:  # noqa: ARG001 - it has no key; all hardenings are called alike
    """Join the two halves by exclusive or; the number of bits must be even."""
    half = bits.shape[1] // 2
    return bits[:, :half] ^ bits[:, half:]


def rule_90(bits: Bits, seed: int) -> Bits:  # noqa: ARG001 - as above
    """Replace each bit by the exclusive or of its two neighbours, the ends being neighbours of each other."""
    return np.roll(bits, 1, axis=1) ^ np.roll(bits, -1, axis=1)


def blip(bits: Bits, seed: int, flipped: float) -> Bits:
    """
    Flip bits at random, for each record anew.

    Args:
        bits: the filters.
        seed: of the coins, together with the filters: two lists under one seed do not share their coins.
        flipped: probability that a bit is flipped.
    """
    coins = np.random.default_rng([seed, zlib.crc32(bits.tobytes())]).random(bits.shape) < flipped
    return bits ^ coins.astype(np.uint8)


def diffuse(bits: Bits, seed: int, inputs: int) -> Bits:
    """
    Replace each bit by the exclusive or of bits at secret positions.

    Args:
        bits: the filters.
        seed: chooses the positions, the same for all records.
        inputs: how many different bits go into one, `t` in the paper.
    """
    width = bits.shape[1]
    chosen = np.random.default_rng(seed).permuted(np.tile(np.arange(width), (width, 1)), axis=1)[:, :inputs]
    diffused = np.zeros_like(bits)
    for column in chosen.T:
        diffused ^= bits[:, column]
    return diffused


HARDENINGS: Mapping[str, Callable[[Bits, int], Bits]] = {
    "balance": balance,
    "XOR-fold": xor_fold,
    "Rule 90": rule_90,
    "BLIP 10 %": partial(blip, flipped=0.1),
    "BLIP 20 %": partial(blip, flipped=0.2),
    "diffusion t=2": partial(diffuse, inputs=2),
    "diffusion t=5": partial(diffuse, inputs=5),
    "diffusion t=10": partial(diffuse, inputs=10),
}


def hardened(name: str) -> Clk:
    """
    Return CLKs with one hardening.

    Args:
        name: a key of `HARDENINGS`.
    """
    return Clk(f"CLK, {name}", harden=HARDENINGS[name])
