"""
Make `matcher/data/places/nepal.csv` from the code table of the PyPI package tlf-geo (MIT licence).

Run once when the official table changes: `pip install tlf-geo` and `python -m benchmarks.data.build_places`. The
library ships the result, so that nobody who links records needs the package and its dependencies.
"""

import csv
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

TARGET = Path(__file__).parents[2] / "matcher" / "data" / "places" / "nepal.csv"
HEADER = ("code", "level", "district", "name", "name_ne", "wards", "aliases")
LOCAL_LEVELS = ("gaunpalika", "municipality", "sub_metropolitan_city", "metropolitan_city")


def main() -> None:
    """Write the table and say how many rows it has."""
    source = files("tlf_geo") / "data"
    codes = yaml.safe_load((source / "codes.yaml").read_text(encoding="utf-8"))
    places = yaml.safe_load((source / "places.yaml").read_text(encoding="utf-8"))
    rows = [*_provinces(codes, places), *_districts(codes, places), *_units(codes, places)]
    with TARGET.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(rows)
    print(f"{len(rows)} places")


def _provinces(codes: Mapping[str, Any], places: Mapping[str, Any]) -> Iterator[tuple[object, ...]]:
    """Give one row a province."""
    for code, info in sorted(codes["provinces"].items()):
        yield f"p{code}", "province", "", info["name"], info["name_ne"], "", _aliases(places["province"], info)


def _districts(codes: Mapping[str, Any], places: Mapping[str, Any]) -> Iterator[tuple[object, ...]]:
    """Give one row a district, by its two-digit code."""
    for code, info in sorted(codes["districts"].items()):
        aliases = _aliases(places["district"], info)
        yield f"{code:02}", "district", "", info["name"], info["name_ne"], "", aliases


def _units(codes: Mapping[str, Any], places: Mapping[str, Any]) -> Iterator[tuple[object, ...]]:
    """Give one row a local unit, by its five-digit code."""
    for code, info in sorted(codes["local_levels"].items()):
        if info["level"] in LOCAL_LEVELS:
            aliases = _aliases(places[info["level"]], info)
            district = f"{info['district_code']:02}"
            yield code, info["level"], district, info["name"], info["name_ne"], info["wards"], aliases


def _aliases(known: Mapping[str, list[str]], info: Mapping[str, Any]) -> str:
    """Join what else a place is called, in either script."""
    words = [*known.get(info["canonical_key"], ()), *info.get("aliases", ()), *info.get("aliases_ne", ())]
    return "|".join(sorted({word.strip() for word in words} - {info["name"], info["name_ne"]}))


if __name__ == "__main__":
    main()
