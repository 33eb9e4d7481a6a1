"""A desk of its own for a part: a bare window, and what was asked of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gui.feed import FeedStatus, Mode, Phase, RecordingStatus, ReplayStatus, Shown
from gui.qt import QtGui, QtWidgets
from gui.settings import Settings


class Feed:
    """Has a path and a status."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.cancelled = 0

    def cancel_build(self) -> bool:
        self.cancelled += 1
        return True


class PartDesk:
    """Remembers what a part asked of the window."""

    def __init__(self, mode: Mode = Mode.REPLAY, path: Path | None = None) -> None:
        self.window = QtWidgets.QMainWindow()
        center = QtWidgets.QWidget()
        QtWidgets.QVBoxLayout(center).addWidget(QtWidgets.QLabel("pictures"))
        self.window.setCentralWidget(center)
        self.window.resize(1000, 700)
        self.mode = mode
        self.feed: Any = Feed(path)
        self.settings = Settings()
        self.actions: dict[str, QtGui.QAction] = {}
        self.shown: Shown | None = None
        self.status: FeedStatus | None = FeedStatus(mode, "x", Phase.RUNNING, replay=ReplayStatus())
        self.said: list[tuple[str, bool]] = []
        self.told: dict[str, str] = {}
        self.opened: list[Path] = []
        self.watched: list[list[str]] = []

    def say(self, words: str, warn: bool = False) -> None:
        self.said.append((words, warn))

    def tell(self, key: str, words: str) -> None:
        self.told[key] = words

    def open_session(self, path: Path) -> None:
        self.opened.append(path)

    def watch(self, sources: Sequence[str]) -> None:
        self.watched.append(list(sources))

    def record(self) -> None:
        """A recording runs."""
        self.status = FeedStatus(
            self.mode, "x", Phase.RUNNING, recording=RecordingStatus(Path("night.mcap"), frames=10)
        )
