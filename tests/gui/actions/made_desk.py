"""A desk without a window behind it: actions, settings, and what was said."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gui.actions import table
from gui.actions.habits_part import HabitsPart
from gui.feed import Mode
from gui.qt import QtGui, QtWidgets
from gui.settings import Settings


class Anything:
    """Has every method that a row names, and remembers which were called."""

    def __init__(self) -> None:
        self.called: list[str] = []

    def __getattr__(self, name: str):  # type: ignore[no-untyped-def]  # a stand-in for all handlers
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *args: self.called.append(name)


class MadeDesk:
    """As :class:`gui.part.Desk` asks for it."""

    feed = shown = status = None

    def __init__(self, mode: Mode = Mode.REPLAY, settings: Settings | None = None) -> None:
        self.mode = mode
        self.settings = settings or Settings()
        self.window = QtWidgets.QMainWindow()
        self.window.resize(1000, 760)
        self.actions: dict[str, QtGui.QAction] = {}
        self.said: list[str] = []
        self.told: dict[str, str] = {}
        self.others = Anything()
        self.part = HabitsPart(self)
        self.actions.update(table.make(self.window, mode, [self.part, self.others], self.settings))
        self.window.actions_by_key = self.actions
        self.part.ready()

    def say(self, words: str, warn: bool = False) -> None:
        self.said.append(words)

    def tell(self, key: str, words: str) -> None:
        self.told[key] = words

    def open_session(self, path: Path) -> None: ...

    def watch(self, sources: Sequence[str]) -> None: ...
