"""
One HTML page with tables and plots that opens offline; on the partner's premises.

It holds no record: figures, curves, and the weights of one pair by field, without any value.
"""

from collections.abc import Iterable, Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from api.agent.evaluate.charts import bar_plot, line_plot, reliability_plot, waterfall
from api.agent.evaluate.intervals import Figure
from api.agent.evaluate.measures import Evaluation, curve, reliability
from api.agent.evaluate.subgroups import SubgroupRow
from api.agent.linking.judging import LinkedPairs
from matcher.pairs import Grade
from matcher.score.levels import MISSING
from matcher.score.posterior import field_bits

STYLE = (
    "body{font:15px/1.5 sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "table{border-collapse:collapse;margin:1rem 0;display:block;overflow-x:auto}"
    "td,th{padding:.2rem .6rem;border-bottom:1px solid #ddd;text-align:right;white-space:nowrap}"
    "td:first-child,th:first-child{text-align:left}figure{display:inline-block;margin:1rem;vertical-align:top}"
)
NOTHING = "–"


def page(title: str, parts: Iterable[str]) -> str:
    """Return a whole page; nothing in it is fetched from anywhere."""
    body = "\n".join(parts)
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{STYLE}</style>'
    return f'<!doctype html>\n<html lang="en"><head>{head}</head><body><h1>{escape(title)}</h1>\n{body}</body></html>\n'


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of text cells."""
    lines = ["<tr>" + "".join(f"<th>{escape(cell)}</th>" for cell in header) + "</tr>"]
    lines += ["<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows]
    return f"<table>{''.join(lines)}</table>"


def figure(plot: str, caption: str) -> str:
    """Return a plot with its caption."""
    return f"<figure>{plot}<figcaption>{escape(caption)}</figcaption></figure>"


def evaluation_page(
    linked: LinkedPairs,
    evaluation: Evaluation,
    figures: dict[str, Figure],
    subgroups: Sequence[SubgroupRow],
) -> str:
    """
    Return the page of one evaluation.

    Args:
        linked: what was linked; gives the weights of one pair.
        evaluation: the same, held against the truth.
        figures: with their intervals.
        subgroups: rows of every column that was asked for.
    """
    parts = [table(["figure", "value", "95 % interval"], (figure_cells(name, each) for name, each in figures.items()))]
    parts.append(figure(line_plot({"casematch": curve(evaluation)}, "recall", "precision"), "Precision and recall"))
    if evaluation.found.probability is not None:
        rows = reliability(evaluation.found.probability, evaluation.is_true)
        parts.append(figure(reliability_plot({"casematch": rows}), "Calibration of the posterior"))
    if subgroups:
        parts.append(subgroup_bars(subgroups))
    if steps := weakest_steps(linked):
        plot = waterfall(steps, "Match weight of one pair, in bits")
        parts.append(figure(plot, "The weakest of the matches, field by field"))
    return page("Linkage quality", parts)


def figure_cells(name: str, each: Figure) -> list[str]:
    """Return a figure as three cells."""
    return [name.replace("_", " "), number(each.value), interval(each)]


def subgroup_bars(rows: Sequence[SubgroupRow]) -> str:
    """Draw F1 and recall by group."""
    named = [(f"{row.column}: {row.group} ({row.true_pairs})", row) for row in rows]
    recall = bar_plot([(name, row.recall) for name, row in named], "Recall by subgroup (true pairs)")
    f1 = bar_plot([(name, row.f1) for name, row in named], "F1 by subgroup (true pairs)")
    return figure(recall, "Recall at the label-free threshold") + figure(f1, "F1 at the label-free threshold")


def weakest_steps(linked: LinkedPairs) -> list[tuple[str, float]]:
    """Return how the weight of the weakest match comes about; of the best pair when nothing matched, else nothing."""
    matched = np.flatnonzero(linked.grade >= Grade.POSSIBLE)
    weights = linked.scored.weight_bits
    if not len(weights):
        return []
    row = int(matched[np.argmin(weights[matched])]) if len(matched) else int(np.argmax(weights))
    return weight_steps(linked, row)


def weight_steps(linked: LinkedPairs, row: int) -> list[tuple[str, float]]:
    """
    Return how the weight of a pair comes about: what is left for prior and nuisance classes first, then each field.

    The fields' bits are those against strangers; what relatives and namesakes explain is part of the first step.
    """
    levels: NDArray[np.int8] = linked.scored.levels[row]
    fields = [
        (field.name, float(field_bits(field)[levels[column]]))
        for column, field in enumerate(linked.model.fields)
        if levels[column] != MISSING
    ]
    rest = float(linked.scored.weight_bits[row]) - sum(bits for _, bits in fields)
    return [("prior, relatives, namesakes", rest), *fields]


def number(value: float | None) -> str:
    """Return a figure with three digits."""
    return NOTHING if value is None else f"{value:,.3f}"


def interval(each: Figure) -> str:
    """Return an interval."""
    return NOTHING if each.low is None or each.high is None else f"{each.low:,.3f} – {each.high:,.3f}"
