"""Write an MCAP file: chunks, their index, and an end that is always whole."""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from typing import Final

from mcap.data_stream import RecordBuilder
from mcap.opcode import Opcode
from mcap.records import (
    Attachment,
    AttachmentIndex,
    Channel,
    ChunkIndex,
    DataEnd,
    Footer,
    Header,
    McapRecord,
    Metadata,
    MetadataIndex,
    Schema,
    Statistics,
    SummaryOffset,
)

from recordings.chunk import Buffer, Compression, OpenChunk, PackedChunk, pack
from recordings.container import MAGIC
from recordings.crc import crc32
from recordings.packers import submit
from recordings.part_file import PartFile

CHUNK_BYTES: Final = 512 << 10
"""Small enough that a seek decompresses in a millisecond or two, large enough for small thermal frames to share."""

REPEAT_EVERY: Final = 64
"""Chunks after which schemas and channels are written again, for whoever finds the file without its two ends."""

_BYTES_A_CHUNK: Final = 256
"""Of index a chunk takes at the end of the file, generously."""


@dataclass(frozen=True, slots=True)
class ChannelSpec:
    """What a channel is; two messages are on one channel when these are equal."""

    topic: str
    message_encoding: str
    schema_name: str
    schema_encoding: str
    schema_data: bytes
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Written:
    """What of the file's content is on the disk, for its index and statistics."""

    chunks: list[ChunkIndex] = field(default_factory=list)
    counts: list[dict[int, int]] = field(default_factory=list)
    """Of each chunk: channel id -> messages."""
    metadata: list[MetadataIndex] = field(default_factory=list)
    attachments: list[AttachmentIndex] = field(default_factory=list)


class ContainerWriter:
    """An MCAP file that grows chunk by chunk. For one thread; packing may be given to others.

    Every method may raise OSError when the disk refuses. The file is then cut back to its last whole record, and
    :meth:`finish` may still be called (after room was made): it gives a whole file of what was written until then.

    Args:
        file: what to write to.
        profile, library: of the header.
        compression: of the chunks.
        chunk_bytes: a chunk ends when it holds as much.
        packers: threads that compress chunks; None compresses in the caller's thread.
        ahead: chunks that may wait for the packers, which bounds the memory.
    """

    def __init__(
        self,
        file: PartFile,
        *,
        profile: str,
        library: str,
        compression: Compression = "zstd",
        chunk_bytes: int = CHUNK_BYTES,
        packers: Executor | None = None,
        ahead: int = 3,
    ) -> None:
        self._file = file
        self._compression = compression
        self._chunk_bytes = chunk_bytes
        self._packers = packers
        self._ahead = ahead
        self._schemas: dict[tuple[str, str, bytes], Schema] = {}
        self._channels: dict[str, tuple[ChannelSpec, Channel]] = {}
        self._sequences: dict[int, int] = {}
        self._open = OpenChunk()
        self._chunks_begun = 0
        self._pending: deque[Future[PackedChunk]] = deque()
        self._written = _Written()
        self._failed = False
        self._whole = 0
        self._put(MAGIC)
        self._put_record(Header(profile=profile, library=library))

    @property
    def index_bytes(self) -> int:
        """About what the index at the end will take."""
        return _BYTES_A_CHUNK * (len(self._written.chunks) + len(self._pending) + 1) + sum(
            len(s.data) for s in self._schemas.values()
        )

    @property
    def open_bytes(self) -> int:
        """What waits in the chunk that fills, before compression."""
        return self._open.size

    def message_counts(self) -> dict[str, int]:
        """Topic -> messages that are in the file itself."""
        return {topic: self._count(channel.id) for topic, (_, channel) in self._channels.items()}

    def message(self, spec: ChannelSpec, log_time: int, *data: Buffer, together: bool = False) -> None:
        """Append a message of which ``data`` are the parts; ``together`` keeps it in one chunk with the next one.

        Raises:
            ValueError: the topic is already there with another schema or encoding.
        """
        channel = self._channel(spec)
        sequence = self._sequences.get(channel.id, 0)
        self._sequences[channel.id] = (sequence + 1) & 0xFFFFFFFF
        self._open.add_message(channel.id, sequence, log_time, data)
        if self._open.size >= self._chunk_bytes and not together:
            self._end_chunk()

    def metadata(self, name: str, data: Mapping[str, str]) -> None:
        """Append a metadata record, after everything appended before it."""
        self.flush()
        offset = self._file.size
        length = self._put_record(Metadata(name=name, metadata=dict(data)))
        self._written.metadata.append(MetadataIndex(offset=offset, length=length, name=name))

    def attach(self, name: str, media_type: str, data: bytes, log_time: int) -> None:
        """Append an attachment, after everything appended before it."""
        self.flush()
        offset = self._file.size
        length = self._put_record(
            Attachment(create_time=log_time, log_time=log_time, name=name, media_type=media_type, data=data)
        )
        self._written.attachments.append(
            AttachmentIndex(
                offset=offset,
                length=length,
                create_time=log_time,
                log_time=log_time,
                data_size=len(data),
                name=name,
                media_type=media_type,
            )
        )

    def flush(self) -> None:
        """End the chunk that fills, and write everything that waits."""
        if self._open.indexes:
            self._end_chunk()
        while self._pending:
            self._write_next()

    def poll(self) -> None:
        """Write chunks that are packed by now; never waits."""
        while self._pending and self._pending[0].done():
            self._write_next()

    def finish(self) -> None:
        """Write what waits, unless the disk refused before, and the end of the file."""
        if not self._failed:
            self.flush()
        else:
            self.forget()
        begin = self._file.size
        try:
            self._put_end()
        except OSError:
            self.cut_back(begin)
            raise

    def retry(self) -> None:
        """Write on after the disk refused: room was made.

        Raises:
            OSError: the disk refuses even to cut back what was half written.
        """
        if self._failed and self._file.size != self._whole:
            self._file.truncate(self._whole)
        self._failed = False

    def forget(self) -> None:
        """Throw away what is not in the file yet."""
        for future in self._pending:
            future.cancel()
        self._pending.clear()
        self._open = OpenChunk()

    def drop_last_chunk(self) -> dict[str, int]:
        """Cut the file back before its last chunk, to make room for its end; topic -> messages lost with it.

        Records after that chunk go, too. Nothing is left when the dict is empty.
        """
        if not self._written.chunks:
            return {}
        self.forget()
        chunk = self._written.chunks.pop()
        counts = self._written.counts.pop()
        self.cut_back(chunk.chunk_start_offset)
        topics = {channel.id: topic for topic, (_, channel) in self._channels.items()}
        return {topics[channel]: count for channel, count in counts.items()}

    def drop_attachments(self) -> None:
        """Cut the file back to the end of its last chunk: attachments and metadata after it go."""
        chunks = self._written.chunks
        if not chunks:
            return
        self.cut_back(chunks[-1].chunk_start_offset + chunks[-1].chunk_length + chunks[-1].message_index_length)

    def cut_back(self, size: int) -> None:
        """Cut the file back to so many bytes, which end with a whole record; what is cut off holds no chunk.

        Attachments and metadata in it go. Nothing is written before :meth:`retry`.
        """
        self._written.metadata = [m for m in self._written.metadata if m.offset < size]
        self._written.attachments = [a for a in self._written.attachments if a.offset < size]
        self._failed, self._whole = True, size
        with contextlib.suppress(OSError):  # retry() tries again
            self._file.truncate(size)

    # -- inside ------------------------------------------------------------------------------------------------

    def _channel(self, spec: ChannelSpec) -> Channel:
        known = self._channels.get(spec.topic)
        if known is not None:
            if known[0] is not spec and known[0] != spec:
                raise ValueError(f"topic {spec.topic} has another schema, encoding or metadata already")
            return known[1]
        schema_id = 0
        if spec.schema_name:
            key = (spec.schema_name, spec.schema_encoding, spec.schema_data)
            schema = self._schemas.get(key)
            if schema is None:
                schema = Schema(
                    id=len(self._schemas) + 1,
                    name=spec.schema_name,
                    encoding=spec.schema_encoding,
                    data=spec.schema_data,
                )
                self._schemas[key] = schema
                self._open.add_record(_bytes_of(schema))
            schema_id = schema.id
        channel = Channel(
            id=len(self._channels) + 1,
            topic=spec.topic,
            message_encoding=spec.message_encoding,
            metadata=dict(spec.metadata),
            schema_id=schema_id,
        )
        self._channels[spec.topic] = (spec, channel)
        self._open.add_record(_bytes_of(channel))
        return channel

    def _end_chunk(self) -> None:
        chunk, self._open = self._open, OpenChunk()
        self._chunks_begun += 1
        if self._chunks_begun % REPEAT_EVERY == 0:
            for record in (*self._schemas.values(), *(c for _, c in self._channels.values())):
                self._open.add_record(_bytes_of(record))
        if self._packers is None:
            self._write_chunk(pack(chunk, self._compression))
            return
        self._pending.append(submit(self._packers, pack, chunk, self._compression))
        self.poll()
        while len(self._pending) > self._ahead:
            self._write_next()

    def _write_next(self) -> None:
        self._write_chunk(self._pending.popleft().result())

    def _write_chunk(self, chunk: PackedChunk) -> None:
        at = self._file.size
        self._put(chunk.data)
        self._written.counts.append(chunk.counts)
        self._written.chunks.append(
            ChunkIndex(
                chunk_length=chunk.chunk_length,
                chunk_start_offset=at,
                compression=chunk.compression,
                compressed_size=chunk.compressed_size,
                message_end_time=chunk.end,
                message_index_length=len(chunk.data) - chunk.chunk_length,
                message_index_offsets={c: at + o for c, o in chunk.index_offsets.items()},
                message_start_time=chunk.start,
                uncompressed_size=chunk.uncompressed_size,
            )
        )

    def _count(self, channel: int) -> int:
        return sum(counts.get(channel, 0) for counts in self._written.counts)

    def _put(self, data: Buffer) -> None:
        at = self._file.size
        try:
            self._file.write(data)
        except OSError:
            self._failed = True
            self._whole = at
            with contextlib.suppress(OSError):  # retry() tries again
                self._file.truncate(at)
            raise

    def _put_record(self, record: McapRecord) -> int:
        data = _bytes_of(record)
        self._put(data)
        return len(data)

    def _put_end(self) -> None:
        written = self._written
        self._put_record(DataEnd(data_section_crc=0))
        start = self._file.size
        builder = RecordBuilder()
        groups: list[tuple[Opcode, int, int]] = []

        def group(opcode: Opcode, records: list[McapRecord]) -> None:
            begin = builder.count
            for record in records:
                record.write(builder)
            if builder.count > begin:
                groups.append((opcode, start + begin, builder.count - begin))

        group(Opcode.SCHEMA, list(self._schemas.values()))
        group(Opcode.CHANNEL, [channel for _, channel in self._channels.values()])
        group(Opcode.STATISTICS, [self._statistics()])
        group(Opcode.CHUNK_INDEX, list(written.chunks))
        group(Opcode.ATTACHMENT_INDEX, list(written.attachments))
        group(Opcode.METADATA_INDEX, list(written.metadata))
        offsets = start + builder.count
        for opcode, at, length in groups:
            SummaryOffset(group_length=length, group_opcode=opcode, group_start=at).write(builder)
        summary: bytes = builder.end()  # type: ignore[no-untyped-call]  # mcap is not typed
        footer = _bytes_of(Footer(summary_start=start, summary_offset_start=offsets, summary_crc=0))
        summed = crc32(footer[:-4], crc32(summary))
        self._put(summary + footer[:-4] + summed.to_bytes(4, "little") + MAGIC)

    def _statistics(self) -> Statistics:
        written = self._written
        counts: dict[int, int] = {}
        for one in written.counts:
            for channel, count in one.items():
                counts[channel] = counts.get(channel, 0) + count
        return Statistics(
            attachment_count=len(written.attachments),
            channel_count=len(self._channels),
            channel_message_counts=counts,
            chunk_count=len(written.chunks),
            message_count=sum(counts.values()),
            message_end_time=max((c.message_end_time for c in written.chunks), default=0),
            message_start_time=min((c.message_start_time for c in written.chunks), default=0),
            metadata_count=len(written.metadata),
            schema_count=len(self._schemas),
        )


def _bytes_of(record: McapRecord) -> bytes:
    builder = RecordBuilder()
    record.write(builder)
    return bytes(builder.end())  # type: ignore[no-untyped-call]  # mcap is not typed
