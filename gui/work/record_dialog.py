"""Where, how, and under which name a recording is made, and how long the disk lasts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from gui.feed import FeedStatus
from gui.qt import QtCore, QtWidgets
from gui.settings import Settings
from gui.status.recording_words import size_words
from gui.words import mark, tr
from gui.work import places
from gui.work.errands import Errands
from gui.work.file_dialog import FileDialog

_PROFILE_WORDS: Final = {
    "evidence": mark("Evidence: every frame, without loss"),
    "watch": mark("Watch: a few frames a second, and clips without loss round faces and events"),
    "events": mark("Events: clips round faces and events alone"),
}
_BYTES: Final = {"uint8": 1, "uint16": 2}


class RecordDialog(QtWidgets.QDialog):
    """Beside the picture, which goes on.

    Args:
        start: called with the file, the profile and the layout.
    """

    def __init__(self, parent: QtWidgets.QWidget, start: Callable[[Path, str, str], None]) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Record as"))
        self._start = start
        self._errands = Errands("tapetum-disk-room")
        self._free: int | str | None = None
        self._asked = ""
        self._rate: float | None = None
        self._is_measured = False

        self.folder = QtWidgets.QLineEdit()
        self.name = QtWidgets.QLineEdit()
        self.profile = QtWidgets.QComboBox()
        self.compact = QtWidgets.QCheckBox(tr("Compact: smaller, for this program alone"))
        self.room = QtWidgets.QLabel()
        self.room.setWordWrap(True)
        browse = QtWidgets.QPushButton(tr("Choose …"))
        browse.clicked.connect(self._browse)
        for widget, name, tip in (
            (self.folder, tr("Folder"), tr("Where the recording is written; it is made where it is not there.")),
            (self.name, tr("Name"), tr("Of the file; where that name is taken, the next one that is free.")),
            (self.profile, tr("Profile"), tr("What of the frames is kept.")),
            (self.compact, tr("Compact"), tr("Less room on the disk; other programs cannot show the pictures.")),
            (browse, tr("Choose the folder"), tr("Choose the folder.")),
        ):
            widget.setAccessibleName(name)
            widget.setToolTip(tip)
        for key in places.PROFILES:
            self.profile.addItem(tr(_PROFILE_WORDS[key]), key)
        row = QtWidgets.QHBoxLayout()
        row.addWidget(self.folder, 1)
        row.addWidget(browse)
        form = QtWidgets.QFormLayout(self)
        form.addRow(tr("Folder"), row)
        form.addRow(tr("Name"), self.name)
        form.addRow(tr("Profile"), self.profile)
        form.addRow("", self.compact)
        form.addRow(tr("Room"), self.room)
        buttons = QtWidgets.QDialogButtonBox(QtWidgets.QDialogButtonBox.StandardButton.Cancel)
        self.begin = buttons.addButton(tr("Record"), QtWidgets.QDialogButtonBox.ButtonRole.AcceptRole)
        for button in (browse, buttons.button(QtWidgets.QDialogButtonBox.StandardButton.Cancel)):
            button.setAutoDefault(False)  # Enter records
        self.begin.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)
        self.folder.textChanged.connect(self._ask_room)
        self.name.textChanged.connect(self._allow)
        self.setMinimumWidth(620)

    def ask(self, settings: Settings, status: FeedStatus) -> None:
        """Open it with what was chosen last."""
        self.folder.setText(str(places.folder_of(settings)))
        self.name.setText(places.new_name())
        profile = places.choice_of(settings, places.PROFILE, places.PROFILES) or places.PROFILES[0]
        self.profile.setCurrentIndex(places.PROFILES.index(profile))
        self.compact.setChecked(places.choice_of(settings, places.LAYOUT, places.LAYOUTS) == "compact")
        self._asked = ""
        self._ask_room()
        self.look(status)
        self.name.setFocus()
        self.name.selectAll()
        self.open()
        self.begin.setDefault(True)  # the box of buttons chooses one of its own when it is shown

    def look(self, status: FeedStatus) -> None:
        """A few times a second: how much room there is."""
        self._errands.look()
        measured = None if status.recording is None else status.recording.bytes_per_second
        self._is_measured = bool(measured)
        self._rate = measured or sum(
            s.info.width
            * s.info.height
            * (3 if s.info.kind == "color" else 1)
            * _BYTES[s.info.dtype]
            * (s.fps or s.info.fps)
            for s in status.streams
        )
        self.room.setText(self._room_words())

    def accept(self) -> None:
        if not self.begin.isEnabled():
            return
        super().accept()
        name = self.name.text().strip()
        path = Path(self.folder.text().strip()).expanduser() / (name if name.endswith(".mcap") else f"{name}.mcap")
        layout = "compact" if self.compact.isChecked() else "viewable"
        self._start(path, str(self.profile.currentData()), layout)

    def shut(self) -> None:
        """The window goes."""
        self.close()
        self._errands.close()

    def _allow(self) -> None:
        name, folder = self.name.text().strip(), self.folder.text().strip()
        good = bool(name) and "/" not in name and "\\" not in name and name not in (".", "..")
        self.begin.setEnabled(good and Path(folder).expanduser().is_absolute())
        self.begin.setToolTip("" if self.begin.isEnabled() else tr("A whole path and a name without / are needed."))

    def _ask_room(self) -> None:
        self._allow()
        text = self.folder.text().strip()
        if text == self._asked or not self.begin.isEnabled():
            return
        self._asked, self._free = text, None
        folder = Path(text).expanduser()

        def told(found: int | Exception) -> None:
            if text == self._asked:
                self._free = str(found) if isinstance(found, Exception) else found

        if not self._errands.run(lambda: places.free_bytes(folder), told):
            self._asked = ""  # too many wait: asked again with the next letter

    def _room_words(self) -> str:
        if self._free is None:
            return tr("asking the disk …")
        if isinstance(self._free, str):
            return tr("cannot be told: {why}", why=self._free)
        words = tr("{size} free", size=size_words(self._free))
        if not self._rate:
            return words
        hours = self._free / self._rate / 3600
        lasts = tr("{n:.0f} min", n=60 * hours) if hours < 2 else tr("{n:.1f} h", n=hours)
        rate = size_words(self._rate)
        if self._is_measured:
            return words + ", " + tr("enough for {time} at {rate}/s, as the last recording took", time=lasts, rate=rate)
        return words + ", " + tr("enough for at least {time} ({rate}/s before compression)", time=lasts, rate=rate)

    def _browse(self) -> None:
        chooser = FileDialog(self, tr("Folder of recordings"), self.folder.text())
        chooser.setFileMode(QtWidgets.QFileDialog.FileMode.Directory)
        chooser.setOption(QtWidgets.QFileDialog.Option.ShowDirsOnly, True)
        chooser.fileSelected.connect(self.folder.setText)
        chooser.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.open()
