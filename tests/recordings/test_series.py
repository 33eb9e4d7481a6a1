"""A series on a session's timeline: its value at any moment, and never one that nobody measured."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recordings.series.errors import SeriesError
from recordings.series.series import SECOND, Series, Timeline, usual_gap_s

BEGIN = 1_700_000_000 * SECOND


def series(t_s: list[float], values: list[float], **more: object) -> Series:
    t_ns = np.array([round(t * SECOND) for t in t_s], np.int64)
    return Series("speed", "km/h", t_ns, np.array(values, np.float64), **{"max_gap_s": 5.0, **more})  # type: ignore[arg-type]  # by name


def test_between_two_samples() -> None:
    s = series([10, 12], [100, 200])
    assert s.at(10 * SECOND) == 100
    assert s.at(10 * SECOND + SECOND // 2) == 125
    assert s.at(12 * SECOND) == 200
    assert s.at(11 * SECOND, "previous") == 100
    np.testing.assert_array_equal(s.at(np.array([[10, 11], [12, 13]]) * SECOND), [[100, 150], [200, np.nan]])


def test_a_series_of_steps_holds_each_value_where_nobody_asks_for_more() -> None:
    s = series([10, 12, 13], [100, np.nan, 200], method="previous")
    np.testing.assert_array_equal(s.at(np.array([10, 11, 12, 13]) * SECOND), [100, 100, np.nan, 200])
    assert np.isnan(s.at(11 * SECOND, "linear")), "who asks for another way gets it"
    assert s.coverage(Timeline("", 10 * SECOND, 14 * SECOND)) == 0.5, "held for two of four seconds"
    assert series([10, 12], [100, 200]).at(11 * SECOND) == 150


def test_nothing_is_told_outside_and_in_gaps() -> None:
    s = series([0, 1, 7, 8], [1, 2, 3, 4])
    for method in ("linear", "previous"):
        told = s.at(np.array([-1, 0, 4, 7, 9]) * SECOND, method)
        np.testing.assert_array_equal(np.isnan(told), [True, False, True, False, True])
    assert s.at(1 * SECOND) == 2, "a sample before a gap is known itself"


def test_a_sample_that_says_no_number_leaves_a_hole() -> None:
    s = series([0, 1, 2, 3], [1, np.nan, 3, 4])
    assert np.isnan(s.at(SECOND // 2))
    assert np.isnan(s.at(SECOND))
    assert np.isnan(s.at(SECOND + SECOND // 2))
    assert s.at(2 * SECOND) == 3


def test_an_offset_moves_it() -> None:
    s = series([10, 12], [100, 200]).moved(-2.5)
    assert s.span_ns == (7_500_000_000, 9_500_000_000)
    assert s.at(8_500_000_000) == 150


def test_relative_times_count_from_the_sessions_beginning() -> None:
    s = series([0, 2], [100, 200], times="relative", begin_ns=BEGIN, offset_s=1.0)
    assert s.span_ns == (BEGIN + SECOND, BEGIN + 3 * SECOND)
    assert s.at(BEGIN + 2 * SECOND) == 150
    np.testing.assert_array_equal(s.host_ns, [BEGIN + SECOND, BEGIN + 3 * SECOND])


def test_one_sample_is_known_at_its_time_only() -> None:
    s = series([3], [7])
    assert s.rate_hz is None
    assert s.at(3 * SECOND) == 7
    assert np.isnan(s.at(3 * SECOND + 1))
    assert s.coverage(Timeline("", 0, 10 * SECOND)) == 0.0


def test_how_much_of_a_session_is_covered() -> None:
    timeline = Timeline("", 10 * SECOND, 20 * SECOND)
    assert series(list(range(31)), [1.0] * 31).coverage(timeline) == 1.0
    assert series([15, 16, 17], [1, 1, 1]).coverage(timeline) == pytest.approx(0.2)
    assert series([8, 12, 19, 22], [1, 1, 1, 1]).coverage(timeline) == pytest.approx(0.3)
    assert series([10, 11, 12, 20], [1, np.nan, 1, 1], max_gap_s=9.0).coverage(timeline) == pytest.approx(0.8)
    assert series([30, 40], [1, 1]).coverage(timeline) == 0.0


def test_a_series_in_local_time_is_recognised() -> None:
    timeline = Timeline("", BEGIN, BEGIN + 60 * SECOND)
    t = [BEGIN / SECOND + 7200 - 30 + i for i in range(120)]
    found = series(t, [1.0] * 120).overlap(timeline)
    assert (found.seconds, found.suggested_offset_s) == (0.0, -7200.0)
    assert found.apart_s == pytest.approx(7200 - 30 - 60)
    assert "2 h earlier" in found.reason
    assert series(t, [1.0] * 120).moved(-7200).overlap(timeline).seconds == 60


def test_a_series_of_another_day_is_laid_begin_on_begin() -> None:
    timeline = Timeline("", BEGIN, BEGIN + 60 * SECOND)
    s = series([10.0, 20.0], [1, 2], offset_s=3.0)
    found = s.overlap(timeline)
    assert found.apart_s < -1e9
    assert found.suggested_offset_s is not None
    assert s.moved(found.suggested_offset_s).overlap(timeline).seconds == pytest.approx(10.0)


@pytest.mark.parametrize(
    ("t", "values", "words"),
    [([], [], "one at least"), ([1, 2], [1], "as many times as values"), ([2, 1], [1, 2], "do not rise"),
     ([1, 1], [1, 2], "do not rise")],
)  # fmt: skip
def test_what_is_no_series_is_refused(t: list[float], values: list[float], words: str) -> None:
    with pytest.raises(SeriesError, match=words):
        series(t, values)


@pytest.mark.parametrize("offset", [float("nan"), float("inf"), 1e12])
def test_an_absurd_offset_is_refused(offset: float) -> None:
    with pytest.raises(SeriesError, match="offset"):
        series([1], [1]).moved(offset)


def test_the_usual_gap() -> None:
    assert usual_gap_s(np.arange(10) * SECOND // 100) == 1.0
    assert usual_gap_s(np.arange(10) * SECOND) == 5.0
    assert usual_gap_s(np.zeros(1, np.int64)) == 1.0


times = st.lists(st.integers(0, 10**12), min_size=1, max_size=30, unique=True).map(sorted)
numbers = st.floats(allow_nan=True, allow_infinity=False)


@given(t=times, data=st.data(), gap=st.floats(1e-6, 1e4), at=st.lists(st.integers(-(10**12), 2 * 10**12)))
def test_no_value_lies_outside_its_samples(t: list[int], data: st.DataObject, gap: float, at: list[int]) -> None:
    values = data.draw(st.lists(numbers, min_size=len(t), max_size=len(t)))
    s = Series("x", "", np.array(t, np.int64), np.array(values), max_gap_s=gap)
    np.testing.assert_array_equal(s.at(s.host_ns), s.values)
    np.testing.assert_array_equal(s.at(s.host_ns, "previous"), s.values)
    for moment in at:
        told = s.at(moment)
        if np.isnan(told):
            continue
        assert t[0] <= moment <= t[-1]
        i = int(np.searchsorted(s.t_ns, moment, side="right")) - 1
        j = i if t[i] == moment else i + 1
        assert min(values[i], values[j]) <= told <= max(values[i], values[j])
        assert j == i or t[j] - t[i] <= gap * SECOND + 1


@given(t=times, offset_ms=st.integers(-(10**9), 10**9), at=st.lists(st.integers(0, 10**12), max_size=10))
def test_moving_it_moves_every_value(t: list[int], offset_ms: int, at: list[int]) -> None:
    s = Series("x", "", np.array(t, np.int64), np.arange(len(t), dtype=np.float64), max_gap_s=1000.0)
    moved = s.moved(offset_ms / 1000)
    for moment in at:
        np.testing.assert_equal(moved.at(moment + moved.shift_ns), s.at(moment))
