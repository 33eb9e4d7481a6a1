"""What the colours of a picture mean: a ramp with values on it, whose range can be dragged, typed, wheeled and
locked."""

from __future__ import annotations

import math

import numpy as np

from drivers.frame import StreamInfo, StreamKind
from gui.look import theme
from gui.looks.bar_scale import BarScale, bar_colors, dragged
from gui.looks.look import Look
from gui.looks.scale import CELSIUS, METRES, Scale, scale_of, shown_unit, shown_value, stored_value, words
from gui.looks.tables import hatch, nearest_count
from gui.qt import QtCore, QtGui, QtWidgets, Signal, event_pos
from gui.tiles.end_edit import EndEdit
from gui.tiles.padlock import paint_padlock
from gui.words import tr
from pipeline.colormap import CountRange

_RAMP = 14  # px of height
_GRIP = 14  # px on each side of an end within which the mouse takes it
_HOLE = 22  # px of width: the patch that says how "no reading" looks
_NOTCH = 0.06  # of the span, for a notch of the wheel or a key
_CLOSER = 0.85
_LEAST_FOR_HOLE = 150  # px of the whole bar: below it, the patch would take the room of the numbers
_BETWEEN = 8  # px, at least, from one number to the next
_SMALLER = (1.0, 0.85, 0.7)  # of the font's size: smaller ones cannot be read


class ColorBar(QtWidgets.QWidget):
    """Shows a scale, and asks for another one where somebody works on it.

    The ends are dragged, what lies between them moves both (the level); the wheel moves the level, with Ctrl the span;
    a double click types an end. Keys: up and down for the level, left and right for the span, Enter types, Delete
    lets the range follow the picture again.
    """

    range_asked = Signal(float, float)
    """A locked range of these values, in the stream's own unit (m, degrees Celsius, counts)."""

    lock_asked = Signal(bool)
    """Locked as it is, or following the picture."""

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self._bar = BarScale(0.0, 1.0)
        self._scale = Scale()
        self._temperatures = CELSIUS
        self._is_locked = False
        self._has_holes = False
        self._told: tuple[object, ...] = ()
        self._ramp = QtGui.QImage()
        self._hatch = QtGui.QImage()
        self._grip = ""
        self._hover = ""
        self._start = (0.0, self._bar)
        self._edit: EndEdit | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Color scale"))
        self._tip = tr(
            "What the colors mean. Drag an end, or between them to move both; wheel: level, Ctrl+wheel: span; "
            "double click: type an end; the padlock locks the range or lets it follow the picture."
        )
        self.setToolTip(self._tip)
        self._fit_height()
        theme.changes.changed.connect(self._fit_height)

    # -- what it shows ------------------------------------------------------------------------------------------

    def show_look(
        self,
        info: StreamInfo,
        counts: CountRange,
        look: Look,
        scale: Scale | None = None,
        temperatures: str = CELSIUS,
    ) -> None:
        """Show what the colours of a stream mean; costs next to nothing where that is as it was.

        Args:
            counts: of the first and the last colour.
            scale: what its counts mean; None takes that of the stream.
            temperatures: the unit in which temperatures are written.
        """
        scale = scale or scale_of(info)
        told = (info.kind, counts, look.palette, look.isotherm, look.locked, look.red, scale, temperatures)
        if told == self._told:
            return
        self._told = told
        is_depth = info.kind is StreamKind.DEPTH
        low, high = scale.range_of(counts)
        if is_depth:
            low = scale.value(nearest_count(counts.low, counts.high))
        was = self._words_of_ends()
        self._bar = BarScale(low, high, is_depth)
        self._scale, self._temperatures = scale, temperatures
        self._is_locked = look.locked is not None and look.holds_in(scale.unit)
        self._has_holes = is_depth
        self._ramp = _image(bar_colors(self._bar, info.kind, look, scale.unit))
        self._hatch = _image(hatch(_RAMP, _HOLE, look.red))
        if self._words_of_ends() != was:
            ends = " – ".join(self._words_of_ends())
            self.setAccessibleDescription(ends)
            self.setToolTip(f"{ends}\n{self._tip}")
        self.update()

    @property
    def ends(self) -> tuple[float, float]:
        """Values of the first and the last colour, in the stream's own unit."""
        return self._bar.low, self._bar.high

    @property
    def is_locked(self) -> bool:
        return self._is_locked

    @property
    def end_words(self) -> tuple[str, str]:
        """What is written at the ends."""
        return self._words_of_ends()

    def _words_of_ends(self) -> tuple[str, str]:
        unit, temperatures = self._scale.unit, self._temperatures
        return words(self._bar.low, unit, temperatures, False), words(self._bar.high, unit, temperatures)

    # -- painting -----------------------------------------------------------------------------------------------

    def _fit_height(self) -> None:
        font = self.font()
        font.setPointSizeF(theme.points(theme.BASE_PT))
        font.setBold(True)
        self.setFont(font)
        self.setFixedHeight(_RAMP + 8 + math.ceil(QtGui.QFontMetricsF(font).height()))

    def _lock_rect(self) -> QtCore.QRectF:
        return QtCore.QRectF(0, 1, 22, 22)

    def _ramp_rect(self) -> QtCore.QRectF:
        left = 28.0 + (_HOLE + 8 if self._shows_hole() else 0)
        return QtCore.QRectF(left, 3, max(self.width() - left - 6, 10.0), _RAMP)

    def _shows_hole(self) -> bool:
        return self._has_holes and self.width() >= _LEAST_FOR_HOLE

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QtGui.QPainter.RenderHint.SmoothPixmapTransform)
        now = theme.now()
        ramp = self._ramp_rect()
        self._paint_lock(painter)
        if self._shows_hole():
            hole = QtCore.QRectF(28, 3, _HOLE, _RAMP)
            painter.drawImage(hole, self._hatch)
            painter.setPen(QtGui.QPen(QtGui.QColor(now.line), 1))
            painter.setBrush(QtCore.Qt.BrushStyle.NoBrush)
            painter.drawRect(hole)
        painter.drawImage(ramp, self._ramp)
        self._paint_words(painter, ramp)
        if self._is_locked or self._hover or self.hasFocus():
            for grip, x in (("low", ramp.left()), ("high", ramp.right())):
                held = grip in (self._hover, self._grip)
                painter.setPen(QtGui.QPen(QtGui.QColor(now.window), 1))
                painter.setBrush(QtGui.QColor(now.accent if held else now.text))
                painter.drawRoundedRect(QtCore.QRectF(x - 3, ramp.top() - 3, 6, _RAMP + 6), 2, 2)
        if self.hasFocus():
            painter.setPen(QtGui.QPen(QtGui.QColor(now.accent), 1))
            painter.setBrush(QtCore.Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QtCore.QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.end()

    def _paint_words(self, painter: QtGui.QPainter, ramp: QtCore.QRectF) -> None:
        now = theme.now()
        placed = self.placed_words()
        painter.setPen(QtGui.QColor(now.dim))
        for tick in self._ticks(ramp.width()):
            x = ramp.left() + self._bar.place(tick) * ramp.width()
            painter.drawLine(QtCore.QPointF(x, ramp.bottom()), QtCore.QPointF(x, ramp.bottom() + 3))
        for index, (said, rect, font) in enumerate(placed):
            painter.setFont(font)
            painter.setPen(QtGui.QColor(now.text if index < 2 else now.dim))
            painter.drawText(QtCore.QPointF(rect.left(), rect.top() + QtGui.QFontMetricsF(font).ascent()), said)

    def placed_words(self) -> list[tuple[str, QtCore.QRectF, QtGui.QFont]]:
        """What is written, where, and how large: first both ends, then what has room beside them. None stands over
        another: two numbers in one place read as a third one, which is wrong.

        Where the bar is too narrow for both ends even in a small font, nothing is written; the tooltip tells them.
        """
        ramp = self._ramp_rect()
        font, left, right = self._room_for_ends(ramp)
        if font is None:
            return []
        metrics = QtGui.QFontMetricsF(font)
        top, high_px = ramp.bottom() + 3, metrics.height()

        def at(said: str, x: float) -> tuple[str, QtCore.QRectF, QtGui.QFont]:
            return said, QtCore.QRectF(x, top, metrics.horizontalAdvance(said), high_px), font

        low, high = self._words_of_ends()
        placed = [at(low, left), at(high, right - metrics.horizontalAdvance(high))]
        free = [placed[0][1].right() + 10, placed[1][1].left() - 10]
        if self._shows_hole() and ramp.width() > 260:
            # The patch stands over this word; it needs more room than it has.
            said = tr("none")
            wide = metrics.horizontalAdvance(said)
            x = max(28 + _HOLE / 2 - wide / 2, 0.0)
            if x + wide < ramp.left() - 2:
                placed.append(at(said, x))
        for tick in self._ticks(ramp.width()):
            x = ramp.left() + self._bar.place(tick) * ramp.width()
            said = words(tick, self._scale.unit, self._temperatures, False)
            wide = metrics.horizontalAdvance(said)
            if x - wide / 2 > free[0] and x + wide / 2 < free[1]:
                placed.append(at(said, x - wide / 2))
                free[0] = x + wide / 2 + 10
        return placed

    def _room_for_ends(self, ramp: QtCore.QRectF) -> tuple[QtGui.QFont | None, float, float]:
        """The font of the numbers, and from where to where they may stand: under the ramp, or under the whole bar."""
        for share in _SMALLER:
            font = QtGui.QFont(self.font())
            font.setPointSizeF(self.font().pointSizeF() * share)
            metrics = QtGui.QFontMetricsF(font)
            needed = sum(metrics.horizontalAdvance(said) for said in self._words_of_ends()) + _BETWEEN
            for left, right in ((ramp.left(), ramp.right()), (1.0, self.width() - 1.0)):
                if needed <= right - left:
                    return font, left, right
        return None, 0.0, 0.0

    def _ticks(self, width: float) -> list[float]:
        """Round values in the unit that is written, in the stream's own unit."""
        most = int(min(width // 90, 6))
        unit, to = self._scale.unit, self._temperatures
        if self._bar.is_inverse:
            return self._bar.ticks(most)
        shown = BarScale(shown_value(self._bar.low, unit, to), shown_value(self._bar.high, unit, to))
        return [stored_value(t, unit, to) for t in shown.ticks(most)]

    def _paint_lock(self, painter: QtGui.QPainter) -> None:
        now = theme.now()
        color = now.accent if self._is_locked else now.text if self._hover == "lock" else now.dim
        paint_padlock(painter, self._lock_rect(), QtGui.QColor(color), self._is_locked)

    # -- mouse --------------------------------------------------------------------------------------------------

    def _grip_at(self, at: QtCore.QPointF) -> str:
        ramp = self._ramp_rect()
        if self._lock_rect().contains(at):
            return "lock"
        reach = min(_GRIP, ramp.width() / 4)
        if abs(at.x() - ramp.left()) <= reach:
            return "low"
        if abs(at.x() - ramp.right()) <= reach:
            return "high"
        return "level" if ramp.left() < at.x() < ramp.right() else ""

    def _place_of(self, at: QtCore.QPointF) -> float:
        ramp = self._ramp_rect()
        return (at.x() - ramp.left()) / ramp.width()

    def mousePressEvent(self, event: QtGui.QMouseEvent) -> None:
        if event.button() != QtCore.Qt.MouseButton.LeftButton:
            event.ignore()
            return
        at = event_pos(event)
        grip = self._grip_at(at)
        if grip == "lock":
            self.lock_asked.emit(not self._is_locked)
        else:
            self._grip = grip
            self._start = (self._place_of(at), self._bar)
        event.accept()

    def mouseMoveEvent(self, event: QtGui.QMouseEvent) -> None:
        at = event_pos(event)
        if self._grip:
            start, bar = self._start
            self._ask(*dragged(bar, self._grip, start, self._place_of(at)))
            return
        hover = self._grip_at(at)
        if hover != self._hover:
            self._hover = hover
            shapes = QtCore.Qt.CursorShape
            shape = {"low": shapes.SizeHorCursor, "high": shapes.SizeHorCursor, "level": shapes.OpenHandCursor}
            self.setCursor(shape.get(hover, shapes.PointingHandCursor if hover else shapes.ArrowCursor))
            self.update()

    def mouseReleaseEvent(self, event: QtGui.QMouseEvent) -> None:
        self._grip = ""
        self.update()

    def mouseDoubleClickEvent(self, event: QtGui.QMouseEvent) -> None:
        self._grip = ""
        ramp = self._ramp_rect()
        self.type_end("low" if event_pos(event).x() < ramp.center().x() else "high")

    def leaveEvent(self, event: QtCore.QEvent) -> None:
        super().leaveEvent(event)
        if not self._grip:
            self._hover = ""
            self.update()

    def wheelEvent(self, event: QtGui.QWheelEvent) -> None:
        notches = event.angleDelta().y() / 120 or event.angleDelta().x() / 120
        if event.modifiers() & QtCore.Qt.KeyboardModifier.ControlModifier:
            self._stretch(_CLOSER**notches)
        else:
            self._shift(_NOTCH * notches)
        event.accept()

    def _shift(self, share: float) -> None:
        by = share * (self._bar.high - self._bar.low)
        self._ask(self._bar.low + by, self._bar.high + by)

    def _stretch(self, factor: float) -> None:
        middle, half = (self._bar.low + self._bar.high) / 2, (self._bar.high - self._bar.low) / 2 * factor
        self._ask(middle - half, middle + half)

    def _ask(self, low: float, high: float) -> None:
        least = self._scale.smallest_span
        if self._scale.unit == METRES:
            low = max(low, 0.02)
        if math.isfinite(low) and math.isfinite(high):
            self.range_asked.emit(low, max(high, low + least))

    # -- keys ---------------------------------------------------------------------------------------------------

    def event(self, event: QtCore.QEvent) -> bool:
        # These keys move the replay elsewhere in the window; here they move the scale.
        if event.type() == QtCore.QEvent.Type.ShortcutOverride and event.key() in _KEYS:
            event.accept()
            return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:
        names, key = QtCore.Qt.Key, event.key()
        if key in (names.Key_Up, names.Key_Down):
            self._shift(_NOTCH if key == names.Key_Up else -_NOTCH)
        elif key in (names.Key_Left, names.Key_Right):
            self._stretch(_CLOSER if key == names.Key_Left else 1 / _CLOSER)
        elif key in (names.Key_Return, names.Key_Enter):
            self.type_end("low")
        elif key in (names.Key_Delete, names.Key_Backspace):
            self.lock_asked.emit(False)
        else:
            super().keyPressEvent(event)

    # -- typing -------------------------------------------------------------------------------------------------

    def type_end(self, end: str) -> EndEdit:
        """Let somebody type the ``low`` or the ``high`` end, in the unit that is written."""
        if self._edit is not None:
            self._edit.give_up()
        unit, to = self._scale.unit, self._temperatures
        value = self._bar.low if end == "low" else self._bar.high
        words_of = tr("Lowest value, {unit}") if end == "low" else tr("Highest value, {unit}")
        edit = EndEdit(self, words(value, unit, to, False), words_of.format(unit=shown_unit(unit, to)))
        wide = min(96, self.width() // 2)
        edit.setGeometry(28 if end == "low" else self.width() - wide, 0, wide, self.height())
        edit.typed.connect(lambda number, go_on: self._take_typed(end, number, go_on))
        edit.gone.connect(self._typing_ended)
        self._edit = edit
        edit.begin()
        return edit

    def _take_typed(self, end: str, number: float, go_on: bool) -> None:
        edit = self._edit
        value = stored_value(number, self._scale.unit, self._temperatures)
        low, high = (value, self._bar.high) if end == "low" else (self._bar.low, value)
        if edit is None:
            return
        if not (math.isfinite(value) and low < high):
            edit.refuse()
            return
        edit.give_up()
        self._ask(low, high)
        if go_on and end == "low":
            self.type_end("high")

    def _typing_ended(self, by_key: bool) -> None:
        self._edit = None
        if by_key:
            self.setFocus(QtCore.Qt.FocusReason.OtherFocusReason)


def _image(rgb: np.ndarray) -> QtGui.QImage:
    """uint8 (h, w, 3) to an image that owns its pixels."""
    h, w = rgb.shape[:2]
    data = np.ascontiguousarray(rgb)
    return QtGui.QImage(data.data, w, h, 3 * w, QtGui.QImage.Format.Format_RGB888).copy()


_KEYS = frozenset(
    getattr(QtCore.Qt.Key, f"Key_{name}")
    for name in ("Up", "Down", "Left", "Right", "Return", "Enter", "Delete", "Backspace")
)
