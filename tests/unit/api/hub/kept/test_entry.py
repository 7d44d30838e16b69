"""An entry as it is kept: read back whole by the hub that has the key, and by nobody else."""

import os
import uuid
from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from api.hub.errors import BrokenSealError
from api.hub.kept.entry import EntrySeal, KeptEntry
from api.hub.keys import DIGEST_BYTES, HUB_KEY_BYTES, HubKey

KEY = HubKey(b"k" * HUB_KEY_BYTES)
ENTRY = KeptEntry(
    entry_id=b"i" * 16,
    token=b"t" * DIGEST_BYTES,
    sketch=os.urandom(224),
    statement_id=str(uuid.UUID(int=7, version=4)),
    is_automatic=True,
    expires=24_337,
    arrived_on=date(2026, 11, 21),
    row_digest=b"d" * DIGEST_BYTES,
)


def row(
    entry: KeptEntry, key: HubKey = KEY, project: str = "nepal", seat: int = 0
) -> tuple[bytes, bytes, bytes, bytes]:
    """Return seat's digest, digest, expiry tag and box of one entry."""
    (found,) = EntrySeal(key).rows(project, [entry], [seat])
    return found


@pytest.mark.parametrize(("automatic", "month"), list(product([True, False], [0, 24_337, 65_535])))
def test_an_entry_is_read_back_whole(*, automatic: bool, month: int) -> None:
    """Every part of it, at the ends of its range as well."""
    entry = replace(ENTRY, is_automatic=automatic, expires=month)
    seat, digest, _, box = row(entry)
    assert EntrySeal(KEY).entry(digest, seat, box) == entry


def test_nothing_lies_open() -> None:
    """Neither id nor token, sketch, statement or row digest is in any cell; the digests are those it is found by."""
    cells, seal = row(ENTRY, seat=3), EntrySeal(KEY)
    assert (cells[0], cells[1]) == (seal.seat_digest(ENTRY.token, 3), seal.digest(ENTRY.entry_id))
    for part in (ENTRY.entry_id, ENTRY.token, ENTRY.sketch[:16], uuid.UUID(ENTRY.statement_id).bytes, ENTRY.row_digest):
        assert not any(part in cell for cell in cells)


def test_entries_of_one_token_have_nothing_in_common() -> None:
    """In as many seats, as many digests: equal ones would say who shares a token."""
    seal = EntrySeal(KEY)
    digests = {seal.seat_digest(token, seat) for token in (b"t" * 16, b"u" * 16) for seat in range(300)}
    assert len(digests) == 600


def test_rows_come_in_the_order_of_their_seats_digests() -> None:
    """Not in that of the batch."""
    entries = [replace(ENTRY, entry_id=os.urandom(16)) for _ in range(20)]
    digests = [cells[0] for cells in EntrySeal(KEY).rows("nepal", entries, range(20))]
    assert digests == sorted(EntrySeal(KEY).seat_digest(ENTRY.token, seat) for seat in range(20))


def test_an_expiry_tag_is_of_one_project_and_month() -> None:
    """So that the entries that expire are found, and no two projects' are counted together."""
    tags = {row(replace(ENTRY, expires=month), project=name)[2] for month in (1, 2) for name in ("nepal", "other")}
    assert len(tags) == 4
    assert row(ENTRY)[2] == EntrySeal(KEY).expiry_tag("nepal", ENTRY.expires)


def test_another_row_or_key_does_not_open() -> None:
    """A box that is moved to another digest or seat is broken, and so is one of another hub."""
    seat, digest, _, box = row(ENTRY)
    other = HubKey(b"o" * HUB_KEY_BYTES)
    for key, place in ((KEY, (seat, digest)), (KEY, (digest, b"x" * DIGEST_BYTES)), (other, (digest, seat))):
        with pytest.raises(BrokenSealError):
            EntrySeal(key).entry(*place, box)
    assert row(ENTRY, other)[1] != digest
