"""Short counters go on rising, and frames without numbers get some."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.cameras.kinect_time import NumbersByTime, TickClock

SIXTY_MHZ = 1e9 / 60e6


@given(start=st.integers(0, 2**32 - 1), steps=st.lists(st.integers(1, 2**30), min_size=1, max_size=40))
def test_time_is_the_sum_of_the_steps_wherever_the_counter_wraps(start: int, steps: list[int]) -> None:
    clock = TickClock(SIXTY_MHZ)
    first = clock.ns(start)
    ticks = start
    for step in steps:
        ticks += step
        last = clock.ns(ticks % 2**32)
    assert last - first == pytest.approx(sum(steps) * SIXTY_MHZ, rel=1e-9, abs=2)
    assert clock.wraps == ticks // 2**32 - start // 2**32


def test_a_frame_out_of_order_steps_back_and_is_no_wrap() -> None:
    clock = TickClock(1.0)
    assert [clock.ns(t) for t in (1000, 3000, 2000, 4000)] == [1000, 3000, 2000, 4000]
    assert clock.wraps == 0


@pytest.mark.parametrize(("ticks", "tick_ns"), [(333, 1e5), (267, 1.25e5), (667, 1e5), (534, 1.25e5), (1000, 1e5)])
def test_the_first_frames_tell_which_tick_a_device_counts_in(ticks: int, tick_ns: float) -> None:
    clock = TickClock(1e5, 1.25e5)
    times = [clock.ns(7000 + n * ticks) for n in range(4)]
    assert clock.tick_ns == tick_ns
    assert all(b - a == pytest.approx(ticks * tick_ns, abs=2) for a, b in pairwise(times))


@given(gaps=st.lists(st.integers(1, 200), min_size=1, max_size=30), jitter=st.floats(-0.3, 0.3))
def test_a_gap_in_time_is_a_gap_in_the_numbers(gaps: list[int], jitter: float) -> None:
    numbers = NumbersByTime()
    period = 1e9 / 30
    at = 0
    assert numbers.next(0) == 0
    for gap in gaps:
        at += gap
        previous_ns = (at - gap) * period
        assert numbers.next(int(at * period), 0.0) == at, previous_ns
    late = int((at + 1 + jitter) * period)
    assert numbers.next(late) == at + 1


def test_a_slow_frame_of_a_camera_that_says_so_is_no_loss() -> None:
    numbers = NumbersByTime()
    assert [numbers.next(n * 66_666_666, 66_666_666) for n in range(4)] == [0, 1, 2, 3]


def test_two_frames_of_one_moment_have_two_numbers() -> None:
    numbers = NumbersByTime()
    assert [numbers.next(5), numbers.next(5), numbers.next(4)] == [0, 1, 2]
