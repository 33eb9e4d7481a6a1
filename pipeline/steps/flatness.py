"""Is the surface under a face flat? A picture of a face, on a phone or on paper, is.

The depths within the ellipse round the landmarks are averaged over a coarse grid, which takes the noise away, and a
plane is fitted to it, then a surface of second order. What they leave over, root mean square, is the relief; a sheet
of paper can be bent one way only, so that a surface that curves both ways is none.

Measured: of 650 rendered and real faces (Kinect v1 and v2, 0.7 to 3.6 m) the plane left at least 9.9 mm where they look
here, 5.4 mm turned by 40 degrees and 4.8 mm turned by 70, the second order 2.9 mm; of flat things it is the noise:
0.5 mm at 1 m, 2.5 mm at 2.5 m (time of flight). Noise only adds to a relief: no face falls because it is far, but a
picture may pass where the camera's noise is as large as a face's relief.

Only a sensor's depth is asked. A generated relief always shows a face and proves nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from recordings.observation import HeadPose, Landmarks

GRID = 10
"""Cells across and down the ellipse."""
SAME_MM = 120.0
"""Depths farther than this from the median are something else: the wall behind, a hand before."""
SMALLEST_PX = 12
"""Smaller ellipses have no relief to speak of."""
LARGEST_PX = 24
"""Larger ones are thinned to about this: their depths are more than the fit needs."""
FRONTAL_DEG, TURNED_DEG = 15.0, 40.0
"""A face that is turned away shows a side that is flatter than its front."""


class FlatnessConfig(BaseModel):
    """When the surface under a face is called flat."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    frontal_mm: float = Field(5.0, ge=0, description="least relief over a plane of a face that looks here")
    turned_mm: float = Field(2.8, ge=0, description="the same of a face turned away by 40 degrees or more")
    bent_mm: float = Field(2.0, ge=0, description="least relief over a bent sheet")
    sheet_mm: float = Field(5.0, ge=0, description="a sheet bends the other way by less than this from middle to edge")
    least_share: float = Field(0.6, gt=0, le=1, description="share of the face that must have depth to tell")


@dataclass(frozen=True, slots=True)
class Relief:
    """What is left of the depths under a face, root mean square in mm.

    Attributes:
        plane_mm: over a plane.
        bent_mm: over a surface of second order.
        other_mm: how far that surface bends the way it bends less, from the middle to the edge of the face.
    """

    plane_mm: float
    bent_mm: float
    other_mm: float


def _ellipse() -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """The cells of GRID x GRID within the ellipse, row by row, and of each 1, x, y, xx, xy, yy (x, y in -1..1)."""
    axis = (np.arange(GRID) + 0.5) * 2.0 / GRID - 1.0
    x, y = np.meshgrid(axis, axis)
    inside = x**2 + y**2 <= 1.0
    x, y = x[inside], y[inside]
    return np.flatnonzero(inside), np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=1)


_INSIDE, _COLUMNS = _ellipse()
_FLAT_SQUARES, _BENT_SQUARES = _COLUMNS[:, :3].T @ _COLUMNS[:, :3], _COLUMNS.T @ _COLUMNS
"""Of all cells: mostly all of a face's have depth."""


def relief_of(
    depth_mm: NDArray[np.uint16], landmarks: Landmarks, config: FlatnessConfig | None = None
) -> Relief | None:
    """The relief under the landmarks; None where the face is too small or too little of it has depth.

    Args:
        depth_mm: uint16 (H, W) of a sensor on the landmarks' pixel grid, 0 = no reading.
    """
    config = config or FlatnessConfig()
    points = landmarks.points
    low, high = np.minimum.reduce(points), np.maximum.reduce(points)  # NaN where any is
    if not math.isfinite(sum(low.tolist()) + sum(high.tolist())):
        return None
    middle, half = (low + high) / 2, 0.45 * (high - low)
    left, top = np.floor(middle - half).astype(int).tolist()
    right, bottom = (np.ceil(middle + half).astype(int) + 1).tolist()
    height, width = depth_mm.shape
    if left < 0 or top < 0 or right > width or bottom > height or min(right - left, bottom - top) < SMALLEST_PX:
        return None  # too small, or cut by the border, of which others speak
    step = max(1, min(right - left, bottom - top) // LARGEST_PX)
    z = depth_mm[top:bottom:step, left:right:step]
    known = z > 0
    values = z[known]
    if not values.size:
        return None
    typical = float(np.partition(values, values.size // 2)[values.size // 2])
    offset = z.astype(np.float32) - np.float32(typical)
    known &= np.abs(offset) < SAME_MM
    weight = cv2.resize(known.astype(np.float32), (GRID, GRID), interpolation=cv2.INTER_AREA)
    total = cv2.resize(np.where(known, offset, np.float32(0.0)), (GRID, GRID), interpolation=cv2.INTER_AREA)
    share = weight.ravel().take(_INSIDE).astype(np.float64)
    # A cell that is half empty is one whose middle nobody measured.
    full = share > 0.5
    count = int(np.count_nonzero(full))
    if count / full.size < config.least_share:
        return None
    sums = total.ravel().take(_INSIDE)
    if count == full.size:
        mean = sums.astype(np.float64) / share
        _, flat = _fit(_COLUMNS[:, :3], mean, _FLAT_SQUARES)
        bend, bent = _fit(_COLUMNS, mean, _BENT_SQUARES)
    else:
        mean = sums[full].astype(np.float64) / share[full]
        columns = _COLUMNS[full]
        _, flat = _fit(columns[:, :3], mean)
        bend, bent = _fit(columns, mean)
    # The eigenvalues of the second order's matrix are what it bends by along its two axes.
    half_sum, half_gap = (bend[3] + bend[5]) / 2, math.hypot((bend[3] - bend[5]) / 2, bend[4] / 2)
    return Relief(flat, bent, abs(abs(half_sum) - half_gap))


def flat_reason(relief: Relief, pose: HeadPose | None, config: FlatnessConfig | None = None) -> str:
    """Why this is no face, for people; empty where it may be one."""
    config = config or FlatnessConfig()
    turned = TURNED_DEG if pose is None else abs(pose.yaw_deg)
    share = min(max((turned - FRONTAL_DEG) / (TURNED_DEG - FRONTAL_DEG), 0.0), 1.0)
    limit = config.frontal_mm + share * (config.turned_mm - config.frontal_mm)
    if relief.plane_mm < limit:
        return f"a picture of a face: the surface is flat to {relief.plane_mm:.1f} mm"
    if relief.bent_mm < config.bent_mm and relief.other_mm < config.sheet_mm:
        return f"a picture of a face: a bent sheet, smooth to {relief.bent_mm:.1f} mm"
    return ""


def _fit(
    columns: NDArray[np.float64], values: NDArray[np.float64], squares: NDArray[np.float64] | None = None
) -> tuple[NDArray[np.float64], float]:
    """Factors of the columns by least squares (normal equations), and the root mean square of what they leave.

    Args:
        squares: ``columns.T @ columns`` where that is known.
    """
    if squares is None:
        squares = columns.T @ columns
    factors = np.asarray(np.linalg.solve(squares, columns.T @ values), np.float64)
    left = values - columns @ factors
    return factors, math.sqrt(float(left @ left) / len(left))
