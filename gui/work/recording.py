"""Recording while the picture runs, and saving the last seconds: one key each, no dialog."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from gui.actions.keys import sentence
from gui.feed import FeedStatus, KeptStatus, Mode, Phase, RecordingStatus, SaveStatus
from gui.look.icons import icon
from gui.part import Desk, Part
from gui.qt import QtGui
from gui.status.recording_words import size_words
from gui.words import mark, tr
from gui.work import places
from gui.work.begin import ask
from gui.work.record_dialog import RecordDialog
from pipeline.errors import PipelineError

_SUFFIX: Final = ".mcap"


class RecordingPart(Part):
    """The actions ``record``, ``record_as`` and ``save_last``, and what is said of them."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.dialog: RecordDialog | None = None
        self._told: tuple[Path, str] | None = None
        self._saves: dict[int, str] = {}
        self._is_on: bool | None = None

    def ready(self) -> None:
        save = self.desk.actions.get("save_last")
        if save is not None:
            save.setIcon(icon("save_last", "record"))
        record_as = self.desk.actions.get("record_as")
        if record_as is not None:
            record_as.setIcon(icon("record_as", "record"))

    # -- what the keys do ----------------------------------------------------------------------------------------

    def toggle_recording(self) -> None:
        """Record, or end the recording. Nothing is asked: the name is said."""
        recording = self.desk.feed.status().recording
        if recording is not None and recording.is_on:
            self.desk.feed.stop_recording()
            self.desk.say(tr("recording ends: {name} is being finished", name=recording.path.name))
            return
        settings = self.desk.settings
        self._start(
            places.folder_of(settings) / (places.new_name() + _SUFFIX),
            places.choice_of(settings, places.PROFILE, places.PROFILES),
            places.choice_of(settings, places.LAYOUT, places.LAYOUTS),
        )

    def record_as(self) -> RecordDialog:
        """Ask where, how, and under which name; say how long the disk lasts."""
        if self.dialog is None:
            self.dialog = RecordDialog(self.desk.window, self._start_as)
        status = self.desk.feed.status()
        self.dialog.ask(self.desk.settings, status)
        return self.dialog

    def save_last(self) -> None:
        """Save the last seconds as a session, while everything goes on."""
        seconds = places.last_s_of(self.desk.settings)
        path = places.folder_of(self.desk.settings) / (places.new_name(f"last-{seconds}s") + _SUFFIX)
        kept = self.desk.feed.status().kept
        try:
            self.desk.feed.save_last(seconds, path)
        except PipelineError as error:
            self.desk.say(str(error), True)
            return
        reach = seconds if kept is None else min(seconds, kept.reach_s)
        self.desk.say(tr("saving the last {n:.0f} s: {name}", n=reach, name=path.name))

    def _start_as(self, path: Path, profile: str, layout: str) -> None:
        recording = self.desk.feed.status().recording
        if recording is not None and recording.is_on:
            self.desk.say(tr("{name} is being recorded already: end that first", name=recording.path.name), True)
            return
        for name, value in ((places.FOLDER, str(path.parent)), (places.PROFILE, profile), (places.LAYOUT, layout)):
            self.desk.settings.set(name, value)
        self._start(path, profile, layout)

    def _start(self, path: Path, profile: str, layout: str) -> None:
        try:
            self.desk.feed.start_recording(path, profile, layout)
        except PipelineError as error:
            self.desk.say(str(error), True)
            return
        self.desk.say(_where_words(path))

    def may_close(self) -> bool:
        """Whether the window may go: asks when that would end a recording."""
        recording = self.desk.feed.status().recording
        if self.desk.mode is not Mode.LIVE or recording is None or recording.is_over:
            return True
        return ask(
            self.desk,
            tr("A recording is running"),
            tr("Closing ends the recording {name}. What was recorded is kept.", name=recording.path.name),
            tr("End the recording"),
            tr("Go on recording"),
        )

    # -- what is said --------------------------------------------------------------------------------------------

    def show_status(self, status: FeedStatus) -> None:
        if status.mode is not Mode.LIVE:
            return
        self._show_actions(status)
        if status.recording is not None:
            self._say_recording(status.recording)
        for save in status.saves:
            self._say_save(save)
        if self.dialog is not None:
            self.dialog.look(status)

    def _say_recording(self, recording: RecordingStatus) -> None:
        self.desk.tell("recording", _recording_trouble(recording, self.desk.actions.get("record")))
        now = (recording.path, recording.state)
        if now == self._told:
            return
        before, self._told = self._told, now
        if recording.state == "recording" and before is not None:
            self.desk.say(_where_words(recording.path))
        elif recording.state == "ended":
            size = size_words(recording.bytes_written)
            self.desk.say(tr("recorded {name}: {size}", name=recording.path.name, size=size))

    def _say_save(self, save: SaveStatus) -> None:
        if self._saves.get(save.number) == save.state:
            return
        self._saves[save.number] = save.state
        if save.state == "failed":
            words = tr("The last seconds could not be saved to {path}: {why}", path=save.path, why=save.reason)
            self.desk.tell("save_last", words)
        elif save.state == "saved":
            self.desk.tell("save_last", "")
            folder = places.short(save.path.parent)
            words = tr(
                "saved the last {n:.1f} s: {name} in {folder}", n=save.seconds, name=save.path.name, folder=folder
            )
            self.desk.say(words)

    def _show_actions(self, status: FeedStatus) -> None:
        runs = status.phase is Phase.RUNNING
        on = status.recording is not None and status.recording.is_on
        record = self.desk.actions.get("record")
        if record is not None:
            if on is not self._is_on:
                self._is_on = on
                record.setIcon(icon("stop" if on else "record", "record"))
                _set_text(record, tr("Stop") if on else tr("Record"))
            record.setEnabled(runs)
        record_as = self.desk.actions.get("record_as")
        if record_as is not None:
            record_as.setEnabled(runs and not on)
        save = self.desk.actions.get("save_last")
        if save is not None:
            seconds = places.last_s_of(self.desk.settings)
            reach = 0.0 if status.kept is None else status.kept.reach_s
            count = f"{min(reach, seconds) if runs else seconds:.0f}".rjust(len(str(seconds)), "\u2007")
            _set_text(save, tr("Last {n} s", n=count))  # as wide with 9 s as with 30 s: the toolbar stays as it is
            tip = _kept_words(status.kept, seconds, save)
            if save.toolTip() != tip:
                save.setToolTip(tip)
            save.setEnabled(runs and reach > 0)

    def close(self) -> None:
        if self.dialog is not None:
            self.dialog.shut()


def _recording_trouble(recording: RecordingStatus, again: QtGui.QAction | None = None) -> str:
    """For the message bar: what must not be overlooked; ``again`` begins another recording."""
    name, why = recording.path.name, recording.reason
    if why and not recording.frames:
        return tr("{name} could not be recorded: {why}", name=name, why=why)
    if why:
        kept = mark("{name} ended by itself: {why}. What was written is kept.")
        begins = mark("{name} ended by itself: {why}. What was written is kept; {keys} begins another recording.")
        return sentence(again, begins, kept, name=name, why=why)
    return recording.trouble if recording.is_on else ""


def _where_words(path: Path) -> str:
    """The name first: a narrow window cuts the end off."""
    return tr("recording {name} in {folder}", name=path.name, folder=places.short(path.parent))


def _kept_words(kept: KeptStatus | None, seconds: int, save: QtGui.QAction | None = None) -> str:
    """The tooltip of what saves it: what is held, how far that reaches, and why no further."""
    if kept is None:
        return tr("Nothing is held of the last seconds (keep.seconds in the configuration).")
    words = sentence(
        save,
        mark(
            "Save the last {n} s as a recording of its own ({keys}). The last {reach:.0f} s are in memory "
            "({size} of {limit})."
        ),
        mark(
            "Save the last {n} s as a recording of its own. The last {reach:.0f} s are in memory ({size} of {limit})."
        ),
        n=seconds,
        reach=kept.reach_s,
        size=size_words(kept.bytes),
        limit=size_words(kept.limit_bytes),
    )
    if kept.is_bounded_by_bytes and kept.reach_s < seconds:
        words += " " + tr("There is no room for more (keep.mib in the configuration).")
    return words


def _set_text(action: QtGui.QAction, text: str) -> None:
    if action.text() != text:
        action.setText(text)
