"""Whether a session is whole: every frame against its checksum, every message read, everything damaged listed.

One pass through the file, chunk by chunk. A damaged chunk costs what is in it and never ends the pass.
"""

from __future__ import annotations

import io
import json
import struct
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final

import numpy as np
import zstandard
from mcap.exceptions import McapError
from mcap.reader import make_reader
from mcap.records import Channel, Chunk, ChunkIndex, Message
from mcap.stream_reader import StreamReader, breakup_chunk
from mcap.summary import Summary
from numpy.typing import NDArray

from recordings import schemas
from recordings.errors import RecordingError, SessionFormatError
from recordings.event import Event
from recordings.observation import Observation
from recordings.reader import FrameTimes, SessionReader
from recordings.session import ScheduleEntry

Progress = Callable[[int, int], None]
"""Called with the number of frames checked and of all."""

_DAMAGE = (McapError, zstandard.ZstdError, struct.error, RuntimeError, ValueError, KeyError, EOFError, MemoryError)
"""What reading a damaged chunk raises."""

_PARSERS: Final[dict[str, Callable[[Any], object]]] = {
    schemas.OBSERVATIONS_TOPIC: Observation.from_json,
    schemas.EVENTS_TOPIC: Event.from_json,
    schemas.SCHEDULE_TOPIC: ScheduleEntry.from_json,
}

_HEAD: Final = 9  # of a record: opcode and length
_CRC: Final = 4

_STEP: Final = 64
"""Frames between two calls of the progress."""


@dataclass(frozen=True, slots=True)
class BadFrame:
    """A frame that cannot be read as it was recorded: its place in its stream, its number, and why."""

    stream: str
    index: int
    number: int
    reason: str

    def words(self) -> str:
        return f"{self.stream} #{self.index} (frame {self.number}): {self.reason}"


@dataclass(frozen=True, slots=True)
class IntegrityReport:
    """What a pass through a session found.

    Attributes:
        frames: stream -> frames checked.
        bad_frames: in the order of the recording.
        messages: JSON messages that were read.
        unreadable: topic -> messages that are lost in damaged chunks, or are there and do not parse.
        problems: everything else that is wrong, in words.
    """

    frames: dict[str, int]
    bad_frames: tuple[BadFrame, ...]
    messages: int
    unreadable: dict[str, int]
    problems: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        return not (self.bad_frames or self.unreadable or self.problems)

    @property
    def bad_by_stream(self) -> dict[str, int]:
        """Stream -> bad frames, of those that have any."""
        return dict(Counter(bad.stream for bad in self.bad_frames))


def check_session(reader: SessionReader, on_progress: Progress | None = None) -> IntegrityReport:
    """Read everything in a session once.

    Args:
        reader: open, with ``check=True``.
        on_progress: called now and then.

    Raises:
        SessionFormatError: its summary cannot be read any more (the file was changed since it was opened).
    """
    check = _Check(reader, on_progress)
    with reader.path.open("rb") as file:
        try:
            summary = make_reader(file).get_summary()
        except (*_DAMAGE, OSError) as error:
            raise SessionFormatError(f"{reader.path}: the index at its end does not parse: {error}") from error
        if summary is not None:
            check.messages(file, summary)
    check.frames_until(None)
    return check.report()


@dataclass(slots=True)
class _Frames:
    """The frames of one stream as the session's index tells them."""

    times: FrameTimes
    flags: NDArray[np.uint32]
    seen: int = 0
    """Frame messages that were read."""
    other: list[int] = field(default_factory=list)
    """Numbers of frames whose message says something else than the index."""


class _Check:
    def __init__(self, reader: SessionReader, on_progress: Progress | None) -> None:
        self._reader = reader
        self._on_progress = on_progress
        self._bad: list[BadFrame] = []
        self._problems: list[str] = []
        self._read: Counter[int] = Counter()
        self._unparsed: Counter[str] = Counter()
        self._json = 0
        self._frames: dict[str, _Frames] = {}
        for stream in reader.streams:
            try:
                self._frames[stream.name] = _Frames(reader.times(stream.name), reader.flags(stream.name))
            except RecordingError as error:
                self._problems.append(f"stream {stream.name}: its frames cannot be checked: {self._why(error)}")
        self._topics = {schemas.frame_topic(name): name for name in self._frames}
        self._order = reader.order(list(self._frames)) if self._frames else []
        self._done = 0
        self._lost: Counter[str] = Counter()

    def messages(self, file: BinaryIO, summary: Summary) -> None:
        """Every message of every chunk, and between them the frames up to the chunk's time."""
        for place in sorted(summary.chunk_indexes, key=lambda c: c.chunk_start_offset):
            try:
                for message in _messages(file, place):
                    self._message(summary.channels[message.channel_id], message)
            except OSError as error:
                self._problems.append(f"byte {place.chunk_start_offset} on cannot be read: {error.strerror or error}")
            except _DAMAGE as error:
                words = str(error) or type(error).__name__
                self._problems.append(f"the chunk at byte {place.chunk_start_offset} is damaged: {words}")
            self.frames_until(place.message_end_time)
        self._attachments(file, summary)
        self._count(summary)

    def frames_until(self, host_ns: int | None) -> None:
        """Read the frames that were not read yet, up to a host time."""
        while self._done < len(self._order):
            stream, index = self._order[self._done]
            times = self._frames[stream].times
            if host_ns is not None and times.host_ns[index] > host_ns:
                return
            try:
                self._reader.frame(stream, index)
            except RecordingError as error:
                self._bad.append(BadFrame(stream, index, int(times.number[index]), self._why(error)))
            self._done += 1
            if self._on_progress is not None and (self._done % _STEP == 0 or self._done == len(self._order)):
                self._on_progress(self._done, len(self._order))

    def report(self) -> IntegrityReport:
        for name, frames in self._frames.items():
            if frames.other:
                self._problems.append(
                    f"stream {name}: {len(frames.other)} frames are described otherwise in their message than in the "
                    f"index, the first is number {frames.other[0]}"
                )
        return IntegrityReport(
            frames={name: len(frames.times.number) for name, frames in self._frames.items()},
            bad_frames=tuple(self._bad),
            messages=self._json,
            unreadable=dict(self._lost + self._unparsed),
            problems=tuple(self._problems),
        )

    def _message(self, channel: Channel, message: Message) -> None:
        self._read[channel.id] += 1
        if channel.message_encoding != "json":
            return
        try:
            data = json.loads(message.data)
            if not isinstance(data, dict):
                raise SessionFormatError("JSON, but no object")
            if channel.topic in _PARSERS:
                _PARSERS[channel.topic](data)
            elif channel.topic in self._topics:
                self._described(self._frames[self._topics[channel.topic]], data, message.log_time)
        except (SessionFormatError, ValueError, KeyError, TypeError, RecursionError) as error:
            self._unparsed[channel.topic] += 1
            self._problems.append(f"{channel.topic} at {message.log_time} ns does not parse: {error}")
        else:
            self._json += 1

    def _described(self, frames: _Frames, said: dict[str, Any], host_ns: int) -> None:
        """Compare a frame's message with the index."""
        number, device_ns, flags = int(said["number"]), int(said["device_ns"]), int(said["flags"])
        at = int(np.searchsorted(frames.times.host_ns, host_ns))
        there = at < len(frames.flags) and int(frames.times.host_ns[at]) == host_ns
        if there and (number, device_ns, flags) == (
            int(frames.times.number[at]),
            int(frames.times.device_ns[at]),
            int(frames.flags[at]),
        ):
            frames.seen += 1
        else:
            frames.other.append(number)

    def _attachments(self, file: BinaryIO, summary: Summary) -> None:
        for place in summary.attachment_indexes:
            file.seek(place.offset)
            record = file.read(place.length)
            summed = zlib.crc32(memoryview(record)[_HEAD:-_CRC])
            stored = int.from_bytes(record[-_CRC:], "little")
            if len(record) != place.length or (stored and summed != stored):
                self._problems.append(f"the attachment {place.name} is damaged (checksum)")

    def _count(self, summary: Summary) -> None:
        """What the index promises and the chunks did not hold."""
        if summary.statistics is None:
            return
        for number, promised in summary.statistics.channel_message_counts.items():
            missing = promised - self._read[number]
            channel = summary.channels.get(number)
            if missing > 0 and channel is not None:
                self._lost[channel.topic] += missing

    def _why(self, error: Exception) -> str:
        """The error's words without the file's name and without what to do: both are said once, for all of them."""
        return str(error).replace(f"{self._reader.path}: ", "").partition("; `tapetum")[0]


def _messages(file: BinaryIO, place: ChunkIndex) -> Iterator[Message]:
    """The messages of one chunk; raises one of ``_DAMAGE`` before the first when its checksum differs."""
    file.seek(place.chunk_start_offset)
    raw = file.read(place.chunk_length)
    record = next(iter(StreamReader(io.BytesIO(raw), skip_magic=True, emit_chunks=True).records), None)
    if not isinstance(record, Chunk) or record.uncompressed_size != place.uncompressed_size:
        raise ValueError("there is no chunk of the promised size")
    if record.compression == "zstd" and zstandard.frame_content_size(record.data) not in (-1, place.uncompressed_size):
        raise ValueError("impossible sizes")
    for inner in breakup_chunk(record, validate_crc=True):
        if isinstance(inner, Message):
            yield inner
