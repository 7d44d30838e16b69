"""
A10, first half: an honest account, in bits, of what a stolen hub says of a lone entry.

Each figure is the entropy, over all entries, of something that can be read off: none of them is nothing, and together
they bound what can be told of an entry that has not met another.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from math import log2

from benchmarks.attacks.colour_refinement import filed
from benchmarks.attacks.encodings.hub_view import HubView, TableView
from benchmarks.attacks.trial import Outcome, Trial


def count_bits(trial: Trial, seed: int) -> Sequence[Outcome]:
    """
    Return the bits that a stolen database says of an entry.

    Returns:
        `bits: multiplicity` of its token; `bits: expiry`, which entries go together.
    """
    hub, _ = filed(trial.data, trial.people, seed, seed)
    table = hub.view["entry"]
    return _outcomes(
        {"multiplicity": _multiplicity(hub.view), "expiry": entropy_bits(table.column("expiry_tag"))}, table
    )


def count_opened_bits(trial: Trial, seed: int) -> Sequence[Outcome]:
    """
    Return the bits that the hub with its key can read of an entry.

    Returns:
        `bits: multiplicity` of its token; `bits: organisation and day`; `bits: release`; `bits: meetings`, how many
        it has; `bits: filed alone`, what the day says of a person who is the day's only one.
    """
    hub, _ = filed(trial.data, trial.people, seed, seed)
    table = hub.opened["entry"]
    met = Counter(hub.opened["meeting_side"].column("entry_id"))
    arrival = list(zip(table.column("statement_id"), table.column("arrived_on"), strict=True))
    told = {
        "multiplicity": _multiplicity(hub.opened),
        "organisation and day": entropy_bits(arrival),
        "release": entropy_bits(table.column("is_automatic")),
        "meetings": entropy_bits(met[entry_id] for entry_id in table.column("entry_id")),
        "filed alone": log2(len(set(hub.owner.values()))),
    }
    return _outcomes(told, table)


def _multiplicity(view: HubView) -> float:
    """Return the entropy of how many entries are seen to share a token."""
    tokens = [token.tobytes() for token in view.tokens()]
    times = Counter(tokens)
    return entropy_bits(times[token] for token in tokens)


def _outcomes(told: Mapping[str, float], table: TableView) -> Sequence[Outcome]:
    """Return each figure with the number of entries it is over."""
    return [Outcome(f"bits: {name}", bits, len(table.rows), bits, bits) for name, bits in told.items()]


def entropy_bits(values: Iterable[Hashable]) -> float:
    """Return the entropy of a list of values."""
    counts = Counter(values)
    total = sum(counts.values())
    return sum(count / total * log2(total / count) for count in counts.values())
