"""A feed says that it has something new, and the window takes it once."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from pytestqt.qtbot import QtBot

from gui.feed import Mode
from gui.live import LiveFeed
from gui.qt import QtWidgets
from gui.replay.player import Player
from gui.waking import Telling, Wake
from gui.window import Window
from recordings.virtual import VirtualCamera
from tests.gui.conftest import no_models


def _open(source: str) -> VirtualCamera:
    return VirtualCamera.from_source(source.removeprefix("virtual:"))


def test_rings_from_any_thread_are_answered_once_on_the_qt_thread(qtbot: QtBot) -> None:
    answers: list[str] = []
    wake = Wake(lambda: answers.append(threading.current_thread().name))

    def ring() -> None:
        for _ in range(50):
            wake.ring()

    ringer = threading.Thread(target=ring, name="ringer")
    ringer.start()
    ringer.join(20)
    qtbot.waitUntil(lambda: bool(answers), timeout=20_000)
    QtWidgets.QApplication.processEvents()
    assert answers == [threading.current_thread().name]
    wake.ring()
    qtbot.waitUntil(lambda: len(answers) == 2, timeout=20_000)


def test_a_live_feed_tells_of_each_newest_result_and_no_more_when_it_is_not_listened_to(session: Path) -> None:
    feed = LiveFeed([f"virtual:{session}?loop=1"], load=no_models, open_source=_open)
    assert isinstance(feed, Telling)
    told = threading.Semaphore(0)
    feed.tell(told.release)
    feed.start()
    try:
        numbers = []
        for _ in range(5):
            assert told.acquire(timeout=20)
            shown = feed.newest()
            if shown is not None:  # two were told of, and the newer one was taken
                numbers.append(shown.frame_set.number)
        assert numbers
        assert numbers == sorted(set(numbers))
        feed.tell(None)
        while told.acquire(blocking=False):
            pass
        deadline = time.monotonic() + 20
        while feed.newest() is None:
            assert time.monotonic() < deadline, "it still has the newest for whoever asks"
            time.sleep(0.01)
        assert not told.acquire(blocking=False)
    finally:
        assert feed.close()
    assert not [t for t in threading.enumerate() if t.name == "tapetum-newest"]


def test_a_live_window_asks_only_when_there_is_something(session: Path, qtbot: QtBot) -> None:
    feed = LiveFeed([f"virtual:{session}?loop=1"], load=no_models, open_source=_open)
    window = Window(feed, Mode.LIVE, "virtual:")
    qtbot.addWidget(window)
    feed.start()
    window.show()
    assert not window._draw_timer.isActive()
    qtbot.waitUntil(lambda: window.shown is not None and window.shown.frame_set.number > 3, timeout=20_000)
    window.close()
    assert window.closed_cleanly


def test_a_replay_is_asked_by_a_timer(session: Path, qtbot: QtBot) -> None:
    feed = Player(session, load=no_models)
    window = Window(feed, Mode.REPLAY, "tiny")
    qtbot.addWidget(window)
    assert not isinstance(feed, Telling)
    assert window._draw_timer.isActive()
    window.close()
