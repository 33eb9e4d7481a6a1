"""How long it takes from the camera to the end of the painting, measured at every new picture. No Qt here.

A frame's device time is when the camera says it took it, on the camera's clock; ``drivers.clock.ClockState.offset_ns``
takes it to ours. The map lies at the quickest frames, so the shortest way that any frame took from the sensor to this
machine is in no number; nor is the exposure, nor what the display itself needs.
"""

from __future__ import annotations

import enum
import math
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from drivers.clock import ClockState
from drivers.frame import Frame, FrameSet
from gui.feed import Mode, StreamStatus

WINDOW_S: Final = 5.0
"""Over so many seconds the median and the 95th percentile are taken."""

_LONGEST_NS: Final = 60_000_000_000
"""No picture is a minute on its way: the clocks do not fit."""
_MOST: Final = 1024  # samples of a stream: five seconds at 200 frames/s
_WRONG_SHARE: Final = 0.05


class LatencyKind(enum.StrEnum):
    """Whether there is a number, and if not, why not."""

    MEASURED = "measured"
    NOTHING = "nothing"
    """No new picture was painted in the last seconds."""
    UNKNOWN = "unknown"
    """The camera's clock is not mapped to ours."""
    CLOCK = "clock"
    """A clock leapt: the numbers that come out make no sense."""
    REPLAY = "replay"
    """What is replayed was taken some other day."""


@dataclass(frozen=True, slots=True)
class Latency:
    """Of one stream, in ms; the numbers are 0 where ``kind`` is not ``MEASURED``.

    Attributes:
        now_ms: of the newest picture.
        median_ms, p95_ms: over the last seconds.
        arrival_ms: median, of that until the frame reached us; without the shortest way, which nobody sees.
        drawing_ms: median, of that from the result to the end of the painting; 0 when no result was told.
        uncertainty_ms: of the clock map.
        pictures: that the numbers are of.
    """

    stream: str
    kind: LatencyKind
    now_ms: float = 0.0
    median_ms: float = 0.0
    p95_ms: float = 0.0
    arrival_ms: float = 0.0
    drawing_ms: float = 0.0
    uncertainty_ms: float = 0.0
    pictures: int = 0


@dataclass(slots=True)
class _Sample:
    painted_ns: int
    whole_ns: int
    arrival_ns: int
    drawing_ns: int | None

    @property
    def makes_sense(self) -> bool:
        return 0 <= self.whole_ns < _LONGEST_NS


@dataclass(slots=True)
class _Stream:
    """What was painted of one stream lately."""

    clock: ClockState | None = None
    told_ns: int = 0
    samples: deque[_Sample] = field(default_factory=lambda: deque(maxlen=_MOST))
    last: tuple[int, int] = (-1, -1)  # number and arrival of the newest picture: painted again it counts no more
    unmapped_ns: int = 0  # when a picture was painted whose clock is not known
    result: tuple[tuple[int, int], int] = ((-1, -1), 0)


class LatencyMeter:
    """Fed by whoever paints; read a few times a second. All on one thread, each call takes microseconds."""

    def __init__(self, mode: Mode, window_s: float = WINDOW_S) -> None:
        self._mode = mode
        self._window_ns = round(window_s * 1e9)
        self._streams: dict[str, _Stream] = {}

    def told(self, streams: Iterable[StreamStatus], now_ns: int) -> None:
        """How the clocks lie now. Where one leapt, what was measured since the last time is forgotten."""
        for status in streams:
            known = self._streams.setdefault(status.info.name, _Stream())
            before, known.clock = known.clock, status.clock
            if before is not None and known.clock is not None and before.jumps != known.clock.jumps:
                while known.samples and known.samples[-1].painted_ns >= known.told_ns:
                    known.samples.pop()
            known.told_ns = now_ns

    def result(self, frame_set: FrameSet, now_ns: int) -> None:
        """A result came to the window and will be drawn."""
        for frame in frame_set.frames.values():
            known = self._streams.setdefault(frame.stream, _Stream())
            known.result = (_who(frame), now_ns)

    def painted(self, frame: Frame, now_ns: int) -> None:
        """A paint event of a picture of this frame ended; only the first one of a frame counts.

        Args:
            now_ns: our clock, ``drivers.host_clock.now_ns()``.
        """
        if self._mode is Mode.REPLAY:
            return
        known = self._streams.setdefault(frame.stream, _Stream())
        who = _who(frame)
        if who == known.last:
            return
        known.last = who
        clock = known.clock
        if clock is None or not clock.frames:
            known.unmapped_ns = now_ns
            return
        taken_ns = frame.device_ns + clock.offset_ns
        drawing = now_ns - known.result[1] if known.result[0] == who else None
        known.samples.append(_Sample(now_ns, now_ns - taken_ns, frame.host_ns - taken_ns, drawing))

    def unpainted(self, stream: str) -> None:
        """A picture of it came and could not be painted: what was measured before tells nothing of now."""
        known = self._streams.get(stream)
        if known is not None:
            known.samples.clear()
            known.unmapped_ns = 0

    def of(self, stream: str, now_ns: int) -> Latency:
        """Of one stream over the last seconds."""
        if self._mode is Mode.REPLAY:
            return Latency(stream, LatencyKind.REPLAY)
        known = self._streams.get(stream)
        if known is None:
            return Latency(stream, LatencyKind.NOTHING)
        samples = known.samples
        while samples and samples[0].painted_ns < now_ns - self._window_ns:
            samples.popleft()
        if not samples:
            is_unmapped = known.unmapped_ns > now_ns - self._window_ns
            return Latency(stream, LatencyKind.UNKNOWN if is_unmapped else LatencyKind.NOTHING)
        good = [sample for sample in samples if sample.makes_sense]
        if not samples[-1].makes_sense or len(samples) - len(good) > _WRONG_SHARE * len(samples):
            return Latency(stream, LatencyKind.CLOCK)
        whole = sorted(sample.whole_ns for sample in good)
        drawing = sorted(sample.drawing_ns for sample in good if sample.drawing_ns is not None)
        return Latency(
            stream,
            LatencyKind.MEASURED,
            samples[-1].whole_ns / 1e6,
            _rank(whole, 0.5) / 1e6,
            _rank(whole, 0.95) / 1e6,
            max(0.0, _rank(sorted(sample.arrival_ns for sample in good), 0.5) / 1e6),
            _rank(drawing, 0.5) / 1e6 if drawing else 0.0,
            0.0 if known.clock is None else known.clock.uncertainty_ns / 1e6,
            len(good),
        )

    def all(self, now_ns: int) -> tuple[Latency, ...]:
        """Of every stream that was told of or painted, in that order."""
        return tuple(self.of(name, now_ns) for name in self._streams)

    def worst(self, now_ns: int, told: Sequence[Latency] | None = None) -> Latency:
        """What stands on the screen as *the* latency: that of the stream that takes longest (95th percentile).

        A stream whose clock leapt comes before all numbers: a calm number must not hide it. Streams that gave nothing
        lately, or have no mapped clock, count only where there is no other.

        Args:
            told: what :meth:`all` said now; None asks it.
        """
        told = self.all(now_ns) if told is None else told
        order = (LatencyKind.REPLAY, LatencyKind.CLOCK, LatencyKind.MEASURED, LatencyKind.UNKNOWN)
        for kind in order:
            found = [latency for latency in told if latency.kind is kind]
            if found:
                return max(found, key=lambda latency: latency.p95_ms)
        return Latency("", LatencyKind.REPLAY if self._mode is Mode.REPLAY else LatencyKind.NOTHING)


def _who(frame: Frame) -> tuple[int, int]:
    return frame.number, frame.host_ns


def _rank(ordered: list[int], share: float) -> int:
    """The value that ``share`` of all do not exceed (nearest rank)."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
