"""Read a session: any frame by index, number or time, without going through the file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal, NamedTuple, Self, cast, get_args

import numpy as np
from numpy.typing import NDArray

from drivers.frame import Frame, FrameFlag, StreamInfo
from recordings import frame_index, image_codec, schemas
from recordings.container import McapFile
from recordings.errors import SessionFormatError
from recordings.event import Event
from recordings.image_codec import COMPRESSED_SCHEMA, RAW_SCHEMA, Codec
from recordings.observation import Observation
from recordings.session import ScheduleEntry, SessionInfo
from recordings.stored import StoredFrame, decode_frame

_KNOWN_FLAGS: Final = sum(FrameFlag)


class FrameTimes(NamedTuple):
    """Of every frame of a stream, in the order they were recorded; int64 arrays (N,)."""

    number: NDArray[np.int64]
    device_ns: NDArray[np.int64]
    host_ns: NDArray[np.int64]


class SessionReader:
    """A session, open for reading. A context manager; for one thread (open one reader a thread).

    Args:
        path: the session file.
        check: compare the checksum of every frame read with the one recorded (a hundredth of the reading time).

    Raises:
        SessionNotFoundError: there is no file at the path.
        SessionFormatError: it is no session, torn, damaged, or of a newer version.
    """

    def __init__(self, path: Path | str, *, check: bool = True) -> None:
        self.path = Path(path)
        self._check = check
        self._file = McapFile(self.path)
        try:
            self.info = self._read_info()
        except BaseException:  # whatever it was: the file must not stay open
            self._file.close()
            raise
        self._streams = {s.name: s for s in self.info.streams}
        self._records: dict[str, NDArray[Any]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the file. Safe to call twice."""
        self._file.close()

    @property
    def streams(self) -> tuple[StreamInfo, ...]:
        return self.info.streams

    @property
    def size(self) -> int:
        """Bytes on the disk."""
        return self._file.size

    @property
    def compression(self) -> str:
        """Of the file's chunks: ``zstd``, ``lz4`` or ``none``."""
        return self._file.compression

    def codec(self, stream: str) -> Codec | Literal[""]:
        """How a stream's pixels are stored; '' when it has no frame.

        Raises:
            KeyError: no such stream.
            SessionFormatError: in a way that this version does not know.
        """
        self._stream(stream)
        return self._codec(stream) if schemas.image_topic(stream) in self._file.channels else ""

    def _codec(self, stream: str) -> Codec:
        channel = self._file.channels.get(schemas.image_topic(stream))
        named = "" if channel is None else channel.metadata.get("codec", "")
        if not named and self._image_schema(stream) == RAW_SCHEMA:
            named = "raw"
        if named not in get_args(Codec):
            raise SessionFormatError(f"{self.path}: stream {stream} is stored as {named!r}, which this program lacks")
        return cast(Codec, named)

    def stored_bytes(self, stream: str) -> int:
        """Sum of a stream's images as they are stored, before the chunks' compression."""
        return int(self._index(stream)["bytes"].sum(dtype=np.int64))

    def count(self, stream: str) -> int:
        """How many frames a stream has."""
        return len(self._index(stream))

    def times(self, stream: str) -> FrameTimes:
        """Numbers, device times and host times of every frame of a stream."""
        index = self._index(stream)
        return FrameTimes(index["number"].copy(), index["device_ns"].copy(), index["host_ns"].copy())

    def flags(self, stream: str) -> NDArray[np.uint32]:
        """:class:`drivers.frame.FrameFlag` of every frame of a stream, uint32 (N,)."""
        out: NDArray[np.uint32] = self._index(stream)["flags"].astype(np.uint32)
        return out

    def frame(self, stream: str, index: int) -> Frame:
        """The frame at a position of a stream, counted from 0; negative ones count from the end.

        Raises:
            KeyError: no such stream.
            IndexError: no such position.
            SessionFormatError: the file is damaged there.
        """
        records = self._index(stream)
        if not -len(records) <= index < len(records):
            raise IndexError(f"{self.path.name}: stream {stream} has {len(records)} frames, no position {index}")
        return self._frame(self._streams[stream], records[index])

    def frame_by_number(self, stream: str, number: int) -> Frame:
        """The frame with the camera's number (the first of them, if a camera counted twice).

        Raises:
            KeyError: no such stream, or no frame of that number.
            SessionFormatError: the file is damaged there.
        """
        hits = np.flatnonzero(self._index(stream)["number"] == number)
        if not len(hits):
            raise KeyError(f"{self.path.name}: stream {stream} has no frame number {number}")
        return self.frame(stream, int(hits[0]))

    def stored(self, stream: str, index: int) -> StoredFrame:
        """The frame at a position as it lies in the file, undecoded: to copy it, or for the camera's own JPEG.

        Raises:
            KeyError, IndexError, SessionFormatError: as :meth:`frame`; the checksum is not looked at.
        """
        records = self._index(stream)
        if not -len(records) <= index < len(records):
            raise IndexError(f"{self.path.name}: stream {stream} has {len(records)} frames, no position {index}")
        return self._stored_frame(self._streams[stream], records[index])

    def index_at(self, stream: str, device_ns: int) -> int:
        """Position of the frame nearest to a device time (the earlier one of two equally near).

        Raises:
            KeyError: no such stream.
            IndexError: the stream has no frame.
        """
        times = self._index(stream)["device_ns"]
        if not len(times):
            raise IndexError(f"{self.path.name}: stream {stream} has no frames")
        at = np.int64(max(min(device_ns, np.iinfo(np.int64).max), np.iinfo(np.int64).min))
        # As unsigned, so that the distance of two far clocks does not overflow.
        later, earlier = (times - at).view(np.uint64), (at - times).view(np.uint64)
        return int(np.argmin(np.where(times >= at, later, earlier)))

    def frames(self, streams: Sequence[str] | None = None, start: int | None = None) -> Iterator[Frame]:
        """Frames in the order of their host times (streams in the session's order where these are equal).

        Args:
            streams: names; all when None.
            start: host time in ns of the earliest frame to give.

        Raises:
            KeyError: no such stream.
            SessionFormatError: the file is damaged.
        """
        for stream, index in self.order(streams, start):
            yield self.frame(stream, index)

    def order(self, streams: Sequence[str] | None = None, start: int | None = None) -> list[tuple[str, int]]:
        """(stream, position) of the frames that :meth:`frames` gives, in the same order. Reads no pixels."""
        names = [s.name for s in self.streams if streams is None or s.name in streams]
        for name in streams or ():
            self._stream(name)
        if not names:
            return []
        times = [self._index(name)["host_ns"] for name in names]
        first = [0 if start is None else int(np.searchsorted(t, start)) for t in times]
        which = np.concatenate([np.full(len(t) - f, k) for k, (t, f) in enumerate(zip(times, first, strict=True))])
        where = np.concatenate([np.arange(f, len(t)) for t, f in zip(times, first, strict=True)])
        when = np.concatenate([t[f:] for t, f in zip(times, first, strict=True)])
        rank = np.lexsort((which, when))
        return [(names[k], i) for k, i in zip(which[rank].tolist(), where[rank].tolist(), strict=True)]

    def observations(self) -> Iterator[Observation]:
        """Every stored observation, in the order it was written.

        Raises:
            SessionFormatError: one is damaged or of a newer version.
        """
        for data in self.observation_bytes():
            yield Observation.from_json(self._json(data, schemas.OBSERVATIONS_TOPIC))

    def observation_bytes(self) -> Iterator[bytes]:
        """Every stored observation as the bytes of ``Observation.to_bytes``, in the order it was written."""
        for _, data in self._file.messages(schemas.OBSERVATIONS_TOPIC):
            yield bytes(data)

    def observation_count(self) -> int:
        """How many observations are stored."""
        return self._file.count(schemas.OBSERVATIONS_TOPIC)

    def event_count(self) -> int:
        """How many events are stored."""
        return self._file.count(schemas.EVENTS_TOPIC)

    def schedule_count(self) -> int:
        """How many schedule entries are stored."""
        return self._file.count(schemas.SCHEDULE_TOPIC)

    def events(self) -> Iterator[Event]:
        """Every stored event, in the order it was written.

        Raises:
            SessionFormatError: one is damaged.
        """
        for _, data in self._file.messages(schemas.EVENTS_TOPIC):
            yield Event.from_json(self._json(data, schemas.EVENTS_TOPIC))

    def schedule(self) -> list[ScheduleEntry]:
        """What a live run processed, in the order it did; empty when the session is no live run's.

        Raises:
            SessionFormatError: an entry is damaged or of a newer version.
        """
        topic = schemas.SCHEDULE_TOPIC
        return [ScheduleEntry.from_json(self._json(data, topic)) for _, data in self._file.messages(topic)]

    def attachment(self, name: str) -> bytes | None:
        """The data of an attachment, such as ``tapetum.truth/head_pose.json``; None when there is none of that name.

        Raises:
            SessionFormatError: it is damaged.
        """
        return self._file.attachment(name)

    def run(self) -> dict[str, Any] | None:
        """What the stored results were made with; None when the session holds none.

        Raises:
            SessionFormatError: it does not parse.
        """
        records = self._file.metadata(schemas.RUN_METADATA)
        if not records:
            return None
        return self._json(records[-1].get("json", "").encode(), schemas.RUN_METADATA)

    def _read_info(self) -> SessionInfo:
        records = self._file.metadata(schemas.SESSION_METADATA)
        if not records:
            raise SessionFormatError(
                f"{self.path} is an MCAP file but no Tapetum session: it has no {schemas.SESSION_METADATA!r} record"
            )
        if any(record != records[0] for record in records[1:]):
            # It stands at the front and at the end; no checksum of MCAP's covers it.
            raise SessionFormatError(
                f"{self.path}: its two descriptions differ, so one of them is damaged; "
                f"`tapetum session recover {self.path} -o NAME.mcap` saves its frames"
            )
        try:
            return SessionInfo.from_json(self._json(records[0].get("json", "").encode(), schemas.SESSION_METADATA))
        except SessionFormatError as error:
            raise SessionFormatError(f"{self.path} cannot be read as a session: {error}") from error

    def _stream(self, name: str) -> StreamInfo:
        info = self._streams.get(name)
        if info is None:
            raise KeyError(f"{self.path.name} has no stream {name!r}; its streams: {', '.join(self._streams)}")
        return info

    def _image_schema(self, stream: str) -> str:
        schema = self._file.schema_name(schemas.image_topic(stream))
        if schema not in (RAW_SCHEMA, COMPRESSED_SCHEMA):
            raise SessionFormatError(f"{self.path}: stream {stream} holds {schema or 'nothing'}, no images")
        return schema

    def _index(self, stream: str) -> NDArray[Any]:
        """The stream's frames without pixels (recordings.frame_index.RECORD)."""
        found = self._records.get(stream)
        if found is None:
            self._stream(stream)
            found = self._load_index(stream)
            self._records[stream] = found
        return found

    def _load_index(self, stream: str) -> NDArray[Any]:
        data = self._file.attachment(schemas.INDEX_ATTACHMENT + stream)
        if data is not None:
            records = frame_index.unpack(data)
            if len(records) == self._file.count(schemas.image_topic(stream)):
                return records
        return self._collect_index(stream)

    def _collect_index(self, stream: str) -> NDArray[Any]:
        """The index from the messages themselves, for files that another program cut or merged."""
        images = set(self._file.times(schemas.image_topic(stream)).tolist())
        builder = frame_index.FrameIndexBuilder()
        topic = schemas.frame_topic(stream)
        for time, data in self._file.messages(topic):
            if time not in images:
                continue
            said = self._json(data, topic)
            try:
                builder.append(
                    int(said["number"]),
                    int(said["device_ns"]),
                    time,
                    int(said["checksum"], 16),
                    int(said["flags"]),
                    int(said["bytes"]),
                )
            except (KeyError, TypeError, ValueError, OverflowError) as error:
                raise SessionFormatError(f"{self.path}: a message on {topic} is incomplete: {error}") from error
        records = builder.records()
        return records[np.argsort(records["host_ns"], kind="stable")]

    def _frame(self, info: StreamInfo, record: Any) -> Frame:
        try:
            return decode_frame(self._stored_frame(info, record), check=self._check)
        except SessionFormatError as error:
            raise SessionFormatError(f"{self.path}: {error}") from error

    def _stored_frame(self, info: StreamInfo, record: Any) -> StoredFrame:
        host_ns = int(record["host_ns"])
        return StoredFrame(
            info=info,
            number=int(record["number"]),
            device_ns=int(record["device_ns"]),
            host_ns=host_ns,
            # a later version may know more flags
            flags=FrameFlag(int(record["flags"]) & _KNOWN_FLAGS),
            codec=self._codec(info.name),
            data=self._stored(info, host_ns),
            checksum=int(record["checksum"]),
        )

    def _stored(self, info: StreamInfo, host_ns: int) -> bytes:
        message = self._file.message(schemas.image_topic(info.name), host_ns)
        return image_codec.stored_bytes(message, self._image_schema(info.name), info)

    def _json(self, data: bytes | memoryview, where: str) -> dict[str, Any]:
        try:
            out = json.loads(bytes(data))
        except ValueError as error:
            raise SessionFormatError(f"{self.path}: {where} holds no JSON: {error}") from error
        if not isinstance(out, dict):
            raise SessionFormatError(f"{self.path}: {where} holds JSON, but no object")
        return out
