"""
One record against many with anonlink, as its documentation has it; run by its own interpreter.

Arguments: how many, how often, and the file to write: wall and CPU seconds of each run, as CSV. The keys are random
bits: what they hold does not change how long all pairs take.
"""

import csv
import os
import sys
import time

# mypy: ignore-errors
# anonlink is installed for this script's own interpreter alone.
import anonlink
from bitarray import bitarray

BITS = 1024
THRESHOLD = 0.8  # of anonlink's tutorials


def main() -> None:
    """Compare one key with all others, again and again."""
    many, runs, output = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    keys = [_key() for _ in range(many)]
    with open(output, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123 - it needs nothing but its own packages
        writer = csv.writer(file)
        for _ in range(runs + 1):
            wall, cpu = time.perf_counter(), time.process_time()
            anonlink.candidate_generation.find_candidate_pairs(
                [[_key()], keys], anonlink.similarities.dice_coefficient_accelerated, THRESHOLD
            )
            writer.writerow([time.perf_counter() - wall, time.process_time() - cpu])


def _key():  # noqa: ANN202 - a type of a package that is not installed here
    """Return a key of random bits."""
    bits = bitarray()
    bits.frombytes(os.urandom(BITS // 8))
    return bits


if __name__ == "__main__":
    main()
