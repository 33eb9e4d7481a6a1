"""The overlay's switches together: off, back again, and remembered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from gui.actions import overlay as rows
from gui.part import Desk
from gui.qt import QtGui, QtWidgets
from gui.settings import Settings
from gui.tiles.overlay_switches import OverlaySwitches
from pipeline.overlay import SWITCHES


class Window:
    """Actions as the table makes them, and a part at its desk."""

    def __init__(self, settings: Settings) -> None:
        self.parent = QtWidgets.QWidget()
        self.calls: list[tuple[str, bool]] = []
        self.actions: dict[str, QtGui.QAction] = {}
        for row in rows.ROWS:
            if row.handler == "set_overlay":
                self._add(row.key, bool(row.checked))
        self._add("overlays", True)
        desk = SimpleNamespace(actions=self.actions, settings=settings)
        self.part = OverlaySwitches(cast(Desk, desk))
        self.actions["overlays"].toggled.connect(lambda on: self.part.set_overlays("overlays", on))
        self.part.ready()

    def _add(self, key: str, checked: bool) -> None:
        action = QtGui.QAction(key, self.parent)
        action.setCheckable(True)
        action.setChecked(checked)
        action.toggled.connect(lambda on, key=key: self.calls.append((key, on)))
        self.actions[key] = action

    def on(self) -> set[str]:
        return {key for key in SWITCHES if self.actions[key].isChecked()}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "window.json")


@pytest.fixture
def window(qtbot: QtBot, settings: Settings) -> Iterator[Window]:
    window = Window(settings)
    yield window
    window.parent.deleteLater()


def test_every_part_of_the_overlay_has_a_switch_with_a_key_of_its_own() -> None:
    found = {row.key: row.shortcuts for row in rows.ROWS if row.handler == "set_overlay"}
    assert set(found) == set(SWITCHES)
    assert len(set(found.values())) == len(SWITCHES)
    kept = {"box": "B", "id": "L", "landmarks": "P", "axes": "A", "eyes": "E", "reasons": "R", "generated": "G"}
    assert {key: found[key] for key in kept} == {key: (shortcut,) for key, shortcut in kept.items()}


def test_everything_off_and_back_again_is_what_was_on(window: Window) -> None:
    window.actions["axes"].toggle()
    before = window.on()
    assert "axes" not in before
    window.actions["overlays"].toggle()
    assert window.on() == set()
    window.actions["overlays"].toggle()
    assert window.on() == before


def test_one_that_is_switched_on_while_all_are_off_comes_alone(window: Window) -> None:
    window.actions["overlays"].toggle()
    window.actions["box"].toggle()
    assert window.on() == {"box"}
    assert window.actions["overlays"].isChecked()
    window.actions["overlays"].toggle()
    assert window.on() == set()


def test_the_next_window_begins_with_what_was_on_even_when_everything_was_off_at_the_end(
    window: Window, settings: Settings, qtbot: QtBot
) -> None:
    window.actions["generated"].toggle()
    window.actions["signals"].toggle()
    expected = window.on()
    window.actions["overlays"].toggle()
    again = Window(settings)
    assert again.on() == expected
    again.parent.deleteLater()


@pytest.mark.parametrize("broken", ["box", 7, ["box"], {"box": "yes", "nonsense": False}, None])
def test_a_broken_setting_means_the_usual_switches(settings: Settings, qtbot: QtBot, broken: object) -> None:
    settings.set("overlay.on", broken)
    window = Window(settings)
    assert window.on() == set(SWITCHES) - {"generated"}
    window.parent.deleteLater()
