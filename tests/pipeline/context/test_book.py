"""A value counts from when it came until it is too old; a recording tells later just that."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.context import book as book_file
from pipeline.context.book import SECOND, ContextBook, Refusal, within
from pipeline.context.keep import keep_beside, write_beside
from recordings.series.series import Series, Timeline
from recordings.series.store import SeriesStore

S = SECOND
START = 1_700_000_000 * S


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> int:
        return self.now


def opened(max_age_s: float = 2.0) -> tuple[ContextBook, Clock]:
    clock = Clock()
    return ContextBook(max_age_s, clock=clock), clock


def test_a_value_is_known_from_when_it_came_until_it_is_too_old() -> None:
    book, clock = opened()
    assert book.put("gps", "speed_kmh", 63.0) is None
    clock.now += 10 * S
    assert book.at(START - 1) == {}
    assert book.at(START) == {"speed_kmh": 63.0}
    assert book.at(START + 2 * S - 1) == {"speed_kmh": 63.0}
    assert book.at(START + 2 * S) == {}


def test_a_moment_of_the_past_sees_what_was_known_then() -> None:
    book, clock = opened()
    for value in range(5):
        book.put("gps", "speed_kmh", float(value))
        clock.now += S // 2
    assert [book.at(START + n * S // 2 + 1)["speed_kmh"] for n in range(5)] == [0.0, 1.0, 2.0, 3.0, 4.0]


def test_who_does_not_know_makes_it_unknown_at_once() -> None:
    book, clock = opened()
    book.put("gps", "speed_kmh", 63.0)
    clock.now += S
    book.put("gps", "speed_kmh", math.nan)
    assert book.at(clock.now) == {}
    assert book.at(clock.now - 1) == {"speed_kmh": 63.0}


def test_what_was_true_earlier_is_old_the_earlier() -> None:
    book, clock = opened()
    book.put("can", "speed_kmh", 63.0, measured_ns=START - S)
    clock.now += 5 * S
    assert book.at(START) == {"speed_kmh": 63.0}
    assert book.at(START + S) == {}


def test_what_comes_too_late_or_after_newer_values_is_not_taken() -> None:
    book, clock = opened()
    late = book.put("can", "speed_kmh", 63.0, measured_ns=START - 2 * S)
    assert late is not None
    assert late.why is Refusal.LATE
    assert "2.0 s late" in late.words
    assert book.put("can", "speed_kmh", 63.0, measured_ns=START - S) is None
    clock.now += S
    overtaken = book.put("can", "speed_kmh", 1.0, measured_ns=START - S - 1)
    assert overtaken is not None
    assert overtaken.why is Refusal.LATE


def test_nothing_is_believed_to_be_of_the_future() -> None:
    book, clock = opened()
    book.put("can", "speed_kmh", 63.0, measured_ns=START + 3600 * S)
    clock.now += 3 * S
    assert book.at(START + 2 * S) == {}
    assert book.put("can", "speed_kmh", 50.0) is None, "and what comes then is no older than it"


def test_of_two_that_tell_one_name_the_first_is_heard_until_it_is_silent() -> None:
    book, clock = opened()
    book.put("gps", "speed_kmh", 63.0)
    clock.now += S
    refused = book.put("can", "speed_kmh", 10.0)
    assert refused is not None
    assert (refused.why, refused.words) == (Refusal.DOUBLED, "gps tells speed_kmh already")
    assert book.at(clock.now) == {"speed_kmh": 63.0}
    assert book.put("can", "rain", 1.0) is None
    clock.now += 2 * S
    assert book.put("can", "speed_kmh", 10.0) is None
    assert book.at(clock.now) == {"speed_kmh": 10.0}
    again = book.put("gps", "speed_kmh", 63.0)
    assert again is not None
    assert again.why is Refusal.DOUBLED


def test_there_are_not_more_names_than_anybody_means() -> None:
    book, _ = opened()
    for n in range(book_file.MOST_NAMES):
        assert book.put("can", f"n{n}", 1.0) is None
    refused = book.put("can", "one_more", 1.0)
    assert refused is not None
    assert refused.why is Refusal.FULL


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book_file, "MOST_STEPS", 100)
    book, clock = opened()
    track = book.open_track()
    for _ in range(1000):
        book.put("can", "speed_kmh", 1.0)
        clock.now += S
    assert len(book._entries["speed_kmh"].steps) < 200, "what no recording needs any more is forgotten"
    assert track.is_full
    (steps,) = book.steps_of(track)
    assert len(steps.t_ns) == 101


def test_a_track_begins_with_what_is_held_and_ends_when_it_is_closed() -> None:
    book, clock = opened()
    book.put("gps", "speed_kmh", 1.0)
    clock.now += S
    track = book.open_track()
    book.put("gps", "speed_kmh", 2.0)
    book.close_track(track)
    book.close_track(track)
    clock.now += S
    book.put("gps", "speed_kmh", 3.0)
    (steps,) = book.steps_of(track)
    assert [v for v in steps.values if not math.isnan(v)] == [1.0, 2.0]
    assert (steps.unit, steps.sources) == ("km/h", ("gps",))


_TELLS = st.lists(
    st.tuples(
        st.integers(1, 5 * S),  # since the one before
        st.none() | st.floats(0, 200),  # None: it does not know
        st.none() | st.integers(0, 3 * S),  # so long ago it was true
        st.sampled_from(["gps", "can"]),
    ),
    min_size=1,
    max_size=30,
)


@given(_TELLS, st.floats(0.1, 4.0))
def test_what_a_recording_tells_later_is_what_was_known_live(
    tells: list[tuple[int, float | None, int | None, str]], max_age_s: float
) -> None:
    book, clock = opened(max_age_s)
    track = book.open_track()
    live: dict[int, float] = {}

    def look(at: int) -> None:
        live[at] = book.at(at).get("speed_kmh", math.nan)

    for after, value, ago, source in tells:
        for share in (3, 2):
            look(clock.now + after // share)
        clock.now += after
        measured = None if ago is None else clock.now - ago
        book.put(source, "speed_kmh", math.nan if value is None else value, measured)
        look(clock.now)
    clock.now += 10 * S
    look(clock.now)
    found = book.steps_of(track)
    if not found:
        assert all(math.isnan(value) for value in live.values())
        return
    (steps,) = found
    series = Series(
        steps.name, steps.unit, steps.t_ns, steps.values, max_gap_s=book.max_age_ns / SECOND, method="previous"
    )
    moments = np.array(list(live), np.int64)
    np.testing.assert_array_equal(series.at(moments), list(live.values()))
    begin, end = int(moments[len(moments) // 3]), int(moments[-1])
    part = within(steps, begin, end)
    inside = moments[(moments >= begin) & (moments <= end)]
    if part is None:
        assert np.isnan(series.at(inside)).all()
        return
    cut = Series(part.name, part.unit, part.t_ns, part.values, max_gap_s=series.max_gap_s, method="previous")
    np.testing.assert_array_equal(cut.at(inside), series.at(inside))


def test_it_lies_beside_the_session_as_any_series_does(session: Path) -> None:
    with_times = Timeline.read(session)
    clock = Clock()
    clock.now = with_times.begin_ns
    book = ContextBook(2.0, clock=clock)
    book.put("gps", "speed_kmh", 63.0)
    book.put("can", "rain", 1.0)
    keep_beside(book, session)
    store = SeriesStore.open(session)
    assert store.names == ("speed_kmh", "rain")
    assert store.is_of_this_session
    speed = store.get("speed_kmh")
    assert (speed.unit, speed.method, speed.times) == ("km/h", "previous", "absolute")
    assert speed.at(with_times.begin_ns + S) == 63.0
    assert store.entries[0].source.file == "live: gps"
    write_beside(session, book.steps_of(book.open_track())[:1], with_times, book.max_age_ns)
    assert set(SeriesStore.open(session).names) == {"speed_kmh", "rain"}, "written again, it is there once"
