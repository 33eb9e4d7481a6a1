"""Whose results a merged session holds, and whether they can be computed again from it."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from drivers.frame import StreamInfo
from recordings.merge_holes import Hole
from recordings.merge_source import SessionSource
from recordings.parts import RECOVERED_NOTE, ranges
from recordings.run_record import REPLAYABLE, WHY_NOT, unreplayable

Groups = Sequence[Sequence[SessionSource]]
"""Sessions, those of one recording together."""


@dataclass(frozen=True, slots=True)
class ChosenResults:
    """Places (in the groups' order) of the sessions whose results are kept, and what is to be told of the others."""

    places: tuple[int, ...]
    notes: tuple[str, ...]


def choose_results(given: Sequence[SessionSource], groups: Groups, renamed: Collection[str]) -> ChosenResults:
    """The results of one run alone: FrameSets and faces of two runs have the same numbers and are not the same.

    Args:
        given: in the order in which they were named; the first run of them is kept.
        groups: the same sessions.
        renamed: origins of recordings of which streams are called otherwise in the merged session.
    """
    with_results = [s for s in given if s.has_results]
    first = next((s for s in with_results if s.origin not in renamed), None)
    kept = [s for s in with_results if first is not None and s.origin == first.origin and _same_run(s, first)]
    left = [s for s in with_results if s not in kept]
    notes = []
    if left:
        why = "they are of another run"
        if all(s.origin in renamed for s in left):
            why = "its streams were renamed; name it first to keep them"
        notes.append(f"the observations and the schedule of {', '.join(s.path.name for s in left)} are left out: {why}")
    ordered = [source for group in groups for source in group]
    return ChosenResults(tuple(k for k, source in enumerate(ordered) if source in kept), tuple(notes))


def run_of(
    places: Sequence[int], groups: Groups, merged: Collection[StreamInfo], holes: Collection[Hole]
) -> tuple[dict[str, Any] | None, bool | None, tuple[str, ...]]:
    """The record of the run whose results are kept, whether they can be computed again, and what is to be told."""
    ordered = [source for group in groups for source in group]
    if not places:
        run = next((s.run for s in ordered if s.run is not None), None)
        return (run if len(groups) == 1 else None), None, ()
    kept = [ordered[place] for place in places]
    group = next(g for g in groups if kept[0] in g)
    # a first segment that is too short for results says how the others came about
    run = next((s.run for s in group if s.run is not None and _same_run(s, kept[0])), None)
    why = _why_not(kept, group, merged, holes)
    if why:
        told = () if (run or {}).get(REPLAYABLE) is False else (f"the results cannot be computed again: {why}",)
        return unreplayable(run, why), False, told
    return run, (run or {}).get(REPLAYABLE) is not False, ()


def _why_not(
    kept: Sequence[SessionSource],
    group: Sequence[SessionSource],
    merged: Collection[StreamInfo],
    holes: Collection[Hole],
) -> str:
    """Why results cannot be computed again from the merged session; '' when nothing speaks against it."""
    streams = {s.name for s in merged}
    if any({s.name for s in source.info.streams} != streams for source in kept):
        return "other streams were merged in than those that were processed"
    if len({s.info.id for s in group}) == 1:
        return ""
    for source in group:
        if not source.segments:
            return f"{source.path.name} is no whole segment, but a piece that may lack results at its ends"
        if source.run is not None and WHY_NOT in source.run:
            return f"{source.path.name}: {source.run[WHY_NOT]}"
    numbers = frozenset[int]().union(*(s.segments for s in group))
    if holes or numbers != frozenset(range(1, len(numbers) + 1)):
        return f"of the recording's segments only {ranges(numbers)} are here"
    recovered = [s for s in group[:-1] if RECOVERED_NOTE in s.info.notes]
    if recovered:
        return f"{recovered[0].path.name} was recovered: what came after its last frame may be missing"
    if any(source.has_results and source not in kept for source in group):
        return "the results of some segments are of another run and are left out"
    return ""


def _same_run(a: SessionSource, b: SessionSource) -> bool:
    """Whether the results of two parts of one recording are of one run."""

    def canonical(source: SessionSource) -> str:
        run = {k: v for k, v in (source.run or {}).items() if k not in (REPLAYABLE, WHY_NOT)}
        return json.dumps(run, sort_keys=True)

    return canonical(a) == canonical(b)
