"""Events and bookmarks of a recording as a list over the window: a click goes there, Enter goes there and closes it.

The note of a bookmark is changed where it stands (F2), and Delete takes it away.
"""

from __future__ import annotations

from collections.abc import Sequence

from gui.look import theme
from gui.qt import QtCore, QtGui, QtWidgets, Signal
from gui.replay.marks import EventMark, Marks
from gui.replay.rules_run import RulesSeen
from gui.replay.timeline_bar import clock, lasts_words
from gui.replay.timeline_paint import event_color
from gui.replay.tracks_paint import evidence_lines
from gui.words import tr
from recordings.bookmarks import Bookmark

WIDTH, HIGHEST = 720, 420
MOST_LISTED = 2000
"""Events of rules that stand in the list; all are on the time line."""
NOTE, FROM = 3, 4
_MARK = QtCore.Qt.ItemDataRole.UserRole
_BOOKMARK = QtCore.Qt.ItemDataRole.UserRole + 1
_TIME = QtCore.Qt.ItemDataRole.UserRole + 2


class EventList(QtWidgets.QFrame):
    """Time, name, length and note of everything, in the order of time."""

    chosen = Signal(int)
    """The position where it is."""
    edited = Signal(str, str)
    """A bookmark's id and its new note."""
    deleted = Signal(str)
    """A bookmark's id."""

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent, QtCore.Qt.WindowType.Popup)
        self.setObjectName("popup")
        self._tree = QtWidgets.QTreeWidget()
        self._tree.setAccessibleName(tr("Events and bookmarks"))
        self._tree.setToolTip(tr("Up and Down go through them; F2 changes a bookmark's note, Delete takes it away."))
        self._tree.setHeaderLabels([tr("time"), tr("event"), tr("lasts"), tr("note"), tr("from")])
        self._tree.header().moveSection(FROM, 1)
        self._tree.setColumnHidden(FROM, True)
        self._tree.setRootIsDecorated(False)
        self._tree.setUniformRowHeights(True)
        self._tree.setAlternatingRowColors(True)
        self._tree.setTextElideMode(QtCore.Qt.TextElideMode.ElideRight)
        self._tree.setEditTriggers(QtWidgets.QAbstractItemView.EditTrigger.NoEditTriggers)
        self._tree.currentItemChanged.connect(self._go)
        self._tree.itemActivated.connect(lambda *_: self.hide())
        self._tree.itemChanged.connect(self._changed)
        self._tree.installEventFilter(self)
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.addWidget(self._tree)
        self._marks: Marks | None = None
        self._bookmarks: tuple[Bookmark, ...] = ()
        self._rules: RulesSeen | None = None
        theme.changes.changed.connect(self._fill_again)

    @property
    def count(self) -> int:
        return self._tree.topLevelItemCount()

    def show_events(self, marks: Marks, bookmarks: Sequence[Bookmark] = (), rules: RulesSeen | None = None) -> None:
        """Fill the list; what has no place in the recording stands at its end and leads nowhere.

        Args:
            rules: what rules make of the recording now; a column then says which events are which.
        """
        self._marks, self._bookmarks, self._rules = marks, tuple(bookmarks), rules
        self._tree.setColumnHidden(FROM, rules is None)
        row = self._tree.indexOfTopLevelItem(self._tree.currentItem()) if self._tree.currentItem() else -1
        self._tree.blockSignals(True)
        self._tree.clear()
        events = [*marks.events, *(() if rules is None else rules.events[:MOST_LISTED])]
        items = [_item(e, rules) for e in sorted(events, key=lambda e: (e.begin_ns, e.is_now, e.place))]
        items += [_bookmark_item(b, marks) for b in bookmarks]
        items.sort(key=lambda i: (i.data(0, _MARK) is None, i.data(0, _TIME)))
        self._tree.addTopLevelItems(items)
        if row >= 0:
            self._tree.setCurrentItem(self._tree.topLevelItem(min(row, self.count - 1)))
        self._tree.blockSignals(False)
        for column in (0, 1, 2, FROM):
            self._tree.resizeColumnToContents(column)
            self._tree.setColumnWidth(column, min(self._tree.columnWidth(column) + 14, 220))

    def _fill_again(self) -> None:
        if self._marks is not None:
            self.show_events(self._marks, self._bookmarks, self._rules)

    def open_over(self, bar: QtWidgets.QWidget, button: QtWidgets.QWidget, position: int) -> None:
        """Appear above a bar, over its button, at what a position is in or after."""
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

    def eventFilter(self, watched: QtCore.QObject, event: QtCore.QEvent) -> bool:
        if watched is self._tree and event.type() == QtCore.QEvent.Type.KeyPress:
            item = self._tree.currentItem()
            bookmark = None if item is None else item.data(0, _BOOKMARK)
            if bookmark and event.key() == QtCore.Qt.Key.Key_F2:
                self._tree.editItem(item, NOTE)
                return True
            if bookmark and event.key() == QtCore.Qt.Key.Key_Delete:
                self.deleted.emit(bookmark)
                return True
        return bool(super().eventFilter(watched, event))

    def _go(self, item: QtWidgets.QTreeWidgetItem | None, _before: object) -> None:
        if item is not None and item.data(0, _MARK) is not None:
            self.chosen.emit(item.data(0, _MARK))

    def _changed(self, item: QtWidgets.QTreeWidgetItem, column: int) -> None:
        if column == NOTE and item.data(0, _BOOKMARK):
            self.edited.emit(item.data(0, _BOOKMARK), item.text(NOTE).strip())


def _item(event: EventMark, rules: RulesSeen | None) -> QtWidgets.QTreeWidgetItem:
    place = tr("not in it") if event.position is None else clock(event.begin_ns)
    item = QtWidgets.QTreeWidgetItem([place, event.name, lasts_words(event), event.note, _from(event, rules)])
    item.setData(0, _MARK, event.position)
    item.setData(0, _TIME, event.begin_ns)
    item.setDisabled(event.position is None)
    item.setToolTip(0, tr("This event lies outside the recorded time.") if event.position is None else "")
    item.setToolTip(NOTE, "\n".join([event.note, *evidence_lines(event)]))
    if event_color(event) != theme.now().event:
        item.setForeground(1, QtGui.QColor(event_color(event)))
    return item


def _from(event: EventMark, rules: RulesSeen | None) -> str:
    """Whether it was recorded or is made now, and whether the other ones lack it."""
    if rules is None:
        return ""
    if event.is_now and rules.is_old:
        return tr("before the change")
    if event.is_now:
        return tr("now, new") if event.place in rules.gained else tr("now")
    return tr("recorded, gone now") if event.place in rules.lost and not rules.is_old else tr("recorded")


def _bookmark_item(bookmark: Bookmark, marks: Marks) -> QtWidgets.QTreeWidgetItem:
    position = marks.position_of_host(bookmark.host_ns)
    place = tr("not in it") if position is None else clock(marks.time_ns(position))
    item = QtWidgets.QTreeWidgetItem([place, tr("bookmark"), "", bookmark.note])
    item.setData(0, _MARK, position)
    item.setData(0, _TIME, 0 if position is None else marks.time_ns(position))
    item.setData(0, _BOOKMARK, bookmark.id)
    item.setFlags(item.flags() | QtCore.Qt.ItemFlag.ItemIsEditable)
    item.setToolTip(NOTE, bookmark.note)
    return item
