"""The messages of merged sessions beside their frames: topic by topic in order, each once."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import xxhash

from recordings import schemas
from recordings.container_writer import ChannelSpec
from recordings.cut_results import event_of, frame_set_number
from recordings.merge_source import SessionSource
from recordings.splice import MessageFile

Change = Callable[[MessageFile, bytes], bytes]


class OpenMessages:
    """The message files of the sessions that are under way; one is closed when none of its topics has more."""

    def __init__(self) -> None:
        self._files: dict[int, MessageFile] = {}
        self._users: Counter[int] = Counter()

    def use(self, place: int, source: SessionSource) -> MessageFile:
        """The file of a source, opened by its first user."""
        if place not in self._files:
            self._files[place] = MessageFile(source.path)
        self._users[place] += 1
        return self._files[place]

    def done(self, place: int) -> None:
        """A user needs no more of it."""
        self._users[place] -= 1
        if not self._users[place]:
            self._files.pop(place).close()

    def close(self) -> None:
        """Close all. Safe to call twice."""
        for file in self._files.values():
            file.close()
        self._files.clear()
        self._users.clear()


class TopicMerge:
    """One topic of several sessions.

    Messages keep the order that they have in their session. Between sessions the log time decides, and of schedule
    entries the FrameSet's number. What several parts of one recording hold is given once.

    Args:
        spec: of the topic.
        sources: place and session of those that have it, and what is changed in their messages.
        files: where they are opened.
        shared: origins of which there is more than one part.
    """

    def __init__(
        self,
        spec: ChannelSpec,
        sources: Sequence[tuple[int, SessionSource, Change | None]],
        files: OpenMessages,
        shared: frozenset[str],
    ) -> None:
        self.spec = spec
        self._waiting = sorted(sources, key=lambda s: s[1].begin_ns)
        self._open: list[_Part] = []
        self._files = files
        self._shared = shared
        self._key = -1
        self._given: Counter[tuple[str, bytes]] = Counter()

    def take(self, before_ns: int | None) -> Iterator[tuple[int, bytes]]:
        """Log time and data of what is older than a host time and was not given yet; of all left when it is None.

        Raises:
            SessionFormatError: a session is damaged there.
        """
        while True:
            self._open_what_begins(before_ns)
            part = min(self._open, key=lambda p: (p.key, p.place), default=None)
            if part is None or (before_ns is not None and part.time >= before_ns):
                return
            time, data = part.time, part.data
            is_new = part.source.origin not in self._shared or self._is_new(part)
            change = part.change
            if is_new:
                yield time, data if change is None else change(part.file, data)
            part.step()
            if part.is_done:
                self._open.remove(part)
                self._files.done(part.place)

    def _open_what_begins(self, before_ns: int | None) -> None:
        while self._waiting and (before_ns is None or self._waiting[0][1].begin_ns < before_ns):
            place, source, change = self._waiting.pop(0)
            part = _Part(place, source, self._files.use(place, source), self.spec.topic, change)
            if part.is_done:
                self._files.done(place)
            else:
                self._open.append(part)

    def _is_new(self, part: _Part) -> bool:
        """Whether no other part of the same recording has given it: as often as the one that has it most often."""
        if part.key != self._key and self.spec.topic != schemas.EVENTS_TOPIC:
            # an event may stand at other times in two cuts: where it began, or where the later one begins
            self._key = part.key
            self._given.clear()
            for one in self._open:
                one.seen.clear()
        name = (part.source.origin, xxhash.xxh3_128_digest(part.data))
        part.seen[name] += 1
        if part.seen[name] <= self._given[name]:
            return False
        self._given[name] += 1
        return True


class _Part:
    """The messages of one topic in one session."""

    def __init__(self, place: int, source: SessionSource, file: MessageFile, topic: str, change: Change | None) -> None:
        self.place = place
        self.source = source
        self.file = file
        self.change = change
        self.seen: Counter[tuple[str, bytes]] = Counter()
        self._by_number = topic == schemas.SCHEDULE_TOPIC
        self._rest = file.between(topic)
        self.is_done = False
        self.key = self.time = 0
        self.data = b""
        self.step()

    def step(self) -> None:
        """Go on to its next message."""
        following = next(self._rest, None)
        if following is None:
            self.is_done = True
            return
        self.time, self.data = following
        self.key = frame_set_number(self.file, self.data) if self._by_number else self.time


def without_face(label: str) -> Change:
    """What makes of an event one that names no face: its track is of results that are left out."""

    def change(file: MessageFile, data: bytes) -> bytes:
        event = event_of(file, data)
        if event.face is None:
            return data
        words = f"face {event.face} of {label}"
        changed = dataclasses.replace(event, face=None, note=f"{event.note} ({words})" if event.note else words)
        return json.dumps(changed.to_json(), separators=(",", ":"), allow_nan=False).encode()

    return change
