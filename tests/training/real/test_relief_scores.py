"""Relief: raw, aligned and normals on surfaces whose errors are known."""

from __future__ import annotations

import numpy as np
import pytest

from training.real import relief

D = 800.0
ROWS, COLUMNS = np.mgrid[: relief.SIZE, : relief.SIZE].astype(float)


def plane(per_pixel: float) -> np.ndarray:
    return D + (COLUMNS - 48) * per_pixel


def whole() -> np.ndarray:
    return np.ones((relief.SIZE, relief.SIZE), bool)


def test_the_truth_has_no_error() -> None:
    result = relief.score_one(plane(1.0), plane(1.0), whole(), D)
    assert result["raw L1"] == 0.0
    assert result["aligned L1"] == pytest.approx(0, abs=1e-9)
    assert result["normals"] == pytest.approx(0, abs=0.1)
    assert result["d1"] == 1.0


def test_scale_and_shift_are_forgiven_by_alignment_only() -> None:
    result = relief.score_one(plane(0.5) + 20, plane(1.0), whole(), D)
    assert result["aligned L1"] == pytest.approx(0, abs=1e-9)
    assert result["scale"] == pytest.approx(2.0)
    assert result["raw L1"] > 15
    assert result["normals"] == pytest.approx(0, abs=0.1)


def test_normals_have_the_angle_between_two_planes() -> None:
    z = plane(relief.MM_PER_PIXEL)  # 45 degrees
    n, inside = relief.normals(z, whole())
    flat, _ = relief.normals(plane(0.0), whole())
    middle = np.zeros_like(inside)
    middle[10:-10, 10:-10] = True
    angle = np.degrees(np.arccos((n * flat).sum(axis=-1)))[middle & inside]
    assert angle == pytest.approx(45, abs=0.01)


def test_what_a_method_says_nothing_of_does_not_count_but_is_told() -> None:
    truth = np.stack([plane(1.0)] * 2)
    found = plane(1.0)
    found[:, :48] = np.nan
    result = relief.score({0: found}, truth, np.stack([whole()] * 2), np.array([D, D]), [0, 1])
    assert result["n"] == 1
    assert result["covered"] == pytest.approx(0.5)
    assert result["raw L1"] == pytest.approx(0)


def test_a_crop_with_hardly_a_pixel_is_left_out() -> None:
    few = np.zeros((1, relief.SIZE, relief.SIZE), bool)
    few[0, :2, :90] = True
    assert relief.score({0: plane(1.0)}, plane(1.0)[None], few, np.array([D]), [0]) == {"n": 0.0}


def test_the_mean_of_others_leaves_the_subject_out() -> None:
    truth = np.stack([plane(0.0) + 10, plane(0.0) + 30, plane(0.0) + 50])
    valid = np.stack([whole()] * 3)
    valid[2, 0, 0] = valid[1, 0, 0] = False
    means = relief.mean_relief(truth, np.array([D, D, D]), valid, np.array(["a", "b", "b"]))
    assert means[0, 5, 5] == pytest.approx(D + 40)
    assert means[1, 5, 5] == pytest.approx(D + 10)
    assert means[0, 0, 0] == pytest.approx(D)
