"""The symbol of each severity: another shape for each, so that no color is needed to tell them apart."""

from __future__ import annotations

import math

from gui.alarms.book import Severity
from gui.look import theme
from gui.qt import QtCore, QtGui


def grounds(severity: Severity | None) -> tuple[str, str]:
    """Ground and ink of a severity in the theme that is chosen now, as ``#rrggbb``."""
    now = theme.now()
    if severity is Severity.ALARM:
        return now.record, now.on_record
    if severity is Severity.WARNING:
        return now.warn, now.on_warn
    return (now.accent, now.on_accent) if severity is Severity.NOTICE else (now.raised, now.dim)


def paint_symbol(p: QtGui.QPainter, box: QtCore.QRectF, severity: Severity, ink: str, ground: str) -> None:
    """An octagon with two strokes, a triangle with one, or a disc with an i.

    Args:
        ink: the shape's color; ``ground``: that of the sign in it.
    """
    p.save()
    p.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
    p.setPen(QtCore.Qt.PenStyle.NoPen)
    p.setBrush(QtGui.QColor(ink))
    side = min(box.width(), box.height())
    x, y, r = box.center().x(), box.center().y(), side / 2
    if severity is Severity.ALARM:
        turn = [math.pi / 8 + k * math.pi / 4 for k in range(8)]
        p.drawPolygon(QtGui.QPolygonF([QtCore.QPointF(x + r * math.cos(a), y + r * math.sin(a)) for a in turn]))
    elif severity is Severity.WARNING:
        corners = ((0.0, -0.92), (1.0, 0.85), (-1.0, 0.85))
        p.drawPolygon(QtGui.QPolygonF([QtCore.QPointF(x + r * dx, y + r * dy) for dx, dy in corners]))
    else:
        p.drawEllipse(QtCore.QPointF(x, y), r, r)
    p.setBrush(QtGui.QColor(ground))
    stroke = 0.2 * r
    for dx in (-0.28, 0.28) if severity is Severity.ALARM else (0.0,):
        top, bottom, dot = (-0.5, 0.2, 0.46) if severity is not Severity.WARNING else (-0.35, 0.3, 0.54)
        if severity is Severity.NOTICE:
            top, bottom, dot = -0.08, 0.62, -0.42
        p.drawRoundedRect(
            QtCore.QRectF(x + dx * r - stroke / 2, y + top * r, stroke, (bottom - top) * r), stroke / 3, stroke / 3
        )
        p.drawEllipse(QtCore.QPointF(x + dx * r, y + dot * r), 0.62 * stroke, 0.62 * stroke)
    p.restore()


def symbol_icon(severity: Severity, side: int = 22) -> QtGui.QIcon:
    """The symbol for a list, in the colors of now; in the chosen row in those of its words."""
    icon, now, modes = QtGui.QIcon(), theme.now(), QtGui.QIcon.Mode
    inks = {modes.Normal: (grounds(severity)[0], now.panel), modes.Selected: (now.on_selected, now.selected)}
    for mode, (ink, ground) in inks.items():
        pixmap = QtGui.QPixmap(side, side)
        pixmap.fill(QtCore.Qt.GlobalColor.transparent)
        painter = QtGui.QPainter(pixmap)
        paint_symbol(painter, QtCore.QRectF(1, 1, side - 2, side - 2), severity, ink, ground)
        painter.end()
        icon.addPixmap(pixmap, mode)
    return icon
