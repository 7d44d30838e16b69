"""
Sound symbols of names as Bengali and Sylheti speakers write them; partner's side only.

The inherent vowel is heard and written as o or a, ksh is kh, and learned names live beside spoken ones (Chatterjee
is Chattopadhyay): the tables of the nepali family with an overlay, and a lexicon of doublets.
"""

from collections.abc import Mapping
from functools import cache, lru_cache

from matcher.phonetics.indic import known_words, spoken, symbols_of
from matcher.phonetics.lexicon import forms
from matcher.phonetics.scripts import TOKEN_CACHE, Script
from matcher.phonetics.symbols import blocking_of

_FAMILY = "bengali"


@lru_cache(maxsize=TOKEN_CACHE)
def bengali_symbols(token: str) -> str:
    """
    Return the folded sound symbols of one name token in Bengali, another northern script, or Latin letters.

    Args:
        token: one word, as written.

    Raises:
        UnreadableFieldError: no letter of a known script is left.
    """
    symbols = symbols_of(token, _FAMILY)
    symbols = known_words(_FAMILY).get(symbols, symbols)
    return _doublets().get(blocking_of(symbols), symbols)


@cache
def _doublets() -> Mapping[str, str]:
    """Return the learned form's symbols by the blocking key of each spoken form."""
    pairs = forms(_FAMILY, "doublet").items()
    return {
        blocking_of(spoken(form, Script.LATIN, _FAMILY)): spoken(learned, Script.LATIN, _FAMILY)
        for form, learned in pairs
    }


@cache
def bengali_fillers() -> frozenset[str]:
    """Return the folded symbols of the words that are nearly no evidence."""
    return frozenset(spoken(form, Script.LATIN, _FAMILY) for form in forms(_FAMILY, "filler"))
