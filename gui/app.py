"""The two ways into the window: replay a session, watch cameras. Each returns an exit code when the window closes."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from drivers.registry import shown_source
from drivers.rig import Rig
from gui import theme
from gui.feed import Feed, Mode
from gui.player import Player
from gui.qt import QtCore, QtGui, QtWidgets
from gui.window import Window
from pipeline.config import PipelineConfig

log = logging.getLogger(__name__)

GOOD, NO = 0, 1


def run_replay(
    path: Path,
    config: PipelineConfig | None = None,
    *,
    loop: bool = False,
    at: str = "",
    speed: float = 1.0,
    weights_dir: Path | None = None,
    fullscreen: bool = False,
) -> int:
    """Open a session in the window and return when it is closed: 0, or 1 when a thread did not end in time."""
    player = Player(path, config, loop=loop, at=at, speed=speed, weights_dir=weights_dir)
    return run_window(player, Mode.REPLAY, path.name, loop=loop, fullscreen=fullscreen)


def run_watch(
    sources: Sequence[str],
    config: PipelineConfig | None = None,
    *,
    record: Path | None = None,
    weights_dir: Path | None = None,
    fullscreen: bool = False,
    rig: Rig | None = None,
) -> int:
    """Open cameras in the window and return when it is closed: 0, or 1 when a thread did not end in time."""
    from gui.live import LiveFeed

    feed = LiveFeed(sources, config, record=record, weights_dir=weights_dir, rig=rig)
    title = ", ".join(map(shown_source, sources) if rig is None else rig.cameras)
    return run_window(feed, Mode.LIVE, title, fullscreen=fullscreen)


def application() -> QtWidgets.QApplication:
    """The Qt application with our theme, made once."""
    existing = QtWidgets.QApplication.instance()
    if existing is not None:
        return existing
    # Qt 5 only; Qt 6 is always sharp on dense screens.
    for name in ("AA_EnableHighDpiScaling", "AA_UseHighDpiPixmaps"):
        attribute = getattr(QtCore.Qt.ApplicationAttribute, name, None)
        if attribute is not None:
            QtWidgets.QApplication.setAttribute(attribute)
    policy = QtCore.Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
    QtGui.QGuiApplication.setHighDpiScaleFactorRoundingPolicy(policy)
    app = QtWidgets.QApplication(sys.argv[:1])
    app.setApplicationName("Tapetum")
    app.setApplicationDisplayName("Tapetum")
    theme.apply(app)
    return app


def run_window(feed: Feed, mode: Mode, title: str, *, loop: bool = False, fullscreen: bool = False) -> int:
    """Show a feed until the window closes or Ctrl-C comes."""
    app = application()
    window = Window(feed, mode, title, loop=loop)
    before = {s: signal.signal(s, lambda *_: window.close()) for s in (signal.SIGINT, signal.SIGTERM)}
    feed.start()
    try:
        window.showFullScreen() if fullscreen else window.show()
        app.exec()
    finally:
        window.close()
        for number, handler in before.items():
            signal.signal(number, handler)
    return GOOD if window.closed_cleanly else NO
