"""What is told of a frequency model, as text and as JSON; on the partner's premises, and without a rare value."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from api.agent.frequencies.agreement import PartAgreement
from api.agent.frequencies.building import LEAST_PEOPLE, Built
from api.agent.frequencies.counting import Counts
from api.agent.render import plain, plural, table
from matcher.encode.frequency import LEAST_COUNT

MANY = 30  # values; fewer say nothing of the whole
LEAST_COVERAGE = 0.5  # below it, most of the people carry values that the shipped model does not know
LEAST_CORRELATION = 0.3  # below it, what is common in the one is not what is common in the other


def describe_built(built: Built, counts: Counts) -> str:
    """Tell what each part of a new model was made of, and which rows were not used."""
    rows = [
        (
            each.part,
            f"{each.people:,}",
            f"{each.listed:,}",
            f"{each.left_out:,}" if each.is_own else "",
            "own counts" if each.is_own else "as shipped",
        )
        for each in built.parts
    ]
    source = "aggregate counts" if counts.is_aggregate else "cases"
    lines = [
        f"Frequency model {built.model.name}, made from {source}.",
        table(("part", "people", "listed", "left out", "made from"), rows),
        f"Left out: carried by fewer than {LEAST_COUNT}, or a telephone or identifier.",
        f"Parts with fewer than {LEAST_PEOPLE} people are as shipped.",
    ]
    if counts.faults:
        found = Counter(fault.code for fault in counts.faults).most_common()
        told = ", ".join(f"{plural(many, 'row')} {code}" for code, many in found)
        lines.append(f"Not used: {told}; first: row {counts.faults[0].row}.")
    return "\n".join(lines)


def describe_agreement(parts: Sequence[PartAgreement], shipped: str, factor: float, shown: int) -> str:
    """Tell how a model agrees with the shipped one; `shown` cuts the list of values of each part."""
    rows = [
        (
            each.part,
            f"{each.listed:,}",
            f"{each.shipped_listed:,}",
            f"{each.both:,}",
            _figure(each.coverage),
            _figure(each.rank_correlation),
            f"{each.differing:,}",
        )
        for each in parts
    ]
    columns = ("part", "listed", f"in {shipped}", "both", "coverage", "rank corr.", f"× {factor:g} apart")
    lines = [f"Compared with {shipped}:", table(columns, rows)]
    apart = [
        (each.part, pair.key, f"{pair.share:.5f}", f"{pair.shipped_share:.5f}{'' if pair.is_listed else ' (unlisted)'}")
        for each in parts
        for pair in each.differences[:shown]
    ]
    if apart:
        lines += ["", "Farthest apart, of values in both or that one in a hundred carries:"]
        lines.append(table(("part", "key", "share", f"in {shipped}"), apart))
    return _plain_lines([*lines, *(["", *remarks(parts)] if remarks(parts) else [])])


def remarks(parts: Sequence[PartAgreement]) -> list[str]:
    """Say of which parts the partner should think twice."""
    strange = [each.part for each in parts if each.shipped_listed >= MANY and each.coverage < LEAST_COVERAGE]
    unlike = [each.part for each in parts if each.both >= MANY and each.rank_correlation < LEAST_CORRELATION]
    said = []
    if strange:
        said.append(f"Most people carry values that the shipped model does not list: {', '.join(strange)}.")
    if unlike:
        said.append(f"What is common is not what is common in the shipped model: {', '.join(unlike)}.")
    return said


def built_figures(built: Built, counts: Counts) -> dict[str, Any]:
    """Return what `describe_built` tells, for programs."""
    return {
        "name": built.model.name,
        "is_aggregate": counts.is_aggregate,
        "parts": {each.part: _without_name(asdict(each)) for each in built.parts},
        "rows_not_used": dict(Counter(fault.code for fault in counts.faults)),
    }


def agreement_figures(parts: Sequence[PartAgreement], shipped: str, factor: float) -> dict[str, Any]:
    """Return what `describe_agreement` tells, for programs; what cannot be measured is null."""
    return {
        "against": shipped,
        "factor": factor,
        "parts": {each.part: _without_name(asdict(each)) for each in parts},
        "remarks": remarks(parts),
    }


def _plain_lines(lines: Sequence[str]) -> str:
    """Join lines, each without control characters: a model may come from a stranger."""
    return "\n".join(plain(line) for text in lines for line in text.split("\n"))


def _figure(value: float) -> str:
    """Write a ratio, or nothing where it cannot be measured."""
    return "" if math.isnan(value) else f"{value:.2f}"


def _without_name(figures: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out the part's name, and turn NaN, which JSON has not, to null."""
    return {
        key: None if isinstance(value, float) and math.isnan(value) else value
        for key, value in figures.items()
        if key != "part"
    }
