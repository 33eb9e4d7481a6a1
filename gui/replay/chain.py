"""Results of FrameSets that went through the steps one after the other, the latest of them kept. No Qt here."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

from drivers.errors import DriverError
from engines.errors import EngineError
from gui.feed import Shown
from gui.replay.runs import Run
from pipeline.errors import PipelineError
from pipeline.meter import Meter
from recordings.errors import RecordingError

UNREADABLE = (DriverError, RecordingError)
"""What is wrong with the file, not with what is made of it."""

KNOWN_ERRORS = (DriverError, EngineError, PipelineError, RecordingError)

KEEP = 33
"""Results that are kept, so that stepping back shows the very same ones; farther back the steps begin anew."""

KEEP_BYTES = 96 << 20
"""The most that the pixels of the kept results may take."""


class Chain:
    """FrameSets go through the steps in their order, none left out; a target farther off begins the steps anew.

    Args:
        run: what positions go through.
        on_unreadable: told of a position that cannot be read, and why.
    """

    def __init__(self, run: Run, on_unreadable: Callable[[int, str], None] = lambda position, why: None) -> None:
        self._run = run
        self._on_unreadable = on_unreadable
        self._kept: OrderedDict[int, Shown] = OrderedDict()
        self._bytes = 0
        self._head = -1  # position that went through the steps last
        self.start = 0

    def result(self, target: int, newer: Callable[[], bool], meter: Meter) -> Shown | None:
        """The result at a position; None when ``newer`` said that it is no longer wanted.

        What cannot be read on the way there is left out: tracking begins anew after it.

        Raises:
            RecordingError, PipelineError, EngineError: the frame cannot be read or processed; the chain begins anew.
        """
        if target in self._kept:
            return self._kept[target]
        start = self._run.start_of(target)
        if not (self._head < target and start <= max(self._head, 0)):
            self._begin(start)
        while self._head < target:
            if self._head + 1 < target and newer():
                return None
            position = self._head + 1
            try:
                self._advance(position, meter)
            except KNOWN_ERRORS as error:
                self._begin(position + 1)
                if isinstance(error, UNREADABLE):
                    self._on_unreadable(position, str(error))
                    if position < target:
                        continue
                raise
        return self._kept[target]

    def _begin(self, start: int) -> None:
        self._run.reset()
        self._kept.clear()
        self._bytes = 0
        self._head = start - 1
        self.start = start

    def _advance(self, position: int, meter: Meter) -> None:
        began = time.perf_counter()
        frame_set = self._run.frame_set(position)
        read = time.perf_counter()
        shown = self._run.observe(position, frame_set, self.start)
        meter.time("read", read - began)
        meter.times(shown.timings)
        meter.time("all steps", time.perf_counter() - read)
        meter.tick("processed", time.monotonic())
        self._head = position
        self._kept[position] = shown
        self._bytes += _size(shown)
        while len(self._kept) > KEEP or (self._bytes > KEEP_BYTES and len(self._kept) > 1):
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= _size(oldest)


def _size(shown: Shown) -> int:
    return sum(frame.pixels.nbytes for frame in shown.frame_set.frames.values())
