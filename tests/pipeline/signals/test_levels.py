"""What is usual for one person."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.signals.eye_scale import BlinkShape, PersonalScale
from pipeline.signals.foreshortening import seen_length, span_of
from pipeline.signals.levels import Level
from pipeline.steps.head_template import HEAD_LANDMARKS_M
from recordings.observation import HeadPose
from tests.pipeline.signals.faces import S, every


def fill(level: Level, values: list[float], fps: float = 20.0, begin_s: float = 0.0) -> None:
    for i, value in enumerate(values):
        level.add(round((begin_s + i / fps) * S), value)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=150, max_size=250), st.sampled_from([0.05, 0.2, 0.5, 0.8, 0.95]))
def test_the_level_is_the_percentile_of_the_last_minute(values: list[float], share: float) -> None:
    start = 0.0 if share >= 0.5 else 1.0
    level = Level(share, start, slow_s=1e-6)
    fill(level, values)
    true = np.percentile(values, 100 * share, method="inverted_cdf" if share < 0.5 else "higher")
    near = sorted(values)
    place = int(np.searchsorted(near, true))
    low, high = near[max(place - 2, 0)], near[min(place + 2, len(near) - 1)]
    assert low - 0.006 <= level.value <= high + 0.006


def test_what_is_older_than_the_span_is_forgotten() -> None:
    level = Level(0.95, 0.9, slow_s=1e-6)
    fill(level, [1.0] * 400)
    fill(level, [0.6] * 1300, begin_s=20.0)
    assert level.value == pytest.approx(0.6, abs=0.01)


@pytest.mark.parametrize("fps", [10.0, 30.0, 120.0])
def test_every_speed_of_the_camera_weighs_the_same(fps: float) -> None:
    level = Level(0.95, 0.9, slow_s=600.0)
    for t in every(60.0, fps):
        level.add(round(t * S), 0.97 if t % 10 < 1 else 0.8)
    assert level.value == pytest.approx(0.97, abs=0.01)
    assert level.seconds == pytest.approx(60.0, abs=0.2)


def test_it_rises_at_once_and_sinks_slowly() -> None:
    level = Level(0.95, 0.9)
    fill(level, [0.9] * 200)
    fill(level, [0.1] * 1600, begin_s=10.0)
    assert 0.8 < level.value < 0.9
    fill(level, [0.99] * 200, begin_s=90.0)
    assert level.value == pytest.approx(0.99, abs=0.01)


def test_a_low_one_sinks_at_once_and_rises_slowly() -> None:
    level = Level(0.2, 0.4)
    fill(level, [0.3] * 200)
    assert level.value == pytest.approx(0.3, abs=0.01)
    fill(level, [0.9] * 1600, begin_s=10.0)
    assert 0.3 < level.value < 0.4


def test_what_is_learned_first_is_not_far_below_the_usual() -> None:
    level = Level(0.95, 0.9)
    fill(level, [0.05] * 200)
    assert level.is_learned
    assert 0.5 < level.value < 0.55


@pytest.mark.parametrize("leap_s", [-1000.0, 1000.0])
def test_a_leap_of_the_clock_keeps_the_level(leap_s: float) -> None:
    level = Level(0.95, 0.9)
    fill(level, [0.8] * 400, begin_s=5000.0)
    before = level.value
    fill(level, [0.1] * 20, begin_s=5020.0 + leap_s)
    assert level.value == pytest.approx(before, abs=0.02)


def test_what_is_no_number_teaches_nothing() -> None:
    level = Level(0.95, 0.9)
    fill(level, [math.nan, math.inf, -math.inf] * 100)
    assert (level.value, level.is_learned, level.seconds) == (0.9, False, 0.0)


def test_the_scale_of_an_eye_is_between_its_blinks_and_its_widest() -> None:
    scale = PersonalScale(0.9, 0.06, learn_s=5.0, blinks=3)
    assert (scale.knows_open, scale.knows_closed, scale.contrast) == (False, False, 1.0)
    for i in range(200):
        scale.see(i * S // 20, 0.8)
    for floor in (0.2, 0.22, 0.24, 0.5):
        scale.blinked(floor)
    assert scale.knows_open
    assert scale.knows_closed
    assert scale.openness(scale.closed) == 0.0
    assert scale.openness(0.8) == pytest.approx(1.0, abs=0.02)
    assert scale.contrast == pytest.approx(0.75, abs=0.02)


def test_one_blink_that_went_deeper_does_not_set_the_scale() -> None:
    scale = PersonalScale(0.9, 0.06, learn_s=5.0, blinks=3)
    for floor in (0.01, 0.2, 0.21, 0.22, 0.3, 0.3, 0.35, 0.4, 0.4):
        scale.blinked(floor)
    assert scale.closed == 0.21


def shape_of(openness: list[float], fps: float = 30.0) -> int:
    blink, found = BlinkShape(), 0
    for i, value in enumerate(openness):
        found += blink.step(round(i / fps * S), (value, value)) is not None
    return found


def test_the_shape_of_a_blink_is_down_and_up_within_half_a_second() -> None:
    wide = [1.0] * 20
    assert shape_of([*wide, 0.7, 0.3, 0.1, 0.4, *wide]) == 1
    assert shape_of([*wide, *[0.1] * 20, *wide]) == 0
    assert shape_of([*wide, *np.linspace(1, 0.5, 60), *wide]) == 0
    assert shape_of([0.1, 0.1, *wide]) == 0


def test_a_stretch_of_the_head_looks_as_its_landmarks_do() -> None:
    span = span_of(8, 33)
    assert seen_length(HeadPose(0, 0, 0), span) == pytest.approx(math.hypot(span[0], span[1]))
    for pose in (HeadPose(30, 0, 0), HeadPose(0, -20, 0), HeadPose(25, 15, -30)):
        seen = pose.rotation() @ (HEAD_LANDMARKS_M[8] - HEAD_LANDMARKS_M[33])
        assert seen_length(pose, span) == pytest.approx(math.hypot(seen[0], seen[1]))
