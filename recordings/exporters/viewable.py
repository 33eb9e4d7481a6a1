"""Any session as one that Foxglove and Rerun show: what they cannot decode becomes plain pixels, all else is copied."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from mcap.exceptions import McapError
from mcap.reader import make_reader

from drivers.frame import StreamInfo
from recordings import schemas
from recordings.container import McapFile
from recordings.errors import SessionExportError, SessionFormatError, SessionWriteError
from recordings.exporters.messages import Messages
from recordings.exporters.output import check_file
from recordings.exporters.part import Part, part_of
from recordings.exporters.protocol import Exporter, ExportOptions, ExportReport, Progress, check_options
from recordings.reader import SessionReader
from recordings.run_record import unreplayable
from recordings.session import SessionInfo
from recordings.stored import StoredFrame, decode_frame, encode_frame
from recordings.writer import SessionWriter

_PACKERS: Final = 2
"""Threads that compress chunks while the next frames are decoded."""


class Viewable:
    """The exporter to the viewable layout."""

    name = "viewable"
    title = "session that Foxglove and Rerun show (MCAP)"
    suffix = ".mcap"
    uses: frozenset[str] = frozenset()
    kept = (
        "every pixel; JPEG and 8-bit PNG byte for byte, all else as raw images",
        "numbers, both clocks, flags and checksums of every frame; calibration, units, the map to kelvin",
        "observations, drawings, events, schedule, log and messages of other programs, byte for byte",
        "what the results were made with; attachments",
    )
    not_kept = (
        "the small size of the compact layout",
        "metadata records of other programs",
    )

    def run(
        self, session: SessionReader, out: Path, options: ExportOptions, on_progress: Progress | None = None
    ) -> ExportReport:
        check_options(self, options)
        part = part_of(session, options)
        check_file(out, session, self.suffix, options.overwrite)
        others = McapFile(session.path)
        try:
            with (
                ThreadPoolExecutor(_PACKERS, "tapetum-pack") as packers,
                SessionWriter(
                    out, _info(session, part), "viewable", overwrite=options.overwrite, packers=packers
                ) as writer,
            ):
                _write(session, others, part, writer, on_progress)
        except SessionWriteError as error:
            raise SessionExportError(str(error)) from error
        finally:
            others.close()
        return ExportReport(out, part.counts(), out.stat().st_size, tuple(_notes(session, part)))


def _info(session: SessionReader, part: Part) -> SessionInfo:
    """The session's description; it is the same recording, so it keeps its id unless something is left out."""
    info = session.info
    if part.is_whole:
        return info
    fresh = SessionInfo.create(
        part.streams,
        title=info.title,
        source=info.source,
        clock=info.clock,
        notes={**info.notes, "part of": f"session {info.id}"},
    )
    return replace(fresh, created_utc=info.created_utc)


def _notes(session: SessionReader, part: Part) -> Iterator[str]:
    changed = [s.name for s in part.streams if session.count(s.name) and not _is_shown(session, s)]
    if changed:
        yield f"stored as raw pixels now: {', '.join(changed)}"
    if not part.is_whole and session.schedule_count():
        yield "the results are those of the whole session: from a part they cannot be computed again"


def _is_shown(session: SessionReader, info: StreamInfo) -> bool:
    """Whether viewers show a stream as it is stored. They turn PNG of 16 bits into 8."""
    codec = session.codec(info.name)
    return codec in ("raw", "jpeg") or (codec == "png" and info.dtype == "uint8")


def _write(
    session: SessionReader, others: McapFile, part: Part, writer: SessionWriter, on_progress: Progress | None
) -> None:
    shown = {s.name: _is_shown(session, s) for s in part.streams if session.count(s.name)}
    host = {s.name: session.times(s.name).host_ns for s in part.streams}
    queues = [Messages(others, topic, part) for topic in _topics(session, others, part)]
    for record in others.metadata(schemas.RUN_METADATA):
        run = _run_of(session, record)
        # Results come of all the frames before them, of which a part lacks some.
        writer.write_run(run if part.is_whole else unreplayable(run, "it is a part of a session"))
    total = len(part.order)
    for done, (name, index) in enumerate(part.order, 1):
        for queue in queues:
            _copy(queue, int(host[name][index]), writer)
        stored = session.stored(name, index)
        writer.write_stored(_checked(session, stored) if shown[name] else _as_raw(session, stored))
        if on_progress is not None:
            on_progress(done, total)
    for queue in queues:
        _copy(queue, None, writer)
    _copy_attachments(session, writer)


def _checked(session: SessionReader, stored: StoredFrame) -> StoredFrame:
    """The frame as it is, once it is known to be whole."""
    try:
        decode_frame(stored)
    except SessionFormatError as error:
        raise SessionFormatError(f"{session.path}: {error}") from error
    return stored


def _as_raw(session: SessionReader, stored: StoredFrame) -> StoredFrame:
    try:
        return encode_frame(decode_frame(stored), "raw")
    except SessionFormatError as error:
        raise SessionFormatError(f"{session.path}: {error}") from error


def _run_of(session: SessionReader, record: dict[str, str]) -> dict[str, Any]:
    try:
        run = json.loads(record.get("json", ""))
    except ValueError as error:
        raise SessionFormatError(f"{session.path}: {schemas.RUN_METADATA} holds no JSON: {error}") from error
    if not isinstance(run, dict):
        raise SessionFormatError(f"{session.path}: {schemas.RUN_METADATA} holds JSON, but no object")
    return run


def _topics(session: SessionReader, others: McapFile, part: Part) -> list[str]:
    """Every topic but those that the writer makes itself, and but those of streams that are left out."""
    made = set()
    for info in session.streams:
        made |= {schemas.image_topic(info.name), schemas.frame_topic(info.name), schemas.calibration_topic(info.name)}
    chosen = {s.name for s in part.streams}
    left_out = {schemas.annotations_topic(s.name) for s in session.streams if s.name not in chosen}
    return [topic for topic in others.channels if topic not in made and topic not in left_out]


def _copy(messages: Messages, before_ns: int | None, writer: SessionWriter) -> None:
    channel, schema = messages.channel, messages.schema
    for time, data in messages.before(before_ns):
        writer.write_message(
            channel.topic,
            time,
            data,
            message_encoding=channel.message_encoding,
            schema_name="" if schema is None else schema.name,
            schema_encoding="" if schema is None else schema.encoding,
            schema_data=b"" if schema is None else schema.data,
            metadata=channel.metadata,
        )


def _copy_attachments(session: SessionReader, writer: SessionWriter) -> None:
    """All but the frame indexes, which the writer makes anew."""
    try:
        with session.path.open("rb") as file:
            for attachment in make_reader(file).iter_attachments():
                if not attachment.name.startswith(schemas.INDEX_ATTACHMENT):
                    writer.write_attachment(attachment.name, attachment.media_type, attachment.data)
    except (OSError, McapError) as error:
        raise SessionFormatError(f"{session.path}: an attachment cannot be read: {error}") from error


EXPORTER: Exporter = Viewable()
