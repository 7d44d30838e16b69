"""Known answers of every encoder version that is still spoken; old files are never edited."""

import json
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from make_vectors import vectors  # noqa: E402 - the maker stands beside its vectors

KNOWN = json.loads((HERE / "nepal-encoder-1.json").read_text(encoding="utf-8"))
MADE = vectors()


def test_schema_and_encoder_are_the_known_ones() -> None:
    """Another schema or encoder needs a file of its own."""
    assert {key: MADE[key] for key in MADE if key != "vectors"} == {
        key: KNOWN[key] for key in KNOWN if key != "vectors"
    }


@pytest.mark.parametrize("position", range(len(KNOWN["vectors"])))
def test_a_row_goes_the_known_way(position: int) -> None:
    """Readings, tokens and sketches are equal bit for bit."""
    assert MADE["vectors"][position] == KNOWN["vectors"][position]


def test_both_scripts_give_the_same_tokens() -> None:
    """The same woman in Roman and Devanagari, in both calendars, shares her tokens."""
    roman, devanagari = (set(KNOWN["vectors"][position]["tokens"]) for position in (0, 1))
    assert len(roman & devanagari) >= 0.9 * len(roman)


def test_a_given_name_alone_emits_nothing() -> None:
    """Nothing rare is known of the last one."""
    assert KNOWN["vectors"][-1]["tokens"] == []
