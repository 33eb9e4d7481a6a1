"""What an operator does to see what was recorded beside what is computed now."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gui.actions.keys import sentence
from gui.feed import ReplayStatus, Shown
from gui.part import Desk
from gui.replay.differences import Verdict
from gui.replay.marks import Marks
from gui.replay.study import Study
from gui.replay.timeline_bar import clock
from gui.replay.transport import TransportBar
from gui.words import mark, tr


class CompareControl:
    """Between the switch, the panel, the time line and the player.

    Args:
        compare: switches the player.
        go: goes to a position.
    """

    def __init__(
        self, desk: Desk, bar: TransportBar, compare: Callable[[bool], None], go: Callable[[int], None]
    ) -> None:
        self._desk = desk
        self._bar = bar
        self._compare = compare
        self._go = go
        self._study: Study | None = None
        self._marks: Marks | None = None
        self._wanted = False
        self._seen = -1

    @property
    def is_on(self) -> bool:
        """Both are shown."""
        return self._wanted and self._study is not None and self._study.can_compare

    def open(self, study: Study, marks: Marks) -> None:
        """Of the session that is shown now."""
        self._study, self._marks = study, marks

    def set(self, on: bool) -> None:
        """Compare, or no longer."""
        if on and self._study is None:
            self._refuse(tr("the recording is not open yet"))
        elif on and self._study is not None and not self._study.has_stored:
            self._refuse(tr("nothing to compare: this recording stores no observations"))
        else:
            self._wanted = on
            self._bar.compare.setVisible(on)
            self._seen = -1
            self._compare(self.is_on)
            if not on:
                self._bar.slider.show_differences(np.zeros(0, np.int64), np.zeros(0, np.int64))

    def show(self, status: ReplayStatus, shown: Shown | None) -> None:
        """What was found since; with every picture and a few times a second."""
        study = self._study
        if not self._wanted or study is None:
            return
        if not study.recorded.is_read:
            words = tr("reading what was recorded: {percent} %", percent=f"{100 * study.recorded.share:.0f}")
            self._bar.compare.verdict.setText(words)
            return
        if study.recorded.is_empty:
            self._refuse(tr("nothing to compare: what was recorded cannot be read"))
            return
        self._compare(True)
        if shown is not None:
            self._bar.compare.show_difference(study.difference(shown.position))
            self._bar.compare.show_provenance(study.reasons, shown.chain_start)

    def show_summary(self, status: ReplayStatus) -> None:
        """A few times a second."""
        study = self._study
        if not self.is_on or study is None or study.differences.version == self._seen:
            return
        found = study.differences
        self._seen = found.version
        count = status.count if status.part is None else status.part[1] - status.part[0] + 1
        share = study.recorded.share
        is_part = status.part is not None
        self._bar.compare.show_summary(found.summary(status.part), found.largest(status.part), count, is_part, share)
        beyond = np.flatnonzero(found.verdicts == Verdict.BEYOND)
        self._bar.slider.show_differences(beyond, np.flatnonzero(found.verdicts == Verdict.ELSEWHERE))

    def next(self, position: int) -> None:
        self._to(position, None if self._study is None else self._study.differences.next(position), tr("after"))

    def previous(self, position: int) -> None:
        self._to(position, None if self._study is None else self._study.differences.previous(position), tr("before"))

    def _to(self, position: int, found: int | None, where: str) -> None:
        if not self.is_on or self._study is None or self._marks is None:
            first = mark("compare first ({keys}): differences are found while it plays")
            plain = mark("compare first: differences are found while it plays")
            self._desk.say(sentence(self._desk.actions.get("compare"), first, plain), True)
        elif found is None:
            counts = self._study.differences.summary()
            words = tr(
                "no difference {where} this frame among the {n} of {count} frames that were compared",
                where=where,
                n=counts.compared,
                count=len(self._marks),
            )
            self._desk.say(words, True)
        else:
            self._go(found)
            self._desk.say(tr("difference at {time}", time=clock(self._marks.time_ns(found))))

    def _refuse(self, words: str) -> None:
        self._wanted = False
        self._bar.compare.hide()
        self._desk.say(words, True)
        action = self._desk.actions.get("compare")
        if action is not None and action.isChecked():
            action.setChecked(False)
