"""The book of alarms: what is wrong now, what was, who has seen it, and what is muted for how long. No Qt here.

An alarm stands in the book from the moment at which it is raised. It stays there when its cause goes, until somebody
has acknowledged it (it is latched); then it goes into the history. A cause that comes and goes is one alarm with a
count: what comes back within ``HOLD_S`` of its going is the same alarm still, and stays acknowledged.

A mute of the sound, or of the bar, lasts for a stated time. It covers what was there when it began, and what comes
later except an alarm of the highest severity: that one is heard and seen through any mute. What a mute covers is still
counted, and still stands in the list.
"""

from __future__ import annotations

import enum
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

HOLD_S: Final = 10.0
"""What comes back so soon after it went is the same alarm."""
LONGEST_MUTE_S: Final = 3600.0
MOST: Final = 100
"""Alarms that stand in the book at once."""
HISTORY: Final = 500
"""Alarms that are over and remembered."""


class Severity(enum.IntEnum):
    """How bad it is."""

    NOTICE = 1
    """Worth knowing."""
    WARNING = 2
    """Something gets worse, or is not as it was asked for."""
    ALARM = 3
    """What the operator sees, or what is recorded, is not what is there."""


class Sense(enum.StrEnum):
    """By what an alarm is noticed; each is muted by itself."""

    SOUND = "sound"
    SIGHT = "sight"


@dataclass(frozen=True, slots=True)
class Moment:
    """Where an alarm belongs. ``stream`` names a tile; ``position`` is that of a replay, -1 in a live window."""

    stream: str = ""
    position: int = -1


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that is wrong now.

    Attributes:
        key: the same for as long as it is the same trouble.
        group: the same for all that is of one person; '' where it is of nobody.
        brief: the text without whom it is of; '' where that is the text.
        detail: what else is worth knowing, for who asks.
    """

    key: str
    severity: Severity
    text: str
    moment: Moment = Moment()
    group: str = ""
    brief: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Alarm:
    """One line of the book. Times are ns of our clock.

    Attributes:
        rang_ns: when it last became new: raised after it was over, or worse than before.
        cleared_ns: when its cause went; None while it lasts.
        count: how often the cause came.
        acknowledged_ns, acknowledged_by: None and empty until somebody did.
        ring: counts what became new in this book, whatever the clock says.
        group, brief, detail: as of the condition.
    """

    key: str
    severity: Severity
    text: str
    moment: Moment
    since_ns: int
    rang_ns: int
    cleared_ns: int | None = None
    count: int = 1
    acknowledged_ns: int | None = None
    acknowledged_by: str = ""
    ring: int = 0
    group: str = ""
    brief: str = ""
    detail: str = ""

    @property
    def is_active(self) -> bool:
        """Its cause is still there."""
        return self.cleared_ns is None

    @property
    def is_open(self) -> bool:
        """Nobody has acknowledged it."""
        return self.acknowledged_ns is None


@dataclass(frozen=True, slots=True)
class Mute:
    """Until when, who wanted it, and the newest ring that it covers whatever its severity."""

    end_ns: int
    by: str
    ring: int


class AlarmBook:
    """Times are given, none is asked for; they may stand still, and one that goes back counts as standing still."""

    def __init__(self, history: int = HISTORY, most: int = MOST) -> None:
        self._lines: dict[str, Alarm] = {}
        self._over: deque[Alarm] = deque(maxlen=history)
        self._most = most
        self._mutes: dict[Sense, Mute] = {}
        self._now_ns = 0
        self._rings = 0
        self.version = 0
        """Rises with every change of a line."""

    # -- what happens -----------------------------------------------------------------------------------------------

    def raise_alarm(self, condition: Condition, now_ns: int, anew: bool = False) -> bool:
        """Something is wrong. Said again while it lasts it changes the words; True when it is new, or worse.

        Args:
            anew: it has happened again, and is no trouble that flickers: who saw the last one has not seen this one.
        """
        now_ns = self._at(now_ns)
        found = self._lines.get(condition.key)
        if found is None:
            self._make_room()
            self._rings += 1
            self._put(
                Alarm(
                    condition.key,
                    condition.severity,
                    condition.text,
                    condition.moment,
                    now_ns,
                    now_ns,
                    ring=self._rings,
                    group=condition.group,
                    brief=condition.brief,
                    detail=condition.detail,
                )
            )
            return True
        if not found.is_active:
            found = replace(found, cleared_ns=None, count=found.count + 1)
        is_worse = condition.severity > found.severity or (anew and not found.is_open)
        if is_worse:
            self._rings += 1
            found = replace(
                found,
                rang_ns=now_ns,
                ring=self._rings,
                acknowledged_ns=None,
                acknowledged_by="",
                moment=condition.moment,
            )
        worse = max(found.severity, condition.severity)
        words = {"text": condition.text, "brief": condition.brief, "detail": condition.detail}
        self._put(replace(found, severity=worse, **words))
        return is_worse

    def clear(self, key: str, now_ns: int) -> None:
        """The cause is gone; the line stays until it is acknowledged."""
        now_ns = self._at(now_ns)
        found = self._lines.get(key)
        if found is not None and found.is_active:
            self._put(replace(found, cleared_ns=now_ns))

    def see(self, conditions: Iterable[Condition], now_ns: int, watched: str = "") -> list[Alarm]:
        """All that is wrong now; what is not among it is cleared.

        Args:
            watched: only lines whose key begins so are cleared.

        Returns:
            The lines that are new, or worse than before.
        """
        told = list(conditions)
        keys = {condition.key for condition in told}
        for key, line in list(self._lines.items()):
            if line.is_active and key.startswith(watched) and key not in keys:
                self.clear(key, now_ns)
        new = [condition.key for condition in told if self.raise_alarm(condition, now_ns)]
        self.tick(now_ns)
        return [self._lines[key] for key in dict.fromkeys(new) if key in self._lines]

    def acknowledge(self, who: str, now_ns: int, key: str | None = None) -> list[Alarm]:
        """Somebody has seen it: one line, or all. Returns those that were open."""
        now_ns = self._at(now_ns)
        keys = list(self._lines) if key is None else [key]
        done = []
        for each in keys:
            found = self._lines.get(each)
            if found is not None and found.is_open:
                done.append(self._put(replace(found, acknowledged_ns=now_ns, acknowledged_by=who)))
        self.tick(now_ns)
        return done

    def tick(self, now_ns: int) -> None:
        """Time goes on: what is over and acknowledged goes into the history, mutes end."""
        now_ns = self._at(now_ns)
        for key, line in list(self._lines.items()):
            if line.cleared_ns is not None and not line.is_open and now_ns >= line.cleared_ns + HOLD_S * 1e9:
                self._end(key)
        self._mutes = {sense: mute for sense, mute in self._mutes.items() if now_ns < mute.end_ns}

    # -- mutes ------------------------------------------------------------------------------------------------------

    def mute(self, sense: Sense, seconds: float, who: str, now_ns: int) -> Mute:
        """No sound, or no bar, for a while.

        Raises:
            ValueError: the time is none, or longer than an hour.
        """
        if not 0 < seconds <= LONGEST_MUTE_S:
            raise ValueError(f"a mute lasts from a second to {LONGEST_MUTE_S:.0f} s, found {seconds} s")
        now_ns = self._at(now_ns)
        made = self._mutes[sense] = Mute(now_ns + round(seconds * 1e9), who, self._rings)
        return made

    def unmute(self, sense: Sense) -> bool:
        """End a mute; False when there was none."""
        return self._mutes.pop(sense, None) is not None

    def muted_s(self, sense: Sense, now_ns: int) -> float:
        """Seconds that a mute still lasts, 0 when there is none."""
        mute = self._mutes.get(sense)
        return 0.0 if mute is None else max(0.0, (mute.end_ns - self._at(now_ns)) / 1e9)

    # -- what is asked ----------------------------------------------------------------------------------------------

    @property
    def lines(self) -> list[Alarm]:
        """All that stands in the book: the open ones first, then the severe, then the newest."""
        return sorted(self._lines.values(), key=lambda a: (not a.is_open, -a.severity, -a.ring))

    @property
    def history(self) -> list[Alarm]:
        """What is over and was acknowledged, the newest first."""
        return list(reversed(self._over))

    @property
    def open_count(self) -> int:
        """Lines that nobody has acknowledged."""
        return sum(line.is_open for line in self._lines.values())

    def find(self, key: str) -> Alarm | None:
        return self._lines.get(key)

    def noticed(self, sense: Sense, now_ns: int) -> list[Alarm]:
        """The open lines that are to be heard, or seen, now; the most severe first."""
        now_ns = self._at(now_ns)
        return [line for line in self.lines if line.is_open and not self._is_muted(line, sense, now_ns)]

    def _is_muted(self, line: Alarm, sense: Sense, now_ns: int) -> bool:
        mute = self._mutes.get(sense)
        if mute is None or now_ns >= mute.end_ns:
            return False
        return line.severity < Severity.ALARM or line.ring <= mute.ring

    # -- within -----------------------------------------------------------------------------------------------------

    def _at(self, now_ns: int) -> int:
        self._now_ns = max(self._now_ns, now_ns)
        return self._now_ns

    def _put(self, line: Alarm) -> Alarm:
        if self._lines.get(line.key) != line:
            self._lines[line.key] = line
            self.version += 1
        return line

    def _end(self, key: str) -> None:
        self._over.append(self._lines.pop(key))
        self.version += 1

    def _make_room(self) -> None:
        """A full book lets go of what matters least: what was seen before what was not, the mild, the old."""
        while len(self._lines) >= self._most:
            least = min(self._lines.values(), key=lambda a: (a.is_open, a.severity, a.is_active, a.ring))
            self._end(least.key)
