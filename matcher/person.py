"""
What a partner wrote about a person, and what is read from it; on the partner's premises only.

A `RawRecord` is a row as written. A `Person` is the same row normalised: each field of the linkage schema holds
a small tuple of *readings*, the likeliest first, because an alias, an uncertain calendar or a second surname
gives more than one. Nothing here may reach the hub; `repr` shows no value.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Precision(StrEnum):
    """How much of a date was written down."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    AGE = "age"


@dataclass(frozen=True, slots=True)
class RawRecord:
    """
    One row as the partner wrote it.

    Attributes:
        reference: the partner's own case reference; never leaves the partner.
        columns: text by schema attribute name; an absent or blank column is missing.
        recorded_on: the day the row was written, if known; ages and two-digit doubts are resolved against it.
    """

    reference: str = field(repr=False)
    columns: Mapping[str, str] = field(repr=False)
    recorded_on: date | None = None


@dataclass(frozen=True, slots=True)
class Name:
    """
    One reading of a name, in three strengths of folding.

    Attributes:
        text: canonical spelling in one script, lower case, single spaces.
        folded: scoring keys of its tokens, separated by a space; the spellings of one name share it.
        key: blocking key of the whole, without spaces; at least two symbols, or empty when too weak to block on.
    """

    text: str = field(repr=False)
    folded: str = field(repr=False)
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PartialDate:
    """
    One reading of a date, Gregorian, as precise as it was written.

    Attributes:
        year: 1500 to 2200, or None.
        month: 1 to 12, or None when less precise.
        day: 1 to 31, or None when less precise.
        precision: how much was written.
        is_heaped: a default or heaped day (1 January, 1 Baisakh, the 15th): never counts as a full date.
    """

    year: int | None = field(repr=False)
    month: int | None = field(repr=False)
    day: int | None = field(repr=False)
    precision: Precision
    is_heaped: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """
    One reading of a place.

    Attributes:
        code: code in the official table, or empty when the place is known by its text alone.
        text: folded text, lower case, single spaces; the official name when `code` is known.
    """

    code: str = field(repr=False)
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Opaque:
    """
    One reading of a category, identifier, phone or free text: compared for equality, part by part.

    Attributes:
        parts: canonical parts in their written order, at least one, none empty.
    """

    parts: tuple[str, ...] = field(repr=False)


Reading = Name | PartialDate | Place | Opaque


@dataclass(frozen=True, slots=True)
class SetAside:
    """
    Something in a row that was not used, named without its value.

    Attributes:
        column: schema attribute it stood in.
        code: what kind of fault, as in `UnreadableFieldError.code`.
        advice: what the partner can do about it; empty when nothing.
    """

    column: str
    code: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """
    A row, normalised.

    Attributes:
        reference: the partner's case reference, carried over.
        readings: by schema field name, one or more readings, likeliest first; a missing field is absent.
        set_aside: what could not be used; the rest of the row is used all the same.
    """

    reference: str = field(repr=False)
    readings: Mapping[str, tuple[Reading, ...]] = field(repr=False)
    set_aside: tuple[SetAside, ...] = ()
