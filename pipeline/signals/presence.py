"""Presence, distance and motion: presence_s, distance, approach, motion.

Distance is the sensor's depth at the head centre. Without depth it is told by the face's size, where the lens is known:
an average head of the same pose that looks as large. Heads differ by about 6 % from the average (children's by more),
so that this has half of the confidence, and a label that says so.

Approach is how fast the way from camera to head shrinks, motion how fast the head moves in any direction: the median of
the slopes between all pairs of instants within a second (Theil 1950, Sen 1968), which up to 29 % of wrong values do not
move. What the noise of the values alone would show as motion is taken off.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from pipeline.signals.head import KIND_TRUST, place_of
from pipeline.signals.sight import Sight, unknown
from pipeline.signals.timing import GAP_S
from pipeline.steps.head_template import HEAD_SURFACE_M
from recordings.observation import SignalValue

NAMES: Final[tuple[str, ...]] = ("presence_s", "distance", "approach", "motion")
BY_SIZE: Final = "by the face's size"
"""Label of a distance that no sensor measured."""

_S: Final = 1_000_000_000
_POINTS: Final = 15
"""Instants that a window is thinned to."""
_AGAIN_NS: Final = 190_000_000
"""Speeds of the last second are told anew no sooner."""
_Sums = tuple[float, float, float, float, float]
"""Seconds from the first, x, y, z, range."""


class PresenceConfig(BaseModel):
    """Windows and limits of the four signals."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    absence_s: float = Field(
        2.0, gt=0, le=60, description="a face that was away no longer than this, under its number, was present"
    )
    window_s: float = Field(1.0, gt=0.1, le=10, description="over which speeds are measured")
    least_share: float = Field(0.7, gt=0, le=1, description="of the window that must be filled")
    least_points: int = Field(5, ge=3, le=_POINTS, description="fewest instants in it")
    fastest_m_s: float = Field(8.0, gt=0, le=100, description="a distance that changes faster is another surface")
    leap_m: float = Field(0.2, gt=0, le=10, description="beyond what that speed allows: a leap, not noise")
    depth_trust: float = Field(0.95, ge=0, le=1, description="confidence of a distance by depth")
    size_trust: float = Field(0.5, ge=0, le=1, description="confidence of a distance by the face's size")
    size_widest_deg: float = Field(50.0, gt=0, le=90, description="a head turned farther tells no size")
    sure_speed_m_s: float = Field(0.15, gt=0, le=10, description="a standard error of so much halves the confidence")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the head is: in camera axes (m), its distance along the axis, how surely, and how that is known."""

    center: tuple[float, float, float]
    distance_m: float
    trust: float
    label: str


class Presence:
    """presence_s, distance, approach, motion of one face."""

    def __init__(self, config: PresenceConfig | None = None) -> None:
        self._config = config or PresenceConfig()
        self._present_ns = 0
        self._ns: int | None = None
        self._was_face = False
        self._way = _Way(self._config)
        self._stream = ""

    def step(self, sight: Sight, known: Mapping[str, SignalValue]) -> dict[str, SignalValue]:
        """See Signal."""
        source = sight.info.name
        passed = 0 if self._ns is None else sight.device_ns - self._ns
        self._ns = sight.device_ns
        doubt = sight.doubt()
        if self._was_face and 0 < passed <= self._config.absence_s * _S:
            self._present_ns += passed
        self._was_face = not doubt
        confidence = _share(sight.face.confidence)
        out = {
            "presence_s": unknown("s", doubt, source=source)
            if doubt
            else SignalValue(self._present_ns / _S, "s", confidence, source=source)
        }
        if source != self._stream:
            # Places lie in a camera's own axes: between two of them nobody has moved.
            self._way, self._stream = _Way(self._config), source
        place = self._place(sight)
        if isinstance(place, str):
            self._way.clear()
            for name in NAMES[1:]:
                out[name] = unknown("m" if name == "distance" else "m/s", place, source=source)
            return out
        trust = place.trust * confidence
        out["distance"] = SignalValue(place.distance_m, "m", trust, label=place.label, source=source)
        self._way.add(sight.device_ns, place)
        speeds = self._way.speeds()
        if isinstance(speeds, str):
            out |= {name: unknown("m/s", speeds, source=source) for name in ("approach", "motion")}
            return out
        approach, approach_error, motion, motion_error = speeds
        # How far aside a pixel is depends on a lens that nobody measured.
        sideways = 1.0 if sight.is_calibrated else 0.7
        for name, value, error, known_lens in (
            ("approach", approach, approach_error, 1.0),
            ("motion", motion, motion_error, sideways),
        ):
            sure = known_lens / (1.0 + (error / self._config.sure_speed_m_s) ** 2)
            out[name] = SignalValue(value, "m/s", trust * sure, source=source)
        return out

    def _place(self, sight: Sight) -> _Place | str:
        """Where the head is, or why nobody knows."""
        face, config = sight.face, self._config
        if doubt := sight.doubt():
            return doubt
        reason = face.invalid.get("distance_m", "")
        distance = face.distance_m
        if distance is not None and not reason and math.isfinite(distance) and distance > 0.0:
            center = face.head_center_m
            if center is None or not math.isfinite(center[0] + center[1] + center[2]):
                x, y = face.box.center
                center = _along(sight, x, y, distance)  # on the surface, as head_center_m
            return _Place(center, distance, config.depth_trust, "")
        if reason := sight.doubt("landmarks", "pose"):
            return f"no depth, and no face to measure: {reason}"
        if not sight.is_calibrated:
            return "no depth, and the lens is not known: the camera is not calibrated"
        pose, found = face.pose, face.landmarks
        if pose is None or found is None:
            return "no depth, and no face to measure"
        if not abs(pose.yaw_deg) <= config.size_widest_deg:
            return f"no depth, and the head is turned {abs(pose.yaw_deg):.0f} degrees: its size is not seen"
        center = place_of(found, pose, sight.intrinsics)
        if center is None or center[2] - HEAD_SURFACE_M < 0.05:
            return "no depth, and no face to measure"
        trust = config.size_trust * KIND_TRUST.get(sight.kind, 1.0)
        return _Place(center, center[2] - HEAD_SURFACE_M, trust, BY_SIZE)


class _Way:
    """Where the head was over the last second, thinned to equal parts of it."""

    def __init__(self, config: PresenceConfig) -> None:
        self._config = config
        self._window = round(config.window_s * _S)
        self._part = self._window // _POINTS
        self._points: deque[tuple[int, int, _Sums]] = deque()
        """First instant of a part, how many it holds, and their sum."""
        self._last: tuple[int, float, str] | None = None
        self._leap = ""
        self._told: tuple[float, float, float, float] | str | None = None
        """Speeds until they are told anew."""
        self._told_ns = 0

    def clear(self) -> None:
        """Forget everything."""
        self._points.clear()
        self._told = None
        self._last = None

    def add(self, now: int, place: _Place) -> None:
        """One instant. A clock that leaps, another way of measuring, and a leap of the distance begin anew."""
        x, y, z = place.center
        far = math.sqrt(x * x + y * y + z * z)
        if self._last is not None:
            before, was, label = self._last
            passed = now - before
            if passed == 0:
                return
            leap = abs(far - was) - self._config.fastest_m_s * passed / _S
            if not 0 < passed <= GAP_S * _S or label != place.label:
                self._points.clear()
                self._told = None
                self._leap = ""
            elif leap > self._config.leap_m:
                self._points.clear()
                self._told = None
                self._leap = f"the distance has leapt by {abs(far - was):.1f} m"
        self._last = (now, far, place.label)
        if self._points and now - self._points[-1][0] < self._part:
            begin, count, (s, sx, sy, sz, sr) = self._points.pop()
            self._points.append((begin, count + 1, (s + (now - begin) / _S, sx + x, sy + y, sz + z, sr + far)))
        else:
            self._points.append((now, 1, (0.0, x, y, z, far)))
            if isinstance(self._told, str) or not 0 <= now - self._told_ns < _AGAIN_NS:
                self._told = None
        while self._points[0][0] < now - self._window:
            self._points.popleft()

    def speeds(self) -> tuple[float, float, float, float] | str:
        """Approach and its standard error, motion and its, in m/s; or why nobody knows. New some times a second."""
        if self._told is None:
            self._told, self._told_ns = self._speeds(), self._points[-1][0]
        return self._told

    def _speeds(self) -> tuple[float, float, float, float] | str:
        config, count = self._config, len(self._points)
        begin = self._points[0][0]
        filled = (self._points[-1][0] - begin + self._part) / self._window
        if count < config.least_points or filled < config.least_share:
            return self._leap or f"seen for {(self._points[-1][0] - begin) / _S:.1f} s only"
        self._leap = ""
        values: NDArray[np.float64] = np.array(
            [((b - begin) / _S + s / n, x / n, y / n, z / n, far / n) for b, n, (s, x, y, z, far) in self._points]
        ).T.copy()
        first, second = _pairs(count)
        apart = values.take(second, axis=1) - values.take(first, axis=1)
        slope = _middle(apart[1:] / apart[0])
        since = values[0] - values[0].sum() / count
        rest = values[1:] - slope * since
        noise = _middle(np.abs(rest - _middle(rest)))
        # Of a slope by least squares; that of the median slope is a twentieth larger.
        share = 1.05 * 1.4826 / math.sqrt(float(since @ since))
        vx, vy, vz, away = slope.ravel().tolist()
        ex, ey, ez, error_away = (share * part for part in noise.ravel().tolist())
        shown, by_noise = vx * vx + vy * vy + vz * vz, ex * ex + ey * ey + ez * ez
        return -away, error_away, math.sqrt(max(shown - by_noise, 0.0)), math.sqrt(by_noise)


def _middle(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of each row its middle value by size, as a column."""
    middle = rows.shape[1] // 2
    found: NDArray[np.float64] = np.partition(rows, middle, axis=1)[:, middle : middle + 1]
    return found


@lru_cache(maxsize=64)
def _pairs(count: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    first, second = np.triu_indices(count, 1)
    return first, second


def _along(sight: Sight, x: float, y: float, depth: float) -> tuple[float, float, float]:
    """The point (m, camera axes) at a pixel and a depth."""
    lens = sight.intrinsics
    point: Any = np.array([[x, y]], np.float64)
    if lens.has_distortion:
        point = lens.undistort(point)
    px, py = float(point[0, 0]), float(point[0, 1])
    return (px - lens.cx) / lens.fx * depth, (py - lens.cy) / lens.fy * depth, depth


def _share(value: float) -> float:
    return min(max(value, 0.0), 1.0) if math.isfinite(value) else 0.0
