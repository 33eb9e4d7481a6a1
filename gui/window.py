"""The window: the pictures in tiles, the faces as cards beside them, numbers, alarms, and the replay bar.

The window pulls: after a timer, or after the feed has said that there is something new, it takes the newest result when
it has time. Nothing here waits for anything.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Mapping
from typing import TypeVar

from gui.actions import table as action_table
from gui.actions.help_dialog import HelpDialog
from gui.actions.toolbar import Toolbar
from gui.alarms.alarms_part import AlarmsPart
from gui.desk import Opener, WindowDesk
from gui.faces.face_column import FaceColumn
from gui.feed import Feed, FeedStatus, Mode, Shown
from gui.part import Part
from gui.parts import make_parts
from gui.qt import QtCore, QtGui, QtWidgets
from gui.replay.replay_control import ReplayControl
from gui.replay.transport import TransportBar
from gui.settings import Settings
from gui.status.asking import Asking
from gui.status.badges import Badges
from gui.status.limits import limits_from
from gui.status.message_bar import MessageBar
from gui.status.readouts import Readouts
from gui.status.status_line import StatusLine
from gui.status.tile_words import HeadWords
from gui.status.truth_part import TruthPart
from gui.system_words import system_words
from gui.tiles.board import Board
from gui.waking import Foretelling, Telling, Wake
from gui.window_words import missing_words, waiting_words
from gui.words import tr

P = TypeVar("P", bound=Part)

DRAW_MS = 15
STATUS_MS = 250

_SIDE = 340
"""px that the faces and the numbers have at least."""

_ROOMY = 1240
"""Narrower than this, in px, the status line leaves out how to get help."""


class Window(QtWidgets.QMainWindow):
    """Shows one feed until it is closed; closing stops the feed."""

    def __init__(
        self,
        feed: Feed,
        mode: Mode,
        title: str,
        *,
        loop: bool = False,
        settings: Settings | None = None,
        opener: Opener | None = None,
    ) -> None:
        """
        Args:
            loop: a replay begins again at its end.
            settings: what is remembered; by default nothing beyond this window.
            opener: shows something else in place of this window; None where nothing else can be opened.
        """
        super().__init__()
        self._feed = feed
        self._mode = mode
        self._told: dict[str, str] = {}
        self.desk = WindowDesk(self, feed, mode, settings or Settings(), opener)
        self._shown: Shown | None = None
        self._status: FeedStatus | None = None
        self._drawn: deque[float] = deque(maxlen=120)
        self._closed = False
        self.setWindowTitle(f"{title} – Tapetum")
        self.resize(1440, 900)
        self.setMinimumSize(960, 600)
        self.setAcceptDrops(True)

        self.actions_by_key: Mapping[str, QtGui.QAction] = {}
        self.replay = ReplayControl(self.desk) if mode is Mode.REPLAY else None
        self.parts: list[Part] = [*make_parts(self.desk), *([] if self.replay is None else [self.replay])]
        self.pictures = self.part(Board)
        self.actions_by_key = action_table.make(self, mode, [self, *self.parts], self.desk.settings)
        self._build_menus()
        self._build_toolbar()
        self._build_center()
        self._build_status_bar()
        if loop and mode is Mode.REPLAY:
            self.actions_by_key["loop"].setChecked(True)

        self._draw_timer = QtCore.QTimer(self)
        self._draw_timer.setTimerType(QtCore.Qt.TimerType.PreciseTimer)
        self._draw_timer.timeout.connect(self._draw_newest)
        self._wake = Wake(self._draw_newest, self)
        if isinstance(feed, Telling):
            feed.tell(self._wake.ring)
        else:
            self._draw_timer.start(DRAW_MS)
        if isinstance(feed, Foretelling) and self.pictures.grounds is not None:
            feed.foretell(self.pictures.grounds.foretell)
        worker = self.pictures.worker
        self._asking = Asking(lambda: feed.status(), None if worker is None else worker.easel(self._status_came))
        self._status_timer = QtCore.QTimer(self)
        self._slices = deque([self._take_status, self._tell_parts, self._show_numbers, self._show_edges])
        self._status_timer.timeout.connect(self._draw_next_slice)
        self._status_timer.start(STATUS_MS // len(self._slices))
        self.pictures.painted.connect(self.part(TruthPart).painted)
        self.pictures.unpainted.connect(self.part(TruthPart).unpainted)
        for part in self.parts:
            part.ready()
        self._draw_status()

    # -- building -----------------------------------------------------------------------------------------------

    def _build_menus(self) -> None:
        self.badges = Badges()
        self.menuBar().setCornerWidget(self.badges)
        for name in action_table.MENUS:
            keys = [a.key for a in action_table.in_mode(self._mode) if a.menu == name]
            if keys:
                menu = self.menuBar().addMenu(f"&{tr(name)}")
                for key in keys:
                    menu.addAction(self.actions_by_key[key])

    def _build_toolbar(self) -> None:
        self._tools = Toolbar(action_table.in_mode(self._mode), self.actions_by_key)
        self.addToolBar(self._tools)

    def _build_center(self) -> None:
        center = QtWidgets.QWidget()
        column = QtWidgets.QVBoxLayout(center)
        column.setContentsMargins(8, 2, 8, 4)
        column.setSpacing(8)
        column.addWidget(self.part(AlarmsPart).bar)
        self.messages = MessageBar()
        column.addWidget(self.messages)

        side = QtWidgets.QWidget()
        self._side_column = QtWidgets.QVBoxLayout(side)
        self._side_column.setContentsMargins(0, 0, 0, 0)
        self._side_column.setSpacing(8)
        self.faces = FaceColumn(self.pictures.worker)
        self._side_column.addWidget(self.faces)
        self.readouts = Readouts(limits_from(self.desk.settings))
        self._side_column.addWidget(self.readouts)
        self._side_column.addStretch(1)
        scroll = self._side = _scroll_area(tr("Faces and numbers"))
        scroll.setWidget(side)

        split = QtWidgets.QSplitter(QtCore.Qt.Orientation.Horizontal)
        split.setHandleWidth(8)
        split.setChildrenCollapsible(False)
        for widget, stretch in ((self.pictures.widget, 1), (scroll, 0)):
            split.addWidget(widget)
            split.setStretchFactor(split.count() - 1, stretch)
        split.setSizes([1070, 350])
        column.addWidget(split, 1)

        self.transport: TransportBar | None = None
        if self.replay is not None:
            self.transport = self.replay.make_bar(self.actions_by_key)
            column.addWidget(self.transport)
        self.setCentralWidget(center)

    def _build_status_bar(self) -> None:
        self.line = StatusLine(self.statusBar(), self._mode, self.actions_by_key["engines"].trigger)
        self._note = self.line.note

    def part(self, kind: type[P]) -> P:
        """The window's part of a kind."""
        return next(part for part in self.parts if isinstance(part, kind))

    @property
    def shown(self) -> Shown | None:
        """The result on the screen."""
        return self._shown

    @property
    def status(self) -> FeedStatus | None:
        """As it was told last."""
        return self._status

    @property
    def position(self) -> int:
        """Of the FrameSet that is shown, in a replay; -1 while there is none."""
        return -1 if self._shown is None else self._shown.position

    # -- drawing ------------------------------------------------------------------------------------------------

    def _draw_newest(self) -> None:
        shown = None if self._closed else self._feed.newest()
        if shown is None:
            return
        self._shown = shown
        self.faces.show_faces(shown.observation, shown.frame_set, shown.asked)
        for part in self.parts:
            part.show_result(shown)
        self.faces.set_faded(self.pictures.all_old(self._status))
        self._drawn.append(time.monotonic())
        if self.replay is not None:
            self.line.show_where(self._feed.status(), self._shown)

    def _screen_fps(self) -> float:
        now = time.monotonic()
        recent = [t for t in self._drawn if t > now - 2.0]
        return (len(recent) - 1) / (recent[-1] - recent[0]) if len(recent) > 1 and recent[-1] > recent[0] else 0.0

    def _draw_status(self) -> None:
        """All of it, at once."""
        for draw in self._slices:
            draw()

    def _draw_next_slice(self) -> None:
        """A quarter of it, so that no picture waits for all."""
        draw = self._slices[0]
        self._slices.rotate(-1)  # before: one that fails is not drawn for ever in place of the others
        draw()

    def _take_status(self) -> None:
        status = self._asking.ask()
        if status is not None:
            self._show_status(status)

    def _status_came(self, status: object) -> None:
        told = self._asking.came(status)
        if told is not None and not self._closed:
            self._show_status(told)

    def _show_status(self, status: FeedStatus) -> None:
        self._status = status
        self._show_messages(status)
        if self._shown is None:
            self.pictures.waiting.setText(waiting_words(status))

    def _tell_parts(self) -> None:
        if self._status is not None:
            self.part(AlarmsPart).behind = (self._asking.is_late, self._asking.why)
            for part in self.parts:
                part.show_status(self._status)

    def _show_numbers(self) -> None:
        status = self._status
        if status is not None:
            all_old = self.pictures.all_old(status)
            self.faces.set_faded(all_old)
            truth, old = self.part(TruthPart), self._is_old(all_old)
            self.readouts.show_status(status, self._shown, self._screen_fps(), old, truth.latency, truth.each)

    def _show_edges(self) -> None:
        status = self._status
        if status is not None:
            if self.badges.show_status(status, self._is_old(self.pictures.all_old(status))):
                self.menuBar().adjustSize()
            self._fit_side()
            self.line.show_note(status)
            shown = self._shown
            self.line.show_where(status, shown, None if shown is None else self.pictures.newest_ns(shown))
            self.line.show_engines(status)

    def _is_old(self, all_old: bool) -> bool:
        """Whether nothing on a live screen is new."""
        return self._mode is Mode.LIVE and (all_old or self.pictures.screen.is_none_painted)

    def _fit_side(self) -> None:
        """No card and no number is cut: words are longer in other languages, and larger in other sizes."""
        bar = self._side.verticalScrollBar().sizeHint().width()
        wanted = max(_SIDE, self._side.widget().minimumSizeHint().width() + bar + 2)
        if abs(self._side.minimumWidth() - wanted) > 1:
            self._side.setMinimumWidth(min(wanted, self.width() // 2))

    def say(self, words: str, warn: bool = False) -> None:
        """A line in the status bar for a few seconds."""
        self.line.say(system_words(words), warn, self._status)

    def tell(self, key: str, words: str) -> None:
        """A lasting problem in the message bar, by who says it; no words take it away."""
        words = system_words(words)
        if self._told.get(key, "") != words:
            self._told[key] = words
            self._show_messages(self._status)

    def _show_messages(self, status: FeedStatus | None) -> None:
        feed = () if status is None else (system_words(status.problem), missing_words(status))
        self.messages.show_message("\n".join(filter(None, (*feed, *self._told.values()))))

    # -- what the actions do (those of the replay and of the pictures stand with them) ----------------------------

    def set_full_screen(self, _key: str, on: bool) -> None:
        self.showFullScreen() if on else self.showNormal()

    def show_help(self) -> None:
        HelpDialog(self._mode, self).exec()

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tools.fit(self.width())
        self.line.keys.setVisible(self.width() >= _ROOMY)

    def dragEnterEvent(self, event: QtGui.QDragEnterEvent) -> None:
        if any(part.drag_enter(event) for part in self.parts):
            event.acceptProposedAction()

    def dropEvent(self, event: QtGui.QDropEvent) -> None:
        if any(part.drop(event) for part in self.parts):
            event.acceptProposedAction()

    def leave(self) -> threading.Thread:
        """Let go of the feed without waiting for it; the picture stays until the window closes.

        Returns:
            The thread in which the feed ends; ``closed_cleanly`` is true after it when all of it ended in time.
        """
        self._let_go()
        for tile in self.pictures.tiles.values():
            tile.show_truth(HeadWords("", tr("CLOSING"), "warn", True))
        self.faces.set_faded(True)
        self.badges.show_leaving()
        self.line.where.setText(tr("closing …"))
        self.line.note.setText("")
        for key, action in self.actions_by_key.items():
            action.setEnabled(key in ("quit", "full"))
        self.centralWidget().setEnabled(False)

        def end() -> None:
            self.closed_cleanly = self._feed.close()

        thread = threading.Thread(target=end, name="tapetum-leave")
        thread.start()
        return thread

    def closeEvent(self, event: QtGui.QCloseEvent) -> None:
        # While a part asks, the program may be told to end: then no answer counts.
        if self.asks and not self._closed and not all(part.may_close() for part in self.parts) and self.asks:
            event.ignore()
            return
        if self._let_go():
            self.closed_cleanly = self._feed.close()
        event.accept()

    def _let_go(self) -> bool:
        """Stop drawing; False when that was done before."""
        if self._closed:
            return False
        self._closed = True
        if isinstance(self._feed, Telling):
            self._feed.tell(None)
        if isinstance(self._feed, Foretelling):
            self._feed.foretell(None)
        self._draw_timer.stop()
        self._status_timer.stop()
        for part in self.parts:
            part.close()
        self.desk.settings.save()
        return True

    asks = True
    """Whether work that would be lost is asked about before the window closes."""

    closed_cleanly = True
    """Whether every thread of the feed ended in time."""


def _scroll_area(name: str) -> QtWidgets.QScrollArea:
    """Scrolls upward and downward only."""
    scroll = QtWidgets.QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
    scroll.setAccessibleName(name)
    return scroll
