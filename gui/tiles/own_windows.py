"""The tiles that stand in windows of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gui.part import Desk
from gui.qt import QtCore, QtGui, Signal
from gui.tiles.board_tile import Tile
from gui.tiles.layout import Place
from gui.tiles.screens import WindowPlaces
from gui.tiles.tile_window import TileWindow


class OwnWindows(QtCore.QObject):
    """Opens and closes them as a layout says. A window goes by the key of what it shows."""

    tile_made = Signal(object)
    came_back = Signal(str)
    """The operator closed the window of this key."""

    menu_asked = Signal(str, QtCore.QPoint)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._places = WindowPlaces(desk.settings)
        self._windows: dict[str, TileWindow] = {}

    @property
    def all(self) -> list[TileWindow]:
        return list(self._windows.values())

    def tiles(self) -> list[Tile]:
        return [window.tile for window in self._windows.values()]

    def tile(self, key: str) -> Tile | None:
        """Of the window of a key."""
        window = self._windows.get(key)
        return None if window is None else window.tile

    def show(self, places: Sequence[Place]) -> list[Tile]:
        """A window for each detached place, and no others; the tiles of new windows come back."""
        wanted: Mapping[str, tuple[int, Place]] = {
            place.source.key: (number, place) for number, place in enumerate(places, 1) if place.detached
        }
        for key in [key for key in self._windows if key not in wanted]:
            self._put_away(key)
        new = []
        for key, (number, place) in wanted.items():
            if key in self._windows:
                self._windows[key].set_place(place)
            else:
                new.append(self._open(key, place, number))
        return new

    def close(self) -> None:
        """All of them, for good."""
        for key in list(self._windows):
            self._put_away(key)

    def _open(self, key: str, place: Place, number: int) -> Tile:
        window = self._windows[key] = TileWindow(place, number, self._places)
        window.take_keys(self._desk.actions.values())
        window.tile.menu_asked.connect(lambda at, k=key: self.menu_asked.emit(k, at))
        window.closed.connect(lambda k=key: self._was_closed(k))
        self.tile_made.emit(window.tile)
        handle = self._desk.window.windowHandle()
        window.open(handle.screen() if handle is not None else QtGui.QGuiApplication.primaryScreen())
        return window.tile

    def _put_away(self, key: str) -> None:
        window = self._windows.pop(key)
        window.put_away()
        window.deleteLater()

    def _was_closed(self, key: str) -> None:
        window = self._windows.pop(key, None)
        if window is not None:
            window.deleteLater()
            self.came_back.emit(key)
