"""Work on the session that is shown, and on many: export, batch, verify, recover, calibrate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gui.feed import Mode
from gui.part import Desk, Part
from gui.qt import is_alive
from gui.words import tr
from gui.work import look_at
from gui.work.asking import Answer, ask_about, ask_for_formats
from gui.work.batch_dialog import BatchDialog, RecoverDialog
from gui.work.begin import begin, files_folder, is_bundled, show_form, shown_session
from gui.work.calibrate_dialog import CalibrateDialog
from gui.work.export_dialog import Exportable, ExportDialog
from gui.work.fields import WorkDialog
from gui.work.orders import verify_order
from gui.work.questions import Questions


class SessionWorkPart(Part):
    """Asks what is needed in a form, and lets a task begin."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.questions = Questions(self)
        self.dialog: WorkDialog | None = None

    def export_part(self) -> None:
        """A part of the replay, or all of it, in a form of choice."""
        path = shown_session(self.desk)
        if path is None:
            return
        self.desk.say(tr("looking at {name} …", name=path.name))
        self.questions.ask(ask_about(path), lambda session: self._export_looked(path, session))

    def process_batch(self) -> None:
        """Many sessions without a screen."""
        path = shown_session(self.desk)
        folder = files_folder(self.desk)
        self._show(BatchDialog([] if path is None else [path], folder / "tapetum-out", self.desk.window))

    def verify_session(self) -> None:
        """Check the session that is shown."""
        path = shown_session(self.desk)
        if path is not None:
            begin(self.desk, verify_order(path))

    def recover_session(self) -> None:
        """Save what can be read of the session that is shown."""
        path = shown_session(self.desk)
        if path is not None:
            folder = files_folder(self.desk) if is_bundled(path) else path.parent
            self._show(RecoverDialog(path, "", folder, self.desk.window))

    def calibrate(self) -> None:
        """Lenses and places of cameras from a board."""
        is_live = self.desk.mode is Mode.LIVE
        self._show(CalibrateDialog(shown_session(self.desk), files_folder(self.desk), is_live, self.desk.window))

    def close(self) -> None:
        self.questions.close()
        if self.dialog is not None and is_alive(self.dialog):
            self.dialog.reject()

    # -- inside ---------------------------------------------------------------------------------------------------

    def _export_looked(self, path: Path, session: Answer) -> None:
        data = session.data
        if data is None or data.get("kind") != look_at.SESSION:
            words = session.problem if data is None else str(data.get("words", ""))
            self.desk.tell("export", tr("{name} cannot be exported: {why}", name=path.name, why=words))
            return
        self.desk.tell("export", "")
        self.questions.ask(ask_for_formats(), lambda formats: self._export_known(path, data, formats))

    def _export_known(self, path: Path, data: dict[str, Any], formats: Answer) -> None:
        shown = self.desk.shown
        seconds = float(data.get("seconds", 0.0))
        cursor = None
        if shown is not None:
            cursor = min(seconds, max(0.0, (shown.frame_set.host_ns - int(data.get("begin_ns", 0))) / 1e9))
        streams = tuple((str(s["name"]), str(s["kind"])) for s in data.get("streams", ()))
        folder = files_folder(self.desk) if is_bundled(path) else None  # an installation is no place for results
        what = Exportable(path, streams, seconds, self._part_s(), cursor, folder)
        self._show(ExportDialog(what, [] if formats.data is None else formats.data["export"], self.desk.window))

    def _part_s(self) -> tuple[float, float] | None:
        """The marked part, in seconds of the session."""
        told = getattr(getattr(self.desk.window, "replay", None), "part_s", None)
        return None if told is None else told()

    def _show(self, dialog: WorkDialog) -> None:
        self.dialog = show_form(self.desk, self.dialog, dialog)
