"""Our clock, on which frames are stamped: nanoseconds since 1970 that go on steadily, whoever sets the machine's clock.

The wall clock is read once, when the program starts; from there time goes on by the monotonic clock. A wall clock that
is set back by 20 s would else give 20 s of frames one time, and cameras could not be told apart from their clocks'
leaps. The child processes of the program (drivers/isolate.py) begin from the same reading.
"""

from __future__ import annotations

import os
import re
import time
from typing import Final

ANCHOR: Final = "TAPETUM_HOST_CLOCK_NS"
"""The variable by which a child process is told what :func:`anchor_ns` is."""


def now_ns() -> int:
    """Nanoseconds since 1970, as the wall clock would say had nobody set it since the program started."""
    return _anchor_ns + time.monotonic_ns()


def anchor_ns() -> int:
    """Nanoseconds from the monotonic clock, which all processes of the machine share, to :func:`now_ns`."""
    return _anchor_ns


def for_a_child() -> dict[str, str]:
    """What the environment of a child process says, so that its clock is this one."""
    return {ANCHOR: str(_anchor_ns)}


def _measured_ns() -> int:
    """What a parent says, else the wall clock less the monotonic one: read closely, the best of a few."""
    told = os.environ.get(ANCHOR, "")
    if re.fullmatch(r"-?[0-9]{1,30}", told):
        return int(told)
    reads = []
    for _ in range(5):
        before = time.monotonic_ns()
        wall = time.time_ns()
        after = time.monotonic_ns()
        reads.append((after - before, wall - (before + after) // 2))
    return min(reads)[1]


_anchor_ns: Final = _measured_ns()
