"""A camera's clock against ours: how fast it runs away, and how unevenly its frames arrive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

MIN_SPAN_S: Final = 10.0
"""Over less time the unevenness of arriving hides the drift."""

_MIN_FRAMES: Final = 50
_BINS: Final = 200
_PER_BIN: Final = 5
_BREAK_NS: Final = 5_000_000_000


@dataclass(frozen=True, slots=True)
class ClockFit:
    """Device times against host times of one stream.

    Attributes:
        drift_ppm: > 0 where the camera's clock runs fast against ours; None when the stretch is too short to tell.
        drift_uncertainty_ppm: about 95 % of fits lie within this.
        delay_ms: by how much frames arrive later than the earliest ones do: median, 95th percentile, largest.
        span_s: of the stretch that was fitted: the longest without a break.
        breaks: how often a clock jumped by more than 5 s against the other, or went back (a camera that was opened
            again).
    """

    drift_ppm: float | None
    drift_uncertainty_ppm: float | None
    delay_ms: tuple[float, float, float]
    span_s: float
    breaks: int

    def to_json(self) -> dict[str, Any]:
        median, p95, largest = self.delay_ms
        return {
            "drift_ppm": self.drift_ppm,
            "drift_uncertainty_ppm": self.drift_uncertainty_ppm,
            "delay_ms": {"median": median, "p95": p95, "max": largest},
            "span_s": self.span_s,
            "breaks": self.breaks,
        }


def fit_clock(device_ns: NDArray[np.int64], host_ns: NDArray[np.int64]) -> ClockFit | None:
    """Fit a stream's times (N,) each, in the order of recording; None with fewer than two frames.

    Frames arrive late, never early: so the earliest arrival in each of up to 200 equal stretches of time is taken,
    and the line through these by Theil and Sen's median of slopes, which a few odd ones do not move.
    """
    if len(device_ns) < 2:
        return None
    device_steps, host_steps = np.diff(device_ns), np.diff(host_ns)
    jumps = (device_steps < 0) | (np.abs(host_steps - device_steps) > _BREAK_NS)
    ends = np.concatenate([[0], np.flatnonzero(jumps) + 1, [len(device_ns)]])
    k = int(np.argmax(host_ns[ends[1:] - 1] - host_ns[ends[:-1]]))
    part = slice(int(ends[k]), int(ends[k + 1]))
    x = (device_ns[part] - device_ns[part][0]).astype(np.float64)
    # How late a frame is, up to a constant; differences first, since 2023 in ns has no room in a float64.
    late = ((host_ns[part] - host_ns[part][0]) - (device_ns[part] - device_ns[part][0])).astype(np.float64)
    span_s = float(x[-1]) / 1e9
    drift = uncertainty = None
    line = np.zeros_like(x)
    if span_s >= MIN_SPAN_S and len(x) >= _MIN_FRAMES:
        slope, spread = _line(x, late)
        line = slope * x
        drift, uncertainty = (1.0 / (1.0 + slope) - 1.0) * 1e6, spread * 1e6
    above = late - line
    above -= above.min()
    delays = (float(np.median(above)) / 1e6, float(np.percentile(above, 95)) / 1e6, float(above.max()) / 1e6)
    return ClockFit(drift, uncertainty, delays, span_s, int(np.count_nonzero(jumps)))


def _line(x: NDArray[np.float64], late: NDArray[np.float64]) -> tuple[float, float]:
    """Slope of the lower edge of ``late`` over ``x``, and its uncertainty (two standard deviations)."""
    bins = min(_BINS, len(x) // _PER_BIN)
    which = np.minimum((x / x[-1] * bins).astype(np.int64), bins - 1)
    # The first of each bin after sorting by lateness is its earliest arrival.
    order = np.lexsort((late, which))
    first = np.concatenate([[True], np.diff(which[order]) > 0])
    bx, by = x[order][first], late[order][first]
    i, j = np.triu_indices(len(bx), 1)
    apart = bx[j] - bx[i]
    slope = float(np.median((by[j] - by[i])[apart > 0] / apart[apart > 0]))
    rest = by - slope * bx
    spread = 1.4826 * float(np.median(np.abs(rest - np.median(rest))))
    # Of a least-squares slope through evenly spaced points; the median of slopes is nearly as sharp.
    return slope, 2.0 * spread * float(np.sqrt(12.0 / len(bx))) / float(bx[-1] - bx[0])
