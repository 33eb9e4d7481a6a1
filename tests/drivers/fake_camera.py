"""A camera that does what a script says: gives frames, keeps quiet, fails, hangs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from drivers.camera import CameraHealth, CameraState
from drivers.errors import CameraLostError, CameraNotFoundError, CameraTimeoutError, EndOfStream
from drivers.frame import Frame, FrameFlag, StreamInfo, StreamKind
from drivers.host_clock import now_ns

GRAY = StreamInfo("gray", StreamKind.GRAY, 4, 3, "uint8")
DEPTH = StreamInfo("depth", StreamKind.DEPTH, 4, 3, "uint16", unit_m=0.001)


@dataclass(frozen=True)
class Give:
    """A frame with this number."""

    number: int
    info: StreamInfo = GRAY
    flags: FrameFlag = FrameFlag.NONE


@dataclass(frozen=True)
class Quiet:
    """No frame until ``until`` is set."""

    until: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True)
class Pause(Quiet):
    """No frame until ``until`` is set, and the camera says that it is paused."""


@dataclass(frozen=True)
class Hang:
    """The library does not come back until ``until`` is set, whatever the time-out."""

    until: threading.Event = field(default_factory=threading.Event)


Step = Give | Quiet | Hang | Exception


def gives(*numbers: int) -> list[Give]:
    return [Give(n) for n in numbers]


class FakeCamera:
    """Follows ``script`` over all openings and is then at its end."""

    def __init__(
        self,
        script: Iterable[Step],
        open_errors: Sequence[Exception] = (),
        close_hangs: threading.Event | None = None,
        streams: Sequence[StreamInfo] = (GRAY, DEPTH),
    ) -> None:
        self.script = list(script)
        self.open_errors = list(open_errors)
        self.close_hangs = close_hangs
        self.calls: list[str] = []
        self.pause_s = 0.0
        self.beat_s = 0.0
        self.serials: list[str] = []
        self._serial = ""
        self._streams = tuple(streams)
        self._state = CameraState.CLOSED
        self._frames = {s.name: 0 for s in streams}
        self._closed = threading.Event()

    @property
    def source(self) -> str:
        return "fake:"

    def open(self) -> None:
        self.calls.append("open")
        if self.open_errors:
            raise self.open_errors.pop(0)
        if self.serials:
            self._serial = self.serials.pop(0)
        self._closed.clear()
        self._frames = dict.fromkeys(self._frames, 0)
        self._state = CameraState.STREAMING

    def streams(self) -> Sequence[StreamInfo]:
        return self._streams

    def read(self, timeout_s: float) -> Frame:
        if self._state is CameraState.CLOSED:
            raise CameraLostError("fake: is not open")
        if not self.script:
            self._state = CameraState.ENDED
            raise EndOfStream("the script is over")
        step = self.script[0]
        if isinstance(step, Quiet):
            self._state = CameraState.PAUSED if isinstance(step, Pause) else CameraState.STREAMING
            if not step.until.wait(timeout_s):
                raise CameraTimeoutError(f"nothing within {timeout_s} s")
            self._state = CameraState.STREAMING
            self.script.pop(0)
            return self.read(timeout_s)
        self.script.pop(0)
        time.sleep(self.beat_s)
        if isinstance(step, Hang):
            step.until.wait()
            raise CameraLostError("came back much too late")
        if isinstance(step, Exception):
            raise step
        self._frames[step.info.name] += 1
        pixels = np.full(step.info.shape, step.number % 256, step.info.dtype)
        return Frame(step.info, pixels, step.number, step.number * 1000, now_ns(), step.flags)

    def options(self) -> Mapping[str, str]:
        return {"script": "yes"} | ({"serial": self._serial} if self._serial else {})

    def health(self) -> CameraHealth:
        return CameraHealth(self._state, dict(self._frames), dict.fromkeys(self._frames, 0), pause_s=self.pause_s)

    def close(self) -> None:
        self.calls.append("close")
        if self.close_hangs is not None:
            self.close_hangs.wait()
        self._closed.set()
        self._state = CameraState.CLOSED


class FindableCamera(FakeCamera):
    """One that can be unplugged: ``present`` says whether it is there; then it opens only where it is."""

    present = True

    def is_present(self) -> bool | None:
        return self.present

    def open(self) -> None:
        if not self.present:
            self.calls.append("open")
            raise CameraNotFoundError("there is no such camera")
        super().open()


def wait_until(done: Callable[[], bool], what: str, limit_s: float = 10.0) -> None:
    """Poll until it is so; fails after a limit that is generous even on a loaded machine."""
    deadline = time.monotonic() + limit_s
    while not done():
        assert time.monotonic() < deadline, f"waited {limit_s} s in vain: {what}"
        time.sleep(0.002)
