"""Which of the people in a frame are faces to find, which are none, and which count for neither side."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from training.faces.crowd_sample import COLUMN, FACE_BELOW_MM, FACE_MM

FACE_YAW_DEG, AWAY_YAW_DEG = 97.0, 115.0
"""Up to full profile a head is a face, from AWAY_YAW_DEG on it is none; between them it counts for neither."""
LEAST_VISIBLE, LEAST_IN_DEPTH = 0.4, 0.5
"""Less of a face than this, or of its depth, is no face that anybody must find."""
SMALLEST_PX, LARGEST_PX = 8.0, 260.0

LEAST_CONTRAST = 0.04
"""Standard deviation, on -1..1, of what is seen in and round a face's square: with less it is burnt out or black."""

BELOW = FACE_BELOW_MM / FACE_MM
AHEAD_SHARE = 0.33
"""The finder's square lies so far before the head centre, as a share of the rig's way: some references are centred on
the head, hair and all, others on the features; between them both overlap with it."""


def placed(heads: NDArray[np.float32]) -> NDArray[np.float32]:
    """The people (K, HEAD_FIELDS) with their squares where the finder is to put them."""
    out = heads.copy()
    side = heads[:, COLUMN["side"]]
    for box, center, down in (("box_x", "center_x", 0.0), ("box_y", "center_y", BELOW)):
        middle = heads[:, COLUMN[center]] + down * side
        out[:, COLUMN[box]] = middle + AHEAD_SHARE * (heads[:, COLUMN[box]] - middle)
    return out


def kinds(heads: NDArray[np.float32], modality: str, width: int, height: int) -> NDArray[np.float32]:
    """(K,) 1 a face, 0 no face, -1 neither, for people (K, HEAD_FIELDS or more) in a picture of that size."""
    yaw, visible = np.abs(heads[:, COLUMN["yaw"]]), heads[:, COLUMN["visible"]]
    side, x, y = (heads[:, COLUMN[name]] for name in ("side", "box_x", "box_y"))
    across = np.minimum(x + side / 2, width) - np.maximum(x - side / 2, 0)
    along = np.minimum(y + side / 2, height) - np.maximum(y - side / 2, 0)
    in_frame = np.clip(across, 0, None) * np.clip(along, 0, None) / np.maximum(side, 1) ** 2
    clear = (visible >= LEAST_VISIBLE) & (in_frame >= LEAST_VISIBLE) & (side >= SMALLEST_PX) & (side <= LARGEST_PX)
    clear &= (x > 0) & (y > 0) & (x < width - 1) & (y < height - 1)
    if modality == "depth":
        clear &= heads[:, COLUMN["in_depth"]] >= LEAST_IN_DEPTH
    return np.where(yaw >= AWAY_YAW_DEG, 0.0, np.where((yaw <= FACE_YAW_DEG) & clear, 1.0, -1.0)).astype(np.float32)


def shows(code: NDArray[np.float32], x: float, y: float, side: float) -> bool:
    """Whether a coded picture (H, W) shows anything but noise in the square round (x, y), enlarged by a third."""
    half = 0.5 * side * 4 / 3
    top, left = max(int(y - half), 0), max(int(x - half), 0)
    part = code[top : int(y + half) + 1, left : int(x + half) + 1]
    if part.size == 0:
        return False
    calm = cv2.GaussianBlur(part, (0, 0), max(side / 14, 0.6))
    return float(calm.std()) >= LEAST_CONTRAST
