"""The table of entries, found by digest, token or expiry and opened; and whose their statements are."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import BindParameter, Connection, Select, bindparam, delete, select

from api.hub.kept.entry import EntrySeal, KeptEntry, entry_seal
from api.hub.keys import HubKey
from api.hub.places import Place, place_of
from api.hub.storage import models
from api.hub.storage.bulk import insert_cells
from api.hub.storage.chunks import IN_CHUNK, in_chunks

# made once: to build a statement takes longer than to look an entry up
_SELECTED = select(models.entry.c.entry_digest, models.entry.c.token, models.entry.c.box)
_CELLS: BindParameter[bytes] = bindparam("cells", expanding=True)
_BY_DIGEST = _SELECTED.where(models.entry.c.entry_digest.in_(_CELLS))
_BY_TOKEN = _SELECTED.where(models.entry.c.token.in_(_CELLS))
_EXPIRED = _SELECTED.where(models.entry.c.expiry_tag.in_(_CELLS)).limit(IN_CHUNK)


@dataclass(frozen=True, slots=True)
class Filer:
    """Who filed under a statement."""

    organisation_id: str
    place: Place
    is_suspended: bool


def filers(connection: Connection, project_id: str) -> dict[str, Filer]:
    """Return who files under each of a project's statements."""
    statement, organisation = models.statement.c, models.organisation.c
    query = (
        select(
            statement.statement_id,
            organisation.organisation_id,
            organisation.is_suspended,
            organisation.organisation_class,
            organisation.is_location_sensitive,
        )
        .join_from(models.statement, models.organisation, statement.organisation_id == organisation.organisation_id)
        .where(statement.project_id == project_id)
    )
    return {name: Filer(who, place_of(*place), out) for name, who, out, *place in connection.execute(query)}


def add(connection: Connection, key: HubKey, project_id: str, entries: Iterable[KeptEntry]) -> None:
    """Keep entries, in the order of their digests, so that the file does not keep the order of the batch."""
    rows = entry_seal(key).rows(project_id, list(entries))
    insert_cells(connection, models.entry, ("entry_digest", "token", "expiry_tag", "box"), rows)


def find(connection: Connection, key: HubKey, entry_ids: Sequence[bytes]) -> dict[bytes, KeptEntry]:
    """Return those of the entries that are on file, by id."""
    seal = entry_seal(key)
    digests = [seal.digest(entry_id) for entry_id in entry_ids]
    return {entry.entry_id: entry for entry in _found(connection, seal, _BY_DIGEST, digests)}


def under_tokens(
    connection: Connection, key: HubKey, project_id: str, tokens: Sequence[bytes]
) -> list[tuple[KeptEntry, Filer]]:
    """
    Return all entries under any of a project's tokens, and whose each is; expired ones as well.

    Tokens are stored under a key of project, epoch and purpose, so that nothing else can be found by them.
    """
    found = standing_under(connection, key, tokens)
    whose = filers(connection, project_id) if found else {}
    return [(entry, whose[entry.statement_id]) for entry in found]


def standing_under(connection: Connection, key: HubKey, tokens: Sequence[bytes]) -> list[KeptEntry]:
    """Return all entries under any of some tokens, whichever project's."""
    return list(_found(connection, entry_seal(key), _BY_TOKEN, tokens))


def expired(connection: Connection, key: HubKey, project_id: str, months: Iterable[int]) -> list[KeptEntry]:
    """Return some of a project's entries, at most `IN_CHUNK`, that expire with one of the months."""
    seal = entry_seal(key)
    tags = [seal.expiry_tag(project_id, month) for month in months]
    if not tags:
        return []
    return [seal.entry(*map(bytes, row)) for row in connection.execute(_EXPIRED, {"cells": tags})]


def drop(connection: Connection, key: HubKey, entry_ids: Sequence[bytes]) -> None:
    """Delete entries."""
    seal = entry_seal(key)
    for chunk in in_chunks([seal.digest(entry_id) for entry_id in entry_ids]):
        connection.execute(delete(models.entry).where(models.entry.c.entry_digest.in_(chunk)))


def _found(
    connection: Connection, seal: EntrySeal, query: Select[bytes, bytes, bytes], cells: Sequence[bytes]
) -> Iterator[KeptEntry]:
    """Yield the entries that a query finds for some cells, opened."""
    for chunk in in_chunks(cells):
        for row in connection.execute(query, {"cells": chunk}):
            yield seal.entry(*map(bytes, row))
