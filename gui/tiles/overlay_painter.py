"""The overlay of a tile: the primitives of pipeline/overlay.py, painted by Qt at the screen's own resolution."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby
from typing import Any

import numpy as np

from gui.look import theme
from gui.qt import PrimitiveArray, QtCore, QtGui
from gui.tiles.face_pictures import generated_rgb, in_red
from gui.tiles.overlay_ink import brush, font, ink, measure, pen, plate, sprite, to_qimage
from pipeline.labels import DARK, Color
from pipeline.overlay_layout import Area, Layout, Placed, text_px
from pipeline.primitives import CORNER, DASHES, Dots, Edge, Inset, Line, Primitive, Rank, Rectangle, Text
from recordings.observation import GeneratedImage

INSET_PX = 84
"""Least side of an inset on the screen."""


def point_size(viewport_height: float) -> float:
    """Screen pixels a point of line width for a tile of this height."""
    return min(max(viewport_height / 640.0, 0.68), 2.2)


class OverlayPainter:
    """Paints primitives whose positions are in pixels of the picture under it (pixel centers at integers).

    It may be used in any thread, by one thread at a time.
    """

    def __init__(self) -> None:
        self._insets: dict[int, tuple[object, tuple[int, bool], QtGui.QImage]] = {}
        self._fragments = PrimitiveArray(QtGui.QPainter.PixmapFragment, 10)

    def paint(
        self,
        painter: QtGui.QPainter,
        primitives: Sequence[Primitive],
        picture: tuple[int, int],
        room: tuple[float, float] | None = None,
    ) -> None:
        """Paint over a picture, to which the painter's transform leads.

        Args:
            picture: width and height in px.
            room: width and height of the tile, which sizes go by; None where the picture fills it.
        """
        if not primitives:
            return
        to_screen = painter.worldTransform()
        area = to_screen.mapRect(QtCore.QRectF(0, 0, *picture))
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        _Brush(painter, to_screen, area, room or (area.width(), area.height()), self).paint_all(primitives)
        painter.restore()

    def inset_image(self, inset: Inset, size: int, is_night: bool) -> QtGui.QImage:
        """The inset's picture (with its mark) at a size, kept while the same image is shown."""
        key, how = id(inset.image), (size, is_night)
        kept = self._insets.get(key)
        if kept is not None and kept[0] is inset.image and kept[1] == how:
            return kept[2]
        if len(self._insets) > 32:
            self._insets.clear()
        image = to_qimage(_inset_rgb(inset, size, is_night))
        self._insets[key] = (inset.image, how, image)
        return image

    def draw_sprites(self, painter: QtGui.QPainter, sprite: QtGui.QPixmap, centers: np.ndarray) -> None:
        """One small picture at many places, (N, 2) px, in one call: discs one by one cost twenty times as much."""
        self._fragments.resize(len(centers))
        ratio = sprite.devicePixelRatioF()
        table = self._fragments.ndarray()
        table[:, 0:2] = centers
        table[:, 2:6] = (0.0, 0.0, sprite.width(), sprite.height())
        table[:, 6:10] = (1.0 / ratio, 1.0 / ratio, 0.0, 1.0)
        painter.drawPixmapFragments(*self._fragments.drawargs(), sprite)


class _Brush:
    """Paints single primitives in screen pixels."""

    def __init__(
        self,
        painter: QtGui.QPainter,
        to_screen: QtGui.QTransform,
        area: QtCore.QRectF,
        size: tuple[float, float],
        owner: OverlayPainter,
    ) -> None:
        self._painter = painter
        # The picture is never turned: two scales and a shift tell where everything is.
        self._scale = np.array((to_screen.m11(), to_screen.m22()))
        self._shift = np.array((to_screen.dx(), to_screen.dy()))
        self._sx, self._sy = (float(v) for v in self._scale)
        # A pixel's center is at an integer for us and at a half for the picture item.
        self._dx, self._dy = (float(v) for v in self._shift + 0.5 * self._scale)
        self._point = point_size(size[1])
        self._owner = owner
        self._insets: dict[int, tuple[int, tuple[int, int] | None]] = {}
        room = (area.left(), area.top(), area.width(), area.height())
        sizes = {rank: round(text_px(rank, *size)) for rank in Rank}
        self._layout = Layout(room, self._at, abs(self._sx), sizes.__getitem__, measure)
        self._night = theme.now().is_night
        self._reach = 4.0 * max(size) + 1000.0

    def paint_all(self, primitives: Sequence[Primitive]) -> None:
        """In their order; but insets are placed first, since texts keep off them."""
        for p in primitives:
            if isinstance(p, Inset):
                x, y = p.x * self._sx + float(self._shift[0]), p.y * self._sy + float(self._shift[1])
                size = max(INSET_PX, round(p.size * self._sx))
                self._insets[id(p)] = (size, self._layout.place_inset(x, y + p.slot * size * 1.05, size, size))
        for kind, alike in groupby(primitives, _kind):
            group = list(alike)
            if kind[0] is Rectangle:
                self._rectangles(group)
            elif kind[0] is Line:
                self._bars([self._ends(p) for p in group], max(1.0, kind[2] * self._point), kind[1], kind[3])
            elif kind[0] is QtCore.QLineF:
                self._lines(group)
            else:
                for p in group:
                    self._paint(p)

    def _paint(self, p: Primitive) -> None:
        match p:
            case Dots():
                self._dots(p)
            case Text():
                if (placed := self._layout.place(p)) is not None:
                    self._text(placed)
            case Inset():
                self._inset(p)

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return x * self._sx + self._dx, y * self._sy + self._dy

    def _near(self, x: float, y: float) -> tuple[float, float]:
        """Where a point lies, not further off than what a painter can count with."""
        u, v = x * self._sx + self._dx, y * self._sy + self._dy
        if -self._reach < u < self._reach and -self._reach < v < self._reach:
            return u, v
        return min(max(u, -self._reach), self._reach), min(max(v, -self._reach), self._reach)

    def _ends(self, p: Line) -> Area:
        return (*self._near(p.x0, p.y0), *self._near(p.x1, p.y1))

    def _rectangles(self, boxes: Sequence[Rectangle]) -> None:
        """Boxes of one look."""
        first = boxes[0]
        thick = max(2.0, first.width * self._point)
        whole: list[Area] = []
        parts: list[Area] = []
        for p in boxes:
            self._layout.avoid(p)
            (x0, y0), (x1, y1) = self._near(p.x, p.y), self._near(p.x + p.w, p.y + p.h)
            if p.edge is Edge.DASHED:
                count = 2 * DASHES - 1
                across, down = (x1 - x0) / count, (y1 - y0) / count
                parts += [(x0 + i * across, y, x0 + (i + 1) * across, y) for i in range(0, count, 2) for y in (y0, y1)]
                parts += [(x, y0 + i * down, x, y0 + (i + 1) * down) for i in range(0, count, 2) for x in (x0, x1)]
                continue
            whole += [(x0, y0, x1, y0), (x1, y0, x1, y1), (x0, y1, x1, y1), (x0, y0, x0, y1)]
            a, b = CORNER * (x1 - x0), CORNER * (y1 - y0)
            parts += [(x, y, x + dx, y) for x, dx in ((x0, a), (x1, -a)) for y in (y0, y1)]
            parts += [(x, y, x, y + dy) for y, dy in ((y0, b), (y1, -b)) for x in (x0, x1)]
        if first.edge is Edge.WHOLE:
            self._bars(whole, thick, first.color)
            return
        if whole:
            self._bars(whole, max(1.0, thick / 3), first.color)
        self._bars(parts, thick, first.color)

    def _bars(self, bars: Sequence[Area], thick: float, color: Color, outline: bool = True) -> None:
        """Level and upright strokes (x0, y0, x1, y1) as filled rectangles: much cheaper than lines, and crisp."""
        half = thick / 2
        rects = [
            QtCore.QRect(
                round((x0 if x0 < x1 else x1) - half),
                round((y0 if y0 < y1 else y1) - half),
                round(abs(x1 - x0) + thick),
                round(abs(y1 - y0) + thick),
            )
            for x0, y0, x1, y1 in bars
        ]
        self._painter.setPen(QtCore.Qt.PenStyle.NoPen)
        self._painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing, False)
        if outline:
            self._painter.setBrush(brush(DARK))
            self._painter.drawRects([rect.adjusted(-1, -1, 1, 1) for rect in rects])
        self._painter.setBrush(brush(ink(color, self._night)))
        self._painter.drawRects(rects)
        self._painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing, True)

    def _lines(self, group: Sequence[Line]) -> None:
        """Slanting lines and arrows: all outlines, then the inks."""
        dark: dict[float, list[QtCore.QLineF]] = {}
        bright: dict[tuple[Color, float], list[QtCore.QLineF]] = {}
        for p in group:
            ends = self._ends(p)
            strokes = [QtCore.QLineF(*ends), *(_head(*ends, 9.0 * self._point) if p.arrow else ())]
            width = max(1.0, p.width * self._point)
            bright.setdefault((p.color, width), []).extend(strokes)
            if p.outline:
                dark.setdefault(width, []).extend(strokes)
        for width, strokes in dark.items():
            self._painter.setPen(pen(DARK, width + 2.0))
            self._painter.drawLines(strokes)
        for (color, width), strokes in bright.items():
            self._painter.setPen(pen(ink(color, self._night), width))
            self._painter.drawLines(strokes)

    def _dots(self, p: Dots) -> None:
        radius = p.radius_px(self._point, self._sx)
        width = 0.0 if p.filled else max(1.0, p.width * self._point)
        ratio = self._painter.device().devicePixelRatioF()
        dot = sprite(round(radius, 1), ink(p.color, self._night), round(width, 1), ratio)
        self._owner.draw_sprites(self._painter, dot, (p.points + 0.5) * self._scale + self._shift)

    def _text(self, placed: Placed) -> None:
        left, top, w, h = placed.plate
        self._painter.fillRect(QtCore.QRectF(left, top, w, h), plate())
        self._painter.setFont(font(placed.size))
        self._painter.setPen(pen(ink(placed.source.color, self._night), 1.0))
        self._painter.drawText(QtCore.QPointF(placed.x, placed.y), placed.text)

    def _inset(self, p: Inset) -> None:
        size, place = self._insets[id(p)]
        if place is None:
            return
        image = self._owner.inset_image(
            p, max(1, round(size * self._painter.device().devicePixelRatioF())), self._night
        )
        self._painter.setRenderHint(QtGui.QPainter.RenderHint.SmoothPixmapTransform)
        self._painter.drawImage(QtCore.QRectF(*place, size, size), image)


def _inset_rgb(inset: Inset, size: int, is_night: bool) -> np.ndarray:
    """The inset's picture, uint8 (H, W, 3): at night in red, and the word on it as bright as other words."""
    if not is_night:
        return inset.picture(size)
    if isinstance(inset.image, GeneratedImage):
        return generated_rgb(inset.image, size, True)
    return in_red(inset.picture(size))


def _kind(p: Primitive) -> tuple[Any, ...]:
    """What is painted in one go has the same."""
    if isinstance(p, Rectangle):
        return (Rectangle, p.color, p.width, p.edge)
    if isinstance(p, Line):
        if p.arrow or (p.x0 != p.x1 and p.y0 != p.y1):
            return (QtCore.QLineF,)
        return (Line, p.color, p.width, p.outline)
    return (type(p),)


def _head(x0: float, y0: float, x1: float, y1: float, largest: float) -> list[QtCore.QLineF]:
    """The two strokes of an arrow's head."""
    length = math.hypot(x1 - x0, y1 - y0)
    if length < 1.0:
        return []
    back = min(largest, 0.4 * length) / length
    bx, by = (x0 - x1) * back, (y0 - y1) * back
    return [
        QtCore.QLineF(x1, y1, x1 + bx * math.cos(t) - by * math.sin(t), y1 + bx * math.sin(t) + by * math.cos(t))
        for t in (0.45, -0.45)
    ]
