"""Head pose: angles in degrees and rotation matrices, in the conventions of the whole project.

yaw > 0: turns to own left; pitch > 0: looks up; roll > 0: tilts to own right. The rotation maps head axes (x to own
left, y down, z to the back of the head) to camera axes and is Ry(-yaw) @ Rx(-pitch) @ Rz(-roll).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MODEL_TO_HEAD_MM = np.array([10.0, -10.0, -10.0], np.float32)
"""Model axes (cm, y up, z out of the face) to head axes (mm, y down, z away from the camera)."""


def rotation_from_pose(yaw_deg: float, pitch_deg: float, roll_deg: float) -> NDArray[np.float32]:
    """Return the (3, 3) rotation from head to camera axes."""
    yaw, pitch, roll = -np.radians([yaw_deg, pitch_deg, roll_deg])
    about_y = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]])
    about_z = np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
    return (about_y @ about_x @ about_z).astype(np.float32)
