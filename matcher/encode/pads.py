"""
One-time pads of sketches, for many entries in one call; partner's side only.

An entry's pad is the keystream of AES-256 in counter mode (NIST SP 800-38A): the first 15 bytes of its sketch key and
one byte of counter, under a pad key that all partners of the key epoch derive from the PRF, as they do the parameters
of the min-hash. So a key service serves for it too, and the hub has neither.

Why this is a pseudo-random function of the sketch key: the pad key is unknown to whoever cannot evaluate the PRF, so
AES under it is as good as a random permutation; sketch keys are PRF outputs, distinct for distinct tokens, and two
entries would share a block only if theirs agreed in 120 bits, 1 in 2**41 after 2**40 entries; a permutation differs
from a function only by never repeating a block, 1 in 2**33 after the 2**48 blocks of so many. Whoever knew the pad
key alone would still need a sketch key, and whoever knew one sketch key alone would still need the pad key.

One key for all is what makes it fast: SHAKE128 or a cipher key of its own for each entry costs ten times as much.
"""

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CTR, ECB
from numpy.typing import NDArray

BLOCK_BYTES = 16
MOST_BLOCKS = 256  # one byte of counter
KEY_BYTES = 32
_WORDS = BLOCK_BYTES // 8
_WITHOUT_COUNTER = np.uint64(2**56 - 1)  # of a block's second word in little-endian order
_COUNTER_SHIFT = np.uint64(56)

Words = NDArray[np.uint64]


class Pads:
    """Makes the pads of one key epoch."""

    def __init__(self, pad_key: bytes, pad_bytes: int) -> None:
        """
        Prepare the cipher.

        Args:
            pad_key: 32 bytes, derived from the PRF.
            pad_bytes: size of a pad, a multiple of 8, at most 4,096.

        Raises:
            ValueError: the counter has no room for a pad so long.
        """
        blocks = -(-pad_bytes // BLOCK_BYTES)
        if blocks > MOST_BLOCKS:
            raise ValueError(f"a pad has at most {MOST_BLOCKS} blocks")
        self._cipher = Cipher(AES256(pad_key), ECB())  # noqa: S305 - no block repeats: each is a nonce and a counter
        self._words = pad_bytes // 8
        self._counters = np.arange(blocks, dtype=np.uint64) << _COUNTER_SHIFT

    def words(self, keys: NDArray[np.uint8]) -> Words:
        """
        Return the pad of each sketch key.

        Args:
            keys: shape (entries, 16), uint8.

        Returns:
            Shape (entries, pad bytes / 8), uint64 in little-endian order; the bytes lie as in the keystream.
        """
        halves = np.ascontiguousarray(keys).view("<u8")
        blocks = np.empty((len(keys), len(self._counters), _WORDS), dtype="<u8")
        blocks[:, :, 0] = halves[:, :1]
        np.bitwise_or(halves[:, 1:] & _WITHOUT_COUNTER, self._counters, out=blocks[:, :, 1])
        stream = np.empty(blocks.nbytes + BLOCK_BYTES - 1, dtype=np.uint8)  # the cipher asks for some room to spare
        self._cipher.encryptor().update_into(blocks.data.cast("B"), stream.data)
        return stream[: blocks.nbytes].view("<u8").reshape(len(keys), -1)[:, : self._words]


class Keystream:
    """Random bytes: AES-256 in counter mode from zero, under a key for one use."""

    def __init__(self, key: bytes) -> None:
        """Begin the stream of a key of 32 bytes."""
        self._encryptor = Cipher(AES256(key), CTR(bytes(BLOCK_BYTES))).encryptor()

    def words(self, rows: int, row_bytes: int) -> Words:
        """Return the next bytes of the stream, shape (rows, row bytes / 8), uint64 in little-endian order."""
        stream = self._encryptor.update(bytes(rows * row_bytes))
        return np.frombuffer(stream, dtype="<u8").reshape(rows, row_bytes // 8)
