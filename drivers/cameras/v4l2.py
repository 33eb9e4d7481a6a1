"""One video device of Linux: opened, set, and read through buffers that the kernel shares with us (V4L2, mmap).

The library linuxpy brings the kernel's structures and calls. Nothing here waits without a limit, and every error of the
kernel becomes one of the drivers' with what to do about it.

Source: the kernel's Video for Linux API, userspace-api/media/v4l.
"""

from __future__ import annotations

import errno
import importlib.util
import logging
import os
import select
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from drivers.cameras import v4l2_nodes
from drivers.cameras.v4l2_formats import Mode, code_of, listed, modes_of, number_of, rate_of
from drivers.errors import (
    CameraBusyError,
    CameraError,
    CameraLostError,
    CameraNotFoundError,
    CameraOpenError,
    CameraPermissionError,
    SdkMissingError,
    UnsupportedFeatureError,
)

log = logging.getLogger(__name__)

EXTRA: Final = "video"
BUFFERS: Final = 4
"""Frames that the kernel holds for us: at 30 frames a second, 0.13 s of being late."""

_GONE: Final = frozenset({errno.ENODEV, errno.ENXIO, errno.ENOENT, errno.ESHUTDOWN, errno.EPROTO, errno.EIO})
_RIGHTS: Final = frozenset({errno.EACCES, errno.EPERM})


def why_unavailable() -> str:
    """Empty when V4L2 can be used here, else why not, and what to do."""
    if sys.platform != "linux":
        return "V4L2 is a part of Linux; this is another system"
    if importlib.util.find_spec("linuxpy") is None:
        return f'the library linuxpy is missing: pip install "tapetum[{EXTRA}]" (no apt package is needed)'
    return ""


def linuxpy_video() -> Any:
    """The module linuxpy.video.device.

    Raises:
        SdkMissingError: it is not installed, or this is no Linux.
    """
    if reason := why_unavailable():
        raise SdkMissingError(f"video devices cannot be opened: {reason}")
    import linuxpy.video.device

    return linuxpy.video.device


@dataclass(frozen=True, slots=True)
class Buffer:
    """One picture in the kernel's memory, until it is given back.

    Attributes:
        data: the bytes of the picture, in the device's layout; a view that is good until then.
        sequence: the driver's count of frames, 32 bits.
        time_ns: when the frame began, on the kernel's monotonic clock where the driver uses it.
        is_whole: whether the driver vouches for it.
    """

    data: memoryview
    sequence: int
    time_ns: int
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a device says of itself.

    Attributes:
        card: its name.
        driver: ``uvcvideo``, say.
        bus: where it is.
        gives_pictures: whether it can be captured from, one plane at a time.
    """

    card: str
    driver: str
    bus: str
    gives_pictures: bool


class V4l2Device:
    """An open video device. One thread reads; ``call`` and ``close`` may come from any.

    Args:
        path: ``/dev/video0``.
        source: for messages.

    Raises:
        SdkMissingError, CameraNotFoundError, CameraBusyError, CameraPermissionError, CameraOpenError
    """

    def __init__(self, path: Path, source: str) -> None:
        self._video = linuxpy_video()
        self.path, self.source = path, source
        self._lock = threading.RLock()  # the life of the descriptor; not held while waiting
        self._mapped: list[Any] = []
        self._streaming = False
        try:
            self._fd = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise self._opening(error, "open it") from error
        try:
            self.capabilities = self._capabilities()
        except CameraError:
            self.close()
            raise

    # -- what there is ------------------------------------------------------------------------------------------------

    def modes(self) -> list[Mode]:
        """The formats and sizes it offers.

        Raises:
            CameraOpenError: it is gone, or does not answer.
        """
        with self._doing("ask for its formats"):
            return modes_of(self._fd, self._video)

    @contextmanager
    def call(self) -> Iterator[tuple[int, Any]]:
        """(descriptor, linuxpy.video.device) for a call of the kernel; the device is not closed meanwhile.

        Raises:
            CameraLostError: it is closed.
        """
        with self._lock:
            if self._fd < 0:
                raise CameraLostError(f"{self.source} is not open")
            yield self._fd, self._video

    # -- pictures -----------------------------------------------------------------------------------------------------

    def start(self, mode: Mode, fps: float | None = None) -> float:
        """Begin to stream.

        Args:
            fps: frames a second; None for the mode's highest rate.

        Returns:
            Frames a second as set; 0 when the device does not say.

        Raises:
            UnsupportedFeatureError: the device takes another format than it offered, or has no such rate.
            CameraBusyError: another program streams from it.
            CameraOpenError: it failed.
        """
        video = self._video
        with self._doing(f"set {mode}"):
            took = video.set_format(
                self._fd, video.BufferType.VIDEO_CAPTURE, mode.width, mode.height, number_of(mode.code)
            ).fmt.pix
            got = Mode(code_of(took.pixelformat), took.width, took.height)
            if (got.code, got.width, got.height) != (mode.code, mode.width, mode.height):
                raise UnsupportedFeatureError(
                    f"{self.source} takes {got} when asked for {mode}; it offers {listed(self.modes())}"
                )
            self.bytes_per_line, self.size = int(took.bytesperline), int(took.sizeimage)
            rate = self._set_rate(mode, fps)
        with self._doing("start"):
            count = video.request_buffers(self._fd, video.BufferType.VIDEO_CAPTURE, video.Memory.MMAP, BUFFERS).count
            for index in range(count):
                buffer = video.query_buffer(self._fd, video.BufferType.VIDEO_CAPTURE, video.Memory.MMAP, index)
                self._mapped.append(video.mem_map(self._fd, buffer.length, buffer.m.offset))
                self._give_back(index)
            video.stream_on(self._fd, video.BufferType.VIDEO_CAPTURE)
        self._streaming = True
        return rate

    @contextmanager
    def picture(self, timeout_s: float) -> Iterator[Buffer | None]:
        """The next picture, None when none came in time. The kernel has its memory back afterwards.

        Raises:
            CameraLostError: the device is gone.
        """
        video = self._video
        poll = select.poll()
        poll.register(self._fd, select.POLLIN)
        events = poll.poll(max(0, round(timeout_s * 1000)))
        if not events:
            yield None
            return
        try:
            raw = video.dequeue_buffer(self._fd, video.BufferType.VIDEO_CAPTURE, video.Memory.MMAP)
        except OSError as error:
            if error.errno == errno.EINTR or (error.errno == errno.EAGAIN and events[0][1] & select.POLLIN):
                yield None
                return
            raise self._lost(error) from error
        view = memoryview(self._mapped[raw.index])[: raw.bytesused]
        try:
            stamp = raw.timestamp
            is_whole = not raw.flags & video.BufferFlag.ERROR
            yield Buffer(view, raw.sequence, (stamp.secs * 1_000_000 + stamp.usecs) * 1000, is_whole)
        finally:
            view.release()
            try:
                self._give_back(raw.index)
            except OSError as error:
                if error.errno not in _GONE:
                    raise
                log.debug("%s went while a picture was read: %s", self.source, error)  # the next read says so

    def close(self) -> None:
        """Stop and release. Safe to call twice."""
        with self._lock:
            if self._fd < 0:
                return
            video, kind = self._video, self._video.BufferType.VIDEO_CAPTURE
            if self._streaming:
                with suppress(OSError):  # it may be gone
                    video.stream_off(self._fd, kind)
            for mapped in self._mapped:
                mapped.close()
            if self._mapped:
                self._mapped = []
                with suppress(OSError):  # it may be gone
                    video.free_buffers(self._fd, kind, video.Memory.MMAP)
            os.close(self._fd)
            self._fd, self._streaming = -1, False

    # -- within -------------------------------------------------------------------------------------------------------

    def _capabilities(self) -> Capabilities:
        video = self._video
        with self._doing("ask what it is"):
            told = video.read_capabilities(self._fd)
        has_own = told.capabilities & video.Capability.DEVICE_CAPS
        flags = told.device_caps if has_own else told.capabilities
        wanted = video.Capability.VIDEO_CAPTURE | video.Capability.STREAMING
        return Capabilities(
            told.card.decode("utf-8", "replace"),
            told.driver.decode("utf-8", "replace"),
            told.bus_info.decode("utf-8", "replace"),
            flags & wanted == wanted,
        )

    def _set_rate(self, mode: Mode, fps: float | None) -> float:
        video, kind = self._video, self._video.BufferType.VIDEO_CAPTURE
        rate = rate_of(mode, fps)
        if rate is None:
            raise UnsupportedFeatureError(f"{self.source} does not give {fps:g} frames a second; it gives {mode}")
        try:
            if rate:
                video.set_fps(self._fd, kind, rate)
            period = video.get_parm(self._fd, kind).parm.capture.timeperframe
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.ENOTTY):
                raise
            return rate  # a device without a choice
        return float(period.denominator / period.numerator) if period.numerator and period.denominator else rate

    def _give_back(self, index: int) -> None:
        video = self._video
        video.enqueue_buffer(self._fd, video.BufferType.VIDEO_CAPTURE, video.Memory.MMAP, 0, index)

    @contextmanager
    def _doing(self, what: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self._opening(error, what) from error

    def _opening(self, error: OSError, what: str) -> CameraOpenError:
        tried = f"{self.source}: cannot {what} ({self.path}: {os.strerror(error.errno or 0)})"
        if error.errno == errno.EBUSY:
            return CameraBusyError(f"{tried}; another program has it, close it (sudo fuser -v {self.path} names it)")
        if error.errno in _RIGHTS:
            group = _group_of(self.path)
            return CameraPermissionError(
                f"{tried}; you may not open it: sudo usermod -aG {group} $USER, then log in again"
            )
        if error.errno in _GONE:
            there = "; ".join(n.described() for n in v4l2_nodes.nodes()) or "none"
            return CameraNotFoundError(f"{tried}; is it plugged in? Video devices here: {there}")
        return CameraOpenError(f"{tried}; unplug it and plug it in again")

    def _lost(self, error: OSError) -> CameraLostError:
        return CameraLostError(
            f"{self.source} is gone ({self.path}: {os.strerror(error.errno or 0)}); "
            "it was unplugged or its driver failed, plug it in again"
        )


def _group_of(path: Path) -> str:
    """The group that may open a device; ``video`` where that cannot be told or is root's."""
    import grp  # not on Windows

    try:
        name = grp.getgrgid(path.stat().st_gid).gr_name
    except (OSError, KeyError):
        return "video"
    return "video" if name == "root" else name
