"""Heads from depth, the 320 mm crop, the papers' depth coding: what every score on real pictures starts from.

Pixel columns and rows are taken as they are counted (a crop's corner is the head centre less half its width), so that
a crop lies half a source pixel beside the one of the steps; all models and all peers get the same one.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

CROP_MM = 320.0
HALF_RANGE_MM = 300.0
HEAD_HALF_WIDTH_MM, HEAD_HALF_HEIGHT_MM = 80.0, 115.0
FACE_MM = 160.0
FACE_BELOW_MM = 15.0
FINER = 4
"""Pictures are drawn so many times finer and averaged: thinning without jagged edges."""


@dataclass(frozen=True, slots=True)
class Head:
    """Centre in px of the image, distance in mm, focal length in px."""

    x: float
    y: float
    distance_mm: float
    fx: float

    @property
    def crop_px(self) -> float:
        """Width of the 320 mm crop in px of the image."""
        return self.fx * CROP_MM / self.distance_mm

    @property
    def face_box(self) -> NDArray[np.float64]:
        """The reference box (left, top, right, bottom), px: 160 mm square, centred 15 mm below the head centre."""
        px = self.fx / self.distance_mm
        half, y = px * FACE_MM / 2, self.y + px * FACE_BELOW_MM
        return np.array([self.x - half, y - half, self.x + half, y + half])


@dataclass(frozen=True, slots=True)
class Region:
    """A square of an image: left and top edge and width, px. Pixel p covers p to p + 1."""

    left: float
    top: float
    width: float

    @classmethod
    def of(cls, head: Head) -> Region:
        w = head.crop_px
        return cls(head.x - w / 2, head.y - w / 2, w)

    def cut(self, image: NDArray, size: int, nearest: bool = False) -> NDArray:
        """The square as (size, size[, C]), 0 outside the image: averaged, or the nearest pixel (for depth)."""
        n = size if nearest else size * FINER
        scale = n / self.width
        # (p + 1/2) on the grid = scale (q + 1/2 - corner) on the image
        matrix = np.array(
            [[scale, 0, (0.5 - self.left) * scale - 0.5], [0, scale, (0.5 - self.top) * scale - 0.5]], np.float64
        )
        if nearest:
            return cv2.warpAffine(image, matrix, (n, n), flags=cv2.INTER_NEAREST)
        fine = cv2.warpAffine(image, matrix, (n, n), flags=cv2.INTER_LINEAR)
        return cv2.resize(fine, (size, size), interpolation=cv2.INTER_AREA)

    def to_image(self, points: NDArray, size: int) -> NDArray[np.float64]:
        """Points (N, 2) of a crop of `size` px, pixel centres at integers, to px of the image."""
        return (np.asarray(points, float) + 0.5) * (self.width / size) - 0.5 + np.array([self.left, self.top])

    def to_crop(self, points: NDArray, size: int) -> NDArray[np.float64]:
        """Points (N, 2) in px of the image, pixel centres at integers, to a crop of `size` px."""
        return (np.asarray(points, float) + 0.5 - np.array([self.left, self.top])) * (size / self.width) - 0.5


def find_head(depth_mm: NDArray, fx: float) -> Head:
    """The nearest person's head by depth alone (0 = no reading).

    Body: pixels nearer than the 5th percentile + 350 mm, the largest blob of them. Top: its first row at least 40 mm
    wide. Centre: of what lies within 240 mm below the top and 110 mm of the median column (four rounds). Distance:
    the median reading within 30 mm of the centre.

    Raises:
        ValueError: there is no reading, or none round the centre.
    """
    valid = depth_mm > 0
    if not valid.any():
        raise ValueError("a depth image without a reading shows no head")
    body = _largest(valid & (depth_mm < np.percentile(depth_mm[valid], 5) + 350))
    px = fx / float(np.median(depth_mm[body]))
    wide = np.flatnonzero(body.sum(axis=1) >= 40 * px)
    top = wide[0] if len(wide) else np.flatnonzero(body.any(axis=1))[0]
    y, x = np.nonzero(body)
    below = (y >= top) & (y < top + 240 * px)
    y, x = y[below], x[below]
    cx, cy = float(np.median(x)), float(y.mean())
    for _ in range(4):
        near = np.abs(x - np.median(x)) < 110 * px
        x, y = x[near], y[near]
        cx, cy = float(x.mean()), float(y.mean())
    reach = max(3, int(30 * px))
    row, column = int(cy), int(cx)
    around = depth_mm[max(0, row - reach) : row + reach + 1, max(0, column - reach) : column + reach + 1]
    if not (around > 0).any():
        raise ValueError(f"there is no depth reading round the head centre ({cx:.0f}, {cy:.0f})")
    return Head(cx, cy, float(np.median(around[around > 0])), fx)


def _largest(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    if count < 2:
        return mask
    return labels == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))


def code_depth(z_mm: NDArray, distance_mm: float) -> NDArray[np.uint8]:
    """1 + round(254 (D + 300 - z) / 600) within 300 mm of D, else 0."""
    z = np.asarray(z_mm, float)
    inside = (z > 0) & (np.abs(z - distance_mm) <= HALF_RANGE_MM)
    code = 1 + np.round(254 * (distance_mm + HALF_RANGE_MM - z) / (2 * HALF_RANGE_MM))
    return np.where(inside, code, 0).astype(np.uint8)


def head_ellipse(size: int) -> NDArray[np.bool_]:
    """(size, size) True in the ellipse of 160 x 230 mm about the middle of a 320 mm crop."""
    axis = ((np.arange(size) + 0.5) / size - 0.5) * CROP_MM
    return (axis[None] / HEAD_HALF_WIDTH_MM) ** 2 + (axis[:, None] / HEAD_HALF_HEIGHT_MM) ** 2 <= 1


def stretched_infrared(infrared: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """8-bit infrared with its 99th percentile at 255; where the sensor's counts wrapped round, they stay so."""
    lit = infrared[infrared > 0]
    top = max(1.0, float(np.percentile(lit, 99))) if lit.size else 1.0
    return np.clip(infrared.astype(float) * 255 / top, 0, 255).astype(np.uint8)
