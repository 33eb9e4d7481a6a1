"""What is usual for one person: a percentile of the last minute, kept when the person is asleep or turned away."""

from __future__ import annotations

import math
from collections import deque
from typing import Final

_BINS: Final = 200


class Level:
    """A percentile of what was seen in the last ``span_s`` seconds, of values from 0 to ``highest``.

    It rises at once and sinks slowly (the other way round for a percentile under 0.5): eyes that have been shut for a
    minute are no narrow eyes. A clock that leaps back forgets the values and keeps the level: the person is the same.

    Args:
        percentile: 0..1.
        start: the level as long as fewer than ``needed_s`` seconds have been seen; what is learned first lies no
            farther below (above) it than a factor of 0.6 (1.67).
        highest: larger values count as this.
        span_s: how far back it looks.
        slow_s: time constant, in seconds of valid time, of the direction that goes slowly.
        spacing_s: values that follow sooner are left out, so that 10 and 120 Hz weigh the same.
    """

    def __init__(
        self,
        percentile: float,
        start: float,
        *,
        highest: float = 1.0,
        span_s: float = 60.0,
        needed_s: float = 5.0,
        slow_s: float = 600.0,
        spacing_s: float = 0.05,
    ) -> None:
        self._share = percentile
        self._level = start
        self._step = highest / _BINS
        self._span_ns, self._spacing_ns = round(span_s * 1e9), round(spacing_s * 1e9)
        self._needed_s, self._slow_s = needed_s, slow_s
        self._seen: deque[tuple[int, int]] = deque()
        self._counts = [0] * _BINS
        self._lowest, self._highest = _BINS - 1, 0
        """Bins beyond these have been empty all the time."""
        self._seconds = 0.0
        self._since = 0
        self.is_learned = False

    @property
    def value(self) -> float:
        return self._level

    @property
    def seconds(self) -> float:
        """Of valid time that have been seen in all."""
        return self._seconds

    def add(self, device_ns: int, value: float) -> float:
        """A value at an instant; the level with it. What is no finite number is left out."""
        if not math.isfinite(value):
            return self._level
        passed = 0
        if self._seen:
            passed = device_ns - self._seen[-1][0]
            if 0 <= passed < self._spacing_ns:
                return self._level
            if passed < 0:
                self._seen.clear()
                self._counts = [0] * _BINS
                passed = 0
        bin_of = min(max(int(value / self._step), 0), _BINS - 1)
        self._seen.append((device_ns, bin_of))
        self._counts[bin_of] += 1
        if bin_of < self._lowest:
            self._lowest = bin_of
        if bin_of > self._highest:
            self._highest = bin_of
        while device_ns - self._seen[0][0] > self._span_ns:
            self._counts[self._seen.popleft()[1]] -= 1
        passed_s = min(passed / 1e9, 10 * self._spacing_ns / 1e9)
        self._seconds += passed_s
        if self._seconds >= self._needed_s:
            self._move(self._percentile(), passed_s)
        return self._level

    def _move(self, target: float, passed_s: float) -> None:
        quick = target >= self._level if self._share >= 0.5 else target <= self._level
        if quick:
            self._level = target
        elif not self.is_learned:  # whoever comes asleep does not teach that this is open
            self._level = max(target, 0.6 * self._level) if self._share >= 0.5 else min(target, self._level / 0.6)
        else:
            self._level += (target - self._level) * (1.0 - math.exp(-passed_s / self._slow_s))
        self.is_learned = True

    def _percentile(self) -> float:
        """The middle of the bin in which it lies, counted from the nearer end."""
        total = len(self._seen)
        if self._share >= 0.5:
            left = (1.0 - self._share) * total
            for index in range(self._highest, -1, -1):
                left -= self._counts[index]
                if left < 0:
                    return (index + 0.5) * self._step
            return 0.5 * self._step
        left = self._share * total
        for index in range(self._lowest, _BINS):
            left -= self._counts[index]
            if left < 0:
                return (index + 0.5) * self._step
        return (_BINS - 0.5) * self._step
