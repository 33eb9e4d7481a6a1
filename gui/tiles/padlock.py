"""A padlock, closed or open, in a colour of the theme."""

from __future__ import annotations

from gui.qt import QtCore, QtGui


def paint_padlock(painter: QtGui.QPainter, rect: QtCore.QRectF, color: QtGui.QColor, is_locked: bool) -> None:
    """Paint it into the middle of ``rect``, 13 x 15 px."""
    pen = QtGui.QPen(color, 2)
    pen.setCapStyle(QtCore.Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.setBrush(QtCore.Qt.BrushStyle.NoBrush)
    x, y = rect.center().x(), rect.top() + 4
    if is_locked:
        path = QtGui.QPainterPath(QtCore.QPointF(x - 4, y + 6))
        path.arcTo(QtCore.QRectF(x - 4, y, 8, 8), 180, -180)
        path.lineTo(x + 4, y + 6)
    else:
        path = QtGui.QPainterPath(QtCore.QPointF(x + 4, y + 6))
        path.arcTo(QtCore.QRectF(x + 4, y - 1, 8, 8), 180, -180)
    painter.drawPath(path)
    painter.setBrush(color)
    painter.setPen(QtCore.Qt.PenStyle.NoPen)
    painter.drawRoundedRect(QtCore.QRectF(x - 6.5, y + 6, 13, 9), 2, 2)
