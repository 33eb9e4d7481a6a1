"""What an operator types to go somewhere in a recording: a time, a frame, a camera's own number, an event. No Qt."""

from __future__ import annotations

import re

from gui.replay.marks import Marks
from gui.words import mark, tr

HINTS = (mark("time, frame or event"), mark("time or frame"), mark("go to"))
"""What can be typed, in few words, and in fewer ones where there is less room."""

HELP = mark(
    "Where to go, then Enter: a time (1:23.4 or 83.4 s), a frame (120), a camera's own number (depth 120), or a "
    "part of an event's name (again for the next one)."
)

_FRAME = re.compile(r"#?\s*(\d+)")
_TIME = re.compile(r"(?:(?:(\d+):)?(\d+):)?(\d+(?:[.,]\d*)?|[.,]\d+)\s*(?:s|sec)?")
_NUMBER = re.compile(r"(.+?)[\s:#]+(-?\d+)")


def find(text: str, marks: Marks, position: int) -> int:
    """The position that is meant.

    Args:
        text: what was typed.
        position: what is shown; of several frames or events that are meant, the next one after it is taken.

    Raises:
        ValueError: nothing is; the message says why, for people.
    """
    text = text.strip()
    if not text:
        raise ValueError(tr("type a time, a frame or an event"))
    if not len(marks):
        raise ValueError(tr("the recording is not open yet"))
    if found := _FRAME.fullmatch(text):
        return _frame(int(found[1]), marks)
    if found := _TIME.fullmatch(text):
        hours, minutes, seconds = found.groups(default="0")
        return _time(3600 * int(hours) + 60 * int(minutes) + float(seconds.replace(",", ".")), marks)
    if (found := _NUMBER.fullmatch(text)) and found[1] in marks.streams:
        return _number(found[1], int(found[2]), marks, position)
    return _event(text, marks, position)


def _frame(number: int, marks: Marks) -> int:
    if number >= len(marks):
        raise ValueError(tr("there is no frame {number}: the last one is {last}", number=number, last=len(marks) - 1))
    return number


def _time(seconds: float, marks: Marks) -> int:
    end = marks.duration_ns / 1e9
    if seconds > end + 0.05:  # the end as it is shown, in tenths
        raise ValueError(tr("the recording ends at {end} s", end=f"{end:.1f}"))
    return marks.position_from(round(seconds * 1e9))


def _number(stream: str, number: int, marks: Marks, position: int) -> int:
    found = marks.positions_of(stream, number)
    if found:
        return next((p for p in found if p > position), found[0])
    numbers = marks.numbers_of(stream)
    has = (
        tr("it has no frames")
        if numbers is None
        else tr("its numbers go from {first} to {last}", first=numbers[0], last=numbers[1])
    )
    raise ValueError(tr("{stream} has no frame number {number}: {has}", stream=stream, number=number, has=has))


def _event(text: str, marks: Marks, position: int) -> int:
    wanted = text.casefold()
    named = [e for e in marks.events if wanted in e.name.casefold()]
    begins = sorted(e.position for e in named if e.position is not None)
    if begins:
        return next((p for p in begins if p > position), begins[0])
    if named:
        raise ValueError(tr("the event {name} lies outside the recording", name=repr(named[0].name)))
    raise ValueError(tr("{text} is no time, no frame and no event of this recording", text=repr(text)))
