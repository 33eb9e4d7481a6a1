"""How far behind a network camera is, what is missing, and what time it is there."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from drivers.cameras.network_pace import FrameNumbers, LiveEdge, StreamClock

PERIOD_S = 1 / 30


def test_who_waits_for_packets_is_never_behind_whatever_the_clocks_do():
    edge = LiveEdge(PERIOD_S)
    for n in range(100_000):  # an hour; the camera's clock is slow by 500 ppm: 1.6 s
        stream_s = n * PERIOD_S
        assert edge.behind_s(stream_s, stream_s * 1.0005, waited_s=PERIOD_S * 0.9) == 0.0
    assert edge.is_live


def test_what_piles_up_is_measured_until_it_is_read():
    edge = LiveEdge(PERIOD_S)
    assert edge.behind_s(0.0, 100.0, waited_s=PERIOD_S) == 0.0
    behind = [edge.behind_s(n * PERIOD_S, 101.0 + n * 0.001, waited_s=0.0) for n in range(1, 32)]
    assert behind[0] > 0.9
    assert behind == sorted(behind, reverse=True)
    assert behind[-1] < 0.1


def test_the_beginning_of_a_stream_that_was_kept_back_is_not_live():
    edge = LiveEdge(PERIOD_S)
    for n in range(20):
        assert edge.behind_s(n * PERIOD_S, 50.0 + n * 0.001, waited_s=0.0) == 0.0
        assert not edge.is_live
    edge.behind_s(20 * PERIOD_S, 50.05, waited_s=PERIOD_S)
    assert edge.is_live


def test_a_clock_that_is_set_makes_nobody_late():
    edge = LiveEdge(PERIOD_S)
    edge.behind_s(1000.0, 10.0, waited_s=PERIOD_S)
    assert edge.behind_s(0.0, 10.1, waited_s=0.0) == 0.0
    assert edge.behind_s(5000.0, 10.2, waited_s=0.0) == 0.0


@given(st.lists(st.floats(-10, 10), min_size=1, max_size=50), st.lists(st.booleans(), min_size=50, max_size=50))
def test_numbers_rise_whatever_the_times(steps: list[float], lost: list[bool]):
    numbers, at, last = FrameNumbers(), 0.0, -1
    for step, was_lost in zip(steps, lost, strict=False):
        at += step
        number = numbers.next(None if step == 0 else at, was_lost)
        assert number > last
        last = number
    assert numbers.lost == last - len(steps) + 1


def test_lost_packets_make_a_gap_as_long_as_the_hole_in_the_times():
    numbers = FrameNumbers()
    seen = [numbers.next(n * PERIOD_S, False) for n in range(10)]
    assert seen == list(range(10))
    assert numbers.next(13 * PERIOD_S, True) == 13
    assert numbers.lost == 3
    assert numbers.next(14 * PERIOD_S, True) == 14, "packets of a frame that came all the same"


def test_a_camera_that_slows_down_in_the_dark_has_lost_nothing():
    numbers = FrameNumbers()
    at = [n * PERIOD_S for n in range(10)] + [0.3 + n / 10 for n in range(1, 10)]
    assert [numbers.next(t, False) for t in at] == list(range(19))


def test_a_frame_without_a_time_gets_the_next_one_and_jumps_are_counted_not_hidden():
    clock = StreamClock()
    assert clock.device_ns(5_000_000_000, 0.04) == 5_000_000_000
    assert clock.device_ns(None, 0.04) == 5_040_000_000
    assert clock.device_ns(5_080_000_000, 0.04) == 5_080_000_000
    assert (clock.without_time, clock.jumps) == (1, 0)
    assert clock.device_ns(1_000, 0.04) == 1_000
    assert clock.device_ns(60_000_000_000, 0.04) == 60_000_000_000
    assert clock.jumps == 2
