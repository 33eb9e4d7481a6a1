"""Which part of the recording the time line shows: all of it in small, with the part to move and to stretch."""

from __future__ import annotations

from gui.look import theme
from gui.qt import QtCore, QtGui, QtWidgets, event_pos
from gui.replay.timeline_bar import TimelineBar
from gui.words import tr

HEIGHT = 14
_GRAB = 6.0  # px within which an end of the part is taken

_STEP = 0.1  # share of what is seen that an arrow key moves


class RangeBar(QtWidgets.QWidget):
    """Seen while a part is seen. The middle of the part moves, its ends stretch it; a double click shows all again.

    Args:
        bar: the time line whose part it is.
    """

    def __init__(self, bar: TimelineBar) -> None:
        super().__init__()
        self._bar = bar
        self._taken = ""
        self._from_ns = 0
        self.setFixedHeight(HEIGHT)
        self.setMouseTracking(True)
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(tr("Part of the recording that is seen"))
        self.setToolTip(tr("Drag the part to move it, its ends to stretch it; a double click shows everything."))
        bar.view_changed.connect(self._follow)
        bar.valueChanged.connect(lambda _: self.update())
        self.hide()

    def _follow(self) -> None:
        self.setVisible(not self._bar.view.is_whole)
        self.update()

    def _x(self, time_ns: float) -> float:
        duration = max(self._bar.view.duration_ns, 1)
        return self._bar.left + time_ns / duration * self._bar.span

    def _time(self, x: float) -> int:
        return round((x - self._bar.left) / self._bar.span * self._bar.view.duration_ns)

    def mousePressEvent(self, event: QtGui.QMouseEvent) -> None:
        x, view = event_pos(event).x(), self._bar.view
        if abs(x - self._x(view.begin_ns)) <= _GRAB:
            self._taken = "begin"
        elif abs(x - self._x(view.end_ns)) <= _GRAB:
            self._taken = "end"
        else:
            self._taken = "middle"
            if not self._x(view.begin_ns) < x < self._x(view.end_ns):
                self._bar.set_view(view.moved(self._time(x) - (view.begin_ns + view.end_ns) // 2))
        self._from_ns = self._time(x)

    def mouseMoveEvent(self, event: QtGui.QMouseEvent) -> None:
        x, view = event_pos(event).x(), self._bar.view
        shape = QtCore.Qt.CursorShape
        at_end = min(abs(x - self._x(view.begin_ns)), abs(x - self._x(view.end_ns))) <= _GRAB
        self.setCursor(shape.SizeHorCursor if at_end or self._taken in ("begin", "end") else shape.OpenHandCursor)
        now_ns = self._time(x)
        if self._taken == "middle":
            self._bar.set_view(view.moved(now_ns - self._from_ns))
            self._from_ns = now_ns
        elif self._taken == "begin":
            self._bar.set_view(view.between(min(now_ns, view.end_ns), view.end_ns))
        elif self._taken == "end":
            self._bar.set_view(view.between(view.begin_ns, max(now_ns, view.begin_ns)))

    def mouseReleaseEvent(self, event: QtGui.QMouseEvent) -> None:
        self._taken = ""

    def mouseDoubleClickEvent(self, event: QtGui.QMouseEvent) -> None:
        self._taken = ""
        self._bar.set_view(self._bar.view.between(0, self._bar.view.duration_ns))

    def wheelEvent(self, event: QtGui.QWheelEvent) -> None:
        view, delta = self._bar.view, event.angleDelta().y()
        self._bar.set_view(view.zoomed(0.8 ** (delta / 120), (view.begin_ns + view.end_ns) // 2))
        event.accept()

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:
        key, view = QtCore.Qt.Key, self._bar.view
        toward = {key.Key_Left: -1, key.Key_Right: 1}.get(key(event.key()))
        if toward is None:
            super().keyPressEvent(event)
        else:
            self._bar.set_view(view.moved(round(toward * _STEP * view.span_ns)))

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        t, view = theme.now(), self._bar.view
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        painter.setPen(QtCore.Qt.PenStyle.NoPen)
        painter.setBrush(QtGui.QColor(t.line))
        painter.drawRoundedRect(QtCore.QRectF(self._bar.left, 5, self._bar.span, 4), 2, 2)
        left, right = self._x(view.begin_ns), self._x(view.end_ns)
        part = QtCore.QRectF(left, 2, max(right - left, 6.0), HEIGHT - 4)
        color = QtGui.QColor(t.accent)
        color.setAlpha(120)
        painter.setBrush(color)
        painter.setPen(QtGui.QPen(QtGui.QColor(t.text if self.hasFocus() else t.accent), 1.2))
        painter.drawRoundedRect(part, 3, 3)
        x = self._x(self._bar.time_of(self._bar.value()))
        painter.fillRect(QtCore.QRectF(x - 1, 0, 2, HEIGHT), QtGui.QColor(t.text))
        painter.end()
