"""The window for a long time: layouts change, recordings start and stop, a replay is sought through; what grows?

    python -m benchmarks.window_soak [--minutes 30] [--json FILE]

Two windows on one Xvfb: a live one (the bundled night drive as a camera, all overlays) and a replay of the same
session. Every two seconds, in turn and in an order drawn by chance (seeded): another layout, a recording started or
stopped, a seek, play or pause, an overlay switched. Told are: memory of the process after the first minute and at the
end (resident set, the least of five readings each, since it breathes), threads, timers and widgets then and at the end,
files that the recordings left and whether each can be read whole, and every exception that reached an event handler.
"""

from __future__ import annotations

import argparse
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
from pathlib import Path
from typing import Any, Final

from recordings.integrity import check_session
from recordings.reader import SessionReader
from recordings.samples import bundled_session

_EVERY_MS: Final = 2000
_FIRST_S: Final = 72.0
_SEED: Final = 7
_SIZE: Final = (1280, 800)
_ALLOWED_MIB: Final = 20.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30.0)
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
        found = soak(Path(folder), chosen.minutes * 60.0)
    for key, value in found.items():
        print(f"{key:36s} {value}")
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=1), encoding="utf-8")
    grown = found["memory, MiB, at the end"] - found["memory, MiB, after a minute"]
    well = grown <= _ALLOWED_MIB and not found["exceptions"] and not found["threads left"] and not found["torn files"]
    return 0 if well else 1


def soak(folder: Path, seconds: float) -> dict[str, Any]:
    """Both windows for so long; what was found."""
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
        press(live, layouts)
        press(live, ["record"])
        press(
            live,
            ["box", "landmarks", "axes", "palette", "lock", "swap", "mark", "snapshot", "save_last", "night", "clahe"],
        )
        press(replay, layouts)
        press(replay, ["play", "back", "forward", "start", "faster", "slower"])
        count = getattr(replay.desk.feed.status().replay, "count", 0)
        replay.desk.feed.seek(chance.randrange(max(count, 1)))  # type: ignore[attr-defined]  # a Player seeks
        done["seek"] += 1

    timer = QtCore.QTimer()
    timer.timeout.connect(act)
    timer.start(_EVERY_MS)
    # A minute of pictures: models load first, and the last seconds that are kept in memory must be full.
    _run(app, _FIRST_S)
    after_a_minute = _resident_mib(app)
    widgets, threads = len(app.allWidgets()), threading.active_count()
    timers = _timers(app)
    course, left_s = [after_a_minute], max(seconds - _FIRST_S, 1.0)
    while left_s > 0:
        _run(app, min(60.0, left_s))
        left_s -= 60.0
        course.append(_resident_mib(app))
        print(f"{len(course) - 1} min: {course[-1]:.0f} MiB", flush=True)
    at_the_end = course[-1]
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
        "memory, MiB, after a minute": after_a_minute,
        "memory, MiB, at the end": at_the_end,
        "memory, MiB, most of the minutes": max(course),
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


def _resident_mib(app: Any) -> float:
    readings = []
    for _ in range(5):
        _run(app, 1.0)
        gc.collect()
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        readings.append(pages * os.sysconf("SC_PAGESIZE") / 2**20)
    return round(min(readings), 1)


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
