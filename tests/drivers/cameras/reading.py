"""Reading the frames of one stream, as the tests of several cameras do."""

from __future__ import annotations

from drivers.camera import Camera
from drivers.frame import Frame


def frames_of(camera: Camera, stream: str, count: int) -> list[Frame]:
    """The next ``count`` frames of a stream; those of others are passed over."""
    found: list[Frame] = []
    while len(found) < count:
        frame = camera.read(5.0)
        found += [frame] if frame.stream == stream else []
    return found
