"""
A11: linking the encodings of one person over time, by somebody who holds the database before and after.

A record changes (here: telephone and ward become unknown) and is encoded again, under the same secret or, in the next
key epoch, under another.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from benchmarks.attacks.colour_refinement import ATTACKER, ROUNDS, filed, re_identified
from benchmarks.attacks.encodings.kinds import Filters, TokenBag
from benchmarks.attacks.hub_graph import Regard, hub_graphs
from benchmarks.attacks.population import People, duplicates, population
from benchmarks.attacks.refinement import guess
from benchmarks.attacks.similarity import dice
from benchmarks.attacks.trial import Outcome, Trial

FORGOTTEN = ("phone", "ward")


def link_uploads(trial: Trial, seed: int) -> Sequence[Outcome]:
    """Attack a naive second upload of filters under one key: the most alike is the same person. Outcome `people`."""
    before = population(trial.data, trial.people, seed)
    after = later(before).take(np.random.default_rng(seed).permutation(len(before)))
    first: Filters = trial.encoding.encode(before, seed)
    second: Filters = trial.encoding.encode(after, seed)
    found = dice(first.bits, second.bits).argmax(axis=1)
    return [Outcome.counted(int((after.numbers[found] == before.numbers).sum()), len(before))]


def link_updates(trial: Trial, seed: int) -> Sequence[Outcome]:
    """
    Attack an update of all records in one push, within a key epoch: an unchanged composite key keeps its token.

    Returns:
        `update, one push`: share of records of which an old entry is linked with a new one. `entries linked`: share of
        the old entries. Neither says which entries are one record's, unless she was updated alone.
    """
    before = population(trial.data, trial.people, seed)
    old: TokenBag = trial.encoding.encode(before, seed)
    new: TokenBag = trial.encoding.encode(later(before), seed)
    tokens, counts = np.unique(new.tokens, return_counts=True)
    own, times = np.unique(old.tokens, return_counts=True)
    sole = np.intersect1d(tokens[counts == 1], own[times == 1])
    is_linked = np.isin(old.tokens, sole)
    records = len(set(old.owner[is_linked].tolist()))
    return [
        Outcome.counted(records, len(before), "update, one push"),
        Outcome.counted(int(is_linked.sum()), len(old.tokens), "entries linked"),
    ]


def link_epochs(trial: Trial, seed: int) -> Sequence[Outcome]:
    """
    Attack the same records in the next key epoch, by what ties entries together in both.

    Returns:
        `across epochs`: share of records that could be linked at the most, were all entries of the first one sorted.
    """
    first, _ = filed(trial.data, trial.people, seed, seed)
    second, order = filed(trial.data, trial.people, seed, seed + ATTACKER)
    schema = duplicates(trial.data, trial.people, seed).schema
    (there, seen), (here, own) = hub_graphs(first.opened, second.opened, schema, Regard())
    seen, own = seen[: len(first.owners())], own[: len(second.owners())]
    found = guess(there, here, seen, own, order[second.owners()], ROUNDS)
    return [
        Outcome.counted(int(re_identified(found, first.owners(), trial.people).sum()), trial.people, "across epochs")
    ]


def later(people: People) -> People:
    """Return the same records after telephone and ward have become unknown."""
    persons = tuple(
        replace(each, readings={field: told for field, told in each.readings.items() if field not in FORGOTTEN})
        for each in people.persons
    )
    cells = tuple({field: "" if field in FORGOTTEN else cell for field, cell in each.items()} for each in people.cells)
    return replace(people, persons=persons, cells=cells)
