"""Frames of several streams to FrameSets: who belongs to the same instant.

One stream leads: a FrameSet is one frame of the leader with, of every other stream, the frame nearest to its instant
within a tolerance. The streams have a rank: the configured leader, depth, then the others in their order. Where the
first is silent for longer than ``wait_ms`` (and three of its own frames), the next one leads, until it is back; so
the leader of a FrameSet is the first by rank of its members.

A FrameSet is given out as soon as every stream has shown a frame at or after the instant (a later one cannot be
nearer) or, being slower than the leader, is not due yet, or is silent (by the same rule: nobody waits for a camera that
is gone, else all pictures would be late); or any stream is ahead of it by more than ``wait_ms``. A
stream whose instants go back by more than that began anew (its camera was opened again): what waits is given out as it
is, and matching begins anew, too. Nothing here asks a clock, so the same frames in the same order give the same
FrameSets.

Where streams have several device clocks (:attr:`drivers.frame.StreamInfo.clock`), instants are told on our clock.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from drivers.clock import ClockState
from drivers.frame import Frame, FrameSet, StreamInfo, StreamKind
from pipeline.errors import PipelineError
from pipeline.steps.instants import Instants, Queue, Waiting

MOST_WAITING: Final = 512
"""Frames of a stream: with times that make no sense none would ever be matched, and none may wait for ever."""
_SILENT_STEPS: Final = 3
_SILENT_WAITS: Final = 8
"""However slow a stream is: after so many times the wait it is silent."""
_SLOWER: Final = 1.1
"""A stream is slower than another from this ratio of their rates on."""
_USUAL_FPS: Final = 30.0
_SOONEST: Final = 0.8
"""Of a slower stream's usual step: nobody waits for its next frame before that."""


class SynchronizeConfig(BaseModel):
    """Settings of synchronising."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    leader: str | None = Field(None, description="stream that leads; by default depth, else the first stream")
    tolerance_ms: float | None = Field(
        None,
        gt=0,
        description="largest distance in time; by default half the frame time of the faster of the two streams, and "
        "a frame of the slower one belongs to one instant only",
    )
    wait_ms: float = Field(250.0, gt=0, description="how long (device time) a leader's frame waits for a stream")


class Synchronizer:
    """Push frames in the order they came; take FrameSets in the order of their instants.

    Raises:
        PipelineError: on a frame of an unknown stream, or a configured leader that is not there.
    """

    def __init__(self, streams: Sequence[StreamInfo], config: SynchronizeConfig | None = None) -> None:
        if not streams:
            raise PipelineError("there is nothing to synchronise: the source has no stream")
        config = config or SynchronizeConfig()
        self._names = [s.name for s in streams]
        self._rank = rank_of(streams, config)
        self._wait_ns = int(config.wait_ms * 1e6)
        self._fps = {s.name: s.fps if s.fps > 0 else _USUAL_FPS for s in streams}
        self._tolerance = {(a, b): self._tolerance_ns(a, b, config) for a in self._names for b in self._names}
        self._serves_one = config.tolerance_ms is None
        self._instants = Instants(streams)
        self._queues = {name: Queue() for name in self._names}
        self._start: int | None = None
        self._given: int | None = None
        """Instant of the FrameSet that was given out last."""
        self._progress = 0
        self._count = 0
        self._last_leader: str | None = None
        self.unmatched: dict[str, int] = dict.fromkeys(self._rank[1:], 0)
        """Frames that belonged to no instant (a faster stream has many), per stream. The first by rank has none."""
        self.leader_changes = 0
        """How often another stream led than did before."""

    @property
    def leader(self) -> str:
        """The stream that leads while it is there."""
        return self._rank[0]

    @property
    def rank(self) -> tuple[str, ...]:
        """All streams; the first that is there leads."""
        return self._rank

    @property
    def is_mapped(self) -> bool:
        """Whether instants are told on our clock, as the streams have several."""
        return self._instants.are_mapped

    @property
    def clock_jumps(self) -> int:
        """How often one of several clocks leapt."""
        return self._instants.jumps

    def clocks(self) -> dict[str, ClockState]:
        """What is known of each clock, by its word; empty where all streams share one."""
        return self._instants.states()

    def push(self, frame: Frame) -> list[FrameSet]:
        """Take one frame; give the FrameSets that are complete now (usually none or one)."""
        queue = self._queues.get(frame.stream)
        if queue is None:
            raise PipelineError(f"a frame of stream {frame.stream!r} came, but the rig has {self._names}")
        waiting = self._instants.of(frame)
        out: list[FrameSet] = []
        if queue.newest is not None and waiting.at < queue.newest - self._wait_ns:
            out = self.flush()
        if self._start is None:
            self._start = self._progress = waiting.at
            self._given = None
        queue.add(waiting)
        self._progress = max(self._progress, waiting.at)
        while (leading := self._next()) is not None and self._is_complete(leading):
            out.append(self._build(leading))
        if len(queue.frames) > MOST_WAITING:
            out += self._make_room(frame.stream)
        return out

    def flush(self) -> list[FrameSet]:
        """The FrameSets of the frames that still wait, at the end of a recording; or where a clock went back, since
        nothing from before can belong to what comes then."""
        out = []
        while (leading := self._next()) is not None:
            out.append(self._build(leading))
        for name, queue in self._queues.items():
            unused = queue.clear()
            if unused:
                self.unmatched[name] += unused
        self._start = None
        return out

    def _make_room(self, name: str) -> list[FrameSet]:
        """The oldest frame of a stream waits no longer."""
        queue = self._queues[name]
        if name == self.leader:
            return [self._build(queue.frames[0])]
        self._let_go(name)
        return []

    def _next(self) -> Waiting | None:
        """The frame that leads the next FrameSet; None when there is none yet."""
        if self._start is None:
            return None
        found: Waiting | None = None
        after: dict[str, int] = {}  # higher streams -> the instant from which on they are silent
        until: Waiting | None = None  # of a higher stream: where it is back
        for name in self._rank:
            head, before = self._eligible(name, after, until)
            if head is not None:
                found = until = head
                if head.at - before <= self._patience_ns(name):
                    return found
            else:
                horizon = self._progress if until is None else until.at
                if horizon - before <= self._patience_ns(name):
                    return found
            after[name] = before
        return found

    def _eligible(self, name: str, after: Mapping[str, int], until: Waiting | None) -> tuple[Waiting | None, int]:
        """The first frame of a stream that may lead, while those above it are silent, and the instant before it."""
        queue = self._queues[name]
        assert self._start is not None, "a frame came"
        before = self._start if queue.passed is None else queue.passed
        for waiting in queue.frames:
            if until is not None and waiting.at >= until.at - self._tolerance[until.frame.stream, name]:
                break
            may_lead = not waiting.is_used and all(
                waiting.at > instant + self._tolerance[higher, name]
                for higher, instant in after.items()
                if self._queues[higher].passed is not None or instant != self._start
            )
            if may_lead:
                return waiting, before
            before = waiting.at
        return None, before

    def _patience_ns(self, name: str) -> int:
        """For how long a stream may show nothing before another one leads."""
        usual = max(1e9 / self._fps[name], min(self._queues[name].steps))
        return min(max(self._wait_ns, int(_SILENT_STEPS * usual)), _SILENT_WAITS * self._wait_ns)

    def _is_complete(self, leading: Waiting) -> bool:
        at = leading.at
        if self._progress - at > self._wait_ns:
            return True
        return all(
            (queue.newest is not None and (queue.newest >= at or self._is_not_due(name, leading.frame.stream, at)))
            or self._is_silent(name, at)
            for name, queue in self._queues.items()
        )

    def _is_silent(self, name: str, at: int) -> bool:
        """Whether a stream has shown nothing for so long before an instant that nobody waits for it."""
        newest = self._queues[name].newest
        since = self._start if newest is None else newest
        if since is None or self._given is None:
            return False
        # What was given out without it says that it alone is silent: after a pause of all, none of them is.
        return min(at, self._given) - since > self._patience_ns(name)

    def _is_not_due(self, name: str, leader: str, at: int) -> bool:
        """Whether a slower stream's next frame will be too late for an instant, going by its rate."""
        if not self._serves_one or self._fps[leader] <= _SLOWER * self._fps[name]:
            return False
        queue = self._queues[name]
        usual = min(int(1e9 / self._fps[name]), *(step for step in queue.steps if step), 2**62)
        return (queue.newest or 0) + int(_SOONEST * usual) > at + self._tolerance[leader, name]

    def _build(self, leading: Waiting) -> FrameSet:
        leader = leading.frame.stream
        queue = self._queues[leader]
        while queue.frames[0] is not leading:
            self._let_go(leader)
        self._given = leading.at
        members = {leader: leading.frame}
        leading.is_used = True
        skew_ns = 0
        for name in self._rank[self._rank.index(leader) + 1 :]:
            nearest = self._nearest(name, leading)
            if nearest is not None:
                members[name] = nearest.frame
                nearest.is_used = True
                skew_ns = max(skew_ns, abs(nearest.after(leading)))
        queue.let_go()
        number = self._count
        self._count += 1
        self.leader_changes += self._last_leader not in (None, leader)
        self._last_leader = leader
        return _frame_set(number, members, self._names, leading.at, skew_ns)

    def _nearest(self, name: str, leading: Waiting) -> Waiting | None:
        """The waiting frame of a follower nearest to the instant; older ones are let go, later ones stay."""
        frames = self._queues[name].frames
        while len(frames) >= 2 and abs(frames[1].after(leading)) <= abs(frames[0].after(leading)):
            self._let_go(name)
        if not frames:
            return None
        leader = leading.frame.stream
        apart = frames[0].after(leading)
        if abs(apart) > self._tolerance[leader, name]:
            if apart < 0:
                self._let_go(name)
            return None
        if self._serves_one and self._fps[leader] > _SLOWER * self._fps[name]:
            return frames[0] if self._is_nearest_to(leading, frames[0], apart) else None
        # The frame stays: it may serve the next instant too, within its tolerance.
        return frames[0]

    def _is_nearest_to(self, leading: Waiting, slow: Waiting, apart: int) -> bool:
        """Whether of a faster leader's frames this one is the nearest to a slow stream's; it serves no other."""
        if slow.is_used:
            return False
        if apart <= 0:
            return True
        following = self._queues[leading.frame.stream].frames
        if len(following) > 1:  # the first one leads now
            return apart <= abs(slow.after(following[1]))
        return apart <= 0.5e9 / self._fps[leading.frame.stream]

    def _let_go(self, name: str) -> None:
        if not self._queues[name].let_go().is_used:
            self.unmatched[name] += 1

    def _tolerance_ns(self, a: str, b: str, config: SynchronizeConfig) -> int:
        if config.tolerance_ms is not None:
            return int(config.tolerance_ms * 1e6)
        return int(0.5e9 / max(self._fps[a], self._fps[b]))


def frame_set_of(
    number: int,
    members: Mapping[str, Frame],
    leader: str,
    names: Sequence[str],
    instant_ns: int | None = None,
    skew_ns: int | None = None,
) -> FrameSet:
    """The FrameSet of these members, of a rig with streams ``names``.

    Args:
        leader: the stream that leads while it is there; else the next by rank does.
        instant_ns, skew_ns: where they were told by several clocks; else they follow from the device times, the skew
            from those of the leader's clock.

    Raises:
        PipelineError: there are no members.
    """
    if not members:
        raise PipelineError(f"FrameSet {number} has no frame of any stream")
    leading = members[first_of([name for name in names if name in members], leader, _depth_among(members.values()))]
    t = leading.device_ns
    if skew_ns is None:
        skew_ns = max(abs(f.device_ns - t) for f in members.values() if f.info.clock == leading.info.clock)
    return _frame_set(number, members, names, t if instant_ns is None else instant_ns, skew_ns)


def rank_of(streams: Sequence[StreamInfo], config: SynchronizeConfig) -> tuple[str, ...]:
    """All streams' names; the first of those that are there leads: the configured one, depth, the others in order.

    Raises:
        PipelineError: the configured leader is not there.
    """
    first = leader_of(streams, config)
    depth = [s.name for s in streams if s.kind is StreamKind.DEPTH]
    return tuple(dict.fromkeys([first, *depth, *(s.name for s in streams)]))


def leader_of(streams: Sequence[StreamInfo], config: SynchronizeConfig) -> str:
    """The name of the stream that leads while it is there: the configured one, else depth, else the first.

    Raises:
        PipelineError: the configured leader is not there.
    """
    names = [s.name for s in streams]
    if config.leader is not None and config.leader not in names:
        raise PipelineError(f"the leading stream {config.leader!r} is not there; the source has {names}")
    return first_of(names, config.leader, {s.name for s in streams if s.kind is StreamKind.DEPTH})


def first_of(names: Sequence[str], leader: str | None, depth: Collection[str]) -> str:
    """Which of these streams leads."""
    if leader is not None and leader in names:
        return leader
    return next((name for name in names if name in depth), names[0])


def _depth_among(frames: Iterable[Frame]) -> set[str]:
    return {frame.stream for frame in frames if frame.kind is StreamKind.DEPTH}


def _frame_set(
    number: int, members: Mapping[str, Frame], names: Sequence[str], instant_ns: int, skew_ns: int
) -> FrameSet:
    return FrameSet(
        number=number,
        device_ns=instant_ns,
        frames={name: members[name] for name in names if name in members},
        skew_ns=skew_ns,
        missing=tuple(name for name in names if name not in members),
    )
