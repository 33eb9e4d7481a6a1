"""Live: the threads around the steps.

    camera -> Supervisor -> Lossless -> "synchronise" -> Latest -> "process" -> Latest -> whoever looks
                        \\-> Lossless -> "recorder" <--------------/ (observations, schedule)

The steps themselves know no thread. What is dropped on the way is counted where it is dropped: a frame that finds
the synchroniser's queue full, a FrameSet that a newer one overtakes, a frame that finds the recorder's queue full.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from drivers.camera import Camera, CameraState
from drivers.channels import ChannelClosed, ChannelCount, Latest, Lossless
from drivers.frame import Frame, FrameSet, StreamInfo
from drivers.supervisor import Supervisor, SupervisorStatus
from engines.loading import Models
from pipeline.config import PipelineConfig
from pipeline.errors import LiveError
from pipeline.meter import Meter, MeterSnapshot
from pipeline.process import Process
from pipeline.provenance import run_record, schedule_engines
from pipeline.steps.synchronise import Synchronizer
from recordings.errors import RecordingError
from recordings.observation import Event, Observation
from recordings.session import ScheduleEntry, SessionInfo
from recordings.writer import SessionWriter

log = logging.getLogger(__name__)

OPEN_TIMEOUT_S = 10.0
SYNC_CAPACITY = 128
RECORD_CAPACITY = 256


@dataclass(frozen=True, slots=True, eq=False)
class LiveResult:
    """What the process thread says of one FrameSet: the newest of these is what the screen shows."""

    frame_set: FrameSet
    observation: Observation
    timings: Mapping[str, float]
    """Seconds a step took, this time."""
    meter: MeterSnapshot
    done_host_ns: int
    """When the observation was ready (Unix epoch, ns)."""


@dataclass(frozen=True, slots=True)
class LiveStatus:
    """A snapshot of a live run for the screen and the log."""

    cameras: tuple[SupervisorStatus, ...]
    channels: Mapping[str, ChannelCount]
    meter: MeterSnapshot
    processed: int
    recording: Path | None
    recorded_frames: int
    lost_frames: Mapping[str, int]
    """Frames that found the recorder's queue full, per stream: neither recorded nor processed."""
    errors: tuple[str, ...]
    ended: bool


@dataclass(slots=True)
class _Recorded:
    """What the recorder thread takes: exactly one of these is set."""

    frame: Frame | None = None
    observation: Observation | None = None
    schedule: ScheduleEntry | None = None


@dataclass(slots=True)
class _State:
    """What the threads share, under one lock."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    processed: int = 0
    recorded_frames: int = 0
    lost_frames: dict[str, list[int]] = field(default_factory=dict)
    ended_cameras: int = 0
    errors: list[str] = field(default_factory=list)

    def fail(self, text: str) -> None:
        log.error("%s", text)
        with self.lock:
            self.errors.append(text)


class LiveRun:
    """Cameras to observations, live.

    Args:
        cameras: opened by their supervisors; their stream names must differ.
        models: what runs; the caller closes them after ``stop``.
        config: settings.
        record: where to write a session of everything, or None.
        on_frame_set: called in the process thread before each FrameSet is processed; tests delay with it.

    Use as ``run.start()``; look at ``run.results`` and ``run.status()``; ``run.stop()``. A run whose cameras end
    finishes by itself: ``run.wait(timeout_s)``.
    """

    def __init__(
        self,
        cameras: Sequence[Camera],
        models: Models,
        config: PipelineConfig | None = None,
        record: Path | None = None,
        on_frame_set: Callable[[FrameSet], None] | None = None,
    ) -> None:
        if not cameras:
            raise LiveError("a live run needs at least one camera")
        self._cameras = list(cameras)
        self._models = models
        self._config = config or PipelineConfig()
        self._record_path = record
        self._on_frame_set = on_frame_set
        self._state = _State()
        self._meter = Meter()
        self._frames: Lossless[Frame] = Lossless(SYNC_CAPACITY)
        self._sets: Latest[FrameSet] = Latest()
        self._recorded: Lossless[_Recorded] | None = Lossless(RECORD_CAPACITY) if record else None
        self.results: Latest[LiveResult] = Latest()
        self._supervisors = [
            Supervisor(camera, [self._take_frame], on_state=self._camera_changed) for camera in self._cameras
        ]
        self._streams: tuple[StreamInfo, ...] = ()
        self._threads: list[threading.Thread] = []
        self._recorder: threading.Thread | None = None
        self._ready = threading.Event()
        self._stopping = threading.Event()

    @property
    def streams(self) -> tuple[StreamInfo, ...]:
        """Of all cameras, known once started."""
        return self._streams

    def start(self, timeout_s: float = OPEN_TIMEOUT_S) -> None:
        """Open the cameras and start the threads.

        Raises:
            LiveError: a camera did not open in time; nothing is left running.
        """
        for supervisor in self._supervisors:
            supervisor.start()
        try:
            self._streams = self._wait_for_streams(timeout_s)
            steps = Process(self._streams, self._models, self._config)
            synchronizer = Synchronizer(self._streams, self._config.synchronize)
            writer = self._open_writer()
        except BaseException:
            self._stopping.set()
            for supervisor in self._supervisors:
                supervisor.stop(2.0)
            self._close_channels()
            raise
        self._threads = [
            threading.Thread(target=self._synchronize, args=(synchronizer,), name="tapetum-synchronise"),
            threading.Thread(target=self._process, args=(steps,), name="tapetum-process"),
        ]
        if writer is not None:
            self._recorder = threading.Thread(target=self._write, args=(writer,), name="tapetum-recorder")
            self._recorder.start()
        for thread in self._threads:
            thread.start()
        self._ready.set()
        self._close_when_all_ended()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until the cameras have ended and everything was processed; False when the time ran out first."""
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        for thread in self._all_threads():
            thread.join(None if deadline is None else max(0.0, deadline - time.monotonic()))
            if thread.is_alive():
                return False
        return True

    def stop(self, deadline_s: float = 5.0) -> bool:
        """Stop the cameras, let what is under way finish, close the recording; True when all of it is down.

        Raises nothing: what went wrong is in ``status().errors``.
        """
        self._stopping.set()
        end = time.monotonic() + deadline_s
        down = True
        try:
            for supervisor in self._supervisors:
                down &= supervisor.stop(max(0.1, min(2.0, end - time.monotonic())))
        finally:
            # Even when somebody interrupts the stopping: without this the threads would wait for frames for ever.
            self._frames.close()
        for thread in self._all_threads():
            thread.join(max(0.1, end - time.monotonic()))
            if thread.is_alive():
                down = False
                self._state.fail(f"thread {thread.name} did not stop within {deadline_s:.1f} s")
        self._close_channels()
        return down

    def status(self) -> LiveStatus:
        """Never blocks for long."""
        with self._state.lock:
            processed, recorded = self._state.processed, self._state.recorded_frames
            errors = tuple(self._state.errors)
            lost = {stream: len(times) for stream, times in self._state.lost_frames.items()}
        channels: dict[str, ChannelCount] = {
            "synchronise": self._frames.count(),
            "process": self._sets.count(),
            "results": self.results.count(),
        }
        if self._recorded is not None:
            channels["recorder"] = self._recorded.count()
        return LiveStatus(
            cameras=tuple(s.status() for s in self._supervisors),
            channels=channels,
            meter=self._meter.snapshot(),
            processed=processed,
            recording=self._record_path,
            recorded_frames=recorded,
            lost_frames=lost,
            errors=errors,
            ended=bool(self._threads) and not any(t.is_alive() for t in self._all_threads()),
        )

    def _all_threads(self) -> list[threading.Thread]:
        return [*self._threads, *([self._recorder] if self._recorder is not None else [])]

    # -- camera threads ---------------------------------------------------------------------------------------

    def _take_frame(self, frame: Frame) -> None:
        """Called by a supervisor's thread with every frame; never blocks.

        Frames that come while the steps are still being made wait in the channels: a recording begins with the first.
        """
        self._meter.tick(f"camera {frame.stream}", time.monotonic())
        if self._recorded is not None and not self._recorded.put(_Recorded(frame=frame)):
            # What is not recorded is not processed either: a stored schedule must never name a frame that is lost.
            with self._state.lock:
                self._state.lost_frames.setdefault(frame.stream, []).append(frame.device_ns)
            self._meter.count(f"not recorded {frame.stream}")
            return
        if not self._frames.put(frame):
            self._meter.count(f"dropped {frame.stream}")

    def _camera_changed(self, state: CameraState, note: str) -> None:
        log.info("camera: %s %s", state, note)
        if state is CameraState.ENDED:
            with self._state.lock:
                self._state.ended_cameras += 1
            self._close_when_all_ended()

    def _close_when_all_ended(self) -> None:
        with self._state.lock:
            ended = self._state.ended_cameras >= len(self._cameras)
        if ended and self._ready.is_set():
            self._frames.close()

    def _wait_for_streams(self, timeout_s: float) -> tuple[StreamInfo, ...]:
        deadline = time.monotonic() + timeout_s
        while True:
            statuses = [s.status() for s in self._supervisors]
            opened = [st.state in (CameraState.STREAMING, CameraState.ENDED) for st in statuses]
            if all(opened):
                break
            if time.monotonic() > deadline:
                bad = "; ".join(
                    f"{c.source}: {st.state} {st.note}".strip()
                    for c, st, ok in zip(self._cameras, statuses, opened, strict=True)
                    if not ok
                )
                raise LiveError(f"not every camera opened within {timeout_s:.0f} s: {bad}")
            time.sleep(0.01)
        streams = [stream for supervisor in self._supervisors for stream in supervisor.streams()]
        names = [s.name for s in streams]
        if len(set(names)) != len(names):
            raise LiveError(f"two cameras give a stream of the same name: {sorted(names)}; name them apart")
        return tuple(streams)

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
            self._state.fail(f"synchronising stopped: {type(error).__name__}: {error}")
        finally:
            self._sets.close()

    def _process(self, steps: Process) -> None:
        engines = schedule_engines(self._models)
        try:
            with contextlib.suppress(ChannelClosed):
                while True:
                    frame_set = self._next(self._sets)
                    if self._on_frame_set is not None:
                        self._on_frame_set(frame_set)
                    observation = steps(frame_set)
                    self._publish(frame_set, observation, steps.timings, engines)
        except Exception as error:  # noqa: BLE001 - the edge of a thread: whatever it was must reach the status
            self._state.fail(f"processing stopped: {type(error).__name__}: {error}")
            self.results.close()
            # The recording goes on without observations: frames are the evidence.
            with contextlib.suppress(ChannelClosed):
                while True:
                    self._next(self._sets)
        finally:
            self.results.close()
            if self._recorded is not None:
                self._recorded.close()

    def _publish(
        self,
        frame_set: FrameSet,
        observation: Observation,
        timings: Mapping[str, float],
        engines: Mapping[str, Mapping[str, str | int]],
    ) -> None:
        self._meter.times(timings)
        self._meter.tick("processed", time.monotonic())
        with self._state.lock:
            self._state.processed += 1
        if self._recorded is not None:
            entry = ScheduleEntry(frame_set.number, {n: f.number for n, f in frame_set.frames.items()}, engines)
            # The process thread may wait for the recorder: a schedule with a hole would be a lie.
            for item in (_Recorded(schedule=entry), _Recorded(observation=observation)):
                if not self._recorded.put_wait(item, 5.0):
                    self._state.fail(f"the recorder took no observation of FrameSet {frame_set.number} within 5 s")
        self.results.put(LiveResult(frame_set, observation, dict(timings), self._meter.snapshot(), time.time_ns()))

    def _open_writer(self) -> SessionWriter | None:
        if self._record_path is None:
            return None
        info = SessionInfo.create(
            self._streams,
            title=self._record_path.stem,
            source=", ".join(c.source for c in self._cameras),
        )
        writer = SessionWriter(self._record_path, info)
        try:
            writer.write_run(run_record(self._models, self._config))
        except BaseException:
            writer.abort()
            raise
        return writer

    def _write(self, writer: SessionWriter) -> None:
        assert self._recorded is not None
        try:
            with contextlib.suppress(ChannelClosed):
                while True:
                    item = self._next(self._recorded)
                    if item.frame is not None:
                        writer.write_frame(item.frame)
                        with self._state.lock:
                            self._state.recorded_frames += 1
                    elif item.schedule is not None:
                        writer.write_schedule(item.schedule)
                    elif item.observation is not None:
                        writer.write_observation(item.observation)
            self._write_losses(writer)
            self._write_errors(writer)
            writer.close()
        except Exception as error:  # noqa: BLE001 - the edge of a thread: whatever it was must reach the status
            self._state.fail(f"recording stopped: {error or type(error).__name__}")
            # Take what still comes, so that the process thread never waits for a dead recorder.
            with contextlib.suppress(ChannelClosed):
                while True:
                    self._next(self._recorded)
            with contextlib.suppress(RecordingError, OSError):
                writer.abort()

    def _write_losses(self, writer: SessionWriter) -> None:
        with self._state.lock:
            lost = dict(self._state.lost_frames)
        for stream, times in sorted(lost.items()):
            note = f"{stream}: {len(times)} frames found the recorder's queue full"
            writer.write_event(Event("frames not recorded", min(times), max(times), None, note))

    def _write_errors(self, writer: SessionWriter) -> None:
        """What went wrong in the run stands in its recording."""
        with self._state.lock:
            errors, processed = list(self._state.errors), self._state.processed
        for error in errors:
            writer.write_event(Event("error", 0, None, None, f"after {processed} FrameSets: {error}"))

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
        if self._recorded is not None:
            self._recorded.close()
