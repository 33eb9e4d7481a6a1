"""Icons of overlays, of what is measured, and of tiles."""

from __future__ import annotations

import math

from gui.look.icon_pen import Draw, dot, line, solid
from gui.qt import QtCore, QtGui


def _box(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    for sx, sy in ((1, 1), (-1, 1), (1, -1), (-1, -1)):
        x, y = 12 - 7 * sx, 12 - 7 * sy
        line(p, (x + 5 * sx, y), (x, y), (x, y + 5 * sy))


def _landmarks(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    for x, y in ((8, 9), (16, 9), (12, 13), (9, 17), (15, 17), (12, 18.2), (4.5, 10), (19.5, 10)):
        dot(p, ink, x, y, 0.9)


def _axes(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    for x, y in ((12, 4), (19.5, 16), (4.5, 17.5)):
        line(p, (11, 13), (x, y))
        dot(p, ink, x, y, 0.8)


def _label(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    line(p, (4, 6), (20, 6), (20, 16), (12, 16), (8, 20), (8, 16), (4, 16), (4, 6))
    line(p, (8, 11), (16, 11))


def _eye(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    path = QtGui.QPainterPath(QtCore.QPointF(3, 12))
    path.quadTo(12, 3, 21, 12)
    path.quadTo(12, 21, 3, 12)
    p.drawPath(path)
    dot(p, ink, 12, 12, 2.4)


def _reasons(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    line(p, (12, 4), (21, 19.5), (3, 19.5), (12, 4))
    line(p, (12, 10), (12, 14))
    dot(p, ink, 12, 16.9, 0.5)


def _generated(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    p.drawRect(QtCore.QRectF(4, 4, 16, 16))
    star = []
    for k in range(8):
        r = 5.5 if k % 2 == 0 else 1.8
        star.append((12 + r * math.sin(k * math.pi / 4), 12 - r * math.cos(k * math.pi / 4)))
    solid(p, ink, *star)


def _palette(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    for k, height in enumerate((5.0, 9.0, 12.0, 15.0)):
        x = 5 + 4 * k
        solid(p, ink, (x, 19), (x, 19 - height), (x + 2, 19 - height), (x + 2, 19))


def _lock(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    p.drawRoundedRect(QtCore.QRectF(5.5, 11, 13, 8.5), 1.5, 1.5)
    p.drawArc(QtCore.QRectF(8, 4.5, 8, 10), 0, 180 * 16)
    line(p, (8, 9.5), (8, 11))
    line(p, (16, 9.5), (16, 11))


def _distance(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    line(p, (3.5, 6), (3.5, 18))
    line(p, (20.5, 6), (20.5, 18))
    line(p, (6.5, 12), (17.5, 12))
    line(p, (9.5, 9), (6.5, 12), (9.5, 15))
    line(p, (14.5, 9), (17.5, 12), (14.5, 15))


def _confidence(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    p.drawArc(QtCore.QRectF(3.5, 6, 17, 17), 0, 180 * 16)
    line(p, (12, 14.5), (16.8, 9.2))
    dot(p, ink, 12, 14.5, 1.6)


def _temperature(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    path = QtGui.QPainterPath(QtCore.QPointF(9.3, 14))
    path.lineTo(9.3, 6)
    path.arcTo(QtCore.QRectF(9.3, 3.3, 5.4, 5.4), 180, -180)
    path.lineTo(14.7, 14)
    path.arcTo(QtCore.QRectF(7.7, 12.4, 8.6, 8.6), 50, -280)
    p.drawPath(path)
    dot(p, ink, 12, 16.7, 1.9)
    line(p, (12, 16.7), (12, 8.5))


def _signals(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    line(p, (2.5, 13), (7, 13), (9.5, 5), (13.5, 19), (16, 13), (21.5, 13))


def _overlays(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    solid(p, ink, (12, 3.8), (20.5, 8.5), (12, 13.2), (3.5, 8.5))
    line(p, (3.5, 12.3), (12, 17), (20.5, 12.3))
    line(p, (3.5, 15.9), (12, 20.6), (20.5, 15.9))


def _contrast(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    p.drawRect(QtCore.QRectF(4, 5, 16, 14))
    solid(p, ink, (4, 19), (20, 5), (20, 19))


def _spot(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        line(p, (12 + 3 * x, 12 + 3 * y), (12 + 9 * x, 12 + 9 * y))
    dot(p, ink, 12, 12, 0.8)


def _area(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    p.drawRect(QtCore.QRectF(4, 6, 16, 12))
    for x, y in ((4, 6), (20, 6), (4, 18), (20, 18)):
        dot(p, ink, x, y, 1.4)


def _full(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    for sx, sy in ((1, 1), (-1, 1), (1, -1), (-1, -1)):
        x, y = 12 - 8 * sx, 12 - 7 * sy
        line(p, (x + 5 * sx, y), (x, y), (x, y + 4 * sy))
    p.drawRect(QtCore.QRectF(9, 9.5, 6, 5))


def _swap(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    p.drawRect(QtCore.QRectF(4, 5, 10, 14))
    p.drawRect(QtCore.QRectF(16, 5, 4.5, 6))
    p.drawRect(QtCore.QRectF(16, 13, 4.5, 6))


def _squares(p: QtGui.QPainter, columns: int, rows: int) -> None:
    gap = 2.2
    wide, high = (17 - gap * (columns - 1)) / columns, (15 - gap * (rows - 1)) / rows
    for row in range(rows):
        for column in range(columns):
            p.drawRect(QtCore.QRectF(3.5 + column * (wide + gap), 4.5 + row * (high + gap), wide, high))


def _tiles(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    _squares(p, 2, 2)


def _tiles_1(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    _squares(p, 1, 1)


def _tiles_2(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    _squares(p, 2, 1)


def _tiles_6(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    _squares(p, 3, 2)


def _tiles_9(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    _squares(p, 3, 3)


def _layouts(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    line(p, (7, 4), (20.5, 4), (20.5, 15.5))
    p.drawRect(QtCore.QRectF(3.5, 7.5, 13.5, 12))
    line(p, (10.2, 7.5), (10.2, 19.5))
    line(p, (10.2, 13.5), (17, 13.5))


def _detach(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    line(p, (11, 5), (4, 5), (4, 20), (19, 20), (19, 13))
    line(p, (11, 13), (20, 4))
    line(p, (14.5, 4), (20, 4), (20, 9.5))


SHAPES: dict[str, Draw] = {
    "box": _box,
    "landmarks": _landmarks,
    "axes": _axes,
    "label": _label,
    "eye": _eye,
    "reasons": _reasons,
    "generated": _generated,
    "palette": _palette,
    "lock": _lock,
    "distance": _distance,
    "confidence": _confidence,
    "temperature": _temperature,
    "signals": _signals,
    "overlays": _overlays,
    "contrast": _contrast,
    "spot": _spot,
    "area": _area,
    "full": _full,
    "swap": _swap,
    "tiles": _tiles,
    "tiles_1": _tiles_1,
    "tiles_2": _tiles_2,
    "tiles_6": _tiles_6,
    "tiles_9": _tiles_9,
    "layouts": _layouts,
    "detach": _detach,
}
