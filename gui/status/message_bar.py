"""What went wrong, above the pictures, until it is read or over."""

from __future__ import annotations

from gui.look import theme
from gui.look.icons import icon
from gui.qt import QtCore, QtWidgets
from gui.words import tr


class MessageBar(QtWidgets.QFrame):
    """One message at a time. A message that was put away stays away until another comes."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("message")
        self._text = QtWidgets.QLabel()
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(QtCore.Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setAccessibleName(tr("Message"))
        close = QtWidgets.QToolButton()
        close.setIcon(icon("quit"))
        close.setToolTip(tr("Put the message away"))
        close.setAccessibleName(tr("Put the message away"))
        close.clicked.connect(self.hide)
        self._sign = QtWidgets.QLabel()
        self._follow_theme()
        theme.changes.changed.connect(self._follow_theme)
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        row.addWidget(self._sign)
        row.addWidget(self._text, 1)
        row.addWidget(close)
        self.hide()

    def _follow_theme(self) -> None:
        self._sign.setPixmap(icon("reasons", "warn").pixmap(22, 22))

    @property
    def text(self) -> str:
        return self._text.text()

    def show_message(self, text: str) -> None:
        """Show it, if it is another than the last; nothing hides the bar."""
        if text == self._text.text():
            return
        self._text.setText(text)
        self.setVisible(bool(text))
