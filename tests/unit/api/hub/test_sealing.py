"""Cells under the hub's key: opened in their own row, under their own use and key, and nowhere else."""

import pytest

from api.hub.errors import BrokenSealError
from api.hub.keys import HUB_KEY_BYTES, HubKey
from api.hub.sealing import Seal

KEY, OTHER_KEY = HubKey(b"k" * HUB_KEY_BYTES), HubKey(b"o" * HUB_KEY_BYTES)
ROW = (b"meeting", b"organisation")
CONTENT = b"an entry's id..."


def test_a_cell_opens_in_its_row() -> None:
    """16 bytes longer than its content, which is not in it."""
    box = Seal(KEY, "use").seal(CONTENT, *ROW)
    assert Seal(KEY, "use").open(box, *ROW) == CONTENT
    assert len(box) == len(CONTENT) + 16
    assert CONTENT not in box


def test_a_cell_tells_whether_it_is_the_same_and_no_more() -> None:
    """The same content gives the same bytes in one row, and others in another, or of another use."""
    boxes = [Seal(KEY, use).seal(CONTENT, *row) for use in ("use", "other") for row in (ROW, ROW[::-1], ROW[:1])]
    assert boxes[0] == Seal(KEY, "use").seal(CONTENT, *ROW)
    assert len(set(boxes)) == len(boxes)


@pytest.mark.parametrize(
    ("key", "use", "row"),
    [
        (OTHER_KEY, "use", ROW),
        (KEY, "other", ROW),
        (KEY, "use", ROW[::-1]),
        (KEY, "use", (*ROW, b"")),
        (KEY, "use", ()),
    ],
    ids=["key", "use", "order", "longer", "none"],
)
def test_elsewhere_it_does_not_open(key: HubKey, use: str, row: tuple[bytes, ...]) -> None:
    """Nor is it told why."""
    box = Seal(KEY, "use").seal(CONTENT, *ROW)
    with pytest.raises(BrokenSealError) as raised:
        Seal(key, use).open(box, *row)
    assert raised.value.__cause__ is None


@pytest.mark.parametrize("place", [0, 15, 16, -1])
def test_a_changed_bit_is_noticed(place: int) -> None:
    """In the tag and in the content alike; so is a cell that was cut."""
    box = bytearray(Seal(KEY, "use").seal(CONTENT, *ROW))
    box[place] ^= 1
    for broken in (bytes(box), bytes(box[:-1]), bytes(box[:16])):
        with pytest.raises(BrokenSealError):
            Seal(KEY, "use").open(broken, *ROW)
