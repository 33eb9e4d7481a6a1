"""Alarms of one person together: one line with the worst, and the others under it. No Qt here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from gui.alarms.book import Alarm, Severity
from gui.alarms.presence import LastSeen
from gui.alarms.words import alarm_count, last_seen_words, state_words, when_words
from gui.words import tr
from recordings.event import Clip

_PREFIX: Final = "together:"


@dataclass(frozen=True, slots=True)
class Together:
    """Lines of the book that belong together: of one person, or one line alone.

    Attributes:
        key: of them all, for :func:`lines_of`.
        lines: the worst first, those that somebody has acknowledged after the others.
    """

    key: str
    lines: tuple[Alarm, ...]

    @property
    def group(self) -> str:
        """Of whom they are; '' where they are of nobody."""
        return self.lines[0].group

    @property
    def worst(self) -> Alarm:
        return self.lines[0]

    @property
    def severity(self) -> Severity:
        """Of the worst that nobody has acknowledged, else of the worst of all."""
        return max(line.severity for line in self.lines if line.is_open or not self.is_open)

    @property
    def is_open(self) -> bool:
        """Nobody has acknowledged one of them."""
        return any(line.is_open for line in self.lines)

    @property
    def is_active(self) -> bool:
        """One of them is still there."""
        return any(line.is_active for line in self.lines)

    @property
    def since_ns(self) -> int:
        return min(line.since_ns for line in self.lines)


def key_of(line: Alarm) -> str:
    """Of all that belong together with a line."""
    return f"{_PREFIX}{line.group}" if line.group else line.key


def together(lines: Iterable[Alarm]) -> list[Together]:
    """Lines by whom they are of, in the order in which the first of each stands."""
    found: dict[str, list[Alarm]] = {}
    for line in lines:
        found.setdefault(key_of(line), []).append(line)
    return [Together(key, tuple(sorted(each, key=_rank))) for key, each in found.items()]


def lines_of(key: str, lines: Iterable[Alarm]) -> list[Alarm]:
    """The lines that a key is of: one line's own, or that of all that belong together."""
    return [line for line in lines if key in (line.key, key_of(line))]


def also_words(others: Sequence[Alarm]) -> str:
    """What adds up beside the worst: ``also: A face is masked · Somebody is close``; nothing where that is all."""
    said = dict.fromkeys(line.brief or line.text for line in others if line.is_open or line.is_active)
    return tr("also: {what}", what=" · ".join(said)) if said else ""


def since_words(row: Together, now_ns: int, last_seen_ns: int | None = None) -> str:
    """Since when, of a person with the earliest of theirs; of one who is gone first when they were seen last."""
    if len(row.lines) == 1:
        since = when_words(row.worst, now_ns)
    else:
        over = [line.cleared_ns for line in row.lines if line.cleared_ns is not None]
        cleared_ns = None if row.is_active else max(over)
        since = when_words(replace(row.worst, since_ns=row.since_ns, cleared_ns=cleared_ns, count=1), now_ns)
    return since if last_seen_ns is None else f"{last_seen_words(last_seen_ns)} · {since}"


def without_gone(people: Sequence[Together], last_seen: LastSeen) -> tuple[list[Together], list[Together]]:
    """What stands in the list as it is, and the people who are gone and of whom nothing waits any more, the newest
    first."""
    gone = {
        row.key: seen
        for row in people
        if row.group and not row.is_open and not row.is_active and (seen := last_seen(row.group)) is not None
    }
    folded = [row for row in people if row.key in gone]
    return [row for row in people if row.key not in gone], sorted(folded, key=lambda row: -gone[row.key])


def together_state_words(row: Together, clip: Clip | None = None) -> str:
    """What became of it, and whether there is a clip."""
    if len(row.lines) > 1:
        waiting = sum(line.is_open for line in row.lines)
        if waiting:
            return tr("{what} not acknowledged", what=alarm_count(waiting))
        return tr("all acknowledged; still there") if row.is_active else tr("all acknowledged; over")
    said = state_words(row.worst)
    if clip is None:
        return said
    return tr("{state} · no clip", state=said) if clip.problem and not clip.file else tr("{state} · clip", state=said)


def _rank(line: Alarm) -> tuple[bool, bool, int, int]:
    return not line.is_open, -line.severity, not line.is_active, -line.ring
