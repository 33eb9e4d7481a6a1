"""The time line of a replay: where it is, events, bookmarks, pauses of the cameras, lost frames, differences, and the
part that loops."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gui.look import theme
from gui.qt import QtCore, QtGui, QtWidgets, Signal, event_pos
from gui.replay import timeline_paint as paint
from gui.replay.marks import EventMark, Gap, Marks, events_at
from gui.replay.time_view import TimeView
from gui.replay.timeline_paint import EDGE, EVENTS_H, EVENTS_Y, LINE_H, LINE_Y, LOSS_H, LOSS_Y, NOW_H, TEXT_Y, Flag
from gui.replay.timeline_words import clock, event_words, is_trouble, lasts_words, tick_ns
from gui.words import tr

__all__ = [
    "EDGE",
    "EVENTS_H",
    "EVENTS_Y",
    "LINE_H",
    "LINE_Y",
    "LOSS_H",
    "LOSS_Y",
    "NOW_H",
    "TEXT_Y",
    "TimelineBar",
    "clock",
    "event_words",
    "is_trouble",
    "lasts_words",
    "tick_ns",
]

MOST_EVENT_WORDS = 4

ZOOM = 0.8
"""Of what is seen, after one notch of the wheel."""

PAN = 0.12
"""Share of what is seen that one notch of the wheel moves with Shift."""


class TimelineBar(QtWidgets.QSlider):
    """A slider over positions whose places are recorded times. It goes where it is clicked; the wheel zooms."""

    view_changed = Signal()

    def __init__(self) -> None:
        super().__init__(QtCore.Qt.Orientation.Horizontal)
        self._marks: Marks | None = None
        self._part: tuple[int, int] | None = None
        self._part_loops = False
        self._flags: tuple[Flag, ...] = ()
        self._differs: NDArray[np.int64] = np.zeros(0, np.int64)
        self._differs_elsewhere: NDArray[np.int64] = np.zeros(0, np.int64)
        self._unreadable: tuple[int, ...] = ()
        self._now: tuple[EventMark, ...] = ()
        self._has_now = self._now_is_old = False
        self._ground: QtGui.QPixmap | None = None
        self._left = float(EDGE)
        self.view = TimeView()
        self.setRange(0, 0)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Position in the recording"))
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.StrongFocus)
        self._size_words()
        self.setMinimumWidth(200)
        theme.changes.changed.connect(self._size_words)

    def _size_words(self) -> None:
        font = self.font()
        font.setPointSizeF(theme.points(theme.BASE_PT - 2))
        self.setFont(font)
        self._set_height()

    def _set_height(self) -> None:
        self.setFixedHeight(TEXT_Y + self._drop + round(QtGui.QFontMetricsF(self.font()).height()) + 2)
        self.forget_ground()

    @property
    def _drop(self) -> int:
        """How much lower the line lies for what rules make now."""
        return NOW_H if self._has_now else 0

    def forget_ground(self) -> None:
        """What does not move is painted anew."""
        self._ground = None
        self.update()

    def show_marks(self, marks: Marks) -> None:
        """Of the recording that is open; sets the range, too."""
        self._marks = marks
        self.blockSignals(True)
        self.setRange(0, max(len(marks) - 1, 0))
        self.blockSignals(False)
        self.set_view(TimeView.whole(marks.duration_ns))
        self.forget_ground()

    def show_part(self, part: tuple[int, int] | None, loops: bool) -> None:
        """First and last position of the part that is marked, and whether it loops now."""
        if (part, loops) != (self._part, self._part_loops):
            self._part, self._part_loops = part, loops
            self.update()

    def show_bookmarks(self, flags: Sequence[Flag]) -> None:
        """Bookmarks, at their recorded times."""
        self._flags = tuple(flags)
        self.forget_ground()

    def show_rules(self, events: Sequence[EventMark] | None, is_old: bool = False) -> None:
        """What rules make of the recording now, beside its own events; None: no rules look at it.

        Args:
            is_old: the events are of rules that have changed since.
        """
        now = tuple(events or ())
        if (events is not None, is_old, now) != (self._has_now, self._now_is_old, self._now):
            self._has_now, self._now_is_old, self._now = events is not None, is_old, now
            self._set_height()

    def show_differences(self, beyond: NDArray[np.int64], elsewhere: NDArray[np.int64]) -> None:
        """Positions that differ from what was recorded; ``elsewhere`` where tracking began at another one."""
        self._differs, self._differs_elsewhere = beyond, elsewhere
        self.forget_ground()

    def show_unreadable(self, positions: Sequence[int]) -> None:
        """Positions that could not be read."""
        if tuple(positions) != self._unreadable:
            self._unreadable = tuple(positions)
            self.forget_ground()

    def set_view(self, view: TimeView) -> None:
        """Which part of the recorded time is seen."""
        if view != self.view:
            self.view = view
            self.forget_ground()
            self.view_changed.emit()

    def set_left(self, left: float) -> None:
        """Room left of the line, px, as what stands above it needs."""
        if left != self._left:
            self._left = left
            self.forget_ground()

    # -- places and times ---------------------------------------------------------------------------------------

    @property
    def left(self) -> float:
        """Where the line begins, px."""
        return self._left

    @property
    def span(self) -> float:
        """Length of the line, px."""
        return max(1.0, self.width() - self._left - EDGE)

    def x_of(self, position: int) -> float:
        """The place of a position in the widget, px; beyond the line where it is not seen."""
        return self._left + self.view.share(self.time_of(position)) * self.span

    def time_of(self, position: int) -> int:
        """Recorded time of a position, ns."""
        return 0 if self._marks is None else self._marks.time_ns(position)

    def time_at(self, x: float) -> int:
        """Recorded time under a place in the widget, ns."""
        return self.view.time_at((x - self._left) / self.span)

    def value_at(self, x: float) -> int:
        """The position nearest to a place in the widget."""
        return 0 if self._marks is None else self._marks.position_at(self.time_at(x))

    def words_at(self, x: float) -> str:
        """What is at a place in the widget, for people."""
        marks = self._marks
        if marks is None:
            return ""
        time_ns, position = self.time_at(x), self.value_at(x)
        slack = round(4 / self.span * self.view.span_ns)
        lines = [tr("frame {n}   {time}", n=position, time=clock(marks.time_ns(position)))]
        lines += [
            tr("no frames for {n} s", n=f"{(g.end_ns - g.begin_ns) / 1e9:.1f}") for g in marks.gaps if _in(g, time_ns)
        ]
        lost: Counter[str] = Counter()
        for loss in marks.losses:
            if abs(loss.time_ns - time_ns) <= slack:
                lost[loss.stream] += loss.count
        lines += [
            tr("1 frame of {stream} lost", stream=s) if n == 1 else tr("{n} frames of {stream} lost", n=n, stream=s)
            for s, n in lost.items()
        ]
        if any(abs(marks.time_ns(p) - time_ns) <= slack for p in self._unreadable):
            lines.append(tr("frames here cannot be read"))
        lines += [
            tr("bookmark: {note}", note=f.words) if f.words else tr("bookmark")
            for f in self._flags
            if abs(f.time_ns - time_ns) <= slack
        ]
        if self._differ_near(time_ns, slack):
            lines.append(tr("differs from what was recorded"))
        events = [*events_at(marks.events, time_ns, slack), *events_at(self._now, time_ns, slack)]
        lines += [self._event_words(e) for e in events[:MOST_EVENT_WORDS]]
        if len(events) > MOST_EVENT_WORDS:
            lines.append(tr("and {n} more events", n=len(events) - MOST_EVENT_WORDS))
        return "\n".join(lines)

    def _event_words(self, event: EventMark) -> str:
        words = event_words(event)
        if not self._has_now:
            return words
        if event.is_now and self._now_is_old:
            return tr("before the rules changed: {event}", event=words)
        return tr("now: {event}", event=words) if event.is_now else tr("recorded: {event}", event=words)

    def _differ_near(self, time_ns: int, slack: int) -> bool:
        assert self._marks is not None
        times = self._marks.elapsed_ns[self._differs]
        return bool(len(times)) and bool((np.abs(times - time_ns) <= slack).any())

    # -- mouse and painting -------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QtGui.QMouseEvent) -> None:
        if event.button() == QtCore.Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self.setSliderPosition(self.value_at(event_pos(event).x()))
            event.accept()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QtGui.QMouseEvent) -> None:
        at = event_pos(event)
        if self.isSliderDown():
            self.setSliderPosition(self.value_at(at.x()))
        QtWidgets.QToolTip.showText(self.mapToGlobal(at.toPoint()), self.words_at(at.x()), self)
        event.accept()

    def mouseReleaseEvent(self, event: QtGui.QMouseEvent) -> None:
        if event.button() == QtCore.Qt.MouseButton.LeftButton:
            self.setSliderDown(False)
        super().mouseReleaseEvent(event)

    def wheelEvent(self, event: QtGui.QWheelEvent) -> None:
        self.turn_wheel(event)

    def turn_wheel(self, event: QtGui.QWheelEvent) -> None:
        """The wheel zooms where the mouse is; with Shift, or a wheel that goes sideways, it moves along."""
        delta = event.angleDelta()
        sideways = delta.x() or (delta.y() if event.modifiers() & QtCore.Qt.KeyboardModifier.ShiftModifier else 0)
        if sideways:
            self.set_view(self.view.moved(round(-sideways / 120 * PAN * self.view.span_ns)))
        elif delta.y():
            self.set_view(self.view.zoomed(ZOOM ** (delta.y() / 120), self.time_at(event_pos(event).x())))
        event.accept()

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        super().resizeEvent(event)
        self._ground = None

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        if self._ground is None or self._ground.devicePixelRatioF() != self.devicePixelRatioF():
            self._ground = self._paint_ground()
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        painter.drawPixmap(0, 0, self._ground)
        x = self.x_of(self.value())
        if self._part is not None:
            places = [self.x_of(p) for p in self._part]
            paint.paint_part(painter, *places, self._left, self.span, self._part_loops, self._drop)
        painter.translate(0, self._drop)
        paint.paint_played(painter, self._left, min(x, self._left + self.span))
        if self._left - 1 <= x <= self._left + self.span + 1:
            paint.paint_handle(painter, x, self.hasFocus())
        else:
            paint.paint_beyond(painter, self._left, self.span, x > self._left)
        painter.end()

    def _paint_ground(self) -> QtGui.QPixmap:
        """All that does not move, painted once for a size and a view."""
        ratio = self.devicePixelRatioF()
        ground = QtGui.QPixmap(self.size() * ratio)
        ground.setDevicePixelRatio(ratio)
        ground.fill(QtCore.Qt.GlobalColor.transparent)
        painter = QtGui.QPainter(ground)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        canvas = paint.Canvas(painter, self.view, self._left, self.span, self.font(), self._drop)
        painter.translate(0, self._drop)
        canvas.line()
        if self._marks is not None and self._marks.duration_ns:
            marks = self._marks
            canvas.gaps(marks)
            canvas.ticks(marks.elapsed_ns[self._differs_elsewhere], LINE_Y - 3, LINE_H + 6, theme.now().dim)
            canvas.ticks(marks.elapsed_ns[self._differs], LINE_Y - 3, LINE_H + 6, theme.now().alarm)
            canvas.ticks(np.array([loss.time_ns for loss in marks.losses], np.int64), LOSS_Y, LOSS_H, theme.now().warn)
            unreadable = marks.elapsed_ns[np.array(self._unreadable, np.int64)]
            canvas.ticks(unreadable, LINE_Y - 3, LOSS_Y + LOSS_H - LINE_Y + 3, theme.now().alarm)
            canvas.times(self.width())
            painter.translate(0, -self._drop)
            canvas.events(marks.events)
            if self._has_now:
                canvas.events(self._now, EVENTS_Y + NOW_H, self._now_is_old)
                canvas.strip_name(tr("recorded"), EVENTS_Y, self._left)
                canvas.strip_name(tr("now"), EVENTS_Y + NOW_H, self._left)
            canvas.flags(self._flags)
        painter.end()
        return ground


def _in(gap: Gap, time_ns: int) -> bool:
    return gap.begin_ns < time_ns < gap.end_ns
