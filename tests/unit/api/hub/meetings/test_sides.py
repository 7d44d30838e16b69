"""Which entry a side of a meeting is of: found by its tag, read by the hub alone."""

import pytest

from api.hub.errors import BrokenSealError
from api.hub.kept.entry import EntrySeal
from api.hub.keys import HUB_KEY_BYTES, HubKey
from api.hub.meetings.sides import SideSeal

KEY = HubKey(b"k" * HUB_KEY_BYTES)
ENTRY, MEETING, OWNER = b"i" * 16, "6a1f0c52-0000-4000-8000-000000000001", "6a1f0c52-0000-4000-8000-000000000002"


def test_a_side_gives_its_entry_back() -> None:
    """By the columns that are kept; the id itself is in none of them."""
    seal, columns = SideSeal(KEY), SideSeal(KEY).columns(ENTRY, MEETING, OWNER)
    assert seal.entry_id(columns["entry_box"], MEETING, OWNER) == ENTRY
    assert columns["entry_tag"] == seal.tag(ENTRY)
    assert not any(ENTRY in cell for cell in columns.values())


def test_sides_and_entries_cannot_be_joined_without_the_key() -> None:
    """The tag is another one than the digest of the table of entries, and another hub's is another again."""
    found = {SideSeal(KEY).tag(ENTRY), EntrySeal(KEY).digest(ENTRY), SideSeal(HubKey(b"o" * HUB_KEY_BYTES)).tag(ENTRY)}
    assert len(found) == 3


def test_the_boxes_of_one_entry_are_unlike() -> None:
    """Each meeting has its own; in another's, or at the other side, it does not open."""
    one, other = (SideSeal(KEY).columns(ENTRY, name, OWNER)["entry_box"] for name in (MEETING, OWNER))
    assert one != other
    for place in ((OWNER, OWNER), (MEETING, MEETING)):
        with pytest.raises(BrokenSealError):
            SideSeal(KEY).entry_id(one, *place)


def test_tags_are_sorted() -> None:
    """The order in which entries are asked for is not that of a record."""
    entries = [bytes([number]) * 16 for number in range(9)]
    assert SideSeal(KEY).tags(entries) == sorted(map(SideSeal(KEY).tag, entries))
