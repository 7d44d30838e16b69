"""
Names as common as they are: given names by sex, surnames by community, rare ones composed.

Shares come from `name_frequencies.json`; surnames that its lists lack are weighted upward as in the frequency model.
Names seen fewer than three times are not in it: their share is filled with names composed of the parts of others.
"""

import csv
import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

from benchmarks.data.build_frequencies import SURNAME_WEIGHTS
from benchmarks.data.worlds.chance import Chance, Weighted

HERE = Path(__file__).parent
FREQUENCIES = HERE.parent / "name_frequencies.json"
ALIASES = HERE.parent / "surname_aliases.csv"  # pairs of candidates and their fathers, seen three times or more
FILLERS = frozenset(["देवी", "कुमारी", "कुमार", "बहादुर", "प्रसाद", "माया", "लाल", "खातुन", "नेसा", "बेगम", "कला"])
MIDDLE_WORDS = {
    "M": frozenset(
        ["बहादुर", "प्रसाद", "कुमार", "लाल", "सिंह", "राज", "नारायण", "राम", "नाथ", "मान", "चन्द्र", "किशोर", "दत्त", "भक्त"]
    ),
    "F": frozenset(["कुमारी", "देवी", "माया", "कला", "लक्ष्मी"]),
}
TITLES = {"madhesi": "देवी", "muslim": "खातुन"}  # women's last token in place of a surname; elsewhere कुमारी
GIVEN_ENDINGS = {"M": ("राज", "नाथ", "लाल", "राम", "देव", "नन्द"), "F": ("माया", "कला", "वती", "सरा", "देवी", "ना")}
SURNAME_ENDINGS = ("ली", "कोटी", "वाल", "थोकी", "ङ", "नी", "तेल", "ई", "वंशी", "रे")
RARE_GIVEN, RARE_SURNAME = 0.19, 0.05  # share of people whose name is listed for fewer than three
OTHER = "other"
LEAST_LETTERS = 2
ALIKE_LETTERS = 2  # names alike begin with the same letter and end with the same two


class Community(NamedTuple):
    """People who share surnames and home districts; `given` is empty where given names are everybody's."""

    name: str
    homes: frozenset[str]
    given: frozenset[str]
    surnames: frozenset[str]


class NamePool:
    """Draws names; one serves any number of worlds."""

    def __init__(self) -> None:
        """Read the tables."""
        counts = json.loads(FREQUENCIES.read_text(encoding="utf-8"))
        self.communities = _communities()
        self.aliases = _aliases()
        own = {word for community in self.communities.values() for word in community.given}
        surnames = _surname_weights(counts)
        self._community_of = {
            surname: community.name for community in self.communities.values() for surname in community.surnames
        }
        self._surnames = Weighted(surnames)
        self._by_community = {
            name: Weighted(
                {word: surnames.get(word, 1.0) for word in sorted(community.surnames)}
                if community.surnames
                else {word: weight for word, weight in surnames.items() if word not in self._community_of}
            )
            for name, community in self.communities.items()
        }
        self._given: dict[tuple[str, bool], Weighted[str]] = {}
        self._alike: dict[str, dict[tuple[str, str], list[str]]] = {}
        for sex in ("M", "F"):
            weights = _given_weights(counts["first"][sex], surnames)
            shared = {word: weight for word, weight in weights.items() if word not in own}
            named = {word: weight for word, weight in weights.items() if word in own}
            self._given[sex, False] = Weighted(shared)
            self._given[sex, True] = Weighted(named)
            self._alike[sex] = _grouped(shared)
        self._middle = {
            sex: Weighted({word: count for word, count in counts["middle"][sex] if word in MIDDLE_WORDS[sex]})
            for sex in ("M", "F")
        }

    def family(self, chance: Chance) -> tuple[str, str]:
        """Return a surname and its community."""
        if chance.happens(RARE_SURNAME):
            stem = self._surnames.pick(chance)
            return stem[: max(LEAST_LETTERS, len(stem) // 2)].rstrip("्") + chance.pick(SURNAME_ENDINGS), OTHER
        surname = self._surnames.pick(chance)
        return surname, self._community_of.get(surname, OTHER)

    def surname_of(self, community: str, chance: Chance) -> str:
        """Return another surname of a community, as a wife or husband brings it."""
        return self._by_community[community].pick(chance)

    def given(self, sex: str, community: str, chance: Chance) -> str:
        """Return a given name."""
        has_own = bool(self.communities[community].given)
        if chance.happens(RARE_GIVEN):
            stem = self._given[sex, has_own].pick(chance)
            return stem + chance.pick(GIVEN_ENDINGS[sex]) if not has_own else stem
        return self._given[sex, has_own].pick(chance)

    def given_like(self, name: str, sex: str, chance: Chance) -> str | None:
        """Return a given name that begins and ends like another, as siblings have; None when there is none."""
        alike = [word for word in self._alike[sex].get(_shape(name), ()) if word != name]
        return chance.pick(alike) if alike else None

    def middle(self, sex: str, community: str, chance: Chance) -> str:
        """Return a middle name; Muslim names have none."""
        return "" if self.communities[community].given else self._middle[sex].pick(chance)


@cache
def name_pool() -> NamePool:
    """Read the tables once."""
    return NamePool()


def _communities() -> dict[str, Community]:
    """Read the communities; people of none of them are `other`."""
    with (HERE / "communities.csv").open(encoding="utf-8") as file:
        found = [
            Community(
                row["community"],
                frozenset(row["home_districts"].split()),
                frozenset(row["given"].split()),
                frozenset(row["surnames"].split()),
            )
            for row in csv.DictReader(file)
        ]
    return {each.name: each for each in [*found, Community(OTHER, frozenset(), frozenset(), frozenset())]}


def _aliases() -> dict[str, tuple[str, ...]]:
    """Read which surnames stand for one another."""
    aliases: dict[str, list[str]] = {}
    with ALIASES.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            aliases.setdefault(row["surname_a"], []).append(row["surname_b"])
            aliases.setdefault(row["surname_b"], []).append(row["surname_a"])
    return {surname: tuple(others) for surname, others in aliases.items()}


def _surname_weights(counts: dict[str, dict[str, list[tuple[str, int]]]]) -> dict[str, float]:
    """Add up both sexes' surnames, without titles, re-weighted towards the census."""
    totals: Counter[str] = Counter()
    for sex in ("M", "F"):
        for word, count in counts["last"][sex]:
            totals[word] += count
    return {
        word: count * SURNAME_WEIGHTS.get(word, 1.0)
        for word, count in totals.items()
        if word not in FILLERS and len(word) > LEAST_LETTERS - 1
    }


def _given_weights(rows: list[tuple[str, int]], surnames: dict[str, float]) -> dict[str, float]:
    """Leave out fillers, single letters, and surnames that stood in the wrong column."""
    return {
        word: float(count)
        for word, count in rows
        if word not in FILLERS and len(word) > 1 and surnames.get(word, 0.0) <= count
    }


def _grouped(words: dict[str, float]) -> dict[tuple[str, str], list[str]]:
    """Group names that begin and end alike."""
    groups: dict[tuple[str, str], list[str]] = {}
    for word in words:
        groups.setdefault(_shape(word), []).append(word)
    return groups


def _shape(word: str) -> tuple[str, str]:
    """Return the first letter and the last two."""
    return word[0], word[-ALIKE_LETTERS:]
