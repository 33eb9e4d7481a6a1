"""A RealSense's clock of 32 bits is kept rising, however the frames of its streams straddle its end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.cameras.realsense_clock import HARDWARE, SYSTEM, WRAP_NS, DeviceClock

MS = 1_000_000


def raw_ms(true_ns: int) -> float:
    return true_ns % WRAP_NS / 1e6


@given(
    start_s=st.integers(0, 3 * 4295),
    steps_ms=st.lists(st.integers(0, 40), min_size=2, max_size=60),
    lags_ms=st.lists(st.integers(-30, 30), min_size=60, max_size=60),
)
def test_times_are_the_true_ones_up_to_whole_turns(start_s: int, steps_ms: list[int], lags_ms: list[int]) -> None:
    """Frames of several streams, up to 30 ms out of order, begun anywhere in the counter's range."""
    clock = DeviceClock()
    true_ns, shift = start_s * 1000 * MS + 10**9, None
    for step, lag in zip(steps_ms, lags_ms, strict=False):
        true_ns += step * MS
        device = clock.of(raw_ms(true_ns + lag * MS), HARDWARE, true_ns)
        here = device - (true_ns + lag * MS)
        shift = here if shift is None else shift
        assert here == pytest.approx(shift, abs=1000)
        assert round(here / WRAP_NS) * WRAP_NS == pytest.approx(here, abs=1000)


def test_a_turn_is_counted_once_though_two_streams_straddle_it() -> None:
    clock = DeviceClock()
    end = WRAP_NS
    times = [end - 40 * MS, end - 39 * MS, end + 2 * MS, end - 5 * MS, end + 30 * MS, end + 29 * MS]
    assert [clock.of(raw_ms(t), HARDWARE, t) for t in times] == pytest.approx(times, abs=1000)
    assert clock.wraps == 1


def test_a_clock_that_was_set_back_is_not_taken_for_a_turn() -> None:
    clock = DeviceClock()
    clock.of(3_000_000.0, HARDWARE, 0)
    assert clock.of(5.0, HARDWARE, 0) == 5 * MS  # whoever maps the clocks sees the jump
    assert clock.wraps == 0


def test_a_clock_of_64_bits_has_no_end() -> None:
    clock = DeviceClock()
    epoch_ms = 1_790_000_000_000.25
    assert clock.of(epoch_ms, SYSTEM, 0) == round(epoch_ms * 1e6)
    assert clock.of(epoch_ms - 1e7, SYSTEM, 0) == round((epoch_ms - 1e7) * 1e6)


def test_frames_of_another_clock_are_reckoned_from_their_arrival() -> None:
    clock = DeviceClock()
    clock.of(1000.0, HARDWARE, 500 * MS)
    assert clock.of(1.79e12, SYSTEM, 533 * MS) == 1033 * MS
    assert clock.of(1066.0, HARDWARE, 566 * MS) == 1066 * MS
    assert clock.foreign == 1


def test_a_clock_that_changes_for_good_is_taken_over() -> None:
    clock = DeviceClock()
    clock.of(1000.0, HARDWARE, 0)
    for _ in range(11):
        last = clock.of(1.79e12, SYSTEM, 0)
    assert last == round(1.79e18)
    assert clock.domain == SYSTEM


def test_a_recording_that_begins_anew_goes_on_in_time() -> None:
    clock = DeviceClock()
    first = [clock.of(ms, HARDWARE, 0) for ms in (100.0, 133.0)]
    clock.go_on(33 * MS)
    assert [clock.of(ms, HARDWARE, 0) for ms in (100.0, 101.0, 133.0)] == [166 * MS, 167 * MS, 199 * MS]
    clock.go_on(33 * MS)
    assert clock.of(100.0, HARDWARE, 0) == 232 * MS
    assert first == [100 * MS, 133 * MS]


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_a_time_that_is_none_is_refused(bad: float) -> None:
    with pytest.raises(ValueError, match="impossible time"):
        DeviceClock().of(bad, HARDWARE, 0)
