"""The operator chooses which rules make alarms, and sees what is wrong with them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pytestqt.qtbot import QtBot

from gui.alarms.rules_dialog import state_words
from gui.alarms.rules_part import CHOSEN, RulesPart
from gui.qt import QtCore
from gui.window import Window
from pipeline.delivery.deliver import DeliveryStatus
from pipeline.live_rules import RulesNow
from tests.gui.work.live_window import live_window, until

KEY, CONTROL, SHIFT = (
    QtCore.Qt.Key,
    QtCore.Qt.KeyboardModifier.ControlModifier,
    QtCore.Qt.KeyboardModifier.ShiftModifier,
)


def rules_now(window: Window) -> RulesNow:
    status = window.status
    return RulesNow() if status is None else status.rules


def test_rules_are_chosen_by_key_and_count_at_once_and_at_the_next_start(
    qtbot: QtBot, session: Path, tmp_path: Path
) -> None:
    with live_window(qtbot, session, tmp_path) as window:
        assert rules_now(window).source == ""
        qtbot.keyClick(window, KEY.Key_U, CONTROL | SHIFT)
        dialog = window.part(RulesPart).dialog
        assert dialog is not None
        assert dialog.choices[""].isChecked()
        dialog.choices["night-watch"].click()
        dialog.apply.click()
        until(qtbot, lambda: rules_now(window).source == "night-watch")
        until(qtbot, lambda: "Night watch" in dialog.state.text())
        assert window.desk.settings.get(CHOSEN) == "night-watch"
        kept = window.desk.settings
    with live_window(qtbot, session, tmp_path, settings=kept) as window:
        until(qtbot, lambda: rules_now(window).source == "night-watch")


def test_a_file_that_is_wrong_is_told_with_its_line_and_the_rules_stay(
    qtbot: QtBot, session: Path, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.toml"
    rule = 'name = "y"\ntext = "y"\nseverity = "notice"\nwhen = { signal = "perklos", above = 0.1 }\n'
    wrong.write_text(f'name = "x"\n[[rule]]\n{rule}')
    with live_window(qtbot, session, tmp_path) as window:
        part = window.part(RulesPart)
        part.show_rules()
        dialog = part.dialog
        assert dialog is not None
        dialog.own.click()
        dialog.apply.click()
        assert "name a file" in dialog.state.text()
        qtbot.keyClicks(dialog.file, str(wrong))
        dialog.apply.click()
        until(qtbot, lambda: "perclos" in dialog.state.text())
        assert "wrong.toml:" in dialog.state.text()
        until(qtbot, lambda: "perclos" in window._told.get("rules", ""))
        assert rules_now(window).source == ""
        dialog.choices["in-car"].click()
        dialog.apply.click()
        until(qtbot, lambda: window._told.get("rules", "") == "")


def test_what_was_told_outside_stands_in_the_dialog() -> None:
    told = DeliveryStatus(delivered=3, failed=1, dropped=2, waiting=4, problem="nobody answers")
    words = state_words(RulesNow("in-car", "in-car", "", "", (), (), told))
    assert "3 alarms" in words
    assert "nobody answers" in words


def test_that_rules_know_nothing_while_no_picture_comes_is_said(qtbot: QtBot, session: Path, tmp_path: Path) -> None:
    with live_window(qtbot, session, tmp_path) as window:
        part, status = window.part(RulesPart), window.status
        assert status is not None
        part.show_status(replace(status, rules=RulesNow("in-car", "in-car", idle_s=4.0)))
        assert "do not know" in window._told["rules.idle"]
        part.show_status(replace(status, rules=RulesNow("in-car", "in-car")))
        assert window._told.get("rules.idle", "") == ""
