"""One line for the note of a bookmark; the moment stays that of the key, however long the typing takes."""

from __future__ import annotations

from collections.abc import Callable

from gui.qt import QtCore, QtWidgets
from gui.words import tr
from recordings.bookmarks import LONGEST_NOTE


class NoteDialog(QtWidgets.QDialog):
    """Enter keeps the bookmark, Escape gives it up."""

    def __init__(self, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Bookmark with a note"))
        self._then: Callable[[str], None] = lambda note: None
        self._words = QtWidgets.QLabel()
        self.field = QtWidgets.QLineEdit()
        self.field.setMaxLength(LONGEST_NOTE)
        self.field.setAccessibleName(tr("Note"))
        self.field.setToolTip(tr("What there is to say of this moment."))
        self.field.setMinimumWidth(420)
        kinds = QtWidgets.QDialogButtonBox.StandardButton
        buttons = QtWidgets.QDialogButtonBox(kinds.Save | kinds.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QtWidgets.QVBoxLayout(self)
        for widget in (self._words, self.field, buttons):
            column.addWidget(widget)
        self.accepted.connect(lambda: self._then(self.field.text().strip()))
        self.setWindowModality(QtCore.Qt.WindowModality.NonModal)

    def ask(self, where: str, note: str, then: Callable[[str], None]) -> None:
        """Open for a moment; ``then`` gets the note."""
        self._then = then
        self._words.setText(tr("Note for {time}:", time=where))
        self.field.setText(note)
        self.field.selectAll()
        self.show()
        self.raise_()
        self.activateWindow()
        self.field.setFocus()
