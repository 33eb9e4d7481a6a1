"""Any session as a live camera: frames come when they came, faults come when they are asked for, and whoever holds
the camera can pause, step, seek and change the speed while another thread reads it.

What a consumer sees:

- **host_ns** is when the frame is given, on our clock: strictly rising within a stream, whatever is asked.
- **number, device_ns** are the recorded ones. Over a loop they go on rising by the length of the loop, as those of a
  camera that never ends; a seek goes back to the recorded values. A camera that counted from zero again within the
  session does so here, too.
- **flags** are the recorded ones. After a seek the first frame of each stream that does not follow on the one given
  before it carries ``DROPPED_BEFORE``. Nothing that a seek passes over counts as lost.
- **Frames after a seek** are those at the target and after it, in their order: each once, none left out.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final, Self

from drivers.camera import CameraHealth, CameraId, CameraState
from drivers.errors import (
    CameraLostError,
    CameraNotFoundError,
    CameraOpenError,
    CameraTimeoutError,
    EndOfStream,
    UnsupportedFeatureError,
    UnusableSourceError,
)
from drivers.frame import Frame, StreamInfo
from recordings.errors import RecordingError
from recordings.playback import Due, Playback
from recordings.reader import SessionReader
from recordings.samples import BUNDLED, NIGHT_DRIVE, bundled_session
from recordings.virtual_control import VirtualControl
from recordings.virtual_faults import FaultKind, FaultScript
from recordings.virtual_options import FramePlace, VirtualOptions
from recordings.virtual_pace import Pace, RealPace

__all__ = ["FramePlace", "Pace", "RealPace", "VirtualCamera", "VirtualOptions"]

_AHEAD_NS: Final = 15_000_000
"""So long before the next frame is due those that come with it are decoded: not at once, when what was given just now
is being computed; """
_SPARE_NS: Final = 4_000_000
"""and not later than this."""


class VirtualCamera(VirtualControl):
    """A :class:`drivers.camera.Camera` that plays a session.

    :meth:`read` is for one thread; everything else may come from any. When the reader falls behind, frames come late,
    none is lost.

    Args:
        path: the session; None is a bundled one.
        speed, loop: as in :class:`VirtualOptions`; ignored when ``options`` is given.
        options: everything at once, range and faults too.
        pace: the clocks.

    Raises:
        UnusableSourceError, UnsupportedFeatureError: the script of faults cannot be read, or is wrong.
    """

    title = "A recorded session, played as a live camera"

    def __init__(
        self,
        path: Path | str | None,
        speed: float = 1.0,
        loop: bool = False,
        *,
        options: VirtualOptions | None = None,
        pace: Pace | None = None,
    ) -> None:
        self._path = None if path is None else Path(path)
        self._bundled = NIGHT_DRIVE
        self._options = options or VirtualOptions(speed=speed, loop=loop)
        self._pace = pace or RealPace()
        query = self._options.to_query()
        self._source = f"virtual:{self._path or ''}" + (f"?{query}" if query else "")
        self._lock = threading.Lock()
        self._wake = threading.Event()  # set whenever a waiting read must look again
        self._closed = threading.Event()
        self._closed.set()
        self._state = CameraState.CLOSED
        self._note = ""
        self._reader: SessionReader | None = None
        self._playback: Playback | None = None
        self._left: Playback | None = None  # where a camera with a script stood when it was closed
        faults = self._options.faults
        self._script = FaultScript.load(Path(faults)) if faults else None
        self._slow_opens: dict[int, int] = {}  # place in the script -> how often
        self._gone_until_ns: int | None = None
        self._pause_until_ns = 0
        self._is_shut = False
        self._was_lost = False
        self._delivered: dict[str, int] = {}
        self._lost: dict[str, int] = {}
        self._last_host_ns: dict[str, int] = {}

    @classmethod
    def discover(cls) -> list[CameraId]:
        """Nothing is ever plugged in: a session is opened by its name."""
        return []

    @classmethod
    def from_source(cls, rest: str) -> Self:
        """What stands after ``virtual:``: a path and options. The name of a bundled session is that one, nothing at
        all the first of them; both in a loop.

        Raises:
            UnsupportedFeatureError: an option is unknown or wrong, or the script of faults is.
            UnusableSourceError: the script of faults cannot be read.
        """
        name, _, query = rest.partition("?")
        bundled = not name or (name in BUNDLED and not Path(name).exists())
        camera = cls(None if bundled else name, options=VirtualOptions.parse(query, loop=bundled))
        camera._bundled = name or NIGHT_DRIVE
        camera._source = f"virtual:{rest}"
        return camera

    @property
    def is_recorded(self) -> bool:
        """True without a script of faults: silence is the session's own. With one it is a live camera that fails."""
        return self._script is None

    @property
    def source(self) -> str:
        return self._source

    def open(self) -> None:
        """Start playing: from the beginning; after a scripted loss, and with a script of faults, from where time has
        come to (as a live camera would, until its end); and a camera that was paused when it was closed is still paused
        where it stood.

        Raises:
            UnusableSourceError: the session cannot be read or is empty, or has no such frame or event to begin at.
            CameraNotFoundError: the camera is scripted to be gone.
            CameraOpenError: it was closed while it was opened.
        """
        self.close()
        now = self._pace.monotonic_ns()
        if self._gone_until_ns is not None and now < self._gone_until_ns:
            raise CameraNotFoundError(
                f"{self.source} is scripted to be gone for another {(self._gone_until_ns - now) / 1e9:.1f} s"
            )
        self._open_slowly()
        now = self._pace.monotonic_ns()
        with self._lock:
            self._state = CameraState.OPENING
            reader, playback = self._load()
            self._delivered = dict.fromkeys(playback.streams, 0)
            self._lost = dict.fromkeys(playback.streams, 0)
            before = self._playback or self._left
            goes_on = self._was_lost or self._left is not None
            if before is not None and before.streams == playback.streams:
                playback.adopt(before, None if goes_on else now)
                if goes_on:
                    playback.skip_to(now, self._lost)  # the scene went on while the camera was gone
            else:
                playback.start(now)
            self._reader, self._playback, self._left = reader, playback, None
            self._was_lost = False
            self._gone_until_ns = None
            self._pause_until_ns = 0
            self._note = ""
            self._state = CameraState.STREAMING
            self._closed.clear()

    def streams(self) -> Sequence[StreamInfo]:
        """The session's streams; empty while closed."""
        reader = self._reader
        return () if reader is None else reader.streams

    def read(self, timeout_s: float) -> Frame:
        """The next frame when its time has come.

        Raises:
            CameraTimeoutError: its time is further off than ``timeout_s``, or it is paused for so long.
            CameraLostError: closed, scripted to be lost, or no frame of the file can be read.
            FrameError: a frame is scripted to come in a wrong size; it counts as lost, and the next one may be read.
            EndOfStream: the session is over.
        """
        deadline = self._pace.monotonic_ns() + round(timeout_s * 1e9)
        opened: Playback | None = None
        while True:
            with self._lock:
                self._wake.clear()
                now = self._pace.monotonic_ns()
                playback = self._playback
                if self._closed.is_set() or playback is None or playback is not (opened or playback):
                    what = "is not open; open it before reading" if opened is None else "was closed while it was read"
                    raise CameraLostError(f"{self.source} {what}")
                opened = playback
                due = self._peek(playback, now)
                if due is not None and due.at_ns <= now:
                    if due.frame is None:
                        raise self._lose(playback, due.at_ns, due.lose_s)
                    if due.is_wrong:
                        playback.refuse(self._lost)
                        return _wrong_size(due.frame)
                    return self._deliver(playback, due.frame)
                if now >= deadline:
                    held = f": it is paused at {playback.time_s(now):.3f} s" if due is None else ""
                    raise CameraTimeoutError(f"{self.source} gave nothing within {timeout_s:g} s{held}")
                until = deadline if due is None else min(due.at_ns, deadline)
                if until - now > _AHEAD_NS:
                    until -= _AHEAD_NS
                elif until - now > _SPARE_NS and playback.read_ahead():
                    continue
            self._pace.wait(self._wake, (until - now) / 1e9)

    def options(self) -> Mapping[str, str]:
        """The session's name and the options as they stand in a source."""
        return {"file": str(self._path or bundled_session(self._bundled)), **self._options.words()}

    def health(self) -> CameraHealth:
        """Counts since opening; frames that the session itself lacks count as dropped, too. The note says a pause."""
        pause_s = max(0, self._pause_until_ns - self._pace.monotonic_ns()) / 1e9
        return CameraHealth(self._state, dict(self._delivered), dict(self._lost), self._note, pause_s=pause_s)

    def is_present(self) -> bool | None:
        """Whether its file is there, and it is not scripted to be gone."""
        gone_until_ns = self._gone_until_ns
        if gone_until_ns is not None and self._pace.monotonic_ns() < gone_until_ns:
            return False
        try:
            return self._path is None or self._path.exists()
        except OSError:
            return None

    def interrupt(self) -> None:
        """End a read, or a slow opening, that is under way in another thread."""
        self._closed.set()
        self._wake.set()

    def close(self) -> None:
        """Stop; a read in another thread ends at once. Safe to call twice and from any thread."""
        self._closed.set()
        self._wake.set()
        with self._lock:
            if self._reader is None:
                return
            self._reader.close()
            self._reader = None
            if self._was_lost:
                return
            if self._playback is not None and not self._playback.is_paused:
                if self._script is not None and self._state is not CameraState.ENDED:
                    self._left = self._playback
                self._playback = None
            self._state = CameraState.CLOSED

    # -- within -------------------------------------------------------------------------------------------------

    def _load(self) -> tuple[SessionReader, Playback]:
        try:
            reader = SessionReader(self._path or bundled_session(self._bundled))
        except RecordingError as error:
            self._state = CameraState.CLOSED
            raise UnusableSourceError(f"{self.source} cannot be opened: {error}") from error
        try:
            return reader, Playback(reader, self._options, self._script)
        except (RecordingError, UnsupportedFeatureError) as error:
            reader.close()
            self._state = CameraState.CLOSED
            raise UnusableSourceError(f"{self.source} cannot be played: {error}") from error

    def _open_slowly(self) -> None:
        """As slowly as the script wants it, or until somebody closes it."""
        slow_s = 0.0
        for n, fault in enumerate(() if self._script is None else self._script.faults):
            times = self._slow_opens.get(n, 0)
            if fault.kind is FaultKind.SLOW_OPEN and (fault.times is None or times < fault.times):
                self._slow_opens[n] = times + 1
                slow_s += fault.for_s or 0.0
        if not slow_s:
            return
        self._wake.clear()
        self._state = CameraState.OPENING
        self._pace.wait(self._wake, slow_s)
        if self._wake.is_set():
            self._state = CameraState.CLOSED
            raise CameraOpenError(f"{self.source} was closed while it was opened")

    @contextmanager
    def _control(self) -> Iterator[tuple[Playback, int]]:
        with self._lock:
            if self._playback is None:
                raise CameraLostError(f"{self.source} is not open; open it before it is controlled")
            now = self._pace.monotonic_ns()
            yield self._playback, now
            if self._state is CameraState.ENDED and not self._playback.is_ended:
                self._state = CameraState.STREAMING
            self._tell(self._playback, now)
            self._wake.set()

    def _tell(self, playback: Playback, now: int) -> None:
        paused = f"paused at {playback.time_s(now):.3f} s" if playback.is_paused else ""
        announced = playback.announced(now)
        self._pause_until_ns = announced[0] if announced else 0
        shut = "its shutter is closed (scripted)" if announced else ""
        self._note = "; ".join(filter(None, (paused, shut, playback.damage)))
        self._is_shut = announced is not None and announced[1]

    def _peek(self, playback: Playback, now: int) -> Due | None:
        try:
            due = playback.peek(now, self._lost)
        except EndOfStream:
            self._state = CameraState.ENDED
            raise
        except RecordingError as error:
            self._state, self._note = CameraState.GONE, str(error)
            raise CameraLostError(f"{self.source}: {error}") from error
        self._tell(playback, now)
        if self._is_shut or (playback.is_paused and due is None):
            self._state = CameraState.PAUSED
        else:
            self._state = CameraState.STALLED if playback.is_stalled(now) else CameraState.STREAMING
        return due

    def _lose(self, playback: Playback, at_ns: int, lose_s: float) -> CameraLostError:
        playback.lose()
        self._was_lost = True
        self._pause_until_ns = 0
        self._gone_until_ns = at_ns + round(lose_s * 1e9)
        self._state, self._note = CameraState.GONE, "scripted loss"
        self._closed.set()
        return CameraLostError(f"{self.source} is gone (scripted); it can be opened again in {lose_s:g} s")

    def _deliver(self, playback: Playback, frame: Frame) -> Frame:
        playback.take()
        name = frame.stream
        host_ns = max(self._pace.wall_ns(), self._last_host_ns.get(name, 0) + 1)
        self._last_host_ns[name] = host_ns
        self._delivered[name] += 1
        return replace(frame, host_ns=host_ns)


def _wrong_size(frame: Frame) -> Frame:
    """A frame with half its rows.

    Raises:
        FrameError: of course.
    """
    return replace(frame, pixels=frame.pixels[: frame.info.height // 2])
