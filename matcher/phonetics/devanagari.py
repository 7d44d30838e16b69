"""
Turn Devanagari into sound symbols and into plain Latin letters, by one table; partner's side only.

The inherent vowel is written out after every bare consonant but the last: speech drops it there, and no key keeps a
short a elsewhere.
"""

import re
from collections.abc import Mapping
from functools import cache

from matcher.phonetics.tables import letters_of

_VIRAMA = "्"
_LONG_A = "आा"  # a last nasal is heard after it (खाँ is Khan), hardly after another vowel
_GLIDES = "यरलव"  # after another consonant they cannot close a word: सूर्य is surya


@cache
def _table(family: str) -> tuple[re.Pattern[str], Mapping[str, Mapping[str, str]]]:
    """Build the scanner: longest letter first."""
    table = {row["letter"]: row for row in letters_of("devanagari", family, ("letter",))}
    letters = sorted(table, key=len, reverse=True)
    return re.compile("|".join([*letters, _VIRAMA])), table


def devanagari_symbols(token: str, family: str = "nepali") -> str:
    """
    Return the sound symbols of a Devanagari token; empty when no letter is known.

    Args:
        token: repaired Devanagari letters, as `canonical_token` gives them.
        family: nepali or bengali.
    """
    return _spell(token, "symbols", family)


def devanagari_roman(token: str) -> str:
    """
    Return the token in plain Latin letters, as it is commonly written in Nepal; empty when no letter is known.

    Args:
        token: repaired Devanagari letters, as `canonical_token` gives them.
    """
    return _spell(token, "roman", "nepali").replace("aa", "a")


def _spell(token: str, column: str, family: str) -> str:
    """Write the letters out, with the inherent vowel where it is spoken."""
    pattern, table = _table(family)
    out: list[str] = []
    open_consonant = False
    letters = pattern.findall(token)
    for place, letter in enumerate(letters):
        if letter == _VIRAMA:
            open_consonant = False
            continue
        row = table[letter]
        kind = row["kind"]
        if open_consonant and kind != "sign":
            out.append("a")
        if kind == "nasal" and place + 1 == len(letters) and not open_consonant and letters[place - 1] not in _LONG_A:
            continue
        open_consonant = kind == "consonant"
        out.append(row[column])
    if open_consonant and letters[-1] in _GLIDES and letters[-2:-1] == [_VIRAMA]:
        out.append("a")
    return "".join(out)
