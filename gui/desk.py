"""What the parts of the window may ask of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from gui.feed import Feed, FeedStatus, Mode, Shown
from gui.qt import QtGui, QtWidgets
from gui.settings import Settings
from gui.words import tr

if TYPE_CHECKING:
    from gui.window import Window


class Opener(Protocol):
    """Shows something else in place of a window."""

    def open_session(self, path: Path, instead_of: QtWidgets.QWidget) -> None: ...

    def watch(self, sources: Sequence[str], instead_of: QtWidgets.QWidget) -> None: ...


class WindowDesk:
    """The desk of one window: see :class:`gui.part.Desk`."""

    def __init__(self, window: Window, feed: Feed, mode: Mode, settings: Settings, opener: Opener | None) -> None:
        self._window = window
        self._feed = feed
        self._mode = mode
        self._settings = settings
        self._opener = opener

    @property
    def window(self) -> QtWidgets.QWidget:
        return self._window

    @property
    def mode(self) -> Mode:
        return self._mode

    @property
    def feed(self) -> Feed:
        return self._feed

    @property
    def settings(self) -> Settings:
        return self._settings

    @property
    def actions(self) -> Mapping[str, QtGui.QAction]:
        return self._window.actions_by_key

    @property
    def shown(self) -> Shown | None:
        return self._window.shown

    @property
    def status(self) -> FeedStatus | None:
        return self._window.status

    def say(self, words: str, warn: bool = False) -> None:
        self._window.say(words, warn)

    def tell(self, key: str, words: str) -> None:
        self._window.tell(key, words)

    def open_session(self, path: Path) -> None:
        if self._opener is None:
            self.say(tr("this window shows what it was opened with: nothing else can be opened in it"), True)
        else:
            self._opener.open_session(path, self._window)

    def watch(self, sources: Sequence[str]) -> None:
        if self._opener is None:
            self.say(tr("this window shows what it was opened with: nothing else can be opened in it"), True)
        else:
            self._opener.watch(sources, self._window)
