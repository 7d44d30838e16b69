"""
The leak self-test: what a file's entries would show, counted on the partner's premises before anything leaves.

The file is encoded under a throw-away secret, as `push` would send it, and only counted. No socket is opened, nothing
is written. Tokens that two cases share are what a thief of the hub could start from; a case of which nothing rare is
known sends nothing and can never be found.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log2

import numpy as np

from matcher.encode.encoder import Encoder
from matcher.encode.frequency import FrequencyModel
from matcher.encode.prf import SharedSecretPrf
from matcher.encode.readings import part_value
from matcher.encode.secret import LinkageSecret
from matcher.person import Person
from matcher.schema import Kind, LinkageSchema, Part


@dataclass(frozen=True, slots=True)
class SelfTest:
    """
    What a file would show. Counts alone: no value and no case reference stands here.

    Attributes:
        cases: in the file.
        entries: of all of them together.
        entries_of_case: how many cases send how many entries.
        multiplicity: how many entries share their token with how many cases of the file, their own included.
        sharing: cases of which an entry shares its token with another case's.
        silent: cases that send nothing.
        helped_by: how many of the silent ones would send something if a field that is empty held a usual value.
        singular: by field, how many cases hold a value that fewer than one person of the population is expected to.
        by_two: cases that two values are expected to single out in the population already.
    """

    cases: int
    entries: int
    entries_of_case: Mapping[int, int]
    multiplicity: Mapping[int, int]
    sharing: int
    silent: int
    helped_by: Mapping[str, int]
    singular: Mapping[str, int]
    by_two: int


def measure_leaks(persons: Sequence[Person], schema: LinkageSchema, frequencies: FrequencyModel) -> SelfTest:
    """
    Return what these cases would show at the hub.

    Args:
        persons: the file's cases, normalised; may be empty.
        schema: the project's.
        frequencies: the gate's model.
    """
    prf = SharedSecretPrf(LinkageSecret.generate(), schema)
    entries = Encoder(schema, prf, frequencies).entries(persons)
    _, token = np.unique(entries.tokens, axis=0, return_inverse=True)
    holders = np.bincount(token.ravel())[token.ravel()] if len(token) else np.zeros(0, dtype=np.int64)
    per_case = np.bincount(entries.owner, minlength=len(persons))
    silent = np.flatnonzero(per_case == 0)
    bits = [field_bits(person, schema, frequencies) for person in persons]
    needed = log2(schema.gate.population)
    return SelfTest(
        cases=len(persons),
        entries=len(entries.owner),
        entries_of_case=dict(sorted(Counter(per_case.tolist()).items())),
        multiplicity=dict(sorted(Counter(holders.tolist()).items())),
        sharing=len(set(entries.owner[holders > 1].tolist())),
        silent=len(silent),
        helped_by=helped_by([bits[row] for row in silent], bits, schema),
        singular=dict(Counter(field for told in bits for field, each in told.items() if each > needed).most_common()),
        by_two=sum(sum(sorted(told.values())[-2:]) > needed for told in bits),
    )


def field_bits(person: Person, schema: LinkageSchema, frequencies: FrequencyModel) -> dict[str, float]:
    """
    Return how many bits each field's first reading singles a person out by, fields that are empty left out.

    A date counts all its parts; of other fields the part that says most counts.
    """
    found: dict[str, list[float]] = {}
    for part, value in _part_values(person, schema):
        found.setdefault(part.field, []).append(-log2(frequencies.share(part.name, value)))
    dates = {field.name for field in schema.fields if field.kind is Kind.DATE}
    return {field: sum(each) if field in dates else max(each) for field, each in found.items()}


def _part_values(person: Person, schema: LinkageSchema) -> Iterator[tuple[Part, str]]:
    """Yield the parts of composite keys that a person has a value for, coarser forms left out."""
    for part in schema.gate.parts:
        readings = person.readings.get(part.field)
        value = part_value(part, readings[0]) if readings and not part.coarsens else ""
        if value:
            yield part, value


def helped_by(
    silent: Sequence[Mapping[str, float]], everybody: Sequence[Mapping[str, float]], schema: LinkageSchema
) -> dict[str, int]:
    """
    Count for each field how many silent cases its usual value would carry through the gate, most first.

    Args:
        silent: bits by field, as `field_bits` returns them, of cases that send nothing.
        everybody: the same of all cases; a field's median is its usual value.
        schema: the project's.
    """
    fields = list(dict.fromkeys(part.field for part in schema.gate.parts if not part.coarsens))
    told = {field: [each[field] for each in everybody if field in each] for field in fields}
    usual = {field: float(np.median(values)) for field, values in told.items() if values}
    needed = log2(schema.gate.population / schema.gate.cap)
    counts = {
        field: sum(
            _most({**each, field: bits}, schema) >= needed
            for each in silent
            if field not in each and len(each) + 1 >= schema.recipes.minimum_attributes
        )
        for field, bits in usual.items()
    }
    return {field: count for field, count in Counter(counts).most_common() if count}


def _most(bits: Mapping[str, float], schema: LinkageSchema) -> float:
    """Return the bits of all fields together; of two that never stand in one key the better one counts."""
    field_of = {part.name: part.field for part in schema.gate.parts}
    rivals = {(part.field, field_of[name]) for part in schema.gate.parts for name in part.excludes}
    beaten = {one for a, b in rivals for one, other in ((a, b), (b, a)) if bits.get(one, 0.0) < bits.get(other, 0.0)}
    return sum(value for field, value in bits.items() if field not in beaten)
