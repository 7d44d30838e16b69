"""
Make the shipped frequency model of Nepal, the yardstick of the gate: `python -m benchmarks.data.build_frequencies`.

Names come from `name_frequencies.json`: counts of at least three among 28,236 election candidates, their parents and
spouses. Candidates are not the people of casework, so the surnames they lack are weighted upward. Every share errs
on the large side: a share too large costs a look-up, one too small could single out a person.
"""

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from matcher.normalise.names import read_name
from matcher.normalise.naming import family_readings, given_readings, joined_readings
from matcher.person import Name

HERE = Path(__file__).parent
TARGET = HERE.parents[1] / "matcher" / "data" / "frequencies" / "nepal-1.json"
PLACES = HERE.parents[1] / "matcher" / "data" / "places" / "nepal.csv"

PEOPLE = 28_236  # in the lists behind the counts
UNLISTED_NAME = 2e-4  # a name seen twice in the lists has 0.7e-4; keys merge several such names
UNLISTED_FULL_NAME = 5e-5  # most full names occur once in the lists
COMMUNITY_FACTOR = 2  # given names and surnames go together: a full name is commoner than chance says
# How much oftener a surname is in the census of 2021 (by community) than among candidates; Yadav is rarer.
SURNAME_WEIGHTS = {
    "तामाङ": 2.0, "लामा": 1.3, "विश्वकर्मा": 2.5, "बिक": 2.5, "कामी": 2.0, "नेपाली": 3.0, "परियार": 3.0,
    "मगर": 1.7, "थारु": 1.7, "चौधरी": 1.2, "सार्की": 2.0, "मिजार": 3.0, "यादव": 0.75,
}  # fmt: skip
# Census of 2021, shares of 29,164,578; districts that are not listed have less than the default.
DISTRICTS = {
    "27": 0.070, "05": 0.039, "49": 0.038, "04": 0.034, "06": 0.032, "71": 0.031, "17": 0.030, "19": 0.030,
    "32": 0.028, "33": 0.026, "nawalparasi": 0.026, "16": 0.025, "35": 0.025, "18": 0.024, "15": 0.024, "50": 0.023,
    "56": 0.023, "34": 0.022, "57": 0.021, "36": 0.010, "38": 0.011, "25": 0.019, "72": 0.018, "31": 0.016,
    "58": 0.016, "26": 0.015, "59": 0.014, "24": 0.0125, "44": 0.010, "20": 0.010, "30": 0.011, "14": 0.0117,
}  # fmt: skip
KASKI = ("Kaski", 0.0206)
UNLISTED_DISTRICT = 0.012
METROPOLITAN = {
    "Kathmandu": 0.030,
    "Pokhara Lekhnath": 0.018,
    "Bharatpur": 0.013,
    "Lalitpur": 0.0105,
    "Birgunj": 0.0095,
    "Biratnagar": 0.0085,
}
UNLISTED_UNIT = 0.005
UNKNOWN_WARDS = 9  # the median
LIKELY_BIRTH_YEARS = range(1985, 2018)  # the ages of casework, in every year this model is used


def main() -> None:
    """Write the model and say how many values each part lists."""
    document = build()
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(to_text(document), encoding="utf-8")
    print({part: len(spec.get("shares", {})) for part, spec in document["parts"].items()})


def to_text(document: Mapping[str, Any]) -> str:
    """Write a model as it is shipped."""
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def build() -> dict[str, Any]:
    """Make the model; the keys in it are those of today's rules."""
    counts = json.loads((HERE / "name_frequencies.json").read_text(encoding="utf-8"))
    return {
        "format": "casematch-frequency-model/1",
        "name": "nepal-1",
        "basis": (
            "Names: aggregate counts of at least 3 among 28,236 public election candidates, parents and spouses;"
            " Tamang, Lama, Bishwakarma, Kami, Nepali, Pariyar, Magar, Tharu, Chaudhari, Sarki, Mijar weighted"
            " upward and Yadav downward towards the census of 2021. Full names: products, doubled. Districts and"
            " cities: census of 2021, rounded up. Wards: numbers of wards in the official table. Years, sex, months,"
            " days, telephones, identifiers: assumed, on the large side."
        ),
        "parts": _parts(counts),
    }


def _parts(counts: Mapping[str, Mapping[str, list[Any]]]) -> dict[str, dict[str, Any]]:
    """Make every part of the gate."""
    given = {sex: _given_shares(counts["first"][sex], _people(counts, sex)) for sex in ("M", "F")}
    family = _family_shares([*counts["last"]["M"], *counts["last"]["F"]])
    either = _rounded({key: max(given["M"].get(key, 0), given["F"].get(key, 0)) for key in {*given["M"], *given["F"]}})
    identifier = {"default": 2e-5}
    return {
        "given_name": {"default": UNLISTED_NAME, "shares": either},
        "family_name": {"default": UNLISTED_NAME, "shares": _rounded(family)},
        "full_name": {"default": UNLISTED_FULL_NAME, "shares": _full_shares(counts, given, family)},
        "father_name": {"default": UNLISTED_NAME, "shares": _rounded(given["M"])},
        "mother_name": {"default": UNLISTED_NAME, "shares": _rounded(given["F"])},
        "spouse_name": {"default": UNLISTED_NAME, "shares": either},
        "sex": {"default": 0.05, "shares": {"f": 0.75, "m": 0.5}},
        "birth_date.year": {"default": 0.02, "shares": dict.fromkeys(map(str, LIKELY_BIRTH_YEARS), 0.05)},
        "birth_date.even": {"default": 0.04, "shares": {str(year // 2): 0.1 for year in LIKELY_BIRTH_YEARS}},
        "birth_date.odd": {"default": 0.04, "shares": {str((year + 1) // 2): 0.1 for year in LIKELY_BIRTH_YEARS}},
        "birth_date.month": {"default": 0.09, "shares": {"1": 0.1, "4": 0.1}},
        "birth_date.day": {"default": 0.034, "shares": {"1": 0.05, "15": 0.087}},
        "district": {"default": UNLISTED_DISTRICT, "shares": DISTRICTS | {_code(KASKI[0], "district"): KASKI[1]}},
        "local_unit": {
            "default": UNLISTED_UNIT,
            "shares": {_code(name, "metropolitan_city"): share for name, share in METROPOLITAN.items()},
        },
        "ward": {"default": 0.01, "shares": _ward_shares()},
        "phone": {"default": 2e-4},
        "citizenship_no": identifier,
        "passport_no": identifier,
        "national_id": identifier,
    }


def _people(counts: Mapping[str, Mapping[str, list[Any]]], sex: str) -> float:
    """Estimate how many of the people are of one sex, by the surnames listed."""
    listed = {one: sum(count for _, count in counts["last"][one]) for one in ("M", "F")}
    return PEOPLE * listed[sex] / sum(listed.values())


def _given_shares(rows: Iterable[tuple[str, int]], people: float) -> dict[str, float]:
    """Add the counts of given names that share a blocking key."""
    totals: Counter[str] = Counter()
    for name, count in rows:
        totals[_key(given_readings(read_name(name, "nepali"), (), "nepali"))] += count
    return {key: count / people for key, count in totals.items() if key}


def _family_shares(rows: Iterable[tuple[str, int]]) -> dict[str, float]:
    """Add the re-weighted counts of surnames that share a blocking key."""
    totals: dict[str, float] = defaultdict(float)
    for name, count in rows:
        weighted = count * SURNAME_WEIGHTS.get(name, 1.0)
        totals[_key(family_readings(read_name(name, "nepali"), (), "nepali"))] += weighted
    return {key: total / PEOPLE for key, total in totals.items() if key}


def _full_shares(
    counts: Mapping[str, Mapping[str, list[Any]]], given: Mapping[str, Mapping[str, float]], family: Mapping[str, float]
) -> dict[str, float]:
    """Multiply the shares of common given names and surnames, in the key's fixed order."""
    shares: dict[str, float] = {}
    surnames = {
        key: name
        for sex in ("M", "F")
        for name, _ in counts["last"][sex]
        if (key := _key(family_readings(read_name(name, "nepali"), (), "nepali")))
    }
    for sex in ("M", "F"):
        for first, _ in counts["first"][sex]:
            words = read_name(first, "nepali").tokens
            key = _key(given_readings(read_name(first, "nepali"), (), "nepali"))
            for last_key, last in surnames.items():
                share = COMMUNITY_FACTOR * given[sex].get(key, 0.0) * family[last_key]
                if share > UNLISTED_FULL_NAME:
                    joined = joined_readings(words, read_name(last, "nepali").tokens, (), "nepali")
                    shares[_key(joined)] = max(share, shares.get(_key(joined), 0.0))
    return _rounded(shares)


def _ward_shares() -> dict[str, float]:
    """Share out each local unit evenly among its wards, local units being alike."""
    with PLACES.open(encoding="utf-8") as table:
        wards = [int(row["wards"] or UNKNOWN_WARDS) for row in csv.DictReader(table) if row["district"]]
    return _rounded({str(ward): sum(1 / many for many in wards if ward <= many) / len(wards) for ward in range(1, 34)})


def _code(name: str, level: str) -> str:
    """Look a place's code up."""
    with PLACES.open(encoding="utf-8") as table:
        return next(row["code"] for row in csv.DictReader(table) if (row["name"], row["level"]) == (name, level))


def _key(readings: tuple[Name, ...]) -> str:
    """Return the first reading's key; empty when there is none."""
    return readings[0].key if readings else ""


def _rounded(shares: Mapping[str, float]) -> dict[str, float]:
    """Round up to six decimals, and leave out the empty key."""
    return {key: min(1.0, round(share + 5e-7, 6)) for key, share in sorted(shares.items()) if key}


if __name__ == "__main__":
    main()
