"""The time line of a replay: where it is, events, pauses of the cameras, lost frames, and the part that loops."""

from __future__ import annotations

from collections import Counter

import numpy as np

from gui import theme
from gui.marks import EventMark, Gap, Marks
from gui.qt import QtCore, QtGui, QtWidgets

EDGE = 10
"""Room left and right of the line, in px: half of the handle, and a little."""

EVENTS_Y, EVENTS_H = 2, 9
LINE_Y, LINE_H = 17, 8
LOSS_Y, LOSS_H = 28, 5
TEXT_Y = 35
MOST_EVENT_WORDS = 4

_TROUBLE = frozenset(
    {
        "error",
        "frames not recorded",
        "recording ended",
        "event without clip",
        "clip failed",
        "camera stalled",
        "camera lost",
        "part missing",
        "recovered",
    }
)


class TimelineBar(QtWidgets.QSlider):
    """A slider over positions whose places are recorded times. It goes where it is clicked."""

    def __init__(self) -> None:
        super().__init__(QtCore.Qt.Orientation.Horizontal)
        self._marks: Marks | None = None
        self._part: tuple[int, int] | None = None
        self._part_loops = False
        self._ground: QtGui.QPixmap | None = None
        self.setRange(0, 0)
        self.setMouseTracking(True)
        self.setAccessibleName("Position in the recording")
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.StrongFocus)
        font = self.font()
        font.setPointSizeF(theme.BASE_PT - 2)
        self.setFont(font)
        self.setFixedHeight(TEXT_Y + round(QtGui.QFontMetricsF(font).height()) + 2)
        self.setMinimumWidth(200)

    def show_marks(self, marks: Marks) -> None:
        """Of the recording that is open; sets the range, too."""
        self._marks = marks
        self._ground = None
        self.blockSignals(True)
        self.setRange(0, max(len(marks) - 1, 0))
        self.blockSignals(False)
        self.update()

    def show_part(self, part: tuple[int, int] | None, loops: bool) -> None:
        """First and last position of the part that is marked, and whether it loops now."""
        if (part, loops) != (self._part, self._part_loops):
            self._part, self._part_loops = part, loops
            self.update()

    # -- places and times ---------------------------------------------------------------------------------------

    def x_of(self, position: int) -> float:
        """The place of a position in the widget, px."""
        return self._x_of_time(self._marks.time_ns(position)) if self._marks is not None else float(EDGE)

    def time_at(self, x: float) -> int:
        """Recorded time under a place in the widget, ns."""
        duration = 0 if self._marks is None else self._marks.duration_ns
        return round(min(max((x - EDGE) / self._span(), 0.0), 1.0) * duration)

    def value_at(self, x: float) -> int:
        """The position nearest to a place in the widget."""
        return 0 if self._marks is None else self._marks.position_at(self.time_at(x))

    def words_at(self, x: float) -> str:
        """What is at a place in the widget, for people."""
        marks = self._marks
        if marks is None:
            return ""
        time_ns, position = self.time_at(x), self.value_at(x)
        slack = round(4 / self._span() * marks.duration_ns)
        lines = [f"frame {position}   {clock(marks.time_ns(position))}"]
        lines += [f"no frames for {(g.end_ns - g.begin_ns) / 1e9:.1f} s" for g in marks.gaps if _in(g, time_ns)]
        lost: Counter[str] = Counter()
        for loss in marks.losses:
            if abs(loss.time_ns - time_ns) <= slack:
                lost[loss.stream] += loss.count
        lines += [f"{count} {'frame' if count == 1 else 'frames'} of {s} lost" for s, count in lost.items()]
        events = marks.events_at(time_ns, slack)
        lines += [event_words(e) for e in events[:MOST_EVENT_WORDS]]
        if len(events) > MOST_EVENT_WORDS:
            lines.append(f"and {len(events) - MOST_EVENT_WORDS} more events")
        return "\n".join(lines)

    def _span(self) -> float:
        return max(1.0, self.width() - 2.0 * EDGE)

    def _x_of_time(self, time_ns: int) -> float:
        duration = 0 if self._marks is None else self._marks.duration_ns
        return EDGE + (time_ns / duration if duration else 0.0) * self._span()

    # -- mouse and painting -------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QtGui.QMouseEvent) -> None:
        if event.button() == QtCore.Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self.setSliderPosition(self.value_at(event.pos().x()))
            event.accept()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QtGui.QMouseEvent) -> None:
        if self.isSliderDown():
            self.setSliderPosition(self.value_at(event.pos().x()))
        QtWidgets.QToolTip.showText(self.mapToGlobal(event.pos()), self.words_at(event.pos().x()), self)
        event.accept()

    def mouseReleaseEvent(self, event: QtGui.QMouseEvent) -> None:
        if event.button() == QtCore.Qt.MouseButton.LeftButton:
            self.setSliderDown(False)
        super().mouseReleaseEvent(event)

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        super().resizeEvent(event)
        self._ground = None

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        if self._ground is None or self._ground.devicePixelRatioF() != self.devicePixelRatioF():
            self._ground = self._paint_ground()
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        painter.drawPixmap(0, 0, self._ground)
        t = theme.DARK
        x = self.x_of(self.value())
        painter.setPen(QtCore.Qt.PenStyle.NoPen)
        played = QtGui.QColor(t.accent)
        painter.setBrush(played)
        painter.setOpacity(0.75)
        painter.drawRoundedRect(QtCore.QRectF(EDGE, LINE_Y + 2, x - EDGE, LINE_H - 4), 2, 2)
        painter.setOpacity(1.0)
        if self._part is not None:
            self._paint_part(painter, *self._part)
        center = QtCore.QPointF(x, LINE_Y + LINE_H / 2)
        focus = self.hasFocus()
        painter.setPen(QtGui.QPen(QtGui.QColor(t.text if focus else t.window), 2))
        painter.setBrush(QtGui.QColor(t.accent if focus else t.text))
        painter.drawEllipse(center, 8, 8)
        painter.end()

    def _paint_part(self, painter: QtGui.QPainter, first: int, last: int) -> None:
        color = QtGui.QColor(theme.DARK.text if self._part_loops else theme.DARK.dim)
        left, right = self.x_of(first), self.x_of(last)
        shade = QtGui.QColor(color)
        shade.setAlpha(36 if self._part_loops else 18)
        painter.fillRect(QtCore.QRectF(left, 0, max(right - left, 1.0), LOSS_Y + LOSS_H), shade)
        pen = QtGui.QPen(color, 2)
        painter.setPen(pen)
        for x, toward in ((left, 1), (right, -1)):
            painter.drawPolyline(
                QtGui.QPolygonF(
                    [
                        QtCore.QPointF(x + 5 * toward, 1),
                        QtCore.QPointF(x, 1),
                        QtCore.QPointF(x, LOSS_Y + LOSS_H),
                        QtCore.QPointF(x + 5 * toward, LOSS_Y + LOSS_H),
                    ]
                )
            )

    def _paint_ground(self) -> QtGui.QPixmap:
        """All that does not move, painted once for a size."""
        t, ratio = theme.DARK, self.devicePixelRatioF()
        ground = QtGui.QPixmap(self.size() * ratio)
        ground.setDevicePixelRatio(ratio)
        ground.fill(QtCore.Qt.GlobalColor.transparent)
        painter = QtGui.QPainter(ground)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        painter.setPen(QtCore.Qt.PenStyle.NoPen)
        painter.setBrush(QtGui.QColor(t.line))
        painter.drawRoundedRect(QtCore.QRectF(EDGE, LINE_Y, self._span(), LINE_H), 4, 4)
        if self._marks is not None and self._marks.duration_ns:
            self._paint_gaps(painter, self._marks)
            self._paint_losses(painter, self._marks)
            self._paint_events(painter, self._marks)
            self._paint_times(painter, self._marks.duration_ns)
        painter.end()
        return ground

    def _paint_gaps(self, painter: QtGui.QPainter, marks: Marks) -> None:
        """Holes in the line, hatched, with an end on both sides."""
        t = theme.DARK
        for gap in marks.gaps:
            left, right = self._x_of_time(gap.begin_ns), self._x_of_time(gap.end_ns)
            hole = QtCore.QRectF(left, LINE_Y - 1, max(right - left, 2.0), LINE_H + 2)
            painter.fillRect(hole, QtGui.QColor(t.window))
            painter.fillRect(hole, QtGui.QBrush(QtGui.QColor(t.dim), QtCore.Qt.BrushStyle.BDiagPattern))
            for x in (hole.left(), hole.right()):
                painter.fillRect(QtCore.QRectF(x - 0.75, LINE_Y - 2, 1.5, LINE_H + 4), QtGui.QColor(t.dim))

    def _paint_losses(self, painter: QtGui.QPainter, marks: Marks) -> None:
        places = np.unique(np.round([self._x_of_time(loss.time_ns) for loss in marks.losses]).astype(int))
        for x in places.tolist():
            painter.fillRect(QtCore.QRectF(x - 1, LOSS_Y, 2, LOSS_H), QtGui.QColor(theme.DARK.warn))

    def _paint_events(self, painter: QtGui.QPainter, marks: Marks) -> None:
        placed = [e for e in marks.events if e.position is not None]
        # The long ones first, so that the short ones in them stay visible; each place is painted once.
        painted: set[tuple[int, int, bool]] = set()
        for event in sorted(placed, key=lambda e: e.begin_ns - (e.end_ns or e.begin_ns)):
            left = self._x_of_time(event.begin_ns)
            right = self._x_of_time(max(event.end_ns or event.begin_ns, event.begin_ns))
            trouble = is_trouble(event)
            place = (round(left), round(right), trouble)
            if place in painted:
                continue
            painted.add(place)
            color = QtGui.QColor(theme.DARK.alarm if trouble else theme.DARK.event)
            if right - left > 4:
                light = QtGui.QColor(color)
                light.setAlpha(110)
                painter.setBrush(light)
                painter.drawRoundedRect(QtCore.QRectF(left, EVENTS_Y, right - left, EVENTS_H), 2, 2)
            painter.setBrush(color)
            painter.drawRoundedRect(QtCore.QRectF(left - 1.5, EVENTS_Y, 3, EVENTS_H + 2), 1.5, 1.5)

    def _paint_times(self, painter: QtGui.QPainter, duration_ns: int) -> None:
        metrics = QtGui.QFontMetricsF(self.font())
        painter.setFont(self.font())
        width = metrics.horizontalAdvance("0:00:00.0") + 24
        every = tick_ns(duration_ns, self._span() / width)
        fine = every < 1_000_000_000
        end = clock(duration_ns)
        end_x = self.width() - metrics.horizontalAdvance(end)
        y = TEXT_Y + metrics.ascent()
        painter.setPen(QtGui.QColor(theme.DARK.dim))
        painter.drawText(QtCore.QPointF(end_x, y), end)
        for time_ns in range(0, duration_ns, every):
            words = clock(time_ns) if fine else clock(time_ns).partition(".")[0]
            wide = metrics.horizontalAdvance(words)
            x = max(self._x_of_time(time_ns) - wide / 2, 0.0)
            if x + wide + 14 < end_x:
                painter.drawText(QtCore.QPointF(x, y), words)


def tick_ns(duration_ns: int, most: float) -> int:
    """A round step of time that makes at most so many ticks (at least one)."""
    for seconds in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 28800):
        step = round(seconds * 1e9)
        if duration_ns / step <= max(most, 1.0):
            return step
    return max(86_400_000_000_000, duration_ns // max(int(most), 1))


def clock(ns: int) -> str:
    """Recorded time as ``m:ss.s``, or ``h:mm:ss.s``."""
    tenths = ns // 100_000_000
    seconds, tenth = divmod(tenths, 10)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}.{tenth}" if hours else f"{minutes}:{seconds:02d}.{tenth}"


def is_trouble(event: EventMark) -> bool:
    """Whether an event says that something went wrong with the recording itself, or with a camera."""
    return event.name in _TROUBLE


def event_words(event: EventMark) -> str:
    """An event in a line: its name, how long it lasts, and its note."""
    lasts = "" if not event.end_ns or event.end_ns <= event.begin_ns else f" ({lasts_words(event)})"
    return f"{event.name}{lasts}" + (f": {event.note}" if event.note else "")


def lasts_words(event: EventMark) -> str:
    """How long an event lasts; nothing for one without length."""
    if event.position is None:
        return ""
    if event.end_ns is None:
        return "open end"
    seconds = (event.end_ns - event.begin_ns) / 1e9
    return f"{seconds:.1f} s" if seconds > 0 else ""


def _in(gap: Gap, time_ns: int) -> bool:
    return gap.begin_ns < time_ns < gap.end_ns
