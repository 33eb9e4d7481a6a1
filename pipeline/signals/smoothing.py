"""Landmarks and signals smoothed over time, beside the raw ones, which stay as they are (formula: one_euro.py).

Speeds of landmarks are counted in pixels of the papers' crop (128 px for 320 mm), whatever the face's size in its
picture: on that grid they are read, and their noise is the same there near and far.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from pipeline.signals.one_euro import OneEuro, OneEuroConfig, OneEuroPoints, ramp_lag_ms, step_lag_ms
from recordings.observation import Face, Landmarks, SignalValue

CROP_PX: Final = 128.0
"""Side of the papers' crop."""
BROWS_TO_CHIN_PX: Final = 50.0
"""In that crop, of an average face that looks here: tells its unit where no crop is known."""


def _angles() -> OneEuroConfig:
    return OneEuroConfig(min_cutoff_hz=2.0, beta=0.05, speed_cutoff_hz=2.0)


class SmoothingConfig(BaseModel):
    """What is smoothed and how much. A signal that is not named stays raw: timers and shares of time must not lag."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    smooth_landmarks: bool = Field(True, description="false: signals are measured on the raw landmarks")
    landmarks: OneEuroConfig = Field(
        default_factory=lambda: OneEuroConfig(min_cutoff_hz=3.0, beta=0.2, speed_cutoff_hz=3.0),
        description="in px of a crop of 128 px round the head",
    )
    largest_leap_px: float = Field(
        16.0,
        gt=0,
        description="landmarks that leap so far (median, px of that crop) from one frame to the next begin anew",
    )
    signals: dict[str, OneEuroConfig] = Field(
        default_factory=lambda: {
            "head_yaw": _angles(),
            "head_pitch": _angles(),
            "head_roll": _angles(),
            "gaze_yaw": _angles(),
            "gaze_pitch": _angles(),
            "distance": OneEuroConfig(min_cutoff_hz=1.5, beta=4.0, speed_cutoff_hz=1.0),
        },
        description="name of a signal = how it is smoothed, in its own unit",
    )


class LandmarkSmoother:
    """The landmarks of one face, smoothed. A point that was not there (NaN) begins anew."""

    def __init__(self, config: SmoothingConfig | None = None) -> None:
        self._config = config or SmoothingConfig()
        self._filter = OneEuroPoints(self._config.landmarks)
        self._last: NDArray[np.float32] | None = None
        self._stream = ""

    def step(self, device_ns: int, face: Face) -> Landmarks | None:
        """New landmarks beside the face's own; None where it has none. Confidences are the face's own."""
        found = face.landmarks
        last, self._last = self._last, None if found is None else found.points
        if found is None or not self._config.smooth_landmarks:
            self._filter.reset()
            return found
        unit = unit_px(face)
        if (
            last is None
            or face.stream != self._stream
            or _leaps(found.points - last, self._config.largest_leap_px * unit)
        ):
            self._filter.reset()
        self._stream = face.stream
        smooth = self._filter.step(device_ns, found.points, unit)
        return Landmarks(smooth.astype(np.float32), found.confidence)


class SignalSmoother:
    """The named signals of one face, smoothed. One that is not known, or is another camera's than before, begins anew:
    what two cameras measure lies apart without anybody having moved."""

    def __init__(self, config: SmoothingConfig | None = None) -> None:
        self._filters = {name: OneEuro(told) for name, told in (config or SmoothingConfig()).signals.items()}
        self._sources: dict[str, str] = {}

    def step(self, device_ns: int, signals: Mapping[str, SignalValue]) -> dict[str, SignalValue]:
        """Those that are smoothed and were given, as new values; the raw ones stay what they are."""
        out = {}
        for name, one in self._filters.items():
            raw = signals.get(name)
            if raw is not None and raw.source != self._sources.get(name):
                one.reset()
                self._sources[name] = raw.source
            smooth = one.step(device_ns, raw.value if raw is not None and raw.is_valid else None)
            if raw is not None:
                out[name] = (
                    raw
                    if smooth is None
                    else SignalValue(smooth, raw.unit, raw.confidence, raw.reason, raw.label, raw.source)
                )
        return out


def unit_px(face: Face) -> float:
    """How many pixels of the face's stream one pixel of the papers' crop is."""
    if face.crop is not None and face.crop.w > 0:
        return face.crop.w / CROP_PX
    return max(face.box.h, 1.0) / (1.28 * BROWS_TO_CHIN_PX)


def landmark_lag_ms(config: SmoothingConfig, rate_hz: float, speed_px_s: float = 0.0) -> float:
    """How far smoothed landmarks lag behind a head that moves steadily, in ms.

    Args:
        rate_hz: of the camera, > 0.
        speed_px_s: px of the papers' crop a second (2.5 mm a px at the head); 0: as slow as can be, the largest lag.
    """
    return ramp_lag_ms(config.landmarks, rate_hz, speed_px_s) if config.smooth_landmarks else 0.0


def signal_lag_ms(config: SmoothingConfig, name: str, rate_hz: float, height: float) -> float:
    """How long a smoothed signal takes to follow a sudden change by half, in ms; 0 where it is not smoothed.

    Args:
        rate_hz: of the camera, > 0.
        height: of the change in the signal's unit, not 0.
    """
    return step_lag_ms(config.signals[name], rate_hz, height) if name in config.signals else 0.0


def _leaps(moves: NDArray[np.float32], most_px: float) -> bool:
    """Whether most points went farther: the median of |x| + |y| over those that are in both, if any are."""
    moves = np.abs(moves)
    if 2.0 * float(np.maximum.reduce(moves, axis=None)) <= most_px:
        return False  # as mostly: no point can have gone so far; NaN is not less
    ways = moves[:, 0] + moves[:, 1]
    near = int(np.count_nonzero(ways <= most_px))
    if near > len(ways) // 2:
        return False
    known = int(np.count_nonzero(np.isfinite(ways)))
    return known > 0 and near <= known // 2
