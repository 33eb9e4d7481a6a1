"""A list whose rows can be opened and closed, with a sign for it that is seen on every ground."""

from __future__ import annotations

from typing import Final

from gui.look import theme
from gui.qt import QtCore, QtGui, QtWidgets

_SIDE: Final = 9.0
"""Of the sign, px at the usual size of words."""


class FoldTree(QtWidgets.QTreeWidget):
    """Qt's own sign has the color of the words of other rows, which cannot be seen in the chosen one."""

    def drawBranches(self, painter: QtGui.QPainter, rect: QtCore.QRect, index: QtCore.QModelIndex) -> None:
        t, is_chosen = theme.now(), self.selectionModel().isSelected(index)
        if is_chosen:
            painter.fillRect(rect, QtGui.QColor(t.selected))
        if not self.model().hasChildren(index):
            return
        side = theme.points(_SIDE)
        middle = QtCore.QPointF(rect.right() - self.indentation() / 2, rect.center().y() + 0.5)
        down = ((-0.5, -0.3), (0.5, -0.3), (0.0, 0.4))
        shape = down if self.isExpanded(index) else tuple((y, x) for x, y in down)
        painter.save()
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        painter.setPen(QtCore.Qt.PenStyle.NoPen)
        painter.setBrush(QtGui.QColor(t.on_selected if is_chosen else t.text))
        painter.drawPolygon(QtGui.QPolygonF([middle + QtCore.QPointF(x * side, y * side) for x, y in shape]))
        painter.restore()
