"""
Keys for plain Latin lists from anywhere, by the standard algorithms of jellyfish; partner's side only.

jellyfish is given ASCII letters and nothing else: on other scripts its keys are empty or alike for everybody.
"""

from functools import lru_cache

import jellyfish

from matcher.errors import UnreadableFieldError
from matcher.phonetics.devanagari import devanagari_roman
from matcher.phonetics.scripts import TOKEN_CACHE, Script, canonical_token
from matcher.phonetics.tibetan import tibetan_roman

SOUNDEX_SYMBOLS = 3
_WRITERS = {Script.TIBETAN: tibetan_roman}


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
    if script is Script.ARABIC:
        raise UnreadableFieldError("its script leaves out the short vowels", code="unsupported_script")
    written = letters if script is Script.LATIN else _WRITERS.get(script, devanagari_roman)(letters)
    if not written:
        raise UnreadableFieldError("no letter of a known script is left", code="no_letters")
    return written


@lru_cache(maxsize=TOKEN_CACHE)
def latin_blocking(letters: str) -> str:
    """
    Return the first letter and two digits of Soundex, of lower-case ASCII letters; empty when there is none.

    The third digit costs more matches than it saves look-ups: on development lists (FEBRL 2 and 3, invented and
    historical people) the shortened code completed more pairs than Soundex, Metaphone, NYSIIS or the match rating
    codex, whole or cut, with rare keys left to the gate.
    """
    return jellyfish.soundex(letters)[:SOUNDEX_SYMBOLS] if letters else ""
