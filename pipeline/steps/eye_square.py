"""One eye with its brow cut out of a picture: what EyeToFace looks at, in training and in use.

The square is as OpenCV's cascades cut eyes, put upright by the line between the eyes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

BETWEEN_EYES: Final = 0.36
"""Distance of the eyes' centers as a share of the width of the cascade's face box (measured on real faces)."""
EYE_BOX: Final = 0.21
"""Width of the cascade's eye box as a share of the face box."""
EYES: Final = (slice(36, 42), slice(42, 48))
"""Landmarks of the person's right eye, which is on the picture's left, and of the left one."""
TURNED_DEG: Final = 8.0
"""A head that is turned so far to its own right shows its left eye better; else the right one is taken."""


@dataclass(frozen=True, slots=True)
class EyeSquare:
    """Where one eye lies in a picture.

    Attributes:
        x, y: its center in px, pixel centers at integers.
        side_px: of the square.
        tilt: of the line between the eyes, radians, clockwise in the picture.
        left: whether it is the one on the picture's left, the person's right eye.
    """

    x: float
    y: float
    side_px: float
    tilt: float
    left: bool = True

    def inside(self, height: int, width: int) -> bool:
        """Whether a picture of that size holds the whole square."""
        reach = self.side_px / 2 * (abs(math.cos(self.tilt)) + abs(math.sin(self.tilt)))
        return (
            self.x - reach >= -0.5
            and self.y - reach >= -0.5
            and self.x + reach <= width - 0.5
            and self.y + reach <= height - 0.5
        )


def eye_square(points: NDArray[np.floating[Any]], yaw_deg: float) -> EyeSquare | None:
    """The eye that the head shows better; None where the points span nothing.

    Args:
        points: (68, 2) landmarks, pixel centers at integers.
        yaw_deg: of the head, > 0 turns to own left.
    """
    if not np.isfinite(points[36:48]).all():
        return None
    centers = [np.asarray(points[eye], np.float64).mean(axis=0) for eye in EYES]
    across, down = (float(v) for v in centers[1] - centers[0])
    apart = math.hypot(across, down)
    if apart < 1.0:
        return None
    left = yaw_deg >= -TURNED_DEG
    x, y = (float(v) for v in centers[0 if left else 1])
    return EyeSquare(x, y, apart * EYE_BOX / BETWEEN_EYES, math.atan2(down, across), left)


def onto_square(square: EyeSquare, size: int) -> NDArray[np.float64]:
    """(2, 3) from the picture's pixels to those of the square as (size, size) pixels."""
    scale = size / square.side_px
    cosine, sine = scale * math.cos(square.tilt), scale * math.sin(square.tilt)
    linear = np.array([[cosine, sine], [-sine, cosine]])
    return np.column_stack([linear, (size - 1) / 2 - linear @ np.array([square.x, square.y])])


def cut_square(picture: NDArray[np.uint8], square: EyeSquare, size: int) -> NDArray[np.uint8]:
    """The square as (size, size[, C]) uint8, bilinear; where it is larger, pixels are averaged."""
    times = max(math.ceil(square.side_px / size), 1)
    fine = size * times
    matrix = onto_square(square, fine)
    cut = cv2.warpAffine(picture, matrix, (fine, fine), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    if times > 1:
        cut = cv2.resize(cut, (size, size), interpolation=cv2.INTER_AREA)
    return np.asarray(cut, np.uint8)
