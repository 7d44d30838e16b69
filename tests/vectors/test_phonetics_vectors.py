"""Known keys stay what they were: two partners with unlike keys would never meet."""

import json
from pathlib import Path

import pytest

from matcher.phonetics.keys import blocking_key, scoring_key

VECTORS = json.loads((Path(__file__).parent / "phonetics-1.json").read_text(encoding="utf-8"))["keys"]


@pytest.mark.parametrize("row", VECTORS, ids=[f"{place}-{row['family']}" for place, row in enumerate(VECTORS)])
def test_a_known_name_has_its_known_keys(row: dict[str, str]) -> None:
    """Scoring and blocking key of each family."""
    assert scoring_key(row["name"], row["family"]) == row["scoring_key"]
    assert blocking_key(row["name"], row["family"]) == row["blocking_key"]
