"""Faces in a picture by Haar cascades: a whole image in parts that one frame can afford, or one head closely."""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.steps.crop import cut
from pipeline.steps.haar import Haar, HaarHit, Look
from recordings.observation import Box

Gray = NDArray[np.uint8]

HAAR_FACE_MM = {Look.FRONTAL: 172.0, Look.IMAGE_LEFT: 195.0, Look.IMAGE_RIGHT: 195.0}
"""Width of the square that a cascade puts round an adult's face, measured on faces of known distance."""

_HEAD_UP = 0.075  # the head centre lies this share of a cascade's square above its middle
_SMALL_PX, _LARGE_PX = 24, 56  # windows of one octave; it overlaps the next, where neighbors would be cut off


class _Scale(enum.IntEnum):
    """How much a whole image is shrunk: to a quarter, half, once or twice the search's width."""

    CLOSE = 1
    NEAR = 2
    MIDDLE = 4
    FAR = 8


@dataclass(frozen=True, slots=True)
class _Slice:
    """A part of the search of a whole image that one FrameSet can afford."""

    look: Look
    scale: _Scale
    tile: int = 0


# The finer the scale, the more pixels: columns and rows that are searched one at a time.
_TILES = {_Scale.CLOSE: (1, 1), _Scale.NEAR: (1, 1), _Scale.MIDDLE: (2, 2), _Scale.FAR: (3, 2)}
_NEAR, _NEAR_LEFT, _NEAR_RIGHT = (_Slice(look, _Scale.NEAR) for look in Look)
_MIDDLE = tuple(_Slice(Look.FRONTAL, _Scale.MIDDLE, tile) for tile in range(4))
_FAR = tuple(_Slice(Look.FRONTAL, _Scale.FAR, tile) for tile in range(6))
# Small profiles are left out: the costliest search, for the fewest faces. Every second part looks for large faces.
_LARGE = (_NEAR, _NEAR_LEFT, _NEAR, _NEAR_RIGHT)
_FRONTAL = tuple(part for middle in _MIDDLE for part in (_NEAR, middle))
_COARSE = tuple(part for pair in zip(_LARGE, _MIDDLE, strict=True) for part in pair)
_FINE = tuple(
    part
    for i, small in enumerate((_FAR[0], _MIDDLE[0], _FAR[1], _MIDDLE[1], _FAR[2], _FAR[3], _MIDDLE[2], _FAR[4]))
    for part in (_LARGE[i % 4], small)
) + tuple(part for pair in zip(_LARGE, (_MIDDLE[3], _FAR[5], _MIDDLE[0], _MIDDLE[1]), strict=True) for part in pair)

_CLOSE_MM = 360.0  # region that `closely` looks at, so that a face's surroundings are in it
_CLOSE_PX = 80  # and the size it is brought to, where a face is about 40 px wide


class ImageSearch:
    """Looks for faces part by part; which part is due, the number of the look says. It remembers nothing."""

    def __init__(self, width_px: int = 320, scale_step: float = 1.2, neighbors: int = 4) -> None:
        """
        Args:
            width_px: width at which the middle scale is searched.
            scale_step: ratio of one size of windows to the next.
            neighbors: overlapping hits that make a face.
        """
        self._width = width_px
        self._haar = Haar(scale_step, neighbors)
        self._closely = Haar(1.12, 3)

    def whole(self, gray: Gray) -> list[HaarHit]:
        """All parts at once: dear, for a first picture that should not wait its turn."""
        return [hit for part in dict.fromkeys(self._cycle(gray)) for hit in self._search(gray, part)]

    def part(self, gray: Gray, turn: int) -> list[HaarHit]:
        """The part that is due at the ``turn``-th look; large faces come round most often."""
        cycle = self._cycle(gray)
        return self._search(gray, cycle[turn % len(cycle)])

    def frontal_part(self, gray: Gray, turn: int) -> list[HaarHit]:
        """The same, with frontal faces only and without the smallest."""
        return self._search(gray, _FRONTAL[turn % len(_FRONTAL)])

    def _cycle(self, gray: Gray) -> tuple[_Slice, ...]:
        """An image that is small already has no more to show at the finest scale."""
        return _FINE if gray.shape[1] > 1.3 * self._width else _COARSE

    def _search(self, gray: Gray, part: _Slice) -> list[HaarHit]:
        """Faces of one look in one octave of sizes; the largest two octaves are one part."""
        height, width = gray.shape
        shrink = max(width * _Scale.MIDDLE / (self._width * part.scale), 1.0)
        columns, rows = _TILES[part.scale]
        column, row = part.tile % columns, part.tile // columns
        # Tiles overlap by a face, so that none is cut in two.
        overlap = round(_LARGE_PX * shrink)
        left, right = column * width // columns, min((column + 1) * width // columns + overlap, width)
        top, bottom = row * height // rows, min((row + 1) * height // rows + overlap, height)
        size = (max(round((right - left) / shrink), _SMALL_PX), max(round((bottom - top) / shrink), _SMALL_PX))
        small = np.asarray(cv2.resize(gray[top:bottom, left:right], size, interpolation=cv2.INTER_AREA), np.uint8)
        scale = ((right - left) / size[0], (bottom - top) / size[1])
        largest = min(size) if part.scale is _Scale.CLOSE else _LARGE_PX
        hits = [_scaled(hit, scale, (left, top)) for hit in self._haar(small, part.look, _SMALL_PX, largest)]
        if part.scale is _Scale.NEAR:
            hits += self._search(gray, _Slice(part.look, _Scale.CLOSE))
        return hits

    def closely(self, gray: Gray, center_px: tuple[float, float], region_px: float, look: Look) -> HaarHit | None:
        """Whether one cascade sees a face of about the right size in the middle of a head's region.

        Args:
            gray: uint8 (H, W).
            center_px: the head centre.
            region_px: width of the papers' crop (320 mm) there.
        """
        side = region_px * _CLOSE_MM / 320.0
        box = Box(center_px[0] - side / 2, center_px[1] - side / 2, side, side)
        small = cut(gray, box, _CLOSE_PX)
        middle = (_CLOSE_PX - 1) / 2
        for hit in self._closely(small.pixels, look, 0.38 * _CLOSE_PX, 0.64 * _CLOSE_PX):
            x, y = hit.box.center
            if math.hypot(x - middle, y - middle) < 0.2 * _CLOSE_PX:
                scale = side / _CLOSE_PX
                corner = small.to_source(np.array([[hit.box.x, hit.box.y]]))[0]
                face = Box(float(corner[0]), float(corner[1]), hit.box.w * scale, hit.box.h * scale)
                return HaarHit(face, hit.look, hit.neighbors)
        return None


def head_of(hit: HaarHit) -> tuple[float, float]:
    """The head centre that goes with a cascade's square, px."""
    x, y = hit.box.center
    return x, y - _HEAD_UP * hit.box.h


def region_of(hit: HaarHit) -> float:
    """Width in px of the papers' crop (320 mm) for a face of that size."""
    return hit.box.w * 320.0 / HAAR_FACE_MM[hit.look]


def _scaled(hit: HaarHit, scale: tuple[float, float], corner: tuple[int, int]) -> HaarHit:
    """A hit in a shrunken part of an image to px of the image: the part's corners scale, not its pixel centres."""
    b = hit.box
    x = (b.x + 0.5) * scale[0] - 0.5 + corner[0]
    y = (b.y + 0.5) * scale[1] - 0.5 + corner[1]
    return HaarHit(Box(x, y, b.w * scale[0], b.h * scale[1]), hit.look, hit.neighbors)
