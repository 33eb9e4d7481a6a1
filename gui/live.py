"""Live: cameras as a feed, through pipeline/run.py. No Qt here."""

from __future__ import annotations

import logging
import math
import queue
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from drivers.camera import Camera, CameraState
from drivers.channels import ChannelClosed
from drivers.frame import StreamInfo
from drivers.member import Member
from drivers.registry import open_camera, shown_source
from drivers.rig import Rig
from engines.errors import EngineError
from engines.loading import Models, load_models
from gui.camera_words import clock_words, count_words
from gui.chain import KNOWN_ERRORS
from gui.feed import FeedStatus, Mode, Phase, RecordingStatus, Shown, StreamStatus
from pipeline.config import PipelineConfig
from pipeline.live_status import LiveStatus, given_up_words
from pipeline.run import LiveRun

log = logging.getLogger(__name__)

MOST_ERRORS = 3
"""That are shown at once."""


class LiveFeed:
    """One or more cameras, opened in a thread so that the window never waits for them.

    A camera that is not there is waited for, and said to be missing, until it comes or the window closes. The models
    are loaded meanwhile, and the recording begins before they are warm; only where nothing is recorded do recorded
    cameras begin with the models, so that the beginning is seen.
    """

    def __init__(
        self,
        sources: Sequence[str],
        config: PipelineConfig | None = None,
        *,
        record: Path | None = None,
        weights_dir: Path | None = None,
        load: Callable[[], Models] | None = None,
        open_source: Callable[[str], Camera] = open_camera,
        rig: Rig | None = None,
    ) -> None:
        """
        Args:
            sources: cameras, without a rig.
            rig: cameras with their names and calibration, in place of ``sources``.
        """
        self._rig = rig
        self._sources = list(sources)
        made = self._sources if rig is None else [camera.full_source() for camera in rig.cameras.values()]
        self._shown = [shown_source(source) for source in made]  # what is typed may hold a password
        self._config = config or PipelineConfig()
        engines = self._config.engines
        self._load = load or (lambda: load_models(engines.policy, engines.threads, weights_dir=weights_dir))
        self._open_source = open_source
        self._record = record
        self._lock = threading.Lock()
        self._phase = Phase.OPENING
        self._problem = ""
        self._models: Models | None = None
        self._run: LiveRun | None = None
        self._closing = threading.Event()
        self._opener: threading.Thread | None = None

    def start(self) -> None:
        self._opener = threading.Thread(target=self._open, name="tapetum-open")
        self._opener.start()

    def newest(self) -> Shown | None:
        run = self._running()
        if run is None:
            return None
        try:
            result = run.results.take(0.0)
        except (queue.Empty, ChannelClosed):
            return None
        return Shown(result.frame_set, result.observation, result.timings)

    def status(self) -> FeedStatus:
        with self._lock:
            run, phase, problem, loaded = self._run, self._phase, self._problem, self._models
        title = ", ".join(self._shown)
        models = {} if loaded is None else loaded.describe()  # anew: engines change while the picture runs
        if run is None or phase in (Phase.LOADING, Phase.OPENING, Phase.FAILED):
            if run is not None and phase is not Phase.FAILED:
                problem = "\n".join(f"{source}: {why}" for source, why in run.not_open().items())
            return FeedStatus(Mode.LIVE, title, phase, problem, models=models)
        status = run.status()
        if status.ended and phase is Phase.RUNNING:
            phase = Phase.ENDED
        return FeedStatus(
            mode=Mode.LIVE,
            title=title,
            phase=phase,
            problem=_problem(problem, self._shown, status),
            streams=_streams(run, status),
            meter=status.meter,
            models=models,
            drops={name: count.dropped for name, count in status.channels.items() if name != "results"},
            recording=_recording(status),
            engines=status.engines,
            pace=status.pace,
            not_computed=status.not_computed,
        )

    def mark(self, note: str = "") -> bool:
        """Write an event "mark" into the recording, now; False when nothing is recorded."""
        run = self._running()
        return run is not None and run.mark(note)

    def swap(self, model: str, policy: str) -> None:
        """Let another engine take over a model while the picture goes on. Returns at once.

        Raises:
            EngineError: nothing runs yet, the model is not loaded, or the policy cannot be read.
        """
        run = self._running()
        if run is None:
            raise EngineError("no picture runs yet: wait until the cameras are open")
        run.swap(model, policy)

    def cancel_build(self) -> bool:
        """Give the running build of an engine up; False when none runs."""
        run = self._running()
        return run is not None and run.cancel_build()

    def close(self, deadline_s: float = 5.0) -> bool:
        self._closing.set()
        with self._lock:
            run = self._run
        if run is not None:
            run.request_stop()
        down = True
        if self._opener is not None:
            # Models that are being loaded come first.
            self._opener.join(max(deadline_s, 15.0))
            down = not self._opener.is_alive()
        with self._lock:
            run, models = self._run, self._models
        if run is not None:
            down &= run.stop(deadline_s)
        if models is not None and down:
            models.close()
        return down

    def _open(self) -> None:
        try:
            self._set(Phase.LOADING)
            rig = self._rig
            cameras = rig.members() if rig is not None else [self._open_source(source) for source in self._sources]
            loaded: Models | None = None
            if self._record is None and any(_is_recorded(camera) for camera in cameras):
                loaded = self._load_models()
                loaded.warm_up()
            run = LiveRun(
                cameras, loaded or self._load_models, self._config, record=self._record, warm_up=loaded is None
            )
            with self._lock:
                self._run = run
            if self._closing.is_set():
                return
            run.start(math.inf)
            self._set(Phase.RUNNING)
        except KNOWN_ERRORS as error:
            if not self._closing.is_set():  # an opening that was stopped is no failure
                self._fail(str(error))
        except Exception as error:  # the edge of a thread: whatever it was must reach the screen
            log.exception("opening stopped")
            self._fail(f"opening stopped by an unexpected error: {type(error).__name__}: {error}")

    def _load_models(self) -> Models:
        models = self._load()
        with self._lock:
            self._models = models
            self._phase = Phase.OPENING
        return models

    def _running(self) -> LiveRun | None:
        """The run, once its cameras are open."""
        with self._lock:
            return self._run if self._phase is Phase.RUNNING else None

    def _set(self, phase: Phase) -> None:
        with self._lock:
            self._phase = phase

    def _fail(self, text: str) -> None:
        with self._lock:
            self._phase = Phase.FAILED
            self._problem = text


def _streams(run: LiveRun, status: LiveStatus) -> tuple[StreamStatus, ...]:
    """Rates and losses per stream, with the state of the cameras."""
    return tuple(_stream(info, status) for info in run.streams)


def _stream(info: StreamInfo, status: LiveStatus) -> StreamStatus:
    """Of one stream, with the state of the camera that gives it."""
    camera = next(c for c in status.cameras if info.name in c.counts)
    count = camera.counts[info.name]
    silent_s = camera.silent.get(info.name)
    clock = camera.clocks.get(info.name)
    note = f"no frame for {silent_s:.1f} s, while other streams go on" if silent_s is not None else camera.note
    return StreamStatus(
        info,
        status.meter.rates_hz.get(f"camera {info.name}", 0.0) if camera.state is CameraState.STREAMING else 0.0,
        count.dropped_by_device + count.dropped_by_us,
        "silent" if silent_s is not None else str(camera.state),
        note,
        "\n".join(filter(None, (count_words(count), "" if clock is None else clock_words(clock)))),
    )


def _recording(status: LiveStatus) -> RecordingStatus | None:
    """What the window shows of the recorder."""
    recorder = status.recorder
    if recorder is None:
        return None
    return RecordingStatus(
        path=recorder.path,
        profile=recorder.profile,
        is_over=recorder.state != "recording",
        reason=recorder.reason,
        frames=recorder.frames,
        bytes_written=recorder.bytes_written,
        bytes_per_second=recorder.bytes_per_second,
        free_bytes=recorder.free_bytes,
        hours_left=recorder.hours_left,
        lost=recorder.lost,
        clips=recorder.clips,
        clip_problems=recorder.clip_problems,
    )


def _is_recorded(camera: Camera | Member) -> bool:
    """Whether it plays something recorded: that has a beginning."""
    return bool(getattr(camera.camera if isinstance(camera, Member) else camera, "is_recorded", False))


def _problem(problem: str, sources: Sequence[str], status: LiveStatus) -> str:
    lines = [problem, *_newest(status.errors), *_troubles(sources, status)]
    return "\n".join(dict.fromkeys(filter(None, lines)))


def _newest(errors: Sequence[str]) -> list[str]:
    """What the message bar has room for: the newest errors, each once."""
    each = list(dict.fromkeys(reversed(errors)))
    more = [f"and {len(each) - MOST_ERRORS} more, see the log"] if len(each) > MOST_ERRORS else []
    return each[:MOST_ERRORS] + more


def _troubles(sources: Sequence[str], status: LiveStatus) -> list[str]:
    """Cameras that give nothing, in words that stay the same while it lasts."""
    words = {
        CameraState.STALLED: "gives no frames: the pictures are old",
        CameraState.WAITING: "failed: the pictures are old; it will be opened again",
        CameraState.GONE: "is gone: the pictures are old; it is opened as soon as it is back",
    }
    return [
        given_up_words(source, camera.note) if camera.has_given_up else f"{source} {words[camera.state]}"
        for source, camera in zip(sources, status.cameras, strict=True)
        if camera.state in words
    ]
