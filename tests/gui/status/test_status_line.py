"""The line at the bottom of the window: what runs is always on the screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from drivers.frame import FrameSet
from drivers.host_clock import now_ns
from gui.feed import FeedStatus, Mode, Phase, Shown
from gui.qt import QtCore
from gui.status.engine_words import Words
from gui.status.engines_part import EnginesPart
from gui.status.status_line import BadgeLabel
from gui.window import Window
from pipeline.not_computed import not_computed
from pipeline.pacing import Pace
from tests.gui.conftest import frame, streams
from tests.gui.status.engine_states import building, fallen, state


class Engines:
    """A live feed whose engines a test sets. Its only FrameSet could not be computed."""

    def __init__(self) -> None:
        self.now = FeedStatus(Mode.LIVE, "virtual:", Phase.RUNNING, engines=(state(),))
        self.swaps: list[tuple[str, str]] = []
        frame_set = FrameSet(1, 0, {i.name: frame(i, 1, now_ns()) for i in streams()[:2]})
        self.shown: Shown | None = Shown(frame_set, not_computed(frame_set, "openvino: out of memory"))

    def start(self) -> None: ...

    def newest(self) -> Shown | None:
        shown, self.shown = self.shown, None
        return shown

    def status(self) -> FeedStatus:
        return self.now

    def swap(self, model: str, policy: str) -> None:
        self.swaps.append((model, policy))

    def cancel_build(self) -> bool:
        return False

    def close(self, deadline_s: float = 5.0) -> bool:
        return True

    def change(self, **more: Any) -> None:
        self.now = replace(self.now, **more)


@pytest.fixture
def feed() -> Engines:
    return Engines()


@pytest.fixture
def window(qtbot: QtBot, feed: Engines) -> Iterator[Window]:
    window = Window(feed, Mode.LIVE, "virtual:")
    qtbot.addWidget(window)
    window.show()
    yield window
    window.close()


def test_the_badge_follows_the_engine_through_a_fallback_and_back(window: Window, feed: Engines, qtbot: QtBot) -> None:
    badge = window.line.engine
    assert badge.text() == "OpenVINO · CPU"
    assert badge.property("tone") == "badge"
    feed.change(engines=(fallen(),))
    qtbot.waitUntil(lambda: badge.words.text == "FALLBACK · OpenVINO · CPU", timeout=5_000)
    assert badge.property("tone") == "badge-warn"
    assert "TensorRT" in badge.toolTip()
    assert "TensorRT" in badge.accessibleDescription()
    feed.change(engines=(state(),))
    qtbot.waitUntil(lambda: badge.property("tone") == "badge", timeout=5_000)


def test_the_other_badges_are_there_only_while_they_have_something_to_say(
    window: Window, feed: Engines, qtbot: QtBot
) -> None:
    assert not window.line.pace.isVisible()
    assert not window.line.coming.isVisible()
    feed.change(engines=(building(),), pace=Pace(every={"face_landmarks": 2}, note="landmarks every 2nd frame"))
    qtbot.waitUntil(lambda: window.line.pace.isVisible() and window.line.coming.isVisible(), timeout=5_000)
    assert window.line.pace.words.text == "landmarks every 2nd frame"
    assert window.line.coming.words.text.startswith("42 %")
    feed.change(engines=(state(),), pace=Pace())
    qtbot.waitUntil(lambda: not (window.line.pace.isVisible() or window.line.coming.isVisible()), timeout=5_000)


def test_in_the_narrowest_window_all_badges_are_inside_it(window: Window, feed: Engines, qtbot: QtBot) -> None:
    every = {"face_landmarks": 2, "gray_to_depth": 3}
    feed.change(engines=(building(), fallen(failed=3)), not_computed=12345, pace=Pace(every=every, note="note"))
    window.resize(window.minimumSize())
    badges = (window.line.engine, window.line.pace, window.line.coming)
    qtbot.waitUntil(lambda: all(badge.isVisible() for badge in badges), timeout=5_000)
    assert window.width() == window.minimumWidth()
    for badge in badges:
        left = badge.mapTo(window, QtCore.QPoint(0, 0)).x()
        assert left >= 0
        assert left + badge.width() <= window.width()
        assert badge.fontMetrics().horizontalAdvance(badge.text()) <= badge.width()
    assert window.line.engine.text().startswith("12345 frames NOT ")


def test_what_does_not_fit_into_a_badge_is_whole_in_its_tooltip(qtbot: QtBot) -> None:
    badge = BadgeLabel("Engines")
    qtbot.addWidget(badge)
    badge.show_words(Words("a word " * 40, True, "and why"))
    badge.resize(200, 30)
    assert badge.text().endswith("…")
    assert "a word " * 40 in badge.toolTip()


def test_a_click_on_a_badge_or_the_key_opens_the_engines_and_the_poll_fills_them(
    window: Window, feed: Engines, qtbot: QtBot
) -> None:
    qtbot.mouseClick(window.line.engine, QtCore.Qt.MouseButton.LeftButton)
    dialog = window.part(EnginesPart).dialog
    assert dialog is not None
    assert dialog.isVisible()
    assert not dialog.isModal(), "the picture goes on beside it"
    feed.change(engines=(fallen(),))
    qtbot.waitUntil(lambda: dialog.models.topLevelItem(0).text(4) == "FALLBACK", timeout=5_000)
    dialog.choice.backends.setCurrentIndex(dialog.choice.backends.findData("onnxruntime"))
    dialog.choice.apply.click()
    assert feed.swaps == [("face_landmarks", "onnxruntime")]
    dialog.reject()
    window.actions_by_key["engines"].trigger()
    assert window.part(EnginesPart).dialog is dialog
    assert dialog.isVisible()


def test_a_frame_that_no_engine_computed_says_so_in_place_of_faces(window: Window, qtbot: QtBot) -> None:
    words = window.faces._none
    qtbot.waitUntil(lambda: words.text() == "not computed: openvino: out of memory", timeout=5_000)
    assert words.property("tone") == "warn"
    assert words.wordWrap()
