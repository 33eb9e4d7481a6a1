"""What a network should answer for a crop of a sample. Needs no torch: training and evaluation share it."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from training.augment import View, center_distance, code_depth
from training.faces.sample import PERSON
from training.feed import FaceStore

BACKDROP = 56
"""Gray level that replaces everything but the person: what stands behind cannot be known from depth."""
LUMA = np.array([0.299, 0.587, 0.114], np.float32)
DARKEST_LUMA = 70.0
"""Persons darker than this on average are no example of colour: there is more noise than light in them."""
PERSON_LUMA = 86.0
"""Median luminance that every person is exposed to: light cannot be known from depth either."""


class Truth(NamedTuple):
    """What the picture shows: relief code (float32, 0..255), person's mask, pixels whose relief counts."""

    code: NDArray[np.float32]
    person: NDArray[np.bool_]
    counts: NDArray[np.bool_]


def relief_truth(store: FaceStore, index: int, view: View) -> Truth:
    """The relief that the crop shows; D is the mean depth at the crop's center, as the pipeline measures it."""
    depth = view.labels(store.get("depth_clean", index))
    person = view.labels(store.get("foreground", index)) == PERSON
    code = code_depth(depth, center_distance(depth))
    return Truth(code, person, person & (code > 0))


def person_on_backdrop(store: FaceStore, index: int, view: View) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """The person's share of each pixel (S, S) and the person, evenly exposed, on a plain backdrop (S, S, 3)."""
    quiet = cv2.medianBlur(np.ascontiguousarray(store.get("color", index)), 3)  # sensor noise is nothing to learn
    picture = shrink(quiet, view, cv2.BORDER_REFLECT_101)
    person = shrink((store.get("foreground", index) == PERSON).astype(np.float32), view, cv2.BORDER_REFLECT_101)
    luma = picture @ LUMA
    middle = float(np.median(luma[person > 0.5])) if (person > 0.5).any() else PERSON_LUMA
    gain = np.clip(PERSON_LUMA / max(middle, 1.0), 0.6, 1.8)
    exposed = picture * gain * person[..., None] + BACKDROP * (1 - person[..., None])
    return person, np.clip(np.round(exposed), 0, 255).astype(np.uint8)


def face_mask(store: FaceStore, index: int, view: View) -> NDArray[np.uint8]:
    """(S, S) 1 between the landmarks of a face that looks toward the camera, else 0."""
    mask = np.zeros((view.size, view.size), np.uint8)
    if store.toward[index] == 1:
        hull = cv2.convexHull(view.points(store.get("landmarks", index)))
        cv2.fillConvexPoly(mask, np.round(hull).astype(np.int32), 1)
    return mask


def person_luma(store: FaceStore, index: int) -> float:
    """Median luminance (0..255) of the person in the colour picture; 0 if there is no person."""
    color = store.get("color", index)[::4, ::4].astype(np.float32)
    person = store.get("foreground", index)[::4, ::4] == PERSON
    return float(np.median(color[person] @ LUMA)) if person.any() else 0.0


def shrink(pixels: NDArray, view: View, border: int) -> NDArray[np.float32]:
    """Cut out at twice the size, then average 2 x 2: bilinear alone would alias."""
    double = View(view.size * 2, view.zoom, view.shift, view.angle_deg, view.mirror)
    large = double.image(pixels, border)
    return cv2.resize(large, (view.size, view.size), interpolation=cv2.INTER_AREA).astype(np.float32)
