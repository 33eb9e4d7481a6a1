"""The recordings of a live run, one after the other: one is on, while those before it may still be being finished."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from drivers.frame import Frame, FrameSet
from pipeline.errors import LiveError
from pipeline.live_recording import Kept, LiveRecording, RecordingNow
from recordings.event import Event
from recordings.observation import Observation
from recordings.recorder import Recorder
from recordings.session import ScheduleEntry


class Recordings:
    """Safe from any thread. Nothing here waits for a disk but :meth:`join`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._alive: tuple[LiveRecording, ...] = ()
        """The newest last; replaced as a whole, so that whoever brings frames reads it without a lock."""
        self._newest: LiveRecording | None = None
        self._is_over = False
        self.beside: Callable[[Recorder], Kept] | None = None
        """Makes what is written beside the files of each recording that begins from now on."""

    def adopt(self, path: Path, recorder: Recorder, on_trouble: Callable[[str], None]) -> None:
        """Go on with a recorder that is open already."""
        self._add(LiveRecording(path, recorder=recorder, on_trouble=on_trouble, beside=self.beside))

    def begin(self, path: Path, make: Callable[[LiveRecording], Recorder]) -> None:
        """Begin one, in a thread of its own. Returns at once.

        Raises:
            LiveError: one is on already, or the run has ended.
        """
        with self._lock:
            if self._is_over:
                raise LiveError("nothing can be recorded: the cameras have ended")
            if self._newest is not None and self._newest.is_on:
                raise LiveError(f"{self._newest.status().path.name} is being recorded already: end that first")
            self._add(LiveRecording(path, make, beside=self.beside))

    def end(self) -> bool:
        """End the one that is on; False when none is. Returns at once."""
        newest = self._newest
        if newest is None or not newest.is_on:
            return False
        newest.end()
        return True

    def finish(self) -> None:
        """No frame and no result comes any more: end whatever is on. Does not wait."""
        with self._lock:
            self._is_over = True
        for one in self._alive:
            one.no_more_results()
            one.end()

    def join(self, timeout_s: float | None) -> bool:
        """Wait until every file is finished; False when the time ran out first."""
        end = None if timeout_s is None else time.monotonic() + timeout_s
        return all(one.join(None if end is None else max(0.0, end - time.monotonic())) for one in self._alive)

    @property
    def is_on(self) -> bool:
        """Whether frames go into one, or will."""
        return self._newest is not None and self._newest.is_on

    def holding(self, from_ns: int | None) -> Path | None:
        """The first file of the one that is on and keeps all that comes; with a host time, where it holds that, too.
        Asks no disk."""
        newest = self._newest
        return newest.path if newest is not None and newest.keeps_from(from_ns) else None

    def status(self) -> RecordingNow | None:
        """Of the newest; None when nothing was ever recorded."""
        return None if self._newest is None else self._newest.status()

    @property
    def are_finished(self) -> bool:
        """Whether nothing is on and no file is being finished."""
        return not any(one.is_alive for one in self._alive)

    # -- frames and what is said of them ---------------------------------------------------------------------------

    def take(self, frame: Frame) -> Frame | None:
        """See :meth:`pipeline.live_recording.LiveRecording.take`."""
        newest = self._newest
        return frame if newest is None else newest.take(frame)

    def miss(self, stream: str, device_ns: int, why: str) -> None:
        """A frame that belongs into the recording could not be given to it."""
        if self._newest is not None:
            self._newest.miss(stream, device_ns, why)

    def put_results(self, frame_set: FrameSet, observation: Observation, entry: ScheduleEntry) -> bool:
        """To whichever recording holds the FrameSet's frames; False when that took nothing."""
        return all([one.put_results(frame_set, observation, entry) for one in self._alive])  # noqa: C419 - to each

    def put_event(self, event: Event, *, clip: bool = False, host_ns: int | None = None) -> bool:
        """Into the one that is on; False when none is."""
        newest = self._newest
        return newest is not None and newest.put_event(event, clip=clip, host_ns=host_ns)

    def _add(self, recording: LiveRecording) -> None:
        self._alive = (*(one for one in self._alive if one.is_alive), recording)
        self._newest = recording
