"""Picking cameras in the window."""

from __future__ import annotations

from gui.part import Desk, Part
from gui.qt import is_alive
from gui.work.begin import may_leave
from gui.work.camera_picker import CameraPicker
from gui.work.sources import RECENT, with_choice


class CamerasPart(Part):
    """Opens the list of cameras; what is chosen takes the place of what is shown."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.picker: CameraPicker | None = None

    def pick_cameras(self) -> None:
        """Show the list. The picture goes on beside it."""
        if self.picker is None or not is_alive(self.picker):
            self.picker = CameraPicker(self.desk.settings.get(RECENT), self.desk.window)
            self.picker.chosen.connect(self._watch)
            self.picker.finished.connect(self._over)
        self.picker.show()
        self.picker.raise_()
        self.picker.activateWindow()

    def close(self) -> None:
        if self.picker is not None and is_alive(self.picker):
            self.picker.reject()

    def _watch(self, sources: list[str]) -> None:
        if may_leave(self.desk):
            self.desk.settings.set(RECENT, with_choice(self.desk.settings.get(RECENT), sources))
            self.desk.watch(sources)

    def _over(self) -> None:
        picker, self.picker = self.picker, None
        if picker is not None:
            picker.deleteLater()
