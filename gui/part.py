"""How the window is put together: parts with one subject each, and the desk that they work at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from gui.feed import Feed, FeedStatus, Mode, Shown
from gui.qt import QtCore, QtGui, QtWidgets
from gui.settings import Settings


class Desk(Protocol):
    """What a part may ask of the window. Everything on the Qt thread."""

    @property
    def window(self) -> QtWidgets.QWidget:
        """Parent of dialogs."""
        ...

    @property
    def mode(self) -> Mode: ...

    @property
    def feed(self) -> Feed: ...

    @property
    def settings(self) -> Settings: ...

    @property
    def actions(self) -> Mapping[str, QtGui.QAction]:
        """By key; empty until all parts are made."""
        ...

    @property
    def shown(self) -> Shown | None:
        """The result on the screen."""
        ...

    @property
    def status(self) -> FeedStatus | None:
        """As it was told last."""
        ...

    def say(self, words: str, warn: bool = False) -> None:
        """A line in the status bar for some seconds."""
        ...

    def tell(self, key: str, words: str) -> None:
        """A lasting problem in the message bar, by the key of who says it; no words take it away."""
        ...

    def open_session(self, path: Path) -> None:
        """Replay a session in place of what is shown."""
        ...

    def watch(self, sources: Sequence[str]) -> None:
        """Show cameras in place of what is shown."""
        ...


class Part(QtCore.QObject):
    """A piece of the window with one subject. It has the methods that its action rows name."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk

    def ready(self) -> None:
        """All parts and actions are made."""

    def show_result(self, shown: Shown) -> None:
        """A new picture; at most 2 ms."""

    def show_status(self, status: FeedStatus) -> None:
        """A few times a second."""

    def drag_enter(self, event: QtGui.QDragEnterEvent) -> bool:
        """Something is dragged over the window; True when this part could take it."""
        return False

    def drop(self, event: QtGui.QDropEvent) -> bool:
        """Something was dropped on the window; True when this part took it. Returns at once."""
        return False

    def may_close(self) -> bool:
        """Whether the window may close now; a part that would lose work asks the operator."""
        return True

    def close(self) -> None:
        """The window goes; returns at once."""
