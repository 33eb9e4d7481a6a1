"""The One-Euro filter: still where nothing moves, quick where something does.

Casiez, Roussel, Vogel: "1 Euro Filter: A Simple Speed-based Low-pass Filter for Noisy Input in Interactive Systems",
CHI 2012. A first-order low-pass whose cut-off rises with the speed: ``alpha = 1 / (1 + tau / Te)``,
``tau = 1 / (2 pi fc)``, ``fc = min_cutoff + beta * |speed|``; the speed is low-passed at ``speed_cutoff``.

The speed is the difference of raw values over the time between them: against the last filtered value, as some have it,
it would grow with the frame rate, and the lag of a camera with 120 Hz would be another than that of one with 10 Hz.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from pipeline.signals.timing import GAP_S

Values = NDArray[np.float64]


class OneEuroConfig(BaseModel):
    """How much is smoothed.

    ``min_cutoff_hz`` decides how still a still thing is, ``beta`` how little a quick one lags.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    min_cutoff_hz: float = Field(1.0, gt=0, le=1000, description="cut-off frequency of what does not move")
    beta: float = Field(0.007, ge=0, le=1e6, description="Hz by which the cut-off rises for each unit a second")
    speed_cutoff_hz: float = Field(1.0, gt=0, le=1000, description="cut-off frequency of the speed")
    gap_s: float = Field(GAP_S, gt=0, le=60, description="after so long without a value it begins anew")


class OneEuroPoints:
    """A filter for an array of points; a point is as quick in all its coordinates.

    A point of which a coordinate is NaN stays as it came, and begins anew when it is there again. A clock that goes
    back, or on by more than a gap, begins everything anew: what comes first comes out as it went in.
    """

    def __init__(self, config: OneEuroConfig | None = None) -> None:
        self._config = config or OneEuroConfig()
        self._ns: int | None = None
        self._raw: Values = np.empty((0, 0))
        self._smooth: Values = np.empty((0, 0))
        self._speed: Values = np.empty((0, 0))

    def reset(self) -> None:
        """Forget everything."""
        self._ns = None

    def step(self, device_ns: int, points: NDArray[np.floating[Any]], unit: float = 1.0) -> Values:
        """The points (N, D), smoothed; float64, a new array.

        An instant that was there already gives what it gave before, and nothing is remembered of it.

        Args:
            unit: what ``beta`` counts in, in units of the points.
        """
        raw = np.array(points.T, np.float64, order="C")  # coordinate by coordinate: rows so short are slow
        before, self._ns = self._ns, device_ns
        passed_s = 0.0 if before is None else (device_ns - before) / 1e9
        same = before is not None and raw.shape == self._raw.shape
        if same and passed_s == 0.0:
            return self._smooth.T.copy()
        if not same or not 0.0 < passed_s <= self._config.gap_s:
            self._raw, self._smooth, self._speed = raw, raw, np.zeros_like(raw)
            return raw.T.copy()
        move = raw - self._raw
        moved = None
        if not math.isfinite(float(np.vdot(move, move))):
            moved = np.isfinite(move).all(axis=0)
            move = np.where(moved, move, 0.0)
        # speed + alpha (move / passed - speed), in place.
        move /= passed_s
        move -= self._speed
        move *= _alpha(self._config.speed_cutoff_hz * passed_s)
        move += self._speed
        self._speed = move
        squares = move * move
        turns = squares[0]
        for row in squares[1:]:  # quicker than a sum over an axis so short
            turns += row
        np.sqrt(turns, out=turns)
        step = 2.0 * math.pi * passed_s
        turns *= step * self._config.beta / unit
        turns += step * self._config.min_cutoff_hz
        turns /= turns + 1.0
        smooth = raw - self._smooth
        smooth *= turns
        smooth += self._smooth
        if moved is not None:
            smooth = np.where(moved, smooth, raw)
            self._speed = np.where(moved, self._speed, 0.0)
        self._raw, self._smooth = raw, smooth
        return smooth.T.copy()


class OneEuro:
    """A filter for one number: the same as that of points, without arrays. None is a number that is not known."""

    def __init__(self, config: OneEuroConfig | None = None) -> None:
        config = config or OneEuroConfig()
        self._gap_s, self._beta = config.gap_s, config.beta
        self._speed_cutoff_hz, self._min_cutoff_hz = config.speed_cutoff_hz, config.min_cutoff_hz
        self._ns: int | None = None
        self._raw = self._smooth = self._speed = 0.0

    def reset(self) -> None:
        """Forget everything."""
        self._ns = None

    def step(self, device_ns: int, value: float | None) -> float | None:
        """The value, smoothed; None, and a new beginning, where it is None or no finite number."""
        if value is None or not math.isfinite(value):
            self._ns = None
            return None
        before, self._ns = self._ns, device_ns
        passed_s = 0.0 if before is None else (device_ns - before) / 1e9
        if before is not None and passed_s == 0.0:
            return self._smooth
        if not 0.0 < passed_s <= self._gap_s:
            self._raw, self._smooth, self._speed = value, value, 0.0
            return value
        speed = (value - self._raw) / passed_s
        turns = _TURN * (self._speed_cutoff_hz * passed_s)
        self._speed += turns / (1.0 + turns) * (speed - self._speed)
        turns = _TURN * ((self._min_cutoff_hz + self._beta * abs(self._speed)) * passed_s)
        self._smooth += turns / (1.0 + turns) * (value - self._smooth)
        self._raw = value
        return self._smooth


_TURN: Final = 2.0 * math.pi


def _alpha(cutoff: float) -> float:
    """Of a cut-off in turns for each step: 1 / (1 + tau / Te) with tau = 1 / (2 pi fc)."""
    turns = _TURN * cutoff
    return turns / (1.0 + turns)


def ramp_lag_ms(config: OneEuroConfig, rate_hz: float, speed: float) -> float:
    """How far the filter lags behind something that moves steadily, in ms; measured, once it has settled.

    Args:
        rate_hz: of the camera, > 0.
        speed: units a second; 0 is taken as a motion too slow to raise the cut-off.
    """
    pace = speed or 1e-6 * config.min_cutoff_hz / max(config.beta, 1.0)
    one, told, time_s = OneEuro(config), 0.0, 0.0
    for time_s in _times(config, rate_hz):
        told = one.step(round(time_s * 1e9), pace * time_s) or 0.0
    return 1000.0 * (time_s - told / pace)


def step_lag_ms(config: OneEuroConfig, rate_hz: float, height: float, share: float = 0.5) -> float:
    """How long after the first frame that shows a sudden change the filter has followed by a share of it, in ms.

    Args:
        rate_hz: of the camera, > 0.
        height: of the change in units, not 0.
        share: of the change, more than 0 and less than 1.
    """
    one = OneEuro(config)
    begin, *rest = _times(config, rate_hz)
    one.step(round(begin * 1e9), 0.0)
    for time_s in rest:
        if (one.step(round(time_s * 1e9), height) or 0.0) / height >= share:
            return 1000.0 * (time_s - rest[0])
    return 1000.0 * (rest[-1] - rest[0])


def _times(config: OneEuroConfig, rate_hz: float) -> list[float]:
    """Instants (s) until less than a millionth is left of any beginning, at least 20."""
    settled_s = 28.0 / (2.0 * math.pi * min(config.min_cutoff_hz, config.speed_cutoff_hz))
    return [i / rate_hz for i in range(max(math.ceil(settled_s * rate_hz), 20) + 1)]
