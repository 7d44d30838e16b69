"""
Plots as inline SVG: they open offline, print well, and need no script; on the partner's premises.

Colours are told apart by those who see no red and green (Okabe and Ito 2008); every plot also has its figures as text.
"""

from collections.abc import Mapping, Sequence
from html import escape

from api.agent.evaluate.measures import ReliabilityRow

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")
WIDTH, HEIGHT = 420, 300
LEFT, BOTTOM, TOP, RIGHT = 46, 40, 16, 12
TICKS = 5
BAR, GAP = 18, 8
LABEL = 190
LINE = 16
MARKED_POINTS = 20  # a line of more points needs no dots

Points = Sequence[tuple[float, float]]


def line_plot(lines: Mapping[str, Points], across: str, up: str, *, has_diagonal: bool = False) -> str:
    """
    Plot lines in the unit square.

    Args:
        lines: points by name; each in [0, 1].
        across: name of the horizontal axis; `up` of the vertical one.
        up: see above.
        has_diagonal: draw where both are equal.
    """
    parts = [_axes(across, up)]
    if has_diagonal:
        (x1, y1), (x2, y2) = _place(0, 0), _place(1, 1)
        parts.append(f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="#999" stroke-dasharray="4"/>')
    for row, (name, points) in enumerate(lines.items()):
        colour = COLOURS[row % len(COLOURS)]
        path = " ".join("{},{}".format(*_place(x, y)) for x, y in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        marked = points if len(points) <= MARKED_POINTS else ()
        parts += [f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>' for x, y in (_place(*point) for point in marked)]
        parts.append(f'<text x="{LEFT + 8}" y="{HEIGHT + LINE * (row + 1)}" fill="{colour}">— {escape(name)}</text>')
    return _svg(WIDTH, HEIGHT + LINE * (len(lines) + 1), parts)


def reliability_plot(tables: Mapping[str, Sequence[ReliabilityRow]]) -> str:
    """Plot the share of true pairs against the mean posterior of each bin."""
    lines = {name: [(row.mean_probability, row.share_true) for row in rows] for name, rows in tables.items()}
    return line_plot(lines, "mean posterior", "share of true pairs", has_diagonal=True)


def bar_plot(bars: Sequence[tuple[str, float | None]], title: str) -> str:
    """Draw one bar in [0, 1] for each name; what is not known has none."""
    parts = [f'<text x="0" y="12" font-weight="bold">{escape(title)}</text>']
    span = WIDTH - 60
    for row, (name, value) in enumerate(bars):
        y = 22 + row * (BAR + GAP)
        parts.append(f'<text x="0" y="{y + 13}">{escape(name)}</text>')
        shown = "–" if value is None else f"{value:.3f}"
        width = 0.0 if value is None else value * span
        parts.append(f'<rect x="{LABEL}" y="{y}" width="{width:.1f}" height="{BAR}" fill="{COLOURS[0]}"/>')
        parts.append(f'<text x="{LABEL + width + 4:.1f}" y="{y + 13}">{shown}</text>')
    return _svg(LABEL + WIDTH, 30 + len(bars) * (BAR + GAP), parts)


def waterfall(steps: Sequence[tuple[str, float]], title: str) -> str:
    """
    Draw how the match weight of one pair comes about: the prior, then each field, then their sum, in bits.

    Args:
        steps: name and bits; the first is the prior, fields follow.
        title: what pair it is.
    """
    ends = [0.0]
    for _, bits in steps:
        ends.append(ends[-1] + bits)
    least, most = min(ends), max(ends)
    scale = (WIDTH - 40) / max(most - least, 1e-9)
    parts = [f'<text x="0" y="12" font-weight="bold">{escape(title)}</text>']
    rows = [(name, ends[row], ends[row + 1]) for row, (name, _) in enumerate(steps)]
    for row, (name, start, end) in enumerate([*rows, ("match weight", 0.0, ends[-1])]):
        y = 22 + row * (BAR + GAP)
        x, width = LABEL + (min(start, end) - least) * scale, max(1.0, abs(end - start) * scale)
        colour = COLOURS[0] if end >= start else COLOURS[1]
        parts.append(f'<text x="0" y="{y + 13}">{escape(name)}</text>')
        parts.append(f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{BAR}" fill="{colour}"/>')
        parts.append(f'<text x="{x + width + 4:.1f}" y="{y + 13}">{end - start:+.1f}</text>')
    return _svg(LABEL + WIDTH + 60, 30 + (len(rows) + 1) * (BAR + GAP), parts)


def _axes(across: str, up: str) -> str:
    """Draw both axes with their ticks."""
    (x0, y0), (x1, y1) = _place(0, 0), _place(1, 1)
    parts = [f'<path d="M{x0} {y1}V{y0}H{x1}" fill="none" stroke="#333"/>']
    for tick in range(TICKS + 1):
        x, y = _place(tick / TICKS, tick / TICKS)
        parts.append(f'<text x="{x}" y="{y0 + 14}" text-anchor="middle">{tick / TICKS:.1f}</text>')
        parts.append(f'<text x="{x0 - 6}" y="{y + 4}" text-anchor="end">{tick / TICKS:.1f}</text>')
    parts.append(f'<text x="{(x0 + x1) / 2}" y="{y0 + 30}" text-anchor="middle">{escape(across)}</text>')
    parts.append(f'<text x="{LEFT}" y="10">{escape(up)}</text>')
    return "".join(parts)


def _place(x: float, y: float) -> tuple[float, float]:
    """Turn a point of the unit square to one of the drawing."""
    across = LEFT + x * (WIDTH - LEFT - RIGHT)
    return round(across, 1), round(HEIGHT - BOTTOM - y * (HEIGHT - TOP - BOTTOM), 1)


def _svg(width: float, height: float, parts: Sequence[str]) -> str:
    """Wrap the parts."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}"'
        f' font-family="sans-serif" font-size="11" role="img">{"".join(parts)}</svg>'
    )
