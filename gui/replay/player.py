"""Replay: one thread that owns the session and the steps, and does what play, pause, step and seek ask. No Qt here.

FrameSets go through the steps in their order and none is left out, so that what is seen is what a batch run gives.
A seek begins the steps anew a few FrameSets before its target. What was computed lately is kept, so that stepping
back shows the very same results.
"""

from __future__ import annotations

import functools
import logging
import math
import queue
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from drivers.channels import ChannelClosed, Latest
from drivers.frame import StreamInfo
from engines.keeper import states_of
from engines.loading import Models
from gui.feed import FeedStatus, Mode, Phase, ReplayStatus, Shown, StreamStatus
from gui.replay.chain import KNOWN_ERRORS, UNREADABLE, Chain
from gui.replay.course import SPEEDS, Course
from gui.replay.goto import find
from gui.replay.marks import Marks
from gui.replay.runs import WARM_UP, ComparedRun, PlainRun, Steps
from gui.replay.stream_facts import stream_status
from gui.replay.study import Study
from gui.replay.timeline import Timeline
from pipeline.config import PipelineConfig
from pipeline.meter import Meter
from pipeline.wanted_models import load_wanted
from recordings.errors import SessionFormatError
from recordings.reader import SessionReader

__all__ = ["KNOWN_ERRORS", "SPEEDS", "WARM_UP", "MakeSteps", "Player", "Steps"]

log = logging.getLogger(__name__)

STUDY_END_S = 4.0
"""The longest that reading stored signals and saving bookmarks may take to end."""

MakeSteps = Callable[[Sequence[StreamInfo], Models, PipelineConfig], Steps]


def _process(streams: Sequence[StreamInfo], models: Models, config: PipelineConfig) -> Steps:
    from pipeline.process import Process

    return Process(streams, models, config)


class Player:
    """A session as a feed with a timeline. Commands return at once; the newest one wins.

    Args:
        path: the session.
        config: settings.
        loop: begin again at the end.
        playing: at once, or wait at the first frame.
        at: where to begin, as it is typed into the window (gui/replay/goto.py).
        speed: as :meth:`set_speed`.
        weights_dir: models in place of the shipped ones.
        load, make_steps: what the models and the steps are; tests bring their own.
    """

    def __init__(
        self,
        path: Path,
        config: PipelineConfig | None = None,
        *,
        loop: bool = False,
        playing: bool = True,
        at: str = "",
        speed: float = 1.0,
        weights_dir: Path | None = None,
        load: Callable[[], Models] | None = None,
        make_steps: MakeSteps = _process,
    ) -> None:
        self._path = path
        self._config = config or PipelineConfig()
        self._weights = weights_dir
        self._load = load or (lambda: load_wanted(self._config, weights_dir))
        self._make_steps = make_steps
        self._results: Latest[Shown] = Latest()
        self._meter = Meter()
        self._thread: threading.Thread | None = None
        # Everything below is shared with the thread, under this condition.
        self._wake = threading.Condition()
        self._closing = False
        self._course = Course(playing=playing, loop=loop, speed=speed)
        self._at = at
        self._phase = Phase.OPENING
        self._progress = 0.0
        self._problem = ""
        self._start_problem = ""
        self._chain_start = 0
        self._marks: Marks | None = None
        self._study: Study | None = None
        self._comparing = False
        self._streams: tuple[StreamStatus, ...] = ()
        self._models: Models | None = None

    @property
    def path(self) -> Path:
        """Of the session."""
        return self._path

    # -- commands, from any thread ---------------------------------------------------------------------------

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="tapetum-replay")
        self._thread.start()

    def close(self, deadline_s: float = 5.0) -> bool:
        with self._wake:
            self._closing = True
            self._wake.notify_all()
        if self._thread is not None:
            self._thread.join(deadline_s)
            if self._thread.is_alive():
                log.error("the replay thread did not stop within %.1f s", deadline_s)
                return False
        self._results.close()
        return True

    def play(self) -> None:
        """Go on; from the last frame, begin again."""
        with self._wake:
            self._course.play()
            self._wake.notify_all()

    def pause(self) -> None:
        with self._wake:
            self._course.pause()
            self._wake.notify_all()

    def toggle(self) -> None:
        with self._wake:
            playing = self._course.playing
        self.pause() if playing else self.play()

    def step(self, by: int) -> None:
        """Pause, and move by FrameSets."""
        with self._wake:
            course = self._course
            course.pause()
            self._aim(course.aimed + by)

    def seek(self, position: int) -> None:
        """Show the FrameSet at a position (clamped); playing goes on from there if it was."""
        with self._wake:
            self._aim(position)

    def set_speed(self, speed: float) -> None:
        """Multiple of the recorded time: 0.1 to 16, or ``inf`` for as fast as the steps go."""
        with self._wake:
            self._course.speed = speed if math.isinf(speed) else min(max(speed, SPEEDS[0]), SPEEDS[-2])
            self._course.changed()
            self._wake.notify_all()

    def set_loop(self, loop: bool) -> None:
        with self._wake:
            self._course.loop = loop
            self._course.changed()
            self._wake.notify_all()

    def set_part(self, part: tuple[int, int] | None) -> None:
        """The positions, both included, that a loop plays; None is the whole recording."""
        with self._wake:
            self._course.part = part
            self._course.changed()
            self._wake.notify_all()

    def set_compare(self, on: bool) -> None:
        """Go through the steps as the recorded run did, beside what it stored; or as usual."""
        with self._wake:
            if self._comparing != on:
                self._comparing = on
                self._course.target = self._course.aimed
                self._course.changed()
                self._wake.notify_all()

    def study(self) -> Study | None:
        """What is known beside the pictures; None while the session is not open."""
        with self._wake:
            return self._study

    def newest(self) -> Shown | None:
        try:
            return self._results.take(0.0)
        except (queue.Empty, ChannelClosed):
            return None

    def marks(self) -> Marks | None:
        """What the time line shows; None while the session is not open."""
        with self._wake:
            return self._marks

    def status(self) -> FeedStatus:
        with self._wake:
            models = self._models
        # Anew each time: an engine that fails is left while the replay runs.
        described = {} if models is None else models.describe()
        engines = () if models is None else tuple(states_of(models))
        with self._wake:
            marks, course = self._marks, self._course
            replay = ReplayStatus(
                position=course.shown,
                aim=course.aimed,
                count=0 if marks is None else len(marks),
                time_ns=0 if marks is None else marks.time_ns(course.shown),
                duration_ns=0 if marks is None else marks.duration_ns,
                playing=course.playing,
                at_end=course.at_end,
                loop=course.loop,
                part=course.part,
                speed=course.speed,
                reached_speed=course.reached_speed(),
            )
            note = ""
            if self._chain_start > 0:
                note = f"tracking began at frame {self._chain_start}: ids may differ from a run from the beginning"
            return FeedStatus(
                mode=Mode.REPLAY,
                title=self._path.name,
                phase=self._phase,
                progress=self._progress,
                problem="\n".join(
                    filter(
                        None,
                        (
                            self._start_problem,
                            self._problem,
                            "" if self._study is None else self._study.damage_words(bool(self._problem)),
                        ),
                    )
                ),
                note=note,
                streams=self._streams,
                meter=self._meter.snapshot(),
                models=described,
                engines=engines,
                replay=replay,
            )

    def _aim(self, position: int) -> None:
        self._start_problem = ""
        # Before the session is open nobody knows how far it goes; what was asked is clamped when it is.
        self._course.aim(position, max(position, 0) + 1 if self._marks is None else len(self._marks))
        self._wake.notify_all()

    # -- the thread ---------------------------------------------------------------------------------------------

    def _run(self) -> None:
        models: Models | None = None
        try:
            with SessionReader(self._path) as reader:
                line = Timeline(reader, self._config.synchronize, lambda: self._closing, self._set_progress)
                if not len(line):
                    raise SessionFormatError(f"{self._path} holds no frames; there is nothing to show")
                with self._wake:
                    self._marks = line.marks
                    study = self._study = Study(self._path, reader, line, self._config, self._weights)
                    self._begin_at(line.marks)
                    self._streams = tuple(stream_status(reader, s) for s in reader.streams)
                    self._phase = Phase.LOADING
                    if self._closing:
                        return
                study.start()
                models = self._load()
                models.warm_up()
                with self._wake:
                    self._models = models
                    self._phase = Phase.RUNNING
                self._serve(line.marks, functools.partial(self._make_chain, reader, line, study, models))
        except KNOWN_ERRORS as error:
            self._fail(str(error))
        except Exception as error:  # the edge of a thread: whatever it was must reach the screen
            log.exception("replay stopped")
            self._fail(f"replay stopped by an unexpected error: {type(error).__name__}: {error}")
        finally:
            if self._study is not None and not self._study.close(STUDY_END_S):
                log.error("the threads beside the replay did not stop within %.1f s", STUDY_END_S)
            if models is not None:
                models.close()

    def _make_chain(
        self, reader: SessionReader, line: Timeline, study: Study, models: Models, comparing: bool
    ) -> Chain:
        """What positions go through: the steps of this window, or those of the recorded run with today's models."""
        config = study.stored_config(self._config) if comparing else self._config
        steps = self._make_steps(reader.streams, models, config)
        study.begin_anew()
        if comparing:
            study.tell_provenance(models, config)
        run = ComparedRun(line, steps, study) if comparing else PlainRun(line, steps, study)
        return Chain(run, study.unreadable.__setitem__)

    def _begin_at(self, marks: Marks) -> None:
        """Where it was asked to begin, unless somebody went elsewhere meanwhile."""
        if self._at and self._course.target == 0:
            try:
                self._course.aim(find(self._at, marks, -1), len(marks))
            except ValueError as error:
                self._start_problem = f"cannot begin at {self._at!r}: {error}"

    def _set_progress(self, share: float) -> None:
        with self._wake:
            self._progress = share

    def _fail(self, text: str) -> None:
        with self._wake:
            self._phase = Phase.FAILED
            self._problem = text
            self._course.pause()

    def _serve(self, marks: Marks, make_chain: Callable[[bool], Chain]) -> None:
        comparing = False
        chain = make_chain(comparing)
        while True:
            with self._wake:
                while not self._closing and (wait_s := self._course.wait_s(time.monotonic(), marks)) != 0.0:
                    self._wake.wait(wait_s)
                if self._closing:
                    return
                target = self._course.take()
                wanted = self._comparing and self._study is not None and self._study.can_compare
            if wanted != comparing:
                comparing, chain = wanted, make_chain(wanted)
            self._show(marks, chain, min(target, len(marks) - 1))

    def _show(self, marks: Marks, chain: Chain, target: int) -> None:
        def newer() -> bool:
            with self._wake:
                return self._closing or self._course.target is not None

        problem, goes_on = "", False
        shown: Shown | None = None
        try:
            shown = chain.result(target, newer, self._meter)
        except KNOWN_ERRORS as error:
            problem = f"frame {target}: {error}"
            goes_on = isinstance(error, UNREADABLE)
        with self._wake:
            if shown is None and not problem:
                return  # a newer command came on the way
            if problem and not goes_on:
                self._course.pause()
            self._problem = problem
            self._course.arrived(target, time.monotonic(), marks)
            self._chain_start = chain.start
        if shown is not None:
            self._results.put(shown)
