"""Measures against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from training import metrics


def face() -> np.ndarray:
    points = np.random.default_rng(0).uniform(20, 100, (68, 2))
    points[36], points[45] = (40, 60), (90, 60)
    return points


def test_moving_all_points_by_a_tenth_of_the_eye_distance_is_an_error_of_a_tenth() -> None:
    truth = face()
    found = truth + np.array([5, 0])
    assert metrics.nme(found, truth) == pytest.approx(0.1)
    assert metrics.nme_literal(found, truth) == pytest.approx(0.1 / np.sqrt(68))


def test_eyes_on_one_spot_are_refused() -> None:
    with pytest.raises(ValueError, match="eyes"):
        metrics.nme(np.zeros((68, 2)), np.zeros((68, 2)))


def test_error_curve() -> None:
    errors = np.array([0.0, 0.04, 0.2])
    assert metrics.area_under_errors(errors, 0.08) == pytest.approx((1 + 0.5 + 0) / 3)
    assert metrics.failure_rate(errors, 0.08) == pytest.approx(1 / 3)


def test_differences_under_a_mask() -> None:
    a, b = np.array([1.0, 5.0, 100.0]), np.array([2.0, 3.0, 0.0])
    mask = np.array([True, True, False])
    assert metrics.mean_absolute(a, b, mask) == pytest.approx(1.5)
    assert metrics.root_mean_square(a, b, mask) == pytest.approx(np.sqrt(2.5))
    assert np.isnan(metrics.mean_absolute(a, b, np.zeros(3, bool)))


def test_alignment_removes_scale_and_shift() -> None:
    truth = np.array([1.0, 2.0, 5.0, 7.0])
    assert metrics.aligned(3 * truth - 4, truth) == pytest.approx(truth)


def test_overlap_and_ratios() -> None:
    a, b = np.array([True, True, False, False]), np.array([True, False, True, False])
    assert metrics.intersection_over_union(a, b) == pytest.approx(1 / 3)
    assert metrics.intersection_over_union(a & False, b & False) == 1.0
    y, t = np.array([100, 100, 100, 0]), np.array([100, 124, 126, 0])
    assert metrics.ratio_within(y, t) == pytest.approx(0.75)
    deltas = [metrics.ratio_within(y, t, 1.25**k) for k in (0.25, 1 / 3, 0.5, 1, 2, 3)]
    assert deltas == sorted(deltas)


def test_accuracy_counts_both_sides() -> None:
    assert metrics.accuracy(np.array([0.9, 0.1, 0.6]), np.array([True, False, False])) == pytest.approx(2 / 3)
