"""A recorded schedule: which FrameSets a run processed, and their frames taken from a session again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from drivers.frame import Frame, FrameSet, StreamInfo
from pipeline.errors import PipelineError
from pipeline.steps.synchronise import SynchronizeConfig, Synchronizer, frame_set_of, leader_of, rank_of
from recordings.errors import RecordingError
from recordings.reader import FrameTimes, SessionReader
from recordings.session import ScheduleEntry


class MissingFrameError(PipelineError):
    """A schedule names a frame that the session does not hold."""


class DamagedFrameError(PipelineError):
    """A schedule names a frame that the session holds, but that cannot be read."""


def rests_of(entry: ScheduleEntry) -> frozenset[str]:
    """Models that rested on a FrameSet to keep the latency budget: those that its entry says ``rested`` 1 of."""
    return frozenset(name for name, how in entry.engines.items() if how.get("rested") == 1)


def all_frame_sets(
    reader: SessionReader, streams: Sequence[StreamInfo], config: SynchronizeConfig
) -> Iterator[FrameSet]:
    """Every FrameSet of a session, in order, as a run that drops nothing would see them."""
    synchronizer = Synchronizer(streams, config)
    names = [s.name for s in streams]
    for frame in reader.frames(names):
        yield from synchronizer.push(frame)
    yield from synchronizer.flush()


def scheduled_frame_sets(
    reader: SessionReader,
    schedule: Sequence[ScheduleEntry],
    streams: Sequence[StreamInfo],
    config: SynchronizeConfig,
) -> Iterator[FrameSet]:
    """Exactly the FrameSets that a stored schedule names.

    A camera that was opened again may count from zero again, so a number alone need not name one frame. Frames only
    advance, though: of equal numbers the next one is meant, or where a stored observation tells the FrameSet's time,
    the one at that time. Where the streams have several clocks, an entry's own instant and skew are taken: what the
    mapping of the clocks said then.

    Raises:
        MissingFrameError: the session lacks a frame that the schedule names (the recorder lost it).
        DamagedFrameError: it has the frame, but its pixels are damaged.
    """
    leader = leader_of(streams, config)
    names = [s.name for s in streams]
    finder = _Finder(reader, rank_of(streams, config))
    for entry in schedule:
        members: dict[str, Frame] = {}
        for name, position in finder.positions(entry).items():
            try:
                members[name] = reader.frame(name, position)
            except RecordingError as error:
                raise DamagedFrameError(
                    f"frame {entry.frames[name]} of stream {name} (FrameSet {entry.frame_set}) cannot be read: {error}"
                ) from error
        yield frame_set_of(entry.frame_set, members, leader, names, entry.instant_ns, entry.skew_ns)


class _Stream:
    """Where in one stream the frames of a number are, from the place where the schedule stands on."""

    def __init__(self, times: FrameTimes) -> None:
        self.device_ns, self.host_ns = times.device_ns, times.host_ns
        self._by_number = np.argsort(times.number, kind="stable")
        self._numbers = times.number[self._by_number]
        self.next = 0
        """The earliest position that the schedule may name next."""

    def candidates(self, number: int) -> NDArray[np.int64]:
        """Positions of the frames of that number from ``next`` on, rising."""
        first, last = np.searchsorted(self._numbers, [number, number + 1])
        found = self._by_number[first:last]
        return found[found >= self.next]


class _Finder:
    """Frame numbers of schedule entries, in order, to positions in the session's streams."""

    def __init__(self, reader: SessionReader, rank: Sequence[str]) -> None:
        self._reader = reader
        self._rank = rank
        self._streams = {name: _Stream(reader.times(name)) for name in rank}
        self._device_times: Mapping[int, int] | None = None

    def positions(self, entry: ScheduleEntry) -> dict[str, int]:
        """Stream name -> position, of the members of the next FrameSet.

        Raises:
            MissingFrameError: one is not there.
        """
        # Where the first by rank is absent, the next one led; a stream that is not there is told of below.
        leader = next((name for name in self._rank if name in entry.frames), None)
        if leader is None:
            raise MissingFrameError(
                f"FrameSet {entry.frame_set} has no frame of any of the session's streams, only "
                f"{', '.join(entry.frames) or 'none'}"
            )
        found = {leader: self._leading(leader, entry)}
        host_ns = int(self._streams[leader].host_ns[found[leader]])
        for name in entry.frames:
            if name != leader:
                stream = self._stream(name, entry)
                there = self._candidates(name, entry)
                # Equal numbers lie a restart of the camera apart, members of a FrameSet within a frame or two.
                found[name] = int(there[np.argmin(np.abs(stream.host_ns[there] - host_ns))])
        for name, position in found.items():
            # A follower may serve the next instant, too; the leader's frame makes one FrameSet only.
            self._streams[name].next = position + (name == leader)
        return found

    def _leading(self, leader: str, entry: ScheduleEntry) -> int:
        there = self._candidates(leader, entry)
        if len(there) > 1:
            stream = self._streams[leader]
            if entry.instant_ns is not None:  # on our clock, and so not far from when the frame came
                return int(there[np.argmin(np.abs(stream.host_ns[there] - entry.instant_ns))])
            wanted = self._device_ns(entry.frame_set)
            if wanted is not None:
                same = there[stream.device_ns[there] == wanted]
                there = same if len(same) else there
        return int(there[0])

    def _candidates(self, name: str, entry: ScheduleEntry) -> NDArray[np.int64]:
        number = entry.frames[name]
        there = self._stream(name, entry).candidates(number)
        if not len(there):
            raise MissingFrameError(
                f"the schedule names frames that the session does not hold (FrameSet {entry.frame_set}): stream "
                f"{name} has no frame number {number}" + (" from there on" if self._streams[name].next else "")
            )
        return there

    def _stream(self, name: str, entry: ScheduleEntry) -> _Stream:
        stream = self._streams.get(name)
        if stream is None:
            raise MissingFrameError(
                f"the schedule names frames that the session does not hold (FrameSet {entry.frame_set}): it has no "
                f"stream {name!r}"
            )
        return stream

    def _device_ns(self, frame_set: int) -> int | None:
        """The FrameSet's instant as its stored observation tells it; None when it does not."""
        if self._device_times is None:
            self._device_times = _device_times(self._reader)
        return self._device_times.get(frame_set)


def _device_times(reader: SessionReader) -> dict[int, int]:
    found: dict[int, int] = {}
    twice: set[int] = set()
    try:
        for data in reader.observation_bytes():
            said = json.loads(data)
            number = int(said["frame_set"])
            twice.update([number] if number in found else [])
            found[number] = int(said["device_ns"])
    except (RecordingError, ValueError, KeyError, TypeError):
        pass  # what is damaged tells nothing; the order of the frames decides then
    return {number: t for number, t in found.items() if number not in twice}
