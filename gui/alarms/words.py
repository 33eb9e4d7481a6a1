"""Alarms in words: the bar, the list, and what is written into a recording. No widgets here."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final

from gui.alarms.book import Alarm, AlarmBook, Sense, Severity
from gui.status.tile_words import age_words
from gui.words import tr

MUTES_MIN: Final = (1, 5, 15, 60)


def severity_words(severity: Severity) -> str:
    """The severity as the first word of a bar."""
    if severity is Severity.ALARM:
        return tr("ALARM")
    return tr("WARNING") if severity is Severity.WARNING else tr("NOTICE")


def clock_words(ns: int) -> str:
    """Time of day, local."""
    return time.strftime("%H:%M:%S", time.localtime(ns / 1e9))


def when_words(line: Alarm, now_ns: int) -> str:
    """``since 02:13:05 (12 s)``, ``02:13:05, over after 3 s``, and how often."""
    since = clock_words(line.since_ns)
    if line.cleared_ns is None:
        told = tr("since {time} ({age})", time=since, age=_age(now_ns - line.since_ns))
    else:
        told = tr("{time}, over after {age}", time=since, age=_age(line.cleared_ns - line.since_ns))
    return f"{told} · {tr('{n} times', n=line.count)}" if line.count > 1 else told


def state_words(line: Alarm) -> str:
    """What became of it."""
    if line.acknowledged_ns is None:
        return tr("still there") if line.is_active else tr("over, not acknowledged")
    seen = tr("acknowledged by {who} at {time}", who=line.acknowledged_by, time=clock_words(line.acknowledged_ns))
    return tr("{seen}; still there", seen=seen) if line.is_active else tr("{seen}; over", seen=seen)


def left_words(seconds: float) -> str:
    """``4:12`` that a mute still lasts."""
    whole = max(0, round(seconds))
    return f"{whole // 60}:{whole % 60:02d}"


def mute_words(book: AlarmBook, now_ns: int) -> str:
    """What is muted and for how long; nothing when nothing is."""
    told = []
    if left := book.muted_s(Sense.SOUND, now_ns):
        told.append(tr("sound off for {left}", left=left_words(left)))
    if left := book.muted_s(Sense.SIGHT, now_ns):
        told.append(tr("bar off for {left}", left=left_words(left)))
    return " · ".join(told)


def alarm_count(n: int) -> str:
    """``3 alarms``."""
    return tr("1 alarm") if n == 1 else tr("{n} alarms", n=n)


def alarms_of_people(lines: Sequence[Alarm]) -> str:
    """How many they are, and of how many people: ``3 alarms of 2 people``; wherever alarms are counted, it is so."""
    people = {line.group for line in lines if line.group}
    alarms, of_people = alarm_count(len(lines)), sum(bool(line.group) for line in lines)
    if not people:
        return alarms
    whose = tr("1 person") if len(people) == 1 else tr("{n} people", n=len(people))
    if of_people == len(lines):
        return tr("{alarms} of {people}", alarms=alarms, people=whose)
    return tr("{alarms} ({n} of {people})", alarms=alarms, n=of_people, people=whose)


def count_words(book: AlarmBook) -> str:
    """What nobody has acknowledged, and what is acknowledged and lasts; nothing where there is neither."""
    waiting = [line for line in book.lines if line.is_open]
    lasting = [line for line in book.lines if line.is_active and not line.is_open]
    told = [tr("{what} not acknowledged", what=alarms_of_people(waiting))] if waiting else []
    told += [tr("{what} acknowledged, still there", what=alarms_of_people(lasting))] if lasting else []
    return "; ".join(told)


def title_words(count: str) -> str:
    """The name of what shows alarms, with how many there are."""
    return tr("Alarms: {count}", count=count) if count else tr("Alarms")


def last_seen_words(ns: int) -> str:
    """Of a person who is gone."""
    return tr("last seen {time}", time=clock_words(ns))


def acknowledged_note(lines: list[Alarm], who: str) -> str:
    """For the recording."""
    return tr("alarm acknowledged by {who}: {what}", who=who, what="; ".join(line.text for line in lines))


def muted_note(sense: Sense, seconds: float, who: str) -> str:
    """For the recording."""
    minutes = round(seconds / 60)
    if sense is Sense.SOUND:
        return tr("sound of alarms off for {n} min, by {who}", n=minutes, who=who)
    return tr("bar of alarms off for {n} min, by {who}", n=minutes, who=who)


def unmuted_note(sense: Sense, who: str) -> str:
    """Somebody ended a mute; for the recording."""
    if sense is Sense.SOUND:
        return tr("sound of alarms on again, by {who}", who=who)
    return tr("bar of alarms on again, by {who}", who=who)


def mute_over_note(sense: Sense) -> str:
    """The time of a mute is over; for the recording."""
    return tr("sound of alarms on again") if sense is Sense.SOUND else tr("bar of alarms on again")


def _age(ns: int) -> str:
    seconds = max(0.0, ns / 1e9)
    return age_words(seconds) if seconds >= 100 else tr("{n} s", n=int(seconds))
