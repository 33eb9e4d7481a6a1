"""Several sessions as one: segments or cuts of one recording, or the cameras of one scene. Nothing is encoded again.

What may be merged, and how, is decided first (:mod:`recordings.merge_plan`); then frames and messages are copied byte
for byte, in the order of their host times. Memory does not grow with the pictures, and of many segments only those are
open whose time has come.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from pathlib import Path
from typing import Any

import xxhash

from recordings import schemas
from recordings.merge_holes import Hole
from recordings.merge_messages import Change, OpenMessages, TopicMerge, without_face
from recordings.merge_plan import MergePlan, SessionMergeError, make_plan
from recordings.merge_source import SessionSource, open_sources
from recordings.output_place import check_output
from recordings.series.series import Timeline
from recordings.splice import MessageFile, compression_of, is_drawn, packers, write_copy
from recordings.splice_series import CarriedSeries, carry_over, check_beside, write_series
from recordings.stored import StoredFrame
from recordings.writer import SessionWriter

__all__ = ["MergeReport", "SessionMergeError", "merge_sessions"]

Progress = Callable[[int, int], None]
"""Called with the number of frames done and of all."""

_STEP = 64
_RESULTS = (schemas.OBSERVATIONS_TOPIC, schemas.SCHEDULE_TOPIC, schemas.SIGNALS_TOPIC)


@dataclass(frozen=True, slots=True)
class MergeReport:
    """What :func:`merge_sessions` wrote.

    Attributes:
        path: the session.
        seconds: from its first to its last frame.
        frames: stream -> frames.
        messages: what is no frame: topic -> how many.
        twice: frames that more than one file holds; they are in it once.
        holes: parts of the recording that are missing between the files.
        renamed: streams that got another name, since two recordings have one of that name.
        replayable: whether the results can be computed again; None when it holds none.
        bytes: of the file.
        notes: what else is worth knowing.
    """

    path: Path
    seconds: float
    frames: Mapping[str, int]
    messages: Mapping[str, int]
    twice: int
    holes: tuple[Hole, ...]
    renamed: tuple[str, ...]
    replayable: bool | None
    bytes: int
    notes: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """No segment is missing between those that were given."""
        return not any(hole.is_segment for hole in self.holes)

    def to_json(self) -> dict[str, Any]:
        return {
            "path": str(self.path),
            "seconds": self.seconds,
            "frames": dict(self.frames),
            "messages": dict(self.messages),
            "frames_in_several_files": self.twice,
            "complete": self.is_complete,
            "missing": [hole.to_json() for hole in self.holes],
            "renamed": list(self.renamed),
            "replayable": self.replayable,
            "bytes": self.bytes,
            "notes": list(self.notes),
        }

    def lines(self) -> list[str]:
        """The report for people."""
        counts = ", ".join(f"{n} {name}" for name, n in self.frames.items())
        out = [f"{self.path}: {self.seconds:.3f} s, {counts} frames, {self.bytes / 1e6:.1f} MB"]
        if self.twice:
            out.append(f"{self.twice} frames were in several files and are kept once")
        out += [f"missing: {hole.words}" for hole in self.holes]
        out += [f"renamed: {words}" for words in self.renamed]
        return [*out, *self.notes]


def merge_sessions(
    paths: Sequence[Path | str], out: Path | str, *, overwrite: bool = False, on_progress: Progress | None = None
) -> MergeReport:
    """Write several sessions as one.

    Args:
        paths: segments of one recording in any order, cuts of one recording, or recordings of one scene whose host
            clock is the same. Where names or results collide, those of the first one named stay.
        out: the session to write.
        overwrite: replace a file that is there, and the series beside it.
        on_progress: told now and then.

    Raises:
        SessionNotFoundError, SessionFormatError: one cannot be opened, or is damaged.
        SessionMergeError: they cannot become one.
        SessionWriteError: the output is one of the names in use, or the disk refuses. Nothing is left.
        SeriesError: other series lie beside the output.
    """
    files, out = [Path(p) for p in paths], Path(out)
    if len(files) < 2:
        raise SessionMergeError("merging takes two sessions or more")
    sources = open_sources(files)
    for k, path in enumerate(files):
        if any(path.samefile(other) for other in files[:k]):
            raise SessionMergeError(f"{path} is named twice")
    check_output(out, files, overwrite)
    return _Merge(make_plan(sources), out, overwrite, on_progress).run()


class _Merge:
    def __init__(self, plan: MergePlan, out: Path, overwrite: bool, on_progress: Progress | None) -> None:
        self._plan = plan
        self._out = out
        self._overwrite = overwrite
        self._on_progress = on_progress
        self._frames = {s.name: 0 for s in plan.info.streams}
        self._messages: Counter[str] = Counter()
        self._attachments: dict[str, int] = {}
        self._notes = list(plan.notes)
        self._holes = sorted(plan.holes, key=lambda h: h.before_ns)
        self._twice = 0

    def run(self) -> MergeReport:
        """Write it."""
        plan, sources = self._plan, self._plan.sources
        filled = [s for s in sources if s.frames]
        timeline = Timeline(plan.info.id, min(s.first_ns for s in filled), max(s.last_ns for s in filled))
        carried = self._series(timeline)
        check_beside(self._out, carried, overwrite=self._overwrite)
        packed = next((s.compression for s in filled if s.compression != "none"), "none")
        files = OpenMessages()
        try:
            with (
                packers() as pool,
                SessionWriter(
                    self._out, plan.info, compression=compression_of(packed), overwrite=self._overwrite, packers=pool
                ) as writer,
            ):
                if plan.run is not None:
                    writer.write_run(plan.run)
                self._copy(writer, files)
                self._copy_attachments(writer)
        finally:
            files.close()
            for source in sources:
                source.close()
        write_series(self._out, timeline, carried, overwrite=self._overwrite)
        return MergeReport(
            path=self._out,
            seconds=(timeline.end_ns - timeline.begin_ns) / 1e9,
            frames=dict(self._frames),
            messages=dict(self._messages),
            twice=self._twice,
            holes=plan.holes,
            renamed=plan.renamed,
            replayable=plan.replayable,
            bytes=self._out.stat().st_size,
            notes=(*self._notes, *carried.notes),
        )

    def _series(self, timeline: Timeline) -> CarriedSeries:
        sources = self._plan.sources
        return carry_over([s.path for s in sources], [s.label for s in sources], timeline, trim=False)

    # -- copying -----------------------------------------------------------------------------------------------

    def _copy(self, writer: SessionWriter, files: OpenMessages) -> None:
        plan = self._plan
        topics = self._topics(files)
        ranks = {info.name: rank for rank, info in enumerate(plan.info.streams)}
        orders: list[Iterator[tuple[int, int, int, int, str]]] = []
        for place, source in enumerate(plan.sources):
            orders += source.order({old: ranks[new.name] for old, new in plan.streams[place].items()}, place)
        total = sum(source.frames for source in plan.sources)
        newest: dict[str, tuple[StoredFrame, SessionSource]] = {}
        for done, (host_ns, _, place, index, name) in enumerate(merge(*orders), 1):
            source = plan.sources[place]
            self._tell_holes(host_ns, writer)
            self._write_messages(topics, host_ns, writer)
            stored = source.take(name, index, plan.streams[place][name])
            before = newest.get(stored.info.name)
            if before is not None and before[0].host_ns == host_ns:
                self._check_same(*before, stored, source)
                self._twice += 1
            else:
                writer.write_stored(stored)
                self._frames[stored.info.name] += 1
                newest[stored.info.name] = (stored, source)
            if self._on_progress is not None and (done % _STEP == 0 or done == total):
                self._on_progress(done, total)
        self._write_messages(topics, None, writer)

    def _topics(self, files: OpenMessages) -> list[TopicMerge]:
        plan = self._plan
        found: dict[str, list[tuple[int, SessionSource, Change | None]]] = {}
        for place, source in enumerate(plan.sources):
            left_out = source.has_results and place not in plan.results
            for topic in source.specs:
                if place not in plan.results and (topic in _RESULTS or is_drawn(topic, source.info)):
                    continue
                change = without_face(source.label) if left_out and topic == schemas.EVENTS_TOPIC else None
                found.setdefault(topic, []).append((place, source, change))
        return [TopicMerge(sources[0][1].specs[topic], sources, files, plan.shared) for topic, sources in found.items()]

    def _write_messages(self, topics: Sequence[TopicMerge], before_ns: int | None, writer: SessionWriter) -> None:
        for topic in topics:
            for log_time, data in topic.take(before_ns):
                write_copy(writer, topic.spec, log_time, data)
                self._messages[topic.spec.topic] += 1

    def _tell_holes(self, host_ns: int, writer: SessionWriter) -> None:
        """What is missing stands in the session where it is missing."""
        while self._holes and self._holes[0].before_ns <= host_ns:
            hole = self._holes.pop(0)
            writer.write_event(hole.event)
            writer.write_log("warning", f"{hole.event.name}: {hole.event.note}")

    def _check_same(self, a: StoredFrame, a_of: SessionSource, b: StoredFrame, b_of: SessionSource) -> None:
        """Two frames of one stream at one time must be the same one.

        Raises:
            SessionMergeError: they are not.
        """
        if (a.number, a.device_ns, a.checksum, a.data) != (b.number, b.device_ns, b.checksum, b.data):
            raise SessionMergeError(
                f"stream {a.info.name}: {a_of.path} and {b_of.path} hold different frames (numbers {a.number} and "
                f"{b.number}) of the same moment, {a.host_ns} ns; one of them is no part of this recording"
            )

    def _copy_attachments(self, writer: SessionWriter) -> None:
        """Each once; two of one name that differ keep apart by the name of their file."""
        for source in self._plan.sources:
            file = MessageFile(source.path)
            try:
                for name, media_type, data in file.attachments():
                    digest = xxhash.xxh3_128_intdigest(data)
                    if self._attachments.get(name) == digest:
                        continue
                    if name in self._attachments:
                        old, name = name, f"{source.label}/{name}"
                        if name in self._attachments:
                            raise SessionMergeError(f"{source.path}: there are too many attachments named {old}")
                        self._notes.append(f"the attachment {old} of {source.path.name} is called {name}")
                    self._attachments[name] = digest
                    writer.write_attachment(name, media_type, data)
            finally:
                file.close()
