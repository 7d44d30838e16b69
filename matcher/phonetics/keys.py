"""
The keys that the spellings of one name share, by language family; partner's side only.

A project chooses one family for all its names (`phonetics` in the schema), because a key must not depend on what
a record happens to be written in.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from matcher.errors import UnreadableFieldError
from matcher.phonetics.bengali import bengali_fillers, bengali_symbols
from matcher.phonetics.indic import written_out
from matcher.phonetics.latin import latin_blocking, latin_letters
from matcher.phonetics.nepali import nepali_fillers, nepali_symbols
from matcher.phonetics.symbols import blocking_of, scoring_of


@dataclass(frozen=True, slots=True)
class Family:
    """
    How one language family reads names.

    Attributes:
        text: one token as written, in plain Latin letters, abbreviations written out; raises UnreadableFieldError.
        spell: folded symbols of one token as written; raises UnreadableFieldError.
        scoring: scoring key of folded symbols.
        blocking: blocking key of the folded symbols of one or more tokens, joined.
        fillers: folded symbols of the words that are nearly no evidence.
    """

    text: Callable[[str], str]
    spell: Callable[[str], str]
    scoring: Callable[[str], str]
    blocking: Callable[[str], str]
    fillers: Callable[[], frozenset[str]]


def _no_change(symbols: str) -> str:
    """Plain Latin letters are their own scoring key."""
    return symbols


def _no_fillers() -> frozenset[str]:
    """No word is nearly no evidence everywhere."""
    return frozenset()


_FAMILIES: Mapping[str, Family] = {
    "nepali": Family(partial(written_out, family="nepali"), nepali_symbols, scoring_of, blocking_of, nepali_fillers),
    "bengali": Family(
        partial(written_out, family="bengali"), bengali_symbols, scoring_of, blocking_of, bengali_fillers
    ),
    "latin": Family(latin_letters, latin_letters, _no_change, latin_blocking, _no_fillers),
}


def family_of(phonetics: str) -> Family:
    """
    Return a language family.

    Args:
        phonetics: nepali, bengali or latin, as in `LinkageSchema.phonetics`.
    """
    return _FAMILIES[phonetics]


def scoring_key(name: str, phonetics: str = "nepali") -> str:
    """
    Fold a name to the key by which two names are compared.

    Case, length and aspiration are lost on purpose: two people may share a key, but seldom two names.

    Args:
        name: one name part in any script, as written; words are joined.
        phonetics: language family.

    Returns:
        ASCII letters, at least one.

    Raises:
        UnreadableFieldError: no letter of a known script is left.
    """
    family = family_of(phonetics)
    return _not_empty(family.scoring("".join(map(family.spell, name.split()))))


def blocking_key(name: str, phonetics: str = "nepali") -> str:
    """
    Fold a name to the key by which pairs are looked up: more spellings share it, and more names.

    A key of one symbol says too little to look anybody up alone.

    Args:
        name: one name part in any script, as written; words are joined.
        phonetics: language family.

    Returns:
        ASCII letters, at least one.

    Raises:
        UnreadableFieldError: no letter of a known script is left.
    """
    family = family_of(phonetics)
    return _not_empty(family.blocking("".join(map(family.spell, name.split()))))


def _not_empty(key: str) -> str:
    """Refuse the empty key: everybody would share it."""
    if not key:
        raise UnreadableFieldError("no letter of a known script is left", code="no_letters")
    return key
