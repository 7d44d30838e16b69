"""Similarities, computed again from two sketches bit by bit, one pair at a time."""

import numpy as np
import pytest

from matcher.compare import sketches
from matcher.compare.sketches import compare
from matcher.encoding import sketch_layout
from matcher.schema import Kind, LinkageSchema
from matcher.template import general_schema

CHANCE = 0.5 + 0.5 / 16
PAIRS = 300
SCHEMAS = {
    "nepal": LinkageSchema.shipped("nepal"),
    "general": general_schema({"name": Kind.NAME, "town": Kind.PLACE, "note": Kind.TEXT, "born": Kind.DATE}, 1_000),
}


def share(left: np.ndarray, right: np.ndarray) -> float:
    """Return the share of bits that agree."""
    bits = [f"{one ^ other:08b}" for one, other in zip(left.tolist(), right.tolist(), strict=True)]
    return "".join(bits).count("0") / (8 * len(bits))


def by_hand(left: np.ndarray, right: np.ndarray, schema: LinkageSchema, name: str, kind: Kind) -> float:
    """Return the similarity of one field of two sketches; NaN where a side is missing."""
    agree = {
        slot.name: share(left[slot.start : slot.stop], right[slot.start : slot.stop])
        for slot in sketch_layout(schema)
        if slot.field == name
    }
    close = {slot: min(1.0, max(0.0, (value - CHANCE) / (1 - CHANCE))) for slot, value in agree.items()}
    if agree["present"] < 1:
        return float("nan")
    if kind is Kind.NAME:
        return name_by_hand(agree, (close["raw"] + close["folded"] + close["skeleton"]) / 3)
    if kind is Kind.DATE:
        return date_by_hand({slot for slot, value in agree.items() if value == 1})
    if agree.get("same") == 1:
        return 1.0
    return (0.99 if "same" in agree else 1.0) * close.get("grams", 0.0)


def name_by_hand(agree: dict[str, float], average: float) -> float:
    """Tell equal names apart by how rare they are."""
    if average < sketches.NAME_ALIKE:
        return average
    if agree["rare"] < 1:
        return sketches.NAME_SAME
    return sketches.NAME_SAME_RARE if agree["very_rare"] < 1 else sketches.NAME_SAME_VERY_RARE


def date_by_hand(same: set[str]) -> float:
    """Say which parts of two dates agree."""
    has_month, has_day = "month_present" in same, {"month_present", "day_present"} <= same
    parts = ("year" in same) + (has_month and "month" in same) + (has_day and "day" in same)
    near = bool(same & {"year_even", "year_odd"})
    if has_day:
        exchanged = {"year", "day_month"} <= same
        levels = {3: sketches.DATE_SAME, 2: sketches.DATE_ONE_PART_OFF, 1: sketches.DATE_ONE_PART, 0: 0.0}
        return sketches.DATE_ONE_PART_OFF if exchanged and parts < 3 else levels[parts]
    if has_month:
        return sketches.DATE_SAME_MONTH if parts == 2 else sketches.DATE_ONE_PART if parts or near else 0.0
    if "year" in same:
        return sketches.DATE_SAME_YEAR
    return (
        sketches.DATE_NEAR_YEAR
        if near
        else sketches.DATE_CLOSE_YEAR
        if same & {"year_four", "year_four_shifted"}
        else 0
    )


@pytest.mark.parametrize("name", SCHEMAS)
def test_similarities_equal_those_by_hand(name: str) -> None:
    """Pairs of every likeness, from equal to strangers."""
    schema = SCHEMAS[name]
    rng = np.random.default_rng(7)
    left = rng.integers(256, size=(PAIRS, schema.sketch_bytes), dtype=np.uint8)
    other = rng.integers(256, size=left.shape, dtype=np.uint8)
    right = np.where(rng.random(left.shape) < np.linspace(0, 0.6, PAIRS)[:, None], other, left)
    for slot in sketch_layout(schema):
        if slot.name == "present":
            right[::2, slot.start : slot.stop] = left[::2, slot.start : slot.stop]
    found = compare(left, right, schema).similarity
    expected = [
        [by_hand(one, two, schema, field.name, field.kind) for field in schema.fields]
        for one, two in zip(left, right, strict=True)
    ]
    assert np.isnan(found).any()
    assert np.allclose(found, expected, atol=1e-6, equal_nan=True)


def test_many_pairs_are_compared_as_few_are(monkeypatch) -> None:
    """Where a pass ends changes nothing."""
    schema = SCHEMAS["general"]
    left, right = np.random.default_rng(8).integers(256, size=(2, 1_000, schema.sketch_bytes), dtype=np.uint8)
    right[:, ::3] = left[:, ::3]
    whole = compare(left, right, schema).similarity
    monkeypatch.setattr(sketches, "PAIRS_AT_ONCE", 300)
    assert np.array_equal(compare(left, right, schema).similarity, whole, equal_nan=True)
