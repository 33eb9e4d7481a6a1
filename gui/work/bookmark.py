"""Marks: at once by a key, or with a note that is typed while the time stays that of the key."""

from __future__ import annotations

import time
from collections.abc import Callable

from gui.feed import Mode
from gui.part import Desk, Part
from gui.qt import QtCore, QtWidgets
from gui.words import tr
from pipeline.live_control import Moment
from pipeline.live_status import Marked


class BookmarkPart(Part):
    """The actions ``mark`` and ``mark_note``."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.line: NoteLine | None = None

    def mark_now(self) -> None:
        """A mark, now."""
        self._mark("", None, time.strftime("%H:%M:%S"))

    def mark_with_note(self) -> NoteLine | None:
        """A mark at this moment, whose words are typed now."""
        moment = self.desk.feed.moment() if self.desk.mode is Mode.LIVE else None
        if moment is None:
            self.desk.say(tr("nothing can be marked: no camera is open"), True)
            return None
        at = time.strftime("%H:%M:%S")
        if self.line is None:
            self.line = NoteLine(self.desk.window)
        self.line.ask(at, lambda note: self._mark(note, moment, at))
        return self.line

    def _mark(self, note: str, moment: Moment | None, at: str) -> None:
        where = self.desk.feed.mark(note, moment)
        if where is Marked.RECORDED:
            self.desk.say(tr("marked at {time} in the recording", time=at))
        elif where is Marked.KEPT:
            words = tr("marked at {time}; nothing is recorded: it stands in what is saved of the last seconds", time=at)
            self.desk.say(words, True)
        else:
            self.desk.say(tr("not marked: nothing is recorded, and nothing is held of the last seconds"), True)

    def close(self) -> None:
        if self.line is not None:
            self.line.close()


class NoteLine(QtWidgets.QDialog):
    """One line for a note. Enter marks, Escape gives the mark up."""

    def __init__(self, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Mark with a note"))
        self._then: Callable[[str], None] = lambda note: None
        self.when = QtWidgets.QLabel()
        self.note = QtWidgets.QLineEdit()
        self.note.setMaxLength(500)
        self.note.setAccessibleName(tr("Note"))
        self.note.setToolTip(tr("Enter marks the moment when the key was pressed; Escape marks nothing."))
        self.note.setPlaceholderText(tr("what is seen"))
        self.note.returnPressed.connect(self.accept)
        row = QtWidgets.QHBoxLayout(self)
        row.addWidget(self.when)
        row.addWidget(self.note, 1)
        self.setMinimumWidth(520)

    def ask(self, at: str, then: Callable[[str], None]) -> None:
        """Open it for a moment; asked again while it is open, the first moment stands."""
        if self.isVisible():
            return
        self._then = then
        self.when.setText(tr("Mark at {time}:", time=at))
        self.note.clear()
        self.open()
        self.note.setFocus(QtCore.Qt.FocusReason.ShortcutFocusReason)

    def accept(self) -> None:
        super().accept()
        self._then(self.note.text().strip())
