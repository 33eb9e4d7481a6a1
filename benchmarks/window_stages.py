"""Where the time goes between a camera and the screen, with the window: every stage of a FrameSet's way.

    python -m benchmarks.window_stages [--seconds 30] [--rate 30] [--switch-ms 1 [5 0.2 ...]] [--turn-s 3] [--json FILE]

What benchmarks/window_speed.py plays (the bundled night drive as four live streams, every overlay, four tiles, shipped
models) goes through the window, and of every FrameSet the times are taken at which

- its last frame reached us (``host_ns``), and the process thread began with it;
- it was looked at (faces, landmarks, pose, signals), and finished (generated images);
- the Qt thread took it, had its pictures ordered, the first and the last of four were made in the worker's thread;
- the first and the last paint event of it had ended.

What is told of each stage is how long it took on the clock, which other work on the machine stretches; beside it stand
the CPU time that the parts of the Qt thread and of the worker took for a picture, which it hardly does, what each
thread computed and how long it was runnable without a CPU (Linux), and how long the garbage collector held everybody.

With several values of ``--switch-ms`` (how long a thread may keep the interpreter) these take turns of ``--turn-s``
within one run, so that all of them meet the same load; the stages are told for each.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import itertools
import json
import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.live_latency import _threads
from benchmarks.window_speed import _SETTLE_S, _SIZE, Busy, _need_a_screen, _overlays, _run, _until, four_streams
from drivers.host_clock import now_ns

STAGES: Final = (
    "reached us",
    "process begins",
    "looked at",
    "finished",
    "Qt takes it",
    "pictures ordered",
    "first picture made",
    "last picture made",
    "first painted",
    "last painted",
)
"""In their order."""


class Watch:
    """When what happened to each FrameSet (by its frames' number), and the CPU time of parts."""

    def __init__(self) -> None:
        self.at: dict[str, dict[int, int]] = defaultdict(dict)
        self.spent_ms: dict[str, list[float]] = defaultdict(list)
        self._undo: list[tuple[Any, str, Any]] = []

    def clear(self) -> None:
        """What was until now does not count."""
        self.at.clear()
        self.spent_ms.clear()

    def put(self, stage: str, number: int, *, is_first: bool = False) -> None:
        """It is there now."""
        if not is_first or number not in self.at[stage]:
            self.at[stage][number] = now_ns()

    def wrap(
        self,
        owner: Any,
        name: str,
        part: str = "",
        before: Callable[..., None] | None = None,
        after: Callable[..., None] | None = None,
    ) -> None:
        """From now on ``owner.name`` is timed as a part, and tells before it (arguments) and after it (result, too)."""
        usual = getattr(owner, name)

        def watched(*given: Any, **named: Any) -> Any:
            if before is not None:
                before(*given)
            begin = time.thread_time_ns()
            try:
                result = usual(*given, **named)
            finally:
                if part:
                    self.spent_ms[part].append((time.thread_time_ns() - begin) / 1e6)
            if after is not None:
                after(result, *given)
            return result

        self._undo.append((owner, name, usual))
        setattr(owner, name, watched)

    def end(self) -> None:
        """Everything as it was."""
        while self._undo:
            setattr(*self._undo.pop())


def number_of(frame_set: Any) -> int:
    """The streams of the four have the same numbers."""
    return int(next(iter(frame_set.frames.values())).number)


def watch_all(watch: Watch) -> None:
    """Every stage and part. To be called before the window is made."""
    from gui.faces.face_column import FaceColumn
    from gui.live import LiveFeed
    from gui.tiles import canvas, scene
    from gui.tiles.board import Board
    from gui.tiles.filling import Filling
    from gui.tiles.overlay_painter import OverlayPainter
    from gui.tiles.picture_worker import Pictures
    from gui.window import Window
    from pipeline.process import Process

    def begun(_: Any, frame_set: Any, *__: Any) -> None:
        watch.put("process begins", number_of(frame_set))
        reached = max(frame.host_ns for frame in frame_set.frames.values())
        watch.at["reached us"][number_of(frame_set)] = reached

    def painted(made: Any, _: Any) -> None:
        frame = getattr(getattr(made, "scene", None), "frame", None)
        if frame is not None:
            watch.put("first picture made", frame.number, is_first=True)
            watch.put("last picture made", frame.number)

    def taken(shown: Any, _: Any) -> None:
        if shown is not None:
            watch.put("Qt takes it", number_of(shown.frame_set))

    watch.wrap(Process, "look", before=begun, after=lambda _, __, one, *___: watch.put("looked at", number_of(one)))
    watch.wrap(Process, "finish", after=lambda _, __, one, *___: watch.put("finished", number_of(one.frame_set)))
    watch.wrap(LiveFeed, "newest", after=taken)
    watch.wrap(
        Board,
        "show_result",
        "Qt: tiles are given their pictures' orders",
        after=lambda _, __, one: watch.put("pictures ordered", number_of(one.frame_set)),
    )
    watch.wrap(canvas._Painting, "__call__", "worker: a picture", after=painted)
    watch.wrap(Filling, "_frame_scene", "worker:     its range of colours and its plan")
    watch.wrap(canvas, "paint_scene", "worker:     its image")
    watch.wrap(scene, "put_pixels", "worker:         enlarged")
    watch.wrap(OverlayPainter, "paint", "worker:         overlay")
    watch.wrap(Window, "_draw_newest", "Qt: a result")
    watch.wrap(FaceColumn, "_show", "Qt: cards of faces")
    watch.wrap(Pictures, "_hand_over", "Qt: pictures that were made are handed over")
    watch.wrap(canvas.Canvas, "paintEvent", "Qt: a paint event of a picture")


class Pauses:
    """How long the garbage collector held everybody: (generation, ms)."""

    def __init__(self) -> None:
        self.all: list[tuple[int, float]] = []
        self._begin = 0

    def __call__(self, phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            self._begin = time.perf_counter_ns()
        else:
            self.all.append((info["generation"], (time.perf_counter_ns() - self._begin) / 1e6))


@contextlib.contextmanager
def switching(app: Any, values_ms: list[float], turn_s: float, tell: Callable[[float], None]) -> Iterator[None]:
    """While this lasts, the values take turns; ``tell`` hears of each."""
    from gui.qt import QtCore

    turns = 0

    def turn() -> None:
        nonlocal turns
        value = values_ms[turns % len(values_ms)]
        turns += 1
        sys.setswitchinterval(value / 1e3)
        tell(value)

    before = sys.getswitchinterval()
    timer = QtCore.QTimer(app)
    timer.timeout.connect(turn)
    turn()
    timer.start(round(1e3 * turn_s))
    try:
        yield
    finally:
        timer.stop()
        sys.setswitchinterval(before)


def measure(app: Any, path: Path, seconds: float, values_ms: list[float], turn_s: float) -> dict[str, Any]:
    """Run so long, and tell the stages for each value, and all the rest over all of them."""
    from gui.feed import Mode
    from gui.live import LiveFeed
    from gui.window import Window

    watch, pauses, busy = Watch(), Pauses(), Busy()
    watch_all(watch)
    lately: set[int] = set()
    value_of: dict[int, float] = {}
    now_value = values_ms[0]

    def look(frame: Any) -> None:
        watch.put("last painted", frame.number)
        if frame.number not in lately:
            lately.add(frame.number)
            value_of[frame.number] = now_value
            watch.put("first painted", frame.number, is_first=True)
            busy.frame()

    def switched(value: float) -> None:
        nonlocal now_value
        now_value = value

    feed = LiveFeed([f"virtual:{path}?loop=true"])
    window = Window(feed, Mode.LIVE, "four streams")
    try:
        window.resize(*_SIZE)
        for action in window.actions_by_key.values():
            if action.isCheckable() and action.objectName() in _overlays():
                action.setChecked(True)
        feed.start()
        window.show()
        _until(app, lambda: window.shown is not None, 60.0)
        window.actions_by_key["tiles_4"].trigger()
        _run(app, _SETTLE_S)
        watch.clear()
        gc.callbacks.append(pauses)
        window.pictures.painted.connect(look)
        before, begun_s = _threads(), time.monotonic()
        with switching(app, values_ms, turn_s, switched):
            _run(app, seconds)
        took_s, after = time.monotonic() - begun_s, _threads()
        window.pictures.painted.disconnect(look)
        gc.callbacks.remove(pauses)
    finally:
        window.close()
        watch.end()
    whole = [n for n in watch.at["last painted"] if all(n in watch.at[stage] for stage in STAGES)]
    pictures = max(len(busy.frames), 1)
    return {
        "pictures a second": len(busy.frames) / took_s,
        "Qt thread, CPU ms a picture": _spread(busy.frames[1:]),  # the first goes back to the beginning
        "stages": {f"{value:g}": _stages(watch, [n for n in whole if value_of[n] == value]) for value in values_ms},
        "parts": {
            part: (sum(spent) / pictures, len(spent) / pictures, *_spread(spent))
            for part, spent in watch.spent_ms.items()
        },
        "collector": {
            str(generation): (len(held), *_spread(held))
            for generation in range(3)
            if (held := [ms for one, ms in pauses.all if one == generation])
        },
        "threads": {
            name: [1e2 * (a - b) / 1e9 / took_s for a, b in zip(after[name], before.get(name, (0, 0)), strict=True)]
            for name in sorted(after)
        },
    }


def _stages(watch: Watch, numbers: list[int]) -> dict[str, tuple[float, float, float]]:
    """From each stage to the next, and from the first to the last, ms."""
    ways = [*itertools.pairwise(STAGES), (STAGES[0], STAGES[-1])]
    told = {
        (f"to {b}" if (a, b) != ways[-1] else "all"): _spread(
            [(watch.at[b][n] - watch.at[a][n]) / 1e6 for n in numbers]
        )
        for a, b in ways
    }
    return {"pictures": (float(len(numbers)),) * 3, **told}


def _spread(values: list[float]) -> tuple[float, float, float]:
    """Median, 95th percentile and worst."""
    if not values:
        return (float("nan"),) * 3
    return float(np.median(values)), float(np.percentile(values, 95)), float(max(values))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--rate", type=float, default=30.0, help="FrameSets a second that the camera gives")
    parser.add_argument("--switch-ms", type=float, nargs="+", default=[1.0])
    parser.add_argument("--turn-s", type=float, default=3.0)
    parser.add_argument("--json", type=Path, metavar="FILE")
    chosen = parser.parse_args()
    _need_a_screen("benchmarks.window_stages")
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} CPUs")
    from gui.app import application

    app = application()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "four.mcap"
        four_streams(path, chosen.rate)
        told = measure(app, path, chosen.seconds, chosen.switch_ms, chosen.turn_s)
    print(f"pictures a second {told['pictures a second']:.1f}")
    print(
        "Qt thread, CPU ms a picture: median {:.2f}, 95 % {:.2f}, worst {:.2f}".format(
            *told["Qt thread, CPU ms a picture"]
        )
    )
    for value, stages in told["stages"].items():
        print(f"stages, ms, where a thread keeps the interpreter {value} ms {'median':>10s} {'95 %':>8s} {'worst':>8s}")
        for name, (median, late, worst) in stages.items():
            print(f"    {name:54s} {median:8.2f} {late:8.2f} {worst:8.2f}")
    print(f"{'CPU ms':58s} {'a picture':>8s} {'calls':>8s} {'median':>8s} {'95 %':>8s} {'worst':>8s}")
    for name, values in sorted(told["parts"].items()):
        print(f"    {name:54s} " + " ".join(f"{value:8.2f}" for value in values))
    for generation, values in told["collector"].items():
        print(
            f"    collector, generation {generation}: {values[0]} times, ms " + " ".join(f"{v:.2f}" for v in values[1:])
        )
    print(f"{'threads, % of a CPU':34s} {'computed':>8s} {'waited':>8s}")
    for name, (ran, waited) in told["threads"].items():
        print(f"    {name[:30]:30s} {ran:8.1f} {waited:8.1f}")
    if chosen.json:
        chosen.json.write_text(json.dumps(told, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
