"""Measure the folding of names and print it: `python -m benchmarks names`."""

import json
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
from benchmarks.names.pairs import Half, read_pairs

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
    figures = {half.value: _half(half) for half in Half}
    drawn = random_pairs(RANDOM_PAIRS[profile])
    chance = {name: collisions_per_10000(key, drawn) for name, key in KEYS.items()}
    report = {**figures, "collisions_per_10000": chance, "names_per_second": speed}
    if as_json:
        print(json.dumps(report, indent=1))
    else:
        _print(report)


def _half(half: Half) -> dict[str, Any]:
    """Measure one half."""
    variants, hard = read_pairs("name_variant_pairs", half), read_pairs("name_hard_negatives", half)
    scripts = read_pairs("names_two_scripts", half)
    bengali = read_pairs("bengali_pairs", half)
    keys = {
        name: {
            "recall": share_agreeing(key, variants),
            "false_on_hard": share_agreeing(key, hard),
            "across_scripts": share_agreeing(key, scripts),
            "bengali_recall": share_agreeing(BENGALI_KEYS[name], bengali),
        }
        for name, key in KEYS.items()
    }
    curves = {name: area_under_curve(likeness, variants, hard) for name, likeness in LIKENESSES.items()}
    sizes = {"variants": len(variants), "hard": len(hard), "scripts": len(scripts), "bengali": len(bengali)}
    return {"pairs": sizes, "keys": keys, "auc_against_hard": curves}


def _speed(profile: str) -> dict[str, float]:
    """Time the same names twice."""
    names = full_names(TIMED_NAMES[profile])
    return {"cold": names_per_second(names), "warm": names_per_second(names)}


def _print(report: dict[str, Any]) -> None:
    """Print the figures as tables."""
    console = Console()
    for half in Half:
        figures = report[half.value]
        table = Table(title=f"{half.value} half, pairs: {figures['pairs']}")
        for heading in ("key", "recall", "false on hard", "across scripts", "Bengali recall", "collisions per 10,000"):
            table.add_column(heading, justify="left" if heading == "key" else "right", no_wrap=heading == "key")
        for name, row in figures["keys"].items():
            table.add_row(
                name, *(f"{value:.3f}" for value in row.values()), f"{report['collisions_per_10000'][name]:.1f}"
            )
        console.print(table)
        curves = ", ".join(f"{name} {value:.3f}" for name, value in figures["auc_against_hard"].items())
        console.print(f"AUC of a likeness, variants against hard non-pairs: {curves}\n")
    speed = report["names_per_second"]
    console.print(f"full names a second: {speed['cold']:,.0f} cold, {speed['warm']:,.0f} warm")
