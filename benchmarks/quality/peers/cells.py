"""
Records as the plain cells a peer reads: cleaned by casematch's own normaliser, one value a cell.

That is generous to the peers: names come in Latin letters, dates in one calendar, places by their official code.
"""

import csv
from collections.abc import Iterable
from pathlib import Path

from benchmarks.quality.datasets import DataSet
from matcher.encode.readings import opaque_value
from matcher.person import Name, Opaque, PartialDate, Person, Place, Precision
from matcher.schema import Kind, LinkageSchema

BIRTH_YEAR = "birth_year"


def columns_of(schema: LinkageSchema) -> list[tuple[str, str]]:
    """Return name and kind of each column; names made of others are left out, a date also gives its year."""
    made_of_others = {
        field.name
        for field in schema.fields
        if field.kind is Kind.NAME and any(set(part.sources) < set(field.sources) for part in schema.fields)
    }
    told = [(field.name, field.kind.value) for field in schema.fields if field.name not in made_of_others]
    return [*told, (BIRTH_YEAR, "category")]


def cells_of(person: Person, schema: LinkageSchema) -> dict[str, str]:
    """Return a person's cells by column; empty where nothing is known."""
    told = {name: _cell(person, name) for name, _ in columns_of(schema) if name != BIRTH_YEAR}
    dates = [field.name for field in schema.fields if field.kind is Kind.DATE]
    years = [reading.year for name in dates for reading in person.readings.get(name, ()) if hasattr(reading, "year")]
    return {**told, BIRTH_YEAR: str(years[0]) if years and years[0] is not None else ""}


def write_cells(data: DataSet, folder: Path) -> list[Path]:
    """Write one CSV file a list, as `write_list` does."""
    lists = [data.left] if data.right is None else [data.left, data.right]
    return [write_list(people, data.schema, folder / f"list{number}.csv") for number, people in enumerate(lists)]


def write_list(people: Iterable[Person], schema: LinkageSchema, path: Path) -> Path:
    """Write one list, person by person; the column `unique_id` holds the position in it."""
    header = ["unique_id", *(name for name, _ in columns_of(schema))]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows({"unique_id": row, **cells_of(person, schema)} for row, person in enumerate(people))
    return path


def _cell(person: Person, field: str) -> str:
    """Return the first reading as text; a date only when the day is known."""
    readings = person.readings.get(field, ())
    reading = readings[0] if readings else None
    if isinstance(reading, Name):
        return reading.text
    if isinstance(reading, PartialDate):
        whole = reading.precision is Precision.DAY and None not in (reading.year, reading.month, reading.day)
        return f"{reading.year:04}-{reading.month:02}-{reading.day:02}" if whole else ""
    if isinstance(reading, Place):
        return reading.code or reading.text
    return opaque_value(reading).replace("\x1f", "-") if isinstance(reading, Opaque) else ""


def rule_columns(schema: LinkageSchema) -> dict[str, list[str]]:
    """Return the person's own name columns, date columns and place columns: what rules of any table are made of."""
    kinds = dict(columns_of(schema))
    own = {field.name for field in schema.fields if "household" not in field.free_in or "homonym" in field.free_in}
    return {
        "names": [name for name, kind in kinds.items() if kind == Kind.NAME and name in own],
        "dates": [name for name, kind in kinds.items() if kind == Kind.DATE],
        "places": [name for name, kind in kinds.items() if kind == Kind.PLACE],
    }
