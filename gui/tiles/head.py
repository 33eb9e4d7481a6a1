"""The head of a tile: what it shows, how fast it comes, how old it is, and what is wrong with it. Its tile is dragged
by it."""

from __future__ import annotations

from gui.look import theme
from gui.qt import QtCore, QtGui, QtWidgets, Signal, event_pos, global_pos
from gui.words import tr

_PAD = 10


class TileHead(QtWidgets.QWidget):
    """One line, painted only when its words change."""

    dragged = Signal(QtCore.QPoint)
    """The mouse moves with the tile; where it is on the desktop."""

    dropped = Signal(QtCore.QPoint)
    drag_ended = Signal()
    """It was given up, or the head went while it was dragged."""

    double_clicked = Signal()

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = self._kind = self._facts = self._badge = ""
        self._tone = "dim"
        self._pressed: QtCore.QPointF | None = None
        self._dragging = False
        self.draggable = True
        self.setCursor(QtCore.Qt.CursorShape.OpenHandCursor)
        self.setAccessibleName(tr("Head of the tile"))
        self.show_tip("")
        self._fit()

    def _fit(self) -> None:
        self.setFixedHeight(round(QtGui.QFontMetricsF(self._font(1.0, True)).height()) + 10)

    @property
    def name(self) -> str:
        return self._name

    @property
    def facts(self) -> str:
        """Rate, age and losses."""
        return self._facts

    @property
    def badge(self) -> str:
        return self._badge

    @property
    def is_dragging(self) -> bool:
        return self._dragging

    def show_name(self, name: str, kind: str) -> None:
        """What the tile shows: a name, and behind it the kind and size."""
        if (name, kind) != (self._name, self._kind):
            self._name, self._kind = name, kind
            self.update()

    def show_facts(self, facts: str, badge: str, tone: str) -> None:
        """How it comes, and what is wrong: ``tone`` is ``dim``, ``warn`` or ``alarm``."""
        if (facts, badge, tone) != (self._facts, self._badge, self._tone):
            self._facts, self._badge, self._tone = facts, badge, tone
            self.update()

    def show_tip(self, more: str) -> None:
        """What can be done with the tile, and what else is known of its stream."""
        words = tr("Drag it onto another tile: they change places. Double click: this tile alone. Right click: more.")
        words = f"{more}\n\n{words}" if more else words
        if words != self.toolTip():
            self.setToolTip(words)

    def end_drag(self) -> None:
        """Let go of the tile where it was."""
        was, self._dragging, self._pressed = self._dragging, False, None
        if was:
            self.setCursor(QtCore.Qt.CursorShape.OpenHandCursor)
            self.drag_ended.emit()

    def _font(self, more: float, bold: bool) -> QtGui.QFont:
        font = QtGui.QFont(self.font())
        font.setPointSizeF(theme.points(theme.BASE_PT + more))
        font.setBold(bold)
        return font

    def _tone_color(self) -> QtGui.QColor:
        now = theme.now()
        return QtGui.QColor({"warn": now.warn, "alarm": now.alarm}.get(self._tone, now.dim))

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        middle = QtCore.Qt.AlignmentFlag.AlignVCenter
        left, right = float(_PAD), float(self.width() - _PAD)
        if self._badge:
            right = self._paint_badge(painter, right)
        bold, plain = self._font(1.0, True), self._font(-0.5, False)
        name_wide = QtGui.QFontMetricsF(bold).horizontalAdvance(self._name)
        metrics = QtGui.QFontMetricsF(plain)
        # The facts stay; the kind goes first where it is narrow, then the name is cut.
        facts_wide = metrics.horizontalAdvance(self._facts)
        kind_wide = metrics.horizontalAdvance(self._kind)
        room = right - left
        if facts_wide and facts_wide + 60 <= room:
            painter.setFont(plain)
            painter.setPen(self._tone_color() if self._tone != "dim" else QtGui.QColor(theme.now().dim))
            rect = QtCore.QRectF(right - facts_wide, 0, facts_wide + 1, self.height())
            painter.drawText(rect, int(middle | QtCore.Qt.AlignmentFlag.AlignRight), self._facts)
            room -= facts_wide + 12
        painter.setFont(bold)
        painter.setPen(QtGui.QColor(theme.now().text))
        words = QtGui.QFontMetricsF(bold).elidedText(self._name, QtCore.Qt.TextElideMode.ElideRight, max(room, 8.0))
        painter.drawText(QtCore.QRectF(left, 0, max(room, 8.0), self.height()), int(middle), words)
        if name_wide + 12 + kind_wide <= room:
            painter.setFont(plain)
            painter.setPen(QtGui.QColor(theme.now().dim))
            rect = QtCore.QRectF(left + name_wide + 12, 0, kind_wide + 2, self.height())
            painter.drawText(rect, int(middle), self._kind)
        painter.end()

    def _paint_badge(self, painter: QtGui.QPainter, right: float) -> float:
        font = self._font(-1.0, True)
        metrics = QtGui.QFontMetricsF(font)
        wide, high = metrics.horizontalAdvance(self._badge) + 12, metrics.height() + 2
        plate = QtCore.QRectF(right - wide, (self.height() - high) / 2, wide, high)
        painter.setPen(QtCore.Qt.PenStyle.NoPen)
        painter.setBrush(self._tone_color())
        painter.drawRoundedRect(plate, 4, 4)
        painter.setFont(font)
        painter.setPen(QtGui.QColor(theme.now().window))
        painter.drawText(plate, int(QtCore.Qt.AlignmentFlag.AlignCenter), self._badge)
        return plate.left() - 8

    def changeEvent(self, event: QtCore.QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QtCore.QEvent.Type.FontChange, QtCore.QEvent.Type.StyleChange):
            self._fit()

    # -- dragging -----------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QtGui.QMouseEvent) -> None:
        event.ignore()  # the tile takes the focus
        if event.button() == QtCore.Qt.MouseButton.LeftButton and self.draggable:
            self._pressed = event_pos(event)

    def mouseMoveEvent(self, event: QtGui.QMouseEvent) -> None:
        if self._pressed is None:
            return
        far = (event_pos(event) - self._pressed).manhattanLength() >= QtWidgets.QApplication.startDragDistance()
        if far and not self._dragging:
            self._dragging = True
            self.setCursor(QtCore.Qt.CursorShape.ClosedHandCursor)
        if self._dragging:
            self.dragged.emit(global_pos(event).toPoint())

    def mouseReleaseEvent(self, event: QtGui.QMouseEvent) -> None:
        if self._dragging and event.button() == QtCore.Qt.MouseButton.LeftButton:
            self._dragging = False
            self.setCursor(QtCore.Qt.CursorShape.OpenHandCursor)
            self.dropped.emit(global_pos(event).toPoint())
        self._pressed = None

    def mouseDoubleClickEvent(self, event: QtGui.QMouseEvent) -> None:
        self._pressed = None
        if event.button() == QtCore.Qt.MouseButton.LeftButton:
            self.double_clicked.emit()

    def hideEvent(self, event: QtGui.QHideEvent) -> None:
        super().hideEvent(event)
        self.end_drag()
