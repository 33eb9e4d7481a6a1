"""The engines of a window: what is remembered is asked for when cameras run, whether the dialog is open or not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from engines.engine_state import EngineState
from gui.feed import FeedStatus, Mode, Phase
from gui.qt import QtCore
from gui.status.engine_memory import PREFIX
from gui.status.engines_part import EnginesPart
from tests.gui.status.engine_states import building, state
from tests.gui.work.desks import PartDesk

CONFIGURED = "prefer openvino, onnxruntime"


class LiveFeed:
    """Says what runs, and does what it is told."""

    def __init__(self) -> None:
        self.engines: tuple[EngineState, ...] = (state(configured=CONFIGURED),)
        self.swaps: list[tuple[str, str]] = []
        self.cancelled: list[bool] = []

    def status(self) -> FeedStatus:
        return FeedStatus(Mode.LIVE, "virtual:", Phase.RUNNING, engines=self.engines)

    def swap(self, model: str, policy: str) -> None:
        self.swaps.append((model, policy))

    def cancel_build(self, with_waiting: bool = False) -> bool:
        self.cancelled.append(with_waiting)
        return True


@pytest.fixture(autouse=True)
def _no_override(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TAPETUM_BACKEND", raising=False)


@pytest.fixture
def feed() -> LiveFeed:
    return LiveFeed()


@pytest.fixture
def desk(qtbot: QtBot, feed: LiveFeed) -> PartDesk:
    desk = PartDesk(Mode.LIVE)
    desk.feed = feed
    qtbot.addWidget(desk.window)
    desk.window.show()
    return desk


@pytest.fixture
def part(desk: PartDesk) -> Iterator[EnginesPart]:
    part = EnginesPart(desk)
    yield part
    if part.dialog is not None:
        part.dialog.close()
        assert part.dialog._look.join(20)
    part.close()


def test_the_choice_of_the_last_time_is_asked_for_without_the_dialog(
    desk: PartDesk, feed: LiveFeed, part: EnginesPart
) -> None:
    desk.settings.set(PREFIX + "face_landmarks", "openvino:int8")
    part.show_status(feed.status())
    part.show_status(feed.status())
    assert feed.swaps == [("face_landmarks", "openvino:int8")]
    assert desk.told.get("engines", "") == ""


def test_what_is_remembered_and_cannot_run_stands_in_the_window_until_it_is_undone(
    desk: PartDesk, feed: LiveFeed, part: EnginesPart, qtbot: QtBot
) -> None:
    desk.settings.set(PREFIX + "face_landmarks", "openvino:int8")
    part.show_status(feed.status())
    feed.engines = (state(configured=CONFIGURED, asked=1, trouble="it loses 1.8 %"),)
    part.show_status(feed.status())
    assert "OpenVINO int8, which is remembered, cannot run now; OpenVINO runs. it loses 1.8 %" in desk.told["engines"]
    dialog = part.show_engines()
    qtbot.mouseClick(dialog.kept.undo, QtCore.Qt.MouseButton.LeftButton)
    part.show_status(feed.status())
    assert desk.told["engines"] == ""
    assert desk.settings.get(PREFIX + "face_landmarks") is None


def test_a_build_is_cancelled_from_the_dialog_and_its_end_is_calm(
    desk: PartDesk, feed: LiveFeed, part: EnginesPart, qtbot: QtBot
) -> None:
    dialog = part.show_engines()
    dialog.choice.precisions.setCurrentIndex(dialog.choice.precisions.findData("int8"))
    qtbot.mouseClick(dialog.choice.apply, QtCore.Qt.MouseButton.LeftButton)
    feed.engines = (building(),)
    part.show_status(feed.status())
    qtbot.mouseClick(dialog.strip.cancel, QtCore.Qt.MouseButton.LeftButton)
    assert feed.cancelled == [False]
    feed.engines = (state(configured=CONFIGURED, asked=1, given_up="openvino:int8"),)
    part.show_status(feed.status())
    assert dialog.models.topLevelItem(0).text(4) == "as asked for"
    assert desk.told["engines"] == ""
    assert desk.settings.get(PREFIX + "face_landmarks") is None
