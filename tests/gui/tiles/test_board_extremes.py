"""Pictures of any size, and any number of faces."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from drivers.frame import StreamKind
from gui.feed import Phase, Shown
from gui.qt import QtWidgets
from gui.tiles.board import Board
from gui.tiles.layout import Place, Source
from tests.gui.tiles.board_desk import (
    ALL,
    COLOR,
    DEPTH,
    BoardDesk,
    Make,
    face,
    info,
    pixels,
    shown,
    status,
)


@pytest.mark.parametrize(("width", "height"), [(1, 1), (4096, 3072), (1, 500), (700, 2)])
def test_frames_of_any_size(make: Make, width: int, height: int) -> None:
    board = make()
    streams = [
        info(str(kind), kind, width, height) for kind in (StreamKind.COLOR, StreamKind.DEPTH, StreamKind.THERMAL)
    ]
    board.show_result(shown(streams, faces=[]))
    board.show_4()
    for tile in board.grid.tiles[:3]:
        assert pixels(tile.canvas).std() > 0 or width == 1
        assert tile.canvas.image.width() <= tile.canvas.width() * tile.devicePixelRatioF() + 1


def test_a_frame_whose_size_changes(board: Board) -> None:
    tile = board.grid.tiles[0]
    tile.canvas.zoom_by_key(True)
    board.show_result(shown((replace(COLOR, width=64, height=200, intrinsics=None),), number=1, faces=[]))
    assert tile.canvas.view.picture == (64, 200)
    assert tile.canvas.view.is_whole
    pixels(tile)


@pytest.mark.parametrize("count", [0, 50])
def test_no_face_and_fifty_faces(board: Board, count: int) -> None:
    board.show_9()
    for i, kind in enumerate(("crop", "landmarks", "thermal crop", "relief", "color")):
        board._set_place(3 + i, Place(Source(picture=kind)))
    board.show_result(shown(number=1, faces=[face(n) for n in range(count)]))
    pixels(board.widget)


def test_what_has_no_new_frame_is_not_painted_again(board: Board, qtbot: QtBot) -> None:
    painted: list[str] = []
    QtWidgets.QApplication.processEvents()
    board.painted.connect(lambda f: painted.append(f.stream))
    board.show_result(shown((COLOR, DEPTH), number=1))
    qtbot.waitUntil(lambda: len(painted) == 2)
    assert sorted(painted) == ["color", "depth"]
    tile = board.tiles["thermal"]
    image = tile.canvas.image
    pixels(tile)
    assert tile.canvas.image is image


def test_results_after_the_end_change_nothing(board: Board) -> None:
    board.close()
    board.close()
    board.show_status(status(phase=Phase.ENDED))
    assert isinstance(board.desk, BoardDesk)
    result: Shown = shown(ALL, 5)
    board.show_result(result)
