"""The attack report as one HTML page that opens offline, and as the part of the quality page that it is."""

from html import escape

from api.agent.evaluate.charts import bar_plot
from api.agent.evaluate.page import figure, page, table
from benchmarks.report.attack_rows import AttackReport
from benchmarks.report.attack_tables import HEADER, cells, notes


def attack_page(report: AttackReport) -> str:
    """Return the whole page."""
    return page("Attacks on encodings", attack_parts(report))


def attack_parts(report: AttackReport) -> list[str]:
    """Return the tables, one for each attack, with its rates drawn and its notes below."""
    parts = [f"<p>Profile {report.profile}, {report.split} seeds, made {report.made}.</p>"]
    for attack in dict.fromkeys(row.attack for row in report.rows):
        rows = [row for row in report.rows if row.attack == attack]
        parts += [f"<h2>{escape(attack)}</h2>", table(HEADER, [cells(row) for row in rows])]
        shares = [(f"{row.encoding}, {row.what}, {row.data} {row.n}, {row.overlap:.0%}", row.rate) for row in rows]
        if all(rate <= 1 for _, rate in shares):
            parts.append(figure(bar_plot(shares, f"{attack}: share that the attacker got right"), attack))
    parts += [f"<p>{escape(line)}</p>" for line in notes(report)]
    return parts
