"""
The table of entries, found by digest, token or expiry and opened; and whose their statements are.

The entries under a token fill its seats from the first, without a gap, so that whoever asks for one seat after the
other knows at the first empty one that there are no more. Only a transaction that holds the project's lock may change
that; a token is of one project.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from sqlalchemy import BindParameter, Connection, Select, bindparam, delete, select, update

from api.hub.kept.entry import EntrySeal, KeptEntry, entry_seal
from api.hub.keys import HubKey
from api.hub.places import Place, place_of
from api.hub.storage import models
from api.hub.storage.bulk import insert_cells
from api.hub.storage.chunks import IN_CHUNK, in_chunks

FIRST_SEATS = 2  # asked for at once; then, where all are filled, twice as many as before, and so on

# made once: to build a statement takes longer than to look an entry up
_SELECTED = select(models.entry.c.entry_digest, models.entry.c.seat_digest, models.entry.c.box)
_CELLS: BindParameter[bytes] = bindparam("cells", expanding=True)
_BY_DIGEST = _SELECTED.where(models.entry.c.entry_digest.in_(_CELLS))
_BY_SEAT = _SELECTED.where(models.entry.c.seat_digest.in_(_CELLS))
_EXPIRED = _SELECTED.where(models.entry.c.expiry_tag.in_(_CELLS)).limit(IN_CHUNK)
_AFTER = _SELECTED.where(models.entry.c.seat_digest > bindparam("after")).order_by(models.entry.c.seat_digest)
_statement, _organisation = models.statement.c, models.organisation.c
_FILERS = (
    select(
        _statement.statement_id,
        _organisation.organisation_id,
        _organisation.is_suspended,
        _organisation.organisation_class,
        _organisation.is_location_sensitive,
    )
    .join_from(models.statement, models.organisation, _statement.organisation_id == _organisation.organisation_id)
    .where(_statement.project_id == bindparam("of_project"))
)
_MOVED = (
    update(models.entry)
    .where(models.entry.c.entry_digest == bindparam("digest"))
    .values(seat_digest=bindparam("new_seat_digest"), box=bindparam("new_box"))
)


@dataclass(frozen=True, slots=True)
class Filer:
    """Who filed under a statement."""

    organisation_id: str
    place: Place
    is_suspended: bool


def filers(connection: Connection, project_id: str) -> dict[str, Filer]:
    """Return who files under each of a project's statements."""
    found = connection.execute(_FILERS, {"of_project": project_id})
    return {name: Filer(who, place_of(*place), out) for name, who, out, *place in found}


def add(
    connection: Connection, key: HubKey, project_id: str, entries: Sequence[KeptEntry], seats: Sequence[int]
) -> None:
    """
    Keep entries, in the order of their seats' digests, so that the file does not keep the order of the batch.

    Args:
        connection: a writing transaction that holds the project's lock.
        key: the hub's.
        project_id: the project of the entries.
        entries: not on file.
        seats: of the entries, as `free_seats` gives them.
    """
    rows = entry_seal(key).rows(project_id, entries, seats)
    insert_cells(connection, models.entry, ("seat_digest", "entry_digest", "expiry_tag", "box"), rows)


def free_seats(entries: Iterable[KeptEntry], standing: Iterable[KeptEntry]) -> list[int]:
    """Return the seats of new entries, given all that stands under their tokens."""
    ends = Counter(entry.token for entry in standing)
    seats = []
    for entry in entries:
        seats.append(ends[entry.token])
        ends[entry.token] += 1
    return seats


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


def standing_under(connection: Connection, key: HubKey, tokens: Iterable[bytes]) -> list[KeptEntry]:
    """Return all entries under any of some tokens, whichever project's; those of a token in the order of its seats."""
    seal = entry_seal(key)
    blocks: dict[bytes, list[KeptEntry]] = {token: [] for token in tokens}
    asked, seats = list(blocks), range(FIRST_SEATS)
    while asked:
        digests = [seal.seat_digest(token, seat) for token in asked for seat in seats]
        for entry in _in_seats(connection, seal, digests):
            blocks[entry.token].append(entry)
        asked = [token for token in asked if len(blocks[token]) == seats.stop]
        seats = range(seats.stop, 3 * seats.stop)
    return [entry for block in blocks.values() for entry in block]


def first_after(connection: Connection, key: HubKey, after: bytes, limit: int) -> tuple[list[bytes], bytes | None]:
    """
    Walk over all tokens of the hub, piece by piece.

    Args:
        connection: an open transaction.
        key: the hub's.
        after: where the last piece ended; empty at first.
        limit: entries of a piece.

    Returns:
        The tokens of those of the piece's entries that stand in the first seat, and where the piece ends, as the
        digest of a seat; None when there are no further entries.
    """
    seal, tokens, end = entry_seal(key), [], None
    for row in connection.execute(_AFTER.limit(limit), {"after": after}):
        digest, seat_digest, box = map(bytes, row)
        token, end = seal.entry(digest, seat_digest, box).token, seat_digest
        if seat_digest == seal.seat_digest(token, 0):
            tokens.append(token)
    return tokens, end


def expired(connection: Connection, key: HubKey, project_id: str, months: Iterable[int]) -> list[KeptEntry]:
    """Return some of a project's entries, at most `IN_CHUNK`, that expire with one of the months."""
    seal = entry_seal(key)
    tags = [seal.expiry_tag(project_id, month) for month in months]
    if not tags:
        return []
    return [seal.entry(*map(bytes, row)) for row in connection.execute(_EXPIRED, {"cells": tags})]


def drop(connection: Connection, key: HubKey, entries: Sequence[KeptEntry]) -> None:
    """Delete entries; others under their tokens move into the seats that fall empty before them."""
    seal, gone = entry_seal(key), {entry.entry_id for entry in entries}
    standing = standing_under(connection, key, {entry.token for entry in entries})
    for chunk in in_chunks([seal.digest(entry_id) for entry_id in gone]):
        connection.execute(delete(models.entry).where(models.entry.c.entry_digest.in_(chunk)))
    if moves := [_moved(seal, entry, seat) for entry, seat in _moves(standing, gone)]:
        connection.execute(_MOVED, moves)


def _moves(standing: Sequence[KeptEntry], gone: AbstractSet[bytes]) -> Iterator[tuple[KeptEntry, int]]:
    """Yield which entries move into which seat, so that no token has a gap: the last ones, as few as can be."""
    blocks: dict[bytes, list[KeptEntry]] = {}
    for entry in standing:
        blocks.setdefault(entry.token, []).append(entry)
    for block in blocks.values():
        end = sum(entry.entry_id not in gone for entry in block)
        empty = [seat for seat, entry in enumerate(block[:end]) if entry.entry_id in gone]
        yield from zip((entry for entry in block[end:] if entry.entry_id not in gone), empty, strict=True)


def _moved(seal: EntrySeal, entry: KeptEntry, seat: int) -> dict[str, bytes]:
    """Return what changes in the row of an entry that moves."""
    digest, seat_digest = seal.digest(entry.entry_id), seal.seat_digest(entry.token, seat)
    box = seal.box(entry, digest, seat_digest)
    return {"digest": digest, "new_seat_digest": seat_digest, "new_box": box}


def _in_seats(connection: Connection, seal: EntrySeal, digests: Sequence[bytes]) -> Iterator[KeptEntry]:
    """Yield the entries in some seats, in the order in which they are asked for."""
    found: dict[bytes, KeptEntry] = {}
    for chunk in in_chunks(digests):
        for row in connection.execute(_BY_SEAT, {"cells": chunk}):
            digest, seat_digest, box = map(bytes, row)
            found[seat_digest] = seal.entry(digest, seat_digest, box)
    return (found[digest] for digest in digests if digest in found)


def _found(
    connection: Connection, seal: EntrySeal, query: Select[bytes, bytes, bytes], cells: Sequence[bytes]
) -> Iterator[KeptEntry]:
    """Yield the entries that a query finds for some cells, opened."""
    for chunk in in_chunks(cells):
        for row in connection.execute(query, {"cells": chunk}):
            yield seal.entry(*map(bytes, row))
