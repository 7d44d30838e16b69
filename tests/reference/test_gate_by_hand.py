"""
The gate, applied again to one person at a time: every set of parts is tried, and kept or not, word for word.

The fast gate tries many persons at once; company must change nothing: neither keys, nor their order, nor the cap.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import log2

import pytest

from benchmarks.quality.datasets import DataSet, febrl_set, world_set
from matcher.encode.columns import FIRST_WAY, MISSING, columns_of
from matcher.encode.gate import Gatekeeper
from matcher.encode.readings import part_value
from matcher.encode.recipes import recipe_book
from matcher.person import Person, Reading

PERSONS = 25
AT_LEAST_KEYS = 500


@dataclass(frozen=True, slots=True)
class Way:
    """
    One way to read a person.

    Attributes:
        readings: one reading for each field that is present.
        changed: the field that differs from the first way; empty for the first way itself.
    """

    readings: Mapping[str, Reading]
    changed: str


def ways_of(person: Person) -> Iterator[Way]:
    """Yield the first way, then one way for every other reading of every field, in the schema's order."""
    first = {field: readings[0] for field, readings in person.readings.items() if readings}
    yield Way(first, "")
    for field, readings in person.readings.items():
        for other in readings[1:]:
            yield Way({**first, field: other}, field)


class GateByHand:
    """The gate of one data set's schema."""

    def __init__(self, data: DataSet) -> None:
        """List the sets of parts that may stand together, in the order in which they are worth having."""
        self.parts = data.schema.gate.parts
        self.most = data.schema.recipes.maximum_entries
        self.needed = log2(data.schema.gate.population / data.schema.gate.cap)
        self.frequencies = data.frequencies
        self.sets = recipe_book(data.schema.gate.parts, data.schema.recipes).parts
        self.allowed = set(self.sets)
        self.finest = {part.name: part.coarsens or part.name for part in self.parts}

    def messages(self, person: Person) -> list[bytes]:
        """Return what the tokens of one person are made of, in order."""
        found: dict[bytes, tuple[int, int]] = {}
        for position, way in enumerate(ways_of(person)):
            for row, message in self.of_way(way)[: self.most]:
                found.setdefault(message, (row, position))
        return sorted(found, key=lambda message: found[message])[: self.most]

    def of_way(self, way: Way) -> list[tuple[int, bytes]]:
        """Return row and message of the keys that a way adds, in order."""
        value = [
            part_value(part, way.readings[part.field]) if part.field in way.readings else "" for part in self.parts
        ]
        bits = [
            -log2(self.frequencies.share(part.name, text)) if text else None
            for part, text in zip(self.parts, value, strict=True)
        ]
        found = []
        for row, chosen in enumerate(self.sets):
            is_added = not way.changed or any(self.parts[part].field == way.changed for part in chosen)
            if is_added and self.is_minimal(chosen, bits):
                message = b"".join(framed(self.parts[part].name) + framed(value[part]) for part in chosen)
                found.append((row, message))
        return found

    def is_minimal(self, chosen: tuple[int, ...], bits: list[float | None]) -> bool:
        """Tell whether a set carries enough bits, and would not with anything less in a member's place."""
        members = [bits[part] for part in chosen]
        if None in members or sum(members) < self.needed:
            return False
        for part, own in zip(chosen, members, strict=True):
            without = tuple(other for other in chosen if other != part)
            coarser = [bits[form] for form, other in enumerate(self.parts) if other.coarsens == self.parts[part].name]
            instead = [less for less in coarser if less is not None]
            if without in self.allowed or self.is_group(without):
                instead.append(0.0)
            if any(sum(members) - (own - less) >= self.needed for less in instead):
                return False
        return True

    def is_group(self, chosen: tuple[int, ...]) -> bool:
        """Tell whether the finest forms of these parts may stand together."""
        position = {part.name: place for place, part in enumerate(self.parts)}
        return tuple(sorted(position[self.finest[self.parts[part].name]] for part in chosen)) in self.allowed


def framed(text: str) -> bytes:
    """Write a text after its length; a long one is replaced by its digest."""
    data = text.encode()
    data = hashlib.sha256(data).digest() if len(data) >= 32 else data
    return bytes([len(data)]) + data


@pytest.mark.parametrize("make", [lambda: febrl_set(1), lambda: world_set("H", 170, 1)], ids=["febrl", "nepal"])
def test_many_persons_at_once_give_each_the_keys_it_gives_alone(make) -> None:
    """Messages, order and cap are equal, further ways of reading included."""
    data = make()
    persons = sorted(data.left, key=lambda person: -len(list(ways_of(person))))[:PERSONS]
    by_hand = GateByHand(data)
    columns = columns_of(persons, data.schema.field_names)
    keys = Gatekeeper(data.schema, data.frequencies).composite_keys(columns)
    found: dict[int, list[bytes]] = defaultdict(list)
    for way, message in zip(keys.way, keys.messages, strict=True):
        found[int(columns.owner[way])].append(message)
    assert len(keys) > AT_LEAST_KEYS
    assert [found[position] for position in range(PERSONS)] == [by_hand.messages(person) for person in persons]


def test_columns_hold_the_ways_in_order() -> None:
    """Read back, they are the readings of every way of every person."""
    data = world_set("H", 170, 1)
    persons = sorted(data.left, key=lambda person: -len(list(ways_of(person))))[:PERSONS]
    names = data.schema.field_names
    columns = columns_of(persons, names)
    expected = [(owner, way) for owner, person in enumerate(persons) for way in ways_of(person)]
    assert len(columns.rows) == len(expected) > 2 * PERSONS
    for place, (owner, way) in enumerate(expected):
        held = {
            field: columns.distinct[column][row]
            for column, (field, row) in enumerate(zip(names, columns.rows[place], strict=True))
            if row != MISSING
        }
        assert (columns.owner[place], held) == (owner, dict(way.readings))
        changed = columns.changed[place]
        assert way.changed == ("" if changed == FIRST_WAY else names[changed])
