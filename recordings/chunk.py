"""One chunk of an MCAP file while it fills, and its packing: compression, CRC, message indexes.

Written here and not by foxglove-sdk, whose writer holds the GIL while it compresses, tells nobody when the disk
refuses, and cannot end a file on a full disk (docs/decisions/0006-container.md).
"""

from __future__ import annotations

import array
import struct
import threading
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import lz4.frame
import zstandard
from mcap.opcode import Opcode

from recordings.crc import crc32

Compression = Literal["zstd", "lz4", "none"]
"""Of the file's chunks, over whatever the codecs of the streams do."""

_ZSTD: Final = zstandard.ZstdCompressionParameters(
    strategy=zstandard.STRATEGY_FAST,
    window_log=18,
    hash_log=16,
    chain_log=6,
    search_log=1,
    min_match=6,
    target_length=0,
)
"""zstd's level 1, but it takes matches of 6 bytes instead of 7 (three words of 16 bits, which noise does leave of a
scene), from a table four times as large. On the frames of benchmarks/four_streams.py 5.5 % smaller than that level for
a fifth more time; level 2 is no smaller and takes as much again, level 3 takes twice as long.
"""

_RECORD: Final = struct.Struct("<BQ")
_MESSAGE: Final = struct.Struct("<BQHIQQ")  # opcode, length, channel, sequence, log time, publish time
_MESSAGE_HEAD: Final = _MESSAGE.size - _RECORD.size
_CHUNK: Final = struct.Struct("<BQQQQII")  # opcode, length, start, end, uncompressed size, CRC, length of the name
_U64: Final = struct.Struct("<Q")

Buffer = bytes | bytearray | memoryview

_local = threading.local()


@dataclass(slots=True)
class OpenChunk:
    """A chunk that fills. Not safe for several threads."""

    parts: list[Buffer] = field(default_factory=list)
    size: int = 0
    start: int = 0
    end: int = 0
    indexes: dict[int, array.array[int]] = field(default_factory=dict)
    """Channel id -> log time and offset of its messages, alternating."""

    def add_record(self, record: bytes) -> None:
        """A schema or channel record."""
        self.parts.append(record)
        self.size += len(record)

    def add_message(self, channel: int, sequence: int, log_time: int, data: tuple[Buffer, ...]) -> None:
        """A message of which ``data`` are the parts, in order. Buffers must not change until the chunk is packed."""
        length = _MESSAGE_HEAD + sum(map(len, data))
        index = self.indexes.get(channel)
        if index is None:
            index = self.indexes[channel] = array.array("Q")
            if len(self.indexes) == 1:
                self.start = log_time
        index.append(log_time)
        index.append(self.size)
        self.parts.append(_MESSAGE.pack(Opcode.MESSAGE, length, channel, sequence, log_time, log_time))
        self.parts.extend(data)
        self.size += _RECORD.size + length
        self.start, self.end = min(self.start, log_time), max(self.end, log_time)

    @property
    def counts(self) -> dict[int, int]:
        """Messages of each channel."""
        return {channel: len(index) // 2 for channel, index in self.indexes.items()}


@dataclass(frozen=True, slots=True)
class PackedChunk:
    """A chunk record and its message index records as they stand in the file."""

    data: bytes
    chunk_length: int
    """Of the chunk record alone; the message indexes follow it."""
    index_offsets: dict[int, int]
    """Channel id -> offset of its message index record from the chunk record's beginning."""
    counts: dict[int, int]
    start: int
    end: int
    compression: str
    compressed_size: int
    uncompressed_size: int


def pack(chunk: OpenChunk, compression: Compression) -> PackedChunk:
    """Join, checksum, compress. Releases the GIL for most of its time; safe from any thread."""
    records = b"".join(chunk.parts)
    summed = crc32(records)
    packed, name = _compress(records, compression)
    length = _CHUNK.size - _RECORD.size + len(name) + _U64.size + len(packed)
    parts: list[Any] = [
        _CHUNK.pack(Opcode.CHUNK, length, chunk.start, chunk.end, len(records), summed, len(name)),
        name,
        _U64.pack(len(packed)),
        packed,
    ]
    at = _RECORD.size + length
    offsets = {}
    for channel, index in chunk.indexes.items():
        entries = _little_endian(index)
        record = struct.pack("<BQHI", Opcode.MESSAGE_INDEX, 6 + len(entries), channel, len(entries)) + entries
        offsets[channel] = at
        at += len(record)
        parts.append(record)
    return PackedChunk(
        data=b"".join(parts),
        chunk_length=_RECORD.size + length,
        index_offsets=offsets,
        counts=chunk.counts,
        start=chunk.start,
        end=chunk.end,
        compression=name.decode(),
        compressed_size=len(packed),
        uncompressed_size=len(records),
    )


def _compress(records: bytes, compression: Compression) -> tuple[bytes, bytes]:
    if compression == "zstd":
        packer: zstandard.ZstdCompressor | None = getattr(_local, "packer", None)
        if packer is None:  # one a thread: they are not safe to share
            packer = _local.packer = zstandard.ZstdCompressor(compression_params=_ZSTD)
        return packer.compress(records), b"zstd"
    if compression == "lz4":
        packed: bytes = lz4.frame.compress(records)
        return packed, b"lz4"
    return records, b""


def _little_endian(index: array.array[int]) -> bytes:
    if struct.pack("=H", 1) == b"\0\1":  # a big-endian machine
        index = array.array("Q", index)
        index.byteswap()
    return index.tobytes()
