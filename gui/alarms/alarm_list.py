"""All alarms: those that stand, those that are over, and what plays the sound. It stays open beside the picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from gui.alarms.book import Alarm, AlarmBook
from gui.alarms.people import Together, since_words, together, together_state_words, without_gone
from gui.alarms.presence import LastSeen, nobody_gone
from gui.alarms.symbols import symbol_icon
from gui.alarms.words import clock_words, count_words, last_seen_words, mute_words, severity_words, title_words
from gui.look import theme
from gui.look.fold_tree import FoldTree
from gui.qt import QtCore, QtGui, QtWidgets, Signal
from gui.words import tr
from recordings.event import Clip

_KEY = QtCore.Qt.ItemDataRole.UserRole
_GONE = "gone:"
"""Key of the heading over the people who are gone."""
ClipOf = Callable[[str], Clip | None]


class AlarmList(QtWidgets.QDialog):
    """A row an alarm; those of one person stand together under a row of theirs, and the people who are gone and of whom
    nothing waits under one heading. Enter, or a double click, goes to an alarm's moment."""

    acknowledge = Signal(str)
    """A key, of one alarm or of all of a person; empty: all."""
    leads_to = Signal(object)
    """An :class:`~gui.alarms.book.Alarm`."""
    clip_wanted = Signal(str)
    """The key of an alarm."""
    volume = Signal(float)
    test = Signal()

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Alarms"))
        self.resize(1240, 560)
        self._versions: tuple[object, ...] = ()
        self._rows: dict[str, Together] = {}
        """Key of a row -> what it shows."""
        self._closed: set[str] = set()
        """The people whose alarms were folded away."""
        self._opened: set[str] = set()
        """The heading over those who are gone, and whom of them somebody opened; they are folded away at first."""
        self._clip_of: ClipOf = _no_clip
        self._last_seen: LastSeen = nobody_gone
        self.note = QtWidgets.QLabel()
        self.note.setAccessibleName(tr("How many alarms stand, and what is muted"))
        theme.sized(self.note, theme.BASE_PT + 2, bold=True)
        self.tree = FoldTree()
        self.tree.setAccessibleName(tr("Alarms"))
        self.tree.setToolTip(tr("Enter, or a double click, goes to the moment of an alarm."))
        self.tree.setHeaderLabels([tr("severity"), tr("time"), tr("what"), tr("since"), tr("state")])
        self.tree.setRootIsDecorated(True)
        self.tree.setExpandsOnDoubleClick(False)
        self.tree.itemExpanded.connect(lambda item: self._fold(item, False))
        self.tree.itemCollapsed.connect(lambda item: self._fold(item, True))
        self.tree.setAlternatingRowColors(True)
        self.tree.setUniformRowHeights(True)
        self.tree.itemActivated.connect(lambda item, _column: self._go(item))
        self.tree.currentItemChanged.connect(lambda *_: self._allow())
        theme.changes.changed.connect(self._forget_rows)
        for column, width in enumerate((150, 90, 370, 340)):
            self.tree.setColumnWidth(column, width)
        self.seen = self._button(tr("&Acknowledge"), tr("Say that you have seen the chosen alarm."))
        self.all_seen = self._button(tr("Acknowledge a&ll"), tr("Say that you have seen all alarms."))
        self.show_moment = self._button(tr("&Show"), tr("Go to the picture, or the moment, of the chosen alarm."))
        self.clip = self._button(
            tr("Open the cl&ip"),
            tr("Show the seconds before and after the chosen alarm in a window of its own; what is watched goes on."),
        )
        self.close_it = self._button(tr("&Close"), tr("Close the list. What stands in it stays."))
        self.seen.clicked.connect(lambda: self._chosen and self.acknowledge.emit(self._chosen))
        self.all_seen.clicked.connect(lambda: self.acknowledge.emit(""))
        self.show_moment.clicked.connect(lambda: self._go(self.tree.currentItem()))
        self.clip.clicked.connect(self._want_clip)
        self.close_it.clicked.connect(self.hide)
        buttons = QtWidgets.QHBoxLayout()
        for button in (self.seen, self.all_seen, self.show_moment, self.clip):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.close_it)
        layout = QtWidgets.QVBoxLayout(self)
        layout.addWidget(self.note)
        layout.addWidget(self.tree, 1)
        layout.addLayout(self._sound_row())
        layout.addLayout(buttons)
        self._allow()

    def _button(self, words: str, tip: str) -> QtWidgets.QPushButton:
        button = QtWidgets.QPushButton(words)
        button.setToolTip(tip)
        button.setAccessibleName(words.replace("&", ""))
        button.setAutoDefault(False)
        return button

    def _sound_row(self) -> QtWidgets.QHBoxLayout:
        self.sound = QtWidgets.QLabel()
        self.sound.setWordWrap(True)
        self.sound.setAccessibleName(tr("What plays the sound"))
        self.slider = QtWidgets.QSlider(QtCore.Qt.Orientation.Horizontal)
        self.slider.setRange(5, 100)
        self.slider.setFixedWidth(140)
        self.slider.setAccessibleName(tr("Loudness of alarms"))
        self.slider.setToolTip(tr("How loud alarms are, in percent. Silence has a time: it is a mute."))
        self.slider.valueChanged.connect(lambda value: self.volume.emit(value / 100))
        loud = QtWidgets.QLabel(tr("&Loudness"))
        loud.setBuddy(self.slider)
        self.test_sound = self._button(tr("&Test the sound"), tr("Play the burst of the highest severity once."))
        self.test_sound.clicked.connect(self.test)
        row = QtWidgets.QHBoxLayout()
        row.addWidget(self.sound, 1)
        row.addWidget(loud)
        row.addWidget(self.slider)
        row.addWidget(self.test_sound)
        return row

    @property
    def _chosen(self) -> str:
        item = self.tree.currentItem()
        return "" if item is None else str(item.data(0, _KEY)).rstrip("'")

    def show_sound(self, words: str, is_trouble: bool, volume: float) -> None:
        """What plays, and how loud."""
        self.sound.setText(tr("Sound: {words}", words=words))
        theme.set_tone(self.sound, "warn" if is_trouble else "dim")
        self.slider.blockSignals(True)
        self.slider.setValue(round(100 * volume))
        self.slider.blockSignals(False)

    def show_book(
        self,
        book: AlarmBook,
        now_ns: int,
        clip_of: ClipOf | None = None,
        clips: int = 0,
        last_seen: LastSeen = nobody_gone,
    ) -> None:
        """A few times a second while it is open; the rows are made again only when one has changed.

        Args:
            clip_of: the clip of an alarm by its key.
            clips: rises when another clip is known.
            last_seen: when a person who is gone was seen last, by their group.
        """
        self._clip_of, self._last_seen = clip_of or _no_clip, last_seen
        count = count_words(book)
        note = " · ".join(filter(None, (count or tr("no alarm"), mute_words(book, now_ns))))
        if note != self.note.text():
            self.note.setText(note)
        if (title := title_words(count)) != self.windowTitle():
            self.setWindowTitle(title)
            self.tree.setAccessibleName(title)
        self.all_seen.setEnabled(book.open_count > 0)
        gone = {line.group for line in (*book.lines, *book.history) if line.group and last_seen(line.group) is not None}
        if (book.version, clips, gone) != self._versions:
            self._versions = (book.version, clips, gone)
            self._fill(book, now_ns)
        for item in self._items():
            row = self._row_of(item)
            if row is not None and row.is_active:
                is_under = self._row_of(item.parent()) is not None
                item.setText(3, since_words(row, now_ns) if is_under else self._since(row, now_ns))

    def _forget_rows(self) -> None:
        """Symbols have the colors of the theme in which they were made: the rows are made again."""
        self._versions = ()

    def _items(self, under: QtWidgets.QTreeWidgetItem | None = None) -> Iterator[QtWidgets.QTreeWidgetItem]:
        """All, each before those under it."""
        parent = self.tree.invisibleRootItem() if under is None else under
        for index in range(parent.childCount()):
            yield parent.child(index)
            yield from self._items(parent.child(index))

    def _fold(self, item: QtWidgets.QTreeWidgetItem, is_closed: bool) -> None:
        """The operator has opened or closed it, and it stays so."""
        key = str(item.data(0, _KEY))
        folded, unfolded = (self._closed, self._opened) if is_closed else (self._opened, self._closed)
        folded.add(key)
        unfolded.discard(key)

    def _fill(self, book: AlarmBook, now_ns: int) -> None:
        item = self.tree.currentItem()
        chosen = "" if item is None else str(item.data(0, _KEY))
        scrolled = self.tree.verticalScrollBar().value()
        self._rows = {}
        self.tree.blockSignals(True)
        self.tree.clear()
        here, gone = without_gone(together([*book.lines, *book.history]), self._last_seen)
        self.tree.addTopLevelItems([self._row(person, now_ns, under=False) for person in here])
        if gone:
            self.tree.addTopLevelItem(self._heading(gone, now_ns))
        for item in self._items():
            key, is_gone = str(item.data(0, _KEY)), str(_top_of(item).data(0, _KEY)) == _GONE
            item.setExpanded(key in self._opened if is_gone else key not in self._closed)
        for item in self._items():
            if str(item.data(0, _KEY)) == chosen:
                self.tree.setCurrentItem(self._in_sight(item))
                break
        self.tree.doItemsLayout()
        self.tree.verticalScrollBar().setValue(scrolled)  # who reads further down goes on reading
        self.tree.blockSignals(False)
        self._allow()

    def _in_sight(self, item: QtWidgets.QTreeWidgetItem) -> QtWidgets.QTreeWidgetItem:
        """A row, or the heading that it has gone under: to choose what is folded away would unfold it."""
        top = _top_of(item)
        return top if str(top.data(0, _KEY)) == _GONE and not top.isExpanded() else item

    def _heading(self, people: Sequence[Together], now_ns: int) -> QtWidgets.QTreeWidgetItem:
        """Over the people who are gone; ``people``: the newest first."""
        seen_ns = self._last_seen(people[0].group)
        last = "" if seen_ns is None else last_seen_words(seen_ns)
        item = QtWidgets.QTreeWidgetItem(["", "", tr("gone ({n})", n=len(people)), last, tr("all acknowledged; over")])
        item.setData(0, _KEY, _GONE)
        item.setToolTip(2, tr("People who are gone, and whose alarms are over and were all acknowledged."))
        for column in range(5):
            item.setForeground(column, QtGui.QColor(theme.now().dim))
        item.addChildren([self._row(person, now_ns, under=False) for person in people])
        return item

    def _since(self, row: Together, now_ns: int) -> str:
        return since_words(row, now_ns, self._last_seen(row.group) if row.group else None)

    def _row(self, row: Together, now_ns: int, under: bool) -> QtWidgets.QTreeWidgetItem:
        """One alarm, or a person with the alarms of theirs under it; ``under``: such a person's own."""
        is_one = len(row.lines) == 1
        worst = row.worst
        key = worst.key if is_one else row.key
        while key in self._rows:  # what happened again stands in the history, too
            key += "'"
        self._rows[key] = row
        clip = self._clip_of(worst.key) if is_one else None
        texts = [
            severity_words(row.severity),
            clock_words(worst.rang_ns),
            (worst.brief or worst.text) if under else worst.text,
            since_words(row, now_ns) if under else self._since(row, now_ns),
            together_state_words(row, clip),
        ]
        item = QtWidgets.QTreeWidgetItem(texts)
        item.setData(0, _KEY, key)
        item.setIcon(0, symbol_icon(row.severity))
        for column in (2, 3, 4):
            item.setToolTip(column, texts[column])
        if worst.detail:
            item.setToolTip(2, f"{texts[2]}\n{worst.detail}")
        font = item.font(2)
        font.setBold(row.is_open and not under)
        for column in (0, 2):
            item.setFont(column, font)
        if not row.is_open and not row.is_active:
            for column in range(5):
                item.setForeground(column, QtGui.QColor(theme.now().dim))
        if not is_one:
            item.addChildren([self._row(Together(line.key, (line,)), now_ns, under=True) for line in row.lines])
        return item

    def _row_of(self, item: QtWidgets.QTreeWidgetItem | None) -> Together | None:
        return None if item is None else self._rows.get(str(item.data(0, _KEY)))

    def _go(self, item: QtWidgets.QTreeWidgetItem | None) -> None:
        row = self._row_of(item)
        if row is not None:
            self.leads_to.emit(row.worst)

    def _want_clip(self) -> None:
        line = self._with_clip(self._row_of(self.tree.currentItem()))
        if line is not None:
            self.clip_wanted.emit(line.key)

    def _with_clip(self, row: Together | None) -> Alarm | None:
        """Of a row the worst alarm that has a clip, or should have one."""
        lines = () if row is None else row.lines
        return next((line for line in lines if self._clip_of(line.key) is not None), None)

    def _allow(self) -> None:
        row = self._row_of(self.tree.currentItem())
        self.seen.setEnabled(row is not None and row.is_open)
        self.show_moment.setEnabled(row is not None)
        self.clip.setEnabled(self._with_clip(row) is not None)


def _top_of(item: QtWidgets.QTreeWidgetItem) -> QtWidgets.QTreeWidgetItem:
    while item.parent() is not None:
        item = item.parent()
    return item


def _no_clip(_key: str) -> Clip | None:
    return None
