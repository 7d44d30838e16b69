"""Worlds: repeatable by seed, noisy at the rates of their level, and true to themselves."""

import csv
from collections import Counter

import pytest

from benchmarks.data.worlds.chance import Chance, Weighted
from benchmarks.data.worlds.files import write_world
from benchmarks.data.worlds.spelling import devanagari_variant, roman_variant, usual_roman
from benchmarks.data.worlds.world import make_world

RECORDS = 3_000


@pytest.fixture(scope="module")
def worlds():
    """Return one world of each level."""
    return {level: make_world(1, RECORDS, level) for level in ("L", "H")}


def test_one_seed_makes_one_world():
    """The same seed gives the same records; another gives others."""
    first, again, other = (make_world(seed, 200, "H") for seed in (1, 1, 2))
    assert first == again
    assert first.records != other.records


def test_truth_is_the_people(worlds):
    """A true pair is two records of one person, and every such pair is in the truth."""
    world = worlds["H"]
    counts = Counter(record.person.number for record in world.records)
    pairs = world.true_pairs()
    assert len(pairs) == len(set(pairs)) == sum(count * (count - 1) // 2 for count in counts.values())
    assert all(a < b and world.records[a].person == world.records[b].person for a, b in pairs)


def test_a_third_of_the_people_are_on_file_twice(worlds):
    """About 30 to 40 % of people have two records or more."""
    counts = Counter(record.person.number for record in worlds["L"].records)
    assert 0.3 <= sum(count > 1 for count in counts.values()) / len(counts) <= 0.4


def test_siblings_share_parents_and_are_not_matches(worlds):
    """Sibling pairs have one father and are in no true pair."""
    world = worlds["H"]
    pairs = world.sibling_pairs()
    assert len(pairs) > RECORDS / 10
    assert not set(pairs) & set(world.true_pairs())
    people = [(world.records[a].person, world.records[b].person) for a, b in pairs]
    assert all(one.father == other.father and one.name.given != other.name.given for one, other in people)


def _missing(world, column):
    return sum(column not in record.columns for record in world.records) / len(world.records)


@pytest.mark.parametrize(
    ("level", "column", "rate"),
    [
        ("L", "father_name", 0.02),
        ("H", "father_name", 0.3),
        ("L", "ward", 0.2),
        ("H", "ward", 0.6),
        ("H", "phone", 0.6),
    ],
)
def test_gaps_are_as_frequent_as_the_level_says(worlds, level, column, rate):
    """Columns are missing at the level's rate, within three standard errors."""
    assert _missing(worlds[level], column) == pytest.approx(rate, abs=3 * (rate * (1 - rate) / RECORDS) ** 0.5 + 0.001)


@pytest.mark.parametrize(("level", "rates"), [("L", (0.02, 0.1)), ("H", (0.15, 0.55))])
def test_births_are_as_precise_as_the_level_says(worlds, level, rates):
    """Births are missing, or a year or age only, at the level's rates."""
    told = Counter(record.precision for record in worlds[level].records)
    assert told["missing"] / RECORDS == pytest.approx(rates[0], abs=0.04)
    assert (told["year"] + told["age"]) / RECORDS == pytest.approx(rates[1], abs=0.04)


@pytest.mark.parametrize(("level", "rate"), [("L", 0.3), ("H", 0.5)])
def test_scripts_switch_as_often_as_the_level_says(worlds, level, rate):
    """Two records of one person differ in script at about the level's rate."""
    world = worlds[level]
    pairs = world.true_pairs()
    switched = sum(world.records[a].script != world.records[b].script for a, b in pairs)
    assert switched / len(pairs) == pytest.approx(rate, abs=0.06)


def test_no_child_has_citizenship(worlds):
    """Nobody under 16 has a citizenship number."""
    for record in worlds["L"].records:
        year = int(record.columns["recorded_on"][:4])
        assert year - record.person.born.year >= 16 or "citizenship_no" not in record.columns


def test_usual_spellings_are_usual():
    """Common names come out as most people write them."""
    names = {
        "यादव": "Yadav",
        "तामाङ": "Tamang",
        "घिमिरे": "Ghimire",
        "सरिता": "Sarita",
        "विष्णु": "Bishnu",
        "श्याम": "Shyam",
    }
    assert {name: usual_roman(name) for name in names} == names


def test_variants_differ_in_a_letter_or_two():
    """A variant is another spelling, close to the usual one."""
    chance = Chance(1)
    spellings = {roman_variant("सरिता", chance) for _ in range(50)}
    assert len(spellings) > 3
    assert all(spelling[0] == "S" for spelling in spellings)
    assert devanagari_variant("सरिता", chance) in {"शरिता", "सरीता", "सरिटा"}


def test_weighted_draws_follow_the_weights():
    """An item of three quarters of the weight is drawn three quarters of the time."""
    chance = Chance(1)
    weighted = Weighted({"often": 3.0, "seldom": 1.0})
    drawn = Counter(weighted.pick(chance) for _ in range(4_000))
    assert drawn["often"] / 4_000 == pytest.approx(0.75, abs=0.04)


def test_files_hold_the_whole_world(tmp_path, worlds):
    """Every record stands in one partner's list, and the truth names ids of the lists."""
    written = {path.name: path for path in write_world(worlds["L"], tmp_path)}
    rows = {name: list(csv.DictReader(path.read_text(encoding="utf-8").splitlines())) for name, path in written.items()}
    ids = {row["case_ref"] for row in rows["records.csv"]}
    partners = [row["case_ref"] for name in rows if name.startswith("partner-") for row in rows[name]]
    assert sorted(partners) == sorted(ids)
    assert {row[side] for row in rows["truth.csv"] for side in ("left", "right")} <= ids
    assert len(rows["people.csv"]) == RECORDS
