"""What stands on the time line in words: times, events, gaps. No Qt here."""

from __future__ import annotations

from gui.replay.marks import EventMark
from gui.words import tr

_TROUBLE = frozenset(
    {
        "error",
        "frames not recorded",
        "recording ended",
        "event without clip",
        "clip failed",
        "camera stalled",
        "camera lost",
        "part missing",
        "recovered",
    }
)


def tick_ns(duration_ns: int, most: float) -> int:
    """A round step of time that makes at most so many ticks (at least one)."""
    for seconds in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 28800):
        step = round(seconds * 1e9)
        if duration_ns / step <= max(most, 1.0):
            return step
    return max(86_400_000_000_000, duration_ns // max(int(most), 1))


def clock(ns: int) -> str:
    """Recorded time as ``m:ss.s``, or ``h:mm:ss.s``."""
    tenths = ns // 100_000_000
    seconds, tenth = divmod(tenths, 10)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}.{tenth}" if hours else f"{minutes}:{seconds:02d}.{tenth}"


def is_trouble(event: EventMark) -> bool:
    """Whether an event says that something went wrong with the recording itself, or with a camera."""
    return event.name in _TROUBLE


def event_words(event: EventMark) -> str:
    """An event in a line: its name, how long it lasts, and its note."""
    lasts = "" if not event.end_ns or event.end_ns <= event.begin_ns else f" ({lasts_words(event)})"
    return f"{event.name}{lasts}" + (f": {event.note}" if event.note else "")


def lasts_words(event: EventMark) -> str:
    """How long an event lasts; nothing for one without length."""
    if event.position is None:
        return ""
    if event.end_ns is None:
        return tr("open end")
    seconds = (event.end_ns - event.begin_ns) / 1e9
    return tr("{n} s", n=f"{seconds:.1f}") if seconds > 0 else ""
