"""What a camera's frames say while they come: rates, losses, repeats, its clock, and what the pictures look like."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from drivers.clock import ClockMap, ClockState
from drivers.frame import Frame, FrameFlag, StreamInfo, StreamKind

Line = tuple[str, str, str, str]
"""What was looked at; ``pass``, ``fail`` or ``note``; what was found; what to do."""

LOOKS_A_SECOND: Final = 3
_LEAST_RATE: Final = 0.8
_MOST_LOST: Final = 0.01
_MOST_REPEATED: Final = 0.1
_MOST_FULL: Final = 0.5
_LEAST_DEPTH: Final = 0.02
_MOST_DRIFT_PPM: Final = 500.0
_PLAUSIBLE_C: Final = (-40.0, 120.0)
_DRIFT_NEEDS_S: Final = 8.0


@dataclass(frozen=True, slots=True)
class Look:
    """One picture: the least, middle and largest count, and the share of pixels at either end of the range."""

    low: float
    middle: float
    high: float
    zeros: float
    full: float

    @classmethod
    def at(cls, frame: Frame) -> Look:
        pixels = frame.pixels
        top = np.iinfo(pixels.dtype).max
        step = pixels[::2, ::2]
        return cls(
            float(pixels.min()),
            float(np.median(step)),
            float(pixels.max()),
            float(np.mean(step == 0)),
            float(np.mean(step == top)),
        )


@dataclass
class StreamMeasure:
    """One stream's frames, counted as they come.

    Attributes:
        frame: the newest that is worth a picture (none that was taken behind a closed shutter).
    """

    info: StreamInfo
    frames: int = 0
    lost: int = 0
    repeated: int = 0
    backwards: int = 0
    stale: int = 0
    shutter: int = 0
    longest_gap_s: float = 0.0
    frame: Frame | None = None
    looks: list[Look] = field(default_factory=list)
    first_host_ns: int = 0
    last: Frame | None = None
    _sum: int = -1
    _looked_ns: int = 0

    def take(self, frame: Frame) -> None:
        """The next frame of this stream."""
        self.frames += 1
        self.stale += bool(frame.flags & FrameFlag.STALE)
        self.shutter += bool(frame.flags & FrameFlag.SHUTTER)
        sum_now = zlib.adler32(np.ascontiguousarray(frame.pixels).data)
        last = self.last
        if last is None:
            self.first_host_ns = frame.host_ns
        else:
            step = frame.number - last.number
            self.lost += max(0, step - 1) + (step == 1 and bool(frame.flags & FrameFlag.DROPPED_BEFORE))
            self.backwards += step <= 0 or frame.device_ns < last.device_ns
            self.longest_gap_s = max(self.longest_gap_s, (frame.host_ns - last.host_ns) / 1e9)
            # A frame that is flagged is known to repeat; one that is not pretends to be new.
            self.repeated += sum_now == self._sum and not frame.flags & (FrameFlag.STALE | FrameFlag.SHUTTER)
        self.last, self._sum = frame, sum_now
        if not frame.flags & FrameFlag.SHUTTER:
            self.frame = frame
            if not self.looks or frame.host_ns - self._looked_ns >= 1e9 / LOOKS_A_SECOND:
                self._looked_ns = frame.host_ns
                self.looks.append(Look.at(frame))

    @property
    def rate(self) -> float:
        """Frames a second, as they arrived."""
        if self.last is None or self.frames < 2:
            return 0.0
        return (self.frames - 1) / max(1e-9, (self.last.host_ns - self.first_host_ns) / 1e9)

    def lines(self) -> list[Line]:
        """What is right and wrong with it."""
        name = self.info.name
        if self.frames == 0:
            return [
                (f"{name}: frames", "fail", "none came", "look at the cable and at other programs; try fewer streams")
            ]
        return [self._rate(name), self._losses(name), self._repeats(name), self._order(name), *self._picture(name)]

    def to_json(self) -> dict[str, Any]:
        """The numbers."""
        return {
            "frames": self.frames,
            "frames_per_s": round(self.rate, 3),
            "lost": self.lost,
            "repeated": self.repeated,
            "backwards": self.backwards,
            "stale": self.stale,
            "shutter": self.shutter,
            "longest_gap_s": round(self.longest_gap_s, 4),
            "looks": [[look.low, look.middle, look.high, look.zeros, look.full] for look in self.looks],
        }

    def _rate(self, name: str) -> Line:
        nominal = self.info.fps
        found = f"{self.rate:.2f} frames a second, the longest gap {self.longest_gap_s * 1000:.0f} ms"
        if self.frames < 2:
            return f"{name}: rate", "fail", "one frame came, then none", "look at the cable"
        if nominal <= 0:
            return f"{name}: rate", "note", f"{found}; the camera names no rate", ""
        slow = self.rate < _LEAST_RATE * nominal
        fix = "USB 3 port? a dark scene slows colour cameras down; try fewer streams" if slow else ""
        return f"{name}: rate", "fail" if slow else "pass", f"{found}; {nominal:g} promised", fix

    def _losses(self, name: str) -> Line:
        share = self.lost / (self.frames + self.lost)
        fix = "another cable or port, a machine with less to do" if share > _MOST_LOST else ""
        found = f"{self.lost} of {self.frames + self.lost} ({share:.1%})"
        return f"{name}: lost frames", "fail" if share > _MOST_LOST else "pass", found, fix

    def _repeats(self, name: str) -> Line:
        share = self.repeated / self.frames
        found = f"{self.repeated} of {self.frames} are equal to the one before and not flagged"
        found += f"; flagged: {self.stale} stale, {self.shutter} behind the shutter"
        fix = "the camera repeats itself: its driver must flag that" if share > _MOST_REPEATED else ""
        return f"{name}: repeated frames", "fail" if share > _MOST_REPEATED else "pass", found, fix

    def _order(self, name: str) -> Line:
        if self.backwards:
            return (
                f"{name}: order",
                "fail",
                f"{self.backwards} numbers or times went back",
                "report it with report.json",
            )
        return f"{name}: order", "pass", "numbers and times only rise", ""

    def _picture(self, name: str) -> list[Line]:
        low, high = (
            min(look.low for look in self.looks or [_NO_LOOK]),
            max(look.high for look in self.looks or [_NO_LOOK]),
        )
        title = f"{name}: picture"
        if not self.looks:
            return [(title, "fail", "the shutter was closed all the time", "wait, or trigger a correction")]
        if high == 0:
            return [(title, "fail", "every pixel is 0", "lens cap? emitter off? a second process may hold the sensor")]
        if low == high:
            return [
                (title, "fail", f"every pixel is {low:g} in every frame", "the sensor gives no picture: power-cycle it")
            ]
        zeros = float(np.median([look.zeros for look in self.looks]))
        full = float(np.median([look.full for look in self.looks]))
        middle = float(np.median([look.middle for look in self.looks]))
        if self.info.kind is StreamKind.DEPTH:
            return [self._depth(title, zeros)]
        if self.info.kind is StreamKind.THERMAL:
            return [self._thermal(title, middle, low, high)]
        if full > _MOST_FULL:
            return [
                (title, "fail", f"{full:.0%} of the pixels are at the top of the range", "too bright: lower exposure")
            ]
        return [(title, "pass", f"counts {low:g} to {high:g}, median {middle:g}, {full:.1%} at the top", "")]

    def _depth(self, title: str, zeros: float) -> Line:
        if 1 - zeros < _LEAST_DEPTH:
            return title, "fail", f"{1 - zeros:.1%} of the pixels have a reading", "point it at something 1 to 3 m away"
        unit = self.info.unit_m or 0.0
        readings = self.frame.pixels[self.frame.pixels > 0] if self.frame is not None else np.zeros(0)
        metres = float(np.median(readings)) * unit if readings.size else 0.0
        return title, "pass", f"{1 - zeros:.0%} of the pixels have a reading, median {metres:.2f} m", ""

    def _thermal(self, title: str, middle: float, low: float, high: float) -> Line:
        kelvin = self.info.kelvin
        if kelvin is None:
            return title, "pass", f"counts {low:g} to {high:g}; it is not radiometric and gives no temperature", ""
        coldest, usual, warmest = (float(kelvin.celsius(np.array(counts))) for counts in (low, middle, high))
        found = f"{coldest:.1f} to {warmest:.1f} °C, median {usual:.1f} °C"
        good = _PLAUSIBLE_C[0] <= usual <= _PLAUSIBLE_C[1]
        return (
            title,
            "pass" if good else "fail",
            found,
            "" if good else "no room is that: wrong gain mode or map to kelvin",
        )


_NO_LOOK: Final = Look(0, 0, 0, 0, 0)


class ClockMeasure:
    """One device clock against ours, over all streams that share it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._map = ClockMap()
        self._first_ns: int | None = None
        self._last_ns = 0
        self._frames = 0

    def take(self, frame: Frame) -> None:
        """The next frame of any stream with this clock."""
        self._map.push(frame.device_ns, frame.host_ns, frame.number, frame.stream)
        self._first_ns = frame.device_ns if self._first_ns is None else self._first_ns
        self._last_ns = frame.device_ns
        self._frames += 1

    @property
    def state(self) -> ClockState:
        """What is known of it."""
        return self._map.state()

    def line(self) -> Line:
        """Whether it runs, and as fast as ours."""
        title = f"clock {self.name}".rstrip()
        if self._frames < 3:
            return title, "note", "too few frames to tell", ""
        if self._last_ns == self._first_ns:
            return (
                title,
                "fail",
                "the device's clock stands still",
                "its frames cannot be matched with others': report it",
            )
        state = self.state
        found = (
            f"frames arrive {state.delay_ms[1]:.1f} ms late at the 95th percentile ({state.delay_ms[2]:.1f} ms at most)"
        )
        if state.jumps:
            return (
                title,
                "fail",
                f"{state.jumps} jumps, the last by {state.last_jump_ms:.0f} ms ({state.last_jump})",
                "report it",
            )
        if state.drift_ppm is None or state.span_s < _DRIFT_NEEDS_S:
            return title, "note", f"{found}; its drift takes {_DRIFT_NEEDS_S:g} s or more to tell", ""
        found = f"drift {state.drift_ppm:+.0f} ± {state.drift_uncertainty_ppm:.0f} ppm; {found}"
        too_fast = abs(state.drift_ppm) > _MOST_DRIFT_PPM + (state.drift_uncertainty_ppm or 0.0)
        fix = "no quartz is that far off: the unit of its time stamps is wrong, or it is no clock" if too_fast else ""
        return title, "fail" if too_fast else "pass", found, fix
