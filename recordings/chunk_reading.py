"""Reading chunks: where they lie, by the index of the file; unpacking them; and the next ones ahead of time."""

from __future__ import annotations

import struct
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

import lz4.frame
import zstandard
from mcap.opcode import Opcode

from recordings.crc import crc32

MAX_RECORD: Final = 1 << 30
"""Bytes of the largest record that is believed, packed or not."""

_RECORD: Final = struct.Struct("<BQ")
_CHUNK: Final = struct.Struct("<QQQI")  # start, end, uncompressed size, CRC
_PLACE: Final = struct.Struct("<QQQQI")  # start, end, offset, length, bytes of the map that follows
_ENTRY: Final = struct.Struct("<HQ")  # channel, offset of its message index
_U64: Final = struct.Struct("<Q")
_U32: Final = struct.Struct("<I")

_AHEAD: Final = 3
"""Chunks that are unpacked before anybody asks."""

_STEPS_IN_A_ROW: Final = 2
"""From then on somebody reads on, and does not jump about."""

_THREADS: Final = 2


class ChunkPlace(NamedTuple):
    """Where a chunk lies, by the index: log times of its first and last message, its bytes in the file."""

    start: int
    end: int
    offset: int
    length: int
    indexes: dict[int, int]
    """Channel -> offset of its message index."""
    compression: str


def chunk_places(summary: bytes) -> tuple[list[ChunkPlace], bytes]:
    """The chunk index records of a file's summary, in the order of the file, and the other records.

    A night has a hundred thousand chunks: this takes a fraction of the time of a general parser.

    Raises:
        struct.error, ValueError, UnicodeDecodeError: a record is damaged.
    """
    places: list[ChunkPlace] = []
    others = bytearray()
    at, size = 0, len(summary)
    while at + _RECORD.size <= size:
        opcode, length = _RECORD.unpack_from(summary, at)
        end = at + _RECORD.size + length
        if opcode != Opcode.CHUNK_INDEX:
            others += summary[at:end]
        elif end > size:
            raise ValueError("a chunk index reaches beyond the end")
        else:
            places.append(_place(summary, at + _RECORD.size, end))
        at = end
        if opcode == Opcode.FOOTER:
            break
    others += summary[at:]
    places.sort(key=lambda p: p.offset)
    return places, bytes(others)


def _place(data: bytes, at: int, end: int) -> ChunkPlace:
    start, last, offset, length, map_length = _PLACE.unpack_from(data, at)
    at += _PLACE.size
    if map_length % _ENTRY.size or at + map_length > end:
        raise ValueError("the map of a chunk index has an impossible length")
    indexes = dict(_ENTRY.iter_unpack(data[at : at + map_length]))
    at += map_length + _U64.size
    (name_length,) = _U32.unpack_from(data, at)
    at += _U32.size
    if at + name_length + 2 * _U64.size > end:
        raise ValueError("a chunk index is cut short")
    return ChunkPlace(start, last, offset, length, indexes, data[at : at + name_length].decode())


def unpack_chunk(raw: bytes, decompressor: zstandard.ZstdDecompressor) -> bytes:
    """A chunk record to its decompressed messages; its CRC is checked.

    Args:
        raw: the record from its opcode on.
        decompressor: of the calling thread.

    Raises:
        ValueError, struct.error, RuntimeError, zstandard.ZstdError, MemoryError: it is damaged.
    """
    opcode, length = _RECORD.unpack_from(raw)
    if opcode != Opcode.CHUNK or length != len(raw) - _RECORD.size:
        raise ValueError("no chunk record")
    at = _RECORD.size
    _, _, size, crc = _CHUNK.unpack_from(raw, at)
    at += _CHUNK.size
    (name_length,) = _U32.unpack_from(raw, at)
    name = raw[at + 4 : at + 4 + name_length]
    at += 4 + name_length
    (data_length,) = _U64.unpack_from(raw, at)
    packed = memoryview(raw)[at + 8 :]
    if data_length != len(packed) or size > MAX_RECORD:
        raise ValueError("impossible sizes")
    if name == b"zstd":
        if zstandard.frame_content_size(packed) not in (-1, size):
            raise ValueError("impossible sizes")
        data = decompressor.decompress(packed, max_output_size=size)
    elif name == b"lz4":
        data = lz4.frame.decompress(packed)
    elif not name:
        data = bytes(packed)
    else:
        raise ValueError(f"unknown compression {name!r}")
    if len(data) != size or (crc and crc32(data) != crc):
        raise ValueError("checksum")
    return data


class ReadAhead:
    """Unpacks the next chunks in threads of its own while a file is read from one to the next.

    It never raises: what it cannot read, the reader tries itself, and says what is wrong. For one thread beside its
    own.

    Args:
        path: the file.
        places: of its chunks.
    """

    def __init__(self, path: Path, places: list[ChunkPlace]) -> None:
        self._path = path
        self._places = places
        self._last = -1
        self._in_a_row = 0
        self._pool: ThreadPoolExecutor | None = None
        self._own = threading.local()
        self._files: list[BinaryIO] = []
        self._coming: dict[int, Future[bytes | None]] = {}

    def take(self, k: int) -> bytes | None:
        """Chunk ``k`` if it was unpacked ahead; None when the caller must do it. The next ones are begun."""
        self._in_a_row = self._in_a_row + 1 if k == self._last + 1 else 0
        self._last = k
        coming = self._coming.pop(k, None)
        if self._in_a_row >= _STEPS_IN_A_ROW:
            self._begin(range(k + 1, min(k + 1 + _AHEAD, len(self._places))))
        elif self._coming:
            self._forget()
        return None if coming is None else coming.result()

    def close(self) -> None:
        """End the threads. Safe to call twice."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None
        self._coming.clear()
        while self._files:
            self._files.pop().close()

    def _begin(self, chunks: range) -> None:
        for k in [k for k in self._coming if k not in chunks]:
            self._coming.pop(k).cancel()
        if self._pool is None:
            self._pool = ThreadPoolExecutor(_THREADS, "tapetum-read-ahead")
        for k in chunks:
            if k not in self._coming:
                self._coming[k] = self._pool.submit(self._unpack, self._places[k])

    def _forget(self) -> None:
        for future in self._coming.values():
            future.cancel()
        self._coming.clear()

    def _unpack(self, place: ChunkPlace) -> bytes | None:
        try:
            own = self._own
            if not hasattr(own, "file"):
                own.decompressor = zstandard.ZstdDecompressor()
                own.file = self._path.open("rb")
                self._files.append(own.file)
            own.file.seek(place.offset)
            return unpack_chunk(own.file.read(place.length), own.decompressor)
        except (OSError, zstandard.ZstdError, RuntimeError, struct.error, ValueError, MemoryError, OverflowError):
            return None
