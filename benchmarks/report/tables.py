"""The report as plain tables for a terminal."""

from collections.abc import Sequence

from api.agent.evaluate.intervals import Figure
from benchmarks.report.measured import Measured, Report

COLUMNS = (
    ("precision", "P"), ("recall", "R"), ("f1", "F1"), ("best_f1", "best F1"), ("pr_auc", "PR-AUC"),
    ("recall_at_precision_99", "R@P.99"), ("recall_at_precision_999", "R@P.999"), ("recall_at_1", "R@1"),
    ("recall_at_5", "R@5"), ("pairs_completeness", "PC"), ("pairs_quality", "PQ"), ("reduction_ratio", "RR"),
    ("ece", "ECE"), ("estimated_matches_ratio", "est/true"), ("precision_at_p99", "P|p≥.99"),
    ("precision_at_p90", "P|p≥.9"), ("false_alerts_certain", "FA cert"), ("false_alerts_probable", "FA prob"),
    ("false_alerts_possible", "FA poss"), ("cluster_precision", "cl.P"), ("cluster_recall", "cl.R"),
)  # fmt: skip
SHOWN_INTERVAL = "f1"
NOTHING = "–"


def quality_tables(report: Report) -> str:
    """Return every table, a blank line between."""
    parts = [f"Linkage quality, profile {report.profile}, {report.split} seeds, {report.made}"]
    for name in dict.fromkeys(row.data for row in report.rows):
        rows = [row for row in report.rows if row.data == name]
        parts.append(f"{name}: {rows[0].true_pairs:,} true pairs")
        parts.append(
            _table(["system", *(title for _, title in COLUMNS), "F1 95 %", "s"], [_cells(row) for row in rows])
        )
        parts += [f"  {row.system}: {row.note}" for row in rows if row.note]
        parts += [part for row in rows for part in _beside(row)]
    parts += [_verdicts(report)] if report.verdicts else []
    parts.append("FA: false alerts per 1,000 queries at 20,000 people on file, at this grade and above.")
    return "\n\n".join(parts)


def _cells(row: Measured) -> list[str]:
    """Return one system's line."""
    told = [number(row.figures[key].value if key in row.figures else None) for key, _ in COLUMNS]
    return [row.system, *told, interval_of(row.figures.get(SHOWN_INTERVAL)), f"{row.seconds:.0f}"]


def _beside(row: Measured) -> list[str]:
    """Return what is told of one system alone: entries, siblings, subgroups."""
    parts = []
    if row.entries_per_record is not None:
        model = "fitted to these lists" if row.is_fitted else "as shipped"
        parts.append(f"  {row.system}: {row.entries_per_record:.1f} entries a record; score model {model}")
    for kin, told in row.kin.items():
        if told["share_certain"] is not None:
            shares = ", ".join(f"{key.removeprefix('share_')} {_rare(value)}" for key, value in told.items())
            parts.append(f"  {row.system}, {kin}: {shares}")
    if row.subgroups:
        lines = [
            [
                each.column,
                each.group,
                f"{each.true_pairs}",
                number(each.precision),
                number(each.recall),
                number(each.f1),
            ]
            for each in row.subgroups
        ]
        parts.append(_table(["subgroup", "", "true", "P", "R", "F1"], lines))
    return parts


def _verdicts(report: Report) -> str:
    """Return the accuracy of the episode verdict."""
    lines = [
        [name, each.verdict, str(each.pairs), number(each.accuracy), number(each.accuracy_with_noise)]
        for name, rows in report.verdicts.items()
        for each in rows
    ]
    return _table(["episode verdict", "truth", "pairs", "accuracy", "with date noise"], lines)


def number(value: float | None) -> str:
    """Return a figure with three digits; more of small ones would be noise."""
    if value is None:
        return NOTHING
    return f"{value:.3f}" if abs(value) < 10 else f"{value:,.0f}"  # noqa: PLR2004 - three digits either way


def _rare(value: float | None) -> str:
    """Return a count, or a share that may be very small."""
    return NOTHING if value is None else f"{value:.5f}" if value < 1 else f"{value:,.0f}"


def interval_of(figure: Figure | None) -> str:
    """Return an interval."""
    if figure is None or figure.low is None or figure.high is None:
        return NOTHING
    return f"{figure.low:.3f}–{figure.high:.3f}"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Align columns: the first to the left, the others to the right."""
    widths = [max(len(line[column]) for line in (header, *rows)) for column in range(len(header))]
    lines = [
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in (header, *rows)
    ]
    return "\n".join(lines)
