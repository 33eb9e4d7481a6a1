"""The few numbers that are read from two metres, painted: no layout is made anew when one of them changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gui.alarms.book import Severity
from gui.alarms.symbols import paint_symbol
from gui.look import theme
from gui.qt import QtCore, QtGui, QtWidgets, event_pos, global_pos
from gui.status.vitals_words import Vital, health_line
from gui.words import tr

_LARGE, _SMALL = 17.0, 10.0
_PAD: Final = 8
_SEVERITIES: Final = {"warn": Severity.WARNING, "alarm": Severity.ALARM}


class VitalsPanel(QtWidgets.QWidget):
    """Cells, two in a row; an odd last one takes the whole width. What is out of limits has a symbol and a color."""

    def __init__(self) -> None:
        super().__init__()
        self.vitals: tuple[Vital, ...] = ()
        self._fonts: tuple[float, QtGui.QFont, QtGui.QFont] | None = None
        self._tones: tuple[str, ...] = ()
        self.setAccessibleName(tr("Health"))
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Fixed)

    def show_vitals(self, vitals: Sequence[Vital]) -> None:
        """A few times a second."""
        told = tuple(vitals)
        if told == self.vitals:
            return
        before, self.vitals = self.vitals, told
        tones = tuple(vital.tone for vital in told)
        if tones != self._tones:  # numbers change all the time: a reader is told when one matters
            self._tones = tones
            self.setAccessibleDescription(health_line(told))
        if len(before) != len(told):
            self.updateGeometry()
            self.update()
            return
        for index, (old, new) in enumerate(zip(before, told, strict=True)):
            if (old.value, old.detail, old.tone) != (new.value, new.detail, new.tone):
                self.update(self.cell(index))

    def health(self) -> str:
        """The health line, as it is now."""
        return health_line(self.vitals)

    def sizeHint(self) -> QtCore.QSize:
        return QtCore.QSize(320, self._rows() * self._cell_height())

    def minimumSizeHint(self) -> QtCore.QSize:
        return QtCore.QSize(240, self.sizeHint().height())

    def cell(self, index: int) -> QtCore.QRect:
        """Where a number stands."""
        height, half = self._cell_height(), self.width() // 2
        row, column = divmod(index, 2)
        is_wide = index == len(self.vitals) - 1 and column == 0
        return QtCore.QRect(column * half, row * height, self.width() if is_wide else half, height)

    def event(self, event: QtCore.QEvent) -> bool:
        if event.type() == QtCore.QEvent.Type.ToolTip:
            place = event_pos(event).toPoint()
            found = [v for i, v in enumerate(self.vitals) if self.cell(i).contains(place)]
            tip = "\n".join(filter(None, (found[0].sentence, found[0].tip))) if found else ""
            QtWidgets.QToolTip.showText(global_pos(event).toPoint(), tip, self)
            return True
        return bool(super().event(event))

    def focusInEvent(self, event: QtGui.QFocusEvent) -> None:
        self.setAccessibleDescription(self.health())
        super().focusInEvent(event)

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        p = QtGui.QPainter(self)
        for index, vital in enumerate(self.vitals):
            cell = self.cell(index)
            if cell.intersects(event.rect()):
                self._paint(p, cell, vital)
        if self.hasFocus():
            p.setPen(QtGui.QColor(theme.now().text))
            p.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        p.end()

    def _paint(self, p: QtGui.QPainter, cell: QtCore.QRect, vital: Vital) -> None:
        now = theme.now()
        large, small = self._both_fonts()
        ink = {"dim": now.dim, "warn": now.warn, "alarm": now.record}.get(vital.tone, now.text)
        left, room = cell.left(), cell.width() - _PAD
        p.setFont(small)
        metrics = p.fontMetrics()
        y = cell.top() + metrics.ascent() + 3
        p.setPen(QtGui.QColor(now.dim))
        p.drawText(left, y, _cut(metrics, vital.name, room))
        p.setFont(large)
        value = p.fontMetrics()
        y += value.ascent() + 2
        severity = _SEVERITIES.get(vital.tone)
        indent = 0
        if severity is not None:
            side = value.ascent()
            paint_symbol(p, QtCore.QRectF(left, y - side + 1, side, side), severity, ink, now.panel)
            indent = side + 6
        p.setPen(QtGui.QColor(ink))
        if value.horizontalAdvance(vital.value) <= room - indent:
            p.drawText(left + indent, y, vital.value)
        else:  # smaller rather than cut
            p.setFont(_fitting(large, vital.value, room - indent))
            p.drawText(left + indent, y, _cut(p.fontMetrics(), vital.value, room - indent))
        p.setFont(small)
        y += value.descent() + metrics.ascent()
        p.setPen(QtGui.QColor(now.dim if severity is None else ink))
        detail, font = fitting_detail(vital, small, room)
        p.setFont(font)
        p.drawText(left, y, _cut(p.fontMetrics(), detail, room))

    def _both_fonts(self) -> tuple[QtGui.QFont, QtGui.QFont]:
        size = theme.points(1.0)
        if self._fonts is None or self._fonts[0] != size:
            large, small = QtGui.QFont(self.font()), QtGui.QFont(self.font())
            large.setPointSizeF(theme.points(_LARGE))
            large.setBold(True)
            small.setPointSizeF(theme.points(_SMALL))
            self._fonts = (size, large, small)
        return self._fonts[1], self._fonts[2]

    def _rows(self) -> int:
        return (len(self.vitals) + 1) // 2

    def _cell_height(self) -> int:
        large, small = self._both_fonts()
        return QtGui.QFontMetrics(large).height() + 2 * QtGui.QFontMetrics(small).height() + 8


def _cut(metrics: QtGui.QFontMetrics, words: str, room: int) -> str:
    if metrics.horizontalAdvance(words) <= room:
        return words
    return metrics.elidedText(words, QtCore.Qt.TextElideMode.ElideRight, max(0, room))


def fitting_detail(vital: Vital, font: QtGui.QFont, room: int) -> tuple[str, QtGui.QFont]:
    """What is said under a number: all, its short words, or those smaller. A number is never cut from its unit."""
    for said in filter(None, (vital.detail, vital.short)):
        if QtGui.QFontMetrics(font).horizontalAdvance(said) <= room:
            return said, font
    said = vital.short or vital.detail
    return said, _fitting(font, said, room)


def _fitting(font: QtGui.QFont, words: str, room: int) -> QtGui.QFont:
    """The largest of a few sizes in which words fit."""
    smaller = QtGui.QFont(font)
    for share in (0.85, 0.7, 0.6):
        smaller.setPointSizeF(font.pointSizeF() * share)
        if QtGui.QFontMetrics(smaller).horizontalAdvance(words) <= room:
            break
    return smaller
