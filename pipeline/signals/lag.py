"""How late smoothed values are: of the filter that a configuration asks for, and of what was measured and smoothed.

Three lags of one filter are told, for a camera of so many frames a second (one_euro.py has the filter):

- ``still_ms``: behind something that hardly moves. There the One-Euro filter is a first-order low-pass of its least
  cut-off frequency, whose delay at low frequencies is 1 / (2 pi fc), whatever the frame rate.
- ``moving_ms``: behind something that moves steadily at a usual speed: the cut-off has risen to fc + beta * speed.
- ``half_ms``: after a usual sudden change, until half of it is followed.

They follow from the configuration, so no value carries them. :func:`measured_lag_ms` takes a recording's raw and
smoothed values and tells how late these are in fact.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from pipeline.signals.config import SignalsConfig
from pipeline.signals.names import BY_NAME
from pipeline.signals.one_euro import OneEuroConfig, ramp_lag_ms, step_lag_ms

LANDMARKS: Final = "landmarks"
ZONE: Final = "gaze_zone"
USUAL_HZ: Final = 30.0

_MOTIONS: Final = {"deg": (30.0, 20.0), "m": (0.5, 0.3), "px": (50.0, 10.0)}
"""Unit -> a usual speed a second, and a usual sudden change: a glance into a mirror, a step to the camera, a nod."""
_OTHER: Final = (1.0, 1.0)

LONGEST_S: Final = 0.5
"""Of the lags that are looked for in a recording."""
_STEP_S: Final = 0.001
_LEAST: Final = 32
"""Values that a lag can be found in."""


@dataclass(frozen=True, slots=True)
class Lag:
    """Of a signal, or of the landmarks.

    Attributes:
        unit: of the value; px of a crop of 128 px for landmarks.
        has_raw: what was measured stands beside it, as ``..._raw``.
        speed, height: which motion and which change ``moving_ms`` and ``half_ms`` are of, in that unit (a second).
    """

    name: str
    unit: str
    still_ms: float
    moving_ms: float
    half_ms: float
    speed: float
    height: float
    has_raw: bool = True

    def to_json(self) -> dict[str, Any]:
        return {
            "unit": self.unit,
            "still_ms": round(self.still_ms, 1),
            "moving_ms": round(self.moving_ms, 1),
            "half_ms": round(self.half_ms, 1),
            "speed": self.speed,
            "height": self.height,
        }


def lags(config: SignalsConfig, rate_hz: float = USUAL_HZ) -> dict[str, Lag]:
    """Name -> its lag: of each signal that is smoothed, of the zone of the gaze (the eyes' direction that it is made of
    is), and of the landmarks where they are.

    Args:
        rate_hz: of the camera, > 0.
    """
    smoothing = config.smoothing
    found = {name: _lag(name, _unit(name), told, rate_hz) for name, told in smoothing.signals.items()}
    found[ZONE] = replace(_lag(ZONE, "deg", config.gaze.smoothing, rate_hz), has_raw=False)
    if smoothing.smooth_landmarks:
        found[LANDMARKS] = _lag(LANDMARKS, "px", smoothing.landmarks, rate_hz)
    return found


def still_lag_ms(config: OneEuroConfig) -> float:
    """Of the low-pass that the filter is where nothing moves: 1 / (2 pi fc)."""
    return 1000.0 / (2.0 * math.pi * config.min_cutoff_hz)


def _lag(name: str, unit: str, config: OneEuroConfig, rate_hz: float) -> Lag:
    speed, height = _MOTIONS.get(unit, _OTHER)
    moving, half = ramp_lag_ms(config, rate_hz, speed), step_lag_ms(config, rate_hz, height)
    return Lag(name, unit, still_lag_ms(config), moving, half, speed, height)


def _unit(name: str) -> str:
    return BY_NAME[name].unit if name in BY_NAME else ""


def measured_lag_ms(
    times_s: Sequence[float] | NDArray[np.float64],
    raw: Sequence[float] | NDArray[np.float64],
    smooth: Sequence[float] | NDArray[np.float64],
) -> float | None:
    """How late smoothed values are: the shift of the raw ones that comes nearest to them (least
    squares), in ms; None where too little is known or moves.

    Args:
        times_s: rising (N,); NaN in ``raw`` or ``smooth`` is left out.
    """
    t, a, b = (np.asarray(v, np.float64) for v in (times_s, raw, smooth))
    known = np.isfinite(a) & np.isfinite(b)
    t, a, b = t[known], a[known], b[known]
    if len(t) < _LEAST:
        return None
    inside = (t >= t[0] + LONGEST_S) & (t <= t[-1])
    if np.count_nonzero(inside) < _LEAST or float(np.ptp(a)) < 1e-9:
        return None
    shifts = np.arange(0.0, LONGEST_S + _STEP_S / 2, _STEP_S)
    errors = [float(np.mean((np.interp(t[inside] - shift, t, a) - b[inside]) ** 2)) for shift in shifts]
    return 1000.0 * float(shifts[int(np.argmin(errors))])
