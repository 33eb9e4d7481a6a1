"""Where the look panel stands: beside the pictures, or over them where there is no room beside."""

from __future__ import annotations

from gui.look.dock_title import DockTitle
from gui.qt import QtCore, QtWidgets
from gui.words import tr


class LookDock(QtWidgets.QDockWidget):
    """The panel with a title of the window's own: Qt's has buttons that are bright in every theme."""

    def __init__(self, panel: QtWidgets.QWidget, window: QtWidgets.QWidget) -> None:
        super().__init__(tr("Look"), window)
        self.setObjectName("look")
        self._window = window
        scroll = QtWidgets.QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(panel)
        scroll.setMinimumWidth(panel.minimumSizeHint().width() + 24)
        scroll.setAccessibleName(tr("Look of a stream"))
        self.setWidget(scroll)
        self.setTitleBarWidget(DockTitle(self))
        if isinstance(window, QtWidgets.QMainWindow):
            window.addDockWidget(QtCore.Qt.DockWidgetArea.RightDockWidgetArea, self)
        self.hide()

    def open(self) -> None:
        """Show it; over the window's right edge where beside the pictures it would make the window wider."""
        wide = self.widget().minimumWidth()
        center = self._window.centralWidget() if isinstance(self._window, QtWidgets.QMainWindow) else None
        if center is not None and center.minimumSizeHint().width() + wide > self._window.width():
            self.setFloating(True)
            high = min(self.widget().widget().sizeHint().height() + 60, self._window.height() - 80)
            corner = self._window.mapToGlobal(QtCore.QPoint(self._window.width() - wide - 30, 60))
            self.setGeometry(QtCore.QRect(corner, QtCore.QSize(wide + 10, high)))
        self.show()
        self.raise_()
