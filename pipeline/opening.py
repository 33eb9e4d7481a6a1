"""The cameras of a live run are opened by their supervisors; the run waits until it knows their streams."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final

from drivers.camera import CameraState
from drivers.frame import StreamInfo
from drivers.supervisor import Supervisor
from pipeline.errors import LiveError

_OPEN: Final = (CameraState.STREAMING, CameraState.STALLED, CameraState.PAUSED, CameraState.ENDED)


def wait_for_streams(supervisors: Sequence[Supervisor], timeout_s: float) -> tuple[StreamInfo, ...]:
    """The streams of all cameras, in the cameras' order, once every one has been opened.

    Raises:
        LiveError: one did not open in time, or never will; or two streams have one name.
    """
    deadline = time.monotonic() + timeout_s
    while True:
        statuses = [s.status() for s in supervisors]
        opened = [status.state in _OPEN for status in statuses]
        if all(opened):
            break
        if time.monotonic() > deadline or any(status.has_given_up for status in statuses):
            bad = "; ".join(
                f"{supervisor.camera.source}: {status.state} {status.note}".strip()
                for supervisor, status, is_open in zip(supervisors, statuses, opened, strict=True)
                if not is_open
            )
            within = "" if any(status.has_given_up for status in statuses) else f" within {timeout_s:.0f} s"
            raise LiveError(f"not every camera opened{within}: {bad}")
        time.sleep(0.01)
    streams = [stream for supervisor in supervisors for stream in supervisor.streams()]
    names = [s.name for s in streams]
    if len(set(names)) != len(names):
        raise LiveError(f"two cameras give a stream of the same name: {sorted(names)}; name them apart in a rig's file")
    return tuple(streams)
