"""Every row of the phonetic tables is proved by its own example."""

import pytest

from matcher.phonetics.keys import scoring_key
from matcher.phonetics.nepali import nepali_symbols
from matcher.phonetics.tables import rows_of

_ROWS = [
    pytest.param(row, id=f"{table}-{place}")
    for table in ("roman", "devanagari", "folds")
    for place, row in enumerate(rows_of(table))
]


@pytest.mark.parametrize("row", _ROWS)
def test_a_rule_brings_its_example_to_the_spelling_it_names(row: dict[str, str]) -> None:
    """The example and its twin share a scoring key."""
    assert scoring_key(row["example"]) == scoring_key(row["same_as"])


@pytest.mark.parametrize("row", _ROWS)
def test_a_rule_has_an_example_of_its_own(row: dict[str, str]) -> None:
    """The example is not written like its twin, unless the rule is plain."""
    spelling = row.get("spelling") or row.get("letter") or ""
    assert row["example"]
    assert spelling in row["example"]


@pytest.mark.parametrize(
    "row", [row for row in rows_of("lexicon") if row["canonical"]], ids=lambda row: f"{row['role']}-{row['form']}"
)
def test_a_lexicon_form_sounds_like_its_canonical_name(row: dict[str, str]) -> None:
    """Forms of the nepali family and of every family come to the canonical key."""
    if row["family"] in {"nepali", "any"}:
        assert nepali_symbols(row["form"]) == nepali_symbols(row["canonical"])
