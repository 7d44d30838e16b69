"""
Bytes of a file to text, without guessing silently; on the partner's premises.

Excel writes UTF-8 with a mark, UTF-16 ("Unicode text") or Windows-1252, by its mood. These are told apart by what only
they can hold. A file that is UTF-8 but for a few broken bytes is refused: half a name is worse than none.
"""

import codecs
import re
from dataclasses import dataclass, field

from api.agent.errors import SourceError

_SAVE_AS = "In Excel choose Save As, then `CSV UTF-8 (comma delimited)`."
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")
_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # xlsx and ods; xls


@dataclass(frozen=True, slots=True)
class DecodedText:
    """
    A file as text.

    Attributes:
        encoding: how it was written: utf-8, utf-16 or windows-1252.
    """

    text: str = field(repr=False)
    encoding: str


def decode(data: bytes) -> DecodedText:
    """
    Decode a file.

    Raises:
        SourceError: it is empty, a spreadsheet, broken UTF-8, or text of no known encoding; `where` is a line.
    """
    if not data.strip():
        raise SourceError("the file is empty", code="empty_file", where="file")
    if data.startswith(_SPREADSHEETS):
        raise SourceError("a spreadsheet, not a CSV file", code="not_text", where="file", advice=_SAVE_AS)
    decoded = _decode_utf16(data) or _decode_utf8(data) or _decode_windows(data)
    if "\0" in decoded.text:
        raise SourceError("holds bytes that are no text", code="not_text", where="file", advice=_SAVE_AS)
    return decoded


def _decode_utf16(data: bytes) -> DecodedText | None:
    """Decode UTF-16 by its mark, or by the zeros that its Latin letters and delimiters have at every second byte."""
    name = ""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        name = "utf-16"
    elif b"\0" in data[:256]:
        name = "utf-16-le" if data[1:256:2].count(0) > data[0:256:2].count(0) else "utf-16-be"
    text = _strictly(data, name) if name else None
    is_table = text is not None and any(mark in text for mark in "\r\n")  # a wrong guess gives rare ideographs alone
    return DecodedText(text, "utf-16") if text is not None and is_table else None


def _decode_utf8(data: bytes) -> DecodedText | None:
    """Decode UTF-8, with or without a mark; refuse it when most of its letters are UTF-8 and some are broken."""
    text = _strictly(data, "utf-8-sig")
    if text is not None:
        return DecodedText(text, "utf-8")
    letters = _MULTIBYTE.findall(data)
    stray = len(_HIGH.findall(data)) - sum(map(len, letters))
    if len(letters) > stray:
        advice = f"Some letters were cut or mixed in from another encoding. {_SAVE_AS}"
        where = f"line {_first_broken_line(data)}"
        raise SourceError("broken UTF-8", code="broken_utf8", where=where, advice=advice)
    return None


def _decode_windows(data: bytes) -> DecodedText:
    """Decode Windows-1252, the last resort: it has five bytes that mean nothing, and no text has control bytes."""
    text = _strictly(data, "cp1252")
    if text is None:
        raise SourceError("text of no known encoding", code="unknown_encoding", where="file", advice=_SAVE_AS)
    return DecodedText(text, "windows-1252")


def _strictly(data: bytes, encoding: str) -> str | None:
    """Decode, or return None when a byte does not fit."""
    try:
        return data.decode(encoding)
    except UnicodeError:
        return None


def _first_broken_line(data: bytes) -> int:
    """Find the first line that is not UTF-8."""
    lines = data.split(b"\n")
    return next((number for number, line in enumerate(lines, start=1) if _strictly(line, "utf-8") is None), len(lines))
