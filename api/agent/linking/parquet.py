"""
Parquet files as the tables that CSV files would be; on the partner's premises. By DuckDB.

Every cell comes as text, as a partner would have written it: numbers, dates and names are the normaliser's to read.
"""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import numpy as np

from api.agent.errors import SourceError
from api.agent.linking.sessions import open_session
from api.agent.sources.csv import Row, Table

ROWS_AT_ONCE = 10_000


def read_parquet(path: Path) -> Table:
    """
    Read a Parquet file whole; absent cells are blank.

    Raises:
        SourceError: the file is absent, or no Parquet file.
    """
    table: Table | None = None
    try:
        table = _read(path)
    except duckdb.Error:
        table = None
    if table is None:
        advice = "Check its path and rights, and that it was written as Parquet."
        raise SourceError("cannot be read as Parquet", code="bad_parquet", where="file", advice=advice)
    return table


def write_parquet(path: Path, header: Sequence[str], rows: Sequence[tuple[str, ...]]) -> None:
    """Write rows of text to a Parquet file; one that is there is replaced."""
    columns = {name: np.array([row[column] for row in rows], dtype=np.object_) for column, name in enumerate(header)}
    with open_session() as session:
        session.register("pairs", columns)
        session.table("pairs").project("CAST(COLUMNS(*) AS VARCHAR)").write_parquet(str(path))


def _read(path: Path) -> Table:
    """Read it."""
    with open_session() as session:
        found = session.execute("SELECT CAST(COLUMNS(*) AS VARCHAR) FROM read_parquet(?)", [str(path)])
        header = tuple(column[0].strip() for column in found.description or ())
        rows: list[Row] = []
        while piece := found.fetchmany(ROWS_AT_ONCE):
            rows += [Row(number, _cells(cells)) for number, cells in enumerate(piece, start=len(rows) + 1)]
    return Table(header, tuple(rows), (), "utf-8", "")


def _cells(values: tuple[str | None, ...]) -> tuple[str, ...]:
    """Return the cells of a row."""
    return tuple("" if value is None else value for value in values)
