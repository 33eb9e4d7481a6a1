"""How the cameras of a rig are turned toward each other, for what is remembered in one camera's axes."""

from __future__ import annotations

from drivers.frame import StreamInfo
from drivers.related import Relations
from pipeline.signals.turning import NO_TURN, Rows
from pipeline.steps.rig_depth import shares_grid


def turn_between(old: StreamInfo, new: StreamInfo, related: Relations | None = None) -> Rows | None:
    """The rotation from one stream's camera axes to another's; None where no calibration tells it.

    With extrinsics ``p_rig = R p_camera + t`` a head's axes are the same in the rig: ``R_new P_new = R_old P_old``, so
    that its pose in the new axes is ``R_new^T R_old P_old``.

    Args:
        related: says which cameras the rig relates. None: the two are the whole rig.
    """
    if not (related or Relations((old, new)))(old, new):
        return None
    if shares_grid(old, new):
        return NO_TURN
    if old.intrinsics is None or new.intrinsics is None:
        return None  # nobody calibrated it: where it is said to stand is no measurement
    x, y, z = (tuple(row) for row in (new.extrinsics.matrix().T @ old.extrinsics.matrix()).tolist())
    return (x[0], x[1], x[2]), (y[0], y[1], y[2]), (z[0], z[1], z[2])
