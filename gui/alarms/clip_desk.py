"""What the window does about clips of alarms: where they go, what is wrong with them, and showing one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from gui.alarms.clip_windows import ClipWindows
from gui.alarms.problem_words import problem_words
from gui.alarms.troubles import clips_words, telling_words
from gui.part import Desk
from gui.qt import QtCore, Signal
from gui.words import tr
from gui.work.places import folder_of
from pipeline.live_rules import RulesNow
from recordings.event import Clip


class ClipDesk(QtCore.QObject):
    """For the Qt thread.

    Args:
        desk: what may be asked of the window.
        clip_of: the clip of an alarm by its key in the book.

    Attributes:
        newest_ns: of the newest picture, on its camera's clock.
    """

    _trouble = Signal(str)
    """Why a clip could not be shown, from another thread."""

    def __init__(self, desk: Desk, clip_of: Callable[[str], Clip | None]) -> None:
        super().__init__()
        self.newest_ns = 0
        self.windows = ClipWindows(self._trouble.emit)
        self._desk = desk
        self._clip_of = clip_of
        self._rules = RulesNow()
        self._folder: Path | None = None
        self._is_closed = False
        self._trouble.connect(self._say_trouble)

    def look(self, rules: RulesNow) -> None:
        """A few times a second: what is wrong with telling others, and with clips; and where clips go."""
        was, self._rules = self._rules, rules
        if (was.delivery, was.clips) != (rules.delivery, rules.clips):
            self._desk.tell("alarms.telling", telling_words(rules))
            self._desk.tell("alarms.clips", clips_words(rules))
        folder = folder_of(self._desk.settings) / "alarms"
        suggest: Any = getattr(self._desk.feed, "suggest_clips", None)
        if suggest is not None and folder != self._folder:
            suggest(folder)
            if rules.source:  # there is somebody who has heard it
                self._folder = folder

    def open(self, key: str) -> None:
        """The clip of an alarm of the book, in a window of its own: what is watched goes on."""
        self.show(self._clip_of(key), self._beside())

    def show(self, clip: Clip | None, beside: Path | None = None) -> None:
        """A clip in a window of its own, or why it cannot be shown.

        Args:
            beside: the session that tells the event.
        """
        path = None if clip is None else clip.path(beside)
        if clip is None or path is None:
            why = "" if clip is None else problem_words(clip.problem)
            self._desk.say(why or tr("this alarm has no clip"), True)
        elif clip.end_ns > self.newest_ns >= clip.begin_ns:
            left_s = (clip.end_ns - self.newest_ns) / 1e9
            self._desk.say(tr("the clip is complete in {n:.0f} s", n=left_s + 1))
        elif self.windows.open(path, clip.begin_ns):
            self._desk.say(tr("opens {name} in a window of its own", name=path.name))
        else:
            self._desk.say(tr("close one of the clips that are open first"), True)

    def close(self) -> None:
        """The window goes, and those of clips with it."""
        self._is_closed = True
        self.windows.close()

    def _beside(self) -> Path | None:
        """The session that tells the events of now."""
        status = self._desk.status
        return None if status is None or status.recording is None else status.recording.path

    def _say_trouble(self, words: str) -> None:
        if not self._is_closed:
            self._desk.say(words, True)
