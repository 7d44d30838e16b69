"""
Sound symbols of names as Nepali, Hindi, Maithili, Bhojpuri and Tamang speakers write them; partner's side only.

Standard keys (Soundex, Metaphone) were made for English and know one script; these know how a name travels between
Devanagari and the many ways to romanise it.
"""

from functools import cache, lru_cache

from matcher.phonetics.indic import known_words, spoken, symbols_of
from matcher.phonetics.lexicon import forms
from matcher.phonetics.scripts import TOKEN_CACHE, Script

_FAMILY = "nepali"


@lru_cache(maxsize=TOKEN_CACHE)
def nepali_symbols(token: str) -> str:
    """
    Return the folded sound symbols of one name token in any northern Indian script or in Latin letters.

    Args:
        token: one word, as written.

    Raises:
        UnreadableFieldError: no letter of a known script is left.
    """
    symbols = symbols_of(token, _FAMILY)
    return known_words(_FAMILY).get(symbols, symbols)


@cache
def nepali_fillers() -> frozenset[str]:
    """Return the folded symbols of the words that are nearly no evidence."""
    return frozenset(spoken(form, Script.LATIN, _FAMILY) for form in forms(_FAMILY, "filler"))
