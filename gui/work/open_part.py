"""Opening things: by the file dialog, from the list of recent ones, or dropped on the window."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gui.part import Desk, Part
from gui.qt import QtCore, QtGui, QtWidgets, is_alive
from gui.words import tr
from gui.work import look_at
from gui.work.asking import Answer, ask_about, ask_for_formats
from gui.work.batch_dialog import BatchDialog, RecoverDialog
from gui.work.begin import FOLDER_SETTING, files_folder, is_bundled, may_leave, show_form, shown_session
from gui.work.fields import WorkDialog
from gui.work.file_dialog import FileDialog
from gui.work.import_dialog import ImportDialog
from gui.work.questions import Questions
from gui.work.task_words import place_words

RECENT = "work.recent"
MOST_RECENT = 10
_MOST_DROPPED = 1000


class OpenPart(Part):
    """A session opens; what can become one is offered for import; what is neither is said what it is. Files are looked
    at by a process of its own, since a disk in the network may hang."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.questions = Questions(self)
        self.dialog: WorkDialog | None = None
        self._menu: QtWidgets.QMenu | None = None

    def ready(self) -> None:
        shown = shown_session(self.desk)
        if shown is not None and not is_bundled(shown):
            self._remember(shown)
        action = self.desk.actions.get("open_recent")
        if action is not None:
            self._menu = QtWidgets.QMenu(self.desk.window)
            self._menu.setToolTipsVisible(True)
            self._menu.aboutToShow.connect(self._fill_recent)
            action.setMenu(self._menu)

    # -- the actions ----------------------------------------------------------------------------------------------

    def open_file(self) -> None:
        """Choose a file: a session, or what can become one."""
        self._choose(QtWidgets.QFileDialog.FileMode.ExistingFiles)

    def open_folder(self) -> None:
        """Choose a folder: images or a data set to import, or a folder of sessions."""
        self._choose(QtWidgets.QFileDialog.FileMode.Directory)

    def open_recent(self) -> None:
        """The sessions that were shown last."""
        if self._menu is not None:
            center = self.desk.window.mapToGlobal(self.desk.window.rect().center())
            self._menu.popup(center)

    def open_paths(self, paths: Sequence[Path]) -> None:
        """One thing, or several sessions to process."""
        if len(paths) > 1:
            self._show(BatchDialog(paths[:_MOST_DROPPED], paths[0].parent / "out", self.desk.window))
        elif paths:
            self._look(paths[0])

    # -- drag and drop --------------------------------------------------------------------------------------------

    def drag_enter(self, event: QtGui.QDragEnterEvent) -> bool:
        return bool(_local_paths(event.mimeData()))

    def drop(self, event: QtGui.QDropEvent) -> bool:
        paths = _local_paths(event.mimeData())
        if not paths:
            return False
        self.open_paths(paths)
        return True

    def close(self) -> None:
        self.questions.close()
        if self.dialog is not None and is_alive(self.dialog):
            self.dialog.reject()

    # -- inside ---------------------------------------------------------------------------------------------------

    def _choose(self, mode: QtWidgets.QFileDialog.FileMode) -> None:
        dialog = FileDialog(self.desk.window, tr("Open"), str(files_folder(self.desk)))
        dialog.setFileMode(mode)
        if mode == QtWidgets.QFileDialog.FileMode.ExistingFiles:
            dialog.setNameFilters([tr("Sessions and recordings of other programs (*)"), tr("Sessions (*.mcap)")])
        if dialog.exec():
            paths = [Path(name) for name in dialog.selectedFiles()]
            if paths:
                self.desk.settings.set(FOLDER_SETTING, str(paths[0].parent))
            self.open_paths(paths)
        dialog.deleteLater()

    def _look(self, path: Path) -> None:
        self.desk.tell("open", "")
        self.desk.say(tr("looking at {name} …", name=path.name))
        self.questions.forget()  # what was asked for last is opened, not what answers first
        self.questions.ask(ask_about(path), lambda answer: self._looked(path, answer))

    def _looked(self, path: Path, answer: Answer) -> None:
        found: dict[str, Any] = answer.data or {"kind": look_at.UNKNOWN, "words": answer.problem}
        kind, words = found.get("kind"), str(found.get("words", ""))
        if kind == look_at.SESSION:
            self._open(path)
        elif kind == look_at.TORN:
            self._show(RecoverDialog(path, words, path.parent, self.desk.window))
        elif kind == look_at.IMPORT:
            self.desk.say(words)
            recognised = [str(name) for name in found.get("formats", ())]
            self.questions.ask(ask_for_formats(), lambda formats: self._offer_import(path, recognised, formats))
        elif kind == look_at.SESSIONS:
            self._show(BatchDialog([path], path.parent / f"{path.name}-out", self.desk.window))
        elif kind == look_at.RIG:
            if may_leave(self.desk):
                self.desk.watch([str(path)])
        else:
            self.desk.say(tr("{name} cannot be opened", name=path.name), True)
            self.desk.tell("open", words)

    def _open(self, path: Path) -> None:
        if may_leave(self.desk):
            self._remember(path)
            self.desk.open_session(path)

    def _offer_import(self, path: Path, recognised: list[str], answer: Answer) -> None:
        formats = [] if answer.data is None else list(answer.data.get("import", ()))
        if not formats:
            self.desk.tell("open", answer.problem or tr("nothing can be imported here"))
            return
        self._show(ImportDialog(path, recognised, formats, path.parent, self.desk.window))

    def _show(self, dialog: WorkDialog) -> None:
        """Beside the picture; what is asked for begins as a task."""
        self.dialog = show_form(self.desk, self.dialog, dialog)

    # -- recent ---------------------------------------------------------------------------------------------------

    def recent(self) -> list[Path]:
        """Sessions that were shown, the last one first; what the settings say is checked."""
        kept = self.desk.settings.get(RECENT, [])
        if not isinstance(kept, list):
            return []
        return [Path(name) for name in kept if isinstance(name, str) and name][:MOST_RECENT]

    def _remember(self, path: Path) -> None:
        path = path.absolute()
        others = [p for p in self.recent() if p != path]
        self.desk.settings.set(RECENT, [str(p) for p in (path, *others)][:MOST_RECENT])

    def _fill_recent(self) -> None:
        menu = self._menu
        if menu is None:
            return
        menu.clear()
        for path in self.recent():
            action = menu.addAction(place_words(path))
            action.setToolTip(str(path))
            action.triggered.connect(lambda _checked=False, path=path: self.open_paths([path]))
        if menu.isEmpty():
            menu.addAction(tr("no session was opened yet")).setEnabled(False)
            return
        menu.addSeparator()
        menu.addAction(tr("Forget these")).triggered.connect(lambda: self.desk.settings.set(RECENT, []))


def _local_paths(mime: QtCore.QMimeData | None) -> list[Path]:
    if mime is None or not mime.hasUrls():
        return []
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
