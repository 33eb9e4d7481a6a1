"""A label of one line whose words change a few times a second: only itself is painted anew, no layout is made anew."""

from __future__ import annotations

from typing import Final

from gui.qt import QtCore, QtGui, QtWidgets

_STEP: Final = 24
"""px: words that grow by less leave the layout as it is."""


class QuietLabel(QtWidgets.QLabel):
    """Plain text. A layout is told only when its width comes to another step.

    Args:
        side: where the words stand, of what room there is.
        step: px of one step of its width.
    """

    def __init__(
        self,
        words: str = "",
        side: QtCore.Qt.AlignmentFlag = QtCore.Qt.AlignmentFlag.AlignLeft,
        step: int = _STEP,
    ) -> None:
        super().__init__()
        self._words = ""
        self._step = step
        self._hint = QtCore.QSize()
        self.setAlignment(side | QtCore.Qt.AlignmentFlag.AlignVCenter)
        self.setText(words)

    def text(self) -> str:
        return self._words

    def setText(self, words: str) -> None:
        if words == self._words:
            return
        self._words = words
        self.setAccessibleName(words)
        hint = self._measured()
        if hint != self._hint:
            self._hint = hint
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QtCore.QSize:
        if not self._hint.isValid():
            self._hint = self._measured()
        return self._hint

    def minimumSizeHint(self) -> QtCore.QSize:
        return self.sizeHint()

    def changeEvent(self, event: QtCore.QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QtCore.QEvent.Type.FontChange, QtCore.QEvent.Type.StyleChange):
            self._hint = QtCore.QSize()
            self.updateGeometry()

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        painter = QtGui.QPainter(self)
        room = self.contentsRect()
        words = self._words
        if self.fontMetrics().horizontalAdvance(words) > room.width():
            words = self.fontMetrics().elidedText(words, QtCore.Qt.TextElideMode.ElideRight, room.width())
        flags = QtWidgets.QStyle.visualAlignment(self.layoutDirection(), self.alignment())
        self.style().drawItemText(painter, room, int(flags), self.palette(), True, words, self.foregroundRole())
        painter.end()

    def _measured(self) -> QtCore.QSize:
        self.ensurePolished()
        metrics, margins = self.fontMetrics(), self.contentsMargins()
        width = metrics.horizontalAdvance(self._words) + 1 if self._words else 0
        steps = -(-width // self._step)
        return QtCore.QSize(
            steps * self._step + margins.left() + margins.right(), metrics.height() + margins.top() + margins.bottom()
        )
