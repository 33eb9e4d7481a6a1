"""Icons of replaying, recording and moments."""

from __future__ import annotations

from gui.look.icon_pen import Draw, dot, line, solid
from gui.qt import QtCore, QtGui


def _play(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    solid(p, ink, (7, 5), (19, 12), (7, 19))


def _pause(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    for x in (7.0, 14.0):
        solid(p, ink, (x, 5), (x + 3, 5), (x + 3, 19), (x, 19))


def _forward(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    solid(p, ink, (6, 6), (14, 12), (6, 18))
    line(p, (18, 6), (18, 18))


def _back(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    solid(p, ink, (18, 6), (10, 12), (18, 18))
    line(p, (6, 6), (6, 18))


def _start(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    line(p, (5, 6), (5, 18))
    solid(p, ink, (13, 6), (7, 12), (13, 18))
    solid(p, ink, (20, 6), (14, 12), (20, 18))


def _end(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    line(p, (19, 6), (19, 18))
    solid(p, ink, (11, 6), (17, 12), (11, 18))
    solid(p, ink, (4, 6), (10, 12), (4, 18))


def _loop(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    p.drawArc(QtCore.QRectF(4.5, 5.5, 15, 13), 40 * 16, 280 * 16)
    solid(p, ink, (15, 5), (20.5, 7.2), (16.2, 11))


def _faster(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    solid(p, ink, (4, 6), (11, 12), (4, 18))
    solid(p, ink, (12, 6), (19, 12), (12, 18))


def _slower(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    solid(p, ink, (20, 6), (13, 12), (20, 18))
    solid(p, ink, (12, 6), (5, 12), (12, 18))


def _flag(p: QtGui.QPainter, ink: QtGui.QColor, x: float) -> None:
    line(p, (x, 4.5), (x, 19.5))
    solid(p, ink, (x, 5), (x + 7.5, 8), (x, 11))


def _mark(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    _flag(p, ink, 8)


def _events(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    for y in (6.0, 12.0, 18.0):
        dot(p, ink, 5, y, 1.4)
        line(p, (9.5, y), (20, y))


def _next_event(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    _flag(p, ink, 13)
    line(p, (3.5, 15.5), (8.5, 15.5))
    line(p, (6, 12.5), (9, 15.5), (6, 18.5))


def _previous_event(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    _flag(p, ink, 4)
    line(p, (14.5, 15.5), (20, 15.5))
    line(p, (17.5, 12.5), (14.5, 15.5), (17.5, 18.5))


def _part_begin(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    line(p, (10, 5), (6, 5), (6, 19), (10, 19))
    solid(p, ink, (12, 8), (18, 12), (12, 16))


def _part_end(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    line(p, (14, 5), (18, 5), (18, 19), (14, 19))
    solid(p, ink, (6, 8), (12, 12), (6, 16))


def _part_clear(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    line(p, (7, 5), (4, 5), (4, 19), (7, 19))
    line(p, (17, 5), (20, 5), (20, 19), (17, 19))
    line(p, (9.5, 9.5), (14.5, 14.5))
    line(p, (14.5, 9.5), (9.5, 14.5))


def _goto(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    line(p, (3.5, 12), (14, 12))
    line(p, (10.5, 8), (14.5, 12), (10.5, 16))
    line(p, (19, 5), (19, 19))


def _record(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    p.drawEllipse(QtCore.QPointF(12, 12), 8.5, 8.5)
    dot(p, ink, 12, 12, 4.6)


def _stop(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    p.setPen(QtCore.Qt.PenStyle.NoPen)
    p.setBrush(ink)
    p.drawRoundedRect(QtCore.QRectF(6, 6, 12, 12), 1.5, 1.5)


def _timeline_signals(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    line(p, (3, 16), (7, 9), (11, 14), (15, 5), (21, 12))
    line(p, (3, 20), (21, 20))


def _compare(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    """Two lines over time, the second one dashed."""
    line(p, (3, 15), (8, 8), (13, 13), (21, 5))
    pen = QtGui.QPen(ink, 1.8)
    pen.setDashPattern([2.0, 1.4])
    p.setPen(pen)
    line(p, (3, 20), (8, 13), (13, 18), (21, 10))


def _record_as(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    p.drawEllipse(QtCore.QPointF(9.5, 10), 6.5, 6.5)
    dot(p, ink, 9.5, 10, 3.2)
    for x in (13.0, 16.8, 20.6):
        dot(p, ink, x, 19.3, 0.8)


def _save_last(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    p.drawArc(QtCore.QRectF(4.5, 4.5, 15, 15), -130 * 16, 270 * 16)
    solid(p, ink, (3.6, 10.5), (9.2, 9.6), (4.4, 4.8))
    dot(p, ink, 12, 12, 2.8)


def _recent(p: QtGui.QPainter, ink: QtGui.QColor) -> None:
    p.drawEllipse(QtCore.QPointF(12, 12), 8.3, 8.3)
    line(p, (12, 7), (12, 12), (15.8, 14))


SHAPES: dict[str, Draw] = {
    "play": _play,
    "pause": _pause,
    "forward": _forward,
    "back": _back,
    "start": _start,
    "end": _end,
    "loop": _loop,
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
    "record": _record,
    "stop": _stop,
    "timeline_signals": _timeline_signals,
    "compare": _compare,
    "record_as": _record_as,
    "save_last": _save_last,
    "recent": _recent,
}
