"""The compressed depth images of the Biwi Kinect Head Pose database (``frame_NNNNN_depth.bin``).

Little-endian: width and height (int32), then pairs of runs until the image is full, row by row: how many pixels
without a reading (int32), how many with one (int32), and those pixels' millimetres (int16 each).
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recordings.errors import SessionImportError

_MAX_SIDE: Final = 4096
_TWO: Final = struct.Struct("<ii")


def decode(data: bytes, path: Path) -> NDArray[np.uint16]:
    """A whole file to an image (H, W) of millimetres, 0 = no reading.

    Raises:
        SessionImportError: it is cut off, damaged or too long; the message names ``path``.
    """
    if len(data) < 8:
        raise SessionImportError(f"{path} is truncated: {len(data)} bytes, a depth image starts with 8; replace it")
    width, height = _TWO.unpack_from(data)
    if not (0 < width <= _MAX_SIDE and 0 < height <= _MAX_SIDE):
        raise SessionImportError(f"{path} is no compressed depth image: its size would be {width}x{height} px")
    count = width * height
    out = np.zeros(count, "<i2")
    at, filled = 8, 0
    while filled < count:
        if at + 8 > len(data):
            raise SessionImportError(_ends(path, len(data), filled, count))
        empty, full = _TWO.unpack_from(data, at)
        at += 8
        if empty < 0 or full < 0 or filled + empty + full > count:
            raise SessionImportError(
                f"{path} is damaged: at byte {at - 8} runs of {empty} and {full} pixels follow, "
                f"{count - filled} have room; replace it"
            )
        if at + 2 * full > len(data):
            raise SessionImportError(_ends(path, len(data), filled, count))
        filled += empty
        out[filled : filled + full] = np.frombuffer(data, "<i2", full, at)
        at += 2 * full
        filled += full
    if at != len(data):
        raise SessionImportError(f"{path} is damaged: {len(data) - at} bytes follow the image's last pixel; replace it")
    if out.min() < 0:
        raise SessionImportError(f"{path} is damaged: a depth of {out.min()} mm; replace it")
    return out.astype(np.uint16).reshape(height, width)


def _ends(path: Path, size: int, filled: int, count: int) -> str:
    return f"{path} is truncated: it ends after {size} bytes and {filled} of {count} pixels; replace it"
