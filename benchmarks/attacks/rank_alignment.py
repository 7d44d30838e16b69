"""
A1: rank alignment of token frequencies, by somebody who has aggregate counts of other people.

After Vidanage, Ranbaduge, Christen, Randall 2020 (on match-keys): first find out which attribute a column holds, by how
its frequencies fall off and how often it is missing; then give the commonest token the commonest value, the second the
second, and so on; and go on from there by company (`benchmarks.attacks.decipherment`).
"""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.attacks.decipherment import decipher
from benchmarks.attacks.encodings.kinds import TokenBag, TokenColumns
from benchmarks.attacks.population import People, population
from benchmarks.attacks.trial import Outcome, Trial

SURNAME = {"nepali": "family_name", "febrl4": "surname"}
AGGREGATE_TIMES = {"nepali": 7, "febrl4": 1}  # people behind the counts, for each person encoded
PROFILE_RANKS = 50  # of the commonest values whose shares make a column's profile


def align_columns(trial: Trial, seed: int) -> Sequence[Outcome]:
    """
    Attack rows of single-field tokens.

    Returns:
        `surname`: share of records with a surname whose surname the attacker names. `columns`: share of columns whose
        attribute he finds.
    """
    encoded, aggregate = encoded_and_aggregate(trial, seed)
    seen: TokenColumns = trial.encoding.encode(encoded, seed)
    counts = {field: Counter(cells[field] for cells in aggregate.cells if cells[field]) for field in seen.fields}
    found = find_attributes(seen.tokens, counts, len(aggregate))
    surname = SURNAME[trial.data]
    by_rank, by_company = decipher(seen.tokens, found, aggregate, surname)
    truth = [cells[surname] for cells in encoded.cells]
    tokens = seen.tokens[:, found.index(surname)].tolist()
    of = sum(map(bool, truth))
    hits = [
        sum(bool(each) and named.get(token) == each for token, each in zip(tokens, truth, strict=True))
        for named in (by_rank, by_company)
    ]
    right = sum(guess == field for guess, field in zip(found, seen.fields, strict=True))
    return [
        Outcome.counted(hits[1], of, "surname"),
        Outcome.counted(hits[0], of, "surname by rank alone"),
        Outcome.counted(right, len(found), "columns"),
    ]


def align_bag(trial: Trial, seed: int) -> Sequence[Outcome]:
    """
    Attack tokens without rows: all of them are one column, of composite values.

    Returns:
        `values`: share of entries whose composite values the attacker names.
    """
    encoded, aggregate = encoded_and_aggregate(trial, seed)
    seen: TokenBag = trial.encoding.encode(encoded, seed)
    own = trial.encoding.encode(aggregate, seed + 1)
    named = align_ranks(Counter(seen.tokens.tolist()), Counter(own.meaning.tolist()))
    truth = zip(seen.tokens.tolist(), seen.meaning.tolist(), strict=True)
    return [Outcome.counted(sum(named[token] == each for token, each in truth), len(seen.tokens), "values")]


def encoded_and_aggregate(trial: Trial, seed: int) -> tuple[People, People]:
    """Return the people who are encoded, and other people of whom the attacker has counts."""
    times = AGGREGATE_TIMES[trial.data]
    everybody = population(trial.data, trial.people * (1 + times), seed)
    return everybody.take(np.arange(trial.people)), everybody.take(np.arange(trial.people, len(everybody)))


def find_attributes(tokens: NDArray[np.uint64], counts: Mapping[str, Counter[str]], people: int) -> list[str]:
    """
    Return which attribute each column holds, by the closest profile; each attribute once.

    Args:
        tokens: shape (records, columns); 0 is missing.
        counts: of the attacker's people, by attribute.
        people: how many of them there are.
    """
    profiles = {field: _profile(list(values.values()), people) for field, values in counts.items()}
    apart = []
    for column in range(tokens.shape[1]):
        present = tokens[:, column][tokens[:, column] > 0]
        own = _profile(list(Counter(present.tolist()).values()), len(tokens))
        apart += [(float(np.abs(own - profile).sum()), column, field) for field, profile in profiles.items()]
    found: dict[int, str] = {}
    for _, column, field in sorted(apart):
        if column not in found and field not in found.values():
            found[column] = field
    return [found[column] for column in range(tokens.shape[1])]


def align_ranks(seen: Counter[int], known: Mapping[object, int]) -> dict[int, object]:
    """Give every token the value of its rank; tokens beyond the last value get the last."""
    values = [value for value, _ in Counter(known).most_common()]
    return {token: values[min(rank, len(values) - 1)] for rank, (token, _) in enumerate(seen.most_common())}


def _profile(counts: Sequence[int], people: int) -> NDArray[np.float64]:
    """Return the shares of the commonest values, falling, then the share of people who have a value, and a rare one."""
    shares = np.zeros(PROFILE_RANKS + 2)
    falling = np.sort(np.array(counts, dtype=np.float64))[::-1] / people
    shares[: min(PROFILE_RANKS, len(falling))] = falling[:PROFILE_RANKS]
    shares[-2] = falling.sum()
    shares[-1] = falling[falling <= 1 / people].sum()
    return shares
