"""
Cells of the database that only a hub with its key can read; hub.

AES-SIV (RFC 5297) with two 256-bit keys derived from the hub's: encrypted, authenticated, and bound to the row it lies
in. It takes no nonce, so there is none to repeat: the same content in the same row gives the same bytes, and that is
all they tell. AES-GCM was the other choice: one nonce used twice gives its key away, and a database that is restored
from a backup goes back in time.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from api.hub.errors import BrokenSealError
from api.hub.keys import HubKey


class Seal:
    """Seals and opens cells of one kind."""

    def __init__(self, key: HubKey, use: str) -> None:
        """
        Derive the keys of one use.

        Args:
            key: the hub's.
            use: names the kind of cell; cells of another use cannot be opened in its place.
        """
        self._cipher = AESSIV(key.derive(use, "authenticate") + key.derive(use, "encrypt"))

    def seal(self, content: bytes, *row: bytes) -> bytes:
        """
        Return sealed content, 16 bytes longer than it.

        Args:
            content: not empty; of one length for all cells of the kind, because lengths show.
            row: what tells the row; needed again to open it.
        """
        return self._cipher.encrypt(content, list(row))

    def open(self, box: bytes, *row: bytes) -> bytes:
        """
        Return what was sealed.

        Raises:
            BrokenSealError: the cell was altered, moved from another row, or sealed under another key.
        """
        try:
            return self._cipher.decrypt(box, list(row))
        except InvalidTag:
            pass
        raise BrokenSealError
