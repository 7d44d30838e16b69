"""
Sketches of one block to similarities per field; hub and partner.

Equal values always give equal bits; unlike values agree on a bit with probability `CHANCE` (half, and a little more
because values have four bits). So the share of agreeing bits, corrected for chance, estimates the Jaccard similarity
of two q-gram sets. Only sketches that share a token may be compared: others look random to one another.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from matcher.encoding import NAME_VIEWS, RARITY_SLOTS, Slot, sketch_layout
from matcher.errors import MalformedEncodingError
from matcher.pairs import Comparisons
from matcher.schema import Kind, LinkageSchema, SchemaField

CHANCE = 0.5 + 0.5 / 16  # unlike four-bit values coincide once in sixteen, and then agree for sure

# What the comparison of equal names can say; names that differ are below.
NAME_SAME_VERY_RARE = 1.0
NAME_SAME_RARE = 0.99
NAME_SAME = 0.98
NAME_ALIKE = 0.95  # above it, two names are one: sampling leaves the rest to chance

# What a date comparison can say, as a similarity; `matcher.score` gives each its weight.
DATE_SAME = 1.0
DATE_ONE_PART_OFF = 0.9  # two of year, month, day; or day and month exchanged
DATE_SAME_MONTH = 0.8  # year and month agree, no day to compare
DATE_SAME_YEAR = 0.7  # year agrees, nothing finer to compare
DATE_NEAR_YEAR = 0.5  # years one apart, nothing finer to compare
DATE_CLOSE_YEAR = 0.4  # years two apart, or three by chance, nothing finer to compare
DATE_ONE_PART = 0.3  # one part agrees, the finer ones do not
DATE_DIFFERENT = 0.0

Bits = NDArray[np.uint8]
Share = NDArray[np.float32]


def compare(left: Bits, right: Bits, schema: LinkageSchema) -> Comparisons:
    """
    Compare sketches row by row.

    Args:
        left: shape (pairs, sketch bytes), uint8.
        right: the same shape; each row shares a token with its left one.
        schema: gives the layout.

    Returns:
        One column per field of the schema; NaN where either side is missing.

    Raises:
        MalformedEncodingError: the arrays are not of the schema's sketch size, or not as long as each other.
    """
    if left.shape != right.shape or left.shape[1:] != (schema.sketch_bytes,):
        raise MalformedEncodingError("not sketches of this schema, pair by pair", code="sketch_size")
    slots = sketch_layout(schema)
    agreement = _agreement(left, right, slots)
    similarity = np.full((len(left), len(schema.fields)), np.nan, dtype=np.float32)
    for column, field in enumerate(schema.fields):
        of_field = {slot.name: agreement[:, index] for index, slot in enumerate(slots) if slot.field == field.name}
        present = of_field["present"] == 1
        similarity[:, column] = np.where(present, _similarity_of(field)(of_field), np.nan)
    return Comparisons(schema.field_names, similarity)


def _agreement(left: Bits, right: Bits, slots: tuple[Slot, ...]) -> Share:
    """Return the share of agreeing bits, shape (pairs, slots)."""
    unlike = np.bitwise_count(left ^ right)
    starts = [slot.start for slot in slots] + [slots[-1].stop]
    if slots[-1].stop == left.shape[1]:
        starts.pop()
    counts = np.add.reduceat(unlike, starts, axis=1, dtype=np.int32)[:, : len(slots)]
    bits = 8.0 * np.array([slot.size for slot in slots])
    return (1.0 - counts / bits).astype(np.float32)


def _similarity_of(field: SchemaField) -> Callable[[Mapping[str, Share]], Share]:
    """Choose how a field's slots become one similarity."""
    if field.kind is Kind.NAME:
        return _name_similarity
    if field.kind is Kind.DATE:
        return _date_similarity
    return _value_similarity


def _jaccard(agreement: Share) -> Share:
    """Correct the share of agreeing bits for chance; in [0, 1]."""
    similarity: Share = np.clip((agreement - CHANCE) / (1 - CHANCE), 0, 1).astype(np.float32)
    return similarity


def _name_similarity(slots: Mapping[str, Share]) -> Share:
    """Average the three views of a name; equal ones are told apart by how rare they are."""
    views: Share = np.stack([_jaccard(slots[view]) for view in NAME_VIEWS])
    average: Share = views.mean(axis=0, dtype=np.float32)
    is_rare, is_very_rare = (slots[slot] == 1 for slot in RARITY_SLOTS)
    rarity = [is_rare & is_very_rare, is_rare]  # what is very rare is rare: one tag alone agrees by chance
    same: Share = np.select(rarity, [NAME_SAME_VERY_RARE, NAME_SAME_RARE], NAME_SAME).astype(np.float32)
    return np.where(average >= NAME_ALIKE, same, np.minimum(average, NAME_ALIKE))


def _value_similarity(slots: Mapping[str, Share]) -> Share:
    """Take 1 for equal values, else the closeness of their q-grams if there are any, kept below 1."""
    if "same" not in slots:
        return _jaccard(slots["grams"])
    close = 0.99 * _jaccard(slots["grams"]) if "grams" in slots else np.zeros_like(slots["same"])
    return np.where(slots["same"] == 1, 1, close).astype(np.float32)


def _date_similarity(slots: Mapping[str, Share]) -> Share:
    """Say which parts of two dates agree, as one of the `DATE_…` similarities."""
    same = {name: slots[name] == 1 for name in slots}
    has_month = same["month_present"]
    has_day = has_month & same["day_present"]
    near = same["year_even"] | same["year_odd"]
    close = same["year_four"] | same["year_four_shifted"]
    year, month, day = same["year"], same["month"] & has_month, same["day"] & has_day
    parts = year.astype(np.int8) + month + day
    exchanged = year & has_day & same["day_month"]
    return np.select(
        [
            has_day & (parts == 3),  # noqa: PLR2004 - year, month and day
            has_day & ((parts == 2) | exchanged),  # noqa: PLR2004 - two of the three
            has_month & ~has_day & year & month,
            ~has_month & year,
            ~has_month & near,
            ~has_month & close,
            (parts >= 1) | (has_month & near & ~has_day),
        ],
        [DATE_SAME, DATE_ONE_PART_OFF, DATE_SAME_MONTH, DATE_SAME_YEAR, DATE_NEAR_YEAR, DATE_CLOSE_YEAR, DATE_ONE_PART],
        DATE_DIFFERENT,
    ).astype(np.float32)
