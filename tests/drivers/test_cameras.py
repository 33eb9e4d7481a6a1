"""Every camera keeps the same promises."""

from __future__ import annotations

from pathlib import Path

import pytest

from drivers.camera import Camera
from drivers.registry import open_camera
from tests.drivers.camera_conformance import CameraConformance
from tests.drivers.fake_camera import DEPTH, FakeCamera, Give
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
