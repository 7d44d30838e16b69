"""Sketches of the wrong shape are refused; random ones look like strangers."""

import numpy as np
import pytest

from matcher.compare.sketches import compare
from matcher.errors import MalformedEncodingError
from matcher.schema import LinkageSchema

NEPAL = LinkageSchema.shipped("nepal")


@pytest.mark.parametrize(("left", "right"), [((2, 223), (2, 223)), ((2, 224), (1, 224)), ((2, 225), (2, 225))])
def test_sketches_of_another_size_are_refused(left, right) -> None:
    """A cut sketch is an error, not a stranger."""
    with pytest.raises(MalformedEncodingError):
        compare(np.zeros(left, np.uint8), np.zeros(right, np.uint8), NEPAL)


def test_random_sketches_have_no_field_in_common() -> None:
    """Presence is a keyed tag: by chance it agrees once in 65,536 fields."""
    rng = np.random.default_rng(1)
    left, right = rng.integers(256, size=(2, 500, 224), dtype=np.uint8)
    assert np.isnan(compare(left, right, NEPAL).similarity).mean() > 0.999


def test_no_pairs_give_no_rows() -> None:
    """The empty batch keeps its columns."""
    empty = np.zeros((0, 224), np.uint8)
    assert compare(empty, empty, NEPAL).similarity.shape == (0, len(NEPAL.fields))
