"""Keys of the operator's own."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from gui.actions import keys, table
from gui.actions.row import LIVE, REPLAY, Action
from gui.feed import Mode
from gui.settings import Settings
from tests.gui.actions.made_desk import MadeDesk

ROWS = (
    Action("one", "One", "Do one.", "help", "View", "one", ("A", "Ctrl+1")),
    Action("two", "Two", "Do two.", "help", "View", "two", ("B",)),
    Action("live", "Live", "Do it live.", "help", "View", "live", ("C",), modes=LIVE),
    Action("past", "Past", "Do it later.", "help", "View", "past", ("C",), modes=REPLAY),
)


def test_without_settings_the_tables_keys_hold() -> None:
    assert keys.assigned(ROWS[:3], None) == {"one": ("A", "Ctrl+1"), "two": ("B",), "live": ("C",)}


def test_what_the_operator_gave_holds_and_is_taken_from_who_had_it() -> None:
    settings = Settings()
    keys.give(ROWS[0], ["B"], settings)
    assert keys.assigned(ROWS[:2], settings) == {"one": ("B",), "two": ()}
    keys.reset(ROWS, settings)
    assert keys.assigned(ROWS[:2], settings) == {"one": ("A", "Ctrl+1"), "two": ("B",)}


def test_the_usual_keys_are_not_written_down() -> None:
    settings = Settings()
    keys.give(ROWS[1], ["B"], settings)
    assert settings.get("keys.two") is None


def test_a_clash_is_one_in_a_mode_that_both_have() -> None:
    assert keys.clashes("b", ROWS[0], ROWS, None) is ROWS[1]
    assert keys.clashes("C", ROWS[2], ROWS, None) is None
    assert keys.clashes("C", ROWS[0], ROWS, None) in ROWS[2:]
    assert keys.clashes("F7", ROWS[0], ROWS, None) is None


@pytest.mark.parametrize("wanted", [["Ctrl+"], ["no such key"], [""], ["A", "B", "C", "D", "E"]])
def test_keys_that_are_none_are_refused(wanted: list[str]) -> None:
    with pytest.raises(ValueError, match="Qt knows"):
        keys.give(ROWS[0], wanted, Settings())


@pytest.mark.parametrize("broken", [1, "A", {"a": 1}, ["Ctrl+"], [3], ["A", "A"], ["F1", "F2", "F3", "F4", "F5"], None])
def test_broken_values_mean_the_tables_keys(broken: Any) -> None:
    settings = Settings()
    settings.set("keys.one", broken)
    assert keys.assigned(ROWS[:2], settings)["one"] == ("A", "Ctrl+1")


@given(st.dictionaries(st.sampled_from(["one", "two"]), st.lists(st.sampled_from(["A", "B", "F5", "Ctrl+X", "?"]))))
def test_no_two_actions_ever_share_a_key(given_keys: dict[str, list[str]]) -> None:
    settings = Settings()
    for name, value in given_keys.items():
        settings.set(f"keys.{name}", value)
    assigned = keys.assigned(ROWS[:3], settings)
    everything = [k for has in assigned.values() for k in has]
    assert len(set(everything)) == len(everything)


@pytest.mark.parametrize("key", ["+", "Ctrl++", ",", "Ctrl+,", "-", "Ctrl+Shift+P", "F11", "Space", "["])
def test_keys_that_are_signs_of_their_own_are_keys(key: str) -> None:
    assert keys.normal(key) == key


@pytest.mark.parametrize("mode", list(Mode))
def test_the_tables_own_rows_share_no_keys_so_that_none_is_lost(mode: Mode) -> None:
    rows = table.in_mode(mode)
    assigned = keys.assigned(rows, None)
    assert {r.key: len(assigned[r.key]) for r in rows} == {r.key: len(r.shortcuts) for r in rows}


def test_the_window_takes_the_operators_keys_and_its_tooltips_tell_them(qtbot: QtBot) -> None:
    settings = Settings()
    help_row = next(a for a in table.ACTIONS if a.key == "help")
    keys.give(help_row, ["F7"], settings)
    desk = MadeDesk(settings=settings)
    qtbot.addWidget(desk.window)
    action = desk.actions["help"]
    assert [s.toString() for s in action.shortcuts()] == ["F7"]
    assert action.toolTip().endswith("(F7)")
    keys.reset([help_row], settings)
    keys.apply(desk.actions, table.ACTIONS, desk.mode, settings)
    assert action.toolTip().endswith("(F1)")
