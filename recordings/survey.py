"""The first look at a file that may be damaged: everything in it that can be believed, and what cannot.

Messages are noted by place, not kept, so that the memory grows by some hundred bytes a frame and not with the pixels.
"""

from __future__ import annotations

import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

import numpy as np
from mcap.opcode import Opcode
from mcap.records import Channel, Footer, Header, Metadata, Schema, Statistics
from numpy.typing import NDArray

from recordings import chunk_content, frame_index, image_codec, schemas
from recordings.byte_source import WINDOW, ByteSource
from recordings.channels import MAX_HOST_NS
from recordings.crc import crc32
from recordings.errors import SessionFormatError
from recordings.mcap_strict import MESSAGE, RECORD, AttachmentRecord, IndexedMessages, Named, Unfit, parse
from recordings.salvage import (
    FrameWords,
    MessagePlace,
    frame_words,
    place_of,
    possible_descriptions,
    possible_messages,
    possible_messages_in,
)
from recordings.scan import Found, FoundChunk, FoundDamage, FoundRecord, content, scan

IN_FILE: Final = -1
"""In place of a chunk's number: an offset is one of the file."""

_LOOSE: Final = 2
"""In place of ``proven``: a record outside of chunks, until it is known whether there are any."""

_WORDS_MOST: Final = 4096
_DESCRIBED_MOST: Final = 64 << 20

MESSAGE_ROW: Final = np.dtype(
    [(name, "<i8") for name in ("channel", "sequence", "log_time", "chunk", "offset", "length", "proven", "at")]
)
"""A message: ``chunk`` and ``offset`` say where its data lies, ``at`` where its chunk begins in the file, ``proven``
whether a CRC covers it."""

WORDS_ROW: Final = np.dtype(
    [
        *((name, "<i8") for name in ("channel", "sequence", "number", "device_ns", "host_ns", "flags", "bytes")),
        ("checksum", "<u8"),
        ("proven", "<i8"),
        ("at", "<i8"),
    ]
)
"""What a `tapetum.Frame` message says, and where it stands."""


class Described(NamedTuple):
    """A schema or channel, and how far it is to be believed: 2 covered by a CRC, 1 whole, 0 out of damaged bytes."""

    record: Any
    trust: int


class Broken(NamedTuple):
    """A range of the file that is not whole, and what it is."""

    begin: int
    end: int
    what: str


class Indexed(NamedTuple):
    """What a message index says of a chunk that is not whole."""

    at: int
    channel: int
    log_times: tuple[int, ...]


class AttachmentPlace(NamedTuple):
    """A whole attachment record in the file; ``digest`` is XXH3-64 of its data."""

    name: str
    media_type: str
    begin: int
    end: int
    digest: int


class Rows:
    """Grows row by row; eight bytes a column."""

    def __init__(self, dtype: np.dtype[Any]) -> None:
        self._dtype = dtype
        self._values = array.array("q")

    def add(self, *values: int) -> None:
        self._values.extend(values)

    def rows(self) -> NDArray[Any]:
        """A structured array of all rows."""
        return np.array(self._values, np.int64).view(self._dtype).reshape(-1)


@dataclass
class Survey:
    """What is in a file.

    Attributes:
        chunks: in the order of the file; rows of messages refer to them by position.
        messages: rows of :data:`MESSAGE_ROW`: all but `tapetum.Frame` messages.
        words: rows of :data:`WORDS_ROW`.
        schemas, channels: by id.
        metadata: name and content, in the order of the file.
        attachments: whole ones, without the frame indexes.
        indexes: stream -> its frame index (rows of frame_index.RECORD).
        counts: channel id -> messages, as the statistics say that a CRC covers; None without.
        indexed: what is known of the content of chunks that are not whole.
        broken: what is not whole, in the order of the file.
        repaired: bits that were put right.
        duplicates: whole chunks that are in the file more than once.
        written_by: what wrote the file, as its header says.
        is_ended: whether the end of the data was found.
        is_recorded: whether anything at all is MCAP.
        names: opcodes of the attachment and metadata indexes -> the names that these point at, in a summary that a CRC
            covers.
        framed: offsets of damaged chunks that are records from beginning to end all the same.
        data_end: where the data ends and its index begins; None while no such place, or data behind it, was found.
    """

    chunks: list[FoundChunk] = field(default_factory=list)
    messages: NDArray[Any] = field(default_factory=lambda: np.zeros(0, MESSAGE_ROW))
    words: NDArray[Any] = field(default_factory=lambda: np.zeros(0, WORDS_ROW))
    schemas: dict[int, Described] = field(default_factory=dict)
    channels: dict[int, Described] = field(default_factory=dict)
    metadata: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    attachments: list[AttachmentPlace] = field(default_factory=list)
    indexes: dict[str, NDArray[Any]] = field(default_factory=dict)
    counts: dict[int, int] | None = None
    indexed: list[Indexed] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    repaired: int = 0
    duplicates: int = 0
    written_by: str = ""
    is_ended: bool = False
    is_recorded: bool = False
    names: dict[int, list[str]] = field(default_factory=dict)
    framed: set[int] = field(default_factory=set)
    data_end: int | None = None

    @property
    def broken_data(self) -> list[Broken]:
        """What is not whole, without what only held the index."""
        return [b for b in self.broken if self.data_end is None or b.begin < self.data_end]

    @property
    def is_chunked(self) -> bool:
        return bool(self.chunks)

    def message_data(self, source: ByteSource, row: Any, cache: ContentCache) -> bytes:
        """The data of a message."""
        offset, length = int(row["offset"]), int(row["length"])
        number = int(row["chunk"])
        if number == IN_FILE:
            return source.read(offset, length)
        return cache.content(source, self.chunks[number], number)[offset : offset + length]


class ContentCache:
    """The decompressed content of the chunks used last."""

    def __init__(self, count: int = 4) -> None:
        self._count = count
        self._items: dict[int, bytes] = {}

    def content(self, source: ByteSource, chunk: FoundChunk, number: int) -> bytes:
        data = self._items.pop(number, None)
        if data is None:
            data = content(source, chunk)
            while len(self._items) >= self._count:
                del self._items[next(iter(self._items))]
        self._items[number] = data
        return data


def survey(source: ByteSource, on_bytes: Callable[[int], None] | None = None) -> Survey:
    """Look at the whole file once.

    Args:
        source: the file.
        on_bytes: called with the number of bytes looked at, now and then.

    Raises:
        SessionFormatError: the disk refuses.
    """
    surveyor = _Surveyor(source)
    for found in scan(source):
        surveyor.take(found)
        if on_bytes is not None:
            on_bytes(found.end)
    return surveyor.done()


class _Surveyor:
    def __init__(self, source: ByteSource) -> None:
        self._source = source
        self._out = Survey()
        self._messages = Rows(MESSAGE_ROW)
        self._words = Rows(WORDS_ROW)
        self._seen: set[tuple[int, int, int, int]] = set()
        self._chunk_is_whole = False
        self._chunk_at = 0
        self._summary_at: int | None = None
        self._summary: list[Schema | Channel | Statistics | Named] = []

    def done(self) -> Survey:
        self._take_summary(trusted=False)
        self._out.messages = self._messages.rows()
        self._out.words = self._words.rows()
        for rows in (self._out.messages, self._out.words):
            # In a file without chunks no message has a CRC; one that stands where it should is all there is.
            rows["proven"][rows["proven"] == _LOOSE] = not self._out.is_chunked
        return self._out

    def take(self, found: Found) -> None:
        if isinstance(found, FoundChunk):
            self._out.is_recorded = True
            self._take_chunk(found)
        elif isinstance(found, FoundRecord):
            self._take_record(found)
        else:
            self._take_damage(found)

    # -- chunks ------------------------------------------------------------------------------------------------

    def _take_chunk(self, found: FoundChunk) -> None:
        whole = found.state in ("whole", "repaired")
        self._chunk_at = found.head.offset
        self._chunk_is_whole = whole
        self._out.data_end = None
        number = len(self._out.chunks)
        self._out.chunks.append(replace(found, data=None))
        if whole:
            head = found.head
            data = found.data if found.data is not None else content(self._source, found)
            mark = (head.crc or hash(data), len(data), head.start, head.last)
            if mark in self._seen:
                self._out.duplicates += 1
                return
            self._seen.add(mark)
            self._out.repaired += found.state == "repaired"
            self._read_chunk(found, data, number)
            return
        words = "the file ends within a chunk" if found.state == "torn" else "a damaged chunk"
        self._out.broken.append(Broken(found.head.offset, found.end, words))
        if found.head.compression:
            data = content(self._source, found)
            self._salvage(possible_messages_in(data), number, found.head.offset, data)
        else:
            data = self._source.read(found.head.data_at, found.data_end - found.head.data_at)
            if found.state == "damaged" and chunk_content.is_framed(data):
                self._out.framed.add(found.head.offset)
            self._salvage_file(found.head.data_at, found.end, found.head.offset)

    def _read_chunk(self, found: FoundChunk, data: bytes, number: int) -> None:
        # messages of uncompressed chunks are later read from the file itself, without their chunk
        base = found.head.data_at if not found.head.compression and found.state == "whole" else 0
        place = IN_FILE if base else number
        for opcode, body, length in chunk_content.records(data):
            if opcode == Opcode.MESSAGE:
                head = data[body : body + MESSAGE.size]
                self._note(place_of(head, body, length), data, 0, place, base, found.head.offset, proven=True)
            else:
                self._describe(opcode, data[body : body + length])

    def _describe(self, opcode: int, body: bytes) -> None:
        try:
            record = parse(opcode, body)
        except Unfit:
            return
        if isinstance(record, Schema | Channel):
            self._remember(record, 2)

    def _note(
        self, place: MessagePlace, data: bytes, origin: int, chunk: int, base: int, at: int, *, proven: int
    ) -> None:
        """Note a message whose data lies in ``data`` from ``place.offset - origin`` on."""
        if place.log_time >= MAX_HOST_NS:
            return
        if place.length <= _WORDS_MOST:
            begin = place.offset - origin
            words = frame_words(data[begin : begin + place.length])
            if words is not None:
                if words.host_ns == place.log_time:
                    self._note_words(place, words, at, proven)
                return
        self._messages.add(
            place.channel,
            place.sequence,
            place.log_time,
            chunk,
            place.offset + base,
            place.length,
            proven,
            at,
        )

    def _note_words(self, place: MessagePlace, words: FrameWords, at: int, proven: int) -> None:
        checksum = words.checksum if words.checksum < 1 << 63 else words.checksum - (1 << 64)
        self._words.add(
            place.channel,
            place.sequence,
            words.number,
            words.device_ns,
            words.host_ns,
            words.flags,
            words.bytes,
            checksum,
            proven,
            at,
        )

    # -- what is not whole -------------------------------------------------------------------------------------

    def _take_damage(self, found: FoundDamage) -> None:
        self._chunk_is_whole, self._chunk_at = False, found.offset
        self._out.broken.append(Broken(found.offset, found.end, "bytes that are no record"))
        self._salvage_file(found.offset, found.end, found.offset)

    def _salvage(self, places: Iterable[MessagePlace], chunk: int, at: int, data: bytes) -> None:
        for place in places:
            self._note(place, data, 0, chunk, 0, at, proven=False)
        for record in possible_descriptions(data):
            self._remember(record, 0)

    def _salvage_file(self, begin: int, end: int, at: int) -> None:
        for place in possible_messages(self._source, begin, end):
            data = self._source.read(place.offset, place.length) if place.length <= _WORDS_MOST else b""
            self._note(place, data, place.offset, IN_FILE, 0, at, proven=False)
        for start in range(begin, min(end, begin + _DESCRIBED_MOST), WINDOW):
            window = self._source.read(start, min(2 * WINDOW, end - start))
            for record in possible_descriptions(window):
                self._remember(record, 0)

    # -- records outside of chunks -----------------------------------------------------------------------------

    def _take_record(self, found: FoundRecord) -> None:
        record = found.parsed
        if isinstance(record, Header | Footer | Metadata | AttachmentRecord):
            self._out.is_recorded = True
        match record:
            case Header(library=written_by):
                self._out.written_by = written_by
        if found.opcode == Opcode.MESSAGE:
            self._take_loose_message(found)
        elif found.opcode == Opcode.DATA_END:
            self._out.is_ended = True
            self._out.data_end = found.offset
            self._take_summary(trusted=False)  # what stood before it is not the summary
            self._summary_at = found.end
        elif isinstance(record, Footer):
            self._out.is_ended = True
            self._take_summary(trusted=self._summary_fits(found, record))
        elif isinstance(record, Schema | Channel | Statistics | Named):
            self._summary.append(record)
        elif isinstance(record, IndexedMessages):
            if not self._chunk_is_whole:
                self._out.indexed.append(Indexed(self._chunk_at, record.channel, record.log_times))
        elif isinstance(record, Metadata):
            self._out.metadata.append((record.name, dict(record.metadata)))
        elif isinstance(record, AttachmentRecord):
            self._take_attachment(found, record)
        elif record is None:
            self._out.broken.append(Broken(found.offset, found.end, f"a record of the unknown kind {found.opcode}"))

    def _take_loose_message(self, found: FoundRecord) -> None:
        body = found.offset + RECORD.size
        length = found.end - body
        place = place_of(self._source.read(body, MESSAGE.size), body, length)
        data = self._source.read(place.offset, place.length) if place.length <= _WORDS_MOST else b""
        self._note(place, data, place.offset, IN_FILE, 0, found.offset, proven=_LOOSE)

    def _summary_fits(self, found: FoundRecord, footer: Footer) -> bool:
        """Whether the CRC of the summary fits, wherever the summary may have been moved by what was lost before it."""
        begin = self._summary_at
        if begin is None or not footer.summary_crc:
            return False
        end = found.offset + RECORD.size + 16
        crc = 0
        for at in range(begin, end, WINDOW):
            crc = crc32(self._source.read(at, min(WINDOW, end - at)), crc)
        return crc == footer.summary_crc

    def _take_summary(self, *, trusted: bool) -> None:
        for record in self._summary:
            if isinstance(record, Schema | Channel):
                self._remember(record, 2 if trusted else 1)
            elif trusted and isinstance(record, Statistics):
                self._out.counts = dict(record.channel_message_counts)
            elif trusted and isinstance(record, Named):
                self._out.names.setdefault(record.opcode, []).append(record.name)
        self._summary.clear()

    def _remember(self, record: Schema | Channel, trust: int) -> None:
        known = self._out.schemas if isinstance(record, Schema) else self._out.channels
        before = known.get(record.id)
        if before is None or before.trust < trust:
            known[record.id] = Described(record, trust)

    def _take_attachment(self, found: FoundRecord, record: AttachmentRecord) -> None:
        if not record.name.startswith(schemas.INDEX_ATTACHMENT):
            digest = image_codec.checksum(record.data)
            if not any(a.name == record.name and a.digest == digest for a in self._out.attachments):
                self._out.attachments.append(
                    AttachmentPlace(record.name, record.media_type, found.offset, found.end, digest)
                )
            return
        try:
            rows = frame_index.unpack(record.data)
        except SessionFormatError:
            return
        self._out.indexes[record.name.removeprefix(schemas.INDEX_ATTACHMENT)] = rows
