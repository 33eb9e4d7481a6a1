"""What a recording's time line shows and finds: recorded time, events, pauses, losses, camera numbers. No Qt here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drivers.frame import FrameFlag
from gui.alarms.rule_events import note_words
from recordings.event import Event
from recordings.left_out import is_thinned
from recordings.observation import SignalValue
from recordings.play_order import ClockTimes
from recordings.reader import SessionReader
from recordings.told_events import joined

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
        severity: notice, warning or alarm; '' of an event that no rule told.
        evidence: the signals that it rests on, and what they said when it began.
        is_now: it is not stored: rules make it now.
    """

    place: int
    name: str
    note: str
    position: int | None
    begin_ns: int = 0
    end_ns: int | None = None
    severity: str = ""
    evidence: tuple[tuple[str, SignalValue], ...] = ()
    is_now: bool = False


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
        came_ns: stream -> when its frames came, by ours, by index.

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
        came_ns: Mapping[str, Times] | None = None,
    ) -> None:
        self.elapsed_ns = _elapsed(device_ns, host_ns)
        self._host_ns = host_ns
        self._rising_ns = np.maximum.accumulate(host_ns)
        self._came_ns = dict(came_ns or {})
        self._members = np.maximum.accumulate(members, axis=0) if len(members) else members
        self._streams = list(streams)
        self._numbers = numbers
        self.gaps = _gaps(self.elapsed_ns)
        self.losses = tuple(losses)
        self._clock, self._device_ns = ClockTimes(device_ns), device_ns
        self.events = self.marks_of(events)
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
            joined(reader.events()),
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
            {name: t.host_ns for name, t in times.items()},
        )

    def __len__(self) -> int:
        return len(self.elapsed_ns)

    @property
    def streams(self) -> tuple[str, ...]:
        return tuple(self._streams)

    @property
    def duration_ns(self) -> int:
        return int(self.elapsed_ns[-1]) if len(self) else 0

    @property
    def rate_hz(self) -> float:
        """FrameSets a second, by their usual distance; 30 where there are too few to tell."""
        steps = np.diff(self.elapsed_ns)
        steps = steps[steps > 0]
        return float(1e9 / np.median(steps)) if len(steps) else 30.0

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

    def host_ns(self, position: int) -> int:
        """When the leading frame of a position (clamped) came, by our clock."""
        return int(self._host_ns[min(max(position, 0), len(self) - 1)]) if len(self) else 0

    def position_of_host(self, host_ns: int) -> int | None:
        """The position nearest to a time by our clock; None where it lies outside the recording."""
        if (
            not len(self)
            or not self._rising_ns[0] - SHORTEST_GAP_NS <= host_ns <= self._rising_ns[-1] + SHORTEST_GAP_NS
        ):
            return None
        after = min(int(np.searchsorted(self._rising_ns, host_ns)), len(self) - 1)
        if after and host_ns - int(self._rising_ns[after - 1]) <= int(self._rising_ns[after]) - host_ns:
            return after - 1
        return after

    def cut_s(self, first: int, last: int) -> tuple[float, float] | None:
        """Where a part with both of these FrameSets whole begins and ends, as ``session cut`` counts: in seconds from
        the session's first frame by our clock. None where it is not known when the frames came."""
        begins = [int(t[0]) for t in self._came_ns.values() if len(t)]
        if not begins or not len(self):
            return None
        times = [t for p in (first, last) for t in self._member_times(min(max(p, 0), len(self) - 1))]
        return (min(times) - min(begins)) / 1e9, (max(times) - min(begins)) / 1e9

    def _member_times(self, position: int) -> list[int]:
        """When the frames of a FrameSet came."""
        now = self._members[position]
        before = self._members[position - 1] if position else np.full_like(now, -1)
        # Where the index did not rise there was no frame, or the one before serves again.
        new = [(n, int(i)) for n, i, b in zip(self._streams, now, before, strict=True) if i > b]
        return [int(self._came_ns[n][i]) for n, i in new if i < len(self._came_ns[n])] or [self.host_ns(position)]

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
        return events_at(self.events, time_ns, slack_ns)

    def marks_of(self, events: Iterable[Event], is_now: bool = False) -> tuple[EventMark, ...]:
        """Where events lie, of which the first has the place 0."""
        return tuple(self._event(n, e, is_now) for n, e in enumerate(events))

    def _event(self, place: int, event: Event, is_now: bool) -> EventMark:
        told = tuple((one.name, one.signal) for one in event.evidence)
        position = self._clock.first_at(event.begin_ns)
        if position is None:
            return EventMark(place, event.name, _note(event), None, 0, None, event.severity, told, is_now)
        begin_ns = self._elapsed_at(event.begin_ns, position, self._device_ns)
        end_ns = None
        if isinstance(event.end_ns, int):
            last = self._clock.first_at(event.end_ns)
            end_ns = begin_ns if last is None else max(begin_ns, self._elapsed_at(event.end_ns, last, self._device_ns))
        return EventMark(place, event.name, _note(event), position, begin_ns, end_ns, event.severity, told, is_now)

    def _elapsed_at(self, time_ns: int, position: int, device_ns: Times) -> int:
        """Recorded time of a time by the camera's clock; ``position`` is the first FrameSet at or after it.

        What happened while the cameras paused lies in the pause, not at its end.
        """
        elapsed_ns = int(self.elapsed_ns[position])
        if position == 0 or not device_ns[position - 1] <= time_ns <= device_ns[position]:
            return elapsed_ns
        return max(elapsed_ns - int(device_ns[position] - time_ns), int(self.elapsed_ns[position - 1]))


def events_at(events: Iterable[EventMark], time_ns: int, slack_ns: int = 0) -> list[EventMark]:
    """Those that last at a recorded time; those without length count within ``slack_ns``."""
    return [
        e
        for e in events
        if e.position is not None
        and e.begin_ns - slack_ns <= time_ns <= max(e.end_ns or e.begin_ns, e.begin_ns) + slack_ns
    ]


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


def _note(event: Event) -> str:
    """What a rule says, in the operator's language, and who has seen it; other notes as they are."""
    return note_words(event) if event.severity else event.note
