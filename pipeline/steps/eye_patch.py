"""Both eyes cut out of the picture at its own resolution: what EyeState looks at, in training and in use.

A patch is upright by the line between the eyes and as wide as :data:`WIDTH` of the distance between the outer eye
corners of a head that looks ahead, at that distance. A turned head shows that distance shorter, a tilted one shows the
nose shorter: the larger of the two readings counts. The left eye is mirrored, so that the nose is always on the right.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

HEIGHT, COLUMNS = 32, 48
"""Samples down and across a patch; those of engines.models.eye_state."""
WIDTH: Final = 0.62
"""Of the distance between the outer eye corners (about 90 mm)."""
NOSE: Final = 1.7
"""How many noses (iBUG 27 to 33) a face has between the outer corners of its eyes."""
_EYES: Final = (slice(36, 42), slice(42, 48))
_DOWN, _ACROSS = (a.ravel() for a in np.mgrid[0 : HEIGHT - 1 : 6j, 0 : COLUMNS - 1 : 8j])
"""Places in a patch by which it is told how much of it lies inside the picture."""


@dataclass(frozen=True, slots=True, eq=False)
class EyePatches:
    """The eyes of one face.

    Attributes:
        pixels: (2, HEIGHT, COLUMNS) uint8: the person's right eye, and the left one mirrored.
        inside: share 0..1 of each patch that lies inside the picture.
        span_px: distance of the outer corners of the eyes in px of the picture, as if the head looked ahead.
    """

    pixels: NDArray[np.uint8]
    inside: tuple[float, float]
    span_px: float


def cut_eyes(gray: NDArray[np.uint8], points: NDArray[np.floating[Any]]) -> EyePatches | None:
    """Both eyes of a face; None where the points span nothing.

    Args:
        gray: (H, W) the picture.
        points: (68, 2) landmarks in its pixels, pixel centres at integers.
    """
    span = eyes_span(points)
    if not (math.isfinite(span) and span > 1.0 and np.isfinite(points[36:48]).all()):
        return None
    centers = [np.asarray(points[eye], np.float64).mean(axis=0) for eye in _EYES]
    line = centers[1] - centers[0]
    length = math.hypot(float(line[0]), float(line[1]))
    if not length > 0.5:
        return None
    line /= length
    down = np.array([-line[1], line[0]])
    step = span * WIDTH / COLUMNS
    patches = np.empty((2, HEIGHT, COLUMNS), np.uint8)
    inside = []
    for side, center in enumerate(centers):
        across = line if side == 0 else -line
        # Patch pixel (j, i) shows center + (j - middle) across + (i - middle) down; pixel centres at integers.
        matrix = np.column_stack([across * step, down * step, np.zeros(2)])
        matrix[:, 2] = center - matrix[:, 0] * (COLUMNS - 1) / 2 - matrix[:, 1] * (HEIGHT - 1) / 2
        patches[side] = _resampled(gray, matrix, step)
        inside.append(_inside(matrix, gray.shape[0], gray.shape[1]))
    return EyePatches(patches, (inside[0], inside[1]), span)


def eyes_span(points: NDArray[np.floating[Any]]) -> float:
    """Distance of the outer corners of the eyes in px, as if the head looked ahead; NaN where a point is no number."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = (points[i].tolist() for i in (36, 45, 27, 33))
    wide: float = math.hypot(ax - bx, ay - by)
    nose: float = math.hypot(cx - dx, cy - dy)
    return max(wide, NOSE * nose) if math.isfinite(wide + nose) else math.nan


def _resampled(gray: NDArray[np.uint8], matrix: NDArray[np.float64], step: float) -> NDArray[np.uint8]:
    """A patch; where it has fewer samples than the picture has pixels, whole blocks are averaged first."""
    block = int(step)
    if block >= 2:
        corners = matrix @ np.array([[0, COLUMNS, 0, COLUMNS], [0, 0, HEIGHT, HEIGHT], [1, 1, 1, 1]], np.float64)
        height, width = gray.shape
        left, top = (max(math.floor(float(v)) - 2 * block, 0) for v in corners.min(axis=1))
        right, bottom = (math.ceil(float(v)) + 3 * block for v in corners.max(axis=1))
        wide, high = (min(right, width) - left) // block, (min(bottom, height) - top) // block
        if wide > 0 and high > 0:
            part = gray[top : top + high * block, left : left + wide * block]
            gray = np.asarray(cv2.resize(part, (wide, high), interpolation=cv2.INTER_AREA), np.uint8)
            matrix = matrix / block
            # Block k is centred at left + (k + 1/2) block - 1/2.
            matrix[:, 2] += (0.5 - np.array([left, top])) / block - 0.5
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    cut = cv2.warpAffine(gray, matrix, (COLUMNS, HEIGHT), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cut, np.uint8)


def _inside(matrix: NDArray[np.float64], height: int, width: int) -> float:
    x, y = matrix[:, :2] @ np.stack([_ACROSS, _DOWN]) + matrix[:, 2:]
    seen = (x > -0.5) & (x < width - 0.5) & (y > -0.5) & (y < height - 0.5)
    return float(np.count_nonzero(seen) / len(_ACROSS))
