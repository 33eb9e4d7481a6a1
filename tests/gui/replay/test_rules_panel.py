"""The line over the time line says all that is to be known of rules, not only the first of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from gui.qt import QtCore, QtWidgets
from gui.replay.rules_panel import RulesPanel
from gui.replay.rules_run import RulesPhase, RulesSeen

Key = QtCore.Qt.Key
NOTES = (
    "speed_kmh, poor_conditions: no such series lies beside the session; the strictest limits count",
    "the camera's clock goes back 3 times: what goes on ends there, and begins anew",
    "7 of 120 stored observations are damaged and were left out",
)
SEEN = RulesSeen("in-car", phase=RulesPhase.DONE, observations="stored", notes=NOTES)


class Panel:
    """The line in a window of its own."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QtWidgets.QWidget()
        column = QtWidgets.QVBoxLayout(self.window)
        self.panel = RulesPanel()
        column.addWidget(self.panel)
        column.addStretch(1)
        qtbot.addWidget(self.window)
        self.window.resize(1200, 400)
        self.window.show()

    def see(self, seen: RulesSeen) -> None:
        self.panel.show_seen(seen)
        QtWidgets.QApplication.processEvents()

    @property
    def listed(self) -> list[str]:
        notes = self.panel.notes
        return [notes.item(n).text() for n in range(notes.count())] if notes.isVisible() else []


@pytest.fixture
def panel(qtbot: QtBot) -> Panel:
    return Panel(qtbot)


def test_how_many_notes_there_are_is_seen_and_all_are_shown_by_key(panel: Panel, qtbot: QtBot) -> None:
    panel.see(SEEN)
    button = panel.panel.all
    assert button.text() == "4 notes"
    assert panel.panel.detail.text().startswith("vehicle speed, poor conditions: no such series")
    assert panel.listed == []
    assert panel.panel.detail.toolTip().count("\n") == 3
    button.setFocus(QtCore.Qt.FocusReason.TabFocusReason)
    assert button.hasFocus(), "reached by Tab"
    qtbot.keyClick(button, Key.Key_Space)
    assert panel.listed[1:] == [*NOTES[1:], "from what was recorded"]
    qtbot.keyClick(button, Key.Key_Tab)
    panel.panel.notes.setFocus()
    for _ in range(3):
        qtbot.keyClick(panel.panel.notes, Key.Key_Down)
    assert panel.panel.notes.currentItem().text() == "from what was recorded"
    button.click()
    assert panel.listed == []
    assert panel.panel.detail.text().startswith("vehicle speed")
    assert button.hasFocus(), "the focus is not lost with the list"


def test_every_fault_of_a_file_of_rules_is_a_line(panel: Panel) -> None:
    problem = (
        "mine.toml:3:1: the key 'text' is missing\nmine.toml:9:8: there is no signal 'perclose'; did you mean perclos?"
    )
    panel.see(RulesSeen("mine.toml", phase=RulesPhase.FAILED, problem=problem))
    assert panel.panel.all.text() == "2 notes"
    panel.panel.all.click()
    assert panel.listed == problem.split("\n")


def test_one_note_that_fits_has_no_button_and_one_that_is_cut_has(panel: Panel) -> None:
    one = replace(SEEN, notes=())
    panel.see(one)
    assert panel.panel.detail.text() == "from what was recorded"
    assert not panel.panel.all.isVisible()
    panel.see(replace(one, phase=RulesPhase.FAILED, problem="why " * 100))
    assert panel.panel.all.text() == "1 note"
    assert panel.panel.all.isVisible()
    panel.see(replace(one, phase=RulesPhase.RUNNING))
    assert not panel.panel.all.isVisible()


def test_the_line_stays_one_line_and_very_many_notes_scroll(panel: Panel) -> None:
    panel.see(replace(SEEN, notes=()))
    low = panel.panel.height()
    panel.see(replace(SEEN, notes=tuple(f"mine.toml:{n}:1: the number is too long" for n in range(200))))
    assert panel.panel.height() == low
    assert panel.panel.all.text() == "201 notes"
    panel.panel.all.click()
    QtWidgets.QApplication.processEvents()
    assert panel.panel.height() < low + 8 * panel.panel.fontMetrics().height() + 60
    assert panel.panel.notes.verticalScrollBar().maximum() > 0
    assert len(panel.listed) == 201


def test_what_is_shown_stays_so_while_rules_look_again(panel: Panel) -> None:
    panel.see(SEEN)
    panel.panel.all.click()
    panel.panel.notes.setCurrentRow(2)
    panel.see(replace(SEEN, notes=NOTES[:2]))
    assert panel.panel.all.text() == "3 notes"
    assert panel.panel.notes.currentRow() == 2
    panel.see(replace(SEEN, phase=RulesPhase.WAITING, notes=()))
    assert panel.listed == []
