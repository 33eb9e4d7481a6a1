"""The window for a long time: layouts change, recordings start and stop, a replay is sought through; what grows?

    python -m benchmarks.window_soak [--minutes 30] [--only layouts recordings ...] [--json FILE]

Two windows on one Xvfb: a live one (the bundled night drive as a camera, all overlays) and a replay of the same
session. Every two seconds, in turn and in an order drawn by chance (seeded): another layout, a recording started or
stopped, a seek, play or pause, an overlay switched; ``--only`` leaves the other kinds out. Told are: memory of the
process after the first minute, each minute and at the end (resident set, the least of five readings each, since it
breathes; beside it what of that is anonymous, what malloc has in use and free, and what the last seconds that are kept
take: a leak is in use, fragmentation is free, and a machine that is less busy keeps more), threads, timers and widgets
after the first minute and at the end, files that the recordings left and whether each can be read whole, and every
exception that reached an event handler. The first minute is over when the last seconds are full, and not before 72 s.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import json
import os
import random
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

from gui.feed import KeptStatus
from recordings.integrity import check_session
from recordings.reader import SessionReader
from recordings.samples import bundled_session

_EVERY_MS: Final = 2000
_FIRST_S: Final = 72.0
_FULL_S: Final = 300.0
"""The longest that the last seconds may take to be full."""
_SEED: Final = 7
_SIZE: Final = (1280, 800)
_ALLOWED_MIB: Final = 20.0
_SWITCHES: Final = [
    "box", "landmarks", "axes", "palette", "lock", "swap", "mark", "snapshot", "save_last", "night", "clahe",
]  # fmt: skip
_KINDS: Final = ("layouts", "recordings", "switches", "replay")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--only", nargs="+", choices=_KINDS, default=_KINDS, metavar="KIND", help=", ".join(_KINDS))
    parser.add_argument("--json", type=Path, metavar="FILE")
    chosen = parser.parse_args()
    if not os.environ.get("DISPLAY"):
        if shutil.which("xvfb-run") is None:
            sys.exit("needs a display or xvfb-run (apt install xvfb)")
        os.environ["QT_QPA_PLATFORM"] = "xcb"
        screen = "-screen 0 1600x1000x24"
        again = ["xvfb-run", "-a", "-s", screen, sys.executable, "-m", "benchmarks.window_soak", *sys.argv[1:]]
        os.execvp("xvfb-run", again)
    with tempfile.TemporaryDirectory() as folder:
        found = soak(Path(folder), chosen.minutes * 60.0, chosen.only)
    for key, value in found.items():
        print(f"{key:36s} {value}")
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=1), encoding="utf-8")
    grown = found["memory, MiB, at the end"] - found["memory, MiB, after a minute"]
    well = grown <= _ALLOWED_MIB and not found["exceptions"] and not found["threads left"] and not found["torn files"]
    return 0 if well else 1


def soak(folder: Path, seconds: float, kinds: Collection[str] = _KINDS) -> dict[str, Any]:
    """Both windows for so long, with actions of these kinds; what was found."""
    from gui.app import application
    from gui.feed import Mode
    from gui.live import LiveFeed
    from gui.qt import QtCore, QtWidgets
    from gui.replay.player import Player
    from gui.settings import Settings
    from gui.window import Window

    app = application()
    exceptions: list[str] = []
    sys.excepthook = lambda kind, error, _trace: exceptions.append(f"{kind.__name__}: {error}")
    threading.excepthook = lambda args: exceptions.append(f"{args.exc_type.__name__} in a thread: {args.exc_value}")
    before = set(threading.enumerate())
    settings = Settings()
    settings.set("work.folder", str(folder))
    live = Window(LiveFeed(["virtual:night-drive?loop=true"]), Mode.LIVE, "live", settings=settings)
    replay = Window(Player(bundled_session("night-drive"), loop=True), Mode.REPLAY, "replay")
    done: Counter[str] = Counter()
    for window in (live, replay):
        window.resize(*_SIZE)
        window.desk.feed.start()
        window.show()
    chance = random.Random(_SEED)

    def press(window: Window, keys: list[str]) -> None:
        known = [key for key in keys if key in window.actions_by_key and window.actions_by_key[key].isEnabled()]
        if known:
            key = chance.choice(known)
            window.actions_by_key[key].trigger()
            done[key] += 1

    def act() -> None:
        layouts = [key for key in live.actions_by_key if key.startswith("tiles_")] + ["maximise"]
        if "layouts" in kinds:
            press(live, layouts)
        if "recordings" in kinds:
            press(live, ["record"])
        if "switches" in kinds:
            press(live, _SWITCHES)
        if "layouts" in kinds:
            press(replay, layouts)
        if "replay" in kinds:
            press(replay, ["play", "back", "forward", "start", "faster", "slower"])
            count = getattr(replay.desk.feed.status().replay, "count", 0)
            replay.desk.feed.seek(chance.randrange(max(count, 1)))  # type: ignore[attr-defined]  # a Player seeks
            done["seek"] += 1

    timer = QtCore.QTimer()
    timer.timeout.connect(act)
    timer.start(_EVERY_MS)
    # A minute of pictures: models load first, and the last seconds that are kept in memory must be full.
    began = time.monotonic()
    _run(app, _FIRST_S)
    while not _is_full(live.desk.feed.status().kept) and time.monotonic() - began < _FULL_S:
        _run(app, 1.0)
    course: list[dict[str, float]] = []

    def read() -> None:
        kept = live.desk.feed.status().kept
        course.append(_memory(app) | {"last seconds": round(0.0 if kept is None else kept.bytes / 2**20, 1)})
        told = ", ".join(f"{name} {mib:.1f}" for name, mib in course[-1].items())
        print(f"{(time.monotonic() - began) / 60:.1f} min, {done['record']} begun or ended, MiB: {told}", flush=True)

    read()
    widgets, threads = len(app.allWidgets()), threading.active_count()
    timers = _timers(app)
    left_s = max(seconds - (time.monotonic() - began), 1.0)
    while left_s > 0:
        _run(app, min(60.0, left_s))
        left_s -= 60.0
        read()
    widgets_end, threads_end, timers_end = len(app.allWidgets()), threading.active_count(), _timers(app)
    timer.stop()
    for window in (live, replay):
        window.asks = False  # the recording that runs ends with it
        window.close()
        window.deleteLater()
    QtWidgets.QApplication.processEvents()
    _run(app, 1.0)
    left = [t.name for t in threading.enumerate() if t not in before and not isinstance(t, threading._DummyThread)]
    files = sorted(folder.rglob("*.mcap"))
    torn = [path.name for path in files if not _is_whole(path)]
    return {
        "minutes": seconds / 60.0,
        "done": dict(done),
        "memory, MiB, after a minute": course[0]["resident"],
        "memory, MiB, at the end": course[-1]["resident"],
        "memory, MiB, most of the minutes": max(one["resident"] for one in course),
        "memory, each minute": course,
        "widgets after a minute, at the end": [widgets, widgets_end],
        "timers after a minute, at the end": [timers, timers_end],
        "threads after a minute, at the end": [threads, threads_end],
        "threads left": left,
        "recordings": len(files),
        "torn files": torn,
        "exceptions": sorted(set(exceptions)),
    }


def _run(app: Any, seconds: float) -> None:
    from gui.qt import QtCore

    end = QtCore.QTimer()
    end.setSingleShot(True)
    end.timeout.connect(app.quit)
    end.start(round(1e3 * seconds))
    app.exec()


def _is_full(kept: KeptStatus | None) -> bool:
    return kept is not None and (kept.is_bounded_by_bytes or kept.reach_s >= kept.limit_s - 1.0)


def _memory(app: Any) -> dict[str, float]:
    """What the process holds, in MiB: the reading of five, a second apart, whose resident set is least."""
    readings = []
    for _ in range(5):
        _run(app, 1.0)
        gc.collect()
        readings.append(_reading())
    return min(readings, key=lambda one: one["resident"])


def _reading() -> dict[str, float]:
    lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    kib = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines) if "kB" in rest}
    found = {"resident": kib["VmRSS"] / 1024, "anonymous": kib["RssAnon"] / 1024}
    ask = getattr(ctypes.CDLL(None), "mallinfo2", None)  # glibc from 2.33 on
    if ask is not None:
        ask.restype = _Mallinfo2
        told = ask()
        found |= {"malloc in use": (told.uordblks + told.hblkhd) / 2**20, "malloc free": told.fordblks / 2**20}
    return {name: round(mib, 1) for name, mib in found.items()}


class _Mallinfo2(ctypes.Structure):
    """Of glibc's malloc.h."""

    _fields_ = [
        (name, ctypes.c_size_t)
        for name in (
            *("arena", "ordblks", "smblks", "hblks", "hblkhd"),
            *("usmblks", "fsmblks", "uordblks", "fordblks", "keepcost"),
        )
    ]


def _timers(app: Any) -> int:
    from gui.qt import QtCore

    return sum(len(w.findChildren(QtCore.QTimer)) for w in app.topLevelWidgets())


def _is_whole(path: Path) -> bool:
    with SessionReader(path) as reader:
        return not check_session(reader).bad_frames


if __name__ == "__main__":
    began = time.monotonic()
    code = main()
    print(f"took {time.monotonic() - began:.0f} s")
    sys.exit(code)
