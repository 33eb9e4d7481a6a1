"""A field over a colour bar in which one of its ends is typed."""

from __future__ import annotations

import math

from gui.qt import QtCore, QtGui, QtWidgets, Signal


class EndEdit(QtWidgets.QLineEdit):
    """Enter gives the number, Tab too and goes on to the other end; Esc and leaving it give up."""

    typed = Signal(float, bool)
    """A number, NaN where there is none; and whether the other end is to be typed next."""

    gone = Signal(bool)
    """It is over; whether by a key."""

    def __init__(self, parent: QtWidgets.QWidget, words: str, name: str) -> None:
        super().__init__(words, parent)
        self._is_over = False
        self.setAccessibleName(name)
        self.setToolTip(name)

    def begin(self) -> None:
        """Show it, ready to be typed over."""
        self.selectAll()
        self.show()
        self.setFocus(QtCore.Qt.FocusReason.OtherFocusReason)

    def refuse(self) -> None:
        """Show that this is no value for the end."""
        self.setProperty("wrong", "true")
        self.style().unpolish(self)
        self.style().polish(self)
        self.selectAll()

    def give_up(self, by_key: bool = True) -> None:
        """Go away."""
        if not self._is_over:
            self._is_over = True
            self.hide()
            self.gone.emit(by_key)
            self.deleteLater()

    def _give(self, go_on: bool) -> None:
        try:
            number = float(self.text().strip().replace(",", ".").split(" ")[0])
        except ValueError:
            number = math.nan
        self.typed.emit(number, go_on)

    def event(self, event: QtCore.QEvent) -> bool:
        if event.type() == QtCore.QEvent.Type.ShortcutOverride:
            event.accept()  # digits and points are typed here, and no shortcuts
            return True
        if event.type() == QtCore.QEvent.Type.KeyPress and event.key() == QtCore.Qt.Key.Key_Tab:
            self._give(True)
            return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:
        if event.key() == QtCore.Qt.Key.Key_Escape:
            self.give_up()
        elif event.key() in (QtCore.Qt.Key.Key_Return, QtCore.Qt.Key.Key_Enter):
            self._give(False)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QtGui.QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.give_up(by_key=False)
