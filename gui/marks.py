"""What a recording's time line shows and finds: recorded time, events, pauses, losses, camera numbers. No Qt here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drivers.frame import FrameFlag
from recordings.left_out import is_thinned
from recordings.observation import Event
from recordings.play_order import ClockTimes
from recordings.reader import SessionReader

Times = NDArray[np.int64]

GAP_FACTOR = 5.0
SHORTEST_GAP_NS = 500_000_000
"""The cameras paused where FrameSets lie farther apart than both: so many usual steps, and so long."""

CLOCK_TOLERANCE_NS = 1_000_000_000
"""A step of the camera's clock that differs more from ours is a clock that was set, or that began anew."""


@dataclass(frozen=True, slots=True)
class EventMark:
    """A stored event on the time line.

    Attributes:
        place: among the stored events, from 0.
        position: of the first FrameSet in it; None when it lies outside the recording.
        begin_ns, end_ns: recorded time; ``end_ns`` is None for one that has no end.
    """

    place: int
    name: str
    note: str
    position: int | None
    begin_ns: int = 0
    end_ns: int | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Recorded time without a FrameSet; ``position`` is the one after it."""

    position: int
    begin_ns: int
    end_ns: int


@dataclass(frozen=True, slots=True)
class Loss:
    """Frames of a stream that the recording lacks, at a recorded time."""

    time_ns: int
    stream: str
    count: int


class Marks:
    """All of it, by position of the FrameSets. Never changes.

    Args:
        device_ns: of every FrameSet, by the leader's clock (N,).
        host_ns: when its leading frame came, by ours (N,).
        members: index of each stream's frame in it, -1 for none (N, streams).
        streams: names, in the order of the columns of ``members``.
        numbers: stream -> the camera's own numbers, by index.

    Attributes:
        elapsed_ns: recorded time of every FrameSet from the first one, never falling (N,). It is the camera's, and
            ours where the camera's clock was set or began anew.
    """

    def __init__(
        self,
        device_ns: Times,
        host_ns: Times,
        members: Times,
        streams: Sequence[str],
        numbers: dict[str, Times],
        events: Iterable[Event] = (),
        losses: Iterable[Loss] = (),
    ) -> None:
        self.elapsed_ns = _elapsed(device_ns, host_ns)
        self._host_ns = host_ns
        self._members = np.maximum.accumulate(members, axis=0) if len(members) else members
        self._streams = list(streams)
        self._numbers = numbers
        self.gaps = _gaps(self.elapsed_ns)
        self.losses = tuple(losses)
        clock = ClockTimes(device_ns)
        self.events = tuple(self._event(n, e, clock, device_ns) for n, e in enumerate(events))
        self._begins = sorted(e.position for e in self.events if e.position is not None)

    @classmethod
    def of(cls, reader: SessionReader, device_ns: Times, host_ns: Times, members: Times) -> Marks:
        """Those of a session.

        Raises:
            RecordingError: its events are damaged.
        """
        names = [s.name for s in reader.streams]
        times = {name: reader.times(name) for name in names}
        return cls(
            device_ns,
            host_ns,
            members,
            names,
            {name: t.number for name, t in times.items()},
            list(reader.events()),
            [
                loss
                for name, t in times.items()
                for loss in _losses(
                    name,
                    t.number,
                    reader.flags(name),
                    _elapsed_of(t.host_ns, device_ns, host_ns),
                    is_thinned(reader.info.notes),
                )
            ],
        )

    def __len__(self) -> int:
        return len(self.elapsed_ns)

    @property
    def streams(self) -> tuple[str, ...]:
        return tuple(self._streams)

    @property
    def duration_ns(self) -> int:
        return int(self.elapsed_ns[-1]) if len(self) else 0

    def time_ns(self, position: int) -> int:
        """Recorded time of a position (clamped)."""
        return int(self.elapsed_ns[min(max(position, 0), len(self) - 1)]) if len(self) else 0

    def position_at(self, time_ns: int) -> int:
        """The position nearest to a recorded time; the earlier one of two equally near."""
        after = int(np.searchsorted(self.elapsed_ns, time_ns))
        if after >= len(self):
            return max(len(self) - 1, 0)
        if after and time_ns - int(self.elapsed_ns[after - 1]) <= int(self.elapsed_ns[after]) - time_ns:
            return after - 1
        return after

    def position_from(self, time_ns: int) -> int:
        """The first position at or after a recorded time; the last one beyond the end."""
        return min(int(np.searchsorted(self.elapsed_ns, time_ns)), max(len(self) - 1, 0))

    def positions_of(self, stream: str, number: int) -> list[int]:
        """The FrameSets with the frame of that number; more than one where a camera counted twice.

        A frame that belongs to no FrameSet counts with the first one after it.
        """
        column = self._streams.index(stream)
        indexes = np.flatnonzero(self._numbers[stream] == number)
        found = np.searchsorted(self._members[:, column], indexes)
        return sorted({min(int(p), len(self) - 1) for p in found})

    def numbers_of(self, stream: str) -> tuple[int, int] | None:
        """The lowest and highest number of a stream; None when it has no frame."""
        numbers = self._numbers[stream]
        return (int(numbers.min()), int(numbers.max())) if len(numbers) else None

    def next_event(self, position: int) -> int | None:
        """Where the next event after a position begins."""
        return next((p for p in self._begins if p > position), None)

    def previous_event(self, position: int) -> int | None:
        """Where the last event before a position begins."""
        return next((p for p in reversed(self._begins) if p < position), None)

    def events_at(self, time_ns: int, slack_ns: int = 0) -> list[EventMark]:
        """Events that last at a recorded time; those without length count within ``slack_ns``."""
        return [
            e
            for e in self.events
            if e.position is not None
            and e.begin_ns - slack_ns <= time_ns <= max(e.end_ns or e.begin_ns, e.begin_ns) + slack_ns
        ]

    def _event(self, place: int, event: Event, clock: ClockTimes, device_ns: Times) -> EventMark:
        position = clock.first_at(event.begin_ns)
        if position is None:
            return EventMark(place, event.name, event.note, None)
        begin_ns = self._elapsed_at(event.begin_ns, position, device_ns)
        end_ns = None
        if isinstance(event.end_ns, int):
            last = clock.first_at(event.end_ns)
            end_ns = begin_ns if last is None else max(begin_ns, self._elapsed_at(event.end_ns, last, device_ns))
        return EventMark(place, event.name, event.note, position, begin_ns, end_ns)

    def _elapsed_at(self, time_ns: int, position: int, device_ns: Times) -> int:
        """Recorded time of a time by the camera's clock; ``position`` is the first FrameSet at or after it.

        What happened while the cameras paused lies in the pause, not at its end.
        """
        elapsed_ns = int(self.elapsed_ns[position])
        if position == 0 or not device_ns[position - 1] <= time_ns <= device_ns[position]:
            return elapsed_ns
        return max(elapsed_ns - int(device_ns[position] - time_ns), int(self.elapsed_ns[position - 1]))


def _elapsed(device_ns: Times, host_ns: Times) -> Times:
    """Recorded time from the first FrameSet."""
    if not len(device_ns):
        return np.zeros(0, np.int64)
    camera, ours = np.diff(device_ns), np.diff(host_ns)
    is_sound = (camera > 0) & (np.abs(camera - ours) <= CLOCK_TOLERANCE_NS)
    steps = np.where(is_sound, camera, np.maximum(ours, 0))
    out: Times = np.concatenate(([0], np.cumsum(steps))).astype(np.int64)
    return out


def _elapsed_of(frames_ns: Times, device_ns: Times, host_ns: Times) -> Times:
    """Recorded time of single frames by their host times."""
    elapsed = _elapsed(device_ns, host_ns)
    if not len(elapsed):
        return np.zeros(len(frames_ns), np.int64)
    rising = np.maximum.accumulate(host_ns)
    return elapsed[np.clip(np.searchsorted(rising, frames_ns), 0, len(elapsed) - 1)]


def _gaps(elapsed_ns: Times) -> tuple[Gap, ...]:
    steps = np.diff(elapsed_ns)
    if not len(steps):
        return ()
    long = max(SHORTEST_GAP_NS, GAP_FACTOR * float(np.median(steps)))
    return tuple(
        Gap(int(i) + 1, int(elapsed_ns[i]), int(elapsed_ns[i + 1])) for i in np.flatnonzero(steps > long).tolist()
    )


def _losses(
    stream: str, numbers: Times, flags: NDArray[np.uint32], elapsed_ns: Times, thinned: bool = False
) -> list[Loss]:
    """Holes in a stream's numbers, and frames that say that some were lost before them.

    Where frames were left out on purpose (``thinned``), only the flag tells a loss: of one frame at least.
    """
    if not len(numbers):
        return []
    missing = np.concatenate(([0], np.diff(numbers) - 1))
    flagged = (flags & int(FrameFlag.DROPPED_BEFORE)) != 0
    flagged[0] = False
    count = flagged.astype(np.int64) if thinned else np.where(missing > 0, missing, np.where(flagged, 1, 0))
    return [Loss(int(elapsed_ns[i]), stream, int(count[i])) for i in np.flatnonzero(count).tolist()]
