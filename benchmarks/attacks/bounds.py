"""The bars of controls and the ceilings of targets, from `benchmarks/floors.toml`."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from benchmarks.attacks.trial import Role, Trial

FLOORS = Path(__file__).parents[1] / "floors.toml"


@dataclass(frozen=True, slots=True)
class Bound:
    """
    What a rate is held against.

    Attributes:
        value: least rate of a control, greatest of a target.
        is_least: which of the two.
    """

    value: float
    is_least: bool

    def is_met_by(self, rate: float) -> bool:
        """Tell whether a rate keeps the bound."""
        return rate >= self.value if self.is_least else rate <= self.value


def bound_of(trial: Trial, what: str, profile: str) -> Bound | None:
    """
    Return the bound of a row, or None where it has none.

    A control takes `control`. A target takes `target`, and `ci` instead in the profile of that name, where few people
    make rates coarse.

    Args:
        trial: a table `"WHAT at 50%"` goes before `WHAT` when its overlap is that.
        what: which of the attack's rates.
        profile: `ci` or `full`.
    """
    of_attack = _tables().get(trial.attack, {})
    table = of_attack.get(f"{what} at {trial.overlap:.0%}", of_attack.get(what, {}))
    if trial.role is Role.CONTROL:
        return Bound(float(table["control"]), is_least=True) if "control" in table else None
    if trial.role is Role.TARGET and "target" in table:
        ceiling = table.get("ci", table["target"]) if profile == "ci" else table["target"]
        return Bound(float(ceiling), is_least=False)
    return None


@lru_cache(maxsize=1)
def _tables() -> dict[str, Any]:
    """Read the attacks' part of the file."""
    told: dict[str, Any] = tomllib.loads(FLOORS.read_text(encoding="utf-8"))["attacks"]
    return told
