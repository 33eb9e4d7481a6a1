"""The line at the bottom of the window: where it is, what was just said, and what runs the models."""

from __future__ import annotations

import time
from collections.abc import Callable

from drivers.host_clock import now_ns
from gui import theme
from gui.engine_words import Words, coming_badge, engine_badge, pace_badge
from gui.feed import FeedStatus, Mode, Phase, Shown
from gui.qt import QtCore, QtGui, QtWidgets, Signal

SAY_S = 5.0
"""What was said stands so long."""

_BADGE_SIDE = 9
_BADGE_ROUND = 2 * _BADGE_SIDE + 6  # px round the words
_BADGE_LEAST, _BADGE_SHARE = 300, 0.28  # px, and of a wide window: three such badges have room beside the keys


class CutLabel(QtWidgets.QLabel):
    """A line that is cut with three dots where there is no room; its tooltip has all of it."""

    def minimumSizeHint(self) -> QtCore.QSize:
        return QtCore.QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        room = self.contentsRect().width()
        is_cut = self.fontMetrics().horizontalAdvance(self.text()) > room
        self.setToolTip(self.text().strip() if is_cut else "")
        if not is_cut:
            super().paintEvent(event)
            return
        painter = QtGui.QPainter(self)
        words = self.fontMetrics().elidedText(self.text(), QtCore.Qt.TextElideMode.ElideRight, room)
        flags = QtCore.Qt.AlignmentFlag.AlignVCenter | QtCore.Qt.AlignmentFlag.AlignLeft
        self.style().drawItemText(
            painter, self.contentsRect(), int(flags), self.palette(), True, words, self.foregroundRole()
        )
        painter.end()


class BadgeLabel(QtWidgets.QLabel):
    """A badge that opens something when it is clicked; hidden while it has nothing to say."""

    clicked = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.words = Words()
        self.setAccessibleName(name)
        self.setContentsMargins(_BADGE_SIDE, 2, _BADGE_SIDE, 2)
        theme.sized(self, theme.BASE_PT + 1, bold=True)
        self.setCursor(QtCore.Qt.CursorShape.PointingHandCursor)
        self.hide()

    def show_words(self, words: Words) -> None:
        """Say it, or hide when there is nothing to say."""
        if words == self.words:
            return
        self.words = words
        self.setToolTip(f"{words.text}\n\n{words.tip}\n\nClick, or Ctrl+I: all of it.")
        self.setAccessibleDescription(f"{words.text}. {words.tip}")
        theme.set_tone(self, "badge-warn" if words.warn else "badge")
        self._cut()
        self.updateGeometry()
        self.setVisible(bool(words.text))

    def sizeHint(self) -> QtCore.QSize:
        width = self.fontMetrics().horizontalAdvance(self.words.text) + _BADGE_ROUND
        return QtCore.QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QtCore.QSize:
        least = max(_BADGE_LEAST, round(_BADGE_SHARE * self.window().width()))
        return QtCore.QSize(min(self.sizeHint().width(), least), super().minimumSizeHint().height())

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        super().resizeEvent(event)
        self._cut()

    def mouseReleaseEvent(self, event: QtGui.QMouseEvent) -> None:
        if event.button() == QtCore.Qt.MouseButton.LeftButton:
            self.clicked.emit()

    def _cut(self) -> None:
        """What does not fit ends in three dots; the tooltip has all of it."""
        room = self.width() - _BADGE_ROUND + 1
        self.setText(self.fontMetrics().elidedText(self.words.text, QtCore.Qt.TextElideMode.ElideRight, room))


class StatusLine:
    """Fills a window's status bar.

    Args:
        bar: of the window.
        open_engines: called when a badge of the engines is clicked.
    """

    def __init__(self, bar: QtWidgets.QStatusBar, mode: Mode, open_engines: Callable[[], None]) -> None:
        self._mode = mode
        self._said = ("", False, 0.0)  # words, whether they stand out, until when
        self.where = CutLabel()
        self.note = CutLabel()
        self.keys = QtWidgets.QLabel("F1: keys and help ")
        theme.set_tone(self.where, "dim")
        theme.set_tone(self.keys, "dim")
        self.coming = BadgeLabel("Engine on its way")
        self.pace = BadgeLabel("Latency budget")
        self.engine = BadgeLabel("Engines")
        bar.setSizeGripEnabled(False)
        bar.setContentsMargins(8, 0, 8, 2)
        bar.addWidget(self.where)
        bar.addWidget(self.note, 1)
        for badge in (self.coming, self.pace, self.engine):
            badge.clicked.connect(open_engines)
            bar.addPermanentWidget(badge)
        bar.addPermanentWidget(self.keys)

    def show_engines(self, status: FeedStatus) -> None:
        """A few times a second."""
        self.engine.show_words(engine_badge(status.engines, status.missing, status.not_computed))
        self.pace.show_words(pace_badge(status.pace))
        self.coming.show_words(coming_badge(status.engines))

    def show_where(self, status: FeedStatus, shown: Shown | None) -> None:
        """What is shown, and how old it is."""
        words = [status.title]
        if shown is not None:
            words.append(f"frame {shown.frame_set.number}")
            words.append(f"skew {shown.frame_set.skew_ns / 1e6:.1f} ms")
            if self._mode is Mode.LIVE:
                age = (now_ns() - shown.frame_set.host_ns) / 1e6
                words.append(f"frame age {age:.0f} ms" if age < 10_000 else f"frame age {age / 1000:.0f} s")
        if status.recording is not None:
            words.append(f"recording {status.recording.path.name}: {status.recording.frames} frames")
        self.where.setText("   ·   ".join(words))

    def say(self, words: str, warn: bool, status: FeedStatus | None) -> None:
        """Words that stand for a few seconds."""
        self._said = (words, warn, time.monotonic() + SAY_S)
        self.show_note(status)

    def show_note(self, status: FeedStatus | None) -> None:
        """What was just said, or the end, or what the feed notes."""
        words, warn, until = self._said
        is_fresh = time.monotonic() < until
        replay = None if status is None or status.phase is not Phase.RUNNING else status.replay
        if replay is not None and replay.at_end and not (is_fresh and warn):
            words, warn = "the end of the recording: Space plays it again", False
        elif not is_fresh:
            words, warn = "" if status is None else status.note, True
        self.note.setText(f"   {words}" if words else "")
        theme.set_tone(self.note, "warn" if warn else "")
