"""Whether recording delays the cameras: how late their threads wake up while a recorder works beside them.

    python -m benchmarks.camera_jitter [--seconds 10] [--json FILE]

Four camera threads tick at 30, 30, 30 and 60 Hz: each sleeps until its next tick, takes a frame of
benchmarks/four_streams.py, hands it to the recorder and sleeps again. Lateness is the time from the tick to the thread
running again. A writer that holds Python's global lock while it compresses shows here as milliseconds, whatever the
number of cores. "nothing recorded" is what the machine does by itself; "recorder" is the program's own (its threads
encode, write and sync); the others are the writers of benchmarks/recording_peers.py in one thread behind a queue.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import queue
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.four_streams import STREAMS, frames
from benchmarks.recording_peers import peers
from benchmarks.session_writers import cpu_seconds
from drivers.frame import Frame, StreamInfo
from recordings.config import RecordConfig
from recordings.recorder import Recorder

Take = Callable[[Frame], Any]
WRITERS = ("tapetum viewable", "tapetum compact", "foxglove-sdk zstd", "foxglove-sdk lz4", "mcap + PNG")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10.0, help="of recording with each")
    parser.add_argument("--folder", type=Path, help="where to write (default: the system's temporary folder)")
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    made = {info.name: [f for f in frames(2) if f.info is info] for info in STREAMS}
    known = peers()
    rows = []
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} CPUs")
    print("| recorded by | late, ms: median | 95 % | 99 % | worst | ticks over 5 ms late | CPU s a second | lost |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        kinds: list[tuple[str, Callable[[Path], _Recording]]] = [
            ("nothing recorded", _Nothing),
            ("recorder, viewable", lambda path: _Ours(path, "viewable")),
            ("recorder, compact", lambda path: _Ours(path, "compact")),
            *((name, lambda path, p=known[name]: _Behind(path, p.write)) for name in WRITERS),
        ]
        for number, (name, make) in enumerate(kinds):
            row = {"recorded by": name, **measure(make(Path(folder) / f"{number}.mcap"), made, arguments.seconds)}
            rows.append(row)
            print(
                f"| {name} | {row['ms_50']:.2f} | {row['ms_95']:.2f} | {row['ms_99']:.2f} | {row['ms_max']:.1f} | "
                f"{row['over_5_ms']:.1%} | {row['cpu_s']:.2f} | {row['lost']} |",
                flush=True,
            )
    if arguments.json is not None:
        arguments.json.write_text(json.dumps({"seconds": arguments.seconds, "recorders": rows}, indent=1))


class _Recording:
    """What takes the frames."""

    lost = 0

    def take(self, frame: Frame) -> None: ...

    def close(self) -> None: ...


class _Nothing(_Recording):
    def __init__(self, path: Path) -> None: ...


class _Ours(_Recording):
    def __init__(self, path: Path, layout: Any) -> None:
        self._recorder = Recorder(path, STREAMS, RecordConfig(layout=layout))

    def take(self, frame: Frame) -> None:
        self._recorder.take(frame)

    def close(self) -> None:
        if not self._recorder.close(60.0) or self._recorder.has_failed:
            raise SystemExit(f"the recorder failed: {self._recorder.status().reason}")
        self.lost = sum(self._recorder.status().lost.values())


class _Behind(_Recording):
    """A writer in its own thread, behind a queue that holds two seconds of frames."""

    def __init__(self, path: Path, write: Callable[[Path, Any], None]) -> None:
        self._frames: queue.Queue[Frame | None] = queue.Queue(300)
        self._thread = threading.Thread(target=lambda: write(path, iter(self._frames.get, None)), name="writer")
        self._thread.start()

    def take(self, frame: Frame) -> None:
        try:
            self._frames.put_nowait(frame)
        except queue.Full:
            self.lost += 1

    def close(self) -> None:
        self._frames.put(None)
        self._thread.join()


def measure(recording: _Recording, made: dict[str, list[Frame]], seconds: float) -> dict[str, Any]:
    late: dict[str, list[float]] = {info.name: [] for info in STREAMS}
    before = cpu_seconds()
    begin = time.monotonic() + 0.2
    cameras = [
        threading.Thread(target=_camera, args=(i, made[i.name], recording.take, begin, seconds, late[i.name]))
        for i in STREAMS
    ]
    for camera in cameras:
        camera.start()
    for camera in cameras:
        camera.join()
    recording.close()
    cpu = (cpu_seconds() - before) / seconds
    all_ms = np.concatenate([np.array(times) for times in late.values()]) * 1e3
    percentiles = {f"ms_{p}": float(np.percentile(all_ms, p)) for p in (50, 95, 99)}
    return {
        **percentiles,
        "ms_max": float(all_ms.max()),
        "over_5_ms": float((all_ms > 5).mean()),
        "cpu_s": cpu,
        "lost": recording.lost,
        "ticks": len(all_ms),
    }


def _camera(info: StreamInfo, made: list[Frame], take: Take, begin: float, seconds: float, late: list[float]) -> None:
    for n in range(round(seconds * info.fps)):
        due = begin + n / info.fps
        time.sleep(max(0.0, due - time.monotonic()))
        late.append(time.monotonic() - due)
        image = made[n % len(made)]
        now = time.time_ns()
        take(dataclasses.replace(image, number=n, device_ns=now, host_ns=now))


if __name__ == "__main__":
    main()
