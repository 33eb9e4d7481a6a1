"""Layouts with names: save, load, delete, export, import."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from gui.qt import QtCore, QtWidgets
from gui.system_words import error_words
from gui.tiles.layout import Layout, LayoutError
from gui.tiles.layout_store import LayoutStore, read_layout, write_layout
from gui.words import tr
from gui.work import file_dialog

_FILES = "JSON (*.json)"


class LayoutDialog(QtWidgets.QDialog):
    """A list of the saved layouts. ``Enter`` loads, ``Del`` deletes; what went wrong stands under the buttons."""

    def __init__(
        self,
        store: LayoutStore,
        now: Callable[[], Layout | None],
        load: Callable[[Layout], None],
        parent: QtWidgets.QWidget | None = None,
    ) -> None:
        """
        Args:
            now: the layout that is shown.
            load: shows another one.
        """
        super().__init__(parent)
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Layouts"))
        self._store, self._now, self._load = store, now, load

        self.names = QtWidgets.QListWidget()
        self.names.setAccessibleName(tr("Saved layouts"))
        self.names.setToolTip(tr("Enter loads a layout, Del deletes it."))
        self.names.installEventFilter(self)
        self.names.itemActivated.connect(lambda _item: self.load_chosen())
        self.names.currentTextChanged.connect(self._chosen)
        self.name = QtWidgets.QLineEdit()
        self.name.setAccessibleName(tr("Name of the layout"))
        self.name.setToolTip(tr("The name under which the layout that is shown now is saved."))
        self.name.setPlaceholderText(tr("name of this layout"))
        self.name.textChanged.connect(lambda _text: self._allow())
        self.word = QtWidgets.QLabel("")
        self.word.setWordWrap(True)
        self.word.setProperty("tone", "warn")

        self.save = self._button(tr("Save"), tr("Keep the layout that is shown now under this name."), self.save_now)
        self.load = self._button(tr("Load"), tr("Show the chosen layout."), self.load_chosen)
        self.delete = self._button(tr("Delete"), tr("Forget the chosen layout."), self.delete_chosen)
        self.export = self._button(tr("Export …"), tr("Write the layout that is shown now into a file."), self.to_file)
        self.take = self._button(tr("Import …"), tr("Show a layout from a file."), self.from_file)
        close = self._button(tr("Close"), tr("Leave the layouts as they are."), self.reject)

        grid = QtWidgets.QGridLayout(self)
        grid.addWidget(self.names, 0, 0, 5, 1)
        for row, button in enumerate((self.load, self.delete, self.export, self.take)):
            grid.addWidget(button, row, 1)
        grid.setRowStretch(4, 1)
        grid.addWidget(self.name, 5, 0)
        grid.addWidget(self.save, 5, 1)
        grid.addWidget(self.word, 6, 0)
        grid.addWidget(close, 6, 1)
        self.resize(480, 360)
        self._list()

    def _button(self, words: str, tip: str, call: Callable[[], object]) -> QtWidgets.QPushButton:
        button = QtWidgets.QPushButton(words)
        button.setAccessibleName(words)
        button.setToolTip(tip)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _checked=False: call())
        return button

    def _list(self, chosen: str = "") -> None:
        self.names.clear()
        self.names.addItems(self._store.names())
        rows = self._store.names()
        if chosen in rows:
            self.names.setCurrentRow(rows.index(chosen))
        self._allow()

    def _chosen(self, name: str) -> None:
        if name:
            self.name.setText(name)
        self._allow()

    def _allow(self) -> None:
        has = self.names.currentItem() is not None
        self.load.setEnabled(has)
        self.delete.setEnabled(has)
        self.save.setEnabled(bool(self.name.text().strip()) and self._now() is not None)
        self.export.setEnabled(self._now() is not None)

    def _current(self) -> str:
        item = self.names.currentItem()
        return "" if item is None else str(item.text())

    def _say(self, words: str) -> None:
        self.word.setText(words)

    def save_now(self) -> None:
        """Keep what is shown under the name that stands in the field."""
        layout, name = self._now(), self.name.text().strip()
        if layout is None:
            return
        try:
            self._store.save(name, layout)
        except LayoutError as error:
            self._say(error_words(error))
            return
        self._say("")
        self._list(name)

    def load_chosen(self) -> None:
        """Show the chosen layout."""
        try:
            layout = self._store.named(self._current())
        except LayoutError as error:
            self._say(tr("this layout is broken: {reason}", reason=error))
            return
        self._say("")
        self._load(layout)

    def delete_chosen(self) -> None:
        """Forget the chosen layout."""
        self._store.delete(self._current())
        self._say("")
        self._list()

    def to_file(self) -> None:
        """Write the layout that is shown into a file that the operator names."""
        layout = self._now()
        name = file_dialog.save_file(self, tr("Export layout"), "layout.json", _FILES)
        if not name or layout is None:
            return
        try:
            write_layout(Path(name), layout)
        except OSError as error:
            self._say(tr("{name} could not be written: {reason}", name=Path(name).name, reason=error))
            return
        self._say("")

    def from_file(self) -> None:
        """Show a layout from a file that the operator chooses."""
        name = file_dialog.open_file(self, tr("Import layout"), "", _FILES)
        if not name:
            return
        try:
            layout = read_layout(Path(name))
        except (LayoutError, OSError) as error:
            self._say(error_words(error))
            return
        self._say("")
        self._load(layout)

    def eventFilter(self, watched: QtCore.QObject, event: QtCore.QEvent) -> bool:
        if event.type() == QtCore.QEvent.Type.KeyPress and event.key() == QtCore.Qt.Key.Key_Delete:
            self.delete_chosen()
            return True
        return bool(super().eventFilter(watched, event))
