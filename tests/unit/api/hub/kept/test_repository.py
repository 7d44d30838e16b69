"""The seats of a token: filled from the first without a gap, whatever is filed and erased; on both databases."""

import random
import secrets
import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from api.hub.kept import repository
from api.hub.kept.entry import EntrySeal, KeptEntry

PROJECT = "nepal"
TOKENS = [bytes([number]) * 16 for number in range(4)]


def made(token: bytes) -> KeptEntry:
    """Return a new entry under a token."""
    statement_id = str(uuid.UUID(int=1, version=4))
    return KeptEntry(
        entry_id=secrets.token_bytes(16),
        token=token,
        sketch=b"sketch",
        statement_id=statement_id,
        is_automatic=True,
        expires=24_337,
        arrived_on=date(2026, 11, 21),
        row_digest=secrets.token_bytes(16),
    )


def keep(world: Any, entries: Sequence[KeptEntry]) -> None:
    """Keep entries as a filing does."""
    with world.hub.database.writing(PROJECT) as connection:
        standing = repository.standing_under(connection, world.hub.key, {entry.token for entry in entries})
        seats = repository.free_seats(entries, standing)
        repository.add(connection, world.hub.key, PROJECT, entries, seats)


def seats_on_file(world: Any) -> list[bytes]:
    """Return the digests of all seats that are filled, sorted."""
    return sorted(bytes(row.seat_digest) for row in world.rows("SELECT seat_digest FROM entry"))


@pytest.mark.parametrize("seed", range(3))
def test_no_token_ever_has_a_gap(world: Any, seed: int) -> None:
    """All entries of a token are found, in seats 0, 1, 2, …, after any filings and erasures."""
    draw, seal = random.Random(seed), EntrySeal(world.hub.key)  # noqa: S311 - a test's choices
    on_file: list[KeptEntry] = []
    for _ in range(15):
        filed = [made(draw.choice(TOKENS)) for _ in range(draw.randint(0, 9))]
        keep(world, filed)
        draw.shuffle(on_file)
        cut = draw.randint(0, len(on_file) // 2)
        gone, on_file = on_file[:cut], on_file[cut:] + filed
        with world.hub.database.writing(PROJECT) as connection:
            repository.drop(connection, world.hub.key, gone)
            found = repository.standing_under(connection, world.hub.key, TOKENS)
        assert sorted(found, key=repr) == sorted(on_file, key=repr)
        counts = [sum(entry.token == token for entry in on_file) for token in TOKENS]
        filled = [
            seal.seat_digest(token, seat) for token, count in zip(TOKENS, counts, strict=True) for seat in range(count)
        ]
        assert seats_on_file(world) == sorted(filled)


def test_erasing_moves_no_more_than_it_must(sqlite_world: Any) -> None:
    """Of five entries the last takes the place of the second, and the others stay where they were."""
    entries = [made(TOKENS[0]) for _ in range(5)]
    keep(sqlite_world, entries)
    with sqlite_world.hub.database.writing(PROJECT) as connection:
        repository.drop(connection, sqlite_world.hub.key, [entries[1]])
        found = repository.standing_under(connection, sqlite_world.hub.key, TOKENS)
    assert found == [entries[0], entries[4], entries[2], entries[3]]


def test_a_walk_takes_up_every_token_once(sqlite_world: Any) -> None:
    """In pieces of seven, over tokens with one entry and with many."""
    keep(sqlite_world, [made(TOKENS[0]) for _ in range(40)] + [made(token) for token in TOKENS[1:]])
    walked: list[bytes] = []
    after, pieces = b"", 0
    with sqlite_world.hub.database.reading() as connection:
        while True:
            tokens, end = repository.first_after(connection, sqlite_world.hub.key, after, 7)
            if end is None:
                break
            walked, after, pieces = walked + tokens, end, pieces + 1
    assert (sorted(walked), pieces) == (TOKENS, 7)
