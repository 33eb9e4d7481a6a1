"""The replay bar where there is little room."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.feed import ReplayStatus
from gui.look import theme
from gui.qt import QtCore, QtGui, QtWidgets
from gui.replay.transport import GoToField
from gui.settings import Settings
from gui.translations import load
from gui.window import Window
from tests.gui.replay.test_study import recorded
from tests.gui.replay.test_timeline_window import open_window

Key = QtCore.Qt.Key
NARROW = QtCore.QSize(960, 700)


@pytest.fixture(params=["en", "it"])
def window(qtbot: QtBot, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Window]:
    app = QtWidgets.QApplication.instance()
    load.use(app, request.param)
    window = open_window(qtbot, recorded(tmp_path / "run.mcap"))
    window.resize(NARROW)
    qtbot.waitUntil(lambda: window.transport.width() <= NARROW.width())
    yield window
    window.close()
    load.use(app, "en")


def overlaps(bar: QtWidgets.QWidget) -> list[str]:
    """Of the bar's visible children: which lie over each other, or are cut by its edge."""
    shown = [
        w
        for w in bar.findChildren(QtWidgets.QWidget, options=QtCore.Qt.FindChildOption.FindDirectChildrenOnly)
        if w.isVisible() and not w.isWindow()
    ]
    found = [f"{a} over {b}" for a, b in combinations(shown, 2) if a.geometry().intersects(b.geometry())]
    found += [f"{w} is cut" for w in shown if not bar.rect().contains(w.geometry())]
    return found + [f"{w} has no room" for w in shown if w.width() < w.minimumSizeHint().width()]


def test_in_a_narrow_window_nothing_lies_over_anything(window: Window) -> None:
    bar = window.transport
    assert bar.minimumSizeHint().width() <= 940
    assert overlaps(bar) == []


def test_a_speed_that_is_not_reached_has_room_too(window: Window, qtbot: QtBot) -> None:
    bar = window.transport
    bar.show_status(ReplayStatus(count=900, position=20, playing=True, speed=16.0, reached_speed=10.3))
    QtWidgets.QApplication.processEvents()
    assert "10.3×" in bar._reached.text()
    assert "steps take longer" in bar._reached.toolTip() or bar._reached.toolTip()
    assert bar.minimumSizeHint().width() <= 940
    qtbot.waitUntil(lambda: overlaps(bar) == [], timeout=5_000)


def test_the_field_comes_by_its_key_and_goes_again(window: Window, qtbot: QtBot) -> None:
    bar = window.transport
    assert not bar.field.isVisible()
    for leave in (Key.Key_Escape, Key.Key_Return):
        window.actions_by_key["goto"].trigger()
        qtbot.waitUntil(bar.field.hasFocus, timeout=5_000)
        QtWidgets.QApplication.processEvents()
        assert bar.minimumSizeHint().width() <= 940
        assert overlaps(bar) == []
        qtbot.keyClicks(bar.field, "3")
        qtbot.keyClick(bar.field, leave)
        qtbot.waitUntil(lambda: not bar.field.isVisible(), timeout=5_000)
    qtbot.waitUntil(lambda: window.position == 3, timeout=10_000)


def test_in_a_roomy_window_the_field_stands_there(window: Window) -> None:
    window.resize(1300, 800)
    QtWidgets.QApplication.processEvents()
    assert window.transport.field.isVisible()


def test_in_a_low_window_the_rows_give_way_until_the_operator_asks(qtbot: QtBot, tmp_path: Path) -> None:
    settings = Settings()
    window = open_window(qtbot, recorded(tmp_path / "run.mcap"), settings)
    action, bar = window.actions_by_key["timeline_signals"], window.transport
    qtbot.waitUntil(lambda: action.isChecked() and bar.tracks.isVisible())
    window.resize(1000, 650)
    qtbot.waitUntil(lambda: not action.isChecked(), timeout=5_000)
    assert not bar.grip.isVisible()
    assert settings.get("replay.signals_shown") is None, "nobody chose that"
    action.trigger()
    assert settings.get("replay.signals_shown") is True
    with pytest.raises(qtbot.TimeoutError):
        qtbot.waitUntil(lambda: not action.isChecked(), timeout=600)
    assert bar.grip.isVisible()
    window.close()


def test_the_field_tells_the_key_that_it_has_now(window: Window) -> None:
    action, field = window.actions_by_key["goto"], window.transport.field
    assert action.shortcut().toString(QtGui.QKeySequence.SequenceFormat.NativeText) in field.toolTip()
    action.setShortcut(QtGui.QKeySequence("Ctrl+Alt+7"))
    assert "Ctrl+Alt+7" in field.toolTip()


def test_the_hint_of_the_go_to_field_is_never_cut(qtbot: QtBot) -> None:
    field = GoToField()
    qtbot.addWidget(field)
    field.show()
    said = set()
    try:
        for percent in (100, 150, 200):
            theme.use(percent=percent)
            for width in (90, 120, 160, 200, 260, 400):
                field.resize(width, 30)
                QtWidgets.QApplication.processEvents()
                words = field.placeholderText()
                room = field.width() - 2 * 8 - 2 * 2 - 4  # padding, Qt's own margin, border
                assert field.fontMetrics().horizontalAdvance(words) <= room
                said.add(words)
    finally:
        theme.use(percent=100)
    assert said >= {"time, frame or event", "time or frame", "go to"}


@pytest.mark.parametrize("percent", [150, 200])
def test_words_that_grow_while_it_is_open_leave_out_what_has_no_room(
    window: Window, qtbot: QtBot, percent: int
) -> None:
    bar = window.transport
    window.resize(1280, 800)
    try:
        theme.use(percent=percent)
        qtbot.waitUntil(lambda: bar.slider.x_of(0) >= bar.tracks.gutter, timeout=20_000)
        assert bar.events.toolButtonStyle() == QtCore.Qt.ToolButtonStyle.ToolButtonIconOnly
        qtbot.waitUntil(lambda: not overlaps(bar), timeout=20_000)  # a busy machine lays out in several turns
    finally:
        theme.use(percent=100)
