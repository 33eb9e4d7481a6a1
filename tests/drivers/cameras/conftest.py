"""Devices that several files of tests share: a kernel with simulated video devices, a RealSense made of software."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.drivers.cameras.fake_v4l2 import FakeKernel
from tests.drivers.cameras.realsense_cases import FRAMES
from tests.drivers.cameras.software_realsense import SoftwareRealSense, record


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeKernel:
    """A kernel without any video device yet."""
    return FakeKernel(monkeypatch, tmp_path)


@pytest.fixture
def soft() -> SoftwareRealSense:
    """A D435 made of software; nothing of it streams yet."""
    return SoftwareRealSense()


@pytest.fixture(scope="session")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty frames of depth, infrared and colour in a quarter of a second, with motion samples; not to be changed."""
    path = tmp_path_factory.mktemp("realsense") / "d435.db3"
    record(path, FRAMES, SoftwareRealSense(imu=True), fps=120)
    return path
