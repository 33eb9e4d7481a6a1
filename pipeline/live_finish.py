"""The finishing thread of a live run: generated images, rules, and whoever gets what is said of a FrameSet.

It is one FrameSet behind the process thread, which looks at the next one meanwhile. At most one is under way here, so
nothing waits unseen between the two, and the order is that of the FrameSets.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from drivers.channels import Latest
from drivers.frame import FrameSet
from engines.errors import EngineError
from engines.loading import Models
from engines.served import Ran
from pipeline.live_recordings import Recordings
from pipeline.live_rules import LiveRules
from pipeline.live_status import LiveResult, RunState
from pipeline.meter import Meter
from pipeline.not_computed import Failures, not_computed
from pipeline.pacing import Pace
from pipeline.process import FINISHING, Looked, Process
from pipeline.provenance import Engines, engines_of
from recordings.event import Event
from recordings.last_seconds import LastSeconds
from recordings.observation import Observation
from recordings.recording_files import Results
from recordings.session import ScheduleEntry

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """A FrameSet that is to be finished.

    Attributes:
        looked: what the steps left of it; or the error that kept them from it.
        pace: what rested.
        usual: what its models run on, those that looked and those that finish.
        ran: what those that looked ran on.
        failed: names of those that could not compute it.
    """

    frame_set: FrameSet
    looked: Looked | EngineError
    pace: Pace
    usual: Engines
    ran: Mapping[str, Ran]
    failed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Finished:
    """What became of an order.

    Attributes:
        pace: of the order.
        timings, model_seconds: of the whole FrameSet; empty where it could not be computed.
        failed: no engine could compute its images, so that nothing is said of it.
    """

    pace: Pace
    timings: Mapping[str, float]
    model_seconds: Mapping[str, float]
    failed: bool = False


class Finisher:
    """The thread ``tapetum-finish``, which begins with the first order.

    One caller: ``settle`` before each ``begin``, ``close`` at the end.

    Args:
        steps, models: what computes.
        results: gets what is said of them.
        state, meter: of the run.
        recordings: get it, too.
        last: what is kept of the last seconds; None for nothing.
        fail: called with what goes wrong, in words.
        has_several_clocks: of the run's streams.
        rules: make events of what is said.
    """

    def __init__(
        self,
        steps: Process,
        models: Models,
        results: Latest[LiveResult],
        state: RunState,
        meter: Meter,
        recordings: Recordings,
        last: LastSeconds | None,
        *,
        fail: Callable[[str], None],
        has_several_clocks: bool,
        rules: LiveRules | None = None,
    ) -> None:
        self._steps, self._models, self._results = steps, models, results
        self._state, self._meter = state, meter
        self._recordings, self._last = recordings, last
        self.rules = rules
        """None once they have failed."""
        self._fail = fail
        self._has_several_clocks = has_several_clocks
        self._failures = Failures(models, FINISHING)
        self._orders: queue.SimpleQueue[Order | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[Finished | BaseException] = queue.SimpleQueue()
        self._under_way = 0
        self._thread: threading.Thread | None = None

    def begin(self, order: Order) -> None:
        """Finish it, and say what there is to say. Returns at once; the one before must be settled."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="tapetum-finish")
            self._thread.start()
        self._under_way += 1
        self._orders.put(order)

    def settle(self) -> Finished | None:
        """Wait until what was begun is said; what became of it, or None where nothing was begun.

        Raises:
            Exception: whatever went wrong but the engines; the run cannot go on.
        """
        if not self._under_way:
            return None
        finished = self._done.get()
        self._under_way -= 1
        if isinstance(finished, BaseException):
            raise finished
        return finished

    def close(self) -> None:
        """Let what is under way be said, and end. Safe to call twice."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._orders.put(None)
            thread.join()

    def _run(self) -> None:
        while (order := self._orders.get()) is not None:
            try:
                self._done.put(self._finish(order))
            except BaseException as error:  # noqa: BLE001 - the edge of a thread: whoever settles raises it
                self._done.put(error)
            del order  # what it holds is not held until the next one comes

    def _finish(self, order: Order) -> Finished:
        looked, failed, error = order.looked, order.failed, None
        timings: Mapping[str, float] = {}
        model_seconds: Mapping[str, float] = {}
        if isinstance(looked, EngineError):
            observation = self._not_computed(order.frame_set, looked)
        else:
            try:
                observation = self._steps.finish(looked)
            except EngineError as caught:
                error = caught
                observation = self._not_computed(order.frame_set, error)
                # An error that no engine counted is all models': nobody knows whose it was.
                failed = self._failures.newly() or tuple(name for name in FINISHING if name in order.usual)
            else:
                timings, model_seconds = looked.timings, looked.model_seconds
        with self._state.lock:
            self._state.pace = order.pace
        ran = {**order.ran, **self._models.ran(FINISHING)}
        self._publish(order.frame_set, observation, timings, engines_of(order.usual, ran, order.pace.rests, failed))
        return Finished(order.pace, timings, model_seconds, failed=error is not None)

    def _not_computed(self, frame_set: FrameSet, error: EngineError) -> Observation:
        """What is said of a FrameSet that no engine could compute, the fallback neither: that, and the run goes on."""
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
        # First who looks, then who writes: this may wait for the recorder, since a schedule with a hole would be a lie.
        events = self._events(frame_set, observation)
        asked = frozenset() if self.rules is None else self.rules.asked
        self._results.put(LiveResult(frame_set, observation, dict(timings), time.time_ns(), events, asked))
        if not self._recordings.put_results(frame_set, observation, entry):
            self._fail(f"the recorder took no observation of FrameSet {frame_set.number} within 5 s")
        if self._last is not None:
            self._last.push_results(Results(observation, entry))

    def _events(self, frame_set: FrameSet, observation: Observation) -> tuple[Event, ...]:
        if self.rules is None:
            return ()
        try:
            return self.rules.step(observation, frame_set.frames)
        except Exception as error:  # whatever it was: the picture and the recording go on, and it is told
            log.exception("rules stopped")
            self._fail(f"the rules stopped, no more alarms come of them: {type(error).__name__}: {error}")
            self.rules = None
            return ()
