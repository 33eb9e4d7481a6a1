"""What supervising and synchronising cameras costs: four streams of three virtual cameras to a sink that counts.

    python -m benchmarks.four_cameras [--minutes 10] [--json FILE]

Depth and infrared of one camera (512x424, 16 bits, 30 frames/s), thermal of a second (640x512, 16 bits, 60) and of
a third (160x120, 16 bits, 9), each with its own clock, which lies elsewhere and runs wrong by up to 150 ppm. Sessions
of these streams, stored raw, are played in a loop by virtual cameras under supervisors, as in a live run, through the
bounded channel and the synchroniser. Told are: the CPU time of the whole process (threads of reading included) in per
cent of one core, of a second run with the same reading alone, without supervisors and synchroniser; frames that a
pixel copy was made of (does the frame in the sink lie in the memory that the reader read it into?); the skew of matched
frames against half the period of the faster stream; and a balance of every frame: made, received, lost by name.
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import resource
import tempfile
import threading
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from drivers.channels import ChannelClosed, Lossless
from drivers.frame import Frame, FrameFlag, StreamInfo, StreamKind
from drivers.member import members_of
from drivers.registry import open_camera
from drivers.supervisor import Supervisor
from pipeline.steps.synchronise import Synchronizer
from recordings.session import SessionInfo
from recordings.writer import SessionWriter

CAMERAS: Final = (
    (
        StreamInfo("depth", StreamKind.DEPTH, 512, 424, "uint16", 30.0, unit_m=0.001),
        StreamInfo("infrared", StreamKind.INFRARED, 512, 424, "uint16", 30.0),
    ),
    (StreamInfo("thermal", StreamKind.THERMAL, 640, 512, "uint16", 60.0),),
    (StreamInfo("thermal", StreamKind.THERMAL, 160, 120, "uint16", 9.0),),
)
_PPM: Final = (0.0, 150.0, 80.0)
"""None slow: a session that is played in a loop would catch up at its end."""
_OFFSET_S: Final = (0.0, 86_400.0, 5.0)
_SECONDS: Final = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} CPUs")
    with tempfile.TemporaryDirectory() as folder:
        sources = [_session(Path(folder) / f"camera{i}.mcap", i) for i in range(len(CAMERAS))]
        alone = _read_alone(sources, min(60.0, arguments.minutes * 60))
        print(f"reading alone: {alone:.1f} % of one core")
        found = _supervised(sources, arguments.minutes * 60)
    found["reading alone, % of a core"] = alone
    for name, value in found.items():
        print(f"{name}: {value}")
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=2))


def _session(path: Path, camera: int) -> str:
    """Seconds of one camera, stored raw, on its own clock."""
    streams = CAMERAS[camera]
    rng = np.random.default_rng(camera)
    pictures = {s.name: [rng.integers(0, 4000, s.shape, dtype=np.uint16) for _ in range(3)] for s in streams}
    start = 1_700_000_000_000_000_000
    info = SessionInfo.create(list(streams), title="benchmark", source="benchmark", clock="synthetic")
    with SessionWriter(path, info, codecs={s.name: "raw" for s in streams}) as writer:
        for number in range(int(_SECONDS * streams[0].fps)):
            at_s = number / streams[0].fps
            device = start + round((_OFFSET_S[camera] + at_s * (1 + _PPM[camera] * 1e-6)) * 1e9)
            for i, stream in enumerate(streams):
                pixels = pictures[stream.name][number % 3]
                writer.write_frame(Frame(stream, pixels, number, device, start + round(at_s * 1e9) + i))
    return f"virtual:{path}?loop=1"


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _read_alone(sources: list[str], seconds: float) -> float:
    """Per cent of one core that opening and reading the cameras costs by itself."""
    stop = threading.Event()

    def read(source: str) -> None:
        camera = open_camera(source)
        camera.open()
        while not stop.is_set():
            camera.read(1.0)
        camera.close()

    threads = [threading.Thread(target=read, args=(source,)) for source in sources]
    for thread in threads:
        thread.start()
    time.sleep(2.0)
    cpu, wall = _cpu_s(), time.monotonic()
    time.sleep(seconds)
    share = 100 * (_cpu_s() - cpu) / (time.monotonic() - wall)
    stop.set()
    for thread in threads:
        thread.join()
    return share


def _supervised(sources: list[str], seconds: float) -> dict[str, Any]:
    frames: Lossless[Frame] = Lossless(128)
    members = members_of([open_camera(source) for source in sources])
    copies: Counter[str] = Counter()

    def take(frame: Frame) -> bool:
        if frame.pixels.flags.owndata:
            copies[frame.stream] += 1
        return frames.put(frame)

    states: Counter[str] = Counter()
    supervisors = [
        Supervisor(m.camera, [take], lambda state, _: states.update([str(state)]), relabel=m.relabel) for m in members
    ]
    for supervisor in supervisors:
        supervisor.start()
    while not all(s.streams() for s in supervisors):
        time.sleep(0.01)
    streams = [replace(s) for supervisor in supervisors for s in supervisor.streams()]
    synchronizer = Synchronizer(streams)
    given: Counter[str] = Counter()
    matched: dict[str, list[tuple[int, int]]] = {s.name: [] for s in streams}
    times: dict[str, list[tuple[int, int]]] = {s.name: [] for s in streams}
    sets = 0
    flagged = 0
    leader = synchronizer.leader
    end = time.monotonic() + seconds
    cpu, wall = _cpu_s(), time.monotonic()
    while time.monotonic() < end:
        try:
            frame = frames.take(0.5)
        except (queue.Empty, ChannelClosed):
            continue
        given[frame.stream] += 1
        times[frame.stream].append((frame.device_ns, frame.host_ns))
        flagged += bool(frame.flags & FrameFlag.DROPPED_BEFORE)
        for frame_set in synchronizer.push(frame):
            sets += 1
            leading = frame_set.frames.get(leader)
            for name, member in frame_set.frames.items():
                if name != leader and leading is not None:
                    matched[name].append((leading.device_ns, member.device_ns))
    used = 100 * (_cpu_s() - cpu) / (time.monotonic() - wall)
    counts = {name: count for supervisor in supervisors for name, count in supervisor.status().counts.items()}
    waiting = frames.count().depth
    for supervisor in supervisors:
        assert supervisor.stop(5.0)
    periods = {s.name: 1e3 / s.fps for s in streams}
    unexplained = sum(c.received for c in counts.values()) - sum(given.values()) - waiting
    return {
        "CPU, % of a core": round(used, 1),
        "frames in the sink": dict(given),
        "FrameSets": sets,
        "frames whose pixels were copied on the way": dict(copies),
        "matched frames: count, true skew in ms (median, 99 %, worst), half the faster period": {
            name: (
                len(pairs),
                *(np.percentile(_skews_ms(times, leader, name, pairs), (50, 99, 100)).round(2).tolist()),
                round(min(periods[name], periods[leader]) / 2, 2),
            )
            for name, pairs in matched.items()
            if pairs
        },
        "counts": {name: str(count) for name, count in counts.items()},
        "states": dict(states),
        "frames flagged with a loss before": flagged,
        "frames between supervisor and sink when it ended (about 1 may be under way)": waiting,
        "unexplained": unexplained,
    }


def _skews_ms(
    times: dict[str, list[tuple[int, int]]], leader: str, name: str, pairs: list[tuple[int, int]]
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """How far matched frames lie apart by clocks whose drift is known: the truth, not what the synchroniser thinks."""
    found = []
    for at, stream in enumerate((leader, name)):
        camera = next(i for i, word in enumerate(("virtual/", "virtual2/", "virtual3/")) if stream.startswith(word))
        base = times[stream][0][0]
        pace = 1 + _PPM[camera] * 1e-6
        device, host = np.array(times[stream], np.int64).T
        begin = np.percentile((host - times[leader][0][1]) - (device - base) / pace, 1)
        found.append((np.array([p[at] for p in pairs], np.int64) - base) / pace + begin)
    return np.asarray(np.abs(found[0] - found[1]) / 1e6)


if __name__ == "__main__":
    main()
