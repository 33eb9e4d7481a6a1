"""Tiles in a window: arranged, dragged, walked through by keys."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gui.qt import QtCore
from gui.tiles.board import Board
from tests.gui.tiles.board_desk import (
    drag,
    middle,
    pixels,
    shown,
    what,
)

Key = QtCore.Qt.Key
Button = QtCore.Qt.MouseButton


def test_at_first_the_stream_with_the_faces_is_large(board: Board) -> None:
    assert what(board) == ["stream/color", "stream/depth", "stream/thermal"]
    assert board.main == "color"
    large, *small = board.grid.tiles
    assert all(large.width() * large.height() > 2 * t.width() * t.height() for t in small)
    assert not board.waiting.isVisible()


@pytest.mark.parametrize("count", [1, 2, 4, 6, 9])
def test_so_many_tiles_of_one_size(board: Board, count: int) -> None:
    getattr(board, f"show_{count}")()
    assert len(board.grid.tiles) == count
    widths = {tile.width() for tile in board.grid.tiles}
    assert max(widths) - min(widths) <= 1
    board.show_main_and_side()
    assert what(board) == ["stream/color", "stream/depth", "stream/thermal"], "nothing was lost"


def test_an_empty_tile_says_what_can_be_done(board: Board) -> None:
    board.show_4()
    tile = board.grid.tiles[3]
    assert "Shift+F10" in tile.canvas.words
    assert "empty" in tile.accessibleName()


def test_the_next_tile_comes_to_the_first_place(board: Board) -> None:
    board.next_main()
    assert board.main == "depth"
    board.next_main()
    board.next_main()
    assert board.main == "color"


def test_a_tile_dragged_by_its_head_changes_places_and_the_target_is_seen(board: Board, qtbot: QtBot) -> None:
    first, second, _ = board.grid.tiles
    before = pixels(second)
    drag(qtbot, first, middle(second), drop=False)
    assert second.is_target
    assert not np.array_equal(pixels(second), before)
    assert board.grid._ghost.isVisible()
    qtbot.mouseRelease(first.head, Button.LeftButton, pos=first.head.mapFromGlobal(middle(second)))
    assert what(board) == ["stream/depth", "stream/color", "stream/thermal"]
    assert not second.is_target
    assert not board.grid._ghost.isVisible()


def test_escape_gives_a_drag_up(board: Board, qtbot: QtBot) -> None:
    first, second, _ = board.grid.tiles
    drag(qtbot, first, middle(second), drop=False)
    qtbot.keyClick(first, Key.Key_Escape)
    assert not second.is_target
    qtbot.mouseRelease(first.head, Button.LeftButton, pos=first.head.mapFromGlobal(middle(second)))
    assert what(board)[0] == "stream/color"


def test_dropped_beside_all_tiles_it_stays(board: Board, qtbot: QtBot) -> None:
    drag(qtbot, board.grid.tiles[0], board.grid.mapToGlobal(QtCore.QPoint(-300, -300)))
    assert what(board)[0] == "stream/color"


def test_closing_in_the_middle_of_a_drag(board: Board, qtbot: QtBot) -> None:
    first, second, _ = board.grid.tiles
    drag(qtbot, first, middle(second), drop=False)
    board.close()
    board.desk.window.close()
    assert not first.head.is_dragging
    board.show_result(shown(number=1))


def test_another_arrangement_in_the_middle_of_a_drag(board: Board, qtbot: QtBot) -> None:
    last = board.grid.tiles[2]
    drag(qtbot, last, middle(board.grid.tiles[0]), drop=False)
    board.show_1()
    assert not board.grid._ghost.isVisible()
    assert len(board.grid.tiles) == 1


def test_a_double_click_and_enter_maximise_and_restore(board: Board, qtbot: QtBot) -> None:
    tile = board.grid.tiles[1]
    qtbot.mouseDClick(tile.canvas, Button.LeftButton, pos=tile.canvas.rect().center())
    assert board.grid.maximised == 1
    assert [t.isVisible() for t in board.grid.tiles] == [False, True, False]
    assert tile.size() == board.grid.size()
    qtbot.keyClick(tile, Key.Key_Return)
    assert board.grid.maximised is None
    qtbot.keyClick(tile, Key.Key_Return)
    qtbot.keyClick(tile, Key.Key_Escape)
    assert board.grid.maximised is None
    assert all(t.isVisible() for t in board.grid.tiles)


def test_while_one_tile_is_maximised_the_others_are_not_painted_and_then_show_the_newest(board: Board) -> None:
    board.grid.maximise(1)
    hidden = board.grid.tiles[0]
    board.show_result(shown(number=3))
    assert hidden.frame_shown.number == 0
    assert board.grid.tiles[1].frame_shown.number == 3
    board.grid.maximise(None)
    assert hidden.frame_shown.number == 3


def test_arrows_and_tab_walk_through_the_tiles_with_a_frame_round_the_one_that_has_the_focus(
    board: Board, qtbot: QtBot
) -> None:
    board.show_4()
    tiles = board.grid.tiles
    tiles[0].setFocus()
    qtbot.waitUntil(tiles[0].hasFocus)
    with_frame = pixels(tiles[0])
    qtbot.keyClick(tiles[0], Key.Key_Down)
    assert tiles[2].hasFocus()
    assert not np.array_equal(pixels(tiles[0]), with_frame)
    qtbot.keyClick(tiles[2], Key.Key_Right)
    assert tiles[3].hasFocus()
    qtbot.keyClick(tiles[3], Key.Key_Up)
    assert tiles[1].hasFocus()
    assert board.grid.focused() == 1
    assert all(t.focusPolicy() & QtCore.Qt.FocusPolicy.TabFocus for t in tiles)
