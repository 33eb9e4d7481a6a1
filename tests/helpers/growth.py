"""Whether memory grows with the work, told apart from what comes once and stays.

What work leaves behind each time, it leaves behind in every block of the same work. What comes once (a dictionary that
is resized, an object of the interpreter's, what another thread holds just then) lies in one block or another, and in
which is luck. So of several equal blocks the one that grew least counts: noise cannot raise it, a leak cannot hide.
"""

from __future__ import annotations

import ctypes
import gc
import itertools
import mmap
import tracemalloc
from collections.abc import Callable
from pathlib import Path

STATM = Path("/proc/self/statm")
"""Where Linux says how much memory this process has."""

_BLOCKS = 6


def traced_growth(work: Callable[[], object]) -> int:
    """Bytes of Python's memory, NumPy's arrays included, that each of several calls of ``work`` left, at the least."""
    tracemalloc.start(1)
    try:
        return _least_growth(work, lambda: tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()


def resident_growth(work: Callable[[], object]) -> int:
    """Bytes of the process's resident memory, that of libraries included, likewise; in whole pages. Linux only."""
    give_back = getattr(ctypes.CDLL(None), "malloc_trim", lambda _: None)  # glibc's; else freed memory hides a leak

    def used() -> int:
        give_back(0)
        return int(STATM.read_text().split()[1]) * mmap.PAGESIZE

    return _least_growth(work, used)


def _least_growth(work: Callable[[], object], used: Callable[[], int]) -> int:
    work()  # whatever is made with the first of them
    gc.collect()
    gc.freeze()  # what was there before need not be looked through seven times: half a second each in a long run
    try:
        at = [used()]
        for _ in range(_BLOCKS):
            work()
            gc.collect()
            at.append(used())
    finally:
        gc.unfreeze()
    return min(after - before for before, after in itertools.pairwise(at))
