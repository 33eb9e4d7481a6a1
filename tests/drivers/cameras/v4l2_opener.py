"""Opening the cameras of simulated video devices."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from drivers.camera import Camera
from tests.drivers.cameras.fake_v4l2 import FakeDevice, FakeKernel

AnyCamera = TypeVar("AnyCamera", bound=Camera)


@contextmanager
def opener(kernel: FakeKernel, make: Callable[[str], AnyCamera]) -> Iterator[Callable[..., AnyCamera]]:
    """Plugs a video device in and opens its camera; at the end all are closed."""
    made: list[AnyCamera] = []

    def open_one(device: FakeDevice, rest: str = "") -> AnyCamera:
        kernel.plug(device)
        camera = make(rest)
        made.append(camera)
        camera.open()
        return camera

    yield open_one
    for camera in made:
        camera.close()
