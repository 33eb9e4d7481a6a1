"""Where the pupils are in a gray or near-infrared picture: the dark round spot between the lids.

An eye is cut out, upright, at a millimetre a pixel; what shines (reflections of lamps) is cut off at the mean; the
darkest spot as wide as a pupil with its iris is looked for near the middle, and its place is the centroid of what is
darker than most round it. Known from work on eye centres by isophotes and means of gradients (Timm and Barth, VISAPP
2011), here with the simplest that held on rendered eyes of 10 to 25 px.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

HALF_WIDTH_MM: Final = 12
HALF_HEIGHT_MM: Final = 8
SPOT_MM: Final = 5
"""Radius within which the centroid is taken: a little less than an iris."""
_Y, _X = np.mgrid[-HALF_HEIGHT_MM + 0.5 : HALF_HEIGHT_MM, -HALF_WIDTH_MM + 0.5 : HALF_WIDTH_MM].astype(np.float32)
_FAR: Final = np.asarray((_X / 9.0) ** 2 + (_Y / 5.0) ** 2, np.float32)
"""The lids' corners and the brow are dark, too: what lies near the middle is preferred."""
_LOOKED_AT: Final = (_FAR < 1.3).astype(np.uint8)


@dataclass(frozen=True, slots=True)
class Pupil:
    """A pupil in the picture.

    Attributes:
        x, y: px of the picture.
        contrast: how much darker it is than the brighter parts round it, 0..1.
    """

    x: float
    y: float
    contrast: float


def find_pupil(gray: NDArray[np.uint8], middle: tuple[float, float], roll_deg: float, px_per_mm: float) -> Pupil | None:
    """The pupil of one eye; None where the picture shows nothing there.

    Args:
        gray: uint8 (H, W).
        middle: between the corners of the eye, px.
        roll_deg: of the head, as HeadPose has it.
        px_per_mm: at the eye.
    """
    x, y = middle
    height, width = gray.shape
    if not (math.isfinite(x) and math.isfinite(y) and 0 <= x < width and 0 <= y < height and 0 < px_per_mm < 1000):
        return None
    angle = math.radians(-roll_deg)
    across, down = px_per_mm * math.cos(angle), px_per_mm * math.sin(angle)
    left, top = HALF_WIDTH_MM - 0.5, HALF_HEIGHT_MM - 0.5
    turn = np.array(
        [[across, -down, x - across * left + down * top], [down, across, y - down * left - across * top]], np.float64
    )
    cut = cv2.warpAffine(
        gray,
        turn,
        (2 * HALF_WIDTH_MM, 2 * HALF_HEIGHT_MM),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    ).astype(np.float32)
    bright = cv2.mean(cut)[0]
    if bright < 2.0:
        return None
    flat = cv2.GaussianBlur(np.minimum(cut, np.float32(bright)), (0, 0), 0.75)
    spots = cv2.GaussianBlur(flat, (0, 0), 1.9)
    low, high, _, _ = cv2.minMaxLoc(spots, _LOOKED_AT)
    column, row = cv2.minMaxLoc(spots + np.float32(0.25 * (high - low)) * _FAR, _LOOKED_AT)[2]
    dark = float(flat[row, column])
    weight = np.maximum(np.float32(dark + 0.4 * (bright - dark)) - flat, np.float32(0.0))
    cx, cy = float(column), float(row)
    for _ in range(2):
        begin, over = max(round(cx) - SPOT_MM, 0), max(round(cy) - SPOT_MM, 0)
        part = weight[over : round(cy) + SPOT_MM + 1, begin : round(cx) + SPOT_MM + 1]
        moments = cv2.moments(part)
        if moments["m00"] <= 0.0:
            return None
        cx, cy = begin + moments["m10"] / moments["m00"], over + moments["m01"] / moments["m00"]
    cx, cy = cx - left, cy - top
    contrast = min(max((bright - dark) / bright, 0.0), 1.0)
    return Pupil(x + across * cx - down * cy, y + down * cx + across * cy, contrast)
