"""Live: cameras as a feed, through pipeline/run.py. No Qt here."""

from __future__ import annotations

import logging
import math
import queue
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from drivers.camera import Camera
from drivers.channels import ChannelClosed
from drivers.frame import FrameSet
from drivers.member import Member
from drivers.registry import open_camera, shown_source
from drivers.rig import Rig
from engines.errors import EngineError
from engines.loading import Models
from gui.feed import FeedStatus, Mode, Phase, Shown
from gui.live_facts import kept_of, problem_of, recording_of, saves_of, streams_of
from gui.long_lived import set_aside, take_back
from gui.replay.chain import KNOWN_ERRORS
from pipeline.config import PipelineConfig
from pipeline.errors import LiveError
from pipeline.live_control import Moment
from pipeline.live_status import Marked
from pipeline.rules.engine import key_of
from pipeline.run import LiveRun
from pipeline.wanted_models import load_wanted
from recordings.event import Event

log = logging.getLogger(__name__)

_LOOK_S = 0.25
"""So often the thread that waits for results looks whether it shall end."""


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
        self._load = load or (lambda: load_wanted(self._config, weights_dir))
        self._open_source = open_source
        self._record = record
        self._lock = threading.Lock()
        self._phase = Phase.OPENING
        self._problem = ""
        self._models: Models | None = None
        self._run: LiveRun | None = None
        self._closing = threading.Event()
        self._opener: threading.Thread | None = None
        self._teller: threading.Thread | None = None
        self._told: Callable[[], None] | None = None
        self._telling = threading.Lock()
        self._taken: Shown | None = None
        self._foretold: Callable[[FrameSet], None] | None = None

    def start(self) -> None:
        self._opener = threading.Thread(target=self._open, name="tapetum-open")
        self._opener.start()

    def tell(self, call: Callable[[], None] | None) -> None:
        """As :meth:`gui.waking.Telling.tell`; also when the cameras are open already."""
        with self._telling:
            self._told = call
            self._begin_telling(self._running())

    def foretell(self, call: Callable[[FrameSet], None] | None) -> None:
        """As :meth:`gui.waking.Foretelling.foretell`."""
        self._foretold = call

    def _looked(self, frame_set: FrameSet) -> None:
        if (call := self._foretold) is not None and not self._closing.is_set():
            call(frame_set)

    def _begin_telling(self, run: LiveRun | None) -> None:
        """Whoever comes last, the run or who wants to be told, begins. Under the lock of the telling."""
        if self._told is not None and run is not None and self._teller is None and not self._closing.is_set():
            self._teller = threading.Thread(target=self._tell, args=(run,), name="tapetum-newest")
            self._teller.start()

    def newest(self) -> Shown | None:
        with self._telling:
            shown, self._taken = self._taken, None
        run = self._running()
        if shown is not None or run is None or self._teller is not None:
            return shown
        try:
            result = run.results.take(0.0)
        except (queue.Empty, ChannelClosed):
            return None
        return Shown(result.frame_set, result.observation, result.timings, events=result.events, asked=result.asked)

    def _tell(self, run: LiveRun) -> None:
        """Hold the newest result for whoever was promised to be told."""
        while not self._closing.is_set():
            try:
                result = run.results.take(_LOOK_S)
            except queue.Empty:
                continue
            except ChannelClosed:
                return
            with self._telling:
                self._taken = Shown(
                    result.frame_set, result.observation, result.timings, events=result.events, asked=result.asked
                )
                if self._told is not None:
                    self._told()

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
            problem=problem_of(problem, self._shown, status),
            streams=streams_of(run, status),
            meter=status.meter,
            models=models,
            drops={name: count.dropped for name, count in status.channels.items() if name != "results"},
            recording=recording_of(status),
            engines=status.engines,
            pace=status.pace,
            not_computed=status.not_computed,
            kept=kept_of(status, self._config),
            saves=saves_of(status),
            rules=status.rules,
        )

    def moment(self) -> Moment | None:
        """Now, for a mark whose note comes later; None while nothing runs."""
        run = self._running()
        return None if run is None else run.moment()

    def mark(self, note: str = "", moment: Moment | None = None) -> Marked:
        """Write an event "mark", now or at an earlier moment, and say where it stands."""
        run = self._running()
        return Marked.NOWHERE if run is None else run.mark(note, moment)

    def write_event(self, name: str, note: str) -> bool:
        """Write an event, now, without a clip of its own; False where nothing is recorded or kept."""
        run = self._running()
        return run is not None and run.write_event(name, note)

    def start_recording(self, path: Path, profile: str = "", layout: str = "", fresh: bool = True) -> None:
        """Record from the present frame on. Returns at once: how it goes is in the status.

        Args:
            profile, layout: in place of the configuration's.
            fresh: make the folder where there is none, and take another name where this one is taken.

        Raises:
            LiveError: something is recorded already, or nothing runs.
        """
        run = self._running()
        if run is None:
            raise LiveError("nothing can be recorded: no camera is open")
        words = {key: word for key, word in (("profile", profile), ("layout", layout)) if word}
        run.start_recording(path, self._config.record.model_copy(update=words), fresh)

    def stop_recording(self) -> bool:
        """End the recording; False when none is on. Returns at once."""
        run = self._running()
        return run is not None and run.stop_recording()

    def save_last(self, seconds: float, path: Path, fresh: bool = True) -> int:
        """Save the last seconds as a session; gives the number of the saving in the status. Returns at once.

        Raises:
            LiveError: nothing is held, or two are being saved already.
        """
        run = self._running()
        if run is None:
            raise LiveError("nothing can be saved: no camera is open")
        return run.save_last(seconds, path, fresh)

    def use_rules(self, source: str) -> None:
        """Let other rules count: a ready set, a file, or '' for none. Returns at once; see ``status().rules``."""
        run = self._running()
        if run is not None:
            run.use_rules(source)

    def acknowledge(self, event: Event, by: str) -> None:
        """Somebody has seen an event that a rule told; that is recorded."""
        run = self._running()
        if run is not None:
            run.acknowledge(key_of(event), by)

    def suggest_clips(self, folder: Path) -> None:
        """Where clips of alarms go unless the configuration says so."""
        run = self._running()
        if run is not None:
            run.suggest_clips(folder)

    def mute_began(self, name: str, note: str, by: str, seconds: float) -> Event | None:
        """An event that is a mute, from now on: in the recording and among what is kept; None while nothing runs."""
        run = self._running()
        return None if run is None else run.mute_began(name, note, by, seconds)

    def mute_again(self, event: Event) -> None:
        """Tell a mute that goes on to a recording that has just begun."""
        run = self._running()
        if run is not None:
            run.mute_told(event)

    def mute_ended(self, event: Event, note: str) -> None:
        """It is over, now."""
        run = self._running()
        if run is not None:
            run.mute_told(event, note)

    def swap(self, model: str, policy: str) -> None:
        """Let another engine take over a model while the picture goes on. Returns at once.

        Raises:
            EngineError: nothing runs yet, the model is not loaded, or the policy cannot be read.
        """
        run = self._running()
        if run is None:
            raise EngineError("no picture runs yet: wait until the cameras are open")
        run.swap(model, policy)

    def cancel_build(self, with_waiting: bool = False) -> bool:
        """Give the running build of an engine up, and what waits for its turn where asked; False: there was nothing."""
        run = self._running()
        return run is not None and run.cancel_build(with_waiting)

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
        with self._telling:
            teller = self._teller
        if teller is not None:
            teller.join(deadline_s)
            down &= not teller.is_alive()
        if models is not None and down:
            models.close()
        take_back(self)
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
                cameras,
                loaded or self._load_models,
                self._config,
                record=self._record,
                on_looked=self._looked,
                warm_up=loaded is None,
                keep=True,
            )
            with self._lock:
                self._run = run
            if self._closing.is_set():
                return
            run.start(math.inf)
            set_aside(self)
            self._set(Phase.RUNNING)
            with self._telling:
                self._begin_telling(run)
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


def _is_recorded(camera: Camera | Member) -> bool:
    """Whether it plays something recorded: that has a beginning."""
    return bool(getattr(camera.camera if isinstance(camera, Member) else camera, "is_recorded", False))
