"""What went wrong, above the pictures, until it is read or over."""

from __future__ import annotations

from gui.icons import icon
from gui.qt import QtCore, QtWidgets


class MessageBar(QtWidgets.QFrame):
    """One message at a time. A message that was put away stays away until another comes."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("message")
        self._text = QtWidgets.QLabel()
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(QtCore.Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setAccessibleName("Message")
        close = QtWidgets.QToolButton()
        close.setIcon(icon("quit"))
        close.setToolTip("Put the message away")
        close.setAccessibleName("Put the message away")
        close.clicked.connect(self.hide)
        sign = QtWidgets.QLabel()
        sign.setPixmap(icon("reasons", "#ffb000").pixmap(22, 22))
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        row.addWidget(sign)
        row.addWidget(self._text, 1)
        row.addWidget(close)
        self.hide()

    @property
    def text(self) -> str:
        return self._text.text()

    def show_message(self, text: str) -> None:
        """Show it, if it is another than the last; nothing hides the bar."""
        if text == self._text.text():
            return
        self._text.setText(text)
        self.setVisible(bool(text))
