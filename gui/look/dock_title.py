"""The title of a dock in the window's own colors: Qt's has buttons that are bright in every theme."""

from __future__ import annotations

from gui.look import theme
from gui.qt import QtWidgets
from gui.words import tr


class DockTitle(QtWidgets.QWidget):
    """Its words, and a button that puts the dock away.

    Args:
        dock: whose title this is.
    """

    def __init__(self, dock: QtWidgets.QDockWidget) -> None:
        super().__init__()
        words = QtWidgets.QLabel(dock.windowTitle())
        theme.set_tone(words, "heading")
        self.close_button = QtWidgets.QToolButton()
        self.close_button.setText("✕")
        self.close_button.setAccessibleName(tr("Close the panel"))
        self.close_button.setToolTip(tr("Close the panel"))
        self.close_button.clicked.connect(dock.close)
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(10, 2, 4, 2)
        row.addWidget(words)
        row.addStretch(1)
        row.addWidget(self.close_button)
