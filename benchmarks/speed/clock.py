"""Rates over several runs, by the CPU time of this process: neighbours on the machine move wall time far more."""

import gc
import time
from collections.abc import Callable

RUNS = 5  # a median of fewer is one neighbour's whim


def rates(work: Callable[[], object], items: int, clock: Callable[[], float] = time.process_time) -> list[float]:
    """
    Do the same work several times, and return items a second of each.

    Args:
        work: repeated; one more run comes first and is not counted.
        items: how many things one run does.
        clock: seconds; CPU time of this process, all threads together, unless told otherwise.
    """
    work()
    found = []
    for _ in range(RUNS):
        gc.collect()
        started = clock()
        work()
        found.append(items / (clock() - started))
    return found
