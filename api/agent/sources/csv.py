"""
A CSV file as a table: header, rows that fit it, and faults that name row and column only; on the partner's premises.

The `csv` module parses; this module decides what it may be given. pandas was not taken: it coerces what it reads
(leading zeros of citizenship numbers, dates), and quotes values in its errors.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO
from itertools import islice
from pathlib import Path

from api.agent.errors import SourceError
from api.agent.sources.text import decode

DELIMITERS = (",", ";", "\t", "|")
MAXIMUM_FILE_BYTES = 512 * 2**20  # read whole; some 2 million rows
MAXIMUM_COLUMNS = 1_000  # a form has dozens; a wrong file can have a million
MAXIMUM_CELL_CHARACTERS = 10_000  # a case note; far more is a quotation mark that was never closed
MAXIMUM_CELL_LINES = 50  # same
_SNIFFED_LINES = 20
_DELIMITER_ADVICE = "Use a comma, semicolon, tab or `|` between columns, and column names in the first row."


@dataclass(frozen=True, slots=True)
class RowFault:
    """
    Something in a file that was set aside.

    Attributes:
        row: line of the file at which the row ends, from 1; what a spreadsheet shows unless cells hold line breaks.
        column: schema attribute or position; empty when the whole row is meant.
        code: what kind of fault.
        advice: what the partner can do about it.
        is_whole_row: whether the row was left out, not only the column.
    """

    row: int
    column: str
    code: str
    advice: str = ""
    is_whole_row: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row with as many cells as the header."""

    number: int
    cells: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Table:
    """
    A file that was read.

    Attributes:
        header: names of the columns as written, without spaces around them; a person's, where the file has no header.
        encoding: utf-8, utf-16 or windows-1252.
        faults: rows that were set aside.
    """

    header: tuple[str, ...] = field(repr=False)
    rows: tuple[Row, ...] = field(repr=False)
    faults: tuple[RowFault, ...]
    encoding: str
    delimiter: str


def read_table(path: Path) -> Table:
    """
    Read a CSV file whole.

    Rows that do not fit the header are set aside as faults; all others are kept.

    Raises:
        SourceError: the file is absent, empty, too large, of no known encoding, has one column, too many, or two of
            one name.
    """
    decoded = decode(_read_bytes(path))
    lines = list(StringIO(decoded.text, newline=""))  # str.splitlines would also cut at U+2028 and the like
    delimiter = _sniff(lines)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    header = _read_header(reader)
    rows: list[Row] = []
    faults: list[RowFault] = []
    for number, cells in _parse(reader):
        if not isinstance(cells, str) and not any(map(str.strip, cells)):
            continue
        fault = cells if isinstance(cells, str) else _fault_of(cells, len(header))
        if fault:
            faults.append(RowFault(number, "", fault, _ADVICE[fault], is_whole_row=True))
        else:
            rows.append(Row(number, tuple(cells[: len(header)])))
    return Table(header, tuple(rows), tuple(faults), decoded.encoding, delimiter)


_ADVICE = {
    "unclosed_quote": "A quotation mark opens and never closes, so the rows after it cannot be told apart.",
    "cell_too_long": f"A cell has more than {MAXIMUM_CELL_CHARACTERS} characters; look for an unclosed quotation mark.",
    "ragged_row": "The row has more or fewer cells than the header; put quotation marks around cells with a delimiter.",
}


def _read_bytes(path: Path) -> bytes:
    """Read the file, or say why not."""
    data: bytes | None = None
    try:
        data = path.read_bytes() if path.stat().st_size <= MAXIMUM_FILE_BYTES else b""
    except OSError:
        data = None
    if data is None:
        raise SourceError("cannot be opened", code="file_absent", where="file", advice="Check its path and rights.")
    if not data and path.stat().st_size:
        limit = MAXIMUM_FILE_BYTES // 2**20
        raise SourceError(f"larger than {limit} MiB", code="file_too_large", where="file", advice="Split it.")
    return data


def _sniff(lines: list[str]) -> str:
    """Return the delimiter under which the first lines have most columns and agree best."""
    sample = lines[:_SNIFFED_LINES]
    return max(DELIMITERS, key=lambda delimiter: _likeness(sample, delimiter))


def _likeness(sample: list[str], delimiter: str) -> tuple[float, int]:
    """Rate a delimiter: the share of sampled rows as wide as the first, then that width; one column rates lowest."""
    reader = csv.reader(sample, delimiter=delimiter)
    widths = [len(cells) for _, cells in islice(_parse(reader), _SNIFFED_LINES) if cells and not isinstance(cells, str)]
    if not widths or widths[0] == 1:
        return (0.0, 0)
    return (sum(width == widths[0] for width in widths) / len(widths), widths[0])


def _read_header(reader: Iterator[list[str]]) -> tuple[str, ...]:
    """Read the first row as names of columns."""
    _, cells = next(_parse(reader), (1, "unclosed_quote"))
    if isinstance(cells, str):
        raise SourceError("the first row cannot be read", code="no_header", where="row 1", advice=_DELIMITER_ADVICE)
    header = tuple(cell.strip() for cell in cells)
    if len(header) == 1:
        raise SourceError("only one column", code="one_column", where="row 1", advice=_DELIMITER_ADVICE)
    if len(header) > MAXIMUM_COLUMNS:
        reason = f"more than {MAXIMUM_COLUMNS} columns"
        raise SourceError(reason, code="too_many_columns", where="row 1", advice=_DELIMITER_ADVICE)
    seen: set[str] = set()
    for position, name in enumerate(header, start=1):
        if name and name in seen:
            advice = "Give each column a name of its own."
            where = f"row 1, column {position}"
            raise SourceError("repeats an earlier column's name", code="repeated_column", where=where, advice=advice)
        seen.add(name)
    return header


def _parse(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str] | str]]:
    """Yield line number and cells of each row, or the kind of fault of a row that cannot be parsed."""
    while True:
        found: list[str] | str = ""
        try:
            found = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            found = "cell_too_long" if "field limit" in str(error) else "unclosed_quote"
        yield getattr(reader, "line_num", 0), found


def _fault_of(cells: list[str], width: int) -> str:
    """Name what is wrong with a row's shape; empty when nothing. Empty cells past the header's end do no harm."""
    if any(len(cell) > MAXIMUM_CELL_CHARACTERS or cell.count("\n") > MAXIMUM_CELL_LINES for cell in cells):
        return "cell_too_long"
    if len(cells) < width or any(map(str.strip, cells[width:])):
        return "ragged_row"
    return ""
