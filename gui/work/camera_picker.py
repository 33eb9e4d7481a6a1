"""Which cameras are shown: those that are here, those that are typed, a rig, or a recording as if it were live."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from gui.look import theme
from gui.look.buttons import plain_button
from gui.qt import QtCore, QtGui, QtWidgets, Signal
from gui.words import tr
from gui.work import file_dialog
from gui.work.camera_finder import CameraFinder, FamilyState
from gui.work.sources import problem_of, put_together, recent, shown_source, taken_apart, takes_login

_SOURCE = QtCore.Qt.ItemDataRole.UserRole
_LOOK_MS = 200

BUNDLED = "virtual:"


class CameraPicker(QtWidgets.QDialog):
    """
    Args:
        kept: choices of before, as the settings have them.
        make_finder: looks for cameras.
    """

    chosen = Signal(list)
    """Sources to watch; they may hold passwords: never to be shown or kept."""

    def __init__(
        self,
        kept: Any = None,
        parent: QtWidgets.QWidget | None = None,
        make_finder: Callable[[], CameraFinder] = CameraFinder,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Cameras"))
        self._make_finder = make_finder
        self._finder: CameraFinder | None = None
        self._secret: dict[str, str] = {}  # what is shown -> what opens it
        self._seen: list[FamilyState] = []
        self.list = QtWidgets.QTreeWidget()
        self.list.setAccessibleName(tr("Cameras"))
        self.list.setToolTip(tr("Tick the cameras to show. Space ticks; Enter shows."))
        self.list.setHeaderLabels([tr("camera"), tr("source"), tr("about it")])
        self.list.setAlternatingRowColors(True)
        self.list.setWordWrap(True)
        self.list.itemDoubleClicked.connect(self._double_clicked)
        self.groups = {
            key: self._group(title)
            for key, title in (
                ("here", tr("Here now")),
                ("typed", tr("Typed")),
                ("recent", tr("Shown before")),
                ("recorded", tr("Recorded, as if live")),
                ("missing", tr("Families that cannot work here")),
            )
        }
        self.looking = QtWidgets.QLabel()
        self.looking.setAccessibleName(tr("State of the search"))
        self.looking.setWordWrap(True)
        theme.set_tone(self.looking, "dim")

        self.source = QtWidgets.QLineEdit()
        self.source.setAccessibleName(tr("Source"))
        self.source.setPlaceholderText("rtsp://192.168.1.20/stream    virtual:FILE?faults=…    night.toml")
        self.source.setToolTip(tr("A camera in the network, a recording played as a camera, or a rig's file."))
        self.source.textChanged.connect(self._typed)
        self.source.returnPressed.connect(self.add_typed)
        self.add = plain_button(tr("Add"), tr("Put what was typed on the list, ticked."))
        self.add.clicked.connect(self.add_typed)
        self.rig = plain_button(tr("Rig …"), tr("Choose a rig's file: several cameras with their calibration."))
        self.rig.clicked.connect(self._choose_rig)
        self.user = QtWidgets.QLineEdit()
        self.user.setAccessibleName(tr("User"))
        self.user.setPlaceholderText(tr("user"))
        self.user.setToolTip(tr("The camera's user. It is neither shown nor kept."))
        self.password = QtWidgets.QLineEdit()
        self.password.setAccessibleName(tr("Password"))
        self.password.setPlaceholderText(tr("password"))
        self.password.setToolTip(tr("The camera's password. It is neither shown nor kept."))
        for line in (self.user, self.password):
            line.setEchoMode(QtWidgets.QLineEdit.EchoMode.Password)
            line.returnPressed.connect(self.add_typed)
        self._login = QtWidgets.QWidget()
        login = QtWidgets.QHBoxLayout(self._login)
        login.setContentsMargins(0, 0, 0, 0)
        login.addWidget(self.user, 1)
        login.addWidget(self.password, 1)
        self._login.hide()

        self.wrong = QtWidgets.QLabel()
        self.wrong.setWordWrap(True)
        self.wrong.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        self.wrong.setAccessibleName(tr("What is wrong"))
        theme.set_tone(self.wrong, "warn")
        self.wrong.hide()
        self.watch = QtWidgets.QPushButton(tr("Show"))
        self.watch.setAccessibleName(tr("Show"))
        self.watch.setToolTip(tr("Show the ticked cameras in place of what is shown."))
        self.watch.setDefault(True)
        self.watch.clicked.connect(self.accept)
        leave = plain_button(tr("Cancel"), tr("Leave everything as it is."))
        leave.clicked.connect(self.reject)

        typed = QtWidgets.QHBoxLayout()
        typed.addWidget(self.source, 1)
        typed.addWidget(self.add)
        typed.addWidget(self.rig)
        buttons = QtWidgets.QHBoxLayout()
        buttons.addWidget(self.looking, 1)
        buttons.addWidget(leave)
        buttons.addWidget(self.watch)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        column.addWidget(self.list, 1)
        column.addLayout(typed)
        column.addWidget(self._login)
        column.addWidget(self.wrong)
        column.addLayout(buttons)

        self._put("recorded", tr("the bundled drive"), BUNDLED, tr("synthetic; what a camera in a car sees at night"))
        for sources in recent(kept):
            self._put("recent", "", " + ".join(sources), "", sources)
        self.list.itemChanged.connect(lambda *_: self._check())
        self._timer = QtCore.QTimer(self)
        self._timer.timeout.connect(self._look)
        screen = QtWidgets.QApplication.primaryScreen()
        room = screen.availableGeometry() if screen is not None else QtCore.QRect(0, 0, 900, 600)
        self.resize(min(860, room.width() - 20), min(560, room.height() - 40))
        self._check()

    # -- what is chosen -------------------------------------------------------------------------------------------

    def sources(self) -> list[str]:
        """What is ticked, each once. May hold passwords."""
        out: dict[str, None] = {}
        for item in self._items():
            if item.checkState(0) == QtCore.Qt.CheckState.Checked:
                for shown in item.data(0, _SOURCE):
                    out[self._secret.get(shown, shown)] = None
        return list(out)

    def add_typed(self) -> None:
        """What was typed comes on the list, without its password."""
        text = self.source.text().strip()
        if not text:
            if self.watch.isEnabled():
                self.watch.setFocus()
            return
        if self._take_login(text):
            text = self.source.text().strip()
        source = put_together(text, self.user.text(), self.password.text())
        is_rig = text.endswith(".toml") and ":" not in text
        problem = "" if is_rig else problem_of(source)
        if problem:
            self._say(problem)
            return
        shown = text if is_rig else shown_source(source)
        self._secret[shown] = source
        for line in (self.source, self.user, self.password):
            line.clear()
        item = self._item_of(shown) or self._put("typed", tr("rig") if is_rig else "", shown, "")
        item.setCheckState(0, QtCore.Qt.CheckState.Checked)
        self._check()
        self.list.setFocus()

    def accept(self) -> None:
        """Show them; what was typed and not added counts, too."""
        if self.source.text().strip():
            self.add_typed()
            if self.source.text().strip():
                return  # it is wrong, and says why
        sources = self.sources()
        if sources and not self._problem(sources):
            super().accept()
            self.chosen.emit(sources)

    def _choose_rig(self) -> None:
        name = file_dialog.open_file(self, tr("Rig"), "", tr("Rigs (*.toml)"))
        if name:
            self.source.setText(name)
            self.add_typed()

    def _problem(self, sources: Sequence[str]) -> str:
        rigs = [s for s in sources if s.endswith(".toml") and ":" not in s]
        if rigs and len(sources) > 1:
            return tr("A rig is shown alone: it names its cameras itself.")
        return ""

    def _check(self) -> None:
        sources = self.sources()
        problem = self._problem(sources)
        self._say(problem)
        self.watch.setEnabled((bool(sources) and not problem) or bool(self.source.text().strip()))
        self.watch.setText(tr("Show {n} cameras", n=len(sources)) if len(sources) > 1 else tr("Show"))

    def _say(self, words: str) -> None:
        self.wrong.setText(words)
        self.wrong.setVisible(bool(words))

    # -- typing ---------------------------------------------------------------------------------------------------

    def _typed(self, text: str) -> None:
        """A login leaves the line as soon as it is one, so that nobody reads it over a shoulder."""
        if self._take_login(text):
            return
        self._login.setVisible(takes_login(text))
        self._check()

    def _take_login(self, text: str) -> bool:
        found = taken_apart(text)
        if found is None:
            return False
        is_whole = "@" in text
        self.user.setText(found.user)
        self.password.setText(found.password)
        self.source.blockSignals(True)
        self.source.setText(found.source)
        self.source.blockSignals(False)
        self._login.show()
        if not is_whole:  # the rest of the password goes on there
            self.password.setFocus()
            self.password.end(False)
        self._check()
        return True

    # -- the search -----------------------------------------------------------------------------------------------

    def showEvent(self, event: QtGui.QShowEvent) -> None:
        super().showEvent(event)
        if self._finder is None:
            self._finder = self._make_finder()
            self.looking.setText(tr("looking for cameras …"))
            self._timer.start(_LOOK_MS)

    def done(self, result: int) -> None:
        self.stop()
        super().done(result)

    def closeEvent(self, event: QtGui.QCloseEvent) -> None:
        self.stop()
        super().closeEvent(event)

    def stop(self) -> None:
        """Look no more; returns at once."""
        self._timer.stop()
        if self._finder is not None:
            self._finder.close()
            self._finder = None
        for line in (self.user, self.password):
            line.clear()

    def _look(self) -> None:
        if self._finder is None:
            return
        states = self._finder.states()
        if self._finder.ended:
            self.looking.setText(tr("The search has ended: {why}", why=self._finder.ended))
            theme.set_tone(self.looking, "warn")
            self._timer.stop()
            return
        if states == self._seen:
            return
        self._seen = states
        self._show_here(states)
        self._show_missing(states)
        late = [s.title for s in states if s.is_late]
        waiting = [s for s in states if s.available and not s.is_known and not s.is_late]
        if late:
            self.looking.setText(tr("No answer from {families}.", families=", ".join(late)))
        elif waiting or not states:
            self.looking.setText(tr("looking for cameras …"))
        else:
            found = sum(len(s.cameras) for s in states)
            words = tr("{n} found", n=found) if found else tr("No camera is plugged in.")
            self.looking.setText(words + " " + tr("A camera that comes shows by itself."))

    def _show_here(self, states: Sequence[FamilyState]) -> None:
        found = {c.source: (c, s) for s in states for c in s.cameras}
        group = self.groups["here"]
        for k in reversed(range(group.childCount())):
            if group.child(k).data(0, _SOURCE)[0] not in found:
                group.takeChild(k)
        there = {group.child(k).data(0, _SOURCE)[0] for k in range(group.childCount())}
        for source, (camera, state) in found.items():
            if source not in there:
                self._put("here", camera.title or state.title, source, camera.detail)
        self._show_groups()

    def _show_missing(self, states: Sequence[FamilyState]) -> None:
        group = self.groups["missing"]
        group.takeChildren()
        for state in states:
            if state.available and not state.problem and not state.is_late:
                continue
            why = state.reason or state.problem or tr("it does not answer")
            item = QtWidgets.QTreeWidgetItem(group, [state.title, f"{state.name}:", state.how or why])
            item.setFlags(QtCore.Qt.ItemFlag.ItemIsEnabled)
            for column in range(3):
                item.setToolTip(column, "\n".join(filter(None, (why, state.how))))
                item.setForeground(column, QtGui.QColor(theme.now().dim))
        self._show_groups()

    # -- the list -------------------------------------------------------------------------------------------------

    def _group(self, title: str) -> QtWidgets.QTreeWidgetItem:
        item = QtWidgets.QTreeWidgetItem(self.list, [title])
        item.setFlags(QtCore.Qt.ItemFlag.ItemIsEnabled)
        item.setFirstColumnSpanned(True)
        item.setExpanded(True)
        item.setHidden(True)
        font = item.font(0)
        font.setBold(True)
        item.setFont(0, font)
        return item

    def _put(
        self, group: str, title: str, shown: str, about: str, sources: Sequence[str] = ()
    ) -> QtWidgets.QTreeWidgetItem:
        parent = self.groups[group]
        item = QtWidgets.QTreeWidgetItem([title or shown.partition(":")[0], shown, about])
        item.setFlags(item.flags() | QtCore.Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(0, QtCore.Qt.CheckState.Unchecked)
        item.setData(0, _SOURCE, list(sources) or [shown])
        for column, words in enumerate((title, shown, about)):
            item.setToolTip(column, words)
        parent.addChild(item)
        self._show_groups()
        return item

    def _show_groups(self) -> None:
        for group in self.groups.values():
            group.setHidden(group.childCount() == 0)
            group.setExpanded(True)
        for column, most in ((0, 300), (1, 360)):
            self.list.resizeColumnToContents(column)
            self.list.setColumnWidth(column, min(most, self.list.columnWidth(column) + 12))

    def _items(self) -> list[QtWidgets.QTreeWidgetItem]:
        """All that can be ticked."""
        groups = [g for key, g in self.groups.items() if key != "missing"]
        return [group.child(k) for group in groups for k in range(group.childCount())]

    def _item_of(self, shown: str) -> QtWidgets.QTreeWidgetItem | None:
        return next((i for i in self._items() if i.data(0, _SOURCE) == [shown]), None)

    def _double_clicked(self, item: QtWidgets.QTreeWidgetItem) -> None:
        """Show this one alone."""
        if item.data(0, _SOURCE) is None:
            return
        for other in self._items():
            other.setCheckState(0, QtCore.Qt.CheckState.Unchecked)
        item.setCheckState(0, QtCore.Qt.CheckState.Checked)
        self.accept()
