"""The toolbar hides nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from gui.actions import table
from gui.actions.toolbar import Toolbar
from gui.feed import Mode
from gui.look import theme
from gui.qt import QtCore, QtWidgets
from tests.gui.actions.made_desk import MadeDesk


@pytest.fixture(autouse=True)
def usual_look(qtbot: QtBot) -> Iterator[None]:
    theme.apply(QtWidgets.QApplication.instance())
    yield
    theme.use("dark", 100)


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("width", [960, 1280, 1920, 3840])
def test_every_button_is_seen_at_every_width_of_the_window(qtbot: QtBot, mode: Mode, width: int) -> None:
    desk = MadeDesk(mode)
    qtbot.addWidget(desk.window)
    bar = Toolbar(table.in_mode(mode), desk.actions)
    desk.window.addToolBar(bar)
    desk.window.resize(width, 700)
    desk.window.show()
    QtWidgets.QApplication.processEvents()
    assert all(button.isVisible() for button in bar.buttons)
    more = bar.findChild(QtWidgets.QToolButton, "qt_toolbar_ext_button")
    assert more is None or not more.isVisible()
    assert all(button.accessibleName() and button.toolTip() for button in bar.buttons)


def test_there_are_words_where_there_is_room_and_icons_where_the_words_grow(qtbot: QtBot) -> None:
    desk = MadeDesk()
    qtbot.addWidget(desk.window)
    bar = Toolbar(table.in_mode(Mode.REPLAY), desk.actions)
    desk.window.addToolBar(bar)
    desk.window.resize(3840, 700)
    desk.window.show()
    QtWidgets.QApplication.processEvents()
    style = QtCore.Qt.ToolButtonStyle
    assert bar.toolButtonStyle() == style.ToolButtonTextBesideIcon
    desk.window.resize(1300, 700)
    QtWidgets.QApplication.processEvents()
    small, before = bar.wanted_width(), bar.toolButtonStyle()
    assert before == style.ToolButtonTextUnderIcon
    theme.use(percent=200)
    assert bar.wanted_width() > bar.width(), "the words have grown"
    qtbot.waitUntil(lambda: bar.wanted_width() <= bar.width(), timeout=20_000)
    assert bar.toolButtonStyle() == style.ToolButtonIconOnly
    desk.window.resize(960, 700)
    qtbot.waitUntil(lambda: bar.width() == 960 and bar.wanted_width() <= 960, timeout=20_000)
    desk.window.resize(1300, 700)
    theme.use(percent=100)
    qtbot.waitUntil(lambda: bar.wanted_width() == small, timeout=20_000)
    assert bar.toolButtonStyle() == before


def test_what_acts_keeps_its_words_longer_than_the_switches(qtbot: QtBot) -> None:
    desk = MadeDesk(Mode.LIVE)
    qtbot.addWidget(desk.window)
    bar = Toolbar(table.in_mode(Mode.LIVE), desk.actions)
    desk.window.addToolBar(bar)
    desk.window.show()
    style = QtCore.Qt.ToolButtonStyle
    bar.fit(3840)
    whole = bar.wanted_width()
    seen = set()
    for width in range(whole, 300, -20):
        bar.fit(width)
        styles = {b.defaultAction().objectName(): b.toolButtonStyle() for b in bar.buttons}
        seen.add((styles["record"], styles["box"]))
        if styles["record"] == style.ToolButtonIconOnly:
            assert styles["box"] == style.ToolButtonIconOnly
    assert (style.ToolButtonTextUnderIcon, style.ToolButtonIconOnly) in seen
