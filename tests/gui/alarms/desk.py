"""A desk with a feed that a test sets, and a part that measures nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from gui.feed import FeedStatus, Mode, Shown
from gui.qt import QtGui, QtWidgets
from gui.settings import Settings


class StillFeed:
    """Says what a test says, and keeps what it is told."""

    def __init__(self, now: FeedStatus) -> None:
        self.now = now
        self.marks: list[str] = []
        self.sought: list[int] = []

    def start(self) -> None: ...

    def newest(self) -> Shown | None:
        return None

    def status(self) -> FeedStatus:
        return self.now

    def mark(self, note: str = "") -> bool:
        self.marks.append(note)
        return True

    def seek(self, position: int) -> None:
        self.sought.append(position)

    def close(self, deadline_s: float = 5.0) -> bool:
        return True


class StillDesk:
    """What a part asks of a window."""

    def __init__(self, window: QtWidgets.QWidget, feed: StillFeed) -> None:
        self.window = window
        self.feed = feed
        self.settings = Settings()
        self.actions: Mapping[str, QtGui.QAction] = {}
        self.shown: Shown | None = None
        self.said: list[str] = []
        self.told: dict[str, str] = {}

    @property
    def mode(self) -> Mode:
        return self.feed.now.mode

    @property
    def status(self) -> FeedStatus:
        return self.feed.now

    def say(self, words: str, warn: bool = False) -> None:
        self.said.append(words)

    def tell(self, key: str, words: str) -> None:
        self.told[key] = words

    def open_session(self, path: Path) -> None: ...

    def watch(self, sources: Sequence[str]) -> None: ...
