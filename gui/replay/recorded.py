"""What a session stores of a run: which FrameSets it processed, with which models, and where its observations lie.

Only places are kept, a few numbers for every FrameSet; the observations stay in the file. No Qt here.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from gui.replay.places import Places
from gui.replay.track_values import values_of_json
from gui.replay.tracks import Tracks
from pipeline.schedule import rests_of
from recordings import schemas
from recordings.errors import RecordingError
from recordings.session import ScheduleEntry
from recordings.splice import MessageFile

_WRONG = (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError)
"""What reading JSON of another shape than expected raises."""

EVERY = 16
"""Messages between two looks at whether anybody still wants them."""


class Entry(NamedTuple):
    """A FrameSet as a run processed it.

    Attributes:
        number: the run's own number of it.
        members: stream -> index of the stream's frame.
        instant_ns, skew_ns: where the streams have several clocks.
        engines: which of ``Recorded.engines`` ran on it; -1 where the session does not tell.
    """

    number: int
    members: Mapping[str, int]
    instant_ns: int | None
    skew_ns: int | None
    engines: int


class Recorded:
    """The stored run of one session; filled by one thread, read by others when ``is_read``.

    Args:
        count: positions of the recording.

    Attributes:
        tracks: the stored signals, which can be drawn while they are read.
        share: how much is read, 0..1.
        problem: why not all could be read, in words.
        observations, scheduled: how many of each have a place in the recording.
        unplaced: how many have none: frames that the recording lost.
        engines: what ran on a FrameSet, each combination once.
    """

    def __init__(self, tracks: Tracks) -> None:
        self.tracks = tracks
        count = tracks.count
        self._observed_ns = np.full(count, -1, np.int64)
        self._rows = np.full(count, -1, np.int32)
        self._numbers, self._instants, self._skews = array("q"), array("q"), array("q")
        self._told, self._engine, self._members = array("b"), array("i"), array("i")
        self._streams: list[str] = []
        self.engines: list[Mapping[str, Mapping[str, str | int]]] = []
        self._known: dict[str, int] = {}
        self.share = 0.0
        self.is_read = False
        self.problem = ""
        self.observations = self.scheduled = self.unplaced = 0

    @property
    def is_empty(self) -> bool:
        """Nothing is stored."""
        return not (self.observations or self.scheduled)

    def entry(self, position: int) -> Entry | None:
        """How a position was processed; None where it was not, as far as is told."""
        row = int(self._rows[position]) if 0 <= position < len(self._rows) else -1
        if row < 0:
            return None
        width = len(self._streams)
        members = self._members[row * width : (row + 1) * width]
        told = bool(self._told[row])
        return Entry(
            self._numbers[row],
            {name: index for name, index in zip(self._streams, members, strict=True) if index >= 0},
            self._instants[row] if told else None,
            self._skews[row] if told else None,
            self._engine[row],
        )

    def rests(self, entry: Entry) -> frozenset[str]:
        """Models that rested on a FrameSet."""
        return frozenset() if entry.engines < 0 else rests_of(ScheduleEntry(0, {}, self.engines[entry.engines]))

    def was_processed(self, position: int) -> bool:
        return bool(0 <= position < len(self._rows) and self._rows[position] >= 0)

    def first_processed(self) -> int:
        """The first processed position; the end where none is."""
        found = np.flatnonzero(self._rows >= 0)
        return int(found[0]) if len(found) else len(self._rows)

    def processed_before(self, position: int, so_many: int) -> int:
        """The first of the last ``so_many`` processed positions before one; itself where there is none."""
        found = np.flatnonzero(self._rows[:position] >= 0)[-so_many:]
        return int(found[0]) if len(found) else position

    def observed_ns(self, position: int) -> int:
        """When the stored observation of a position was written, by the file's time; -1 where there is none."""
        return int(self._observed_ns[position]) if 0 <= position < len(self._observed_ns) else -1

    # -- reading ----------------------------------------------------------------------------------------------------

    def read(self, path: Path, streams: list[str], places: Places, stop: Callable[[], bool]) -> None:
        """Read all of it, in a thread; what cannot be read is told in ``problem``."""
        self._streams = streams
        try:
            file = MessageFile(path)
            try:
                counts = {t: file.count(t) for t in (schemas.SCHEDULE_TOPIC, schemas.OBSERVATIONS_TOPIC)}
                self._read_observations(file, places, counts, stop)
                self._read_schedule(file, places, counts, stop)
            finally:
                file.close()
        except RecordingError as error:
            self.problem = f"the stored observations cannot be read any further: {error}"
        self.is_read = True
        self.share = 1.0

    def _read_schedule(
        self, file: MessageFile, places: Places, counts: Mapping[str, int], stop: Callable[[], bool]
    ) -> None:
        if not counts[schemas.SCHEDULE_TOPIC]:
            return
        self._rows[:] = -1  # the schedule knows better than the observations what was processed
        for name in ("_numbers", "_instants", "_skews"):
            setattr(self, name, array("q"))
        self._told, self._engine, self._members = array("b"), array("i"), array("i")
        after = -1
        for done, (_, data) in enumerate(file.between(schemas.SCHEDULE_TOPIC)):
            if done % EVERY == 0 and stop():
                return
            entry = ScheduleEntry.from_json(_object(data))
            place = places.find(entry.frames, entry.instant_ns, after)
            if place is None:
                self.unplaced += 1
                continue
            after = place.position
            self._place(place.position, entry.frame_set, place.members, entry)
            self.scheduled += 1
            self.share = (counts[schemas.OBSERVATIONS_TOPIC] + done) / max(sum(counts.values()), 1)

    def _read_observations(
        self, file: MessageFile, places: Places, counts: Mapping[str, int], stop: Callable[[], bool]
    ) -> None:
        for done, (host_ns, data) in enumerate(file.between(schemas.OBSERVATIONS_TOPIC)):
            if done % EVERY == 0 and stop():
                return
            try:
                said = _object(data)
                frames = {str(name): int(number) for name, number in said["frames"].items()}
                place = places.find(frames, host_ns)
                if place is None:
                    self.unplaced += 1
                    continue
                self.tracks.add(place.position, values_of_json(said))
                self._place(place.position, int(said["frame_set"]), place.members, None)
            except _WRONG as error:
                self.problem = f"a stored observation is damaged and left out: {error}"
                continue
            self._observed_ns[place.position] = host_ns
            self.observations += 1
            self.share = done / max(sum(counts.values()), 1)

    def _place(self, position: int, number: int, members: Mapping[str, int], entry: ScheduleEntry | None) -> None:
        self._rows[position] = len(self._numbers)
        told = entry is not None and entry.instant_ns is not None and entry.skew_ns is not None
        self._numbers.append(number)
        self._instants.append(entry.instant_ns if told and entry is not None else 0)
        self._skews.append(entry.skew_ns if told and entry is not None else 0)
        self._told.append(told)
        self._engine.append(-1 if entry is None else self._engines_of(entry))
        self._members.extend(members.get(name, -1) for name in self._streams)

    def _engines_of(self, entry: ScheduleEntry) -> int:
        key = json.dumps(entry.engines, sort_keys=True, default=dict)
        if key not in self._known:
            self._known[key] = len(self.engines)
            self.engines.append(entry.engines)
        return self._known[key]


def _object(data: bytes) -> dict[str, Any]:
    try:
        out = json.loads(data)
    except ValueError as error:
        raise RecordingError(f"a message holds no JSON: {error}") from error
    if not isinstance(out, dict):
        raise RecordingError("a message holds JSON, but no object")
    return out
