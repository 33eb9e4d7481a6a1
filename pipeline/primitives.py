"""What an overlay is made of, and how OpenCV paints it.

Positions are in pixels of the named stream (pixel centers at integers). Widths of lines and sizes of text are in
points: one point is one pixel of a picture 720 rows high, so that they look the same on every size of picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.colormap import Rgb
from pipeline.labels import DARK, WHITE, Color, darken, generated_picture, put_text, text_box
from recordings.observation import GeneratedImage

_SHIFT = 4  # OpenCV draws with 1/16 px
_SUB = 1 << _SHIFT
_FAR = 30_000.0  # px; beyond it OpenCV's fixed-point coordinates overflow


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line; drawn over a dark, wider one unless ``outline`` is off."""

    stream: str
    x0: float
    y0: float
    x1: float
    y1: float
    color: Color
    width: float = 2.0
    outline: bool = True
    arrow: bool = False


@dataclass(frozen=True, slots=True)
class Circle:
    """A disc, or a ring of ``width`` points when ``filled`` is off. ``radius`` is in points."""

    stream: str
    x: float
    y: float
    radius: float
    color: Color
    filled: bool = True
    width: float = 1.0
    alpha: float = 1.0


@dataclass(frozen=True, slots=True)
class Rectangle:
    """An upright rectangle from (x, y), ``w`` x ``h`` stream px; ``corners`` draws only its corners."""

    stream: str
    x: float
    y: float
    w: float
    h: float
    color: Color
    width: float = 2.0
    corners: bool = False
    outline: bool = True


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text at (x, y) stream px, moved by ``lines`` text lines (negative: up).

    ``align`` says where (x, y) lies: ``left``, ``center`` or ``right`` of the line. A dark plate lies under it, and
    the line is kept inside the picture.
    """

    stream: str
    x: float
    y: float
    text: str
    color: Color = WHITE
    size: float = 18.0
    lines: float = 0.0
    align: str = "left"


@dataclass(frozen=True, slots=True, eq=False)
class Inset:
    """A small square picture at (x, y), ``size`` stream px wide: a measured one (``pixels``), or a generated one.

    A generated one is painted with the word GENERATED on it; nothing here can leave that out. Painters never let
    insets overlap, since one could hide another's mark: an inset without room is moved, or left out.

    ``slot`` counts insets that stand under each other: each painter moves the inset down by as many of its own sizes.
    """

    stream: str
    x: float
    y: float
    size: float
    image: GeneratedImage | NDArray[np.uint8]
    slot: int = 0

    @property
    def generated(self) -> bool:
        return isinstance(self.image, GeneratedImage)

    def picture(self, size_px: int) -> Rgb:
        """uint8 (H, W, 3) RGB about ``size_px`` wide, never below 56 px where it is generated."""
        if isinstance(self.image, GeneratedImage):
            return generated_picture(self.image, size_px)
        side = max(size_px, 1)
        return np.asarray(cv2.resize(self.image, (side, side), interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


Primitive = Line | Circle | Rectangle | Text | Inset


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
    brush = _Brush(image, scale)
    for primitive in primitives:
        if stream is None or primitive.stream == stream:
            brush.paint(primitive)
    return image


class _Brush:
    """Paints single primitives: it knows the scale and the size of a point."""

    def __init__(self, image: Rgb, scale: float) -> None:
        self.image = image
        self.scale = scale
        self.point = point_px(image.shape[0])
        self._insets: list[Area] = []
        self._texts: list[Area] = []

    def paint(self, p: Primitive) -> None:
        match p:
            case Line():
                self._line(p)
            case Circle():
                self._circle(p)
            case Rectangle():
                self._rectangle(p)
            case Text():
                self._text(p)
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
            if p.arrow:
                self._arrow(a, b, color, thick)
            else:
                cv2.line(self.image, a, b, color, thick, cv2.LINE_AA, _SHIFT)

    def _arrow(self, a: tuple[int, int], b: tuple[int, int], color: Color, thick: int) -> None:
        cv2.line(self.image, a, b, color, thick, cv2.LINE_AA, _SHIFT)
        d = np.array(b, float) - np.array(a, float)
        length = float(np.hypot(*d))
        head = min(9.0 * self.point * _SUB, 0.4 * length)
        if length < _SUB:
            return
        back = -d / length * head
        for turn in (0.45, -0.45):
            c, s = np.cos(turn), np.sin(turn)
            tip = (round(b[0] + back[0] * c - back[1] * s), round(b[1] + back[0] * s + back[1] * c))
            cv2.line(self.image, b, tip, color, thick, cv2.LINE_AA, _SHIFT)

    def _circle(self, p: Circle) -> None:
        center = self._fixed(p.x, p.y)
        radius = max(1.0, p.radius * self.point)
        fixed_radius = round(radius * _SUB)
        if not p.filled:
            thick = self._thick(p.width)
            cv2.circle(self.image, center, fixed_radius, DARK, thick + 1, cv2.LINE_AA, _SHIFT)
            cv2.circle(self.image, center, fixed_radius, p.color, thick, cv2.LINE_AA, _SHIFT)
            return
        if p.alpha >= 0.99:
            cv2.circle(self.image, center, fixed_radius + _SUB, DARK, -1, cv2.LINE_AA, _SHIFT)
            cv2.circle(self.image, center, fixed_radius, p.color, -1, cv2.LINE_AA, _SHIFT)
            return
        x, y = center[0] // _SUB, center[1] // _SUB
        r = int(radius) + 3
        x0, y0 = max(x - r, 0), max(y - r, 0)
        x1, y1 = min(x + r + 1, self.image.shape[1]), min(y + r + 1, self.image.shape[0])
        if x1 <= x0 or y1 <= y0:
            return
        patch = self.image[y0:y1, x0:x1]
        over = patch.copy()
        moved = (center[0] - x0 * _SUB, center[1] - y0 * _SUB)
        cv2.circle(over, moved, fixed_radius + _SUB, DARK, -1, cv2.LINE_AA, _SHIFT)
        cv2.circle(over, moved, fixed_radius, p.color, -1, cv2.LINE_AA, _SHIFT)
        cv2.addWeighted(over, p.alpha, patch, 1.0 - p.alpha, 0.0, dst=patch)

    def _rectangle(self, p: Rectangle) -> None:
        for line in rectangle_lines(p):
            self._line(line)

    def _text(self, p: Text) -> None:
        size = p.size * self.point
        box = text_box(p.text, size)
        pad = max(2, round(size * 0.2))
        x, y = self._at(p.x, p.y)
        x -= {"left": 0.0, "center": box.width / 2, "right": float(box.width)}[p.align]
        y += p.lines * size * 1.28
        height, width = self.image.shape[:2]
        w, h = box.width + 2.0 * pad, box.height + box.below + 2.0 * pad
        plate = place_text(x - pad, y - box.height - pad, w, h, (0, 0, width, height), self._texts, p.lines < 0)
        self._texts.append(plate)
        left, top = round(plate[0]), round(plate[1])
        darken(self.image, left, top, round(w), round(h), 0.75)
        put_text(self.image, p.text, left + pad, top + pad + box.height, size, p.color, outline=None)

    def _inset(self, p: Inset) -> None:
        picture = p.picture(max(1, round(p.size * self.scale)))
        height, width = self.image.shape[:2]
        shrink = min(1.0, height / picture.shape[0], width / picture.shape[1])
        if shrink < 1.0:
            fitting = (max(1, int(picture.shape[1] * shrink)), max(1, int(picture.shape[0] * shrink)))
            picture = np.asarray(cv2.resize(picture, fitting, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        h, w = picture.shape[:2]
        x, y = self._at(p.x, p.y)
        place = free_place(x, y + p.slot * h * 1.05, w, h, (0, 0, width, height), self._insets)
        if place is not None:
            self._insets.append((*place, w, h))
            left, top = int(place[0]), int(place[1])
            self.image[top : top + h, left : left + w] = picture


Area = tuple[float, float, float, float]
"""Left, top, width, height in px of the picture that is painted on."""


def free_place(x: float, y: float, w: float, h: float, room: Area, taken: Sequence[Area]) -> tuple[int, int] | None:
    """Where an inset of ``w`` x ``h`` px that wants to be at (x, y) can stand in ``room`` clear of what is taken.

    The wanted place if it is free; else the nearest of those beside, above and below what is in the way; None when
    there is none.
    """

    def inside(u: float, v: float) -> tuple[int, int]:
        return (
            int(min(max(u, room[0]), max(room[0] + room[2] - w, room[0]))),
            int(min(max(v, room[1]), max(room[1] + room[3] - h, room[1]))),
        )

    def is_free(place: tuple[int, int]) -> bool:
        u, v = place
        return all(u + w <= a or a + c <= u or v + h <= b or b + d <= v for a, b, c, d in taken)

    candidates = [inside(x, y)]
    for a, b, c, d in taken:
        candidates += [inside(u, v) for u, v in ((x, b + d + 1), (x, b - h - 1), (a + c + 1, y), (a - w - 1, y))]
    free = [place for place in candidates if is_free(place)]
    return min(free, key=lambda place: abs(place[0] - x) + abs(place[1] - y), default=None)


def place_text(x: float, y: float, w: float, h: float, room: Area, taken: Sequence[Area], upward: bool) -> Area:
    """Where a plate of text that wants its top left corner at (x, y) goes: inside the room and over no other text.

    It moves up (or down) past what is in the way; at the room's edge it turns round.
    """
    top, bottom = room[1], room[1] + max(room[3] - h, 0.0)
    x = min(max(x, room[0]), room[0] + max(room[2] - w, 0.0))
    if y > bottom or y < top:
        upward = y > bottom
    y = wanted = min(max(y, top), bottom)
    for direction in (upward, not upward):
        y = wanted
        for _ in range(6):
            hit = next(
                (t for t in taken if x < t[0] + t[2] and t[0] < x + w and y + 1 < t[1] + t[3] and t[1] + 1 < y + h),
                None,
            )
            if hit is None:
                break
            y = hit[1] - h if direction else hit[1] + hit[3]
        if hit is None and top <= y <= bottom:
            return x, y, w, h
    return x, min(max(y, top), bottom), w, h


def rectangle_lines(p: Rectangle) -> list[Line]:
    """A rectangle as the lines it is drawn with."""
    x0, y0, x1, y1 = p.x, p.y, p.x + p.w, p.y + p.h
    if not p.corners:
        around = [(x0, y0, x1, y0), (x1, y0, x1, y1), (x1, y1, x0, y1), (x0, y1, x0, y0)]
        return [Line(p.stream, *ends, p.color, p.width, p.outline) for ends in around]
    a, b = 0.22 * p.w, 0.22 * p.h
    lines = []
    for x, dx in ((x0, a), (x1, -a)):
        for y, dy in ((y0, b), (y1, -b)):
            lines.append(Line(p.stream, x, y, x + dx, y, p.color, p.width, p.outline))
            lines.append(Line(p.stream, x, y, x, y + dy, p.color, p.width, p.outline))
    return lines
