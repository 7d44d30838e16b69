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
        unit: of `ours` and `peers`, such as records/s of CPU; more is better.
        ours: median over the runs.
        spread: least and greatest of the runs.
        peer: what it is held against; empty when nothing is.
        peers: the peer's median.
        least_ratio: ours over the peer's that is aimed at.
        least: figure of ours that is aimed at.
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
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours over the peer's; above 1 we are faster."""
        return None if self.peers is None else self.ours / self.peers

    @property
    def is_reached(self) -> bool | None:
        """Whether all that was aimed at is reached; None where nothing is, or the peer did not run."""
        aims = [None if self.least is None else self.ours >= self.least]
        if self.least_ratio is not None and self.ratio is not None:
            aims.append(self.ratio >= self.least_ratio)
        told = [aim for aim in aims if aim is not None]
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
