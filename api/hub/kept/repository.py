"""The table of entries, found by digest, token or expiry and opened; and whose their statements are."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, delete, insert, select

from api.hub.kept.entry import EntrySeal, KeptEntry
from api.hub.keys import HubKey
from api.hub.storage import models
from api.hub.storage.chunks import IN_CHUNK, in_chunks

_SELECTED = select(models.entry.c.entry_digest, models.entry.c.token, models.entry.c.box)


@dataclass(frozen=True, slots=True)
class Filer:
    """Who filed under a statement."""

    organisation_id: str
    organisation_class: str
    is_suspended: bool


def filers(connection: Connection, project_id: str) -> dict[str, Filer]:
    """Return who files under each of a project's statements."""
    statement, organisation = models.statement.c, models.organisation.c
    query = (
        select(
            statement.statement_id,
            organisation.organisation_id,
            organisation.organisation_class,
            organisation.is_suspended,
        )
        .join_from(models.statement, models.organisation, statement.organisation_id == organisation.organisation_id)
        .where(statement.project_id == project_id)
    )
    return {row[0]: Filer(*row[1:]) for row in connection.execute(query)}


def add(connection: Connection, key: HubKey, project_id: str, entries: Iterable[KeptEntry]) -> None:
    """Keep entries, in the order of their digests, so that the file does not keep the order of the batch."""
    seal = EntrySeal(key)
    tags: dict[int, bytes] = {}
    rows = []
    for entry in entries:
        tag = tags.setdefault(entry.expires, seal.expiry_tag(project_id, entry.expires))
        rows.append(seal.row(entry, tag))
    if rows:
        connection.execute(insert(models.entry), sorted(rows, key=lambda row: row["entry_digest"]))


def find(connection: Connection, key: HubKey, entry_ids: Sequence[bytes]) -> dict[bytes, KeptEntry]:
    """Return those of the entries that are on file, by id."""
    seal = EntrySeal(key)
    digests = [seal.digest(entry_id) for entry_id in entry_ids]
    return {entry.entry_id: entry for entry in _found(connection, seal, models.entry.c.entry_digest, digests)}


def under_tokens(connection: Connection, key: HubKey, tokens: Sequence[bytes]) -> Iterator[KeptEntry]:
    """
    Yield all entries under any of the tokens, whosever they are, expired ones as well.

    Tokens are stored under a key of project, epoch and purpose, so that nothing else can be found by them.
    """
    yield from _found(connection, EntrySeal(key), models.entry.c.token, tokens)


def expired(connection: Connection, key: HubKey, project_id: str, months: Iterable[int]) -> list[KeptEntry]:
    """Return some of a project's entries, at most `IN_CHUNK`, that expire with one of the months."""
    seal = EntrySeal(key)
    tags = [seal.expiry_tag(project_id, month) for month in months]
    query = _SELECTED.where(models.entry.c.expiry_tag.in_(tags)).limit(IN_CHUNK)
    return [seal.entry(*map(bytes, row)) for row in connection.execute(query)]


def drop(connection: Connection, key: HubKey, entry_ids: Sequence[bytes]) -> None:
    """Delete entries."""
    seal = EntrySeal(key)
    for chunk in in_chunks([seal.digest(entry_id) for entry_id in entry_ids]):
        connection.execute(delete(models.entry).where(models.entry.c.entry_digest.in_(chunk)))


def _found(
    connection: Connection, seal: EntrySeal, column: ColumnElement[bytes], values: Sequence[bytes]
) -> Iterator[KeptEntry]:
    """Yield the entries that have one of the values in a column, opened."""
    for chunk in in_chunks(values):
        for row in connection.execute(_SELECTED.where(column.in_(chunk))):
            yield seal.entry(*map(bytes, row))
