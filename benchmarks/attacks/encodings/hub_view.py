"""What a thief of the hub's database holds: every table, every row, nothing else."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class TableView:
    """
    One table as it lies in the file.

    Attributes:
        columns: names.
        rows: cells in the file's own order.
    """

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]

    def column(self, name: str) -> list[Any]:
        """Return all cells of a column."""
        place = self.columns.index(name)
        return [row[place] for row in self.rows]


@dataclass(frozen=True, slots=True)
class HubView:
    """
    The stolen database.

    Attributes:
        tables: all tables by name, also those that later versions add.
    """

    tables: Mapping[str, TableView]

    def __getitem__(self, name: str) -> TableView:
        """Return a table."""
        return self.tables[name]

    def entry_bytes(self, column: str) -> NDArray[np.uint8]:
        """Return the tokens or sketches of all entries in the file's order, shape (entries, bytes)."""
        cells = self.tables["entry"].column(column)
        joined = np.frombuffer(b"".join(cells), dtype=np.uint8)
        return joined.reshape(len(cells), -1)


@dataclass(frozen=True, slots=True)
class Filed:
    """
    A hub after its partners have filed, met and claimed.

    Attributes:
        view: what the adversary holds.
        owner: position of the person's record by entry id; the truth, for scoring alone.
        claimed: positions of the records of which a match was claimed; for scoring alone.
        met: positions of the records of which an entry met another organisation's; for scoring alone.
    """

    view: HubView
    owner: Mapping[bytes, int]
    claimed: frozenset[int]
    met: frozenset[int]

    def owners(self) -> NDArray[np.int64]:
        """Return whose each entry is, in the order of the table."""
        return np.array([self.owner[entry_id] for entry_id in self.view["entry"].column("entry_id")], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class StolenEntries:
    """
    Entries out of a stolen database.

    Attributes:
        schema_document: the linkage schema, which the database holds as well.
        tokens: shape (entries, token bytes), as they are stored.
        sketches: shape (entries, sketch bytes), as they are stored.
        owner: shape (entries,), whose each is; for scoring alone.
    """

    schema_document: str
    tokens: NDArray[np.uint8]
    sketches: NDArray[np.uint8]
    owner: NDArray[np.int64]

    @classmethod
    def of(cls, filed: Filed) -> "StolenEntries":
        """Take them out of a hub's database."""
        document = filed.view["key_epoch"].column("schema_document")[0]
        return cls(document, filed.view.entry_bytes("token"), filed.view.entry_bytes("sketch"), filed.owners())


def read_database(path: Path) -> HubView:
    """Read a SQLite file as whoever has stolen it would."""
    connection = sqlite3.connect(path)
    try:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        tables = {}
        for name in names:
            found = connection.execute(f'SELECT * FROM "{name}"')  # noqa: S608 - names from the file's own catalogue
            tables[name] = TableView(tuple(each[0] for each in found.description), found.fetchall())
    finally:
        connection.close()
    return HubView(tables)
