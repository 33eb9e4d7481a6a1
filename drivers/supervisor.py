"""One thread a camera: open, read, notice stalls, back off, reopen, count."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from drivers.camera import Camera, CameraState
from drivers.errors import CameraTimeoutError, DriverError, EndOfStream, SdkMissingError, UnusableSourceError
from drivers.frame import Frame, FrameFlag, StreamInfo

log = logging.getLogger(__name__)

Sink = Callable[[Frame], None]
OnState = Callable[[CameraState, str], None]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a supervisor waits for what, in seconds.

    Attributes:
        read_s: one read; also how soon a stop is noticed.
        stall_s: without a frame, until the camera counts as stalled.
        reopen_s: without a frame, until a stalled camera is closed and opened again.
        back_off_s: before the first attempt to reopen; doubles with each failure.
        back_off_limit_s: the longest wait between attempts.
    """

    read_s: float = 0.2
    stall_s: float = 0.7
    reopen_s: float = 5.0
    back_off_s: float = 0.25
    back_off_limit_s: float = 8.0

    def back_off(self, failures: int, jitter: float) -> float:
        """Exponential back-off: the wait after so many failures in a row (from 1), ``jitter`` in 0..1 halves it."""
        longest = min(self.back_off_limit_s, self.back_off_s * 2.0 ** min(failures - 1, 30))
        return longest * (1.0 - 0.5 * jitter)


@dataclass(frozen=True, slots=True)
class SupervisorStatus:
    """A snapshot of one supervised camera.

    Attributes:
        state: where the camera is in its life.
        frames: stream name -> frames that came, over all openings.
        dropped: stream name -> frames that the camera lost, by its own numbers and flags.
        reopened: how often it came back.
        last_frame_age_s: seconds since the last frame of any stream, None before the first.
        note: for people: what went wrong, empty when nothing did.
        has_given_up: nobody tries to open the camera again: its library is missing, or its source is none.
    """

    state: CameraState
    frames: Mapping[str, int]
    dropped: Mapping[str, int]
    reopened: int
    last_frame_age_s: float | None
    note: str
    has_given_up: bool = False


class Supervisor:
    """Keeps one camera streaming into its sinks.

    Args:
        camera: not opened yet; only this supervisor's thread opens and reads it.
        sinks: called in that thread with every frame, in order; they never block. One that raises is logged and
            counted in the note, and never stops the camera or the other sinks.
        on_state: called in that thread with each new state and its note.
        patience: how long to wait for what.
    """

    def __init__(
        self,
        camera: Camera,
        sinks: Sequence[Sink],
        on_state: OnState | None = None,
        patience: Patience | None = None,
    ) -> None:
        self.camera = camera
        self._sinks = tuple(sinks)
        self._on_state = on_state
        self._patience = patience or Patience()
        # A daemon, so that an SDK that hangs for ever cannot keep the program from ending; stop() joins it.
        self._thread = threading.Thread(target=self._run, name=f"camera {camera.source}", daemon=True)
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._state = CameraState.CLOSED
        self._note = ""
        self._streams: tuple[StreamInfo, ...] = ()
        self._frames: dict[str, int] = {}
        self._dropped: dict[str, int] = {}
        self._numbers: dict[str, int] = {}
        self._reopened = 0
        self._has_given_up = False
        self._alive_s = 0.0  # when the camera was opened or gave a frame, whichever came last
        self._stall_s = self._patience.stall_s
        self._last_s: float | None = None
        self._failures = 0
        self._sink_errors = 0
        self._random = random.Random()

    def start(self) -> None:
        """Start the thread. A supervisor starts once; make a new one to start again."""
        self._thread.start()

    def stop(self, deadline_s: float) -> bool:
        """Close the camera and end the thread.

        Returns:
            False when it did not end within ``deadline_s`` seconds: the camera's library hangs and its thread is
            abandoned, with a warning in the log and in the status.
        """
        self._stopping.set()
        if self._thread.ident is None:
            return True
        if self._thread is threading.current_thread():
            return False  # a sink asked: the thread ends after this frame
        self._thread.join(deadline_s)
        if not self._thread.is_alive():
            return True
        with self._lock:
            doing = self._state
            self._note = f"abandoned: did not close within {deadline_s:.1f} s; unplug it or restart the program"
        log.warning(
            "camera %s (%s) did not close within %.1f s: its thread is abandoned", self.camera.source, doing, deadline_s
        )
        return False

    def streams(self) -> tuple[StreamInfo, ...]:
        """The camera's streams, empty until it was open once; kept when it has ended."""
        with self._lock:
            return self._streams

    def status(self) -> SupervisorStatus:
        """Never blocks. Says STALLED also when the camera's library hangs inside a read."""
        now = time.monotonic()
        with self._lock:
            state, note = self._state, self._note
            age = None if self._last_s is None else now - self._last_s
            if state is CameraState.STREAMING and now - self._alive_s > self._stall_s:
                state, note = CameraState.STALLED, note or f"no frame for {now - self._alive_s:.1f} s"
            if self._sink_errors:
                note = f"{note}; {self._sink_errors} frames failed in a sink, see the log".lstrip("; ")
            return SupervisorStatus(
                state, dict(self._frames), dict(self._dropped), self._reopened, age, note, self._has_given_up
            )

    # -- the camera's thread --------------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._open()
                self._read_until_stopped()
            except EndOfStream:
                self._close()
                self._change(CameraState.ENDED)
                return
            except SdkMissingError as error:
                self._give_up(str(error))
                return  # waiting does not install a library
            except UnusableSourceError as error:
                if not self._streams:
                    self._give_up(str(error))
                    return
                self._back_off(str(error))  # it was there: its disk may come back
            except DriverError as error:
                self._back_off(str(error))
            except Exception as error:  # a vendor's library may raise anything; the camera must be tried again
                log.exception("camera %s failed", self.camera.source)
                self._back_off(f"{type(error).__name__}: {error}")
        self._close()
        self._change(CameraState.CLOSED)

    def _give_up(self, reason: str) -> None:
        self._close()
        with self._lock:
            self._has_given_up = True
        self._change(CameraState.LOST, reason)

    def _open(self) -> None:
        self._change(CameraState.OPENING, self._note)
        self.camera.open()
        streams = tuple(self.camera.streams())
        fps = max((s.fps for s in streams), default=0.0)
        with self._lock:
            self._reopened += bool(self._streams)
            self._streams = streams
            self._numbers = {}
            self._alive_s = time.monotonic()
            self._stall_s = max(self._patience.stall_s, 3.0 / fps if fps > 0 else 0.0)
            for stream in streams:
                self._frames.setdefault(stream.name, 0)
                self._dropped.setdefault(stream.name, 0)
        self._change(CameraState.STREAMING)

    def _read_until_stopped(self) -> None:
        while not self._stopping.is_set():
            try:
                frame = self.camera.read(self._patience.read_s)
            except CameraTimeoutError:
                self._notice_stall()
                continue
            self._count(frame)
            if self._state is not CameraState.STREAMING:
                self._change(CameraState.STREAMING)
            self._deliver(frame)

    def _notice_stall(self) -> None:
        health = self.camera.health()
        if health.state is CameraState.PAUSED:
            with self._lock:
                self._alive_s = time.monotonic()
            self._change(CameraState.PAUSED, health.note)
            return
        quiet_s = time.monotonic() - self._alive_s
        if quiet_s > max(self._patience.reopen_s, self._stall_s):
            raise CameraTimeoutError(f"no frame for {quiet_s:.1f} s")
        if quiet_s > self._stall_s and self._state in (CameraState.STREAMING, CameraState.PAUSED):
            self._change(CameraState.STALLED, f"no frame for {quiet_s:.1f} s")

    def _count(self, frame: Frame) -> None:
        with self._lock:
            last = self._numbers.get(frame.stream)
            gap = 0 if last is None else max(0, frame.number - last - 1)
            if gap == 0 and frame.flags & FrameFlag.DROPPED_BEFORE:
                gap = 1
            self._numbers[frame.stream] = frame.number
            self._frames[frame.stream] = self._frames.get(frame.stream, 0) + 1
            self._dropped[frame.stream] = self._dropped.get(frame.stream, 0) + gap
            self._alive_s = self._last_s = time.monotonic()
            self._failures = 0

    def _deliver(self, frame: Frame) -> None:
        for sink in self._sinks:
            try:
                sink(frame)
            except Exception:  # a sink is another room's code: its fault must not stop the camera
                with self._lock:
                    self._sink_errors += 1
                    first = self._sink_errors == 1
                if first:  # one traceback tells it; thirty a second would drown the log
                    log.exception("camera %s: a sink failed", self.camera.source)

    def _back_off(self, reason: str) -> None:
        self._close()
        self._failures += 1
        wait_s = self._patience.back_off(self._failures, self._random.random())
        self._change(CameraState.LOST, f"{reason}; trying again in {wait_s:.1f} s")
        self._stopping.wait(wait_s)

    def _close(self) -> None:
        try:
            self.camera.close()
        except Exception:  # a vendor's library may raise anything; there is nothing left to do with it
            log.exception("camera %s did not close cleanly", self.camera.source)

    def _change(self, state: CameraState, note: str = "") -> None:
        with self._lock:
            changed = state is not self._state
            self._state, self._note = state, note
        if not changed:
            return
        log.log(
            logging.WARNING if state in (CameraState.STALLED, CameraState.LOST) else logging.INFO,
            "camera %s: %s%s",
            self.camera.source,
            state,
            f" ({note})" if note else "",
        )
        if self._on_state is not None:
            try:
                self._on_state(state, note)
            except Exception:  # the listener is another room's code: its fault must not stop the camera
                log.exception("camera %s: a listener of its state failed", self.camera.source)
