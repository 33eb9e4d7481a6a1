"""The tile's canvas on screens of any kind."""

from __future__ import annotations

import math

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gui.qt import QtGui, QtWidgets, rgb_of
from gui.tiles.canvas import Canvas
from gui.tiles.rendering import RgbContent
from gui.tiles.scene import Scene

BEFORE = (255, 0, 255)


class Filled(QtWidgets.QWidget):
    """Paints all that Qt lets it paint."""

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        painter = QtGui.QPainter(self)
        painter.fillRect(self.rect().adjusted(-2, -2, 2, 2), QtGui.QColor("black"))
        painter.end()


def left_over(widget: QtWidgets.QWidget, side: int, ratio: float) -> np.ndarray:
    """Which px of the device still show what stood there before."""
    widget.resize(side, side)
    pixels = math.ceil(side * ratio)
    screen = QtGui.QImage(pixels, pixels, QtGui.QImage.Format.Format_RGB32)
    screen.setDevicePixelRatio(ratio)
    screen.fill(QtGui.QColor(*BEFORE))
    widget.render(screen)
    return (rgb_of(screen) == BEFORE).all(axis=2)


@pytest.mark.parametrize("ratio", [1.0, 1.041, 1.25, 1.5, 2.0])
def test_no_px_of_the_device_keeps_what_stood_there_before(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, ratio: float
) -> None:
    canvas, filled = Canvas(), Filled()
    qtbot.addWidget(canvas)
    qtbot.addWidget(filled)
    monkeypatch.setattr(canvas, "devicePixelRatioF", lambda: ratio)
    canvas.show_scene(Scene(RgbContent(np.full((40, 40, 3), 90, np.uint8)), []))
    for side in range(100, 112):
        assert not (left_over(canvas, side, ratio) & ~left_over(filled, side, ratio)).any(), side
