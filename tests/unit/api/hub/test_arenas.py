"""malloc's pools stay few, however many threads there are, unless the operator said how many."""

import ctypes
import os
import subprocess
import sys

import pytest

from api.hub.arenas import ARENAS, SETTING

pytestmark = pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_info"), reason="malloc is not glibc's")

THREADS = 6
COUNTED = f"""
import ctypes, sys, threading
from api.hub.arenas import bound_arenas
if sys.argv[1] == "bound":
    bound_arenas()
taken = threading.Barrier({THREADS} + 1)
def take():
    block = bytearray(10_000)
    taken.wait()
threads = [threading.Thread(target=take) for _ in range({THREADS})]
for thread in threads:
    thread.start()
taken.wait()
libc = ctypes.CDLL(None)
libc.malloc_info(0, ctypes.c_void_p.in_dll(libc, "stdout"))
libc.fflush(None)
"""


def arenas(how: str, **environment: str) -> int:
    """Return how many pools a process of several threads has."""
    environment = {**{name: text for name, text in os.environ.items() if name != SETTING}, **environment}
    command = [sys.executable, "-c", COUNTED, how]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return done.stdout.count("<heap nr=")


def test_threads_share_few_pools() -> None:
    """Without the bound, each of the threads has one."""
    assert arenas("bound") <= ARENAS < THREADS < arenas("as it is")


def test_what_the_operator_says_stands() -> None:
    """A setting of glibc's own is left alone."""
    assert ARENAS < arenas("bound", **{SETTING: "4"}) <= 4
