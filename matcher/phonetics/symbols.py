"""
Fold sound symbols to keys, by `data/phonetics/folds.csv`; partner's side only.

A key keeps what spellings of one name share. The scoring key keeps the order of consonants and the vowels but a; the
blocking key keeps the consonants but glides, the first vowel of a name that opens with one, and the last vowel but a.
"""

import re
from functools import cache, lru_cache

from matcher.phonetics.scripts import TOKEN_CACHE
from matcher.phonetics.tables import rows_of

_SHORT_A = re.compile("(?<=.)a")
_MEDIAL_VOWEL = re.compile("(?<=.)[aiu](?=.)")
_GLIDE = re.compile("(?<=.)Y(?=.)")  # between vowels it is written or not: Narayan and Narain, Gayatri and Gaytri
_LAST_GLIDE = re.compile("(?<=.)Y$")  # without a last a it is a vowel: Acharya is written Achary, Jaya Jay
_LONG_A_LAST = re.compile("[aiu][A-Z]a$")


@cache
def _folds(stage: str, family: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Compile one stage's rules, in the table's order."""
    rows = [row for row in rows_of("folds") if row["family"] in {"any", family}]
    return tuple((re.compile(row["pattern"]), row["replacement"]) for row in rows if row["stage"] == stage)


def fold_symbols(symbols: str, family: str = "nepali") -> str:
    """
    Return the symbols as they are spoken, whatever the spelling: vowels, glides and doublings made alike.

    Args:
        symbols: as a script's table gives them.
        family: nepali or bengali.
    """
    for pattern, replacement in _folds("spell", family):
        symbols = pattern.sub(replacement, symbols)
    return symbols


@lru_cache(maxsize=TOKEN_CACHE)
def scoring_of(symbols: str) -> str:
    """Return the scoring key of folded symbols; a last long a is kept, as it tells Kamala from Kamal."""
    last = "a" if _LONG_A_LAST.search(symbols) else ""
    return _fold_key(_SHORT_A.sub("", symbols)) + last


@lru_cache(maxsize=TOKEN_CACHE)
def blocking_of(symbols: str) -> str:
    """Return the blocking key of folded symbols."""
    key = _MEDIAL_VOWEL.sub("", _fold_key(_SHORT_A.sub("", symbols)))
    return _LAST_GLIDE.sub("i", _GLIDE.sub("", key.replace("e", "i")))


def _fold_key(key: str) -> str:
    """Apply the rules that look at neighbouring consonants, now that no short a stands between them."""
    for pattern, replacement in _folds("key", "any"):
        key = pattern.sub(replacement, key)
    return key
