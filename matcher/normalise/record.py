"""
A row to a person: every field of the schema read as its kind says; partner's side only.

One bad cell costs that cell and nothing else: it is set aside by column and kind of fault, never by its value.
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial

from matcher.normalise.categories import read_category, read_text
from matcher.normalise.dates import (
    MAX_READINGS,
    MIDDLE_OF_YEAR,
    NEPALI_HABITS,
    PLAIN_HABITS,
    read_age,
    read_date,
    says_no_such_day,
)
from matcher.normalise.identifiers import read_identifier
from matcher.normalise.names import NameCell, Token, read_aliases, read_name
from matcher.normalise.naming import (
    family_readings,
    given_readings,
    joined_readings,
    relative_readings,
    whole_readings,
)
from matcher.normalise.phones import read_phone
from matcher.normalise.places import Address, legible, read_any_place, read_district, read_local_unit, read_ward
from matcher.normalise.row import Row
from matcher.person import PartialDate, Person, RawRecord, Reading
from matcher.schema import Kind, LinkageSchema, SchemaField

_RELATIVES = frozenset({"father", "mother", "spouse"})
_SURNAMES = frozenset({"natal", "marital"})


def normalise(record: RawRecord, schema: LinkageSchema) -> Person:
    """
    Read a row by the schema.

    Args:
        record: the row as written.
        schema: what its columns mean, and which fields are made of them.

    Returns:
        The readings of each field that has any, likeliest first, and what was set aside. A bad cell raises nothing.
    """
    row = Row(record, schema)
    readings: dict[str, tuple[Reading, ...]] = {}
    for field in schema.fields:
        found = _READERS[field.kind](field, row)
        if found:
            readings[field.name] = found
    return Person(record.reference, readings, row.set_aside())


def _name(field: SchemaField, row: Row) -> tuple[Reading, ...]:
    """Read a name field by the roles of its columns."""
    cells = {attribute: _name_cell(attribute, cell, row) for attribute, cell in row.filled(field.sources)}
    others = dict(row.filled(field.alternatives))
    surnames = [
        words
        for name, cell in others.items()
        if row.role(name) in _SURNAMES
        for words in _surnames(_name_cell(name, cell, row))
    ]
    aliases = [
        alias for name, cell in others.items() if row.role(name) not in _SURNAMES for alias in _aliases(name, cell, row)
    ]
    roles = [row.role(attribute) for attribute in field.sources]
    if len(field.sources) > 1:
        given, family = _halves(field, cells, row)
        return joined_readings(given, family, [*_beside(cells), *aliases], row.phonetics, surnames)
    cell = next(iter(cells.values()), NameCell())
    if roles[0] in _RELATIVES:
        return relative_readings(cell, row.phonetics)
    if roles[0] == "given":
        return given_readings(cell, aliases, row.phonetics)
    if roles[0] == "family":
        return family_readings(cell, aliases, row.phonetics, surnames)
    return whole_readings(cell, aliases, row.phonetics)


def _name_cell(attribute: str, cell: str, row: Row) -> NameCell:
    """Take one name cell apart and note its faults."""
    found = read_name(cell, row.phonetics)
    for code in found.faults:
        row.put_aside(attribute, code)
    return found


def _surnames(cell: NameCell) -> list[tuple[Token, ...]]:
    """Return the surnames in a cell of its own."""
    return [words for words in (cell.tokens, *cell.aliases) if words]


def _aliases(attribute: str, cell: str, row: Row) -> tuple[tuple[Token, ...], ...]:
    """Take a cell of several names apart and note its faults."""
    found = read_aliases(cell, row.phonetics)
    for code in found.faults:
        row.put_aside(attribute, code)
    return found.aliases


def _halves(field: SchemaField, cells: Mapping[str, NameCell], row: Row) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
    """Part a full name into given and surname: by role, or else the last column is the surname."""
    last = field.sources[-1]
    families = [name for name in field.sources if row.role(name) == "family"] or [last]
    given = tuple(word for name, cell in cells.items() if name not in families for word in cell.tokens)
    family = tuple(word for name, cell in cells.items() if name in families for word in cell.tokens)
    return given, family


def _beside(cells: Mapping[str, NameCell]) -> list[tuple[Token, ...]]:
    """Collect the other names that stood in brackets, in any of the columns."""
    return [alias for cell in cells.values() for alias in cell.aliases]


def _date(field: SchemaField, row: Row) -> tuple[Reading, ...]:
    """Read a date: whole if there is one, else its year, else the years an age allows."""
    habits = PLAIN_HABITS if row.phonetics == "latin" else NEPALI_HABITS
    on = _recorded_on(field, row)
    stated = _age(field, row, on)
    for attribute, cell in row.filled(field.sources):
        if row.role(attribute) in {"whole", "date", "year"}:
            found = row.attempt(attribute, partial(read_date, cell, on, habits))
            if found:
                if says_no_such_day(cell, found):
                    row.put_aside(attribute, "no_such_day")
                return _as_stated(found, stated)
    return stated


def _recorded_on(field: SchemaField, row: Row) -> date | None:
    """Return the day the row was recorded, from its column or from the source of the rows."""
    for attribute, cell in row.filled(field.sources):
        if row.role(attribute) == "recorded_on":
            found = row.attempt(attribute, partial(read_date, cell))
            if says_no_such_day(cell, found):
                row.put_aside(attribute, "no_such_day")
            if found:
                return date(found[0].year or 1, found[0].month or MIDDLE_OF_YEAR, found[0].day or 1)
    return row.recorded_on


def _age(field: SchemaField, row: Row, on: date | None) -> tuple[PartialDate, ...]:
    """Read the years an age allows."""
    for attribute, cell in row.filled(field.sources):
        if row.role(attribute) == "age":
            return row.attempt(attribute, partial(read_age, cell, on))
    return ()


def _as_stated(found: tuple[PartialDate, ...], stated: tuple[PartialDate, ...]) -> tuple[PartialDate, ...]:
    """Of several readings keep those that fit a stated age within two years, if any does."""
    tolerance_years = 2
    years = [reading.year for reading in stated if reading.year is not None]
    fitting = [
        reading
        for reading in found
        if any(reading.year is not None and abs(reading.year - year) <= tolerance_years for year in years)
    ]
    return tuple(fitting or found)[:MAX_READINGS]


def _place(field: SchemaField, row: Row) -> tuple[Reading, ...]:
    """Read a place at the field's level."""
    if field.level == "district":
        return _district(field, row)
    if field.level == "local_unit":
        return row.attempt(field.sources[0], partial(read_local_unit, address_of(field, row)))
    return _first(field, row, read_ward if field.level == "ward" else read_any_place)


def _district(field: SchemaField, row: Row) -> tuple[Reading, ...]:
    """Read a district; a province without one is noted as not used."""
    found = row.attempt(field.sources[0], partial(read_district, address_of(field, row)))
    for attribute, cell in row.filled(field.sources):
        if not found and row.role(attribute) == "province" and row.attempt(attribute, partial(legible, cell)):
            row.put_aside(attribute, "not_a_district")
    return found


def address_of(field: SchemaField, row: Row) -> Address:
    """Collect the place columns that are legible, and note the others."""
    texts = {
        row.role(attribute): "".join(row.attempt(attribute, partial(legible, cell)))
        for attribute, cell in row.filled(field.sources)
    }
    return Address(texts.get("district", ""), texts.get("local_unit", ""))


def _category(field: SchemaField, row: Row) -> tuple[Reading, ...]:
    """Read a category."""
    return _first(field, row, lambda cell: read_category(cell, field.name))


def _identifier(field: SchemaField, row: Row) -> tuple[Reading, ...]:
    """Read an identifier."""
    return _first(field, row, read_identifier)


def _phone(field: SchemaField, row: Row) -> tuple[Reading, ...]:
    """Read a telephone number."""
    is_plain = row.phonetics == "latin"
    return _first(field, row, partial(read_phone, is_plain=is_plain))


def _text(field: SchemaField, row: Row) -> tuple[Reading, ...]:
    """Read free text."""
    return _first(field, row, read_text)


def _first(field: SchemaField, row: Row, read: Callable[[str], tuple[Reading, ...]]) -> tuple[Reading, ...]:
    """Read the first column that can be read."""
    for attribute, cell in row.filled((*field.sources, *field.alternatives)):
        found = row.attempt(attribute, partial(read, cell))
        if found:
            return found
    return ()


_READERS: Mapping[Kind, Callable[[SchemaField, Row], tuple[Reading, ...]]] = {
    Kind.NAME: _name,
    Kind.DATE: _date,
    Kind.PLACE: _place,
    Kind.CATEGORY: _category,
    Kind.IDENTIFIER: _identifier,
    Kind.PHONE: _phone,
    Kind.TEXT: _text,
}
