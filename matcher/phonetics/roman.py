"""
Turn Latin spellings of the region's names into sound symbols; partner's side only.

Longest spelling first, by `data/phonetics/roman.csv`. Symbols are capital letters for consonants and a, i, u for
vowels; what a symbol stands for is the same in every script.
"""

import re
from functools import cache

from matcher.phonetics.tables import letters_of

# How `where` of the table reads: what must stand around the spelling.
_WHERE = {
    "any": "{}",
    "initial": "^{}",
    "closing": "{}$",
    "before_vowel": "{}(?=[aeiou])",
    "before_a": "{}(?=a)",
    "before_consonant": "{}(?![aeiouy])",
    "vowelless": "{}(?![aeiou])",
    "closing_after_n": "(?<=n){}$",
    "before_liquid": "{}(?=[rlkt])",
    "before_stop": "{}(?=[bcdjkmnpstz])",
}


@cache
def _rules(family: str) -> tuple[re.Pattern[str], tuple[str, ...]]:
    """Build one alternation, longest and most bound spelling first, and the symbols of each of its groups."""
    rows = sorted(
        letters_of("roman", family, ("spelling", "where")),
        key=lambda row: (-len(row["spelling"]), row["where"] == "any"),
    )
    pattern = "|".join(f"({_WHERE[row['where']].format(row['spelling'])})" for row in rows)
    return re.compile(pattern), tuple(row["symbols"] for row in rows)


def roman_symbols(token: str, family: str = "nepali") -> str:
    """
    Return the sound symbols of a Latin token.

    Args:
        token: lower-case ASCII letters, at least one.
        family: nepali or bengali.
    """
    pattern, symbols = _rules(family)
    return "".join([symbols[(found.lastindex or 1) - 1] for found in pattern.finditer(token)])
