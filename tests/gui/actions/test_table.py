"""The one table of actions."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields

import pytest
from pytestqt.qtbot import QtBot

from gui.actions import table as actions
from gui.feed import Mode
from gui.look.icons import icon
from gui.parts import PARTS
from gui.qt import QtGui
from gui.replay.replay_control import ReplayControl
from gui.tiles.board import Board
from gui.window import Window
from pipeline.overlay import OverlayOptions


@pytest.mark.parametrize("mode", list(Mode))
def test_no_two_actions_share_a_shortcut_and_every_key_is_one_that_qt_knows(mode: Mode, qtbot: QtBot) -> None:
    keys = [QtGui.QKeySequence(s).toString() for a in actions.in_mode(mode) for s in a.shortcuts]
    assert all(keys)
    assert not [key for key, count in Counter(keys).items() if count > 1]


def test_every_action_has_a_name_of_its_own_a_handler_a_tip_and_an_icon(qtbot: QtBot) -> None:
    assert len({a.key for a in actions.ACTIONS}) == len(actions.ACTIONS)
    for action in actions.ACTIONS:
        kinds = (Window, Board, ReplayControl, *PARTS)
        owners = [owner for owner in kinds if hasattr(owner, action.handler)]
        assert owners, action.key
        assert callable(getattr(owners[0], action.handler))
        assert action.tip.endswith(".")
        assert action.menu in actions.MENUS
        assert not icon(action.icon).isNull()


def test_every_overlay_switch_has_an_action_but_the_word_generated_has_none() -> None:
    switches = {a.key: a.checked for a in actions.ACTIONS if a.handler == "set_overlay"}
    options = {f.name: getattr(OverlayOptions(), f.name) for f in fields(OverlayOptions)}
    for key, checked in switches.items():
        assert options[key] is checked


@pytest.mark.parametrize("mode", list(Mode))
def test_the_help_page_tells_every_action_of_the_mode_and_no_other(mode: Mode) -> None:
    page = actions.help_html(mode)
    for action in actions.ACTIONS:
        assert (action.tip in page) == (mode in action.modes)
