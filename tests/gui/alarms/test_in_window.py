"""The alarms and the latency in a whole window, by its keys."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from drivers.frame import FrameSet
from drivers.host_clock import now_ns
from gui.alarms.alarms_part import AlarmsPart
from gui.alarms.book import Sense, Severity
from gui.feed import FeedStatus, Mode, Phase, RecordingStatus, Shown, StreamStatus
from gui.qt import QtCore
from gui.status.latency import LatencyKind
from gui.status.truth_part import TruthPart
from gui.tiles import canvas
from gui.window import Window
from pipeline.not_computed import not_computed
from tests.gui.conftest import frame, streams
from tests.gui.keyboard import press

COLOR, DEPTH, _THERMAL = streams()
FINE = FeedStatus(Mode.LIVE, "virtual:", Phase.RUNNING, streams=(StreamStatus(DEPTH, 30.0, 0, "streaming"),))
GONE = replace(
    FINE,
    streams=(StreamStatus(DEPTH, 0.0, 0, "gone", "unplugged"),),
    recording=RecordingStatus(Path("night.mcap"), frames=3, hours_left=5.0),
)
Key, Modifier = QtCore.Qt.Key, QtCore.Qt.KeyboardModifier


class Cameras:
    """A live feed that gives one picture again and again."""

    def __init__(self) -> None:
        self.now = FINE
        self.number = 0
        self.marks: list[str] = []

    def start(self) -> None: ...

    def newest(self) -> Shown | None:
        if self.now is not FINE:
            return None
        self.number += 1
        shown = frame(DEPTH, self.number, now_ns())
        frame_set = FrameSet(self.number, shown.device_ns, {"depth": shown})
        return Shown(frame_set, not_computed(frame_set, "no model"))

    def status(self) -> FeedStatus:
        return self.now

    def mark(self, note: str = "") -> bool:
        self.marks.append(note)
        return True

    def close(self, deadline_s: float = 5.0) -> bool:
        return True


@pytest.fixture
def feed() -> Cameras:
    return Cameras()


@pytest.fixture
def window(qtbot: QtBot, feed: Cameras) -> Iterator[Window]:
    window = Window(feed, Mode.LIVE, "virtual:")
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window.shown is not None, timeout=10_000)
    yield window
    window.close()
    assert not window.part(AlarmsPart).bar.is_blinking


def test_a_camera_is_lost_and_the_operator_answers_with_keys(window: Window, feed: Cameras, qtbot: QtBot) -> None:
    alarms = window.part(AlarmsPart)
    assert not alarms.bar.isVisible()
    feed.now = GONE
    qtbot.waitUntil(alarms.bar.isVisible, timeout=5_000)
    assert alarms.bar.words.startswith("ALARM\ndepth: the camera is gone")
    assert alarms.bar.parentWidget() is not None, "it stands in the window"
    assert alarms.bar.mapTo(window, QtCore.QPoint(0, 0)).y() < window.height() // 4
    press(qtbot, window, Key.Key_M, Modifier.ControlModifier | Modifier.ShiftModifier)
    assert alarms.book.muted_s(Sense.SOUND, now_ns()) > 290
    press(qtbot, window, Key.Key_J, Modifier.ControlModifier | Modifier.ShiftModifier)
    (tile,) = window.pictures.tiles_of("depth")
    focus = window.focusWidget()
    assert focus is tile or tile.isAncestorOf(focus), "it leads to its tile"
    press(qtbot, window, Key.Key_F8)
    assert alarms.book.open_count == 0
    assert [note.partition(" by ")[0] for note in feed.marks] == [
        "sound of alarms off for 5 min,",
        "alarm acknowledged",
    ]
    press(qtbot, window, Key.Key_A, Modifier.ControlModifier | Modifier.ShiftModifier)
    assert alarms.list is not None
    assert alarms.list.isVisible()
    feed.now = FINE
    qtbot.waitUntil(lambda: alarms.book.lines[0].cleared_ns is not None, timeout=5_000)


def test_every_picture_that_is_painted_is_measured(window: Window, qtbot: QtBot) -> None:
    truth = window.part(TruthPart)
    qtbot.waitUntil(lambda: truth.latency is not None and truth.latency.kind is not LatencyKind.NOTHING, timeout=10_000)
    assert truth.latency is not None
    assert truth.latency.kind is LatencyKind.UNKNOWN, "nobody maps the clock of this camera"
    assert truth.latency.stream == "depth"


def test_a_window_closes_in_the_middle_of_an_alarm(window: Window, feed: Cameras, qtbot: QtBot) -> None:
    feed.now = GONE
    qtbot.waitUntil(window.part(AlarmsPart).bar.isVisible, timeout=5_000)
    window.part(AlarmsPart).show_alarms()
    window.close()
    listed = window.part(AlarmsPart).list
    assert listed is not None
    assert not listed.isVisible()


class Painting:
    """Pictures of streams are painted where this lets them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.broken = False
        self.open = threading.Event()
        self.open.set()
        original = canvas.paint_scene

        def paint(*how: Any) -> Any:
            if threading.current_thread().name == "tapetum-pictures":
                assert self.open.wait(60.0)
                if self.broken:
                    raise MemoryError("no room")
            return original(*how)

        monkeypatch.setattr(canvas, "paint_scene", paint)


@pytest.fixture
def painting(monkeypatch: pytest.MonkeyPatch) -> Iterator[Painting]:
    painting = Painting(monkeypatch)
    yield painting
    painting.open.set()


def active(window: Window) -> dict[str, str]:
    lines = window.part(AlarmsPart).book.lines
    return {line.key.removeprefix("watch:"): line.text for line in lines if line.is_active}


def test_pictures_that_cannot_be_painted_are_an_alarm_and_nothing_looks_calm(
    painting: Painting, window: Window, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    qtbot.waitUntil(lambda: "depth" in window.pictures.screen.painted_ns, timeout=20_000)
    qtbot.waitUntil(lambda: window.badges.state.text() == "LIVE", timeout=20_000)
    assert active(window) == {}
    truth = window.part(TruthPart)
    with caplog.at_level(logging.CRITICAL):
        painting.broken = True
        qtbot.waitUntil(lambda: "painted" in active(window), timeout=20_000)
        qtbot.waitUntil(lambda: window.badges.state.text() == "STALE", timeout=20_000)
        qtbot.waitUntil(lambda: truth.latency.kind is LatencyKind.NOTHING, timeout=20_000)
        painted_ns = window.pictures.newest_ns(window.shown)
        assert painted_ns is not None
        assert active(window)["painted"] == "Pictures come, but none is painted: MemoryError: no room"
        assert "old depth" not in active(window), "it is no trouble of the camera"
        assert window.part(AlarmsPart).book.lines[0].severity is Severity.ALARM
        qtbot.waitUntil(lambda: window.shown.frame_set.host_ns > now_ns() - 1_000_000_000, timeout=20_000)
        assert window.pictures.newest_ns(window.shown) == painted_ns, "its age grows, whatever comes"
        qtbot.waitUntil(lambda: re.search(r"frame age \d+\.\d s", window.line.where.text()) is not None, timeout=20_000)
    painting.broken = False
    qtbot.waitUntil(lambda: active(window) == {}, timeout=20_000)
    qtbot.waitUntil(lambda: window.badges.state.text() == "LIVE", timeout=20_000)


def test_while_pictures_hang_the_alarms_still_see_and_the_window_says_it(
    painting: Painting, window: Window, feed: Cameras, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: "depth" in window.pictures.screen.painted_ns, timeout=20_000)
    painting.open.clear()
    qtbot.waitUntil(lambda: {"behind", "painted"} <= set(active(window)), timeout=20_000)
    assert active(window)["behind"] == "The window does not keep up"
    qtbot.waitUntil(lambda: window.badges.state.text() == "STALE", timeout=20_000)
    feed.now = GONE
    qtbot.waitUntil(lambda: "camera depth" in active(window), timeout=20_000)
    painting.open.set()
    qtbot.waitUntil(lambda: "behind" not in active(window), timeout=20_000)
    feed.now = FINE
    qtbot.waitUntil(lambda: active(window) == {}, timeout=20_000)


def test_a_stream_without_a_tile_is_as_old_as_what_came_of_it(window: Window, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.pictures.screen.seen == {"depth"}, timeout=20_000)
    window.hide()
    qtbot.waitUntil(lambda: window.pictures.screen.seen == set(), timeout=20_000)
    number = window.shown.frame_set.number
    qtbot.waitUntil(lambda: window.shown.frame_set.number > number + 5, timeout=20_000)
    assert window.pictures.newest_ns(window.shown) == window.shown.frame_set.host_ns
    assert active(window) == {}
    window.show()
    qtbot.waitUntil(lambda: "depth" in window.pictures.screen.painted_ns, timeout=20_000)
    assert active(window) == {}
