"""
Invented people for the demonstration, with the name concentration of the real country; on the partner's premises.

Nobody here exists. Names are drawn by weight, so that many share a name, as they do; parents share the family name
mostly; places come from the official table. The seed is fixed: the same people each time, under new keys each time.
"""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from io import StringIO
from random import Random

from matcher.document import read_data

DISTRICTS = ("23", "30", "31", "34", "35", "24", "28", "19", "40", "49", "36", "20")  # hills and border, both
FIRST_BIRTH = date(1968, 1, 1)
LAST_BIRTH = date(2003, 12, 31)  # adults at every record of the demo; minors are added by hand
MARRIED_NAME_SHARE = 0.1  # of mothers who are written under another family name
PHONE_SHARE = 0.66
CITIZENSHIP_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Word:
    """A name in both scripts; the first Roman spelling is the commonest."""

    devanagari: str
    roman: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Home:
    """A ward of a local unit, by its official names."""

    district: Word
    local_unit: Word
    ward: int


@dataclass(frozen=True, slots=True)
class Invented:
    """A person who does not exist, as all that could be known of her."""

    given: Word
    family: Word
    father: Word
    mother: Word
    birth: date
    home: Home
    phone: str
    citizenship_no: str
    alias: Word | None = None


@cache
def words(kind: str) -> tuple[tuple[Word, ...], tuple[int, ...]]:
    """Return the names of a kind (woman, man, family) with their weights."""
    text = (files("api.agent.demo") / "words.csv").read_text(encoding="utf-8")
    rows = [row for row in csv.DictReader(StringIO(text)) if row["kind"] == kind]
    names = tuple(Word(row["devanagari"], tuple(row["roman"].split("|"))) for row in rows)
    return names, tuple(int(row["weight"]) for row in rows)


def word(kind: str, roman: str) -> Word:
    """Return the name with this commonest Roman spelling."""
    return next(name for name in words(kind)[0] if name.roman[0] == roman)


@cache
def homes(district: str) -> tuple[Home, ...]:
    """Return every ward of a district, by the district's number in the official table."""
    rows = list(csv.DictReader(StringIO(read_data("places/nepal.csv"))))
    above = next(row for row in rows if row["code"] == district)
    district_name = Word(above["name_ne"], (above["name"],))
    return tuple(
        Home(district_name, Word(row["name_ne"], (row["name"],)), ward)
        for row in rows
        if row["district"] == district and row["wards"]
        for ward in range(1, int(row["wards"]) + 1)
    )


def invent(chance: Random) -> Invented:
    """Invent a woman; about half of them hold a citizenship certificate, two thirds a phone."""
    family = _draw(chance, "family")
    married_name = _draw(chance, "family") if chance.random() < MARRIED_NAME_SHARE else family
    return Invented(
        given=_draw(chance, "woman"),
        family=family,
        father=_joined(_draw(chance, "man"), family),
        mother=_joined(_draw(chance, "woman"), married_name),
        birth=FIRST_BIRTH + timedelta(days=chance.randrange((LAST_BIRTH - FIRST_BIRTH).days)),
        home=chance.choice(homes(chance.choice(DISTRICTS))),
        phone=_phone(chance) if chance.random() < PHONE_SHARE else "",
        citizenship_no=_citizenship(chance) if chance.random() < CITIZENSHIP_SHARE else "",
    )


def joined(first: str, family: str) -> Word:
    """Return a parent's full name by the commonest Roman spellings of its parts."""
    kind = "man" if any(name.roman[0] == first for name in words("man")[0]) else "woman"
    return _joined(word(kind, first), word("family", family))


def _joined(first: Word, family: Word) -> Word:
    """Join a first name and a family name, in both scripts, spelling by spelling."""
    spellings = tuple(f"{one} {other}" for one in first.roman for other in family.roman)
    return Word(f"{first.devanagari} {family.devanagari}", spellings)


def _draw(chance: Random, kind: str) -> Word:
    """Draw a name by its weight."""
    names, weights = words(kind)
    return chance.choices(names, weights)[0]


def _phone(chance: Random) -> str:
    """Invent a mobile number."""
    return f"98{chance.randrange(10**8):08d}"


def _citizenship(chance: Random) -> str:
    """Invent a certificate number: district, office, year, serial."""
    return "-".join((f"{chance.randrange(1, 76):02d}", "01", f"{chance.randrange(55, 80)}", _serial(chance)))


def _serial(chance: Random) -> str:
    """Invent five digits."""
    return f"{chance.randrange(10**5):05d}"
