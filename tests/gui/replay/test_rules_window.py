"""Rules over a recording in the window, driven as an engineer does who writes them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.qt import QtCore
from gui.replay.rules_run import RulesPhase
from gui.settings import Settings
from gui.window import Window
from gui.work.tasks import TaskBook
from tests.gui.keyboard import press
from tests.gui.replay.test_rules_run import PROGRAM, RULES
from tests.gui.replay.test_study import GAINED_FACE, LOST_FACE, recorded
from tests.gui.replay.test_timeline_window import at, go, open_window

Key = QtCore.Qt.Key
ControlShift = QtCore.Qt.KeyboardModifier.ControlModifier | QtCore.Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch) -> Iterator[TaskBook]:
    book = TaskBook(program=PROGRAM)
    monkeypatch.setattr("gui.replay.rules_run.shared_book", lambda: book)
    yield book
    assert book.close()


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "rules.toml"
    path.write_text(RULES)
    return path


@pytest.fixture
def settings() -> Settings:
    return Settings()


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, book: TaskBook, settings: Settings) -> Iterator[Window]:
    window = open_window(qtbot, recorded(tmp_path / "run.mcap"), settings)
    yield window
    window.close()
    assert window.closed_cleanly


def choose(qtbot: QtBot, window: Window, rules: Path) -> None:
    """By the keys, and typed into the dialog."""
    press(qtbot, window, Key.Key_U, ControlShift)
    dialog = window.replay.rules.dialog
    assert dialog is not None
    assert dialog.isVisible()
    dialog.file.clear()
    qtbot.keyClicks(dialog.file, str(rules))
    assert dialog.own.isChecked()
    qtbot.mouseClick(dialog.apply, QtCore.Qt.MouseButton.LeftButton)


def until_done(qtbot: QtBot, window: Window, version: int = 0) -> None:
    control = window.replay.rules
    qtbot.waitUntil(lambda: control.seen.phase is RulesPhase.DONE and control.seen.version > version, timeout=20_000)


def test_chosen_rules_stand_beside_what_was_recorded_and_lead_there(
    qtbot: QtBot, window: Window, rules: Path, settings: Settings
) -> None:
    bar, height = window.transport, window.transport.slider.height()
    assert not bar.rules.isVisible()
    choose(qtbot, window, rules)
    until_done(qtbot, window)
    count = window.replay.rules.seen.count
    assert bar.rules.isVisible()
    assert bar.rules.state.text() == f"rules.toml: {count} events now"
    assert "events now" in window.replay.rules.dialog.state.text()
    window.replay.rules.dialog.close()
    assert bar.slider.height() > height
    assert not bar.slider.grab().toImage().isNull()
    words = bar.slider.words_at(bar.slider.x_of(LOST_FACE))
    assert "now: crowd" in words
    go(qtbot, window, LOST_FACE - 1)
    press(qtbot, window, Key.Key_N)
    at(qtbot, window, LOST_FACE)
    press(qtbot, window, Key.Key_N)
    at(qtbot, window, GAINED_FACE + 1)
    press(qtbot, window, Key.Key_N, QtCore.Qt.KeyboardModifier.ShiftModifier)
    at(qtbot, window, LOST_FACE)
    window.replay.show_events()
    assert window.replay.events.count == count
    tree = window.replay.events._tree
    assert {tree.topLevelItem(row).text(4) for row in range(count)} == {"now"}
    assert any("faces: 2" in tree.topLevelItem(row).toolTip(3) for row in range(count)), "what it rests on"
    window.replay.events.hide()
    press(qtbot, window, Key.Key_W, QtCore.Qt.KeyboardModifier.ControlModifier | QtCore.Qt.KeyboardModifier.AltModifier)
    assert bar.tracks.names == ("faces",)
    assert "   rule crowd: above 1" in bar.tracks.words_at(bar.slider.x_of(LOST_FACE))
    assert settings.get("replay.rules") == str(rules)
    qtbot.mouseClick(bar.rules.close_button, QtCore.Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not bar.rules.isVisible(), timeout=20_000)
    assert bar.slider.height() == height
    assert window.replay.events.count == 0


@pytest.mark.slow
def test_a_broken_file_is_told_where_it_is_seen_and_a_mended_one_counts(
    qtbot: QtBot, window: Window, rules: Path
) -> None:
    choose(qtbot, window, rules)
    until_done(qtbot, window)
    window.replay.rules.dialog.close()
    seen = window.replay.rules.seen
    rules.write_text(RULES.replace("above = 1", "above = none"))
    qtbot.waitUntil(lambda: "rules.toml:10:" in window.transport.rules.detail.text(), timeout=20_000)
    qtbot.waitUntil(lambda: "The rules stay as they were" in window.messages._text.text(), timeout=20_000)
    assert window.replay.rules.events == seen.events
    rules.write_text(RULES.replace("above = 1", "above = 5"))
    until_done(qtbot, window, seen.version)
    assert {e.name for e in window.replay.rules.events} == {"alone"}
    assert "rules.toml:10:" not in window.transport.rules.detail.text()


def test_what_was_chosen_last_is_offered_and_looks_at_nothing_by_itself(
    qtbot: QtBot, tmp_path: Path, rules: Path, book: TaskBook
) -> None:
    settings = Settings()
    settings.set("replay.rules", str(rules))
    window = open_window(qtbot, recorded(tmp_path / "run.mcap"), settings)
    assert book.views() == []
    press(qtbot, window, Key.Key_U, ControlShift)
    dialog = window.replay.rules.dialog
    assert dialog is not None
    assert dialog.chosen == str(rules)
    assert dialog.anew.isEnabled()
    assert dialog.state.text() == "No rules look at this recording."
    window.close()


def test_closing_in_the_middle_is_clean(
    qtbot: QtBot, tmp_path: Path, rules: Path, book: TaskBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAPETUM_TEST_RULES", "wait")
    monkeypatch.setenv("TAPETUM_TEST_GO", str(tmp_path / "go"))
    window = open_window(qtbot, recorded(tmp_path / "run.mcap"))
    window.replay.rules.use(str(rules), False)
    qtbot.waitUntil(lambda: "25 %" in window.transport.rules.state.text(), timeout=20_000)
    window.close()
    assert window.closed_cleanly


def test_the_tip_of_a_signal_says_how_late_it_is_and_why_it_is_not_known(window: Window) -> None:
    control = window.replay.signals
    tip = control._tip("head_yaw", [])
    assert "head turned to own left (°)" in tip
    assert "Smoothed: 80 ms late where it hardly moves, 45 ms at 30° a second. head yaw raw is as measured." in tip
    assert "Not known at any time so far." in tip
    assert "is as measured" not in control._tip("gaze_zone", [])
    assert "Smoothed" not in control._tip("perclos", [])
    control._fill_menu()
    texts = [action.text() for action in control._menu.actions()]
    assert texts[-1] == "The usual ones"
    control.show_these(["perclos", "faces"])
    assert window.transport.tracks.names == ("faces", "perclos"), "what was never known stands last"
    control._menu.actions()[-1].trigger()
    assert window.transport.tracks.names == ("distance", "yaw", "eye_right", "eye_left")
