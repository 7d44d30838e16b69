"""
Many rows of bytes into a table at once: binary COPY on PostgreSQL, one prepared statement on SQLite; hub.

SQLAlchemy's own list insert looks at every cell of every row; here the driver is given what it wants.
"""

import struct
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table

from api.hub.errors import UnavailableError

Cells = tuple[bytes, ...]
_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)  # no flags, no further header (PostgreSQL 15, COPY, "Binary Format")
_TRAILER = struct.pack(">h", -1)
_FIELDS = struct.Struct(">h")
_LENGTH = struct.Struct(">i")


def insert_cells(connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[Cells]) -> None:
    """
    Insert rows of which every cell is bytes.

    Args:
        connection: an open writing transaction.
        table: of whose columns all that are left out have a default.
        columns: names, in the order of the cells.
        rows: cells; none may be missing.

    Raises:
        UnavailableError: PostgreSQL refuses, perhaps because two requests of one content crossed.
    """
    if not rows:
        return
    names = ", ".join(columns)
    if connection.dialect.name == "sqlite":
        places = ", ".join("?" * len(columns))
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({places})", list(rows))  # noqa: S608 - names of our own tables
    else:
        _copy(connection, f"COPY {table.name} ({names}) FROM STDIN (FORMAT BINARY)", rows)


def _copy(connection: Connection, statement: str, rows: Sequence[Cells]) -> None:
    """Copy rows; the driver's error quotes a row, so it ends here."""
    driver: Any = connection.connection
    is_copied = False
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(_packed(rows))
        is_copied = True
    except connection.dialect.loaded_dbapi.Error:
        is_copied = False
    if not is_copied:
        raise UnavailableError("the database cannot be used now", code="unavailable")


def _packed(rows: Sequence[Cells]) -> bytes:
    """Return rows as COPY reads them: the number of cells, then each with its length before it."""
    parts = [_HEADER]
    for row in rows:
        parts.append(_FIELDS.pack(len(row)))
        for cell in row:
            parts += (_LENGTH.pack(len(cell)), cell)
    parts.append(_TRAILER)
    return b"".join(parts)
