"""
Compose the second set's hard non-pairs of names: `python -m benchmarks.data.build_second_names`.

Two names of one part of `name_frequencies.json` (given, middle or family) whose plain ISO 15919 romanisations are one
letter apart, or two when both are long. Two ways to write one name in Devanagari are no non-pair: names are left out
that differ in nothing but vowel length, a short a, b and v, sibilants, nasals, retroflexes, glides or doubling.
Drawn by a fixed seed, names as often as people carry them. Where both have a usual Latin spelling in the tables of two
scripts, the Latin pair stands beside the Devanagari one, unless the first set has it.

The rule knows nothing of the library's keys, so that no pair is in or out for how it folds.
"""

import csv
import json
import random
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import combinations
from pathlib import Path

from jellyfish import levenshtein_distance

HERE = Path(__file__).parent
TARGET = HERE / "second_hard_negatives.csv"
SPELLINGS = ("names_two_scripts", "second_two_scripts")
SEED = 20_260_101  # any; the pairs in the file are those of this one
PAIRS = 1_200
FEWEST_PEOPLE = 5  # rarer names are often slips of the pen
LONG = 5  # letters; from here on two letters apart is near
MARKS = {"ं": "n", "ँ": "~", "\N{DEVANAGARI SIGN VISARGA}": "", "़": "", "ऽ": ""}
VOWELS = dict(
    zip(
        "अ आ इ ई उ ऊ ऋ ए ऐ ओ औ ा ि ी ु ू ृ े ै ो ौ".split(),  # noqa: SIM905 - a row of letters
        "a ā i ī u ū ri e ai o au ā i ī u ū ri e ai o au".split(),  # noqa: SIM905 - and its romanisation
        strict=True,
    )
)
CONSONANTS = dict(
    zip(
        "कखगघङचछजझञटठडढणतथदधनपफबभमयरलवशषसह",
        "k kh g gh ṅ c ch j jh ñ ṭ ṭh ḍ ḍh ṇ t th d dh n p ph b bh m y r l v ś ṣ s h".split(),  # noqa: SIM905
        strict=True,
    )
)
VIRAMA = "्"
SIGNS = frozenset("ािीुूृेैोौ")


def main() -> None:
    """Write the pairs and say how many there are."""
    drawn = draw_pairs(named_counts())
    usual = usual_spellings()
    asked = asked_before()
    with TARGET.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("a", "b", "latin_a", "latin_b"))
        for one, other in sorted(drawn):
            latin = (usual.get(one, ""), usual.get(other, ""))
            is_new = all(latin) and latin[0] != latin[1] and frozenset(latin) not in asked
            writer.writerow((one, other, *(latin if is_new else ("", ""))))
    print(f"{len(drawn)} pairs")


def named_counts() -> dict[str, dict[str, int]]:
    """Return how many people carry each name, by part."""
    counts = json.loads((HERE / "name_frequencies.json").read_text(encoding="utf-8"))
    people: dict[str, dict[str, int]] = {}
    for part, by_sex in counts.items():
        for name, count in (row for rows in by_sex.values() for row in rows):
            clean = unicodedata.normalize("NFC", name)
            people.setdefault(part, {})[clean] = people.get(part, {}).get(clean, 0) + count
    return people


def draw_pairs(people: Mapping[str, Mapping[str, int]]) -> set[tuple[str, str]]:
    """Draw near pairs of unlike names, each as often as both its names together are met."""
    found = {pair: weight for counts in people.values() for pair, weight in near_pairs(counts)}
    draw = random.Random(SEED)  # noqa: S311 - repeatable draws of public names
    # One key a pair, and the largest win: a weighted draw without putting back (Efraimidis and Spirakis 2006).
    keys = {pair: draw.random() ** (1 / found[pair]) for pair in sorted(found)}
    return set(sorted(keys, key=lambda pair: keys[pair], reverse=True)[:PAIRS])


def near_pairs(counts: Mapping[str, int]) -> Iterator[tuple[tuple[str, str], float]]:
    """Yield each near pair of one part, with the geometric mean of its counts."""
    names = sorted(name for name, count in counts.items() if count >= FEWEST_PEOPLE and is_plain(name))
    for one, other in combinations(names, 2):
        if is_near(plain(one), plain(other)) and bones(one) != bones(other):
            yield (one, other), (counts[one] * counts[other]) ** 0.5


def is_plain(name: str) -> bool:
    """Say whether a name has three letters or more and none that this table does not know."""
    known = MARKS.keys() | VOWELS.keys() | CONSONANTS.keys() | {VIRAMA}
    return set(name) <= known and len(plain(name)) > len("ab")


def is_near(one: str, other: str) -> bool:
    """Say whether two romanised names are a letter apart, or two when both are long."""
    return 1 <= levenshtein_distance(one, other) <= (2 if min(len(one), len(other)) >= LONG else 1)


def romanised(name: str) -> list[str]:
    """Return the ISO 15919 letters of a name; an inherent vowel is `.`, and none is written at the end."""
    out: list[str] = []
    for place, letter in enumerate(name):
        after = name[place + 1 : place + 2]
        if letter in CONSONANTS:
            out.append(CONSONANTS[letter])
            is_last = not after and (place == 0 or name[place - 1] != VIRAMA)
            if after != VIRAMA and after not in SIGNS and not is_last:
                out.append(".")
        else:
            out.append(VOWELS.get(letter, MARKS.get(letter, "")))
    return out


@cache
def plain(name: str) -> str:
    """Return the romanisation in plain letters, without a mark."""
    written = unicodedata.normalize("NFD", "".join(romanised(name)).replace(".", "a").replace("~", ""))
    return "".join(letter for letter in written if letter.isascii())


@cache
def bones(name: str) -> str:
    """Return what two ways to write one name in Devanagari have in common."""
    letters = [letter for letter in romanised(name) if letter not in {".", "~"}]
    same = {"v": "b", "ś": "s", "ṣ": "s", "ṇ": "n", "ñ": "n", "ṅ": "n", "ī": "i", "ū": "u", "ṭ": "t", "ḍ": "d"}
    text = "".join(same.get(letter, letter) for letter in letters)
    for written, spoken in (("ng", "n"), ("iy", "i"), ("yi", "i"), ("y", "i"), ("nm", "m"), ("mb", "nb"), ("mp", "np")):
        text = text.replace(written, spoken)
    single = "".join(letter for place, letter in enumerate(text) if letter != text[place - 1 : place])
    return single.removesuffix("n") if name.endswith("ं") else single


def asked_before() -> set[frozenset[str]]:
    """Return the first set's non-pairs, whichever way round."""
    with (HERE / "name_hard_negatives.csv").open(encoding="utf-8", newline="") as rows:
        return {frozenset((row["a"], row["b"])) for row in csv.DictReader(rows)}


def usual_spellings() -> dict[str, str]:
    """Return the usual Latin spelling of each Devanagari name."""
    spelt: dict[str, str] = {}
    for table in SPELLINGS:
        with (HERE / f"{table}.csv").open(encoding="utf-8", newline="") as rows:
            spelt |= {row["devanagari"]: row["roman"] for row in csv.DictReader(rows)}
    return spelt


if __name__ == "__main__":
    main()
