"""The help page, searched."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from gui.actions import keys, table
from gui.actions.help_dialog import HelpDialog
from gui.feed import Mode
from gui.look import theme
from gui.qt import QtCore
from gui.settings import Settings
from tests.gui.actions.made_desk import MadeDesk


def test_letters_leave_what_they_are_found_in(qtbot: QtBot) -> None:
    dialog = HelpDialog(Mode.REPLAY)
    qtbot.addWidget(dialog)
    assert "Step back" in dialog.page.toPlainText()
    qtbot.keyClicks(dialog.field, "full scr")
    assert "Fill the screen" in dialog.page.toPlainText()
    assert "Step back" not in dialog.page.toPlainText()
    dialog.field.setText("qqqq")
    assert dialog.page.toPlainText().strip() == "Nothing is called that."
    dialog.field.setText("<b>&")
    assert "Nothing" in dialog.page.toPlainText()


def test_a_live_window_is_told_nothing_of_the_time_line(qtbot: QtBot) -> None:
    dialog = HelpDialog(Mode.LIVE)
    qtbot.addWidget(dialog)
    assert "time line" not in dialog.page.toPlainText()


def test_it_tells_the_keys_that_the_operator_gave(qtbot: QtBot) -> None:
    settings = Settings()
    keys.give(next(a for a in table.ACTIONS if a.key == "help"), ["Ctrl+F7"], settings)
    desk = MadeDesk(settings=settings)
    qtbot.addWidget(desk.window)
    dialog = HelpDialog(Mode.REPLAY, desk.window)
    assert "Ctrl+F7" in dialog.page.toPlainText()
    dialog.close()


@pytest.mark.parametrize("name", theme.NAMES)
def test_it_has_the_colors_of_the_theme_and_changes_with_it(qtbot: QtBot, name: str) -> None:
    dialog = HelpDialog(Mode.REPLAY)
    qtbot.addWidget(dialog)
    theme.use(name)
    page = dialog.page.toHtml()
    theme.use("dark")
    assert ("#ffb000" in page) == (name in ("dark", "system"))


def test_the_page_turns_while_letters_are_typed(qtbot: QtBot) -> None:
    dialog = HelpDialog(Mode.REPLAY)
    qtbot.addWidget(dialog)
    dialog.show()
    bar = dialog.page.verticalScrollBar()
    qtbot.keyClick(dialog.field, QtCore.Qt.Key.Key_PageDown)
    assert bar.value() > 0
    qtbot.keyClick(dialog.field, QtCore.Qt.Key.Key_PageUp)
    assert bar.value() == 0
