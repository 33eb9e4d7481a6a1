"""Which results and events of a session belong to a part of it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from drivers.frame import StreamInfo
from recordings import schemas
from recordings.errors import SessionFormatError
from recordings.event import Event
from recordings.event_clocks import event_clocks
from recordings.reader import FrameTimes
from recordings.session import ScheduleEntry
from recordings.splice import MessageFile

_NEAR_NS: Final = 10 * 10**9
"""How far an observation may lie from the frames that it says something of."""

_EDGE_NS: Final = 10**9
"""What lies less than a second outside of a clock's times is taken as its beginning or end."""


@dataclass(frozen=True, slots=True)
class Span:
    """What is cut out: host times in ns, both included, and of each stream that is kept the positions in it."""

    first_ns: int
    """Of the session."""
    last_ns: int
    begin_ns: int
    end_ns: int
    positions: Mapping[str, range]


@dataclass(frozen=True, slots=True)
class ResultsCut:
    """Which of the results are kept.

    Attributes:
        schedule: places, in the order of :func:`schedule_messages`, of the entries that are kept.
        only: numbers of the FrameSets whose observations are kept; None keeps those of the span.
        is_beginning: the kept entries are the first ones of the session, and none is missing among them: their
            results can be computed again.
    """

    schedule: frozenset[int] = frozenset()
    only: frozenset[int] | None = None
    is_beginning: bool = False
    left_out_ns: frozenset[int] = field(default=frozenset())
    """Host times of observations in the span that are left out."""


def schedule_messages(file: MessageFile, span: Span) -> Iterator[tuple[int, bytes]]:
    """The schedule's messages that may be of the span: an entry is written after its frames.

    Raises:
        SessionFormatError: a chunk is damaged.
    """
    topic = schemas.SCHEDULE_TOPIC
    if span.begin_ns > span.first_ns:
        yield from file.between(topic, 0, span.first_ns - 1)
        yield from file.between(topic, span.begin_ns)
    else:
        yield from file.between(topic)


def choose_results(
    file: MessageFile, span: Span, times: Mapping[str, FrameTimes], streams: Collection[str], *, replayable: bool
) -> ResultsCut:
    """Which schedule entries lie wholly in the span, and whether they can be computed again from it.

    Args:
        file: of the session.
        span: what is cut out.
        times: of every stream of the session.
        streams: names of all of them.
        replayable: whether the session's results can be computed again.

    Raises:
        SessionFormatError: a message is damaged.
    """
    finder = _Finder(file, span, times)
    kept: dict[int, int] = {}
    broken_off = is_beginning = False
    if replayable and set(streams) == set(span.positions):
        skipped = next(file.between(schemas.SCHEDULE_TOPIC, span.first_ns, span.begin_ns - 1), None)
        is_beginning = skipped is None
    for place, (log_time, data) in enumerate(schedule_messages(file, span)):
        entry = ScheduleEntry.from_json(_object(file, data, schemas.SCHEDULE_TOPIC))
        where = finder.place(entry, log_time)
        if where == "inside":
            if is_beginning and broken_off:
                break  # without what came between, the steps would say something else
            kept[place] = entry.frame_set
        elif where == "after":
            break
        else:
            broken_off = broken_off or bool(kept)
            is_beginning = is_beginning and bool(kept)
    if not (kept and is_beginning):
        return ResultsCut(frozenset(kept))
    only = frozenset(kept.values())
    left_out = {
        time
        for time, data in file.between(schemas.OBSERVATIONS_TOPIC, span.begin_ns, span.end_ns)
        if frame_set_number(file, data) not in only
    }
    return ResultsCut(frozenset(kept), only, True, frozenset(left_out))


def frame_set_number(file: MessageFile, data: bytes) -> int:
    """Of an observation or a schedule entry.

    Raises:
        SessionFormatError: it has none.
    """
    try:
        return int(_object(file, data, schemas.OBSERVATIONS_TOPIC)["frame_set"])
    except (KeyError, TypeError, ValueError) as error:
        raise SessionFormatError(f"{file.path}: an observation or schedule entry names no FrameSet") from error


class EventPlaces:
    """When events were, on the host clock.

    Args:
        streams: of the session.
        times: of every one of them.
    """

    def __init__(self, streams: Collection[StreamInfo], times: Mapping[str, FrameTimes]) -> None:
        clocks = event_clocks(streams, times)
        self._clocks = [_Clock(instants, times[name].host_ns) for name, instants in clocks if len(instants)]

    def span(self, event: Event, log_time: int) -> tuple[int, int | None]:
        """Host times of its beginning and its end (None while it lasts); those of its message where no clock tells."""
        for clock in self._clocks:
            begin = clock.host_ns(event.begin_ns, log_time)
            if begin is None:
                continue
            if event.end_ns is None:
                return begin, None
            end = clock.host_ns(event.end_ns, log_time)
            return begin, max(begin, log_time if end is None else end)
        return log_time, None if event.end_ns is None else log_time


class _Clock:
    """A clock, and ours at the same frames (N,); a camera's begins anew where the camera was opened again."""

    def __init__(self, instants_ns: NDArray[np.int64], host_ns: NDArray[np.int64]) -> None:
        self._device, self._host = instants_ns, host_ns
        falls = np.flatnonzero(np.diff(self._device) < 0) + 1
        self._lives = list(pairwise([0, *falls.tolist(), len(self._device)]))

    def host_ns(self, device_ns: int, log_time: int) -> int | None:
        """Host time of the first frame at or after a device time.

        Where the clock passed it more than once, the last time before it was written down.
        """
        found: int | None = None
        for first, end in self._lives:
            life = self._device[first:end]
            if int(life[0]) - _EDGE_NS <= device_ns <= int(life[-1]) + _EDGE_NS:
                at = first + min(int(np.searchsorted(life, device_ns)), len(life) - 1)
                host = int(self._host[at])
                if found is None or host <= log_time:
                    found = host
        return found


class _Finder:
    """Where the frames of schedule entries lie: a camera that was opened again may count from zero again."""

    def __init__(self, file: MessageFile, span: Span, times: Mapping[str, FrameTimes]) -> None:
        self._file = file
        self._span = span
        self._host = {name: t.host_ns for name, t in times.items()}
        self._order = {name: np.argsort(t.number, kind="stable") for name, t in times.items()}
        self._numbers = {name: t.number[self._order[name]] for name, t in times.items()}
        self._observed: dict[int, int] | None = None

    def place(self, entry: ScheduleEntry, log_time: int) -> Literal["before", "inside", "across", "after"]:
        """Where all frames of an entry lie; ``across`` also when some are not there or their stream is left out."""
        places = set()
        for name, number in entry.frames.items():
            kept = self._span.positions.get(name)
            position = self._position(entry, name, number, log_time)
            if kept is None or position is None:
                places.add("across")
            else:
                places.add("before" if position < kept.start else "after" if position >= kept.stop else "inside")
        if places == {"before"}:
            return "before"
        if places == {"after"}:
            return "after"
        return "inside" if places == {"inside"} else "across"

    def _position(self, entry: ScheduleEntry, name: str, number: int, log_time: int) -> int | None:
        numbers = self._numbers.get(name)
        if numbers is None:
            return None
        first, end = np.searchsorted(numbers, [number, number + 1]).tolist()
        there: NDArray[np.intp] = self._order[name][first:end]
        if len(there) < 2:
            return int(there[0]) if len(there) else None
        host = self._host[name][there]
        wanted = self._observed_ns(entry.frame_set)
        if wanted is not None:
            return int(there[np.argmin(np.abs(host - wanted))])
        before = there[host <= log_time]
        return int(before[-1] if len(before) else there[0])

    def _observed_ns(self, frame_set: int) -> int | None:
        """Host time of a FrameSet as its observation tells it, near the span."""
        if self._observed is None:
            span, file = self._span, self._file
            near = file.between(schemas.OBSERVATIONS_TOPIC, span.begin_ns - _NEAR_NS, span.end_ns + _NEAR_NS)
            self._observed = {frame_set_number(file, data): time for time, data in near}
        return self._observed.get(frame_set)


def event_of(file: MessageFile, data: bytes) -> Event:
    """An event from its message.

    Raises:
        SessionFormatError: it is none.
    """
    return Event.from_json(_object(file, data, schemas.EVENTS_TOPIC))


def _object(file: MessageFile, data: bytes, topic: str) -> dict[str, Any]:
    try:
        said = json.loads(data)
    except ValueError as error:
        raise SessionFormatError(f"{file.path}: {topic} holds no JSON: {error}") from error
    if not isinstance(said, dict):
        raise SessionFormatError(f"{file.path}: {topic} holds JSON, but no object")
    return said
