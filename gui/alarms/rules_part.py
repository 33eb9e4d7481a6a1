"""Rules in the window: which count, and that what is wrong with them is seen."""

from __future__ import annotations

from typing import Any, Final

from gui.alarms.problem_words import problem_words
from gui.alarms.rules_dialog import RulesDialog
from gui.feed import FeedStatus, Mode, Phase
from gui.part import Desk, Part
from gui.words import tr
from pipeline.live_rules import RulesNow

CHOSEN: Final = "alarms.rules"
"""Of the settings: a ready set, a file, or '' for none; absent until somebody chose."""
BUNDLED: Final = {"night-drive": "in-car", "night-street": "night-watch"}
"""What the bundled sessions are watched for until somebody has chosen."""


class RulesPart(Part):
    """The action ``rules``; begins with what was chosen last."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.dialog: RulesDialog | None = None
        self._begun = False
        self._now = RulesNow()

    def show_rules(self) -> None:
        """Choose them. The picture goes on beside it."""
        if self.dialog is None:
            self.dialog = RulesDialog(self.desk.window, self.use)
        self.dialog.ask(self._now)

    def use(self, source: str) -> None:
        """From now on, and at the next start."""
        self.desk.settings.set(CHOSEN, source)
        self._use(source)

    def show_status(self, status: FeedStatus) -> None:
        if status.mode is not Mode.LIVE:
            return
        now, self._now = self._now, status.rules
        if not self._begun and status.phase is Phase.RUNNING:
            self._begun = True
            self._begin(status)
        if now.problem != self._now.problem:
            problem = problem_words(self._now.problem)
            self.desk.tell("rules", tr("The rules stay as they were: {why}", why=problem) if problem else "")
        idle = self._now.idle_s
        if (idle > 0) != (now.idle_s > 0):
            words = tr("No picture comes: the rules do not know what goes on.")
            self.desk.tell("rules.idle", words if idle > 0 else "")
        if self.dialog is not None and self.dialog.isVisible():
            self.dialog.look(self._now)

    def close(self) -> None:
        if self.dialog is not None:
            self.dialog.shut()

    def _begin(self, status: FeedStatus) -> None:
        """What was chosen last; what the command line named stays."""
        if status.rules.source:
            return
        chosen = self.desk.settings.get(CHOSEN)
        if isinstance(chosen, str):
            if chosen:
                self._use(chosen)
            return
        ready = next((rules for name, rules in BUNDLED.items() if name in status.title), "")
        if ready or status.title == "virtual:":
            self._use(ready or BUNDLED["night-drive"])

    def _use(self, source: str) -> None:
        use: Any = getattr(self.desk.feed, "use_rules", None)
        if use is not None:
            use(source)
