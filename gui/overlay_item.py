"""The overlay of a tile: the primitives of pipeline/overlay.py, painted by Qt at the screen's own resolution."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from gui.qt import QtCore, QtGui, QtWidgets, pg
from pipeline.labels import DARK, Color
from pipeline.primitives import (
    Area,
    Circle,
    Inset,
    Line,
    Primitive,
    Rectangle,
    Text,
    free_place,
    place_text,
    rectangle_lines,
)

_NO_BRUSH = QtGui.QBrush(QtCore.Qt.BrushStyle.NoBrush)


def point_size(viewport_height: float) -> float:
    """Screen pixels a point for a tile of this height: text stays readable in a small tile."""
    return min(max(viewport_height / 640.0, 0.68), 2.2)


class OverlayItem(pg.GraphicsObject):
    """Paints primitives whose positions are in pixels of the picture under it (pixel centers at integers)."""

    def __init__(self) -> None:
        super().__init__()
        self._primitives: Sequence[Primitive] = ()
        self._rect = QtCore.QRectF(0, 0, 1, 1)
        self._insets: dict[int, tuple[object, int, QtGui.QImage]] = {}

    def set_size(self, width: int, height: int) -> None:
        """Of the picture, in px."""
        if (self._rect.width(), self._rect.height()) != (width, height):
            self.prepareGeometryChange()
            self._rect = QtCore.QRectF(0, 0, width, height)

    def show_primitives(self, primitives: Sequence[Primitive]) -> None:
        self._primitives = primitives
        self.update()

    def boundingRect(self) -> QtCore.QRectF:
        """The picture, and round it what labels at its edge may need."""
        return self._rect.adjusted(-2, -2, 2, 2)

    def paint(
        self,
        painter: QtGui.QPainter,
        option: QtWidgets.QStyleOptionGraphicsItem,
        widget: QtWidgets.QWidget | None = None,
    ) -> None:
        to_screen = painter.worldTransform()
        area = to_screen.mapRect(self._rect)
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        height = float(widget.height()) if widget is not None else area.height()
        brush = _Brush(painter, to_screen, area, point_size(height), self)
        for primitive in self._primitives:
            brush.paint(primitive)
        painter.restore()

    def inset_image(self, inset: Inset, size: int) -> QtGui.QImage:
        """The inset's picture (with its mark) at a size, kept while the same image is shown."""
        key = id(inset.image)
        kept = self._insets.get(key)
        if kept is not None and kept[0] is inset.image and kept[1] == size:
            return kept[2]
        if len(self._insets) > 32:
            self._insets.clear()
        image = to_qimage(inset.picture(size))
        self._insets[key] = (inset.image, size, image)
        return image


class _Brush:
    """Paints single primitives in screen pixels."""

    def __init__(
        self,
        painter: QtGui.QPainter,
        to_screen: QtGui.QTransform,
        area: QtCore.QRectF,
        point: float,
        owner: OverlayItem,
    ) -> None:
        self._painter = painter
        self._to_screen = to_screen
        self._area = area
        self._point = point
        self._owner = owner
        self._insets: list[Area] = []
        self._texts: list[Area] = []
        self._in_use: tuple[Color, float, Color | None, float] | None = None

    def paint(self, p: Primitive) -> None:
        match p:
            case Line():
                self._line(p)
            case Circle():
                self._circle(p)
            case Rectangle():
                for line in rectangle_lines(p):
                    self._line(line)
            case Text():
                self._text(p)
            case Inset():
                self._inset(p)

    def _at(self, x: float, y: float) -> QtCore.QPointF:
        # A pixel's center is at an integer for us and at a half for the picture item.
        return self._to_screen.map(QtCore.QPointF(x + 0.5, y + 0.5))

    def _use(self, ink: Color, width: float, fill: Color | None = None, alpha: float = 1.0) -> None:
        """Set pen and brush, unless they are set already: making them costs more than drawing a landmark."""
        key = (ink, width, fill, alpha)
        if key == self._in_use:
            return
        self._in_use = key
        self._painter.setPen(_pen(ink, width, 1.0 if fill is not None else alpha))
        self._painter.setBrush(_NO_BRUSH if fill is None else QtGui.QBrush(_qcolor(fill, alpha)))

    def _line(self, p: Line) -> None:
        a, b = self._at(p.x0, p.y0), self._at(p.x1, p.y1)
        width = max(1.0, p.width * self._point)
        path = QtGui.QPainterPath(a)
        path.lineTo(b)
        if p.arrow:
            self._add_head(path, a, b)
        if p.outline:
            self._use(DARK, width + 2.0)
            self._painter.drawPath(path)
        self._use(p.color, width)
        self._painter.drawPath(path)

    def _add_head(self, path: QtGui.QPainterPath, a: QtCore.QPointF, b: QtCore.QPointF) -> None:
        d = np.array([b.x() - a.x(), b.y() - a.y()])
        length = float(np.hypot(*d))
        if length < 1.0:
            return
        back = -d / length * min(9.0 * self._point, 0.4 * length)
        for turn in (0.45, -0.45):
            c, s = np.cos(turn), np.sin(turn)
            path.moveTo(b)
            path.lineTo(b.x() + back[0] * c - back[1] * s, b.y() + back[0] * s + back[1] * c)

    def _circle(self, p: Circle) -> None:
        center = self._at(p.x, p.y)
        radius = max(1.2, p.radius * self._point)
        # Alpha in tenths: as fine as the eye sees on a dot, and few enough brushes.
        alpha = round(min(max(p.alpha, 0.0), 1.0), 1)
        if p.filled:
            self._use(DARK, 1.0, p.color, alpha)
        else:
            self._use(p.color, max(1.2, p.width * self._point), None, alpha)
        self._painter.drawEllipse(center, radius, radius)

    def _text(self, p: Text) -> None:
        size = p.size * self._point
        font = QtGui.QFont(self._painter.font())
        font.setPixelSize(max(11, round(size)))
        font.setWeight(QtGui.QFont.Weight.DemiBold)
        self._painter.setFont(font)
        metrics = QtGui.QFontMetricsF(font)
        width, height = metrics.horizontalAdvance(p.text), metrics.height()
        pad = 0.25 * size
        at = self._at(p.x - 0.5, p.y - 0.5)
        x = at.x() - {"left": 0.0, "center": width / 2, "right": width}[p.align]
        y = at.y() + p.lines * size * 1.28
        room = (self._area.left(), self._area.top(), self._area.width(), self._area.height())
        place = place_text(x - pad, y - metrics.ascent(), width + 2 * pad, height, room, self._texts, p.lines < 0)
        self._texts.append(place)
        plate = QtCore.QRectF(*place)
        self._in_use = None
        self._painter.setPen(QtCore.Qt.PenStyle.NoPen)
        self._painter.setBrush(QtGui.QColor(*DARK, 190))
        self._painter.drawRoundedRect(plate, 3, 3)
        self._painter.setPen(_qcolor(p.color))
        self._painter.drawText(QtCore.QPointF(plate.left() + pad, plate.top() + metrics.ascent()), p.text)

    def _inset(self, p: Inset) -> None:
        a, b = self._at(p.x - 0.5, p.y - 0.5), self._at(p.x + p.size - 0.5, p.y - 0.5)
        ratio = self._painter.device().devicePixelRatioF()
        size = max(84, round(b.x() - a.x()))
        image = self._owner.inset_image(p, max(1, round(size * ratio)))
        room = (self._area.left(), self._area.top(), self._area.width(), self._area.height())
        place = free_place(a.x(), a.y() + p.slot * size * 1.05, size, size, room, self._insets)
        if place is None:
            return
        x, y = place
        self._insets.append((x, y, size, size))
        self._painter.setRenderHint(QtGui.QPainter.RenderHint.SmoothPixmapTransform)
        self._painter.drawImage(QtCore.QRectF(x, y, size, size), image)


@lru_cache(maxsize=64)
def _pen(color: Color, width: float, alpha: float) -> QtGui.QPen:
    pen = QtGui.QPen(_qcolor(color, alpha), width)
    pen.setCapStyle(QtCore.Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(QtCore.Qt.PenJoinStyle.RoundJoin)
    return pen


def _qcolor(color: Color, alpha: float = 1.0) -> QtGui.QColor:
    return QtGui.QColor(*color, round(255 * alpha))


def to_qimage(rgb: np.ndarray) -> QtGui.QImage:
    """uint8 (H, W, 3) RGB to a QImage that owns its pixels."""
    h, w = rgb.shape[:2]
    data = np.ascontiguousarray(rgb)
    return QtGui.QImage(data.data, w, h, 3 * w, QtGui.QImage.Format.Format_RGB888).copy()
