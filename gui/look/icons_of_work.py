"""Icons of files, cameras, alarms, and of the window itself."""

from __future__ import annotations

from gui.look.icon_pen import Draw, dot, line, solid
from gui.qt import QtCore, QtGui


def _snapshot(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    line(p, (3.5, 8), (8, 8), (9.5, 5.5), (14.5, 5.5), (16, 8), (20.5, 8), (20.5, 18.5), (3.5, 18.5), (3.5, 8))
    p.drawEllipse(QtCore.QPointF(12, 13), 3.4, 3.4)


def _help(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    p.drawArc(QtCore.QRectF(8, 4, 8, 8), -60 * 16, 240 * 16)
    line(p, (13.9, 11.5), (12, 13.5), (12, 15))
    dot(p, ink, 12, 18.8, 0.7)


def _quit(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    line(p, (6, 6), (18, 18))
    line(p, (18, 6), (6, 18))


def _engines(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    p.drawRoundedRect(QtCore.QRectF(6.5, 6.5, 11, 11), 1.5, 1.5)
    solid(p, ink, (10.5, 10.5), (13.5, 10.5), (13.5, 13.5), (10.5, 13.5))
    for at in (9.0, 12.0, 15.0):
        for near, far in ((6.5, 3.5), (17.5, 20.5)):
            line(p, (at, near), (at, far))
            line(p, (near, at), (far, at))


def _search(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    p.drawEllipse(QtCore.QPointF(10.5, 10.5), 6, 6)
    line(p, (15, 15), (20, 20))


def _settings(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    for y, x in ((6.0, 15.0), (12.0, 8.0), (18.0, 13.0)):
        line(p, (4, y), (20, y))
        dot(p, ink, x, y, 2.0)


def _theme(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    p.drawEllipse(QtCore.QPointF(12, 12), 8, 8)
    p.setBrush(ink)
    p.drawChord(QtCore.QRectF(4, 4, 16, 16), 90 * 16, 180 * 16)
    p.setBrush(QtCore.Qt.BrushStyle.NoBrush)


def _letter(p: QtGui.QPainter, x: float, high: float) -> None:
    wide = 0.42 * high
    line(p, (x - wide, 19), (x, 19 - high), (x + wide, 19))
    line(p, (x - 0.55 * wide, 19 - 0.42 * high), (x + 0.55 * wide, 19 - 0.42 * high))


def _larger(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    _letter(p, 9, 14)
    line(p, (19, 4), (19, 10))
    line(p, (16, 7), (22, 7))


def _smaller(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    _letter(p, 9, 10)
    line(p, (16, 7), (22, 7))


def _usual_size(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    _letter(p, 12, 13)


def _keyboard(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    p.drawRoundedRect(QtCore.QRectF(2.5, 6, 19, 12), 2, 2)
    for y in (9.5, 12.5):
        for x in (6.5, 10.0, 13.5, 17.0):
            dot(p, ink, x, y, 0.5)
    line(p, (8, 15.5), (16, 15.5))


def _open(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    line(p, (3.5, 18.5), (3.5, 5.5), (9, 5.5), (11, 8), (18.5, 8), (18.5, 10.5))
    line(p, (3.5, 18.5), (6.5, 10.5), (21, 10.5), (18, 18.5), (3.5, 18.5))


def _camera(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    p.drawRoundedRect(QtCore.QRectF(2.8, 7, 12.2, 10), 1.8, 1.8)
    solid(p, ink, (17.2, 12), (21, 8.5), (21, 15.5))


def _export(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    line(p, (8, 10), (4.5, 10), (4.5, 20), (19.5, 20), (19.5, 10), (16, 10))
    line(p, (12, 15), (12, 4))
    line(p, (8.5, 7.3), (12, 3.8), (15.5, 7.3))


def _tasks(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    for y, far in ((6.0, 20.5), (12.0, 14.5), (18.0, 9.0)):
        p.drawRoundedRect(QtCore.QRectF(3.5, y - 1.8, 17, 3.6), 1.5, 1.5)
        solid(p, ink, (3.5, y - 1.2), (far, y - 1.2), (far, y + 1.2), (3.5, y + 1.2))


def _alarm(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    path = QtGui.QPainterPath(QtCore.QPointF(4, 17))
    path.cubicTo(8, 14, 5, 4.5, 12, 4.5)
    path.cubicTo(19, 4.5, 16, 14, 20, 17)
    path.closeSubpath()
    p.drawPath(path)
    p.drawArc(QtCore.QRectF(9.5, 15.8, 5, 5), 200 * 16, 140 * 16)
    line(p, (12, 3), (12, 4.5))


def _alarm_seen(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    path = QtGui.QPainterPath(QtCore.QPointF(3, 16))
    path.cubicTo(6.5, 13.5, 4, 5, 10, 5)
    path.cubicTo(13.5, 5, 14.5, 7.5, 14.6, 10)
    p.drawPath(path)
    line(p, (3, 16), (9.5, 16))
    line(p, (12, 16.5), (15, 19.8), (21, 12))


def _speaker(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    solid(p, ink, (3, 9.5), (6.5, 9.5), (11, 5.5), (11, 18.5), (6.5, 14.5), (3, 14.5))


def _sound(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    _speaker(p, ink)
    for reach in (3.5, 7.0):
        p.drawArc(QtCore.QRectF(13 - reach, 12 - reach, 2 * reach, 2 * reach), -50 * 16, 100 * 16)


def _mute(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    _speaker(p, ink)
    line(p, (14.5, 9), (20.5, 15))
    line(p, (20.5, 9), (14.5, 15))


def _verify(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    p.drawEllipse(QtCore.QPointF(12, 12), 8.5, 8.5)
    line(p, (7.8, 12.2), (10.8, 15.2), (16.4, 9))


def _recover(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    p.drawEllipse(QtCore.QPointF(12, 12), 8.3, 8.3)
    p.drawEllipse(QtCore.QPointF(12, 12), 3.3, 3.3)
    for sx, sy in ((1, 1), (-1, 1), (1, -1), (-1, -1)):
        line(p, (12 + 2.4 * sx, 12 + 2.4 * sy), (12 + 5.8 * sx, 12 + 5.8 * sy))


def _folder(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    line(p, (3.5, 19), (3.5, 5.5), (9.5, 5.5), (11.5, 8), (20.5, 8), (20.5, 19), (3.5, 19))


def _many(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    line(p, (8, 4), (20.5, 4), (20.5, 13.5))
    line(p, (5.8, 7), (17.7, 7), (17.7, 16.5))
    p.drawRect(QtCore.QRectF(3.5, 10, 11.4, 9.6))


SHAPES: dict[str, Draw] = {
    "snapshot": _snapshot,
    "help": _help,
    "quit": _quit,
    "engines": _engines,
    "search": _search,
    "settings": _settings,
    "theme": _theme,
    "larger": _larger,
    "smaller": _smaller,
    "usual_size": _usual_size,
    "keyboard": _keyboard,
    "open": _open,
    "camera": _camera,
    "export": _export,
    "tasks": _tasks,
    "alarm": _alarm,
    "alarm_seen": _alarm_seen,
    "sound": _sound,
    "mute": _mute,
    "verify": _verify,
    "recover": _recover,
    "folder": _folder,
    "many": _many,
}
