"""What the rig gives beside the real recordings: rendered samples of the same kind, brought to the same crops."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from training.faces.sample import FaceSample, Tag
from training.faces.shards import ShardSet
from training.real.crops import Head, Region

RENDERED = 300
"""Samples drawn where no folder of them is given; a sensor's row takes those of its kind and distance."""
FIRST_SEED, FIRST_IDENTITY = 7_000_000_000, 70_000
UNLIKE = Tag.FACELESS | Tag.HAND | Tag.MASK | Tag.HAT | Tag.SUNGLASSES | Tag.AWAY
"""Left out: the real recordings with depth show bare faces that look toward the camera."""


@dataclass(frozen=True)
class Crop:
    """One rendered face in the 320 mm crop, all of it (n, n); depth in mm, 0 = no reading."""

    color: NDArray[np.uint8]
    """Gray of the colour picture."""
    nir: NDArray[np.uint8]
    depth: NDArray[np.uint16]
    clean: NDArray[np.uint16]
    person: NDArray[np.bool_]
    distance_mm: float
    structured: bool
    dark: bool
    """The colour picture was taken at night."""


def can_draw() -> bool:
    """Whether the rig's rasteriser is installed."""
    return importlib.util.find_spec("numba") is not None


def why_not(faces: Path | None, model: str | None) -> str | None:
    """None if there are rendered samples, or they can be drawn; else what is missing, in words."""
    if not can_draw():
        return 'drawing needs numba (pip install "tapetum[train]")'
    if faces is None and not (model and Path(model).is_file()):
        return "name rendered samples with --faces, or the face model with TAPETUM_FACE_MODEL"
    return None


def samples(faces: Path | None, count: int = RENDERED) -> Iterator[FaceSample]:
    """At most `count` bare faces that look toward the camera: of the shards in `faces`, or drawn now.

    Raises:
        FaceModelError, ShardError: there is no face model, or no such folder of shards.
    """
    every = _stored(faces, count) if faces is not None else _drawn(count)
    return (one for one in every if not int(one.tags) & UNLIKE and one.toward_camera == 1)


def _stored(folder: Path, count: int) -> Iterator[FaceSample]:
    shards = ShardSet(folder)
    for index in np.unique(np.linspace(0, len(shards) - 1, count).astype(int)) if len(shards) else ():
        yield shards.read(int(index))


def _drawn(count: int) -> Iterator[FaceSample]:
    from training.faces.model import find_face_model, load_face_model
    from training.faces.scene import Rig
    from training.faces.studio import draw_face

    rig = Rig(load_face_model(find_face_model()))
    for number in range(count):
        yield draw_face(rig, FIRST_SEED + number, FIRST_IDENTITY + number)


def crop_of(sample: FaceSample, size: int) -> Crop:
    """The 320 mm crop around the head's centre with `size` pixels a side."""
    region = _region(sample)
    gray = cv2.cvtColor(sample.color, cv2.COLOR_RGB2GRAY)
    return Crop(
        color=region.cut(gray, size),
        nir=region.cut(sample.nir, size),
        depth=region.cut(sample.depth_sensor, size, nearest=True),
        clean=region.cut(sample.depth_clean, size, nearest=True),
        person=region.cut(sample.foreground, size, nearest=True) > 0,
        distance_mm=float(sample.distance_mm),
        structured=bool(int(sample.tags) & Tag.STRUCTURED_LIGHT),
        dark=bool(int(sample.tags) & (Tag.NIGHT | Tag.MOTION_BLUR)),
    )


def _region(sample: FaceSample) -> Region:
    fx, fy, cx, cy = (float(v) for v in sample.intrinsics)
    x, y, z = (float(v) for v in sample.head_center_mm)
    return Region.of(Head(fx * x / z + cx, fy * y / z + cy, float(sample.distance_mm), fx))


def without_background(crop: Crop, margin_mm: float = 35.0) -> NDArray[np.uint16]:
    """The depth as rap3df_set2 comes: what reads as the background does is removed, flying pixels stay."""
    clean = crop.clean.astype(np.float64)
    gone = ~crop.person & ((clean == 0) | (crop.depth > clean - margin_mm))
    return np.where(gone, 0, crop.depth).astype(np.uint16)


def face_of(sample: FaceSample) -> tuple[Head, NDArray[np.uint16]]:
    """The face as a box's middle and height in px (`Head` with 200 mm for that height), and the thermal counts.

    The box spans the landmarks and the forehead above them, as people draw boxes of faces.
    """
    points = sample.landmarks
    low, high = points.min(axis=0), points.max(axis=0)
    low[1] -= 0.25 * (high[1] - low[1])
    middle, tall = (low + high) / 2, float(high[1] - low[1])
    return Head(float(middle[0]), float(middle[1]), 200.0, tall), sample.thermal
