"""The whole window for those who use no mouse, and those who cannot see it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.feed import Mode
from gui.look import theme
from gui.qt import QtCore, QtWidgets
from gui.replay.player import Player
from gui.window import Window
from tests.gui.conftest import FakeSteps, make, no_models
from tests.gui.test_window import StillFeed

Key = QtCore.Qt.Key

CONTROLS = (
    QtWidgets.QAbstractButton,
    QtWidgets.QComboBox,
    QtWidgets.QLineEdit,
    QtWidgets.QAbstractSlider,
    QtWidgets.QAbstractSpinBox,
    QtWidgets.QAbstractItemView,
    QtWidgets.QTextEdit,
    QtWidgets.QPlainTextEdit,
)

MOST_TABS = 300


@pytest.fixture(params=list(Mode))
def window(request: pytest.FixtureRequest, qtbot: QtBot, session: Path, steps: FakeSteps) -> Iterator[Window]:
    mode: Mode = request.param
    feed = (
        Player(session, playing=False, load=no_models, make_steps=make(steps))
        if mode is Mode.REPLAY
        else StillFeed(0.0)
    )
    window = Window(feed, mode, "tiny")
    qtbot.addWidget(window)
    feed.start()
    window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: window.shown is not None, timeout=20_000)
    qtbot.wait(300)
    yield window
    window.close()
    theme.use("dark", 100)


def own(widget: QtWidgets.QWidget) -> bool:
    """A control that we made: not a part that Qt makes for one of its own."""
    parent = widget.parentWidget()
    inside = isinstance(parent, (QtWidgets.QComboBox, QtWidgets.QAbstractSpinBox, QtWidgets.QKeySequenceEdit))
    return not (
        widget.objectName().startswith("qt_")
        or inside
        or isinstance(widget, (QtWidgets.QScrollBar, QtWidgets.QHeaderView))
        or type(widget) is QtWidgets.QAbstractButton  # the corner of a table
        or _class(widget) in ("QComboBoxListView", "QLineEditIconButton")
        or _class(parent) == "QComboBoxPrivateContainer"  # its list, while it was open
    )


def _class(widget: QtWidgets.QWidget | None) -> str:
    """As Qt calls it: a binding may know only a class that it is made from."""
    return "" if widget is None else str(widget.metaObject().className())


def controls(top: QtWidgets.QWidget) -> list[QtWidgets.QWidget]:
    return [w for kind in CONTROLS for w in top.findChildren(kind) if own(w)]


def test_every_control_has_a_name_that_is_read_out(window: Window) -> None:
    assert len(controls(window)) > 10
    assert not [(type(w).__name__, w.objectName(), w.toolTip()) for w in controls(window) if not w.accessibleName()]


def test_every_control_that_is_seen_says_what_it_does(window: Window) -> None:
    seen = [w for w in controls(window) if w.isVisible() and w.focusPolicy() != QtCore.Qt.FocusPolicy.NoFocus]
    assert not [(type(w).__name__, w.accessibleName()) for w in seen if not w.toolTip() and not _says(w)]


def _says(widget: QtWidgets.QWidget) -> bool:
    """Lists tell a tip for each line; a slider may tell one for each place."""
    return isinstance(widget, (QtWidgets.QAbstractItemView, QtWidgets.QAbstractSlider))


def test_the_tab_key_reaches_every_control_and_comes_back(window: Window, qtbot: QtBot) -> None:
    tab = QtCore.Qt.FocusPolicy.TabFocus
    wanted = {
        w
        for w in controls(window)
        if w.isVisible() and w.isEnabled() and w.focusPolicy() & tab and w.window() is window
    }
    reached: list[QtWidgets.QWidget] = []
    for _ in range(MOST_TABS):
        qtbot.keyClick(QtWidgets.QApplication.focusWidget() or window, Key.Key_Tab)
        now = QtWidgets.QApplication.focusWidget()
        if now is None or now in reached:
            break
        reached.append(now)
    focused = set(reached) | {w.focusProxy() for w in reached} | {w.parentWidget() for w in reached}
    assert not [(type(w).__name__, w.accessibleName()) for w in wanted - focused if w.focusProxy() not in focused]


def test_every_action_has_a_tooltip_that_tells_its_keys_or_why_it_cannot_be_done(window: Window) -> None:
    for key, action in window.actions_by_key.items():
        assert action.toolTip(), key
        if action.isEnabled() and action.shortcuts():
            assert "(" in action.toolTip(), key


@pytest.mark.parametrize("name", ["red", "light", "dark"])
def test_the_theme_changes_while_the_window_runs(window: Window, qtbot: QtBot, name: str) -> None:
    theme.use(name, 130)
    qtbot.wait(60)
    assert not window.grab().isNull()
