"""FaceSample: one rendered region around a head, in every modality, with its ground truth."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntFlag

import numpy as np
from numpy.typing import NDArray

SIZE = 160
"""Width and height of a sample in pixels."""

REGION_MM = 400.0
"""Width of the sampled region at the distance of the face's surface, in mm.

The papers' crop (320 mm) is therefore `SIZE * 320 / 400` = 128 px wide, which leaves room for jitter, scaling and
rotation.
"""

BACKGROUND = 0
OCCLUDER = 128
PERSON = 255
"""Values of `FaceSample.foreground`: nothing of the person, something held before the face (a hand), the person's
head, hair, body and what is worn."""

NO_MATERIAL = 255
"""`FaceSample.material` of what does not belong to the figure."""

VALIDATION_MODULUS = 10
"""Identities divisible by this number are held out for validation."""


class Tag(IntFlag):
    """What is special about a sample (bits of `FaceSample.tags`)."""

    FACELESS = 1 << 0  # clutter, a torso or a hand; no head at all
    GLASSES = 1 << 1
    SUNGLASSES = 1 << 2
    HAT = 1 << 3
    MASK = 1 << 4
    HAND = 1 << 5
    BEARD = 1 << 6
    LONG_HAIR = 1 << 7
    BLINK = 1 << 8  # at least one eye less than half open
    NIGHT = 1 << 9  # color picture taken in the dark
    LOW_RESOLUTION = 1 << 10
    MOTION_BLUR = 1 << 11
    STRUCTURED_LIGHT = 1 << 12  # depth_sensor is structured light; otherwise time of flight
    AWAY = 1 << 13  # |yaw| >= 80 degrees


@dataclass(frozen=True)
class FaceSample:
    """One head (or one piece of clutter) as every camera sees it, all on the same SIZE x SIZE pixel grid.

    Pixel centers are at integers; camera axes are x right, y down, z forward. The region is square, centered near the
    projected head center and REGION_MM wide at `distance_mm`.
    """

    color: NDArray[np.uint8]
    """(S, S, 3) RGB."""
    nir: NDArray[np.uint8]
    """(S, S) near infrared, lit mostly by a source beside the lens (inverse-square falloff)."""
    depth_clean: NDArray[np.uint16]
    """(S, S) mm along z without noise; 0 where nothing is in range."""
    depth_sensor: NDArray[np.uint16]
    """(S, S) mm along z as a time-of-flight or structured-light sensor reads it; 0 = no reading."""
    thermal: NDArray[np.uint16]
    """(S, S) apparent temperature in hundredths of a kelvin."""
    foreground: NDArray[np.uint8]
    """(S, S) BACKGROUND, OCCLUDER or PERSON."""
    material: NDArray[np.uint8]
    """(S, S) materials.Material of the surface, NO_MATERIAL behind the figure."""
    landmarks: NDArray[np.float32]
    """(68, 2) x, y in pixels of this grid, iBUG order, hidden ones too; -1 where there is no head."""
    visible: NDArray[np.bool_]
    """(68,) whether nothing lies before the landmark (glass of spectacles counts as nothing)."""
    pose_deg: NDArray[np.float32]
    """(3,) yaw, pitch, roll in degrees: turns to own left, looks up, tilts to own right are positive."""
    openness: NDArray[np.float32]
    """(2,) right eye, left eye: 0 closed .. 1 as open as this person's neutral eye, from the eyelids' gap."""
    gaze_deg: NDArray[np.float32]
    """(2,) where both eyes look relative to the head: to own left, up; 0 where there is no head."""
    head_center_mm: NDArray[np.float32]
    """(3,) head center (inside the head, at the height of the nose's middle) in camera axes; for clutter the point
    that the region looks at."""
    distance_mm: np.float32
    """Mean of the valid `depth_clean` in the 11 x 11 pixels around the projected head center."""
    intrinsics: NDArray[np.float32]
    """(4,) fx, fy, cx, cy in pixels of this grid."""
    identity: np.int32
    """Who it is (>= 0); clutter has negative numbers. Divisible by VALIDATION_MODULUS: validation."""
    seed: np.int64
    """The seed that renders this sample again."""
    tags: np.uint32
    """Bits of Tag."""
    toward_camera: np.int8
    """1 if a face looks toward the camera (|yaw| <= 65 degrees), 0 if none does (clutter, or |yaw| >= 80), -1
    between the two, where a detector may say either."""

    @property
    def has_head(self) -> bool:
        """Whether there is a head at all."""
        return not int(self.tags) & Tag.FACELESS

    @property
    def for_validation(self) -> bool:
        """Whether this identity is held out from training."""
        return int(self.identity) % VALIDATION_MODULUS == 0


LAYOUT: dict[str, tuple[tuple[int, ...], np.dtype]] = {
    "color": ((SIZE, SIZE, 3), np.dtype(np.uint8)),
    "nir": ((SIZE, SIZE), np.dtype(np.uint8)),
    "depth_clean": ((SIZE, SIZE), np.dtype(np.uint16)),
    "depth_sensor": ((SIZE, SIZE), np.dtype(np.uint16)),
    "thermal": ((SIZE, SIZE), np.dtype(np.uint16)),
    "foreground": ((SIZE, SIZE), np.dtype(np.uint8)),
    "material": ((SIZE, SIZE), np.dtype(np.uint8)),
    "landmarks": ((68, 2), np.dtype(np.float32)),
    "visible": ((68,), np.dtype(np.bool_)),
    "pose_deg": ((3,), np.dtype(np.float32)),
    "openness": ((2,), np.dtype(np.float32)),
    "gaze_deg": ((2,), np.dtype(np.float32)),
    "head_center_mm": ((3,), np.dtype(np.float32)),
    "distance_mm": ((), np.dtype(np.float32)),
    "intrinsics": ((4,), np.dtype(np.float32)),
    "identity": ((), np.dtype(np.int32)),
    "seed": ((), np.dtype(np.int64)),
    "tags": ((), np.dtype(np.uint32)),
    "toward_camera": ((), np.dtype(np.int8)),
}
"""Shape and dtype of every field of FaceSample; the files of a shard put the sample number before this shape."""

assert tuple(LAYOUT) == tuple(field.name for field in fields(FaceSample))
