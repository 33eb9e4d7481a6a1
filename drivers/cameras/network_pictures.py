"""What is wanted of a network camera's pictures, what is known of them, and their pixels."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np

from drivers.cameras.network_pace import LiveEdge
from drivers.frame import Pixels, StreamKind

_HD_HEIGHT: Final = 720
_UNSPECIFIED: Final = 2
_FULL_RANGE: Final = 2
_LUMA: Final = re.compile(r"yuvj?4\d\dp|nv12|nv21")
"""Pixel formats of 8 bits whose first plane is the luma."""
_GAIN: Final = 255 / 219
"""Luma from 16 to 235 (ITU-R BT.601) to 0 to 255."""


@dataclass(frozen=True, slots=True)
class LinkOptions:
    """How to connect.

    Attributes:
        transport: tcp, udp, or auto: TCP, and UDP where the camera refuses that.
        kind: color decodes to RGB, all else to gray.
        keep_damaged: give pictures that are built upon lost packets, too.
        open_s: until the first picture.
        read_s: without a packet, until the camera is lost.
    """

    transport: str
    kind: StreamKind
    keep_damaged: bool
    open_s: float
    read_s: float


@dataclass(frozen=True, slots=True)
class LinkLook:
    """What the first picture shows."""

    width: int
    height: int
    fps: float
    codec: str
    transport: str
    title: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded picture, its number, and its times: by the stream's clock and by ours when it came."""

    pixels: Pixels
    number: int
    device_ns: int
    host_ns: int


class Reading:
    """What a reading thread remembers from packet to packet."""

    def __init__(self, fps: float) -> None:
        self.fps = round(fps, 3) if 0 < fps <= 1000 else 0.0
        self.edge = LiveEdge(1 / self.fps if self.fps else 0.0)
        self.packets = 0
        self.lost = False  # packets, since the last picture
        self.suspect = 0  # so many packets may be built of what is left of a frame
        self.is_behind = False
        self.until_whole = False
        self.whole_by_s = 0.0


def pixels_of(frame: Any, kind: StreamKind) -> Pixels:
    """RGB (H, W, 3) or gray (H, W), uint8. Without a word on the matrix, SD and HD are taken as players take them."""
    from av.video.reformatter import Colorspace

    if kind is not StreamKind.COLOR and _LUMA.fullmatch(frame.format.name):
        return _luma(frame)
    matrix = None
    if int(frame.colorspace) == _UNSPECIFIED:
        matrix = int(Colorspace.ITU709 if frame.height >= _HD_HEIGHT else Colorspace.ITU601)
    form = "rgb24" if kind is StreamKind.COLOR else "gray"
    pixels: Pixels = frame.to_ndarray(format=form, src_colorspace=matrix)
    return pixels


def _luma(frame: Any) -> Pixels:
    """The luma of an 8-bit picture as gray of 0 to 255, without the way through FFmpeg's scaler, which takes longer."""
    plane = frame.planes[0]
    rows = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[: frame.height, : frame.width]
    if frame.format.name.startswith("yuvj") or int(frame.color_range) == _FULL_RANGE:
        return rows.copy()  # the plane goes back to the decoder
    out: Pixels = cv2.addWeighted(rows, _GAIN, rows, 0, -16 * _GAIN)
    return out
