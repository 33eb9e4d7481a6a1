"""The two ways into the window: replay a session, watch cameras. Each returns an exit code when the window closes."""

from __future__ import annotations

import functools
import logging
import signal
import sys
import threading
import types
from collections.abc import Callable, Sequence
from pathlib import Path

from drivers.errors import DriverError
from drivers.registry import shown_source
from drivers.rig import Rig, load_rig
from gui.feed import Feed, Mode
from gui.look import theme
from gui.qt import QtCore, QtGui, QtWidgets, is_alive
from gui.replay.player import Player
from gui.settings import Settings, settings_path
from gui.translations import load
from gui.window import Window
from gui.words import tr
from gui.work.sources import rig_of
from gui.work.tasks import close_shared
from pipeline.config import PipelineConfig
from pipeline.heap import use_few_arenas

log = logging.getLogger(__name__)

GOOD, NO = 0, 1

SWITCH_S = 0.001
"""The longest that a thread which computes keeps the interpreter from the one that draws; Python's own is 5 ms."""

LEAVE_S = 25.0
"""The longest that the end of a feed may take."""

LEAVE_POLL_MS = 30


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
    windows = Windows(config, weights_dir)
    return run_window(player, Mode.REPLAY, path.name, loop=loop, fullscreen=fullscreen, windows=windows)


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
    windows = Windows(config, weights_dir)
    return run_window(feed, Mode.LIVE, title, fullscreen=fullscreen, windows=windows)


def application() -> QtWidgets.QApplication:
    """The Qt application with our theme, made once."""
    existing = QtWidgets.QApplication.instance()
    if existing is not None:
        return existing
    use_few_arenas()
    # Qt 5 only; Qt 6 is always sharp on dense screens.
    for name in ("AA_EnableHighDpiScaling", "AA_UseHighDpiPixmaps"):
        attribute = getattr(QtCore.Qt.ApplicationAttribute, name, None)
        if attribute is not None:
            QtWidgets.QApplication.setAttribute(attribute)
    policy = QtCore.Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
    QtGui.QGuiApplication.setHighDpiScaleFactorRoundingPolicy(policy)
    sys.setswitchinterval(SWITCH_S)
    app = QtWidgets.QApplication(sys.argv[:1])
    app.setApplicationName("Tapetum")
    app.setApplicationDisplayName("Tapetum")
    theme.apply(app)
    return app


def run_window(
    feed: Feed,
    mode: Mode,
    title: str,
    *,
    loop: bool = False,
    fullscreen: bool = False,
    windows: Windows | None = None,
) -> int:
    """Show a feed, and what is opened in its place, until the window closes or Ctrl-C comes."""
    app = application()
    windows = windows or Windows(None, None)
    before = {s: signal.signal(s, lambda *_: windows.close()) for s in (signal.SIGINT, signal.SIGTERM)}
    hook, sys.excepthook = sys.excepthook, windows.tell_failure
    try:
        windows.show(feed, mode, title, loop, fullscreen)
        app.exec()
    finally:
        is_clean = windows.close()
        sys.excepthook = hook
        for number, handler in before.items():
            signal.signal(number, handler)
    return GOOD if is_clean else NO


class Windows:
    """The window of the program, and what takes its place when something else is opened.

    Args:
        config: settings of every feed that is opened.
        weights_dir: models in place of the shipped ones.
    """

    def __init__(self, config: PipelineConfig | None, weights_dir: Path | None) -> None:
        self._config = config
        self._weights_dir = weights_dir
        self._settings = Settings(settings_path())
        self.window: Window | None = None
        self._leaving: list[threading.Thread] = []
        self._timer = QtCore.QTimer()
        self._is_clean = True

    def show(
        self,
        feed: Feed,
        mode: Mode,
        title: str,
        loop: bool = False,
        fullscreen: bool = False,
        where: Window | None = None,
    ) -> Window:
        """Show a feed in a window of its own, ``where`` another one stands."""
        language = load.use(application(), load.wanted(settings=self._settings))
        window = self.window = Window(feed, mode, title, loop=loop, settings=self._settings, opener=self)
        window.tell("language", language.problem)
        feed.start()
        if where is not None:
            window.setGeometry(where.geometry())
        elif (screen := window.screen()) is not None:  # not every window manager makes it fit
            window.resize(window.size().boundedTo(screen.availableGeometry().size()))
        if fullscreen:
            window.showFullScreen()
        elif where is not None and where.isMaximized():
            window.showMaximized()
        else:
            window.show()
        window.setFocus(QtCore.Qt.FocusReason.OtherFocusReason)  # no button is marked before a key was pressed
        return window

    def tell_failure(self, kind: type[BaseException], error: BaseException, trace: types.TracebackType | None) -> None:
        """What went wrong inside is logged and said. Without this hook PyQt ends the program at once, and with it the
        recording that runs."""
        log.critical("something failed inside", exc_info=(kind, error, trace))
        if self.window is not None and is_alive(self.window):
            why = f"{kind.__name__}: {error}"
            words = tr("Something failed inside ({why}). What runs goes on; the log has the details.", why=why)
            self.window.tell("failure", words)

    def open_session(self, path: Path, instead_of: QtWidgets.QWidget) -> None:
        """Replay a session where a window was."""
        make = functools.partial(Player, path, self._config, weights_dir=self._weights_dir)
        self._replace(make, Mode.REPLAY, path.name, instead_of)

    def watch(self, sources: Sequence[str], instead_of: QtWidgets.QWidget) -> None:
        """Show cameras, or those of a rig's file, where a window was."""
        from gui.live import LiveFeed

        path = rig_of(sources)
        try:
            rig = None if path is None else load_rig(path)
        except DriverError as error:
            if isinstance(instead_of, Window):
                instead_of.say(str(error), True)
            return
        title = ", ".join(map(shown_source, sources) if rig is None else rig.cameras)
        chosen = [] if rig is not None else sources
        make = functools.partial(LiveFeed, chosen, self._config, weights_dir=self._weights_dir, rig=rig)
        self._replace(make, Mode.LIVE, title, instead_of)

    def close(self) -> bool:
        """Close the window, and wait for what it was before; whether every thread ended in time."""
        self._timer.stop()
        if self.window is not None:
            self.window.asks = False
            # A question that stands open would keep the program alive: it is answered with no.
            while (question := QtWidgets.QApplication.activeModalWidget()) is not None and question.close():
                pass
            self.window.close()
            self._is_clean &= self.window.closed_cleanly
        for thread in self._leaving:
            thread.join(LEAVE_S)
            self._is_clean &= not thread.is_alive()
        self._leaving.clear()
        self._is_clean &= close_shared()
        return self._is_clean

    def _replace(self, make: Callable[[], Feed], mode: Mode, title: str, old: QtWidgets.QWidget) -> None:
        """The old feed ends first, since both may want the same camera; then the new window stands where it was."""
        if old is not self.window or not isinstance(old, Window) or self._timer.isActive():
            return  # it is on its way out already
        leaving = old.leave()
        self._leaving.append(leaving)

        def go_on() -> None:
            if leaving.is_alive() or self.window is not old:
                return
            self._timer.stop()
            self._timer.timeout.disconnect()
            self.show(make(), mode, title, fullscreen=old.isFullScreen(), where=old)
            old.close()
            self._is_clean &= old.closed_cleanly
            old.deleteLater()

        self._timer.timeout.connect(go_on)
        self._timer.start(LEAVE_POLL_MS)
