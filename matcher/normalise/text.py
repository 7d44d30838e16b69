"""
What every kind of cell goes through first: repaired Unicode, ASCII digits, one space, and what is no value at all.

Partner's side only.
"""

import re
from functools import lru_cache

from matcher.errors import UnreadableFieldError
from matcher.phonetics.latin import latin_letters
from matcher.phonetics.scripts import Script, script_of, without_invisibles

MAX_CELL_LETTERS = 400  # no name, date or place is longer; a pasted document is
CELL_CACHE = 65_536

_SPACES = re.compile(r"\s+")
_DIGITS = {
    start + digit: str(digit)
    for start in (0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0660, 0x06F0, 0x0F20)
    for digit in range(10)
}
_QUOTES = (
    dict.fromkeys((0x2018, 0x2019, 0x201A, 0x201B, 0x0060, 0x00B4, 0x02BC, 0xFF07), "'")
    | dict.fromkeys((0x201C, 0x201D, 0x201E, 0x201F, 0x00AB, 0x00BB, 0xFF02), '"')
    | dict.fromkeys((*range(0x2010, 0x2016), 0x2212, 0xFE63, 0xFF0D), "-")
)
_TRANSLATE = _DIGITS | _QUOTES
_ALSO_NAMES = frozenset({"nil", "na", "no"})
_SAID_MISSING = frozenset(
    [
        "-",
        "--",
        "---",
        ".",
        "?",
        "x",
        "xx",
        "xxx",
        "n/a",
        "na",
        "n.a.",
        "n.a",
        "nan",
        "nil",
        "none",
        "null",
        "no",
        "unknown",
        "notknown",
        "not-known",
        "notavailable",
        "notapplicable",
        "unk",
        "छैन",
        "थाहाछैन",
        "थाहा_छैन",
        "अज्ञात",
        "नभएको",
        "नखुलेको",
        "खुलेकोछैन",
        "उल्लेखनभएको",
        "अनिश्चित",
    ]
)


@lru_cache(maxsize=CELL_CACHE)
def clean(cell: str, *, is_name: bool = False) -> str:
    """
    Return a cell's text with repaired Unicode, ASCII digits, plain quotes and dashes, and single spaces.

    Args:
        cell: text as written.
        is_name: whether it may be a name: Nil is one, though it says "nothing" elsewhere.

    Returns:
        The text; empty when the cell is blank or says that nothing is known.

    Raises:
        UnreadableFieldError: `too_long`.
    """
    if len(cell) > MAX_CELL_LETTERS:
        raise UnreadableFieldError("longer than any value of its kind", code="too_long")
    text = _SPACES.sub(" ", without_invisibles(cell).translate(_TRANSLATE)).strip()
    return "" if said_missing(text, is_name=is_name) else text


def said_missing(text: str, *, is_name: bool = False) -> bool:
    """Say whether the text is a way to write that nothing is known."""
    word = text.lower().replace(" ", "")
    return word in _SAID_MISSING and not (is_name and word in _ALSO_NAMES)


def folded_words(text: str) -> str:
    """
    Return the words of a text in lower-case Latin letters and digits, single spaces; empty when none is readable.

    Args:
        text: cleaned text in any script; words in unknown scripts are left out.
    """
    return " ".join(filter(None, map(_folded_word, re.findall(r"[^\W_]+(?:[\u0900-\u0dff]+[^\W_]*)*", text))))


def _folded_word(word: str) -> str:
    """Fold one word; digits stay as they are."""
    if word.isdigit() and word.isascii():
        return word
    if any(map(str.isdigit, word)) and word.isascii():
        return word.lower()
    if script_of(word) is Script.OTHER:
        return ""
    try:
        return latin_letters(word)
    except UnreadableFieldError:
        return ""
