"""What the parts of work share: a task begins, and a window with a recording is not left by mistake."""

from __future__ import annotations

from pathlib import Path

from gui.actions.keys import sentence
from gui.feed import Mode
from gui.part import Desk
from gui.qt import QtWidgets, is_alive
from gui.words import mark, tr
from gui.work.fields import WorkDialog
from gui.work.orders import Order
from gui.work.task_words import title
from gui.work.tasks import shared_book
from recordings import samples

FOLDER_SETTING = "work.files_folder"
"""Where the last session was opened from."""


def begin(desk: Desk, order: Order) -> int:
    """Let a task begin, and say so.

    Returns:
        Its number in the book.
    """
    number = shared_book().add(order)
    shows = mark("{task}: begun; {keys} shows how far it is")
    desk.say(sentence(desk.actions.get("tasks"), shows, mark("{task}: begun"), task=title(order)))
    return number


def show_form(desk: Desk, before: WorkDialog | None, dialog: WorkDialog) -> WorkDialog:
    """A form beside the picture, in place of the one before; what is asked for begins as a task.

    Returns:
        The form that is shown now.
    """
    if before is not None and is_alive(before):
        before.reject()
    dialog.setModal(False)
    dialog.accepted.connect(lambda: begin(desk, dialog.order()))
    dialog.finished.connect(lambda _: dialog.deleteLater())
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()
    return dialog


def ask(desk: Desk, heading: str, words: str, yes: str, no: str) -> bool:
    """A question whose careful answer is the default. The picture goes on behind it."""
    box = QtWidgets.QMessageBox(desk.window)
    box.setWindowTitle(heading)
    box.setIcon(QtWidgets.QMessageBox.Icon.Question)
    box.setText(heading)
    box.setInformativeText(words)
    roles = QtWidgets.QMessageBox.ButtonRole
    go = box.addButton(yes, roles.DestructiveRole)
    stay = box.addButton(no, roles.RejectRole)
    box.setDefaultButton(stay)
    box.setEscapeButton(stay)
    box.exec()
    return box.clickedButton() is go


def may_leave(desk: Desk) -> bool:
    """Whether what is shown may be left: asks where that would end a recording."""
    status = desk.status
    if desk.mode is not Mode.LIVE or status is None or status.recording is None or status.recording.is_over:
        return True
    return ask(
        desk,
        tr("A recording is running"),
        tr(
            "Opening something else ends the recording {name}. What was recorded is kept.",
            name=status.recording.path.name,
        ),
        tr("End the recording"),
        tr("Go on recording"),
    )


def shown_session(desk: Desk) -> Path | None:
    """The session that is replayed; None while cameras are watched."""
    if desk.mode is not Mode.REPLAY:
        return None
    path = getattr(desk.feed, "path", None)
    return path if isinstance(path, Path) else None


def files_folder(desk: Desk) -> Path:
    """Where files are looked for and written."""
    kept = desk.settings.get(FOLDER_SETTING)
    path = Path(kept) if isinstance(kept, str) and kept else Path.home()
    return path if path.is_absolute() else Path.home()


def is_bundled(path: Path) -> bool:
    """Whether a session came with the program."""
    return path.absolute().parent == Path(samples.__file__).parent
