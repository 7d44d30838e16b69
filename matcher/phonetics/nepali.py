"""
Sound symbols of names as Nepali, Hindi, Maithili, Bhojpuri and Tamang speakers write them; partner's side only.

Standard keys (Soundex, Metaphone) were made for English and know one script; these know how a name travels between
Devanagari and the many ways to romanise it.
"""

from functools import cache, lru_cache

from matcher.errors import UnreadableFieldError
from matcher.phonetics.devanagari import devanagari_symbols
from matcher.phonetics.latin import latin_letters
from matcher.phonetics.lexicon import forms
from matcher.phonetics.roman import roman_symbols
from matcher.phonetics.scripts import TOKEN_CACHE, Script, canonical_token
from matcher.phonetics.symbols import fold_symbols

_UNREAD = frozenset({Script.ARABIC, Script.TIBETAN})


@lru_cache(maxsize=TOKEN_CACHE)
def nepali_symbols(token: str) -> str:
    """
    Return the folded sound symbols of one name token in any northern Indian script or in Latin letters.

    Args:
        token: one word, as written.

    Raises:
        UnreadableFieldError: no letter of a known script is left.
    """
    script, letters = canonical_token(token)
    if script in _UNREAD:
        raise UnreadableFieldError("its script cannot be read here", code="unsupported_script")
    known = forms("nepali", "abbreviation").get(letters)
    symbols = _spoken(known or letters, Script.LATIN if known else script)
    if not symbols:
        raise UnreadableFieldError("there is no letter in it", code="no_letters")
    return _same_sound().get(symbols, symbols)


@lru_cache(maxsize=TOKEN_CACHE)
def nepali_text(token: str) -> str:
    """
    Return a token in plain Latin letters, abbreviations written out.

    Args:
        token: one word, as written.

    Raises:
        UnreadableFieldError: no letter of a known script is left.
    """
    _, letters = canonical_token(token)
    return forms("nepali", "abbreviation").get(letters) or latin_letters(token)


def _spoken(letters: str, script: Script) -> str:
    """Fold one word, without the lexicon."""
    return fold_symbols(roman_symbols(letters) if script is Script.LATIN else devanagari_symbols(letters))


@cache
def _same_sound() -> dict[str, str]:
    """Return the sound of the canonical form by the sound of each form of the lexicon."""
    pairs = forms("nepali", "same").items()
    return {_spoken(form, Script.LATIN): _spoken(canonical, Script.LATIN) for form, canonical in pairs}


@cache
def nepali_fillers() -> frozenset[str]:
    """Return the folded symbols of the words that are nearly no evidence."""
    return frozenset(_spoken(form, Script.LATIN) for form in forms("nepali", "filler"))
