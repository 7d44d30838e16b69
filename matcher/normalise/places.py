"""
Read places: a district, a local unit, a ward, or any place by its text; partner's side only.

District first. Addresses of the village committees and zones that were abolished give their district alone. A place
the table does not know keeps its folded text, so that two lists that say the same still agree.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from matcher.errors import UnreadableFieldError
from matcher.normalise.gazetteer import (
    MAX_WARD,
    Unit,
    district_of,
    is_above_district,
    place_of,
    suggest_districts,
    suggest_units,
    units_of,
)
from matcher.normalise.legacy import refuse_legacy_font
from matcher.normalise.text import CELL_CACHE, clean, folded_words
from matcher.person import Place

MAX_READINGS = 3
_PIECES = re.compile(r"[,;/()\[\]।|]+| - ")
_WARD_PART = re.compile(
    r"(?<!\w)(?:ward|wada|वडा|वार्ड)(?:\W*(?:no|number|num|नं|नम्बर))?\W*\d+|[-\s]+(?:no\W*|नं\W*)?\d{1,2}\s*$"
)
_OLD_UNIT = re.compile(
    r"(?<!\w)(?:v\.?d\.?c\.?|gabisa|ga\.? ?bi\.? ?sa\.?|गा\.? ?वि\.? ?स\.?|गाविस)(?!\w)", re.IGNORECASE
)
_WARD = re.compile(r"^(?:ward|wada|वडा|वार्ड)?\W*(?:no|number|num|नं|नम्बर)?\W*0*(\d{1,2})(?:\.0)?\W*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Address:
    """
    What the place columns of a row say together; blank where there is none, or where it is not legible.

    Attributes:
        district: text of the district column.
        local_unit: text of the local unit column.
    """

    district: str = field(default="", repr=False)
    local_unit: str = field(default="", repr=False)


@lru_cache(maxsize=CELL_CACHE)
def legible(cell: str) -> tuple[str, ...]:
    """
    Return a place cell's cleaned text; nothing when it is blank.

    Raises:
        UnreadableFieldError: `legacy_font`, `too_long`.
    """
    text = clean(cell)
    refuse_legacy_font(text)
    return (text,) if text else ()


@lru_cache(maxsize=CELL_CACHE)
def read_district(address: Address) -> tuple[Place, ...]:
    """
    Return the district of an address, from its own column or else from the local unit's; up to three readings when
    a local unit of that name lies in several. A district that nobody knows gives way to that of a local unit.

    Raises:
        UnreadableFieldError: `not_a_district` when only a province or zone is named, `no_letters`, `too_long`.
    """
    text = clean(address.district)
    code = _district_in(text) or _district_in(clean(address.local_unit))
    if code:
        return (place_of(code),)
    around = _districts_of(_units_in(clean(address.local_unit), ""))
    if not text or (around and is_above_district(text)):
        return around
    if is_above_district(text):
        raise UnreadableFieldError("a province or zone, not a district", code="not_a_district")
    named = _districts_of(_units_in(text, ""))
    return tuple(place for place in named if place in around) or named or around or _as_text(text)


@lru_cache(maxsize=CELL_CACHE)
def read_local_unit(address: Address) -> tuple[Place, ...]:
    """
    Return the local unit of an address: one reading, or up to three when several districts have that name.

    Raises:
        UnreadableFieldError: `old_local_unit` for a village committee of before 2017, `no_letters`, `too_long`.
    """
    text = clean(address.local_unit)
    if not text:
        return ()
    if _OLD_UNIT.search(text):
        raise UnreadableFieldError("a village committee of before 2017", code="old_local_unit")
    district = _district_in(clean(address.district)) or _district_in(text)
    units = _units_in(text, district)
    if units and len(units) <= MAX_READINGS:
        return tuple(place_of(unit.code) for unit in units)
    return _as_text(_WARD_PART.sub("", text))


@lru_cache(maxsize=CELL_CACHE)
def suggestions_for_district(address: Address) -> tuple[str, ...] | None:
    """Return the districts that an unknown district's text may mean, perhaps none; None when it is blank or known."""
    text = clean(address.district)
    if not text or is_above_district(text) or _district_in(text) or _units_in(text, ""):
        return None
    return _first_suggested(suggest_districts, text)


@lru_cache(maxsize=CELL_CACHE)
def suggestions_for_unit(address: Address) -> tuple[str, ...] | None:
    """
    Return the local units that an unknown unit's text may mean, perhaps none; None when it is blank or known.

    A district or an old village committee in the column is known, though no local unit.
    """
    text = clean(address.local_unit)
    district = _district_in(clean(address.district)) or _district_in(text)
    if not text or _OLD_UNIT.search(text) or district_of(text) or _units_in(text, district):
        return None
    return _first_suggested(lambda piece: suggest_units(piece, district), text)


def _first_suggested(suggest: Callable[[str], tuple[str, ...]], text: str) -> tuple[str, ...]:
    """Look the whole text up, then its parts."""
    return next(filter(None, map(suggest, _pieces(text))), ())


@lru_cache(maxsize=CELL_CACHE)
def read_ward(cell: str) -> tuple[Place, ...]:
    """
    Return a ward's number, 1 to 33.

    Raises:
        UnreadableFieldError: `unreadable_ward`, `too_long`.
    """
    text = clean(cell)
    if not text:
        return ()
    found = _WARD.match(text)
    if found is None or not 1 <= int(found[1]) <= MAX_WARD:
        raise UnreadableFieldError("not a ward number from 1 to 33", code="unreadable_ward")
    number = str(int(found[1]))
    return (Place(number, number),)


@lru_cache(maxsize=CELL_CACHE)
def read_any_place(cell: str) -> tuple[Place, ...]:
    """
    Return a place by its folded text alone.

    Raises:
        UnreadableFieldError: `no_letters`, `too_long`.
    """
    return _as_text(clean(cell))


def _as_text(text: str) -> tuple[Place, ...]:
    """Keep the folded words."""
    if not text:
        return ()
    words = folded_words(text)
    if not words:
        raise UnreadableFieldError("there is no readable word in it", code="no_letters")
    return (Place("", words),)


def _pieces(text: str) -> list[str]:
    """Give the whole text, then its parts from the last (the widest place) to the first, without ward numbers."""
    parts = [_WARD_PART.sub("", part).strip() for part in _PIECES.split(text)]
    return [text, *reversed([part for part in parts if part])]


def _district_in(text: str) -> str:
    """Find the code of the district a text names."""
    return next(filter(None, map(district_of, _pieces(text))), "") if text else ""


def _units_in(text: str, district: str) -> tuple[Unit, ...]:
    """Find the local units a text names; the narrowest part first."""
    for piece in reversed(_pieces(text)) if text else ():
        units = units_of(piece, district)
        if units:
            return units
    return ()


def _districts_of(units: tuple[Unit, ...]) -> tuple[Place, ...]:
    """Return the districts the units lie in; none when they are too many to mean one."""
    districts = dict.fromkeys(unit.district for unit in units)
    return tuple(map(place_of, districts)) if len(districts) <= MAX_READINGS else ()
