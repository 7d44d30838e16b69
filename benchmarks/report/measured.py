"""What a run of the benchmarks found, in the form that tables, JSON and the page are made from."""

from dataclasses import asdict, dataclass, field
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
    seconds: float = 0.0
    true_pairs: int = 0
    entries_per_record: float | None = None
    is_fitted: bool | None = None
    figures: dict[str, Figure] = field(default_factory=dict)
    curve: list[tuple[float, float]] = field(default_factory=list)
    reliability: list[ReliabilityRow] = field(default_factory=list)
    subgroups: list[SubgroupRow] = field(default_factory=list)
    kin: dict[str, dict[str, float | None]] = field(default_factory=dict)
    steps: list[tuple[str, float]] = field(default_factory=list)


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
