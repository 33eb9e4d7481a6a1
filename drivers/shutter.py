"""What a thermal camera's shutter does, so that no picture of it, and no frozen one, passes for the scene.

Every few minutes an uncooled thermal camera closes its shutter for about a second to measure its own unevenness (a
flat-field correction). Meanwhile it shows the shutter, or freezes the last picture. A camera with telemetry says so;
of one without, only what can be seen tells: the same pixels again and again (a real picture never repeats itself, its
noise differs), or a picture that has lost nearly all its contrast at once.

What is seen is taken for the shutter for :data:`LONGEST_S` at most: a picture that stays frozen is stale, but that is
no correction any more, and one that stays even is a wall or a lens cap.
"""

from __future__ import annotations

import enum
from collections import deque
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from drivers.frame import FrameFlag

LONGEST_S: Final = 3.0
"""A Lepton's correction takes 0.9 s (23 frames at 26 Hz, Lepton Engineering Datasheet, section on FFC)."""

_EVEN: Final = 0.2
"""A picture whose spread falls to this share of what is usual may be the shutter."""

_USUAL: Final = 15  # pictures whose spread makes up what is usual
_EVERY: Final = 4  # the spread is taken of every fourth row and column


class ShutterState(enum.StrEnum):
    """As far as the camera says."""

    UNKNOWN = "unknown"
    OPEN = "open"
    IMMINENT = "imminent"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Sight:
    """What is to be done with a picture.

    Attributes:
        is_repeat: it repeats the one before as the camera's output rate makes it; it is no frame of its own.
        flags: of the frame.
    """

    is_repeat: bool
    flags: FrameFlag


class ShutterWatch:
    """Looks at each picture of one camera, in their order.

    Args:
        fps: the camera's nominal rate, 0 when unknown: the same picture for longer than two periods is frozen.
    """

    def __init__(self, fps: float) -> None:
        self._frozen_s = max(0.15, 2.2 / fps) if fps > 0 else 0.3
        self._last: NDArray[Any] | None = None
        self._fresh_ns = 0  # when the last picture that was no repeat came
        self._spreads: deque[float] = deque(maxlen=_USUAL)
        self._even_since_ns: int | None = None
        self.repeats = 0
        """Pictures that were no frames of their own."""

    def see(self, pixels: NDArray[Any], time_ns: int, state: ShutterState, is_counted: bool = False) -> Sight:
        """Judge one picture.

        Args:
            pixels: (H, W), the camera's counts; kept until the next call, and must not change.
            time_ns: of the picture, on any clock that rises.
            state: what the camera itself says.
            is_counted: the camera's own counter says that this is a new picture: then the same pixels are stale ones.
        """
        is_same = self._last is not None and np.array_equal(self._last, pixels)
        self._last = pixels
        if is_same:
            frozen_s = (time_ns - self._fresh_ns) / 1e9
            if frozen_s < self._frozen_s and state is not ShutterState.CLOSED and not is_counted:
                self.repeats += 1
                return Sight(True, FrameFlag.NONE)
            is_shutter = state is ShutterState.CLOSED or (state is ShutterState.UNKNOWN and frozen_s <= LONGEST_S)
            return Sight(False, FrameFlag.STALE | (FrameFlag.SHUTTER if is_shutter else FrameFlag.NONE))
        self._fresh_ns = time_ns
        is_even = self._is_even(pixels, time_ns)
        closed = state is ShutterState.CLOSED or (state is ShutterState.UNKNOWN and is_even)
        return Sight(False, FrameFlag.SHUTTER if closed else FrameFlag.NONE)

    def _is_even(self, pixels: NDArray[Any], time_ns: int) -> bool:
        """Whether the contrast is gone all at once, and not for long."""
        spread = float(pixels[::_EVERY, ::_EVERY].std())
        if len(self._spreads) == _USUAL and spread < _EVEN * median(self._spreads):
            if self._even_since_ns is None:
                self._even_since_ns = time_ns
            if (time_ns - self._even_since_ns) / 1e9 <= LONGEST_S:
                return True  # not learned: the shutter is not usual
        elif self._even_since_ns is not None:
            self._even_since_ns = None
        self._spreads.append(spread)
        return False
