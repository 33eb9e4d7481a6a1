"""Errors count the 51 inner points over the eye distance; baselines never see their own subject."""

from __future__ import annotations

import numpy as np
import pytest

from training.real import landmarks
from training.real.page_landmarks import region_of_points
from training.real.page_landmarks_thermal import region_of_box, within


def faces(count: int = 4) -> np.ndarray:
    points = np.random.default_rng(0).uniform(20, 100, (count, 68, 2))
    points[:, 36], points[:, 45] = (40, 60), (90, 60)
    return points


def test_a_shift_of_a_tenth_of_the_eye_distance_is_ten_percent_and_the_jaw_does_not_count() -> None:
    truth = faces()
    found = truth + np.array([3.0, 4.0])
    found[:, :17] += 1000
    result = landmarks.score(found, truth)
    assert result.mean == pytest.approx(0.1)
    assert (result.asked, result.answers) == (4, 4)


def test_brows_that_are_labelled_elsewhere_show_as_such() -> None:
    truth = faces()
    found = truth.copy()
    found[:, 17:27, 1] -= 4.0
    result = landmarks.score(found, truth)
    assert result.parts == pytest.approx({"brows": 0.08, "nose": 0, "eyes": 0, "mouth": 0})
    assert result.low["brows"] == pytest.approx(-0.08)


def test_faces_without_an_answer_are_told_apart_from_errors() -> None:
    truth = faces()
    found = truth.copy()
    found[0] = np.nan
    found[1] += (30.0, 40.0)
    truth[3] = np.nan
    result = landmarks.score(found, truth)
    assert (result.asked, result.answers) == (3, 2)
    assert result.far_off == pytest.approx(0.5)
    assert result.mean == pytest.approx(0.5)


def test_only_the_chosen_faces_count() -> None:
    truth = faces()
    found = truth.copy()
    found[0] += (3.0, 4.0)
    assert landmarks.score(found, truth, np.array([True, False, False, False])).mean == pytest.approx(0.1)
    assert landmarks.score(found, truth, np.zeros(4, bool)).answers == 0


def test_mean_shapes_leave_the_subject_out() -> None:
    points = faces()
    means = landmarks.mean_shapes(points, np.array(["a", "b", "c", "c"]), np.array(["up", "up", "up", "left"]))
    assert means[0] == pytest.approx(points[1:3].mean(axis=0))
    assert means[2] == pytest.approx(points[:2].mean(axis=0))
    assert np.isnan(means[3]).all()


def test_every_one_of_the_68_points_has_a_mesh_vertex() -> None:
    assert landmarks.MESH_OF_68.shape == (68,)
    assert len(set(landmarks.MESH_OF_68.tolist())) == 68
    assert landmarks.MESH_OF_68.max() < 468


def test_a_crop_from_points_is_scaled_by_the_eyes() -> None:
    points = faces(1)[0]
    points[[27, 28, 29, 30, 36, 39, 42, 45]] = [(65, 60)] * 4 + [(19, 60), (60, 60), (70, 60), (111, 60)]  # 92 px
    points[8] = (65, 120)
    region = region_of_points(points)
    assert region.width == pytest.approx(320)
    assert region.left + region.width / 2 == pytest.approx(65.5, abs=1)


def test_a_crop_from_a_thermal_box_is_as_wide_as_the_other_crops() -> None:
    region = region_of_box(np.array([60.0, 40.0, 80.0, 65.0]))
    assert region.width == pytest.approx(40)
    assert region.left + 20 == pytest.approx(70)


def test_points_within_a_box() -> None:
    box = np.array([20.0, 20.0, 100.0, 100.0])
    points = np.random.default_rng(1).uniform(30, 90, (68, 2))
    assert within(points, box)
    assert not within(points + 60, box)
    assert not within(points * 0.1 + 50, box)
