"""Numbers that a session lacks: frames that were lost, or that its profile left out on purpose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from drivers.frame import FrameFlag
from recordings.clip_file import CLIP_NOTE


class Missing(NamedTuple):
    """Frames of one stream that are not in a session.

    ``lost`` is exact where nothing was left out on purpose; else it is how many gaps in the numbers are flagged, each
    of which stands for one lost frame at least.
    """

    lost: int
    left_out: int


def is_thinned(notes: Mapping[str, str]) -> bool:
    """Whether a session's notes say that it keeps few frames on purpose: profile ``watch``, but not its clips."""
    return notes.get("profile") == "watch" and CLIP_NOTE not in notes


def missing(number: NDArray[np.int64], flags: NDArray[np.uint32], *, thinned: bool) -> Missing:
    """What the numbers (N,) of a stream, in the order of recording, and the flags (N,) tell.

    Repeated and restarted counts are no losses, so only steps forward count.
    """
    steps = np.diff(number)
    gaps = steps > 1
    absent = int((steps[gaps] - 1).sum())
    if not thinned:
        return Missing(absent, 0)
    # What was left out on purpose leaves no flag.
    lost = int(np.count_nonzero(gaps & ((flags[1:] & int(FrameFlag.DROPPED_BEFORE)) != 0)))
    return Missing(lost, absent - lost)
