"""What a camera in a child process costs a frame, here and there: processor time, latency, and what opening takes.

    python -m benchmarks.isolated_camera                 depth 640x480 of 16 bits at 30, 120 and as many as go
    python -m benchmarks.isolated_camera --size 1280x720 --seconds 5

The child's camera gives the same array again and again, so what is measured is the way of a frame: one copy into shared
memory, a record through a pipe, a view on the other side. "parent" is the processor time of the whole process that
reads (its threads, too), "child" that of the child; "plain" is the same camera read without a child. Latency is from
the camera's ``host_ns`` to the return of ``read``.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from drivers.camera import Camera
from drivers.errors import CameraTimeoutError
from drivers.frame import Frame, Pixels, StreamInfo, StreamKind
from drivers.isolate import IsolatedCamera, isolated
from drivers.source_words import SourceWords
from drivers.streaming_camera import StreamingCamera


class SteadyCamera(StreamingCamera):
    """``steady:?size=640x480@30``: the same pixels at a steady rate; without a rate as fast as they are read."""

    def __init__(self, rest: str) -> None:
        super().__init__(f"steady:{rest}")
        size = SourceWords.parse("steady", rest, ("size",)).size("size")
        assert size is not None
        self._info = StreamInfo("depth", StreamKind.DEPTH, size.width, size.height, "uint16", unit_m=0.001)
        self._period_s = 1 / size.fps if size.fps else 0.0
        self._pixels: Pixels = np.arange(size.width * size.height, dtype=np.uint16).reshape(self._info.shape)
        self._number = 0
        self._due_s = 0.0

    def _connect(self) -> Sequence[StreamInfo]:
        self._number, self._due_s = 0, 0.0
        return (self._info,)

    def _next(self, timeout_s: float) -> Frame | None:
        now = time.monotonic()
        self._due_s = self._due_s or now
        wait_s = self._due_s - now
        if wait_s > 0:
            time.sleep(min(wait_s, timeout_s))
            if wait_s > timeout_s:
                return None
        self._due_s += self._period_s
        self._number += 1
        return self._frame(self._info, self._pixels, self._number, time.monotonic_ns())

    def _disconnect(self) -> None:
        pass


def cpu_s(pid: int | None) -> float:
    """User and system time of a process; of this one with its threads when ``pid`` is None."""
    if pid is None:
        return time.process_time()
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(camera: Camera, seconds: float) -> str:
    """Read for so long, without keeping a frame; a line of what it cost."""
    camera.open()
    child = camera.pid if isinstance(camera, IsolatedCamera) else None
    for _ in range(20):
        camera.read(5.0)
    here, there = cpu_s(None), cpu_s(child)
    began, frames, late_us = time.monotonic(), 0, []
    while time.monotonic() - began < seconds:
        try:
            frame = camera.read(1.0)
        except CameraTimeoutError:
            continue
        late_us.append((time.time_ns() - frame.host_ns) / 1e3)
        frames += 1
    took = time.monotonic() - began
    here, there = cpu_s(None) - here, cpu_s(child) - there
    dropped = sum(camera.health().dropped_by_us.values())
    camera.close()
    late_us.sort()
    text = f"{frames / took:7.0f} frames/s   parent {here / frames * 1e6:5.0f} us"
    text += f"   child {there / frames * 1e6:5.0f} us" if child is not None else " " * 17
    p99 = late_us[int(0.99 * (len(late_us) - 1))]
    return f"{text}   latency {statistics.median(late_us):5.0f} us (p99 {p99:6.0f})   dropped by us {dropped}"


def measure_life(rest: str, times: int) -> str:
    """What opening, the first frame and closing take."""
    opened, first, closed = [], [], []
    camera = isolated("benchmarks.isolated_camera:SteadyCamera", "steady:", rest)
    for _ in range(times):
        at = time.monotonic()
        camera.open()
        opened.append(time.monotonic() - at)
        camera.read(5.0)
        first.append(time.monotonic() - at)
        at = time.monotonic()
        camera.close()
        closed.append(time.monotonic() - at)
    words = ("open", opened), ("with its first frame", first), ("close", closed)
    return ", ".join(f"{word} {statistics.median(s) * 1e3:.0f} ms (most {max(s) * 1e3:.0f})" for word, s in words)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", default="640x480")
    parser.add_argument("--seconds", type=float, default=5.0)
    options = parser.parse_args()
    for rate in ("@30", "@120", ""):
        rest = f"?size={options.size}{rate}"
        print(f"{options.size} 16 bits {rate or 'as many as go'}")
        print("  plain   ", measure(SteadyCamera(rest), options.seconds))
        made = isolated("benchmarks.isolated_camera:SteadyCamera", "steady:", rest)
        print("  isolated", measure(made, options.seconds))
    print(f"life of a child: {measure_life(f'?size={options.size}@30', 10)}")


if __name__ == "__main__":
    main()
