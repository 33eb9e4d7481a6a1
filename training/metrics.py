"""Measures of quality in NumPy (SPEC 2). None of them needs torch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RIGHT_OUTER_CORNER, LEFT_OUTER_CORNER = 36, 45


def eye_distance(points: NDArray) -> float:
    """Distance between the outer eye corners of (68, 2) points, px."""
    return float(np.linalg.norm(points[RIGHT_OUTER_CORNER] - points[LEFT_OUTER_CORNER]))


def nme(found: NDArray, truth: NDArray) -> float:
    """Normalized mean error: mean distance of (68, 2) points over the eye distance of the truth (300-W).

    Raises:
        ValueError: the eye distance is below one pixel.
    """
    distance = eye_distance(truth)
    if distance < 1:
        raise ValueError(f"The eyes are {distance:.2f} px apart; an error relative to that means nothing.")
    return float(np.linalg.norm(found - truth, axis=1).mean() / distance)


def nme_literal(found: NDArray, truth: NDArray) -> float:
    """Equation 3 of seed 003 as printed: the L2 norm of all 136 differences over (P D)."""
    distance = eye_distance(truth)
    if distance < 1:
        raise ValueError(f"The eyes are {distance:.2f} px apart; an error relative to that means nothing.")
    return float(np.linalg.norm(found - truth) / (len(truth) * distance))


def area_under_errors(errors: NDArray, limit: float = 0.08) -> float:
    """Area under the cumulative distribution of errors up to `limit`, divided by `limit`; 1 is perfect."""
    values = np.asarray(errors, float)
    return float(np.clip(1 - values / limit, 0, None).mean())


def failure_rate(errors: NDArray, limit: float = 0.08) -> float:
    """Share of errors above `limit`."""
    return float((np.asarray(errors) > limit).mean())


def mean_absolute(found: NDArray, truth: NDArray, mask: NDArray[np.bool_] | None = None) -> float:
    """Mean absolute difference over the mask; NaN if it is empty."""
    difference = np.abs(np.asarray(found, float) - np.asarray(truth, float))
    chosen = difference if mask is None else difference[mask]
    return float(chosen.mean()) if chosen.size else float("nan")


def root_mean_square(found: NDArray, truth: NDArray, mask: NDArray[np.bool_] | None = None) -> float:
    """Root of the mean squared difference over the mask; NaN if it is empty."""
    difference = (np.asarray(found, float) - np.asarray(truth, float)) ** 2
    chosen = difference if mask is None else difference[mask]
    return float(np.sqrt(chosen.mean())) if chosen.size else float("nan")


def aligned(found: NDArray, truth: NDArray) -> NDArray[np.float64]:
    """`found` after the scale and shift that fit `truth` best (least squares); both 1-d."""
    columns = np.stack([np.asarray(found, float), np.ones(len(found))], axis=1)
    solution = np.linalg.lstsq(columns, np.asarray(truth, float), rcond=None)[0]
    return columns @ solution


def intersection_over_union(found: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float:
    """Overlap of two masks; 1 if both are empty."""
    union = np.count_nonzero(found | truth)
    return np.count_nonzero(found & truth) / union if union else 1.0


def ratio_within(found: NDArray, truth: NDArray, limit: float = 1.25) -> float:
    """Eigen's delta: share of pixels with max(y/t, t/y) below `limit`; both are at least 1 (SPEC 2)."""
    y, t = np.maximum(np.asarray(found, float), 1), np.maximum(np.asarray(truth, float), 1)
    return float((np.maximum(y / t, t / y) < limit).mean())


def accuracy(scores: NDArray, truth: NDArray[np.bool_], threshold: float = 0.5) -> float:
    """Share of scores on the right side of the threshold."""
    return float(((np.asarray(scores) > threshold) == truth).mean())


def rank_correlation(a: NDArray, b: NDArray) -> float:
    """Spearman's rank correlation of two (n,) arrays, equal values sharing their mean rank; NaN below three values."""
    x, y = _ranks(np.asarray(a, float)), _ranks(np.asarray(b, float))
    if len(x) < 3 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return float("nan")
    return float(np.corrcoef(x, y)[0, 1])


def _ranks(values: NDArray) -> NDArray[np.float64]:
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    ranks: NDArray[np.float64] = (last - (count - 1) / 2)[place]
    return ranks
