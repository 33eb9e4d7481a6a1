"""One window after the other: what is opened takes the place of what was shown."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.app import Windows
from gui.feed import FeedStatus, Mode, Phase, RecordingStatus, Shown
from gui.look import theme
from gui.qt import QtCore, QtWidgets
from gui.replay.player import Player
from tests.gui.conftest import FakeSteps, make, no_models


class SlowFeed:
    """A feed whose end takes as long as a test wants."""

    def __init__(self) -> None:
        self.may_end = threading.Event()
        self.ended_in = ""

    def start(self) -> None: ...

    def newest(self) -> Shown | None:
        return None

    def status(self) -> FeedStatus:
        return FeedStatus(Mode.LIVE, "slow", Phase.RUNNING)

    def close(self, deadline_s: float = 5.0) -> bool:
        self.ended_in = threading.current_thread().name
        return self.may_end.wait(deadline_s)


@pytest.fixture
def windows(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Windows]:
    def player(path: Path, *_: object, **__: object) -> Player:
        return Player(path, playing=False, load=no_models, make_steps=make(FakeSteps()))

    monkeypatch.setattr("gui.app.Player", player)
    windows = Windows(None, None)
    yield windows
    assert windows.close()


def test_the_first_window_is_no_larger_than_the_screen_or_its_least_size(windows: Windows) -> None:
    feed = SlowFeed()
    feed.may_end.set()
    window = windows.show(feed, Mode.LIVE, "slow")
    room, least = window.screen().availableGeometry(), window.minimumSize()
    assert room.width() < 1440, "the test's screen has no room for the usual size"
    assert window.width() <= max(room.width(), least.width())
    assert window.height() <= max(room.height(), least.height())


def test_a_session_takes_the_place_of_a_camera_without_stopping_the_screen(
    windows: Windows, session: Path, qtbot: QtBot
) -> None:
    feed = SlowFeed()
    first = windows.show(feed, Mode.LIVE, "slow")
    first.setGeometry(40, 50, 1000, 700)
    size = first.size()
    first.desk.open_session(session)
    qtbot.wait(120)
    assert windows.window is first, "the camera is still closing"
    assert feed.ended_in == "tapetum-leave", "not the thread of the screen"
    assert first.badges.state.text() == "CLOSING", "nothing that is old looks live"
    assert not first.actions_by_key["record"].isEnabled()
    feed.may_end.set()
    qtbot.waitUntil(lambda: windows.window is not first, timeout=5_000)
    second = windows.window
    assert second is not None
    assert second.desk.mode is Mode.REPLAY
    assert second.size() == size
    qtbot.waitUntil(lambda: second.position == 0, timeout=20_000)
    assert second.isVisible()


def test_asking_twice_opens_one(windows: Windows, session: Path, qtbot: QtBot) -> None:
    feed = SlowFeed()
    first = windows.show(feed, Mode.LIVE, "slow")
    first.desk.open_session(session)
    first.desk.open_session(session)
    feed.may_end.set()
    qtbot.waitUntil(lambda: windows.window is not first, timeout=5_000)
    assert [t.name for t in threading.enumerate()].count("tapetum-replay") == 1


def test_closing_while_something_else_is_being_opened_leaves_nothing(
    windows: Windows, session: Path, qtbot: QtBot
) -> None:
    feed = SlowFeed()
    first = windows.show(feed, Mode.LIVE, "slow")
    first.desk.open_session(session)
    feed.may_end.set()
    assert windows.close()
    qtbot.wait(100)
    assert windows.window is first


def test_a_window_that_was_made_for_one_feed_says_that_it_opens_nothing_else(session: Path, qtbot: QtBot) -> None:
    from gui.window import Window

    feed = SlowFeed()
    feed.may_end.set()
    window = Window(feed, Mode.LIVE, "slow")
    qtbot.addWidget(window)
    window.desk.open_session(session)
    assert "nothing else" in window.line.note.text()
    window.close()


@pytest.mark.parametrize("name", ["dark", "red", "light"])
def test_a_window_begins_in_the_theme_that_was_chosen_last(
    name: str, windows: Windows, session: Path, qtbot: QtBot
) -> None:
    feed = SlowFeed()
    feed.may_end.set()
    first = windows.show(feed, Mode.LIVE, "slow")
    first.desk.settings.set("look.theme", name)
    first.desk.open_session(session)
    qtbot.waitUntil(lambda: windows.window is not first, timeout=5_000)
    second = windows.window
    assert second is not None
    qtbot.waitUntil(lambda: second.position == 0, timeout=20_000)
    assert theme.now().name == name
    second.desk.settings.set("look.theme", "dark")


def test_what_fails_inside_is_said_and_ends_nothing(
    windows: Windows, session: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = SlowFeed()
    feed.may_end.set()
    window = windows.show(feed, Mode.LIVE, "slow")
    try:
        raise RuntimeError("made by a test")
    except RuntimeError as error:
        windows.tell_failure(type(error), error, error.__traceback__)
    assert "RuntimeError: made by a test" in window.messages.text
    assert window.isVisible()


def test_being_told_to_end_answers_the_question_that_stands_open(windows: Windows, qtbot: QtBot) -> None:
    feed = SlowFeed()
    feed.may_end.set()
    window = windows.show(feed, Mode.LIVE, "slow")
    box = QtWidgets.QMessageBox(window)
    box.setText("really?")
    monkey = QtCore.QTimer()
    monkey.setSingleShot(True)
    monkey.timeout.connect(windows.close)
    monkey.start(50)
    window.asks = True
    window.parts[0].may_close = lambda: box.exec() == 12345  # type: ignore[method-assign]  # a part that asks
    window.close()
    assert window.closed_cleanly
    assert feed.ended_in


def test_a_recording_that_runs_is_not_ended_by_a_slip(windows: Windows, qtbot: QtBot, tmp_path: Path) -> None:
    class Recording(SlowFeed):
        def status(self) -> FeedStatus:
            return FeedStatus(Mode.LIVE, "slow", Phase.RUNNING, recording=RecordingStatus(tmp_path / "a.mcap"))

    feed = Recording()
    feed.may_end.set()
    window = windows.show(feed, Mode.LIVE, "slow")
    window.asks = True
    asked: list[str] = []

    def stay() -> None:
        box = QtWidgets.QApplication.activeModalWidget()
        assert isinstance(box, QtWidgets.QMessageBox)
        asked.append(box.informativeText())
        box.reject()

    QtCore.QTimer.singleShot(50, stay)
    window.close()
    assert asked
    assert "a.mcap" in asked[0]
    assert window.isVisible()
    assert not feed.ended_in
