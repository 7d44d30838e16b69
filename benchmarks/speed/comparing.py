"""Rows of comparing: sketches of one block to similarities."""

from collections.abc import Iterator

import numpy as np

from benchmarks.speed.clock import rates
from benchmarks.speed.row import Profile, Row, median, row_of
from matcher.compare.sketches import compare
from matcher.schema import LinkageSchema

PAIRS = {"ci": 20_000, "full": 200_000}
LEAST_OF_POPCOUNT = 0.5
SEED = 1


def rows(profile: Profile) -> Iterator[Row]:
    """Yield the rows of comparing."""
    schema = LinkageSchema.shipped("nepal")
    pairs = PAIRS[profile]
    left, right = np.random.default_rng(SEED).integers(256, size=(2, pairs, schema.sketch_bytes), dtype=np.uint8)
    left[::2] = right[::2]  # half of the pairs are of one person
    popcount = rates(lambda: np.bitwise_count(left ^ right).sum(axis=1), pairs)
    yield row_of(
        "compare in a block, nepal schema",
        "pairs/s of CPU",
        rates(lambda: compare(left, right, schema), pairs),
        peer="numpy's popcount of the same bytes",
        peers=median(popcount),
        least_ratio=LEAST_OF_POPCOUNT,
        note=f"{len(schema.fields)} fields; the peer gives one count a pair",
    )
