"""
Find text typed in a legacy Devanagari font, to refuse it; partner's side only.

Preeti and its kin draw Devanagari shapes on Latin keys: Ram Thapa is stored as `/fd yfkf`. Read as Latin it would be
another person's name. Three signs give it away: vowel signs on punctuation keys inside words, words without a vowel,
and the key f, which draws the long a and is rare in romanised names.
"""

import re
from functools import cache, lru_cache

from matcher.errors import UnreadableFieldError
from matcher.phonetics.lexicon import forms, honorifics
from matcher.phonetics.scripts import TOKEN_CACHE

COMMON_F = 0.2  # of a word's letters; the long a is every fifth sign of a Nepali text
FEW_VOWELS = 0.25  # of a word's letters, when one f is left
FEWER_THAN_NAMES = 0.34  # when two are; romanised names have 0.4
RARE_VOWELS = 0.2  # of a word's letters, when signs stand inside it
FEWEST_LETTERS = 3

_GLUED_SIGN = re.compile(
    r"[a-zA-Z][;\]}{|\\+:<>@#$%^*~=][a-zA-Z'\"]|[a-zA-Z][\]}\\|{+]|[{|\\;:+\[>][a-zA-Z]|[a-zA-Z][\"'][\]}/]"
)
_SLASH_SIGN = re.compile(r"(?:^|\s)/[a-zA-Z]|[a-z]/[\]}'\"]|[a-zA-Z'\]]/(?:\s|$)")
_DIGIT_SIGN = re.compile(r"(?:^|[\s/])[1-9][a-z]{2}|[a-z][0-9]+[a-z\]'\"/]|[>\]][\]a-z]")
_LATIN_1_SIGN = re.compile("[\u00a1-\u00bf\u00d7\u00f7\u0152\u0160\u02c6\u2030\u2039\u203a]")
_PAIRED = re.compile(r"[^\[\]{}]*[\[{][^\[\]{}]*[\]}][^\[\]{}]*")
_UNPAIRED_SIGN = re.compile(r"[|\\+:<>@#$%^*~=;]")
_PARTS = re.compile(r"[ ./-]+")
_INNER_SIGN = re.compile(r"[a-zA-Z]['/\"][a-zA-Z]|[a-zA-Z]['\"]$|[a-zA-Z;][0-9]+$|^[0-9][a-zA-Z]|[a-zA-Z];$")
_RELATION = re.compile(r"^[a-zA-Z]/[a-zA-Z]$|^[oOdDlL]'")
_WORD = re.compile(r"[a-z]+")
_ASPIRATE = re.compile("[bcdgjkpst]h")  # romanisations are full of it, legacy fonts hardly have it
_VOWEL = re.compile("[aeiou]|(?<=.)y")


def refuse_legacy_font(text: str) -> None:
    """
    Refuse text typed in a legacy Devanagari font.

    Args:
        text: a name or place, cleaned.

    Raises:
        UnreadableFieldError: `legacy_font`.
    """
    if is_legacy_font(text):
        raise UnreadableFieldError("looks typed in a legacy Devanagari font", code="legacy_font")


@lru_cache(maxsize=TOKEN_CACHE)
def is_legacy_font(text: str) -> bool:
    """Say whether a name or place looks typed in a legacy Devanagari font."""
    if not text.isascii():
        return bool(_LATIN_1_SIGN.search(text)) and any(map(str.isascii, filter(str.isalpha, text)))
    if _DIGIT_SIGN.search(text):
        return True
    if (_GLUED_SIGN.search(text) or _SLASH_SIGN.search(text)) and not _holds_another_name(text):
        return True
    return any(map(_has_a_sign_for_a_vowel, text.split())) or any(map(_is_no_romanised_word, _PARTS.split(text)))


def _holds_another_name(text: str) -> bool:
    """Square or curly brackets that pair up hold another name."""
    return _PAIRED.fullmatch(text) is not None and _UNPAIRED_SIGN.search(text) is None


def _has_a_sign_for_a_vowel(word: str) -> bool:
    """An apostrophe, slash or digit inside a word that has hardly a vowel of its own."""
    if not _INNER_SIGN.search(word) or _RELATION.match(word):
        return False
    letters = _WORD.findall(word.lower())
    vowels = len(_VOWEL.findall("".join(letters)))
    return vowels < RARE_VOWELS * len("".join(letters))


def _is_no_romanised_word(word: str) -> bool:
    """Judge one word by its vowels and by the key f; known abbreviations and initials are spared."""
    lower = "".join(_WORD.findall(word.lower()))
    if len(lower) < FEWEST_LETTERS or word.isupper() or lower in _spared():
        return False
    vowels = len(_VOWEL.findall(lower)) / len(lower)
    long_a = lower.replace("ff", "").count("f")
    if vowels == 0:
        return not _ASPIRATE.search(lower)
    if long_a / len(lower) < COMMON_F:
        return False
    return vowels <= FEW_VOWELS or (long_a > 1 and vowels < FEWER_THAN_NAMES)


@cache
def _spared() -> frozenset[str]:
    """Return the words that are written without vowels and are no legacy font."""
    return honorifics() | forms("nepali", "abbreviation").keys() | forms("bengali", "abbreviation").keys()
