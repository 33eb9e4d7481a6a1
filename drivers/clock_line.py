"""The earliest that frames arrive: a line through a cloud of late ones, found as they come.

Frames arrive late, never early. Over the device clock x, ``y = host - device`` is a line (an offset and a drift) plus
lateness above it; the line is the lower edge of the cloud. Once a second the earliest arrival is kept; the slope is
Theil and Sen's median over pairs of these, drawn towards what was known before while they are few; the height is low
among what is left. Where the earliest arrivals thin out as slowly as the latest do (the device's own times are noisy),
there is no edge, and the middle of the cloud is taken. What is given out follows slowly enough to keep times rising.
"""

from __future__ import annotations

import math
from collections import deque
from typing import Final

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

BIN_NS: Final = 1_000_000_000
"""Of device time: from each so long a stretch the earliest arrival is kept."""
BINS: Final = 40
UNKNOWN_DRIFT: Final = 150e-6
"""Standard deviation of the drift of clocks nobody measured yet: what their quartz is sold with, and a bit."""

_SLOPED: Final = 3
"""Bins from which on there is a slope."""
_SETTLED: Final = 10
"""Bins from which on one earliest arrival of all no longer decides."""
_LOW: Final = 10
"""Of settled bins, one in so many may lie below the line: a frame with a wrong time is no edge."""
_QUICK: Final = 0.5
_QUICK_NS: Final = 1_000_000_000
_SHORT_NS: Final = 15_000_000
_SLOW: Final = 0.02
"""How fast the mapping may be corrected, seconds a second: at first, and later."""
_STEEPEST: Final = 0.05
RECENT: Final = 1024
"""Frames whose lateness is remembered."""
_REMEMBER: Final = 1 / 64
"""Weight of the newest frame in the mean lateness."""

_MANY: Final = 256
"""Frames that show whether their lateness has an edge."""
_FEW: Final = 64
_LONG_NS: Final = 5_000_000_000
"""So few do as well when they came over so long a time: a slow camera must not wait for half a minute."""
_TWO_SIDED: Final = ((0.4, 2.4), (0.7, 2.1))
"""Jitter to both sides: skewness below, kurtosis above this; to begin with, and to stay so. A normal distribution has
0 and 3, half of one 1.0 and 3.9, evenly spread lateness 0 and 1.8, exponential 2 and 9."""

_PAIRS: Final = {n: np.triu_indices(n, 1) for n in range(2, BINS + 1)}


class LowerLine:
    """Of one stretch of a device clock without a jump. Times are ns, any origin; everything kept is bounded.

    Args:
        x: device time of the first frame.
        y: its host time less its device time.
        slope, slope_sd: what is known of the drift (dy/dx) beforehand, and how well.
        is_two_sided: whether the jitter is known to go to both sides.
    """

    __slots__ = (
        "_at",
        "_best",
        "_bin_end",
        "_bin_spread",
        "_bins",
        "_height",
        "_mean_late",
        "_prior",
        "_quick_until",
        "_recent",
        "_x0",
        "_x_newest",
        "_y0",
        "frames",
        "is_two_sided",
        "slope",
        "slope_sd",
    )

    def __init__(
        self, x: int, y: int, slope: float = 0.0, slope_sd: float = UNKNOWN_DRIFT, is_two_sided: bool = False
    ) -> None:
        self._x0, self._y0 = x, y
        self._prior = (slope, slope_sd)
        self.slope, self.slope_sd = slope, slope_sd
        self._height = 0.0  # of the estimated line at x0, relative to y0
        self._at = 0.0  # what is given out, at the newest frame
        self._x_newest = 0.0
        self._quick_until = float(_QUICK_NS)
        self._bins: deque[tuple[float, float]] = deque(maxlen=BINS)
        self._best: tuple[float, float, float] | None = None  # height, x, y of the open bin's earliest arrival
        self._bin_end = float(BIN_NS)
        self._bin_spread = 0.0
        self._mean_late = 0.0
        self._recent = np.empty((2, RECENT))  # x and y of the newest frames, over and over
        self.frames = 0
        self.is_two_sided = is_two_sided
        """Whether the middle of the cloud is given out, since it has no edge."""

    @property
    def middle_ns(self) -> float:
        """From the edge to what is given out: to the middle of the cloud, or nothing."""
        return max(0.0, self._mean_late) if self.is_two_sided else 0.0

    @property
    def span_ns(self) -> int:
        """Device time from the first frame to the newest."""
        return int(self._x_newest)

    @property
    def bins(self) -> int:
        return len(self._bins)

    @property
    def newest(self) -> int:
        """The newest device time."""
        return self._x0 + int(self._x_newest)

    def offset(self, x: int) -> float:
        """What is given out: our clock less the device's, ns, at device time ``x``, relative to ``y0``."""
        return self._at + self.slope * (x - self._x0 - self._x_newest)

    def host(self, x: int) -> int:
        """Device time to our clock."""
        return x + self._y0 + round(self._at + self.slope * (x - self._x0 - self._x_newest))

    def late(self, x: int, y: int) -> float:
        """By how many ns a frame arrived later than the line says, < 0: earlier."""
        rel = x - self._x0
        return (y - self._y0) - (self._height + self.slope * rel)

    def add(self, x: int, y: int) -> None:
        """Take a frame that belongs to the line."""
        rel, over = float(x - self._x0), float(y - self._y0)
        height = over - self.slope * rel
        place = self.frames % RECENT
        self._recent[0, place], self._recent[1, place] = rel, over
        self.frames += 1
        self._mean_late += (height - self._height - self._mean_late) * max(_REMEMBER, 1 / self.frames)
        if rel >= self._bin_end:
            before = self._height + self.slope * rel
            self._close_bin(rel)
            self._mean_late += before - self._height - self.slope * rel
            height = over - self.slope * rel
        if self._best is None or height < self._best[0]:
            self._best = (height, rel, over)
        if height < self._height and len(self._bins) < _SETTLED:
            self._mean_late += self._height - height
            self._height = height
        self._follow(rel)

    def drop(self, x: int, y: int) -> None:
        """A frame came by a shorter way than any before: the edge is there, and old arrivals show it no longer."""
        rel, over = float(x - self._x0), float(y - self._y0)
        height = over - self.slope * rel
        self._bins.clear()
        self._best = (height, rel, over)
        self._mean_late += self._height - height
        self._height = height
        self._quick_until = rel + _QUICK_NS

    def uncertainty_ns(self) -> float:
        """About 95 % of estimates lie nearer than this to the earliest possible arrival."""
        seconds = max(self._x_newest / 1e9, 1e-3)
        frames = max(1.0, self.frames * min(1.0, BINS / seconds))
        lag = abs(self._height + self.middle_ns + self.slope * self._x_newest - self._at)
        lever = min(self._x_newest, BINS * BIN_NS) / 2.0
        # The edge itself: sharp ones are found to 1/frames of the lateness, soft ones no better than bins agree.
        edge = max(3.0 * max(self._mean_late, 0.0) / math.pow(frames, 0.75), 1.5 * self._bin_spread)
        return edge + 2.0 * self.slope_sd * lever + lag

    def delays_ms(self) -> tuple[float, float, float]:
        """By how much recent frames came later than the edge: median, 95th percentile, largest."""
        late = np.maximum(self._lateness(), 0.0) / 1e6
        median, p95, largest = np.percentile(late, [50, 95, 100]) if len(late) else (0.0, 0.0, 0.0)
        return float(median), float(p95), float(largest)

    def _follow(self, rel: float) -> None:
        step = rel - self._x_newest
        if step <= 0:
            return
        limit = _SLOW * step
        if rel < self._quick_until:
            # Of several streams the newest frame may be far ahead of the others', whose times must not fall.
            limit = _QUICK * (step if self._quick_until == _QUICK_NS else min(step, _SHORT_NS))
        wanted = self._height + self.middle_ns + self.slope * rel
        carried = self._at + self.slope * step
        self._at = carried + min(limit, max(-limit, wanted - carried))
        self._x_newest = rel

    def _close_bin(self, rel: float) -> None:
        if self._best is not None:
            self._bins.append(self._best[1:])
            self._best = None
        self._bin_end = rel - rel % BIN_NS + BIN_NS
        self._fit()

    def _fit(self) -> None:
        n = len(self._bins)
        x, y = np.array(self._bins).T
        if n >= _SLOPED:
            i, j = _PAIRS[n]
            slope = float(np.median((y[j] - y[i]) / (x[j] - x[i])))
            rest = y - slope * x
            spread = 1.4826 * float(np.median(np.abs(rest - np.median(rest))))
            # Few bins may agree by chance: the earliest of k frames is uncertain by about their lateness over k.
            frames_a_bin = max(1.0, self.frames * BIN_NS / max(self._x_newest, BIN_NS))
            spread = max(spread, self._mean_late / frames_a_bin, 1e3)
            sd = spread * math.sqrt(12.0 / n) / float(x[-1] - x[0])
            known, known_sd = self._prior
            weight = known_sd**2 / (known_sd**2 + sd**2)
            self.slope = min(_STEEPEST, max(-_STEEPEST, known + weight * (slope - known)))
            self.slope_sd = math.sqrt(weight) * sd
        heights = np.sort(y - self.slope * x)
        self._height = float(heights[n // _LOW if n >= _SETTLED else 0])
        self._bin_spread = float(heights[n // 2]) - self._height
        self._look_for_an_edge()

    def _look_for_an_edge(self) -> None:
        late = self._lateness()
        if len(late) < (_FEW if self._x_newest >= _LONG_NS else _MANY):
            return
        middle = float(late.mean())
        rest = late - middle
        squares = rest * rest
        variance = max(float(squares.mean()), 1.0)
        skewness = float(np.dot(squares, rest)) / len(late) / math.pow(variance, 1.5)
        kurtosis = float(np.dot(squares, squares)) / len(late) / variance**2
        most, least = _TWO_SIDED[self.is_two_sided]
        self.is_two_sided = abs(skewness) < most and kurtosis > least

    def _lateness(self) -> FloatArray:
        """Of the recent frames, against the line as it is now."""
        x, y = self._recent[:, : min(self.frames, RECENT)]
        return np.asarray(y - self._height - self.slope * x, np.float64)
