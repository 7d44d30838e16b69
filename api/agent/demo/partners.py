"""
Three partners' files, each in its own hand: script, calendar, delimiter, gaps; on the partner's premises.

The border-town organisation writes Devanagari and Bikram Sambat, the valley's writes Roman and Gregorian, the shelter
writes down what it is told: aliases, ages, half a date.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

from api.agent.demo.people import Invented, Word
from matcher.normalise.calendar import to_bikram

_DIGITS = str.maketrans("0123456789", "०१२३४५६७८९")


@dataclass(frozen=True, slots=True)
class Encounter:
    """What brought a person to a partner, in the words of the file."""

    quarter: str
    kind: str
    status: str
    exit_quarter: str = ""


@dataclass(frozen=True, slots=True)
class Hand:
    """
    How a partner writes.

    Attributes:
        is_devanagari: the script of names and places.
        is_bikram: the calendar of birth dates.
        headers: what it calls its columns, by attribute.
        full_dates: share of birth dates written to the day; of the others half give a year, half an age.
        gaps: share of rows in which each of the other columns stays empty, by attribute.
    """

    is_devanagari: bool
    is_bikram: bool
    delimiter: str
    encoding: str
    headers: Mapping[str, str]
    full_dates: float
    gaps: Mapping[str, float]


_PLAIN_HEADERS = {
    name: name
    for name in (
        "case_ref", "given_name", "family_name", "other_names", "father_name", "mother_name", "sex", "birth_date",
        "birth_year", "age", "district", "local_unit", "ward", "phone", "citizenship_no", "recorded_on",
        "location_protected", "encounter_quarter", "encounter_kind", "encounter_status", "exit_quarter",
    )
}  # fmt: skip
VALLEY = Hand(
    is_devanagari=False,
    is_bikram=False,
    delimiter=",",
    encoding="utf-8-sig",
    headers=_PLAIN_HEADERS | {"case_ref": "Case No", "given_name": "First name", "family_name": "Surname"},
    full_dates=0.7,
    gaps={"mother_name": 0.3, "father_name": 0.1, "ward": 0.2, "citizenship_no": 0.4, "phone": 0.2, "other_names": 0.0},
)
BORDER = Hand(
    is_devanagari=True,
    is_bikram=True,
    delimiter=";",
    encoding="utf-8",
    headers=_PLAIN_HEADERS
    | {"given_name": "नाम", "family_name": "थर", "father_name": "बाबुको नाम", "district": "जिल्ला"},
    full_dates=0.6,
    gaps={"mother_name": 0.4, "father_name": 0.1, "ward": 0.3, "citizenship_no": 0.6, "phone": 0.3, "other_names": 0.0},
)
SHELTER = Hand(
    is_devanagari=False,
    is_bikram=False,
    delimiter=",",
    encoding="utf-8",
    headers=_PLAIN_HEADERS,
    full_dates=0.5,
    gaps={
        "mother_name": 0.3,
        "father_name": 0.15,
        "ward": 0.4,
        "citizenship_no": 0.6,
        "phone": 0.4,
        "other_names": 0.0,
    },
)


@dataclass(frozen=True, slots=True)
class Filed:
    """
    A person as one partner knows her.

    Attributes:
        is_careful: whether this row is written with all that is known, so that the story does not hang on a gap.
    """

    case_ref: str
    person: Invented
    recorded_on: date
    encounter: Encounter
    is_protected: bool = False
    is_careful: bool = False


def write_file(path: Path, filed: Sequence[Filed], hand: Hand, chance: Random) -> None:
    """Write a partner's file in its hand."""
    with path.open("w", encoding=hand.encoding, newline="") as file:
        writer = csv.writer(file, delimiter=hand.delimiter)
        writer.writerow(hand.headers.values())
        writer.writerows(_row(each, hand, chance) for each in filed)


def read_back(path: Path, hand: Hand) -> dict[str, dict[str, str]]:
    """Return the rows of a partner's file as written, by case reference, with the attributes' own names."""
    names = {header: name for name, header in hand.headers.items()}
    with path.open(encoding=hand.encoding, newline="") as file:
        rows = [
            {names[header]: cell for header, cell in row.items()}
            for row in csv.DictReader(file, delimiter=hand.delimiter)
        ]
    return {row["case_ref"]: row for row in rows}


def _row(filed: Filed, hand: Hand, chance: Random) -> list[str]:
    """Write one person as the partner would."""
    person, met = filed.person, filed.encounter
    cells = {
        "case_ref": filed.case_ref,
        "given_name": _spell(person.given, hand, chance),
        "family_name": _spell(person.family, hand, chance),
        "other_names": _spell(person.alias, hand, chance) if person.alias else "",
        "father_name": _spell(person.father, hand, chance),
        "mother_name": _spell(person.mother, hand, chance),
        "sex": "महिला" if hand.is_devanagari else "F",
        "district": _spell(person.home.district, hand, chance),
        "local_unit": _spell(person.home.local_unit, hand, chance),
        "ward": _digits(str(person.home.ward), hand),
        "phone": person.phone,
        "citizenship_no": _digits(person.citizenship_no, hand),
        "recorded_on": filed.recorded_on.isoformat(),
        "location_protected": "yes" if filed.is_protected else "no",
        "encounter_quarter": met.quarter,
        "encounter_kind": met.kind,
        "encounter_status": met.status,
        "exit_quarter": met.exit_quarter,
    }
    cells |= _birth(filed, hand, chance)
    if not filed.is_careful:
        cells |= {name: "" for name, share in hand.gaps.items() if chance.random() < share}
    return [cells.get(name, "") for name in hand.headers]


def _spell(word: Word, hand: Hand, chance: Random) -> str:
    """Write a name in the partner's script; a Roman one in any of its spellings."""
    return word.devanagari if hand.is_devanagari else chance.choice(word.roman)


def _digits(text: str, hand: Hand) -> str:
    """Write digits in the partner's script."""
    return text.translate(_DIGITS) if hand.is_devanagari else text


def _birth(filed: Filed, hand: Hand, chance: Random) -> dict[str, str]:
    """Write a birth date to the day, the year, or as an age."""
    birth = filed.person.birth
    kind = "day" if filed.is_careful or chance.random() < hand.full_dates else chance.choice(("year", "age"))

    if kind == "age":
        return {"age": _digits(str(filed.recorded_on.year - birth.year), hand)}
    if not hand.is_bikram:
        return {"birth_date": birth.isoformat()} if kind == "day" else {"birth_year": str(birth.year)}
    day = to_bikram(birth)
    if kind == "year":
        return {"birth_year": _digits(str(day.year), hand)}
    return {"birth_date": _digits(f"{day.year}-{day.month:02d}-{day.day:02d}", hand)}
