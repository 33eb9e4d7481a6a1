"""What rules find becomes lines of the book of alarms. No Qt here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from gui.alarms.book import AlarmBook, Condition, Moment, Severity
from gui.alarms.context_words import event_line
from gui.alarms.problem_words import problem_words
from gui.alarms.sources import EVENT
from gui.words import mark, tr
from pipeline.rules.engine import EventKey, key_of
from recordings.event import Clip, Event

SEVERITIES: Final = {"notice": Severity.NOTICE, "warning": Severity.WARNING, "alarm": Severity.ALARM}
_REMEMBERED: Final = 256

TEXTS: Final[tuple[str, ...]] = (
    mark("Drowsy: the eyes are often closed"),
    mark("Very drowsy: the eyes are closed too much"),
    mark("Long blinks, one after the other"),
    mark("Yawns again and again"),
    mark("Microsleep: the eyes have closed"),
    mark("Asleep: the eyes stay closed"),
    mark("Unresponsive: the eyes are closed, or do not come back to the road"),
    mark("Looks away from the road for long"),
    mark("Looks away from the road too often"),
    mark("Distracted: eyes on the road"),
    mark("Attention is used up"),
    mark("The face is covered: eyes and mouth are hard to read"),
    mark("No driver is seen"),
    mark("The camera is covered, or shows nothing"),
    mark("Somebody is there"),
    mark("Somebody stays"),
    mark("Somebody is close"),
    mark("Somebody comes closer fast"),
    mark("A face is masked"),
    mark("A masked face is close"),
    mark("More people than expected"),
    mark("The warmth or shape is not that of a bare living face"),
)
"""Of the ready sets, where the translation tools find them; pipeline/rules/words.py has them, too."""

ENDS: Final[tuple[str, ...]] = (
    mark("the face is gone"),
    mark("not known any more"),
    mark("the camera's clock leapt"),
    mark("no picture came for a while"),
    mark("another face has its number now"),
    mark("the rule was changed"),
    mark("the rule was taken away"),
    mark("the rule does not apply any more"),
    mark("nobody looks any more"),
)
"""Why an event ended, where its condition did not."""


class RuleEvents:
    """Raises what begins or gets worse, clears what ends, and knows which events a line of the book is of."""

    def __init__(self, book: AlarmBook) -> None:
        self._book = book
        self._told: dict[EventKey, tuple[bool, Severity]] = {}
        self._of_line: dict[str, dict[EventKey, Event]] = {}
        self._clips: dict[str, tuple[EventKey, Clip]] = {}
        self.version = 0
        """Rises when another clip is known."""

    def see(self, events: Iterable[Event], now_ns: int, stream_of: dict[int, str] | None = None) -> bool:
        """Events as they are told now; whether the book has changed.

        Args:
            stream_of: face -> the stream in which it is seen, for the way to its tile.
        """
        changed = False
        for event in events:
            key, now = key_of(event), (event.end_ns is not None, _severity(event))
            told = self._told.get(key)
            self._see_clip(event, key, told is None)
            if told == now or (told is not None and told[0]):
                continue
            condition = _condition(event, (stream_of or {}).get(event.face or 0, ""))
            of_line = self._of_line.setdefault(condition.key, {})
            of_line[key] = event
            while len(of_line) > _REMEMBERED:
                del of_line[next(iter(of_line))]
            if told is None or now[1] > told[1]:
                self._book.raise_alarm(condition, now_ns, anew=told is None)
            self._told[key] = now
            if now[0] and next(reversed(of_line)) == key:
                self._book.clear(condition.key, now_ns)
            changed = True
        while len(self._told) > _REMEMBERED:
            del self._told[next(iter(self._told))]
        return changed

    def events_of(self, line: str) -> tuple[Event, ...]:
        """The events of a line of the book that nobody has acknowledged, the newest last; none where no rule told."""
        return tuple(self._of_line.get(line, {}).values())

    def clip_of(self, line: str) -> Clip | None:
        """The clip of the newest event of a line that has one."""
        found = self._clips.get(line)
        return None if found is None else found[1]

    def _see_clip(self, event: Event, key: EventKey, is_new: bool) -> None:
        """Also when nothing else changed: what became of a clip is told later."""
        line = _line_of(event)
        found = self._clips.get(line)
        if event.clip is None or (found is not None and not is_new and found[0] != key):
            return
        if found != (key, event.clip):
            self._clips.pop(line, None)
            self._clips[line] = (key, event.clip)
            self.version += 1
            while len(self._clips) > _REMEMBERED:
                del self._clips[next(iter(self._clips))]

    def seen(self, line: str) -> None:
        """Somebody has seen them; what goes on is still known."""
        of_line = self._of_line.get(line)
        if of_line:
            newest = next(reversed(of_line))
            self._of_line[line] = {newest: of_line[newest]}


def group_of(face: int) -> str:
    """Of all alarms of a face."""
    return f"{EVENT}face {face}"


def words_of(event: Event) -> str:
    """What a rule says, in the operator's language where it is one of the ready sets', and of whom."""
    why = _parted(event.note)[1]
    words = brief_words(event)
    if event.face is not None:
        words = tr("{what} (face {n})", what=words, n=event.face)
    return tr("{what}; over: {why}", what=words, why=tr(why)) if why else words


def brief_words(event: Event) -> str:
    """What a rule says, without of whom and why it ended."""
    text = _parted(event.note)[0]
    return tr(text) if text in TEXTS else text or event.name


def note_words(event: Event) -> str:
    """All that is known of an event of a rule: what it says, who has seen it, what that muted, and its clip."""
    words = words_of(event)
    if event.acknowledged_by:
        words = tr("{what}; seen by {who}", what=words, who=event.acknowledged_by)
    if event.muted_until_ns is not None and event.acknowledged_ns is not None:
        seconds = (event.muted_until_ns - event.acknowledged_ns) / 1e9
        words = tr("{what}; muted for {n:.0f} s", what=words, n=seconds)
    if event.clip is not None and event.clip.problem:
        words = tr("{what}; {why}", what=words, why=problem_words(event.clip.problem))
    return words


def _parted(note: str) -> tuple[str, str]:
    """What a rule says, and why its event ended where that was not its condition."""
    for why in ENDS:
        if note.endswith(f" ({why})"):
            return note.removesuffix(f" ({why})"), why
    return note, ""


def _severity(event: Event) -> Severity:
    return SEVERITIES.get(event.severity, Severity.NOTICE)


def _condition(event: Event, stream: str) -> Condition:
    group = "" if event.face is None else group_of(event.face)
    return Condition(
        _line_of(event),
        _severity(event),
        words_of(event),
        Moment(stream),
        group=group,
        brief=brief_words(event),
        detail=event_line(event),
    )


def _line_of(event: Event) -> str:
    """The key of the line of the book that an event raises."""
    return f"{EVENT}{event.name} {event.face}"
