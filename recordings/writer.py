"""Write a session: an MCAP file, complete under its final name or not there at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from drivers.frame import Frame, StreamInfo
from recordings import channels, image_codec, schemas, viewer_messages
from recordings.container_writer import ChannelSpec
from recordings.errors import SessionWriteError
from recordings.event import Event
from recordings.observation import Observation
from recordings.session import SCHEMA_VERSION, ScheduleEntry
from recordings.session_ending import json_text
from recordings.session_file import SessionFile
from recordings.signals import signals_json
from recordings.stored import StoredFrame
from recordings.stream_writer import StreamWriter


class SessionWriter(SessionFile):
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
            self._write(channels.SIGNALS, json_text(signals_json(observation, face)).encode(), host_ns)
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
        self._write(channels.EVENTS, json_text(event.to_json()).encode())

    def write_schedule(self, entry: ScheduleEntry) -> None:
        """Append what a live run processed; its log time is the host time of the newest frame written."""
        self._write(channels.SCHEDULE, json_text(entry.to_json()).encode())

    def write_log(self, level: str, text: str) -> None:
        """Append a line of the log (`foxglove.Log`): debug, info, warning or error."""
        self._write(channels.LOG, viewer_messages.log_message(level, text, self._newest.host_ns))

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
                self._container.attach(name, media_type, data, self._newest.host_ns)

    def write_run(self, run: Mapping[str, Any]) -> None:
        """Write what the results in this session were made with: models, engine keys, configuration, versions.

        Written again, the last one counts.

        Raises:
            SessionWriteError: it does not go into JSON, or the disk refuses.
        """
        try:
            text = json_text(run)
        except (TypeError, ValueError) as error:
            raise SessionWriteError(f"{self.path.name}: the run's description is no JSON: {error}") from error
        with self._lock:
            self._check_open()
            with self._told():
                self._container.metadata(schemas.RUN_METADATA, {"schema_version": str(SCHEMA_VERSION), "json": text})

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
        described = json_text(
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
                self._newest.host_ns = max(self._newest.host_ns, host_ns)
                self._newest.device_ns = stored.device_ns
                # Both in one chunk: a chunk that is lost or saved takes whole frames with it.
                self._container.message(stream.frame_channel, host_ns, described, together=True)
                self._container.message(stream.image_channel, host_ns, *image)
