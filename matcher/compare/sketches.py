"""
Sketches of one block to similarities per field; hub and partner.

Equal values always give equal bits; unlike values agree on a bit with probability `CHANCE` (half, and a little more
because values have four bits). So the share of agreeing bits, corrected for chance, estimates the Jaccard similarity
of two q-gram sets. Only sketches that share a token may be compared: others look random to one another.
"""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from matcher.encoding import DATE_SLOTS, NAME_VIEWS, RARITY_SLOTS, Slot, sketch_layout
from matcher.errors import MalformedEncodingError
from matcher.pairs import Comparisons
from matcher.schema import Kind, LinkageSchema, SchemaField

PAIRS_AT_ONCE = 4_096  # keeps a pass in a processor's cache
ROWS_TURNED_AT_ONCE = 128  # so many rows of bytes are turned on their side before they leave the nearest cache
BITS_OF_A_BYTE = 8
MOST_IN_A_BYTE = 255
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
Counts = NDArray[np.integer]
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
    slots = [[slot for slot in sketch_layout(schema) if slot.field == field.name] for field in schema.fields]
    similarity = np.empty((len(left), len(schema.fields)), dtype=np.float32)
    for start in range(0, len(left), PAIRS_AT_ONCE):
        chunk = slice(start, start + PAIRS_AT_ONCE)
        unlike = _unlike_bits(left[chunk], right[chunk])
        for column, field in enumerate(schema.fields):
            similarity[chunk, column] = _similarity(unlike, field, slots[column])
    return Comparisons(schema.field_names, similarity)


def _unlike_bits(left: Bits, right: Bits) -> Bits:
    """Count the unlike bits in each byte, shape (sketch bytes, pairs): each byte of all pairs lies together."""
    unlike = np.bitwise_count(left ^ right)
    turned = np.empty(unlike.shape[::-1], dtype=np.uint8)
    for start in range(0, len(unlike), ROWS_TURNED_AT_ONCE):
        rows = slice(start, start + ROWS_TURNED_AT_ONCE)
        turned[:, rows] = unlike[rows].T
    return turned


def _similarity(unlike: Bits, field: SchemaField, slots: Sequence[Slot]) -> Share:
    """Turn the unlike bits of one field to one similarity per pair."""
    counts = {slot.name: _sum(unlike[slot.start : slot.stop]) for slot in slots}
    if field.kind is Kind.NAME:
        found = _name_similarity(counts, slots)
    elif field.kind is Kind.DATE:
        found = _date_similarity(counts)
    else:
        found = _value_similarity(counts, slots)
    return np.where(counts["present"] == 0, found, np.float32(np.nan))


def _sum(unlike: Bits) -> Counts:
    """Add the counts of a slot's bytes; a byte holds the sum of up to 31 of them."""
    dtype = np.uint8 if BITS_OF_A_BYTE * len(unlike) <= MOST_IN_A_BYTE else np.uint16
    counts: Counts = unlike.sum(axis=0, dtype=dtype)
    return counts


@lru_cache(maxsize=64)
def _jaccard(size: int) -> Share:
    """Return, by number of unlike bits among those of so many bytes, the similarity corrected for chance; in [0, 1]."""
    bits = BITS_OF_A_BYTE * size
    agreement = (1 - np.arange(bits + 1) / bits).astype(np.float32)
    similarity: Share = np.clip((agreement - CHANCE) / (1 - CHANCE), 0, 1).astype(np.float32)
    return similarity


def _name_similarity(counts: Mapping[str, Counts], slots: Sequence[Slot]) -> Share:
    """Average the three views of a name; equal ones are told apart by how rare they are."""
    views = [_jaccard(slot.size).take(counts[slot.name]) for slot in slots if slot.name in NAME_VIEWS]
    average: Share = sum(views[1:], start=views[0]) / np.float32(len(views))
    is_rare, is_very_rare = (counts[slot] == 0 for slot in RARITY_SLOTS)
    rare = np.where(is_very_rare, np.float32(NAME_SAME_VERY_RARE), np.float32(NAME_SAME_RARE))
    same = np.where(is_rare, rare, np.float32(NAME_SAME))  # what is very rare is rare: one tag alone agrees by chance
    return np.where(average >= NAME_ALIKE, same, np.minimum(average, np.float32(NAME_ALIKE)))


def _value_similarity(counts: Mapping[str, Counts], slots: Sequence[Slot]) -> Share:
    """Take 1 for equal values, else the closeness of their q-grams if there are any, kept below 1."""
    grams = [_jaccard(slot.size).take(counts[slot.name]) for slot in slots if slot.name == "grams"]
    if "same" not in counts:
        return grams[0]
    close = np.float32(0.99) * grams[0] if grams else np.float32(0)
    return np.where(counts["same"] == 0, np.float32(1), close)


def _date_similarity(counts: Mapping[str, Counts]) -> Share:
    """Look up what the parts that agree say together."""
    agreed = np.zeros(len(counts["year"]), dtype=np.uint16)
    for slot in DATE_SLOTS:
        agreed += agreed
        agreed += counts[slot] == 0
    return _dates_by_agreement().take(agreed)


@cache
def _dates_by_agreement() -> Share:
    """Judge every combination of slots that agree, once: one bit of its position for each, the first slot's highest."""
    agreed = np.arange(2 ** len(DATE_SLOTS))
    return _judge_dates({slot: (agreed >> place) % 2 == 1 for place, slot in enumerate(reversed(DATE_SLOTS))})


def _judge_dates(same: Mapping[str, NDArray[np.bool_]]) -> Share:
    """Say which parts of two dates agree, as one of the `DATE_…` similarities."""
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
