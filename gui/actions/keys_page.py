"""The page of the settings where actions are given other keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gui.actions import keys as action_keys
from gui.actions.row import Action
from gui.feed import Mode
from gui.look import theme
from gui.qt import QtCore, QtGui, QtWidgets
from gui.settings import Settings
from gui.words import tr


class KeysPage(QtWidgets.QWidget):
    """Every action with its keys; a key that another action has is taken from it only when the operator says so."""

    def __init__(self, rows: Sequence[Action], settings: Settings, changed: Callable[[], object]) -> None:
        super().__init__()
        self._rows = {row.key: row for row in rows}
        self._settings = settings
        self._changed = changed
        self.list = QtWidgets.QTreeWidget()
        self.list.setColumnCount(2)
        self.list.setHeaderLabels([tr("Action"), tr("Keys")])
        self.list.setRootIsDecorated(False)
        self.list.setAccessibleName(tr("Actions and their keys"))
        self.list.setToolTip(tr("Choose an action, and press the key that it should have"))
        self.list.currentItemChanged.connect(lambda *_: self._chosen())
        self.edit = QtWidgets.QKeySequenceEdit()
        self.edit.setAccessibleName(tr("New key"))
        self.edit.setToolTip(tr("Press the key that the action should have"))
        self.edit.keySequenceChanged.connect(lambda *_: self._typed())
        self.give = self._button(tr("Give"), tr("Give the action this key in place of those it has"), self._give)
        self.none = self._button(tr("No key"), tr("Take all keys from the action"), self._take_all)
        self.usual = self._button(tr("Usual keys"), tr("The keys that the action had at first"), self._usual)
        self.note = QtWidgets.QLabel()
        self.note.setWordWrap(True)
        self.note.setAccessibleName(tr("Note"))
        row = QtWidgets.QHBoxLayout()
        row.addWidget(self.edit, 1)
        for button in (self.give, self.none, self.usual):
            row.addWidget(button)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list, 1)
        column.addLayout(row)
        column.addWidget(self.note)
        self._items: dict[str, QtWidgets.QTreeWidgetItem] = {}
        self._is_filled = False
        self._chosen()

    @staticmethod
    def _button(text: str, tip: str, call: Callable[[], object]) -> QtWidgets.QPushButton:
        button = QtWidgets.QPushButton(text)
        button.setToolTip(tip)
        button.setAccessibleName(text)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: call())
        return button

    def showEvent(self, event: QtGui.QShowEvent) -> None:
        """The list is made when it is looked at for the first time."""
        if not self._is_filled:
            self._is_filled = True
            for row in self._rows.values():
                item = QtWidgets.QTreeWidgetItem([tr(row.text), ""])
                item.setData(0, QtCore.Qt.ItemDataRole.UserRole, row.key)
                item.setToolTip(0, tr(row.tip))
                self._items[row.key] = item
            self.list.addTopLevelItems(list(self._items.values()))
            self.show_keys()
            self.list.setColumnWidth(0, 340)
            self.list.setCurrentItem(self.list.topLevelItem(0))
        super().showEvent(event)

    def show_keys(self) -> None:
        """As they are now; what the operator gave is told apart."""
        for mode in Mode:
            rows = [r for r in self._rows.values() if mode in r.modes]
            for key, keys in action_keys.assigned(rows, self._settings).items():
                item = self._items.get(key)
                if item is None:
                    continue
                own = action_keys.chosen(self._rows[key], self._settings) is not None
                item.setText(1, ", ".join(map(action_keys.shown, keys)) or "–")
                item.setForeground(1, QtGui.QColor(theme.now().accent if own else theme.now().text))

    def choose(self, key: str) -> None:
        """The action that the buttons mean."""
        self.list.setCurrentItem(self._items[key])

    @property
    def row(self) -> Action | None:
        """The action that is chosen."""
        item = self.list.currentItem()
        return None if item is None else self._rows[item.data(0, QtCore.Qt.ItemDataRole.UserRole)]

    @property
    def typed(self) -> str:
        """The key that was pressed, as it is stored: the first of a series."""
        whole = self.edit.keySequence().toString(QtGui.QKeySequence.SequenceFormat.PortableText)
        return action_keys.normal(whole.split(", ")[0])

    def _chosen(self) -> None:
        self.edit.clear()
        self._say("")
        self._allow()

    def _typed(self) -> None:
        row, typed = self.row, self.typed
        other = None if row is None or not typed else self._other(row, typed)
        if other is None:
            self._say("")
            self.give.setText(tr("Give"))
        else:
            told = action_keys.shown(typed)
            self._say(tr("{keys} belongs to “{action}”.", keys=told, action=tr(other.text)), True)
            self.give.setText(tr("Take it"))
        self._allow()

    def _other(self, row: Action, keys: str) -> Action | None:
        return action_keys.clashes(keys, row, list(self._rows.values()), self._settings)

    def _allow(self) -> None:
        self.give.setEnabled(bool(self.typed) and self.row is not None)
        for button in (self.none, self.usual):
            button.setEnabled(self.row is not None)

    def _give(self) -> None:
        row, typed = self.row, self.typed
        if row is None or not typed:
            return
        taken: list[str] = []
        while (other := self._other(row, typed)) is not None and other.key not in taken:
            taken.append(other.key)
            left = [k for k in self._keys_of(other) if k != typed]
            action_keys.give(other, left, self._settings)
        action_keys.give(row, [typed], self._settings)
        self._done(tr("“{action}” has {keys} now.", action=tr(row.text), keys=action_keys.shown(typed)))

    def _keys_of(self, row: Action) -> Sequence[str]:
        rows = [r for r in self._rows.values() if set(r.modes) & set(row.modes)]
        return action_keys.assigned(rows, self._settings)[row.key]

    def _take_all(self) -> None:
        if self.row is not None:
            action_keys.give(self.row, [], self._settings)
            self._done(tr("“{action}” has no key now.", action=tr(self.row.text)))

    def _usual(self) -> None:
        if self.row is not None:
            action_keys.reset([self.row], self._settings)
            self._done("")

    def reset(self) -> None:
        """The keys of all actions as they were at first."""
        action_keys.reset(list(self._rows.values()), self._settings)
        self._done(tr("All actions have their usual keys."))

    def _done(self, words: str) -> None:
        self.edit.clear()
        self.show_keys()
        self._changed()
        self._say(words)
        self._allow()

    def _say(self, words: str, warn: bool = False) -> None:
        self.note.setText(words)
        theme.set_tone(self.note, "warn" if warn else "dim")
