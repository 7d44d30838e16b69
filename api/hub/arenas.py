"""
From how many pools glibc's malloc takes memory; hub.

By itself it gives threads pools of their own, up to eight for each processor, and a pool keeps what it once had to
hold. SQLite gives its cached pages back whenever another process has written, and takes them again from the pool of
whichever thread comes next, so that in time each pool holds a cache full of nothing. Measured in docs/scale.md.
"""

import ctypes
import os

ARENAS = 2  # SQLite and numpy ask rarely enough that threads need not wait for one another
SETTING = "MALLOC_ARENA_MAX"  # glibc's own; whoever has set it knows better
_M_ARENA_MAX = -8  # malloc.h


def bound_arenas() -> bool:
    """Let this process have no more than `ARENAS` pools; tell whether its malloc can, and nobody said otherwise."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return mallopt is not None and SETTING not in os.environ and bool(mallopt(_M_ARENA_MAX, ARENAS))
