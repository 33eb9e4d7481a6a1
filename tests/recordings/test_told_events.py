"""An event that was told when it began and when it ended is one event."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from recordings.event import Event
from recordings.told_events import joined

SLEEP = Event("microsleep", 1_000, face=2, severity="alarm")


def test_its_end_and_who_saw_it_are_told_later() -> None:
    seen = replace(SLEEP, acknowledged_by="Ann", acknowledged_ns=1_500)
    ended = replace(seen, end_ns=2_000)
    other = replace(SLEEP, face=3)
    assert joined([SLEEP, other, seen, ended]) == [ended, other]
    late = replace(SLEEP, end_ns=1_200)
    assert joined([SLEEP, late, replace(late, acknowledged_by="Ann", acknowledged_ns=9_000)]) == [
        replace(late, acknowledged_by="Ann", acknowledged_ns=9_000)
    ]


def test_the_same_word_twice_at_one_time_stays_twice() -> None:
    mark = Event("mark", 5, 5)
    assert joined([mark, mark]) == [mark, mark]


@given(st.lists(st.builds(Event, st.sampled_from("ab"), st.integers(0, 3), st.one_of(st.none(), st.integers(3, 5)))))
def test_nothing_that_was_told_disappears(events: list[Event]) -> None:
    found = joined(events)
    assert {(e.name, e.begin_ns) for e in found} == {(e.name, e.begin_ns) for e in events}
    assert joined(found) == found
