"""A row of the attack report, and the report."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """
    One attack on one encoding of some data.

    Attributes:
        attack: `A1` to `A11`.
        what: which rate it is, where an attack has several.
        n: encoded records; `overlap` of them are on the attacker's list.
        knowledge: what the adversary has, in words.
        rate: median over seeds of the share that the attacker got right.
        low: lower end of the 95 % interval over all seeds together; `high` is the upper end.
        is_control: whether the attack has to succeed here, or is broken.
        bound: least rate of a control, greatest of a target; None where the row is for comparison.
        is_met: whether the rate keeps the bound; None without one.
        linkage_f1: of the same encoding on the same kind of data; None where it was not measured.
        seconds: of CPU, all seeds together.
        orientation: what a paper found, where one did.
    """

    attack: str
    what: str
    encoding: str
    data: str
    n: int
    overlap: float
    knowledge: str
    seeds: tuple[int, ...]
    rate: float
    low: float
    high: float
    is_control: bool
    bound: float | None
    is_met: bool | None
    linkage_f1: float | None
    seconds: float
    note: str = ""
    orientation: str = ""


@dataclass(frozen=True, slots=True)
class AttackReport:
    """
    Everything a run of the suite found.

    Attributes:
        not_run: cells that the profile has and a stopped run has not come to.
    """

    profile: str
    split: str
    made: str
    rows: tuple[Row, ...]
    not_run: tuple[str, ...] = ()

    def document(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return asdict(self)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "AttackReport":
        """Return the report that `document` was made from."""
        rows = tuple(Row(**{**row, "seeds": tuple(row["seeds"])}) for row in document["rows"])
        not_run = tuple(document.get("not_run", ()))
        return cls(document["profile"], document["split"], document["made"], rows, not_run)

    @property
    def broken(self) -> list[Row]:
        """Controls in which the attack did not succeed: their attack shows nothing."""
        return [row for row in self.rows if row.is_control and row.is_met is False]

    @property
    def missed(self) -> list[Row]:
        """Targets that were not met."""
        return [row for row in self.rows if not row.is_control and row.is_met is False]
