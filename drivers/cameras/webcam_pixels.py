"""Buffers of a webcam as pixels: colour becomes RGB, gray stays gray in its own depth, JPEG keeps its bytes, too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.cameras.v4l2_formats import Mode
from drivers.frame import FrameFlag, Pixels, StreamKind

JPEG: Final = ("MJPG", "JPEG")
_END: Final = b"\xff\xd9"


@dataclass(frozen=True, slots=True)
class Picture:
    """One buffer's content.

    Attributes:
        pixels: in an array of our own.
        encoded: the camera's JPEG.
        flags: of the frame.
    """

    pixels: Pixels
    encoded: bytes | None = None
    flags: FrameFlag = FrameFlag.NONE


@dataclass(frozen=True, slots=True)
class Form:
    """What a format becomes.

    Attributes:
        kind: colour or gray.
        dtype: of the pixels.
        read: (buffer, mode, bytes a line) to a picture; None for a torn one.
    """

    kind: StreamKind
    dtype: str
    read: Callable[[memoryview, Mode, int], Picture | None]


def _lines(data: memoryview, width_bytes: int, height: int, bytes_per_line: int) -> NDArray[Any] | None:
    """(height, width_bytes) uint8 in the kernel's memory; None when the buffer is too short."""
    line = max(bytes_per_line, width_bytes)
    if len(data) < line * height:
        return None
    return np.frombuffer(data, np.uint8)[: line * height].reshape(height, line)[:, :width_bytes]


def _packed(code: int, bytes_a_pixel: int) -> Callable[[memoryview, Mode, int], Picture | None]:
    def read(data: memoryview, mode: Mode, bytes_per_line: int) -> Picture | None:
        lines = _lines(data, mode.width * bytes_a_pixel, mode.height, bytes_per_line)
        if lines is None:
            return None
        return Picture(cv2.cvtColor(lines.reshape(mode.height, mode.width, bytes_a_pixel), code))

    return read


def _planar(code: int) -> Callable[[memoryview, Mode, int], Picture | None]:
    """Of 4:2:0: all of the luminance, then half as many lines of colour."""

    def read(data: memoryview, mode: Mode, bytes_per_line: int) -> Picture | None:
        lines = _lines(data, mode.width, mode.height * 3 // 2, bytes_per_line)
        return None if lines is None else Picture(cv2.cvtColor(lines, code))

    return read


def _copied(dtype: str, channels: int) -> Callable[[memoryview, Mode, int], Picture | None]:
    size = np.dtype(dtype).itemsize

    def read(data: memoryview, mode: Mode, bytes_per_line: int) -> Picture | None:
        lines = _lines(data, mode.width * channels * size, mode.height, bytes_per_line)
        if lines is None:
            return None
        shape = (mode.height, mode.width, 3) if channels == 3 else (mode.height, mode.width)
        out = np.empty(shape, dtype)
        out.view(np.uint8).reshape(lines.shape)[:] = lines
        return Picture(out)

    return read


def _jpeg(data: memoryview, mode: Mode, _: int) -> Picture | None:
    """A whole JPEG of the right size; cameras fill the buffer's rest with zeros."""
    encoded = bytes(data)
    end = encoded.rfind(_END)
    if not encoded.startswith(b"\xff\xd8") or end < 0 or encoded[end + 2 :].strip(b"\0"):
        return None
    encoded = encoded[: end + 2]
    bgr = cv2.imdecode(np.frombuffer(encoded, np.uint8), cv2.IMREAD_COLOR)
    if bgr is None or bgr.shape[:2] != (mode.height, mode.width):
        return None
    return Picture(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB, dst=bgr), encoded, FrameFlag.LOSSY)


FORMS: Final = {
    "YUYV": Form(StreamKind.COLOR, "uint8", _packed(cv2.COLOR_YUV2RGB_YUYV, 2)),
    "UYVY": Form(StreamKind.COLOR, "uint8", _packed(cv2.COLOR_YUV2RGB_UYVY, 2)),
    "NV12": Form(StreamKind.COLOR, "uint8", _planar(cv2.COLOR_YUV2RGB_NV12)),
    "YU12": Form(StreamKind.COLOR, "uint8", _planar(cv2.COLOR_YUV2RGB_I420)),
    "RGB3": Form(StreamKind.COLOR, "uint8", _copied("uint8", 3)),
    "BGR3": Form(StreamKind.COLOR, "uint8", _packed(cv2.COLOR_BGR2RGB, 3)),
    "MJPG": Form(StreamKind.COLOR, "uint8", _jpeg),
    "JPEG": Form(StreamKind.COLOR, "uint8", _jpeg),
    "GREY": Form(StreamKind.GRAY, "uint8", _copied("uint8", 1)),
    "Y16 ": Form(StreamKind.GRAY, "uint16", _copied("uint16", 1)),
    "Y10 ": Form(StreamKind.GRAY, "uint16", _copied("uint16", 1)),
    "Y12 ": Form(StreamKind.GRAY, "uint16", _copied("uint16", 1)),
}
"""The four letters of a format -> what it becomes."""
