"""Where parts of a recording are missing between those that are merged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from drivers.frame import StreamKind
from recordings.event import Event
from recordings.merge_source import SessionSource
from recordings.parts import cut_span, ranges

MISSING_EVENT: Final = "part missing"
"""In a merged session: here a part of the recording lies that was not among the files."""


@dataclass(frozen=True, slots=True)
class Hole:
    """A missing part: host times of the frames on both sides, and what is missing.

    Attributes:
        after_ns, before_ns: host times.
        words: what is missing.
        event: what the merged session says of it, on the camera's clock.
        is_segment: segments are missing, not only what was never cut out.
    """

    after_ns: int
    before_ns: int
    words: str
    event: Event
    is_segment: bool

    def to_json(self) -> dict[str, Any]:
        return {"after_ns": self.after_ns, "before_ns": self.before_ns, "what": self.words, "segment": self.is_segment}


def holes_of(group: Sequence[SessionSource]) -> list[Hole]:
    """The holes between parts of one recording, which come in order."""
    if all(source.segments for source in group):
        return _between_segments(group)
    return _between_cuts(group)


def _between_segments(group: Sequence[SessionSource]) -> list[Hole]:
    out = []
    here = group[0]
    newest = max(here.segments)
    for there in group[1:]:
        first = min(there.segments)
        if first > newest + 1:
            missing = ranges(frozenset(range(newest + 1, first)))
            word = "segment" if first == newest + 2 else "segments"
            out.append(_hole(here, there, f"{word} {missing} of the recording", is_segment=True))
        inside = frozenset(range(first, max(there.segments) + 1)) - there.segments
        if inside:
            # a merged session that says itself, by its events, what it lacks
            continue
        if max(there.segments) > newest:
            here, newest = there, max(there.segments)
    return out


def _between_cuts(group: Sequence[SessionSource]) -> list[Hole]:
    """Where cuts of one recording do not reach each other. Of other parts nobody knows how far they reach."""
    out: list[Hole] = []
    spans = {id(source): cut_span(source.info) for source in group}
    if all(span is not None for span in spans.values()):
        # two that begin with the same frame may have been cut at different times before it
        group = sorted(group, key=lambda source: spans[id(source)] or (0, 0))
    here, covered = group[0], spans[id(group[0])]
    for there in group[1:]:
        span = spans[id(there)]
        if covered is None or span is None:
            return out
        if span[0] > covered[1] and not _follows(here, there):
            words = f"{(span[0] - covered[1]) / 1e9:.3f} s of the recording that no part holds"
            out.append(_hole(here, there, words, is_segment=False))
        if span[1] > covered[1]:
            here, covered = there, span
    return out


def _follows(here: SessionSource, there: SessionSource) -> bool:
    """Whether no frame can be missing between them: every stream counts on without a step."""
    if set(here.number_ends) != set(there.number_ends):
        return False
    return all(there.number_ends[name][0] == last + 1 for name, (_, last) in here.number_ends.items())


def _hole(here: SessionSource, there: SessionSource, words: str, *, is_segment: bool) -> Hole:
    end, begin = _device_ns(here, 1), _device_ns(there, 0)
    # a clock that began anew meanwhile tells no end
    event = Event(MISSING_EVENT, end, begin if begin >= end else end, None, f"{words}: not among the merged files")
    return Hole(here.last_ns, there.first_ns, words, event, is_segment)


def _device_ns(source: SessionSource, which: int) -> int:
    """The device time of a session's first (0) or last (1) frame, on the clock that events are on."""
    for stream in sorted(source.info.streams, key=lambda s: s.kind is not StreamKind.DEPTH):
        if stream.name in source.device_ends:
            return source.device_ends[stream.name][which]
    return 0
