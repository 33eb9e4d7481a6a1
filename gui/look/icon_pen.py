"""What icons are drawn with, in a square of 24 units."""

from __future__ import annotations

from collections.abc import Callable

from gui.qt import QtCore, QtGui

Draw = Callable[[QtGui.QPainter, QtGui.QColor], None]
"""Draws one with a pen that is set already; the color is for what is filled."""


def shape(*points: tuple[float, float]) -> QtGui.QPolygonF:
    return QtGui.QPolygonF([QtCore.QPointF(x, y) for x, y in points])


def line(p: QtGui.QPainter, *points: tuple[float, float]) -> None:
    p.drawPolyline(shape(*points))


def solid(p: QtGui.QPainter, ink: QtGui.QColor, *points: tuple[float, float]) -> None:
    p.setBrush(ink)
    p.drawPolygon(shape(*points))
    p.setBrush(QtCore.Qt.BrushStyle.NoBrush)


def dot(p: QtGui.QPainter, ink: QtGui.QColor, x: float, y: float, r: float) -> None:
    p.setBrush(ink)
    p.drawEllipse(QtCore.QPointF(x, y), r, r)
    p.setBrush(QtCore.Qt.BrushStyle.NoBrush)
