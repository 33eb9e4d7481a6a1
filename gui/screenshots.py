"""Pictures of the window for the documentation: ``python -m gui.screenshots --out DIR [--only NAME ...]``.

Everything in them ran: the bundled sessions as cameras and as recordings, the shipped models, faults from a script.
Replays stop at positions that are named here, live pictures at the first FrameSet from a number on. Without a screen
Qt's own ``offscreen`` serves.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from gui.app import application
from gui.feed import Feed, Mode, Shown
from gui.live import LiveFeed
from gui.look import theme
from gui.looks.look import Beyond, Isotherm
from gui.looks.looks_part import LooksPart
from gui.looks.spots import Spot, area_between
from gui.pictures_to_files import save_png
from gui.qt import QtCore, QtGui, QtWidgets
from gui.replay.player import Player
from gui.settings import Settings
from gui.status.engines_part import EnginesPart
from gui.tiles.board import Board
from gui.tiles.face_pictures import COLOR, LANDMARKS, RELIEF
from gui.tiles.layout import Arrangement, Layout, Place, Source
from gui.window import Window
from gui.work.welcome import DISMISSED
from recordings.samples import bundled_session

TIMEOUT_S = 120.0
"""The longest that a picture may take to come."""

SETTLE_S = 0.8
"""Until the numbers, which come a few times a second, are there too."""

DRIVE, STREET = "night-drive", "night-street"

STALL = """
[[fault]]
kind = "stall"
stream = "thermal"
at_s = 6.5
for_s = 60
"""
"""The thermal camera says nothing any more."""

FRAMES = 114
"""Of the recording that is made for the pictures of a replay."""


class NoPictureError(Exception):
    """What should be in the picture did not come in time."""


class Stage:
    """Opens windows, waits until something is to be seen, and saves it."""

    def __init__(self, out: Path, scratch: Path, width: int, height: int) -> None:
        self.app = application()
        self.scratch = scratch
        self.saved: list[Path] = []
        self._out = out
        self._size = (width, height)

    @contextlib.contextmanager
    def replay(self, path: Path, position: int) -> Iterator[Window]:
        """A paused replay, come to a position from the beginning, as a run would come there."""
        player = Player(path, playing=False)
        with self.window(player, Mode.REPLAY, path.name) as window:
            self.until(lambda: window.position >= 0, window)
            self.walk(window, position)
            yield window

    def walk(self, window: Window, position: int) -> None:
        """Frame by frame, so that tracking begins anew nowhere."""
        key = window.actions_by_key["forward"]
        while window.position < position:
            before = window.position
            key.trigger()
            self.until(lambda before=before: window.position > before, window)

    @contextlib.contextmanager
    def watch(self, source: str, number: int) -> Iterator[Window]:
        """Live, from the first FrameSet on that has this number and a face in it."""

        def is_there() -> bool:
            shown: Shown | None = window.shown
            return shown is not None and shown.frame_set.number >= number and bool(shown.observation.faces)

        with self.window(LiveFeed([source]), Mode.LIVE, source.partition("?")[0]) as window:
            self.until(is_there, window)
            yield window

    @contextlib.contextmanager
    def window(self, feed: Feed, mode: Mode, title: str) -> Iterator[Window]:
        settings = Settings()
        settings.set(DISMISSED, True)
        window = Window(feed, mode, title, settings=settings)
        window.asks = False
        window.resize(*self._size)
        feed.start()
        window.show()
        try:
            yield window
        finally:
            window.close()
            theme.use("dark", 100)

    def until(self, true: Callable[[], bool], window: Window) -> None:
        """Let the window run until something holds.

        Raises:
            NoPictureError: not within :data:`TIMEOUT_S`.
        """
        deadline = time.monotonic() + TIMEOUT_S
        while not true():
            if time.monotonic() > deadline:
                raise NoPictureError(window.messages.text or "nothing was shown in time")
            self.app.processEvents()
            time.sleep(0.005)

    def settle(self, window: Window, seconds: float = SETTLE_S) -> None:
        end = time.monotonic() + seconds
        self.until(lambda: time.monotonic() > end, window)

    def save(self, name: str, window: Window, over: QtWidgets.QWidget | None = None) -> None:
        """The window as it is now; ``over`` is a dialog in front of it."""
        if over is None:
            window.setFocus()  # no frame round a button
        self.settle(window)
        picture = window.grab()
        if over is not None:
            front = over.grab()
            at = QtCore.QPoint((window.width() - over.width()) // 2, (window.height() - over.height()) // 2)
            painter = QtGui.QPainter(picture)
            painter.setPen(QtGui.QPen(QtGui.QColor(theme.now().dim), 2))
            painter.drawRect(QtCore.QRect(at, over.size()))
            painter.drawPixmap(at, front)
            painter.end()
        path = self._out / f"{name}.png"
        save_png(path, picture.toImage())
        self.saved.append(path)
        print(path)  # noqa: T201 - what was written, for whoever called the script


def _lay(window: Window, arrangement: Arrangement, *sources: Source) -> None:
    window.part(Board).load(Layout(arrangement, tuple(map(Place, sources))))


def _streams(*names: str) -> list[Source]:
    return [Source(stream=name) for name in names]


# -- the pictures ---------------------------------------------------------------------------------------------------


def live(stage: Stage) -> None:
    with stage.watch(f"virtual:{DRIVE}", 38) as window:
        stage.save("live", window)


def four_tiles(stage: Stage) -> None:
    with stage.watch(f"virtual:{STREET}", 25) as window:
        _lay(window, Arrangement.FOUR, *_streams("color", "thermal", "depth", "infrared"))
        stage.save("four-tiles", window)


def faces(stage: Stage) -> None:
    """What can stand in a tile of a face."""
    with stage.replay(bundled_session(DRIVE), 40) as window:
        shown = [Source(picture=RELIEF), Source(picture=COLOR), Source(picture=LANDMARKS), *_streams("thermal")]
        _lay(window, Arrangement.FOUR, *shown)
        stage.save("face-tiles", window)


def thermal(stage: Stage) -> None:
    with stage.replay(bundled_session(DRIVE), 40) as window:
        _lay(window, Arrangement.MAIN, *_streams("thermal", "infrared", "depth"))
        looks, info = window.part(LooksPart), window.pictures.tiles["thermal"].frame_shown.info
        looks.select("thermal")
        marks = (Spot("Sp1", 78, 52), area_between("Ar1", 60, 78, 108, 112, info.width, info.height))
        looks.looks.change(info, palette="ironbow", marks=marks, hottest=True)
        stage.save("thermal", window)
        low, high = looks.looks.values(info)
        warm = Isotherm(Beyond.ABOVE, low + 0.72 * (high - low), high)
        looks.looks.change(info, palette="white hot", isotherm=warm, hottest=False)
        looks.show_look_panel()
        stage.save("thermal-isotherm", window)


def recorded(stage: Stage) -> Path:
    """The night drive, recorded from a live run with its results and three events; made once."""
    path = stage.scratch / "night-drive.mcap"
    if path.exists():
        return path
    feed = LiveFeed([f"virtual:{DRIVE}"], record=path)
    events = {22: ("phone", "looks down"), 64: ("lights", "oncoming car"), 95: ("exit", "leaves the road")}
    with stage.window(feed, Mode.LIVE, DRIVE) as window:

        def is_enough() -> bool:
            number = -1 if window.shown is None else window.shown.frame_set.number
            for at in [at for at in events if number >= at]:
                feed.write_event(*events.pop(at))
            return number >= FRAMES

        stage.until(is_enough, window)
    return path


def replay(stage: Stage) -> None:
    with stage.replay(recorded(stage), 30) as window:
        window.actions_by_key["add_bookmark"].trigger()
        stage.walk(window, 52)
        stage.settle(window, 2.0)
        stage.save("replay", window)


def compare(stage: Stage) -> None:
    with stage.replay(recorded(stage), 0) as window:
        window.actions_by_key["compare"].setChecked(True)
        stage.settle(window)
        stage.walk(window, 52)
        stage.save("compare", window)


def red(stage: Stage) -> None:
    with stage.watch(f"virtual:{DRIVE}", 38) as window:
        theme.use("red")
        stage.save("dim-red", window)


def light(stage: Stage) -> None:
    with stage.watch(f"virtual:{DRIVE}", 38) as window:
        theme.use("light")
        stage.save("light", window)


def alarms(stage: Stage) -> None:
    (stage.scratch / "stall.toml").write_text(STALL)
    with contextlib.chdir(stage.scratch), stage.watch(f"virtual:{DRIVE}?faults=stall.toml", 60) as window:
        _lay(window, Arrangement.FOUR, *_streams("infrared", "depth", "thermal"), Source(picture=RELIEF))
        stage.settle(window, 6.0)
        window.messages.hide()  # a machine without loudspeakers says so there
        stage.save("alarms", window)


def street(stage: Stage) -> None:
    with stage.replay(bundled_session(STREET), 25) as window:
        stage.save("street", window)


def dialogs(stage: Stage) -> None:
    """What opens over the picture."""
    with stage.replay(bundled_session(DRIVE), 20) as window:
        engines = window.part(EnginesPart).show_engines()
        stage.save("engines", window, engines)
        engines.close()
        for name, key in (("commands", "palette_open"), ("settings", "settings")):
            window.actions_by_key[key].trigger()
            stage.settle(window)
            dialog = next(d for d in window.findChildren(QtWidgets.QDialog) if d.isVisible())
            stage.save(name, window, dialog)
            dialog.close()
        window.actions_by_key["verify"].trigger()
        window.actions_by_key["tasks"].trigger()
        stage.settle(window, 2.0)
        stage.save("tasks", window)


PICTURES: dict[str, Callable[[Stage], None]] = {
    "live": live,
    "four-tiles": four_tiles,
    "face-tiles": faces,
    "thermal": thermal,
    "replay": replay,
    "compare": compare,
    "dim-red": red,
    "light": light,
    "alarms": alarms,
    "street": street,
    "dialogs": dialogs,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Save the pictures; 1 when one of them could not be made."""
    parser = argparse.ArgumentParser(prog="python -m gui.screenshots", description="Pictures of the window.")
    parser.add_argument("--out", type=Path, required=True, help="folder for the pictures")
    parser.add_argument("--only", action="append", choices=list(PICTURES), metavar="NAME", help=", ".join(PICTURES))
    parser.add_argument("--width", type=int, default=1440, help="of the window, px")
    parser.add_argument("--height", type=int, default=900, help="of the window, px")
    chosen = parser.parse_args(arguments)

    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("QT_FONT_DPI", "96")  # else a screen of its own resolution makes another picture
    out = chosen.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    failed = 0
    with tempfile.TemporaryDirectory(prefix="tapetum-pictures-") as scratch:
        os.environ["TAPETUM_DATA"] = scratch  # whoever makes the pictures has bookmarks that are not for them
        stage = Stage(out, Path(scratch), chosen.width, chosen.height)
        for name in chosen.only or PICTURES:
            try:
                PICTURES[name](stage)
            except NoPictureError as error:
                failed += 1
                print(f"no picture {name}: {error}", file=sys.stderr)  # noqa: T201 - the error
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
