"""Measures of a key or a likeness on pairs of names."""

import json
import random
import time
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import product

import jellyfish

from benchmarks.names.keys import Key
from benchmarks.names.pairs import DATA, Pair
from matcher.normalise.names import read_name
from matcher.normalise.naming import whole_readings
from matcher.phonetics.keys import scoring_key

SEED = 20_240_501  # any; the same in every run
Likeness = Callable[[str, str], float]


def share_agreeing(key: Key, pairs: Sequence[Pair]) -> float:
    """Return the share of pairs whose two sides have one key, in [0, 1]; NaN for no pairs."""
    return sum(key(one) == key(other) for one, other in pairs) / len(pairs) if pairs else float("nan")


def random_pairs(many: int) -> list[Pair]:
    """Draw pairs of different given names and surnames as often as people carry them."""
    counts = json.loads((DATA / "name_frequencies.json").read_text(encoding="utf-8"))
    rows = [row for part in ("first", "last") for sex in ("M", "F") for row in counts[part][sex]]
    draw = random.Random(SEED)  # noqa: S311 - repeatable draws of public names
    names = draw.choices([name for name, _ in rows], [count for _, count in rows], k=2 * many)
    return [Pair(one, other) for one, other in zip(names[::2], names[1::2], strict=True) if one != other]


def collisions_per_10000(key: Key, pairs: Sequence[Pair]) -> float:
    """Return how many of 10,000 random pairs of different names share a key."""
    return 10_000 * share_agreeing(key, pairs)


@lru_cache(maxsize=100_000)
def bigrams(text: str) -> frozenset[str]:
    """Return the padded bigrams of a text."""
    padded = f"_{text}_"
    return frozenset(padded[start : start + 2] for start in range(len(padded) - 1))


def dice(one: str, other: str) -> float:
    """Return the Dice likeness of two texts' bigrams, in [0, 1]."""
    left, right = bigrams(one), bigrams(other)
    return 2 * len(left & right) / (len(left) + len(right))


def by_distance(distance: Callable[[str, str], int]) -> Likeness:
    """Turn an edit distance into a likeness: its share of the longer spelling, from 1."""
    return lambda one, other: 1 - distance(one, other) / max(len(one), len(other))


def bigram_jaccard(one: str, other: str) -> float:
    """Compare spellings by jellyfish's Jaccard index of bigrams."""
    return float(jellyfish.jaccard_similarity(one, other, ngram_size=2))


def match_rating(one: str, other: str) -> float:
    """Compare spellings by match rating: alike or not; what it cannot compare is not."""
    return float(bool(jellyfish.match_rating_comparison(one, other)))


@lru_cache(maxsize=100_000)
def skeleton(key: str) -> str:
    """Return a key's consonants."""
    return key[:1] + "".join(letter for letter in key[1:] if letter.isupper())


def raw_likeness(one: str, other: str) -> float:
    """Compare spellings as written."""
    return dice(one, other)


def folded_likeness(one: str, other: str) -> float:
    """Compare scoring keys."""
    return dice(scoring_key(one), scoring_key(other))


def three_views(one: str, other: str) -> float:
    """Average spelling, scoring key and consonants, as sketches do."""
    keys = scoring_key(one), scoring_key(other)
    return (dice(one, other) + dice(*keys) + dice(*map(skeleton, keys))) / 3


def area_under_curve(likeness: Likeness, matches: Iterable[Pair], others: Iterable[Pair]) -> float:
    """Return the chance that a match is more alike than a non-match, ties counted half."""
    high = [likeness(*pair) for pair in matches]
    low = [likeness(*pair) for pair in others]
    wins = sum((one > other) + (one == other) / 2 for one, other in product(high, low))
    return wins / (len(high) * len(low))


def full_names(many: int) -> list[str]:
    """Draw full names, in Devanagari."""
    counts = json.loads((DATA / "name_frequencies.json").read_text(encoding="utf-8"))
    draw = random.Random(SEED)  # noqa: S311 - repeatable draws of public names
    columns = [
        draw.choices([name for name, _ in rows], [count for _, count in rows], k=many)
        for rows in (counts[part]["F"] for part in ("first", "middle", "last"))
    ]
    return [" ".join(words) for words in zip(*columns, strict=True)]


def names_per_second(names: Sequence[str]) -> float:
    """Return how many full names a second one core normalises, keys included, by processor time."""
    started = time.process_time()
    for name in names:
        whole_readings(read_name(name, "nepali"), (), "nepali")
    return len(names) / (time.process_time() - started)
