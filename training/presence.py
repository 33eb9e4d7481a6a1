"""Which heads count as faces: up to the profile they do, the back of a head does not, and between lies no truth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FACE_YAW_DEG, AVERTED_YAW_DEG = 96.0, 110.0
"""Up to FACE_YAW_DEG of yaw a head shows its face, half of it at the profile; from AVERTED_YAW_DEG on none of it."""


def shows_face(pose_deg: NDArray) -> NDArray[np.bool_]:
    """(N,) of poses (N, 3) in degrees, yaw first: the head shows its face."""
    shown: NDArray[np.bool_] = np.abs(pose_deg[:, 0]) <= FACE_YAW_DEG
    return shown


def is_averted(pose_deg: NDArray) -> NDArray[np.bool_]:
    """(N,) of poses (N, 3) in degrees, yaw first: the head is seen from behind."""
    averted: NDArray[np.bool_] = np.abs(pose_deg[:, 0]) >= AVERTED_YAW_DEG
    return averted
