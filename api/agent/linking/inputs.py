"""
An evaluator's files: columns by kind, records to link, truth to measure against; on the partner's premises.

Columns are named by header, as `given_name=name`; the `nepal` schema knows its own headers and needs no map.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import overload

from api.agent.errors import SourceError
from api.agent.linking.engines import Engine, require
from api.agent.sources.columns import CASE_REF, fold_headers, map_columns
from api.agent.sources.csv import Row, RowFault, Table, read_table
from matcher.person import RawRecord
from matcher.schema import Kind, LinkageSchema

ATTRIBUTE_CHARACTERS = 40
_KIND_ADVICE = f"Write COLUMN=KIND with one of: {', '.join(Kind)}."


class RecordsOfRows(Sequence[RawRecord]):
    """Rows of a table as records; shows no value."""

    def __init__(self, ids: Sequence[str], rows: Sequence[Row], columns: Mapping[int, str]) -> None:
        """Take rows, the id of each, and the attribute by position of cell."""
        self._ids, self._rows, self._columns = ids, rows, columns

    def __len__(self) -> int:
        """Count the rows."""
        return len(self._rows)

    @overload
    def __getitem__(self, place: int) -> RawRecord: ...

    @overload
    def __getitem__(self, place: slice) -> list[RawRecord]: ...

    def __getitem__(self, place: int | slice) -> RawRecord | list[RawRecord]:
        """Make a record, or several."""
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        cells = self._rows[place].cells
        return RawRecord(self._ids[place], {name: cells[index] for index, name in self._columns.items()})


@dataclass(frozen=True, slots=True)
class Records:
    """
    The records of one file.

    Attributes:
        ids: the id of each record, all different; the row number where no id column was named.
        records: in the order of the file; made as they are asked for, the cells are kept once.
        faults: rows that were set aside.
    """

    ids: tuple[str, ...] = field(repr=False)
    records: Sequence[RawRecord] = field(repr=False)
    faults: tuple[RowFault, ...]


@dataclass(frozen=True, slots=True)
class Truth:
    """
    The pairs that are one person, as positions; within one list, the lower position first.

    Attributes:
        pairs: positions in the left and right list.
        unknown: pairs that name an id neither file has; they count as missed.
    """

    pairs: frozenset[tuple[int, int]] = field(repr=False)
    unknown: int

    def __len__(self) -> int:
        """Count all pairs, the unknown ones included."""
        return len(self.pairs) + self.unknown


def parse_kinds(text: str) -> dict[str, Kind]:
    """
    Read `given_name=name,date_of_birth=date` to kinds by header.

    Raises:
        SourceError: an item is not written so, names no kind, or repeats a header.
    """
    kinds: dict[str, Kind] = {}
    for position, item in enumerate(text.split(","), start=1):
        header, equals, kind = (piece.strip() for piece in item.rpartition("="))
        if not equals or not header or kind not in list(Kind) or header in kinds:
            where = f"--map item {position}"
            raise SourceError("not a column and its kind", code="unknown_kind", where=where, advice=_KIND_ADVICE)
        kinds[header] = Kind(kind)
    return kinds


def attribute_names(headers: Sequence[str]) -> dict[str, str]:
    """Return a schema attribute name for each header: lower case, `_` for what is no letter or digit, no two alike."""
    names: dict[str, str] = {}
    for position, header in enumerate(headers, start=1):
        bare = re.sub(r"[^a-z0-9]+", "_", header.lower()).strip("_")[: ATTRIBUTE_CHARACTERS - 4]
        name = bare if re.match(r"[a-z]", bare) else f"column_{bare or position}"
        names[header] = f"{name}_{position}" if name in names.values() else name
    return names


def read_rows(path: Path) -> Table:
    """
    Read a file as its name says: `.parquet` is Parquet, anything else is CSV.

    Raises:
        SourceError: it cannot be read, or it is Parquet and DuckDB is not installed.
    """
    if path.suffix != ".parquet":
        return read_table(path)
    require(Engine.DUCKDB)
    from api.agent.linking.parquet import read_parquet  # noqa: PLC0415 - an extra

    return read_parquet(path)


def read_mapped(path: Path, attributes: Mapping[str, str], id_column: str | None) -> Records:
    """
    Read a file whose columns were mapped by the evaluator.

    Args:
        path: the file, CSV or Parquet.
        attributes: attribute name by header; columns that are not named are left out.
        id_column: header of the id column; None numbers the rows.

    Raises:
        SourceError: the file cannot be read, lacks a mapped column, or repeats an id.
    """
    table = read_rows(path)
    wanted = [*attributes, *([id_column] if id_column else [])]
    for header in wanted:
        if header not in table.header:
            advice = "Column names are compared letter by letter; see the file's first row."
            where = f"column {wanted.index(header) + 1} of the map"
            raise SourceError("the file has no such column", code="unknown_column", where=where, advice=advice)
    place = {header: table.header.index(header) for header in wanted}
    columns = {place[header]: name for header, name in attributes.items()}
    return _records(table, columns, None if id_column is None else place[id_column])


def read_known(path: Path, schema: LinkageSchema, id_column: str | None) -> Records:
    """
    Read a file whose headers the schema knows.

    Raises:
        SourceError: the file cannot be read, no column is known, no id column is found, or an id is repeated.
    """
    table = read_rows(path)
    told = {} if id_column is None else dict.fromkeys(fold_headers([id_column]), CASE_REF)
    found = map_columns(table.header, told, schema).attributes
    columns = {index: name for index, name in enumerate(found) if name in schema.attributes}
    return _records(table, columns, found.index(CASE_REF))


def read_truth(path: Path, left: Records, right: Records | None) -> Truth:
    """
    Read the pairs that are one person: a header row, then left id and right id in the first two columns.

    Raises:
        SourceError: the file cannot be read, or none of its ids is known.
    """
    left_rows = {key: row for row, key in enumerate(left.ids)}
    right_rows = left_rows if right is None else {key: row for row, key in enumerate(right.ids)}
    pairs: set[tuple[int, int]] = set()
    unknown = 0
    for row in read_table(path).rows:
        first, second = left_rows.get(row.cells[0].strip()), right_rows.get(row.cells[1].strip())
        if first is None or second is None:
            unknown += 1
        elif right is not None:
            pairs.add((first, second))
        elif first != second:
            pairs.add((min(first, second), max(first, second)))
    if not pairs:
        advice = "The first column holds ids of the left file, the second ids of the right one."
        raise SourceError("no pair of known ids", code="truth_unknown", where="--truth", advice=advice)
    return Truth(frozenset(pairs), unknown)


def _records(table: Table, columns: Mapping[int, str], id_place: int | None) -> Records:
    """Turn rows to records, refusing ids that are absent or repeated: a pair could not be named."""
    ids = [_id_of(row, id_place) for row in table.rows]
    first_rows: dict[str, int] = {}
    for row, key in zip(table.rows, ids, strict=True):
        if not key or key in first_rows:
            reason = f"the id of row {first_rows[key]} again" if key else "no id"
            raise SourceError(reason, code="bad_id", where=f"row {row.number}", advice="Give each row its own id.")
        first_rows[key] = row.number
    return Records(tuple(ids), RecordsOfRows(ids, table.rows, dict(columns)), table.faults)


def _id_of(row: Row, place: int | None) -> str:
    """Return a row's id, or its number."""
    return str(row.number) if place is None else row.cells[place].strip()
