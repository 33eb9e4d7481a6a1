"""What cutting and merging share: a session's other messages, copied as they are, and what goes with them."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import numpy as np
from mcap.exceptions import McapError
from mcap.reader import make_reader

from recordings import channels, schemas
from recordings.channels import MAX_HOST_NS
from recordings.chunk import Compression
from recordings.container import McapFile
from recordings.container_writer import ChannelSpec
from recordings.errors import SessionFormatError
from recordings.session import SessionInfo
from recordings.writer import SessionWriter

PACKERS: Final = 2
"""Threads that compress chunks while the next frames are read."""

_CACHE: Final = 16 << 20

_OURS: Final = {
    schemas.OBSERVATIONS_TOPIC: channels.OBSERVATIONS,
    schemas.EVENTS_TOPIC: channels.EVENTS,
    schemas.SIGNALS_TOPIC: channels.SIGNALS,
    schemas.SCHEDULE_TOPIC: channels.SCHEDULE,
    schemas.LOG_TOPIC: channels.LOG,
}


class MessageFile(McapFile):
    """A session's messages beside its frames, by log time; chunks outside of the time asked for are not read."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, _CACHE)

    @property
    def begin_ns(self) -> int:
        """The earliest log time of any message; 0 when there is none."""
        return int(self._starts.min()) if len(self._starts) else 0

    def between(self, topic: str, begin_ns: int = 0, end_ns: int = MAX_HOST_NS) -> Iterator[tuple[int, bytes]]:
        """Log time and data of a topic's messages from one log time to another, both included, in the file's order.

        Raises:
            SessionFormatError: a chunk is damaged.
        """
        channel = self.channels.get(topic)
        if channel is None or end_ns < begin_ns:
            return
        mine = self._chunks_of[channel.id]
        for k in mine[(self._ends[mine] >= max(begin_ns, 0)) & (self._starts[mine] <= end_ns)]:
            index = self._message_index(int(k), channel.id)
            hit = (index[:, 0] >= max(begin_ns, 0)) & (index[:, 0] <= end_ns)
            for offset in np.sort(index[hit, 1]):
                time, data = self._message_at(int(k), channel, int(offset))
                yield time, bytes(data)

    def spec(self, topic: str) -> ChannelSpec:
        """How a topic's messages are described in a copy: our own topics as this version does."""
        channel = self.channels[topic]
        schema = self.schemas.get(channel.schema_id)
        name, encoding, data = ("", "", b"") if schema is None else (schema.name, schema.encoding, schema.data)
        ours = _OURS.get(topic)
        if ours is not None and (ours.schema_name, ours.message_encoding) == (name, channel.message_encoding):
            return ours
        return ChannelSpec(topic, channel.message_encoding, name, encoding, data, dict(channel.metadata))

    def other_topics(self, info: SessionInfo) -> list[str]:
        """Every topic that the writer of a copy does not make from the frames."""
        made = set()
        for stream in info.streams:
            made |= {f(stream.name) for f in (schemas.image_topic, schemas.frame_topic, schemas.calibration_topic)}
        return [topic for topic in self.channels if topic not in made]

    def other_metadata(self) -> list[str]:
        """Names of metadata records that no session has: those of other programs."""
        known = (schemas.SESSION_METADATA, schemas.RUN_METADATA)
        return sorted({name for name, _, _ in self._metadata if name not in known})

    def attachments(self) -> Iterator[tuple[str, str, bytes]]:
        """Name, media type and data of every attachment but the frames' indexes.

        Raises:
            SessionFormatError: one is damaged.
        """
        try:
            with self.path.open("rb") as file:
                summary = make_reader(file).get_summary()
        except (OSError, McapError) as error:
            raise SessionFormatError(f"{self.path}: its attachments cannot be read: {error}") from error
        for place in [] if summary is None else summary.attachment_indexes:
            if not place.name.startswith(schemas.INDEX_ATTACHMENT):
                data = self.attachment(place.name)
                if data is not None:
                    yield place.name, place.media_type, data


def write_copy(writer: SessionWriter, spec: ChannelSpec, log_time: int, data: bytes) -> None:
    """Append a message as another session holds it.

    Raises:
        SessionWriteError: as :meth:`SessionWriter.write_message`.
    """
    writer.write_message(
        spec.topic,
        log_time,
        data,
        message_encoding=spec.message_encoding,
        schema_name=spec.schema_name,
        schema_encoding=spec.schema_encoding,
        schema_data=spec.schema_data,
        metadata=spec.metadata,
    )


def is_drawn(topic: str, info: SessionInfo) -> bool:
    """Whether a topic holds what observations draw over one of a session's streams."""
    return any(topic == schemas.annotations_topic(s.name) for s in info.streams)


def compression_of(name: str) -> Compression:
    """Of a copy's chunks, from what :attr:`recordings.reader.SessionReader.compression` says."""
    return "lz4" if name == "lz4" else "none" if name == "none" else "zstd"


def packers() -> ThreadPoolExecutor:
    """For the writer of a copy."""
    return ThreadPoolExecutor(PACKERS, "tapetum-pack")
