"""The Qt binding, taken through pyqtgraph: PyQt5 where it is installed, else what pyqtgraph finds (``PYQTGRAPH_QT_LIB``
names one). What the bindings say differently is said once, here."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import Any

import numpy as np

if importlib.util.find_spec("PyQt5") is not None:
    os.environ.setdefault("PYQTGRAPH_QT_LIB", "PyQt5")

import pyqtgraph as pg
from pyqtgraph.Qt import QtCore, QtGui, QtWidgets
from pyqtgraph.Qt.internals import PrimitiveArray

Signal = QtCore.Signal

__all__ = [
    "PrimitiveArray",
    "QtCore",
    "QtGui",
    "QtWidgets",
    "Signal",
    "event_pos",
    "global_pos",
    "is_alive",
    "pg",
    "qt_translations",
    "rgb_of",
]


def event_pos(event: Any) -> QtCore.QPointF:
    """Where a mouse, wheel, drag or hover event happened, in the widget's px."""
    if hasattr(event, "position"):
        return QtCore.QPointF(event.position())
    for name in ("localPos", "posF", "pos"):
        if hasattr(event, name):
            return QtCore.QPointF(getattr(event, name)())
    raise TypeError(f"{type(event).__name__} has no place")


def global_pos(event: Any) -> QtCore.QPointF:
    """Where a mouse event happened, in px of the whole desktop."""
    for name in ("globalPosition", "globalPosF", "globalPos"):
        if hasattr(event, name):
            return QtCore.QPointF(getattr(event, name)())
    raise TypeError(f"{type(event).__name__} has no place on the desktop")


def rgb_of(image: QtGui.QImage) -> np.ndarray:
    """The pixels of an image: a copy, uint8 (H, W, 3)."""
    image = image.convertToFormat(QtGui.QImage.Format.Format_RGB888)
    height, width, stride = image.height(), image.width(), image.bytesPerLine()
    bits = image.constBits()
    if hasattr(bits, "setsize"):  # PyQt gives an address without a length, PySide a memoryview
        bits.setsize(height * stride)
    rows = np.frombuffer(bits, np.uint8, height * stride).reshape(height, stride)
    return rows[:, : 3 * width].reshape(height, width, 3).copy()


def is_alive(thing: QtCore.QObject) -> bool:
    """Whether Qt still has what this name stands for."""
    from pyqtgraph.Qt import isQObjectAlive

    return bool(isQObjectAlive(thing))


def qt_translations() -> Path:
    """Folder of Qt's own translations."""
    where = getattr(QtCore.QLibraryInfo, "path", None) or QtCore.QLibraryInfo.location
    names = [n for n in ("LibraryPath", "LibraryLocation") if hasattr(QtCore.QLibraryInfo, n)]  # Qt 6, Qt 5
    paths = getattr(QtCore.QLibraryInfo, names[0])
    return Path(where(paths.TranslationsPath))
