"""A device's clock mapped to ours while its frames come: offset and drift, and what befell the clock.

Nothing here asks a clock: the same frames in the same order give the same mapping. recordings/clock_fit.py is the same
thing for a recording that is complete, in the same words.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal

from drivers.clock_line import LowerLine

JumpKind = Literal["", "device", "host", "restart", "wrap"]
"""What leapt: the device's clock, ours, the device's to its beginning, or a short counter that began again."""

WRAPS_NS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "32 bits of ns": 2**32,
        "32 bits at 60 MHz": 2**32 * 1000 // 60,
        "32 bits of 100 ns": 2**32 * 100,
        "32 bits of us": 2**32 * 1000,
        "32 bits at 90 kHz": 2**32 * 10**6 // 90,
        "32 bits of ms": 2**32 * 10**6,
    }
)
"""After how long the short counters of cameras begin again, ns."""

_JUMP_NS: Final = 50_000_000
"""What is nearer to the line is lateness or the line's own error."""
_SUSTAINED_NS: Final = 2_000_000_000
_SUSTAINED_FRAMES: Final = 6
_STEADY_NS: Final = 20_000_000
_YOUNG_NS: Final = 2_000_000_000
"""A stretch so young may have begun with frames that had waited somewhere: an early one is no jump."""
_OUT_OF_ORDER: Final = 8
"""Frames; what comes later than that is no frame that was overtaken."""
_LONGEST_WAY_NS: Final = 500_000_000
"""By how much the ways of one device's streams may differ."""
_STEADY_WAY: Final = 256
_STEPS: Final = 9
_BACK: Final = 2
_DRIFT_TOLD_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class ClockState:
    """What is known of a device's clock.

    Attributes:
        offset_ns: our clock less the device's at its newest frame.
        uncertainty_ns: about 95 % of offsets lie within this, up to the shortest way of a frame, which nobody can see.
        drift_ppm: > 0 where the device's clock runs fast against ours; None when the stretch is too short to tell.
        drift_uncertainty_ppm: about 95 % of drifts lie within this.
        delay_ms: by how much recent frames arrived later than the earliest ones do: median, 95th percentile, largest.
        frames: of the stretch since the last jump.
        span_s: of that stretch, device time.
        jumps: how often one of the clocks leapt.
        wraps: how often a short counter began again.
        last_jump: what leapt last, ``""`` for nothing yet.
        last_jump_ms: by how much the device's clock leapt against ours then, > 0: forward.
    """

    offset_ns: int = 0
    uncertainty_ns: int = 0
    drift_ppm: float | None = None
    drift_uncertainty_ppm: float | None = None
    delay_ms: tuple[float, float, float] = (0.0, 0.0, 0.0)
    frames: int = 0
    span_s: float = 0.0
    jumps: int = 0
    wraps: int = 0
    last_jump: JumpKind = ""
    last_jump_ms: float = 0.0

    def to_json(self) -> dict[str, Any]:
        median, p95, largest = self.delay_ms
        return {
            "offset_ns": self.offset_ns,
            "uncertainty_ns": self.uncertainty_ns,
            "drift_ppm": self.drift_ppm,
            "drift_uncertainty_ppm": self.drift_uncertainty_ppm,
            "delay_ms": {"median": median, "p95": p95, "max": largest},
            "frames": self.frames,
            "span_s": self.span_s,
            "jumps": self.jumps,
            "wraps": self.wraps,
            "last_jump": self.last_jump,
            "last_jump_ms": self.last_jump_ms,
        }


@dataclass(slots=True)
class _Stream:
    """The newest frame of a stream, the device time from frame to frame, and how long its frames take."""

    device_ns: int
    host_ns: int
    number: int
    steps: deque[float] = field(default_factory=lambda: deque(maxlen=_STEPS))
    way_ns: float = 0.0
    """How much longer its frames are on their way, at least, than the clock's earliest ones."""

    def period_ns(self) -> float | None:
        """The usual step; None while too few are known."""
        return sorted(self.steps)[len(self.steps) // 2] if len(self.steps) >= _STEPS // 2 else None


@dataclass(slots=True)
class _Late:
    """Frames that came too late for the line, one after the other: a queue that drains, or a clock that was set."""

    since_device_ns: int
    since_host_ns: int
    frames: int = 0
    earlier: float = float("inf")  # the least lateness of the first half of the time, and of the second
    later: float = float("inf")


@dataclass(slots=True)
class _Before:
    """What was before the last jump, for a while."""

    line: LowerLine
    jumped_ns: int  # our clock
    stream: str  # whose frame showed it
    back: int = 0  # frames of that stream, one after the other, that fit the old line


class ClockMap:
    """Push the frames of one device clock in the order they came; read its times on our clock.

    Between jumps the mapped times of frames whose device times rise, rise too. Where the device's clock leaps they go
    on; where ours is set they follow it. Bounded memory. Not safe for several threads.
    """

    def __init__(self) -> None:
        self._line: LowerLine | None = None
        self._before: _Before | None = None
        self._streams: dict[str, _Stream] = {}
        self._late: _Late | None = None
        self._wrapped_ns = 0
        self._wrap_ns = 0
        self.jumps = 0
        """How often one of the clocks leapt."""
        self.wraps = 0
        self._last: tuple[JumpKind, float] = ("", 0.0)

    def push(self, device_ns: int, host_ns: int, number: int, stream: str = "") -> int:
        """Take a frame.

        Args:
            device_ns: on the device's clock.
            host_ns: on ours, when it arrived.
            number: the camera's own count in that stream.
            stream: several streams may share a clock; each has its own numbers.

        Returns:
            The frame's device time on our clock, ns.
        """
        x = self._unwrapped(device_ns)
        line = self._line
        if line is None:
            line = self._line = LowerLine(x, host_ns - x)
            self._streams[stream] = _Stream(x, host_ns, number)
            line.add(x, host_ns - x)
            return line.host(x)
        known = self._streams.get(stream)
        late = line.late(x, host_ns - x)
        if known is None and abs(late) < _LONGEST_WAY_NS:
            known = self._new_stream(stream, x, host_ns, number, late)
            late = line.late(x, host_ns - x)
        if -_JUMP_NS < late < _JUMP_NS + (0.0 if known is None else known.way_ns):
            self._late = None
        else:
            before = self._line_from_before(x, host_ns, stream)
            if before is not None:
                return before.host(x)
            kind = self._leapt(known, x, host_ns, number, late)
            if kind == "wrap":
                return self.push(device_ns, host_ns, number, stream)
            if kind:
                line = self._begin_anew(kind, x, host_ns, late, stream)
                known = None if kind == "restart" else known
            elif late > 0:
                self._keep(known, stream, x, host_ns, number)
                return line.host(x)  # not a part of the line
        line.add(x, host_ns - x)
        self._keep(known, stream, x, host_ns, number)
        if known is not None:
            late = max(0.0, line.late(x, host_ns - x))
            known.way_ns = min(late, known.way_ns + (late - known.way_ns) / _STEADY_WAY)
        return line.host(x)

    def to_host(self, device_ns: int) -> int:
        """A device time on our clock, ns; before the first frame, as it is."""
        if self._line is None:
            return device_ns
        return self._line.host(self._unwrapped(device_ns))

    def state(self) -> ClockState:
        """What is known now."""
        line = self._line
        if line is None:
            return ClockState()
        newest = line.newest
        span_s = line.span_ns / 1e9
        told = span_s >= _DRIFT_TOLD_S
        return ClockState(
            offset_ns=line.host(newest) - newest + self._wrapped_ns,
            uncertainty_ns=round(line.uncertainty_ns()),
            drift_ppm=(1.0 / (1.0 + line.slope) - 1.0) * 1e6 if told else None,
            drift_uncertainty_ppm=2e6 * line.slope_sd if told else None,
            delay_ms=line.delays_ms(),
            frames=line.frames,
            span_s=span_s,
            jumps=self.jumps,
            wraps=self.wraps,
            last_jump=self._last[0],
            last_jump_ms=self._last[1],
        )

    # -- what befell a clock ----------------------------------------------------------------------------------------

    def _leapt(self, known: _Stream | None, x: int, host_ns: int, number: int, late: float) -> JumpKind:
        """What leapt, when a frame is off the line; ``""``: nothing, or it is too early to tell."""
        line = self._line
        assert line is not None
        self._late, waiting = None, self._late
        if known is None:  # the first frame of a stream: nothing says what it should have been
            known = _Stream(line.newest, host_ns, number - 1)
        stepped, arrived, counted = x - known.device_ns, host_ns - known.host_ns, number - known.number
        period = known.period_ns()
        expected = None if period is None or counted <= 0 else period * counted
        is_explained = expected is not None and abs(stepped - expected) < max(_JUMP_NS, 0.5 * expected)
        if late < 0:
            if is_explained and arrived >= 0 and line.span_ns < _YOUNG_NS:
                return ""  # it began with frames that had waited
            return "host" if is_explained else "device"
        is_back = stepped < -_JUMP_NS - _OUT_OF_ORDER * (period or 0.0)
        if is_back or (stepped < 0 and counted > 0):
            if self._is_wrap(late / (1.0 + line.slope)):
                return "wrap"
            return "restart" if counted <= 0 else "device"
        if expected is not None and not is_explained and abs(arrived - expected) < _JUMP_NS:
            return "device"
        self._late = self._sustained(waiting, x, host_ns, late)
        return "host" if self._late is None else ""

    def _is_wrap(self, back_ns: float) -> bool:
        """Whether the device's clock went back by just what a short counter holds; if so it is unwrapped."""
        for wrap_ns in WRAPS_NS.values():
            if abs(back_ns - wrap_ns) < _JUMP_NS:
                self._wrapped_ns += wrap_ns
                self._wrap_ns = wrap_ns
                self.wraps += 1
                self._last = ("wrap", -wrap_ns / 1e6)
                return True
        return False

    def _sustained(self, waiting: _Late | None, x: int, host_ns: int, late: float) -> _Late | None:
        """None when frames have been late by the same for so long that no queue explains it."""
        if waiting is None:
            waiting = _Late(x, host_ns)
        waiting.frames += 1
        lasted = min(x - waiting.since_device_ns, host_ns - waiting.since_host_ns)
        if lasted < _SUSTAINED_NS // 2:
            waiting.earlier = min(waiting.earlier, late)
        else:
            waiting.later = min(waiting.later, late)
        if lasted < _SUSTAINED_NS or waiting.frames < _SUSTAINED_FRAMES:
            return waiting
        if abs(waiting.later - waiting.earlier) < _STEADY_NS:
            return None
        return _Late(x, host_ns)  # it drains, or grows: look again

    def _begin_anew(self, kind: JumpKind, x: int, host_ns: int, late: float, stream: str) -> LowerLine:
        old = self._line
        assert old is not None
        self.jumps += 1
        # The line was drawn on to where the device's clock leapt, drift and all.
        self._last = (kind, -late / (1.0 if kind == "host" else 1.0 + old.slope) / 1e6)
        self._before = _Before(old, host_ns, stream)
        self._late = None
        # The quartz is still the same one, so its drift is known as well as before, or a bit less; so is the jitter.
        line = self._line = LowerLine(x, host_ns - x, old.slope, 1.5 * old.slope_sd + 2e-6, old.is_two_sided)
        return line

    def _line_from_before(self, x: int, host_ns: int, stream: str) -> LowerLine | None:
        """The line before a jump that has just been, where a frame fits it: another stream's, still on its way.

        Where the very stream that leapt comes back to it, that line goes on: a few of its times were wrong.
        """
        before = self._before
        if before is None:
            return None
        late = before.line.late(x, host_ns - x)
        if not 0 <= host_ns - before.jumped_ns < _SUSTAINED_NS:
            self._before = None
            return None
        if not -_JUMP_NS < late < _JUMP_NS:
            before.back = 0
            return None
        if stream == before.stream:
            before.back += 1
            if before.back >= _BACK:
                self.jumps += 1
                self._last = (self._last[0], -self._last[1])
                self._line, self._before = before.line, None
        return before.line

    def _new_stream(self, stream: str, x: int, host_ns: int, number: int, late: float) -> _Stream:
        """The first frame of one more stream of this clock: its way may be longer, or shorter, than the others'."""
        assert self._line is not None
        made = self._streams[stream] = _Stream(x, host_ns, number, way_ns=max(0.0, late))
        if late < -_JUMP_NS:
            self._line.drop(x, host_ns - x)
            for other in self._streams.values():
                other.way_ns += -late if other is not made else 0.0
        return made

    def _keep(self, known: _Stream | None, stream: str, x: int, host_ns: int, number: int) -> None:
        if known is None:
            self._streams[stream] = _Stream(x, host_ns, number)
            return
        counted = number - known.number
        if counted > 0:
            if x > known.device_ns:
                known.steps.append((x - known.device_ns) / counted)
        elif counted >= -_OUT_OF_ORDER and x <= known.device_ns:
            return  # overtaken, or shown twice
        known.device_ns, known.host_ns, known.number = x, host_ns, number

    def _unwrapped(self, device_ns: int) -> int:
        """With all wraps, or with one less: frames of before the wrap may still be on their way."""
        x = device_ns + self._wrapped_ns
        if self._wrap_ns and self._line is not None:
            earlier = x - self._wrap_ns
            if abs(earlier - self._line.newest) < abs(x - self._line.newest):
                return earlier
        return x
