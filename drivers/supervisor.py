"""One thread a camera: open, read, notice stalls, back off, reopen, count."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from drivers.camera import Camera, CameraState, Findable, Interruptible
from drivers.clock import ClockMap
from drivers.errors import (
    CalibrationError,
    CameraLostError,
    CameraOpenError,
    CameraTimeoutError,
    DriverError,
    EndOfStream,
    FrameError,
    SdkMissingError,
    UnsupportedFeatureError,
    UnusableSourceError,
)
from drivers.frame import Frame, StreamInfo, StreamKind
from drivers.patience import Patience
from drivers.stream_counts import StreamCounts, Verdict
from drivers.supervisor_status import SupervisorStatus

__all__ = ["Patience", "Supervisor", "SupervisorStatus"]

log = logging.getLogger(__name__)

Sink = Callable[[Frame], bool | None]
"""Takes a frame; False when it had no room for it."""
OnState = Callable[[CameraState, str], None]
Relabel = Callable[[StreamInfo, Mapping[str, str]], StreamInfo]
"""From a stream as its camera says, and the camera's options, to the stream as it is in the rig.

Raises:
    CalibrationError: what is known there belongs to another camera.
"""

_MOST_REFUSED: Final = 30
"""Frames in a row that are none of their stream's, until the camera is opened again."""


class Supervisor:
    """Keeps one camera streaming into its sinks.

    Args:
        camera: not opened yet; only this supervisor's thread opens and reads it.
        sinks: called in that thread with every frame, in order; they never block. One that raises is logged and
            counted in the note, and never stops the camera or the other sinks.
        on_state: called in that thread with each new state and its note.
        patience: how long to wait for what.
        relabel: what the camera's streams are called in the rig, and what is known of them there. By default they stay
            as the camera says.
    """

    def __init__(
        self,
        camera: Camera,
        sinks: Sequence[Sink],
        on_state: OnState | None = None,
        patience: Patience | None = None,
        relabel: Relabel | None = None,
    ) -> None:
        self.camera = camera
        self._sinks = tuple(sinks)
        self._on_state = on_state
        self._patience = patience or Patience()
        self._relabel = relabel
        # A daemon, so that a library that hangs for ever cannot keep the program from ending; stop() joins it, and
        # libraries that may hang run in a process of their own, where a deadline ends them (drivers/isolate.py).
        self._thread = threading.Thread(target=self._run, name=f"camera {camera.source}", daemon=True)
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._state = CameraState.CLOSED
        self._note = ""
        self._streams: tuple[StreamInfo, ...] = ()
        self._found: dict[str, StreamInfo] = {}
        self._labels: dict[str, StreamInfo] = {}
        self._options: Mapping[str, str] = {}
        self._counts = StreamCounts()
        self._clocks: dict[str, ClockMap] = {}
        self._reopened = 0
        self._has_given_up = False
        self._alive_s = 0.0  # when the camera was opened or gave a frame, whichever came last
        self._last_s: float | None = None
        self._failures = 0
        self._refused = 0  # frames in a row
        self._silences: dict[str, int] = {}  # stream -> how often in a row the camera was opened again for it
        self._sink_errors = 0
        self._random = random.Random()

    def start(self) -> None:
        """Start the thread. A supervisor starts once; make a new one to start again."""
        self._thread.start()

    def request_stop(self) -> None:
        """Ask the thread to end; :meth:`stop` waits for it. For who stops several at a time."""
        self._stopping.set()

    def stop(self, deadline_s: float) -> bool:
        """Close the camera and end the thread.

        Returns:
            False when it did not end within ``deadline_s`` seconds: the camera's library hangs, which is said in the
            log and in the status.
        """
        self._stopping.set()
        if self._thread.ident is None:
            return True
        if self._thread is threading.current_thread():
            return False  # a sink asked: the thread ends after this frame
        self._thread.join(deadline_s / 2)
        if self._thread.is_alive() and isinstance(self.camera, Interruptible):
            self.camera.interrupt()  # an opening may have a longer limit than this stop
        self._thread.join(deadline_s / 2)
        if not self._thread.is_alive():
            return True
        with self._lock:
            doing = self._state
            self._note = f"hangs: did not close within {deadline_s:.1f} s; unplug it or restart the program"
        log.warning("camera %s (%s) did not close within %.1f s", self.camera.source, doing, deadline_s)
        return False

    def streams(self) -> tuple[StreamInfo, ...]:
        """The camera's streams by their names in the rig, empty until it was open once; kept when it has ended."""
        with self._lock:
            return self._streams

    def status(self) -> SupervisorStatus:
        """Never blocks. Says STALLED also when the camera's library hangs inside a read."""
        now = time.monotonic()
        health = self.camera.health()
        with self._lock:
            state, note = self._state, self._note
            age = None if self._last_s is None else now - self._last_s
            if state is CameraState.STREAMING and now - self._alive_s > self._stall_s() + health.pause_s:
                state, note = CameraState.STALLED, note or f"no frame for {now - self._alive_s:.1f} s"
            elif state is CameraState.STREAMING:
                note = note or health.note
            if self._sink_errors:
                note = f"{note}; {self._sink_errors} frames failed in a sink, see the log".lstrip("; ")
            counts = self._counts.counts(health)
            silent = self._counts.silent(now, self._patience.stall_s) if state is CameraState.STREAMING else {}
            return SupervisorStatus(
                state,
                {self._named(name): count for name, count in counts.items()},
                self._reopened,
                age,
                note,
                self._has_given_up,
                {self._named(name): quiet_s for name, quiet_s in silent.items()},
                {self._named(name): clock.state() for name, clock in self._clocks.items()},
                dict(self._options),
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
            except (UnusableSourceError, UnsupportedFeatureError, CalibrationError) as error:
                if not self._streams:
                    self._give_up(str(error))
                    return
                self._back_off(str(error))  # it was right before: its disk, or the right camera, may come back
            except DriverError as error:
                self._back_off(str(error))
            except Exception as error:  # a vendor's library may raise anything; the camera must be tried again
                log.exception("camera %s failed", self.camera.source)
                self._back_off(f"{type(error).__name__}: {error}")
            if self._has_given_up:
                return
        self._close()
        self._change(CameraState.CLOSED)

    def _give_up(self, reason: str) -> None:
        self._close()
        with self._lock:
            self._has_given_up = True
        self._change(CameraState.GONE, reason)

    def _open(self) -> None:
        self._change(CameraState.OPENING, self._note)
        self.camera.open()
        options = dict(self.camera.options())
        found = tuple(self.camera.streams())
        labels = {s.name: self._relabel(s, options) if self._relabel else s for s in found}
        streams = tuple(labels.values())
        self._refuse_another(streams, options)
        with self._lock:
            self._reopened += bool(self._streams)
            self._streams, self._labels, self._options = streams, labels, options
            self._found = {s.name: s for s in found}
            self._counts.opened(found, time.monotonic())
            clocks = {s.clock: ClockMap() for s in found}
            self._clocks = {s.name: clocks[s.clock] for s in found}
            self._alive_s = time.monotonic()
            self._refused = 0
        self._change(CameraState.STREAMING)

    def _refuse_another(self, streams: tuple[StreamInfo, ...], options: Mapping[str, str]) -> None:
        """What was begun with one camera goes on with no other: its calibration and its recording are of the first."""
        before, now = self._options.get("serial"), options.get("serial")
        if before and now and before != now:
            raise CameraOpenError(
                f"{self.camera.source} came back as another camera: serial number {now}, it was {before}; plug in the "
                "first one, or restart to go on with this one"
            )
        if self._streams and [_form(s) for s in streams] != [_form(s) for s in self._streams]:
            raise CameraOpenError(
                f"{self.camera.source} came back with other streams: {_words(streams)}; "
                f"it had {_words(self._streams)}; set it as it was, or restart to go on with these"
            )

    def _read_until_stopped(self) -> None:
        while not self._stopping.is_set():
            try:
                frame = self.camera.read(self._patience.read_s)
            except CameraTimeoutError:
                self._notice_stall()
                continue
            except FrameError as error:
                self._refuse(error)
                self._notice_stall()
                continue
            self._notice_change(frame)
            if not self._count(frame):
                self._notice_stall()  # a camera that repeats its last frame for ever is as good as silent
                continue
            if self._state is not CameraState.STREAMING:
                self._change(CameraState.STREAMING)
            self._deliver(frame)
            self._notice_silent_stream()

    def _refuse(self, error: FrameError) -> None:
        """A frame that is none of its stream's: a camera may give one after a glitch, but not for ever."""
        self._refused += 1
        with self._lock:
            names = [name for name in self._labels if f"stream {name} " in str(error)]
            self._counts.refused(names[0] if names else next(iter(self._labels), "?"))
        if self._refused == 1:
            log.warning("camera %s: a frame is refused: %s", self.camera.source, error)
        if self._refused >= _MOST_REFUSED:
            raise CameraLostError(f"{self._refused} frames in a row are none of its streams': {error}") from error

    def _notice_change(self, frame: Frame) -> None:
        """A frame whose description is not that of the opening: what does not change its meaning goes on."""
        name = frame.stream
        before = self._found.get(name)
        if before is None or frame.info is before:
            return
        if _form(frame.info) != _form(before):
            raise CameraLostError(
                f"stream {self._named(name)} changed what its pixels mean while it ran: {_words([frame.info])}, it was "
                f"{_words([before])}"
            )
        if frame.info != before:
            with self._lock:
                label = self._relabel(frame.info, self._options) if self._relabel else frame.info
                self._labels[name] = label
        self._found[name] = frame.info

    def _notice_stall(self) -> None:
        health = self.camera.health()
        now = time.monotonic()
        if health.state is CameraState.PAUSED:
            with self._lock:
                self._alive_s = now
            self._change(CameraState.PAUSED, health.note)
            return
        if health.pause_s > 0:  # announced: the wait begins at its end
            with self._lock:
                self._alive_s = max(self._alive_s, now + health.pause_s)
        quiet_s = now - self._alive_s
        if quiet_s <= self._stall_s():
            return
        words = f"no frame for {quiet_s:.1f} s"
        if self._is_present() is False:
            raise CameraLostError(f"{words}, and it is not plugged in any more")
        if quiet_s > max(self._patience.reopen_s, self._stall_s()) and not self._is_recorded():
            raise CameraTimeoutError(words)
        if self._state in (CameraState.STREAMING, CameraState.PAUSED):
            self._change(CameraState.STALLED, words)

    def _notice_silent_stream(self) -> None:
        """One of several streams that died takes a reopening, too, only later: the others go on meanwhile."""
        silent = self._counts.silent(time.monotonic(), self._patience.stream_reopen_s)
        if self._silences and not silent:
            self._silences = {name: n for name, n in self._silences.items() if not self._counts.gives(name)}
        if not silent or self._is_recorded():
            return
        name, quiet_s = max(silent.items(), key=lambda one: one[1])
        times = self._silences.get(name, 0)
        if quiet_s > self._patience.stream_reopen_s * 2.0 ** min(times, 6):  # the other streams suffer each time
            self._silences[name] = times + 1
            raise CameraTimeoutError(f"stream {self._named(name)} gave no frame for {quiet_s:.0f} s")

    def _is_recorded(self) -> bool:
        """A recorded camera is silent where its recording is; opened again it would begin anew."""
        return bool(getattr(self.camera, "is_recorded", False))

    def _count(self, frame: Frame) -> bool:
        """Judge a frame; False when it must not go on."""
        now = time.monotonic()
        with self._lock:
            clock = self._clocks.get(frame.stream)
            late_s = None
            if clock is not None:
                due_ns = clock.push(frame.device_ns, frame.host_ns, frame.number, frame.stream)
                late_s = (frame.host_ns - due_ns) / 1e9
            verdict = self._counts.judge(frame, now, late_s)
            self._refused = 0
            if verdict is Verdict.NEW:
                self._alive_s = self._last_s = now
                self._failures = 0
        return verdict is Verdict.NEW

    def _deliver(self, frame: Frame) -> None:
        info = self._labels.get(frame.stream)
        if info is not None and info is not frame.info:
            frame = replace(frame, info=info)
        has_room = True
        for sink in self._sinks:
            try:
                has_room &= sink(frame) is not False
            except Exception:  # a sink is another room's code: its fault must not stop the camera
                with self._lock:
                    self._sink_errors += 1
                    first = self._sink_errors == 1
                if first:  # one traceback tells it; thirty a second would drown the log
                    log.exception("camera %s: a sink failed", self.camera.source)
        if not has_room:
            with self._lock:
                self._counts.no_room(next((k for k, v in self._labels.items() if v is info), frame.stream))

    def _back_off(self, reason: str) -> None:
        self._close()
        if self._stopping.is_set():
            return  # what failed was ended by the stop
        self._failures += 1
        limit = self._patience.attempts
        if limit is not None and self._failures >= limit:
            self._give_up(f"{reason}; given up after {self._failures} attempts")
            return
        wait_s = self._patience.back_off(self._failures, self._random.random())
        end = time.monotonic() + wait_s
        was_present = self._is_present()
        if was_present is False:
            self._change(CameraState.GONE, f"{reason}; waiting until it is plugged in")
        else:
            self._change(CameraState.WAITING, f"{reason}; trying again in {wait_s:.1f} s")
        while not self._stopping.is_set():
            left = end - time.monotonic()
            if left <= 0 and was_present is not False:
                return
            poll_s = self._patience.presence_s
            if self._stopping.wait(poll_s if was_present is False else min(poll_s, max(0.0, left))):
                return
            present = self._is_present()
            if present and was_present is False:
                self._failures = 0  # it is back: whatever failed before failed without it
                return
            if present is False and was_present is not False:
                self._change(CameraState.GONE, f"{reason}; waiting until it is plugged in")
            was_present = present

    def _is_present(self) -> bool | None:
        if not isinstance(self.camera, Findable):
            return None
        try:
            return self.camera.is_present()
        except Exception:  # a vendor's library may raise anything; then nobody can tell
            log.exception("camera %s cannot be looked for", self.camera.source)
            return None

    def _close(self) -> None:
        try:
            health = self.camera.health()
            with self._lock:
                self._counts.closed(health)
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
            logging.WARNING if state in (CameraState.STALLED, CameraState.WAITING, CameraState.GONE) else logging.INFO,
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

    # -- little words ---------------------------------------------------------------------------------------------

    def _stall_s(self) -> float:
        return self._counts.stall_after_s(self._patience.stall_s)

    def _named(self, stream: str) -> str:
        info = self._labels.get(stream)
        return stream if info is None else info.name


def _form(stream: StreamInfo) -> tuple[object, ...]:
    """What a consumer was built for."""
    return stream.name, stream.kind, stream.width, stream.height, stream.dtype, stream.unit_m, stream.kelvin


def _words(streams: Sequence[StreamInfo]) -> str:
    told = []
    for s in streams:
        unit = f", {s.unit_m:g} m a count" if s.unit_m else ""
        if s.kelvin is not None:
            unit = f", {s.kelvin.gain:g} K a count from {s.kelvin.offset:g} K"
        elif s.kind is StreamKind.THERMAL:
            unit = ", not radiometric"
        told.append(f"{s.name} {s.width}x{s.height} {s.dtype}{unit}")
    return ", ".join(told) or "none"
