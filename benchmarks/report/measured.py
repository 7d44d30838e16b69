"""What a run of the benchmarks found, in the form that tables, JSON and the page are made from."""

from dataclasses import asdict, dataclass
from typing import Any

from api.agent.evaluate.intervals import Figure
from api.agent.evaluate.measures import ReliabilityRow
from api.agent.evaluate.subgroups import SubgroupRow


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """Of the pairs whose truth is `verdict`, how many are judged so, as recorded and with date noise."""

    verdict: str
    pairs: int
    accuracy: float
    accuracy_with_noise: float


@dataclass(frozen=True, slots=True)
class Measured:
    """
    One system on one data set.

    Attributes:
        figures: every figure with its interval, by name; empty when the system did not run, and `note` says why.
        curve: recall and precision at falling thresholds.
        kin: of siblings and of twins, the number of pairs and the share of them at each grade and above.
        steps: how the weight of the weakest match comes about, in bits.
    """

    data: str
    system: str
    note: str
    seconds: float
    true_pairs: int
    entries_per_record: float | None
    is_fitted: bool | None
    figures: dict[str, Figure]
    curve: list[tuple[float, float]]
    reliability: list[ReliabilityRow]
    subgroups: list[SubgroupRow]
    kin: dict[str, dict[str, float | None]]
    steps: list[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a run found."""

    profile: str
    split: str
    made: str
    rows: tuple[Measured, ...]
    verdicts: dict[str, list[VerdictRow]]

    def document(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return asdict(self)
