"""Growth as a picture: cost over people on file, both axes logarithmic; one SVG without script or font of its own."""

from collections.abc import Mapping, Sequence
from math import ceil, floor, log10

Points = Sequence[tuple[float, float]]

WIDTH, HEIGHT = 640, 400
LEFT, RIGHT, TOP, BOTTOM = 70, 40, 40, 50
COLOURS = ("#1b6ca8", "#b3541e", "#3a7d44", "#6a4c93")  # told apart in grey as well as by most eyes
STYLE = "font-family: sans-serif; font-size: 12px; fill: #333"


def growth_plot(lines: Mapping[str, Points]) -> str:
    """
    Draw lines of growth.

    Args:
        lines: by what was measured, the people on file and the cost in ms; all above 0, no line empty.

    Returns:
        The text of an SVG file.
    """
    people = [size for points in lines.values() for size, _ in points]
    costs = [cost for points in lines.values() for _, cost in points]
    across = _Axis(min(people), max(people), LEFT, WIDTH - RIGHT)
    up = _Axis(min(costs), max(costs), HEIGHT - BOTTOM, TOP)
    parts = [*_grid(across, up)]
    for number, (name, points) in enumerate(lines.items()):
        colour = COLOURS[number % len(COLOURS)]
        places = [(across.at(size), up.at(cost)) for size, cost in points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in places]
        parts += [_text(x, y - 9, f"{cost:.3g}") for (x, y), (_, cost) in zip(places, points, strict=True)]
        parts.append(_text(LEFT + 8, TOP + 14 * number - 18, name, anchor="start", fill=colour))
    body = "\n".join(parts)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" style="{STYLE}">'
    return f"{head}\n<title>Cost over people on file</title>\n{body}\n</svg>\n"


class _Axis:
    """A logarithmic axis over whole powers of ten."""

    def __init__(self, least: float, most: float, start: float, stop: float) -> None:
        """Take the powers of ten around two figures."""
        self.first, self.last = floor(log10(least)), max(ceil(log10(most)), floor(log10(least)) + 1)
        self._start, self._stop = start, stop

    def at(self, value: float) -> float:
        """Return where a figure lies."""
        part = (log10(value) - self.first) / (self.last - self.first)
        return self._start + part * (self._stop - self._start)


def _grid(across: _Axis, up: _Axis) -> list[str]:
    """Draw lines and labels at the powers of ten, and name the axes."""
    parts = []
    for power in range(across.first, across.last + 1):
        x = across.at(10.0**power)
        parts.append(f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#ddd"/>')
        parts.append(_text(x, HEIGHT - BOTTOM + 18, f"{10**power:,}"))
    for power in range(up.first, up.last + 1):
        y = up.at(10.0**power)
        parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        parts.append(_text(LEFT - 8, y + 4, f"{10.0**power:g} ms", anchor="end"))
    return [*parts, _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, "people on file")]


def _text(x: float, y: float, text: str, anchor: str = "middle", fill: str = "#333") -> str:
    """Write a text."""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" style="fill: {fill}">{text}</text>'
