"""A device's clock is told on ours, whatever the way of the frames and whatever befalls the clocks."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from drivers.clock import WRAPS_NS, ClockMap
from drivers.clock_line import BINS, LowerLine

MS, S = 1_000_000, 1_000_000_000
EPOCH = 1_790_000_000 * S
IntArray = NDArray[np.int64]


@dataclass
class Told:
    """What a map said of each frame, and what was so, ns."""

    clock: ClockMap
    true: IntArray
    mapped: IntArray

    def error_ms(self, begin_s: float, end_s: float) -> float:
        """The largest error of the frames of that stretch."""
        seconds = (self.true - self.true[0]) / S
        return float(np.abs(self.mapped - self.true)[(seconds >= begin_s) & (seconds < end_s)].max() / MS)


def late(kind: str, count: int, rng: np.random.Generator, ms: float = 2.0) -> IntArray:
    if kind == "exponential":
        made = rng.exponential(ms, count)
    elif kind == "even":
        made = rng.uniform(0, ms, count)
    else:
        made = rng.normal(0, ms, count)
        if kind == "half a normal distribution":
            made = np.abs(made)
    return np.asarray(made * MS, np.int64)


def pushed(true: IntArray, device: IntArray, host: IntArray, numbers: IntArray | None = None) -> Told:
    clock = ClockMap()
    counted = np.arange(len(true)) if numbers is None else numbers
    mapped = [clock.push(int(d), int(h), int(n)) for d, h, n in zip(device, host, counted, strict=True)]
    return Told(clock, true, np.array(mapped, np.int64))


def regular(hz: float, seconds: float, ppm: float = 0.0) -> tuple[IntArray, IntArray]:
    """When frames were taken, on our clock and on the device's."""
    since = np.arange(int(hz * seconds)) / hz
    return EPOCH + np.asarray(since * S, np.int64), np.asarray(7 * S + since * (1 + ppm * 1e-6) * S, np.int64)


@pytest.mark.parametrize("hz", [9, 30, 120])
@pytest.mark.parametrize("kind", ["exponential", "half a normal distribution", "even"])
@pytest.mark.parametrize(("ppm", "jump_s"), [(200, 1.0), (-200, -1.0)])
def test_drift_jitter_and_a_jump_leave_less_than_a_millisecond_within_ten_seconds(
    hz: int, kind: str, ppm: float, jump_s: float
) -> None:
    true, device = regular(hz, 45, ppm)
    device[true - EPOCH >= 20 * S] += int(jump_s * S)
    told = pushed(true, device, true + late(kind, len(true), np.random.default_rng(hz)))
    assert told.error_ms(10, 20) < 1.0
    assert told.error_ms(30, 45) < 1.0
    assert (np.diff(told.mapped) > 0).all()
    state = told.clock.state()
    assert (state.jumps, state.last_jump) == (1, "device")
    assert state.last_jump_ms == pytest.approx(jump_s * 1000, abs=20)
    assert state.drift_ppm == pytest.approx(ppm, abs=20)
    assert state.drift_uncertainty_ppm is not None
    assert 0 < state.delay_ms[0] < state.delay_ms[1] < state.delay_ms[2] < 20


def test_jitter_to_both_sides_is_told_by_its_middle_once_it_is_known_for_what_it_is() -> None:
    true, device = regular(60, 45, 200)
    device[true - EPOCH >= 30 * S] += S
    told = pushed(true, device, true + late("to both sides", len(true), np.random.default_rng(2)))
    assert told.error_ms(15, 30) < 1.2
    assert told.error_ms(33, 45) < 1.2, "a jump changes the clock, not the jitter"
    assert told.error_ms(0, 4) > 2.0  # until then it is taken for lateness: the edge lies several deviations below


def test_jitter_to_both_sides_of_a_slow_camera_is_known_after_some_seconds() -> None:
    true, device = regular(9, 28, 200)
    errors = [
        pushed(true, device, true + late("to both sides", len(true), np.random.default_rng(seed))).error_ms(14, 28)
        for seed in range(12)
    ]
    assert np.median(errors) < 1.2
    assert sum(error < 2.0 for error in errors) >= 9, errors


def test_a_queue_that_bursts_is_no_jump_and_moves_nothing() -> None:
    true, device = regular(30, 60, 50)
    way = late("exponential", len(true), np.random.default_rng(3))
    for begin in (20, 40):
        stuck = (true >= EPOCH + begin * S) & (true < EPOCH + (begin + 3) * S)
        way[stuck] = np.maximum(way[stuck], EPOCH + (begin + 3) * S - true[stuck])  # all come at once, in the end
    told = pushed(true, device, np.maximum.accumulate(true + way))
    assert told.clock.jumps == 0
    assert told.error_ms(10, 60) < 1.0


def test_a_queue_that_drains_slowly_is_no_jump() -> None:
    true, device = regular(30, 60)
    seconds = (true - EPOCH) / S
    way = late("even", len(true), np.random.default_rng(4)) + np.asarray(
        np.clip(1.5 - 0.1 * (seconds - 20), 0, None) * (seconds >= 20) * S, np.int64
    )
    told = pushed(true, device, true + way)
    assert told.clock.jumps == 0
    assert told.error_ms(10, 60) < 1.0


def test_frames_that_had_waited_before_the_first_read_are_no_jump() -> None:
    true, device = regular(30, 20)
    way = late("exponential", len(true), np.random.default_rng(5))
    way[:15] = np.maximum(way[:15], EPOCH + S // 2 - true[:15])
    told = pushed(true, device, true + way)
    assert told.clock.jumps == 0
    assert told.error_ms(3, 20) < 1.0


@pytest.mark.parametrize("set_by_s", [1.0, -1.0, 3600.0, -3600.0, -0.2])
def test_our_clock_is_followed_when_somebody_sets_it(set_by_s: float) -> None:
    true, device = regular(30, 40, 30)
    true[true - EPOCH >= 20 * S] += int(set_by_s * S)
    told = pushed(true, device, true + late("exponential", len(true), np.random.default_rng(6)))
    state = told.clock.state()
    assert (state.jumps, state.last_jump) == (1, "host")
    assert state.last_jump_ms == pytest.approx(-set_by_s * 1000, abs=20)
    assert np.abs(told.mapped - told.true)[-300:].max() < MS


@pytest.mark.parametrize("name", ["32 bits of us", "32 bits at 60 MHz"])
def test_a_short_counter_that_begins_again_is_no_jump(name: str) -> None:
    wrap_ns = WRAPS_NS[name]
    true, device = regular(30, 40, 100)
    device = (device - 7 * S + wrap_ns - 20 * S) % wrap_ns
    told = pushed(true, device, true + late("exponential", len(true), np.random.default_rng(7)))
    assert (told.clock.jumps, told.clock.wraps) == (0, 1)
    assert told.error_ms(10, 40) < 1.0
    assert (np.diff(told.mapped) > 0).all()
    assert told.clock.state().span_s == pytest.approx(40, abs=0.5)


def test_a_camera_that_begins_at_zero_again_is_noticed_at_once() -> None:
    true, device = regular(30, 30, 100)
    again = true - EPOCH >= 15 * S
    true[again] += 4 * S  # it was away for that long
    device[again] = device[: again.sum()] - 7 * S
    numbers = np.where(again, np.cumsum(again), np.arange(len(true)))
    told = pushed(true, device, true + late("exponential", len(true), np.random.default_rng(8)), numbers)
    state = told.clock.state()
    assert (state.jumps, state.last_jump) == (1, "restart")
    assert (np.diff(told.mapped) > 0).all()
    assert told.error_ms(19.2, 40) < 8.0
    assert told.error_ms(29, 40) < 1.0


def test_a_pause_and_lost_frames_are_no_jump() -> None:
    true, device = regular(30, 60)
    keep = np.ones(len(true), bool)
    keep[600:690] = False  # a shutter, three seconds; the camera counts on
    keep[1000:1100:3] = False
    numbers = np.arange(len(true))
    numbers[1300:] -= 0
    keep[1200:1290] = False
    numbers[1290:] -= 90  # and one that does not count
    way = late("exponential", len(true), np.random.default_rng(9))
    told = pushed(true[keep], device[keep], (true + way)[keep], numbers[keep])
    assert told.clock.jumps == 0
    assert told.error_ms(10, 60) < 1.0


def test_two_streams_of_one_clock_share_its_jump() -> None:
    """Frames of the slower way that were taken before the jump still come after it."""
    clock = ClockMap()
    frames = []
    for i in range(900):
        t = i * S // 30
        jump = S if t >= 15 * S else 0
        frames.append((EPOCH + t + 2 * MS, t + jump, i, "fast"))
        frames.append((EPOCH + t + 45 * MS, t + jump, i, "slow"))
    frames.sort()
    errors = [clock.push(d, h, n, s) - (EPOCH + d - (S if d >= 16 * S else 0)) for h, d, n, s in frames]
    assert clock.jumps == 1
    assert max(abs(e) for e in errors[60:]) < 3 * MS


@pytest.mark.parametrize("first", ["fast", "slow"])
def test_streams_of_one_clock_may_take_ways_of_very_different_length(first: str) -> None:
    """The other begins after 15 s, and the first pauses for some seconds later on: no clock leapt."""
    way, clock, frames = {"fast": 4 * MS, "slow": 130 * MS}, ClockMap(), []
    rng = np.random.default_rng(11)
    for i in range(40 * 30):
        t = i * S // 30
        for k, stream in enumerate(("fast", "slow")):
            is_there = not 25 * S < t < 30 * S if stream == first else t > 15 * S
            if is_there:
                came = EPOCH + t + way[stream] + int(rng.exponential(1) * MS)
                frames.append((came, 3 * S + t + k, i, stream))
    told: dict[str, list[int]] = {"fast": [], "slow": []}
    for host_ns, device_ns, number, stream in sorted(frames):
        told[stream].append(clock.push(device_ns, host_ns, number, stream) - (EPOCH + device_ns - 3 * S + 4 * MS))
    assert clock.jumps == 0
    assert max(abs(e) for e in told["fast"][-20 * 15 :]) < MS
    assert max(abs(e) for e in told["slow"][-20 * 15 :]) < MS
    assert all(b - a > -30 * MS for errors in told.values() for a, b in pairwise(errors)), "times that fall"


def test_one_frame_with_a_wrong_time_does_not_cost_what_was_known() -> None:
    true, device = regular(30, 40, 100)
    device[600] += 2 * S
    told = pushed(true, device, true + late("exponential", len(true), np.random.default_rng(10)))
    good = np.arange(len(true)) != 600
    assert np.abs((told.mapped - told.true)[good & (true > EPOCH + 10 * S)]).max() < MS


def test_before_the_first_frame_nothing_is_claimed() -> None:
    clock = ClockMap()
    assert clock.to_host(5) == 5
    state = clock.state()
    assert (state.frames, state.drift_ppm, state.jumps) == (0, None, 0)
    json.dumps(state.to_json())


def test_the_words_are_those_of_a_recordings_fit() -> None:
    from recordings.clock_fit import ClockFit

    fit = ClockFit(1.0, 1.0, (0.0, 0.0, 0.0), 1.0, 0).to_json()
    state = ClockMap().state().to_json()
    assert set(fit) - {"breaks"} <= set(state)
    delay = state["delay_ms"]
    assert isinstance(delay, dict)
    assert list(delay) == list(fit["delay_ms"])


frames = st.lists(
    st.tuples(
        st.integers(-(2**40), 2**40),
        st.integers(-(2**40), 2**40),
        st.integers(-3, 3),
        st.sampled_from(["a", "b"]),
    ),
    max_size=60,
)


@given(frames)
@settings(max_examples=150, deadline=None)
def test_no_times_whatever_break_it(steps: list[tuple[int, int, int, str]]) -> None:
    clock, again = ClockMap(), ClockMap()
    device, host, number = 10**15, EPOCH, 0
    for device_step, host_step, number_step, stream in steps:
        device, host, number = device + device_step, host + host_step, number + number_step
        told = clock.push(device, host, number, stream)
        assert isinstance(told, int)
        assert told == again.push(device, host, number, stream)
    json.dumps(clock.state().to_json(), allow_nan=False)
    assert len(clock._streams) <= 2


@given(
    hz=st.sampled_from([9.0, 21.7, 60.0, 120.0]),
    ppm=st.floats(-300, 300),
    ms=st.floats(0.01, 8),
    seed=st.integers(0, 2**16),
)
@settings(max_examples=25, deadline=None)
def test_times_that_rise_are_told_rising_and_never_later_than_they_came(
    hz: float, ppm: float, ms: float, seed: int
) -> None:
    true, device = regular(hz, 25, ppm)
    way = late("exponential", len(true), np.random.default_rng(seed), ms)
    told = pushed(true, device, true + way)
    assert told.clock.jumps == 0
    assert (np.diff(told.mapped) > 0).all()
    within = max(0.5, 10 * ms / hz)
    assert told.error_ms(10, 25) < within
    assert (told.mapped <= true + way + within * MS)[true - EPOCH > 3 * S].all()


def test_memory_stays_the_same_for_hours() -> None:
    line = LowerLine(0, 0)
    for i in range(20_000):
        line.add(i * S // 4, (i * 7919 % 1000) * 1000)
    assert line.bins == BINS
    assert line.span_ns > 4000 * S
