"""Replay: one thread that owns the session and the steps, and does what play, pause, step and seek ask. No Qt here.

FrameSets go through the steps in their order and none is left out, so that what is seen is what a batch run gives.
A seek begins the steps anew a few FrameSets before its target. What was computed lately is kept, so that stepping
back shows the very same results.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from drivers.channels import ChannelClosed, Latest
from drivers.errors import DriverError
from drivers.frame import FrameSet, StreamInfo
from engines.errors import EngineError
from engines.loading import Models, load_models
from gui.feed import FeedStatus, Mode, Phase, ReplayStatus, Shown, StreamStatus
from gui.timeline import Timeline
from pipeline.config import PipelineConfig
from pipeline.errors import PipelineError
from pipeline.meter import Meter
from recordings.errors import RecordingError, SessionFormatError
from recordings.observation import Observation
from recordings.reader import SessionReader

log = logging.getLogger(__name__)

KNOWN_ERRORS = (DriverError, EngineError, PipelineError, RecordingError)

SPEEDS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
WARM_UP = 8
"""FrameSets before the target of a seek from which tracking starts anew."""

KEEP = 33
"""Results that are kept, so that stepping back shows the very same ones; farther back the steps begin anew."""

KEEP_BYTES = 96 << 20
"""The most that the pixels of the kept results may take."""

LONGEST_GAP_S = 2.0
"""A pause in the recording longer than this is shortened to it."""


class Steps(Protocol):
    """What the player needs of :class:`pipeline.process.Process`."""

    @property
    def timings(self) -> Mapping[str, float]: ...

    def __call__(self, frame_set: FrameSet) -> Observation: ...

    def reset(self) -> None: ...


MakeSteps = Callable[[Sequence[StreamInfo], Models, PipelineConfig], Steps]


def _process(streams: Sequence[StreamInfo], models: Models, config: PipelineConfig) -> Steps:
    from pipeline.process import Process

    return Process(streams, models, config)


class Player:
    """A session as a feed with a timeline. Commands return at once; the newest one wins."""

    def __init__(
        self,
        path: Path,
        config: PipelineConfig | None = None,
        *,
        loop: bool = False,
        playing: bool = True,
        weights_dir: Path | None = None,
        load: Callable[[], Models] | None = None,
        make_steps: MakeSteps = _process,
    ) -> None:
        self._path = path
        self._config = config or PipelineConfig()
        engines = self._config.engines
        self._load = load or (lambda: load_models(engines.policy, engines.threads, weights_dir=weights_dir))
        self._make_steps = make_steps
        self._results: Latest[Shown] = Latest()
        self._meter = Meter()
        self._thread: threading.Thread | None = None
        # Everything below is shared with the thread, under this condition.
        self._wake = threading.Condition()
        self._closing = False
        self._target: int | None = 0
        self._playing = playing
        self._loop = loop
        self._speed = 1.0
        self._anchored = False
        self._phase = Phase.OPENING
        self._problem = ""
        self._at_end = False
        self._shown = 0
        self._chain_start = 0
        self._timeline: Timeline | None = None
        self._streams: tuple[StreamStatus, ...] = ()
        self._models: Mapping[str, Mapping[str, Any]] = {}
        self._pace: deque[tuple[float, int]] = deque(maxlen=240)

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
            if self._at_end and self._target is None:
                self._target = 0
            self._set_playing(True)

    def pause(self) -> None:
        with self._wake:
            self._set_playing(False)

    def toggle(self) -> None:
        with self._wake:
            playing = self._playing
        self.pause() if playing else self.play()

    def step(self, by: int) -> None:
        """Pause, and move by FrameSets."""
        with self._wake:
            self._set_playing(False)
            self._aim((self._shown if self._target is None else self._target) + by)

    def seek(self, position: int) -> None:
        """Show the FrameSet at a position (clamped); playing goes on from there if it was."""
        with self._wake:
            self._aim(position)

    def set_speed(self, speed: float) -> None:
        """Multiple of the recorded time, 0.1 to 16."""
        with self._wake:
            self._speed = min(max(speed, SPEEDS[0]), SPEEDS[-1])
            self._changed()

    def set_loop(self, loop: bool) -> None:
        with self._wake:
            self._loop = loop
            self._changed()

    def newest(self) -> Shown | None:
        try:
            return self._results.take(0.0)
        except (queue.Empty, ChannelClosed):
            return None

    def time_at(self, position: int) -> int:
        """Recorded time in ns from the beginning to a position; 0 while the session is not open."""
        with self._wake:
            line = self._timeline
        if line is None or not len(line):
            return 0
        return int(line.device_ns[min(max(position, 0), len(line) - 1)] - line.device_ns[0])

    def status(self) -> FeedStatus:
        with self._wake:
            line = self._timeline
            count = 0 if line is None else len(line)
            replay = ReplayStatus(
                position=self._shown,
                count=count,
                time_ns=0 if not count or line is None else int(line.device_ns[self._shown] - line.device_ns[0]),
                duration_ns=0 if not count or line is None else int(line.device_ns[-1] - line.device_ns[0]),
                playing=self._playing,
                at_end=self._at_end,
                loop=self._loop,
                speed=self._speed,
                reached_speed=self._reached_speed(),
            )
            note = ""
            if self._chain_start > 0:
                note = f"tracking began at frame {self._chain_start}: ids may differ from a run from the beginning"
            return FeedStatus(
                mode=Mode.REPLAY,
                title=self._path.name,
                phase=self._phase,
                problem=self._problem,
                note=note,
                streams=self._streams,
                meter=self._meter.snapshot(),
                models=self._models,
                replay=replay,
            )

    def _set_playing(self, playing: bool) -> None:
        self._playing = playing
        self._pace.clear()
        self._changed()

    def _aim(self, position: int) -> None:
        last = 0 if self._timeline is None else max(len(self._timeline) - 1, 0)
        self._target = min(max(position, 0), last)
        self._pace.clear()
        self._changed()

    def _changed(self) -> None:
        self._anchored = False
        self._wake.notify_all()

    def _reached_speed(self) -> float:
        """Recorded time over wall time, over what was played lately; 0 while unknown."""
        if not self._playing or len(self._pace) < 3:
            return 0.0
        (wall0, device0), (wall1, device1) = self._pace[0], self._pace[-1]
        return max(0.0, (device1 - device0) / 1e9 / (wall1 - wall0)) if wall1 > wall0 else 0.0

    # -- the thread ---------------------------------------------------------------------------------------------

    def _run(self) -> None:
        models: Models | None = None
        try:
            with SessionReader(self._path) as reader:
                line = Timeline(reader, self._config.synchronize, lambda: self._closing)
                if not len(line):
                    raise SessionFormatError(f"{self._path} holds no frames; there is nothing to show")
                with self._wake:
                    self._timeline = line
                    self._streams = tuple(_stream_status(reader, s) for s in reader.streams)
                    self._phase = Phase.LOADING
                    if self._closing:
                        return
                models = self._load()
                models.warm_up()
                steps = self._make_steps(reader.streams, models, self._config)
                with self._wake:
                    self._models = models.describe()
                    self._phase = Phase.RUNNING
                self._serve(line, _Chain(line, steps))
        except KNOWN_ERRORS as error:
            self._fail(str(error))
        except Exception as error:  # the edge of a thread: whatever it was must reach the screen
            log.exception("replay stopped")
            self._fail(f"replay stopped by an unexpected error: {type(error).__name__}: {error}")
        finally:
            if models is not None:
                models.close()

    def _fail(self, text: str) -> None:
        with self._wake:
            self._phase = Phase.FAILED
            self._problem = text
            self._playing = False

    def _serve(self, line: Timeline, chain: _Chain) -> None:
        anchor = (0.0, 0)
        while True:
            with self._wake:
                while not self._closing and self._target is None:
                    if not self._playing:
                        self._wake.wait()
                        continue
                    if self._shown + 1 >= len(line):
                        self._finish_round()
                        continue
                    now = time.monotonic()
                    here, there = int(line.device_ns[self._shown]), int(line.device_ns[self._shown + 1])
                    if not self._anchored:
                        anchor, self._anchored = (now, here), True
                    due = anchor[0] + (there - anchor[1]) / 1e9 / self._speed
                    longest = LONGEST_GAP_S / self._speed
                    if due - now > longest or due < now - 0.25:
                        # A gap in the recording, or the steps do not keep up: go on from here.
                        due = now + min(max((there - here) / 1e9 / self._speed, 0.0), longest) * (due > now)
                        anchor = (due, there)
                    if due > now:
                        self._wake.wait(due - now)
                        continue
                    self._target = self._shown + 1
                if self._closing:
                    return
                assert self._target is not None
                target, self._target = self._target, None
            self._show(line, chain, target)

    def _finish_round(self) -> None:
        """At the last frame while playing: begin again, or stop there."""
        self._pace.clear()
        self._anchored = False
        if self._loop:
            self._target = 0
        else:
            self._playing = False
            self._at_end = True

    def _show(self, line: Timeline, chain: _Chain, target: int) -> None:
        def newer() -> bool:
            with self._wake:
                return self._closing or self._target is not None

        problem = ""
        shown: Shown | None = None
        try:
            shown = chain.result(target, newer, self._meter)
        except KNOWN_ERRORS as error:
            problem = f"frame {target}: {error}"
        with self._wake:
            if shown is None and not problem:
                return  # a newer command came on the way
            if problem:
                self._playing = False
            self._problem = problem
            self._shown = target
            self._chain_start = chain.start
            self._at_end = target == len(line) - 1 and not self._playing
            self._pace.append((time.monotonic(), int(line.device_ns[target])))
        if shown is not None:
            self._results.put(shown)


class _Chain:
    """Results of FrameSets that went through the steps one after the other, the latest of them kept."""

    def __init__(self, line: Timeline, steps: Steps) -> None:
        self._line = line
        self._steps = steps
        self._kept: OrderedDict[int, Shown] = OrderedDict()
        self._bytes = 0
        self._head = -1  # position that went through the steps last
        self.start = 0

    def result(self, target: int, newer: Callable[[], bool], meter: Meter) -> Shown | None:
        """The result at a position; None when ``newer`` said that it is no longer wanted.

        Raises:
            RecordingError, PipelineError, EngineError: a frame cannot be read or processed; the chain begins anew.
        """
        if target in self._kept:
            return self._kept[target]
        if not self._head < target <= self._head + WARM_UP:
            self._begin(max(0, target - WARM_UP))
        try:
            while self._head < target:
                if self._head + 1 < target and newer():
                    return None
                self._advance(meter)
        except KNOWN_ERRORS:
            self._begin(target + 1)
            raise
        return self._kept[target]

    def _begin(self, start: int) -> None:
        self._steps.reset()
        self._kept.clear()
        self._bytes = 0
        self._head = start - 1
        self.start = start

    def _advance(self, meter: Meter) -> None:
        position = self._head + 1
        began = time.perf_counter()
        frame_set = self._line.frame_set(position)
        read = time.perf_counter()
        observation = self._steps(frame_set)
        timings = dict(self._steps.timings)
        meter.time("read", read - began)
        meter.times(timings)
        meter.time("all steps", time.perf_counter() - read)
        meter.tick("processed", time.monotonic())
        self._head = position
        shown = Shown(frame_set, observation, timings, position, self.start)
        self._kept[position] = shown
        self._bytes += _size(shown)
        while len(self._kept) > KEEP or (self._bytes > KEEP_BYTES and len(self._kept) > 1):
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= _size(oldest)


def _size(shown: Shown) -> int:
    return sum(frame.pixels.nbytes for frame in shown.frame_set.frames.values())


def _stream_status(reader: SessionReader, info: StreamInfo) -> StreamStatus:
    """Rate and losses of a recorded stream, from its times and numbers."""
    times = reader.times(info.name)
    gaps = np.diff(times.device_ns)
    gaps = gaps[gaps > 0]
    jumps = np.diff(times.number)
    lost = int((jumps[jumps > 1] - 1).sum())
    fps = float(1e9 / np.median(gaps)) if gaps.size else info.fps
    state = f"{len(times.number)} frames"
    return StreamStatus(info, fps, lost, state)
