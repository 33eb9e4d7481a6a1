"""Pointing at a picture, zooming and moving it."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gui.qt import QtCore, QtGui, QtWidgets
from gui.tiles.board import Board
from gui.tiles.board_tile import Tile
from tests.gui.tiles.board_desk import (
    pixels,
)

Key = QtCore.Qt.Key
Button = QtCore.Qt.MouseButton
NO_KEYS = QtCore.Qt.KeyboardModifier.NoModifier


def point(qtbot: QtBot, tile: Tile, x: float, y: float) -> None:
    u, v = tile.canvas.view.to_tile(x, y)
    at = QtCore.QPointF(u, v)
    event = QtGui.QMouseEvent(
        QtCore.QEvent.Type.MouseMove,
        at,
        QtCore.QPointF(tile.canvas.mapToGlobal(at.toPoint())),
        Button.NoButton,
        Button.NoButton,
        NO_KEYS,
    )
    QtWidgets.QApplication.sendEvent(tile.canvas, event)


def test_the_value_under_the_cursor_stands_in_the_foot(board: Board, qtbot: QtBot) -> None:
    for stream, words in (("depth", "0.800 m"), ("thermal", "16.9 °C"), ("color", "red 40  green 40  blue 40")):
        tile = board.tiles[stream]
        point(qtbot, tile, 10, 11)
        assert tile.readout.startswith("x 10  y 11"), stream
        assert tile.readout.endswith(words), stream
    point(qtbot, board.tiles["color"], -4, 20)
    assert not board.tiles["color"].readout


def test_the_wheel_zooms_about_the_cursor_dragging_moves_and_escape_shows_all(board: Board, qtbot: QtBot) -> None:
    canvas = board.grid.tiles[0].canvas
    at = QtCore.QPointF(canvas.width() * 0.5, canvas.height() * 0.4)
    before = canvas.to_picture(at)
    wheel = QtGui.QWheelEvent(
        at,
        QtCore.QPointF(canvas.mapToGlobal(at.toPoint())),
        QtCore.QPoint(0, 0),
        QtCore.QPoint(0, 960),
        Button.NoButton,
        NO_KEYS,
        QtCore.Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    whole = pixels(canvas)
    QtWidgets.QApplication.sendEvent(canvas, wheel)
    assert not canvas.view.is_whole
    assert canvas.to_picture(at) == pytest.approx(before, abs=0.01)
    assert not np.array_equal(pixels(canvas), whole)
    seen = canvas.view.seen()
    qtbot.mousePress(canvas, Button.LeftButton, pos=at.toPoint())
    event = QtGui.QMouseEvent(
        QtCore.QEvent.Type.MouseMove,
        at + QtCore.QPointF(60, 0),
        QtCore.QPointF(canvas.mapToGlobal((at + QtCore.QPointF(60, 0)).toPoint())),
        Button.NoButton,
        Button.LeftButton,
        NO_KEYS,
    )
    QtWidgets.QApplication.sendEvent(canvas, event)
    qtbot.mouseRelease(canvas, Button.LeftButton, pos=at.toPoint())
    assert canvas.view.seen()[0] < seen[0]
    qtbot.keyClick(board.grid.tiles[0], Key.Key_Escape)
    assert canvas.view.is_whole
    canvas.left.emit()  # the value under the cursor goes with it
    assert np.array_equal(pixels(canvas), whole)


class Tool:
    """Takes presses in the left half."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, int, int]] = []

    def press(self, x: float, y: float, modifiers: object) -> bool:
        self.heard.append(("press", round(x), round(y)))
        return x < 80

    def move(self, x: float, y: float, modifiers: object) -> bool:
        self.heard.append(("move", round(x), round(y)))
        return True

    def release(self, x: float, y: float, modifiers: object) -> bool:
        self.heard.append(("release", round(x), round(y)))
        return True


def test_a_tool_gets_presses_in_the_pictures_own_pixels(board: Board, qtbot: QtBot) -> None:
    tile = board.grid.tiles[0]
    tile.tool = tool = Tool()
    at = QtCore.QPoint(*(round(v) for v in tile.canvas.view.to_tile(20, 30)))
    qtbot.mouseClick(tile.canvas, Button.LeftButton, pos=at)
    assert tool.heard == [("press", 20, 30), ("release", 20, 30)]
    far = QtCore.QPoint(*(round(v) for v in tile.canvas.view.to_tile(120, 30)))
    qtbot.mouseClick(tile.canvas, Button.LeftButton, pos=far)
    assert tool.heard[2:] == [("press", 120, 30)], "what it does not take is the tile's"
