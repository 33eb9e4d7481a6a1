"""Layouts from one start to the next, and through files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.qt import QtCore
from gui.settings import Settings
from gui.tiles.board import Board
from gui.tiles.layout import Arrangement, Place, Source
from gui.tiles.layout_store import SETTING, LayoutStore
from gui.work import file_dialog
from tests.gui.tiles.board_desk import (
    COLOR,
    DEPTH,
    Make,
    shown,
    what,
)

Key = QtCore.Qt.Key
Button = QtCore.Qt.MouseButton


def test_the_last_layout_comes_back_for_the_same_streams(make: Make) -> None:
    settings = Settings()
    first = make(settings)
    first.show_result(shown())
    first.show_4()
    first._set_place(3, Place(Source(picture="crop")))
    again = make(settings)
    again.show_result(shown())
    assert what(again) == ["stream/color", "stream/depth", "stream/thermal", "face/nearest/crop"]
    other = make(settings)
    other.show_result(shown((COLOR, DEPTH)))
    assert what(other) == ["stream/color", "stream/depth"]


def test_a_broken_layout_means_the_usual_one_and_a_word(make: Make) -> None:
    settings = Settings()
    settings.set(SETTING, {"last": {"color depth thermal": {"version": 1, "arrangement": "77"}}})
    board = make(settings)
    board.show_result(shown())
    assert board.layout.arrangement is Arrangement.MAIN
    assert any("77" in words for words in board.desk.said)


def test_layouts_are_saved_loaded_and_deleted_in_a_dialog(board: Board, qtbot: QtBot) -> None:
    board.show_6()
    dialog = board.show_layouts()
    qtbot.keyClicks(dialog.name, "Night watch")
    qtbot.mouseClick(dialog.save, Button.LeftButton)
    assert [dialog.names.item(i).text() for i in range(dialog.names.count())] == ["Night watch"]
    board.show_1()
    dialog.names.setCurrentRow(0)
    qtbot.keyClick(dialog.names, Key.Key_Return)
    qtbot.waitUntil(lambda: board.layout.arrangement is Arrangement.SIX)
    dialog.names.setFocus()
    qtbot.keyClick(dialog.names, Key.Key_Delete)
    assert dialog.names.count() == 0
    assert LayoutStore(board.desk.settings).names() == []
    dialog.close()


def test_layouts_go_through_files_and_what_is_none_is_refused(
    board: Board, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.json"
    monkeypatch.setattr(file_dialog, "save_file", lambda *_: str(path))
    monkeypatch.setattr(file_dialog, "open_file", lambda *_: str(path))
    board.show_9()
    dialog = board.show_layouts()
    dialog.to_file()
    assert json.loads(path.read_text())["arrangement"] == "9"
    board.show_1()
    dialog.from_file()
    assert board.layout.arrangement is Arrangement.NINE
    path.write_text("{}")
    dialog.from_file()
    assert "version" in dialog.word.text()
    assert board.layout.arrangement is Arrangement.NINE
    monkeypatch.setattr(file_dialog, "save_file", lambda *_: str(tmp_path / "no" / "where.json"))
    dialog.to_file()
    assert "could not be written" in dialog.word.text()
    dialog.close()
