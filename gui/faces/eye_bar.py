"""How far an eye is open, as a bar with a word."""

from __future__ import annotations

from gui.look import theme
from gui.qt import QtCore, QtGui, QtWidgets
from gui.words import tr
from pipeline.overlay_words import eye_state, whole_percent


class EyeBar(QtWidgets.QWidget):
    """``right open 92 %``, filled as far as the eye is open; one that is closed is orange, an unknown one empty.

    Args:
        side: ``right`` or ``left``, the person's own.
    """

    def __init__(self, side: str) -> None:
        super().__init__()
        self._side = side
        self._shown: tuple[str, str] = ("", "")  # state, percent
        self.words = ""
        """What stands in it."""
        self.setMinimumWidth(110)
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_OpaquePaintEvent)
        names = {"right": tr("right eye"), "left": tr("left eye")}
        self.setAccessibleName(names[side])
        self.show_value(None)

    def sizeHint(self) -> QtCore.QSize:
        return QtCore.QSize(120, round(1.5 * QtGui.QFontMetricsF(self.font()).height()))

    def minimumSizeHint(self) -> QtCore.QSize:
        return self.sizeHint()

    def show_value(self, value: float | None) -> None:
        """0 closed, 1 fully open; None or a number that is none is not known."""
        state = eye_state(value)
        shown = (state, "" if value is None or state == "unknown" else whole_percent(value))
        if shown == self._shown:
            return
        self._shown = shown
        side = tr("right") if self._side == "right" else tr("left")
        if state == "unknown":
            self.words = tr("{side} eye unknown", side=side)
        elif state == "closed":
            self.words = tr("{side} CLOSED {percent} %", side=side, percent=shown[1])
        else:
            self.words = tr("{side} open {percent} %", side=side, percent=shown[1])
        self.setAccessibleDescription(self.words)
        self.update()

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        colors = theme.now()
        state, percent = self._shown
        painter = QtGui.QPainter(self)
        painter.fillRect(self.rect(), QtGui.QColor(colors.panel))
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        rect = QtCore.QRectF(self.rect()).adjusted(1.0, 1.5, -1.0, -1.5)
        painter.setPen(QtCore.Qt.PenStyle.NoPen)
        painter.setBrush(QtGui.QColor(colors.raised))
        painter.drawRoundedRect(rect, 4, 4)
        ink = colors.warn if state == "closed" else colors.dim if state == "unknown" else colors.text
        if percent:
            # A level under the words, and not a ground of full colour: the words stay readable in every theme.
            level = QtCore.QRectF(rect.left(), rect.bottom() - 4, rect.width() * float(percent) / 100.0, 4)
            painter.setBrush(QtGui.QColor(colors.warn if state == "closed" else colors.accent))
            painter.drawRect(level)
        if state == "closed":
            painter.setBrush(QtCore.Qt.BrushStyle.NoBrush)
            painter.setPen(QtGui.QPen(QtGui.QColor(colors.warn), 1.5))
            painter.drawRoundedRect(rect, 4, 4)
        painter.setPen(QtGui.QColor(ink))
        font = self.font()
        font.setBold(state == "closed")
        painter.setFont(_fitting(font, self.words, rect.width() - 12))
        painter.drawText(rect, int(QtCore.Qt.AlignmentFlag.AlignCenter), self.words)
        painter.end()


def _fitting(font: QtGui.QFont, words: str, width: float) -> QtGui.QFont:
    """The font, smaller where the words would be cut."""
    needed = QtGui.QFontMetricsF(font).horizontalAdvance(words)
    if needed > width > 0 and font.pointSizeF() > 0:
        font.setPointSizeF(max(font.pointSizeF() * width / needed, 6.0))
    return font
