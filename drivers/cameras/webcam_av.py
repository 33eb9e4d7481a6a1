"""Webcams where there is no V4L2: DirectShow on Windows and AVFoundation on macOS, through PyAV (FFmpeg's devices).

FFmpeg lists the devices with their names and formats, gives the capture time of each frame and, where the camera
compresses, its own JPEG; OpenCV's capture gives neither names nor times.
"""

from __future__ import annotations

import importlib.util
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from drivers.camera import CameraId
from drivers.errors import CameraError, CameraLostError, CameraNotFoundError, CameraOpenError, SdkMissingError
from drivers.frame import Frame, FrameFlag, StreamInfo, StreamKind
from drivers.host_clock import now_ns
from drivers.source_words import SourceWords
from drivers.streaming_camera import Inbox, StreamingCamera

_FORMATS: Final = {"win32": "dshow", "darwin": "avfoundation"}
_OPEN_S: Final = 8.0
_READ_S: Final = 1.0
_JOIN_S: Final = 5.0
_WAITING: Final = 8


class AvWebcam(StreamingCamera):
    """One webcam, by its name or its number in the system's list.

    Args:
        rest: the name, the number, or nothing for the first one, with ``size=640x480@30`` behind ``?``.
        device_format: FFmpeg's name of the system's device interface; by default this system's.
    """

    title = "Webcams and other video devices"
    extra = "video"
    apt = ""
    note = "UNVERIFIED on real hardware: Windows and macOS, through PyAV"

    def __init__(self, rest: str, device_format: str = "") -> None:
        super().__init__(f"webcam:{rest}")
        self._format = device_format or _FORMATS.get(sys.platform, "")
        words = SourceWords.parse("webcam", rest, ("size",))
        self._target, self._size = words.target, words.size("size")
        self._inbox = Inbox(_WAITING)
        self._container: Any = None
        self._reader: threading.Thread | None = None
        self._stop = threading.Event()
        self._is_read = False  # frames before the first read are old ones, and nobody's
        self._number = 0
        self._identity: dict[str, str] = {}

    @classmethod
    def discover(cls, device_format: str = "") -> list[CameraId]:
        """What the system lists: by name, and by number where two have the same."""
        listed = _listed(device_format or _FORMATS.get(sys.platform, ""))
        titles = [title for _, title in listed]
        plain = [titles.count(title) == 1 and not set("?&") & set(title) for title in titles]
        return [CameraId(f"webcam:{t if plain[i] else i}", t) for i, t in enumerate(titles)]

    def options(self) -> Mapping[str, str]:
        return dict(self._identity)

    def _connect(self) -> Sequence[StreamInfo]:
        if importlib.util.find_spec("av") is None:
            raise SdkMissingError(f'webcams are read by PyAV, which is missing: pip install "tapetum[{self.extra}]"')
        import av

        if not self._format:
            raise CameraOpenError(f"webcams of this system ({sys.platform}) cannot be read")
        name, options = self._place(), {}
        if self._size is not None:
            options["video_size"] = f"{self._size.width}x{self._size.height}"
            if self._size.fps is not None:
                options["framerate"] = f"{self._size.fps:g}"
        try:
            self._container = av.open(name, format=self._format, options=options, timeout=(_OPEN_S, _READ_S))
            video = self._container.streams.video[0]
        except (av.FFmpegError, OSError, IndexError) as error:
            raise CameraOpenError(
                f"{self.source} cannot be opened as {name!r} with {options or 'its own settings'}: {error}. Close "
                "other programs that use the camera, allow cameras in the system's settings, or leave size= out"
            ) from error
        self._inbox.clear()
        self._stop.clear()
        self._number, self._is_read = 0, False
        rate = float(video.average_rate or video.guessed_rate or 0.0)
        info = StreamInfo(
            "color", StreamKind.COLOR, video.width, video.height, "uint8", fps=round(rate, 3), camera=self.source
        )
        self._identity = {"model": name, "mode": f"{video.codec_context.name} {video.width}x{video.height}"}
        self._reader = threading.Thread(target=self._read, args=(self._container, info), name=f"read {self.source}")
        self._reader.start()
        return [info]

    def _next(self, timeout_s: float) -> Frame | None:
        self._is_read = True
        item = self._inbox.take(timeout_s)
        return item if isinstance(item, Frame) else None

    def _disconnect(self) -> None:
        self._stop.set()
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.join(_JOIN_S)  # a read ends after _READ_S at the latest
            if reader.is_alive():
                raise CameraOpenError(f"{self.source}: the system's camera interface did not let go")
        container, self._container = self._container, None
        if container is not None:
            container.close()

    def _place(self) -> str:
        """What FFmpeg calls the camera."""
        if self._format == "lavfi":  # a made picture, named by its filter
            return self._target
        listed = _listed(self._format)
        names = {title: name for name, title in reversed(listed)}
        if self._target in names:
            return _named(self._format, names[self._target])
        place = int(self._target) if self._target.isdecimal() else 0
        if (not self._target or self._target.isdecimal()) and place < len(listed):
            return _named(self._format, listed[place][0])
        if self._target and not listed:
            return _named(self._format, self._target)  # not listed, but it may be there
        there = ", ".join(f"{i}: {title}" for i, (_, title) in enumerate(listed)) or "none at all"
        raise CameraNotFoundError(f"{self.source} is not plugged in; the system lists {there}")

    def _read(self, container: Any, info: StreamInfo) -> None:
        """The reader's thread: decode until told to stop."""
        try:
            for decoded in container.decode(video=0):
                if self._stop.is_set():
                    return
                self._leave(decoded, info)
            self._inbox.fail(CameraLostError(f"{self.source} gives no more pictures; it was unplugged"))
        except Exception as error:  # noqa: BLE001  FFmpeg may raise anything; the thread that reads frames is told
            lost = error if isinstance(error, CameraError) else CameraLostError(f"{self.source} is gone: {error}")
            self._inbox.fail(lost)

    def _leave(self, decoded: Any, info: StreamInfo) -> None:
        arrived_ns = now_ns()
        if (decoded.width, decoded.height) != (info.width, info.height):
            raise CameraLostError(f"{self.source} changed its size to {decoded.width}x{decoded.height}; open it again")
        if not self._is_read:
            return
        pixels = decoded.to_ndarray(format="rgb24")
        device_ns = int(decoded.time * 1e9) if decoded.time is not None else time.monotonic_ns()
        flags = FrameFlag.LOSSY if self._identity["mode"].startswith("mjpeg") else FrameFlag.NONE
        frame = self._frame(info, pixels, self._number, device_ns, flags, host_ns=arrived_ns)
        self._number += 1
        if not self._inbox.put(frame):
            self._count_no_room(info.name)


def _listed(device_format: str) -> list[tuple[str, str]]:
    """(FFmpeg's name, name for people) of each video device; none where nothing lists them (older PyAV)."""
    import av

    enumerate_devices = getattr(av, "enumerate_input_devices", None)
    if enumerate_devices is None:
        return []
    try:
        found = enumerate_devices(device_format)
    except (av.FFmpegError, ValueError, OSError, NotImplementedError):
        return []
    return [(d.name, d.description or d.name) for d in found if not d.media_types or "video" in d.media_types]


def _named(device_format: str, name: str) -> str:
    return f"video={name}" if device_format == "dshow" else name
