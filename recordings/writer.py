"""Write a session: an MCAP file, complete under its final name or not there at all."""

from __future__ import annotations

import errno
import json
import threading
from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal, Self

from drivers.frame import Frame, StreamInfo
from recordings import channels, frame_index, image_codec, schemas, viewer_messages
from recordings.channels import MAX_HOST_NS
from recordings.chunk import Compression
from recordings.container_writer import ChannelSpec, ContainerWriter
from recordings.errors import SessionWriteError
from recordings.image_codec import Codec
from recordings.layout import LAYOUTS, SessionLayout
from recordings.observation import Event, Observation
from recordings.part_file import PartFile
from recordings.session import SCHEMA_VERSION, ScheduleEntry, SessionInfo, program_name
from recordings.signals import signals_json
from recordings.stored import StoredFrame
from recordings.stream_writer import StreamWriter

_RESERVE_BYTES: Final = 1 << 20
_BYTES_A_FRAME: Final = 40
"""Of index a frame takes at the end of the file, before compression."""

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""The errors after which the last chunks may be given up for the index: there is no more room, nothing is broken."""

_MAX_GIVEN_UP: Final = 256
"""Chunks that may be given up so that the rest can be finished on a full disk."""


@dataclass(frozen=True, slots=True)
class WriterLosses:
    """What :meth:`SessionWriter.end` could not keep: stream -> frames that had been accepted, and other messages."""

    frames: Mapping[str, int]


class SessionWriter:
    """Writes one session. A context manager: leaving it normally closes, leaving it by an exception aborts.

    It writes to ``<name>.part`` beside the final path; :meth:`close` finishes that file, syncs it to the disk and
    renames it. May be used from several threads. What is written lies in memory until its chunk is full or
    :meth:`flush` is called.

    Args:
        path: the final path, usually ``*.mcap``. Its folder must exist.
        info: the session's description.
        layout: ``viewable`` (raw pixels in zstd chunks) or ``compact``; what the next two say wins over it.
        compression: of the chunks.
        codecs: stream name -> ``raw``, ``png`` or ``compact``, all lossless. A stream whose frames come with
            their own JPEG bytes needs no entry.
        overwrite: replace a file that is already there, finished or half-written.
        packers: threads that compress the chunks; None compresses in the caller's.
        reserve: keep room for the index on the disk, so that the file can be finished when the disk is full.

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
        packers: Executor | None = None,
        reserve: bool = False,
    ) -> None:
        self.path = Path(path)
        self.info = info
        self._lock = threading.Lock()
        self._closed = False
        self._refused: OSError | None = None
        self._newest_host_ns = 0
        self._newest_device_ns = 0
        self._reserve = reserve
        self._drawn: set[str] = set()
        if layout not in LAYOUTS:
            raise SessionWriteError(f"the layouts are {', '.join(LAYOUTS)}, found {layout!r}")
        if compression not in (None, "zstd", "lz4", "none"):
            raise SessionWriteError(f"the compressions are zstd, lz4, none, found {compression!r}")
        usual: Codec = "compact" if layout == "compact" else "raw"
        self._streams = {s.name: StreamWriter(s, (codecs or {}).get(s.name, usual)) for s in info.streams}
        unknown = sorted(set(codecs or {}) - set(self._streams))
        if unknown:
            raise SessionWriteError(f"a codec is given for {', '.join(unknown)}, which the session has no stream of")
        self._file = PartFile(self.path, overwrite=overwrite)
        try:
            self._container = ContainerWriter(
                self._file,
                profile=schemas.PROFILE,
                library=program_name(),
                compression=compression or ("none" if layout == "compact" else "zstd"),
                packers=packers,
            )
            self._write_info()
            if reserve:
                self._file.reserve(_RESERVE_BYTES)
        except OSError as error:
            self._file.discard()
            raise self._refusal(error) from error
        except BaseException:  # whatever it was, also an interrupt: nothing may stay behind
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

    @property
    def part_path(self) -> Path:
        """Where the session lies until it is closed."""
        return self._file.path

    def write_frame(self, frame: Frame, encoded: bytes | None = None, encoding: Literal["jpeg"] = "jpeg") -> None:
        """Append a frame, losslessly.

        With ``encoded`` (the camera's own JPEG bytes, of which ``frame.pixels`` is the decoding) these bytes are
        stored instead of the pixels; by default ``frame.encoded``. A stream either always brings them or never.

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

    def write_observation(self, observation: Observation) -> None:
        """Append an observation; its log time is its host time. The stored bytes are ``observation.to_bytes()``.

        For viewers, what it says is also drawn over its faces' streams (`foxglove.ImageAnnotations`), and its numbers
        are written by name (`tapetum.Signals`).
        """
        host_ns = observation.host_ns
        self._write(channels.OBSERVATIONS, observation.to_bytes(), host_ns)
        for face in observation.faces:
            self._write(channels.SIGNALS, _json_text(signals_json(observation, face)).encode(), host_ns)
        faces = {f.stream for f in observation.faces}
        for stream in sorted(faces | self._drawn):
            data = viewer_messages.annotations_message((f for f in observation.faces if f.stream == stream), host_ns)
            self._write(channels.drawn(stream), data, host_ns)
        self._drawn = faces

    def write_observation_bytes(self, data: bytes, host_ns: int) -> None:
        """Append an observation as another session stores it, byte for byte."""
        self._write(channels.OBSERVATIONS, data, host_ns)

    def write_event(self, event: Event) -> None:
        """Append an event; its log time is the host time of the newest frame written."""
        self._write(channels.EVENTS, _json_text(event.to_json()).encode())

    def write_schedule(self, entry: ScheduleEntry) -> None:
        """Append what a live run processed; its log time is the host time of the newest frame written."""
        self._write(channels.SCHEDULE, _json_text(entry.to_json()).encode())

    def write_log(self, level: str, text: str) -> None:
        """Append a line of the log (`foxglove.Log`): debug, info, warning or error."""
        self._write(channels.LOG, viewer_messages.log_message(level, text, self._newest_host_ns))

    def write_message(
        self,
        topic: str,
        log_time: int,
        data: bytes,
        *,
        message_encoding: str,
        schema_name: str,
        schema_encoding: str,
        schema_data: bytes,
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        """Append a message as another file holds it: for copies of what this version does not know.

        Raises:
            SessionWriteError: the topic has messages of another schema already, or the disk refuses.
        """
        spec = ChannelSpec(topic, message_encoding, schema_name, schema_encoding, schema_data, dict(metadata or {}))
        try:
            self._write(spec, data, log_time)
        except ValueError as error:
            raise SessionWriteError(f"{self.path.name}: {error}") from error

    def write_attachment(self, name: str, media_type: str, data: bytes) -> None:
        """Add a file to the session, such as a camera's calibration or ground truth.

        Raises:
            SessionWriteError: the disk refuses.
        """
        with self._lock:
            self._check_open()
            with self._told():
                self._container.attach(name, media_type, data, self._newest_host_ns)

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
            with self._told():
                self._container.metadata(schemas.RUN_METADATA, {"schema_version": str(SCHEMA_VERSION), "json": text})

    def poll(self) -> None:
        """Write chunks that the packers have finished; never waits for them.

        Raises:
            SessionWriteError: the disk refuses.
        """
        with self._lock:
            self._check_open()
            with self._told():
                self._container.poll()

    def flush(self, *, sync: bool = True) -> None:
        """End the present chunk and write it; with ``sync`` bring everything to the disk itself.

        Raises:
            SessionWriteError: the disk refuses.
        """
        with self._lock:
            self._check_open()
            with self._told():
                self._container.flush()
                if self._reserve:
                    frames = sum(len(s.index) for s in self._streams.values())
                    wanted = 2 * self._container.index_bytes + _BYTES_A_FRAME * frames
                    # in steps, so that it is not grown at each flush
                    self._file.reserve(-(-wanted // _RESERVE_BYTES) * _RESERVE_BYTES)
        if sync:
            self.sync()

    def sync(self) -> None:
        """Bring what was written to the disk itself (fdatasync). Others may write meanwhile: it takes no lock.

        Raises:
            SessionWriteError: the disk refuses.
        """
        with self._told():
            try:
                self._file.sync()
            except ValueError:  # closed meanwhile: publishing has synced it
                return

    def close(self, *, keep: bool = False) -> None:
        """Finish the file and give it its final name. Safe to call twice.

        Args:
            keep: what cannot be made again is not thrown away when this fails: :meth:`end` must follow then.

        Raises:
            SessionWriteError: the disk refuses; nothing is left under either name unless ``keep`` is said.
        """
        with self._lock:
            if self._closed:
                return
            try:
                with self._told():
                    if self._refused is not None:
                        raise self._refused
                    self._container.flush()
                    self._finish()
            except BaseException:  # whatever it was, also an interrupt: nothing may stay behind
                if not keep:
                    self._closed = True
                    self._file.discard()
                raise
            self._closed = True

    def end(self, reason: str) -> WriterLosses:
        """Finish a session that cannot go on, keeping what was written: after a :class:`SessionWriteError`, say.

        The reason goes into the session as an event and into its log, where there is room for it. On a full disk the
        last chunks may have to go, so that the index finds room. Safe to call after :meth:`close`.

        Raises:
            SessionWriteError: not even that; what was written is in the ``.part`` file, and the message says so.
        """
        with self._lock:
            if self._closed:
                return WriterLosses({})
            self._closed = True
            if self._file.is_closed:
                self._file.leave()
                if not self._file.path.exists():
                    raise SessionWriteError(f"{self.path} is whole, but the disk did not confirm its name")
                raise SessionWriteError(
                    f"{self._file.path} is whole, but could not be given its name; rename it to one ending in .mcap"
                )
            self._file.release_reserve()
            accepted = {name: len(stream.index) for name, stream in self._streams.items()}
            try:
                if self._refused is None:
                    self._container.flush()
            except OSError as error:
                self._refused = error
            if self._refused is not None:
                self._container.forget()
            try:
                self._finish_somehow(reason, accepted)
            except (OSError, SessionWriteError) as error:
                self._file.leave()
                raise SessionWriteError(
                    f"{self.path} could not be finished ({getattr(error, 'strerror', None) or error}); what was "
                    f"written is in {self._file.path}: `tapetum session recover {self._file.path} -o NAME.mcap`"
                ) from error
            return WriterLosses(self._lost(accepted))

    def abort(self) -> None:
        """Throw away what was written; nothing is left under either name. Safe to call twice and after close."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._container.forget()
            self._file.discard()

    # -- inside ------------------------------------------------------------------------------------------------

    def _stream_of(self, info: StreamInfo) -> StreamWriter:
        stream = self._streams.get(info.name)
        if stream is None or (stream.info is not info and stream.info != info):
            known = ", ".join(self._streams)
            what = f"has no stream {info.name!r}" if stream is None else f"describes {info.name!r} otherwise"
            raise SessionWriteError(
                f"{self.path.name}: a frame of stream {info.name!r} came, but the session {what} (streams: "
                f"{known}); a stream must keep its size, dtype and calibration"
            )
        return stream

    def _append(self, stream: StreamWriter, stored: StoredFrame) -> None:
        host_ns, size = stored.host_ns, len(stored.data)
        image = image_codec.image_message(stored.info, host_ns, stored.codec, stored.data)
        described = _json_text(
            {
                "schema_version": SCHEMA_VERSION,
                "number": stored.number,
                "device_ns": stored.device_ns,
                "host_ns": host_ns,
                "flags": int(stored.flags),
                "checksum": f"{stored.checksum:016x}",
                "checksum_of": "encoded" if stored.codec == "jpeg" else "pixels",
                "bytes": size,
            }
        ).encode()
        with self._lock:
            self._check_open()
            stream.check_order(stored)
            with self._told():
                if not stream.index:
                    stream.begin(stored.codec)
                    calibration = image_codec.calibration_message(stream.info, host_ns)
                    if calibration is not None:
                        self._container.message(channels.calibration(stream.info.name), host_ns, calibration)
                stream.index.append(stored.number, stored.device_ns, host_ns, stored.checksum, int(stored.flags), size)
                stream.last_host_ns = host_ns
                self._newest_host_ns = max(self._newest_host_ns, host_ns)
                self._newest_device_ns = stored.device_ns
                # Both in one chunk: a chunk that is lost or saved takes whole frames with it.
                self._container.message(stream.frame_channel, host_ns, described, together=True)
                self._container.message(stream.image_channel, host_ns, *image)

    def _write(self, spec: ChannelSpec, data: bytes, host_ns: int | None = None) -> None:
        with self._lock:
            self._check_open()
            time = self._newest_host_ns if host_ns is None else host_ns
            if not 0 <= time < MAX_HOST_NS:
                raise SessionWriteError(f"{self.path.name}: {spec.topic} got the impossible host time {time} ns")
            with self._told():
                self._container.message(spec, time, data)

    def _write_info(self) -> None:
        self._container.metadata(
            schemas.SESSION_METADATA,
            {
                "schema_version": str(SCHEMA_VERSION),
                "title": self.info.title,
                "json": _json_text(self.info.to_json()),
            },
        )

    def _finish(self) -> None:
        """The index of each stream, the description once more (for whoever finds the front damaged), the end."""
        begin = self._file.size
        try:
            for name, stream in self._streams.items():
                self._container.attach(
                    schemas.INDEX_ATTACHMENT + name,
                    schemas.INDEX_MEDIA_TYPE,
                    frame_index.pack(stream.index.records()),
                    self._newest_host_ns,
                )
            self._write_info()
            self._container.finish()
            self._file.publish()
        except OSError:
            if not self._file.is_closed:  # another end may come, and must not stand behind half of this one
                self._container.cut_back(begin)
            raise

    def _finish_somehow(self, reason: str, accepted: Mapping[str, int]) -> None:
        """Finish with as much as the disk takes: with the reason, without it, without the last chunks."""
        for given_up in range(-1, _MAX_GIVEN_UP):
            self._container.retry()
            lost = self._lost(accepted)
            try:
                if given_up < 0:
                    self._write_reason(reason, lost)
                self._finish()
                return
            except OSError as error:
                if error.errno not in _FULL or self._file.is_closed:
                    raise
                self._container.forget()
                self._container.drop_attachments()
                if given_up >= 0 and not self._container.drop_last_chunk():
                    raise
        raise SessionWriteError(f"there is no room for the index, even after {_MAX_GIVEN_UP} chunks were given up")

    def _write_reason(self, reason: str, lost: Mapping[str, int]) -> None:
        words = "".join(f"; {n} frames of {name} were lost in memory" for name, n in lost.items())
        event = Event("recording ended", self._newest_device_ns, None, None, reason + words)
        self._container.message(
            channels.EVENTS, self._newest_host_ns, _json_text(event.to_json()).encode(), together=True
        )
        log = viewer_messages.log_message("error", f"recording ended: {reason}{words}", self._newest_host_ns)
        self._container.message(channels.LOG, self._newest_host_ns, log)
        self._container.flush()

    def _lost(self, accepted: Mapping[str, int]) -> dict[str, int]:
        """Cut the indexes back to the frames that are in the file; stream -> frames that were accepted and are not."""
        counts = self._container.message_counts()
        for name, stream in self._streams.items():
            stream.index.truncate(counts.get(schemas.image_topic(name), 0))
        return {
            name: n - len(self._streams[name].index)
            for name, n in accepted.items()
            if n > len(self._streams[name].index)
        }

    def _check_open(self) -> None:
        if self._closed:
            raise SessionWriteError(f"{self.path.name}: the session is already finished, nothing can be added")
        if self._refused is not None:
            raise self._refusal(self._refused)

    def _told(self) -> _Told:
        return _Told(self)

    def _refusal(self, error: OSError) -> SessionWriteError:
        return SessionWriteError(
            f"{self._file.path} could not be written: {error.strerror or error}; "
            "free some space or choose another place with -o"
        )

    def remember(self, error: OSError) -> SessionWriteError:
        """The disk refused: nothing more is written, and every later call says why."""
        if self._refused is None:
            self._refused = error
        return self._refusal(error)


class _Told:
    """Turns what the disk says into what the writer says."""

    def __init__(self, writer: SessionWriter) -> None:
        self._writer = writer

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(value, OSError):
            raise self._writer.remember(value) from value


def _json_text(data: Mapping[str, Any]) -> str:
    return json.dumps(data, separators=(",", ":"), allow_nan=False)
