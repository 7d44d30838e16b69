"""Where people live: districts by their size and by a community's home, local units and wards of the official table."""

import csv
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import NamedTuple

from benchmarks.data.build_frequencies import DISTRICTS, METROPOLITAN, UNLISTED_DISTRICT
from benchmarks.data.worlds.chance import Chance, Weighted
from benchmarks.data.worlds.names import Community

PLACES = Path(__file__).parents[3] / "matcher" / "data" / "places" / "nepal.csv"
HOME_FACTOR = 8.0  # assumed: how much oftener a community lives in its home districts
HALVES = {"nawalparasi": ("48", "76")}  # districts that were split; the model counts them as one
KASKI = "40"
KASKI_SHARE = 0.0206
CITY_WEIGHT = 150.0  # a city counts as so many times its share, beside 1 for every other unit
UNKNOWN_WARDS = 9
SUFFIXES = (" गाउँपालिका", " नगरपालिका", " उपमहानगरपालिका", " महानगरपालिका")


class Home(NamedTuple):
    """An address: codes of the official table, and the ward."""

    district: str
    unit: str
    ward: int


class PlaceNames(NamedTuple):
    """A place in both scripts, and the district or province above it."""

    roman: str
    devanagari: str
    above: str


class Homes:
    """Draws addresses; one serves any number of worlds."""

    def __init__(self) -> None:
        """Read the official table."""
        with PLACES.open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self.names = {row["code"]: PlaceNames(row["name"], _bare(row["name_ne"]), row["district"]) for row in rows}
        self._wards = {row["code"]: int(row["wards"] or UNKNOWN_WARDS) for row in rows}
        units: dict[str, dict[str, float]] = defaultdict(dict)
        for row in rows:
            if row["district"]:
                units[row["district"]][row["code"]] = 1.0 + CITY_WEIGHT * METROPOLITAN.get(row["name"], 0.0)
        self._units = {district: Weighted(weights) for district, weights in units.items()}
        self._districts: dict[str, Weighted[str]] = {}

    def draw(self, community: Community, chance: Chance) -> Home:
        """Return an address where this community lives."""
        if community.name not in self._districts:
            self._districts[community.name] = Weighted(
                {code: _share(code) * (HOME_FACTOR if code in community.homes else 1.0) for code in sorted(self._units)}
            )
        return self.within(self._districts[community.name].pick(chance), chance)

    def within(self, district: str, chance: Chance) -> Home:
        """Return an address in a district."""
        unit = self._units[district].pick(chance)
        return Home(district, unit, chance.between(1, self._wards[unit]))


@cache
def homes() -> Homes:
    """Read the table once."""
    return Homes()


def _share(code: str) -> float:
    """Return a district's share of the people."""
    for name, parts in HALVES.items():
        if code in parts:
            return DISTRICTS[name] / len(parts)
    return KASKI_SHARE if code == KASKI else DISTRICTS.get(code, UNLISTED_DISTRICT / 2)


def _bare(name: str) -> str:
    """Leave out the word for the kind of unit, as people do."""
    for suffix in SUFFIXES:
        name = name.removesuffix(suffix)
    return name
