"""Frames of several streams to FrameSets: who belongs to the same instant.

One stream leads: a FrameSet is one frame of the leader with, of every other stream, the frame nearest in device
time within a tolerance. A FrameSet is given out as soon as every follower has shown a frame at or after the
instant (a later one cannot be nearer), or has fallen behind the leader by more than ``wait_ns``. A stream whose device
time goes back by more than that began anew (its camera was reopened): what waits is given out as it is, and matching
begins anew, too. Nothing here asks a clock, so the same frames in the same order give the same FrameSets.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict, Field

from drivers.frame import Frame, FrameSet, StreamInfo, StreamKind
from pipeline.errors import PipelineError


class SynchronizeConfig(BaseModel):
    """Settings of synchronising."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    leader: str | None = Field(None, description="stream that leads; by default depth, else the first stream")
    tolerance_ms: float | None = Field(
        None, gt=0, description="largest distance in device time; by default 0.6 of the follower's frame time"
    )
    wait_ms: float = Field(250.0, gt=0, description="how long (device time) a leader's frame waits for a stream")


class Synchronizer:
    """Push frames in the order they came; take FrameSets in the order of the leader's device time.

    Raises:
        PipelineError: on a frame of an unknown stream, or a configured leader that is not there.
    """

    def __init__(self, streams: Sequence[StreamInfo], config: SynchronizeConfig | None = None) -> None:
        if not streams:
            raise PipelineError("there is nothing to synchronise: the source has no stream")
        config = config or SynchronizeConfig()
        self._names = [s.name for s in streams]
        self._leader = leader_of(streams, config)
        self._wait_ns = int(config.wait_ms * 1e6)
        self._tolerance = {s.name: _tolerance_ns(s, config) for s in streams}
        self._leading: deque[Frame] = deque()
        self._following: dict[str, deque[Frame]] = {n: deque() for n in self._names if n != self._leader}
        self._newest: dict[str, int] = {}
        self._count = 0
        self.unmatched: dict[str, int] = dict.fromkeys(self._following, 0)
        """Frames of followers that belonged to no instant (a faster stream has many), per stream."""

    @property
    def leader(self) -> str:
        return self._leader

    def push(self, frame: Frame) -> list[FrameSet]:
        """Take one frame; give the FrameSets that are complete now (usually none or one)."""
        if frame.stream not in self._tolerance:
            raise PipelineError(f"a frame of stream {frame.stream!r} came, but the rig has {self._names}")
        newest = self._newest.get(frame.stream)
        out: list[FrameSet] = []
        if newest is not None and frame.device_ns < newest - self._wait_ns:
            out = self._begin_anew()
            newest = None
        if frame.stream == self._leader:
            self._leading.append(frame)
        else:
            self._following[frame.stream].append(frame)
        self._newest[frame.stream] = frame.device_ns if newest is None else max(newest, frame.device_ns)
        while self._leading and self._is_complete(self._leading[0]):
            out.append(self._build(self._leading.popleft()))
        return out

    def flush(self) -> list[FrameSet]:
        """The FrameSets of the frames that still wait, at the end of a recording."""
        out = [self._build(frame) for frame in self._leading]
        self._leading.clear()
        return out

    def _begin_anew(self) -> list[FrameSet]:
        """A clock went back: nothing from before can belong to what comes now."""
        out = self.flush()
        for name, queue in self._following.items():
            self.unmatched[name] += len(queue)
            queue.clear()
        self._newest.clear()
        return out

    def _is_complete(self, leading: Frame) -> bool:
        newest = self._newest[self._leader]
        for name in self._following:
            seen = self._newest.get(name)
            if seen is not None and seen >= leading.device_ns:
                continue
            if newest - leading.device_ns <= self._wait_ns:
                return False
        return True

    def _build(self, leading: Frame) -> FrameSet:
        members: dict[str, Frame] = {}
        for name in self._names:
            frame = leading if name == self._leader else self._nearest(name, leading.device_ns)
            if frame is not None:
                members[name] = frame
        number = self._count
        self._count += 1
        return frame_set_of(number, members, self._leader, self._names)

    def _nearest(self, name: str, t: int) -> Frame | None:
        """The waiting frame of a follower nearest to ``t``; older ones are let go, later ones stay."""
        queue = self._following[name]
        while len(queue) >= 2 and abs(queue[1].device_ns - t) <= abs(queue[0].device_ns - t):
            queue.popleft()
            self.unmatched[name] += 1
        if not queue:
            return None
        frame = queue[0]
        if abs(frame.device_ns - t) > self._tolerance[name]:
            if frame.device_ns < t:
                queue.popleft()
                self.unmatched[name] += 1
            return None
        # The frame stays: a slower follower may serve the next instant too, within its tolerance.
        return frame


def frame_set_of(number: int, members: Mapping[str, Frame], leader: str, names: Sequence[str]) -> FrameSet:
    """The FrameSet of these members, of a rig with streams ``names``.

    Raises:
        PipelineError: when the leader's frame is not among them.
    """
    if leader not in members:
        raise PipelineError(f"FrameSet {number} has no frame of the leading stream {leader!r}, only {list(members)}")
    t = members[leader].device_ns
    return FrameSet(
        number=number,
        device_ns=t,
        frames={name: members[name] for name in names if name in members},
        skew_ns=max(abs(frame.device_ns - t) for frame in members.values()),
        missing=tuple(name for name in names if name not in members),
    )


def leader_of(streams: Sequence[StreamInfo], config: SynchronizeConfig) -> str:
    """The name of the stream that leads: the configured one, else depth, else the first."""
    names = [s.name for s in streams]
    if config.leader is not None:
        if config.leader not in names:
            raise PipelineError(f"the leading stream {config.leader!r} is not there; the source has {names}")
        return config.leader
    for stream in streams:
        if stream.kind is StreamKind.DEPTH:
            return stream.name
    return names[0]


def _tolerance_ns(stream: StreamInfo, config: SynchronizeConfig) -> int:
    if config.tolerance_ms is not None:
        return int(config.tolerance_ms * 1e6)
    fps = stream.fps if stream.fps > 0 else 30.0
    return int(0.6e9 / fps)
