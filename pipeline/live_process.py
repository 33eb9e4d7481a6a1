"""The process thread of a live run: FrameSets through the steps, to the screen and to whatever is recorded or kept."""

from __future__ import annotations

import contextlib
import logging
import queue
import time
from collections.abc import Callable, Mapping
from typing import Any

from drivers.channels import ChannelClosed, Latest
from drivers.frame import FrameSet
from engines.errors import EngineError
from engines.keeper import EngineKeeper
from engines.loading import Models
from pipeline.beside import Beside
from pipeline.live_recordings import Recordings
from pipeline.live_rules import LiveRules
from pipeline.live_status import LiveResult, RunState
from pipeline.meter import Meter
from pipeline.not_computed import Failures, not_computed
from pipeline.pacing import Pacer
from pipeline.process import Process
from pipeline.provenance import Engines, engines_of, schedule_engines
from recordings.event import Event
from recordings.last_seconds import LastSeconds
from recordings.observation import Observation
from recordings.recording_files import Results
from recordings.session import ScheduleEntry

log = logging.getLogger(__name__)


class ProcessThread:
    """What one thread does until its channel of FrameSets is closed.

    Args:
        steps, models, keeper, pacer: what computes, what runs it, what changes that, and which models rest.
        sets: gives FrameSets.
        results: gets what is said of them; closed at the end.
        state, meter: of the run.
        recordings: get it, too; they are told when nothing more comes.
        last: what is kept of the last seconds; None for nothing.
        beside: the second thread of the steps; closed at the end.
        fail: called with what goes wrong, in words.
        on_frame_set: called before each FrameSet.
        warm_up: compute once with every model first.
        has_several_clocks: of the run's streams.
        rules: make events of what is said; told when nothing more comes.
    """

    def __init__(
        self,
        steps: Process,
        models: Models,
        keeper: EngineKeeper,
        pacer: Pacer,
        sets: Latest[FrameSet],
        results: Latest[LiveResult],
        state: RunState,
        meter: Meter,
        recordings: Recordings,
        last: LastSeconds | None,
        beside: Beside,
        *,
        fail: Callable[[str], None],
        on_frame_set: Callable[[FrameSet], None] | None,
        warm_up: bool,
        has_several_clocks: bool,
        rules: LiveRules | None = None,
    ) -> None:
        self._rules = rules
        self._steps, self._models, self._keeper, self._pacer = steps, models, keeper, pacer
        self._sets, self._results, self._state, self._meter = sets, results, state, meter
        self._recordings, self._last = recordings, last
        self._beside = beside
        self._fail = fail
        self._on_frame_set = on_frame_set
        self._warm_up = warm_up
        self._has_several_clocks = has_several_clocks

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
            self._beside.close()
            self._results.close()
            if self._rules is not None:
                self._rules.stop()
            self._recordings.finish()

    def _work(self) -> None:
        if self._warm_up:
            self._warm_models_up()
        usual = schedule_engines(self._models)
        failures = Failures(self._models)
        with contextlib.suppress(ChannelClosed):
            while True:
                frame_set = next_of(self._sets)
                if self._on_frame_set is not None:
                    self._on_frame_set(frame_set)
                if self._keeper.turn():
                    usual = schedule_engines(self._models)
                pace = self._pacer.plan(self._models.loaded())
                failed: tuple[str, ...] = ()
                timings: Mapping[str, float] = {}
                try:
                    observation = self._steps(frame_set, pace.rests)
                except EngineError as error:
                    observation = self._not_computed(frame_set, error)
                    # An error that no engine counted is all models': nobody knows whose it was.
                    failed = failures.newly() or tuple(usual)
                else:
                    timings = self._steps.timings
                    self._pacer.took(timings, self._steps.model_seconds)
                with self._state.lock:
                    self._state.pace = pace
                engines = engines_of(usual, self._models.ran(), pace.rests, failed)
                self._publish(frame_set, observation, timings, engines)
                if self._keeper.left():
                    usual = schedule_engines(self._models)

    def _warm_models_up(self) -> None:
        try:
            self._models.warm_up()
        except EngineError as error:
            self._fail(f"a model cannot be warmed up: {error}")

    def _not_computed(self, frame_set: FrameSet, error: EngineError) -> Observation:
        """What is said of a FrameSet that no engine could compute, the fallback neither: that, and the run goes on."""
        self._steps.reset()  # the tracks are half way through this FrameSet
        self._meter.count("not computed")
        with self._state.lock:
            self._state.not_computed += 1
            first = self._state.not_computed == 1
        if first:
            self._fail(f"FrameSet {frame_set.number} could not be computed: {error}")
        return not_computed(frame_set, str(error))

    def _publish(
        self, frame_set: FrameSet, observation: Observation, timings: Mapping[str, float], engines: Engines
    ) -> None:
        self._meter.times(timings)
        self._meter.tick("processed", time.monotonic())
        with self._state.lock:
            self._state.processed += 1
        entry = ScheduleEntry(
            frame_set.number,
            {n: f.number for n, f in frame_set.frames.items()},
            engines,
            *((frame_set.device_ns, frame_set.skew_ns) if self._has_several_clocks else ()),
        )
        # First who looks, then who writes: the process thread may wait for the recorder, since a schedule with a hole
        # would be a lie.
        events = self._events(frame_set, observation)
        asked = frozenset() if self._rules is None else self._rules.asked
        self._results.put(LiveResult(frame_set, observation, dict(timings), time.time_ns(), events, asked))
        if not self._recordings.put_results(frame_set, observation, entry):
            self._fail(f"the recorder took no observation of FrameSet {frame_set.number} within 5 s")
        if self._last is not None:
            self._last.push_results(Results(observation, entry))

    def _events(self, frame_set: FrameSet, observation: Observation) -> tuple[Event, ...]:
        if self._rules is None:
            return ()
        try:
            return self._rules.step(observation, frame_set.frames)
        except Exception as error:  # whatever it was: the picture and the recording go on, and it is told
            log.exception("rules stopped")
            self._fail(f"the rules stopped, no more alarms come of them: {type(error).__name__}: {error}")
            self._rules = None
            return ()


def next_of(channel: Any) -> Any:
    """The channel's next item, however long it takes; ChannelClosed ends the caller."""
    while True:
        try:
            return channel.take(0.5)
        except queue.Empty:
            continue
