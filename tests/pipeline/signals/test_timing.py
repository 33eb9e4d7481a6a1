"""Windows and stopwatches on device time."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.signals.timing import Stopwatch, Window

S = 1_000_000_000


def fill(window: Window, values: list[float | None], step_s: float = 0.1, begin_s: float = 0.0) -> None:
    for i, value in enumerate(values):
        window.add(round((begin_s + i * step_s) * S), value)


def test_the_mean_is_over_the_time_in_which_values_were_known() -> None:
    window = Window(10.0)
    fill(window, [1.0] * 11 + [None] * 10 + [0.0] * 11)
    assert window.valid_s == pytest.approx(1.1 + 1.0)
    assert window.mean() == pytest.approx(1.1 / 2.1)
    assert window.valid_share == pytest.approx(0.21)


def test_what_is_older_than_the_span_is_forgotten_to_the_nanosecond() -> None:
    window = Window(1.0)
    fill(window, [1.0] * 11 + [0.0] * 5)
    assert window.valid_s == pytest.approx(1.0)
    assert window.mean() == pytest.approx(0.6)  # the one of the last instant held until the first zero


def test_a_gap_is_not_known() -> None:
    window = Window(10.0, gap_s=0.5)
    window.add(0, 1.0)
    window.add(2 * S, 1.0)
    assert window.valid_s == 0.0
    assert window.mean() is None


def test_a_clock_that_leaps_back_empties_the_window_and_one_that_leaps_forward_too() -> None:
    window = Window(10.0)
    fill(window, [1.0] * 11, begin_s=100)
    window.add(50 * S, 0.0)
    assert window.valid_s == 0.0
    fill(window, [1.0] * 11, begin_s=51)
    window.add(1000 * S, 1.0)
    assert window.valid_s == 0.0


@given(
    st.lists(st.tuples(st.integers(1, 700), st.one_of(st.none(), st.floats(0, 1))), min_size=1, max_size=60),
    st.floats(0.5, 20),
)
def test_a_window_never_knows_more_than_its_span_nor_leaves_the_values(
    steps: list[tuple[int, float | None]], span_s: float
) -> None:
    window, now = Window(span_s), 0
    for ms, value in steps:
        now += ms * 1_000_000
        window.add(now, value)
        assert 0 <= window.valid_s <= span_s + 1e-9
        mean = window.mean()
        assert mean is None or -1e-12 <= mean <= 1 + 1e-12


@pytest.mark.parametrize("nonsense", [math.nan, math.inf, -math.inf, 1e300])
def test_what_is_no_number_is_not_known(nonsense: float) -> None:
    window = Window(10.0)
    fill(window, [1.0] * 11 + [nonsense] * 10 + [0.0] * 11)
    assert window.valid_s == pytest.approx(2.1)
    assert window.mean() == pytest.approx(1.1 / 2.1)


def test_a_night_of_adding_and_taking_away_leaves_the_sums_exact() -> None:
    window = Window(60.0)
    for i in range(30_000):
        window.add(i * 33_333_333, 0.1 if i % 7 else 1e6)
    for i in range(30_000, 32_000):
        window.add(i * 33_333_333, 0.25)
    assert window.sum_s() == 15.0
    assert window.mean() == 0.25
    window.add(40_000 * S, 1.0)
    assert (window.valid_s, window.sum_s(), window.mean()) == (0.0, 0.0, None)


@given(
    st.lists(
        st.tuples(st.integers(-300, 900), st.one_of(st.none(), st.floats(-100, 100, allow_subnormal=False))),
        min_size=1,
        max_size=60,
    ),
    st.floats(0.2, 5),
)
def test_the_running_sums_are_those_of_the_stretches(steps: list[tuple[int, float | None]], span_s: float) -> None:
    window, now = Window(span_s), 0
    for ms, value in steps:
        now += ms * 1_000_000
        window.add(now, value)
        parts = window.stretches()
        assert window.valid_s == sum(end - begin for begin, end, _ in parts) / 1e9
        assert window.sum_s() == pytest.approx(sum((e - b) * v for b, e, v in parts) / 1e9, abs=1e-9)
        assert all(b < e for b, e, _ in parts)
        assert not parts or (parts[0][0] >= now - round(span_s * S) and parts[-1][1] <= now)


def test_a_stopwatch_counts_from_its_first_instant() -> None:
    watch = Stopwatch()
    assert [watch.step(i * S // 10, True) for i in range(4)] == pytest.approx([0.0, 0.1, 0.2, 0.3])
    assert watch.step(4 * S // 10, False) == 0.0


def test_a_short_doubt_stops_the_watch_and_a_long_one_ends_it() -> None:
    watch = Stopwatch(patience_s=0.2)
    for i in range(11):
        watch.step(i * S // 10, True)
    watch.step(11 * S // 10, None)
    assert watch.step(12 * S // 10, True) == pytest.approx(1.1)
    for i in range(13, 17):
        watch.step(i * S // 10, None)
    assert watch.held_s == 0.0


@pytest.mark.parametrize("leap_s", [-50, -1, 0.6, 3600])
def test_no_leap_of_the_clock_counts_as_time(leap_s: float) -> None:
    watch = Stopwatch()
    for i in range(11):
        watch.step(100 * S + i * S // 10, True)
    assert watch.step(101 * S + round(leap_s * S), True) == 0.0


@given(st.lists(st.tuples(st.integers(-400, 900), st.sampled_from([True, False, None])), min_size=1, max_size=80))
def test_a_stopwatch_never_shows_more_than_the_time_that_passed(steps: list[tuple[int, bool | None]]) -> None:
    watch, now, forward = Stopwatch(), 0, 0
    for ms, holds in steps:
        now += ms * 1_000_000
        forward += max(0, ms) * 1_000_000
        held = watch.step(now, holds)
        assert 0 <= held <= forward / 1e9 + 1e-9
        if holds is False:
            assert held == 0
