"""Many sessions without a screen, and what can be saved of a torn one."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from gui.look.buttons import plain_button
from gui.qt import QtWidgets
from gui.words import tr
from gui.work import file_dialog
from gui.work.fields import PathField, WorkDialog, check, output_problem
from gui.work.orders import Order, batch_order, recover_order


class BatchDialog(WorkDialog):
    """
    Args:
        paths: sessions, and folders of sessions.
        folder: where results are suggested to go.
    """

    def __init__(self, paths: Sequence[Path], folder: Path, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(
            tr("Process sessions"),
            tr(
                "Every session is looked at from its beginning to its end: tables of what was seen, and a video with "
                "it. What was finished before is not done again."
            ),
            tr("Begin"),
            parent,
        )
        self.list = QtWidgets.QListWidget()
        self.list.setAccessibleName(tr("Sessions and folders"))
        self.list.setSelectionMode(QtWidgets.QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setMinimumHeight(100)
        self.list.setMaximumHeight(180)
        self.row(tr("&Sessions"), self.list, tr("Sessions, and folders in which all sessions are taken."))
        self.add_files = plain_button(tr("Add sessions …"), tr("Choose session files."))
        self.add_files.clicked.connect(self._choose_files)
        self.add_folder = plain_button(tr("Add a folder …"), tr("All sessions in a folder and in those below it."))
        self.add_folder.clicked.connect(self._choose_folder)
        self.remove = plain_button(tr("Take away"), tr("Take the chosen ones off this list; the files stay."))
        self.remove.clicked.connect(self._take_away)
        buttons = QtWidgets.QHBoxLayout()
        for button in (self.add_files, self.add_folder, self.remove):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.form.addRow("", buttons)
        self.output = PathField(tr("Results"), tr("A folder; each session gets one of its own in it."), "folder")
        self.output.set_path(folder)
        self.row(tr("&Results"), self.output)
        self.video = check(
            tr("Write a video"), tr("The pictures with what was seen in them, and a contact sheet."), True
        )
        self.form.addRow(self.video)
        self.again = check(tr("Process finished ones again"), tr("What was made of them before is replaced."))
        self.form.addRow(self.again)
        self.workers = QtWidgets.QSpinBox()
        self.workers.setRange(1, max(1, os.cpu_count() or 1))
        self.workers.setMaximumWidth(120)
        self.row(tr("&Workers"), self.workers, tr("Sessions at the same time. More than one slows the picture."))
        for path in paths:
            self.add(path)
        self.output.changed.connect(self._check)
        self._check()
        self.fit(680, 520)

    @property
    def paths(self) -> list[Path]:
        return [Path(self.list.item(k).text()) for k in range(self.list.count())]

    def add(self, path: Path) -> None:
        """Once each."""
        if path not in self.paths:
            self.list.addItem(str(path))
        self._check()

    def order(self) -> Order:
        """What was asked for.

        Raises:
            ValueError: nothing was.
        """
        folder = self.output.path
        if folder is None or not self.paths:
            raise ValueError(tr("Choose sessions and a folder for the results."))
        return batch_order(self.paths, folder, self.workers.value(), self.video.isChecked(), self.again.isChecked())

    def _choose_files(self) -> None:
        found = file_dialog.open_files(self, tr("Sessions"), "", tr("Sessions (*.mcap)"))
        for name in found:
            self.add(Path(name))

    def _choose_folder(self) -> None:
        found = file_dialog.open_folder(self, tr("A folder of sessions"))
        if found:
            self.add(Path(found))

    def _take_away(self) -> None:
        for item in self.list.selectedItems():
            self.list.takeItem(self.list.row(item))
        self._check()

    def _check(self) -> None:
        problem = ""
        if not self.list.count():
            problem = tr("Add a session or a folder of sessions.")
        elif self.output.path is None:
            problem = tr("Say where the results go.")
        elif self.output.path.is_file():
            problem = tr("The results go to a folder; {name} is a file.", name=self.output.path.name)
        self.show_problem(problem)


class RecoverDialog(WorkDialog):
    """
    Args:
        session: torn or damaged.
        why: what is known of it.
        folder: where the new session is suggested to be written.
    """

    def __init__(self, session: Path, why: str, folder: Path, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(
            tr("Save what can be read of {name}", name=session.name),
            "\n\n".join(
                filter(
                    None,
                    (
                        why,
                        tr("What is whole is written to a new session, and what was lost is told. This file stays."),
                    ),
                )
            ),
            tr("Recover"),
            parent,
        )
        self._session = session
        name = session.name.removesuffix(".part").removesuffix(".mcap")
        self.output = PathField(tr("New session"), tr("The session to write."), "save", tr("Sessions (*.mcap)"))
        self.output.set_path(folder / f"{name}-recovered.mcap")
        self.row(tr("&New session"), self.output)
        self.overwrite = check(tr("Replace a session of that name"), tr("What is there under that name is lost."))
        self.form.addRow(self.overwrite)
        self.output.changed.connect(self._check)
        self.overwrite.toggled.connect(lambda _: self._check())
        self._check()
        self.fit(620, 320)

    def order(self) -> Order:
        """What was asked for.

        Raises:
            ValueError: no place was named.
        """
        path = self.output.path
        if path is None:
            raise ValueError(tr("Say where to write."))
        return recover_order(self._session, path, self.overwrite.isChecked())

    def _check(self) -> None:
        problem = output_problem(self.output.path, ".mcap", self.overwrite.isChecked())
        if self.output.path == self._session:
            problem = tr("That is the damaged session itself: choose another name.")
        self.show_problem(problem)
