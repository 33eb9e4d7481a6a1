"""How fast the window is: the bundled session as four live streams, with all overlays, beside pyqtgraph's plain way.

    python -m benchmarks.window_speed [--seconds 30] [--rate 30] [--json FILE]

The pictures of the bundled night drive are played as a live camera with four streams (depth, infrared, thermal, and
the infrared again as gray) at ``--rate`` frames a second, through the whole pipeline with the shipped models into the
window in a layout of four tiles, every overlay on, 1600 x 1000 px under Xvfb. Told are:

- frames a second that were painted, and FrameSets that were overtaken;
- what the Qt thread does a frame: its CPU time from one painted frame to the next (all of it: drawing, numbers,
  timers, this measuring);
- how long a click takes until the picture shows it, in a second run of the same length: the switch of the boxes is
  clicked at random moments from another thread, and a paint event ends that shows the boxes, or shows them no longer;
- camera to screen: from the frame's device time on our clock to the end of the paint event, models included.

The peer is what pyqtgraph's own example does with the same frames: four ImageItems with levels and a table of colours,
68 points as a ScatterPlotItem, no models, no pipeline.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from drivers.frame import Frame, StreamKind
from drivers.host_clock import now_ns
from recordings.reader import SessionReader
from recordings.samples import bundled_session
from recordings.session import SessionInfo
from recordings.writer import SessionWriter

_SETTLE_S: Final = 6.0
"""Before the measuring begins: the window grows, the models warm up, the clock is learned."""
_SIZE: Final = (1600, 1000)
_SEED: Final = 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--rate", type=float, default=30.0, help="FrameSets a second that the camera gives")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--switch-ms", type=float, help="how long a thread may keep the interpreter, in place of 5 ms")
    parser.add_argument("--picture", type=Path, metavar="PNG", help="keep a picture of the window")
    chosen = parser.parse_args()
    _need_a_screen()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} CPUs")
    from gui.app import application

    app = application()
    if chosen.switch_ms:
        sys.setswitchinterval(chosen.switch_ms / 1e3)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "four.mcap"
        four_streams(path, chosen.rate)
        ours = measure_window(app, path, chosen.seconds, chosen.picture)
        peer = measure_plain(app, path, chosen.seconds, chosen.rate)
    for name, found in (("Tapetum", ours), ("pyqtgraph plain", peer)):
        print(f"{name}:")
        for key, value in found.items():
            print(f"    {key:34s} {value:9.2f}" if isinstance(value, float) else f"    {key:34s} {value}")
    ratio = ours["Qt thread, ms a frame, p95"] / max(peer["Qt thread, ms a frame, p95"], 1e-9)
    print(f"Qt thread, ours over pyqtgraph plain (p95): {ratio:.2f}")
    if chosen.json:
        chosen.json.write_text(json.dumps({"ours": ours, "peer": peer}, indent=1), encoding="utf-8")


def _need_a_screen(module: str = "benchmarks.window_speed") -> None:
    """Begin again under Xvfb where there is no display."""
    if os.environ.get("DISPLAY"):
        return
    if shutil.which("xvfb-run") is None:
        sys.exit("needs a display or xvfb-run (apt install xvfb)")
    screen = f"-screen 0 {_SIZE[0]}x{_SIZE[1]}x24"
    again = ["xvfb-run", "-a", "-s", screen, sys.executable, "-m", module, *sys.argv[1:]]
    os.environ["QT_QPA_PLATFORM"] = "xcb"
    os.execvp("xvfb-run", again)


def four_streams(path: Path, rate: float) -> None:
    """The bundled night drive with its infrared stream twice, its frames at ``rate`` a second."""
    with SessionReader(bundled_session("night-drive")) as reader:
        infos = {s.name: replace(s, fps=rate) for s in reader.streams}
        infos["gray"] = replace(infos["infrared"], name="gray", kind=StreamKind.GRAY)
        described = SessionInfo.create(
            list(infos.values()), title="four streams", source="night-drive", clock="synthetic"
        )
        counts = [len(reader.times(s.name).number) for s in reader.streams]
        with SessionWriter(path, described) as writer:
            for index in range(min(counts)):
                for name, info in infos.items():
                    old = reader.frame("infrared" if name == "gray" else name, index)
                    device_ns = round(index * 1e9 / rate)
                    writer.write_frame(Frame(info, old.pixels, index, device_ns, 1_700_000_000_000_000_000 + device_ns))


class Busy:
    """What the Qt thread computed between two calls of :meth:`frame`, in ms of CPU time."""

    def __init__(self) -> None:
        self._cpu = time.thread_time()
        self.frames: list[float] = []

    def frame(self) -> None:
        """A frame was painted."""
        now = time.thread_time()
        self.frames.append(1e3 * (now - self._cpu))
        self._cpu = now


def measure_window(app: Any, path: Path, seconds: float, picture: Path | None) -> dict[str, Any]:
    """The window, as ``tapetum watch`` opens it."""
    from gui.feed import Mode
    from gui.live import LiveFeed
    from gui.status.truth_part import TruthPart
    from gui.window import Window

    feed = LiveFeed([f"virtual:{path}?loop=true"])
    window = Window(feed, Mode.LIVE, "four streams")
    window.resize(*_SIZE)
    for action in window.actions_by_key.values():
        if action.isCheckable() and action.objectName() in _overlays():
            action.setChecked(True)
    feed.start()
    window.show()
    _until(app, lambda: window.shown is not None, 60.0)
    window.actions_by_key["tiles_4"].trigger()  # there is nothing to arrange before the first picture
    _run(app, _SETTLE_S)
    truth = window.part(TruthPart)
    busy = Busy()
    painted: list[float] = []
    lately: deque[int] = deque(maxlen=8)

    def look(frame: Frame) -> None:
        """A paint event has ended; the first of a FrameSet's frames counts, in whatever order they are painted."""
        if frame.number not in lately:
            lately.append(frame.number)
            busy.frame()
            painted.append(time.perf_counter())

    window.pictures.painted.connect(look)
    before = feed.status()
    _run(app, seconds)
    window.pictures.painted.disconnect(look)
    after = feed.status()
    slowest = truth.meter.worst(now_ns())
    clicks = Clicks(window)
    clicks.start()
    _run(app, seconds)
    clicks.stop()
    if picture is not None:
        window.grab().save(str(picture), "PNG")
    window.close()
    out = {
        "frames painted a second": (len(painted) - 1) / (painted[-1] - painted[0]),
        "FrameSets overtaken": after.drops.get("process", 0) - before.drops.get("process", 0),
        **_percentiles("Qt thread, ms a frame", busy.frames),
        **_percentiles("click to picture, ms", clicks.took_ms),
        "clicks, and those without an answer": f"{len(clicks.took_ms)}, {clicks.unanswered}",
    }
    out["camera to screen, slowest stream"] = str(slowest.kind)
    out["camera to screen, ms, p50"], out["camera to screen, ms, p95"] = slowest.median_ms, slowest.p95_ms
    if after.meter is not None and "all steps" in after.meter.steps:
        out["all steps, ms, median"] = after.meter.steps["all steps"].median_ms
    return out


def _overlays() -> set[str]:
    from gui.actions.table import ACTIONS

    return {a.key for a in ACTIONS if a.menu == "Overlay" and a.checked is not None}


class Clicks:
    """Clicks on the switch of the boxes at random moments; how long until a paint event has ended that shows them, or
    shows them no longer: what is painted is looked at, and not whether something was painted."""

    def __init__(self, window: Any) -> None:
        from gui.qt import QtCore, Signal

        class Finger(QtCore.QObject):
            press = Signal(float)

        self._window = window
        self._action = window.actions_by_key["box"]
        self._finger = Finger()
        self._finger.press.connect(self._pressed, QtCore.Qt.ConnectionType.QueuedConnection)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._click, name="finger")
        self._since: float | None = None
        self.took_ms: list[float] = []
        self.unanswered = 0

    def start(self) -> None:
        self._window.pictures.painted.connect(self._look)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()
        self._window.pictures.painted.disconnect(self._look)

    def _click(self) -> None:
        chance = random.Random(_SEED)
        while not self._stop.wait(chance.uniform(0.25, 0.55)):
            self._finger.press.emit(time.perf_counter())

    def _pressed(self, when: float) -> None:
        """The click reached the event loop; the time before that counts, too."""
        if not self._window.shown.observation.faces:
            return  # there is no box to show
        self.unanswered += self._since is not None
        self._since = when
        self._action.toggle()

    def _look(self, frame: Frame) -> None:
        """A paint event has ended."""
        faces = self._window.shown.observation.faces
        if self._since is None or not faces or frame.stream != faces[0].stream:
            return
        from pipeline.primitives import Rectangle

        painted = self._window.pictures.tiles[frame.stream].canvas.primitives
        if any(isinstance(p, Rectangle) for p in painted) == self._action.isChecked():
            self.took_ms.append(1e3 * (time.perf_counter() - self._since))
            self._since = None


def measure_plain(app: Any, path: Path, seconds: float, rate: float) -> dict[str, Any]:
    """Four ImageItems and 68 points, as pyqtgraph's example does it."""
    from gui.qt import QtCore, pg
    from pipeline.colormap import palette_colors

    with SessionReader(path) as reader:
        names = [s.name for s in reader.streams]
        count = min(len(reader.times(name).number) for name in names)
        frames = {name: [reader.frame(name, i).pixels for i in range(count)] for name in names}
    view = pg.GraphicsLayoutWidget()
    view.resize(*_SIZE)
    items = {}
    for index, name in enumerate(names):
        box = view.addViewBox(row=index // 2, col=index % 2, lockAspect=True, invertY=True)
        item = pg.ImageItem(axisOrder="row-major")
        item.setLookupTable(palette_colors("viridis"))
        item.setLevels((float(np.min(frames[name][0])), float(np.max(frames[name][0])) + 1.0))
        points = pg.ScatterPlotItem(size=5)
        box.addItem(item)
        box.addItem(points)
        items[name] = (item, points)
    view.show()
    spots = np.random.default_rng(_SEED).uniform(60, 100, (68, 2))
    _run(app, 1.0)
    busy = Busy()
    painted: list[float] = []

    def draw() -> None:
        number = len(painted) % count
        for name, (item, points) in items.items():
            item.setImage(frames[name][number], autoLevels=False)
            points.setData(spots[:, 0] + number % 5, spots[:, 1])
        busy.frame()
        painted.append(time.perf_counter())

    timer = QtCore.QTimer()
    timer.setTimerType(QtCore.Qt.TimerType.PreciseTimer)
    timer.timeout.connect(draw)
    timer.start(round(1e3 / rate))
    _run(app, seconds)
    timer.stop()
    view.close()
    return {
        "frames painted a second": (len(painted) - 1) / (painted[-1] - painted[0]),
        **_percentiles("Qt thread, ms a frame", busy.frames[1:]),
    }


def _percentiles(name: str, values: list[float]) -> dict[str, Any]:
    if not values:
        return {f"{name}, p50": float("nan"), f"{name}, p95": float("nan")}
    return {
        f"{name}, p50": float(np.percentile(values, 50)),
        f"{name}, p95": float(np.percentile(values, 95)),
        f"{name}, worst": float(np.max(values)),
    }


@contextmanager
def _deadline(seconds: float, done: Callable[[], None]) -> Iterator[None]:
    from gui.qt import QtCore

    timer = QtCore.QTimer()
    timer.setSingleShot(True)
    timer.timeout.connect(done)
    timer.start(round(1e3 * seconds))
    yield
    timer.stop()


def _run(app: Any, seconds: float) -> None:
    """The event loop itself, as in the program."""
    with _deadline(seconds, app.quit):
        app.exec()


def _until(app: Any, true: Callable[[], bool], limit_s: float) -> None:
    end = time.monotonic() + limit_s
    while not true():
        if time.monotonic() > end:
            sys.exit("nothing was shown in time")
        app.processEvents()
        time.sleep(0.01)


if __name__ == "__main__":
    main()
