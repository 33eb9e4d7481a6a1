"""Marks by a key, with a note or without, and where they stand."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from gui.qt import QtCore
from gui.work.bookmark import BookmarkPart, NoteLine
from recordings.reader import SessionReader
from tests.gui.keyboard import press
from tests.gui.work.live_window import live_window, says, until

KEY, CONTROL = QtCore.Qt.Key, QtCore.Qt.KeyboardModifier.ControlModifier
SHIFT = QtCore.Qt.KeyboardModifier.ShiftModifier


def test_a_mark_without_a_recording_stands_in_what_is_saved(qtbot: QtBot, session: Path, tmp_path: Path) -> None:
    with live_window(qtbot, session, tmp_path) as window:
        press(qtbot, window, KEY.Key_M)
        says(qtbot, window, "marked at", "nothing is recorded")
        press(qtbot, window, KEY.Key_R, CONTROL | SHIFT)
        says(qtbot, window, "saved the last")
    with SessionReader(next(tmp_path.glob("*.mcap"))) as reader:
        assert [event.name for event in reader.events()] == ["mark"]


def test_a_note_is_typed_while_the_time_stays_that_of_the_key(qtbot: QtBot, session: Path, tmp_path: Path) -> None:
    with live_window(qtbot, session, tmp_path) as window:
        press(qtbot, window, KEY.Key_R, CONTROL)
        until(qtbot, lambda: window._feed.status().recording and window._feed.status().recording.frames > 10)
        before = window._feed.moment().device_ns
        press(qtbot, window, KEY.Key_M, SHIFT)
        line = window.part(BookmarkPart).line
        assert isinstance(line, NoteLine)
        assert line.isVisible()
        after = window._feed.moment().device_ns
        shown = window.shown
        until(qtbot, lambda: window.shown is not shown)  # the picture goes on
        qtbot.wait(300)
        qtbot.keyClicks(line.note, "driver yawns, M")
        assert window.part(BookmarkPart).mark_with_note() is line, "asked again, the first moment stands"
        assert line.note.text() == "driver yawns, M"
        press(qtbot, line.note, KEY.Key_Return)
        says(qtbot, window, "marked at", "in the recording")
        assert not line.isVisible()
        press(qtbot, window, KEY.Key_M, SHIFT)
        assert line.isVisible()
        press(qtbot, line.note, KEY.Key_Escape)
        assert not line.isVisible()
        qtbot.wait(600)
    with SessionReader(next(tmp_path.glob("*.mcap"))) as reader:
        (event,) = reader.events()
        assert (event.name, event.note) == ("mark", "driver yawns, M")
        assert before <= event.begin_ns <= after


def test_closing_the_window_while_a_note_is_typed_leaves_nothing(qtbot: QtBot, session: Path, tmp_path: Path) -> None:
    with live_window(qtbot, session, tmp_path) as window:
        press(qtbot, window, KEY.Key_M, SHIFT)
        line = window.part(BookmarkPart).line
        qtbot.keyClicks(line.note, "half a no")
    assert not line.isVisible()
