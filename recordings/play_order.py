"""The frames of a session in the order in which they came, and where in it a time, a frame or an event is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drivers.errors import UnsupportedFeatureError
from recordings.errors import RecordingError
from recordings.event import Event
from recordings.event_clocks import event_clocks
from recordings.reader import SessionReader
from recordings.virtual_options import FramePlace, VirtualOptions

_DEFAULT_INTERVAL_NS: Final = 33_333_333
"""Between the end of a loop and its beginning where nothing tells the rate."""

_EDGE_NS: Final = 1_000_000_000
"""What began so shortly before the first frame, or after the last one, counts as there."""

_MOST_NAMES: Final = 12
"""Names of events that an error lists."""


class PlayOrder:
    """The part of a session that is played. A place is an index into it; times are session time, in ns from the
    first frame's host time.

    Args:
        reader: the session; only its tables are read here.
        options: which part.

    Raises:
        RecordingError: there is no frame to play.
        UnsupportedFeatureError: the options name a frame or an event that the session does not hold.

    Attributes:
        streams: names of the session's streams.
        loop_ns: session time from a loop's first frame to the next one's.
        device_loop_ns: what a loop adds to device times, one value for all streams, so that what belongs together
            stays together on the device clock.
        number_loop: what a loop adds to the numbers of a stream.
    """

    def __init__(self, reader: SessionReader, options: VirtualOptions) -> None:
        self._reader = reader
        self.streams = tuple(s.name for s in reader.streams)
        self._times = {name: reader.times(name) for name in self.streams}
        hosts = [self._times[name].host_ns for name in self.streams]
        when = np.concatenate(hosts) if hosts else np.empty(0, np.int64)
        if not len(when):
            raise RecordingError("the session has no frames")
        which = np.concatenate([np.full(len(t), k) for k, t in enumerate(hosts)])
        rank = np.lexsort((which, when))
        self._which: NDArray[np.int64] = which[rank]
        self._where: NDArray[np.int64] = np.concatenate([np.arange(len(t)) for t in hosts])[rank]
        self._offsets: NDArray[np.int64] = when[rank] - int(when.min())
        self._events: tuple[Event, ...] | None = None
        self._begin, self._end = 0, len(rank)
        self._cut(options)
        self._measure_loop()

    def __len__(self) -> int:
        return self._end - self._begin

    def at(self, place: int) -> tuple[str, int]:
        """Stream and position in it of the frame at a place."""
        place += self._begin
        return self.streams[self._which[place]], int(self._where[place])

    def frame_times(self, chunk: int = 4096) -> Iterator[list[tuple[str, int, int, int, int]]]:
        """Stream, position in it, device time, host time and number of every frame, in the order, so many at a time."""
        for begin in range(self._begin, self._end, chunk):
            part = slice(begin, min(begin + chunk, self._end))
            which, where = self._which[part], self._where[part]
            columns = np.zeros((3, len(which)), np.int64)
            for k, name in enumerate(self.streams):
                mine = which == k
                times = self._times[name]
                for column, values in zip(columns, (times.device_ns, times.host_ns, times.number), strict=True):
                    column[mine] = values[where[mine]]
            names = [self.streams[k] for k in which.tolist()]
            yield list(zip(names, where.tolist(), *columns.tolist(), strict=True))

    def offset(self, place: int) -> int:
        """Session time of the frame at a place; at the end, of the last one."""
        return int(self._offsets[min(place + self._begin, self._end - 1)])

    def number(self, stream: str, index: int) -> int:
        """The camera's own number of a frame."""
        return int(self._times[stream].number[index])

    def place_of_time(self, time_s: float) -> int:
        """The first frame at or after a time in seconds.

        Raises:
            UnsupportedFeatureError: the time is none, or outside the part that is played.
        """
        first, last = self.offset(0) / 1e9, self.offset(len(self) - 1) / 1e9
        if not first <= time_s <= last:
            raise UnsupportedFeatureError(
                f"{self._file} is played from {first:.3f} to {last:.3f} s; there is nothing at {time_s:g} s"
            )
        found = int(np.searchsorted(self._offsets, round(time_s * 1e9)))
        return min(max(found - self._begin, 0), len(self) - 1)

    def place_of_frame(self, wanted: FramePlace) -> int:
        """The frame with a camera's number.

        Raises:
            UnsupportedFeatureError: there is no such stream or frame in the part that is played.
        """
        if wanted.stream not in self.streams:
            raise UnsupportedFeatureError(
                f"{self._file} has no stream {wanted.stream!r}; its streams: {', '.join(self.streams)}"
            )
        numbers = self._times[wanted.stream].number
        hits = np.flatnonzero(numbers == wanted.number)
        if not 1 <= wanted.occurrence <= len(hits):
            has = (
                f"is there {len(hits)} times, not {wanted.occurrence}"
                if len(hits)
                else f"is not among its {len(numbers)} frames, {numbers.min()} to {numbers.max()}"
                if len(numbers)
                else "cannot be there: the stream is empty"
            )
            raise UnsupportedFeatureError(f"{self._file}: frame number {wanted.number} of {wanted.stream} {has}")
        return self._inside(wanted.stream, int(hits[wanted.occurrence - 1]), f"frame {wanted}")

    def place_of_event(self, wanted: str | int) -> int:
        """The first frame at or after the beginning of an event.

        Args:
            wanted: its name (the first of that name), or its place among the stored events, from 0.

        Raises:
            UnsupportedFeatureError: there is no such event, or it lies outside the part that is played.
            RecordingError: the events cannot be read.
        """
        if self._events is None:
            self._events = tuple(self._reader.events())
        events = self._events
        event = _find_event(events, wanted)
        if event is None:
            names = ", ".join(dict.fromkeys(e.name for e in events[:_MOST_NAMES]))
            known = f"it has {len(events)}: {names}{' ...' if len(events) > _MOST_NAMES else ''}" if events else "none"
            raise UnsupportedFeatureError(
                f"{self._file} has no event {wanted if isinstance(wanted, int) else repr(wanted)}; {known}"
            )
        for stream, instants in event_clocks(self._reader.streams, self._times):
            index = ClockTimes(instants).first_at(event.begin_ns)
            if index is not None:
                return self._inside(stream, index, f"event {event.name!r}")
        raise UnsupportedFeatureError(
            f"{self._file}: event {event.name!r} has no place in the recording: it begins at {event.begin_ns} ns on "
            "the camera's clock, when no stream has frames"
        )

    @property
    def _file(self) -> str:
        return self._reader.path.name

    def _inside(self, stream: str, index: int, what: str) -> int:
        place = int(np.flatnonzero((self._which == self.streams.index(stream)) & (self._where == index))[0])
        if not self._begin <= place < self._end:
            raise UnsupportedFeatureError(
                f"{self._file} is played from {self.offset(0) / 1e9:.3f} to {self.offset(len(self) - 1) / 1e9:.3f} s; "
                f"{what} is at {self._offsets[place] / 1e9:.3f} s"
            )
        return place - self._begin

    def _cut(self, options: VirtualOptions) -> None:
        """Leave what lies outside the part that the options name."""
        if options.from_frame is not None:
            begin = self.place_of_frame(options.from_frame)
        elif options.from_event is not None:
            begin = self.place_of_event(options.from_event)
        else:
            begin = int(np.searchsorted(self._offsets, round((options.from_s or 0.0) * 1e9)))
        end = len(self._offsets)
        if options.to_s is not None:
            end = int(np.searchsorted(self._offsets, round(options.to_s * 1e9), side="right"))
        if begin >= end:
            begins = f"{self._offsets[begin] / 1e9:.3f}" if begin < len(self._offsets) else f"{options.from_s:g}"
            to = "its end" if options.to_s is None else f"{options.to_s:g} s"
            raise RecordingError(
                f"the session lasts {self._offsets[-1] / 1e9:.3f} s; no frame lies from {begins} s to {to}"
            )
        self._begin, self._end = begin, end

    def _measure_loop(self) -> None:
        start = self.offset(0)
        loops, device_loops, self.number_loop = [1], [1], dict.fromkeys(self.streams, 0)
        for k, name in enumerate(self.streams):
            part = self._where[self._begin : self._end][self._which[self._begin : self._end] == k]
            if not len(part):
                continue
            number, device_ns, host_ns = (column[part] for column in self._times[name])
            first = int(self._offsets[self._begin : self._end][self._which[self._begin : self._end] == k][0])
            loops.append(_period(host_ns) + first - start)
            device_loops.append(_period(device_ns))
            # The first number of a loop follows on the last one of the loop before it, also where they began anew.
            self.number_loop[name] = int(number[-1]) - int(number[0]) + 1
        self.loop_ns = max(loops)
        self.device_loop_ns = max(self.loop_ns, *device_loops)


class ClockTimes:
    """Times by a camera's clock, which begins anew where the camera was opened again.

    Args:
        times_ns: in the order in which they came (N,).
    """

    def __init__(self, times_ns: NDArray[np.int64]) -> None:
        self._times = times_ns
        falls = np.flatnonzero(np.diff(times_ns) < 0) + 1
        self._parts = list(pairwise([0, *falls.tolist(), len(times_ns)]))
        self._range = (int(times_ns.min()), int(times_ns.max())) if len(times_ns) else None

    def first_at(self, time_ns: int) -> int | None:
        """Where the clock first reaches a time: the index of the first one at or after it.

        None when no part of the times has it. What lies less than a second outside of all of them counts as their
        beginning, or their end.
        """
        if self._range is None:
            return None
        earliest, latest = self._range
        if not earliest - _EDGE_NS <= time_ns <= latest + _EDGE_NS:
            return None
        time_ns = min(max(time_ns, earliest), latest)
        for begin, end in self._parts:
            index = begin + int(np.searchsorted(self._times[begin:end], time_ns))
            # The first time of a part is reached only by itself: what comes before it was never in that part.
            if index < end and (index > begin or self._times[index] == time_ns):
                return index
        return None


def _find_event(events: Sequence[Event], wanted: str | int) -> Event | None:
    if isinstance(wanted, int):
        return events[wanted] if 0 <= wanted < len(events) else None
    return next((e for e in events if e.name == wanted), None)


def _period(times_ns: NDArray[np.int64]) -> int:
    """From the first frame of a stream to the first one of the next loop, ns."""
    interval = int(np.median(np.diff(times_ns))) if len(times_ns) > 1 else _DEFAULT_INTERVAL_NS
    return int(times_ns.max()) - int(times_ns.min()) + max(interval, 1)
