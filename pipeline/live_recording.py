"""One recording of a live run, from its opening to its finished file, in a thread of its own.

It may be begun and ended at any time while frames flow: whoever brings frames meets a lock and the recorder's queue,
never the disk.
"""

from __future__ import annotations

import enum
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from drivers.frame import Frame, FrameSet
from pipeline.heap import give_back
from recordings.errors import RecordingError
from recordings.event import Event
from recordings.observation import Observation
from recordings.recorder import Recorder
from recordings.recorder_status import RecorderStatus
from recordings.session import ScheduleEntry

log = logging.getLogger(__name__)

_RESULTS_S: Final = 1.5
"""After its last frame a recording waits so long for what is said of it."""
_LOOK_S: Final = 0.25
_LAST_WORDS_S: Final = 150.0
"""For a recorder to write what it has and finish its files; it has limits of its own within that."""

WHILE_IT_RAN: Final = "it was begun while the picture ran: the steps remember what came before it"


class RecordingState(enum.StrEnum):
    """How far a recording is."""

    OPENING = "opening"
    RECORDING = "recording"
    CLOSING = "closing"
    ENDED = "ended"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RecordingNow:
    """A snapshot of one recording.

    Attributes:
        path: its first file, as far as that is known.
        reason: why it failed; '' otherwise.
        trouble: what it said last that went wrong, e.g. that frames are lost.
        recorder: None until it is open.
    """

    path: Path
    state: RecordingState
    reason: str = ""
    trouble: str = ""
    recorder: RecorderStatus | None = None

    @property
    def is_on(self) -> bool:
        """Whether frames go into it, or will."""
        return self.state in (RecordingState.OPENING, RecordingState.RECORDING)


class Kept(Protocol):
    """What is written beside the files of a recording, in its thread; raises nothing."""

    def turn(self) -> None:
        """Now and then, while it is on."""
        ...

    def finish(self) -> str:
        """Its files are finished. What could not be written, in words; '' where all could."""
        ...


class LiveRecording:
    """Begins at once; ends when it is told to, or when its recorder fails.

    Args:
        path: the first file, for the status; ``make`` may choose another name.
        make: makes the recorder, in this recording's thread.
        recorder: one that is open already, in place of ``make``.
        on_trouble: called with words, from any thread, when the recording could not be begun or finished.
        beside: makes what is written beside its files, given the first one; in this recording's thread.
    """

    def __init__(
        self,
        path: Path,
        make: Callable[[LiveRecording], Recorder] | None = None,
        *,
        recorder: Recorder | None = None,
        on_trouble: Callable[[str], None] | None = None,
        beside: Callable[[Recorder], Kept] | None = None,
    ) -> None:
        self._path = path
        self._beside = beside
        self._make = make
        self._on_trouble = on_trouble or (lambda words: log.error("%s", words))
        self._lock = threading.Lock()
        self._recorder = recorder
        self._state = RecordingState.OPENING if recorder is None else RecordingState.RECORDING
        self._reason = self._trouble = ""
        self._first: dict[str, int] = {}
        self._last: dict[str, int] = {}
        self._stop = threading.Event()
        self._passed = threading.Event()
        """What was said of the last frame has come, or will not."""
        self._thread = threading.Thread(target=self._run, name="tapetum-recording")
        self._thread.start()

    # -- from camera threads -------------------------------------------------------------------------------------

    def take(self, frame: Frame) -> Frame | None:
        """Record a frame where it belongs into this recording. Never waits for a disk.

        Returns:
            The frame as it goes on; None when it belongs into the recording and was lost: what is not recorded is not
            processed either, so that a stored schedule never names a frame that is lost.
        """
        with self._lock:
            recorder = self._recorder
            if self._state is not RecordingState.RECORDING or recorder is None or recorder.has_failed:
                return frame
            kept = recorder.take(frame)
            if kept is None:
                return frame if recorder.has_failed else None
            self._first.setdefault(kept.stream, kept.host_ns)
            self._last[kept.stream] = kept.host_ns
            return kept

    def miss(self, stream: str, device_ns: int, why: str) -> None:
        """A frame that belongs into it could not be given to it."""
        if self._recorder is not None:
            self._recorder.miss(stream, device_ns, why)

    # -- from the thread that finishes FrameSets -----------------------------------------------------------------

    def put_results(self, frame_set: FrameSet, observation: Observation, entry: ScheduleEntry) -> bool:
        """Record what is said of a FrameSet whose frames are all in it; may wait for room. False when it took none."""
        with self._lock:
            recorder = self._recorder
            if recorder is None or self._state not in (RecordingState.RECORDING, RecordingState.CLOSING):
                return True
            times = {name: frame.host_ns for name, frame in frame_set.frames.items()}
            begun = all(name in self._first and self._first[name] <= at for name, at in times.items())
            is_over = self._state is RecordingState.CLOSING
            inside = begun and (not is_over or all(at <= self._last[name] for name, at in times.items()))
            if is_over and all(at >= self._last.get(name, 0) for name, at in times.items()):
                done = self._passed
            else:
                done = None
        took = not inside or recorder.has_failed or recorder.put_results(observation, entry) or recorder.has_failed
        if done is not None:
            done.set()
        return took

    def no_more_results(self) -> None:
        """Nothing more will be said of any frame."""
        self._passed.set()

    # -- from any thread -----------------------------------------------------------------------------------------

    def put_event(self, event: Event, *, clip: bool = False, host_ns: int | None = None) -> bool:
        """Record an event; False when this is not recording, or the event was before its first frame."""
        recorder = self._recorder
        if recorder is None or self._state is not RecordingState.RECORDING:
            return False
        if host_ns is not None and host_ns < min(tuple(self._first.values()), default=0):
            return False
        return recorder.put_event(event, clip=clip, host_ns=host_ns)

    def end(self) -> None:
        """Take no frame from now on, and finish the file. Does not wait."""
        with self._lock:
            if self._state in (RecordingState.OPENING, RecordingState.RECORDING):
                self._state = RecordingState.CLOSING
        self._stop.set()

    def join(self, timeout_s: float | None) -> bool:
        """Wait until its file is finished; False when the time ran out first."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    @property
    def path(self) -> Path:
        """Its first file, as far as that is known."""
        return self._path

    def keeps_from(self, host_ns: int | None) -> bool:
        """Whether all that comes goes into its own file, and what came since then did."""
        recorder = self._recorder
        if self._state is not RecordingState.RECORDING or recorder is None or recorder.has_failed:
            return False
        begun = host_ns is None or min(tuple(self._first.values()), default=host_ns + 1) <= host_ns
        return begun and recorder.config.profile != "events"

    @property
    def is_on(self) -> bool:
        """Whether frames go into it, or will."""
        state, recorder = self._state, self._recorder
        on = state in (RecordingState.OPENING, RecordingState.RECORDING)
        return on and not (recorder is not None and recorder.has_failed)

    @property
    def is_alive(self) -> bool:
        """Whether its thread runs: it is on, or being finished."""
        return self._thread.is_alive()

    def note_trouble(self, words: str) -> None:
        """What the recorder says that went wrong."""
        self._trouble = words

    def named(self, path: Path) -> None:
        """The file has another name than was asked for."""
        self._path = path

    def status(self) -> RecordingNow:
        """Never blocks for long."""
        with self._lock:
            state, reason, recorder = self._state, self._reason, self._recorder
        told = None if recorder is None else recorder.status()
        if told is not None and told.state == "failed":
            state, reason = RecordingState.FAILED, told.reason
        return RecordingNow(self._path, state, reason, self._trouble, told)

    # -- the thread ----------------------------------------------------------------------------------------------

    def _run(self) -> None:
        recorder = self._recorder or self._open()
        if recorder is None:
            return
        kept = None if self._beside is None else self._beside(recorder)
        while not self._stop.wait(_LOOK_S) and not recorder.has_failed:
            if kept is not None:
                kept.turn()
        self.end()
        if self._last and not recorder.has_failed:
            self._passed.wait(_RESULTS_S)
        recorder.finish()
        down = recorder.join(_LAST_WORDS_S)
        failed = recorder.status().reason
        if not down:
            failed = failed or f"{self._path.name} could not be finished within {_LAST_WORDS_S:.0f} s"
            self._on_trouble(failed)
        if kept is not None and (trouble := kept.finish()):
            self.note_trouble(trouble)
        with self._lock:
            self._state = RecordingState.FAILED if failed else RecordingState.ENDED
            self._reason = failed
        give_back()

    def _open(self) -> Recorder | None:
        assert self._make is not None, "there is a recorder, or somebody who makes one"
        try:
            recorder = self._make(self)
        except (RecordingError, OSError) as error:
            self._fail(str(error))
        except Exception as error:  # the edge of a thread: whatever it was must reach the status
            log.exception("a recording could not be begun")
            self._fail(f"{type(error).__name__}: {error}")
        else:
            with self._lock:
                self._recorder = recorder
                if self._state is RecordingState.OPENING:
                    self._state = RecordingState.RECORDING
            return recorder
        return None

    def _fail(self, reason: str) -> None:
        with self._lock:
            self._state, self._reason = RecordingState.FAILED, reason
        self._on_trouble(f"the recording could not be begun: {reason}")


def free_name(path: Path) -> Path:
    """This path, or one of its kind that neither a session nor one being written has.

    Raises:
        OSError: the folder cannot be read.
    """
    for n in range(1, 1000):
        one = path if n == 1 else path.with_stem(f"{path.stem}-{n}")
        if not one.exists() and not one.with_name(one.name + ".part").exists():
            return one
    raise OSError(f"{path} and 998 more of that name exist already; choose another folder")
