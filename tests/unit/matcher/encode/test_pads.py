"""Pads of many entries are the keystreams that each entry would get alone."""

import numpy as np
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CTR

from matcher.encode.pads import BLOCK_BYTES, MOST_BLOCKS, Keystream, Pads

PAD_KEY = bytes(range(32))
KEYS = np.random.default_rng(1).integers(0, 256, size=(40, 16), dtype=np.uint8)


@pytest.mark.parametrize("size", [80, 720, 1_120, 2_400])
def test_a_pad_is_the_keystream_of_counter_mode(size: int) -> None:
    """The first 15 bytes of the sketch key, then a counter from zero, under the pad key."""
    pads = Pads(PAD_KEY, size).words(KEYS)
    for key, pad in zip(KEYS, pads, strict=True):
        alone = Cipher(AES256(PAD_KEY), CTR(key[:15].tobytes() + b"\0")).encryptor().update(bytes(size))
        assert pad.tobytes() == alone


def test_another_pad_key_gives_unrelated_pads() -> None:
    """Half of all bits differ, give or take."""
    ours, theirs = Pads(PAD_KEY, 720).words(KEYS), Pads(bytes(32), 720).words(KEYS)
    assert np.bitwise_count(ours ^ theirs).mean() == pytest.approx(32, abs=0.5)


def test_no_block_of_a_pad_repeats() -> None:
    """Neither within a pad nor across pads."""
    blocks = Pads(PAD_KEY, 2_400).words(KEYS).reshape(-1, 2)
    assert len(np.unique(blocks, axis=0)) == len(blocks)


def test_the_largest_sketch_has_room_in_one_byte_of_counter() -> None:
    """A schema's sketch is at most 480 bytes, and a pad five times as long."""
    assert MOST_BLOCKS * BLOCK_BYTES >= 5 * 480
    with pytest.raises(ValueError, match="blocks"):
        Pads(PAD_KEY, MOST_BLOCKS * BLOCK_BYTES + 8)


def test_a_keystream_in_pieces_is_one_stream() -> None:
    """Counter mode from zero, whatever the pieces; none is one too."""
    stream = Keystream(PAD_KEY)
    pieces = [stream.words(rows, 24) for rows in (0, 1, 3)]
    whole = Cipher(AES256(PAD_KEY), CTR(bytes(BLOCK_BYTES))).encryptor().update(bytes(4 * 24))
    assert [piece.shape for piece in pieces] == [(0, 3), (1, 3), (3, 3)]
    assert b"".join(piece.tobytes() for piece in pieces) == whole
