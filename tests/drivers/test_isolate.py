"""A camera in a child process: the same verbs, a deadline for each, and nothing left when it crashes or hangs."""

from __future__ import annotations

import gc
import logging
import os
import threading
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import drivers.errors
from drivers.camera import Adjustable, Camera, CameraState, Findable
from drivers.errors import (
    CameraError,
    CameraLostError,
    CameraOpenError,
    CameraTimeoutError,
    DriverError,
    EndOfStream,
    UnsupportedFeatureError,
)
from drivers.frame import FrameFlag
from drivers.isolate import IsolatedCamera, call, isolated
from tests.drivers.camera_conformance import READ_S, CameraConformance
from tests.drivers.fake_camera import wait_until
from tests.helpers.sessions import write_session

HERE = "tests.drivers.broken_camera"
VIRTUAL = "recordings.virtual:VirtualCamera.from_source"


def broken(rest: str = "", **limits: float) -> IsolatedCamera:
    camera = isolated(f"{HERE}:BrokenCamera", f"broken:?{rest}", f"?{rest}", **limits)  # type: ignore[arg-type]  # by name
    assert isinstance(camera, IsolatedCamera)
    return camera


@pytest.fixture
def made() -> Iterator[list[IsolatedCamera]]:
    """Cameras put in here are closed afterwards."""
    cameras: list[IsolatedCamera] = []
    yield cameras
    for camera in cameras:
        camera.close()


class TestIsolatedCamera(CameraConformance):
    def make(self) -> Camera:
        return broken("fps=200&streams=2")


class TestIsolatedCameraThatEnds(CameraConformance):
    ends = True

    def make(self) -> Camera:
        return broken("fps=500&streams=2&last=40")


class TestIsolatedVirtualCamera(CameraConformance):
    ends = True

    @pytest.fixture(autouse=True)
    def _session(self, tmp_path_factory: pytest.TempPathFactory) -> None:
        self.path: Path = write_session(tmp_path_factory.mktemp("session") / "head.mcap", 6)

    def make(self) -> Camera:
        return isolated(VIRTUAL, f"virtual:{self.path}", str(self.path))
