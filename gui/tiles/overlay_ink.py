"""Pens, fonts and small pictures that the overlay is painted with, each made once."""

from __future__ import annotations

import math
import threading
from functools import lru_cache

import numpy as np

from gui.qt import QtCore, QtGui, QtWidgets
from pipeline.labels import BAR, BLUE, CORAL, DARK, GRAY, ORANGE, PLATE, WHITE, YELLOW, Color
from pipeline.overlay_layout import Extent

_AT_NIGHT = {ORANGE: 255, WHITE: 232, YELLOW: 232, BLUE: 215, CORAL: 200, GRAY: 186}
"""Red of an ink at night; below 186 the contrast with a black outline falls under 3 : 1."""


@lru_cache(maxsize=64)
def pen(color: Color, width: float) -> QtGui.QPen:
    """For lines with round ends, ``width`` px."""
    made = QtGui.QPen(QtGui.QColor(*color), width)
    made.setCapStyle(QtCore.Qt.PenCapStyle.RoundCap)
    made.setJoinStyle(QtCore.Qt.PenJoinStyle.RoundJoin)
    return made


@lru_cache(maxsize=16)
def brush(color: Color) -> QtGui.QBrush:
    """A solid one."""
    return QtGui.QBrush(QtGui.QColor(*color))


@lru_cache(maxsize=1)
def plate() -> QtGui.QColor:
    """What lies under every text."""
    return QtGui.QColor(*DARK, round(255 * PLATE))


def font(size: float) -> QtGui.QFont:
    """The window's font, ``size`` px, a little bold. Each thread has its own: a font keeps what its thread loaded."""
    return _font(size, threading.get_ident())


@lru_cache(maxsize=128)
def _font(size: float, _thread: int) -> QtGui.QFont:
    made = QtGui.QFont(QtWidgets.QApplication.font())
    made.setPixelSize(max(8, round(size)))
    made.setWeight(QtGui.QFont.Weight.DemiBold)
    return made


def font_metrics(size: float) -> QtGui.QFontMetricsF:
    """Of :func:`font`."""
    return _font_metrics(size, threading.get_ident())


@lru_cache(maxsize=128)
def _font_metrics(size: float, thread: int) -> QtGui.QFontMetricsF:
    return QtGui.QFontMetricsF(_font(size, thread))


@lru_cache(maxsize=1024)
def measure(text: str, size: float) -> Extent:
    """What a line of text covers in :func:`font`, in px; measuring one costs as much as painting it."""
    metrics = font_metrics(size)
    return Extent(metrics.horizontalAdvance(text), metrics.capHeight(), 0.35 * metrics.descent())


@lru_cache(maxsize=64)
def sprite(radius: float, color: Color, width: float, ratio: float) -> QtGui.QPixmap:
    """A disc with a dark rim, or a ring of a width between two dark ones."""
    reach = radius + max(width, 0.0) / 2 + 1.5
    side = 2 * math.ceil(reach * ratio) + 1
    image = QtGui.QImage(side, side, QtGui.QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QtGui.QPainter(image)
    painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
    painter.translate(side / 2, side / 2)
    painter.scale(ratio, ratio)
    middle = QtCore.QPointF(0, 0)
    if width > 0:
        painter.setBrush(QtCore.Qt.BrushStyle.NoBrush)
        for ink, thick in ((DARK, width + 1.6), (color, width)):
            painter.setPen(QtGui.QPen(QtGui.QColor(*ink), thick))
            painter.drawEllipse(middle, radius, radius)
    else:
        painter.setPen(QtCore.Qt.PenStyle.NoPen)
        for ink, reached in ((DARK, radius + 1.0), (color, radius)):
            painter.setBrush(brush(ink))
            painter.drawEllipse(middle, reached, reached)
    painter.end()
    sprite = QtGui.QPixmap.fromImage(image)
    sprite.setDevicePixelRatio(ratio)
    return sprite


@lru_cache(maxsize=64)
def ink(color: Color, is_night: bool) -> Color:
    """A color of the overlay as it is painted: at night a shade of red, the brighter the more it matters."""
    if not is_night:
        return color
    return (_AT_NIGHT.get(color, 215), 0, 0) if color not in (DARK, BAR) else (color[0] // 2, 0, 0)


def to_qimage(rgb: np.ndarray) -> QtGui.QImage:
    """uint8 (H, W, 3) RGB to a QImage that owns its pixels, in the format of the screen: it is painted as it is."""
    h, w = rgb.shape[:2]
    data = np.ascontiguousarray(rgb)
    image = QtGui.QImage(data.data, w, h, 3 * w, QtGui.QImage.Format.Format_RGB888)
    return image.convertToFormat(QtGui.QImage.Format.Format_RGB32)
