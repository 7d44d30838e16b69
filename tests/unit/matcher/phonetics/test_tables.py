"""Every row of the phonetic tables is proved by its own example."""

from collections.abc import Mapping

import pytest

from matcher.phonetics.bengali import bengali_symbols
from matcher.phonetics.keys import blocking_key, scoring_key
from matcher.phonetics.nepali import nepali_symbols
from matcher.phonetics.tables import rows_of

_TABLES = ("roman", "devanagari", "folds", "roman_bengali", "devanagari_bengali")
_ROWS = [
    pytest.param(table, row, id=f"{table}-{place}") for table in _TABLES for place, row in enumerate(rows_of(table))
]
_LEXICON = [
    pytest.param(row, id=f"{place}-{row['family']}-{row['role']}")
    for place, row in enumerate(rows_of("lexicon"))
    if row["canonical"]
]


def _family(table: str, row: Mapping[str, str]) -> str:
    """Return the family whose rule a row is."""
    return "bengali" if table.endswith("_bengali") or row.get("family") == "bengali" else "nepali"


@pytest.mark.parametrize(("table", "row"), _ROWS)
def test_a_rule_brings_its_example_to_the_spelling_it_names(table: str, row: Mapping[str, str]) -> None:
    """The example and its twin share a scoring key."""
    family = _family(table, row)
    assert scoring_key(row["example"], family) == scoring_key(row["same_as"], family)


@pytest.mark.parametrize(("table", "row"), _ROWS)
def test_a_rule_has_an_example_that_it_applies_to(table: str, row: Mapping[str, str]) -> None:
    """The example holds the spelling; a fold's example is written unlike its twin."""
    spelling = row.get("spelling") or ("" if table == "devanagari_bengali" else row.get("letter", ""))
    assert spelling in row["example"]
    assert row["example"] != row["same_as"] or len(spelling) == 1


@pytest.mark.parametrize("row", _LEXICON)
def test_a_lexicon_form_sounds_like_its_canonical_name(row: Mapping[str, str]) -> None:
    """Abbreviations, doublets and other forms come to the canonical symbols of their family."""
    if row["family"] != "bengali":
        assert nepali_symbols(row["form"]) == nepali_symbols(row["canonical"])
    else:
        assert bengali_symbols(row["form"]) == bengali_symbols(row["canonical"])


@pytest.mark.parametrize(
    ("one", "other"),
    [("চ্যাটার্জী", "Chattopadhyay"), ("মোঃ", "Mohammad"), ("রায়", "Roy"), ("আনোয়ার", "Anwar"), ("লক্ষ্মী", "Lokkhi")],
)
def test_bengali_names_meet_across_scripts_and_doublets(one: str, other: str) -> None:
    """Learned and spoken forms, and the vowel that is written o or a."""
    assert blocking_key(one, "bengali") == blocking_key(other, "bengali")
