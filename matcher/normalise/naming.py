"""
Make the readings of a name field from the cells it comes from; partner's side only.

The first reading is what the row says; further ones come from aliases, and from doubts about where a given name ends
or which of two surnames another list would carry.
"""

from collections.abc import Iterable
from functools import lru_cache

from matcher.normalise.names import NameCell, Token
from matcher.normalise.text import CELL_CACHE
from matcher.person import Name
from matcher.phonetics.keys import Family, family_of

MAX_READINGS = 6  # every reading multiplies the entries of a record
FEWEST_SYMBOLS = 2  # a key of one symbol is shared by too many unlike names

Words = tuple[Token, ...]


def given_readings(cell: NameCell, aliases: Iterable[Words], phonetics: str) -> tuple[Name, ...]:
    """
    Return the readings of a given name.

    Args:
        cell: the given-name cell; its own aliases count too.
        aliases: other full names of the person; all but their last word are given.
        phonetics: language family.
    """
    names = [cell.tokens, *cell.aliases, *(words[:-1] or words for words in aliases)]
    strong = [_without_fillers(words) for words in names if words]
    doubts = [words[:1] for words in strong if len(words) > 1]
    return _names([*strong, *doubts], phonetics)


def family_readings(
    cell: NameCell, aliases: Iterable[Words], phonetics: str, surnames: Iterable[Words] = ()
) -> tuple[Name, ...]:
    """
    Return the readings of a surname: the whole, the person's other surnames, then the last and the first of several.

    Args:
        cell: the surname cell; its own aliases count too.
        aliases: other full names of the person; the last word of several is the surname.
        phonetics: language family.
        surnames: natal and marital surname, where they stand in columns of their own.
    """
    own = [words for words in (cell.tokens, *cell.aliases, *surnames) if words]
    doubts = [part for words in own if len(words) > 1 for part in (words[-1:], words[:1])]
    others = [words[-1:] for words in aliases if len(words) > 1]
    return _names([*own, *doubts, *others], phonetics)


def relative_readings(cell: NameCell, phonetics: str) -> tuple[Name, ...]:
    """
    Return the readings of a parent's or spouse's given name; the surname is the family's, and no further evidence.

    Args:
        cell: the relative's full name, or given name alone.
        phonetics: language family.
    """
    names = [words for words in (cell.tokens, *cell.aliases) if words]
    given = [_without_fillers(words[:-1] if len(words) > 1 else words) for words in names]
    doubts = [words[:1] for words in given if len(words) > 1]
    return _names([*given, *doubts], phonetics)


def whole_readings(cell: NameCell, aliases: Iterable[Words], phonetics: str) -> tuple[Name, ...]:
    """
    Return the readings of a name whose parts are not told apart: as given names and surname in either order,
    without the middle ones, and as one word.

    Args:
        cell: the name cell; its own aliases count too.
        aliases: other names of the person.
        phonetics: language family.
    """
    names = [words for words in (cell.tokens, *cell.aliases, *aliases) if words]
    parted = [_full_name(words[:-1], words[-1:], phonetics) for words in names if len(words) > 1]
    parted += [_full_name(words[:1], words[-1:], phonetics) for words in names if len(words) > len(("given", "family"))]
    return tuple(dict.fromkeys((*parted, *_names(names, phonetics))))[:MAX_READINGS]


def joined_readings(
    given: Words, family: Words, aliases: Iterable[Words], phonetics: str, surnames: Iterable[Words] = ()
) -> tuple[Name, ...]:
    """
    Return the readings of a full name.

    Its key holds given name and surname in one fixed order, so that swapped columns make no difference, without
    fillers; half a name has no key, or the gate would take a common given name for a rare full one.

    Args:
        given: words of the given and middle names.
        family: words of the surname.
        aliases: other full names of the person; one word alone is another given name.
        phonetics: language family.
        surnames: natal and marital surname, where they stand in columns of their own.
    """
    families = [words for words in (family, *surnames) if words] or [family]
    family = families[0]
    pairs = [(given, words) for words in families]
    pairs += [(words[:-1], words[-1:]) if len(words) > 1 else (words, family) for words in aliases]
    names = [_full_name(first, last, phonetics) for first, last in pairs if first or last]
    return tuple(dict.fromkeys(names))[:MAX_READINGS]


def _full_name(given: Words, family: Words, phonetics: str) -> Name:
    """Join the two halves."""
    halves = [_half(words, phonetics) for words in (given, family) if words]
    keys = sorted(half.key for half in halves)
    key = "".join(keys) if len(keys) == len(("given", "family")) and all(keys) else ""
    return Name(" ".join(half.text for half in halves), " ".join(half.folded for half in halves), key)


@lru_cache(maxsize=CELL_CACHE)
def _half(words: Words, phonetics: str) -> Name:
    """Make half a full name; its key is without fillers."""
    rules = family_of(phonetics)
    return Name(_text(words), _folded(words, rules), rules.blocking(_symbols(_without_fillers(words))))


def _names(names: Iterable[Words], phonetics: str) -> tuple[Name, ...]:
    """Make a reading of each, without repeating one."""
    readings = dict.fromkeys(_name(words, phonetics) for words in names)
    return tuple(readings)[:MAX_READINGS]


@lru_cache(maxsize=CELL_CACHE)
def _name(words: Words, phonetics: str) -> Name:
    """Make one reading; a key that is too weak is left empty."""
    rules = family_of(phonetics)
    key = rules.blocking(_symbols(words))
    return Name(_text(words), _folded(words, rules), key if len(key) >= FEWEST_SYMBOLS else "")


def _without_fillers(words: Words) -> Words:
    """Drop initials and what nearly everybody carries, unless nothing else is there."""
    return tuple(word for word in words if not word.is_filler and len(word.text) > 1) or words[:1]


def _text(words: Words) -> str:
    """Join the letters."""
    return " ".join([word.text for word in words])


def _folded(words: Words, rules: Family) -> str:
    """Join the scoring keys."""
    return " ".join([rules.scoring(word.symbols) for word in words])


def _symbols(words: Words) -> str:
    """Join the symbols, so that a name written together or apart is one."""
    return "".join([word.symbols for word in words])
