"""
Whose records are attacked: invented Nepali people with their concentration of names, and FEBRL4.

`two_lists` gives a list to encode and a list that the attacker holds, which share some of their people with the very
same cells; `duplicates` gives records of which some are one person, to measure what the same encoding links.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from benchmarks.data.worlds.world import make_world
from benchmarks.quality.datasets import febrl_set
from benchmarks.quality.peers.cells import cells_of
from matcher.encode.frequency import FrequencyModel
from matcher.normalise.record import normalise
from matcher.person import Person
from matcher.schema import LinkageSchema

Data = Literal["nepali", "febrl4"]
FEWEST_RECORDS = 100  # of a world: a smaller one may have fewer people than chance foretells
RECORDS_PER_PERSON = 1.7  # of a world: enough records to have that many people, and some to spare


@dataclass(frozen=True, slots=True)
class People:
    """
    Records of people as an attacker with plaintext has them.

    Attributes:
        name: data and how many.
        persons: the records, normalised.
        cells: the same as plain text by column, one script, one calendar; blank where unknown.
        numbers: shape (records,), int64: who each record is of. Equal numbers are one person, across lists too.
        lists: on which partner's list each record stands.
    """

    name: str
    schema: LinkageSchema
    frequencies: FrequencyModel
    persons: tuple[Person, ...]
    cells: tuple[dict[str, str], ...]
    numbers: NDArray[np.int64]
    lists: tuple[str, ...]

    def __len__(self) -> int:
        """Return how many records there are."""
        return len(self.persons)

    def take(self, rows: Sequence[int] | NDArray[np.int64]) -> "People":
        """Return some of the records, in the order of `rows`."""
        return People(
            self.name,
            self.schema,
            self.frequencies,
            tuple(self.persons[row] for row in rows),
            tuple(self.cells[row] for row in rows),
            self.numbers[np.asarray(rows, dtype=np.int64)],
            tuple(self.lists[row] for row in rows),
        )


@dataclass(frozen=True, slots=True)
class TwoLists:
    """
    People who are encoded, and people whom the attacker knows; each list in an order of its own.

    Attributes:
        encoded: what the adversary sees only in its encoding.
        known: the attacker's own plaintext.
    """

    encoded: People
    known: People

    def truth(self) -> NDArray[np.int64]:
        """Return for each encoded record its row in the known list, or -1."""
        place = {number: row for row, number in enumerate(self.known.numbers.tolist())}
        return np.array([place.get(number, -1) for number in self.encoded.numbers.tolist()], dtype=np.int64)


def population(data: Data, people: int, seed: int) -> People:
    """
    Return that many people with one record each, in random order.

    Args:
        data: `nepali` or `febrl4`; the latter has 5,000 at most.
        people: how many.
        seed: of the world, and of the order.

    Raises:
        ValueError: the data has not so many people.
    """
    pool = _nepali(max(FEWEST_RECORDS, round(people * RECORDS_PER_PERSON)), seed) if data == "nepali" else _febrl4()
    _, first = np.unique(pool.numbers, return_index=True)
    if len(first) < people:
        raise ValueError(f"{data} has only {len(first)} people")
    draw = np.random.default_rng([seed, people])
    return pool.take(draw.permutation(first)[:people])


def two_lists(data: Data, people: int, overlap: float, seed: int) -> TwoLists:
    """
    Return two lists of equal length that share a part of their people.

    Args:
        data: `nepali` or `febrl4`.
        people: on each list.
        overlap: share of each list that stands on the other with the same cells, in [0, 1].
        seed: of the world, the choice and the orders.
    """
    shared = round(people * overlap)
    everybody = population(data, 2 * people - shared, seed)
    draw = np.random.default_rng([seed, people, shared])
    encoded = draw.permutation(people)
    known = draw.permutation(np.arange(people - shared, 2 * people - shared))
    return TwoLists(everybody.take(encoded), everybody.take(known))


def duplicates(data: Data, records: int, seed: int) -> People:
    """
    Return that many records of which some are one person, from several partners.

    Args:
        data: `nepali` takes a world of careful offices; `febrl4` half from each of its lists.
        records: how many.
        seed: of the world, or of the choice.
    """
    if data == "nepali":
        return _nepali(records, seed)
    pool = _febrl4()
    originals = np.unique(pool.numbers)
    chosen = np.random.default_rng([seed, records]).permutation(originals)[: records // 2]
    return pool.take(np.flatnonzero(np.isin(pool.numbers, chosen)))


@lru_cache(maxsize=4)
def _nepali(records: int, seed: int) -> People:
    """Make a world and normalise it."""
    world = make_world(seed, records, "L")
    schema = LinkageSchema.shipped("nepal")
    persons = tuple(normalise(record, schema) for record in world.raw_records())
    return People(
        f"nepali-{records}-seed{seed}",
        schema,
        FrequencyModel.shipped(schema.gate.frequency_model),
        persons,
        tuple(cells_of(person, schema) for person in persons),
        np.array([record.person.number for record in world.records], dtype=np.int64),
        tuple(record.partner for record in world.records),
    )


@lru_cache(maxsize=1)
def _febrl4() -> People:
    """Read both lists of FEBRL4; records of one original share its number."""
    data = febrl_set(4)
    persons = (*data.left, *(data.right or ()))
    return People(
        "febrl4",
        data.schema,
        data.frequencies,
        persons,
        tuple(cells_of(person, data.schema) for person in persons),
        np.array([int(person.reference.split("-")[1]) for person in persons], dtype=np.int64),
        ("A",) * len(data.left) + ("B",) * (len(persons) - len(data.left)),
    )
