"""The tiles in their places: arranged, one of them maximised, dragged onto each other, walked through by keys."""

from __future__ import annotations

from collections.abc import Callable

from gui.look import theme
from gui.qt import QtCore, QtGui, QtWidgets, Signal
from gui.tiles.arrange import neighbour, rects
from gui.tiles.board_tile import Tile
from gui.tiles.layout import Arrangement
from gui.tiles.titles import title_of


class TileGrid(QtWidgets.QWidget):
    """Lays tiles out. What they show is not its business."""

    swap_asked = Signal(int, int)
    menu_asked = Signal(int, QtCore.QPoint)
    changed = Signal()
    """Other tiles are seen than before."""

    def __init__(self, on_new: Callable[[Tile], None] | None = None) -> None:
        """``on_new`` is called with every tile that is made."""
        super().__init__()
        self.tiles: list[Tile] = []
        self._on_new = on_new
        self._arrangement = Arrangement.MAIN
        self._maximised: int | None = None
        self._places: list[tuple[int, int, int, int]] = []
        self._ghost = QtWidgets.QLabel("", self)
        self._ghost.setAttribute(QtCore.Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._ghost.setProperty("tone", "badge")
        self._ghost.setContentsMargins(9, 3, 9, 3)
        theme.sized(self._ghost, theme.BASE_PT + 2, bold=True)
        self._ghost.hide()

    @property
    def maximised(self) -> int | None:
        """Which tile alone is seen; None when all are."""
        return self._maximised

    def arrange(self, arrangement: Arrangement, count: int) -> None:
        """So many tiles, in an arrangement; none is maximised."""
        self.end_drag()
        self._arrangement = arrangement
        self._maximised = None
        while len(self.tiles) < count:
            self._add(len(self.tiles))
        had_focus = any(tile.hasFocus() for tile in self.tiles[count:])
        for tile in self.tiles[count:]:
            tile.hide()
            tile.setParent(None)
            tile.deleteLater()
        del self.tiles[count:]
        self.place()
        if had_focus and self.tiles:
            self.tiles[-1].setFocus(QtCore.Qt.FocusReason.OtherFocusReason)

    def maximise(self, index: int | None) -> None:
        """Show one tile alone, or all of them."""
        self.end_drag()
        self._maximised = index
        self.place()
        if index is not None:
            self.tiles[index].setFocus(QtCore.Qt.FocusReason.OtherFocusReason)

    def focused(self) -> int:
        """The tile that is maximised, or has the focus or had it last; else the first."""
        if self._maximised is not None:
            return self._maximised
        last = self.focusWidget()
        while last is not None and last not in self.tiles:
            last = last.parentWidget()
        return 0 if last is None else self.tiles.index(last)

    def place(self) -> None:
        """Put every tile where it belongs."""
        if self._maximised is not None:
            for i, tile in enumerate(self.tiles):
                tile.setVisible(i == self._maximised)
            self.tiles[self._maximised].setGeometry(self.rect())
        else:
            self._places = rects(self._arrangement, len(self.tiles), self.width(), self.height())
            for tile, rect in zip(self.tiles, self._places, strict=True):
                tile.setGeometry(*rect)
                tile.show()
        self.changed.emit()

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place()

    def _add(self, index: int) -> None:
        tile = Tile(self)
        tile.number = index + 1
        self.tiles.append(tile)
        tile.menu_asked.connect(lambda at, t=tile: self.menu_asked.emit(self.tiles.index(t), at))
        tile.maximise_asked.connect(lambda t=tile: self._toggle(t))
        tile.restore_asked.connect(lambda: self.maximise(None) if self._maximised is not None else None)
        tile.focus_asked.connect(lambda dx, dy, t=tile: self._walk(t, dx, dy))
        tile.head.dragged.connect(lambda at, t=tile: self._drag(t, at))
        tile.head.dropped.connect(lambda at, t=tile: self._drop(t, at))
        tile.head.drag_ended.connect(self._clear_drag)
        if self._on_new is not None:
            self._on_new(tile)

    def _toggle(self, tile: Tile) -> None:
        self.maximise(None if self._maximised is not None else self.tiles.index(tile))

    def _walk(self, tile: Tile, dx: int, dy: int) -> None:
        if self._maximised is None:
            index = neighbour(self._places, self.tiles.index(tile), dx, dy)
            self.tiles[index].setFocus(QtCore.Qt.FocusReason.TabFocusReason)

    # -- dragging -----------------------------------------------------------------------------------------------

    def target_at(self, at: QtCore.QPoint) -> int | None:
        """The tile that lies there on the desktop."""
        here = self.mapFromGlobal(at)
        return next(
            (i for i, tile in enumerate(self.tiles) if tile.isVisibleTo(self) and tile.geometry().contains(here)), None
        )

    def end_drag(self) -> None:
        """Whatever is dragged stays where it was."""
        for tile in self.tiles:
            tile.head.end_drag()
        self._clear_drag()

    def _drag(self, dragged: Tile, at: QtCore.QPoint) -> None:
        over = self.target_at(at)
        for i, tile in enumerate(self.tiles):
            tile.set_target(i == over and tile is not dragged)
        words = title_of(dragged.source)
        if words != self._ghost.text():
            self._ghost.setText(words)
            self._ghost.adjustSize()
        self._ghost.move(self.mapFromGlobal(at) + QtCore.QPoint(14, 10))
        self._ghost.raise_()
        self._ghost.show()

    def _drop(self, dragged: Tile, at: QtCore.QPoint) -> None:
        over = self.target_at(at)
        self._clear_drag()
        if over is not None and self.tiles[over] is not dragged:
            self.swap_asked.emit(self.tiles.index(dragged), over)

    def _clear_drag(self) -> None:
        self._ghost.hide()
        for tile in self.tiles:
            tile.set_target(False)
