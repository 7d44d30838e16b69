"""What the reviews of a match come to; pure; hub."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

FINAL = frozenset({"same", "not_same"})
SIDES = 2


class Given(Protocol):
    """A review as far as it counts."""

    @property
    def organisation_id(self) -> str:
        """Return whose it is."""

    @property
    def answer(self) -> str | None:
        """Return the answer; None declares a conflict of interest."""

    @property
    def is_desk(self) -> bool:
        """Tell whether it is the linkage desk's."""


class Outcome(StrEnum):
    """What reviews come to."""

    WAITING = "waiting"
    CONFLICT_ONLY = "conflict_only"  # of a side nobody has answered who is not concerned
    DISAGREEMENT = "disagreement"
    SAME = "same"
    NOT_SAME = "not_same"


@dataclass(frozen=True, slots=True)
class Standing:
    """The last answer of each side that has answered, and the sides that have only declared conflicts."""

    answers: Mapping[str, str] = field(default_factory=dict)
    conflicted: frozenset[str] = frozenset()

    @property
    def outcome(self) -> Outcome:
        """Say what it comes to: final only when both sides say the same, and neither is unsure."""
        if len(self.answers) < SIDES:
            return Outcome.CONFLICT_ONLY if self.conflicted else Outcome.WAITING
        said = set(self.answers.values())
        return Outcome(said.pop()) if len(said) == 1 and said <= FINAL else Outcome.DISAGREEMENT


def standing(reviews: Iterable[Given]) -> Standing:
    """Return how a match stands after reviews, in the order in which they were given; the desk's do not count."""
    answers: dict[str, str] = {}
    conflicted: set[str] = set()
    for review in reviews:
        if review.is_desk:
            continue
        if review.answer is None:
            conflicted.add(review.organisation_id)
        else:
            answers[review.organisation_id] = review.answer
    return Standing(answers, frozenset(conflicted - set(answers)))
