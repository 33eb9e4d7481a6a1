"""The list of spots and areas with what they read; the chosen one is moved and taken away by keys."""

from __future__ import annotations

from collections.abc import Sequence

from gui.looks.look_marks import follower_word
from gui.looks.scale import NOTHING, shown_unit, words
from gui.looks.spots import Mark, Reading
from gui.qt import QtCore, QtGui, QtWidgets, Signal
from gui.words import tr

_NAME = QtCore.Qt.ItemDataRole.UserRole
_FAR = 10  # px a step with Ctrl and Shift


class MarksTable(QtWidgets.QTreeWidget):
    """A row a mark and a follower: name, lowest, mean and highest value.

    ``Delete`` takes the chosen mark away; Shift and the arrows move it by one pixel, with Ctrl too by ten.
    """

    marks_asked = Signal(object)
    """The marks as they shall be, a list."""

    chosen = Signal(str)
    """Name of the mark that was chosen here; empty for none."""

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self._marks: tuple[Mark, ...] = ()
        self._size = (1, 1)
        self._filling = False
        self.setColumnCount(4)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setMinimumHeight(130)
        self.setAccessibleName(tr("Spots and areas"))
        self.setToolTip(tr("Shift and the arrows move the chosen one, Ctrl+Shift by ten pixels; Delete takes it away."))
        header = self.header()
        header.setSectionResizeMode(QtWidgets.QHeaderView.ResizeMode.Stretch)
        header.setStretchLastSection(False)
        self._set_header("")
        self.currentItemChanged.connect(lambda *_: self._tell_chosen())

    def _set_header(self, unit: str) -> None:
        self.setHeaderLabels([unit, tr("min"), tr("mean"), tr("max")])

    @property
    def current(self) -> str:
        """Name of the chosen mark; empty for none."""
        item = self.currentItem()
        return "" if item is None else str(item.data(0, _NAME))

    def show_marks(self, marks: tuple[Mark, ...], width: int, height: int) -> None:
        """Which marks there are, in a picture of this size."""
        self._marks, self._size = marks, (width, height)

    def show_readings(self, readings: Sequence[Reading], chosen: str, unit: str, temperatures: str, age: str) -> None:
        """What they read now; numbers of an old picture carry its age."""
        self._filling = True
        self._set_header(shown_unit(unit, temperatures))
        names = [r.name for r in readings]
        if names != [str(self.topLevelItem(i).data(0, _NAME)) for i in range(self.topLevelItemCount())]:
            self.clear()
            for name in names:
                item = QtWidgets.QTreeWidgetItem([follower_word(name)])
                item.setData(0, _NAME, name)
                self.addTopLevelItem(item)
        for i, reading in enumerate(readings):
            item = self.topLevelItem(i)
            values = (reading.low, reading.mean, reading.high) if reading.is_area else (None, reading.mean, None)
            for column, value in enumerate(values, 1):
                blank = "" if not reading.is_area and column != 2 else NOTHING
                said = blank if value is None else words(value, unit, temperatures, False)
                # A number without its age would be taken for one of now.
                said = f"{said} ({age})" if age and value is not None and column == 2 else said
                if item.text(column) != said:
                    item.setText(column, said)
            item.setToolTip(0, reading.why)
            if reading.name == chosen and self.currentItem() is not item:
                self.setCurrentItem(item)
        self._filling = False

    def _tell_chosen(self) -> None:
        if not self._filling:
            self.chosen.emit(self.current)

    def delete_chosen(self) -> None:
        """Take the chosen mark away."""
        kept = [m for m in self._marks if m.name != self.current]
        if len(kept) < len(self._marks):
            self.marks_asked.emit(kept)

    def _move_chosen(self, dx: int, dy: int) -> None:
        name = self.current
        moved = [m.moved(dx, dy, *self._size) if m.name == name else m for m in self._marks]
        if tuple(moved) != self._marks:
            self.marks_asked.emit(moved)

    def event(self, event: QtCore.QEvent) -> bool:
        # These keys move the replay elsewhere in the window; here they move a mark.
        if event.type() == QtCore.QEvent.Type.ShortcutOverride and (
            event.key() in _WAYS or event.key() in (QtCore.Qt.Key.Key_Delete, QtCore.Qt.Key.Key_Backspace)
        ):
            event.accept()
            return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:
        key, modifiers = event.key(), event.modifiers()
        if key in (QtCore.Qt.Key.Key_Delete, QtCore.Qt.Key.Key_Backspace):
            self.delete_chosen()
        elif key in _WAYS and modifiers & QtCore.Qt.KeyboardModifier.ShiftModifier:
            step = _FAR if modifiers & QtCore.Qt.KeyboardModifier.ControlModifier else 1
            dx, dy = _WAYS[key]
            self._move_chosen(dx * step, dy * step)
        else:
            super().keyPressEvent(event)


_WAYS = {
    QtCore.Qt.Key.Key_Left: (-1, 0),
    QtCore.Qt.Key.Key_Right: (1, 0),
    QtCore.Qt.Key.Key_Up: (0, -1),
    QtCore.Qt.Key.Key_Down: (0, 1),
}
