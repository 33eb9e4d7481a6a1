"""Signals over the recorded time, above the time line and in step with it."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence

from gui.look import theme
from gui.qt import QtCore, QtGui, QtWidgets, Signal, event_pos, global_pos
from gui.replay import tracks_paint as paint
from gui.replay.limits import Limit
from gui.replay.marks import Marks
from gui.replay.timeline_bar import TimelineBar
from gui.replay.tracks import Tracks
from gui.words import tr

LEAST, MOST, USUAL = 20, 120, 36
"""Height of a row where a line of its words has :data:`LINE`, px; a row is never lower than that line."""

LINE = 19
"""Height of a line of words at the usual size on a screen of 96 px an inch."""

LONG, LONG_EVERY_S = 1 << 13, 1.0
"""With more bins than this, what came is painted so often: an hour takes some 15 ms."""


class TracksView(QtWidgets.QWidget):
    """A row for each quantity. It goes where it is clicked; the wheel zooms as on the time line.

    Args:
        bar: the time line under it, whose places it shares.
    """

    seek = Signal(int)
    resized = Signal()
    """Its rows are higher, lower, more or fewer."""

    def __init__(self, bar: TimelineBar) -> None:
        super().__init__()
        self._bar = bar
        self._marks: Marks | None = None
        self._tracks: Tracks | None = None
        self._other: Tracks | None = None
        self._names: tuple[str, ...] = ()
        self._source = ""
        self._limits: Mapping[str, Sequence[Limit]] = {}
        self._row = USUAL
        self._ground: QtGui.QPixmap | None = None
        self._painted = (-1, -1)
        self._painted_at = 0.0
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Signals over time"))
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Fixed)
        bar.view_changed.connect(self.forget_ground)
        bar.valueChanged.connect(lambda _: self.update())
        theme.changes.changed.connect(self._size_words)
        self._size_words()

    def _size_words(self) -> None:
        font = self.font()
        font.setPointSizeF(theme.points(theme.FAR_PT))
        font.setBold(True)
        self.setFont(font)
        self._set_height()

    @property
    def gutter(self) -> float:
        """Room left of the rows, px."""
        return theme.points(paint.GUTTER)

    def is_name(self, x: float) -> bool:
        """Whether a place lies left of the rows, where their names stand."""
        return x < self._bar.left

    @property
    def names(self) -> tuple[str, ...]:
        return self._names

    @property
    def row_height(self) -> int:
        """As it was set, of :data:`LEAST` to :data:`MOST`."""
        return self._row

    @property
    def row_px(self) -> int:
        """Of a row as it stands there: it grows with its words, whatever the screen, and never cuts them."""
        line = QtGui.QFontMetricsF(self.font()).height()
        return max(round(self._row / LINE * line), math.ceil(line) + 2)

    @property
    def source_words(self) -> str:
        """Where the values come from."""
        return self._source

    def forget_ground(self) -> None:
        self._ground = None
        self.update()

    def show_tracks(self, marks: Marks, tracks: Tracks, other: Tracks | None, source: str) -> None:
        """What is drawn; painted anew only where something came."""
        versions = (tracks.version, -1 if other is None else other.version)
        same = tracks is self._tracks and other is self._other and marks is self._marks and source == self._source
        now = time.monotonic()
        if same and now < self._painted_at + (LONG_EVERY_S if tracks.bins > LONG else 0.0):
            return
        if not same or versions != self._painted:
            self._painted_at = now
            self._marks, self._tracks, self._other, self._source = marks, tracks, other, source
            self._painted = versions
            self.forget_ground()

    def show_limits(self, limits: Mapping[str, Sequence[Limit]]) -> None:
        """Signal -> what rules compare it with."""
        self._limits = limits
        self.forget_ground()

    def set_names(self, names: Sequence[str]) -> None:
        """Which quantities have a row."""
        if tuple(names) != self._names:
            self._names = tuple(names)
            self._set_height()

    def set_row_height(self, height: int) -> None:
        """Of one quantity, px."""
        self._row = min(max(height, LEAST), MOST)
        self._set_height()

    def _set_height(self) -> None:
        self.setFixedHeight(max(len(self._names) * self.row_px, 1))
        self.setVisible(bool(self._names))
        self.forget_ground()
        self.resized.emit()

    def words_at(self, x: float) -> str:
        """What is known at a place, for people."""
        if self._tracks is None or self._marks is None:
            return ""
        position = self._bar.value_at(x)
        now = paint.hover_words(self._tracks, self._names, position, self._limits)
        if self._other is None:
            lines = [self._bar.words_at(x), *now]
        else:
            then = paint.hover_words(self._other, self._names, position)
            lines = [self._bar.words_at(x), tr("computed now:"), *now, tr("recorded:"), *then]
        return "\n".join([*lines, self._source])

    # -- mouse and painting -----------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QtGui.QMouseEvent) -> None:
        if event.button() == QtCore.Qt.MouseButton.LeftButton and event_pos(event).x() >= self._bar.left:
            self.seek.emit(self._bar.value_at(event_pos(event).x()))

    def mouseMoveEvent(self, event: QtGui.QMouseEvent) -> None:
        x = event_pos(event).x()
        if x < self._bar.left:
            return
        if event.buttons() & QtCore.Qt.MouseButton.LeftButton:
            self.seek.emit(self._bar.value_at(x))
        QtWidgets.QToolTip.showText(global_pos(event).toPoint(), self.words_at(x), self)

    def wheelEvent(self, event: QtGui.QWheelEvent) -> None:
        self._bar.turn_wheel(event)

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        super().resizeEvent(event)
        self._ground = None

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        if self._tracks is None or not self._names:
            return
        if self._ground is None or self._ground.devicePixelRatioF() != self.devicePixelRatioF():
            self._ground = self._paint_ground(self._tracks)
        painter = QtGui.QPainter(self)
        painter.drawPixmap(0, 0, self._ground)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        position, row = self._bar.value(), self.row_px
        for index, name in enumerate(self._names):
            box = QtCore.QRectF(4, index * row + 1, self._bar.left - theme.points(paint.SCALE), row - 2)
            paint.moment(painter, self._tracks, name, position, box, self.font())
        x = self._bar.x_of(position)
        if self._bar.left - 1 <= x <= self._bar.left + self._bar.span + 1:
            painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing, False)
            painter.fillRect(QtCore.QRectF(round(x) - 1, 0, 2, self.height()), QtGui.QColor(theme.now().text))
        painter.end()

    def _paint_ground(self, tracks: Tracks) -> QtGui.QPixmap:
        ratio = self.devicePixelRatioF()
        ground = QtGui.QPixmap(self.size() * ratio)
        ground.setDevicePixelRatio(ratio)
        ground.fill(QtCore.Qt.GlobalColor.transparent)
        painter = QtGui.QPainter(ground)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font())
        place = QtCore.QRectF(self._bar.left, 0, self._bar.span, self.height())
        view, row = self._bar.view, self.row_px
        paint.rows_ground(painter, tracks, self._names, view, place, row, self._other, self._marks, self._limits)
        self._paint_source(painter, place)
        painter.end()
        return ground

    def _paint_source(self, painter: QtGui.QPainter, place: QtCore.QRectF) -> None:
        """Where the values come from, at the right end of the first row."""
        metrics = QtGui.QFontMetricsF(self.font())
        width = metrics.horizontalAdvance(self._source)
        plate = QtCore.QRectF(place.right() - width - 14, 2, width + 12, metrics.height() + 2)
        color = QtGui.QColor(theme.now().panel)
        color.setAlpha(215)
        painter.setPen(QtCore.Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRoundedRect(plate, 3, 3)
        painter.setPen(QtGui.QColor(theme.now().dim))
        painter.drawText(QtCore.QPointF(plate.left() + 6, plate.top() + 1 + metrics.ascent()), self._source)


class HeightGrip(QtWidgets.QWidget):
    """The upper edge of the signals: dragged, or moved by the arrow keys, it makes them higher or lower."""

    changed = Signal(int)
    """By so many px; more than 0 is higher."""

    def __init__(self) -> None:
        super().__init__()
        self._from: float | None = None
        self.setFixedHeight(7)
        self.setCursor(QtCore.Qt.CursorShape.SizeVerCursor)
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(tr("Height of the signals"))
        self.setToolTip(tr("Drag, or press Up and Down, to make the signals higher or lower."))

    def mousePressEvent(self, event: QtGui.QMouseEvent) -> None:
        self._from = global_pos(event).y()

    def mouseMoveEvent(self, event: QtGui.QMouseEvent) -> None:
        if self._from is not None:
            y = global_pos(event).y()
            self.changed.emit(round(self._from - y))
            self._from = y

    def mouseReleaseEvent(self, event: QtGui.QMouseEvent) -> None:
        self._from = None

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:
        by = {QtCore.Qt.Key.Key_Up: 12, QtCore.Qt.Key.Key_Down: -12}.get(QtCore.Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        else:
            self.changed.emit(by)

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        painter.setPen(QtCore.Qt.PenStyle.NoPen)
        painter.setBrush(QtGui.QColor(theme.now().text if self.hasFocus() else theme.now().line))
        painter.drawRoundedRect(QtCore.QRectF(self.width() / 2 - 24, 2, 48, 3), 1.5, 1.5)
        painter.end()
