"""
Take a name cell apart into tokens, and into the other names that stand beside it; partner's side only.

Brackets, quotes, slashes and words like *alias* hold another name of the same person. Titles and honorifics are no
name. What cannot be read is reported by kind, and the rest of the cell is used.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from matcher.errors import UnreadableFieldError
from matcher.normalise.text import CELL_CACHE, clean, refuse_legacy_font
from matcher.phonetics.keys import family_of
from matcher.phonetics.lexicon import forms, honorifics
from matcher.phonetics.scripts import canonical_token

MAX_TOKENS = 12
MAX_ALIASES = 8

_BRACKETED = re.compile(r"[(\[{<](.*?)[)\]}>]|\"(.*?)\"|(?<!\w)'([^']+)'(?!\w)")
_LONE_MARKS = re.compile(r"[()\[\]{}<>\"*!?&+=_~^%$#@|\\:।॥…]+")
_ALIAS_WORDS = re.compile(r"(?<!\w)(?:alias|urf|aka|a\.k\.a\.?|उर्फ|उर्फ़|भन्ने|भनिने|ओरफे)(?!\w)|/", re.IGNORECASE)
_RELATION = re.compile(r"(?<!\w)[sdwc] ?/ ?o(?!\w).*$", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_ASIDE = re.compile(r"[-']+")
_INITIALS = re.compile(r"^(?:[^\W\d_][\u0900-\u0dff]{0,2}\.)+(?:[^\W\d_][\u0900-\u0dff]{0,2})?\.?$")
_SHORT = 2  # code points: one Devanagari syllable, one Latin initial and its stop
_JOINED_FILLERS = ("bahadur", "kumari", "kumar", "prasad", "devi", "maya")
_FEWEST_LETTERS_LEFT = 3


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a name: its Latin letters and its folded sound symbols; `is_filler` when it is nearly no evidence."""

    text: str = field(repr=False)
    symbols: str = field(repr=False)
    is_filler: bool = False


@dataclass(frozen=True, slots=True)
class NameCell:
    """
    A name cell, taken apart.

    Attributes:
        tokens: words of the name, in their order; empty when none is readable.
        aliases: words of each other name that stood beside it.
        faults: codes of what could not be read.
    """

    tokens: tuple[Token, ...] = ()
    aliases: tuple[tuple[Token, ...], ...] = ()
    faults: tuple[str, ...] = ()


@lru_cache(maxsize=CELL_CACHE)
def read_name(cell: str, phonetics: str) -> NameCell:
    """
    Take a cell apart that holds one name, and perhaps other names of the same person beside it.

    Args:
        cell: text as written.
        phonetics: language family, as in `LinkageSchema.phonetics`.

    Returns:
        The words; a cell that cannot be read has no tokens and at least one fault.
    """
    try:
        text = clean(cell)
        if phonetics != "latin":
            refuse_legacy_font(text)
    except UnreadableFieldError as fault:
        return NameCell(faults=(fault.code,))
    main, beside = _names_apart(_RELATION.sub("", text))
    tokens, faults = _tokens(main, phonetics)
    aliases = []
    for other in beside[:MAX_ALIASES]:
        found, more = _tokens(other, phonetics)
        faults += more
        if found and found != tokens:
            aliases.append(found)
    if not tokens and aliases:
        tokens = aliases.pop(0)
    return NameCell(tokens, tuple(dict.fromkeys(aliases)), tuple(dict.fromkeys(faults)))


def read_aliases(cell: str, phonetics: str) -> NameCell:
    """
    Take a cell apart that holds several names of one person, `;` between.

    Args:
        cell: text as written.
        phonetics: language family.

    Returns:
        No tokens; one alias a name.
    """
    cells = [read_name(piece, phonetics) for piece in re.split(r"[;\n]", cell)]
    aliases = [alias for one in cells for alias in (one.tokens, *one.aliases) if alias]
    faults = [fault for one in cells for fault in one.faults]
    return NameCell((), tuple(dict.fromkeys(aliases))[:MAX_ALIASES], tuple(dict.fromkeys(faults)))


def _names_apart(text: str) -> tuple[str, list[str]]:
    """Part the main name from those in brackets and quotes or behind a word like alias; turn `Family, Given` round."""
    beside = [next(filter(None, found.groups()), "") for found in _BRACKETED.finditer(text)]
    main, *more = _ALIAS_WORDS.split(_BRACKETED.sub(" ", text))
    family, comma, given = main.partition(",")
    if comma and given.strip() and "," not in given:
        main = f"{given} {family}"
    return main, [*more, *(part for other in beside for part in _ALIAS_WORDS.split(other))]


def _tokens(text: str, phonetics: str) -> tuple[tuple[Token, ...], list[str]]:
    """Read the words of one name; return them and the codes of what could not be read."""
    words = _join_initials(_words(_LONE_MARKS.sub(" ", text.replace(",", " "))))
    faults: list[str] = []
    tokens: list[Token] = []
    if len(words) > MAX_TOKENS:
        faults.append("too_many_words")
    for word in _without_honorifics(words[:MAX_TOKENS]):
        try:
            tokens.extend(_read_word(word, phonetics))
        except UnreadableFieldError as fault:
            faults.append(fault.code)
    return tuple(tokens), faults


def _words(text: str) -> list[str]:
    """Split at spaces and hyphens, and at full stops that do not mark initials."""
    words: list[str] = []
    for chunk in _ASIDE.sub(" ", _DIGITS.sub(" ", text)).split():
        if _INITIALS.match(chunk):
            words.append(chunk.replace(".", ""))
        else:
            words.extend(filter(None, chunk.split(".")))
    return words


def _join_initials(words: list[str]) -> list[str]:
    """Join trailing initials written apart: K C, बि क."""
    if len(words) > 1 and len(words[-1]) <= _SHORT and len(words[-2]) <= _SHORT:
        joined = words[-2] + words[-1]
        known = forms("nepali", "abbreviation")
        if joined.lower() in known or (len(joined) == _SHORT and joined.isascii()):
            return [*words[:-2], joined]
    return words


def _without_honorifics(words: list[str]) -> list[str]:
    """Drop titles before and after a name, as long as a name is left."""
    while len(words) > 1 and _is_honorific(words[0]):
        words = words[1:]
    while len(words) > 1 and _is_honorific(words[-1]):
        words = words[:-1]
    return words


def _is_honorific(word: str) -> bool:
    """Look a word up among the titles, in the letters the list is kept in."""
    try:
        return canonical_token(word)[1] in honorifics()
    except UnreadableFieldError:
        return False


@lru_cache(maxsize=CELL_CACHE)
def _read_word(word: str, phonetics: str) -> tuple[Token, ...]:
    """Read one word; a filler that is written onto a name comes apart from it."""
    family = family_of(phonetics)
    text = family.text(word)
    fillers = family.fillers()
    if fillers:
        for filler in _JOINED_FILLERS:
            stem = text.removesuffix(filler)
            if stem != text and len(stem) >= _FEWEST_LETTERS_LEFT:
                return Token(stem, family.spell(stem)), Token(filler, family.spell(filler), is_filler=True)
    symbols = family.spell(word)
    return (Token(text, symbols, is_filler=symbols in fillers),)
