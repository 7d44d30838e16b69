"""
Say which script a token is in, and repair what keyboards and converters do to it; partner's side only.

The scripts of India's north are laid out alike in Unicode, so that one table (Devanagari) serves them all after a
shift of code points. What is written in a script nobody here can read is refused, never guessed.
"""

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache

from matcher.errors import UnreadableFieldError

TOKEN_CACHE = 65_536  # tokens kept; a country's names are fewer
MAX_TOKEN_LETTERS = 60  # the longest real joined name seen has 38


class Script(StrEnum):
    """The scripts told apart."""

    LATIN = "latin"
    DEVANAGARI = "devanagari"
    BENGALI = "bengali"
    GURMUKHI = "gurmukhi"
    GUJARATI = "gujarati"
    ODIA = "odia"
    TIBETAN = "tibetan"
    ARABIC = "arabic"
    OTHER = "other"


_RANGES = (
    (0x0041, 0x024F, Script.LATIN),
    (0x1E00, 0x1EFF, Script.LATIN),
    (0x0900, 0x097F, Script.DEVANAGARI),
    (0x0980, 0x09FF, Script.BENGALI),
    (0x0A00, 0x0A7F, Script.GURMUKHI),
    (0x0A80, 0x0AFF, Script.GUJARATI),
    (0x0B00, 0x0B7F, Script.ODIA),
    (0x0F00, 0x0FFF, Script.TIBETAN),
    (0x0600, 0x06FF, Script.ARABIC),
    (0x0750, 0x077F, Script.ARABIC),
)
_BLOCK_STARTS = {Script.BENGALI: 0x0980, Script.GURMUKHI: 0x0A00, Script.GUJARATI: 0x0A80, Script.ODIA: 0x0B00}
_DEVANAGARI_START = 0x0900
_SHIFT: dict[int, int | str | None] = {
    code: code - start + _DEVANAGARI_START for start in _BLOCK_STARTS.values() for code in range(start, start + 0x80)
}
# Letters that the shift would send to the wrong place, or to none.
_SHIFT |= {
    0x09CE: "त्",  # Bengali khanda ta
    0x09AF: "ज",  # Bengali ya is spoken j; with a nukta it is y, see below
    0x09F0: "र",  # Assamese ra
    0x09F1: "व",  # Assamese wa
    0x0A70: "ं",  # Gurmukhi tippi
    0x0A71: None,  # Gurmukhi addak: a doubled consonant, which no key keeps
    0x0B71: "व",  # Odia wa
}
_REPAIRS = str.maketrans({"़": None, "়": None, "਼": None, "઼": None, "଼": None})
# Bengali letters that a nukta makes another sound, and the ya that only lengthens: done before the nukta goes.
_BENGALI_NUKTA = (("\u09af\u09bc", "य"), ("\u09a1\u09bc", "र"), ("\u09a2\u09bc", "र"), ("\u09cd\u09af", "्य"))
_BENGALI_W = re.compile("(?<=[\u09b6\u09b8\u09a4\u09a6\u09a7\u099c])\u09cd\u09ac")  # b below these is a w
_VOWEL_REPAIRS = (
    ("अा", "आ"),
    ("आे", "ओ"),
    ("आै", "औ"),
    ("एे", "ऐ"),
    ("अो", "ओ"),
    ("अौ", "औ"),
    ("ाे", "ो"),
    ("ाै", "ौ"),
    ("ेे", "े"),
    ("ाा", "ा"),
    ("ीी", "ी"),
    ("ुु", "ु"),
    ("््", "्"),
)
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_LATIN_EXTRAS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l"})


def without_invisibles(text: str) -> str:
    """Return the text in compatibility form without zero-width and direction marks; empty stays empty."""
    if text.isascii():
        return text
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))


def script_of(token: str) -> Script:
    """
    Return the script of the token's letters; `OTHER` when it has none, or mixes scripts.

    Args:
        token: one word, in any case.
    """
    if token.isascii():
        return Script.LATIN if any(map(str.isalpha, token)) else Script.OTHER
    found = {_script_of_letter(letter) for letter in token if letter.isalpha()}
    return found.pop() if len(found) == 1 else Script.OTHER


def _script_of_letter(letter: str) -> Script:
    """Look one letter up."""
    code = ord(letter)
    return next((script for first, last, script in _RANGES if first <= code <= last), Script.OTHER)


@lru_cache(maxsize=TOKEN_CACHE)
def canonical_token(token: str) -> tuple[Script, str]:
    """
    Return a token's script and its repaired, lower-case letters.

    Northern Indian scripts come back in Devanagari letters, with the script they were written in. Digits, marks and
    punctuation of Latin tokens are dropped: two tokens that differ by a full stop alone are one.

    Args:
        token: one word, as written; not empty.

    Returns:
        The script, and 1 to 60 letters.

    Raises:
        UnreadableFieldError: `no_letters`, `mixed_scripts`, `unsupported_script` or `too_long`.
    """
    text = without_invisibles(token)
    if len(text) > MAX_TOKEN_LETTERS:
        raise UnreadableFieldError("one word is longer than any name", code="too_long")
    script = script_of(text)
    if script is Script.OTHER:
        raise _fault_of(text)
    if script is Script.LATIN:
        return script, _latin(text)
    return script, _indic(text, script)


def _fault_of(text: str) -> UnreadableFieldError:
    """Say why a token has no script."""
    letters = {_script_of_letter(letter) for letter in text if letter.isalpha()}
    if not letters:
        return UnreadableFieldError("there is no letter in it", code="no_letters")
    if len(letters) > 1:
        return UnreadableFieldError("one word mixes two scripts", code="mixed_scripts")
    return UnreadableFieldError("its script cannot be read here", code="unsupported_script")


def _latin(text: str) -> str:
    """Lower the letters and strip their marks."""
    lowered = text.lower()
    if not lowered.isascii():
        stripped = unicodedata.normalize("NFD", lowered.translate(_LATIN_EXTRAS))
        lowered = stripped.encode("ascii", "ignore").decode("ascii")
    letters = "".join(filter(str.isalpha, lowered))
    if not letters:
        raise UnreadableFieldError("there is no letter in it", code="no_letters")
    return letters


def _indic(text: str, script: Script) -> str:
    """Shift to Devanagari and repair mis-encoded vowels."""
    if script is Script.BENGALI:
        text = _BENGALI_W.sub("\u09cdव", text)
        for written, spoken in _BENGALI_NUKTA:
            text = text.replace(written, spoken)
    if script in _BLOCK_STARTS:
        text = text.translate(_SHIFT)
    repaired = unicodedata.normalize("NFD", text).translate(_REPAIRS)
    for wrong, right in _VOWEL_REPAIRS:
        repaired = repaired.replace(wrong, right)
    return "".join(
        letter for letter in repaired if letter.isalpha() or unicodedata.combining(letter) or letter in _SIGNS
    )


_SIGNS = frozenset(chr(code) for code in range(0x0900, 0x0964)) | frozenset(chr(code) for code in range(0x0F00, 0x0FC0))
