"""The shipped frequency model holds the keys that today's rules make."""

from benchmarks.data.build_frequencies import TARGET, build, to_text
from matcher.schema import LinkageSchema


def test_the_shipped_model_is_what_its_builder_makes() -> None:
    """A changed phonetic rule without a rebuilt model would take common names for rare ones."""
    assert TARGET.read_text(encoding="utf-8") == to_text(build())


def test_the_model_knows_every_part_of_the_gate() -> None:
    """And no other."""
    assert set(build()["parts"]) == {part.name for part in LinkageSchema.shipped("nepal").gate.parts}


def test_no_share_is_zero_or_above_one() -> None:
    """A share of zero would let anything pass the gate."""
    parts = build()["parts"].values()
    assert all(0 < share <= 1 for part in parts for share in (part["default"], *part.get("shares", {}).values()))
