"""A process that records four cameras until it is killed; each frame it takes is told on stdout at once.

usage: python -m tests.recordings.recording_child FILE LAYOUT
"""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

import numpy as np

from drivers.frame import Frame, StreamInfo, StreamKind
from drivers.host_clock import now_ns
from recordings.config import RecordConfig
from recordings.recorder import Recorder

STREAMS = (
    StreamInfo("depth", StreamKind.DEPTH, 256, 212, "uint16", 30.0, unit_m=0.001),
    StreamInfo("infrared", StreamKind.INFRARED, 256, 212, "uint16", 30.0),
    StreamInfo("gray", StreamKind.GRAY, 320, 240, "uint8", 30.0),
    StreamInfo("thermal", StreamKind.THERMAL, 160, 120, "uint16", 60.0),
)


def pixels_of(info: StreamInfo, number: int) -> np.ndarray:
    """A slope with a little noise: what a given frame of a given stream always is."""
    rng = np.random.default_rng([number, len(info.name)])
    y, x = np.mgrid[: info.height, : info.width]
    return (40 + x // 4 + y // 4 + number % 16 + rng.integers(0, 8, x.shape)).astype(info.dtype)


def main(path: Path, layout: str) -> None:
    pictures = {s.name: [pixels_of(s, n) for n in range(16)] for s in STREAMS}
    recorder = Recorder(path, STREAMS, RecordConfig(layout=layout, min_free_mib=0.0))
    out = sys.stdout.fileno()
    os.write(out, b"recording\n")

    def camera(info: StreamInfo) -> None:
        number, due = 0, time.monotonic()
        while True:
            due += 1 / info.fps
            time.sleep(max(0.0, due - time.monotonic()))
            now = now_ns()
            frame = recorder.take(Frame(info, pictures[info.name][number % 16], number, now, now))
            if frame is not None:
                os.write(out, f"{info.name} {number} {frame.host_ns}\n".encode())
            number += 1

    cameras = [threading.Thread(target=camera, args=(info,), name=f"camera {info.name}") for info in STREAMS]
    for one in cameras:
        one.start()
    for one in cameras:
        one.join()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
