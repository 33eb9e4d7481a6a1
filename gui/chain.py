"""Results of FrameSets that went through the steps one after the other, the latest of them kept. No Qt here."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Protocol

from drivers.errors import DriverError
from drivers.frame import FrameSet
from engines.errors import EngineError
from gui.feed import Shown
from gui.timeline import Timeline
from pipeline.errors import PipelineError
from pipeline.meter import Meter
from recordings.errors import RecordingError
from recordings.observation import Observation

KNOWN_ERRORS = (DriverError, EngineError, PipelineError, RecordingError)

WARM_UP = 8
"""FrameSets before the target of a seek from which tracking starts anew."""

KEEP = 33
"""Results that are kept, so that stepping back shows the very same ones; farther back the steps begin anew."""

KEEP_BYTES = 96 << 20
"""The most that the pixels of the kept results may take."""


class Steps(Protocol):
    """What a replay needs of :class:`pipeline.process.Process`."""

    @property
    def timings(self) -> Mapping[str, float]: ...

    def __call__(self, frame_set: FrameSet) -> Observation: ...

    def reset(self) -> None: ...


class Chain:
    """FrameSets go through the steps in their order, none left out; a target farther off begins the steps anew."""

    def __init__(self, line: Timeline, steps: Steps) -> None:
        self._line = line
        self._steps = steps
        self._kept: OrderedDict[int, Shown] = OrderedDict()
        self._bytes = 0
        self._head = -1  # position that went through the steps last
        self.start = 0

    def result(self, target: int, newer: Callable[[], bool], meter: Meter) -> Shown | None:
        """The result at a position; None when ``newer`` said that it is no longer wanted.

        Raises:
            RecordingError, PipelineError, EngineError: a frame cannot be read or processed; the chain begins anew.
        """
        if target in self._kept:
            return self._kept[target]
        if not self._head < target <= self._head + WARM_UP:
            self._begin(max(0, target - WARM_UP))
        try:
            while self._head < target:
                if self._head + 1 < target and newer():
                    return None
                self._advance(meter)
        except KNOWN_ERRORS:
            self._begin(target + 1)
            raise
        return self._kept[target]

    def _begin(self, start: int) -> None:
        self._steps.reset()
        self._kept.clear()
        self._bytes = 0
        self._head = start - 1
        self.start = start

    def _advance(self, meter: Meter) -> None:
        position = self._head + 1
        began = time.perf_counter()
        frame_set = self._line.frame_set(position)
        read = time.perf_counter()
        observation = self._steps(frame_set)
        timings = dict(self._steps.timings)
        meter.time("read", read - began)
        meter.times(timings)
        meter.time("all steps", time.perf_counter() - read)
        meter.tick("processed", time.monotonic())
        self._head = position
        shown = Shown(frame_set, observation, timings, position, self.start)
        self._kept[position] = shown
        self._bytes += _size(shown)
        while len(self._kept) > KEEP or (self._bytes > KEEP_BYTES and len(self._kept) > 1):
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= _size(oldest)


def _size(shown: Shown) -> int:
    return sum(frame.pixels.nbytes for frame in shown.frame_set.frames.values())
