"""Recording by a key, saving the last seconds by another, and what is said when it fails."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gui.feed import KeptStatus, Mode, RecordingStatus
from gui.qt import QtCore, QtWidgets
from gui.status.badges import Badges
from gui.window import Window
from gui.work import places
from gui.work.recording import RecordingPart, _kept_words, _recording_trouble
from recordings.reader import SessionReader
from recordings.save_last import SAVED_NOTE
from tests.gui.keyboard import press
from tests.gui.work.live_window import live_window, says, until

KEY, CONTROL = QtCore.Qt.Key, QtCore.Qt.KeyboardModifier.ControlModifier
SHIFT = QtCore.Qt.KeyboardModifier.ShiftModifier


def recording(window: Window) -> RecordingStatus | None:
    return window._feed.status().recording


def frames_in(path: Path) -> int:
    """And they are contiguous in the camera's numbers."""
    with SessionReader(path) as reader:
        for name in ("color", "depth"):
            assert set(np.diff(reader.times(name).number)) <= {1}
        return sum(reader.count(stream.name) for stream in reader.streams)


def test_one_key_records_and_the_same_key_ends_it_again_and_again(qtbot: QtBot, session: Path, tmp_path: Path) -> None:
    folder = tmp_path / "Tapetum"
    with live_window(qtbot, session, folder) as window:
        action = window.actions_by_key["record"]
        for count in (1, 2):
            until(qtbot, lambda: action.text() == "Record")
            press(qtbot, window, KEY.Key_R, CONTROL)
            says(qtbot, window, "recording tapetum-2", " in ")
            until(qtbot, lambda: (recording(window) or RecordingStatus(folder)).frames > 10)
            until(qtbot, lambda: action.text() == "Stop")
            assert not window.actions_by_key["record_as"].isEnabled()
            until(qtbot, lambda: "REC" in window.findChild(Badges).recording.text())
            press(qtbot, window, KEY.Key_R, CONTROL)
            says(qtbot, window, "recorded tapetum-2", "B")
            assert len(list(folder.glob("*.mcap"))) == count
    assert all(frames_in(path) > 10 for path in folder.iterdir())
    assert {path.suffix for path in folder.iterdir()} == {".mcap"}


def test_two_presses_in_a_row_start_and_stop(qtbot: QtBot, session: Path, tmp_path: Path) -> None:
    with live_window(qtbot, session, tmp_path) as window:
        press(qtbot, window, KEY.Key_R, CONTROL)
        press(qtbot, window, KEY.Key_R, CONTROL)
        until(qtbot, lambda: recording(window) is not None and recording(window).state == "ended")


def test_the_last_seconds_are_saved_by_a_key_whether_something_is_recorded_or_not(
    qtbot: QtBot, session: Path, tmp_path: Path
) -> None:
    with live_window(qtbot, session, tmp_path) as window:
        window.desk.settings.set(places.LAST_S, 1)
        action = window.actions_by_key["save_last"]
        until(qtbot, lambda: action.isEnabled() and action.text() == "Last 1 s")
        assert "are in memory" in action.toolTip()
        press(qtbot, window, KEY.Key_R, CONTROL | SHIFT)
        says(qtbot, window, "saved the last", "last-1s")
        press(qtbot, window, KEY.Key_R, CONTROL)
        until(qtbot, lambda: (recording(window) or RecordingStatus(tmp_path)).frames > 3)
        for _ in range(2):
            press(qtbot, window, KEY.Key_R, CONTROL | SHIFT)
        until(qtbot, lambda: [s.state for s in window._feed.status().saves] == ["saved"] * 3)
    saved = sorted(tmp_path.glob("*last-1s*.mcap"))
    assert len(saved) == 3
    for path in saved:
        assert frames_in(path) > 10
        with SessionReader(path) as reader:
            assert reader.info.notes[SAVED_NOTE] == "1"
            assert reader.observation_count() > 0


def test_the_first_key_counts_where_the_camera_ran_before_the_window(
    qtbot: QtBot, session: Path, tmp_path: Path
) -> None:
    with live_window(qtbot, session, tmp_path, runs_before=True) as window:
        press(qtbot, window, KEY.Key_R, CONTROL)
        until(qtbot, lambda: recording(window) is not None)


def test_what_fails_is_said_until_it_works_again(qtbot: QtBot, session: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("no folder")
    with live_window(qtbot, session, blocked / "in it") as window:
        press(qtbot, window, KEY.Key_R, CONTROL)
        until(qtbot, lambda: "could not be recorded" in window._told.get("recording", ""))
        until(qtbot, lambda: window.actions_by_key["save_last"].isEnabled())
        press(qtbot, window, KEY.Key_R, CONTROL | SHIFT)
        until(qtbot, lambda: "could not be saved" in window._told.get("save_last", ""))
        shown = window.shown
        until(qtbot, lambda: window.shown is not shown)
        window.desk.settings.set(places.FOLDER, str(tmp_path / "good"))
        press(qtbot, window, KEY.Key_R, CONTROL)
        until(qtbot, lambda: window._told.get("recording", "") == "")
        press(qtbot, window, KEY.Key_R, CONTROL | SHIFT)
        until(qtbot, lambda: window._told.get("save_last", "") == "")
    assert len(list((tmp_path / "good").iterdir())) == 2


@pytest.mark.parametrize("pause_ms", [0, 5, 40])
def test_closing_the_window_in_the_middle_leaves_whole_files_or_none(
    qtbot: QtBot, session: Path, tmp_path: Path, pause_ms: int
) -> None:
    with live_window(qtbot, session, tmp_path) as window:
        until(qtbot, lambda: window.actions_by_key["save_last"].isEnabled())
        press(qtbot, window, KEY.Key_R, CONTROL)
        press(qtbot, window, KEY.Key_R, CONTROL | SHIFT)
        window.part(RecordingPart).record_as()
        qtbot.wait(pause_ms)
    for path in tmp_path.iterdir():
        assert path.suffix == ".mcap"
        with SessionReader(path):
            pass


def test_record_as_says_how_long_the_disk_lasts_and_records_as_chosen(
    qtbot: QtBot, session: Path, tmp_path: Path
) -> None:
    with live_window(qtbot, session, tmp_path) as window:
        until(qtbot, lambda: window.actions_by_key["record_as"].isEnabled())
        window.actions_by_key["record_as"].trigger()
        dialog = window.part(RecordingPart).dialog
        assert dialog is not None
        until(qtbot, lambda: "free, enough for at least" in dialog.room.text())
        shown = window.shown
        until(qtbot, lambda: window.shown is not shown)  # the picture goes on
        dialog.name.setText("a/b")
        assert not dialog.begin.isEnabled()
        dialog.name.setText("chosen")
        dialog.folder.setText(str(tmp_path / "new"))
        dialog.compact.setChecked(True)
        qtbot.keyClick(dialog.name, KEY.Key_Return)
        until(qtbot, lambda: (recording(window) or RecordingStatus(tmp_path)).frames > 3)
        assert not dialog.isVisible()
        window.actions_by_key["record"].trigger()
        until(qtbot, lambda: recording(window).state == "ended")  # type: ignore[union-attr]  # it was begun
        settings = window.desk.settings
        assert settings.get(places.FOLDER) == str(tmp_path / "new")
        assert settings.get(places.LAYOUT) == "compact"
        for widget in dialog.findChildren(QtWidgets.QLineEdit) + dialog.findChildren(QtWidgets.QAbstractButton):
            assert widget.accessibleName() or widget.text()
    assert frames_in(tmp_path / "new" / "chosen.mcap") > 3


def test_a_replay_has_no_recording_keys(qtbot: QtBot) -> None:
    from gui.actions import table

    keys = {action.key for action in table.in_mode(Mode.REPLAY)}
    assert not keys & {"record", "save_last", "record_as", "mark", "mark_note"}
    assert {"snapshot", "snapshot_as"} <= keys


def test_words_of_what_is_held_and_of_what_failed() -> None:
    assert "Nothing is held" in _kept_words(None, 30)
    short = _kept_words(KeptStatus(11.0, 60.0, 500_000_000, 536_870_912, True), 30)
    assert "The last 11 s are in memory (500 MB of 537 MB)" in short
    assert "no room for more" in short
    assert "no room" not in _kept_words(KeptStatus(41.0, 60.0, 5, 10, True), 30)
    path = Path("/data/a.mcap")
    assert "could not be recorded: no room" in _recording_trouble(RecordingStatus(path, reason="no room"))
    ended = _recording_trouble(RecordingStatus(path, reason="gone", frames=5))
    assert "ended by itself: gone" in ended
    assert "kept" in ended
    assert _recording_trouble(RecordingStatus(path, trouble="frames are lost")) == "frames are lost"
    assert _recording_trouble(RecordingStatus(path, is_over=True, trouble="frames are lost")) == ""


def test_pictures_come_also_when_the_camera_ran_before_there_was_a_window(
    qtbot: QtBot, session: Path, tmp_path: Path
) -> None:
    with live_window(qtbot, session, tmp_path, runs_before=True) as window:
        for _ in range(2):
            shown = window.shown
            until(qtbot, lambda before=shown: window.shown is not before)
