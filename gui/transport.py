"""The replay bar: the time line, and under it play, step, go to, events, loop and speed."""

from __future__ import annotations

import math
from collections.abc import Mapping

from gui import theme
from gui.course import SPEEDS
from gui.feed import ReplayStatus
from gui.goto import HELP, HINT
from gui.icons import icon
from gui.marks import Marks
from gui.qt import QtCore, QtGui, QtWidgets, Signal
from gui.timeline_bar import TimelineBar, clock

_ROOMY = 1230
"""Narrower than this, in px, the buttons that the keys and the menu have, too, give way."""


class TransportBar(QtWidgets.QFrame):
    """Buttons share the window's actions; the time line, the field and the speed have signals of their own."""

    seek = Signal(int)
    speed = Signal(float)
    typed = Signal(str)
    left = Signal()
    """The field was left by Esc or after it was used."""

    def __init__(self, actions: Mapping[str, QtGui.QAction]) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._play = actions["play"]
        self._icons = {True: icon("pause"), False: icon("play")}
        self._playing: bool | None = None
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 6)
        column.setSpacing(2)
        self.slider = TimelineBar()
        self.slider.valueChanged.connect(self.seek.emit)
        column.addWidget(self.slider)
        row = QtWidgets.QHBoxLayout()
        row.setSpacing(3)
        column.addLayout(row)

        for key in ("start", "back", "play", "forward", "end"):
            row.addWidget(_button(actions[key], large=key == "play"))
        self._where = QtWidgets.QLabel("–")
        theme.sized(self._where, theme.BASE_PT + 2, bold=True)
        self._where.setAccessibleName("Frame and time")
        row.addSpacing(6)
        row.addWidget(self._where)
        row.addSpacing(6)
        self.field = GoToField()
        self.field.returnPressed.connect(lambda: self.typed.emit(self.field.text()))
        self.field.left.connect(self.left)
        row.addWidget(self.field, 4)
        row.addSpacing(6)
        row.addWidget(_button(actions["previous_event"]))
        self.events = _button(actions["events"], words=True)
        row.addWidget(self.events)
        row.addWidget(_button(actions["next_event"]))
        row.addStretch(1)
        for key in ("part_begin", "part_end"):
            row.addWidget(_button(actions[key]))
        self._clear = _button(actions["part_clear"])
        row.addWidget(self._clear)
        row.addWidget(_button(actions["loop"]))
        row.addSpacing(8)
        self._slower, self._faster = _button(actions["slower"]), _button(actions["faster"])
        row.addWidget(self._slower)
        self.speeds = QtWidgets.QComboBox()
        self.speeds.setAccessibleName("Speed")
        self.speeds.setToolTip("Multiple of the recorded time; max is as fast as the steps go")
        for value in SPEEDS:
            self.speeds.addItem(speed_words(value), value)
        self.speeds.setCurrentIndex(SPEEDS.index(1.0))
        self.speeds.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
        self.speeds.currentIndexChanged.connect(lambda i: self.speed.emit(SPEEDS[i]))
        row.addWidget(self.speeds)
        row.addWidget(self._faster)
        self._reached = QtWidgets.QLabel("")
        self._reached.setAccessibleName("Speed that is reached")
        row.addWidget(self._reached)

    def change_speed(self, by: int) -> None:
        """To the next higher (+1) or lower (-1) speed."""
        index = min(max(self.speeds.currentIndex() + by, 0), self.speeds.count() - 1)
        self.speeds.setCurrentIndex(index)

    def show_marks(self, marks: Marks) -> None:
        """Of the recording that is open now."""
        self.slider.show_marks(marks)
        widest = f"{len(marks)} / {len(marks)}   {clock(marks.duration_ns)}"
        digits = "".join("0" if c.isdigit() else c for c in widest)
        self._where.setMinimumWidth(QtGui.QFontMetrics(self._where.font()).horizontalAdvance(digits) + 2)

    def show_speed(self, speed: float) -> None:
        """A speed that was chosen elsewhere."""
        if speed in SPEEDS:
            self.speeds.setCurrentIndex(SPEEDS.index(speed))

    def show_status(self, status: ReplayStatus) -> None:
        if status.playing != self._playing:
            self._playing = status.playing
            self._play.setIcon(self._icons[status.playing])
            self._play.setText("Pause" if status.playing else "Play")
        if not self.slider.isSliderDown() and self.slider.value() != status.position:
            self.slider.blockSignals(True)
            self.slider.setValue(status.position)
            self.slider.blockSignals(False)
        self.slider.show_part(status.part, status.loop)
        self._clear.setEnabled(status.part is not None)
        last = max(status.count - 1, 0)
        self._where.setText(f"{status.position} / {last}   {clock(status.time_ns)}")
        self._show_reached(status)

    def _show_reached(self, status: ReplayStatus) -> None:
        reached, words, tip = status.reached_speed, "", ""
        if status.playing and reached > 0 and math.isinf(status.speed):
            words, tip = f"now {reached:.1f}×", "Every frame is processed, as fast as the steps go."
        elif status.playing and 0 < reached < 0.9 * status.speed:
            words = f"reaches {reached:.1f}×"
            tip = "Every frame is processed; the steps take longer than this speed allows."
        self._reached.setText(words)
        self._reached.setToolTip(tip)
        theme.set_tone(self._reached, "dim" if math.isinf(status.speed) else "warn")

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        super().resizeEvent(event)
        roomy = self.width() >= _ROOMY
        for button in (self._slower, self._faster, self._clear):
            button.setVisible(roomy)
        # Where it fits, its place is kept, so that the buttons beside it stand still.
        widest = self._reached.fontMetrics().horizontalAdvance("reaches 00.0×")
        self._reached.setMinimumWidth(widest if roomy else 0)
        self.events.setToolButtonStyle(
            QtCore.Qt.ToolButtonStyle.ToolButtonTextBesideIcon
            if roomy
            else QtCore.Qt.ToolButtonStyle.ToolButtonIconOnly
        )


class GoToField(QtWidgets.QLineEdit):
    """Where a time, a frame or an event is typed."""

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText(HINT)
        self.setToolTip(f"{HELP} (Ctrl+G)")
        self.setAccessibleName("Go to a time, a frame or an event")
        self.setMinimumWidth(90)
        self.setMaximumWidth(self.fontMetrics().horizontalAdvance(HINT) + 34)
        self.setClearButtonEnabled(False)
        self.textEdited.connect(lambda _: self.set_wrong(False))

    def set_wrong(self, wrong: bool) -> None:
        """Whether what stands there cannot be gone to."""
        if bool(self.property("wrong")) != wrong:
            self.setProperty("wrong", wrong)
            self.style().unpolish(self)
            self.style().polish(self)

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:
        if event.key() == QtCore.Qt.Key.Key_Escape:
            self.clear()
            self.set_wrong(False)
            self.left.emit()
        else:
            super().keyPressEvent(event)


def speed_words(speed: float) -> str:
    """A speed for people."""
    return "max" if math.isinf(speed) else f"{speed:g}×"


def _button(action: QtGui.QAction, large: bool = False, words: bool = False) -> QtWidgets.QToolButton:
    button = QtWidgets.QToolButton()
    button.setDefaultAction(action)
    button.setIconSize(QtCore.QSize(28, 28) if large else QtCore.QSize(22, 22))
    if words:
        button.setToolButtonStyle(QtCore.Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setAccessibleName(action.text())
    button.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
    return button
