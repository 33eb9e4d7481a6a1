"""A line over the time line: which rules look at the recording, how far they are, what they find; and their dialog."""

from __future__ import annotations

from collections.abc import Callable

from gui.alarms.rules_dialog import RulesDialog
from gui.look import theme
from gui.look.buttons import plain_button
from gui.qt import QtWidgets, Signal
from gui.replay.rules_run import RulesPhase, RulesSeen
from gui.replay.rules_words import detail_lines, state_words
from gui.words import tr
from pipeline.live_rules import RulesNow


class RulesPanel(QtWidgets.QFrame):
    """Hidden while no rules were asked for."""

    signals = Signal()
    """Somebody wants to see the signals that the rules ask for."""
    gone = Signal()
    """Somebody wants no rules any more."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Rules over this recording"))
        self.state = QtWidgets.QLabel()
        self.state.setAccessibleName(tr("What the rules find"))
        theme.sized(self.state, theme.BASE_PT + 1, bold=True)
        self.detail = QtWidgets.QLabel()
        self.detail.setAccessibleName(tr("What to know of it"))
        self.detail.setWordWrap(True)
        self.show_signals = plain_button(
            tr("Show their signals"),
            tr("Show the signals that these rules ask for over the time line, with their limits."),
        )
        self.show_signals.clicked.connect(self.signals)
        self.close_button = plain_button(tr("No rules"), tr("Take the events of these rules off the time line."))
        self.close_button.clicked.connect(self.gone)
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 4)
        row.setSpacing(12)
        row.addWidget(self.state)
        row.addWidget(self.detail, 1)
        row.addWidget(self.show_signals)
        row.addWidget(self.close_button)
        self.hide()

    def show_seen(self, seen: RulesSeen) -> None:
        """A few times a second; what has not changed is left alone."""
        self.setVisible(seen.phase is not RulesPhase.NONE)
        lines = detail_lines(seen)
        words = lines[0] if lines else ""
        more = len(lines) - 1
        if more > 0:
            words = tr("{first} (and {n} more)", first=words.partition("\n")[0], n=more)
        for label, text in ((self.state, state_words(seen)), (self.detail, words)):
            if label.text() != text:
                label.setText(text)
        tip = "\n".join(lines)
        if self.detail.toolTip() != tip:
            self.detail.setToolTip(tip)
        theme.set_tone(self.detail, "warn" if seen.problem or seen.notes else "dim")


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
