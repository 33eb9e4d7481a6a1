"""What rules find stands in the book of alarms until somebody has seen it."""

from __future__ import annotations

from dataclasses import replace

from gui.alarms.book import AlarmBook, Sense, Severity
from gui.alarms.rule_events import ENDS, TEXTS, RuleEvents, words_of
from pipeline.rules import words
from recordings.event import Event

S = 1_000_000_000
SLEEP = Event("microsleep", 5 * S, face=1, note="Microsleep: the eyes have closed", severity="alarm")


def test_an_event_is_raised_once_and_cleared_when_it_ends() -> None:
    book = AlarmBook()
    rules = RuleEvents(book)
    assert rules.see([SLEEP], 10 * S, {1: "night"})
    assert not rules.see([SLEEP], 11 * S)
    (line,) = book.lines
    assert (line.severity, line.text, line.is_active) == (
        Severity.ALARM,
        "Microsleep: the eyes have closed (face 1)",
        True,
    )
    assert line.moment.stream == "night"
    assert rules.events_of(line.key) == (SLEEP,)
    assert rules.see([replace(SLEEP, end_ns=7 * S)], 12 * S)
    assert not book.lines[0].is_active
    assert book.lines[0].is_open, "it stays until somebody has seen it"


def test_one_that_came_and_went_between_two_looks_is_in_the_book_all_the_same() -> None:
    book = AlarmBook()
    RuleEvents(book).see([replace(SLEEP, end_ns=6 * S)], 10 * S)
    (line,) = book.lines
    assert line.is_open
    assert not line.is_active


def test_a_second_event_keeps_the_line_when_the_first_ends_late() -> None:
    book = AlarmBook()
    rules = RuleEvents(book)
    again = replace(SLEEP, begin_ns=9 * S)
    rules.see([SLEEP], 10 * S)
    rules.see([again], 11 * S)
    rules.see([replace(SLEEP, end_ns=8 * S), again], 12 * S)
    (line,) = book.lines
    assert line.is_active
    assert [e.begin_ns for e in rules.events_of(line.key)] == [5 * S, 9 * S]
    rules.seen(line.key)
    assert rules.events_of(line.key) == (again,)


def test_words_of_a_file_of_ones_own_stand_as_they_are() -> None:
    assert words_of(Event("x", 0, note="The dog barks", severity="notice")) == "The dog barks"
    assert words_of(Event("dog", 0, face=3)) == "dog (face 3)"


def test_what_happens_again_rings_again_also_when_the_last_one_was_acknowledged_a_moment_ago() -> None:
    book = AlarmBook()
    rules = RuleEvents(book)
    rules.see([SLEEP], 10 * S)
    book.acknowledge("Ann", 11 * S)
    rules.see([replace(SLEEP, end_ns=7 * S)], 12 * S)
    assert book.noticed(Sense.SOUND, 12 * S) == []
    rules.see([replace(SLEEP, begin_ns=9 * S)], 14 * S)
    (line,) = book.noticed(Sense.SOUND, 14 * S)
    assert (line.is_open, line.is_active, line.count) == (True, True, 2)


def test_an_event_that_gets_worse_is_raised_again() -> None:
    book = AlarmBook()
    rules = RuleEvents(book)
    rules.see([replace(SLEEP, severity="warning")], 10 * S)
    book.acknowledge("Ann", 11 * S)
    assert rules.see([SLEEP], 12 * S)
    (line,) = book.lines
    assert (line.severity, line.is_open) == (Severity.ALARM, True)


def test_every_sentence_of_the_ready_sets_and_every_end_can_be_translated() -> None:
    assert set(TEXTS) == set(words.TEXTS)
    assert set(ENDS) == set(words.ENDS)


def test_why_an_event_ended_is_said_behind_its_words() -> None:
    gone = Event("person-appears", 0, 5, 2, "Somebody is there (the face is gone)", "notice")
    assert words_of(gone) == "Somebody is there (face 2); over: the face is gone"
