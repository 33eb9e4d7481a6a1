"""What an operator does to see what rules make of the recording: choose them, see their events, go through them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from gui.alarms.problem_words import problem_words
from gui.part import Desk
from gui.replay.limits import limits_of, signals_of
from gui.replay.marks import EventMark, Marks
from gui.replay.rules_panel import ReplayRulesDialog
from gui.replay.rules_run import RulesPhase, RulesSeen
from gui.replay.signals_control import SignalsControl
from gui.replay.study import Study
from gui.replay.transport import TransportBar
from gui.words import tr

CHOSEN: Final = "replay.rules"
"""Of the settings: what was chosen last, a ready set or a file. It is offered, and looks at nothing by itself."""


class RulesControl:
    """Between the dialog, the panel, the time line and the rules' thread.

    Args:
        changed: called when the events are others.
    """

    def __init__(self, desk: Desk, bar: TransportBar, signals: SignalsControl, changed: Callable[[], None]) -> None:
        self._desk = desk
        self._bar = bar
        self._signals = signals
        self._changed = changed
        self._study: Study | None = None
        self._seen = RulesSeen()
        self.dialog: ReplayRulesDialog | None = None
        bar.rules.signals.connect(self.show_signals)
        bar.rules.gone.connect(lambda: self.use("", False))

    @property
    def events(self) -> tuple[EventMark, ...]:
        """What rules make of the recording, in the order of time."""
        return self._seen.events

    @property
    def seen(self) -> RulesSeen:
        return self._seen

    def open(self, study: Study) -> None:
        """Of the session that is shown now."""
        self._study = study

    def choose(self) -> None:
        """Open the dialog; the picture goes on beside it."""
        if self._study is None:
            self._desk.say(tr("the recording is not open yet"), True)
            return
        if self.dialog is None:
            self.dialog = ReplayRulesDialog(self._desk.window, self.use)
        last = self._desk.settings.get(CHOSEN)
        self.dialog.ask_about(self._seen, last if isinstance(last, str) else "", self._study.stores_observations)

    def use(self, source: str, again: bool) -> None:
        """Let these rules look at the recording."""
        if self._study is None:
            return
        if source:
            self._desk.settings.set(CHOSEN, source)
        self._study.rules.use(source, again)

    def show(self) -> None:
        """What came since; a few times a second."""
        if self._study is None:
            return
        before, self._seen = self._seen, self._study.rules.seen()
        seen = self._seen
        if self.dialog is not None and self.dialog.isVisible():
            self.dialog.look_at(seen)
        if seen == before:
            return
        self._bar.rules.show_seen(seen)
        if seen.problem != before.problem:
            self._desk.tell("replay.rules", _trouble(seen))
        if seen.rules is not before.rules:
            self._bar.tracks.show_limits(limits_of(seen.rules))
        is_on = seen.phase is not RulesPhase.NONE
        self._bar.show_rules(seen.events if is_on else None, seen.is_old)
        if seen.version != before.version or seen.is_old != before.is_old:
            self._changed()

    def show_signals(self) -> None:
        """Rows for the signals that the rules ask for."""
        self._signals.show_these(signals_of(self._seen.rules))

    def next(self, marks: Marks, position: int) -> int | None:
        """Where the next event after a position begins, recorded or now."""
        found = [marks.next_event(position), *(p for p in _begins(self.events) if p > position)]
        return min((p for p in found if p is not None), default=None)

    def previous(self, marks: Marks, position: int) -> int | None:
        """Where the last event before a position begins, recorded or now."""
        found = [marks.previous_event(position), *(p for p in _begins(self.events) if p < position)]
        return max((p for p in found if p is not None), default=None)

    def close(self) -> None:
        """The window goes; the rules' thread ends with the replay's."""
        if self.dialog is not None:
            self.dialog.shut()


def _begins(events: Sequence[EventMark]) -> list[int]:
    return [e.position for e in events if e.position is not None]


def _trouble(seen: RulesSeen) -> str:
    if not seen.problem:
        return ""
    why = problem_words(seen.problem)
    if seen.phase is RulesPhase.FAILED:
        return tr("The rules could not look at the recording: {why}", why=why)
    return tr("The rules stay as they were: {why}", why=why)
