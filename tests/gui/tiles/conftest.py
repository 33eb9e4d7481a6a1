"""Boards in windows; they are closed at the end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from gui.app import application
from gui.feed import Mode
from gui.qt import QtWidgets
from gui.settings import Settings
from gui.tiles.board import Board
from tests.gui.tiles.board_desk import BoardDesk, Make, shown, status


@pytest.fixture
def make(qtbot: QtBot) -> Iterator[Make]:
    """Boards in a window of 900 x 600; they are closed at the end."""
    made: list[Board] = []

    def new(settings: Settings | None = None, mode: Mode = Mode.REPLAY) -> Board:
        application()
        window = QtWidgets.QMainWindow()
        qtbot.addWidget(window)
        board = Board(BoardDesk(window, mode, settings or Settings()))
        window.setCentralWidget(board.widget)
        window.resize(900, 600)
        board.ready()
        window.show()
        qtbot.waitExposed(window)
        made.append(board)
        return board

    yield new
    for board in made:
        board.close()
        board.desk.window.close()


@pytest.fixture
def board(make: Make) -> Board:
    """Three streams and a face."""
    board = make()
    board.show_result(shown())
    board.show_status(status())
    QtWidgets.QApplication.processEvents()
    return board
