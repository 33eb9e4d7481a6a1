"""A live window over a recorded camera, with settings of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytestqt.exceptions import TimeoutError as QtBotTimeoutError
from pytestqt.qtbot import QtBot

from gui.feed import Mode, Phase
from gui.live import LiveFeed
from gui.qt import QtWidgets
from gui.settings import Settings
from gui.window import Window
from gui.work import places
from pipeline.config import PipelineConfig
from recordings.virtual import VirtualCamera
from tests.gui.conftest import no_models
from tests.gui.keyboard import until_active


@contextmanager
def live_window(
    qtbot: QtBot,
    session: Path,
    folder: Path,
    config: PipelineConfig | None = None,
    runs_before: bool = False,
    settings: Settings | None = None,
) -> Iterator[Window]:
    """Shown, active, with pictures; closed in the end, and everything with it.

    Args:
        session: what the camera plays, in a loop.
        folder: where recordings go.
        config: of the pipeline.
        runs_before: the camera runs before there is a window.
        settings: of an earlier start.
    """
    settings = settings or Settings()
    settings.set(places.FOLDER, str(folder))
    feed = LiveFeed(
        [f"virtual:{session}?loop=1"],
        config,
        load=no_models,
        open_source=lambda source: VirtualCamera.from_source(source.removeprefix("virtual:")),
    )
    feed.start()
    if runs_before:
        qtbot.waitUntil(lambda: is_held(feed), timeout=20_000)
    window = Window(feed, Mode.LIVE, "virtual:", settings=settings)
    qtbot.addWidget(window)
    window.show()
    try:
        keys = window.actions_by_key
        until(qtbot, lambda: keys["record"].isEnabled() and keys["save_last"].isEnabled(), window)
        until_active(qtbot, window)
        yield window
    finally:
        window.close()
        assert window.closed_cleanly


def is_held(feed: LiveFeed) -> bool:
    """Whether something of the last seconds can be saved."""
    status = feed.status()
    return status.phase is Phase.RUNNING and status.kept is not None and status.kept.reach_s > 0


def says(qtbot: QtBot, window: Window, *words: str) -> None:
    """Wait until the status line says that."""
    until(qtbot, lambda: all(word in window._note.text() for word in words), window)


def until(qtbot: QtBot, true: Callable[[], object], window: Window | None = None) -> None:
    """Wait for something; in vain, say what the windows show."""
    try:
        qtbot.waitUntil(lambda: bool(true()), timeout=20_000)
    except QtBotTimeoutError as error:
        windows = [window] if window is not None else QtWidgets.QApplication.topLevelWidgets()
        told = "\n".join(what_is_seen(one) for one in windows if isinstance(one, Window) and one.isVisible())
        pytest.fail(f"it did not come: {error}\n{told or 'there is no window'}")


def what_is_seen(window: Window) -> str:
    """What a window tells, for whoever reads that a test failed."""
    status = window._feed.status()
    active = QtWidgets.QApplication.activeWindow()
    keys = {key: action.isEnabled() for key, action in window.actions_by_key.items() if "record" in key}
    return "\n".join(
        (
            f"active window: {'this one' if active is window else active!r}",
            f"note: {window._note.text()!r}",
            f"told: {window._told}",
            f"phase: {status.phase}, problem: {status.problem!r}",
            f"recording: {status.recording}",
            f"saves: {status.saves}",
            f"can be done: {keys}",
        )
    )
