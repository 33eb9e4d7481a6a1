"""Any file or folder that can be imported as a live camera: ``file:PATH?speed=1&loop=1``.

Videos, FLIR's radiometric pictures and sequences, 16-bit TIFF, folders of images: read by the importers, in real time.

- **device_ns, number, flags** are those that an import would store; over a loop numbers and times go on rising.
- **host_ns** is when the frame is given, on our clock.
- A reader that falls behind gets frames late; none is lost.
- **A single picture** stands for a camera that looks at a still scene: it is given again nine times a second, flagged
  ``STALE`` from the second time on. ``hold=0`` gives it once and ends, ``hold=N`` holds the last picture of anything.
"""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Self
from urllib.parse import unquote

from drivers.camera import CameraId
from drivers.errors import (
    CameraLostError,
    CameraNotFoundError,
    CameraOpenError,
    EndOfStream,
    UnsupportedFeatureError,
    UnusableSourceError,
)
from drivers.frame import Frame, FrameFlag, StreamInfo
from drivers.source_words import SourceWords
from drivers.streaming_camera import StreamingCamera
from recordings.errors import RecordingError
from recordings.file_camera_reading import FileReading
from recordings.file_camera_time import PlayTime
from recordings.importers.protocol import ImportOptions
from recordings.importers.registry import importers
from recordings.session import SessionInfo

HOLD_HZ: Final = 9.0
"""How often a single picture is given."""

_NUMBERS: Final = ("fps", "unit_mm", "fx", "fy", "cx", "cy", "hfov_deg")
_OWN: Final = ("as", "speed", "loop", "hold")
_LOWEST_SPEED, _HIGHEST_SPEED = 0.01, 100.0
_OPEN_S: Final = 60.0
"""A long recording is looked through before its first frame."""
_SLICE_S: Final = 0.05
_LOOK_S: Final = 1.0
"""How often it is looked whether the file is still there."""


class FileCamera(StreamingCamera):
    """A file that plays as a camera.

    Args:
        rest: what stands after ``file:``.

    Raises:
        UnsupportedFeatureError: there is no path, or an option is wrong.
    """

    title = "Files and folders that can be imported, played as live cameras"
    extra = "formats"
    apt = ""
    note = ""
    is_recorded = True
    open_timeout_s = _OPEN_S

    def __init__(self, rest: str) -> None:
        known = {one.name: one.uses for one in importers()}
        of_importers = frozenset().union(*known.values())
        words = SourceWords.parse("file", rest, (*_OWN, *of_importers))
        if not words.target:
            raise UnsupportedFeatureError(
                "a file camera is written file:PATH?option=value, such as file:night.mp4?loop=1"
            )
        super().__init__(f"file:{rest}")
        self._target = words.target
        self._importer = words.choice("as", (*known, ""), "") or None
        self._speed = math.inf if words.text("speed") == "max" else _speed(words)
        self._loop = words.switch("loop", False)
        self._hold_hz = None if "hold" not in words else words.number("hold", HOLD_HZ, 0.0, 1000.0)
        if self._loop and self._hold_hz:
            raise UnsupportedFeatureError(
                f"file:{words.target}: what is played in a loop has no end to hold; choose one"
            )
        given = {key: words.number(key, 0.0) for key in _NUMBERS if key in words}
        self._options = ImportOptions(
            fps=given.get("fps"),
            unit_mm=given.get("unit_mm"),
            fx=given.get("fx"),
            fy=given.get("fy"),
            cx=given.get("cx"),
            cy=given.get("cy"),
            hfov_deg=given.get("hfov_deg"),
            extra={k: v for k, v in words.values.items() if k not in (*_OWN, *_NUMBERS)},
        )
        self._words = dict(words.values)
        self._reading: FileReading | None = None
        self._info: SessionInfo | None = None
        self._time = PlayTime(self._speed)
        self._coming: Frame | None = None
        self._held: dict[str, Frame] = {}
        self._last_number: dict[str, int] = {}
        self._is_holding = False
        self._looked_s = 0.0
        self._was_played = False
        self._spoiled: tuple[object, str] | None = None

    @classmethod
    def discover(cls) -> list[CameraId]:
        """Nothing is ever plugged in: a file is opened by its name."""
        return []

    @classmethod
    def from_source(cls, rest: str) -> Self:
        return cls(rest)

    def is_present(self) -> bool | None:
        """Whether the file is there."""
        try:
            return self._path.exists()
        except OSError:
            return False

    def options(self) -> Mapping[str, str]:
        """The file, how it is read, and what the importer said of it."""
        if self._info is None or self._reading is None:
            return {"file": str(self._path)}
        told = {
            "file": str(self._path),
            "importer": self._reading.importer,
            "clock": self._info.clock,
            "notes": self._info.notes.get("import", ""),
            **_camera_of(self._info),
            **self._words,
        }
        return {key: value for key, value in told.items() if value}

    # -- the life of a camera -----------------------------------------------------------------------------------------

    @property
    def _path(self) -> Path:
        """As typed; or, where no such file is, with signs such as ``%3F`` for ``?`` taken as in addresses."""
        typed = Path(self._target).expanduser()
        meant = Path(unquote(self._target)).expanduser()
        return meant if typed != meant and not typed.exists() and meant.exists() else typed

    def _connect(self) -> Sequence[StreamInfo]:
        path = self._path
        if not path.exists():
            if self._was_played:
                raise CameraNotFoundError(f"{self.source}: {path} is not there any more; is its disk plugged in?")
            raise UnusableSourceError(f"{self.source}: there is no file or folder {path}; check the path")
        if self._spoiled is not None and self._spoiled[0] == _signature(path):
            raise UnusableSourceError(f"{self.source}: {self._spoiled[1]}")
        self._spoiled = None
        self._time = PlayTime(self._speed)
        self._coming, self._is_holding = None, False
        self._held.clear()
        self._last_number.clear()
        self._info = self._begin(path)
        self._was_played = True
        self._looked_s = time.monotonic()
        return self._info.streams

    def _begin(self, path: Path) -> SessionInfo:
        """Read the file from its first frame on."""
        self._reading = reading = FileReading(path, self._importer, self._options)
        reading.start()
        deadline = time.monotonic() + _OPEN_S
        while True:
            try:
                info = reading.info(_SLICE_S)
            except (RecordingError, EndOfStream) as error:
                raise UnusableSourceError(f"{self.source}: {_in_our_words(str(error), path)}") from error
            if info is not None:
                return info
            if self._is_closing:
                raise CameraLostError(f"{self.source} was closed while it was opened")
            if time.monotonic() > deadline:
                raise CameraOpenError(f"{self.source} was looked through for {_OPEN_S:g} s without a frame; import it")

    def _next(self, timeout_s: float) -> Frame | None:
        self._look_whether_it_is_there()
        if self._is_holding:
            return self._hold(timeout_s)
        if self._coming is None:
            self._coming = self._read(timeout_s)
            if self._coming is None:
                return None
            timeout_s = 0.0
        if not self._wait(self._time.due_s(self._coming.host_ns, time.monotonic()), timeout_s):
            return None
        frame, self._coming = self._coming, None
        return self._give(frame)

    def _disconnect(self) -> None:
        reading = self._reading
        if reading is not None:
            reading.stop()

    # -- within -------------------------------------------------------------------------------------------------------

    def _read(self, timeout_s: float) -> Frame | None:
        """The next frame of the file; at its end what comes after that."""
        assert self._reading is not None  # it is open
        try:
            return self._reading.take(timeout_s)
        except EndOfStream:
            pass
        except RecordingError as error:
            raise self._gone(error) from error
        single = all(count == 1 for count in self._time.counts.values())
        hold_hz = self._hold_hz if self._hold_hz is not None else HOLD_HZ if single else 0.0
        if not self._held or not hold_hz:
            if self._loop and self._held:
                self._again()
                return None
            raise EndOfStream(f"{self.source} is at its end")
        self._is_holding = True
        self._time.hold(hold_hz)
        return None

    def _again(self) -> None:
        self._disconnect()
        self._time.loop()
        try:
            info = self._begin(self._path)
        except CameraOpenError as error:
            raise CameraLostError(str(error)) from error
        if self._info is None or info.streams != self._info.streams:
            raise CameraLostError(f"{self.source} has other streams than it had; open it again")

    def _give(self, frame: Frame) -> Frame:
        """A frame of the file as the camera's own."""
        number, device_ns = self._time.take(frame)
        missing = number - self._last_number.get(frame.stream, number - 1) - 1
        if missing > 0 or FrameFlag.DROPPED_BEFORE in frame.flags:
            self._count_dropped(frame.stream, max(1, missing))
        self._last_number[frame.stream] = number
        given = self._frame(frame.info, frame.pixels, number, device_ns, frame.flags, frame.encoded)
        self._held[frame.stream] = given
        return given

    def _hold(self, timeout_s: float) -> Frame | None:
        """The last pictures once more, in turn."""
        if not self._wait(self._time.held_due_s(len(self._held)), timeout_s):
            return None
        name = next(iter(self._held))
        last = self._held.pop(name)  # and to the end of the turn
        step_ns = self._time.held()
        flags = (last.flags | FrameFlag.STALE) & ~FrameFlag.DROPPED_BEFORE
        again = self._frame(last.info, last.pixels, last.number + 1, last.device_ns + step_ns, flags, last.encoded)
        self._held[name] = again
        return again

    def _wait(self, due_s: float, timeout_s: float) -> bool:
        """Wait until a frame is due, no longer than ``timeout_s``; whether it is."""
        left = due_s - time.monotonic()
        if left > 0:
            self._announce_pause(left)  # who plays pictures a minute apart has no camera that stalls
            self._closing.wait(min(left, timeout_s))
        return time.monotonic() >= due_s

    def _look_whether_it_is_there(self) -> None:
        now = time.monotonic()
        if now - self._looked_s < _LOOK_S:
            return
        self._looked_s = now
        if not self.is_present():
            raise CameraLostError(f"{self.source} vanished: there is no {self._path} any more")

    def _gone(self, error: Exception) -> CameraLostError:
        path = self._path
        if not path.exists():
            return CameraLostError(f"{self.source} vanished: there is no {path} any more")
        words = _in_our_words(str(error), path)
        self._spoiled = (_signature(path), words)  # to play it again would end here again
        return CameraLostError(f"{self.source}: {words}")


def _speed(words: SourceWords) -> float:
    try:
        return words.number("speed", 1.0, _LOWEST_SPEED, _HIGHEST_SPEED)
    except UnsupportedFeatureError:
        raise words.wrong("speed", f"max, or a number from {_LOWEST_SPEED:g} to {_HIGHEST_SPEED:g}") from None


def _signature(path: Path) -> object:
    """Changes when the file does."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _in_our_words(text: str, path: Path) -> str:
    """Importers speak of the options of a command; here they stand in the source."""
    text = re.sub(r"`?tapetum session import [^`;,]*`?", f"file:{path.name}?as=...", text)
    text = re.sub(r"--format ", "as=", text)
    text = re.sub(r"--set (\w+)", r"\1", text)
    text = re.sub(r"--([a-z]+(?:-[a-z]+)*)[ =](?=\S)", lambda m: m[1].replace("-", "_") + "=", text)
    if "MCAP file" in text:
        text += f"; a session is played by virtual:{path}"
    return text


def _camera_of(info: SessionInfo) -> dict[str, str]:
    """Model and serial number, where the file tells them."""
    out = {"model": next((s.camera for s in info.streams if s.camera), "")}
    try:
        first = json.loads(info.notes.get("flir", "[]"))[0]
        out["serial"] = str(first.get("serial") or "")
    except (ValueError, LookupError, AttributeError):
        pass
    return out
