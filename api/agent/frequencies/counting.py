"""
Count how many people carry each value, from a file of cases or of aggregate counts; on the partner's premises.

A file of aggregate counts has the columns `part`, `value`, `count`: a part of the schema's gate, a value as people
write it, how many people carry it. Spellings that share a key are added up. Any other file is read as cases.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from api.agent.errors import SourceError
from api.agent.linking.counts import own_counts
from api.agent.linking.inputs import read_known
from api.agent.progress import Progress
from api.agent.sources.csv import Row, RowFault, Table, read_table
from matcher.encode.readings import part_value
from matcher.normalise.record import normalise
from matcher.person import PartialDate, Person, Precision, RawRecord, Reading
from matcher.schema import Facet, Kind, LinkageSchema, Part, SchemaField

COUNT_COLUMNS = ("part", "value", "count")
_NUMBER = re.compile(r"[0-9]{1,9}")
_DATE_RANGES: Mapping[Facet, range] = {
    Facet.YEAR: range(1500, 2201),
    Facet.MONTH: range(1, 13),
    Facet.DAY: range(1, 32),
}


@dataclass(frozen=True, slots=True)
class Counts:
    """
    How many people carry each value.

    Attributes:
        by_part: people by key, for each part of the gate; empty where nothing was counted.
        faults: rows that were not used.
        is_aggregate: whether the file held counts rather than cases.
    """

    by_part: Mapping[str, Counter[str]] = field(repr=False)
    faults: tuple[RowFault, ...]
    is_aggregate: bool


def read_counts(path: Path, schema: LinkageSchema, id_column: str | None, progress: Progress) -> Counts:
    """
    Count a file.

    Args:
        path: a CSV file of cases, or with the columns `part`, `value` and `count`.
        schema: names the parts and says how values are folded.
        id_column: header of the case reference in a file of cases; None finds it by name.
        progress: called with a step's name, how much is done, and how much there is.

    Raises:
        SourceError: it cannot be read as a table, or nothing in it can be counted.
    """
    table = read_table(path)
    header = [name.casefold() for name in table.header]
    if set(COUNT_COLUMNS) <= set(header):
        counts = _aggregates(table, [header.index(name) for name in COUNT_COLUMNS], schema)
    else:
        counts = _cases(path, schema, id_column, progress)
    if not any(counts.by_part.values()):
        advice = "Give a file of cases, or the columns part, value, count; see docs/deploy-partner.md."
        raise SourceError("nothing in it can be counted", code="nothing_counted", where="file", advice=advice)
    return counts


def _cases(path: Path, schema: LinkageSchema, id_column: str | None, progress: Progress) -> Counts:
    """Count each person's first readings."""
    records = read_known(path, schema, id_column)
    persons: list[Person] = []
    for done, record in enumerate(records.records, start=1):
        persons.append(normalise(record, schema))
        progress("Counting", done, len(records.records))
    return Counts(own_counts(persons, schema), records.faults, is_aggregate=False)


def _aggregates(table: Table, places: Sequence[int], schema: LinkageSchema) -> Counts:
    """Add up the counts of each key."""
    by_part: dict[str, Counter[str]] = {part.name: Counter() for part in schema.gate.parts}
    readers = {part.name: partial(_keys, part, schema) for part in schema.gate.parts if not part.coarsens}
    faults = list(table.faults)
    for row in table.rows:
        name, value, count = (row.cells[place].strip() for place in places)
        fault, keys = "", dict[str, str]()
        if name not in readers:
            fault = "unknown_part"
        elif not _NUMBER.fullmatch(count):
            fault = "unreadable_count"
        else:
            keys = readers[name](value)
            fault = "" if keys else "unreadable_value"
        if fault:
            faults.append(_unused(row, fault, readers))
        for part, key in keys.items():
            by_part[part][key] += int(count)
    return Counts({name: +counts for name, counts in by_part.items()}, tuple(faults), is_aggregate=True)


def _unused(row: Row, code: str, known: Iterable[str]) -> RowFault:
    """Name a row that was not used, with advice."""
    advice = {
        "unknown_part": f"Parts: {', '.join(known)}.",
        "unreadable_count": "Write a whole number.",
        "unreadable_value": "No key can be made of the value.",
    }
    return RowFault(row.number, "part" if code == "unknown_part" else "value", code, advice[code], is_whole_row=True)


def _field_of(part: Part, schema: LinkageSchema) -> SchemaField:
    """Return the field a part stands for."""
    return next(field for field in schema.fields if field.name == part.field)


def _keys(part: Part, schema: LinkageSchema, value: str) -> dict[str, str]:
    """Return what stands for a written value in the part and in its coarser forms; nothing when it cannot be read."""
    reading = _reading(part, _field_of(part, schema), schema, value)
    coarser = [each for each in schema.gate.parts if each.coarsens == part.name]
    keys = {each.name: part_value(each, reading) for each in (part, *coarser)} if reading else {}
    return {name: key for name, key in keys.items() if key}


def _reading(part: Part, source: SchemaField, schema: LinkageSchema, value: str) -> Reading | None:
    """Read a written value as the encoder would read a row with nothing else in it; a date part is a number."""
    if source.kind is Kind.DATE:
        allowed = _DATE_RANGES.get(part.facet, range(0))
        return _date_part(part.facet, int(value)) if _NUMBER.fullmatch(value) and int(value) in allowed else None
    columns = {source.sources[0]: value}
    if source.kind is Kind.NAME and len(source.sources) > 1:
        given, _, family = value.rpartition(" ")
        columns = {source.sources[0]: given, source.sources[-1]: family}
    readings = normalise(RawRecord("", columns), schema).readings.get(source.name)
    return readings[0] if readings else None


def _date_part(facet: Facet, number: int) -> PartialDate:
    """Make a date of which one part is known."""
    year, month, day = (number if facet is each else None for each in (Facet.YEAR, Facet.MONTH, Facet.DAY))
    return PartialDate(year, month, day, Precision.DAY)
