"""Across the top of the window: the worst alarm that nobody has acknowledged, and what can be done about it."""

from __future__ import annotations

from typing import Final

from gui.alarms.book import Alarm, AlarmBook, Sense, Severity
from gui.alarms.people import also_words, key_of, together
from gui.alarms.presence import LastSeen, nobody_gone
from gui.alarms.symbols import grounds, paint_symbol
from gui.alarms.words import (
    MUTES_MIN,
    count_words,
    last_seen_words,
    mute_words,
    severity_words,
    title_words,
    when_words,
)
from gui.look import theme
from gui.qt import QtCore, QtGui, QtWidgets, Signal
from gui.words import tr

BLINK_MS: Final = 600
"""Half a period: 0.83 Hz, well under the three flashes a second from which on light is a danger to some."""

_LARGE, _SMALL = 16.0, 10.5


class AlarmBar(QtWidgets.QWidget):
    """Hidden while there is nothing to tell. All that is of one person stands together: the worst large, what adds up
    under it. Color, symbol and words say the same; it blinks slowly while an alarm is
    open, and its words can be read in both halves of the blink."""

    acknowledge = Signal(str)
    """The key of the alarm that the bar shows, or of all of the same person."""
    leads_to = Signal(str)
    mute = Signal(str, float)
    """A sense, and seconds; 0 ends the mute."""
    list_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._line: Alarm | None = None
        self._words = ("", "", "")  # head, text, under it
        self._is_bright = True
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)
        self.seen = self._button(
            tr("Acknowledge"), tr("Say that you have seen this alarm: its sound and blinking end.")
        )
        self.show_moment = self._button(tr("Show"), tr("Go to the picture, or the moment, that this alarm is of."))
        self.mutes = self._button(tr("Mute"), tr("No sound, or no bar, for a stated time."))
        self.all = self._button(tr("All …"), tr("The list of all alarms, and the sound"))
        self.seen.clicked.connect(lambda: self._line is not None and self.acknowledge.emit(key_of(self._line)))
        self.show_moment.clicked.connect(lambda: self._line is not None and self.leads_to.emit(self._line.key))
        self.all.clicked.connect(self.list_wanted)
        self.mutes.setMenu(self._mute_menu())
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(8, 6, 8, 6)
        row.setSpacing(6)
        row.addStretch(1)
        for button in (self.show_moment, self.seen, self.mutes, self.all):
            row.addWidget(button)
        self._timer = QtCore.QTimer(self)
        self._timer.setInterval(BLINK_MS)
        self._timer.timeout.connect(self._turn)
        self.setAccessibleName(tr("Alarms"))
        self.hide()

    def _button(self, words: str, tip: str) -> QtWidgets.QPushButton:
        button = QtWidgets.QPushButton(words)
        button.setToolTip(tip)
        button.setAccessibleName(words)
        button.setAccessibleDescription(tip)
        button.setAutoDefault(False)
        return button

    def _mute_menu(self) -> QtWidgets.QMenu:
        menu = QtWidgets.QMenu(self)
        for minutes in MUTES_MIN:
            action = menu.addAction(tr("Sound off for {n} min", n=minutes))
            action.triggered.connect(lambda _=False, m=minutes: self.mute.emit(Sense.SOUND.value, 60.0 * m))
        menu.addSeparator()
        for minutes in MUTES_MIN:
            action = menu.addAction(tr("Bar off for {n} min", n=minutes))
            action.triggered.connect(lambda _=False, m=minutes: self.mute.emit(Sense.SIGHT.value, 60.0 * m))
        menu.addSeparator()
        menu.addAction(tr("Sound on")).triggered.connect(lambda: self.mute.emit(Sense.SOUND.value, 0.0))
        menu.addAction(tr("Bar on")).triggered.connect(lambda: self.mute.emit(Sense.SIGHT.value, 0.0))
        return menu

    @property
    def line(self) -> Alarm | None:
        """The alarm that it shows large."""
        return self._line

    @property
    def words(self) -> str:
        """All that it says."""
        return "\n".join(filter(None, self._words))

    @property
    def is_blinking(self) -> bool:
        return self._timer.isActive()

    def show_book(self, book: AlarmBook, now_ns: int, last_seen: LastSeen = nobody_gone) -> None:
        """A few times a second.

        Args:
            last_seen: when a person who is gone was seen last, by their group.
        """
        noticed = book.noticed(Sense.SIGHT, now_ns)
        line = self._line = noticed[0] if noticed else None
        muted, counts = mute_words(book, now_ns), count_words(book)
        if line is not None:
            person = next(each for each in together(book.lines) if line in each.lines)
            also = also_words([each for each in person.lines if each is not line])
            gone_ns = last_seen(line.group) if line.group else None
            gone = "" if gone_ns is None else last_seen_words(gone_ns)
            all_of_them = counts if len(book.lines) > 1 else ""
            # What can be long stands last: it is what is cut where there is little room.
            told = " · ".join(filter(None, (when_words(line, now_ns), gone, all_of_them, muted, also)))
            words = (severity_words(line.severity), line.text, told)
        else:
            words = ("", "", " · ".join(filter(None, (counts, muted))))
        is_blinking = line is not None and line.severity is not Severity.NOTICE
        if is_blinking != self._timer.isActive():
            self._is_bright = True
            self._timer.start() if is_blinking else self._timer.stop()
        if words == self._words and self.isHidden() == (not self.words):
            return
        self._words = words
        self.setAccessibleName(title_words(counts))
        for button in (self.seen, self.show_moment):
            button.setVisible(line is not None)
        if line is not None:
            self.show_moment.setVisible(bool(line.moment.stream) or line.moment.position >= 0)
        self.setFixedHeight(self._height())
        self.setAccessibleDescription(". ".join(filter(None, words)))
        self.setToolTip("\n".join(filter(None, words[1:])) if line is not None else "")
        self.setVisible(bool(self.words))
        self.update()

    def stop(self) -> None:
        """No more blinking: the window goes."""
        self._timer.stop()

    def _turn(self) -> None:
        self._is_bright = not self._is_bright
        self.update()

    def _font(self, points: float, bold: bool) -> QtGui.QFont:
        font = QtGui.QFont(self.font())
        font.setPointSizeF(theme.points(points))
        font.setBold(bold)
        return font

    def _height(self) -> int:
        small = QtGui.QFontMetrics(self._font(_SMALL, False)).height()
        buttons = self.all.sizeHint().height() + 8
        if self._line is None:
            return max(small + 12, buttons)
        return max(QtGui.QFontMetrics(self._font(_LARGE, True)).height() + small + 14, buttons)

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        p = QtGui.QPainter(self)
        p.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        severity = None if self._line is None else self._line.severity
        ground, ink = grounds(severity)
        box = QtCore.QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        is_full = self._is_bright and severity is not Severity.NOTICE and severity is not None
        now = theme.now()
        # The frame and the symbol keep the color while the ground rests.
        p.setPen(QtGui.QPen(QtGui.QColor(ground if severity is not None else now.line), 3.0 if severity else 1.0))
        p.setBrush(QtGui.QColor(ground if is_full else now.panel))
        p.drawRoundedRect(box, 7, 7)
        words_ink = ink if is_full else now.text
        left = 14.0
        room = self._right() - left
        if severity is not None:
            side = self.height() - 18.0
            mark = QtCore.QRectF(left, 9, side, side)
            paint_symbol(p, mark, severity, ink if is_full else ground, ground if is_full else now.panel)
            left += side + 12
            room -= side + 12
            self._paint_large(p, left, room, words_ink)
        p.setFont(self._font(_SMALL, False))
        p.setPen(QtGui.QColor(words_ink if severity is not None else now.dim))
        metrics = p.fontMetrics()
        y = self.height() - 8 - metrics.descent() if severity is not None else self.height() / 2 + metrics.ascent() / 2
        cut = metrics.elidedText(self._words[2], QtCore.Qt.TextElideMode.ElideRight, max(0, int(room)))
        p.drawText(QtCore.QPointF(left, y), cut)
        p.end()

    def _paint_large(self, p: QtGui.QPainter, left: float, room: float, ink: str) -> None:
        whole = f"{self._words[0]}   {self._words[1]}"
        for share in (1.0, 0.86, theme.FAR_PT / _LARGE):  # smaller rather than cut, as long as it can be read from afar
            p.setFont(self._font(share * _LARGE, True))
            metrics = p.fontMetrics()
            if metrics.horizontalAdvance(whole) <= room:
                break
        p.setPen(QtGui.QColor(ink))
        cut = metrics.elidedText(whole, QtCore.Qt.TextElideMode.ElideRight, max(0, int(room)))
        p.drawText(QtCore.QPointF(left, 6 + QtGui.QFontMetrics(self._font(_LARGE, True)).ascent()), cut)

    def _right(self) -> float:
        """Where the buttons begin."""
        shown = [b for b in (self.show_moment, self.seen, self.mutes, self.all) if not b.isHidden()]
        return min((b.x() for b in shown), default=self.width()) - 10.0
