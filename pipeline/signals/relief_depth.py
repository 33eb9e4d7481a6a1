"""What a depth sensor says of the shape under a face's landmarks: relief over a plane, a nose, more than a bent sheet.

Only a sensor's depth is asked. A relief that a model makes of a picture always shows a face and proves nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drivers.frame import FrameFlag, Intrinsics, StreamKind
from pipeline.signals.sight import Sight
from pipeline.steps.flatness import relief_of
from recordings.observation import Landmarks

PLANE: Final = (36, 39, 42, 45, 48, 54)
"""Corners of eyes and mouth: they span the plane that a nose stands out of."""
NOSE: Final = 30
_BESIDE: Final = 0.25
"""Beside the nose's tip, in eye distances: there a face lies 3 cm behind the tip, bent paper a few millimetres."""
Place = tuple[float, float, float]
"""Metres in the camera's axes."""
_REACH_M: Final = 0.12
"""Depths farther than this from the others' median are something else."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The shape under a face.

    Attributes:
        plane_mm, bent_mm: root mean square over a plane, and over a surface of second order (steps/flatness.py).
        other_mm: how far that surface bends the way it bends less.
        nose_mm: how far the nose's tip stands out of the plane through the corners of eyes and mouth, and out of what
            lies beside it, the smaller of the two; NaN unknown.
        share: 0..1 of the points that have a reading.
    """

    plane_mm: float
    bent_mm: float
    other_mm: float
    nose_mm: float
    share: float


def shape_of(sight: Sight) -> Shape | str:
    """The shape under a face by a sensor's depth; or why it is not known, for people."""
    for view in sight.others.values():
        if view.kind is StreamKind.DEPTH and view.frame.flags & FrameFlag.GENERATED:
            return "the depth is generated: it shows a face in every picture"
        if view.kind is StreamKind.DEPTH and view.frame.flags & FrameFlag.STALE:
            return "the depth picture is old"
    if sight.depth_mm is None:
        return "no depth sensor looks at the face"
    if sight.landmarks is None:
        return sight.doubt("landmarks") or "the face has no landmarks"
    relief = relief_of(sight.depth_mm, sight.landmarks)
    if relief is None:
        return "too little depth is measured on the face"
    nose, share = _nose(sight.depth_mm, sight.landmarks, sight.intrinsics)
    return Shape(relief.plane_mm, relief.bent_mm, relief.other_mm, nose, share)


def _nose(depth_mm: NDArray[np.uint16], landmarks: Landmarks, lens: Intrinsics) -> tuple[float, float]:
    """Millimetres that the nose stands out, NaN where too few points have a reading; and the share that have one."""
    marks = landmarks.points[[*PLANE, NOSE]].tolist()
    (ax, ay), (bx, by) = marks[0], marks[3]
    eyes = math.dist(marks[0], marks[3])
    reach = min(max(round(0.035 * eyes), 1), 3)
    tip = marks[-1]
    aside = (_BESIDE * (bx - ax), _BESIDE * (by - ay))
    beside = [(tip[0] - aside[0], tip[1] - aside[1]), (tip[0] + aside[0], tip[1] + aside[1])]
    corners = [_place(depth_mm, lens, mark, reach, 0.5) for mark in marks[:-1]]
    # A nose's tip is small: of what is nearest the second tenth; elsewhere the middle.
    nose = _place(depth_mm, lens, tip, reach, 0.2)
    sides = [_place(depth_mm, lens, mark, reach, 0.5) for mark in beside]
    everything = [*corners, nose, *sides]
    share = sum(place is not None for place in everything) / len(everything)
    known = [place for place in corners if place is not None]
    about = [place for place in sides if place is not None]
    if nose is None or len(known) < 4 or not about:
        return math.nan, share
    if any(abs(place[2] - nose[2]) > _REACH_M for place in (*known, *about)):
        return math.nan, share
    places = np.array(known)
    middle = places.mean(axis=0)
    _, sizes, axes = np.linalg.svd(places - middle, full_matrices=False)
    if sizes[1] < 0.2 * sizes[0]:
        return math.nan, share  # eyes alone span no plane
    normal = axes[2] * (-1.0 if axes[2, 2] > 0 else 1.0)  # toward the camera
    out = float((np.array(nose) - middle) @ normal)
    # Of a turned head the far side hides behind the nose: the nearer tells.
    out_of_sides = max(float((np.array(nose) - np.array(side)) @ normal) for side in about)
    return 1000.0 * min(out, out_of_sides), share


def _place(
    depth_mm: NDArray[np.uint16], lens: Intrinsics, mark: Sequence[float], reach: int, share: float
) -> Place | None:
    """Metres in the camera's axes of a pixel's surroundings; None where half of them have no reading."""
    height, width = depth_mm.shape
    u, v = mark
    column, row = round(u), round(v)
    if not (0 <= column < width and 0 <= row < height):
        return None
    around = depth_mm[max(row - reach, 0) : row + reach + 1, max(column - reach, 0) : column + reach + 1]
    readings = sorted(z for z in around.ravel().tolist() if z)
    if 2 * len(readings) < around.size:
        return None
    z = readings[int(share * len(readings))] / 1000.0
    return (u - lens.cx) / lens.fx * z, (v - lens.cy) / lens.fy * z, z
