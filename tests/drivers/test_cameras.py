"""Every camera keeps the same promises."""

from __future__ import annotations

from pathlib import Path

import pytest

from drivers.camera import Camera, CameraState
from drivers.frame import Frame
from drivers.registry import open_camera
from drivers.supervisor import Patience, Supervisor
from tests.drivers.camera_conformance import CameraConformance
from tests.drivers.fake_camera import DEPTH, FakeCamera, Give, wait_until
from tests.helpers.sessions import write_session


class TestFakeCamera(CameraConformance):
    """The camera that the supervisor's tests stand on."""

    ends = True

    def make(self) -> Camera:
        return FakeCamera([Give(n // 2, *([DEPTH] if n % 2 else [])) for n in range(40)])


class _Session(CameraConformance):
    query = ""

    @pytest.fixture(autouse=True)
    def _session(self, tmp_path_factory: pytest.TempPathFactory) -> None:
        self.path: Path = write_session(tmp_path_factory.mktemp("session") / "head.mcap", 6)

    def make(self) -> Camera:
        return open_camera(f"virtual:{self.path}{self.query}")


class TestVirtualCamera(_Session):
    ends = True


class TestVirtualCameraAsFastAsItReads(_Session):
    query = "?speed=max"
    ends = True


class TestVirtualCameraInALoop(_Session):
    query = "?loop=1&speed=4"
    frames = 40  # three times through


def test_a_session_with_a_scripted_loss_comes_back_under_supervision(tmp_path: Path):
    path = write_session(tmp_path / "head.mcap", 12)
    camera = open_camera(f"virtual:{path}?loop=1&lose_at=0.1&lose_s=0.1")
    frames: list[Frame] = []
    states: list[CameraState] = []
    supervisor = Supervisor(
        camera,
        [frames.append],
        lambda state, _: states.append(state),
        Patience(read_s=0.05, back_off_s=0.02, back_off_limit_s=0.05),
    )
    supervisor.start()
    wait_until(lambda: supervisor.status().reopened == 1, "the camera to come back")
    seen = len(frames)
    wait_until(lambda: len(frames) > seen + 4, "frames after the loss")
    assert supervisor.stop(5.0)
    assert states[0] is CameraState.OPENING
    assert {CameraState.WAITING, CameraState.GONE} & set(states)
    assert states[-1] is CameraState.CLOSED
    for name in ("depth", "infrared"):
        times = [frame.host_ns for frame in frames if frame.stream == name]
        assert times == sorted(set(times))
