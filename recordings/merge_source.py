"""One of the sessions that are merged: what must be known of it beforehand, and its frames when their time comes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from drivers.frame import StreamInfo
from recordings.parts import is_piece, origin_of, segments_of
from recordings.reader import SessionReader
from recordings.splice import MessageFile
from recordings.stored import StoredFrame


class SessionSource:
    """A session to merge. Its files are opened when they are needed and closed as soon as they are not.

    Args:
        path: of the session.
        label: short, as a part of names; no other source has it.

    Raises:
        SessionNotFoundError, SessionFormatError: it cannot be opened.
    """

    def __init__(self, path: Path, label: str) -> None:
        self.path = path
        self.label = label
        with SessionReader(path) as reader:
            self.info = reader.info
            self.device_ends: dict[str, tuple[int, int]] = {}
            self.number_ends: dict[str, tuple[int, int]] = {}
            hosts: dict[str, NDArray[np.int64]] = {}
            for stream in reader.streams:
                times = reader.times(stream.name)
                hosts[stream.name] = times.host_ns
                if len(times.device_ns):
                    self.device_ends[stream.name] = (int(times.device_ns[0]), int(times.device_ns[-1]))
                    self.number_ends[stream.name] = (int(times.number[0]), int(times.number[-1]))
            self.host_ns: Mapping[str, NDArray[np.int64]] = hosts
            self.codecs = {s.name: reader.codec(s.name) for s in reader.streams if reader.count(s.name)}
            self.run = reader.run()
            self.has_results = bool(reader.observation_count() or reader.schedule_count())
            self.compression = reader.compression
        file = MessageFile(path)
        try:
            self.specs = {topic: file.spec(topic) for topic in file.other_topics(self.info)}
            self.other_metadata = file.other_metadata()
            messages_from = file.begin_ns
        finally:
            file.close()
        self.origin = origin_of(self.info)
        self.segments = segments_of(self.info)
        self.is_piece = is_piece(self.info)
        filled = [h for h in hosts.values() if len(h)]
        self.first_ns = min((int(h[0]) for h in filled), default=messages_from)
        self.last_ns = max((int(h[-1]) for h in filled), default=messages_from)
        self.begin_ns = min(self.first_ns, messages_from)
        """Before that, nothing of it is needed."""
        self.frames_left = sum(len(h) for h in hosts.values())
        self._reader: SessionReader | None = None

    @property
    def frames(self) -> int:
        return sum(len(h) for h in self.host_ns.values())

    def order(self, rank: Mapping[str, int], place: int) -> list[Iterator[tuple[int, int, int, int, str]]]:
        """Of each stream its frames: host time, rank of the stream, ``place``, position, name. Reads nothing."""

        def of(name: str) -> Iterator[tuple[int, int, int, int, str]]:
            for index, host in enumerate(self.host_ns[name]):
                yield int(host), rank[name], place, index, name

        return [of(name) for name in self.host_ns]

    def take(self, stream: str, index: int, info: StreamInfo) -> StoredFrame:
        """A frame as stored, of the stream as it is called in the merged session; each is taken once.

        Raises:
            SessionFormatError: the file is damaged there.
        """
        if self._reader is None:
            self._reader = SessionReader(self.path)
        stored = self._reader.stored(stream, index)
        self.frames_left -= 1
        if not self.frames_left:
            self.close()
        return stored if stored.info == info else replace(stored, info=info)

    def close(self) -> None:
        """Release the file. Safe to call twice."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None


def open_sources(paths: Sequence[Path]) -> list[SessionSource]:
    """The sessions to merge, each with a label of its own made of its file's name.

    Raises:
        SessionNotFoundError, SessionFormatError: one cannot be opened.
    """
    labels: list[str] = []
    for path in paths:
        label = base = re.sub(r"[^A-Za-z0-9._-]+", "-", path.stem).strip("-.") or "session"
        count = 2
        while label in labels:
            label, count = f"{base}-{count}", count + 1
        labels.append(label)
    return [SessionSource(path, label) for path, label in zip(paths, labels, strict=True)]
