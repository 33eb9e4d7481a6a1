"""What the message bar says of telling others of alarms, and of keeping their clips. No Qt here."""

from __future__ import annotations

from gui.alarms.problem_words import problem_words
from gui.words import tr
from pipeline.live_rules import RulesNow


def telling_words(now: RulesNow) -> str:
    """That alarms do not reach whom they are for; '' where they do, or nobody is to be told."""
    told = now.delivery
    if told is None or not told.problem:
        return ""
    return tr("An alarm was not told to {target}: {why}", target=told.target, why=problem_words(told.problem))


def clips_words(now: RulesNow) -> str:
    """That an alarm has no clip, or that one had to go for the next; '' where neither is so."""
    clips = now.clips
    if clips is None:
        return ""
    if clips.problem:
        return tr("An alarm has no clip: {why}", why=problem_words(clips.problem))
    if clips.deleted_last:
        return tr("Clips of alarms need room: {name} was deleted, the oldest of them.", name=clips.deleted_last)
    return ""
