"""How long a stretch of an average head looks at a pose: what measures on a turned face are divided by."""

from __future__ import annotations

import math

from pipeline.signals.turning import rows_of_pose
from pipeline.steps.head_template import HEAD_LANDMARKS_M
from recordings.observation import HeadPose

Span = tuple[float, float, float]
"""In head axes, metres."""


def span_of(a: int, b: int) -> Span:
    """From landmark ``b`` to landmark ``a`` (iBUG, from 0) of the average head."""
    x, y, z = (float(v) for v in HEAD_LANDMARKS_M[a] - HEAD_LANDMARKS_M[b])
    return x, y, z


def seen_length(pose: HeadPose, span: Span) -> float:
    """Its length in the picture plane, metres, seen from far away: ``R = Ry(-yaw) Rx(-pitch) Rz(-roll)``, without z."""
    (a, b, c), (d, e, f), _ = rows_of_pose(pose)
    x, y, z = span
    return math.hypot(a * x + b * y + c * z, d * x + e * y + f * z)
