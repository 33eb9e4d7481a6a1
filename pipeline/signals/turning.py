"""Rotations of a head as plain numbers: three rows of three, for what is asked of every face in every FrameSet."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

from recordings.observation import HeadPose

Vector = tuple[float, float, float]
Rows = tuple[Vector, Vector, Vector]

NO_TURN: Final[Rows] = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))


@lru_cache(maxsize=16)  # several signals ask it of the same face at the same instant
def rows_of(yaw_deg: float, pitch_deg: float, roll_deg: float) -> Rows:
    """``R = Ry(-yaw) Rx(-pitch) Rz(-roll)`` from head axes to camera axes, as HeadPose.rotation has it.

    Args:
        yaw_deg, pitch_deg, roll_deg: degrees, signs of HeadPose, finite.
    """
    y, p, r = math.radians(-yaw_deg), math.radians(-pitch_deg), math.radians(-roll_deg)
    sy, cy, sp, cp, sr, cr = math.sin(y), math.cos(y), math.sin(p), math.cos(p), math.sin(r), math.cos(r)
    return (
        (cy * cr + sy * sp * sr, sy * sp * cr - cy * sr, sy * cp),
        (cp * sr, cp * cr, -sp),
        (cy * sp * sr - sy * cr, sy * sr + cy * sp * cr, cy * cp),
    )


def rows_of_pose(pose: HeadPose) -> Rows:
    """See :func:`rows_of`; NaN where an angle is no finite number."""
    yaw, pitch, roll = pose.yaw_deg, pose.pitch_deg, pose.roll_deg
    if not math.isfinite(yaw + pitch + roll):
        nothing = (math.nan, math.nan, math.nan)
        return nothing, nothing, nothing
    return rows_of(yaw, pitch, roll)


def angles_between(one: Rows, other: Rows) -> Vector:
    """Yaw, pitch and roll in degrees of ``one^T other``: the other turn, seen from the first; as HeadPose tells them.

    At 90 degrees of pitch roll is taken as 0.
    """
    (a, b, c), (d, e, f), (g, h, i) = one
    (j, k, m), (n, o, p), (q, r, s) = other
    pitch = math.asin(max(-1.0, min(1.0, -(b * m + e * p + h * s))))
    if abs(math.cos(pitch)) > 1e-6:
        yaw = math.atan2(a * m + d * p + g * s, c * m + f * p + i * s)
        roll = math.atan2(b * j + e * n + h * q, b * k + e * o + h * r)
    else:
        yaw, roll = math.atan2(-(c * j + f * n + i * q), a * j + d * n + g * q), 0.0
    return -math.degrees(yaw), -math.degrees(pitch), -math.degrees(roll)


def angles_of(rows: Rows) -> Vector:
    """Yaw, pitch and roll in degrees of a rotation; undoes :func:`rows_of`."""
    return angles_between(NO_TURN, rows)


def product(one: Rows, other: Rows) -> Rows:
    """``one other``: first the other turn, then the one."""
    a, b, c = zip(*other, strict=True)
    columns = turned(one, a), turned(one, b), turned(one, c)
    x, y, z = zip(*columns, strict=True)
    return x, y, z


def turned(rows: Rows, vector: Vector) -> Vector:
    """A vector (x, y, z), turned."""
    (a, b, c), (d, e, f), (g, h, i) = rows
    x, y, z = vector
    return a * x + b * y + c * z, d * x + e * y + f * z, g * x + h * y + i * z
