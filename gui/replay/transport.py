"""The replay bar: the time line, and under it play, step, go to, events, loop and speed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from gui.actions.keys import told
from gui.feed import ReplayStatus
from gui.look import theme
from gui.look.icons import icon
from gui.qt import QtCore, QtGui, QtWidgets, Signal
from gui.replay.compare_panel import ComparePanel
from gui.replay.course import SPEEDS
from gui.replay.goto import HELP, HINTS
from gui.replay.marks import EventMark, Marks
from gui.replay.range_bar import RangeBar
from gui.replay.rules_panel import RulesPanel
from gui.replay.timeline_bar import EDGE, TimelineBar, clock
from gui.replay.tracks_area import TracksArea
from gui.replay.tracks_view import HeightGrip, TracksView
from gui.words import tr

_ROOMY = 1230
"""Narrower than this, in px, the buttons that the keys and the menu have, too, give way."""

STRIPS = 72
"""Left of the line where the strips of events are named, px at the usual size of words."""

_TIGHT = 1010
"""Narrower than this the field, too: its action shows it for as long as it is typed into."""


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
        self._asks = self._has_rules = False
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 6)
        column.setSpacing(2)
        self.slider = TimelineBar()
        self.slider.valueChanged.connect(self.seek.emit)
        self.compare = ComparePanel()
        self.compare.hide()
        self.rules = RulesPanel()
        self.grip = HeightGrip()
        self.tracks = TracksView(self.slider)
        self.tracks.seek.connect(self.slider.setSliderPosition)
        self.tracks_area = TracksArea(self.tracks)
        self.range = RangeBar(self.slider)
        for widget in (self.compare, self.rules, self.grip, self.tracks_area, self.slider, self.range):
            column.addWidget(widget)
        row = QtWidgets.QHBoxLayout()
        row.setSpacing(2)
        column.addLayout(row)

        for key in ("start", "back", "play", "forward", "end"):
            row.addWidget(_button(actions[key], large=key == "play"))
        self._where = QtWidgets.QLabel("–")
        theme.sized(self._where, theme.BASE_PT + 2, bold=True)
        self._where.setAccessibleName(tr("Frame and time"))
        row.addSpacing(6)
        row.addWidget(self._where)
        row.addSpacing(6)
        self.field = GoToField()
        self._goto = actions["goto"]
        self._goto.changed.connect(self._tell_keys)
        self._tell_keys()
        self.field.returnPressed.connect(lambda: self.typed.emit(self.field.text()))
        self.field.left.connect(self.left)
        self.field.no_longer.connect(lambda: self._ask(False))
        row.addWidget(self.field, 4)
        row.addSpacing(6)
        row.addWidget(_button(actions["previous_event"]))
        self.events = _button(actions["events"], words=True)
        row.addWidget(self.events)
        row.addWidget(_button(actions["next_event"]))
        self._bookmark = _button(actions["add_bookmark"])
        row.addWidget(self._bookmark)
        self._signals = _button(actions["timeline_signals"])
        self._signals.setPopupMode(QtWidgets.QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        row.addWidget(self._signals)
        self._compare = _button(actions["compare"])
        row.addWidget(self._compare)
        row.addStretch(1)
        self._ends = [_button(actions[key]) for key in ("part_begin", "part_end")]
        for button in self._ends:
            row.addWidget(button)
        self._clear = _button(actions["part_clear"])
        row.addWidget(self._clear)
        row.addWidget(_button(actions["loop"]))
        row.addSpacing(8)
        self._slower, self._faster = _button(actions["slower"]), _button(actions["faster"])
        row.addWidget(self._slower)
        self.speeds = QtWidgets.QComboBox()
        self.speeds.setAccessibleName(tr("Speed"))
        self.speeds.setToolTip(tr("Multiple of the recorded time; max is as fast as the steps go"))
        for value in SPEEDS:
            self.speeds.addItem(speed_words(value), value)
        self.speeds.setCurrentIndex(SPEEDS.index(1.0))
        self.speeds.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
        self.speeds.currentIndexChanged.connect(lambda i: self.speed.emit(SPEEDS[i]))
        row.addWidget(self.speeds)
        row.addWidget(self._faster)
        self._reached = QtWidgets.QLabel("")
        self._reached.setAccessibleName(tr("Speed that is reached"))
        row.addWidget(self._reached)
        theme.changes.changed.connect(self._size_words)

    def set_signals_menu(self, menu: QtWidgets.QMenu) -> None:
        """Which signals are shown."""
        self._signals.setMenu(menu)

    def show_signals(self, names: Sequence[str]) -> None:
        """These rows above the time line; none take no room."""
        self.tracks.set_names(names)
        self.grip.setVisible(bool(names))
        self._place_line()

    def show_rules(self, events: Sequence[EventMark] | None, is_old: bool = False) -> None:
        """What rules make of the recording now; None: none look at it."""
        self._has_rules = events is not None
        self.slider.show_rules(events, is_old)
        self._place_line()

    def _place_line(self) -> None:
        """Words left of the line need room: the names of signals, or those of the two strips of events."""
        room = theme.points(STRIPS) if self._has_rules else EDGE
        self.slider.set_left(self.tracks.gutter if self.tracks.names else room)

    def _size_words(self) -> None:
        """Words of another size leave more room or less."""
        self._place_line()
        self._fit()

    def _tell_keys(self) -> None:
        self.field.setToolTip(told(tr(HELP), self._goto))

    def ask_for_place(self) -> None:
        """Put the cursor into the field, which is shown for it where there is little room."""
        self._ask(True)
        self.field.setFocus(QtCore.Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

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
            self._play.setText(tr("Pause") if status.playing else tr("Play"))
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
            words = self._speed_now(tr("now {n}×", n=f"{reached:.1f}"), reached)
            tip = tr("Every frame is processed, as fast as the steps go.")
        elif status.playing and 0 < reached < 0.9 * status.speed:
            words = self._speed_now(tr("reaches {n}×", n=f"{reached:.1f}"), reached)
            tip = tr("Every frame is processed; the steps take longer than this speed allows.")
        self._reached.setText(words)
        self._reached.setToolTip(tip)
        theme.set_tone(self._reached, "dim" if math.isinf(status.speed) else "warn")

    def _speed_now(self, words: str, reached: float) -> str:
        """The number alone where there is little room; its color and its tooltip say what it is."""
        return words if self.width() >= _px(_TIGHT) else f"{reached:.1f}×"

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _ask(self, asks: bool) -> None:
        self._asks = asks
        self._fit()

    def _fit(self) -> None:
        """What there is room for."""
        roomy, tight = self.width() >= _px(_ROOMY), self.width() < _px(_TIGHT)
        self.field.setVisible(self._asks or not tight)
        for button in (self._signals, self._compare, *self._ends):
            button.setVisible(not (tight and self._asks))
        for button in (self._slower, self._faster, self._clear, self._bookmark):
            button.setVisible(roomy)
        # Where it fits, its place is kept, so that the buttons beside it stand still.
        widest = self._reached.fontMetrics().horizontalAdvance(tr("reaches {n}×", n="00.0"))
        self._reached.setMinimumWidth(widest if roomy else 0)
        self.events.setToolButtonStyle(
            QtCore.Qt.ToolButtonStyle.ToolButtonTextBesideIcon
            if roomy
            else QtCore.Qt.ToolButtonStyle.ToolButtonIconOnly
        )


_FIELD_ROUND = 26
"""px of the go-to field beside its words: border, padding, and Qt's own margins."""


class GoToField(QtWidgets.QLineEdit):
    """Where a time, a frame or an event is typed."""

    left = Signal()
    no_longer = Signal()
    """The focus is in another part of the window."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Go to a time, a frame or an event"))
        self.setMinimumWidth(90)
        self.setClearButtonEnabled(False)
        self._fit_hint()
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

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_hint()

    def changeEvent(self, event: QtCore.QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QtCore.QEvent.Type.FontChange, QtCore.QEvent.Type.StyleChange):
            self._fit_hint()

    def _fit_hint(self) -> None:
        """As many words as there is room for: none of them is cut."""
        width = self.fontMetrics().horizontalAdvance
        room = self.width() - _FIELD_ROUND
        hint = next((tr(text) for text in HINTS if width(tr(text)) <= room), "")
        if hint != self.placeholderText():
            self.setPlaceholderText(hint)
        widest = width(tr(HINTS[0])) + _FIELD_ROUND + 6
        if widest != self.maximumWidth():
            self.setMaximumWidth(max(widest, self.minimumWidth()))

    def focusOutEvent(self, event: QtGui.QFocusEvent) -> None:
        super().focusOutEvent(event)
        reasons = QtCore.Qt.FocusReason
        if event.reason() not in (reasons.PopupFocusReason, reasons.ActiveWindowFocusReason):
            self.no_longer.emit()


def _px(at_100: float) -> float:
    """A width that words fit into, at the size that they have now."""
    return at_100 * theme.text_percent() / 100


def speed_words(speed: float) -> str:
    """A speed for people."""
    return tr("max") if math.isinf(speed) else f"{speed:g}×"


def _button(action: QtGui.QAction, large: bool = False, words: bool = False) -> QtWidgets.QToolButton:
    button = QtWidgets.QToolButton()
    button.setDefaultAction(action)
    button.setIconSize(QtCore.QSize(28, 28) if large else QtCore.QSize(22, 22))
    if words:
        button.setToolButtonStyle(QtCore.Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setAccessibleName(action.text())
    button.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
    return button
