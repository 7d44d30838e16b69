"""
What a thief of the hub's database holds: every table, every row, nothing else; and what the hub itself reads in it.

The second is a row of its own in the report: the same database with the hub's key, as the hub's process has it.
"""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.hub.kept.entry import EntrySeal, KeptEntry
from api.hub.keys import HubKey
from api.hub.matches.claiming import ClaimSeal
from api.hub.meetings.sides import SideSeal
from matcher.schema import LinkageSchema


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

    def tokens(self) -> NDArray[np.uint8]:
        """
        Return by what all entries are found, in the file's order, shape (entries, bytes).

        Who has the hub's key reads their tokens; a thief has the digest of the seat in which an entry stands.
        """
        return self.entry_bytes("token" if "token" in self["entry"].columns else "seat_digest")

    def entry_bytes(self, column: str) -> NDArray[np.uint8]:
        """Return one column of all entries in the file's order, shape (entries, bytes)."""
        cells = self.tables["entry"].column(column)
        joined = np.frombuffer(b"".join(cells), dtype=np.uint8)
        return joined.reshape(len(cells), -1)

    def sketches(self, schema: LinkageSchema) -> NDArray[np.uint8]:
        """Return the sketches of all entries; all of them alike where they cannot be read."""
        if "sketch" in self["entry"].columns:
            return self.entry_bytes("sketch")
        return np.zeros((len(self["entry"].rows), schema.sketch_bytes), dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class Filed:
    """
    A hub after its partners have filed, met and claimed.

    Attributes:
        view: the database as it lies in the file.
        opened: the same, as the hub reads it with its key.
        key: the hub's; for an adversary who has it.
        owner: position of the person's record by entry id; the truth, for scoring alone.
        claimant: likewise by the reference of a claim.
        claimed: positions of the records of which a match was claimed; for scoring alone.
        met: positions of the records of which an entry met another organisation's; for scoring alone.
    """

    view: HubView
    opened: HubView
    key: HubKey
    owner: Mapping[bytes, int]
    claimant: Mapping[bytes, int]
    claimed: frozenset[int]
    met: frozenset[int]

    def owners(self) -> NDArray[np.int64]:
        """Return whose each entry is, in the order of the table."""
        return np.array([self.owner[entry_id] for entry_id in self.opened["entry"].column("entry_id")], dtype=np.int64)

    def claimants(self) -> NDArray[np.int64]:
        """Return whose record each side of a match is, in the order of the table."""
        references = self.opened["match_side"].column("reference")
        return np.array([self.claimant[reference] for reference in references], dtype=np.int64)

    def seen(self, *, with_key: bool) -> HubView:
        """Return what an adversary sees who has the hub's key or not."""
        return self.opened if with_key else self.view


@dataclass(frozen=True, slots=True)
class StolenEntries:
    """
    Entries out of a stolen database.

    Attributes:
        schema_document: the linkage schema, which the database holds as well.
        tokens: shape (entries, token bytes), as they are stored; without the hub's key, digests of seats.
        sketches: shape (entries, sketch bytes): as they are stored or, sealed, the bytes that lie in their place.
        keys: under which tokens may have been stored, as far as the thief knows.
        owner: shape (entries,), whose each is; for scoring alone.
    """

    schema_document: str
    tokens: NDArray[np.uint8]
    sketches: NDArray[np.uint8]
    owner: NDArray[np.int64]
    keys: tuple[HubKey, ...] = ()

    @classmethod
    def of(cls, filed: Filed, *, with_key: bool) -> "StolenEntries":
        """Take them out of a hub's database."""
        view = filed.seen(with_key=with_key)
        document = view["key_epoch"].column("schema_document")[0]
        size = LinkageSchema.from_json(document).sketch_bytes
        sketches = view.entry_bytes("sketch" if with_key else "box")[:, -size:]
        return cls(document, view.tokens(), sketches, filed.owners(), (filed.key,) if with_key else ())


def with_hub_key(view: HubView, key: HubKey) -> HubView:
    """Return a database as the hub reads it: entries and sides opened, in the order of the file."""
    tables = dict(view.tables)
    seal, sides = EntrySeal(key), SideSeal(key)
    entries = [
        seal.entry(*row) for row in zip(*map(view["entry"].column, ("entry_digest", "seat_digest", "box")), strict=True)
    ]
    names = tuple(field.name for field in fields(KeptEntry))
    tables["entry"] = TableView(names, [tuple(getattr(entry, name) for name in names) for entry in entries])
    side = view["meeting_side"]
    met = [
        box and sides.entry_id(box, *names)
        for box, *names in zip(*map(side.column, ("entry_box", "meeting_id", "organisation_id")), strict=True)
    ]
    kept = [place for place, name in enumerate(side.columns) if name not in {"entry_tag", "entry_box"}]
    rows = [(*(row[place] for place in kept), entry_id) for row, entry_id in zip(side.rows, met, strict=True)]
    tables["meeting_side"] = TableView((*(side.columns[place] for place in kept), "entry_id"), rows)
    tables["claim"] = _opened_claims(view["claim"], ClaimSeal(key))
    return HubView(tables)


def _opened_claims(claims: TableView, seal: ClaimSeal) -> TableView:
    """Return claims with their references."""
    names = ("meeting_id", "organisation_id", "reference_box")
    rows = [
        (meeting_id, organisation_id, seal.reference(box, meeting_id, organisation_id))
        for meeting_id, organisation_id, box in zip(*map(claims.column, names), strict=True)
    ]
    return TableView(("meeting_id", "organisation_id", "reference"), rows)


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
