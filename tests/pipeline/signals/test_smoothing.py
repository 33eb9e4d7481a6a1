"""Smoothed landmarks and signals stand beside the raw ones."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pipeline.signals.one_euro import OneEuroConfig
from pipeline.signals.sight import unknown
from pipeline.signals.smoothing import (
    LandmarkSmoother,
    SignalSmoother,
    SmoothingConfig,
    landmark_lag_ms,
    signal_lag_ms,
    unit_px,
)
from recordings.observation import Box, SignalValue
from tests.pipeline.signals.faces import S, image_points, make_face


@pytest.mark.parametrize("rate", [10.0, 30.0, 120.0])
def test_landmarks_of_a_still_head_tremble_less_and_the_raw_ones_stay(rate: float) -> None:
    smoother = LandmarkSmoother()
    still = image_points()
    raw, smooth = [], []
    for k in range(round(3 * rate)):
        face = make_face(noise_px=1.0, seed=k)
        assert face.landmarks is not None
        before = face.landmarks.points.copy()
        told = smoother.step(round(k / rate * S), face)
        assert told is not None
        assert np.array_equal(face.landmarks.points, before)
        assert np.array_equal(told.confidence, face.landmarks.confidence)
        if k > rate:
            raw.append(face.landmarks.points - still)
            smooth.append(told.points - still)
    assert np.std(smooth) < (0.9 if rate < 20 else 0.65) * np.std(raw)


def test_a_head_that_moves_quickly_is_followed_within_a_few_millimetres() -> None:
    smoother = LandmarkSmoother()
    for k in range(60):
        x = -0.15 + 0.3 * k / 60  # 0.15 m/s, 112 px/s here
        face = make_face(center_m=(x, 0.0, 0.8))
        told = smoother.step(k * S // 30, face)
        assert told is not None
        assert face.landmarks is not None
        late = np.abs(told.points - face.landmarks.points).max()
    assert late < 112 * landmark_lag_ms(SmoothingConfig(), 30.0, 60.0) / 1000 + 0.5


def test_an_instants_leap_to_another_place_begins_anew() -> None:
    smoother = LandmarkSmoother()
    for k in range(10):
        smoother.step(k * S // 30, make_face())
    other = make_face(center_m=(0.2, 0.0, 0.8))
    told = smoother.step(10 * S // 30, other)
    assert told is not None
    assert other.landmarks is not None
    assert np.array_equal(told.points, other.landmarks.points)


@pytest.mark.parametrize("later_s", [-3.0, 0.7, 100.0])
def test_gaps_and_leaps_of_the_clock_begin_anew(later_s: float) -> None:
    smoother = LandmarkSmoother()
    for k in range(10):
        smoother.step(k * S // 30, make_face())
    other = make_face(yaw=5.0)
    told = smoother.step(round((0.3 + later_s) * S), other)
    assert told is not None
    assert other.landmarks is not None
    assert np.array_equal(told.points, other.landmarks.points)


def test_a_face_without_landmarks_has_none_and_begins_anew() -> None:
    smoother = LandmarkSmoother()
    smoother.step(0, make_face())
    assert smoother.step(S // 30, make_face(landmarks=None)) is None
    other = make_face(yaw=3.0)
    told = smoother.step(2 * S // 30, other)
    assert told is not None
    assert other.landmarks is not None
    assert np.array_equal(told.points, other.landmarks.points)


def test_points_that_are_nan_stay_so_and_the_others_are_smoothed() -> None:
    smoother = LandmarkSmoother()
    points = image_points()
    points[40] = math.nan
    for k in range(5):
        told = smoother.step(k * S // 30, make_face(points=points + k * 0.1))
    assert told is not None
    assert np.isnan(told.points[40]).all()
    assert np.isfinite(np.delete(told.points, 40, axis=0)).all()


def test_all_points_nan_are_given_back_as_they_came() -> None:
    smoother = LandmarkSmoother()
    smoother.step(0, make_face())
    told = smoother.step(S // 30, make_face(points=np.full((68, 2), math.nan)))
    assert told is not None
    assert np.isnan(told.points).all()


def test_without_smoothing_the_landmarks_are_the_faces_own() -> None:
    smoother = LandmarkSmoother(SmoothingConfig(smooth_landmarks=False))
    face = make_face()
    assert smoother.step(0, face) is face.landmarks


def test_another_stream_begins_anew() -> None:
    smoother = LandmarkSmoother()
    smoother.step(0, make_face())
    other = make_face(stream="color", yaw=1.0)
    told = smoother.step(S // 30, other)
    assert told is not None
    assert other.landmarks is not None
    assert np.array_equal(told.points, other.landmarks.points)


def test_the_unit_is_a_pixel_of_the_papers_crop() -> None:
    assert unit_px(make_face(center_m=(0.0, 0.0, 0.75))) == pytest.approx(2.0)
    assert unit_px(make_face(center_m=(0.0, 0.0, 1.5))) == pytest.approx(1.0)
    near = make_face(crop=None)
    assert unit_px(near) == pytest.approx(unit_px(make_face()), rel=0.5)
    assert unit_px(make_face(crop=Box(0, 0, 0, 0), box=Box(0, 0, 0, 0))) > 0


def test_signals_that_are_named_are_smoothed_and_the_others_left_out() -> None:
    smoother = SignalSmoother(SmoothingConfig(signals={"head_yaw": OneEuroConfig(beta=0.0)}))
    for k in range(30):
        value = 10.0 if k % 2 else -10.0
        given = {
            "head_yaw": SignalValue(value, "deg", 0.8, source="infrared"),
            "off_road_s": SignalValue(1.0, "s", 1.0),
        }
        told = smoother.step(k * S // 30, given)
    assert set(told) == {"head_yaw"}
    assert abs(told["head_yaw"].value) < 5.0
    assert (told["head_yaw"].unit, told["head_yaw"].confidence, told["head_yaw"].source) == ("deg", 0.8, "infrared")
    assert given["head_yaw"].value == 10.0


def test_a_signal_that_is_not_known_keeps_its_reason_and_begins_anew() -> None:
    smoother = SignalSmoother()
    smoother.step(0, {"head_yaw": SignalValue(0.0, "deg", 1.0)})
    lost = unknown("deg", "the head is turned away")
    assert smoother.step(S // 30, {"head_yaw": lost}) == {"head_yaw": lost}
    back = SignalValue(40.0, "deg", 1.0)
    assert smoother.step(2 * S // 30, {"head_yaw": back})["head_yaw"].value == 40.0
    assert smoother.step(3 * S // 30, {}) == {}


def test_the_lag_that_is_shown_is_that_of_the_configuration() -> None:
    config = SmoothingConfig()
    for rate in (10.0, 120.0):
        slow = landmark_lag_ms(config, rate)
        assert slow == pytest.approx(1000 / (2 * math.pi * config.landmarks.min_cutoff_hz), rel=1e-3)
        assert landmark_lag_ms(config, rate, 100.0) < 0.3 * slow
        assert signal_lag_ms(config, "head_yaw", rate, 40.0) <= 1000 / rate + 1e-6
    assert landmark_lag_ms(SmoothingConfig(smooth_landmarks=False), 30.0) == 0.0
    assert signal_lag_ms(config, "off_road_s", 30.0, 1.0) == 0.0
