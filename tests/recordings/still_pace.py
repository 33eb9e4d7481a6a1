"""Virtual cameras on a clock of their own, so that no test of them sleeps."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

from drivers.errors import EndOfStream
from drivers.frame import Frame
from recordings.virtual import VirtualCamera, VirtualOptions
from tests.recordings.sessions import EPOCH, MS


class StillPace:
    """Clocks that move only when somebody waits."""

    def __init__(self) -> None:
        self.now = 1_000 * MS

    def monotonic_ns(self) -> int:
        return self.now

    def wall_ns(self) -> int:
        return EPOCH * 2 + self.now

    def wait(self, wake: threading.Event, seconds: float) -> None:
        self.now += round(seconds * 1e9)


def opened(path: Path | None, pace: StillPace, **options: object) -> VirtualCamera:
    camera = VirtualCamera(path, options=VirtualOptions(**options), pace=pace)  # type: ignore[arg-type]  # by name
    camera.open()
    return camera


def all_frames(camera: VirtualCamera, timeout_s: float = 60.0) -> Iterator[Frame]:
    while True:
        try:
            yield camera.read(timeout_s)
        except EndOfStream:
            camera.close()
            return
