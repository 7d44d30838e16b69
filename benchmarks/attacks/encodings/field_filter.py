"""Field Bloom filters: one filter for each field (Schnell, Bachteler, Reiher 2009), as field-by-field linkage uses."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.attacks.encodings.clk import Bits, filters_of
from benchmarks.attacks.encodings.dice import dice_f1
from benchmarks.attacks.encodings.kinds import FieldFilters, Filters
from benchmarks.attacks.encodings.qgrams import rows_of
from benchmarks.attacks.population import People

FILTER_BITS = 512  # of each field
HASHES_PER_QGRAM = 20


@dataclass(frozen=True, slots=True)
class FieldFilter:
    """One filter for each field of each record."""

    name: str = "field Bloom filters"
    filter_bits: int = FILTER_BITS
    hashes_per_qgram: int = HASHES_PER_QGRAM

    def encode(self, people: People, seed: int) -> FieldFilters:
        """Return the filters by field, under a key drawn from the seed; a blank cell gives a filter without a bit."""
        rows = rows_of(people)
        fields = list(rows[0]) if rows else []
        return FieldFilters({field: self.encode_field(field, [row[field] for row in rows], seed) for field in fields})

    def encode_field(self, field: str, texts: Sequence[str], seed: int) -> Bits:
        """Return the filters of some texts of one field, shape (texts, filter bits)."""
        return filters_of([{field: text} for text in texts], seed, self.filter_bits, self.hashes_per_qgram)

    def linkage_f1(self, people: People, seed: int) -> float:
        """Return the best F1 of any threshold of the Dice coefficient of all fields side by side."""
        return dice_f1(np.concatenate(list(self.encode(people, seed).bits.values()), axis=1), people.numbers)


@dataclass(frozen=True, slots=True)
class JoinedFieldFilter:
    """The same filters side by side, for attacks that look at a record as a whole."""

    fields: FieldFilter = FieldFilter()
    name: str = "field Bloom filters"

    def encode(self, people: People, seed: int) -> Filters:
        """Return one long filter for each record, under a key drawn from the seed."""
        return Filters(np.concatenate(list(self.fields.encode(people, seed).bits.values()), axis=1))

    def linkage_f1(self, people: People, seed: int) -> float:
        """Return the best F1 of any threshold of the Dice coefficient."""
        return self.fields.linkage_f1(people, seed)
