"""The report as one HTML page: tables, precision and recall, calibration, subgroups, the weight of one pair."""

from api.agent.evaluate.charts import line_plot, reliability_plot, waterfall
from api.agent.evaluate.page import figure, number, page, subgroup_bars, table
from benchmarks.report.attack_page import attack_parts
from benchmarks.report.attack_rows import AttackReport
from benchmarks.report.measured import Measured, Report
from benchmarks.report.tables import COLUMNS, interval_of


def quality_page(report: Report, attacks: AttackReport | None = None) -> str:
    """
    Return the whole page; it opens offline.

    Args:
        report: linkage quality.
        attacks: what the attack suite found; privacy then stands beside quality.
    """
    parts = [f"<p>Profile {report.profile}, {report.split} seeds, made {report.made}.</p>"]
    for name in dict.fromkeys(row.data for row in report.rows):
        rows = [row for row in report.rows if row.data == name]
        parts += [f"<h2>{name}</h2>", f"<p>{rows[0].true_pairs:,} true pairs.</p>", _figures(rows), *_plots(rows)]
    if report.verdicts:
        parts += ["<h2>Episode verdicts</h2>", _verdicts(report)]
    parts.append("<p>FA: false alerts per 1,000 queries at 20,000 people on file, at this grade and above.</p>")
    if attacks is not None:
        parts += ["<h1>Attacks on encodings</h1>", *attack_parts(attacks)]
    return page("Linkage quality", parts)


def _figures(rows: list[Measured]) -> str:
    """Return the table of one data set; a system that did not run has its reason."""
    header = ["system", *(title for _, title in COLUMNS), "F1 95 %", "seconds", "note"]
    lines = [
        [
            row.system,
            *(number(row.figures[key].value if key in row.figures else None) for key, _ in COLUMNS),
            interval_of(row.figures.get("f1")),
            f"{row.seconds:.0f}",
            row.note,
        ]
        for row in rows
    ]
    return table(header, lines)


def _plots(rows: list[Measured]) -> list[str]:
    """Return the plots of one data set."""
    curves = {row.system: row.curve for row in rows if row.curve}
    parts = [figure(line_plot(curves, "recall", "precision"), "Precision and recall at every threshold")]
    tables = {row.system: row.reliability for row in rows if row.reliability}
    if tables:
        parts.append(figure(reliability_plot(tables), "Calibration of the posterior"))
    parts += [subgroup_bars(row.subgroups) for row in rows if row.subgroups]
    parts += [
        figure(waterfall(row.steps, f"{row.system}: match weight of one pair, in bits"), "The weakest of the matches")
        for row in rows
        if row.steps
    ]
    return parts


def _verdicts(report: Report) -> str:
    """Return the accuracy of the episode verdict."""
    lines = [
        [name, each.verdict.replace("_", " "), str(each.pairs), number(each.accuracy), number(each.accuracy_with_noise)]
        for name, rows in report.verdicts.items()
        for each in rows
    ]
    return table(["data", "what happened", "pairs", "accuracy", "with date noise"], lines)
