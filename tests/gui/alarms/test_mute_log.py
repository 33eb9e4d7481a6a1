"""Mutes stand in the session: who, since when, until when, and how each ended."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from gui.alarms.book import AlarmBook, Sense
from gui.alarms.mute_log import MuteLog
from recordings.event import Event
from recordings.told_events import joined

S = 1_000_000_000


class Feed:
    """Keeps events as a recording does; its camera's clock is what a test says."""

    def __init__(self) -> None:
        self.now_ns = 0
        self.told: list[Event] = []

    def mute_began(self, name: str, note: str, by: str, seconds: float) -> Event:
        until_ns = self.now_ns + round(seconds * S)
        self.told.append(Event(name, self.now_ns, None, None, note, muted_by=by, muted_until_ns=until_ns))
        return self.told[-1]

    def mute_again(self, event: Event) -> None:
        self.told.append(event)

    def mute_ended(self, event: Event, note: str) -> None:
        self.told.append(replace(event, end_ns=self.now_ns, note=f"{event.note}; {note}"))


class Desk:
    def __init__(self) -> None:
        self.feed: Any = Feed()
        self.notes: list[str] = []
        self.book = AlarmBook()
        self.log = MuteLog(lambda: self.feed, self.notes.append)

    def mute(self, sense: Sense, seconds: float, at_s: float) -> str:
        self.book.mute(sense, seconds, "ann", round(at_s * S))
        return self.log.begun(sense, seconds, "ann")


def told(feed: object) -> list[tuple[str, int, int | None, str, int | None, str]]:
    assert isinstance(feed, Feed)
    return [(e.name, e.begin_ns, e.end_ns, e.muted_by, e.muted_until_ns, e.note) for e in joined(feed.told)]


def test_a_mute_says_who_since_when_and_until_when_and_that_its_time_is_over() -> None:
    desk = Desk()
    assert desk.mute(Sense.SOUND, 60.0, 0.0) == "sound of alarms off for 1 min, by ann"
    sound = "sound of alarms off for 1 min, by ann"
    assert told(desk.feed) == [("sound muted", 0, None, "ann", 60 * S, sound)]
    desk.log.look(desk.book, 59 * S, None)
    assert told(desk.feed)[0][2] is None
    desk.feed.now_ns = 60 * S
    desk.log.look(desk.book, 60 * S, None)
    assert told(desk.feed) == [("sound muted", 0, 60 * S, "ann", 60 * S, f"{sound}; sound of alarms on again")]
    assert desk.notes == []


def test_who_ends_a_mute_before_its_time_is_told() -> None:
    desk = Desk()
    desk.mute(Sense.SIGHT, 300.0, 0.0)
    desk.feed.now_ns = 7 * S
    assert desk.log.ended(Sense.SIGHT, "bob") == "bar of alarms on again, by bob"
    (event,) = told(desk.feed)
    assert event[:3] == ("bar muted", 0, 7 * S)
    assert event[5].endswith("; bar of alarms on again, by bob")
    desk.log.look(desk.book, 400 * S, None)
    assert len(told(desk.feed)) == 1


def test_a_longer_mute_ends_the_one_before_and_the_senses_are_apart() -> None:
    desk = Desk()
    desk.mute(Sense.SOUND, 60.0, 0.0)
    desk.mute(Sense.SIGHT, 60.0, 0.0)
    desk.feed.now_ns = 5 * S
    desk.mute(Sense.SOUND, 900.0, 5.0)
    assert [event[:3] for event in told(desk.feed)] == [
        ("sound muted", 0, 5 * S),
        ("bar muted", 0, None),
        ("sound muted", 5 * S, None),
    ]


def test_a_recording_that_begins_while_something_is_muted_is_told_of_it() -> None:
    desk = Desk()
    desk.mute(Sense.SOUND, 60.0, 0.0)
    feed = desk.feed
    assert isinstance(feed, Feed)
    for recording, count in ((None, 1), (Path("a.mcap"), 2), (Path("a.mcap"), 2), (None, 2), (Path("b.mcap"), 3)):
        desk.log.look(desk.book, 1 * S, recording)
        assert len(feed.told) == count
    assert len({event.begin_ns for event in feed.told}) == 1


def test_the_end_of_a_window_ends_its_mutes() -> None:
    desk = Desk()
    desk.mute(Sense.SOUND, 60.0, 0.0)
    desk.feed.now_ns = 3 * S
    desk.log.close()
    desk.log.close()
    assert [event[2] for event in told(desk.feed)] == [3 * S]


def test_a_feed_without_events_is_told_in_words() -> None:
    desk = Desk()
    desk.feed = object()
    desk.mute(Sense.SOUND, 60.0, 0.0)
    desk.log.ended(Sense.SOUND, "ann")
    desk.log.look(desk.book, 100 * S, Path("a.mcap"))
    desk.log.close()
    assert desk.notes == ["sound of alarms off for 1 min, by ann", "sound of alarms on again, by ann"]
