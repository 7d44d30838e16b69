"""
From ranks to values by company: which tokens stand beside which, against how often values do.

Rank alignment alone confuses values of about one frequency. An attacker with counts of pairs of attributes (surname by
district, by sex) goes on from it: every token holds a value with some probability, which rises with how well frequency
and company fit while the other columns are deciphered too, and all of a column's tokens share its values out between
them (Sinkhorn). Only columns of few values are company: pairs of two rare things are too seldom seen to help.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.attacks.population import People

MOST_VALUES = 300  # of a column, the commonest; the rest are too rare to be told
FEW_VALUES = 100  # of a column that is company to others: sex and district, not the local unit
LEAST_SHARE = 0.005  # of the records that the commonest value has in a column that can be deciphered
LEAST_COUNT = 2
ROUNDS = 12
SMOOTHING = 20.0  # people that are added to every row of a table of pairs, in proportion to the column
SINKHORN_STEPS = 15

Table = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Column:
    """
    The commonest tokens of a column, and values of the attribute that it holds, commonest first.

    Attributes:
        seen: shape (records, tokens): which record has which.
        known: shape (attacker's people, values).
        fit: shape (tokens, values): log-likelihood of a token's count, were it that value.
    """

    tokens: list[int]
    values: list[str]
    seen: NDArray[np.float32]
    known: NDArray[np.float32]
    fit: Table


def decipher(
    tokens: NDArray[np.uint64], attributes: Sequence[str], people: People, wanted: str
) -> tuple[dict[int, str], dict[int, str]]:
    """
    Return the values of one attribute's tokens, by rank alone and by company.

    Args:
        tokens: shape (records, columns); 0 is missing.
        attributes: what each column holds, as the attacker believes.
        people: of whom the attacker has counts.
        wanted: the attribute.
    """
    found = {name: _column(tokens[:, place], name, people) for place, name in enumerate(attributes)}
    columns = {
        name: column
        for name, column in found.items()
        if column.seen.sum(axis=0).max(initial=0) >= LEAST_SHARE * len(tokens)
        and (name == wanted or len(column.values) <= FEW_VALUES)
    }
    if wanted not in columns or not columns[wanted].values:
        return {}, {}
    chance = {name: _shared_out(column.fit) for name, column in columns.items()}
    seen, bits = _pairs(columns)
    for turn in range(1, ROUNDS + 1):
        heat = turn / ROUNDS
        for name in sorted(columns, key=lambda each: len(columns[each].values)):
            company = [(seen[name, other] @ chance[other]) @ bits[name, other].T for other in columns if other != name]
            chance[name] = _shared_out(columns[name].fit + heat * np.sum(company, axis=0))
    own = columns[wanted]
    by_rank = dict(zip(own.tokens, own.values, strict=False))
    places = chance[wanted].argmax(axis=1).tolist()
    return by_rank, {token: own.values[place] for token, place in zip(own.tokens, places, strict=True)}


def _column(tokens: NDArray[np.uint64], name: str, people: People) -> _Column:
    """Prepare one column."""
    counted = Counter(tokens[tokens > 0].tolist()).most_common(MOST_VALUES)
    common = [token for token, count in counted if count >= LEAST_COUNT]
    cells = [each[name] for each in people.cells]
    values = [value for value, _ in Counter(cell for cell in cells if cell).most_common(MOST_VALUES)]
    seen = (tokens[:, None] == np.array(common, dtype=np.uint64)[None, :]).astype(np.float32)
    known = (np.array(cells)[:, None] == np.array(values, dtype=str)[None, :]).astype(np.float32)
    scale = len(tokens) / len(people)
    expected = known.sum(axis=0, dtype=np.float64)[None, :] * scale + SMOOTHING / len(people)
    variance = expected * (1 + scale)
    apart = seen.sum(axis=0, dtype=np.float64)[:, None] - expected
    return _Column(common, values, seen, known, -(apart**2) / (2 * variance) - np.log(variance) / 2)


def _pairs(columns: Mapping[str, _Column]) -> tuple[dict[tuple[str, str], Table], dict[tuple[str, str], Table]]:
    """Return for each two columns how often their tokens stand together, and in bits how much values attract."""
    seen, bits = {}, {}
    for first, one in columns.items():
        for second, other in columns.items():
            if first == second:
                continue
            share = other.known.sum(axis=0, dtype=np.float64) + SMOOTHING / len(other.values)
            share /= share.sum()
            together = one.known.T.astype(np.float64) @ other.known + SMOOTHING * share[None, :]
            seen[first, second] = one.seen.T.astype(np.float64) @ other.seen
            bits[first, second] = np.log(together / together.sum(axis=1, keepdims=True)) - np.log(share)[None, :]
    return seen, bits


def _shared_out(score: Table) -> Table:
    """Turn scores into probabilities of values by token, so that no value is taken much more than once."""
    scaled = score
    for _ in range(SINKHORN_STEPS if score.size else 0):
        scaled = scaled - np.maximum(np.logaddexp.reduce(scaled, axis=0, keepdims=True), 0)
        scaled = scaled - np.logaddexp.reduce(scaled, axis=1, keepdims=True)
    return np.exp(scaled)
