"""One line of the table of speed: what was done, how fast, beside what, and what was aimed at."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

Profile = Literal["ci", "full"]


@dataclass(frozen=True, slots=True)
class Row:
    """
    One line; it may have a peer with a figure in the same unit, and something to aim at.

    Attributes:
        work: what was done.
        unit: of `ours` and `peers`, such as records/s of CPU, of which more is better, or ms, of which less is.
        ours: median over the runs.
        spread: least and greatest of the runs.
        peer: what it is held against; empty when nothing is.
        peers: the peer's median.
        least_ratio: ours over the peer's that is aimed at.
        least: figure of ours that is aimed at.
        most_ratio: ours over the peer's that is not to be exceeded.
        most: figure of ours that is not to be exceeded.
        people: on file, where the row is a point of a line of growth; else 0.
        note: what the figure hides, or why there is no peer.
    """

    work: str
    unit: str
    ours: float
    spread: tuple[float, float]
    peer: str = ""
    peers: float | None = None
    least_ratio: float | None = None
    least: float | None = None
    most_ratio: float | None = None
    most: float | None = None
    people: int = 0
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours over the peer's."""
        return None if not self.peers else self.ours / self.peers

    @property
    def is_reached(self) -> bool | None:
        """Whether all that was aimed at is reached; None where nothing is, or the peer did not run."""
        told = [*_kept(self.ours, self.least, self.most), *_kept(self.ratio, self.least_ratio, self.most_ratio)]
        return all(told) if told else None

    def document(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return {**asdict(self), "ratio": self.ratio, "is_reached": self.is_reached}


def row_of(work: str, unit: str, figures: Sequence[float], **beside: Any) -> Row:
    """Make a row of the figures of all runs."""
    ordered = sorted(figures)
    return Row(work, unit, median(ordered), (ordered[0], ordered[-1]), **beside)


def median(figures: Sequence[float]) -> float:
    """Return the middle figure, the higher one of two."""
    return sorted(figures)[len(figures) // 2]


def _kept(figure: float | None, least: float | None, most: float | None) -> list[bool]:
    """Tell of each bound that there is whether a figure keeps it; nothing of a figure that is missing."""
    if figure is None:
        return []
    told = [] if least is None else [figure >= least]
    return told if most is None else [*told, figure <= most]
