"""FrameSets that came at once, where there is time for one alone: which of them is processed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from drivers.frame import FrameSet

TOGETHER: Final = 8
"""FrameSets that may come at once and all be processed: a stream that loses frames holds up no more than what comes
in a quarter of a second (the usual ``wait_ms`` of synchronising) at 30 a second."""


def fullest_in_turn(waiting: Sequence[FrameSet], last: FrameSet | None) -> FrameSet:
    """The newest; or the newest that has a stream which neither it nor the one processed last has.

    A stream that loses every second frame is in every second FrameSet alone, and that may always be the older of two:
    its picture would never be seen, and be taken for old. So it has its turn, a frame later than the newest would be.

    Args:
        waiting: in their order; at least one.
        last: what was processed last.
    """
    newest = waiting[-1]
    if last is None:
        return newest
    unseen = {name for one in waiting for name in one.frames} - set(newest.frames) - set(last.frames)
    return next((one for one in reversed(waiting) if unseen & set(one.frames)), newest)
