"""What a very large frame costs the Qt thread: 4096 x 3072 px of colour, depth and thermal in live tiles.

    python -m benchmarks.window_large [--frames 40] [--size 4096x3072]

Told are the CPU time of the Qt thread from the arrival of a frame to the end of its paint event, and the wall time.
Live pictures are made beside the Qt thread, at the size of their tiles; those of a replay where they are painted.
"""

from __future__ import annotations

import argparse
import os
import time
from types import SimpleNamespace
from typing import Any, Final

import numpy as np

from drivers.frame import Frame, FrameSet, KelvinMap, StreamInfo, StreamKind
from drivers.host_clock import now_ns
from recordings.observation import Observation

_LIMIT_S: Final = 20.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=40)
    parser.add_argument("--size", default="4096x3072")
    chosen = parser.parse_args()
    width, height = map(int, chosen.size.split("x"))
    if not os.environ.get("DISPLAY"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from gui.app import application
    from gui.feed import Mode

    app = application()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} CPUs, {width} x {height} px, three tiles")
    for mode in (Mode.LIVE, Mode.REPLAY):
        cpu_ms, wall_ms = measure(app, mode, width, height, chosen.frames)
        for name, values in (("Qt thread, ms of CPU", cpu_ms), ("until painted, ms", wall_ms)):
            p50, p95 = np.percentile(values, (50, 95))
            print(f"    {mode!s:8s} {name:24s} median {p50:7.2f}, 95 % {p95:7.2f}")


def measure(app: Any, mode: Any, width: int, height: int, frames: int) -> tuple[list[float], list[float]]:
    """CPU and wall time of each frame, the first left out, ms."""
    from gui.feed import Shown
    from gui.qt import QtWidgets
    from gui.tiles.board import Board

    window = QtWidgets.QMainWindow()
    window.resize(1600, 1000)
    board = Board(_desk(window, mode))
    window.setCentralWidget(board.widget)
    window.show()
    painted: list[int] = []
    board.painted.connect(lambda frame: painted.append(frame.number))
    cpu_ms, wall_ms = [], []
    infos = _streams(width, height)
    pixels = {name: _pixels(info) for name, info in infos.items()}
    for number in range(frames):
        now = now_ns()
        each = {name: Frame(info, pixels[name], number, now, now) for name, info in infos.items()}
        seen = Observation(number, now, now, 0, dict.fromkeys(each, number), ())
        painted.clear()
        cpu, wall = time.thread_time(), time.perf_counter()
        board.show_result(Shown(FrameSet(number, now, each, 0, ()), seen))
        while painted.count(number) < len(each):
            app.processEvents()
            if time.perf_counter() - wall > _LIMIT_S:
                raise SystemExit("a picture was not painted in time")
            if board.worker is not None and board.worker.is_busy:
                time.sleep(0.0005)  # the event loop would wait here, too
        if number:
            cpu_ms.append(1e3 * (time.thread_time() - cpu))
            wall_ms.append(1e3 * (time.perf_counter() - wall))
    board.close()
    window.close()
    return cpu_ms, wall_ms


def _desk(window: Any, mode: Any) -> Any:
    """What a board asks of a window."""
    from gui.settings import Settings

    return SimpleNamespace(
        window=window, mode=mode, settings=Settings(), actions={}, say=lambda *_: None, tell=lambda *_: None
    )


def _streams(width: int, height: int) -> dict[str, StreamInfo]:
    return {
        "color": StreamInfo("color", StreamKind.COLOR, width, height, "uint8", 30.0),
        "depth": StreamInfo("depth", StreamKind.DEPTH, width, height, "uint16", 30.0, unit_m=0.001),
        "thermal": StreamInfo("thermal", StreamKind.THERMAL, width, height, "uint16", 30.0, kelvin=KelvinMap(0.01)),
    }


def _pixels(info: StreamInfo) -> np.ndarray:
    chance = np.random.default_rng(1)
    low, high = {StreamKind.COLOR: (0, 255), StreamKind.DEPTH: (500, 4000)}.get(info.kind, (29_000, 31_000))
    return chance.integers(low, high, info.shape, dtype=info.dtype)


if __name__ == "__main__":
    main()
