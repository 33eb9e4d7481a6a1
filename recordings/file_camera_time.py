"""When a frame of a played file is due, and what its number and time are after a loop."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from drivers.frame import Frame

_DEFAULT_FPS: Final = 30.0


@dataclass(slots=True)
class _Span:
    """What one pass through the file had of one stream."""

    first_number: int
    last_number: int
    count: int = 0


class PlayTime:
    """Maps the times of a file to ours. Knows no clock: who calls says what time it is.

    Args:
        speed: file time over our time; ``inf`` when every frame is due at once.
    """

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._anchor: tuple[float, int] | None = None  # monotonic seconds, and the file's time that belongs to it
        self._spans: dict[str, _Span] = {}
        self._number_offset: dict[str, int] = {}
        self._device_offset = self._host_offset = 0
        self._device: list[int] = []  # first and last of this pass
        self._host: list[int] = []
        self._fps = 0.0
        self._now_s = 0.0
        self._hold_s = 0.0
        self._held_turns = 0

    @property
    def counts(self) -> dict[str, int]:
        """Frames of each stream in this pass."""
        return {name: span.count for name, span in self._spans.items()}

    def due_s(self, file_ns: int, now_s: float) -> float:
        """When a frame of this file time is due, monotonic seconds; the first one now."""
        at_ns = file_ns + self._host_offset
        if self._anchor is None:
            self._anchor = (now_s, at_ns)
        began_s, began_ns = self._anchor
        self._now_s = began_s if math.isinf(self._speed) else began_s + (at_ns - began_ns) / 1e9 / self._speed
        return self._now_s

    def take(self, frame: Frame) -> tuple[int, int]:
        """The frame is given: its number and device time, which go on rising over loops."""
        span = self._spans.setdefault(frame.stream, _Span(frame.number, frame.number))
        span.last_number = max(span.last_number, frame.number)
        span.count += 1
        for times, at in ((self._device, frame.device_ns), (self._host, frame.host_ns)):
            if not times:
                times += [at, at]
            times[1] = max(times[1], at)
        self._fps = max(self._fps, frame.info.fps)
        return frame.number + self._number_offset.get(frame.stream, 0), frame.device_ns + self._device_offset

    def loop(self) -> None:
        """The file begins anew: one frame period after its last frame."""
        most = max((s.count for s in self._spans.values()), default=0)
        for name, span in self._spans.items():
            self._number_offset[name] = self._number_offset.get(name, 0) + span.last_number - span.first_number + 1
        for times in (self._device, self._host):
            if not times:
                continue
            span_ns = times[1] - times[0]
            period_ns = round(1e9 / self._fps) if self._fps else span_ns // (most - 1) if most > 1 else 0
            length = span_ns + (period_ns or round(1e9 / _DEFAULT_FPS))
            if times is self._device:
                self._device_offset += length
            else:
                self._host_offset += length
        self._spans.clear()
        self._device.clear()
        self._host.clear()

    def hold(self, hertz: float) -> None:
        """From now on the last pictures are given so often."""
        self._hold_s = 1 / hertz
        self._held_turns = 0

    def held_due_s(self, streams: int) -> float:
        """When the next held picture is due; the pictures of one turn at once."""
        return self._now_s + self._hold_s * (1 + self._held_turns // streams)

    def held(self) -> int:
        """One was given: by how many nanoseconds its device time goes on."""
        self._held_turns += 1
        return round(self._hold_s * 1e9)
