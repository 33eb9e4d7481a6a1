"""CrowdSample: one whole frame with nobody, somebody or several people, in every modality, with its ground truth."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 320, 240
"""Size of a frame in pixels."""
MOST_PEOPLE = 5
"""Rows of `CrowdSample.heads`."""

FACE_MM, FACE_AHEAD_MM, FACE_BELOW_MM = 160.0, 25.0, 15.0
"""A face's square: so wide, its middle so far before the head centre (along the nose) and so far below it (on the
screen). On a frontal face this is the square that face detectors are compared by; on a profile it lies on the face."""

HEAD_FIELDS = (
    "center_x",
    "center_y",
    "box_x",
    "box_y",
    "side",
    "yaw",
    "pitch",
    "roll",
    "distance_mm",
    "visible",
    "in_depth",
    "identity",
)
"""Columns of `CrowdSample.heads`: the head centre and the middle of the face's square in px, the square's side in px,
pose in degrees, distance of the face's surface, the share of the square's person that is seen (not outside the frame,
not behind something), the share of that with a depth reading, who it is. Rows without a person are NaN."""
COLUMN = {name: index for index, name in enumerate(HEAD_FIELDS)}


@dataclass(frozen=True)
class CrowdSample:
    """One scene as every camera sees it, all on the same grid; pixel centers at integers."""

    gray: NDArray[np.uint8]
    """(HEIGHT, WIDTH) visible light."""
    nir: NDArray[np.uint8]
    """(HEIGHT, WIDTH) near infrared, lit by the camera or by the surroundings."""
    depth_mm: NDArray[np.uint16]
    """(HEIGHT, WIDTH) as a time-of-flight or structured-light sensor reads it; 0 = no reading."""
    thermal: NDArray[np.uint16]
    """(HEIGHT, WIDTH) apparent temperature in hundredths of a kelvin."""
    owner: NDArray[np.uint8]
    """(HEIGHT, WIDTH) 0 for the surroundings, else 1 + the row in `heads` of the person seen there."""
    heads: NDArray[np.float32]
    """(MOST_PEOPLE, len(HEAD_FIELDS)); nearest people last."""
    seed: np.int64
    """The shard's seed and the frame's number in it, for the record."""


LAYOUT: dict[str, tuple[tuple[int, ...], np.dtype]] = {
    "gray": ((HEIGHT, WIDTH), np.dtype(np.uint8)),
    "nir": ((HEIGHT, WIDTH), np.dtype(np.uint8)),
    "depth_mm": ((HEIGHT, WIDTH), np.dtype(np.uint16)),
    "thermal": ((HEIGHT, WIDTH), np.dtype(np.uint16)),
    "owner": ((HEIGHT, WIDTH), np.dtype(np.uint8)),
    "heads": ((MOST_PEOPLE, len(HEAD_FIELDS)), np.dtype(np.float32)),
    "seed": ((), np.dtype(np.int64)),
}
"""Shape and dtype of every field; the files of a shard put the sample number before this shape."""

assert tuple(LAYOUT) == tuple(field.name for field in fields(CrowdSample))
