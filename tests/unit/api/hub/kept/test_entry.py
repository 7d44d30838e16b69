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


def row(entry: KeptEntry, key: HubKey = KEY, project: str = "nepal") -> tuple[bytes, bytes, bytes, bytes]:
    """Return digest, token, expiry tag and box of one entry."""
    (found,) = EntrySeal(key).rows(project, [entry])
    return found


@pytest.mark.parametrize(("automatic", "month"), list(product([True, False], [0, 24_337, 65_535])))
def test_an_entry_is_read_back_whole(*, automatic: bool, month: int) -> None:
    """Every part of it, at the ends of its range as well."""
    entry = replace(ENTRY, is_automatic=automatic, expires=month)
    digest, token, _, box = row(entry)
    assert EntrySeal(KEY).entry(digest, token, box) == entry


def test_nothing_but_the_token_lies_open() -> None:
    """Neither id nor sketch, statement or row digest is in any cell; the digest is that by which it is found."""
    cells = row(ENTRY)
    assert (cells[0], cells[1]) == (EntrySeal(KEY).digest(ENTRY.entry_id), ENTRY.token)
    for part in (ENTRY.entry_id, ENTRY.sketch[:16], uuid.UUID(ENTRY.statement_id).bytes, ENTRY.row_digest):
        assert not any(part in cell for cell in cells)


def test_rows_come_in_the_order_of_their_digests() -> None:
    """Not in that of the batch."""
    entries = [replace(ENTRY, entry_id=os.urandom(16)) for _ in range(20)]
    digests = [cells[0] for cells in EntrySeal(KEY).rows("nepal", entries)]
    assert digests == sorted(EntrySeal(KEY).digest(entry.entry_id) for entry in entries)


def test_an_expiry_tag_is_of_one_project_and_month() -> None:
    """So that the entries that expire are found, and no two projects' are counted together."""
    tags = {row(replace(ENTRY, expires=month), project=name)[2] for month in (1, 2) for name in ("nepal", "other")}
    assert len(tags) == 4
    assert row(ENTRY)[2] == EntrySeal(KEY).expiry_tag("nepal", ENTRY.expires)


def test_another_row_or_key_does_not_open() -> None:
    """A box that is moved to another digest or token is broken, and so is one of another hub."""
    digest, token, _, box = row(ENTRY)
    other = HubKey(b"o" * HUB_KEY_BYTES)
    for key, place in ((KEY, (token, digest)), (KEY, (digest, b"x" * DIGEST_BYTES)), (other, (digest, token))):
        with pytest.raises(BrokenSealError):
            EntrySeal(key).entry(*place, box)
    assert row(ENTRY, other)[0] != digest
