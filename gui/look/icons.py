"""The window's icons, painted where they are shown: sharp on any screen, and in the colors of the theme that is chosen
at that moment."""

from __future__ import annotations

from gui.look import icons_of_pictures, icons_of_time, icons_of_work, theme
from gui.look.icon_pen import Draw
from gui.qt import QtCore, QtGui

_BOX = 24.0  # every icon is drawn in a square of 24 units

_Mode, _State = QtGui.QIcon.Mode, QtGui.QIcon.State

_ICONS: dict[str, Draw] = {**icons_of_time.SHAPES, **icons_of_pictures.SHAPES, **icons_of_work.SHAPES}


def icon(name: str, ink: str = "text", off: str = "off") -> QtGui.QIcon:
    """The icon of that name; it follows the theme.

    Args:
        ink: the color's name in the theme (``text``, ``warn`` ...), or ``#rrggbb``.
        off: that of an icon which cannot be used now. In the chosen row of a list it has the color of the words there.

    Raises:
        KeyError: there is no such icon.
    """
    return QtGui.QIcon(_Painted(_ICONS[name], ink, off))


def names() -> list[str]:
    """Of all icons."""
    return list(_ICONS)


class _Painted(QtGui.QIconEngine):
    def __init__(self, draw: Draw, ink: str, off: str) -> None:
        super().__init__()
        self._draw = draw
        self._inks = (ink, off)

    def clone(self) -> QtGui.QIconEngine:
        return _Painted(self._draw, *self._inks)

    def paint(self, painter: QtGui.QPainter, rect: QtCore.QRect, mode: _Mode, state: _State) -> None:
        wanted = "on_selected" if mode == _Mode.Selected else self._inks[mode == _Mode.Disabled]
        ink = QtGui.QColor(wanted if wanted.startswith("#") else getattr(theme.now(), wanted))
        side = min(rect.width(), rect.height())
        painter.save()
        painter.translate(rect.x() + (rect.width() - side) / 2, rect.y() + (rect.height() - side) / 2)
        painter.scale(side / _BOX, side / _BOX)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        pen = QtGui.QPen(ink, 1.8)
        pen.setCapStyle(QtCore.Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(QtCore.Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        self._draw(painter, ink)
        painter.restore()

    def pixmap(self, size: QtCore.QSize, mode: _Mode, state: _State) -> QtGui.QPixmap:
        out = QtGui.QPixmap(size)
        out.fill(QtCore.Qt.GlobalColor.transparent)
        painter = QtGui.QPainter(out)
        self.paint(painter, QtCore.QRect(QtCore.QPoint(0, 0), size), mode, state)
        painter.end()
        return out
