"""Live: the threads around the steps.

    camera -> Supervisor -> Lossless -> "synchronise" -> Latest -> "process" -> Latest -> whoever looks
                        \\-> Recorder <--------------------------/ (observations, schedule)

Frames that come before all this runs wait in pipeline/early_frames.py.

The steps themselves know no thread. What is dropped on the way is counted where it is dropped: a frame that finds
the synchroniser's queue full, a FrameSet that a newer one overtakes, a frame that finds the recorder's queue full.
"""

from __future__ import annotations

import contextlib
import functools
import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from drivers.camera import Camera, CameraState
from drivers.channels import ChannelClosed, ChannelCount, Latest, Lossless
from drivers.frame import Frame, FrameSet, StreamInfo
from drivers.member import Member, members_of
from drivers.supervisor import Supervisor
from engines.errors import EngineError
from engines.keeper import EngineKeeper
from engines.loading import Models
from pipeline.config import PipelineConfig
from pipeline.early_frames import EarlyFrames, Missed
from pipeline.errors import LiveError
from pipeline.live_status import LiveResult, LiveStatus, RunState, given_up_words
from pipeline.meter import Meter
from pipeline.not_computed import Failures, not_computed
from pipeline.opening import CLOSE_S, OnWait, not_open, open_timeout_s, stop_cameras, wait_for_streams
from pipeline.pacing import Pacer
from pipeline.process import Process
from pipeline.provenance import Engines, engines_of, run_record, schedule_engines
from pipeline.steps.synchronise import Synchronizer
from recordings.errors import SessionWriteError
from recordings.observation import Event, Observation
from recordings.recorder import Recorder
from recordings.session import ScheduleEntry

SYNC_CAPACITY = 128
"""Frames that may wait for the synchroniser."""
_TROUBLE = {
    CameraState.STALLED: "camera stalled",
    CameraState.WAITING: "camera lost",
    CameraState.GONE: "camera lost",
    CameraState.PAUSED: "camera paused",
}
"""States in which a camera gives nothing -> what the event in the recording is called."""


class LiveRun:
    """Cameras to observations, live.

    Args:
        cameras: opened by their supervisors. Of several, each one's streams are named after it: see
            :func:`drivers.member.members_of`.
        models: what runs, or what loads it: called in ``start`` while the cameras are being opened. The caller closes
            them after ``stop``.
        config: settings.
        record: where to write a session of everything, or None.
        on_frame_set: called in the process thread before each FrameSet is processed; tests delay with it.
        warm_up: compute once with every model before the first FrameSet, while frames are recorded already.

    Use as ``run.start()``; look at ``run.results`` and ``run.status()``; ``run.stop()``. A run whose cameras end, or
    are given up, finishes by itself: ``run.wait(timeout_s)``.

    The recording of one camera begins with its first frame. Of several cameras, or while models are loaded, it begins
    with the newest frames that there are when all is ready.
    """

    def __init__(
        self,
        cameras: Sequence[Camera | Member],
        models: Models | Callable[[], Models],
        config: PipelineConfig | None = None,
        record: Path | None = None,
        on_frame_set: Callable[[FrameSet], None] | None = None,
        warm_up: bool = False,
    ) -> None:
        if not cameras:
            raise LiveError("a live run needs at least one camera")
        self._members = members_of(cameras)
        self._cameras = [member.camera for member in self._members]
        self._load: Callable[[], Models] = (lambda: models) if isinstance(models, Models) else models
        self._models = models if isinstance(models, Models) else Models()
        self._warm_up = warm_up
        self._config = config or PipelineConfig()
        self._record_path = record
        self._on_frame_set = on_frame_set
        self._state = RunState()
        self._meter = Meter()
        self._keeper = EngineKeeper(self._models, self._config.engines.threads)
        self._pacer = Pacer(self._config.engines.latency_budget_ms)
        self._frames: Lossless[Frame] = Lossless(SYNC_CAPACITY)
        self._sets: Latest[FrameSet] = Latest()
        self._recorder: Recorder | None = None
        self._early = EarlyFrames(is_begun=len(self._members) == 1 and isinstance(models, Models))
        self.results: Latest[LiveResult] = Latest()
        self._supervisors = [
            Supervisor(
                camera,
                [functools.partial(self._take_frame, camera.source)],
                on_state=functools.partial(self._camera_changed, camera.source),
                patience=member.patience(self._config.cameras) if member.patience else self._config.cameras,
                relabel=member.relabel,
            )
            for member, camera in zip(self._members, self._cameras, strict=True)
        ]
        self._troubles: dict[str, str] = {}
        """Of the cameras that gave no frame since; each supervisor's thread has its own key."""
        self._streams: tuple[StreamInfo, ...] = ()
        self._has_several_clocks = False
        self._synchronizer: Synchronizer | None = None
        self._threads: list[threading.Thread] = []
        self._ready = threading.Event()
        self._stopping = threading.Event()

    @property
    def streams(self) -> tuple[StreamInfo, ...]:
        """Of all cameras, known once started."""
        return self._streams

    def start(self, timeout_s: float | None = None, on_wait: OnWait | None = None) -> None:
        """Open the cameras and start the threads.

        Args:
            timeout_s: for all cameras to be open; ``inf`` waits until they are there. By default 10, or longer where
                a camera says that it may take longer.
            on_wait: called about every second with the cameras that do not open: source -> why.

        Raises:
            LiveError: a camera did not open in time, or it was stopped meanwhile; nothing is left running.
            EngineError: a model that the configuration requires cannot run; nothing is left running.
            RecordingError: what is to be recorded cannot be; nothing is left running.
        """
        path = self._record_path
        if path is not None and path.exists() and self._config.record.profile != "events":
            raise SessionWriteError(f"{path} exists already; choose another name")  # before any camera is opened
        begun = time.monotonic()
        for supervisor in self._supervisors:
            supervisor.start()
        try:
            models = self._load()
            if models is not self._models:
                self._models, self._keeper = models, EngineKeeper(models, self._config.engines.threads)
            limit_s = open_timeout_s(self._cameras) if timeout_s is None else timeout_s
            left_s = limit_s - (time.monotonic() - begun)
            self._streams = wait_for_streams(self._supervisors, left_s, self._stopping, on_wait)
            self._has_several_clocks = len({s.clock for s in self._streams}) > 1
            self._early.begin()
            steps = Process(self._streams, models, self._config)
            synchronizer = self._synchronizer = Synchronizer(self._streams, self._config.synchronize)
            self._recorder = self._open_recorder()
        except BaseException:  # whatever it was, also an interrupt: the cameras must not go on
            self._stopping.set()
            stop_cameras(self._supervisors)
            self._close_channels()
            raise
        self._threads = [
            threading.Thread(target=self._synchronize, args=(synchronizer,), name="tapetum-synchronise"),
            threading.Thread(target=self._process, args=(steps,), name="tapetum-process"),
        ]
        for thread in self._threads:
            thread.start()
        self._early.let_in(self._take_early, self._has_room, self._end_of_early)
        self._ready.set()
        self._keeper.start()
        self._close_when_all_ended()

    def not_open(self) -> Mapping[str, str]:
        """The cameras that failed to open so far: source -> why, and what is done about it."""
        return not_open(self._supervisors)

    def request_stop(self) -> None:
        """From any thread: let a ``start`` that still waits for cameras end with a LiveError."""
        self._stopping.set()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until the cameras have ended and everything was processed; False when the time ran out first."""
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        for thread in self._threads:
            thread.join(None if deadline is None else max(0.0, deadline - time.monotonic()))
            if thread.is_alive():
                return False
        left = None if deadline is None else max(0.0, deadline - time.monotonic())
        return self._recorder is None or self._recorder.join(left)

    def mark(self, note: str = "") -> bool:
        """Write an event "mark" into the recording, now, and a clip where it writes clips; False when none is on."""
        with self._state.lock:
            now = self._state.newest_ns
        recorder = self._recorder
        return recorder is not None and recorder.put_event(Event("mark", now, now, None, note), clip=True)

    def stop(self, deadline_s: float = 5.0) -> bool:
        """Stop the cameras, let what is under way finish, close the recording; True when all of it is down.

        Raises nothing: what went wrong is in ``status().errors``.
        """
        self._stopping.set()
        end = time.monotonic() + deadline_s
        down = True
        try:
            down &= stop_cameras(self._supervisors, max(0.1, min(CLOSE_S, deadline_s)))
        finally:
            # Even when somebody interrupts the stopping: without this the threads would wait for frames for ever.
            self._frames.close()
        for thread in self._threads:
            thread.join(max(0.1, end - time.monotonic()))
            if thread.is_alive():
                down = False
                self._state.fail(f"thread {thread.name} did not stop within {deadline_s:.1f} s")
        if not self._keeper.close(max(0.1, end - time.monotonic())):
            down = False
            self._state.fail(f"the build of an engine did not end within {deadline_s:.1f} s")
        if self._recorder is not None and not self._recorder.close(max(0.1, end - time.monotonic())):
            down = False
            self._state.fail(f"the recording could not be finished within {deadline_s:.1f} s")
        self._close_channels()
        return down

    def status(self) -> LiveStatus:
        """Never blocks for long."""
        with self._state.lock:
            processed, errors = self._state.processed, tuple(self._state.errors)
            pace, failed = self._state.pace, self._state.not_computed
        recorder = None if self._recorder is None else self._recorder.status()
        channels: dict[str, ChannelCount] = {
            "synchronise": self._frames.count(),
            "process": self._sets.count(),
            "results": self.results.count(),
        }
        if recorder is not None:
            channels["recorder"] = recorder.queue
        return LiveStatus(
            cameras=tuple(s.status() for s in self._supervisors),
            channels=channels,
            meter=self._meter.snapshot(),
            processed=processed,
            recorder=recorder,
            errors=errors,
            ended=bool(self._threads)
            and not any(t.is_alive() for t in self._threads)
            and (recorder is None or recorder.state != "recording"),
            engines=self._keeper.status(),
            pace=pace,
            not_computed=failed,
            leader_changes=0 if self._synchronizer is None else self._synchronizer.leader_changes,
            clock_jumps=0 if self._synchronizer is None else self._synchronizer.clock_jumps,
        )

    def swap(self, model: str, policy: str) -> None:
        """Let another engine run a model while the picture goes on, e.g. ``openvino:int8``. Returns at once.

        It is loaded (and built, where it must be) beside the picture, and takes over between two FrameSets; what
        became of it is in ``status().engines``.

        Raises:
            EngineError: the model is not loaded, or the policy cannot be read.
        """
        self._keeper.swap(model, policy)

    def cancel_build(self) -> bool:
        """Give the running build of an engine up; False when none runs."""
        return self._keeper.cancel_build()

    # -- camera threads ---------------------------------------------------------------------------------------

    def _take_frame(self, source: str, frame: Frame) -> bool:
        """Called by a supervisor's thread with every frame; never blocks. False when there was no room for it."""
        self._meter.tick(f"camera {frame.stream}", time.monotonic())
        waits = self._early.put(frame)
        if waits is not None:
            if not waits:
                self._meter.count(f"dropped {frame.stream}")
            return waits
        has_room = self._let_in(frame)
        if self._troubles.pop(source, None) is not None:
            self._record_event("camera back", source)
        return has_room

    def _take_early(self, item: Frame | Missed) -> None:
        if isinstance(item, Frame):
            self._let_in(item)
        elif self._recorder is not None:
            self._recorder.miss(item.stream, item.device_ns, "came while the recording was being begun")

    def _has_room(self) -> bool:
        return self._frames.count().depth < SYNC_CAPACITY // 2

    def _end_of_early(self, events: Sequence[Event]) -> None:
        if self._recorder is not None:
            for event in events:
                self._recorder.put_event(replace(event, begin_ns=self._state.newest_ns))

    def _let_in(self, frame: Frame) -> bool:
        recorder = self._recorder
        if recorder is not None and not recorder.has_failed:
            kept = recorder.take(frame)
            if kept is None and not recorder.has_failed:
                # What is not recorded is not processed either: a stored schedule must never name a frame that is lost.
                self._meter.count(f"not recorded {frame.stream}")
                return False
            frame = kept or frame
        with self._state.lock:
            # Several clocks have no time in common but ours.
            self._state.newest_ns = frame.host_ns if self._has_several_clocks else frame.device_ns
        if self._frames.put(frame):
            return True
        self._meter.count(f"dropped {frame.stream}")
        return False

    def _camera_changed(self, source: str, state: CameraState, note: str) -> None:
        """Called by a supervisor's thread; what a camera suffers stands in the recording as events."""
        trouble = _TROUBLE.get(state)
        if trouble is not None and self._troubles.get(source) != trouble:  # not again for each attempt to reopen it
            self._troubles[source] = trouble
            self._record_event(trouble, note if source in note else f"{source}: {note}")
        if state is CameraState.GONE and self._streams:  # before, its opening fails and says so
            given_up = [s.status() for s in self._supervisors if s.camera.source == source]
            if any(status.has_given_up for status in given_up):
                self._fail(given_up_words(source, note))
        if state in (CameraState.ENDED, CameraState.GONE):
            self._close_when_all_ended()

    def _close_when_all_ended(self) -> None:
        """A camera that was given up never gives a frame again."""
        if not self._ready.is_set():
            return
        statuses = [supervisor.status() for supervisor in self._supervisors]
        if all(status.state is CameraState.ENDED or status.has_given_up for status in statuses):
            self._frames.close()

    # -- synchronise, process, record: one thread each -----------------------------------------------------------

    def _synchronize(self, synchronizer: Synchronizer) -> None:
        try:
            with contextlib.suppress(ChannelClosed):
                while True:
                    for frame_set in synchronizer.push(self._next(self._frames)):
                        self._sets.put(frame_set)
            for frame_set in synchronizer.flush():
                self._sets.put(frame_set)
        except Exception as error:  # noqa: BLE001 - the edge of a thread: whatever it was must reach the status
            self._fail(f"synchronising stopped: {type(error).__name__}: {error}")
        finally:
            self._sets.close()

    def _process(self, steps: Process) -> None:
        try:
            if self._warm_up:
                self._warm_models_up()
            usual = schedule_engines(self._models)
            failures = Failures(self._models)
            with contextlib.suppress(ChannelClosed):
                while True:
                    frame_set = self._next(self._sets)
                    if self._on_frame_set is not None:
                        self._on_frame_set(frame_set)
                    if self._keeper.turn():
                        usual = schedule_engines(self._models)
                    pace = self._pacer.plan(self._models.loaded())
                    failed: tuple[str, ...] = ()
                    timings: Mapping[str, float] = {}
                    try:
                        observation = steps(frame_set, pace.rests)
                    except EngineError as error:
                        observation = self._not_computed(frame_set, steps, error)
                        # An error that no engine counted is all models': nobody knows whose it was.
                        failed = failures.newly() or tuple(usual)
                    else:
                        timings = steps.timings
                        self._pacer.took(timings, steps.model_seconds)
                    with self._state.lock:
                        self._state.pace = pace
                    engines = engines_of(usual, self._models.ran(), pace.rests, failed)
                    self._publish(frame_set, observation, timings, engines)
                    if self._keeper.left():
                        usual = schedule_engines(self._models)
        except Exception as error:  # noqa: BLE001 - the edge of a thread: whatever it was must reach the status
            self._fail(f"processing stopped: {type(error).__name__}: {error}")
            self.results.close()
            # The recording goes on without observations: frames are the evidence.
            with contextlib.suppress(ChannelClosed):
                while True:
                    self._next(self._sets)
        finally:
            self.results.close()
            if self._recorder is not None:
                self._recorder.finish()

    def _warm_models_up(self) -> None:
        try:
            self._models.warm_up()
        except EngineError as error:
            self._fail(f"a model cannot be warmed up: {error}")

    def _not_computed(self, frame_set: FrameSet, steps: Process, error: EngineError) -> Observation:
        """What is said of a FrameSet that no engine could compute, the fallback neither: that, and the run goes on."""
        steps.reset()  # the tracks are half way through this FrameSet
        self._meter.count("not computed")
        with self._state.lock:
            self._state.not_computed += 1
            first = self._state.not_computed == 1
        if first:
            self._fail(f"FrameSet {frame_set.number} could not be computed: {error}")
        return not_computed(frame_set, str(error))

    def _publish(
        self,
        frame_set: FrameSet,
        observation: Observation,
        timings: Mapping[str, float],
        engines: Engines,
    ) -> None:
        self._meter.times(timings)
        self._meter.tick("processed", time.monotonic())
        with self._state.lock:
            self._state.processed += 1
        if self._recorder is not None and not self._recorder.has_failed:
            entry = ScheduleEntry(
                frame_set.number,
                {n: f.number for n, f in frame_set.frames.items()},
                engines,
                *((frame_set.device_ns, frame_set.skew_ns) if self._has_several_clocks else ()),
            )
            # The process thread may wait for the recorder: a schedule with a hole would be a lie.
            if not self._recorder.put_results(observation, entry) and not self._recorder.has_failed:
                self._fail(f"the recorder took no observation of FrameSet {frame_set.number} within 5 s")
        self.results.put(LiveResult(frame_set, observation, dict(timings), self._meter.snapshot(), time.time_ns()))

    def _open_recorder(self) -> Recorder | None:
        if self._record_path is None:
            return None
        return Recorder(
            self._record_path,
            self._streams,
            self._config.record,
            source=", ".join(c.source for c in self._cameras),
            run={**run_record(self._models, self._config), "cameras": self._cameras_record()},
            on_trouble=self._state.fail,
        )

    def _cameras_record(self) -> list[dict[str, object]]:
        """Which cameras these are: model, serial number, what is set on them."""
        return [
            {"name": member.name, "source": member.camera.source, "options": dict(supervisor.status().options)}
            for member, supervisor in zip(self._members, self._supervisors, strict=True)
        ]

    def _fail(self, text: str) -> None:
        """What goes wrong in the run stands in its recording, too."""
        self._state.fail(text)
        with self._state.lock:
            processed = self._state.processed
        self._record_event("error", f"after {processed} FrameSets: {text}")

    def _record_event(self, name: str, note: str) -> None:
        """An event at the newest frame's device time, where something is recorded."""
        with self._state.lock:
            now = self._state.newest_ns
        event = Event(name, now, None, None, note)
        if not self._early.put_event(event) and self._recorder is not None:
            self._recorder.put_event(event)

    def _next(self, channel: Any) -> Any:
        """The channel's next item, however long it takes; ChannelClosed ends the caller."""
        while True:
            try:
                return channel.take(0.5)
            except queue.Empty:
                continue

    def _close_channels(self) -> None:
        self._frames.close()
        self._sets.close()
        self.results.close()
