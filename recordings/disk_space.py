"""How long a recording can go on before the disk is full."""

from __future__ import annotations

import shutil
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_WINDOW_S: Final = 60.0
_LEAST_S: Final = 5.0
"""A rate is told once this much was seen."""

_APART_S: Final = 0.5
_SMOOTH_S: Final = 20.0
"""The time constant of the smoothing."""

_GIB: Final = 1 << 30


@dataclass(frozen=True, slots=True)
class DiskOutlook:
    """What is known of the room left.

    Attributes:
        free_bytes: on the disk; None where it cannot be told.
        bytes_per_second: written, over the last minute, smoothed; None until measured.
        hours_left: None while unknown; inf when a quota that holds, or writing nothing, keeps the disk from filling.
        quota_holds: a quota makes room by deleting the oldest files before the disk is full.
    """

    free_bytes: int | None
    bytes_per_second: float | None
    hours_left: float | None
    quota_holds: bool

    def words(self) -> str:
        """For people: ``12.3 h left (118 GiB free)``."""
        free = "" if self.free_bytes is None else f" ({self.free_bytes / _GIB:.3g} GiB free)"
        if self.quota_holds:
            return f"the quota makes room{free}"
        if self.hours_left is None:
            return f"time left unknown{free}"
        if self.hours_left == float("inf"):
            return f"nothing is being written{free}"
        return f"{self.hours_left:.1f} h left{free}"


class DiskWatch:
    """Watches a recording's disk. For one thread.

    Args:
        folder: where is written.
        clock: monotonic seconds.
        free: a folder's free bytes; raises OSError where it cannot be told.
    """

    def __init__(
        self,
        folder: Path,
        *,
        clock: Callable[[], float] = time.monotonic,
        free: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
    ) -> None:
        self._folder = folder
        self._clock = clock
        self._free = free
        self._samples: deque[tuple[float, int]] = deque()
        self._rate: float | None = None
        self._rated_s = 0.0

    def free_bytes(self) -> int | None:
        """On the disk now; None where it cannot be told."""
        try:
            return self._free(self._folder)
        except OSError:
            return None

    def update(self, bytes_written: int) -> float | None:
        """Take how much was written in all so far; gives the rate as :meth:`bytes_per_second`."""
        now = self._clock()
        if self._samples and bytes_written < self._samples[-1][1]:  # a count that begins anew
            self._samples.clear()
            self._rate = None
        if not self._samples or now - self._samples[-1][0] >= _APART_S:
            self._samples.append((now, bytes_written))
            while now - self._samples[0][0] > _WINDOW_S:
                self._samples.popleft()
            self._smooth(now)
        return self._rate

    @property
    def bytes_per_second(self) -> float | None:
        """Written, over the last minute, smoothed; None until measured."""
        return self._rate

    def outlook(self, *, reserve_bytes: int = 0, quota_bytes: int | None = None, used_bytes: int = 0) -> DiskOutlook:
        """How long the room lasts.

        Args:
            reserve_bytes: that must stay free.
            quota_bytes: of the recording, kept by deleting the oldest files; None for none.
            used_bytes: of the quota so far.
        """
        free, rate = self.free_bytes(), self._rate
        if free is None:
            return DiskOutlook(None, rate, None, False)
        room = max(0, free - reserve_bytes)
        holds = quota_bytes is not None and quota_bytes - used_bytes <= room
        if holds or rate == 0:
            return DiskOutlook(free, rate, float("inf"), holds)
        return DiskOutlook(free, rate, self.hours_left(rate, reserve_bytes, free), False)

    def hours_left(
        self, bytes_per_second: float | None = None, reserve_bytes: int = 0, free_bytes: int | None = None
    ) -> float | None:
        """Until only the reserve is free, at a rate (by default the measured one); None while that is unknown."""
        rate = self._rate if bytes_per_second is None else bytes_per_second
        free = self.free_bytes() if free_bytes is None else free_bytes
        if rate is None or free is None:
            return None
        return float("inf") if rate <= 0 else max(0, free - reserve_bytes) / rate / 3600

    def _smooth(self, now: float) -> None:
        (first_s, first), (_, last) = self._samples[0], self._samples[-1]
        if now - first_s < _LEAST_S:
            return
        rate = (last - first) / (now - first_s)
        if self._rate is None:
            self._rate = rate
        else:
            new = min(1.0, (now - self._rated_s) / _SMOOTH_S)
            self._rate += (rate - self._rate) * new
        self._rated_s = now
