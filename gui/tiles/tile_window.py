"""A tile in a window of its own, for a second screen."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable

from gui.look import theme
from gui.qt import QtCore, QtGui, QtWidgets, Signal
from gui.tiles.board_tile import Tile
from gui.tiles.layout import Place
from gui.tiles.screens import Where, WindowPlaces, within
from gui.tiles.titles import title_of
from gui.words import tr

_NOT_HERE = frozenset({"full", "maximise", "detach"})
"""Actions whose keys mean this window here."""


class TileWindow(QtWidgets.QWidget):
    """Closing it brings the tile back. ``F11`` and a double click fill the screen, ``Esc`` goes back to a window."""

    closed = Signal()

    def __init__(self, place: Place, number: int, places: WindowPlaces) -> None:
        super().__init__(None, QtCore.Qt.WindowType.Window)
        self._places = places
        self._wanted = Where("", (-1, -1, 960, 640))
        self._quiet = False
        self.tile = Tile(self)
        self.tile.number = number
        self.tile.head.draggable = False
        self.tile.set_place(place)
        self.tile.maximise_asked.connect(self.toggle_full)
        self.tile.restore_asked.connect(self.leave_full)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.tile)
        self.setMinimumSize(240, 180)
        self._title()
        for words, keys, call in (
            (tr("Full screen"), "F11", self.toggle_full),
            (tr("Back into the large window"), "Ctrl+D", self.close),
        ):
            action = QtGui.QAction(words, self)
            action.setShortcut(QtGui.QKeySequence(keys))
            action.triggered.connect(lambda _checked=False, c=call: c())
            self.addAction(action)
        app = QtGui.QGuiApplication.instance()
        app.screenRemoved.connect(self._screen_went)
        app.screenAdded.connect(self._screen_came)

    def set_place(self, place: Place) -> None:
        """Show something else in it."""
        self.tile.set_place(place)
        self._title()

    def _title(self) -> None:
        words = title_of(self.tile.source)
        self.setWindowTitle(f"{words} – Tapetum")
        self.setAccessibleName(tr("Window of {what}", what=words))

    def take_keys(self, actions: Iterable[QtGui.QAction]) -> None:
        """The keys of the large window do the same here, but for those that mean a window."""
        for action in actions:
            if action.objectName() not in _NOT_HERE:
                self.addAction(action)

    def open(self, home: QtGui.QScreen | None) -> None:
        """Show it where it stood last, or on another screen than ``home``."""
        screens = {screen.name(): screen for screen in QtGui.QGuiApplication.screens()}
        self._wanted = self._places.find(self.tile.source.key, list(screens), home.name() if home is not None else "")
        self._go(screens.get(self._wanted.screen) or QtGui.QGuiApplication.primaryScreen(), self._wanted)

    def toggle_full(self) -> None:
        """Fill the screen, or go back to a window."""
        self.showNormal() if self.isFullScreen() else self.showFullScreen()

    def leave_full(self) -> None:
        if self.isFullScreen():
            self.showNormal()

    def put_away(self) -> None:
        """Close without bringing the tile back: the large window goes, or the layout is another one."""
        self._quiet = True
        self.close()

    def where(self) -> Where:
        """Where it stands now."""
        screen = self.windowHandle().screen() if self.windowHandle() is not None else None
        screen = screen or QtGui.QGuiApplication.primaryScreen()
        free = screen.availableGeometry()
        rect = self.normalGeometry() if self.isFullScreen() else self.geometry()
        at = rect.topLeft() - free.topLeft()
        return Where(screen.name(), (max(at.x(), 0), max(at.y(), 0), rect.width(), rect.height()), self.isFullScreen())

    def _go(self, screen: QtGui.QScreen | None, where: Where) -> None:
        if screen is None:
            self.show()
            return
        free = screen.availableGeometry()
        rect = within(where.rect, (free.left(), free.top(), free.width(), free.height()))
        self.winId()  # it must have a window before it can be given a screen
        if self.windowHandle() is not None:
            self.windowHandle().setScreen(screen)
        if not where.is_full:
            self.showNormal()  # first: it brings back the geometry from before the full screen
        self.setGeometry(*rect)
        if where.is_full:
            self.showFullScreen()

    def _screen_went(self, gone: QtGui.QScreen) -> None:
        """Qt may leave a window where no screen is any more; and one that filled the screen that went must not cover
        the one that stays."""
        name = gone.name()
        if name == self._wanted.screen or self.where().screen == name:
            QtCore.QTimer.singleShot(0, self.come_back)

    def come_back(self) -> None:
        """Stand wholly on a screen that is there, as a window."""
        if self._quiet or not self.isVisible():
            return
        self.leave_full()
        handle = self.windowHandle()
        screens = QtGui.QGuiApplication.screens()
        screen = handle.screen() if handle is not None and handle.screen() in screens else None
        self._go(screen or QtGui.QGuiApplication.primaryScreen(), Where("", (*self._wanted.rect[:2], *_size(self))))

    def _screen_came(self, screen: QtGui.QScreen) -> None:
        """The screen that it stood on is back."""
        if screen.name() == self._wanted.screen and self.isVisible():
            self._go(screen, self._wanted)

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        painter = QtGui.QPainter(self)
        painter.fillRect(self.rect(), QtGui.QColor(theme.now().window))
        painter.end()

    def moveEvent(self, event: QtGui.QMoveEvent) -> None:
        super().moveEvent(event)
        self._note_screen()

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        super().resizeEvent(event)
        self._note_screen()

    def _note_screen(self) -> None:
        """While its screen is there it is where it is wanted."""
        if self.isVisible() and not self._quiet:
            where = self.where()
            names = {screen.name() for screen in QtGui.QGuiApplication.screens()}
            if self._wanted.screen in names or not self._wanted.screen:
                self._wanted = where

    def closeEvent(self, event: QtGui.QCloseEvent) -> None:
        if self.isVisible():
            self._places.remember(self.tile.source.key, self.where())
        app = QtGui.QGuiApplication.instance()
        for signal, slot in ((app.screenRemoved, self._screen_went), (app.screenAdded, self._screen_came)):
            with contextlib.suppress(TypeError, RuntimeError):  # it was closed before
                signal.disconnect(slot)
        event.accept()
        if not self._quiet:
            self._quiet = True
            self.closed.emit()


def _size(window: QtWidgets.QWidget) -> tuple[int, int]:
    rect = window.normalGeometry()
    return (rect.width(), rect.height()) if rect.isValid() else (window.width(), window.height())
