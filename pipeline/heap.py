"""The memory that malloc holds: in few pieces, and what is free of it given back. On glibc; elsewhere nothing happens.

A live run has some forty threads, and each recording brings new ones. glibc gives threads arenas of their own, up to
eight a core, and what one thread frees no other arena can use: the process grows though it holds no more. With two
arenas it stays smaller; how fast a thread gets memory did not change measurably (docs/results.md, "The window").
"""

from __future__ import annotations

import ctypes
import functools
import logging
import threading
import time
from typing import Any, Final

log = logging.getLogger(__name__)

ARENAS: Final = 2
_M_ARENA_MAX: Final = -8
"""Of glibc's malloc.h."""

EVERY_S: Final = 5.0
"""So seldom is free memory given back: whoever wants memory meanwhile may wait for a millisecond or two."""

_lock = threading.Lock()
_given_back_s: float | None = None


def use_few_arenas() -> bool:
    """Call it at the program's start: arenas that threads have by then stay. Whether glibc took it."""
    libc = _glibc()
    return libc is not None and bool(libc.mallopt(_M_ARENA_MAX, ARENAS))


def give_back() -> bool:
    """Give pages that hold nothing back to the system. Not for the thread that draws.

    For a quiet moment, after much was freed at once. Returns False where it did nothing: another libc, or the last time
    was less than :data:`EVERY_S` ago.
    """
    global _given_back_s
    libc = _glibc()
    if libc is None:
        return False
    with _lock:
        now_s = time.monotonic()
        if _given_back_s is not None and now_s - _given_back_s < EVERY_S:
            return False
        _given_back_s = now_s
    libc.malloc_trim(0)  # ctypes lets go of the interpreter meanwhile
    log.debug("free memory was given back in %.1f ms", 1e3 * (time.monotonic() - now_s))
    return True


@functools.cache
def _glibc() -> Any:
    """The process's own libc where that is glibc; None elsewhere (musl, macOS, Windows)."""
    try:
        libc = ctypes.CDLL(None)
        libc.gnu_get_libc_version  # noqa: B018 - looked up: only glibc has it
        mallopt, malloc_trim = libc.mallopt, libc.malloc_trim
    except (AttributeError, OSError, TypeError):  # TypeError: CDLL(None) on Windows
        return None
    mallopt.argtypes, mallopt.restype = (ctypes.c_int, ctypes.c_int), ctypes.c_int
    malloc_trim.argtypes, malloc_trim.restype = (ctypes.c_size_t,), ctypes.c_int
    return libc
