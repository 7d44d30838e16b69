"""
How alike two plaintext records are, field by field, over all pairs: what sketches can come close to at best.

A field's distinct readings are compared once, all with all of a chunk of rows; a pair of records takes the best of
its pairs of readings. Names are compared by exact Jaccard of the q-grams of the same three views that sketches hash,
or by Jaro-Winkler of their letters.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cdist

from matcher.compare import sketches
from matcher.encode.frequency import FrequencyModel
from matcher.encode.min_hash import qgrams
from matcher.encode.readings import opaque_value
from matcher.encode.slots import RARE_BELOW, skeleton
from matcher.encoding import RARITY_SLOTS
from matcher.person import Name, Opaque, PartialDate, Person, Place, Reading
from matcher.schema import Facet, Kind, LinkageSchema, SchemaField

NameLikeness = Literal["folds", "jaro-winkler"]
Similarity = NDArray[np.float32]
Rows = NDArray[np.int64]
NO_PART = -1
SAME_LETTERS = 0.995  # Jaro-Winkler runs high: two names are one only when hardly a letter differs
JUST_UNLIKE = 0.949  # what else is close stays below the similarity at which two names are one
BELOW_SAME = 0.99  # unlike values never count as the same, however close


class Likeness(Protocol):
    """Compares the distinct readings of one field."""

    def between(self, left: Rows, right: Rows) -> Similarity:
        """Return the similarity of readings by position, shape (left, right)."""
        ...


class FieldLikeness:
    """Compares one field of two lists of people."""

    def __init__(
        self,
        field: SchemaField,
        people: Sequence[Person],
        names: NameLikeness,
        is_rare: Callable[[Name, float], bool] = lambda _name, _below: False,
    ) -> None:
        """
        Collect the distinct readings of all people, of both lists together.

        Args:
            field: what is compared.
            people: of both lists.
            names: how names are compared.
            is_rare: tells whether fewer than such a share of the population have a name.
        """
        readings = [person.readings.get(field.name, ()) for person in people]
        self._readings = list(dict.fromkeys(reading for each in readings for reading in each))
        place = {reading: row for row, reading in enumerate(self._readings)}
        self._most = max(map(len, readings), default=0)
        self._slots = np.full((len(people), max(1, self._most)), len(self._readings), dtype=np.int64)
        for row, each in enumerate(readings):
            for slot, reading in enumerate(each):
                self._slots[row, slot] = place[reading]
        self._likeness = _likeness(field, self._readings, names, is_rare) if self._readings else None

    def block(self, left: Rows, right: Rows) -> Similarity:
        """Return the similarity of all pairs of two sets of people, NaN where either side is missing."""
        if self._likeness is None:
            return np.full((len(left), len(right)), np.nan, dtype=np.float32)
        missing = len(self._readings)
        mine, of_left = np.unique(self._slots[left], return_inverse=True)
        others, of_right = np.unique(self._slots[right], return_inverse=True)
        table = np.full((len(mine), len(others)), np.nan, dtype=np.float32)
        told, asked = mine != missing, others != missing
        table[np.ix_(told, asked)] = self._likeness.between(mine[told], others[asked])
        by_row = _best(table[of_left.reshape(self._slots[left].shape)], axis=1)
        return _best(by_row[:, of_right.reshape(self._slots[right].shape)], axis=2)


def _best(table: Similarity, axis: int) -> Similarity:
    """Return the greatest along an axis, NaN only where all are."""
    best: Similarity = np.fmax.reduce(table, axis=axis)
    return best


def all_fields(
    schema: LinkageSchema, people: Sequence[Person], names: NameLikeness, frequencies: FrequencyModel
) -> Mapping[str, FieldLikeness]:
    """Prepare every field of a schema."""
    parts = {part.field: part.name for part in schema.gate.parts if part.facet is Facet.KEY}

    def rarity(field: SchemaField) -> Callable[[Name, float], bool]:
        part = parts.get(field.name)
        return lambda name, below: part is not None and bool(name.key) and frequencies.share(part, name.key) < below

    return {field.name: FieldLikeness(field, people, names, rarity(field)) for field in schema.fields}


def _likeness(
    field: SchemaField, readings: Sequence[Reading], names: NameLikeness, is_rare: Callable[[Name, float], bool]
) -> Likeness:
    """Choose how a field's readings are compared."""
    if field.kind is Kind.NAME:
        told = [reading for reading in readings if isinstance(reading, Name)]
        alike = _NameFolds(told) if names == "folds" else _NameLetters(told)
        return _RareNames(alike, told, is_rare)
    if field.kind is Kind.DATE:
        return _Dates([reading for reading in readings if isinstance(reading, PartialDate)])
    return _Values(field, readings)


class _RareNames:
    """Tells equal names apart by how rare they are, as sketches do."""

    def __init__(self, alike: Likeness, names: Sequence[Name], is_rare: Callable[[Name, float], bool]) -> None:
        values = {"rare": sketches.NAME_SAME_RARE, "very_rare": sketches.NAME_SAME_VERY_RARE}
        self._alike = alike
        self._same = np.full(len(names), sketches.NAME_SAME, dtype=np.float32)
        for slot in RARITY_SLOTS:
            self._same[[is_rare(name, RARE_BELOW[slot]) for name in names]] = values[slot]

    def between(self, left: Rows, right: Rows) -> Similarity:
        similarity = self._alike.between(left, right)
        same = np.minimum(self._same[left][:, None], self._same[right][None, :])
        capped = np.minimum(similarity, sketches.NAME_ALIKE)
        return np.asarray(np.where(similarity >= sketches.NAME_ALIKE, same, capped), dtype=np.float32)


class _Jaccard:
    """Exact Jaccard similarity of q-gram sets, as one matrix product."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        grams = sorted({gram for each in texts for gram in each})
        place = {gram: column for column, gram in enumerate(grams)}
        self._sets = np.zeros((len(texts), len(grams)), dtype=np.float32)
        for row, each in enumerate(texts):
            self._sets[row, [place[gram] for gram in each]] = 1.0
        self._sizes = self._sets.sum(axis=1)

    def between(self, left: Rows, right: Rows) -> Similarity:
        """Return the share of their grams that two sets have in common; 0 where either set is empty."""
        shared = self._sets[left] @ self._sets[right].T
        union = self._sizes[left][:, None] + self._sizes[right][None, :] - shared
        similarity: Similarity = (shared / np.maximum(union, 1.0)).astype(np.float32)
        return similarity


class _NameFolds:
    """The mean of three views, as sketches compare them but without their noise."""

    def __init__(self, names: Sequence[Name]) -> None:
        views = (
            [name.text for name in names],
            [name.folded for name in names],
            [skeleton(name.folded) for name in names],
        )
        self._views = [_Jaccard([qgrams(text) if text else [] for text in view]) for view in views]

    def between(self, left: Rows, right: Rows) -> Similarity:
        total = sum(view.between(left, right) for view in self._views)
        return np.asarray(total / len(self._views), dtype=np.float32)


class _NameLetters:
    """Jaro-Winkler of the letters (Winkler 1990)."""

    def __init__(self, names: Sequence[Name]) -> None:
        self._texts = [name.text for name in names]

    def between(self, left: Rows, right: Rows) -> Similarity:
        mine, others = ([self._texts[row] for row in rows.tolist()] for rows in (left, right))
        found = cdist(mine, others, scorer=JaroWinkler.normalized_similarity, dtype=np.float32)
        below = np.minimum(found, JUST_UNLIKE)
        return np.asarray(np.where(found >= SAME_LETTERS, found, below), dtype=np.float32)


class _Dates:
    """Which parts of two dates agree, in the words of `matcher.compare.sketches`."""

    def __init__(self, dates: Sequence[PartialDate]) -> None:
        parts = [[NO_PART if part is None else part for part in (each.year, each.month, each.day)] for each in dates]
        self._parts = np.array(parts, dtype=np.int16).reshape(-1, 3)

    def between(self, left: Rows, right: Rows) -> Similarity:
        mine, others = self._parts[left][:, None, :], self._parts[right][None, :, :]
        told = (mine != NO_PART) & (others != NO_PART)
        same = (mine == others) & told
        near = (np.abs(mine[..., 0] - others[..., 0]) <= 1) & told[..., 0]
        four = np.stack([(mine[..., 0] + shift) // 4 == (others[..., 0] + shift) // 4 for shift in (0, 2)])
        close = four.any(axis=0) & told[..., 0]
        year, month = same[..., 0], same[..., 1]
        has_month = told[..., 1]
        has_day = has_month & told[..., 2]
        parts = year.astype(np.int8) + month + (same[..., 2] & has_day)
        swapped = (mine[..., 1] == others[..., 2]) & (mine[..., 2] == others[..., 1])
        choices = (
            (has_day & (parts == 3), sketches.DATE_SAME),  # noqa: PLR2004 - year, month and day
            (has_day & ((parts == 2) | (year & swapped)), sketches.DATE_ONE_PART_OFF),  # noqa: PLR2004 - two of them
            (has_month & ~has_day & year & month, sketches.DATE_SAME_MONTH),
            (~has_month & year, sketches.DATE_SAME_YEAR),
            (~has_month & near, sketches.DATE_NEAR_YEAR),
            (~has_month & close, sketches.DATE_CLOSE_YEAR),
            ((parts >= 1) | (has_month & near & ~has_day), sketches.DATE_ONE_PART),
        )
        found = np.select([when for when, _ in choices], [value for _, value in choices], 0.0)
        return np.asarray(found, dtype=np.float32)


class _Values:
    """Equality of places, categories, telephones and identifiers, and their closeness where the schema keeps any."""

    def __init__(self, field: SchemaField, readings: Sequence[Reading]) -> None:
        values = [_value(reading) for reading in readings]
        place = {value: row for row, value in enumerate(dict.fromkeys(values))}
        self._codes = np.array([place[value] for value in values], dtype=np.int64)
        self._is_text = field.kind is Kind.TEXT
        self._close = _Jaccard([_grams(field.kind, reading) for reading in readings]) if field.sketch_bits else None

    def between(self, left: Rows, right: Rows) -> Similarity:
        same = self._codes[left][:, None] == self._codes[right][None, :]
        if self._close is None:
            return np.asarray(same, dtype=np.float32)
        close = self._close.between(left, right)
        return close if self._is_text else np.asarray(np.where(same, 1.0, BELOW_SAME * close), dtype=np.float32)


def _value(reading: Reading) -> str:
    """Return what must be equal."""
    if isinstance(reading, Place):
        return reading.code or reading.text
    return opaque_value(reading) if isinstance(reading, Opaque) else ""


def _grams(kind: Kind, reading: Reading) -> list[str]:
    """Return the q-grams of a place, text or identifier; an identifier's symbols carry their position."""
    if isinstance(reading, Place):
        return qgrams(reading.text) if reading.text else []
    if isinstance(reading, Opaque):
        if kind is Kind.IDENTIFIER:
            return qgrams(" ".join(f"{place}{symbol}" for place, symbol in enumerate("".join(reading.parts))))
        return qgrams(" ".join(reading.parts))
    return []
