"""Frames made by hand, and a mouse."""

from __future__ import annotations

from typing import Any

import numpy as np

from drivers.frame import Frame, FrameFlag, KelvinMap, StreamInfo, StreamKind
from gui.qt import QtCore, QtGui, QtWidgets

CENTIKELVIN = KelvinMap(0.01)


def frame_of(
    kind: StreamKind,
    pixels: np.ndarray,
    kelvin: KelvinMap | None = CENTIKELVIN,
    name: str = "",
    host_ns: int = 1_000_000_000,
    flags: FrameFlag = FrameFlag.NONE,
) -> Frame:
    """A frame of the pixels (H, W) or (H, W, 3); depth in millimetres, thermal in ``kelvin``."""
    h, w = pixels.shape[:2]
    info = StreamInfo(
        name or kind.value,
        kind,
        w,
        h,
        pixels.dtype.name,
        30.0,
        unit_m=0.001 if kind is StreamKind.DEPTH else None,
        kelvin=kelvin if kind is StreamKind.THERMAL else None,
    )
    return Frame(info, pixels, 1, host_ns, host_ns, flags)


def warm(celsius: float, shape: tuple[int, int] = (60, 80), **more: Any) -> Frame:
    """A thermal frame from ``celsius`` at its left to 10 degrees more at its right."""
    row = (np.linspace(celsius, celsius + 10, shape[1]) + 273.15) / 0.01
    return frame_of(StreamKind.THERMAL, np.repeat(np.rint(row)[None], shape[0], 0).astype(np.uint16), **more)


def drag(widget: QtWidgets.QWidget, *path: QtCore.QPoint) -> None:
    """Press at the first place, move through the others with the button held, let go at the last. The events are made
    here, since a platform without a screen leaves out moves."""
    none, left = QtCore.Qt.MouseButton.NoButton, QtCore.Qt.MouseButton.LeftButton
    kinds = QtCore.QEvent.Type
    steps = [(kinds.MouseButtonPress, path[0], left, left)]
    steps += [(kinds.MouseMove, at, none, left) for at in path[1:]]
    steps.append((kinds.MouseButtonRelease, path[-1], left, none))
    for kind, at, button, held in steps:
        where, on_desk = QtCore.QPointF(at), QtCore.QPointF(widget.mapToGlobal(at))
        event = QtGui.QMouseEvent(kind, where, on_desk, button, held, QtCore.Qt.KeyboardModifier.NoModifier)
        QtWidgets.QApplication.sendEvent(widget, event)
