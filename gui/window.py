"""The window: one large picture, the others beside it, the faces as cards, numbers, and the replay bar.

The window pulls: a timer takes the newest result from the feed and draws it. Nothing here waits for anything.
"""

from __future__ import annotations

import time
from collections import deque
from typing import cast

from gui import actions as action_table
from gui.badges import Badges
from gui.engines_dialog import EnginesDialog
from gui.face_column import FaceColumn
from gui.feed import Feed, FeedStatus, Mode, Phase, Shown
from gui.help_dialog import HelpDialog
from gui.message_bar import MessageBar
from gui.pictures import Pictures
from gui.qt import QtCore, QtGui, QtWidgets
from gui.readouts import Readouts
from gui.replay_control import ReplayCommands, ReplayControl
from gui.status_line import StatusLine
from gui.transport import TransportBar

DRAW_MS = 15
STATUS_MS = 250

_ROOMY = 1240
"""Narrower than this, in px, the toolbar shows icons alone."""


class Window(QtWidgets.QMainWindow):
    """Shows one feed until it is closed; closing stops the feed."""

    def __init__(self, feed: Feed, mode: Mode, title: str, *, loop: bool = False) -> None:
        super().__init__()
        self._feed = feed
        self._mode = mode
        self._shown: Shown | None = None
        self._status: FeedStatus | None = None
        self._drawn: deque[float] = deque(maxlen=120)
        self.engines: EnginesDialog | None = None
        self._closed = False
        self.setWindowTitle(f"{title} – Tapetum")
        self.resize(1440, 900)
        self.setMinimumSize(960, 600)

        self.pictures = Pictures(mode)
        self.replay = (
            ReplayControl(cast(ReplayCommands, feed), self.say, self.setFocus) if mode is Mode.REPLAY else None
        )
        handlers: list[object] = [self, self.pictures, *([] if self.replay is None else [self.replay])]
        self.actions_by_key = action_table.make(self, mode, handlers)
        self._build_menus()
        self._build_toolbar()
        self._build_center()
        self._build_status_bar()
        if loop and mode is Mode.REPLAY:
            self.actions_by_key["loop"].setChecked(True)

        self._draw_timer = QtCore.QTimer(self)
        self._draw_timer.setTimerType(QtCore.Qt.TimerType.PreciseTimer)
        self._draw_timer.timeout.connect(self._draw_newest)
        self._draw_timer.start(DRAW_MS)
        self._status_timer = QtCore.QTimer(self)
        self._status_timer.timeout.connect(self._draw_status)
        self._status_timer.start(STATUS_MS)
        self._draw_status()

    # -- building -----------------------------------------------------------------------------------------------

    def _build_menus(self) -> None:
        self.badges = Badges()
        self.menuBar().setCornerWidget(self.badges)
        for name in action_table.MENUS:
            keys = [a.key for a in action_table.in_mode(self._mode) if a.menu == name]
            if keys:
                menu = self.menuBar().addMenu(f"&{name}")
                for key in keys:
                    menu.addAction(self.actions_by_key[key])

    def _build_toolbar(self) -> None:
        bar = self._tools = QtWidgets.QToolBar("Tools")
        bar.setObjectName("toolbar")
        bar.setMovable(False)
        bar.setIconSize(QtCore.QSize(22, 22))
        bar.setToolButtonStyle(QtCore.Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        menu = ""
        for action in action_table.in_mode(self._mode):
            if not action.toolbar:
                continue
            if menu and menu != action.menu:
                bar.addSeparator()
            menu = action.menu
            qt = self.actions_by_key[action.key]
            bar.addAction(qt)
            button = bar.widgetForAction(qt)
            button.setAccessibleName(action.text)
            button.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
        self.addToolBar(bar)

    def _build_center(self) -> None:
        center = QtWidgets.QWidget()
        column = QtWidgets.QVBoxLayout(center)
        column.setContentsMargins(8, 2, 8, 4)
        column.setSpacing(8)
        self.messages = MessageBar()
        column.addWidget(self.messages)

        self._middle = QtWidgets.QWidget()
        middle_column = QtWidgets.QVBoxLayout(self._middle)
        middle_column.setContentsMargins(0, 0, 0, 0)
        middle_column.setSpacing(8)
        middle_column.addWidget(self.pictures.small, 1)
        self._numbers = _scroll_area("Numbers")
        self._numbers.hide()
        middle_column.addWidget(self._numbers, 1)
        self._middle.hide()
        self.pictures.rearranged.connect(self._place_readouts)

        side = QtWidgets.QWidget()
        self._side_column = QtWidgets.QVBoxLayout(side)
        self._side_column.setContentsMargins(0, 0, 0, 0)
        self._side_column.setSpacing(8)
        self.faces = FaceColumn()
        self._side_column.addWidget(self.faces)
        self.readouts = Readouts()
        self._side_column.addWidget(self.readouts)
        self._side_column.addStretch(1)
        scroll = _scroll_area("Faces and numbers")
        scroll.setWidget(side)
        scroll.setMinimumWidth(340)

        split = QtWidgets.QSplitter(QtCore.Qt.Orientation.Horizontal)
        split.setHandleWidth(8)
        split.setChildrenCollapsible(False)
        for widget, stretch in ((self.pictures.large, 7), (self._middle, 3), (scroll, 0)):
            split.addWidget(widget)
            split.setStretchFactor(split.count() - 1, stretch)
        split.setSizes([760, 310, 350])
        column.addWidget(split, 1)

        self.transport: TransportBar | None = None
        if self.replay is not None:
            self.transport = self.replay.make_bar(self.actions_by_key)
            column.addWidget(self.transport)
        self.setCentralWidget(center)

    def _build_status_bar(self) -> None:
        self.line = StatusLine(self.statusBar(), self._mode, self.actions_by_key["engines"].trigger)
        self._note = self.line.note

    def _place_readouts(self, small: int) -> None:
        """Under a single small tile there is room for the numbers; otherwise they stand under the faces."""
        self._middle.setVisible(small > 0)
        under_tile = small == 1
        if under_tile:
            self._numbers.setWidget(self.readouts)
        else:
            self._numbers.takeWidget()
            self._side_column.removeWidget(self.readouts)
            self._side_column.insertWidget(1, self.readouts)
        self._numbers.setVisible(under_tile)
        self._middle.setMinimumWidth(self.readouts.sizeHint().width() + 14 if under_tile else 160)
        self.readouts.show()

    @property
    def position(self) -> int:
        """Of the FrameSet that is shown, in a replay; -1 while there is none."""
        return -1 if self._shown is None else self._shown.position

    # -- drawing ------------------------------------------------------------------------------------------------

    def _draw_newest(self) -> None:
        shown = self._feed.newest()
        if shown is None:
            return
        self._shown = shown
        self.pictures.show(shown)
        self._show_ages()
        self.faces.show_faces(shown.observation)
        self._drawn.append(time.monotonic())
        if self.replay is not None:
            status = self._feed.status()
            self._show_replay(status)
            self.line.show_where(status, self._shown)

    def _show_ages(self) -> None:
        self.pictures.show_ages(self._status)
        self.faces.set_faded(self.pictures.all_old(self._status))

    def _screen_fps(self) -> float:
        now = time.monotonic()
        recent = [t for t in self._drawn if t > now - 2.0]
        return (len(recent) - 1) / (recent[-1] - recent[0]) if len(recent) > 1 and recent[-1] > recent[0] else 0.0

    def _draw_status(self) -> None:
        status = self._status = self._feed.status()
        self.messages.show_message("\n".join(filter(None, (status.problem, _missing_words(status)))))
        if self._shown is None:
            self.pictures.waiting.setText(_waiting_words(status))
        self._show_ages()
        old = self._mode is Mode.LIVE and self.pictures.all_old(status)
        self.readouts.show_status(status, self._shown, self._screen_fps(), old)
        if self.badges.show_status(status, old):
            self.menuBar().adjustSize()
        self.line.show_note(status)
        self.line.show_where(status, self._shown)
        self.line.show_engines(status)
        if self.engines is not None and self.engines.isVisible():
            self.engines.show_status(status)
        self._allow_marks(status)
        self._show_replay(status)

    def say(self, words: str, warn: bool = False) -> None:
        """A line in the status bar for a few seconds."""
        self.line.say(words, warn, self._status)

    def _show_replay(self, status: FeedStatus) -> None:
        if self.replay is not None and status.replay is not None:
            self.replay.show_status(status.replay)

    def _allow_marks(self, status: FeedStatus) -> None:
        """A mark needs a recording to stand in."""
        action = self.actions_by_key.get("mark")
        if action is None:
            return
        recording = status.recording
        why = (
            "Nothing is recorded, so nothing can be marked: start with --record FILE."
            if recording is None
            else "The recording has ended; nothing can be marked any more."
            if recording.is_over
            else ""
        )
        action.setEnabled(not why)
        row = next(a for a in action_table.ACTIONS if a.key == "mark")
        action.setToolTip(why or action_table.tip_of(row))

    # -- what the actions do (those of the replay and of the pictures stand with them) ----------------------------

    def mark(self) -> None:
        """A mark in the recording, now."""
        marker = getattr(self._feed, "mark", None)
        if marker is not None and marker():
            self.say(f"marked at {time.strftime('%H:%M:%S')}")
        else:
            self.say("not marked: nothing is being recorded", True)

    def set_full_screen(self, _key: str, on: bool) -> None:
        self.showFullScreen() if on else self.showNormal()

    def save_snapshot(self) -> None:
        """The window as it is, into a PNG file that the operator names."""
        picture = self.grab()
        name, _ = QtWidgets.QFileDialog.getSaveFileName(self, "Save picture", "tapetum.png", "PNG (*.png)")
        if name and not picture.save(name, "PNG"):
            self.messages.show_message(f"The picture could not be written to {name}; is the folder writable?")

    def show_help(self) -> None:
        HelpDialog(self._mode, self).exec()

    def show_engines(self) -> EnginesDialog:
        """What runs the models. The picture goes on beside it."""
        if self.engines is None:
            swap, cancel = (getattr(self._feed, name, None) for name in ("swap", "cancel_build"))
            self.engines = EnginesDialog(swap, cancel, self)
        self.engines.show_status(self._feed.status())
        self.engines.show()
        self.engines.raise_()
        self.engines.activateWindow()
        return self.engines

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        super().resizeEvent(event)
        style = QtCore.Qt.ToolButtonStyle
        room = self.width() >= _ROOMY
        self._tools.setToolButtonStyle(style.ToolButtonTextBesideIcon if room else style.ToolButtonIconOnly)
        self.line.keys.setVisible(room)

    def closeEvent(self, event: QtGui.QCloseEvent) -> None:
        if not self._closed:
            self._closed = True
            self._draw_timer.stop()
            self._status_timer.stop()
            self.closed_cleanly = self._feed.close()
        event.accept()

    closed_cleanly = True
    """Whether every thread of the feed ended in time."""


def _missing_words(status: FeedStatus) -> str:
    missing = status.missing
    if not missing:
        return ""
    reasons = "; ".join(f"{name}: {why}" for name, why in missing.items())
    return f"Working without {len(missing)} of {len(status.models)} models. {reasons}"


def _waiting_words(status: FeedStatus) -> str:
    """What stands where the picture will be."""
    if status.phase is Phase.FAILED:
        return "nothing to show"
    if status.phase is Phase.ENDED:
        return "the camera has ended"
    share = f" {100 * status.progress:.0f} %" if status.phase is Phase.OPENING and status.progress > 0 else ""
    return f"{status.phase}{share} …"


def _scroll_area(name: str) -> QtWidgets.QScrollArea:
    """Scrolls upward and downward only."""
    scroll = QtWidgets.QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
    scroll.setAccessibleName(name)
    return scroll
