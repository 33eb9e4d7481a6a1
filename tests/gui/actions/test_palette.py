"""The command palette, typed into."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from gui.actions import table
from gui.actions.palette import RECENT, Palette
from gui.qt import QtCore
from tests.gui.actions.made_desk import MadeDesk

Key = QtCore.Qt.Key


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[MadeDesk]:
    desk = MadeDesk()
    qtbot.addWidget(desk.window)
    desk.window.show()
    yield desk
    desk.part.close()


def opened(desk: MadeDesk) -> Palette:
    desk.actions["palette_open"].trigger()
    assert desk.part.palette is not None
    return desk.part.palette


def test_letters_and_enter_run_an_action_once_the_palette_is_gone(desk: MadeDesk, qtbot: QtBot) -> None:
    palette = opened(desk)
    qtbot.keyClicks(palette.field, "step forw")
    assert palette.keys_shown[0] == "forward"
    assert not desk.others.called
    qtbot.keyClick(palette.field, Key.Key_Return)
    assert desk.others.called == ["step_forward"]
    assert desk.part.palette is None


def test_what_was_run_last_stands_first_the_next_time(desk: MadeDesk, qtbot: QtBot) -> None:
    palette = opened(desk)
    qtbot.keyClicks(palette.field, "faster")
    qtbot.keyClick(palette.field, Key.Key_Return)
    assert opened(desk).keys_shown[0] == "faster"


@pytest.mark.parametrize("broken", [3, [1, None, {}], "help"])
def test_a_broken_memory_of_the_recent_ones_is_none(desk: MadeDesk, broken: object) -> None:
    desk.settings.set(RECENT, broken)
    assert len(opened(desk).keys_shown) == len(table.in_mode(desk.mode)) - 1


def test_arrows_choose_round_and_round_and_pages_jump(desk: MadeDesk, qtbot: QtBot) -> None:
    palette = opened(desk)
    last = palette.list.count() - 1
    for key, row in (
        (Key.Key_Down, 1),
        (Key.Key_Up, 0),
        (Key.Key_Up, last),
        (Key.Key_Down, 0),
        (Key.Key_PageUp, 0),
    ):
        qtbot.keyClick(palette.field, key)
        assert palette.list.currentRow() == row
    qtbot.keyClick(palette.field, Key.Key_PageDown)
    assert 1 < palette.list.currentRow() <= last


def test_esc_closes_it_and_runs_nothing(desk: MadeDesk, qtbot: QtBot) -> None:
    palette = opened(desk)
    qtbot.keyClicks(palette.field, "step")
    qtbot.keyClick(palette.field, Key.Key_Escape)
    assert desk.part.palette is None
    assert not desk.others.called


def test_what_cannot_be_done_says_why_and_is_not_run(desk: MadeDesk, qtbot: QtBot) -> None:
    table.allow(desk.actions["snapshot"], "Nothing is shown yet.")
    palette = opened(desk)
    qtbot.keyClicks(palette.field, "snapshot")
    item = palette.list.item(palette.keys_shown.index("snapshot"))
    assert "Nothing is shown yet." in item.toolTip()
    palette.list.setCurrentItem(item)
    qtbot.keyClick(palette.field, Key.Key_Return)
    assert palette.isVisible()
    table.allow(desk.actions["snapshot"])
    assert desk.actions["snapshot"].isEnabled()
    assert "Ctrl+S" in desk.actions["snapshot"].toolTip()


def test_nothing_found_is_said(desk: MadeDesk, qtbot: QtBot) -> None:
    palette = opened(desk)
    qtbot.keyClicks(palette.field, "qqqqq")
    assert palette.none.isVisible()
    qtbot.keyClick(palette.field, Key.Key_Return)
    qtbot.keyClick(palette.field, Key.Key_Down)
    assert palette.isVisible()


def test_a_click_runs_too_and_a_switch_shows_its_state(desk: MadeDesk, qtbot: QtBot) -> None:
    palette = opened(desk)
    qtbot.keyClicks(palette.field, "loop")
    item = palette.list.item(palette.keys_shown.index("loop"))
    assert "Ctrl+L" in item.data(int(QtCore.Qt.ItemDataRole.AccessibleTextRole))
    place = palette.list.visualItemRect(item).center()
    qtbot.mouseClick(palette.list.viewport(), QtCore.Qt.MouseButton.LeftButton, pos=place)
    assert desk.actions["loop"].isChecked()
    again = opened(desk)
    assert again.list.item(0).data(int(QtCore.Qt.ItemDataRole.UserRole))[1].startswith("✓")


def test_it_is_closed_with_the_window(desk: MadeDesk) -> None:
    opened(desk)
    desk.part.close()
    assert desk.part.palette is None
