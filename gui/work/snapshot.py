"""One key: the moment as files, raw and as seen, without a question."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from drivers.frame import Frame
from gui.feed import FeedStatus, Shown
from gui.part import Desk, Part
from gui.qt import QtCore, QtWidgets
from gui.tiles.board import Board
from gui.tiles.board_tile import title_of
from gui.tiles.face_pictures import GENERATED_KINDS
from gui.words import tr
from gui.work import places
from gui.work.errands import Errands
from gui.work.file_dialog import FileDialog
from gui.work.snapshot_files import OwnWindow, Save, Snapshot, write_snapshot

_LOOK_MS: Final = 50


class SnapshotPart(Part):
    """The actions ``snapshot`` and ``snapshot_as``."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._errands = Errands("tapetum-snapshot")
        self._frames: dict[str, Frame] = {}
        self._waiting = 0
        self._timer = QtCore.QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)

    def show_result(self, shown: Shown) -> None:
        self._frames.update(shown.frame_set.frames)

    def snapshot_now(self) -> None:
        """Into the folder of the settings; where is said."""
        folder = places.folder_of(self.desk.settings) / places.new_name("snapshot")
        self._save(folder)

    def snapshot_as(self) -> QtWidgets.QFileDialog:
        """The same, where the operator says; the moment is that of the key."""
        snapshot = self._take()
        folder = places.folder_of(self.desk.settings)
        chooser = FileDialog(self.desk.window, tr("Save the moment as a folder"))
        chooser.setAcceptMode(QtWidgets.QFileDialog.AcceptMode.AcceptSave)
        chooser.setFileMode(QtWidgets.QFileDialog.FileMode.AnyFile)
        chooser.setDirectory(str(folder if folder.is_dir() else Path.home()))
        chooser.selectFile(places.new_name("snapshot"))
        chooser.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(lambda name: self._write(snapshot, Path(name)))
        chooser.open()
        return chooser

    def close(self) -> None:
        self._timer.stop()
        self._errands.close()

    def _save(self, folder: Path) -> None:
        self._write(self._take(), folder)

    def _take(self) -> Snapshot:
        """Everything as it is now; nothing of it is copied or encoded here but the pictures of the windows."""
        status: FeedStatus | None = self.desk.status
        return Snapshot(
            self.desk.shown,
            dict(self._frames),
            "" if status is None else status.title,
            str(self.desk.mode),
            _picture_of(self.desk.window),
            _own_windows(self.desk.window),
        )

    def _write(self, snapshot: Snapshot, folder: Path) -> None:
        if not self._errands.run(lambda: write_snapshot(snapshot, folder), self._told):
            self.desk.say(tr("not saved: the disk has not finished the pictures before this one"), True)
            return
        self._waiting += 1
        self._timer.start()
        self.desk.say(tr("saving {path}", path=places.short(folder)))

    def _look(self) -> None:
        self._errands.look()

    def _told(self, found: Path | Exception) -> None:
        self._waiting -= 1
        if not self._waiting:
            self._timer.stop()
        if isinstance(found, Exception):
            self.desk.tell("snapshot", tr("The picture could not be saved: {why}", why=found))
        else:
            self.desk.tell("snapshot", "")
            self.desk.say(tr("saved in {path}", path=places.short(found)))


def _picture_of(widget: QtWidgets.QWidget) -> Save:
    """As it is seen now; to be written by another thread."""
    image = widget.grab().toImage()
    return lambda path: bool(image.save(str(path), "PNG"))


def _own_windows(window: QtWidgets.QWidget) -> list[OwnWindow]:
    """The tiles that were taken out of a window; of a window without tiles none."""
    board: Board | None = getattr(window, "pictures", None)
    return [
        OwnWindow(
            title_of(own.tile.source),
            own.tile.source.key.removeprefix("stream/"),
            own.tile.source.to_json(),
            own.tile.source.picture in GENERATED_KINDS,
            _picture_of(own),
        )
        for own in ([] if board is None else board.windows)
    ]
