"""
Keys for plain Latin lists from anywhere, by the standard algorithms of jellyfish; partner's side only.

jellyfish is given ASCII letters and nothing else: on other scripts its keys are empty or alike for everybody.
"""

from functools import lru_cache

import jellyfish

from matcher.errors import UnreadableFieldError
from matcher.phonetics.devanagari import devanagari_roman
from matcher.phonetics.scripts import TOKEN_CACHE, Script, canonical_token


@lru_cache(maxsize=TOKEN_CACHE)
def latin_letters(token: str) -> str:
    """
    Return a token's lower-case ASCII letters; northern Indian scripts are written out in Latin letters.

    Args:
        token: one word, as written.

    Raises:
        UnreadableFieldError: no letter of a known script is left.
    """
    script, letters = canonical_token(token)
    if script in {Script.ARABIC, Script.TIBETAN}:
        raise UnreadableFieldError("its script cannot be read here", code="unsupported_script")
    written = letters if script is Script.LATIN else devanagari_roman(letters)
    if not written:
        raise UnreadableFieldError("no letter of a known script is left", code="no_letters")
    return written


@lru_cache(maxsize=TOKEN_CACHE)
def latin_blocking(letters: str) -> str:
    """
    Return the match rating codex of lower-case ASCII letters; empty when there is none.

    On typos of Australian names (FEBRL 2 and 3) it keeps as many pairs together as Metaphone, with half the chance
    collisions, and nearly as many as Soundex, with a third.
    """
    return jellyfish.match_rating_codex(letters) if letters else ""
