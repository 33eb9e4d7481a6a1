"""Live: the threads around the steps.

    camera -> Supervisor -> Lossless -> "synchronise" -> Latest -> "process" -> "finish" -> Latest -> whoever looks
                        \\-> Recorder <--------------------------------------/ (observations, schedule)
                        \\-> the last seconds, in memory <-------------------/

What camera threads bring comes in through pipeline/live_intake.py, and waits in pipeline/early_frames.py before all
this runs; the process thread is pipeline/live_process.py, the one that finishes pipeline/live_finish.py; what is asked
of a run while it runs (recordings, marks, the last seconds) is pipeline/live_control.py.

The steps themselves know no thread. What is dropped on the way is counted where it is dropped: a frame that finds
the synchroniser's queue full, a FrameSet that a newer one overtakes (pipeline/live_sets.py), a frame that finds the
recorder's queue full.
"""

from __future__ import annotations

import contextlib
import functools
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from drivers.camera import Camera, CameraState
from drivers.channels import ChannelClosed, ChannelCount, Latest
from drivers.frame import FrameSet, StreamInfo
from drivers.member import Member, members_of
from drivers.supervisor import Supervisor
from engines.keeper import EngineKeeper
from engines.loading import Models
from pipeline.beside import Beside
from pipeline.config import PipelineConfig
from pipeline.context.keep import KeptContext, keep_beside
from pipeline.errors import LiveError
from pipeline.live_control import LiveControl
from pipeline.live_finish import Finisher
from pipeline.live_intake import Intake
from pipeline.live_process import ProcessThread, next_of
from pipeline.live_rules import LiveRules, RulesNow
from pipeline.live_saves import LiveSaves
from pipeline.live_sets import TOGETHER, fullest_in_turn
from pipeline.live_status import LiveResult, LiveStatus, given_up_words
from pipeline.meter import Meter
from pipeline.opening import CLOSE_S, OnWait, not_open, open_timeout_s, stop_cameras, wait_for_streams
from pipeline.pacing import Pacer
from pipeline.process import Process
from pipeline.steps.synchronise import Synchronizer
from recordings.errors import SessionWriteError

_SAVE_S = 20.0
"""For what is being saved of the last seconds when the run is stopped."""


class LiveRun(LiveControl):
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
        keep: hold the last seconds in memory, as the configuration says, for :meth:`save_last`.
        on_looked: called in the process thread when a FrameSet was looked at and is being finished, so that its result
            comes soon; it must return at once.

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
        keep: bool = False,
        on_looked: Callable[[FrameSet], None] | None = None,
    ) -> None:
        if not cameras:
            raise LiveError("a live run needs at least one camera")
        super().__init__(members_of(cameras), config or PipelineConfig())
        self._cameras = [member.camera for member in self._members]
        self._load: Callable[[], Models] = (lambda: models) if isinstance(models, Models) else models
        self._models = models if isinstance(models, Models) else Models()
        self._warm_up = warm_up
        self._record_path = record
        self._on_frame_set, self._on_looked = on_frame_set, on_looked
        self._meter = Meter()
        self._keeper = EngineKeeper(self._models, self._config.engines.threads)
        self._pacer = Pacer(self._config.engines.latency_budget_ms)
        self._sets: Latest[FrameSet] = Latest(together=TOGETHER, choose=fullest_in_turn)
        self._keep = keep and self._config.keep.seconds > 0
        is_begun = len(self._members) == 1 and isinstance(models, Models)
        self._intake = Intake(self._state, self._meter, self._recordings, is_begun)
        self.results: Latest[LiveResult] = Latest()
        self._supervisors = [
            Supervisor(
                camera,
                [functools.partial(self._intake.take, camera.source)],
                on_state=functools.partial(self._camera_changed, camera.source),
                patience=member.patience(self._config.cameras) if member.patience else self._config.cameras,
                relabel=member.relabel,
            )
            for member, camera in zip(self._members, self._cameras, strict=True)
        ]
        self._synchronizer: Synchronizer | None = None
        self._threads: list[threading.Thread] = []
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
        zones = self._config.signals.zones.names
        clips = self._alarm_clips()
        keep_s = self._config.keep.seconds
        self._rules = rules = LiveRules(
            self._config.watch, self._put_event, self._source(), zones, clips=clips, keep_s=keep_s
        )
        if rules.context.has_sources:
            self._recordings.beside = lambda recorder: KeptContext(rules.context.book, recorder)
        for supervisor in self._supervisors:
            supervisor.start()
        try:
            models = self._load()
            if models is not self._models:
                self._models, self._keeper = models, EngineKeeper(models, self._config.engines.threads)
            limit_s = open_timeout_s(self._cameras) if timeout_s is None else timeout_s
            left_s = limit_s - (time.monotonic() - begun)
            self._streams = wait_for_streams(self._supervisors, left_s, self._stopping, on_wait)
            self._intake.has_several_clocks = len({s.clock for s in self._streams}) > 1
            self._intake.early.begin()
            besides = (Beside(), Beside())  # their threads begin with the first FrameSet
            steps = Process(self._streams, models, self._config, *besides)
            synchronizer = self._synchronizer = Synchronizer(self._streams, self._config.synchronize)
            recorder = self._open_recorder(self._record_path)
        except BaseException:  # whatever it was, also an interrupt: the cameras must not go on
            self._stopping.set()
            stop_cameras(self._supervisors)
            self._close_channels()
            self._rules.close()
            raise
        if recorder is not None:
            self._recordings.adopt(recorder.path, recorder, self._state.fail)
        if self._keep:
            beside_saves = functools.partial(keep_beside, rules.context.book) if rules.context.has_sources else None
            self._saves = LiveSaves(
                self._streams, self._config.keep, self._source(), lambda: self._run_record(), beside_saves
            )
            self._intake.last = self._saves.last
            clips.beside = beside_saves
        finisher = Finisher(
            steps,
            models,
            self.results,
            self._state,
            self._meter,
            self._recordings,
            None if self._saves is None else self._saves.last,
            fail=self._intake.fail,
            has_several_clocks=self._intake.has_several_clocks,
            rules=self._rules,
        )
        process = ProcessThread(
            steps,
            models,
            self._keeper,
            self._pacer,
            self._sets,
            finisher,
            self.results,
            self._recordings,
            besides,
            fail=self._intake.fail,
            on_frame_set=self._on_frame_set,
            on_looked=self._on_looked,
            warm_up=self._warm_up,
        )
        self._threads = [
            threading.Thread(target=self._synchronize, args=(synchronizer,), name="tapetum-synchronise"),
            threading.Thread(target=process.run, name="tapetum-process"),
        ]
        for thread in self._threads:
            thread.start()
        self._intake.let_early_ones_in()
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
        return self._recordings.join(left)

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
            self._intake.frames.close()
        for thread in self._threads:
            thread.join(max(0.1, end - time.monotonic()))
            if thread.is_alive():
                down = False
                self._state.fail(f"thread {thread.name} did not stop within {deadline_s:.1f} s")
        if not self._keeper.close(max(0.1, end - time.monotonic())):
            down = False
            self._state.fail(f"the build of an engine did not end within {deadline_s:.1f} s")
        if self._rules is not None and not self._rules.close(max(0.1, end - time.monotonic())):
            down = False
            self._state.fail(f"reading the rules did not end within {deadline_s:.1f} s")
        self._recordings.finish()
        if not self._recordings.join(max(0.1, end - time.monotonic())):
            down = False
            self._state.fail(f"the recording could not be finished within {deadline_s:.1f} s")
        # Somebody asked for that file: it takes the time that it takes, within a limit of its own.
        if self._saves is not None and not self._saves.close(max(_SAVE_S, end - time.monotonic())):
            down = False
            self._state.fail("what was being saved of the last seconds could not be finished")
        self._close_channels()
        return down

    def status(self) -> LiveStatus:
        """Never blocks for long."""
        with self._state.lock:
            processed, errors = self._state.processed, tuple(self._state.errors)
            pace, failed = self._state.pace, self._state.not_computed
        recording = self._recordings.status()
        recorder = None if recording is None else recording.recorder
        channels: dict[str, ChannelCount] = {
            "synchronise": self._intake.frames.count(),
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
            and self._recordings.are_finished,
            engines=self._keeper.status(),
            pace=pace,
            not_computed=failed,
            leader_changes=0 if self._synchronizer is None else self._synchronizer.leader_changes,
            clock_jumps=0 if self._synchronizer is None else self._synchronizer.clock_jumps,
            recording=recording,
            kept=None if self._saves is None else self._saves.last.status(),
            saves=() if self._saves is None else self._saves.status(),
            rules=RulesNow() if self._rules is None else self._rules.status(),
        )

    def swap(self, model: str, policy: str) -> None:
        """Let another engine run a model while the picture goes on, e.g. ``openvino:int8``. Returns at once.

        It is loaded (and built, where it must be) beside the picture, and takes over between two FrameSets; what
        became of it is in ``status().engines``.

        Raises:
            EngineError: the model is not loaded, or the policy cannot be read.
        """
        self._keeper.swap(model, policy)

    def cancel_build(self, with_waiting: bool = False) -> bool:
        """Give the running build of an engine up, and what waits for its turn where asked; False: there was nothing."""
        return self._keeper.cancel_build(with_waiting)

    # -- camera threads ---------------------------------------------------------------------------------------

    def _camera_changed(self, source: str, state: CameraState, note: str) -> None:
        """Called by a supervisor's thread."""
        self._intake.changed(source, state, note)
        if state is CameraState.GONE and self._streams:  # before, its opening fails and says so
            given_up = [s.status() for s in self._supervisors if s.camera.source == source]
            if any(status.has_given_up for status in given_up):
                self._intake.fail(given_up_words(source, note))
        if state in (CameraState.ENDED, CameraState.GONE):
            self._close_when_all_ended()

    def _close_when_all_ended(self) -> None:
        """A camera that was given up never gives a frame again."""
        if not self._ready.is_set():
            return
        statuses = [supervisor.status() for supervisor in self._supervisors]
        if all(status.state is CameraState.ENDED or status.has_given_up for status in statuses):
            self._intake.frames.close()

    # -- synchronise, process, record: one thread each -----------------------------------------------------------

    def _synchronize(self, synchronizer: Synchronizer) -> None:
        try:
            with contextlib.suppress(ChannelClosed):
                while True:
                    self._sets.put_together(synchronizer.push(next_of(self._intake.frames)))
            self._sets.put_together(synchronizer.flush())
        except Exception as error:  # noqa: BLE001 - the edge of a thread: whatever it was must reach the status
            self._intake.fail(f"synchronising stopped: {type(error).__name__}: {error}")
        finally:
            self._sets.close()

    def _close_channels(self) -> None:
        self._intake.frames.close()
        self._sets.close()
        self.results.close()
