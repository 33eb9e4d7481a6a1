"""A RealSense's accelerometer and gyroscope: samples with their own times, the newest of them kept."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

CAPACITY: Final = 8192
"""Samples that wait for :meth:`Motion.take`: about 16 s of both sensors at their highest rates."""

_HIGHEST_HZ: Final = 250


@dataclass(frozen=True, slots=True)
class MotionSample:
    """One sample.

    Attributes:
        kind: ``accel`` (m/s2) or ``gyro`` (rad/s).
        number: the camera's own count.
        device_ns: the camera's clock, the same as that of its frames.
        host_ns: ours, on arrival.
        x, y, z: in the axes of the camera's motion module (x right, y down, z forward).
    """

    kind: str
    number: int
    device_ns: int
    host_ns: int
    x: float
    y: float
    z: float


class Motion:
    """Where samples wait: bounded, the oldest go first and are counted."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[MotionSample] = deque(maxlen=CAPACITY)
        self._counts: dict[str, int] = {}
        self._last: dict[str, MotionSample] = {}
        self._forgotten = 0

    def put(self, sample: MotionSample) -> None:
        """From any thread; never blocks for long."""
        with self._lock:
            self._forgotten += len(self._waiting) == CAPACITY
            self._waiting.append(sample)
            self._counts[sample.kind] = self._counts.get(sample.kind, 0) + 1
            self._last[sample.kind] = sample

    def take(self) -> list[MotionSample]:
        """All that waits, oldest first."""
        with self._lock:
            out = list(self._waiting)
            self._waiting.clear()
            return out

    def words(self) -> dict[str, str]:
        """For people: counts, the newest values with their time."""
        with self._lock:
            out = {f"imu.{kind}.samples": str(count) for kind, count in self._counts.items()}
            for kind, s in self._last.items():
                out[f"imu.{kind}"] = f"{s.x:.4f} {s.y:.4f} {s.z:.4f} at {s.device_ns} ns"
            if self._forgotten:
                out["imu.forgotten"] = str(self._forgotten)
            return out


def motion_profiles(sensors: Sequence[Any]) -> dict[int, list[Any]]:
    """Which sensor's profiles to open: the quickest up to 250 Hz of each kind; sensor number -> profiles."""
    best: dict[str, tuple[int, Any]] = {}
    for number, sensor in enumerate(sensors):
        for profile in sensor.get_stream_profiles():
            kind = profile.stream_type().name
            if kind not in ("accel", "gyro") or profile.format().name != "motion_xyz32f":
                continue
            known = best.get(kind)
            if known is None or _rank(profile.fps()) > _rank(known[1].fps()):
                best[kind] = (number, profile)
    out: dict[int, list[Any]] = {}
    for number, profile in best.values():
        out.setdefault(number, []).append(profile)
    return out


def _rank(fps: int) -> int:
    return fps if fps <= _HIGHEST_HZ else -fps
