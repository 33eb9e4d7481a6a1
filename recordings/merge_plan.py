"""Which sessions may become one, and how: which are parts of one recording, what their streams are called together."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from drivers.frame import StreamInfo
from recordings import schemas
from recordings.clip_file import CLIP_NOTE
from recordings.errors import RecordingError
from recordings.merge_holes import Hole, holes_of
from recordings.merge_results import choose_results, run_of
from recordings.merge_source import SessionSource
from recordings.parts import (
    CUT_FROM_NOTE,
    CUT_NOTE,
    CUT_SPAN_NOTE,
    CUT_STREAMS_NOTE,
    CUT_TO_NOTE,
    MERGED_NOTE,
    ORIGIN_NOTE,
    RECOVERED_NOTE,
    RESULTS_NOTE,
    SEGMENTS_NOTE,
    ranges,
)
from recordings.segments import RECORDING_NOTE, SEGMENT_NOTE
from recordings.session import SessionInfo, program_name

_OF_ONE_PART: Final = frozenset(
    {
        *(CUT_NOTE, CUT_FROM_NOTE, CUT_TO_NOTE, CUT_SPAN_NOTE, CUT_STREAMS_NOTE, CLIP_NOTE),
        *(MERGED_NOTE, SEGMENTS_NOTE, SEGMENT_NOTE, RECORDING_NOTE, ORIGIN_NOTE, RECOVERED_NOTE, RESULTS_NOTE),
    }
)
"""Notes that say something of a part alone."""


class SessionMergeError(RecordingError):
    """These sessions cannot become one."""


@dataclass(frozen=True, slots=True)
class MergePlan:
    """How sessions become one.

    Attributes:
        sources: those of one recording together, in the order of their time.
        info: of the merged session.
        streams: of each source: its stream's name -> the stream in the merged session.
        run: the record of the run whose results are kept.
        results: places of the sources whose results are kept.
        replayable: whether they can be computed again; None without results.
        holes: where a part of a recording is missing.
        renamed: ``label: old -> new`` of streams.
        notes: what else is to be told.
    """

    sources: tuple[SessionSource, ...]
    info: SessionInfo
    streams: tuple[dict[str, StreamInfo], ...]
    run: dict[str, Any] | None
    results: frozenset[int]
    replayable: bool | None
    holes: tuple[Hole, ...]
    renamed: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def shared(self) -> frozenset[str]:
        """Origins of which there is more than one part."""
        origins = [s.origin for s in self.sources]
        return frozenset(o for o in origins if origins.count(o) > 1)


def make_plan(sources: Sequence[SessionSource]) -> MergePlan:
    """How these sessions become one.

    Raises:
        SessionMergeError: they cannot, and why.
    """
    return _Planner(sources).run()


class _Planner:
    def __init__(self, sources: Sequence[SessionSource]) -> None:
        groups: dict[str, list[SessionSource]] = {}
        for source in sources:
            groups.setdefault(source.origin, []).append(source)
        self._given = list(sources)
        self._groups = [_in_order(group) for group in groups.values()]
        self._sources = [source for group in self._groups for source in group]
        self._renamed: list[str] = []
        self._renamed_origins: set[str] = set()
        self._notes: list[str] = []

    def run(self) -> MergePlan:
        self._check_clocks()
        self._check_frames()
        streams = self._name_streams()
        merged = list({info.name: info for one in streams for info in one.values()}.values())
        self._check_codecs(streams)
        self._check_topics(merged)
        self._tell_of_scenes()
        holes = [hole for group in self._groups for hole in holes_of(group)]
        results = choose_results(self._given, self._groups, self._renamed_origins)
        self._notes += results.notes
        run, replayable, notes = run_of(results.places, self._groups, merged, holes)
        self._notes += notes
        return MergePlan(
            tuple(self._sources),
            self._info(merged, results.places),
            tuple(streams),
            run,
            frozenset(results.places),
            replayable,
            tuple(holes),
            tuple(self._renamed),
            tuple(self._notes),
        )

    # -- may they be merged ------------------------------------------------------------------------------------

    def _check_clocks(self) -> None:
        first = self._given[0]
        for other in self._given[1:]:
            if other.info.clock != first.info.clock:
                made_up, real = (first, other) if first.info.clock == "synthetic" else (other, first)
                raise SessionMergeError(
                    f"the times of {made_up.path} were made up from a frame rate, those of {real.path} are a camera's: "
                    "nothing says how they lie to each other"
                )

    def _check_frames(self) -> None:
        if not any(source.frames for source in self._sources):
            raise SessionMergeError(f"there is no frame in {', '.join(str(s.path) for s in self._given)}")

    def _name_streams(self) -> list[dict[str, StreamInfo]]:
        """Of each source its streams as they are in the merged session."""
        taken: dict[str, list[SessionSource]] = {}
        out = []
        for group in self._groups:
            own = self._own_streams(group)
            names: dict[str, str] = {}
            for name in own:
                names[name] = self._name(name, group, taken, {*own, *names.values()})
            for source in group:
                streams = {}
                for info in source.info.streams:
                    streams[info.name] = _placed(info, names)
                out.append(streams)
            for name in own:
                taken[names[name]] = group
        self._check_grids(taken)
        return out

    def _check_grids(self, taken: dict[str, list[SessionSource]]) -> None:
        """A stream that is registered to one that its recording lacks here must not seem registered to another's."""
        for group in self._groups:
            own = self._own_streams(group)
            for source in group:
                for info in source.info.streams:
                    grid = info.registered_to
                    if grid is not None and grid not in own and grid in taken:
                        raise SessionMergeError(
                            f"stream {info.name} of {source.path} is registered to {grid}, which its recording lacks "
                            f"here; the {grid} of {taken[grid][0].path} is another camera's. Add the part of its own "
                            f"recording that has {grid}, or leave {info.name} out by `tapetum session cut --streams`"
                        )

    def _own_streams(self, group: Sequence[SessionSource]) -> dict[str, SessionSource]:
        """Streams of a recording by name, with the first part that has them; all parts must agree on them."""
        found: dict[str, tuple[StreamInfo, SessionSource]] = {}
        for source in group:
            for info in source.info.streams:
                was, where = found.setdefault(info.name, (info, source))
                if was != info:
                    a, b = was.to_json(), info.to_json()
                    field = next((k for k in a if a[k] != b[k]), "description")
                    raise SessionMergeError(
                        f"{where.path} and {source.path} are parts of one recording, but describe the stream "
                        f"{info.name} otherwise: {field} is {a.get(field)} in the first, {b.get(field)} in the second"
                    )
        return {name: source for name, (_, source) in found.items()}

    def _name(
        self, name: str, group: Sequence[SessionSource], taken: dict[str, list[SessionSource]], own: set[str]
    ) -> str:
        """What a stream of a recording is called beside those of the recordings before it."""
        if name not in taken:
            return name
        other = taken[name]
        if not _overlap(group, other):
            raise SessionMergeError(
                f"{group[0].path} and {other[0].path} are different recordings that both have the stream {name}, and "
                "they do not overlap in time: neither segments of one recording nor cameras of one scene"
            )
        new = base = f"{group[0].label}/{name}"
        count = 2
        while new in taken or new in own:
            new, count = f"{base}-{count}", count + 1
        self._renamed_origins.add(group[0].origin)
        self._renamed.append(f"{group[0].path.name}: {name} -> {new}")
        return new

    def _check_codecs(self, streams: Sequence[dict[str, StreamInfo]]) -> None:
        found: dict[str, tuple[str, SessionSource]] = {}
        for source, named in zip(self._sources, streams, strict=True):
            for name, codec in source.codecs.items():
                was, where = found.setdefault(named[name].name, (codec, source))
                if was != codec:
                    raise SessionMergeError(
                        f"stream {name} is stored as {was} in {where.path} and as {codec} in {source.path}; nothing is "
                        "encoded again here. Bring both to one form first: tapetum session export FILE --viewable"
                    )

    def _check_topics(self, merged: Sequence[StreamInfo]) -> None:
        of_frames = (schemas.image_topic, schemas.frame_topic, schemas.calibration_topic)
        made = {of(info.name) for info in merged for of in of_frames}
        found: dict[str, SessionSource] = {}
        for source in self._sources:
            for topic, spec in source.specs.items():
                where = found.setdefault(topic, source)
                if topic in made or where.specs[topic] != spec:
                    raise SessionMergeError(
                        f"the topic {topic} of {source.path} is something else in the other sessions; it was written "
                        "by another program or version"
                    )

    def _tell_of_scenes(self) -> None:
        for k, group in enumerate(self._groups[1:], 1):
            before = self._groups[k - 1]
            if not _overlap(group, before):
                self._notes.append(f"{group[0].path.name} and {before[0].path.name} do not overlap in time")
        posed = [g for g in self._groups if any(not s.extrinsics.is_identity() for p in g for s in p.info.streams)]
        if posed and len(self._groups) > 1:
            self._notes.append("the poses are those of several rigs: nothing says how the rigs stand to each other")
        for group in self._groups:
            first = min((min(s.segments) for s in group if s.segments), default=1)
            if first > 1:
                self._notes.append(f"the recording begins with segment 1, the files with segment {first}")
        others = sorted({name for source in self._sources for name in source.other_metadata})
        if others:
            self._notes.append(f"metadata records of other programs are left out: {', '.join(others)}")

    # -- description -------------------------------------------------------------------------------------------

    def _info(self, merged: Sequence[StreamInfo], results: Sequence[int]) -> SessionInfo:
        first = min(self._sources, key=lambda s: s.first_ns) if len(self._groups) == 1 else self._given[0]
        notes: dict[str, str] = {}
        for source in self._given:
            for key, value in source.info.notes.items():
                if key not in _OF_ONE_PART and value not in notes.get(key, "").split(" | "):
                    notes[key] = f"{notes[key]} | {value}" if key in notes else value
        if len(self._groups) > 1 or not all(s.segments for s in self._sources):
            notes[MERGED_NOTE] = " ".join(dict.fromkeys(s.info.id for s in self._sources))
        if len(self._groups) == 1:
            numbers = frozenset[int]().union(*(s.segments for s in self._sources))
            recorded = [s for s in self._sources if RECORDING_NOTE in s.info.notes]
            notes[RECORDING_NOTE if recorded else ORIGIN_NOTE] = self._sources[0].origin
            if recorded and numbers:
                notes[SEGMENTS_NOTE] = ranges(numbers)
        if len(results) < sum(s.has_results for s in self._sources):
            notes[RESULTS_NOTE] = " ".join(self._sources[place].info.id for place in results) or "none"
        return dataclasses.replace(
            first.info,
            id=uuid.uuid4().hex,
            created_utc=min(s.info.created_utc for s in self._sources),
            source="; ".join(dict.fromkeys(s.info.source for s in self._given if s.info.source)),
            streams=tuple(merged),
            notes=notes,
            program=program_name(),
        )


def _placed(info: StreamInfo, names: dict[str, str]) -> StreamInfo:
    """A stream in the merged session: its name, and the name of the stream that it is registered to."""
    grid = None if info.registered_to is None else names.get(info.registered_to, info.registered_to)
    if (names[info.name], grid) == (info.name, info.registered_to):
        return info
    return dataclasses.replace(info, name=names[info.name], registered_to=grid)


def _in_order(group: list[SessionSource]) -> list[SessionSource]:
    if all(source.segments for source in group):
        return sorted(group, key=lambda s: (min(s.segments), s.first_ns))
    return sorted(group, key=lambda s: s.first_ns)


def _overlap(a: Sequence[SessionSource], b: Sequence[SessionSource]) -> bool:
    first_a, last_a = min(s.first_ns for s in a), max(s.last_ns for s in a)
    first_b, last_b = min(s.first_ns for s in b), max(s.last_ns for s in b)
    return first_a <= last_b and first_b <= last_a
