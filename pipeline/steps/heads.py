"""Heads by their shape in depth.

Every point of a thinned depth image asks whether it could be the middle of a head: an ellipse of head size round it
lies at its depth, and an arch over and beside it does not. The offsets are scaled by f / z, so one shape serves every
distance (the depth comparisons of Shotton et al., CVPR 2011, in a shape set by hand). Backs of heads and other round
things have that shape too: whether there is a face, others say.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.frame import Intrinsics

Depth = NDArray[np.uint16]

HEAD_WIDTH_MM = 150.0
HEAD_HEIGHT_MM = 220.0
"""An adult's head, ear to ear and chin to crown."""


@dataclass(frozen=True, slots=True)
class HeadShape:
    """Something with the shape of a head: its middle in px, the distance of its surface, 0..1 how much fits."""

    center_px: tuple[float, float]
    distance_mm: float
    score: float


def _ellipse_mm() -> NDArray[np.float32]:
    """(25, 2) points x, y within a head's outline, mm from its middle."""
    points = []
    for y in (-70.0, -35.0, 0.0, 35.0, 70.0):
        reach = 0.8 * HEAD_WIDTH_MM / 2 * (1.0 - (y / (HEAD_HEIGHT_MM / 2)) ** 2) ** 0.5
        points += [(x * reach, y) for x in (-1.0, -0.5, 0.0, 0.5, 1.0)]
    return np.array(points, np.float32)


def _arch_mm() -> NDArray[np.float32]:
    """(13, 2) points x, y on an arch from beside the left cheek over the crown to the right, clear of a head."""
    angles = np.radians(np.linspace(-12.0, 192.0, 13))
    return np.stack([145.0 * np.cos(angles), -185.0 * np.sin(angles)], axis=1).astype(np.float32)


_ELLIPSE_MM = _ellipse_mm()
_ARCH_MM = _arch_mm()
_SIDES = (slice(0, 4), slice(4, 9), slice(9, 13))  # of the arch: image right, over the crown, image left
_ARCH_FIRST = _ARCH_MM[[1, 6, 11]]  # enough of it to dismiss walls and chests at once
_NOTHING_MM = 1e6  # stands for "no reading": far behind everything
_SAME_HEAD_MM = 130.0  # surfaces of one head lie within this of its middle
_BEHIND_MM = 110.0  # what lies this much farther is no part of the head
_BEFORE_MM = 150.0  # what lies this much nearer hides whatever is there
_SPACING_MM = 35.0  # of the points that are asked


def find_heads(
    depth_mm: Depth,
    intrinsics: Intrinsics,
    *,
    near_mm: float = 250.0,
    far_mm: float = 4500.0,
    width_px: int = 214,
    least_score: float = 0.75,
    most: int = 12,
) -> list[HeadShape]:
    """Candidates for heads, best first.

    Args:
        depth_mm: uint16 (H, W), 0 = no reading.
        intrinsics: of that grid.
        near_mm, far_mm: range of distances.
        width_px: the image is thinned to at most this width.
        least_score: least share of a head's shape that must be there.
        most: at most so many.
    """
    step = max(1, -(-depth_mm.shape[1] // width_px))
    sampled = np.ascontiguousarray(depth_mm[step // 2 :: step, step // 2 :: step])
    thin: Depth = np.asarray(cv2.medianBlur(sampled, 3), np.uint16)  # single wild readings are no shape
    fx, fy = intrinsics.fx / step, intrinsics.fy / step
    # A margin of "no reading" lets the offsets reach outside the image; what lies there is nobody's.
    reach = float(np.abs(_ARCH_MM).max()) / near_mm
    across, down = int(reach * fx) + 2, int(reach * fy) + 2
    grid = np.full((thin.shape[0] + 2 * down, thin.shape[1] + 2 * across), _NOTHING_MM, np.float32)
    inner = grid[down : down + thin.shape[0], across : across + thin.shape[1]]
    np.copyto(inner, thin, where=thin > 0)
    flat, width = grid.ravel(), grid.shape[1]

    points = _points_to_ask(thin, fx, near_mm, far_mm)
    z = thin[points[:, 1], points[:, 0]].astype(np.float32)
    origin = (points[:, 1] + down) * width + points[:, 0] + across

    def look(at: NDArray[np.intp], offsets_mm: NDArray[np.float32]) -> NDArray[np.float32]:
        """Depth (k, n) at ``offsets_mm`` (k, 2) from the points ``at`` (n,), minus their own."""
        near = z[at]
        x = np.rint(offsets_mm[:, :1] * np.float32(fx) / near).astype(np.int32)
        y = np.rint(offsets_mm[:, 1:] * np.float32(fy) / near).astype(np.int32)
        out: NDArray[np.float32] = flat.take(origin[at] + y * width + x) - near
        return out

    at = np.flatnonzero((look(np.arange(len(z)), _ARCH_FIRST) > _BEHIND_MM).sum(axis=0) >= 2)
    arch = _clear(look(at, _ARCH_MM))
    at, arch = at[arch >= least_score], arch[arch >= least_score]
    score = arch * _filled(look(at, _ELLIPSE_MM))
    at, score = at[score >= least_score], score[score >= least_score]
    return _heads(points[at], z[at], score, intrinsics, step, least_score, most)


def _points_to_ask(thin: Depth, fx: float, near_mm: float, far_mm: float) -> NDArray[np.int32]:
    """(n, 2) x, y of the thinned image to try: within range, and no denser than a head needs."""
    wanted = (thin >= near_mm) & (thin <= far_mm)
    # Near heads are large: every second point will do where that is still less than the spacing.
    coarse = thin > _SPACING_MM * fx / 2.0
    coarse[::2, ::2] = True
    y, x = np.nonzero(wanted & coarse)
    return np.stack([x, y], axis=1).astype(np.int32)


def _clear(relative_mm: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n,) share of the arch (k, n) that is no part of the head; what lies before it tells half.

    The worst of its three sides limits it: the corner of a wall is clear on two.
    """
    clear = (relative_mm > _BEHIND_MM) + np.float32(0.5) * (relative_mm < -_BEFORE_MM)
    sides = np.stack([clear[side].mean(axis=0, dtype=np.float32) for side in _SIDES])
    out: NDArray[np.float32] = np.minimum(clear.mean(axis=0, dtype=np.float32), sides.min(axis=0) + np.float32(0.25))
    return out


def _filled(relative_mm: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n,) share of the ellipse (k, n) at the head's depth; dark hair that gave no reading tells half."""
    same = np.abs(relative_mm) <= _SAME_HEAD_MM
    nothing = relative_mm > _NOTHING_MM / 2
    out: NDArray[np.float32] = (same + np.float32(0.5) * nothing).mean(axis=0, dtype=np.float32)
    return out


def _heads(
    points: NDArray[np.int32],
    z: NDArray[np.float32],
    score: NDArray[np.float32],
    intrinsics: Intrinsics,
    step: int,
    least_score: float,
    most: int,
) -> list[HeadShape]:
    """Points that could be the middle of a head to heads: the best, with what agrees nearby, then the next."""
    order = np.lexsort((points[:, 0], points[:, 1], -score))
    points, z, score = points[order], z[order], score[order]
    # Metres across are what tells two heads apart, whatever their distance.
    across = (points * step + step // 2).astype(np.float64)
    mm = np.stack(
        [
            (across[:, 0] - intrinsics.cx) * z / intrinsics.fx,
            (across[:, 1] - intrinsics.cy) * z / intrinsics.fy,
            z.astype(np.float64),
        ],
        axis=1,
    )
    free = np.ones(len(z), bool)
    out: list[HeadShape] = []
    for i in range(len(z)):
        if len(out) == most:
            break
        if not free[i]:
            continue
        away = np.abs(mm - mm[i])
        near = free & (np.hypot(away[:, 0], away[:, 1]) < HEAD_WIDTH_MM / 2) & (away[:, 2] < _SAME_HEAD_MM)
        weight = score[near].astype(np.float64) - least_score + 0.02
        center = (across[near] * weight[:, None]).sum(axis=0) / weight.sum()
        distance = float(np.median(z[near]))
        free &= ~((np.hypot(away[:, 0], away[:, 1]) < 1.3 * HEAD_WIDTH_MM) & (away[:, 2] < 2 * _SAME_HEAD_MM))
        out.append(HeadShape((float(center[0]), float(center[1])), distance, float(score[i])))
    return out
