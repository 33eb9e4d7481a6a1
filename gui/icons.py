"""The window's icons, painted here so that they are sharp on any screen and bright on a dark ground."""

from __future__ import annotations

import math
from collections.abc import Callable

from gui.qt import QtCore, QtGui

_BOX = 24.0  # every icon is drawn in a square of 24 units

_Draw = Callable[[QtGui.QPainter, QtGui.QColor], None]


def icon(name: str, color: str = "#f1f4f8", disabled: str = "#5c6673") -> QtGui.QIcon:
    """The icon of that name; KeyError when there is none."""
    draw = _ICONS[name]
    out = QtGui.QIcon()
    for mode, shade in ((QtGui.QIcon.Mode.Normal, color), (QtGui.QIcon.Mode.Disabled, disabled)):
        for size in (20, 24, 40, 48):
            pixmap = QtGui.QPixmap(size, size)
            pixmap.fill(QtCore.Qt.GlobalColor.transparent)
            painter = QtGui.QPainter(pixmap)
            painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
            painter.scale(size / _BOX, size / _BOX)
            ink = QtGui.QColor(shade)
            pen = QtGui.QPen(ink, 1.8)
            pen.setCapStyle(QtCore.Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(QtCore.Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            draw(painter, ink)
            painter.end()
            out.addPixmap(pixmap, mode)
    return out


def _shape(*points: tuple[float, float]) -> QtGui.QPolygonF:
    return QtGui.QPolygonF([QtCore.QPointF(x, y) for x, y in points])


def _line(p: QtGui.QPainter, *points: tuple[float, float]) -> None:
    p.drawPolyline(_shape(*points))


def _solid(p: QtGui.QPainter, ink: QtGui.QColor, *points: tuple[float, float]) -> None:
    p.setBrush(ink)
    p.drawPolygon(_shape(*points))
    p.setBrush(QtCore.Qt.BrushStyle.NoBrush)


def _dot(p: QtGui.QPainter, ink: QtGui.QColor, x: float, y: float, r: float) -> None:
    p.setBrush(ink)
    p.drawEllipse(QtCore.QPointF(x, y), r, r)
    p.setBrush(QtCore.Qt.BrushStyle.NoBrush)


def _play(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    _solid(p, ink, (7, 5), (19, 12), (7, 19))


def _pause(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    for x in (7.0, 14.0):
        _solid(p, ink, (x, 5), (x + 3, 5), (x + 3, 19), (x, 19))


def _forward(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    _solid(p, ink, (6, 6), (14, 12), (6, 18))
    _line(p, (18, 6), (18, 18))


def _back(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    _solid(p, ink, (18, 6), (10, 12), (18, 18))
    _line(p, (6, 6), (6, 18))


def _start(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    _line(p, (5, 6), (5, 18))
    _solid(p, ink, (13, 6), (7, 12), (13, 18))
    _solid(p, ink, (20, 6), (14, 12), (20, 18))


def _end(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    _line(p, (19, 6), (19, 18))
    _solid(p, ink, (11, 6), (17, 12), (11, 18))
    _solid(p, ink, (4, 6), (10, 12), (4, 18))


def _loop(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    p.drawArc(QtCore.QRectF(4.5, 5.5, 15, 13), 40 * 16, 280 * 16)
    _solid(p, ink, (15, 5), (20.5, 7.2), (16.2, 11))


def _box(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    for sx, sy in ((1, 1), (-1, 1), (1, -1), (-1, -1)):
        x, y = 12 - 7 * sx, 12 - 7 * sy
        _line(p, (x + 5 * sx, y), (x, y), (x, y + 5 * sy))


def _landmarks(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    for x, y in ((8, 9), (16, 9), (12, 13), (9, 17), (15, 17), (12, 18.2), (4.5, 10), (19.5, 10)):
        _dot(p, ink, x, y, 0.9)


def _axes(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    for x, y in ((12, 4), (19.5, 16), (4.5, 17.5)):
        _line(p, (11, 13), (x, y))
        _dot(p, ink, x, y, 0.8)


def _label(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    _line(p, (4, 6), (20, 6), (20, 16), (12, 16), (8, 20), (8, 16), (4, 16), (4, 6))
    _line(p, (8, 11), (16, 11))


def _eye(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    path = QtGui.QPainterPath(QtCore.QPointF(3, 12))
    path.quadTo(12, 3, 21, 12)
    path.quadTo(12, 21, 3, 12)
    p.drawPath(path)
    _dot(p, ink, 12, 12, 2.4)


def _reasons(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    _line(p, (12, 4), (21, 19.5), (3, 19.5), (12, 4))
    _line(p, (12, 10), (12, 14))
    _dot(p, ink, 12, 16.9, 0.5)


def _generated(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    p.drawRect(QtCore.QRectF(4, 4, 16, 16))
    star = []
    for k in range(8):
        r = 5.5 if k % 2 == 0 else 1.8
        star.append((12 + r * math.sin(k * math.pi / 4), 12 - r * math.cos(k * math.pi / 4)))
    _solid(p, ink, *star)


def _snapshot(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    _line(p, (3.5, 8), (8, 8), (9.5, 5.5), (14.5, 5.5), (16, 8), (20.5, 8), (20.5, 18.5), (3.5, 18.5), (3.5, 8))
    p.drawEllipse(QtCore.QPointF(12, 13), 3.4, 3.4)


def _help(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    p.drawArc(QtCore.QRectF(8, 4, 8, 8), -60 * 16, 240 * 16)
    _line(p, (13.9, 11.5), (12, 13.5), (12, 15))
    _dot(p, ink, 12, 18.8, 0.7)


def _full(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    for sx, sy in ((1, 1), (-1, 1), (1, -1), (-1, -1)):
        x, y = 12 - 8 * sx, 12 - 7 * sy
        _line(p, (x + 5 * sx, y), (x, y), (x, y + 4 * sy))
    p.drawRect(QtCore.QRectF(9, 9.5, 6, 5))


def _lock(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    p.drawRoundedRect(QtCore.QRectF(5.5, 11, 13, 8.5), 1.5, 1.5)
    p.drawArc(QtCore.QRectF(8, 4.5, 8, 10), 0, 180 * 16)
    _line(p, (8, 9.5), (8, 11))
    _line(p, (16, 9.5), (16, 11))


def _palette(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    for k, height in enumerate((5.0, 9.0, 12.0, 15.0)):
        x = 5 + 4 * k
        _solid(p, ink, (x, 19), (x, 19 - height), (x + 2, 19 - height), (x + 2, 19))


def _quit(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    _line(p, (6, 6), (18, 18))
    _line(p, (18, 6), (6, 18))


def _swap(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    p.drawRect(QtCore.QRectF(4, 5, 10, 14))
    p.drawRect(QtCore.QRectF(16, 5, 4.5, 6))
    p.drawRect(QtCore.QRectF(16, 13, 4.5, 6))


def _faster(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    _solid(p, ink, (4, 6), (11, 12), (4, 18))
    _solid(p, ink, (12, 6), (19, 12), (12, 18))


def _slower(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    _solid(p, ink, (20, 6), (13, 12), (20, 18))
    _solid(p, ink, (12, 6), (5, 12), (12, 18))


def _flag(p: QtGui.QPainter, ink: QtGui.QColor, x: float) -> None:
    _line(p, (x, 4.5), (x, 19.5))
    _solid(p, ink, (x, 5), (x + 7.5, 8), (x, 11))


def _mark(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    _flag(p, ink, 8)


def _events(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    for y in (6.0, 12.0, 18.0):
        _dot(p, ink, 5, y, 1.4)
        _line(p, (9.5, y), (20, y))


def _next_event(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    _flag(p, ink, 13)
    _line(p, (3.5, 15.5), (8.5, 15.5))
    _line(p, (6, 12.5), (9, 15.5), (6, 18.5))


def _previous_event(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    _flag(p, ink, 4)
    _line(p, (14.5, 15.5), (20, 15.5))
    _line(p, (17.5, 12.5), (14.5, 15.5), (17.5, 18.5))


def _part_begin(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    _line(p, (10, 5), (6, 5), (6, 19), (10, 19))
    _solid(p, ink, (12, 8), (18, 12), (12, 16))


def _part_end(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    _line(p, (14, 5), (18, 5), (18, 19), (14, 19))
    _solid(p, ink, (6, 8), (12, 12), (6, 16))


def _part_clear(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    _line(p, (7, 5), (4, 5), (4, 19), (7, 19))
    _line(p, (17, 5), (20, 5), (20, 19), (17, 19))
    _line(p, (9.5, 9.5), (14.5, 14.5))
    _line(p, (14.5, 9.5), (9.5, 14.5))


def _goto(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    _line(p, (3.5, 12), (14, 12))
    _line(p, (10.5, 8), (14.5, 12), (10.5, 16))
    _line(p, (19, 5), (19, 19))


def _engines(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    p.drawRoundedRect(QtCore.QRectF(6.5, 6.5, 11, 11), 1.5, 1.5)
    _solid(p, ink, (10.5, 10.5), (13.5, 10.5), (13.5, 13.5), (10.5, 13.5))
    for at in (9.0, 12.0, 15.0):
        for near, far in ((6.5, 3.5), (17.5, 20.5)):
            _line(p, (at, near), (at, far))
            _line(p, (near, at), (far, at))


_ICONS: dict[str, _Draw] = {
    "play": _play,
    "pause": _pause,
    "forward": _forward,
    "back": _back,
    "start": _start,
    "end": _end,
    "loop": _loop,
    "box": _box,
    "landmarks": _landmarks,
    "axes": _axes,
    "label": _label,
    "eye": _eye,
    "reasons": _reasons,
    "generated": _generated,
    "snapshot": _snapshot,
    "help": _help,
    "full": _full,
    "lock": _lock,
    "palette": _palette,
    "quit": _quit,
    "swap": _swap,
    "faster": _faster,
    "slower": _slower,
    "mark": _mark,
    "events": _events,
    "next_event": _next_event,
    "previous_event": _previous_event,
    "part_begin": _part_begin,
    "part_end": _part_end,
    "part_clear": _part_clear,
    "goto": _goto,
    "engines": _engines,
}
