"""The attack report as plain text for a terminal."""

from collections.abc import Sequence

from benchmarks.report.attack_rows import AttackReport, Row

HEADER = (
    "attack", "what", "encoding", "data", "n", "seeds", "overlap", "knowledge", "rate", "95 %", "bound", "kept", "F1",
)  # fmt: skip
NOTHING = "–"
SEVERAL = 10  # what is above is measured in bits or counts, and needs no three digits


def attack_table(report: AttackReport) -> str:
    """Return the whole report: the table, notes, and what did not keep its bound."""
    rows = [cells(row) for row in report.rows]
    widths = [max(len(line[column]) for line in (HEADER, *rows)) for column in range(len(HEADER))]
    lines = [_aligned(line, widths) for line in (HEADER, *rows)]
    parts = [f"Attacks, profile {report.profile}, {report.split} seeds, {report.made}", "\n".join(lines)]
    if told := notes(report):
        parts.append("\n".join(told))
    return "\n\n".join(parts)


def cells(row: Row) -> list[str]:
    """Return one line of the table; a control's bound is the least rate, a target's the greatest."""
    sign = "≥" if row.is_control else "≤"
    return [
        row.attack,
        row.what,
        row.encoding,
        row.data,
        f"{row.n:,}",
        ", ".join(map(str, row.seeds)),
        f"{row.overlap:.0%}",
        row.knowledge,
        number(row.rate),
        f"{number(row.low)}–{number(row.high)}",
        NOTHING if row.bound is None else f"{sign} {row.bound:g}",
        NOTHING if row.is_met is None else "yes" if row.is_met else "NO",
        NOTHING if row.linkage_f1 is None else f"{row.linkage_f1:.3f}",
    ]


def notes(report: AttackReport) -> list[str]:
    """Return what stands below the table: notes, cells that were not run, and what papers found."""
    told = []
    for row in report.rows:
        about = f"{row.attack} {row.what}, {row.encoding}, {row.data} {row.n:,}"
        told += [f"{about}: {row.note}"] if row.note else []
    told += [f"not run: {cell}" for cell in report.not_run]
    told += [f"{attack}, for orientation: {text}" for attack, text in _orientations(report.rows)]
    return told


def number(value: float) -> str:
    """Return a rate with four digits, a large figure with one."""
    return f"{value:.4f}" if value < SEVERAL else f"{value:,.1f}"


def _orientations(rows: Sequence[Row]) -> list[tuple[str, str]]:
    """Return what papers found, once for each attack."""
    return list(dict.fromkeys((row.attack, row.orientation) for row in rows if row.orientation))


def _aligned(line: Sequence[str], widths: Sequence[int]) -> str:
    """Align words to the left, figures to the right."""
    words = len(("attack", "what", "encoding", "data"))
    return "  ".join(
        cell.ljust(width) if place < words or place == HEADER.index("knowledge") else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(line, widths, strict=True))
    )
