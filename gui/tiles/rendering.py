"""What a tile paints: the part of a picture that is seen, at the tile's size. No Qt here.

The cost depends on the tile, not on the frame: see gui/looks/render.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.frame import Frame
from gui.looks.look import Look
from gui.looks.render import render
from pipeline.colormap import CountRange, Rgb

Seen = tuple[int, int, int, int]
"""Left, top, width, height of the pixels that are seen."""

_BLOCKS = 6.0
"""From so many screen px a pixel on, pixels are shown as squares: one can point at them."""


class Content(Protocol):
    """A picture that can be shown at any size."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in px."""
        ...

    def render(self, seen: Seen, target: tuple[int, int]) -> Rgb:
        """The pixels that are seen as uint8 (h, w, 3) RGB: at most as many as the target (width, height) has."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class FrameContent:
    """A frame with its range of counts and its look."""

    frame: Frame
    counts: CountRange | None = None
    look: Look = field(default_factory=Look)

    @property
    def size(self) -> tuple[int, int]:
        return self.frame.info.width, self.frame.info.height

    def render(self, seen: Seen, target: tuple[int, int]) -> Rgb:
        """As :meth:`Content.render`."""
        return render(_part(self.frame, seen), self.look, self.counts, target).rgb


@dataclass(frozen=True, slots=True, eq=False)
class RgbContent:
    """A picture that has its colours already, uint8 (H, W, 3) RGB."""

    rgb: Rgb

    @property
    def size(self) -> tuple[int, int]:
        return self.rgb.shape[1], self.rgb.shape[0]

    def render(self, seen: Seen, target: tuple[int, int]) -> Rgb:
        """As :meth:`Content.render`."""
        x, y, w, h = seen
        part = np.ascontiguousarray(self.rgb[y : y + h, x : x + w])
        if w * h <= target[0] * target[1]:
            return part
        return np.asarray(cv2.resize(part, target, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def put(rgb: Rgb, out: NDArray[np.uint8], left: int, top: int, target: tuple[int, int]) -> None:
    """Paint uint8 (h, w, 3) RGB into ``out``, uint8 (H, W, 4) BGRA, which goes to the screen as it is.

    Args:
        left, top, target: where in ``out`` the picture stands, and its width and height there; it may reach beyond.
    """
    h, w = rgb.shape[:2]
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + target[0], out.shape[1]), min(top + target[1], out.shape[0])
    if x1 <= x0 or y1 <= y0:
        return
    area = out[y0:y1, x0:x1]
    # The fourth channel comes first: four are enlarged faster than three.
    if (w, h) == target == (x1 - x0, y1 - y0):
        cv2.cvtColor(rgb, cv2.COLOR_RGB2BGRA, dst=area)
        return
    bgra = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGRA)
    if (w, h) != target:
        how = cv2.INTER_NEAREST if target[0] >= _BLOCKS * w else cv2.INTER_LINEAR
        if target == (x1 - x0, y1 - y0):
            cv2.resize(bgra, target, dst=area, interpolation=how)
            return
        bgra = cv2.resize(bgra, target, interpolation=how)
    area[:] = bgra[y0 - top : y1 - top, x0 - left : x1 - left]


def _part(frame: Frame, seen: Seen) -> Frame:
    """A frame of the pixels that are seen."""
    x, y, w, h = seen
    if (w, h) == (frame.info.width, frame.info.height):
        return frame
    info = replace(frame.info, width=w, height=h, intrinsics=None)
    return replace(frame, info=info, pixels=np.ascontiguousarray(frame.pixels[y : y + h, x : x + w]), encoded=None)
