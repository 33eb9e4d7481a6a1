"""How a replay gets from a position to an observation: by its own steps, or as the recorded run did. No Qt here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol, cast

from drivers.frame import FrameSet
from gui.feed import Shown
from gui.replay.recorded import Entry
from gui.replay.study import Study
from gui.replay.timeline import Timeline
from pipeline.not_computed import failed_in, told_again
from recordings.observation import Observation
from recordings.session import ScheduleEntry

WARM_UP = 8
"""FrameSets before the target of a seek from which tracking starts anew."""

NOT_PROCESSED = "not processed when it was recorded"
"""The status of what is shown of a FrameSet that the recorded run left out."""


class Steps(Protocol):
    """What a replay needs of :class:`pipeline.process.Process`."""

    @property
    def timings(self) -> Mapping[str, float]: ...

    def __call__(self, frame_set: FrameSet) -> Observation: ...

    def reset(self) -> None: ...


class _RestingSteps(Protocol):
    def __call__(self, frame_set: FrameSet, rests: Collection[str]) -> Observation: ...


class Run(Protocol):
    """What a chain goes through, position by position."""

    def start_of(self, target: int) -> int:
        """Where tracking begins anew for a target that is far off."""
        ...

    def reset(self) -> None:
        """What comes next is a new beginning."""
        ...

    def frame_set(self, position: int) -> FrameSet: ...

    def observe(self, position: int, frame_set: FrameSet, chain_start: int) -> Shown:
        """The result; positions come in their order."""
        ...


class PlainRun:
    """Every FrameSet through the steps."""

    def __init__(self, line: Timeline, steps: Steps, study: Study) -> None:
        self._line = line
        self._steps = steps
        self._study = study

    def start_of(self, target: int) -> int:
        return max(0, target - WARM_UP)

    def reset(self) -> None:
        self._steps.reset()
        self._study.begin_anew()

    def frame_set(self, position: int) -> FrameSet:
        return self._line.frame_set(position)

    def observe(self, position: int, frame_set: FrameSet, chain_start: int) -> Shown:
        observation = self._steps(frame_set)
        self._study.keep(position, observation)
        return Shown(frame_set, observation, dict(self._steps.timings), position, chain_start)


class ComparedRun:
    """The FrameSets that the recorded run processed, put together as it did, with the models that it let rest."""

    def __init__(self, line: Timeline, steps: Steps, study: Study) -> None:
        self._line = line
        self._steps = steps
        self._study = study
        self._first = study.recorded.first_processed()

    def start_of(self, target: int) -> int:
        start = self._study.recorded.processed_before(target, WARM_UP)
        return 0 if start <= self._first else start

    def reset(self) -> None:
        self._steps.reset()
        self._study.begin_anew()

    def frame_set(self, position: int) -> FrameSet:
        entry = self._study.recorded.entry(position)
        if entry is None:
            return self._line.frame_set(position)
        return self._line.frame_set_of(entry.number, entry.members, entry.instant_ns, entry.skew_ns)

    def observe(self, position: int, frame_set: FrameSet, chain_start: int) -> Shown:
        study = self._study
        entry = study.recorded.entry(position)
        if entry is None:
            study.differ(study.differences.not_processed(position))
            return Shown(frame_set, _nothing(frame_set), {}, position, chain_start)
        stored = study.stored(position)
        now = self._again(entry, frame_set, stored)
        study.keep(position, now)
        found = study.differences.compare(position, stored, now, chain_start > 0)
        study.differ(found)
        return Shown(frame_set, now, dict(self._steps.timings), position, chain_start, study.observation_of(stored))

    def _again(self, entry: Entry, frame_set: FrameSet, stored: bytes | None) -> Observation:
        recorded = self._study.recorded
        if entry.engines >= 0 and failed_in(ScheduleEntry(0, {}, recorded.engines[entry.engines])):
            self._steps.reset()
            return told_again(frame_set, stored)
        rests = recorded.rests(entry)
        return cast(_RestingSteps, self._steps)(frame_set, rests) if rests else self._steps(frame_set)


def _nothing(frame_set: FrameSet) -> Observation:
    numbers = {name: frame.number for name, frame in frame_set.frames.items()}
    times = (frame_set.device_ns, frame_set.host_ns, frame_set.skew_ns)
    return Observation(frame_set.number, *times, numbers, (), NOT_PROCESSED)
