"""Measure the folding of names and print it: `python -m benchmarks names`."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import jellyfish
from rich.console import Console
from rich.table import Table

from benchmarks.names.keys import BENGALI_KEYS, KEYS
from benchmarks.names.measures import (
    Likeness,
    area_under_curve,
    bigram_jaccard,
    by_distance,
    collisions_per_10000,
    folded_likeness,
    full_names,
    match_rating,
    names_per_second,
    random_pairs,
    raw_likeness,
    share_agreeing,
    three_views,
)
from benchmarks.names.pairs import TABLES, Half, PairSet, read_pairs

SETS: dict[str, tuple[PairSet, ...]] = {each.value: (each,) for each in PairSet} | {"both": tuple(PairSet)}
RANDOM_PAIRS = {"ci": 20_000, "full": 200_000}
TIMED_NAMES = {"ci": 4_000, "full": 20_000}
LIKENESSES: dict[str, Likeness] = {
    "raw bigrams": raw_likeness,
    "folded bigrams": folded_likeness,
    "raw, folded and consonant bigrams": three_views,
    "jaro": jellyfish.jaro_similarity,
    "jaro-winkler": jellyfish.jaro_winkler_similarity,
    "levenshtein": by_distance(jellyfish.levenshtein_distance),
    "damerau-levenshtein": by_distance(jellyfish.damerau_levenshtein_distance),
    "hamming": by_distance(jellyfish.hamming_distance),
    "jaccard": bigram_jaccard,
    "match rating comparison": match_rating,
}


def run(profile: str, *, as_json: bool) -> None:
    """
    Print the figures.

    Args:
        profile: ci (seconds) or full.
        as_json: print one object instead of tables.
    """
    speed = _speed(profile)  # first, while the caches are cold
    figures = {name: {half.value: _half(sets, half) for half in Half} for name, sets in SETS.items()}
    bengali = {half.value: _bengali(half) for half in Half}
    drawn = random_pairs(RANDOM_PAIRS[profile])
    chance = {name: collisions_per_10000(key, drawn) for name, key in KEYS.items()}
    report = {**figures, "bengali": bengali, "collisions_per_10000": chance, "names_per_second": speed}
    if as_json:
        print(json.dumps(report, indent=1))
    else:
        _print(report)


def _half(sets: Iterable[PairSet], half: Half) -> dict[str, Any]:
    """Measure one half of one set, or of several pooled."""
    files = zip(*(TABLES[each] for each in sets), strict=True)
    variants, hard, scripts = ([pair for name in names for pair in read_pairs(name, half)] for names in files)
    keys = {
        name: {
            "recall": share_agreeing(key, variants),
            "false_on_hard": share_agreeing(key, hard),
            "across_scripts": share_agreeing(key, scripts),
        }
        for name, key in KEYS.items()
    }
    curves = {name: area_under_curve(likeness, variants, hard) for name, likeness in LIKENESSES.items()}
    sizes = {"variants": len(variants), "hard": len(hard), "scripts": len(scripts)}
    return {"pairs": sizes, "keys": keys, "auc_against_hard": curves}


def _bengali(half: Half) -> dict[str, Any]:
    """Measure the Bengali family's keys."""
    pairs = read_pairs("bengali_pairs", half)
    return {"pairs": len(pairs), "recall": {name: share_agreeing(key, pairs) for name, key in BENGALI_KEYS.items()}}


def _speed(profile: str) -> dict[str, float]:
    """Time the same names twice."""
    names = full_names(TIMED_NAMES[profile])
    return {"cold": names_per_second(names), "warm": names_per_second(names)}


def _print(report: dict[str, Any]) -> None:
    """Print the figures as tables."""
    console = Console()
    headings = ("key", "recall", "false on hard", "across scripts")
    for name in SETS:
        for half in Half:
            figures = report[name][half.value]
            title = f"{name}, {half.value} half, pairs: {figures['pairs']}"
            console.print(_table(title, headings, {key: row.values() for key, row in figures["keys"].items()}))
            curves = ", ".join(f"{likeness} {value:.3f}" for likeness, value in figures["auc_against_hard"].items())
            console.print(f"AUC of a likeness, variants against hard non-pairs: {curves}\n")
    bengali = report["bengali"]
    title = f"Bengali, recall, pairs: { {half.value: bengali[half.value]['pairs'] for half in Half} }"
    rows = {name: [bengali[half.value]["recall"][name] for half in Half] for name in BENGALI_KEYS}
    console.print(_table(title, ("key", *Half), rows))
    chance = ", ".join(f"{name} {value:.1f}" for name, value in report["collisions_per_10000"].items())
    console.print(f"Collisions in 10,000 pairs drawn at random: {chance}")
    speed = report["names_per_second"]
    console.print(f"full names a second: {speed['cold']:,.0f} cold, {speed['warm']:,.0f} warm")


def _table(title: str, headings: Sequence[str], rows: Mapping[str, Iterable[float]]) -> Table:
    """Make a table of shares, one row a key."""
    table = Table(title=title)
    for heading in headings:
        table.add_column(heading, justify="left" if heading == "key" else "right", no_wrap=heading == "key")
    for name, values in rows.items():
        table.add_row(name, *(f"{value:.3f}" for value in values))
    return table
