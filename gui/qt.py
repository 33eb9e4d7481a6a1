"""The Qt binding, taken through pyqtgraph: PyQt5 where it is installed, else what pyqtgraph finds."""

from __future__ import annotations

import importlib.util
import os

if importlib.util.find_spec("PyQt5") is not None:
    os.environ.setdefault("PYQTGRAPH_QT_LIB", "PyQt5")

import pyqtgraph as pg
from pyqtgraph.Qt import QtCore, QtGui, QtWidgets

Signal = QtCore.Signal

__all__ = ["QtCore", "QtGui", "QtWidgets", "Signal", "pg"]
