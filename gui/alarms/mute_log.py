"""Mutes of the sound and of the bar as events of the session: who, since when, until when, and how each ended.
No Qt here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from gui.alarms.book import AlarmBook, Sense
from gui.alarms.words import mute_over_note, muted_note, unmuted_note
from recordings.event import Event

NAMES: Final = {Sense.SOUND: "sound muted", Sense.SIGHT: "bar muted"}
"""Of the events."""


class MuteLog:
    """Tells the feed of mutes, once each when they begin and once when they end.

    Args:
        feed_of: the feed of now; one that has no events of its own is told in words by ``write``.
        write: writes a note into what is recorded.
    """

    def __init__(self, feed_of: Callable[[], Any], write: Callable[[str], None]) -> None:
        self._feed_of = feed_of
        self._write = write
        self._open: dict[Sense, Event] = {}
        self._recording: Path | None = None

    def begun(self, sense: Sense, seconds: float, who: str) -> str:
        """Somebody mutes; gives what is said of it."""
        note = muted_note(sense, seconds, who)
        self._end(sense, note)
        mute = getattr(self._feed_of(), "mute_began", None)
        if mute is None:
            self._write(note)
            return note
        event = mute(NAMES[sense], note, who, seconds)
        if event is not None:
            self._open[sense] = event
        return note

    def ended(self, sense: Sense, who: str) -> str:
        """Somebody ends a mute before its time; gives what is said of it."""
        note = unmuted_note(sense, who)
        if not self._end(sense, note) and getattr(self._feed_of(), "mute_began", None) is None:
            self._write(note)
        return note

    def look(self, book: AlarmBook, now_ns: int, recording: Path | None) -> None:
        """A few times a second: mutes whose time is over, and a recording that begins while something is muted.

        Args:
            recording: the one that is on now; None where none is.
        """
        for sense in list(self._open):
            if not book.muted_s(sense, now_ns):
                self._end(sense, mute_over_note(sense))
        if recording is not None and recording != self._recording:
            again = getattr(self._feed_of(), "mute_again", None)
            for event in self._open.values():
                if again is not None:
                    again(event)
        self._recording = recording

    def close(self) -> None:
        """The window goes, and its mutes with it."""
        for sense in list(self._open):
            self._end(sense, mute_over_note(sense))

    def _end(self, sense: Sense, note: str) -> bool:
        event = self._open.pop(sense, None)
        end = getattr(self._feed_of(), "mute_ended", None)
        if event is None or end is None:
            return False
        end(event, note)
        return True
