"""Heads in a thermal image by their shape: a warm ellipse under an arch of colder things, at every size.

The same shape as in depth (find.py), but a thermal image does not say how far anything is: every size has to be
tried. It finds warm round things, heads among them; whether one is a face the landmark model says. It misses heads
before something as warm as skin, and under thick hats or hair on all sides.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

WIDTH_PX = 160
"""Thermal images are thinned to about this width, which is all that many cameras have."""

SMALLEST_PX = 9.0
SCALE_STEP = 1.25
PARTS = 6
"""All sizes cost more than a frame may: they can be tried in so many parts."""


@dataclass(frozen=True, slots=True)
class WarmHead:
    """A warm head-like shape: its centre and the head's width in px of the image, and 0..1 how clear it is."""

    center_px: tuple[float, float]
    width_px: float
    score: float


def _rows() -> NDArray[np.float32]:
    """(23, 2) points x, y within a face, in widths of a head from its middle."""
    points = []
    for y, reach in ((-0.35, 0.22), (-0.15, 0.36), (0.05, 0.38), (0.25, 0.34), (0.45, 0.2)):
        points += [(x * reach, y) for x in np.linspace(-1.0, 1.0, 5 if reach > 0.3 else 4)]
    return np.array(points, np.float32)


def _arch() -> NDArray[np.float32]:
    """(11, 2) points x, y on an arch from beside one cheek over the crown to the other, in widths of a head."""
    angles = np.radians(np.linspace(-6.0, 186.0, 11))
    return np.stack([0.75 * np.cos(angles), -0.92 * np.sin(angles)], axis=1).astype(np.float32)


_FACE, _ARCH = _rows(), _arch()
_ABOVE = np.array([(x, y) for y in (-1.1, -1.35, -1.6, -1.85) for x in (-0.18, 0.0, 0.18)], np.float32)
"""Over a head there is nothing warm; over a body there is the head."""


def find_warm_heads(
    counts: NDArray[Any],
    part: int | None = None,
    most: int = 8,
    least_score: float = 0.7,
    least_contrast: float = 0.1,
) -> list[WarmHead]:
    """Candidates for heads in a thermal image, best first.

    Args:
        counts: (H, W) uint16 or float, warmer is more.
        part: look for every ``PARTS``-th size only, beginning with this one; None tries all.
        most: at most so many.
        least_score: share of the shape that must be there.
        least_contrast: least difference between face and surroundings, as a share of the image's range (p2..p99.5).
    """
    shrink = max(counts.shape[1] / WIDTH_PX, 1.0)
    size = (max(round(counts.shape[1] / shrink), 8), max(round(counts.shape[0] / shrink), 8))
    small = cv2.resize(np.asarray(counts, np.float32), size, interpolation=cv2.INTER_AREA)
    smooth = np.asarray(cv2.GaussianBlur(small, (3, 3), 0.8), np.float32)
    noise = float(np.median(np.abs(small - smooth)))
    small = smooth
    low, high = np.percentile(small, (2.0, 99.5))
    if high - low <= 12.0 * noise:
        return []  # an even image: its range is noise
    warmth = (small - low) / np.float32(high - low)
    found: list[tuple[float, float, float, float]] = []
    sizes = int(math.log(max(0.75 * size[1] / SMALLEST_PX, 1.0)) / math.log(SCALE_STEP)) + 1
    for index in range(sizes):
        if part is None or index % PARTS == part % PARTS:
            found += _at_size(warmth, SMALLEST_PX * SCALE_STEP**index, least_score, least_contrast)
    found.sort(key=lambda f: (-round(f[0], 3), -f[3], f[2], f[1]))
    out: list[WarmHead] = []
    for score, x, y, w in found:
        if len(out) == most:
            break
        center = ((x + 0.5) * shrink - 0.5, (y + 0.5) * shrink - 0.5)
        if all(_apart(center, w * shrink, other) for other in out):
            out.append(WarmHead(center, w * shrink, score))
    return out


def _at_size(
    warmth: NDArray[np.float32], width: float, least_score: float, least_contrast: float
) -> list[tuple[float, float, float, float]]:
    """Score, x, y, width of every place where a head of that width could be."""
    margin = int(2.0 * width) + 2
    grid = cv2.copyMakeBorder(warmth, margin, margin, margin, margin, cv2.BORDER_REPLICATE)
    step = max(2, int(width / 7))
    height, across = warmth.shape
    y, x = (a.ravel() for a in np.mgrid[0:height:step, 0:across:step])
    # The middle of a face is warm: most places are dismissed by that.
    warm = warmth[y, x] > 0.3
    y, x = y[warm], x[warm]
    origin = (y + margin) * grid.shape[1] + x + margin

    def look(offsets: NDArray[np.float32], at: NDArray[np.intp]) -> NDArray[np.float32]:
        d = np.rint(offsets * np.float32(width)).astype(np.int64)
        out: NDArray[np.float32] = grid.ravel().take(at[None, :] + (d[:, 1] * grid.shape[1] + d[:, 0])[:, None])
        return out

    face = np.median(look(_FACE, origin), axis=0)
    arch = look(_ARCH, origin)
    # Half way between the face and what is beside it.
    around = np.median(arch, axis=0)
    contrast = face - around
    keep = contrast > least_contrast
    if not keep.any():
        return []
    y, x, origin, contrast, arch = y[keep], x[keep], origin[keep], contrast[keep], arch[:, keep]
    limit = (face[keep] + around[keep]) / 2
    inside = (look(_FACE, origin) > limit).mean(axis=0)
    outside = (arch < limit).mean(axis=0)
    outside = np.minimum(outside, (look(_ABOVE, origin) < limit).mean(axis=0))
    score = inside * outside * np.minimum(contrast / 0.6, 1.0) ** 0.25
    best = np.flatnonzero(score >= least_score)
    return [(float(score[i]), float(x[i]), float(y[i]), width) for i in best]


def _apart(center: tuple[float, float], width: float, other: WarmHead) -> bool:
    distance = float(np.hypot(center[0] - other.center_px[0], center[1] - other.center_px[1]))
    return distance > 0.6 * max(width, other.width_px)
