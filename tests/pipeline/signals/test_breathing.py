from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.frame import FrameFlag
from pipeline.signals.breathing import NAMES, Breathing
from pipeline.signals.spectrum import band_passed, detrended, rhythm_of
from recordings.observation import SignalValue
from tests.pipeline.signals.faces import every, known, sight_at
from tests.pipeline.signals.warm_faces import SKIN_C, warm_sight

Breath = Callable[[float], float]


def sine(per_min: float, kelvin: float = 0.3) -> Breath:
    return lambda t: SKIN_C - 1.0 + kelvin * math.sin(2 * math.pi * per_min / 60 * t)


TWELVE = sine(12.0)


def run(times_s: Sequence[float], nose: Breath = TWELVE, noise_k: float = 0.05, **what: object) -> list[SignalValue]:
    """What is told at these times; callables of ``what`` are asked for their value at each."""
    breathing = Breathing()
    told = []
    for i, t in enumerate(times_s):
        given_now = {k: v(t) if callable(v) else v for k, v in what.items()}
        frame = {"noise_k": noise_k, "seed": i, **given_now.pop("frame", {})}  # type: ignore[dict-item]  # a dict by use
        sight = warm_sight(t, paint={"nose": nose(t)}, frame=frame, **given_now)  # type: ignore[arg-type]  # by name
        told.append(breathing.step(sight, {})[NAMES[0]])
    return told


@pytest.mark.parametrize(("per_min", "fps"), [(12.0, 9.0), (7.0, 10.0), (18.0, 12.0), (33.0, 10.0)])
def test_a_steady_breath_is_told_to_half_a_breath(per_min: float, fps: float) -> None:
    told = run(every(33.0, fps), sine(per_min))
    assert told[-1].is_valid, told[-1].reason
    assert told[-1].value == pytest.approx(per_min, abs=0.5)
    assert told[-1].unit == "1/min"
    assert told[-1].source == "thermal"
    assert told[-1].confidence > 0.4


def test_a_quick_camera_beside_a_slow_thermal_one_changes_nothing() -> None:
    alone, beside = Breathing(), Breathing()
    last = []
    for i, t in enumerate(every(33.0, 10.0)):
        sight = warm_sight(t, paint={"nose": TWELVE(t)}, frame={"noise_k": 0.05, "seed": i})
        last = [alone.step(sight, {})[NAMES[0]]]
        for part in range(3):
            last.append(beside.step(replace(sight, device_ns=sight.device_ns + part * 33_000_000), {})[NAMES[0]])
    assert last[0].is_valid
    assert all(value == last[0] for value in last)


def test_nothing_is_told_before_there_is_enough_to_tell() -> None:
    told = run(every(20.0, 10.0))
    assert all(not value.is_valid for value in told)
    assert "needed" in told[-1].reason


@pytest.mark.parametrize("seed", range(2))
def test_noise_alone_is_no_breath(seed: int) -> None:
    rng = np.random.default_rng(seed)
    told = run(every(45.0, 10.0, begin_s=1000.0 * seed), lambda t: SKIN_C - 1.0 + float(rng.normal(0, 0.1)))
    assert all(not value.is_valid for value in told)


def test_skin_that_only_grows_warmer_is_no_breath() -> None:
    told = run(every(40.0, 10.0), lambda t: 30.0 + 0.05 * t)
    assert all(not value.is_valid for value in told)


def test_a_face_that_does_not_change_at_all_is_no_breath() -> None:
    told = run(every(33.0, 10.0), lambda t: SKIN_C, noise_k=0.0)
    assert all(not value.is_valid for value in told)


def test_who_talks_gets_no_rate() -> None:
    told = run(every(33.0, 10.0), mouth=lambda t: 0.2 + 0.15 * math.sin(2 * math.pi * 2.1 * t))
    assert "the mouth moves" in told[-1].reason


def test_a_mouth_that_stays_open_does_not_talk() -> None:
    assert run(every(33.0, 10.0), mouth=0.3)[-1].is_valid


def test_a_head_that_moves_gets_no_rate() -> None:
    swaying = run(every(33.0, 10.0), center_m=lambda t: (0.03 * math.sin(2 * math.pi * 0.2 * t), 0.0, 1.0))
    assert "the head moves" in swaying[-1].reason
    shaking = run(every(33.0, 10.0), center_m=lambda t: (0.02 * math.sin(2 * math.pi * 1.7 * t), 0.0, 1.0))
    assert "the head moves" in shaking[-1].reason


def test_a_camera_of_five_pictures_a_second_is_too_slow() -> None:
    assert "too few" in run(every(33.0, 5.0))[-1].reason


def test_the_same_thermal_picture_in_several_frame_sets_counts_once() -> None:
    slow = run(every(33.0, 25.0), frame=lambda t: {"number": int(t * 5)}, nose=lambda t: TWELVE(math.floor(t * 5) / 5))
    assert not slow[-1].is_valid


def test_short_gaps_are_bridged_and_long_ones_begin_anew() -> None:
    gappy = [t for t in every(32.0, 10.0) if t % 5.0 > 0.9]
    told = run(gappy)
    assert told[-1].is_valid, told[-1].reason
    assert told[-1].value == pytest.approx(12.0, abs=0.5)
    broken = [t for t in every(45.0, 10.0) if not 25.0 < t < 30.0]
    assert not run(broken)[-1].is_valid
    sparse = [t for t in every(32.0, 10.0) if t % 5.0 > 2.5]
    assert "are known" in run(sparse)[-1].reason


@pytest.mark.parametrize("leap_s", [-20.0, 7200.0])
def test_a_clock_that_leaps_in_the_window_begins_anew(leap_s: float) -> None:
    times = [t if t < 28.0 else t + leap_s for t in every(40.0, 10.0)]
    told = run(times)
    after = told[281:]
    assert all(not value.is_valid for value in after)


def test_after_a_leap_of_the_clock_the_rate_comes_back() -> None:
    assert run([t if t < 5.0 else t - 90.0 for t in every(35.0, 10.0)])[-1].is_valid


def test_the_step_of_a_shutter_changes_nothing() -> None:
    """After a flat-field correction all counts lie elsewhere; while the shutter is closed nothing is known."""

    def step(t: float) -> Callable[[np.ndarray], np.ndarray]:
        return lambda celsius: celsius + (1.5 if t > 16.0 else 0.0)

    def frame(t: float) -> dict[str, object]:
        return {"flags": FrameFlag.SHUTTER if 15.6 < t < 16.1 else FrameFlag.NONE}

    breathing, told = Breathing(), []
    for i, t in enumerate(every(33.0, 10.0)):
        sight = warm_sight(t, paint={"nose": TWELVE(t)}, change=step(t), frame={"noise_k": 0.05, "seed": i, **frame(t)})
        told.append(breathing.step(sight, {})[NAMES[0]])
    assert "shutter" in told[158].reason
    assert told[-1].value == pytest.approx(12.0, abs=0.5)


def test_the_mouth_that_another_signal_told_is_believed() -> None:
    breathing = Breathing()
    for i, t in enumerate(every(33.0, 10.0)):
        sight = warm_sight(t, paint={"nose": TWELVE(t)}, frame={"noise_k": 0.05, "seed": i})
        value = breathing.step(sight, known(mouth_openness=0.2 + 0.2 * (i % 2)))[NAMES[0]]
    assert "the mouth moves" in value.reason


def test_a_camera_that_is_not_radiometric_breathes_as_well() -> None:
    assert run(every(33.0, 10.0), radiometric=False)[-1].value == pytest.approx(12.0, abs=0.5)


def test_without_a_thermal_camera_or_with_points_that_are_none_nothing_is_told() -> None:
    assert "no thermal camera" in Breathing().step(sight_at(0.0), {})[NAMES[0]].reason
    sight = warm_sight(0.0)
    assert sight.landmarks is not None
    points = np.full((68, 2), np.nan)
    value = Breathing().step(warm_sight(0.0, points=points), {})[NAMES[0]]
    assert not value.is_valid
    assert value.reason


@settings(max_examples=20, deadline=None)
@given(per_min=st.floats(7.0, 39.0), phase=st.floats(0.0, 6.2), seed=st.integers(0, 1000))
def test_a_sine_in_as_much_noise_is_found_where_it_is(per_min: float, phase: float, seed: int) -> None:
    t = np.arange(300) / 10.0
    noise = np.random.default_rng(seed).normal(0.0, 0.5, t.size)
    rhythm = rhythm_of(np.sin(2 * np.pi * per_min / 60 * t + phase) + noise + 0.1 * t, 10.0)
    assert rhythm is not None
    assert 60 * rhythm.hz == pytest.approx(per_min, abs=0.5)


def test_the_trend_goes_and_the_band_stays() -> None:
    t = np.arange(300) / 10.0
    assert np.abs(detrended(3.0 + 0.2 * t - 0.01 * t**2)).max() < 1e-9
    passed = band_passed(np.sin(2 * np.pi * 0.3 * t) + np.sin(2 * np.pi * 2.0 * t), 10.0, 0.1, 0.7)
    assert np.abs(passed - np.sin(2 * np.pi * 0.3 * t))[50:-50].max() < 0.1
    assert rhythm_of(np.zeros(300), 10.0) is None
