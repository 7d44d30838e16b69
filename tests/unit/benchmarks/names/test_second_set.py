"""The second set's hard non-pairs are near, unlike, and drawn again the same."""

import csv

import pytest

from benchmarks.data.build_second_names import TARGET, bones, draw_pairs, is_near, named_counts, plain, romanised
from benchmarks.names.pairs import TABLES, Half, PairSet, read_pairs


def test_the_file_holds_the_pairs_of_the_seed() -> None:
    """Nobody took a pair out for how it folds."""
    with TARGET.open(encoding="utf-8", newline="") as rows:
        kept = {(row["a"], row["b"]) for row in csv.DictReader(rows)}
    assert kept == draw_pairs(named_counts())


@pytest.mark.parametrize(
    ("name", "letters", "ascii_letters"),
    [("राम", "rām", "ram"), ("चन्द्र", "c.ndr.", "candra"), ("कृष्ण", "kriṣṇ.", "krisna"), ("सीता", "sītā", "sita")],
)
def test_names_are_romanised_letter_by_letter(name: str, letters: str, ascii_letters: str) -> None:
    """A short a is written after every consonant but a last one, which is silent; a cluster keeps its own."""
    assert "".join(romanised(name)) == letters
    assert plain(name) == ascii_letters


@pytest.mark.parametrize(
    ("one", "other"),
    [("दीपक", "दिपक"), ("विष्णु", "बिष्णु"), ("खडका", "खड्का"), ("पंडित", "पण्डित"), ("प्रसाईं", "प्रसाई")],
)
def test_two_ways_to_write_one_name_are_no_non_pair(one: str, other: str) -> None:
    """Length, b and v, short a and nasals are written as one likes."""
    assert bones(one) == bones(other)


def test_near_is_one_letter_or_two_of_five() -> None:
    """Short names two letters apart are not hard to tell apart."""
    assert is_near("sita", "gita")
    assert is_near("ramesh", "rajes")
    assert not is_near("sita", "sanu")
    assert not is_near("ram", "ram")


def test_the_sets_share_no_pair() -> None:
    """What the first set taught is not asked again."""
    for first, second in zip(TABLES[PairSet.FIRST], TABLES[PairSet.SECOND], strict=True):
        seen = [{frozenset(pair) for half in Half for pair in read_pairs(name, half)} for name in (first, second)]
        assert not seen[0] & seen[1]
