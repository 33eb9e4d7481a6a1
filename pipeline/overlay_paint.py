"""How OpenCV paints an overlay."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import cv2
import numpy as np

from pipeline.colormap import Rgb
from pipeline.labels import DARK, PLATE, Color, darken, put_text, text_box
from pipeline.overlay_layout import Extent, Layout, Placed
from pipeline.primitives import Dots, Inset, Line, Primitive, Rank, Rectangle, Text

_SHIFT = 4  # OpenCV draws with 1/16 px
_SUB = 1 << _SHIFT
_FAR = 30_000.0  # px; beyond it OpenCV's fixed-point coordinates overflow

_SIZES = {Rank.MAIN: 20.0, Rank.SIDE: 15.0, Rank.NOTE: 13.0}
"""Sizes of text in points: videos and pictures are looked at from near."""


def point_px(height: int) -> float:
    """Pixels a point, for a picture ``height`` px high: never so small that text cannot be read."""
    return max(height / 720.0, 0.55)


def paint(image: Rgb, primitives: Iterable[Primitive], scale: float = 1.0, stream: str | None = None) -> Rgb:
    """Paint primitives into an image, in place, with anti-aliasing.

    Args:
        image: uint8 (H, W, 3) RGB, C-contiguous, writable.
        primitives: in the order of painting.
        scale: image pixels a stream pixel, when the image was enlarged from the stream's.
        stream: paint only primitives of this stream; None paints all.

    Returns:
        The same image.
    """
    chosen = [p for p in primitives if stream is None or p.stream == stream]
    brush = _Brush(image, scale, [p for p in chosen if isinstance(p, Inset)])
    for primitive in chosen:
        brush.paint(primitive)
    return image


class _Brush:
    """Paints single primitives: it knows the scale and the size of a point."""

    def __init__(self, image: Rgb, scale: float, insets: Sequence[Inset]) -> None:
        self.image = image
        self.scale = scale
        self.point = point_px(image.shape[0])
        room = (0.0, 0.0, float(image.shape[1]), float(image.shape[0]))
        self._layout = Layout(room, self._at, scale, lambda rank: _SIZES[rank] * self.point, _measure)
        self._insets = {id(inset): self._placed(inset) for inset in insets}

    def paint(self, p: Primitive) -> None:
        match p:
            case Line():
                self._line(p)
            case Dots():
                self._dots(p)
            case Rectangle():
                for line in p.lines():
                    self._line(line)
                self._layout.avoid(p)
            case Text():
                if (placed := self._layout.place(p)) is not None:
                    self._text(placed)
            case Inset():
                self._inset(p)

    def _at(self, x: float, y: float) -> tuple[float, float]:
        """Stream pixels to image pixels; pixel centers at integers on both sides."""
        return (x + 0.5) * self.scale - 0.5, (y + 0.5) * self.scale - 0.5

    def _fixed(self, x: float, y: float) -> tuple[int, int]:
        u, v = self._at(x, y)
        return round(min(max(u, -_FAR), _FAR) * _SUB), round(min(max(v, -_FAR), _FAR) * _SUB)

    def _thick(self, width: float) -> int:
        return max(1, round(width * self.point))

    def _line(self, p: Line) -> None:
        a, b = self._fixed(p.x0, p.y0), self._fixed(p.x1, p.y1)
        strokes = [(p.color, self._thick(p.width))]
        if p.outline:
            strokes.insert(0, (DARK, self._thick(p.width) + 2))
        for color, thick in strokes:
            cv2.line(self.image, a, b, color, thick, cv2.LINE_AA, _SHIFT)
            if p.arrow:
                self._head(a, b, color, thick)

    def _head(self, a: tuple[int, int], b: tuple[int, int], color: Color, thick: int) -> None:
        d = np.array(b, float) - np.array(a, float)
        length = float(np.hypot(*d))
        if length < _SUB:
            return
        back = -d / length * min(9.0 * self.point * _SUB, 0.4 * length)
        for turn in (0.45, -0.45):
            c, s = np.cos(turn), np.sin(turn)
            tip = (round(b[0] + back[0] * c - back[1] * s), round(b[1] + back[0] * s + back[1] * c))
            cv2.line(self.image, b, tip, color, thick, cv2.LINE_AA, _SHIFT)

    def _dots(self, p: Dots) -> None:
        radius = p.radius_px(self.point, self.scale)
        fixed = round(radius * _SUB)
        thick = self._thick(p.width)
        for x, y in p.points.tolist():
            center = self._fixed(x, y)
            if p.filled:
                cv2.circle(self.image, center, fixed + _SUB, DARK, -1, cv2.LINE_AA, _SHIFT)
                cv2.circle(self.image, center, fixed, p.color, -1, cv2.LINE_AA, _SHIFT)
            else:
                cv2.circle(self.image, center, fixed, DARK, thick + 1, cv2.LINE_AA, _SHIFT)
                cv2.circle(self.image, center, fixed, p.color, thick, cv2.LINE_AA, _SHIFT)

    def _text(self, placed: Placed) -> None:
        left, top, w, h = placed.plate
        darken(self.image, round(left), round(top), round(w), round(h), PLATE)
        put_text(self.image, placed.text, placed.x, placed.y, placed.size, placed.source.color, outline=None)

    def _placed(self, p: Inset) -> tuple[Rgb, tuple[int, int] | None]:
        """An inset's picture, and where it stands; None where it has no room."""
        picture = p.picture(max(1, round(p.size * self.scale)))
        height, width = self.image.shape[:2]
        shrink = min(1.0, height / picture.shape[0], width / picture.shape[1])
        if shrink < 1.0:
            fitting = (max(1, int(picture.shape[1] * shrink)), max(1, int(picture.shape[0] * shrink)))
            picture = np.asarray(cv2.resize(picture, fitting, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        h, w = picture.shape[:2]
        x, y = self._at(p.x, p.y)
        return picture, self._layout.place_inset(x, y + p.slot * h * 1.05, w, h)

    def _inset(self, p: Inset) -> None:
        picture, place = self._insets[id(p)]
        if place is not None:
            left, top = place
            self.image[top : top + picture.shape[0], left : left + picture.shape[1]] = picture


def _measure(text: str, size: float) -> Extent:
    box = text_box(text, size)
    return Extent(box.width, box.height, box.below)
