"""A line over the time line: which rules look at the recording, how far they are, what they find; and their dialog."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from gui.alarms.rules_dialog import RulesDialog
from gui.look import theme
from gui.look.buttons import plain_button
from gui.qt import QtCore, QtGui, QtWidgets, Signal
from gui.replay.rules_run import RulesPhase, RulesSeen
from gui.replay.rules_words import detail_lines, state_words
from gui.status.quiet_label import QuietLabel
from gui.words import tr
from pipeline.live_rules import RulesNow

_LEAST_STATE, _LEAST_DETAIL = 200, 80
"""px, however narrow the window is."""
_MOST_LINES: Final = 5
"""Notes that are in sight at once; more are scrolled to."""


class RulesPanel(QtWidgets.QFrame):
    """Hidden while no rules were asked for. Of what is to be known one line stands there; a button says how many there
    are, and shows them all."""

    signals = Signal()
    """Somebody wants to see the signals that the rules ask for."""
    gone = Signal()
    """Somebody wants no rules any more."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Rules over this recording"))
        self._lines: list[str] = []
        self.state = _OneLine(_LEAST_STATE)
        theme.sized(self.state, theme.BASE_PT + 1, bold=True)
        self.detail = _OneLine(_LEAST_DETAIL)
        self.all = plain_button(
            tr("{n} notes", n=0), tr("Show all that is to be known of these rules, or only the first of it.")
        )
        self.all.setCheckable(True)
        self.all.toggled.connect(self._show_all)
        self.notes = QtWidgets.QListWidget()
        self.notes.setAccessibleName(tr("What to know of it"))
        self.notes.setWordWrap(True)
        self.notes.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.notes.hide()
        self.show_signals = plain_button(
            tr("Show their signals"),
            tr("Show the signals that these rules ask for over the time line, with their limits."),
        )
        self.show_signals.clicked.connect(self.signals)
        self.close_button = plain_button(tr("No rules"), tr("Take the events of these rules off the time line."))
        self.close_button.clicked.connect(self.gone)
        row = QtWidgets.QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.state)
        row.addWidget(self.detail, 1)
        for button in (self.all, self.show_signals, self.close_button):
            row.addWidget(button)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.addLayout(row)
        column.addWidget(self.notes)
        theme.changes.changed.connect(self._fit)
        self.hide()

    def show_seen(self, seen: RulesSeen) -> None:
        """A few times a second; what has not changed is left alone."""
        self.setVisible(seen.phase is not RulesPhase.NONE)
        if (words := state_words(seen)) != self.state.text():
            self.state.setText(words)
            self.state.setToolTip(words)
        lines = detail_lines(seen)
        if lines != self._lines:
            self._lines = lines
            self._fill()
        theme.set_tone(self.detail, "warn" if seen.problem or seen.notes else "dim")

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fill(self) -> None:
        lines, count = self._lines, len(self._lines)
        self.detail.setToolTip("\n".join(lines))
        words = tr("1 note") if count == 1 else tr("{n} notes", n=count)
        self.all.setText(words)
        self.all.setAccessibleName(words)
        self.all.setAccessibleDescription("\n".join(lines))
        chosen = self.notes.currentRow()
        self.notes.clear()
        self.notes.addItems(lines)
        if lines:
            self.notes.setCurrentRow(min(max(chosen, 0), count - 1))
        self._fit()

    def _show_all(self, on: bool) -> None:
        if not on and self.notes.hasFocus():
            self.all.setFocus()
        self._fit()

    def _fit(self) -> None:
        """The button is there where something is out of sight, the list where it was asked for."""
        shows_all = self.all.isChecked() and bool(self._lines)
        first = self._lines[0] if self._lines else ""
        is_cut = self.detail.fontMetrics().horizontalAdvance(first) > self.detail.width()
        self.detail.setText("" if shows_all else first)
        self.all.setVisible(shows_all or len(self._lines) > 1 or is_cut)
        self.notes.setVisible(shows_all)
        if shows_all:
            self.notes.doItemsLayout()
            rows = range(min(len(self._lines), _MOST_LINES))
            self.notes.setFixedHeight(sum(self.notes.sizeHintForRow(row) for row in rows) + 6)


class _OneLine(QuietLabel):
    """Cut where there is no room: it makes nothing else higher, and the window no wider."""

    def __init__(self, least: int) -> None:
        self._least = least
        super().__init__()
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Preferred, QtWidgets.QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QtCore.QSize:
        return QtCore.QSize(self._least, self.sizeHint().height())


class ReplayRulesDialog(RulesDialog):
    """The dialog of a live picture, for a recording: rules look at all of it.

    Args:
        use: called with a ready set, a file, or '' for none, and whether to compute anew.
    """

    def __init__(self, parent: QtWidgets.QWidget, use: Callable[[str, bool], None]) -> None:
        super().__init__(parent, lambda source: use(source, self.anew.isChecked()))
        self.setWindowTitle(tr("Rules over this recording"))
        self.apply.setToolTip(tr("Let these rules look at the whole recording; it is not changed."))
        self.anew = QtWidgets.QCheckBox(tr("Compute the signals anew"))
        self.anew.setToolTip(
            tr("With the models and settings of now, also where the recording stores what was computed then.")
        )
        column = self.layout()
        assert isinstance(column, QtWidgets.QVBoxLayout)
        column.insertWidget(column.indexOf(self.state), self.anew)

    def ask_about(self, seen: RulesSeen, last: str, stores: bool) -> None:
        """Open it with what was chosen.

        Args:
            last: what was chosen in another recording; offered where none looks at this one.
            stores: whether the recording stores observations; where it does not, they are computed in any case.
        """
        self.anew.setEnabled(stores)
        self.anew.setChecked(self.anew.isChecked() or not stores)
        self.ask(RulesNow(source=seen.source or last))
        self.look_at(seen)

    def look(self, now: RulesNow) -> None:
        """What a live run says is not of this recording."""

    def look_at(self, seen: RulesSeen) -> None:
        """A few times a second: what became of it."""
        words = "\n".join([state_words(seen), *detail_lines(seen)])
        if self.state.text() != words:
            self.state.setText(words)
            theme.set_tone(self.state, "warn" if seen.problem else "dim")
