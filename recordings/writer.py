"""Write a session: an MCAP file by foxglove-sdk, complete under its final name or not there at all."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final, Literal, Self

from foxglove import Channel, Context, Schema, open_mcap
from foxglove.mcap import MCAPCompression, MCAPWriteOptions
from foxglove.messages import CameraCalibration

from drivers.frame import Frame, StreamInfo
from recordings import frame_index, image_codec, schemas
from recordings.errors import SessionWriteError
from recordings.image_codec import Codec
from recordings.layout import LAYOUTS, SessionLayout
from recordings.observation import Event, Observation
from recordings.session import SCHEMA_VERSION, ScheduleEntry, SessionInfo
from recordings.stored import StoredFrame, encode_frame

Compression = Literal["zstd", "lz4", "none"]
"""Of the file's chunks, over whatever the codecs of the streams do."""

CHUNK_BYTES: Final = 512 << 10
"""Small enough that a seek decompresses in a millisecond or two, large enough for small thermal frames to share."""

_ZSTD_LEVEL: Final = 1
"""Level 3 takes twice as long and saves 2 % on depth images."""

_MAX_HOST_NS: Final = (1 << 32) * 10**9  # what the image messages' timestamp can hold
_INT64: Final = 1 << 63


class SessionWriter:
    """Writes one session. A context manager: leaving it normally closes, leaving it by an exception aborts.

    It writes to ``<name>.part`` beside the final path; :meth:`close` finishes that file, syncs it to the disk and
    renames it. May be used from several threads; each call writes before it returns, chunk by chunk.

    Args:
        path: the final path, usually ``*.mcap``. Its folder must exist.
        info: the session's description.
        layout: ``viewable`` (raw pixels in zstd chunks) or ``compact``; what the next two say wins over it.
        compression: of the chunks.
        codecs: stream name -> ``raw``, ``png`` or ``compact``, all lossless. A stream whose frames come with
            their own JPEG bytes needs no entry.
        overwrite: replace a file that is already there, finished or half-written.

    Raises:
        SessionWriteError: the folder is missing, the file exists, or the disk refuses.
    """

    def __init__(
        self,
        path: Path | str,
        info: SessionInfo,
        layout: SessionLayout = "viewable",
        *,
        compression: Compression | None = None,
        codecs: Mapping[str, Codec] | None = None,
        overwrite: bool = False,
    ) -> None:
        self.path = Path(path)
        self.info = info
        self._part = self.path.with_name(self.path.name + ".part")
        self._overwrite = overwrite
        self._lock = threading.Lock()
        self._closed = False
        self._newest_host_ns = 0
        if layout not in LAYOUTS:
            raise SessionWriteError(f"the layouts are {', '.join(LAYOUTS)}, found {layout!r}")
        usual: Codec = "compact" if layout == "compact" else "raw"
        self._streams = {s.name: _StreamWriter(s, (codecs or {}).get(s.name, usual)) for s in info.streams}
        unknown = sorted(set(codecs or {}) - set(self._streams))
        if unknown:
            raise SessionWriteError(f"a codec is given for {', '.join(unknown)}, which the session has no stream of")
        self._channels: dict[str, Channel] = {}
        self._context = Context()
        self._file = _PartFile(self._part, self.path, overwrite)
        try:
            chunks = compression or ("none" if layout == "compact" else "zstd")
            self._mcap = open_mcap(self._file, context=self._context, writer_options=_options(chunks))
            self._mcap.write_metadata(
                schemas.SESSION_METADATA,
                {"schema_version": str(SCHEMA_VERSION), "title": info.title, "json": _json_text(info.to_json())},
            )
            self._check_disk()
        except BaseException:
            self._file.discard()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.abort()

    @property
    def bytes_written(self) -> int:
        """What has reached the file so far; the present chunk is still in memory."""
        return self._file.size

    def write_frame(self, frame: Frame, encoded: bytes | None = None, encoding: Literal["jpeg"] = "jpeg") -> None:
        """Append a frame, losslessly.

        With ``encoded`` (the camera's own JPEG bytes, of which ``frame.pixels`` is the decoding) these bytes are
        stored instead of the pixels. A stream either always brings them or never.

        Raises:
            SessionWriteError: the frame is not of one of the session's streams as described, its host time does not
                rise, the way of storing changed, or the disk refuses.
        """
        stream = self._stream_of(frame.info)
        stream.check_values(frame)
        # The encoding needs no lock: several threads may compress at once.
        self._append(stream, stream.encode(frame, encoded, encoding))

    def write_stored(self, stored: StoredFrame) -> None:
        """Append a frame that is encoded already, by :func:`recordings.stored.encode_frame` or another session.

        Raises:
            SessionWriteError: as :meth:`write_frame`.
        """
        stream = self._stream_of(stored.info)
        stream.check_values(stored)
        self._append(stream, stored)

    def _stream_of(self, info: StreamInfo) -> _StreamWriter:
        stream = self._streams.get(info.name)
        if stream is None or stream.info != info:
            known = ", ".join(self._streams)
            what = f"has no stream {info.name!r}" if stream is None else f"describes {info.name!r} otherwise"
            raise SessionWriteError(
                f"{self.path.name}: a frame of stream {info.name!r} came, but the session {what} (streams: "
                f"{known}); a stream must keep its size, dtype and calibration"
            )
        return stream

    def _append(self, stream: _StreamWriter, stored: StoredFrame) -> None:
        message = image_codec.image_message(stored.info, stored.host_ns, stored.codec, stored.data)
        name, host_ns, codec, size = stored.info.name, stored.host_ns, stored.codec, len(stored.data)
        with self._lock:
            self._check_open()
            stream.check_order(stored)
            if not stream.index:
                self._write_calibration(stream.info, host_ns)
            described = {"kind": stored.info.kind.value, "codec": codec}
            image = self._channel(schemas.image_topic(name), image_codec.schema_of(codec), described)
            image.log(message, log_time=host_ns)
            self._json_channel(schemas.frame_topic(name), schemas.FRAME_SCHEMA).log(
                _json_text(
                    {
                        "schema_version": SCHEMA_VERSION,
                        "number": stored.number,
                        "device_ns": stored.device_ns,
                        "host_ns": host_ns,
                        "flags": int(stored.flags),
                        "checksum": f"{stored.checksum:016x}",
                        "checksum_of": "encoded" if codec == "jpeg" else "pixels",
                        "bytes": size,
                    }
                ).encode(),
                log_time=host_ns,
            )
            stream.index.append(stored.number, stored.device_ns, host_ns, stored.checksum, int(stored.flags), size)
            stream.codec, stream.last_host_ns = codec, host_ns
            self._newest_host_ns = max(self._newest_host_ns, host_ns)
            self._check_disk()

    def write_observation(self, observation: Observation) -> None:
        """Append an observation; its log time is its host time. The stored bytes are ``observation.to_bytes()``."""
        self._write_json(
            schemas.OBSERVATIONS_TOPIC,
            schemas.OBSERVATION_SCHEMA,
            observation.to_bytes(),
            observation.host_ns,
        )

    def write_event(self, event: Event) -> None:
        """Append an event; its log time is the host time of the newest frame written."""
        self._write_json(schemas.EVENTS_TOPIC, schemas.EVENT_SCHEMA, _json_text(event.to_json()).encode())

    def write_schedule(self, entry: ScheduleEntry) -> None:
        """Append what a live run processed; its log time is the host time of the newest frame written."""
        self._write_json(schemas.SCHEDULE_TOPIC, schemas.SCHEDULE_SCHEMA, _json_text(entry.to_json()).encode())

    def write_run(self, run: Mapping[str, Any]) -> None:
        """Write what the results in this session were made with: models, engine keys, configuration, versions.

        Written again, the last one counts.

        Raises:
            SessionWriteError: it does not go into JSON, or the disk refuses.
        """
        try:
            text = _json_text(run)
        except (TypeError, ValueError) as error:
            raise SessionWriteError(f"{self.path.name}: the run's description is no JSON: {error}") from error
        with self._lock:
            self._check_open()
            self._mcap.write_metadata(schemas.RUN_METADATA, {"schema_version": str(SCHEMA_VERSION), "json": text})
            self._check_disk()

    def flush(self) -> None:
        """End the present chunk and bring everything to the disk.

        Raises:
            SessionWriteError: the disk refuses.
        """
        with self._lock:
            self._check_open()
            self._mcap.flush()
            self._file.sync()
            self._check_disk()

    def close(self) -> None:
        """Finish the file and give it its final name. Safe to call twice.

        Raises:
            SessionWriteError: the disk refuses; nothing is then left under either name.
        """
        with self._lock:
            if self._closed:
                return
            self._closed = True
            try:
                for name, stream in self._streams.items():
                    self._mcap.attach(
                        log_time=self._newest_host_ns,
                        create_time=self._newest_host_ns,
                        name=schemas.INDEX_ATTACHMENT + name,
                        media_type=schemas.INDEX_MEDIA_TYPE,
                        data=frame_index.pack(stream.index.records()),
                    )
                self._end_mcap()
                self._check_disk()
                self._file.publish()
            except BaseException:
                self._file.discard()
                raise

    def abort(self) -> None:
        """Throw away what was written; nothing is left under either name. Safe to call twice and after close."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._file.ignore_writes = True
            try:
                self._end_mcap()
            finally:
                self._file.discard()

    def _end_mcap(self) -> None:
        self._mcap.close()
        for channel in self._channels.values():
            channel.close()

    def _write_json(self, topic: str, schema: Mapping[str, Any], data: bytes, host_ns: int | None = None) -> None:
        with self._lock:
            self._check_open()
            time = self._newest_host_ns if host_ns is None else host_ns
            if not 0 <= time < _MAX_HOST_NS:
                raise SessionWriteError(f"{self.path.name}: {topic} got the impossible host time {time} ns")
            self._json_channel(topic, schema).log(data, log_time=time)
            self._check_disk()

    def _write_calibration(self, info: StreamInfo, host_ns: int) -> None:
        message = image_codec.calibration_message(info, host_ns)
        if message is not None:
            topic = schemas.calibration_topic(info.name)
            self._channel(topic, CameraCalibration.get_schema(), {}).log(message, log_time=host_ns)

    def _json_channel(self, topic: str, schema: Mapping[str, Any]) -> Channel:
        channel = self._channels.get(topic)
        if channel is None:
            text = json.dumps(schema).encode()
            described = Schema(name=str(schema["title"]), encoding="jsonschema", data=text)
            channel = self._open_channel(topic, "json", described, {"schema_version": str(SCHEMA_VERSION)})
        return channel

    def _channel(self, topic: str, schema: Schema, metadata: dict[str, str]) -> Channel:
        channel = self._channels.get(topic)
        return channel or self._open_channel(topic, "protobuf", schema, metadata)

    def _open_channel(self, topic: str, encoding: str, schema: Schema, metadata: dict[str, str]) -> Channel:
        channel = Channel(topic, message_encoding=encoding, schema=schema, context=self._context, metadata=metadata)
        self._channels[topic] = channel
        return channel

    def _check_open(self) -> None:
        if self._closed:
            raise SessionWriteError(f"{self.path.name}: the session is already finished, nothing can be added")

    def _check_disk(self) -> None:
        """foxglove-sdk logs write errors and goes on; the file remembers them for us."""
        if self._file.error is not None:
            raise SessionWriteError(
                f"{self._part} could not be written: {self._file.error.strerror or self._file.error}; "
                "free some space or choose another place with -o"
            ) from self._file.error


class _StreamWriter:
    """What a session remembers of one stream while it is written."""

    def __init__(self, info: StreamInfo, codec: Codec | None) -> None:
        if codec not in (None, "raw", "png", "jpeg", "compact"):
            raise SessionWriteError(f"stream {info.name}: the codecs are raw, png and compact, found {codec!r}")
        self.info = info
        self.wanted: Codec = codec or "raw"
        self.codec: Codec | None = None
        self.last_host_ns = -1
        self.index = frame_index.FrameIndexBuilder()

    def encode(self, frame: Frame, encoded: bytes | None, encoding: str) -> StoredFrame:
        if encoded is not None:
            if encoding != "jpeg":
                raise SessionWriteError(f"stream {frame.stream}: encoded frames are jpeg, found {encoding!r}")
            return encode_frame(frame, encoded=bytes(encoded))
        if self.wanted == "jpeg":
            raise SessionWriteError(f"stream {frame.stream}: frame {frame.number} came without its JPEG bytes")
        return encode_frame(frame, self.wanted)

    def check_values(self, frame: Frame | StoredFrame) -> None:
        if not 0 <= frame.host_ns < _MAX_HOST_NS:
            raise SessionWriteError(
                f"stream {frame.info.name}: frame {frame.number} has the host time {frame.host_ns} ns; it must lie "
                "between 1970 and 2106"
            )
        if not (-_INT64 <= frame.number < _INT64 and -_INT64 <= frame.device_ns < _INT64):
            raise SessionWriteError(
                f"stream {frame.info.name}: number {frame.number} and device time {frame.device_ns} ns must fit 64 bits"
            )

    def check_order(self, stored: StoredFrame) -> None:
        if self.codec not in (None, stored.codec):
            raise SessionWriteError(
                f"stream {self.info.name} is stored as {self.codec}, frame {stored.number} came as {stored.codec}; "
                "a stream keeps one way of storing"
            )
        if stored.host_ns <= self.last_host_ns:
            raise SessionWriteError(
                f"stream {self.info.name}: the host time must rise, but frame {stored.number} has {stored.host_ns} ns "
                f"after {self.last_host_ns} ns"
            )


class _PartFile:
    """The file-like object under foxglove-sdk: never raises into it, remembers the first error instead."""

    def __init__(self, part: Path, final: Path, overwrite: bool) -> None:
        self.error: OSError | None = None
        self.ignore_writes = False
        self.size = 0
        self._at = 0
        self._part = part
        self._final = final
        self._overwrite = overwrite
        if final.exists() and not overwrite:
            raise SessionWriteError(f"{final} exists already; choose another name or remove it first")
        if final.is_dir():
            raise SessionWriteError(f"{final} is a folder; name a file such as {final / 'session.mcap'}")
        try:
            # Unbuffered: foxglove-sdk buffers already, and nothing may wait here for a close that never comes.
            self._file: BinaryIO = part.open("wb" if overwrite else "xb", buffering=0)
        except FileExistsError as error:
            raise SessionWriteError(
                f"{part} was left by a recording that did not finish (or is being written); move or remove it first"
            ) from error
        except FileNotFoundError as error:
            raise SessionWriteError(f"the folder {part.parent} does not exist; make it first") from error
        except OSError as error:
            raise SessionWriteError(f"{part} cannot be made: {error.strerror or error}") from error

    def write(self, data: bytes | bytearray) -> int:
        if self.error is None and not self.ignore_writes:
            try:
                left = memoryview(data)
                while left:  # an unbuffered write may be short
                    left = left[self._file.write(left) :]
            except OSError as error:
                self.error = error
        self._at += len(data)
        self.size = max(self.size, self._at)
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        # The library panics when its own count of the position is contradicted, so ours goes on after an error.
        self._at = offset + {0: 0, 1: self._at, 2: self.size}[whence]
        if self.error is None and not self.ignore_writes:
            try:
                self._file.seek(self._at)
            except OSError as error:
                self.error = error
        return self._at

    def flush(self) -> None:
        """Nothing is held back here; :meth:`sync` goes to the disk."""

    def sync(self) -> None:
        if self.error is None:
            try:
                os.fsync(self._file.fileno())
            except OSError as error:
                self.error = error

    def publish(self) -> None:
        """Sync, close, rename; SessionWriteError when any of it fails."""
        self.sync()
        try:
            if self.error is not None:
                raise self.error
            self._file.close()
            if self._final.exists() and not self._overwrite:
                raise SessionWriteError(f"{self._final} appeared while the session was written; nothing was replaced")
            self._part.replace(self._final)
            _sync_folder(self._final.parent)
        except OSError as error:
            raise SessionWriteError(f"{self._final} could not be finished: {error.strerror or error}") from error

    def discard(self) -> None:
        self.ignore_writes = True
        self._file.close()
        self._part.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Make a rename survive a power cut (POSIX; Windows does so by itself and cannot open folders)."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _options(compression: Compression) -> MCAPWriteOptions:
    kinds: dict[str, MCAPCompression | None] = {
        "zstd": MCAPCompression.Zstd,
        "lz4": MCAPCompression.Lz4,
        "none": None,
    }
    if compression not in kinds:
        raise SessionWriteError(f"the compressions are {', '.join(kinds)}, found {compression!r}")
    return MCAPWriteOptions(
        compression=kinds[compression],
        compression_level=_ZSTD_LEVEL if compression == "zstd" else 0,
        compression_threads=0,  # a thread pool for half a megabyte costs more than it gives
        chunk_size=CHUNK_BYTES,
        profile=schemas.PROFILE,
    )


def _json_text(data: Mapping[str, Any]) -> str:
    return json.dumps(data, separators=(",", ":"), allow_nan=False)
