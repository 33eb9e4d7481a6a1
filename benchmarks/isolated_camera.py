"""What a camera in a child process costs a frame, here and there: processor time, latency, what opening takes, and how
soon it streams again after its process has died.

    python -m benchmarks.isolated_camera                 depth 640x480 of 16 bits at 30, 120 and as many as go
    python -m benchmarks.isolated_camera --size 1280x720 --seconds 5 --crashes 100

The child's camera gives the same array again and again, so what is measured is the way of a frame: one copy into shared
memory, a record through a pipe, a view on the other side. "parent" is the processor time of the whole process that
reads (its threads, too), "child" that of the child; "plain" is the same camera read without a child. Latency is from
the camera's ``host_ns`` to the return of ``read``. For the crashes two such cameras run under their supervisors, and
the process of one gets a SIGSEGV again and again: the time is from the signal to its next frame in the sink, and the
other camera's frames are counted.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import statistics
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from drivers.camera import Camera
from drivers.errors import CameraTimeoutError
from drivers.frame import Frame, Pixels, StreamInfo, StreamKind
from drivers.host_clock import now_ns
from drivers.isolate import IsolatedCamera, isolated
from drivers.source_words import SourceWords
from drivers.streaming_camera import StreamingCamera
from drivers.supervisor import Supervisor


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
        late_us.append((now_ns() - frame.host_ns) / 1e3)
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


def measure_crashes(rest: str, times: int) -> str:
    """How soon a supervised camera gives frames again after its process died, and what another one lost by it."""
    seen: list[list[int]] = [[], []]
    supervised = []
    for n in range(2):
        camera = isolated("benchmarks.isolated_camera:SteadyCamera", f"steady:{n}", rest)
        assert isinstance(camera, IsolatedCamera)
        supervised.append((camera, Supervisor(camera, [_note_numbers(seen[n])])))
        supervised[n][1].start()
    back = []
    try:
        for _ in range(times):
            _wait_for(seen[0])
            pid = supervised[0][0].pid
            assert pid is not None
            os.kill(pid, signal.SIGSEGV)
            at = time.monotonic()
            time.sleep(0.02)  # what it had given before
            _wait_for(seen[0])
            back.append(time.monotonic() - at)
    finally:
        for _, supervisor in supervised:
            supervisor.stop(10.0)
    numbers = seen[1]
    lost = sum(b - a - 1 for a, b in pairwise(numbers))
    return (
        f"{times} crashes: streaming again after {statistics.median(back) * 1e3:.0f} ms (most {max(back) * 1e3:.0f}); "
        f"the other camera lost {lost} of {numbers[-1] - numbers[0] + 1} frames"
    )


def _note_numbers(seen: list[int]) -> Callable[[Frame], None]:
    def note(frame: Frame) -> None:
        seen.append(frame.number)

    return note


def _wait_for(seen: list[int]) -> None:
    """One more frame."""
    until, deadline = len(seen) + 1, time.monotonic() + 20.0
    while len(seen) < until:
        if time.monotonic() > deadline:
            raise TimeoutError("no frame for 20 s")
        time.sleep(0.001)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", default="640x480")
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--crashes", type=int, default=20)
    options = parser.parse_args()
    logging.getLogger("drivers").setLevel(logging.ERROR)  # every crash is a warning there
    for rate in ("@30", "@120", ""):
        rest = f"?size={options.size}{rate}"
        print(f"{options.size} 16 bits {rate or 'as many as go'}")
        print("  plain   ", measure(SteadyCamera(rest), options.seconds))
        made = isolated("benchmarks.isolated_camera:SteadyCamera", "steady:", rest)
        print("  isolated", measure(made, options.seconds))
    print(measure_crashes(f"?size={options.size}@30", options.crashes))
    print(f"life of a child: {measure_life(f'?size={options.size}@30', 10)}")


if __name__ == "__main__":
    main()
