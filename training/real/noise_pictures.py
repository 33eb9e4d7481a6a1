"""Every measure of one picture at once: of depth by time of flight or structured light, of gray, of heat.

Depth and gray come as 320 mm crops of SIZE pixels a side, heat as the whole picture and where its face is.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from training.real import noise
from training.real.crops import CROP_MM, Head, Region, head_ellipse, stretched_infrared

SIZE = 128
MM_PER_PIXEL = CROP_MM / SIZE
COARSE = 40
"""Pixels of a thermal crop for its noise: a Lepton has about so few across 320 mm at a face."""
FLYING_MM = 45.0
"""So far behind its neighbours no head's rim curves."""
FACE_TALL_MM = 200.0
"""How tall the box of a face is taken to be."""

Measured = dict[str, float]


def middle_of_head() -> NDArray[np.bool_]:
    """(SIZE, SIZE) the inner part of a head's ellipse."""
    return noise.shrunk(head_ellipse(SIZE), 8)


def face_of(depth: NDArray, distance_mm: float) -> NDArray[np.bool_]:
    """(SIZE, SIZE) the middle of the head, away from its rim."""
    return noise.shrunk(noise.body_of(depth, distance_mm), 4) & middle_of_head()


def _depth(depth: NDArray, distance_mm: float) -> Measured:
    face = face_of(depth, distance_mm)
    return {
        "holes inside the head": noise.hole_rate(depth, face),
        "spatial noise mm": noise.roughness(depth, face & (depth > 0)),
        "step mm": noise.depth_step(depth[face]),
    }


def time_of_flight(depth: NDArray, distance_mm: float) -> Measured:
    """What a camera without a background tells: (SIZE, SIZE) mm, 0 = no reading, and the head's distance."""
    body = noise.body_of(depth, distance_mm, reach_mm=300.0)
    body[int(0.6 * SIZE) :] = False  # the neck and shoulders have other rims
    drops = noise.edge_drops(depth, body)
    rim = body & ~noise.shrunk(body, 2)
    return {
        **_depth(depth, distance_mm),
        "holes within 5 mm of its rim": noise.hole_rate(depth, rim),
        "drop at the rim mm": float(np.median(drops)) if len(drops) else float("nan"),
        "flying pixels on the rim": float((drops > FLYING_MM).mean()) if len(drops) else float("nan"),
    }


def structured_light(depth: NDArray, distance_mm: float) -> Measured:
    """The same of a camera that sees a background; shadows where there are enough rows of them (10 a side)."""
    body = noise.body_of(depth, distance_mm) & head_ellipse(SIZE)
    measured = _depth(depth, distance_mm)
    sides = [side for side in noise.side_gaps(depth, body) if len(side) >= 10]
    if len(sides) == 2:
        narrow, wide = sorted(float(np.median(side[:, 0] / side[:, 1])) * MM_PER_PIXEL for side in sides)
        measured["shadow at the wide side, as baseline mm"] = wide
        measured["shadow at the narrow side, as baseline mm"] = narrow
    return measured


def picture(gray: NDArray, face: NDArray[np.bool_]) -> Measured:
    """Levels, grain and sharpness of gray (SIZE, SIZE) where `face` is."""
    low, middle, high = noise.levels(gray, face)
    grain = noise.roughness(gray, face)
    return {
        "median level": middle,
        "5th percentile / median": low / max(middle, 1),
        "95th percentile / median": high / max(middle, 1),
        "grain, counts": grain,
        "grain / median level": grain / max(middle, 1),
        "edge width mm": noise.edge_width(gray, noise.shrunk(face, 3)) * MM_PER_PIXEL,
    }


def infrared(counts: NDArray, face: NDArray[np.bool_]) -> Measured:
    """The same of infrared, stretched to its 99th percentile as the models get it."""
    return picture(stretched_infrared(counts), face)


def thermal(gray: NDArray, middle: Head) -> Measured:
    """Contrast, sharpness and noise of heat as 8-bit gray (H, W).

    Args:
        middle: middle of the face's box (px); its `fx` is the box's height in px, its `distance_mm` FACE_TALL_MM.
    """
    region = Region.of(middle)
    fine, coarse = region.cut(gray, SIZE).astype(np.float64), region.cut(gray, COARSE).astype(np.float64)
    seen = region.cut(np.full(gray.shape, 255, np.uint8), SIZE) > 250
    face, around = _face_oval(0.7), ~_face_oval(1.5) & seen
    around[SIZE // 2 :] = False  # the neck and shoulders are no background
    oval = cv2.resize(_face_oval(1.0).astype(np.uint8), (COARSE, COARSE), interpolation=cv2.INTER_NEAREST) > 0
    whole = cv2.resize(seen.astype(np.uint8), (COARSE, COARSE), interpolation=cv2.INTER_NEAREST) > 0
    _, level, _ = noise.levels(fine, face)
    return {
        "face's median level": level,
        "face less background": noise.contrast(fine, face, around, seen),
        "within the face": noise.inner_contrast(fine, face, seen),
        "saturated share of the face": float((fine[face] >= 250).mean()),
        "edge width mm": noise.edge_width(fine, noise.shrunk(seen, 6), reach=10) * MM_PER_PIXEL,
        "noise round the face, counts": noise.roughness(coarse, whole & ~oval, window=3),
        "noise in the face, counts": noise.roughness(coarse, oval & whole, window=3),
    }


def kelvin_of(counts: NDArray[np.uint16], middle: Head) -> Measured:
    """What only counts that are kelvin tell."""
    kelvin = Region.of(middle).cut(counts.astype(np.float32) / 100, SIZE)
    face, around = _face_oval(0.7), ~_face_oval(1.5) & (kelvin > 200)
    around[SIZE // 2 :] = False
    bottom, top = np.percentile(kelvin[face], [10, 90])
    return {
        "face less background, K": float(np.median(kelvin[face]) - np.median(kelvin[around])) if around.any() else 0.0,
        "within the face, K": float(top - bottom),
    }


def _face_oval(scale: float) -> NDArray[np.bool_]:
    """An oval as tall as the face's box times `scale`, three quarters as wide."""
    axis = ((np.arange(SIZE) + 0.5) / SIZE - 0.5) * CROP_MM
    tall = FACE_TALL_MM / 2 * scale
    return np.asarray((axis[None] / (0.75 * tall)) ** 2 + (axis[:, None] / tall) ** 2 <= 1)
