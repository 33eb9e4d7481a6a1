"""The line at the bottom of the window: where it is, what was just said, and what runs the models."""

from __future__ import annotations

import time
from collections.abc import Callable

from drivers.host_clock import now_ns
from gui.actions.keys import action_of, sentence, told
from gui.feed import FeedStatus, Mode, Phase, Shown
from gui.look import theme
from gui.qt import QtCore, QtGui, QtWidgets, Signal, global_pos
from gui.status.engine_words import Words, coming_badge, engine_badge, pace_badge
from gui.status.quiet_label import QuietLabel
from gui.status.tile_words import age_words
from gui.words import mark, tr

AT_END = mark("the end of the recording")
SAY_S = 5.0
"""What was said stands so long."""

_CUT_STEP = 60  # px
_BADGE_SIDE = 9
_BADGE_ROUND = 2 * _BADGE_SIDE + 6  # px round the words
_BADGE_LEAST, _BADGE_SHARE = 300, 0.28  # px, and of a wide window: three such badges have room beside the keys


class CutLabel(QuietLabel):
    """A line that is cut with three dots where there is no room; its tooltip has all of it."""

    def __init__(self) -> None:
        super().__init__(step=_CUT_STEP)

    def minimumSizeHint(self) -> QtCore.QSize:
        return QtCore.QSize(0, self.sizeHint().height())

    def event(self, event: QtCore.QEvent) -> bool:
        if event.type() == QtCore.QEvent.Type.ToolTip:
            is_cut = self.fontMetrics().horizontalAdvance(self.text()) > self.contentsRect().width()
            QtWidgets.QToolTip.showText(global_pos(event).toPoint(), self.text().strip() if is_cut else "", self)
            return True
        return bool(super().event(event))


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
        all_of_it = told(tr("Click: all of it."), action_of(self, "engines"))
        self.setToolTip(f"{words.text}\n\n{words.tip}\n\n{all_of_it}")
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
        self._engines_told: object = None
        self._said = ("", False, 0.0)  # words, whether they stand out, until when
        self.where = CutLabel()
        self.note = CutLabel()
        self.keys = QtWidgets.QLabel()
        theme.set_tone(self.where, "dim")
        theme.set_tone(self.keys, "dim")
        self.coming = BadgeLabel(tr("Engine on its way"))
        self.pace = BadgeLabel(tr("Latency budget"))
        self.engine = BadgeLabel(tr("Engines"))
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
        told = (status.engines, status.missing, status.not_computed, status.pace)
        if told == self._engines_told:
            return
        self._engines_told = told
        self.engine.show_words(engine_badge(status.engines, status.missing, status.not_computed))
        self.pace.show_words(pace_badge(status.pace))
        self.coming.show_words(coming_badge(status.engines))

    def show_where(self, status: FeedStatus, shown: Shown | None, painted_ns: int | None = None) -> None:
        """What is shown, and how old it is.

        Args:
            painted_ns: when the newest frame that is painted reached us, our clock; None where none is.
        """
        words = [status.title]
        if shown is not None:
            words.append(tr("frame {n}", n=shown.frame_set.number))
            words.append(tr("skew {n} ms", n=f"{shown.frame_set.skew_ns / 1e6:.1f}"))
            if self._mode is Mode.LIVE and painted_ns is not None:
                age = (now_ns() - painted_ns) / 1e9
                words.append(tr("frame age {age}", age=age_words(age)) if age >= 0 else tr("frame age: clock?"))
        if status.recording is not None:
            name, count = status.recording.path.name, status.recording.frames
            words.append(tr("recording {name}: {n} frames", name=name, n=count))
        self.where.setText("   ·   ".join(words))

    def say(self, words: str, warn: bool, status: FeedStatus | None) -> None:
        """Words that stand for a few seconds."""
        self._said = (words, warn, time.monotonic() + SAY_S)
        self.show_note(status)

    def show_note(self, status: FeedStatus | None) -> None:
        """What was just said, or the end, or what the feed notes; and how to get help."""
        help_words = sentence(action_of(self.keys, "help"), mark("{keys}: keys and help "), "")
        if help_words != self.keys.text():
            self.keys.setText(help_words)
        words, warn, until = self._said
        is_fresh = time.monotonic() < until
        replay = None if status is None or status.phase is not Phase.RUNNING else status.replay
        if not is_fresh and replay is not None and replay.at_end:
            play = action_of(self.note, "play")
            words, warn = sentence(play, mark("the end of the recording: {keys} plays it again"), AT_END), False
        elif not is_fresh:
            words, warn = "" if status is None else status.note, True
        self.note.setText(f"   {words}" if words else "")
        theme.set_tone(self.note, "warn" if warn else "")
