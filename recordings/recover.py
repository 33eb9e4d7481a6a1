"""Save what can be read of a torn or damaged session as a new, whole one, and say exactly what was lost.

The file is looked at once (:mod:`recordings.survey`), what is proven is chosen (:mod:`recordings.recover_plan`) and
copied undecoded; the result is read back, every frame of it, before it gets its name.
"""

from __future__ import annotations

import dataclasses
import json
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, cast

from mcap.opcode import Opcode

from recordings import schemas
from recordings.byte_source import ByteSource
from recordings.chunk import Compression
from recordings.container import MAGIC, foreign_format
from recordings.errors import RecordingError, SessionFormatError, SessionWriteError
from recordings.event import Event
from recordings.image_parts import is_intact
from recordings.losses import Counted, Counter, RecoverReport, StreamLoss
from recordings.mcap_strict import RECORD, Unfit, parse_attachment
from recordings.output_place import check_output
from recordings.part_file import sync_folder
from recordings.parts import ORIGIN_NOTE, RECOVERED_NOTE, origin_of
from recordings.reader import SessionReader
from recordings.recover_info import Known, find_out
from recordings.recover_plan import Plan, PlannedFrame, PlannedMessage, make_plan, stored_frame
from recordings.recover_results import leave_out_half_results, why_not_replayable
from recordings.run_record import unreplayable
from recordings.segments import RECORDING_NOTE
from recordings.session import SessionInfo, program_name
from recordings.survey import ContentCache, Survey, survey
from recordings.writer import SessionWriter

Progress = Callable[[int, int], None]
"""Called with the number of bytes done and of all."""

_UNCHECKED: Final = ".recovering"
"""After the result's name, until it has been read back."""

_STEPS: Final = 3
"""The file is gone through as often: looked at, copied, checked."""


def recover_session(
    path: Path | str, out: Path | str, *, overwrite: bool = False, on_progress: Progress | None = None
) -> RecoverReport:
    """Write what is intact in a torn or damaged session into a new one. The file itself is only read.

    Args:
        path: a session, a ``.part`` file (one that is still being written, too), or what is left of either.
        out: the session to write.
        overwrite: replace a file that is there.
        on_progress: told the bytes done and all bytes to do.

    Raises:
        SessionNotFoundError: there is no file at the path.
        SessionFormatError: it is no MCAP file or no session, a newer version wrote it, or nothing could be saved.
        SessionWriteError: the result is the file itself, exists already, or could not be written. Nothing is left.
    """
    path, out = Path(path), Path(out)
    with ByteSource(path) as source:
        check_output(out, [path], overwrite, (_UNCHECKED, f"{_UNCHECKED}.part"))
        return _Recovery(source, out, overwrite, on_progress).run()


class _Recovery:
    def __init__(self, source: ByteSource, out: Path, overwrite: bool, on_progress: Progress | None) -> None:
        self._source = source
        self._out = out
        self._overwrite = overwrite
        self._on_progress = on_progress
        self._unchecked = out.with_name(out.name + _UNCHECKED)
        self._failed: dict[str, set[int]] = {}
        self._unsaid: list[str] = []
        self._last_device_ns = 0

    def run(self) -> RecoverReport:
        self._refuse_foreign()
        found = survey(self._source, lambda done: self._tell(0, done, self._source.size))
        if not found.is_recorded:
            raise SessionFormatError(
                f"{self._source.path} is no MCAP file, and no part of one was found in its {self._source.size} bytes"
            )
        known = find_out(self._source, found)
        plan = make_plan(self._source, found, known)
        self._refuse_nothing(found, plan)
        half = leave_out_half_results(self._source, found, plan)
        if half:
            self._unsaid.append(f"{half} schedule entries at the end are left out: their observations are not there")
        try:
            report = self._write(found, known, plan)
            self._check(report)
            self._publish()
        finally:
            for left in (self._unchecked, self._unchecked.with_name(self._unchecked.name + ".part")):
                left.unlink(missing_ok=True)
        return report

    def _tell(self, step: int, done: int, of: int) -> None:
        if self._on_progress is not None:
            size = self._source.size
            self._on_progress(step * size + (size * done // of if of else size), _STEPS * size)

    def _refuse_foreign(self) -> None:
        path = self._source.path
        if not self._source.size:
            raise SessionFormatError(f"{path} is empty; there is nothing to save")
        end = self._source.read(self._source.size - len(MAGIC), len(MAGIC))
        other = foreign_format(self._source.read(0, len(MAGIC)))
        if other is not None and end != MAGIC:
            raise SessionFormatError(f"{path} is {other}, not an MCAP file; only sessions can be recovered")

    def _refuse_nothing(self, found: Survey, plan: Plan) -> None:
        saved = sum(len(s) for s in plan.streams.values()) + len(plan.messages)
        if not saved and (found.broken or plan.unknown_messages):
            raise SessionFormatError(
                f"nothing of {self._source.path} could be saved: of its {self._source.size} bytes "
                f"{sum(b.end - b.begin for b in found.broken)} are damaged, and no frame in it is intact"
            )

    # -- write -------------------------------------------------------------------------------------------------

    def _write(self, found: Survey, known: Known, plan: Plan) -> RecoverReport:
        info = _renewed(known.info)
        self._unsaid += known.unsaid
        with SessionWriter(self._unchecked, info, compression=_compression(found), overwrite=True) as writer:
            self._copy(found, plan, writer)
            counter = Counter(found, known, plan, self._failed)
            streams, messages = counter.streams(), counter.messages()
            self._copy_records(found, writer, why_not_replayable(found, plan, streams, messages))
            report = self._report(found, plan, streams, messages)
            note = "; ".join(report.lines()[1:])
            writer.write_event(Event("recovered", self._last_device_ns, self._last_device_ns, None, note[:2000]))
        return dataclasses.replace(report, bytes=self._unchecked.stat().st_size)

    def _copy(self, found: Survey, plan: Plan, writer: SessionWriter) -> None:
        cache = ContentCache()
        total = sum(len(s) for s in plan.streams.values()) + len(plan.messages)
        for done, item in enumerate(plan.in_order()):
            if isinstance(item, PlannedFrame):
                self._copy_frame(found, plan, item, writer, cache)
            else:
                self._copy_message(found, item, writer, cache)
            if done % 64 == 0:
                self._tell(1, done, total)

    def _copy_frame(
        self, found: Survey, plan: Plan, item: PlannedFrame, writer: SessionWriter, cache: ContentCache
    ) -> None:
        stored = stored_frame(self._source, found, item, plan.streams[item.stream].info, cache)
        if stored is None:
            self._failed.setdefault(item.stream, set()).add(int(item.words["host_ns"]))
            return
        writer.write_stored(stored)
        self._last_device_ns = stored.device_ns

    def _copy_message(self, found: Survey, item: PlannedMessage, writer: SessionWriter, cache: ContentCache) -> None:
        spec = item.spec
        writer.write_message(
            spec.topic,
            int(item.row["log_time"]),
            found.message_data(self._source, item.row, cache),
            message_encoding=spec.message_encoding,
            schema_name=spec.schema_name,
            schema_encoding=spec.schema_encoding,
            schema_data=spec.schema_data,
            metadata=spec.metadata,
        )

    def _copy_records(self, found: Survey, writer: SessionWriter, why_not: str) -> None:
        """Metadata and attachments; what is missing of them is noted, and why results cannot be computed again."""
        done: list[str] = []
        for name, said in found.metadata:
            text = said.get("json", "")
            if name == schemas.SESSION_METADATA or (name, text) == (schemas.RUN_METADATA, done[-1] if done else None):
                continue
            if name != schemas.RUN_METADATA:
                self._unsaid.append(f"the metadata record {name} is not one of a session and is left out")
                continue
            try:
                run = _object(text)
                writer.write_run(unreplayable(run, why_not) if why_not else run)
                done.append(text)
            except ValueError:
                self._unsaid.append("a description of the run (models, versions) is damaged")
        if schemas.RUN_METADATA in found.names.get(Opcode.METADATA_INDEX, []) and not done:
            self._unsaid.append("the description of the run (models, versions) is lost")
        kept = set()
        for place in found.attachments:
            body = self._source.read(place.begin + RECORD.size, place.end - place.begin - RECORD.size)
            try:
                writer.write_attachment(place.name, place.media_type, parse_attachment(body).data)
                kept.add(place.name)
            except Unfit:
                continue
        for name in found.names.get(Opcode.ATTACHMENT_INDEX, []):
            if name not in kept and not name.startswith(schemas.INDEX_ATTACHMENT):
                self._unsaid.append(f"the attachment {name} is lost")

    def _report(
        self, found: Survey, plan: Plan, streams: Mapping[str, StreamLoss], messages: Mapping[str, Counted]
    ) -> RecoverReport:
        if self._source.unreadable:
            self._unsaid.append(f"the disk could not read {self._source.unreadable} bytes")
        times = [s.choices["host_ns"] for s in plan.streams.values() if len(s)]
        first = min((int(t.min()) for t in times), default=0)
        last = max((int(t.max()) for t in times), default=0)
        return RecoverReport(
            path=self._out,
            streams=streams,
            messages=messages,
            broken=tuple(found.broken),
            unsaid=tuple(self._unsaid),
            repaired_bits=found.repaired,
            duplicates=found.duplicates,
            is_ended=found.is_ended,
            seconds=(last - first) / 1e9,
            bytes=0,
            start_ns=first,
        )

    # -- check and publish -------------------------------------------------------------------------------------

    def _check(self, report: RecoverReport) -> None:
        """Read the result back, every frame of it.

        Raises:
            SessionWriteError: it does not read, or holds something else than what was saved.
        """
        try:
            with SessionReader(self._unchecked) as session:
                order = session.order()
                for done, (stream, index) in enumerate(order):
                    if not is_intact(session.stored(stream, index)):
                        raise SessionWriteError(f"frame {index} of stream {stream} is damaged in the result")
                    if done % 64 == 0:
                        self._tell(2, done, len(order))
                session.run()
                for data in session.observation_bytes():
                    json.loads(data)
                counts = {s.name: session.count(s.name) for s in session.streams}
        except (RecordingError, ValueError) as error:
            raise SessionWriteError(
                f"{self._out} was not written: what was saved could not be read back ({error})"
            ) from error
        expected = {name: loss.count.saved for name, loss in report.streams.items()}
        if counts != expected:
            raise SessionWriteError(f"{self._out} was not written: it would hold {counts} frames instead of {expected}")
        self._tell(2, 1, 1)

    def _publish(self) -> None:
        if self._out.exists() and not self._overwrite:
            raise SessionWriteError(f"{self._out} appeared meanwhile; nothing was replaced")
        try:
            self._unchecked.replace(self._out)
            sync_folder(self._out.parent)
        except OSError as error:
            raise SessionWriteError(f"{self._out} could not be written: {error.strerror or error}") from error


def _renewed(info: SessionInfo) -> SessionInfo:
    """The description of the result: a new id, and the old one in the notes."""
    notes = {**info.notes, RECOVERED_NOTE: info.id}
    if RECORDING_NOTE not in notes:
        notes[ORIGIN_NOTE] = origin_of(info)
    return dataclasses.replace(info, id=uuid.uuid4().hex, notes=notes, program=program_name())


def _compression(found: Survey) -> Compression:
    named = next((c.head.compression for c in found.chunks if c.state == "whole"), "zstd")
    return cast(Compression, named or "none")


def _object(text: str) -> dict[str, Any]:
    said = json.loads(text)
    if not isinstance(said, dict):
        raise ValueError("no object")
    return said
