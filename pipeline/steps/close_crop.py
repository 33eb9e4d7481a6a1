"""The crop that landmarks of a face are read in once they are known: cut closely round them.

The papers' crop (320 mm round the head centre) has room for a face that is not yet where it is thought to be, and for
its hair and shoulders. Once a face has been read, the next look cuts off what is not needed, so that more of the
network's pixels show the face. The models that generate images keep the papers' crop.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.steps.crop import Crop
from recordings.observation import Box

CLOSE_MM = 224.0
"""Width and height of the crop at the head: brows, chin and both sides of an adult's face with a quarter to spare."""
EYE_CORNERS = (36, 39, 42, 45)
MOUTH = slice(48, 68)


def face_middle(points: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """(2,) x, y halfway between eyes and mouth of 68 points (68, 2), in their px."""
    marks = np.asarray(points, np.float64)
    middle: NDArray[np.float64] = (marks[list(EYE_CORNERS)].mean(axis=0) + marks[MOUTH].mean(axis=0)) / 2
    return middle


def close_crop(crop: Crop, middle_px: tuple[float, float], share: float) -> Crop:
    """``crop`` made smaller to ``share`` of its width and height, and moved to ``middle_px`` (x, y); D stays."""
    w, h = crop.box.w * share, crop.box.h * share
    return Crop(Box(middle_px[0] - w / 2, middle_px[1] - h / 2, w, h), crop.distance)


def within_ten_mm(confidence: NDArray[np.float32], share: float) -> NDArray[np.float32]:
    """What the model says of 4 px (10 mm in the papers' crop), said of 10 mm in a crop of ``share`` of its width.

    Its errors are exponential with a mean that it gives in px: P(within r) = 1 - exp(-r / mean).
    """
    if share == 1.0:
        return confidence
    missed = np.clip(1 - confidence, 0, 1)  # an engine in half precision may answer a hair above 1
    return (1 - missed ** (1 / share)).astype(np.float32)
