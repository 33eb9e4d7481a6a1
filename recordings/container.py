"""Random access into an MCAP file: its summary, and any message by topic and time, one decompressed chunk at a time.

The summary is parsed by the `mcap` package. Its message iterator is not used: it builds every message of a chunk as
an object and decompresses the chunk again for each seek.
"""

from __future__ import annotations

import io
import struct
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, Generic, NamedTuple, TypeVar

import numpy as np
import zstandard
from mcap.exceptions import McapError
from mcap.opcode import Opcode
from mcap.records import (
    Attachment,
    AttachmentIndex,
    Channel,
    Metadata,
    MetadataIndex,
    Schema,
    Statistics,
)
from mcap.stream_reader import StreamReader
from numpy.typing import NDArray

from recordings.chunk_reading import MAX_RECORD, ChunkPlace, ReadAhead, chunk_places, unpack_chunk
from recordings.crc import crc32
from recordings.errors import SessionFormatError, SessionNotFoundError

MAGIC: Final = b"\x89MCAP0\r\n"
_FOOTER: Final = struct.Struct("<BQQQI")  # opcode, length, summary start, summary offset start, summary CRC
_RECORD: Final = struct.Struct("<BQ")
_MESSAGE: Final = struct.Struct("<HIQQ")  # channel, sequence, log time, publish time

_PARSE_ERRORS = (McapError, struct.error, UnicodeDecodeError, ValueError, KeyError, EOFError)

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class McapFile:
    """An indexed MCAP file, open for reading. For one thread.

    Args:
        path: the file.
        cache_bytes: how much decompressed data to keep.

    Raises:
        SessionNotFoundError: there is no file at the path, or it may not be read.
        SessionFormatError: it is no MCAP file, it is torn, or its index is damaged.
    """

    def __init__(self, path: Path, cache_bytes: int = 32 << 20) -> None:
        self.path = path
        self._file, self.size = _open(path)
        try:
            _check_magic(self._file, self.size, path)
            summary = self._read_summary()
            self.schemas: dict[int, Schema] = {}
            self.channels: dict[str, Channel] = {}
            self.statistics: Statistics | None = None
            self._chunks: list[ChunkPlace] = []
            self._metadata: list[tuple[str, int, int]] = []
            self._attachments: dict[str, tuple[int, int]] = {}
            self._parse_summary(summary)
        except BaseException:  # whatever it was: the file must not stay open
            self._file.close()
            raise
        self._starts = np.array([c.start for c in self._chunks], np.uint64)
        self._ends = np.array([c.end for c in self._chunks], np.uint64)
        self._chunks_of = self._group_chunks()
        self._lookups: dict[int, _ByTime] = {}
        self._decompressor = zstandard.ZstdDecompressor()
        self._ahead = ReadAhead(path, self._chunks)
        self._data: _Recent[int, bytes] = _Recent(cache_bytes)
        self._offsets: _Recent[tuple[int, int], NDArray[np.uint64]] = _Recent(cache_bytes)

    def close(self) -> None:
        """Release the file. Safe to call twice."""
        self._ahead.close()
        self._file.close()

    @property
    def compression(self) -> str:
        """Of the first chunk: ``zstd``, ``lz4`` or ``none``."""
        return (self._chunks[0].compression or "none") if self._chunks else "none"

    def schema_name(self, topic: str) -> str:
        """The name of a topic's schema; '' when the topic has no message."""
        channel = self.channels.get(topic)
        schema = self.schemas.get(channel.schema_id) if channel else None
        return schema.name if schema else ""

    def count(self, topic: str) -> int:
        """How many messages a topic has."""
        channel = self.channels.get(topic)
        if channel is None:
            return 0
        if self.statistics is not None:
            return self.statistics.channel_message_counts.get(channel.id, 0)
        return sum(len(self._message_index(int(k), channel.id)) for k in self._chunks_of[channel.id])

    def times(self, topic: str) -> NDArray[np.int64]:
        """Log times of a topic's messages in the order of the file, int64 (N,). Reads the index, no chunk."""
        channel = self.channels.get(topic)
        if channel is None:
            return np.zeros(0, np.int64)
        parts = [self._message_index(int(k), channel.id)[:, 0] for k in self._chunks_of[channel.id]]
        return np.concatenate(parts).astype(np.int64) if parts else np.zeros(0, np.int64)

    def message(self, topic: str, log_time: int) -> memoryview:
        """The data of a topic's message at exactly that log time (a view of its chunk).

        Raises:
            SessionFormatError: there is none, or its chunk is damaged.
        """
        channel = self.channels.get(topic)
        if channel is not None:
            for k in self._chunks_at(channel.id, log_time):
                index = self._message_index(k, channel.id)
                hit = np.flatnonzero(index[:, 0] == log_time)
                if len(hit):
                    return self._message_at(k, channel, int(index[hit[0], 1]))[1]
        raise SessionFormatError(f"{self.path}: topic {topic} has no message at {log_time} ns; the index is damaged")

    def messages(self, topic: str) -> Iterator[tuple[int, memoryview]]:
        """Log time and data of every message of a topic, in the order of the file.

        Raises:
            SessionFormatError: a chunk is damaged.
        """
        channel = self.channels.get(topic)
        if channel is None:
            return
        for k in self._chunks_of[channel.id]:
            index = self._message_index(int(k), channel.id)
            for offset in np.sort(index[:, 1]):
                yield self._message_at(int(k), channel, int(offset))

    def metadata(self, name: str) -> list[dict[str, str]]:
        """Every metadata record of that name, in the order of the file.

        Raises:
            SessionFormatError: one does not parse.
        """
        found = []
        for record_name, offset, length in self._metadata:
            if record_name == name:
                record = self._record(offset, length, Metadata)
                found.append(record.metadata)
        return found

    def attachment(self, name: str) -> bytes | None:
        """The data of the attachment of that name, None when there is none.

        Raises:
            SessionFormatError: it is damaged.
        """
        place = self._attachments.get(name)
        if place is None:
            return None
        offset, length = place
        raw = self._read(offset, length)
        expected = int.from_bytes(raw[-4:], "little")
        if expected and crc32(memoryview(raw)[_RECORD.size : -4]) != expected:
            raise SessionFormatError(f"{self.path}: the attachment {name} is damaged (checksum)")
        return self._record(offset, length, Attachment).data

    def _read(self, offset: int, length: int) -> bytes:
        if not 0 <= length <= MAX_RECORD or not 0 <= offset <= self.size - length:
            raise SessionFormatError(f"{self.path}: the index points outside the file; it is damaged")
        try:
            self._file.seek(offset)
            data = self._file.read(length)
        except OSError as error:
            raise SessionFormatError(f"{self.path} cannot be read: {error.strerror or error}") from error
        if len(data) != length:
            raise SessionFormatError(f"{self.path} became shorter while it was read")
        return data

    def _read_summary(self) -> bytes:
        end = self.size - len(MAGIC) - _FOOTER.size
        tail = self._read(end, _FOOTER.size)
        opcode, length, start, _, crc = _FOOTER.unpack(tail)
        if opcode != Opcode.FOOTER or length != _FOOTER.size - _RECORD.size:
            raise _torn(self.path)
        if start == 0:
            raise SessionFormatError(
                f"{self.path} has no index at its end, so it is no finished session; "
                f"`tapetum session recover {self.path} -o NAME.mcap` rebuilds it"
            )
        if start > end:
            raise SessionFormatError(f"{self.path}: the index points outside the file; it is damaged")
        summary = self._read(start, self.size - start)
        if crc and crc32(memoryview(summary)[: -len(MAGIC) - 4]) != crc:
            raise SessionFormatError(f"{self.path}: the index at its end is damaged (checksum)")
        return summary

    def _parse_summary(self, summary: bytes) -> None:
        try:
            self._chunks, others = chunk_places(summary)
            for record in StreamReader(io.BytesIO(others), skip_magic=True).records:
                if isinstance(record, Schema):
                    self.schemas[record.id] = record
                elif isinstance(record, Channel):
                    self.channels[record.topic] = record
                elif isinstance(record, Statistics):
                    self.statistics = record
                elif isinstance(record, MetadataIndex):
                    self._metadata.append((record.name, record.offset, record.length))
                elif isinstance(record, AttachmentIndex):
                    self._attachments[record.name] = (record.offset, record.length)
        except _PARSE_ERRORS as error:
            raise SessionFormatError(f"{self.path}: the index at its end does not parse: {error}") from error

    def _group_chunks(self) -> dict[int, NDArray[np.int64]]:
        """Channel id -> numbers of the chunks that hold messages of it."""
        groups: dict[int, list[int]] = {c.id: [] for c in self.channels.values()}
        for k, chunk in enumerate(self._chunks):
            for channel in chunk.indexes:
                groups.setdefault(channel, []).append(k)
        return {channel: np.array(chunks, np.int64) for channel, chunks in groups.items()}

    def _chunks_at(self, channel: int, log_time: int) -> list[int]:
        """Numbers of the chunks in whose span of log times a channel's message may lie, in the order of the file."""
        if not 0 <= log_time < 1 << 64:
            return []
        found = self._lookups.get(channel)
        if found is None:
            mine = self._chunks_of[channel]
            order = mine[np.argsort(self._starts[mine], kind="stable")]
            found = _ByTime(order, self._starts[order], np.maximum.accumulate(self._ends[order]))
            self._lookups[channel] = found
        time = np.uint64(log_time)
        first = int(np.searchsorted(found.latest, time, "left"))
        last = int(np.searchsorted(found.starts, time, "right"))
        return sorted(int(k) for k in found.chunks[first:last] if self._ends[k] >= time)

    def _message_index(self, k: int, channel: int) -> NDArray[np.uint64]:
        """(N, 2): log time and offset in chunk k of the channel's messages."""
        found = self._offsets.get((k, channel))
        if found is not None:
            return found
        offset = self._chunks[k].indexes[channel]
        opcode, length = _RECORD.unpack(self._read(offset, _RECORD.size))
        body = self._read(offset + _RECORD.size, length) if opcode == Opcode.MESSAGE_INDEX else b""
        if len(body) < 6 or int.from_bytes(body[:2], "little") != channel or (len(body) - 6) % 16:
            raise SessionFormatError(f"{self.path}: the message index at byte {offset} is damaged")
        index = np.frombuffer(body, "<u8", offset=6).reshape(-1, 2).astype(np.uint64)
        self._offsets.put((k, channel), index, index.nbytes)
        return index

    def _message_at(self, k: int, channel: Channel, offset: int) -> tuple[int, memoryview]:
        data = self._chunk(k)
        start = offset + _RECORD.size
        if start + _MESSAGE.size <= len(data):
            opcode, length = _RECORD.unpack_from(data, offset)
            number, _, log_time, _ = _MESSAGE.unpack_from(data, start)
            if opcode == Opcode.MESSAGE and number == channel.id and start + length <= len(data):
                return log_time, memoryview(data)[start + _MESSAGE.size : start + length]
        raise SessionFormatError(f"{self.path}: the message index of topic {channel.topic} is damaged")

    def _chunk(self, k: int) -> bytes:
        found = self._data.get(k)
        if found is not None:
            return found
        data = self._ahead.take(k)
        if data is None:
            place = self._chunks[k]
            try:
                data = unpack_chunk(self._read(place.offset, place.length), self._decompressor)
            except (zstandard.ZstdError, RuntimeError, struct.error, ValueError, MemoryError) as error:
                raise SessionFormatError(
                    f"{self.path}: the chunk at byte {place.offset} is damaged ({error}); "
                    f"`tapetum session recover {self.path} -o NAME.mcap` saves the others"
                ) from error
        self._data.put(k, data, len(data))
        return data

    def _record(self, offset: int, length: int, kind: type[_Value]) -> _Value:
        try:
            for record in StreamReader(io.BytesIO(self._read(offset, length)), skip_magic=True).records:
                if isinstance(record, kind):
                    return record
        except _PARSE_ERRORS as error:
            raise SessionFormatError(f"{self.path}: the record at byte {offset} is damaged: {error}") from error
        raise SessionFormatError(f"{self.path}: at byte {offset} a {kind.__name__} was expected")


class _ByTime(NamedTuple):
    """A channel's chunks by the time they begin: their numbers, when they begin, and when the latest so far ends."""

    chunks: NDArray[np.int64]
    starts: NDArray[np.uint64]
    latest: NDArray[np.uint64]


class _Recent(Generic[_Key, _Value]):
    """Keeps what was used most recently, up to a number of bytes (at least the last one)."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._used = 0
        self._items: OrderedDict[_Key, tuple[_Value, int]] = OrderedDict()

    def get(self, key: _Key) -> _Value | None:
        found = self._items.get(key)
        if found is None:
            return None
        self._items.move_to_end(key)
        return found[0]

    def put(self, key: _Key, value: _Value, size: int) -> None:
        self._items[key] = (value, size)
        self._used += size
        while self._used > self._capacity and len(self._items) > 1:
            self._used -= self._items.popitem(last=False)[1][1]


def _open(path: Path) -> tuple[BinaryIO, int]:
    if path.is_dir():
        raise SessionNotFoundError(
            f"{path} is a folder, no session file; to make a session of it: tapetum session import {path} -o NAME.mcap"
        )
    try:
        file = path.open("rb")
    except FileNotFoundError as error:
        raise SessionNotFoundError(f"there is no file {path}; check the path") from error
    except OSError as error:
        raise SessionNotFoundError(f"{path} cannot be opened: {error.strerror or error}") from error
    return file, file.seek(0, io.SEEK_END)


def _check_magic(file: BinaryIO, size: int, path: Path) -> None:
    file.seek(0)
    head = file.read(len(MAGIC))
    if not size:
        raise SessionFormatError(f"{path} is empty, so it is no session")
    if head != MAGIC:
        if MAGIC.startswith(head):
            raise _torn(path)
        raise SessionFormatError(
            f"{path} is no session: it is {_guess(head)}, not an MCAP file; "
            "a folder of images becomes a session by `tapetum session import`"
        )
    if size < 2 * len(MAGIC) + _FOOTER.size:
        raise _torn(path)
    file.seek(-len(MAGIC), io.SEEK_END)
    if file.read() != MAGIC:
        raise _torn(path)


def _torn(path: Path) -> SessionFormatError:
    return SessionFormatError(
        f"{path} is torn: it begins as an MCAP file but its end is missing (a recording that was cut off); "
        f"`tapetum session recover {path} -o NAME.mcap` saves what is in it"
    )


def _guess(head: bytes) -> str:
    return foreign_format(head) or f"a file that begins with {head!r}"


def foreign_format(head: bytes) -> str | None:
    """What a file is that begins with these bytes, if that is known and not MCAP."""
    known = {
        b"\x89PNG": "a PNG image",
        b"\xff\xd8\xff": "a JPEG image",
        b"SQLi": "an SQLite database (a ROS 2 or RealSense .db3?)",
        b"#ROSBAG": "a ROS bag",
        b"\x89HDF": "an HDF5 file",
        b"PK": "a ZIP archive",
        b"\x1f\x8b": "a gzip archive",
        b"PAR1": "a Parquet file",
    }
    for magic, what in known.items():
        if head.startswith(magic):
            return what
    return None
