"""
Read identifiers as opaque parts, so that one number written with other signs between stays one number.

Partner's side only. Leading zeros go from each part, because spreadsheets take them away. No checksum is asked for:
forged and mistyped numbers occur, and are compared all the same.
"""

import re
import unicodedata

from matcher.errors import UnreadableFieldError
from matcher.normalise.text import clean
from matcher.person import Opaque
from matcher.phonetics.latin import latin_letters

MAX_PARTS = 8
MAX_PART_LETTERS = 24
_PIECE = re.compile(r"[^\W_](?:[^\W_]|[\u0900-\u0dff])*")
_RUNS = re.compile(r"\d+|[a-z]+")
_LABELS = frozenset({"no", "number", "num", "id", "nin", "ccn", "नं", "नम्बर", "ना", "प्र"})
_FILLED_IN = re.compile(r"^0*$|^(?:123456(?:7(?:8(?:90?)?)?)?|(\d)\1{5,})$")


def read_identifier(cell: str) -> tuple[Opaque, ...]:
    """
    Return the identifier's parts: digits and letters apart, leading zeros off each run of digits.

    Args:
        cell: text as written, in any digits.

    Returns:
        One reading; none when the cell is blank.

    Raises:
        UnreadableFieldError: `no_digits` when no digit is in it, `filled_in` when it is a stop-gap such as 000000,
            `too_long`.
    """
    text = clean(cell)
    if not text:
        return ()
    pieces = _PIECE.findall(unicodedata.normalize("NFKC", text))
    runs = [run for piece in pieces if piece.lower() not in _LABELS for run in _RUNS.findall(_ascii(piece))]
    digits = "".join(filter(str.isdigit, runs))
    if not digits:
        raise UnreadableFieldError("there is no digit in it", code="no_digits")
    if _FILLED_IN.match(digits):
        raise UnreadableFieldError("it is a stop-gap, not a number of somebody", code="filled_in")
    parts = tuple((run.lstrip("0") or "0") if run.isdigit() else run for run in runs)
    if len(parts) > MAX_PARTS or max(map(len, parts)) > MAX_PART_LETTERS:
        raise UnreadableFieldError("longer than any identifier", code="too_long")
    return (Opaque(parts),)


def _ascii(piece: str) -> str:
    """Write one piece in lower-case ASCII."""
    if piece.isascii():
        return piece.lower()
    try:
        return latin_letters(piece)
    except UnreadableFieldError:
        return ""
