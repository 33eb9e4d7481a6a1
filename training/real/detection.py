"""How well faces are found: boxes against one reference box a picture.

found: a box has its centre in the reference enlarged by half. good: its overlap with the reference is 0.5 or more.
false: a box that does not match the reference in that way (pictures without a reference: every box).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ENLARGED = 1.5
GOOD_OVERLAP = 0.5

Boxes = NDArray[np.float64]
"""(M, 4) left, top, right, bottom in px."""


@dataclass(frozen=True, slots=True)
class DetectionScore:
    """Over `pictures`: shares found and good (0..1) of those with a reference, false boxes a picture."""

    pictures: int
    found: float
    good: float
    false: float
    is_found: NDArray[np.bool_]
    is_good: NDArray[np.bool_]
    false_boxes: NDArray[np.int64]


def overlap(a: Sequence[float] | NDArray, b: Sequence[float] | NDArray) -> float:
    """Intersection over union of two boxes."""
    w = min(a[2], b[2]) - max(a[0], b[0])
    h = min(a[3], b[3]) - max(a[1], b[1])
    if w <= 0 or h <= 0:
        return 0.0
    both = w * h
    return float(both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both))


def is_match(box: Sequence[float] | NDArray, reference: Sequence[float] | NDArray) -> bool:
    """Whether the box's centre lies in the reference enlarged by half."""
    reach_x = (reference[2] - reference[0]) * ENLARGED / 2
    reach_y = (reference[3] - reference[1]) * ENLARGED / 2
    apart_x = abs((box[0] + box[2]) - (reference[0] + reference[2])) / 2
    apart_y = abs((box[1] + box[3]) - (reference[1] + reference[3])) / 2
    return bool(apart_x <= reach_x and apart_y <= reach_y)


def score(boxes: Sequence[Boxes], references: NDArray[np.float64]) -> DetectionScore:
    """Args: one array of boxes a picture, and (N, 4) references; a row of NaN: no face is there."""
    found = np.zeros(len(references), bool)
    good = np.zeros(len(references), bool)
    false = np.zeros(len(references), np.int64)
    for i, (some, reference) in enumerate(zip(boxes, references, strict=True)):
        for box in some:
            matches = np.isfinite(reference).all() and is_match(box, reference)
            found[i] |= matches
            good[i] |= matches and overlap(box, reference) >= GOOD_OVERLAP
            false[i] += not matches
    there = np.isfinite(references).all(axis=1)
    count = max(int(there.sum()), 1)
    return DetectionScore(
        pictures=len(references),
        found=float(found[there].sum() / count),
        good=float(good[there].sum() / count),
        false=float(false.mean()) if len(false) else 0.0,
        is_found=found,
        is_good=good,
        false_boxes=false,
    )


def by_picture(boxes: NDArray, image: NDArray, count: int) -> list[Boxes]:
    """Boxes of all pictures in one array to one array a picture."""
    return [np.asarray(boxes, float).reshape(-1, 4)[image == i] for i in range(count)]
