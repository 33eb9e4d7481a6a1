"""The One-Euro filter: still where nothing moves, quick where something does, and as late as it says."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.signals.one_euro import OneEuro, OneEuroConfig, OneEuroPoints, ramp_lag_ms, step_lag_ms

S = 1_000_000_000
RATES = (10.0, 30.0, 120.0)


def run(one: OneEuro, rate_hz: float, values: list[float]) -> list[float]:
    out = [one.step(round(i / rate_hz * S), v) for i, v in enumerate(values)]
    return [v for v in out if v is not None]


def test_the_first_value_comes_out_as_it_went_in() -> None:
    assert OneEuro().step(5, 3.5) == 3.5
    points = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert np.array_equal(OneEuroPoints().step(5, points), points)


def test_one_step_is_the_formula_of_the_paper() -> None:
    config = OneEuroConfig(min_cutoff_hz=1.0, beta=0.5, speed_cutoff_hz=2.0)
    one = OneEuro(config)
    one.step(0, 0.0)
    te = 0.1
    speed_alpha = 1 / (1 + (1 / (2 * math.pi * 2.0)) / te)
    speed = speed_alpha * (1.0 / te)
    cutoff = 1.0 + 0.5 * speed
    alpha = 1 / (1 + (1 / (2 * math.pi * cutoff)) / te)
    assert one.step(S // 10, 1.0) == pytest.approx(alpha)


@pytest.mark.parametrize("rate", RATES)
def test_noise_round_a_still_value_becomes_smaller(rate: float) -> None:
    noise = np.random.default_rng(1).normal(0.0, 1.0, round(10 * rate))
    told = run(OneEuro(OneEuroConfig(min_cutoff_hz=1.0, beta=0.0)), rate, noise.tolist())
    # A first-order low-pass leaves alpha / (2 - alpha) of the variance of white noise.
    turns = 2 * math.pi / rate
    alpha = turns / (1 + turns)
    expected = math.sqrt(alpha / (2 - alpha))
    assert np.std(told[round(rate) :]) == pytest.approx(expected, rel=0.35)


@pytest.mark.parametrize("rate", RATES)
def test_a_slow_ramp_lags_by_the_time_constant_at_every_rate(rate: float) -> None:
    config = OneEuroConfig(min_cutoff_hz=2.0, beta=0.0)
    assert ramp_lag_ms(config, rate, 1.0) == pytest.approx(1000 / (2 * math.pi * 2.0), rel=1e-3)


def test_the_quicker_something_moves_the_less_it_lags_and_alike_at_10_and_120_hz() -> None:
    config = OneEuroConfig(min_cutoff_hz=1.0, beta=0.1)
    for speed, hz in ((0.0, 1.0), (10.0, 2.0), (90.0, 10.0)):
        for rate in (10.0, 120.0):
            assert ramp_lag_ms(config, rate, speed) == pytest.approx(1000 / (2 * math.pi * hz), rel=2e-3)


def test_a_step_is_followed_by_half_when_the_lag_says_so() -> None:
    config = OneEuroConfig(min_cutoff_hz=1.0, beta=0.0)
    lag = step_lag_ms(config, 120.0, 5.0)
    one = OneEuro(config)
    one.step(0, 0.0)
    course = [one.step(round((k + 1) / 120 * S), 5.0) or 0.0 for k in range(100)]
    first = next(k for k, v in enumerate(course) if v >= 2.5)
    assert lag == pytest.approx(1000 * first / 120)
    # tau * ln 2, to a frame
    assert lag == pytest.approx(1000 * math.log(2) / (2 * math.pi), abs=1000 / 120)


def test_large_steps_are_followed_at_once_and_small_ones_are_not() -> None:
    config = OneEuroConfig(min_cutoff_hz=1.0, beta=0.5, speed_cutoff_hz=5.0)
    assert step_lag_ms(config, 30.0, 100.0) == 0.0
    assert step_lag_ms(config, 30.0, 0.01) > 50.0


@pytest.mark.parametrize("leap_s", [-5.0, 0.6, 3600.0])
def test_a_clock_that_leaps_begins_anew(leap_s: float) -> None:
    one, points = OneEuro(), OneEuroPoints()
    for k in range(10):
        one.step(k * S // 30, 0.0)
        points.step(k * S // 30, np.zeros((2, 2)))
    now = round((10 / 30 + leap_s) * S)
    assert one.step(now, 100.0) == 100.0
    assert np.array_equal(points.step(now, np.full((2, 2), 100.0)), np.full((2, 2), 100.0))


def test_the_same_instant_again_changes_nothing() -> None:
    one, points = OneEuro(), OneEuroPoints()
    one.step(0, 0.0)
    points.step(0, np.zeros((1, 2)))
    assert one.step(0, 50.0) == 0.0
    assert np.array_equal(points.step(0, np.full((1, 2), 50.0)), np.zeros((1, 2)))
    assert 0.0 < (one.step(S // 10, 1.0) or 0.0) < 1.0


def test_what_is_not_known_passes_and_begins_anew() -> None:
    one = OneEuro()
    one.step(0, 0.0)
    assert one.step(S // 10, None) is None
    assert one.step(2 * S // 10, math.nan) is None
    assert one.step(3 * S // 10, 7.0) == 7.0


def test_a_point_that_is_nan_stays_so_begins_anew_and_leaves_the_others_alone() -> None:
    with_gap, whole = OneEuroPoints(), OneEuroPoints()
    for k in range(6):
        points = np.array([[float(k), 0.0], [10.0 * k, 5.0]])
        broken = points.copy()
        if k in (2, 3):
            broken[1, 0] = math.nan
        a, b = with_gap.step(k * S // 30, broken), whole.step(k * S // 30, points)
        assert np.array_equal(a[0], b[0])
        if k in (2, 3):
            assert math.isnan(a[1, 0])
            assert a[1, 1] == 5.0
        if k == 4:
            assert np.array_equal(a[1], points[1])
        if k == 5:
            assert 40.0 < a[1, 0] < 50.0


def test_other_points_than_before_begin_anew() -> None:
    points = OneEuroPoints()
    points.step(0, np.zeros((3, 2)))
    assert np.array_equal(points.step(S // 30, np.ones((5, 2))), np.ones((5, 2)))


def test_what_comes_out_is_not_what_is_remembered() -> None:
    points = OneEuroPoints()
    points.step(0, np.zeros((1, 2)))[:] = 99.0
    points.step(S // 30, np.zeros((1, 2)))[:] = 99.0
    assert np.array_equal(points.step(2 * S // 30, np.zeros((1, 2))), np.zeros((1, 2)))


def test_a_unit_counts_the_speed() -> None:
    near, far = OneEuroPoints(OneEuroConfig(beta=0.1)), OneEuroPoints(OneEuroConfig(beta=0.1))
    for k in range(5):
        a = near.step(k * S // 30, np.array([[4.0 * k, 0.0]]), unit=4.0)
        b = far.step(k * S // 30, np.array([[1.0 * k, 0.0]]), unit=1.0)
        assert np.allclose(a, 4.0 * b)


@given(
    values=st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=30),
    rate=st.sampled_from(RATES),
    beta=st.floats(0.0, 10.0),
)
def test_it_stays_between_what_it_was_given_and_both_forms_agree(values: list[float], rate: float, beta: float) -> None:
    config = OneEuroConfig(beta=beta)
    one, points = OneEuro(config), OneEuroPoints(config)
    for k, value in enumerate(values):
        now = round(k / rate * S)
        told = one.step(now, value)
        assert told is not None
        assert min(values) - 1e-6 <= told <= max(values) + 1e-6
        assert points.step(now, np.array([[value, 0.0]]))[0, 0] == pytest.approx(told, abs=1e-9, rel=1e-9)


def test_wrong_parameters_are_refused() -> None:
    for wrong in ({"min_cutoff_hz": 0.0}, {"beta": -1.0}, {"speed_cutoff_hz": math.nan}, {"gap": 1.0}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            OneEuroConfig.model_validate(wrong)
