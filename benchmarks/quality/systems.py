"""The systems that are measured, and one run of one of them."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from api.agent.evaluate.found import FoundPairs
from api.agent.evaluate.page import weakest_steps
from api.agent.linking.run import link_persons
from benchmarks.quality.datasets import DataSet
from benchmarks.quality.exact import link_exactly
from benchmarks.quality.likeness import NameLikeness
from benchmarks.quality.mixture import PlaintextMixture
from benchmarks.quality.peers.environment import PeerMissingError
from benchmarks.quality.peers.link import CLK, SPLINK, link_with_clk, link_with_splink

CASEMATCH = "casematch"
PLAINTEXT = "plaintext mixture, same folds"
JARO_WINKLER = "plaintext mixture, Jaro-Winkler"
EXACT = "exact match keys"
# Pairs beyond which comparing all is not run, and reported so: the mixture takes a quarter of an hour for 20,000
# records; whole-record keys write every pair above a low threshold to a file.
MIXTURE_UP_TO = 250_000_000
CLK_UP_TO = 70_000_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What a system did with a data set.

    Attributes:
        found: None when it could not run; `note` says why.
        entries_per_record: of casematch; None for others.
        steps: how the weight of the weakest match comes about, in bits; of casematch alone.
    """

    system: str
    found: FoundPairs | None
    seconds: float
    note: str = ""
    entries_per_record: float | None = None
    is_fitted: bool | None = None
    steps: Sequence[tuple[str, float]] = ()


class NotRunError(Exception):
    """A system is not run on a data set, for a reason that stands in the table."""


def link_with_casematch(data: DataSet) -> Outcome:
    """Link as `casematch link` does."""
    started = time.perf_counter()
    linked = link_persons(data.left, data.right, data.schema, data.frequencies)
    records = len(data.left) + len(data.right or ())
    return Outcome(
        CASEMATCH,
        FoundPairs.of(linked),
        time.perf_counter() - started,
        entries_per_record=linked.entries / records,
        is_fitted=linked.is_fitted,
        steps=weakest_steps(linked),
    )


def run_system(name: str, data: DataSet) -> Outcome:
    """
    Run one system on one data set; what stops it is told in the note.

    Args:
        name: one of `SYSTEMS`.
        data: what to link.
    """
    if name == CASEMATCH:
        return link_with_casematch(data)
    started = time.perf_counter()
    try:
        found = _OTHERS[name](data)
    except (PeerMissingError, NotRunError) as reason:
        return Outcome(name, None, time.perf_counter() - started, note=str(reason))
    return Outcome(name, found, time.perf_counter() - started)


def _link_mixture(data: DataSet, names: NameLikeness) -> FoundPairs:
    """Run the mixture on all pairs, unless there are too many."""
    _refuse_above(MIXTURE_UP_TO, data)
    return PlaintextMixture(data, names).link()


def _link_clk(data: DataSet) -> FoundPairs:
    """Compare all whole-record keys, unless there are too many."""
    _refuse_above(CLK_UP_TO, data)
    return link_with_clk(data)


def _refuse_above(most: int, data: DataSet) -> None:
    """Refuse to compare more pairs than that."""
    if data.truth.possible_pairs > most:
        raise NotRunError(f"compares all {data.truth.possible_pairs:,} pairs; not run above {most:,}")


_OTHERS: Mapping[str, Callable[[DataSet], FoundPairs]] = {
    PLAINTEXT: lambda data: _link_mixture(data, "folds"),
    JARO_WINKLER: lambda data: _link_mixture(data, "jaro-winkler"),
    SPLINK.name: link_with_splink,
    CLK.name: _link_clk,
    EXACT: link_exactly,
}
SYSTEMS = (CASEMATCH, *_OTHERS)
