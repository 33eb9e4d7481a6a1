"""What a face that is followed looks like to the landmark network: cut closely round the points of the look before."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.steps.close_crop import CLOSE_MM, face_middle
from training.augment import CROP_MM, View
from training.faces.sample import REGION_MM, SIZE

CROP_PX = 128
ASPECT = (0.015, 0.04)
"""Mean and deviation of the log of how much wider a face is made: people's faces are wider than the model's."""
ZOOM = (0.58, 0.85)
"""Sizes of the crop that are trained on, as shares of the papers' crop, round the one in use."""
SHIFT = 0.08
"""How far the face may lie from the crop's middle, as a share of the crop: it moves between two looks."""


def close_view(points: NDArray[np.float32], rng: np.random.Generator | None) -> View:
    """What a face that is followed is cut out as (pipeline.steps.close_crop), round `points` (68, 2) in sample px.

    Without `rng` exactly so; with it as far off as a moving face is.
    """
    zoom, jitter, angle, mirror, aspect = CLOSE_MM / CROP_MM, np.zeros(2), 0.0, False, 1.0
    if rng is not None:
        zoom = float(np.exp(rng.uniform(*np.log(ZOOM))))
        jitter = rng.uniform(-SHIFT, SHIFT, 2)
        angle = float(rng.normal(0, 12))
        mirror = bool(rng.random() < 0.5)
        aspect = float(np.exp(rng.normal(*ASPECT)))
    span = SIZE * CROP_MM * zoom / REGION_MM
    shift = (face_middle(points) - (SIZE - 1) / 2) / span + jitter
    return View(CROP_PX, zoom, (float(shift[0]), float(shift[1])), angle, mirror, aspect)
