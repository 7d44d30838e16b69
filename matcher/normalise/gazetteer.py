"""
The official code table of Nepal's provinces, districts and local units, looked up by folded name; partner's side only.

Source: `data/places/nepal.csv`, made from the MIT-licensed table of the PyPI package tlf-geo. A district that was
split in 2015 is one *group* with its other half, because older papers name the whole. Never the phonetic key: it
takes Dang for Dhading.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from io import StringIO

from rapidfuzz import fuzz, process

from matcher.document import read_data
from matcher.person import Place
from matcher.phonetics.devanagari import devanagari_roman
from matcher.phonetics.scripts import Script, canonical_token, script_of

FEWEST_LETTERS_FORGIVEN = 6
FORGIVEN_LIKENESS = 91  # of 100: one letter too few or too many in six, none exchanged
FEWEST_CONSONANTS = 4  # of a name known by its consonants alone: dolkha and dolakha, not banke and banka
LEAST_LIKENESS = 75  # of 100, Levenshtein ratio; below it a suggestion misleads
MAX_WARD = 33  # of the largest city
SPLIT_DISTRICTS = {"48": "nawalparasi", "76": "nawalparasi", "54": "rukum", "77": "rukum"}
SPLIT_NAMES = {"nawalparasi": "nawalparasi", "नवलपरासी": "nawalparasi", "rukum": "rukum", "रुकुम": "rukum"}

_SUFFIXES = re.compile(
    r"(?:rural ?municipality|sub ?-?metropolitan(?: ?city)?|metropolitan(?: ?city)?|municipality|gaun ?palika"
    r"|gau ?palika|upamahanagar ?palika|mahanagar ?palika|nagar ?palika|district|jilla|zilla|jila|province|pradesh"
    r"|उप ?-?महानगरपालिका|महानगरपालिका|गाउँपालिका|गाऊँपालिका|गाउपालिका|नगरपालिका|जिल्ला|प्रदेश"
    r"|उ\.?म\.?न\.?पा\.?|म\.?न\.?पा\.?|गा\.?पा\.?|न\.?पा\.?)\s*$"
)
_ALIKE = (
    ("aa", "a"), ("ee", "i"), ("ii", "i"), ("oo", "u"), ("uu", "u"), ("ou", "au"), ("chh", "ch"), ("sh", "s"),
    ("v", "b"), ("w", "b"), ("ph", "f"), ("y", "i"), ("ksh", "ks"), ("x", "ks"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unit:
    """A row of the table; `district` is empty for provinces and for districts themselves."""

    code: str
    level: str
    district: str
    name: str


@dataclass(frozen=True, slots=True)
class _Gazetteer:
    """Units by folded name: districts, local units, and what is above a district."""

    districts: Mapping[str, str]
    units: Mapping[str, tuple[Unit, ...]]
    above: frozenset[str]
    names: Mapping[str, str]
    by_consonants: Mapping[str, frozenset[str]]


def place_key(text: str) -> str:
    """
    Return the letters by which a place is looked up: no case, spaces, length, or endings like *municipality*.

    Args:
        text: a place name in any script, cleaned.

    Returns:
        Lower-case ASCII letters and digits; empty when none is readable.
    """
    bare = _SUFFIXES.sub("", text.lower().strip()).strip(" .,-") or text.lower()
    letters = "".join(_plain(word) for word in re.split(r"[^\w\u0900-\u0dff]+", bare) if word)
    for written, alike in _ALIKE:
        letters = letters.replace(written, alike)
    return re.sub(r"(.)\1", r"\1", letters)


def _plain(word: str) -> str:
    """Write one word in Latin letters."""
    if word.isascii():
        return word
    if script_of(word) in {Script.OTHER, Script.ARABIC, Script.TIBETAN}:
        return ""
    script, letters = canonical_token(word[:60])
    if script is Script.LATIN:
        return letters
    return devanagari_roman(letters.replace("ङ्ग", "ङ"))


@cache
def _gazetteer() -> _Gazetteer:
    """Read the table once; a name that two districts share stands for neither."""
    rows = list(csv.DictReader(StringIO(read_data("places/nepal.csv"))))
    districts = {place_key(name): code for name, code in SPLIT_NAMES.items()}
    units: dict[str, dict[str, Unit]] = defaultdict(dict)
    above = {place_key(zone) for zone in _ZONES}
    names = {"nawalparasi": "nawalparasi", "rukum": "rukum"}
    for row in rows:
        keys = {place_key(name) for name in (row["name"], row["name_ne"], *row["aliases"].split("|"))} - {""}
        code = SPLIT_DISTRICTS.get(row["code"], row["code"])
        names.setdefault(code, row["name"].lower())
        if row["level"] == "district":
            districts |= dict.fromkeys(keys, code)
        elif row["level"] == "province":
            above |= keys
        else:
            unit = Unit(row["code"], row["level"], SPLIT_DISTRICTS.get(row["district"], row["district"]), row["name"])
            for key in keys:
                units[key][unit.code] = unit
    for row in csv.DictReader(StringIO(read_data("places/spellings.csv"))):
        districts[place_key(row["spelling"])] = row["code"]
    _add_neighbours(districts, units, names)
    by_name = {key: tuple(found.values()) for key, found in units.items()}
    return _Gazetteer(districts, by_name, frozenset(above) - set(districts), names, _by_consonants(districts, by_name))


def _by_consonants(districts: Mapping[str, str], units: Mapping[str, tuple[Unit, ...]]) -> dict[str, frozenset[str]]:
    """Collect the districts that consonants may stand for: their own, and those of local units so written."""
    found: dict[str, set[str]] = defaultdict(set)
    for key, code in districts.items():
        found[_consonants(key)].add(code)
    for key, named in units.items():
        if _consonants(key) in found:
            found[_consonants(key)].update(unit.district for unit in named)
    return {letters: frozenset(codes) for letters, codes in found.items() if len(letters) >= FEWEST_CONSONANTS}


def _consonants(key: str) -> str:
    """Leave the vowels out."""
    return re.sub("[aeiou]", "", key)


def _add_neighbours(districts: dict[str, str], units: dict[str, dict[str, Unit]], names: dict[str, str]) -> None:
    """Add India's and Bangladesh's places; a name of Nepal comes first, one that both neighbours have is nobody's."""
    abroad: dict[str, set[str]] = defaultdict(set)
    for row in csv.DictReader(StringIO(read_data("places/neighbours.csv"))):
        keys = {place_key(name) for name in (row["name"], row["name_local"], *row["aliases"].split("|"))} - {""}
        names[row["code"]] = row["name"].lower()
        for key in keys:
            if row["level"] == "district":
                abroad[key].add(row["code"])
            else:
                units[key][row["code"]] = Unit(row["code"], row["level"], row["district"], row["name"])
    for key, codes in abroad.items():
        if len(codes) == 1:
            districts.setdefault(key, codes.pop())


# The zones, abolished in 2015: each says less than a district. Janakpur is left out: today it is the city.
_ZONES = (
    "mechi", "koshi", "sagarmatha", "bagmati", "narayani", "gandaki", "lumbini", "dhaulagiri",
    "rapti", "karnali", "bheri", "seti", "mahakali",
    "मेची", "कोशी", "सगरमाथा", "बागमती", "नारायणी", "गण्डकी", "लुम्बिनी", "धवलागिरी", "धौलागिरी",
    "राप्ती", "कर्णाली", "भेरी", "सेती", "महाकाली",
)  # fmt: skip


def district_of(text: str) -> str:
    """
    Return the code of a district by its name in either script; empty when there is none.

    In a long name a letter too few or too many is forgiven, and so are its vowels, as long as no other place may be
    meant.
    """
    table, key = _gazetteer(), place_key(text)
    exact = table.districts.get(key, "")
    if exact or len(key) < FEWEST_LETTERS_FORGIVEN or key in table.units or key in table.above:
        return exact
    found = process.extract(key, table.districts.keys(), scorer=fuzz.ratio, score_cutoff=FORGIVEN_LIKENESS)
    codes = {table.districts[name] for name, _, _ in found} or set(table.by_consonants.get(_consonants(key), ()))
    return codes.pop() if len(codes) == 1 else ""


def units_of(text: str, district: str = "") -> tuple[Unit, ...]:
    """
    Return the local units of a name.

    Args:
        text: name in either script, with or without its kind.
        district: code of the district it lies in, if known.
    """
    found = _gazetteer().units.get(place_key(text), ())
    return tuple(unit for unit in found if district in {"", unit.district})


def is_above_district(text: str) -> bool:
    """Say whether the text names a province or an old zone."""
    return place_key(text) in _gazetteer().above


def suggest_districts(text: str, most: int = 3) -> tuple[str, ...]:
    """
    Return the names of the districts that look most like a text, the likeliest first; for the partner's eyes only.

    Args:
        text: a place that the table does not know, in any script.
        most: how many to return at most.
    """
    return _suggested(text, _gazetteer().districts, most)


def suggest_units(text: str, district: str = "", most: int = 3) -> tuple[str, ...]:
    """
    Return the names of the local units that look most like a text, the likeliest first; for the partner's eyes only.

    Args:
        text: a place that the table does not know, in any script.
        district: code of the district it lies in, if known; no other's units are suggested then.
        most: how many to return at most.
    """
    return _suggested(text, _units_within(district), most)


@cache
def _units_within(district: str) -> Mapping[str, str]:
    """Return the codes of a district's units by folded name; of all of them when no district is named."""
    named = ((key, unit) for key, units in _gazetteer().units.items() for unit in units)
    return {key: unit.code for key, unit in named if district in {"", unit.district}}


def _suggested(text: str, codes: Mapping[str, str], most: int) -> tuple[str, ...]:
    """Return the names of the likeliest codes."""
    found = process.extract(place_key(text), codes.keys(), scorer=fuzz.ratio, limit=most, score_cutoff=LEAST_LIKENESS)
    return tuple(dict.fromkeys(_gazetteer().names[codes[key]].title() for key, _, _ in found))


def place_of(code: str) -> Place:
    """Return the reading of a code in the table."""
    return Place(code, _gazetteer().names[code])
