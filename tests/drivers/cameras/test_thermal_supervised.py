"""Under a supervisor: a correction is no stall, a cable that comes loose is, and the camera streams again."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator

import pytest

from drivers.camera import CameraState
from drivers.cameras.thermal import ThermalCamera
from drivers.cameras.v4l2_formats import Mode
from drivers.frame import Frame, FrameFlag
from drivers.patience import Patience
from drivers.supervisor import Supervisor
from tests.drivers.cameras.fake_lepton import PLAIN, Words, lepton, scene, shot
from tests.drivers.cameras.fake_v4l2 import FakeDevice, FakeKernel, Shot

STALL_S = 1.0
"""Longer than usual, so that a busy machine is no stall; a correction is longer still."""


class Watched:
    """A supervised camera, and all that it gave and said."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.states: list[CameraState] = []
        self.supervisor = Supervisor(
            ThermalCamera(""),
            [self.frames.append],
            lambda state, note: self.states.append(state),
            Patience(stall_s=STALL_S),
        )
        self.supervisor.start()

    def until(self, done: Callable[[], bool], limit_s: float = 20.0) -> None:
        deadline = time.monotonic() + limit_s
        while not done():
            assert time.monotonic() < deadline, self.supervisor.status()
            assert self.supervisor.status().state is not CameraState.STALLED
            time.sleep(0.01)


@pytest.fixture
def watched(kernel: FakeKernel) -> Iterator[Callable[[FakeDevice], Watched]]:
    made: list[Watched] = []

    def watch(device: FakeDevice) -> Watched:
        kernel.plug(device)
        made.append(Watched())
        return made[-1]

    yield watch
    for one in made:
        assert one.supervisor.stop(5.0)


def with_a_silent_correction(mode: Mode) -> Iterator[Shot]:
    """The board hangs while the shutter is closed, for longer than a stall; telemetry where the mode has its rows."""
    for n in itertools.count():
        ffc = 1 if 8 <= n < 12 else 2 if n == 12 else 3
        words = Words(frame_counter=n, uptime_ms=60_000 + 115 * n, ffc=ffc)
        after_s = 1.6 * STALL_S if n == 12 else 0.05
        yield shot(scene(n), words if mode.height == 122 else None, after_s=after_s)


@pytest.mark.parametrize("modes", [None, [PLAIN]])
def test_a_board_that_hangs_during_a_correction_is_not_stalled(
    watched: Callable[[FakeDevice], Watched], modes: list[Mode] | None
) -> None:
    one = watched(lepton(with_a_silent_correction, modes))
    one.until(lambda: len(one.frames) >= 20)
    assert CameraState.STALLED not in one.states
    assert one.supervisor.status().reopened == 0
    flagged = [f.number for f in one.frames if f.flags & FrameFlag.SHUTTER]
    assert flagged == ([12] if modes is None else [])


def test_a_camera_whose_cable_comes_loose_streams_again_once_it_is_back(
    kernel: FakeKernel, watched: Callable[[FakeDevice], Watched]
) -> None:
    device = lepton()
    one = watched(device)
    for turn in range(3):
        before = len(one.frames)
        one.until(lambda before=before: len(one.frames) > before + 3)  # type: ignore[misc]  # bound to this turn
        kernel.unplug(device)
        one.until(lambda: one.supervisor.status().state in (CameraState.GONE, CameraState.WAITING))
        kernel.plug(device, number=turn)
    one.until(lambda: one.supervisor.status().state is CameraState.STREAMING)
    assert one.supervisor.status().reopened == 3
