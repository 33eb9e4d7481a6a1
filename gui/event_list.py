"""The events of a recording as a list over the window: a click goes there, Enter goes there and closes it."""

from __future__ import annotations

from gui import theme
from gui.marks import EventMark, Marks
from gui.qt import QtCore, QtGui, QtWidgets, Signal
from gui.timeline_bar import clock, is_trouble, lasts_words

WIDTH, HIGHEST = 680, 400
_MARK = QtCore.Qt.ItemDataRole.UserRole


class EventList(QtWidgets.QFrame):
    """Time, name, length and note of every event, in the order of time."""

    chosen = Signal(int)
    """The position where an event begins."""

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent, QtCore.Qt.WindowType.Popup)
        self.setObjectName("popup")
        self._tree = QtWidgets.QTreeWidget()
        self._tree.setAccessibleName("Events")
        self._tree.setHeaderLabels(["time", "event", "lasts", "note"])
        self._tree.setRootIsDecorated(False)
        self._tree.setUniformRowHeights(True)
        self._tree.setAlternatingRowColors(True)
        self._tree.setTextElideMode(QtCore.Qt.TextElideMode.ElideRight)
        self._tree.currentItemChanged.connect(self._go)
        self._tree.itemActivated.connect(lambda *_: self.hide())
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.addWidget(self._tree)

    @property
    def count(self) -> int:
        return self._tree.topLevelItemCount()

    def show_events(self, marks: Marks) -> None:
        """Fill the list; those without a place in the recording stand at its end and lead nowhere."""
        self._tree.blockSignals(True)
        self._tree.clear()
        order = sorted(marks.events, key=lambda e: (e.position is None, e.begin_ns, e.place))
        self._tree.addTopLevelItems([_item(e) for e in order])
        self._tree.blockSignals(False)
        for column in range(3):
            self._tree.resizeColumnToContents(column)
            self._tree.setColumnWidth(column, min(self._tree.columnWidth(column) + 14, 220))

    def open_over(self, bar: QtWidgets.QWidget, button: QtWidgets.QWidget, position: int) -> None:
        """Appear above a bar, over its button, at the event that a position is in or after."""
        self._tree.blockSignals(True)
        self._tree.setCurrentItem(None)
        for row in range(self.count):
            item = self._tree.topLevelItem(row)
            begins = item.data(0, _MARK)
            if begins is not None and begins <= position:
                self._tree.setCurrentItem(item)
        self._tree.blockSignals(False)
        rows = self._tree.header().height() + self.count * max(self._tree.sizeHintForRow(0), 20)
        self.resize(WIDTH, min(rows + 24, HIGHEST))
        window = bar.window().geometry()
        x = min(max(button.mapToGlobal(QtCore.QPoint(0, 0)).x(), window.left() + 8), window.right() - self.width() - 8)
        top = bar.mapToGlobal(QtCore.QPoint(0, 0)).y()
        self.move(max(x, window.left() + 8), max(top - self.height() - 4, window.top() + 8))
        self.show()
        self._tree.setFocus()
        if self._tree.currentItem() is not None:
            self._tree.scrollToItem(self._tree.currentItem())

    def _go(self, item: QtWidgets.QTreeWidgetItem | None, _before: object) -> None:
        if item is not None and item.data(0, _MARK) is not None:
            self.chosen.emit(item.data(0, _MARK))


def _item(event: EventMark) -> QtWidgets.QTreeWidgetItem:
    place = "not in it" if event.position is None else clock(event.begin_ns)
    item = QtWidgets.QTreeWidgetItem([place, event.name, lasts_words(event), event.note])
    item.setData(0, _MARK, event.position)
    item.setDisabled(event.position is None)
    item.setToolTip(0, "This event lies outside the recorded time." if event.position is None else "")
    item.setToolTip(3, event.note)
    if is_trouble(event):
        item.setForeground(1, QtGui.QColor(theme.DARK.alarm))
    return item
