"""A short text that changes with every frame: painted, and never a reason to lay the window out anew."""

from __future__ import annotations

from gui.look import theme
from gui.qt import QtCore, QtGui, QtWidgets


class Reading(QtWidgets.QWidget):
    """One line of words whose place does not depend on them. A label would ask for a new layout at every change.

    Args:
        sample: the longest words that are expected; longer ones are cut.
        larger: points beyond the usual size.
        bold: in bold.
        align: ``left`` or ``right``.
        name: for those who do not see it.
    """

    def __init__(
        self, sample: str, larger: float = 0.0, bold: bool = False, align: str = "left", name: str = ""
    ) -> None:
        super().__init__()
        self._sample = sample
        self.words = ""
        """What stands there."""
        self.tone = ""
        """``dim`` or ``warn``, or nothing."""
        flag = QtCore.Qt.AlignmentFlag
        self._align = int((flag.AlignRight if align == "right" else flag.AlignLeft) | flag.AlignVCenter)
        policy = QtWidgets.QSizePolicy.Policy
        self.setSizePolicy(policy.Expanding if not larger else policy.Preferred, policy.Fixed)
        theme.sized(self, theme.BASE_PT + larger, bold)
        # It paints its own ground: otherwise every change paints the card under it anew, style sheet and all.
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_OpaquePaintEvent)
        if name:
            self.setAccessibleName(name)

    def sizeHint(self) -> QtCore.QSize:
        metrics = QtGui.QFontMetricsF(self.font())
        return QtCore.QSize(round(metrics.horizontalAdvance(self._sample)) + 2, round(metrics.height()) + 1)

    def minimumSizeHint(self) -> QtCore.QSize:
        return QtCore.QSize(20, self.sizeHint().height())

    def show_words(self, words: str, tone: str = "") -> None:
        """Change what stands there."""
        if words == self.words and tone == self.tone:
            return
        self.words, self.tone = words, tone
        self.setAccessibleDescription(words)
        self.update()

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        colors = theme.now()
        painter = QtGui.QPainter(self)
        painter.fillRect(self.rect(), QtGui.QColor(colors.panel))
        painter.setPen(QtGui.QColor({"dim": colors.dim, "warn": colors.warn}.get(self.tone, colors.text)))
        words = self.words
        metrics = self.fontMetrics()
        if metrics.horizontalAdvance(words) > self.width():
            words = metrics.elidedText(words, QtCore.Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), self._align, words)
        painter.end()
