"""Software RealSense cameras that tests open and feed, and what their recordings hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from drivers.camera import Camera
from drivers.cameras.realsense import RealSenseCamera
from drivers.errors import EndOfStream
from drivers.frame import Frame
from tests.drivers.cameras.software_realsense import COLOR, DEPTH, INFRARED, SoftwareRealSense

BAG = Path(__file__).parents[2] / "data" / "realsense_d435.bag"
BY_NAME = {"depth": DEPTH, "infrared": INFRARED, "color": COLOR}
FRAMES = 30
"""Of each stream in the recording that the tests share."""

Opener = Callable[..., RealSenseCamera]


@contextmanager
def opener() -> Iterator[Opener]:
    """Opens cameras on software devices; closes them in the end."""
    with ExitStack() as ending:

        def open_it(device: SoftwareRealSense, rest: str = "", **more: Any) -> RealSenseCamera:
            camera = RealSenseCamera(rest, lambda: device.device, **more)
            ending.callback(camera.close)
            camera.open()
            return camera

        yield open_it


def pushed(soft: SoftwareRealSense, camera: Camera, number: int, **words: Any) -> dict[str, Frame]:
    """Push one frame of every stream and read them."""
    soft.push(number, **words)
    frames = [camera.read(2.0) for _ in range(len(words.get("only") or camera.streams()))]
    return {frame.stream: frame for frame in frames}


def read_all(camera: Camera) -> list[Frame]:
    """All frames to the end."""
    frames = []
    try:
        while True:
            frames.append(camera.read(5.0))
    except EndOfStream:
        return frames
