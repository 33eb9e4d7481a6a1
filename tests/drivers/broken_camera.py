"""A camera whose library does everything that a library should not: in a child process only."""

from __future__ import annotations

import contextlib
import ctypes
import os
import stat
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, NoReturn

import numpy as np

import drivers.errors
from drivers.camera import CameraId, Control, ControlKind
from drivers.errors import CameraLostError, DriverError, EndOfStream, UnsupportedFeatureError
from drivers.frame import Frame, FrameFlag, StreamInfo, StreamKind
from drivers.isolate import IsolatedCamera, isolated
from drivers.source_words import SourceWords
from drivers.streaming_camera import StreamingCamera

HERE: Final = "tests.drivers.broken_camera"
_KEYS = (
    *("segfault", "abort", "exit", "hang", "hang_in_c", "raise", "fail", "print", "fork"),
    *("at", "size", "fps", "streams", "last", "big", "present", "slow_open", "pause", "change", "until", "lie"),
)


def broken(rest: str = "", **limits: Any) -> IsolatedCamera:
    """One in a child process of its own."""
    camera = isolated(f"{HERE}:BrokenCamera", f"broken:?{rest}", f"?{rest}", **limits)
    assert isinstance(camera, IsolatedCamera)
    return camera


class BrokenCamera(StreamingCamera):
    """``broken:?segfault=read&at=3``: gives frames, until the verb (read: its ``at``-th frame) goes wrong.

    Without ``fps`` it floods. ``hang_in_c`` hangs with Python's lock in its hand.
    """

    open_timeout_s = 8.0

    def __init__(self, rest: str) -> None:
        super().__init__(f"broken:{rest}")
        self.words = SourceWords.parse("broken", rest, _KEYS)
        width, height = (int(x) for x in self.words.text("size", "8x6").split("x"))
        color = StreamInfo("color", StreamKind.COLOR, width, height, "uint8", 30.0)
        depth = StreamInfo("depth", StreamKind.DEPTH, width, height, "uint16", 30.0, unit_m=0.001)
        self._infos = (depth, color)[: self.words.count("streams", 1, 1, 2)]
        self._number = 0
        self._gain = "1"

    def _connect(self) -> Sequence[StreamInfo]:
        self._go_wrong("open")
        time.sleep(self.words.number("slow_open", 0.0))
        self._number = 0
        return self._infos

    def _next(self, timeout_s: float) -> Frame | None:
        n = self._number
        if n >= self.words.count("at", 3):
            self._go_wrong("read")
        if n >= self.words.count("last", 2**31 - 1):
            raise EndOfStream(f"{self.source} is at its end")
        if fps := self.words.number("fps", 0.0):
            time.sleep(min(1 / fps, timeout_s))
        if n == 1 and (pause_s := self.words.number("pause", 0.0)):
            self._announce_pause(pause_s, "shutter")
        if n == self.words.count("change", -1, -1):
            self._infos = tuple(replace(info, fps=15.0) for info in self._infos)
        self._number += 1
        info = self._infos[n % len(self._infos)]
        number = n // len(self._infos)
        pixels = np.full(info.shape, number % 256, info.dtype)
        return self._frame(info, pixels, number, number * 1_000_000, FrameFlag.LOSSY, encoded=self._encoded(number))

    def _encoded(self, number: int) -> bytes | None:
        return b"jpeg %d" % number if self.words.text("big") == "encoded" else None

    def _disconnect(self) -> None:
        self._go_wrong("close")

    def options(self) -> Mapping[str, str]:
        return {"model": "Broken", "serial": "0815", "gain": self._gain}

    def controls(self) -> Sequence[Control]:
        return (Control("gain", ControlKind.NUMBER, self._gain, 0.0, 16.0, 1.0),)

    def set_control(self, name: str, value: str) -> None:
        if name == "lost":
            raise CameraLostError("the control was lost")
        if name == "segfault":
            ctypes.string_at(0)
        if name != "gain":
            raise UnsupportedFeatureError(f"there is no {name}; there is gain")
        self._gain = value

    def is_present(self) -> bool | None:
        if self.words.text("present") == "error":
            raise OSError("no permission")
        return self.words.switch("present", True)

    def _go_wrong(self, verb: str) -> None:
        words = self.words
        if words.text("print") == verb:
            os.write(1, b"the library prints to its stdout\n")
            print("and Python to its own")  # noqa: T201 - that is what this library does
            sys.stderr.write("usb: transfer failed\n")
            sys.stderr.flush()
        if words.text("fork") == verb:
            leave_a_process_behind()
        if words.text("lie") == verb:
            for fd in range(3, 64):  # descriptors that are none of its own
                with contextlib.suppress(OSError):
                    if stat.S_ISFIFO(os.fstat(fd).st_mode):
                        os.write(fd, b"out of order\n")
        if words.text("segfault") == verb:
            ctypes.string_at(0)
        if words.text("abort") == verb:
            os.abort()
        if words.text("exit") == verb:
            os._exit(3)
        if words.text("hang") == verb:
            time.sleep(3600)
        if words.text("hang_in_c") == verb:
            ctypes.PyDLL(None).sleep(3600)
        if words.text("fail") == verb:
            raise RuntimeError("frame didn't arrive within 5000")
        kind, _, at = words.text("raise").partition("@")
        if kind and at == verb and self._number < self.words.count("until", 2**31 - 1):
            error: type[DriverError] = getattr(drivers.errors, kind)
            if verb == "read":
                self._number += 1
            raise error(f"the camera says {kind}; do something")


def leave_a_process_behind() -> None:
    """A process in a session of its own, which holds our pipes open."""
    if os.fork() == 0:
        os.setsid()
        with contextlib.suppress(BaseException):
            Path("/dev/null").open().close()
            time.sleep(20)
        os._exit(0)


def add(a: int, b: int) -> dict[str, int]:
    """For :func:`drivers.isolate.call`."""
    print("a library prints")  # noqa: T201 - that is what libraries do
    return {"sum": a + b}


def finds() -> list[CameraId]:
    """For :func:`drivers.isolate.call`."""
    return [CameraId("broken:1", "Broken", serial="1")]


def raises(kind: str) -> NoReturn:
    """For :func:`drivers.isolate.call`."""
    raise getattr(drivers.errors, kind)(f"it says {kind}")


def fails() -> NoReturn:
    """For :func:`drivers.isolate.call`."""
    raise RuntimeError("not understood")


def hangs() -> None:
    """For :func:`drivers.isolate.call`."""
    time.sleep(3600)


def crashes() -> None:
    """For :func:`drivers.isolate.call`."""
    ctypes.string_at(0)
