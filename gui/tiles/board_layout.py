"""Which tiles there are and where they stand: arrangements, layouts that come back, windows of their own, and menus.

It has what the actions of the tiles do; the pictures come from board.py.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from gui.feed import Shown
from gui.look import theme
from gui.looks.looks import Looks
from gui.part import Desk, Part
from gui.qt import QtCore, QtWidgets, Signal
from gui.tiles.board_menu import popup
from gui.tiles.board_tile import Tile
from gui.tiles.filling import Filling
from gui.tiles.freshness import NoPicture
from gui.tiles.grid import TileGrid
from gui.tiles.layout import Arrangement, Layout, LayoutError, Place, Source, default_layout
from gui.tiles.layout_dialog import LayoutDialog
from gui.tiles.layout_store import LayoutStore, read_layout, write_layout
from gui.tiles.own_windows import OwnWindows
from gui.tiles.tile_menu import MenuCalls
from gui.tiles.tile_window import TileWindow
from gui.tiles.titles import empty_words, title_of
from gui.words import tr
from pipeline.panel import main_frame


class BoardLayout(Part):
    """The tiles of a window, in it and in windows of their own."""

    tile_made = Signal(object)
    """A new :class:`Tile`, so that others may give it a tool."""

    rearranged = Signal(int)
    """So many tiles now, in the window and in windows of their own."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._filling = Filling(desk.mode, Looks(desk.settings))
        self._store = LayoutStore(desk.settings)
        self._own = OwnWindows(desk)
        self._own.tile_made.connect(self._tile_made)
        self._own.came_back.connect(self._came_back)
        self._own.menu_asked.connect(self._open_window_menu)
        self._layout: Layout | None = None
        self._touched = False
        self._closed = False

        self.widget = QtWidgets.QWidget()
        self.widget.setAccessibleName(tr("Pictures"))
        self._stack = QtWidgets.QStackedLayout(self.widget)
        self.waiting = QtWidgets.QLabel(tr("opening …"))
        self.waiting.setAlignment(QtCore.Qt.AlignmentFlag.AlignCenter)
        self.waiting.setProperty("tone", "dim")
        self.waiting.setWordWrap(True)
        theme.sized(self.waiting, theme.BASE_PT + 6)
        self.grid = TileGrid(self._tile_made)
        self.grid.swap_asked.connect(self._swap)
        self.grid.menu_asked.connect(self._open_menu)
        self.grid.changed.connect(self._fill)
        self._stack.addWidget(self.waiting)
        self._stack.addWidget(self.grid)

    def close(self) -> None:
        """The window goes, and the tiles' own windows with it."""
        self._closed = True
        self.grid.end_drag()
        self._own.close()

    # -- what can be asked --------------------------------------------------------------------------------------

    @property
    def layout(self) -> Layout | None:
        """As it is now; None before the first picture."""
        return self._layout

    @property
    def main(self) -> str:
        """The stream of the first tile; empty when that shows none."""
        return self._layout.shown[0].source.stream if self._layout is not None else ""

    @property
    def tiles(self) -> dict[str, Tile]:
        """The tiles that show streams, by the stream's name: of several, the first."""
        out: dict[str, Tile] = {}
        for tile in self._all_tiles():
            if tile.source.stream:
                out.setdefault(tile.source.stream, tile)
        return out

    @property
    def windows(self) -> list[TileWindow]:
        """The tiles' own windows."""
        return self._own.all

    def tiles_of(self, stream: str) -> list[Tile]:
        """Every tile that shows a stream, in the window and in windows of their own."""
        return [tile for tile in self._all_tiles() if tile.source.stream == stream]

    def _all_tiles(self) -> list[Tile]:
        """Those that can be seen, but for the empty ones."""
        own = [tile for tile in self.grid.tiles if not tile.isHidden()]
        return [t for t in (*own, *self._own.tiles()) if not t.source.is_empty]

    # -- what the actions do ------------------------------------------------------------------------------------

    def next_main(self) -> None:
        """The next tile comes to the first place."""
        if self._layout is not None:
            self._change(self._layout.rotated())

    def show_main_and_side(self) -> None:
        self._arrange(Arrangement.MAIN)

    def show_1(self) -> None:
        self._arrange(Arrangement.ONE)

    def show_2(self) -> None:
        self._arrange(Arrangement.TWO)

    def show_4(self) -> None:
        self._arrange(Arrangement.FOUR)

    def show_6(self) -> None:
        self._arrange(Arrangement.SIX)

    def show_9(self) -> None:
        self._arrange(Arrangement.NINE)

    def maximise_tile(self) -> None:
        """The tile with the focus alone, or all of them again."""
        if self._layout is not None:
            self.grid.maximise(None if self.grid.maximised is not None else self.grid.focused())

    def open_tile_menu(self) -> None:
        """The menu of the tile with the focus."""
        if self._layout is not None:
            index = self.grid.focused()
            tile = self.grid.tiles[index]
            self._open_menu(index, tile.canvas.mapToGlobal(QtCore.QPoint(20, 20)))

    def detach_tile(self) -> None:
        """The tile with the focus into a window of its own, or back."""
        if self._layout is not None:
            self._detach(self.grid.focused())

    def show_layouts(self) -> QtWidgets.QDialog:
        """Save, load, delete, export and import layouts."""
        dialog = LayoutDialog(self._store, lambda: self._layout, self.load, self.desk.window)
        dialog.open()
        return dialog

    def load(self, layout: Layout) -> None:
        """Show another layout."""
        self._change(layout)

    def import_layout(self, path: Path) -> bool:
        """Show a layout from a file; False when there is none in it, and the operator is told why."""
        try:
            self.load(read_layout(path))
        except (LayoutError, OSError) as error:
            self.desk.say(tr("no layout: {reason}", reason=error), True)
            return False
        return True

    def export_layout(self, path: Path) -> bool:
        """Write the layout as it is now into a file."""
        try:
            write_layout(path, self._layout or Layout())
        except OSError as error:
            self.desk.say(tr("the layout could not be written: {reason}", reason=error), True)
            return False
        return True

    # -- layout -------------------------------------------------------------------------------------------------

    def _arrange(self, arrangement: Arrangement) -> None:
        if self._layout is not None:
            self._change(self._layout.arranged(arrangement))

    def _swap(self, a: int, b: int) -> None:
        if self._layout is not None:
            self._change(self._layout.swapped(a, b))
            self.grid.tiles[b].setFocus(QtCore.Qt.FocusReason.OtherFocusReason)

    def _learn(self, new: list[str], shown: Shown | None) -> None:
        """There are streams that were not known: they get the layout that this set of streams had, or a tile each."""
        self._filling.known.extend(dict.fromkeys(new))
        saved = None if self._touched else self._store.last(self._filling.known)
        if saved is not None:
            layout = saved
        elif self._layout is None and shown is not None:
            layout = default_layout(self._filling.known, main_frame(shown.frame_set, shown.observation).stream)
        elif self._layout is not None:
            layout = self._layout
            for name in new:
                if name not in layout.streams():
                    layout = layout.with_new(Source(stream=name))
        else:
            return
        self._say_problem()
        self._show_layout(layout)

    def _change(self, layout: Layout) -> None:
        """Another layout, by the operator's will: it is what comes back at the next start."""
        self._touched = True
        self._show_layout(layout)
        self._store.set_last(self._filling.known, layout)

    def _show_layout(self, layout: Layout) -> None:
        self._layout = layout
        self._stack.setCurrentWidget(self.grid)
        places = layout.shown
        self.grid.arrange(layout.arrangement, len(places))
        self._fill()
        for tile in self._own.show(() if self._closed else places):
            self._filling.draw(tile)
        self.rearranged.emit(len(places))

    def _fill(self) -> None:
        """Give every tile its place, and what it shows."""
        if self._layout is None or self._closed:
            return
        for index, (tile, place) in enumerate(zip(self.grid.tiles, self._layout.shown, strict=False)):
            if tile.isHidden():
                continue
            tile.number = index + 1
            if place.detached or place.source.is_empty:
                tile.set_place(Place())
                tile.show_nothing(NoPicture(_away_words(place) if place.detached else empty_words()))
            else:
                tile.set_place(place)
                self._filling.draw(tile)

    def _tile_made(self, tile: Tile) -> None:
        self.tile_made.emit(tile)

    def _say_problem(self) -> None:
        if self._store.problem:
            self.desk.say(self._store.problem, True)
            self._store.problem = ""

    # -- windows of their own -----------------------------------------------------------------------------------

    def _detach(self, index: int) -> None:
        if self._layout is None or index >= len(self._layout.shown):
            return
        place = self._layout.shown[index]
        if place.source.is_empty:
            self.desk.say(tr("an empty tile has nothing to show in a window of its own"), True)
            return
        self.grid.maximise(None)
        self._change(self._layout.with_place(index, replace(place, detached=not place.detached)))

    def _came_back(self, key: str) -> None:
        """A tile's window was closed."""
        index = self._index_of(key)
        if self._layout is not None and index is not None and not self._closed:
            self._change(self._layout.with_place(index, replace(self._layout.shown[index], detached=False)))

    def _index_of(self, key: str) -> int | None:
        """The place whose tile stands in the window of this key."""
        if self._layout is None:
            return None
        return next((i for i, p in enumerate(self._layout.shown) if p.detached and p.source.key == key), None)

    # -- menus --------------------------------------------------------------------------------------------------

    def _open_menu(self, index: int, at: QtCore.QPoint) -> None:
        if self._layout is not None:
            self._popup(index, self.grid.tiles[index], at)

    def _open_window_menu(self, key: str, at: QtCore.QPoint) -> None:
        index, tile = self._index_of(key), self._own.tile(key)
        if index is not None and tile is not None:
            self._popup(index, tile, at)

    def _popup(self, index: int, tile: Tile, at: QtCore.QPoint) -> None:
        assert self._layout is not None
        calls = MenuCalls(
            set_place=lambda new, i=index: self._set_place(i, new),
            maximise=tile.maximise_asked.emit,
            detach=lambda i=index: self._detach(i),
            swap=lambda other, i=index: self._swap(i, other),
            whole=lambda: tile.canvas.reset_zoom(),
        )
        popup(tile, index, self._layout, self._filling, self.grid.maximised is not None, calls, at)

    def _set_place(self, index: int, place: Place) -> None:
        if self._layout is None or index >= len(self._layout.shown):
            return  # the layout is another one by now
        maximised = self.grid.maximised
        self._change(self._layout.with_place(index, place))
        if maximised is not None and maximised < len(self.grid.tiles):
            self.grid.maximise(maximised)


def _away_words(place: Place) -> str:
    return tr("{what}\nstands in a window of its own.\nClose that to bring it back.", what=title_of(place.source))
