"""Go through the bytes of an MCAP file that may be damaged anywhere: what is whole, what is not, and where it goes on.

The file is walked record by record. Where a record does not fit, the next place is sought where one begins whose
content verifies (a chunk by its CRC, another record by its own lengths and by what follows it), and the bytes between
are reported as damaged. Time grows with the size of the file whatever is in it: what is read in vain is charged to an
allowance that grows with the way made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from mcap.opcode import Opcode
from mcap.records import Header

from recordings import chunk_content
from recordings.byte_source import WINDOW, ByteSource
from recordings.container import MAGIC
from recordings.mcap_strict import (
    BEGINNING,
    BEGINNING_SPAN,
    MAX_CHUNK,
    MAX_SMALL,
    MESSAGE,
    RECORD,
    AttachmentRecord,
    ChunkHead,
    Parsed,
    Unfit,
    chunk_head,
    chunk_heads_guessed,
    parse,
    parse_attachment,
)

_HEAD: Final = 64
_ALLOWANCE: Final = 1 << 30
_ALLOWANCE_A_BYTE: Final = 16
_LAST_OPCODE: Final = Opcode.DATA_END


@dataclass(frozen=True, slots=True)
class FoundChunk:
    """A chunk.

    Attributes:
        head: what it says of itself; of a damaged one it may be wrong.
        end: where the next record begins.
        data_end: of its data, ``end`` at most.
        state: ``whole`` (its CRC fits, or it has none and consists of records), ``repaired`` (so after one bit was
            turned), ``damaged``, ``torn`` (the file ends within it).
        bit: which bit of the decompressed data must be turned when it is ``repaired``; -1 otherwise.
        data: the messages of a whole chunk, for whoever takes them now; :func:`content` gets them again.
    """

    head: ChunkHead
    end: int
    data_end: int
    state: Literal["whole", "repaired", "damaged", "torn"]
    bit: int = -1
    data: bytes | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class FoundRecord:
    """A record outside the chunks; ``parsed`` is None for messages and for kinds that this version does not know."""

    opcode: int
    offset: int
    end: int
    parsed: Parsed | AttachmentRecord | None


@dataclass(frozen=True, slots=True)
class FoundDamage:
    """Bytes that are no record."""

    offset: int
    end: int


Found = FoundChunk | FoundRecord | FoundDamage


def scan(source: ByteSource) -> Iterator[Found]:
    """Everything in the file, in its order and without a gap.

    A torn chunk, or damage that reaches the end of the file, comes last.
    """
    return _Scanner(source).run()


def content(source: ByteSource, chunk: FoundChunk) -> bytes:
    """The messages of a whole or repaired chunk; of another the beginning, as far as it decompresses."""
    packed = source.read(chunk.head.data_at, chunk.data_end - chunk.head.data_at)
    if chunk.state in ("damaged", "torn"):
        limit = min(max(chunk.head.size, WINDOW), MAX_CHUNK)
        return chunk_content.decompress_beginning(chunk.head.compression, packed, limit)
    data = chunk_content.decompress(chunk.head.compression, packed, chunk.head.size)
    if data is None:  # the file changed meanwhile
        return b""
    return chunk_content.turned(data, chunk.bit)


class _Scanner:
    def __init__(self, source: ByteSource) -> None:
        self._source = source
        self._size = source.size
        self._spent = 0
        self._way = 0

    def run(self) -> Iterator[Found]:
        at = 0
        magic = self._source.read(0, len(MAGIC))
        if magic == MAGIC:
            at = len(MAGIC)
        elif self._header_at(len(MAGIC)):
            at = len(MAGIC)
            yield FoundDamage(0, at)
        while at < self._size:
            self._way = at
            found = self._at(at)
            if found is None:
                found = self._damage(at)
            if not (isinstance(found, FoundRecord) and found.opcode == 0):
                yield found
            at = found.end

    def _header_at(self, at: int) -> bool:
        found = self._at(at)
        return isinstance(found, FoundRecord) and isinstance(found.parsed, Header)

    # -- a record where one is expected ------------------------------------------------------------------------

    def _at(self, at: int) -> Found | None:
        """What begins at ``at``; None when that is no record."""
        head = self._source.read(at, _HEAD)
        if head.startswith(MAGIC):
            return FoundRecord(0, at, at + len(MAGIC), None)  # at the end; or in the middle, of files put together
        found: Found | None = None
        if len(head) >= RECORD.size:
            opcode, length = RECORD.unpack_from(head)
            end = at + RECORD.size + length
            if opcode == Opcode.CHUNK:
                return self._chunk(at, head)
            if opcode == Opcode.MESSAGE:
                if length >= MESSAGE.size and end <= self._size and self._may_begin(end):
                    found = FoundRecord(opcode, at, end, None)
            elif opcode <= _LAST_OPCODE:
                found = self._small(opcode, at, end)
                if found is not None and not self._may_begin(end) and self._next(at + 1, end) is not None:
                    return None  # its length, or a byte that is missing in it, leads into the next record
            found = found or self._whole_chunk(at, head)
            if found is None and opcode > _LAST_OPCODE and end <= self._size and self._may_begin(end):
                found = FoundRecord(opcode, at, end, None)
        return found

    def _small(self, opcode: int, at: int, end: int) -> FoundRecord | None:
        most = MAX_CHUNK if opcode == Opcode.ATTACHMENT else MAX_SMALL
        body = at + RECORD.size
        if not 0 < opcode <= _LAST_OPCODE or end > self._size or end - body > most or not self._may_spend(end - body):
            return None
        data = self._source.read(body, end - body)
        try:
            if opcode == Opcode.ATTACHMENT:
                return FoundRecord(opcode, at, end, parse_attachment(data))
            return FoundRecord(opcode, at, end, parse(opcode, data))
        except Unfit:
            self._spent += end - body
            return None

    def _chunk(self, at: int, head: bytes) -> FoundChunk | None:
        """A chunk where one is expected, whole or not; None when nothing at all can be believed of it."""
        whole = self._whole_chunk(at, head)
        if whole is not None:
            return whole
        try:
            said = chunk_head(head, at)
        except Unfit:
            return None
        if said.is_consistent and said.end <= self._size:
            repaired = self._repaired(said)
            if repaired is not None:
                return repaired
            if self._may_begin(said.end, surely=True):
                return FoundChunk(said, said.end, said.data_end, "damaged")
        next_at = self._next(at + 1)
        end = self._size if next_at is None else next_at
        torn = next_at is None and said.is_consistent and said.end > self._size
        return FoundChunk(said, end, max(min(end, said.data_end), said.data_at), "torn" if torn else "damaged")

    def _whole_chunk(self, at: int, head: bytes) -> FoundChunk | None:
        """A chunk whose content is whole, even if what stands before the content is not."""
        heads = chunk_heads_guessed(head, at)
        try:
            said = chunk_head(head, at)
            heads = [said, *(h for h in heads if h != said)]
        except Unfit:
            pass
        for one in heads:
            for data_end in {one.data_end, one.end}:
                if data_end <= one.data_at or data_end > self._size or data_end - one.data_at > MAX_CHUNK:
                    continue
                # without a CRC nothing tells that a head which contradicts itself is one
                data = self._verified(one, data_end) if one.crc or one.is_consistent else None
                if data is not None:
                    return FoundChunk(one, data_end, data_end, "whole", data=data)
        return None

    def _verified(self, head: ChunkHead, data_end: int) -> bytes | None:
        """The messages of a chunk if its CRC fits."""
        length = data_end - head.data_at
        size = head.size if head.compression else length
        if size > MAX_CHUNK or not self._may_spend(length + size):
            return None
        if head.compression and not self._looks_packed(head):
            return None
        packed = self._source.read(head.data_at, length)
        data = chunk_content.decompress(head.compression, packed, size)
        if data is not None and chunk_content.is_sound(data, head.crc):
            return data
        self._spent += length + size
        return None

    def _looks_packed(self, head: ChunkHead) -> bool:
        magic = b"\x28\xb5\x2f\xfd" if head.compression == "zstd" else b"\x04\x22\x4d\x18"
        return self._source.read(head.data_at, 4) == magic

    def _repaired(self, head: ChunkHead) -> FoundChunk | None:
        if head.compression or not head.crc or not self._may_spend(head.size):
            return None
        self._spent += head.size
        data = self._source.read(head.data_at, head.size)
        bit = chunk_content.flipped_bit(data, head.crc)
        if bit is None or not chunk_content.is_framed(chunk_content.turned(data, bit)):
            return None
        return FoundChunk(head, head.end, head.data_end, "repaired", bit)

    def _may_begin(self, at: int, *, surely: bool = False) -> bool:
        """Whether a record may begin there, the end of the file included.

        With ``surely`` those do not count that any bytes could be: messages, and what reaches beyond the file.
        """
        head = self._source.read(at, _HEAD)
        if at >= self._size or head.startswith(MAGIC):
            return at <= self._size
        if len(head) < RECORD.size:
            return not surely and 0 < head[0] <= _LAST_OPCODE
        opcode, length = RECORD.unpack_from(head)
        end = at + RECORD.size + length
        if opcode == Opcode.CHUNK:
            try:
                said = chunk_head(head, at)
            except Unfit:
                return False
            return said.is_consistent
        if not 0 < opcode <= _LAST_OPCODE or length > MAX_CHUNK:
            return False
        if opcode in (Opcode.MESSAGE, Opcode.ATTACHMENT) or end > self._size:
            return not surely and bool(length >= MESSAGE.size)
        return self._small(opcode, at, end) is not None

    # -- after damage ------------------------------------------------------------------------------------------

    def _damage(self, at: int) -> FoundDamage:
        found = self._next(at + 1)
        return FoundDamage(at, self._size if found is None else found)

    def _next(self, at: int, until: int | None = None) -> int | None:
        """The first place from ``at`` on (before ``until``) where a record begins that verifies; None without one."""
        begin, stop_at = at, self._size if until is None else until
        while at < stop_at:
            window = self._source.read(at, WINDOW // 2 + BEGINNING_SPAN)
            last = at + len(window) >= self._size
            stop = min(len(window) if last else len(window) - BEGINNING_SPAN, stop_at - at)
            for match in BEGINNING.finditer(window):
                if match.start() >= stop:
                    break
                self._way = max(self._way, at + match.start())
                if self._verified_at(at + match.start()):
                    return at + match.start()
            at += stop
        end = self._size - len(MAGIC)
        if until is None and begin <= end and self._source.read(end, len(MAGIC)) == MAGIC:
            return end
        return None

    def _verified_at(self, at: int) -> bool:
        head = self._source.read(at, _HEAD)
        opcode, length = RECORD.unpack_from(head) if len(head) >= RECORD.size else (0, 0)
        end = at + RECORD.size + length
        if opcode != Opcode.CHUNK:
            found = self._small(opcode, at, end)
            return found is not None and self._may_begin(end)
        try:
            said = chunk_head(head, at)
        except Unfit:
            return False
        if not said.is_consistent or said.end > self._size:
            return False
        return self._may_begin(said.end) or self._verified(said, said.data_end) is not None

    def _may_spend(self, count: int) -> bool:
        return self._spent + count <= _ALLOWANCE + _ALLOWANCE_A_BYTE * self._way
