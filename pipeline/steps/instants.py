"""Frames in the order of their instants: one clock for all streams, or each mapped to ours.

Where all streams share a device clock, instants are its times as they are. Where there are several, each is mapped to
our clock as its frames come; two frames of one clock are still compared by that clock itself.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from drivers.clock import ClockMap, ClockState
from drivers.frame import Frame, StreamInfo


@dataclass(slots=True)
class Waiting:
    """A frame that waits for its FrameSet.

    Attributes:
        at: its instant, ns.
        clock: which clock told it, and how often that one had leapt.
        is_used: it is in a FrameSet already.
    """

    frame: Frame
    at: int
    clock: tuple[str, int]
    is_used: bool = False

    def after(self, other: Waiting) -> int:
        """By how many ns this one was taken later."""
        if self.clock == other.clock:
            return self.frame.device_ns - other.frame.device_ns
        return self.at - other.at


@dataclass(slots=True)
class Queue:
    """The frames of one stream that wait, and its progress."""

    frames: deque[Waiting] = field(default_factory=deque)
    newest: int | None = None
    """The latest instant that came."""
    passed: int | None = None
    """Of the last frame that no longer waits."""
    steps: tuple[int, int] = (0, 0)
    """From frame to frame, the last two."""

    def add(self, waiting: Waiting) -> None:
        if self.newest is None:
            self.newest = waiting.at
        elif waiting.at > self.newest:
            self.steps = (self.steps[1], waiting.at - self.newest)
            self.newest = waiting.at
        self.frames.append(waiting)

    def let_go(self) -> Waiting:
        """The oldest frame waits no longer."""
        first = self.frames.popleft()
        self.passed = first.at if self.passed is None else max(self.passed, first.at)
        return first

    def clear(self) -> int:
        """Forget everything; how many frames waited in vain."""
        unused = sum(not waiting.is_used for waiting in self.frames)
        self.frames.clear()
        self.newest = self.passed = None
        self.steps = (0, 0)
        return unused


class Instants:
    """When frames were taken, on one clock. Feed it every frame, in the order they came."""

    def __init__(self, streams: Sequence[StreamInfo]) -> None:
        self._clock = {s.name: s.clock for s in streams}
        words = set(self._clock.values())
        self._maps = {word: ClockMap() for word in words} if len(words) > 1 else {}

    @property
    def are_mapped(self) -> bool:
        """Whether instants are told on our clock, since the streams have several."""
        return bool(self._maps)

    @property
    def jumps(self) -> int:
        """How often one of the clocks leapt."""
        return sum(clock.jumps for clock in self._maps.values())

    def states(self) -> dict[str, ClockState]:
        """Of each clock by its word; none where one clock says it all."""
        return {word: clock.state() for word, clock in self._maps.items()}

    def of(self, frame: Frame) -> Waiting:
        word = self._clock[frame.stream]
        if not self._maps:
            return Waiting(frame, frame.device_ns, (word, 0))
        clock = self._maps[word]
        at = clock.push(frame.device_ns, frame.host_ns, frame.number, frame.stream)
        return Waiting(frame, at, (word, clock.jumps))
