"""A part of a session, by time and streams, as a session of its own: nothing is decoded or encoded again.

Frames, observations and everything else that belongs to the part are copied byte for byte. Its description says what
it was cut from; whether its results can be computed again stands in the record of its run.
"""

from __future__ import annotations

import dataclasses
import math
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from drivers.frame import StreamInfo
from recordings.cut_copy import CutCopy, Progress
from recordings.cut_results import ResultsCut, Span, choose_results
from recordings.errors import RecordingError
from recordings.output_place import check_output
from recordings.parts import (
    CUT_FROM_NOTE,
    CUT_NOTE,
    CUT_SPAN_NOTE,
    CUT_STREAMS_NOTE,
    CUT_TO_NOTE,
    MERGED_NOTE,
    ORIGIN_NOTE,
    origin_of,
)
from recordings.reader import SessionReader
from recordings.run_record import unreplayable
from recordings.segments import RECORDING_NOTE
from recordings.series.series import Timeline
from recordings.session import SessionInfo, program_name
from recordings.splice import MessageFile, compression_of, packers
from recordings.splice_series import CarriedSeries, carry_over, check_beside, write_series
from recordings.writer import SessionWriter


class SessionCutError(RecordingError):
    """There is no such part: the span or a stream is not in the session."""


@dataclass(frozen=True, slots=True)
class CutReport:
    """What :func:`cut_session` wrote.

    Attributes:
        path: the session.
        from_s, to_s: its first and last frame, in seconds from the first frame of the session it was cut from.
        frames: stream -> frames, also streams that have none in it.
        messages: what is no frame: topic -> how many.
        replayable: whether its results can be computed again; None when it holds none.
        bytes: of the file.
        notes: what else is worth knowing.
    """

    path: Path
    from_s: float
    to_s: float
    frames: Mapping[str, int]
    messages: Mapping[str, int]
    replayable: bool | None
    bytes: int
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "path": str(self.path),
            "from_s": self.from_s,
            "to_s": self.to_s,
            "frames": dict(self.frames),
            "messages": dict(self.messages),
            "replayable": self.replayable,
            "bytes": self.bytes,
            "notes": list(self.notes),
        }

    def lines(self) -> list[str]:
        """The report for people."""
        counts = ", ".join(f"{n} {name}" for name, n in self.frames.items())
        span = f"{self.from_s:.3f} to {self.to_s:.3f} s"
        return [f"{self.path}: {span}, {counts} frames, {self.bytes / 1e6:.1f} MB", *self.notes]


def cut_session(
    path: Path | str,
    out: Path | str,
    *,
    from_s: float | None = None,
    to_s: float | None = None,
    streams: Sequence[str] | None = None,
    overwrite: bool = False,
    on_progress: Progress | None = None,
) -> CutReport:
    """Write a part of a session as a session of its own.

    Args:
        path: the session.
        out: the session to write.
        from_s, to_s: seconds from the session's first frame by host time, both included; None is its beginning, end.
        streams: names; None is all.
        overwrite: replace a file that is there, and the series beside it.
        on_progress: told now and then.

    Raises:
        SessionNotFoundError, SessionFormatError: the session cannot be opened, or is damaged in that part.
        SessionCutError: there is no such span or stream, or no frame in it.
        SessionWriteError: the output is one of the names in use, or the disk refuses. Nothing is left.
        SeriesError: other series lie beside the output.
    """
    path, out = Path(path), Path(out)
    with SessionReader(path) as reader:
        file = MessageFile(path)
        try:
            check_output(out, [path], overwrite)
            return _Cut(reader, file, out, _chosen(reader, streams), from_s, to_s, overwrite, on_progress).run()
        finally:
            file.close()


class _Cut:
    def __init__(
        self,
        reader: SessionReader,
        file: MessageFile,
        out: Path,
        streams: tuple[StreamInfo, ...],
        from_s: float | None,
        to_s: float | None,
        overwrite: bool,
        on_progress: Progress | None,
    ) -> None:
        self._reader = reader
        self._file = file
        self._out = out
        self._streams = streams
        self._overwrite = overwrite
        self._on_progress = on_progress
        self._notes: list[str] = []
        self._times = {s.name: reader.times(s.name) for s in reader.streams}
        self._span = self._find_span(from_s, to_s)
        kept = sum(len(p) for p in self._span.positions.values())
        self._is_whole = kept == sum(len(t.host_ns) for t in self._times.values()) and len(streams) == len(
            reader.streams
        )

    def run(self) -> CutReport:
        """Write it."""
        span = self._span
        first, last = self._ends()
        self._tell_what_is_missing()
        carried, timeline = self._series(first, last)
        check_beside(self._out, carried, overwrite=self._overwrite)
        info = self._info(timeline.id)
        run, results, replayable = self._results()
        compression = compression_of(self._reader.compression)
        with (
            packers() as pool,
            SessionWriter(self._out, info, compression=compression, overwrite=self._overwrite, packers=pool) as writer,
        ):
            if run is not None:
                writer.write_run(run)
            copy = CutCopy(reader=self._reader, file=self._file, span=span, results=results, whole=self._is_whole)
            copy.run(writer, self._on_progress)
            for name, media_type, data in self._file.attachments():
                writer.write_attachment(name, media_type, data)
        write_series(self._out, timeline, carried, overwrite=self._overwrite)
        return CutReport(
            path=self._out,
            from_s=(first - span.first_ns) / 1e9,
            to_s=(last - span.first_ns) / 1e9,
            frames={name: len(positions) for name, positions in span.positions.items()},
            messages=copy.messages,
            replayable=replayable,
            bytes=self._out.stat().st_size,
            notes=(*self._notes, *carried.notes),
        )

    # -- what belongs to it ------------------------------------------------------------------------------------

    def _find_span(self, from_s: float | None, to_s: float | None) -> Span:
        path = self._reader.path
        filled = [t.host_ns for t in self._times.values() if len(t.host_ns)]
        if not filled:
            raise SessionCutError(f"{path} has no frames; there is nothing to cut")
        first, last = min(int(t[0]) for t in filled), max(int(t[-1]) for t in filled)
        lasts = f"{path} lasts {(last - first) / 1e9:.3f} s"
        for name, value in (("--from-s", from_s), ("--to-s", to_s)):
            if value is not None and not (math.isfinite(value) and value >= 0):
                raise SessionCutError(
                    f"{name} takes seconds from the session's first frame on, found {value:g}; {lasts}"
                )
        if from_s is not None and to_s is not None and from_s >= to_s:
            raise SessionCutError(f"nothing lies from {from_s:g} to {to_s:g} s: the first must be less; {lasts}")
        begin = first if from_s is None else first + round(from_s * 1e9)
        end = last if to_s is None else first + round(to_s * 1e9)
        if begin > last:
            raise SessionCutError(f"{lasts}, so nothing lies from {from_s:g} s on")
        if end > last and to_s is not None:
            self._notes.append(f"the session ends at {(last - first) / 1e9:.3f} s")
        positions = {}
        for stream in self._streams:
            host = self._times[stream.name].host_ns
            from_at, to_at = np.searchsorted(host, [begin, min(end, last) + 1]).tolist()
            positions[stream.name] = range(from_at, to_at)
        if not any(positions.values()):
            raise SessionCutError(self._nothing_there(begin, min(end, last), first))
        return Span(first, last, begin, min(end, last), positions)

    def _nothing_there(self, begin: int, end: int, first: int) -> str:
        def of(name: str) -> str:
            host = self._times[name].host_ns
            if not len(host):
                return f"{name} has none at all"
            return f"{name} has them from {(int(host[0]) - first) / 1e9:.3f} to {(int(host[-1]) - first) / 1e9:.3f} s"

        return (
            f"{self._reader.path} has no frame from {(begin - first) / 1e9:.3f} to {(end - first) / 1e9:.3f} s: "
            + ", ".join(of(s.name) for s in self._streams)
        )

    def _ends(self) -> tuple[int, int]:
        """Host times of the first and the last frame in it."""
        found = [(self._times[n].host_ns[p.start], self._times[n].host_ns[p.stop - 1]) for n, p in self._kept() if p]
        return int(min(a for a, _ in found)), int(max(b for _, b in found))

    def _kept(self) -> Iterator[tuple[str, range]]:
        yield from self._span.positions.items()

    def _tell_what_is_missing(self) -> None:
        for name, positions in self._kept():
            if not positions and len(self._times[name].host_ns):
                self._notes.append(f"stream {name} has no frame in this span")
        others = self._file.other_metadata()
        if others:
            self._notes.append(f"metadata records of other programs are left out: {', '.join(others)}")

    def _info(self, new_id: str) -> SessionInfo:
        info, span = self._reader.info, self._span
        notes = {k: v for k, v in info.notes.items() if k not in (CUT_STREAMS_NOTE, MERGED_NOTE)}
        notes |= {
            CUT_NOTE: info.id,
            CUT_FROM_NOTE: f"{(span.begin_ns - span.first_ns) / 1e9:.9f}",
            CUT_TO_NOTE: f"{(span.end_ns - span.first_ns) / 1e9:.9f}",
            CUT_SPAN_NOTE: f"{span.begin_ns} {span.end_ns}",
        }
        if RECORDING_NOTE not in notes:
            notes[ORIGIN_NOTE] = origin_of(info)
        if len(self._streams) < len(self._reader.streams):
            notes[CUT_STREAMS_NOTE] = ", ".join(s.name for s in self._streams)
        return dataclasses.replace(info, id=new_id, streams=self._streams, notes=notes, program=program_name())

    def _series(self, first: int, last: int) -> tuple[CarriedSeries, Timeline]:
        timeline = Timeline(uuid.uuid4().hex, first, last)
        path = self._reader.path
        return carry_over([path], [path.stem], timeline, trim=not self._is_whole), timeline

    def _results(self) -> tuple[dict[str, Any] | None, ResultsCut, bool | None]:
        """The run's record, which results are kept, and whether they can be computed again."""
        reader = self._reader
        run = reader.run()
        if not (reader.observation_count() or reader.schedule_count()):
            if run is not None and not self._is_whole:
                run = unreplayable(run, "it is a part of a session")
            return run, ResultsCut(), None
        replayable = (run or {}).get("replayable") is not False
        if self._is_whole:
            return run, ResultsCut(), replayable
        names = [s.name for s in reader.streams]
        results = choose_results(self._file, self._span, self._times, names, replayable=replayable)
        if results.is_beginning:
            if results.left_out_ns:
                self._notes.append(
                    f"observations at the end that are left out, since not all they depend on is in the span: "
                    f"{len(results.left_out_ns)}"
                )
            return run, results, True
        if set(names) != {s.name for s in self._streams}:
            why = "it is a cut of another session, without some of the streams that were processed"
        else:
            why = "it is a cut out of the middle of another session: the steps remember what came before it"
        if replayable:
            self._notes.append(f"its results cannot be computed again: {why}")
        return unreplayable(run, why), results, False


def _chosen(reader: SessionReader, streams: Sequence[str] | None) -> tuple[StreamInfo, ...]:
    names = [s.name for s in reader.streams]
    for name in streams or ():
        if name not in names:
            raise SessionCutError(f"{reader.path} has no stream {name!r}; its streams: {', '.join(names) or 'none'}")
    return tuple(s for s in reader.streams if streams is None or s.name in streams)
