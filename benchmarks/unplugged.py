"""A camera that is unplugged and plugged in again, a hundred times, beside two that are not.

    python -m benchmarks.unplugged [--times 100] [--json FILE]

Three virtual cameras (the bundled sessions) run under supervisors. A script of faults pulls the cable of the first
every 1.5 s for 0.3 s. Told are: how long after the camera was there again its first frame came (its own open time is in
it), the memory, threads and file descriptors of the process before and after, and whether the others lost a frame.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np

from drivers.camera import Findable
from drivers.frame import Frame
from drivers.registry import open_camera
from drivers.supervisor import Supervisor

_SCRIPT = """[[fault]]
kind = "disconnect"
at_s = 1.0
every_s = 1.5
for_s = 0.3
times = {times}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} CPUs")
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "faults.toml"
        script.write_text(_SCRIPT.format(times=arguments.times), encoding="utf-8")
        found = _run(f"virtual:night-drive?faults={script}", arguments.times)
    for name, value in found.items():
        print(f"{name}: {value}")
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=2))


def _run(source: str, times: int) -> dict[str, Any]:
    cameras = [open_camera(source), open_camera("virtual:night-drive"), open_camera("virtual:night-street")]
    frames_s: list[float] = []

    def take(frame: Frame) -> None:
        frames_s.append(time.monotonic())

    supervisors = [
        Supervisor(cameras[0], [take]),
        *(Supervisor(camera, [lambda _: None]) for camera in cameras[1:]),
    ]
    for supervisor in supervisors:
        supervisor.start()
    plugged = cameras[0]
    assert isinstance(plugged, Findable)
    back_s: list[float] = []
    was_there = True
    before: dict[str, float] = {}
    end = time.monotonic() + 1.5 * times + 30
    while time.monotonic() < end:
        is_there = plugged.is_present() is not False
        if is_there and not was_there:
            back_s.append(time.monotonic())
            if len(back_s) == 5:  # caches are filled
                before = _resources()
            if len(back_s) == times:
                break
        was_there = is_there
        time.sleep(0.002)
    time.sleep(1.0)
    status = [s.status() for s in supervisors]
    after = _resources()
    down = all(s.stop(5.0) for s in supervisors)
    arrived = np.array(frames_s)
    waits = [float(arrived[np.searchsorted(arrived, at)] - at) for at in back_s]
    return {
        "unplugged": len(back_s),
        "reopened": status[0].reopened,
        "first frame after its return, s: median, 95 %, worst": np.percentile(waits, (50, 95, 100)).round(3).tolist(),
        "resources before": before,
        "resources after": after,
        "the others": {
            f"{i} {name}": f"{count.received} received, {count.dropped_by_device + count.dropped_by_us} lost"
            for i, one in enumerate(status[1:], 2)
            for name, count in one.counts.items()
        },
        "the others were reopened": [one.reopened for one in status[1:]],
        "all ended in time": down,
    }


def _resources() -> dict[str, float]:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return {
        "resident MB": round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, 1),
        "threads": threading.active_count(),
        "file descriptors": sum(1 for _ in Path("/proc/self/fd").iterdir()),
    }


if __name__ == "__main__":
    main()
