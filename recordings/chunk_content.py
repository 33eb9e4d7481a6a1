"""What is inside a chunk, whole or as far as it can be had: decompression, CRC, a single flipped bit put right."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any, Final

import lz4.frame
import numpy as np
import zstandard
from mcap.opcode import Opcode
from numpy.typing import NDArray

from recordings.crc import crc32
from recordings.mcap_strict import MAX_CHUNK, MESSAGE, RECORD

_STEP: Final = 4096
_POLYNOMIAL: Final = 0xEDB88320
_INNER: Final = frozenset({Opcode.SCHEMA, Opcode.CHANNEL, Opcode.MESSAGE})


def decompress(compression: str, packed: bytes, size: int) -> bytes | None:
    """All of a chunk's messages, None when they do not decompress to ``size`` bytes."""
    if not compression:
        return packed if len(packed) == size else None
    if size > MAX_CHUNK:
        return None
    try:
        if compression == "zstd":
            if zstandard.frame_content_size(packed) not in (-1, size):
                return None
            data = zstandard.ZstdDecompressor().decompress(packed, max_output_size=size)
        else:
            data = lz4.frame.LZ4FrameDecompressor().decompress(packed, max_length=size)
    except (zstandard.ZstdError, RuntimeError, ValueError, EOFError, MemoryError):
        return None
    return data if len(data) == size else None


def decompress_beginning(compression: str, packed: bytes, limit: int) -> bytes:
    """As many bytes of a damaged chunk's beginning as decompress, ``limit`` at most.

    What comes out just before the damage may be wrong: only what has a checksum of its own is to be believed.
    """
    if not compression:
        return packed[:limit]
    unpacker: Any = zstandard.ZstdDecompressor().decompressobj() if compression == "zstd" else _Lz4()
    parts: list[bytes] = []
    length = 0
    for at in range(0, len(packed), _STEP):
        try:
            part = unpacker.decompress(packed[at : at + _STEP])
        except (zstandard.ZstdError, RuntimeError, EOFError, ValueError, MemoryError):
            break
        parts.append(part)
        length += len(part)
        if length > limit:
            break
    return b"".join(parts)[:limit]


class _Lz4:
    def __init__(self) -> None:
        self._unpacker = lz4.frame.LZ4FrameDecompressor()

    def decompress(self, data: bytes) -> bytes:
        out: bytes = self._unpacker.decompress(data)
        return out


def records(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Opcode, offset of the body and its length of each record in a chunk, until one does not fit."""
    at = 0
    while at + RECORD.size <= len(data):
        opcode, length = RECORD.unpack_from(data, at)
        body = at + RECORD.size
        if opcode not in _INNER or length > len(data) - body or (opcode == Opcode.MESSAGE and length < MESSAGE.size):
            return
        yield opcode, body, length
        at = body + length


def is_framed(data: bytes) -> bool:
    """Whether a chunk's content is records from its beginning to its end."""
    end = 0
    for _, body, length in records(data):
        end = body + length
    return end == len(data)


def is_sound(data: bytes, crc: int) -> bool:
    """Whether a chunk's content is what its CRC says; where none is stored, whether it consists of records."""
    if crc:
        return crc32(data) == crc
    return is_framed(data)


def flipped_bit(data: bytes, crc: int) -> int | None:
    """Which one bit must be turned for the CRC to fit; None when no single one does.

    CRC-32 is linear: the difference of the two checksums is that of the flipped bit alone, and depends only on how
    far it stands from the end. A wrong answer for other damage has a chance of one in 2**32 a bit: below 1 in 1000
    for a chunk of 512 KiB, and what is saved that way still has its own checksums.

    Returns:
        The bit's number, counted from the lowest bit of the first byte; -1 when the stored CRC itself is off by one
        bit and the data is whole.
    """
    difference = zlib.crc32(data) ^ crc
    if difference and not difference & (difference - 1):
        return -1
    count = 8 * len(data)
    if not difference or not count or count > 8 * (64 << 20):
        return None
    # Reflected CRC: turning the bit k steps before the end changes the checksum by x^(32+k), here in that bit order.
    differences = _powers(count)
    hits = np.flatnonzero(differences == np.uint32(difference))
    if len(hits) != 1:
        return None
    steps = int(hits[0])  # bits after it
    byte, within = divmod(steps, 8)
    return 8 * (len(data) - 1 - byte) + (7 - within)


def turned(data: bytes, bit: int) -> bytes:
    """The data with one bit turned (:func:`flipped_bit`); as it is for -1."""
    if bit < 0:
        return data
    out = bytearray(data)
    out[bit // 8] ^= 1 << (bit % 8)
    return bytes(out)


def _powers(count: int) -> NDArray[np.uint32]:
    """What one turned bit changes a CRC by, for a bit with 0, 1, ... ``count`` - 1 bits after it; uint32 (count,)."""
    out = np.empty(count, np.uint32)
    out[0] = _POLYNOMIAL
    done = 1
    # column[i]: what `done` further zero bits make of a register in which only bit i is set
    column = np.array([_shifted(1 << i) for i in range(32)], np.uint32)
    while done < count:
        many = min(done, count - done)
        out[done : done + many] = _advance(out[:many], column)
        column = _advance(column, column)
        done *= 2
    return out


def _shifted(register: int) -> int:
    return (register >> 1) ^ (_POLYNOMIAL if register & 1 else 0)


def _advance(registers: NDArray[np.uint32], column: NDArray[np.uint32]) -> NDArray[np.uint32]:
    out = np.zeros(len(registers), np.uint32)
    # a byte at a time by a table: four look-ups instead of thirty-two steps
    for k in range(4):
        table = np.zeros(256, np.uint32)
        for bit in range(8):
            table[1 << bit : 2 << bit] = table[: 1 << bit] ^ column[8 * k + bit]
        out ^= table[(registers >> np.uint32(8 * k)) & np.uint32(255)]
    return out


def message_head(data: bytes, body: int) -> tuple[int, int, int]:
    """Channel, sequence and log time of the message whose body begins there."""
    channel, sequence, log_time, _ = MESSAGE.unpack_from(data, body)
    return channel, sequence, log_time
