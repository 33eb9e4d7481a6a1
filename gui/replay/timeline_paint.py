"""How the time line is painted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gui.look import theme
from gui.qt import QtCore, QtGui
from gui.replay.marks import EventMark, Marks
from gui.replay.time_view import TimeView
from gui.replay.timeline_words import clock, is_trouble, tick_ns

EDGE = 10
"""Room left and right of the line, in px: half of the handle, and a little."""

FLAGS_Y, FLAGS_H = 1, 11
EVENTS_Y, EVENTS_H = 14, 9
LINE_Y, LINE_H = 29, 8
LOSS_Y, LOSS_H = 40, 6
TEXT_Y = 48

NOW_H = 13
"""So much higher is the time line with the events that rules make now, between the recorded ones and the line."""


@dataclass(frozen=True, slots=True)
class Flag:
    """A bookmark on the time line: its recorded time and its note."""

    time_ns: int
    words: str


class Canvas:
    """Paints what does not move.

    Args:
        left, span: where the line begins and how long it is, px.
        drop: how much lower the line lies, px.
    """

    def __init__(
        self, painter: QtGui.QPainter, view: TimeView, left: float, span: float, font: QtGui.QFont, drop: float = 0
    ) -> None:
        self._painter = painter
        self._view = view
        self._left = left
        self._span = span
        self._font = font
        self._drop = drop

    def line(self) -> None:
        self._painter.setPen(QtCore.Qt.PenStyle.NoPen)
        self._painter.setBrush(QtGui.QColor(theme.now().line))
        self._painter.drawRoundedRect(QtCore.QRectF(self._left, LINE_Y, self._span, LINE_H), 4, 4)

    def gaps(self, marks: Marks) -> None:
        """Holes in the line, hatched, with an end on both sides."""
        t, painter = theme.now(), self._painter
        for gap in marks.gaps:
            left, right = self._clipped(gap.begin_ns, gap.end_ns)
            if right < left:
                continue
            hole = QtCore.QRectF(left, LINE_Y - 1, max(right - left, 2.0), LINE_H + 2)
            painter.fillRect(hole, QtGui.QColor(t.window))
            painter.fillRect(hole, QtGui.QBrush(QtGui.QColor(t.dim), QtCore.Qt.BrushStyle.BDiagPattern))
            for x in (hole.left(), hole.right()):
                painter.fillRect(QtCore.QRectF(x - 0.75, LINE_Y - 2, 1.5, LINE_H + 4), QtGui.QColor(t.dim))

    def ticks(self, times_ns: NDArray[np.int64], y: float, height: float, color: str) -> None:
        """One at each of these times that is seen; each place once."""
        seen = times_ns[(times_ns >= self._view.begin_ns) & (times_ns <= self._view.end_ns)]
        for x in np.unique(np.round(self._left + self._shares(seen) * self._span).astype(int)).tolist():
            self._painter.fillRect(QtCore.QRectF(x - 1, y, 2, height), QtGui.QColor(color))

    def events(self, events: Sequence[EventMark], y: float = EVENTS_Y, is_old: bool = False) -> None:
        """As bars with a head where they begin.

        Args:
            is_old: they are not what counts any more.
        """
        painter = self._painter
        painter.setPen(QtCore.Qt.PenStyle.NoPen)
        placed = [e for e in events if e.position is not None]
        # The long ones first, so that the short ones in them stay visible; each place is painted once.
        painted: set[tuple[int, int, str]] = set()
        for event in sorted(placed, key=lambda e: e.begin_ns - (e.end_ns or e.begin_ns)):
            left, right = self._clipped(event.begin_ns, max(event.end_ns or event.begin_ns, event.begin_ns))
            ink = theme.now().dim if is_old else event_color(event)
            place = (round(left), round(right), ink)
            if right < left or place in painted:
                continue
            painted.add(place)
            color = QtGui.QColor(ink)
            if right - left > 4:
                light = QtGui.QColor(color)
                light.setAlpha(110)
                painter.setBrush(light)
                painter.drawRoundedRect(QtCore.QRectF(left, y, right - left, EVENTS_H), 2, 2)
            if event.begin_ns >= self._view.begin_ns:
                painter.setBrush(color)
                painter.drawRoundedRect(QtCore.QRectF(left - 1.5, y, 3, EVENTS_H + 2), 1.5, 1.5)

    def strip_name(self, words: str, y: float, room: float) -> None:
        """Left of a strip of events: which they are."""
        painter = self._painter
        font = QtGui.QFont(self._font)
        font.setPointSizeF(theme.points(theme.BASE_PT - 3))
        metrics = QtGui.QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(QtGui.QColor(theme.now().dim))
        x = max(room - 8 - metrics.horizontalAdvance(words), 0.0)
        painter.drawText(QtCore.QPointF(x, y + EVENTS_H / 2 + metrics.ascent() / 2 - 1), words)

    def flags(self, flags: Sequence[Flag]) -> None:
        """Bookmarks: small flags above the events."""
        painter = self._painter
        ink = QtGui.QColor(theme.now().text)
        painted: set[int] = set()
        for flag in flags:
            if not self._view.begin_ns <= flag.time_ns <= self._view.end_ns:
                continue
            x = round(self._left + self._view.share(flag.time_ns) * self._span)
            if x in painted:
                continue
            painted.add(x)
            painter.setPen(QtGui.QPen(ink, 1.6))
            painter.drawLine(QtCore.QPointF(x, FLAGS_Y), QtCore.QPointF(x, LINE_Y - 2 + self._drop))
            painter.setPen(QtCore.Qt.PenStyle.NoPen)
            painter.setBrush(ink)
            shape = [(0, FLAGS_Y), (9, FLAGS_Y + 4), (0, FLAGS_Y + 8)]
            painter.drawPolygon(QtGui.QPolygonF([QtCore.QPointF(x + dx, y) for dx, y in shape]))

    def times(self, width: float) -> None:
        """Under the line; where a part is seen, both of its ends stand there."""
        painter, view = self._painter, self._view
        metrics = QtGui.QFontMetricsF(self._font)
        painter.setFont(self._font)
        roomy = metrics.horizontalAdvance("0:00:00.0") + 24
        every = tick_ns(view.span_ns, self._span / roomy)
        fine = every < 1_000_000_000
        end = clock(view.end_ns)
        end_x = width - metrics.horizontalAdvance(end)
        y = TEXT_Y + metrics.ascent()
        painter.setPen(QtGui.QColor(theme.now().dim))
        painter.drawText(QtCore.QPointF(end_x, y), end)
        for time_ns in range(-(-view.begin_ns // every) * every, view.end_ns, every):
            words = clock(time_ns) if fine else clock(time_ns).partition(".")[0]
            wide = metrics.horizontalAdvance(words)
            x = max(self._left + view.share(time_ns) * self._span - wide / 2, 0.0)
            if x + wide + 14 < end_x:
                painter.drawText(QtCore.QPointF(x, y), words)

    def _shares(self, times_ns: NDArray[np.int64]) -> NDArray[np.float64]:
        return (times_ns - self._view.begin_ns) / max(self._view.span_ns, 1)

    def _clipped(self, begin_ns: int, end_ns: int) -> tuple[float, float]:
        """Both ends on the line, px; the right one lies left of the left one where nothing of it is seen."""
        if end_ns < self._view.begin_ns or begin_ns > self._view.end_ns:
            return 0.0, -1.0
        shares = [min(max(self._view.share(t), 0.0), 1.0) for t in (begin_ns, end_ns)]
        return self._left + shares[0] * self._span, self._left + shares[1] * self._span


def event_color(event: EventMark) -> str:
    """An alarm, and trouble with the recording itself, need a look; a warning does less so."""
    t = theme.now()
    if is_trouble(event) or event.severity == "alarm":
        return t.alarm
    return t.warn if event.severity == "warning" else t.event


def paint_played(painter: QtGui.QPainter, left: float, x: float) -> None:
    """From the left end to where it is."""
    if x <= left:
        return
    painter.setPen(QtCore.Qt.PenStyle.NoPen)
    painter.setBrush(QtGui.QColor(theme.now().accent))
    painter.setOpacity(0.75)
    painter.drawRoundedRect(QtCore.QRectF(left, LINE_Y + 2, x - left, LINE_H - 4), 2, 2)
    painter.setOpacity(1.0)


def paint_handle(painter: QtGui.QPainter, x: float, focus: bool) -> None:
    t = theme.now()
    painter.setPen(QtGui.QPen(QtGui.QColor(t.text if focus else t.window), 2))
    painter.setBrush(QtGui.QColor(t.accent if focus else t.text))
    painter.drawEllipse(QtCore.QPointF(x, LINE_Y + LINE_H / 2), 8, 8)


def paint_beyond(painter: QtGui.QPainter, left: float, span: float, right: bool) -> None:
    """An arrow at the end beyond which the handle is."""
    x, toward = (left + span, 1) if right else (left, -1)
    y = LINE_Y + LINE_H / 2
    painter.setPen(QtCore.Qt.PenStyle.NoPen)
    painter.setBrush(QtGui.QColor(theme.now().text))
    corners = [(x, y - 7), (x + 8 * toward, y), (x, y + 7)]
    painter.drawPolygon(QtGui.QPolygonF([QtCore.QPointF(*c) for c in corners]))


def paint_part(
    painter: QtGui.QPainter, first: float, last: float, left: float, span: float, loops: bool, drop: float = 0
) -> None:
    """The part that is marked, between two places, px; its ends where they are seen."""
    color = QtGui.QColor(theme.now().text if loops else theme.now().dim)
    low, high = max(first, left), min(last, left + span)
    if high < low:
        return
    shade = QtGui.QColor(color)
    shade.setAlpha(36 if loops else 18)
    bottom = LOSS_Y + LOSS_H + drop
    painter.fillRect(QtCore.QRectF(low, 0, max(high - low, 1.0), bottom), shade)
    painter.setPen(QtGui.QPen(color, 2))
    for x, toward, seen in ((first, 1, first >= left), (last, -1, last <= left + span)):
        if seen:
            corners = [(x + 5 * toward, 1), (x, 1), (x, bottom), (x + 5 * toward, bottom)]
            painter.drawPolyline(QtGui.QPolygonF([QtCore.QPointF(*c) for c in corners]))
