"""What each slot of a sketch compares, as text: equal texts give equal values; partner's side only."""

from collections.abc import Callable, Mapping

from matcher.encode.frequency import FrequencyModel
from matcher.encode.readings import opaque_value
from matcher.encoding import NAME_VIEWS, RARITY_SLOTS
from matcher.person import Name, Opaque, PartialDate, Place, Reading
from matcher.schema import Facet, Kind, LinkageSchema, SchemaField

RARE_BELOW = {"rare": 1 / 200, "very_rare": 1 / 2_000}  # share of the population that has a name
CLOSE_SLOTS = frozenset({*NAME_VIEWS, "grams"})  # compared by their q-grams, all others by equality
_WITHOUT_VOWELS = str.maketrans("", "", "aeiou")

SlotText = Callable[[Reading], str]


def slot_text(field: SchemaField, slot: str, schema: LinkageSchema, frequencies: FrequencyModel) -> SlotText:
    """
    Return what reads one slot of a field.

    Args:
        field: one of the schema's.
        slot: name of one of the field's slots.
        schema: tells by which part of the gate a name's rarity is known.
        frequencies: tells how rare names are.

    Returns:
        A function from readings of the field to text; empty when a reading has nothing for the slot.
    """
    if slot == "present":
        return lambda _reading: slot
    if field.kind is Kind.NAME:
        read = _rarity(field, slot, schema, frequencies) if slot in RARITY_SLOTS else _NAME_VIEWS[slot]
        return lambda reading: read(reading) if isinstance(reading, Name) else ""
    if field.kind is Kind.DATE:
        return _date_part(slot)
    if slot == "grams":
        return _identifier_grams if field.kind is Kind.IDENTIFIER else _grams
    return _same


def skeleton(folded: str) -> str:
    """Leave the vowels out of a folded name; a word of vowels alone stays whole."""
    return " ".join([word.translate(_WITHOUT_VOWELS) or word for word in folded.split()])


def _rarity(field: SchemaField, slot: str, schema: LinkageSchema, frequencies: FrequencyModel) -> Callable[[Name], str]:
    """Say the slot's name of names that fewer people have than it stands for."""
    part = next((part for part in schema.gate.parts if part.field == field.name and part.facet is Facet.KEY), None)

    def text(name: Name) -> str:
        is_rare = part and name.key and frequencies.share(part.name, name.key) < RARE_BELOW[slot]
        return slot if is_rare else ""

    return text


def _date_part(slot: str) -> SlotText:
    """Read what one slot of a date compares; empty when the date is less precise."""
    read = _DATE_PARTS[slot]

    def text(reading: Reading) -> str:
        value = read(reading) if isinstance(reading, PartialDate) else None
        return "" if value is None else f"{slot}:{value}"

    return text


def _same(reading: Reading) -> str:
    """Return what must be equal of a place, category, identifier or telephone."""
    value = reading.code or reading.text if isinstance(reading, Place) else ""
    value = opaque_value(reading) if isinstance(reading, Opaque) else value
    return f"same:{value}" if value else ""


def _grams(reading: Reading) -> str:
    """Return the text whose q-grams show closeness."""
    if isinstance(reading, Place):
        return reading.text
    return " ".join(reading.parts) if isinstance(reading, Opaque) else ""


def _identifier_grams(reading: Reading) -> str:
    """Let each symbol of an identifier carry its position."""
    symbols = "".join(reading.parts) if isinstance(reading, Opaque) else ""
    return " ".join([f"{position}{symbol}" for position, symbol in enumerate(symbols)])


def _years(shift: int, span: int) -> Callable[[PartialDate], int | None]:
    """Number spans of so many years, moved by so many."""
    return lambda date: None if date.year is None else (date.year + shift) // span


def _exchangeable(date: PartialDate) -> str | None:
    """Put day and month in rising order: equal or exchanged, they agree."""
    if date.month is None or date.day is None:
        return None
    return f"{min(date.day, date.month)}-{max(date.day, date.month)}"


_NAME_VIEWS: Mapping[str, Callable[[Name], str]] = {
    "raw": lambda name: name.text,
    "folded": lambda name: name.folded,
    "skeleton": lambda name: skeleton(name.folded),
}
# `year_even` and `year_odd` pair neighbouring years in two ways: years one apart agree on one of them. The spans of
# four do so for years two apart, as ages guessed by eye need it.
_DATE_PARTS: Mapping[str, Callable[[PartialDate], int | str | None]] = {
    "year": lambda date: date.year,
    "year_even": _years(0, 2),
    "year_odd": _years(1, 2),
    "year_four": _years(0, 4),
    "year_four_shifted": _years(2, 4),
    "month_present": lambda date: None if date.month is None else "yes",
    "month": lambda date: date.month,
    "day_present": lambda date: None if date.day is None else "yes",
    "day": lambda date: date.day,
    "day_month": _exchangeable,
}
