"""Times and numbers for cameras that count in short ticks and number nothing: the Kinects."""

from __future__ import annotations

from typing import Final

_WRAP: Final = 1 << 32


class TickClock:
    """A rising time in nanoseconds from a 32-bit counter that wraps.

    Args:
        tick_ns: nanoseconds a tick; several where it is not known which of them the device counts in. The first frames
            tell: a camera's frames are whole periods apart.
        period_ns: what a frame takes, to choose by.
    """

    def __init__(self, *tick_ns: float, period_ns: float = 1e9 / 30) -> None:
        self._candidates = tick_ns
        self._tick_ns = tick_ns[0]
        self._period_ns = period_ns
        self._ticks: int | None = None
        self._ns = 0.0
        self.wraps = 0

    @property
    def tick_ns(self) -> float:
        """What a tick is taken for, in ns."""
        return self._tick_ns

    def ns(self, ticks: int) -> int:
        """The time of a tick count; counts that step back by more than half the range have wrapped."""
        if self._ticks is None:
            self._ticks, self._ns = ticks, ticks * self._tick_ns
            return int(self._ns)
        step = (ticks - self._ticks) % _WRAP
        if step >= _WRAP // 2:  # late or out of order: the counter did not run half its range in between
            step -= _WRAP
        elif ticks < self._ticks:
            self.wraps += 1
        if len(self._candidates) > 1 and 0 < step < 10 * self._period_ns / self._candidates[0]:
            self._tick_ns = min(self._candidates, key=lambda tick: self._off_period(step * tick))
            self._candidates = (self._tick_ns,)
        self._ticks, self._ns = ticks, self._ns + step * self._tick_ns
        return int(self._ns)

    def _off_period(self, elapsed_ns: float) -> float:
        periods = elapsed_ns / self._period_ns
        return abs(periods - max(1, round(periods)))


class NumbersByTime:
    """Numbers for frames that carry none: a gap in time of two periods is a frame that was lost.

    Args:
        period_ns: what a frame takes, unless a frame says otherwise (a colour camera slows down in the dark).
    """

    def __init__(self, period_ns: float = 1e9 / 30) -> None:
        self._period_ns = period_ns
        self._number = -1
        self._at_ns = 0

    def next(self, device_ns: int, period_ns: float = 0.0) -> int:
        """The number of the frame taken at ``device_ns``: one more than the last, plus what must have been lost."""
        period = period_ns or self._period_ns
        missing = round((device_ns - self._at_ns) / period) - 1 if self._number >= 0 else 0
        self._number += 1 + max(0, missing)
        self._at_ns = device_ns
        return self._number
