"""MCAP records read strictly: every length must fit and every byte be used, or it is no record but damage."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from typing import Final

from mcap.opcode import Opcode
from mcap.records import Channel, Footer, Header, Metadata, Schema, Statistics

from recordings.crc import crc32

RECORD: Final = struct.Struct("<BQ")
MESSAGE: Final = struct.Struct("<HIQQ")  # channel, sequence, log time, publish time
_CHUNK: Final = struct.Struct("<QQQII")  # start, end, uncompressed size, CRC, length of the name
_COMPRESSIONS: Final = ("", "lz4", "zstd")

MAX_CHUNK: Final = 1 << 30
MAX_SMALL: Final = 64 << 20
"""Of every record but chunks, attachments and messages."""


class Unfit(Exception):
    """The bytes are no such record, as most places in a file are none."""


@dataclass(frozen=True, slots=True)
class ChunkHead:
    """The beginning of a chunk record; positions are counted from the beginning of the file.

    Attributes:
        offset, end: of the record, as its length says.
        data_at, data_end: of the (compressed) messages, as the inner length says.
        compression: ``""``, ``lz4`` or ``zstd``.
        size, crc: of the messages, decompressed; 0: no CRC is stored.
        start, last: log times.
    """

    offset: int
    end: int
    data_at: int
    data_end: int
    compression: str
    size: int
    crc: int
    start: int
    last: int

    @property
    def is_consistent(self) -> bool:
        """Whether its two lengths, and what else it says of itself, agree."""
        plain = self.compression or self.size == self.data_end - self.data_at
        return self.end == self.data_end and bool(plain) and self.size <= MAX_CHUNK and self.start <= self.last


def chunk_head(data: bytes, offset: int) -> ChunkHead:
    """From the first 64 bytes at ``offset``.

    Raises:
        Unfit: they name no compression that there is.
    """
    try:
        _, length = RECORD.unpack_from(data)
        start, last, size, crc, name_length = _CHUNK.unpack_from(data, RECORD.size)
        at = RECORD.size + _CHUNK.size
        name = data[at : at + name_length].decode() if name_length <= 4 else "?"
        (data_length,) = struct.unpack_from("<Q", data, at + name_length)
    except (struct.error, UnicodeDecodeError, OverflowError) as error:
        raise Unfit from error
    if name not in _COMPRESSIONS:
        raise Unfit
    data_at = offset + at + name_length + 8
    return ChunkHead(
        offset, offset + RECORD.size + length, data_at, data_at + data_length, name, size, crc, start, last
    )


def chunk_heads_guessed(data: bytes, offset: int) -> list[ChunkHead]:
    """What a chunk record may have said whose name of the compression is damaged: by the magic of its data."""
    out = []
    for name, magic in (("zstd", b"\x28\xb5\x2f\xfd"), ("lz4", b"\x04\x22\x4d\x18"), ("", b"")):
        at = RECORD.size + _CHUNK.size + len(name)
        if len(data) >= at + 12 and data[at + 8 : at + 8 + len(magic)] == magic:
            _, length = RECORD.unpack_from(data)
            start, last, size, crc, _ = _CHUNK.unpack_from(data, RECORD.size)
            (inner,) = struct.unpack_from("<Q", data, at)
            data_at = offset + at + 8
            end = offset + RECORD.size + length
            out.append(ChunkHead(offset, end, data_at, data_at + inner, name, size, crc, start, last))
    return out


class _Fields:
    """Reads the fields of a record one after the other."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._at = 0

    def number(self, size: int) -> int:
        end = self._at + size
        if end > len(self._body):
            raise Unfit
        value = int.from_bytes(self._body[self._at : end], "little")
        self._at = end
        return value

    def data(self, size: int) -> bytes:
        end = self._at + size
        if end > len(self._body):
            raise Unfit
        value = self._body[self._at : end]
        self._at = end
        return value

    def text(self) -> str:
        try:
            return self.data(self.number(4)).decode()
        except UnicodeDecodeError as error:
            raise Unfit from error

    def texts(self) -> dict[str, str]:
        end = self.number(4) + self._at
        out = {}
        while self._at < end:
            key = self.text()
            out[key] = self.text()
        if self._at != end:
            raise Unfit
        return out

    def counts(self, key: int, value: int) -> dict[int, int]:
        end = self.number(4) + self._at
        out = {}
        while self._at < end:
            name = self.number(key)
            out[name] = self.number(value)
        if self._at != end:
            raise Unfit
        return out

    def done(self) -> None:
        if self._at != len(self._body):
            raise Unfit


@dataclass(frozen=True, slots=True)
class IndexedMessages:
    """A message index record: the log times of one channel's messages in the chunk before it."""

    channel: int
    log_times: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Other:
    """A record of which nothing but its soundness is of use."""

    opcode: int


@dataclass(frozen=True, slots=True)
class Named:
    """An attachment or metadata index record: the name that it points at."""

    opcode: int
    name: str


Parsed = Header | Footer | Schema | Channel | Metadata | Statistics | IndexedMessages | Named | Other


def parse(opcode: int, body: bytes) -> Parsed:
    """A record that is no chunk, message or attachment.

    Raises:
        Unfit: it does not fit, or says nothing (no name, no topic).
    """
    fields = _Fields(body)
    out = _parse(opcode, fields, body)
    fields.done()
    return out


def _parse(opcode: int, fields: _Fields, body: bytes) -> Parsed:
    match opcode:
        case Opcode.HEADER:
            return Header(profile=fields.text(), library=fields.text())
        case Opcode.FOOTER:
            return Footer(
                summary_start=fields.number(8), summary_offset_start=fields.number(8), summary_crc=fields.number(4)
            )
        case Opcode.SCHEMA:
            number, name, encoding = fields.number(2), fields.text(), fields.text()
            schema = Schema(data=fields.data(fields.number(4)), encoding=encoding, id=number, name=name)
            if not number or not name:
                raise Unfit
            return schema
        case Opcode.CHANNEL:
            number, schema_id, topic, encoding = fields.number(2), fields.number(2), fields.text(), fields.text()
            if not topic:
                raise Unfit
            return Channel(
                id=number, topic=topic, message_encoding=encoding, metadata=fields.texts(), schema_id=schema_id
            )
        case Opcode.METADATA:
            name = fields.text()
            if not name:
                raise Unfit
            return Metadata(name=name, metadata=fields.texts())
        case Opcode.STATISTICS:
            return Statistics(
                message_count=fields.number(8),
                schema_count=fields.number(2),
                channel_count=fields.number(4),
                attachment_count=fields.number(4),
                metadata_count=fields.number(4),
                chunk_count=fields.number(4),
                message_start_time=fields.number(8),
                message_end_time=fields.number(8),
                channel_message_counts=fields.counts(2, 8),
            )
        case Opcode.MESSAGE_INDEX:
            channel, size = fields.number(2), fields.number(4)
            if size % 16 or size != len(body) - 6:
                raise Unfit
            entries = struct.unpack(f"<{size // 8}Q", fields.data(size))
            return IndexedMessages(channel, entries[::2])
        case Opcode.ATTACHMENT_INDEX:
            fields.data(40)
            name, _ = fields.text(), fields.text()
            return Named(opcode, name)
        case Opcode.METADATA_INDEX:
            fields.data(16)
            return Named(opcode, fields.text())
    _skim(opcode, fields)
    return Other(opcode)


def _skim(opcode: int, fields: _Fields) -> None:
    """Records that only point at others; what they say is found anew."""
    match opcode:
        case Opcode.DATA_END:
            fields.data(4)
        case Opcode.CHUNK_INDEX:
            fields.data(32)
            fields.counts(2, 8)
            fields.data(8)
            if fields.text() not in _COMPRESSIONS:
                raise Unfit
            fields.data(16)
        case Opcode.SUMMARY_OFFSET:
            fields.data(17)
        case _:
            raise Unfit


@dataclass(frozen=True, slots=True)
class AttachmentRecord:
    """An attachment whose CRC (where there is one) fits."""

    name: str
    media_type: str
    data: bytes


def parse_attachment(body: bytes) -> AttachmentRecord:
    """The content of an attachment record.

    Raises:
        Unfit: it does not fit, or its CRC differs.
    """
    fields = _Fields(body)
    fields.data(16)
    name, media_type = fields.text(), fields.text()
    data = fields.data(fields.number(8))
    crc = fields.number(4)
    fields.done()
    if not name or (crc and crc32(memoryview(body)[:-4]) != crc):
        raise Unfit
    return AttachmentRecord(name, media_type, data)


_NIBBLE_0: Final = b"[" + b"".join(b"\\x%02x" % n for n in range(0, 256, 16)) + b"]"
_NIBBLE_6: Final = b"[" + b"".join(b"\\x%02x" % n for n in range(6, 256, 16)) + b"]"
_SHORT_TEXT: Final = rb".{2}\x00\x00[ -~]"

BEGINNING: Final = re.compile(
    rb"\x06(?=.{5}\x00{3}.{28}(?:\x00{4}|\x03\x00{3}lz4|\x04\x00{3}zstd))"
    rb"|\x07(?=" + _NIBBLE_6 + rb".{2}\x00{5}.{2}" + _NIBBLE_0 + rb".{2}\x00)"
    rb"|\x0c(?=.{4}\x00{4}" + _SHORT_TEXT + rb")"
    rb"|\x09(?=.{5}\x00{3}.{16}" + _SHORT_TEXT + rb")"
    rb"|\x03(?=.{4}\x00{4}.{2}" + _SHORT_TEXT + rb")"
    rb"|\x04(?=.{4}\x00{4}.{4}" + _SHORT_TEXT + rb")"
    rb"|\x0f(?=\x04\x00{7}.{4}[\x02-\x0e])"
    rb"|\x0b(?=.{3}\x00{5})"
    rb"|\x08(?=.{3}\x00{5})"
    rb"|\x02(?=\x14\x00{7}.{20}\x89MCAP)",
    re.DOTALL,
)
"""Where a record may begin, of the kinds that are looked for after damage."""

BEGINNING_SPAN: Final = 64
"""Bytes that :data:`BEGINNING` may look at."""
