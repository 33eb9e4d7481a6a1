"""The replay window with signals, zoom, bookmarks and comparing, driven as an operator does."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.feed import Mode
from gui.qt import QtCore, QtGui, QtWidgets
from gui.replay.differences import Verdict
from gui.replay.player import Player
from gui.settings import Settings
from gui.window import Window
from tests.gui.conftest import no_models
from tests.gui.keyboard import press
from tests.gui.replay.one_frame_set import one_frame_set_window
from tests.gui.replay.test_study import COUNT, OTHER_YAW, RestingSteps, recorded

Key = QtCore.Qt.Key
Shift = QtCore.Qt.KeyboardModifier.ShiftModifier
Alt = QtCore.Qt.KeyboardModifier.AltModifier
NoModifier = QtCore.Qt.KeyboardModifier.NoModifier
Left = QtCore.Qt.MouseButton.LeftButton


def open_window(qtbot: QtBot, path: Path, settings: Settings | None = None) -> Window:
    steps = RestingSteps()

    def anew(*_: object) -> RestingSteps:
        steps.reset()
        return steps

    player = Player(path, playing=False, load=no_models, make_steps=anew)
    window = Window(player, Mode.REPLAY, path.name, settings=settings)
    qtbot.addWidget(window)
    player.start()
    window.show()
    qtbot.waitUntil(lambda: window.position == 0, timeout=20_000)
    qtbot.waitUntil(lambda: window.transport.slider.maximum() > 0 and player.study().recorded.is_read, timeout=20_000)
    return window


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[Window]:
    window = open_window(qtbot, recorded(tmp_path / "run.mcap"))
    yield window
    window.close()
    assert window.closed_cleanly


def at(qtbot: QtBot, window: Window, position: int) -> None:
    qtbot.waitUntil(lambda: window.position == position, timeout=10_000)


def go(qtbot: QtBot, window: Window, position: int) -> None:
    window.replay._player.seek(position)
    at(qtbot, window, position)


def turn_wheel(widget: QtWidgets.QWidget, x: float, notches: int, modifier: object = NoModifier) -> None:
    place = QtCore.QPointF(x, 10)
    event = QtGui.QWheelEvent(
        place,
        QtCore.QPointF(widget.mapToGlobal(place.toPoint())),
        QtCore.QPoint(0, 0),
        QtCore.QPoint(0, 120 * notches),
        QtCore.Qt.MouseButton.NoButton,
        modifier,
        QtCore.Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QtWidgets.QApplication.sendEvent(widget, event)


def test_signals_are_there_at_once_and_hovering_reads_their_values(window: Window, qtbot: QtBot) -> None:
    tracks, bar = window.transport.tracks, window.transport.slider
    qtbot.waitUntil(lambda: tracks.source_words == "recorded", timeout=5_000)
    assert tracks.isVisible()
    assert not tracks.grab().toImage().isNull()
    words = tracks.words_at(bar.x_of(13)).splitlines()
    assert "yaw: 30° (#11)" in words
    assert words[-1] == "recorded"
    assert "nothing is known of this frame: it was not processed" in tracks.words_at(bar.x_of(3))


def test_a_click_into_the_signals_goes_there(window: Window, qtbot: QtBot) -> None:
    tracks, bar = window.transport.tracks, window.transport.slider
    qtbot.mouseClick(tracks, Left, pos=QtCore.QPoint(round(bar.x_of(21)), 12))
    at(qtbot, window, 21)
    qtbot.mouseClick(tracks, Left, pos=QtCore.QPoint(5, 12))
    qtbot.wait(60)
    assert window.position == 21, "names are no time"


def test_without_stored_signals_they_say_that_they_are_computed_now(qtbot: QtBot, session: Path) -> None:
    window = open_window(qtbot, session)
    qtbot.waitUntil(lambda: "computed now" in window.transport.tracks.source_words, timeout=5_000)
    window.close()


def test_which_signals_are_shown_is_chosen_and_remembered(qtbot: QtBot, tmp_path: Path) -> None:
    settings = Settings()
    window = open_window(qtbot, recorded(tmp_path / "run.mcap"), settings)
    assert window.transport.tracks.names == ("distance", "yaw", "eye_right", "eye_left")
    window.replay.signals.set_chosen("roll", True)
    window.replay.signals.set_chosen("distance", False)
    window.transport.grip.setFocus()
    before = window.transport.tracks.height()
    qtbot.keyClick(window.transport.grip, Key.Key_Up)
    assert window.transport.tracks.height() > before
    height = window.transport.tracks.row_height
    press(qtbot, window, Key.Key_W)
    assert not window.transport.tracks.isVisible()
    window.close()
    window = open_window(qtbot, tmp_path / "run.mcap", settings)
    assert not window.transport.tracks.isVisible()
    press(qtbot, window, Key.Key_W)
    assert window.transport.tracks.names == ("yaw", "roll", "eye_right", "eye_left")
    assert window.transport.tracks.row_height == height
    window.close()


@pytest.mark.parametrize("broken", [7, "yaw", [1, 2], {"yaw": 1}, [""], ["x" * 1000]])
def test_broken_settings_mean_the_usual_ones(qtbot: QtBot, session: Path, broken: object) -> None:
    settings = Settings()
    settings.set("replay.signals", broken)
    settings.set("replay.signals_height", "high")
    window = open_window(qtbot, session, settings)
    assert window.transport.tracks.names == ("distance", "yaw", "eye_right", "eye_left")
    window.close()


def test_the_time_line_zooms_where_the_mouse_is_and_moves(window: Window, qtbot: QtBot) -> None:
    bar = window.transport.slider
    x = bar.x_of(20)
    turn_wheel(bar, x, 4)
    assert bar.view.span_ns < bar.view.duration_ns / 2
    assert abs(bar.x_of(20) - x) < 1.5, "what is under the mouse stays there"
    assert window.transport.range.isVisible()
    begin = bar.view.begin_ns
    turn_wheel(window.transport.tracks, x, -1, Shift)
    assert bar.view.begin_ns > begin
    press(qtbot, window, Key.Key_Left, Alt)
    assert bar.view.begin_ns < begin
    qtbot.mouseClick(bar, Left, pos=QtCore.QPoint(round(bar.x_of(19)), 30))
    at(qtbot, window, 19)
    press(qtbot, window, Key.Key_Home, Alt)
    assert bar.view.is_whole
    assert not window.transport.range.isVisible()
    press(qtbot, window, Key.Key_Up, Alt)
    assert not bar.view.is_whole
    qtbot.mouseDClick(window.transport.range, Left, pos=QtCore.QPoint(300, 7))
    assert bar.view.is_whole


def test_what_is_played_and_gone_to_stays_in_sight(window: Window, qtbot: QtBot) -> None:
    bar = window.transport.slider
    turn_wheel(bar, bar.x_of(0), 6)
    go(qtbot, window, 0)
    press(qtbot, window, Key.Key_End)
    at(qtbot, window, COUNT - 1)
    assert bar.view.begin_ns <= bar.time_of(COUNT - 1) <= bar.view.end_ns


def test_only_the_moment_is_painted_while_it_plays(window: Window, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.transport.tracks.source_words == "recorded", timeout=5_000)
    qtbot.wait(350)
    window.transport.tracks.grab()
    ground = window.transport.tracks._ground
    assert ground is not None
    go(qtbot, window, 5)
    window.transport.tracks.grab()
    assert window.transport.tracks._ground is ground


def test_bookmarks_are_made_walked_through_changed_and_deleted(window: Window, qtbot: QtBot) -> None:
    keeper = window.replay._player.study().bookmarks
    go(qtbot, window, 8)
    press(qtbot, window, Key.Key_M)
    go(qtbot, window, 21)
    press(qtbot, window, Key.Key_M, Shift)
    note = window.replay.bookmarks.note
    qtbot.waitUntil(note.isVisible, timeout=5_000)
    go(qtbot, window, 30)
    qtbot.keyClicks(note.field, "looks away")
    qtbot.keyClick(note.field, Key.Key_Return)
    marks = window.replay._marks
    assert [(marks.position_of_host(b.host_ns), b.note) for b in keeper.all()] == [(8, ""), (21, "looks away")]
    qtbot.waitUntil(lambda: window.replay.events.count == 2 and keeper.unsaved == 0, timeout=10_000)
    assert "bookmark: looks away" in window.transport.slider.words_at(window.transport.slider.x_of(21))
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=5_000)
    for modifier, expected in ((Alt | Shift, 21), (Alt | Shift, 8), (Alt, 21)):
        press(qtbot, window, Key.Key_M, modifier)
        at(qtbot, window, expected)
    press(qtbot, window, Key.Key_M, Alt)
    assert "no bookmark after" in window._note.text()
    press(qtbot, window, Key.Key_E, QtCore.Qt.KeyboardModifier.ControlModifier)
    events = window.replay.events
    qtbot.waitUntil(events.isVisible, timeout=5_000)
    tree = events.findChild(QtWidgets.QTreeWidget)
    tree.topLevelItem(1).setText(3, "looks left")
    assert [b.note for b in keeper.all()] == ["", "looks left"]
    tree.setCurrentItem(tree.topLevelItem(0))
    qtbot.keyClick(tree, Key.Key_Delete)
    assert [b.note for b in keeper.all()] == ["looks left"]
    events.hide()


def test_two_windows_on_one_session_see_each_others_bookmarks(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    other = open_window(qtbot, tmp_path / "run.mcap")
    press(qtbot, window, Key.Key_M)
    qtbot.keyClick(other, Key.Key_M)
    qtbot.waitUntil(lambda: all(w.replay.events.count == 2 for w in (window, other)), timeout=15_000)
    other.close()


def test_comparing_is_switched_on_tells_what_differs_and_leads_there(window: Window, qtbot: QtBot) -> None:
    panel = window.transport.compare
    assert not panel.isVisible()
    press(qtbot, window, Key.Key_X)
    qtbot.waitUntil(lambda: panel.verdict.text() == "equal to the last byte", timeout=10_000)
    window.transport.show_speed(math.inf)
    press(qtbot, window, Key.Key_Space)
    at(qtbot, window, COUNT - 1)
    assert "not processed" in panel.verdict.text()
    qtbot.waitUntil(lambda: "30 of 40 compared" in panel.summary.text(), timeout=5_000)
    assert "5 beyond" in panel.summary.text()
    press(qtbot, window, Key.Key_Home)
    at(qtbot, window, 0)
    press(qtbot, window, Key.Key_X, Alt)
    at(qtbot, window, OTHER_YAW[0])
    qtbot.waitUntil(lambda: "yaw" in panel.verdict.text(), timeout=5_000)
    assert panel.table.item(0, 2).text() == "30.0 → 12.0°"
    assert window.shown.recorded is not None
    assert len(window.transport.slider._differs) == 5
    press(qtbot, window, Key.Key_X)
    assert not panel.isVisible()
    assert not len(window.transport.slider._differs)
    study = window.replay._player.study()
    assert study.differences.verdicts[OTHER_YAW[0]] == Verdict.BEYOND, "found differences are not forgotten"


def test_comparing_with_nothing_is_refused_in_words(qtbot: QtBot, session: Path) -> None:
    window = open_window(qtbot, session)
    press(qtbot, window, Key.Key_X)
    assert "stores no observations" in window._note.text()
    assert not window.actions_by_key["compare"].isChecked()
    assert not window.transport.compare.isVisible()
    press(qtbot, window, Key.Key_X, Alt)
    assert "compare first" in window._note.text()
    window.close()


def test_the_marked_part_is_told_in_seconds(window: Window, qtbot: QtBot) -> None:
    assert window.replay.part_s() is None
    go(qtbot, window, 10)
    press(qtbot, window, Key.Key_I)
    go(qtbot, window, 20)
    press(qtbot, window, Key.Key_O)
    begin, end = window.replay.part_s()
    assert begin == pytest.approx(10 / 30, abs=1e-6)
    assert end == pytest.approx(20 / 30, abs=1e-6)


def test_one_frame_set_is_a_recording_too(qtbot: QtBot, tmp_path: Path) -> None:
    window = one_frame_set_window(qtbot, tmp_path)
    qtbot.waitUntil(lambda: window.replay._study is not None, timeout=10_000)
    for key, modifier in ((Key.Key_Up, Alt), (Key.Key_Right, Alt), (Key.Key_M, NoModifier), (Key.Key_Home, Alt)):
        press(qtbot, window, key, modifier)
    turn_wheel(window.transport.slider, 300, 3)
    window.grab()
    qtbot.waitUntil(lambda: window.replay.events.count == 1, timeout=10_000)
    window.close()
    assert window.closed_cleanly


def test_closing_with_a_note_half_typed_and_the_list_open_ends_all(qtbot: QtBot, tmp_path: Path) -> None:
    window = open_window(qtbot, recorded(tmp_path / "run.mcap"))
    press(qtbot, window, Key.Key_M, Shift)
    qtbot.keyClicks(window.replay.bookmarks.note.field, "half a")
    window.transport.show_speed(math.inf)
    press(qtbot, window, Key.Key_X)
    window.close()
    assert window.closed_cleanly
    assert not (tmp_path / "run.mcap.bookmarks.json").exists()
