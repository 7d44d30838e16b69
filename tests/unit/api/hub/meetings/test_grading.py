"""Pairs are graded some at a time, and as they would be one by one."""

import random
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from api.hub.meetings import grading
from matcher.schema import LinkageSchema

SCHEMA = LinkageSchema.shipped("nepal")


@pytest.mark.parametrize("at_once", [1, 3, 7, 100])
def test_pieces_make_the_whole(graded: Any, monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    """Whatever is compared at once, each pair has its own grade."""
    monkeypatch.setattr(grading, "PAIRS_AT_ONCE", at_once)
    chance: Any = random.Random(at_once)  # noqa: S311 - bytes that can be had again
    left, right = ([bytes([chance.randrange(5)]) * SCHEMA.sketch_bytes for _ in range(7)] for _ in range(2))
    hub: Any = SimpleNamespace(score=graded)
    found = grading.grades(hub, SCHEMA, left, right)
    assert found.tolist() == [min(one[0], other[0], 3) for one, other in zip(left, right, strict=True)]


def test_no_pairs_have_no_grades(graded: Any) -> None:
    """Nothing is compared."""
    hub: Any = SimpleNamespace(score=graded)
    found = grading.grades(hub, SCHEMA, [], [])
    assert (found.shape, found.dtype) == ((0,), np.int8)
