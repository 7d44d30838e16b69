"""
Spellings of a Devanagari name token: the usual Roman one, other Roman ones, other Devanagari ones, and slips.

The tables beside this file say how people write the sounds; they were made for the generator alone and share nothing
with the library's phonetic tables, so that a world does not test the library with its own rules.
"""

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

from benchmarks.data.worlds.chance import Chance

HERE = Path(__file__).parent
VIRAMA = "्"
VOWEL_SIGNS = frozenset("ािीुूृेैोौ")
MARKS = frozenset("ंँः")
VOWELS = frozenset("अआइईउऊऋएऐओऔ")
CONJUNCTS = ("क्ष", "ज्ञ")
LEAST_LETTERS = 3  # shorter tokens are not mistyped: nothing of them would be left
FINAL_A = 0.3  # share of variants that add or drop the final a where it may stand
# Letters that one hand writes for another, in both directions.
EXCHANGED = ("िी", "ुू", "शस", "षश", "वब", "णन", "ङं", "ँं", "यए", "जझ", "टत", "डद")
NEIGHBOURS = {"a": "sq", "e": "rw", "i": "uo", "k": "lj", "m": "n", "n": "mb", "r": "te", "s": "ad", "t": "ry"}


class Unit(NamedTuple):
    """One sign of a token: its usual spelling and the others."""

    usual: str
    others: tuple[str, ...]


INITIAL_VA = Unit("b", ("v", "w"))  # Bishnu, Binod; elsewhere it is a v, as in Yadav


@cache
def _signs() -> dict[str, Unit]:
    """Read how each sign is written in Latin letters."""
    with (HERE / "roman.csv").open(encoding="utf-8") as file:
        return {
            row["sign"]: Unit(row["usual"], tuple(filter(None, row["others"].split("|"))))
            for row in csv.DictReader(file)
        }


@cache
def _usual_names() -> dict[str, str]:
    """Read the names whose usual spelling does not follow their letters."""
    with (HERE / "roman_usual.csv").open(encoding="utf-8") as file:
        return {row["name"]: row["usual"] for row in csv.DictReader(file)}


@cache
def _units(token: str) -> tuple[Unit, ...]:
    """Take a token apart into signs; each inherent vowel that is spoken is a sign of its own."""
    units: list[Unit] = []
    position = 0
    while position < len(token):
        sign = next((whole for whole in CONJUNCTS if token.startswith(whole, position)), token[position])
        position += len(sign)
        if sign in _signs():
            units.append(_signs()[sign] if units or sign != "व" else INITIAL_VA)
        if _is_consonant(sign) and not _is_silent(token, position):
            units.append(Unit("a", ("u", "e") if units and position < len(token) else ("",)))
    return tuple(units)


def _is_consonant(sign: str) -> bool:
    """Tell whether a sign carries an inherent vowel."""
    return sign in _signs() and sign not in VOWEL_SIGNS | MARKS | VOWELS


def _is_silent(token: str, after: int) -> bool:
    """Tell whether the inherent vowel before `after` is not spoken: a vowel sign or virama follows, or the end."""
    rest = token[after:]
    if rest and (rest[0] in VOWEL_SIGNS or rest[0] == VIRAMA):
        return True
    if not rest:
        return VIRAMA not in token[-3:] or len(token) == 1
    has_vowel_before = after > 1 and (token[after - 2] in VOWEL_SIGNS or token[after - 2] in VOWELS)
    return has_vowel_before and len(rest) > 1 and rest[1] in VOWEL_SIGNS and rest[0] not in MARKS


@cache
def usual_roman(token: str) -> str:
    """Return the spelling in Latin letters that most people would choose, capitalised."""
    known = _usual_names().get(token)
    return known or "".join(unit.usual for unit in _units(token)).capitalize()


def roman_variant(token: str, chance: Chance) -> str:
    """Return another spelling in Latin letters; the usual one when the token allows no other."""
    units = _units(token)
    open_places = [place for place, unit in enumerate(units) if unit.others]
    if not open_places:
        return usual_roman(token)
    written = [unit.usual for unit in units]
    for _ in range(2 if chance.happens(FINAL_A) else 1):
        place = chance.pick(open_places)
        written[place] = chance.pick(units[place].others)
    text = "".join(written)
    if text.endswith("a") and chance.happens(FINAL_A) and len(text) > LEAST_LETTERS:
        text = text[:-1]
    elif text[-1:] not in "aeiouy" and chance.happens(FINAL_A / 2):
        text += "a"
    return text.capitalize()


def devanagari_variant(token: str, chance: Chance) -> str:
    """Return another spelling in Devanagari; the same one when the token holds no letter that is exchanged."""
    places = [
        (place, pair[1 - pair.index(letter)])
        for place, letter in enumerate(token)
        for pair in EXCHANGED
        if letter in pair and (place > 0 or pair not in ("यए", "ङं"))
    ]
    if not places:
        return token
    place, other = chance.pick(places)
    return token[:place] + other + token[place + 1 :]


def mistyped(token: str, chance: Chance) -> str:
    """Return a token with one letter left out, doubled, exchanged with the next, or replaced by a neighbour."""
    if len(token) < LEAST_LETTERS:
        return token
    place = chance.between(1, len(token) - 1)
    if VIRAMA in token[place - 1 : place + 2]:
        return token
    kind = chance.below(4)
    if kind == 0:
        return token[:place] + token[place + 1 :]
    if kind == 1 and place + 1 < len(token):
        return token[:place] + token[place + 1] + token[place] + token[place + 2 :]
    letter = token[place]
    if kind == 2 and letter.isascii():  # noqa: PLR2004 - the third of four kinds
        return token[:place] + chance.pick(NEIGHBOURS.get(letter.lower(), "e")) + token[place + 1 :]
    return token[:place] + letter + token[place:] if letter.isascii() else token[:place] + token[place + 1 :]
