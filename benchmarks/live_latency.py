"""Where the time goes between a camera and whoever looks, without a window: every piece of a live run's way.

    python -m benchmarks.live_latency [--seconds 15] [--rate 30] [--json FILE]

The bundled night drive (one face) as four live streams at ``--rate`` frames a second (as benchmarks/window_speed.py
plays it) through the whole pipeline with the shipped models, the last seconds kept in memory, one thread that takes the
results. Of every FrameSet the times are taken at which

- its last frame was due at the virtual camera, and the camera gave it (the stamp ``host_ns``);
- it was let in, synchronised, begun by the process thread, looked at (faces, landmarks, pose), finished (generated
  images), and taken by whoever looks;

and of all of it the sum, from the device time on our clock (as the window maps it) to the taking. Also told: what each
step and model took, what each thread computed, and how long it was runnable without a CPU (Linux).
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import gc
import json
import os
import queue
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.window_speed import four_streams
from drivers.channels import ChannelClosed
from drivers.host_clock import anchor_ns, now_ns
from drivers.registry import open_camera
from engines.loading import load_models
from pipeline.config import PipelineConfig
from pipeline.live_intake import Intake
from pipeline.process import Process
from pipeline.run import LiveRun
from recordings.virtual import VirtualCamera

_SETTLE_S: Final = 5.0
PIECES: Final = (
    ("camera gives its last frame", "due", "host"),
    ("let in", "host", "in"),
    ("synchronised", "in", "set"),
    ("process begins", "set", "begin"),
    ("looked at", "begin", "look"),
    ("finished", "look", "finish"),
    ("taken", "finish", "taken"),
)
"""Name, from, to. Of the frames, the last one of a FrameSet counts."""


class Marks:
    """When what happened: name -> FrameSet's frame number -> ns of our clock; a later mark of the same name stays."""

    def __init__(self) -> None:
        self.at: dict[str, dict[int, int]] = defaultdict(dict)

    def put(self, name: str, number: int, ns: int | None = None) -> None:
        self.at[name][number] = now_ns() if ns is None else ns

    def wrap(self, owner: Any, name: str, after: Callable[..., None]) -> contextlib.AbstractContextManager[None]:
        """While this lasts, ``after(result, *arguments)`` is called after each call of ``owner.name``."""
        return _wrapped(owner, name, after)


@contextlib.contextmanager
def _wrapped(owner: Any, name: str, after: Callable[..., None]) -> Iterator[None]:
    usual = getattr(owner, name)

    @functools.wraps(usual)
    def watched(*given: Any, **named: Any) -> Any:
        result = usual(*given, **named)
        after(result, *given)
        return result

    setattr(owner, name, watched)
    try:
        yield
    finally:
        setattr(owner, name, usual)


def measure(path: Path, seconds: float) -> dict[str, Any]:
    """Run so long, and tell the pieces in ms."""
    marks = Marks()

    def delivered(frame: Any, _camera: Any, _playback: Any, given: Any) -> None:
        marks.put("host", frame.number, frame.host_ns)
        device[frame.number] = frame.device_ns

    def peeked(due: Any, _camera: Any, *_: Any) -> None:
        if due is not None and due.frame is not None:
            marks.put("due", due.frame.number, due.at_ns + anchor_ns())

    device: dict[int, int] = {}
    config = PipelineConfig()
    models = load_models(config.engines.policy, config.engines.threads)
    models.warm_up()
    steps: list[tuple[dict[str, float], dict[str, float]]] = []
    with contextlib.ExitStack() as stack:
        wrap = stack.enter_context
        wrap(marks.wrap(VirtualCamera, "_peek", peeked))
        wrap(marks.wrap(VirtualCamera, "_deliver", delivered))
        wrap(marks.wrap(Intake, "take", lambda _, __, ___, frame: marks.put("in", frame.number)))
        wrap(marks.wrap(Process, "look", lambda looked, *_: marks.put("look", _number(looked.frame_set))))
        wrap(marks.wrap(Process, "finish", lambda _, __, looked, *___: finished(looked)))

        def finished(looked: Any) -> None:
            marks.put("finish", _number(looked.frame_set))
            steps.append((dict(looked.timings), dict(looked.model_seconds)))

        run = LiveRun(
            [open_camera(f"virtual:{path}?loop=true")],
            models,
            config,
            on_frame_set=lambda one: marks.put("begin", _number(one)),
            keep=True,
        )
        wrap(
            marks.wrap(run._sets, "put_together", lambda _, sets: [marks.put("set", _number(one)) for one in sets])  # type: ignore[func-returns-value]  # called for what it does
        )
        faces: dict[int, int] = {}
        ended = threading.Event()

        def look() -> None:
            while not ended.is_set():
                try:
                    result = run.results.take(0.2)
                except (queue.Empty, ChannelClosed):
                    continue
                marks.put("taken", _number(result.frame_set))
                faces[_number(result.frame_set)] = len(result.observation.faces)

        looker = threading.Thread(target=look, name="looker")
        run.start()
        looker.start()
        try:
            time.sleep(_SETTLE_S)
            first, before, begun_s = len(marks.at["taken"]), _threads(), time.monotonic()
            collected = [one["collections"] for one in gc.get_stats()]
            steps.clear()
            time.sleep(seconds)
            took_s = time.monotonic() - begun_s
            numbers = list(marks.at["taken"])[first:]
            taken_steps = list(steps)
            clock = next(iter(run.status().cameras[0].clocks.values()))
            after = _threads()
            collected = [one["collections"] - old for one, old in zip(gc.get_stats(), collected, strict=True)]
            processed = run.status().channels["process"]
        finally:
            ended.set()
            down = run.stop()
            looker.join(5.0)
            models.close()
    if not down:
        sys.exit("the run did not stop in time")
    whole = [n for n in numbers if all(n in marks.at[key] for _, *keys in PIECES for key in keys)]
    pieces = {name: _spread([marks.at[b][n] - marks.at[a][n] for n in whole]) for name, a, b in PIECES}
    pieces["due to taken"] = _spread([marks.at["taken"][n] - marks.at["due"][n] for n in whole])
    mapped = {n: device[n] + clock.offset_ns for n in whole}
    pieces["device time to taken"] = _spread([marks.at["taken"][n] - mapped[n] for n in whole])
    pieces["device time to due"] = _spread([marks.at["due"][n] - mapped[n] for n in whole])
    names = {name for timings, _ in taken_steps for name in timings}
    return {
        "FrameSets a second": len(whole) / took_s,
        "faces, mean": float(np.mean([faces[n] for n in whole])),
        "dropped before process": processed.dropped,
        "collections": collected,
        "pieces": pieces,
        "steps": {name: _spread([1e9 * t.get(name, 0.0) for t, _ in taken_steps]) for name in sorted(names)},
        "models": {
            name: _spread([1e9 * m.get(name, 0.0) for _, m in taken_steps])
            for name in sorted({name for _, m in taken_steps for name in m})
        },
        "threads": {
            name: tuple(
                1e2 * (a - b) / 1e9 / took_s for a, b in zip(after[name], before.get(name, (0, 0)), strict=True)
            )
            for name in sorted(after)
        },
    }


def _number(frame_set: Any) -> int:
    """The streams of the four have the same numbers."""
    return int(next(iter(frame_set.frames.values())).number)


def _spread(ns: list[float]) -> tuple[float, float, float]:
    """Median, 95th percentile and worst, ms."""
    if not ns:
        return (float("nan"),) * 3
    return tuple(float(v) / 1e6 for v in (*np.percentile(ns, (50, 95)), max(ns)))  # type: ignore[return-value]  # three numbers


def _threads() -> dict[str, tuple[int, int]]:
    """Name -> ns that it computed, and that it waited for a CPU; empty where the kernel does not tell."""
    names = {thread.native_id: thread.name for thread in threading.enumerate()}
    found: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for task in Path("/proc/self/task").glob("*") if sys.platform == "linux" else ():
        with contextlib.suppress(OSError, ValueError):
            ran, waited, _ = (task / "schedstat").read_text().split()
            name = names.get(int(task.name), "(library)")
            found[name] = (found[name][0] + int(ran), found[name][1] + int(waited))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--rate", type=float, default=30.0, help="FrameSets a second that the camera gives")
    parser.add_argument("--switch-ms", type=float, help="how long a thread may keep the interpreter, in place of 5 ms")
    parser.add_argument("--json", type=Path, metavar="FILE")
    chosen = parser.parse_args()
    if chosen.switch_ms:
        sys.setswitchinterval(chosen.switch_ms / 1e3)
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} CPUs")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "four.mcap"
        four_streams(path, chosen.rate)
        told = measure(path, chosen.seconds)
    for key in ("FrameSets a second", "faces, mean", "dropped before process", "collections"):
        print(f"{key:34s} {told[key]:.2f}" if isinstance(told[key], float) else f"{key:34s} {told[key]}")
    for key in ("pieces", "steps", "models"):
        print(f"{key + ', ms':34s} {'median':>8s} {'95 %':>8s} {'worst':>8s}")
        for name, values in told[key].items():
            print(f"    {name:30s} {values[0]:8.2f} {values[1]:8.2f} {values[2]:8.2f}")
    print(f"{'threads, % of a CPU':34s} {'computed':>8s} {'waited':>8s}")
    for name, (ran, waited) in told["threads"].items():
        print(f"    {name[:30]:30s} {ran:8.1f} {waited:8.1f}")
    if chosen.json:
        chosen.json.write_text(json.dumps(told, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
