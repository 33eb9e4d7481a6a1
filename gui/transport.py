"""The replay bar: play, step, seek, speed and loop, with the frame number and the recorded time."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gui import theme
from gui.feed import ReplayStatus
from gui.icons import icon
from gui.player import SPEEDS
from gui.qt import QtCore, QtGui, QtWidgets, Signal


class SeekSlider(QtWidgets.QSlider):
    """A slider that goes where it is clicked and tells the position under the mouse."""

    def __init__(self) -> None:
        super().__init__(QtCore.Qt.Orientation.Horizontal)
        self.setMouseTracking(True)
        self.words_at: Callable[[int], str] = str
        self.setAccessibleName("Position in the recording")
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.StrongFocus)

    def value_at(self, x: float) -> int:
        """The value under a horizontal place in the widget."""
        handle = 16
        span = max(1, self.width() - handle)
        share = min(max((x - handle / 2) / span, 0.0), 1.0)
        return round(self.minimum() + share * (self.maximum() - self.minimum()))

    def mousePressEvent(self, event: QtGui.QMouseEvent) -> None:
        if event.button() == QtCore.Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self.setSliderPosition(self.value_at(event.pos().x()))
            event.accept()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QtGui.QMouseEvent) -> None:
        value = self.value_at(event.pos().x())
        if self.isSliderDown():
            self.setSliderPosition(value)
        QtWidgets.QToolTip.showText(self.mapToGlobal(event.pos()), self.words_at(value), self)
        event.accept()

    def mouseReleaseEvent(self, event: QtGui.QMouseEvent) -> None:
        if event.button() == QtCore.Qt.MouseButton.LeftButton:
            self.setSliderDown(False)
        super().mouseReleaseEvent(event)


class TransportBar(QtWidgets.QFrame):
    """Buttons share the window's actions; the slider and the speed have signals of their own."""

    seek = Signal(int)
    speed = Signal(float)

    def __init__(self, actions: Mapping[str, QtGui.QAction]) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._play = actions["play"]
        self._icons = {True: icon("pause"), False: icon("play")}
        self._playing: bool | None = None
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(10, 6, 12, 6)
        row.setSpacing(4)
        for key in ("start", "back", "play", "forward", "end"):
            row.addWidget(_button(actions[key], large=key == "play"))
        self._where = QtWidgets.QLabel("–")
        theme.sized(self._where, theme.BASE_PT + 2, bold=True)
        self._where.setAccessibleName("Frame and time")
        self._where.setMinimumWidth(QtGui.QFontMetrics(self._where.font()).horizontalAdvance("00000 / 00000   00:00.0"))
        row.addSpacing(8)
        row.addWidget(self._where)
        self.slider = SeekSlider()
        self.slider.setRange(0, 0)
        self.slider.valueChanged.connect(self._slid)
        row.addSpacing(8)
        row.addWidget(self.slider, 1)
        self._duration = QtWidgets.QLabel("")
        self._duration.setProperty("tone", "dim")
        row.addSpacing(8)
        row.addWidget(self._duration)
        row.addSpacing(8)
        row.addWidget(_button(actions["loop"]))
        row.addWidget(_button(actions["slower"]))
        self.speeds = QtWidgets.QComboBox()
        self.speeds.setAccessibleName("Speed")
        self.speeds.setToolTip("Multiple of the recorded time")
        for value in SPEEDS:
            self.speeds.addItem(f"{value:g}×", value)
        self.speeds.setCurrentIndex(SPEEDS.index(1.0))
        self.speeds.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
        self.speeds.currentIndexChanged.connect(lambda i: self.speed.emit(SPEEDS[i]))
        row.addWidget(self.speeds)
        row.addWidget(_button(actions["faster"]))
        self._reached = QtWidgets.QLabel("")
        self._reached.setProperty("tone", "warn")
        self._reached.setAccessibleName("Speed that is reached")
        row.addWidget(self._reached)

    def change_speed(self, by: int) -> None:
        """To the next higher (+1) or lower (-1) speed."""
        index = min(max(self.speeds.currentIndex() + by, 0), self.speeds.count() - 1)
        self.speeds.setCurrentIndex(index)

    def show_status(self, status: ReplayStatus) -> None:
        if status.playing != self._playing:
            self._playing = status.playing
            self._play.setIcon(self._icons[status.playing])
            self._play.setText("Pause" if status.playing else "Play")
        if self.slider.maximum() != max(status.count - 1, 0):
            self.slider.blockSignals(True)
            self.slider.setRange(0, max(status.count - 1, 0))
            self.slider.blockSignals(False)
        if not self.slider.isSliderDown() and self.slider.value() != status.position:
            self.slider.blockSignals(True)
            self.slider.setValue(status.position)
            self.slider.blockSignals(False)
        last = max(status.count - 1, 0)
        self._where.setText(f"{status.position} / {last}   {clock(status.time_ns)}")
        self._duration.setText(clock(status.duration_ns))
        slow = status.playing and 0 < status.reached_speed < 0.9 * status.speed
        self._reached.setText(f"reaches {status.reached_speed:.1f}×" if slow else "")
        self._reached.setToolTip("Every frame is processed; the steps take longer than this speed allows.")

    def _slid(self, value: int) -> None:
        self.seek.emit(value)


def clock(ns: int) -> str:
    """Recorded time as ``m:ss.s``, or ``h:mm:ss.s``."""
    tenths = ns // 100_000_000
    seconds, tenth = divmod(tenths, 10)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}.{tenth}" if hours else f"{minutes}:{seconds:02d}.{tenth}"


def _button(action: QtGui.QAction, large: bool = False) -> QtWidgets.QToolButton:
    button = QtWidgets.QToolButton()
    button.setDefaultAction(action)
    button.setIconSize(QtCore.QSize(28, 28) if large else QtCore.QSize(22, 22))
    button.setAccessibleName(action.text())
    button.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
    return button
