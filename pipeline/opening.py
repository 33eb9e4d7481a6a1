"""The cameras of a live run are opened, and closed, by their supervisors; the run waits for them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from drivers.camera import Camera, CameraState
from drivers.frame import StreamInfo
from drivers.supervisor import Supervisor, SupervisorStatus
from pipeline.errors import LiveError

OPEN_S: Final = 10.0
"""For cameras to open that do not say how long they may take (``open_timeout_s``)."""
_MARGIN_S: Final = 2.0
"""On top of what a camera says: its own error, which says where it hangs, must come first."""
_TELL_EVERY_S: Final = 1.0
CLOSE_S: Final = 2.0
"""Cameras close within that, or a library hangs."""
_MOMENT_S: Final = 0.5

_OPEN: Final = (CameraState.STREAMING, CameraState.STALLED, CameraState.PAUSED, CameraState.ENDED)

OnWait = Callable[[Mapping[str, str]], None]
"""Gets the cameras that do not open: source -> what is wrong."""


def open_timeout_s(cameras: Sequence[Camera]) -> float:
    """How long to wait for these cameras to open: no shorter than the longest that one of them may take."""
    longest = max((float(getattr(camera, "open_timeout_s", 0.0)) for camera in cameras), default=0.0)
    return max(OPEN_S, longest + _MARGIN_S)


def wait_for_streams(
    supervisors: Sequence[Supervisor],
    timeout_s: float,
    stopping: threading.Event | None = None,
    on_wait: OnWait | None = None,
) -> tuple[StreamInfo, ...]:
    """The streams of all cameras, in the cameras' order, once every one has been opened.

    Args:
        timeout_s: ``inf`` waits until they are there.
        stopping: set by whoever no longer wants them.
        on_wait: called about every second with the cameras that something is wrong with.

    Raises:
        LiveError: one did not open in time, or never will; or two streams have one name; or ``stopping`` was set.
    """
    deadline = time.monotonic() + timeout_s
    told = time.monotonic()
    while True:
        statuses = [s.status() for s in supervisors]
        if all(status.state in _OPEN for status in statuses):
            break
        if stopping is not None and stopping.is_set():
            raise LiveError("stopped before every camera was open")
        given_up = any(status.has_given_up for status in statuses)
        if given_up or time.monotonic() > deadline:
            bad = "; ".join(
                f"{supervisor.camera.source}: {status.state} {_note(supervisor, status)}".strip()
                for supervisor, status in zip(supervisors, statuses, strict=True)
                if status.state not in _OPEN
            )
            within = "" if given_up else f" within {timeout_s:.0f} s"
            raise LiveError(f"not every camera opened{within}: {bad}")
        if on_wait is not None and time.monotonic() - told >= _TELL_EVERY_S:
            told = time.monotonic()
            on_wait(not_open(supervisors))
        time.sleep(0.01)
    streams = [stream for supervisor in supervisors for stream in supervisor.streams()]
    names = [s.name for s in streams]
    if len(set(names)) != len(names):
        raise LiveError(f"two cameras give a stream of the same name: {sorted(names)}; name them apart in a rig's file")
    return tuple(streams)


def not_open(supervisors: Sequence[Supervisor]) -> dict[str, str]:
    """The cameras that failed to open so far: source -> why, and what is done about it."""
    every = [(supervisor, supervisor.status()) for supervisor in supervisors]
    return {
        supervisor.camera.source: f"{status.state}: {status.note}"
        for supervisor, status in every
        if status.state not in _OPEN and status.note
    }


def stop_cameras(supervisors: Sequence[Supervisor], limit_s: float = CLOSE_S) -> bool:
    """Close all cameras; every one is asked before any is waited for.

    Returns:
        False when one did not close in time: its library hangs.
    """
    for supervisor in supervisors:
        supervisor.request_stop()
    down = True
    end = time.monotonic() + limit_s
    for supervisor in supervisors:
        # Those that hang share the time; each still needs a moment after it was interrupted.
        down &= supervisor.stop(max(min(_MOMENT_S, limit_s), end - time.monotonic()))
    return down


def _note(supervisor: Supervisor, status: SupervisorStatus) -> str:
    """What is wrong, or what its opening is at: a camera in a process of its own says that."""
    return status.note or supervisor.camera.health().note
