"""Where a face that was found in one picture lies in another one, of a camera that is related to it: whoever asks has
asked drivers/related.py before."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from drivers.frame import StreamInfo
from recordings.observation import Box, Face

HEAD_SQUARE_M = 0.32
"""Side of the square round a head, as in the papers' crop."""

_SQUARE = np.array([(x, y, 0.0) for x in (-1.0, 0.0, 1.0) for y in (-1.0, 0.0, 1.0)])
"""Its corners and the middles of its sides, which a lens may bend outward, in halves of a side."""


def same_grid(a: StreamInfo, b: StreamInfo) -> bool:
    """Whether two streams share their pixel grid: one is registered to the other, or both to a third, or they have
    the same calibration."""
    if (a.width, a.height) != (b.width, b.height):
        return False
    if b.name == a.registered_to or a.name == b.registered_to:
        return True
    if a.registered_to is not None and a.registered_to == b.registered_to:
        return True
    return a.intrinsics is not None and a.intrinsics == b.intrinsics and a.extrinsics == b.extrinsics


def map_point(point_m: tuple[float, float, float], source: StreamInfo, target: StreamInfo) -> NDArray[np.float64]:
    """A point in a stream's camera axes to those of another stream of the rig, (3,) metres."""
    rig = source.extrinsics.to_rig(np.array([point_m]))
    return np.asarray(target.extrinsics.from_rig(rig)[0], dtype=np.float64)


def map_box(face: Face, source: StreamInfo, target: StreamInfo) -> Box | None:
    """Where a face found in ``source`` lies in ``target``: the projection of a 320 mm square round its head center.

    None when the head center or a calibration is missing, or the head is behind that camera or outside its picture.
    """
    return map_boxes((face,), source, target)[0]


def map_boxes(faces: Sequence[Face], source: StreamInfo, target: StreamInfo) -> list[Box | None]:
    """:func:`map_box` of many faces at once."""
    k = target.intrinsics
    out: list[Box | None] = [None] * len(faces)
    known = [i for i, face in enumerate(faces) if face.head_center_m is not None]
    if k is None or not known:
        return out
    placed = np.array([faces[i].head_center_m for i in known], dtype=np.float64)
    centers = target.extrinsics.from_rig(source.extrinsics.to_rig(placed))
    seen = np.isfinite(centers).all(axis=1) & (centers[:, 2] > 0.05)
    if not seen.any():
        return out
    known = [i for i, there in zip(known, seen.tolist(), strict=True) if there]
    centers = centers[seen]
    if k.has_distortion:
        around = (centers[:, None] + HEAD_SQUARE_M / 2 * _SQUARE[None]).reshape(-1, 3)
        ends = k.project(around, distort=True).reshape(len(known), len(_SQUARE), 2)
        low, high = ends.min(axis=1), ends.max(axis=1)
    else:
        middle = k.project(centers)
        half = HEAD_SQUARE_M / 2 * np.array((k.fx, k.fy)) / centers[:, 2:]
        low, high = middle - half, middle + half
    for i, (x0, y0), (x1, y1) in zip(known, low.tolist(), high.tolist(), strict=True):
        # A lens may end within the square: then where the head lies is not known.
        if math.isfinite(x0 + y0 + x1 + y1) and x0 < k.width and y0 < k.height and x1 > 0 and y1 > 0:
            out[i] = Box(x0, y0, x1 - x0, y1 - y0)
    return out
