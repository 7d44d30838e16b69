"""
Take a name cell apart into tokens, and into the other names that stand beside it; partner's side only.

Brackets, quotes, slashes and words like *alias* hold another name of the same person. Titles and honorifics are no
name. What cannot be read is reported by kind, and the rest of the cell is used.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from matcher.errors import UnreadableFieldError
from matcher.normalise.legacy import refuse_legacy_font
from matcher.normalise.text import CELL_CACHE, clean, said_missing
from matcher.phonetics.keys import Family, family_of
from matcher.phonetics.latin import latin_letters
from matcher.phonetics.lexicon import forms, honorifics
from matcher.phonetics.scripts import Script, canonical_token

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
# Fillers that are written onto a given name, and how many letters of a name must be left before them.
_LATIN_FILLER = re.compile(r"(ba+ha+d(?:u+|oo)r|k(?:u+|oo)ma+r(?:i+|ee|y)?|pra+sa+d|de[vb](?:i+|ee|y)|ma+ya+)$")
_DEVANAGARI_FILLER = re.compile("(बहाद[ुू]र|क[ुू]मार[िी]?|प्रसाद|देव[िी]|माया)$")
_LETTERS_LEFT = {Script.LATIN: 3, Script.DEVANAGARI: 2}


class Token(NamedTuple):
    """One word of a name: its Latin letters and its folded sound symbols; `is_filler` when it is nearly no evidence."""

    text: str
    symbols: str
    is_filler: bool = False

    def __repr__(self) -> str:
        """Show nothing of a name."""
        return "Token(…)"


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
        text = clean(cell, is_name=True)
        if phonetics != "latin":
            refuse_legacy_font(text)
    except UnreadableFieldError as fault:
        return NameCell(faults=(fault.code,))
    bare = _RELATION.sub("", text)
    main, beside = _names_apart(bare)
    tokens, faults = _tokens(main, phonetics)
    faults += [code for code, is_found in _left_out(text, bare, beside) if is_found]
    aliases = []
    for other in beside[:MAX_ALIASES]:
        found, more = _tokens(other, phonetics)
        faults += more
        if found and found != tokens:
            aliases.append(found)
    if said_missing(" ".join(token.text for token in tokens), is_name=True):
        tokens = ()
    if not tokens and aliases:
        tokens = aliases.pop(0)
    return NameCell(tokens, tuple(dict.fromkeys(aliases)), tuple(dict.fromkeys(faults)))


def _left_out(text: str, bare: str, beside: list[str]) -> tuple[tuple[str, bool], ...]:
    """Name what of a cell is not used though it could be read."""
    return (
        ("digits_in_name", bool(_DIGITS.search(text))),
        ("relation_in_name", text != bare),
        ("too_many_names", len(beside) > MAX_ALIASES),
    )


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
        joined, written = words[-2] + words[-1], _written_out(words[-2]) + _written_out(words[-1])
        known = forms("nepali", "abbreviation")
        if joined in known or written in known or (joined.isascii() and joined.isupper() and len(joined) == _SHORT):
            return [*words[:-2], joined if joined in known else written]
    return words


def _written_out(word: str) -> str:
    """Return a short word in Latin letters; empty when it has none."""
    try:
        return latin_letters(word)
    except UnreadableFieldError:
        return ""


def _without_honorifics(words: list[str]) -> list[str]:
    """Drop titles before and after a name, as long as a name is left."""
    while len(words) > 1 and _is_honorific(words[0]):
        words = words[1:]
    while len(words) > 1 and _is_honorific(words[-1]):
        words = words[:-1]
    return words


def _is_honorific(word: str) -> bool:
    """Look a word up among the titles, as written and written out."""
    try:
        return canonical_token(word)[1] in honorifics() or latin_letters(word) in honorifics()
    except UnreadableFieldError:
        return False


@lru_cache(maxsize=CELL_CACHE)
def _read_word(word: str, phonetics: str) -> tuple[Token, ...]:
    """Read one word; a filler that is written onto a name comes apart from it."""
    family = family_of(phonetics)
    fillers = family.fillers()
    script, letters = canonical_token(word)
    pattern = _LATIN_FILLER if script is Script.LATIN else _DEVANAGARI_FILLER
    carried = pattern.search(letters) if fillers else None
    if carried is not None and carried.start() >= _LETTERS_LEFT.get(script, _SHORT):
        filler = _token(carried[0], family)
        return _token(letters[: carried.start()], family), Token(filler.text, filler.symbols, is_filler=True)
    token = _token(word, family)
    return (Token(token.text, token.symbols, is_filler=token.symbols in fillers),)


def _token(word: str, family: Family) -> Token:
    """Read one word as it stands."""
    return Token(family.text(word), family.spell(word))
