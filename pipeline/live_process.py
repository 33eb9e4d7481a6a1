"""The process thread of a live run: it looks at one FrameSet while the one before is finished (live_finish.py)."""

from __future__ import annotations

import contextlib
import logging
import queue
from collections.abc import Callable, Iterable
from typing import Any

from drivers.channels import ChannelClosed, Latest
from drivers.frame import FrameSet
from engines.errors import EngineError
from engines.keeper import EngineKeeper
from engines.loading import Models
from pipeline.beside import Beside
from pipeline.live_finish import Finisher, Order
from pipeline.live_recordings import Recordings
from pipeline.live_status import LiveResult
from pipeline.not_computed import Failures
from pipeline.pacing import Pace, Pacer
from pipeline.process import FINISHING, Looked, Process
from pipeline.provenance import Engines, schedule_engines

log = logging.getLogger(__name__)


class ProcessThread:
    """What one thread does until its channel of FrameSets is closed.

    Args:
        steps, models, keeper, pacer: what computes, what runs it, what changes that, and which models rest.
        sets: gives FrameSets.
        finisher: finishes them, one behind; closed at the end.
        results: that the finisher writes to; closed at the end.
        recordings: the finisher's as well; told when nothing more comes, and the finisher's rules with it.
        besides: the threads beside the steps; closed at the end.
        fail: called with what goes wrong, in words.
        on_frame_set: called before each FrameSet.
        on_looked: called when it begins to be finished.
        warm_up: compute once with every model first.
    """

    def __init__(
        self,
        steps: Process,
        models: Models,
        keeper: EngineKeeper,
        pacer: Pacer,
        sets: Latest[FrameSet],
        finisher: Finisher,
        results: Latest[LiveResult],
        recordings: Recordings,
        besides: Iterable[Beside],
        *,
        fail: Callable[[str], None],
        on_frame_set: Callable[[FrameSet], None] | None,
        on_looked: Callable[[FrameSet], None] | None,
        warm_up: bool,
    ) -> None:
        self._steps, self._models, self._keeper, self._pacer = steps, models, keeper, pacer
        self._sets, self._finisher, self._results = sets, finisher, results
        self._recordings, self._besides = recordings, tuple(besides)
        self._fail = fail
        self._on_frame_set, self._on_looked = on_frame_set, on_looked
        self._warm_up = warm_up
        self._looking = tuple(name for name in models.loaded() if name not in FINISHING)
        self._failures = Failures(models, self._looking)

    def run(self) -> None:
        """Until the channel is closed."""
        try:
            self._work()
        except Exception as error:  # noqa: BLE001 - the edge of a thread: whatever it was must reach the status
            self._fail(f"processing stopped: {type(error).__name__}: {error}")
            self._results.close()
            # The recording goes on without observations: frames are the evidence.
            with contextlib.suppress(ChannelClosed):
                while True:
                    next_of(self._sets)
        finally:
            self._end()

    def _end(self) -> None:
        """Close and tell everything that waits for the end: what one of them raises keeps nothing from the others."""
        rules = self._finisher.rules
        ends = (
            *(beside.close for beside in self._besides),
            self._results.close,
            *(() if rules is None else (rules.stop,)),
            self._recordings.finish,
        )
        for end in ends:
            try:
                end()
            except Exception as error:  # whatever it was: a recording that is never finished would be worse
                log.exception("at the end of a run")
                self._fail(f"at the end of the run: {type(error).__name__}: {error}")

    def _work(self) -> None:
        if self._warm_up:
            self._warm_models_up()
        finisher = self._finisher
        with contextlib.closing(finisher), contextlib.suppress(ChannelClosed):
            self._go_on(finisher)
        finisher.settle()

    def _go_on(self, finisher: Finisher) -> None:
        usual = schedule_engines(self._models)
        while True:
            frame_set = next_of(self._sets)
            if self._on_frame_set is not None:
                self._on_frame_set(frame_set)
            pace = self._pacer.plan(self._models.loaded())
            looked = self._look(frame_set, pace)
            finished = finisher.settle()
            if finished is not None:
                self._pacer.took(finished.timings, finished.model_seconds, finished.pace.rests)
                if finished.failed:  # whoever computes it again begins anew behind such a FrameSet, and so does this
                    self._steps.reset()
                    self._failures.newly()  # what the look that does not count ran on, and lost, is nobody's
                    self._models.ran(self._looking)
                    looked = self._look(frame_set, pace)
            failed: tuple[str, ...] = ()
            if isinstance(looked, EngineError):
                self._steps.reset()  # the tracks are half way through this FrameSet
                # An error that no engine counted is all models': nobody knows whose it was.
                failed = self._failures.newly() or self._looking
            ran = self._models.ran(self._looking)
            # Nothing computes now: engines change here, those that looked for the FrameSet that comes next.
            before = usual
            if any((self._keeper.turn(), self._keeper.left())):
                usual = schedule_engines(self._models)
            finisher.begin(Order(frame_set, looked, pace, _of_both(before, usual), ran, failed))
            if self._on_looked is not None:
                self._on_looked(frame_set)

    def _look(self, frame_set: FrameSet, pace: Pace) -> Looked | EngineError:
        try:
            return self._steps.look(frame_set, pace.rests)
        except EngineError as error:
            return error

    def _warm_models_up(self) -> None:
        try:
            self._models.warm_up()
        except EngineError as error:
            self._fail(f"a model cannot be warmed up: {error}")


def _of_both(looked: Engines, finishes: Engines) -> Engines:
    """Of a FrameSet: what looked at it ran on what there was then, what finishes it runs on what there is now."""
    return {name: what if name in FINISHING else looked.get(name, what) for name, what in finishes.items()}


def next_of(channel: Any) -> Any:
    """The channel's next item, however long it takes; ChannelClosed ends the caller."""
    while True:
        try:
            return channel.take(0.5)
        except queue.Empty:
            continue
