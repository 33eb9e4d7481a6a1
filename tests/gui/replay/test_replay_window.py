"""The replay window: go to a time, a frame, an event; loop over a part; the end."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.feed import Mode
from gui.qt import QtCore, QtWidgets
from gui.replay.player import Player
from gui.window import Window
from tests.gui.conftest import FakeSteps, make, no_models
from tests.gui.keyboard import press
from tests.gui.replay.one_frame_set import one_frame_set_window
from tests.gui.replay.test_marks import AGAIN_AT, COUNT, eventful

Key = QtCore.Qt.Key
Shift = QtCore.Qt.KeyboardModifier.ShiftModifier
Control = QtCore.Qt.KeyboardModifier.ControlModifier


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return eventful(tmp_path_factory.mktemp("eventful") / "drive.mcap")


@pytest.fixture
def steps() -> FakeSteps:
    return FakeSteps()


@pytest.fixture
def window(qtbot: QtBot, session: Path, steps: FakeSteps) -> Iterator[Window]:
    """A paused replay at its first frame."""
    player = Player(session, playing=False, load=no_models, make_steps=make(steps))
    window = Window(player, Mode.REPLAY, session.name)
    qtbot.addWidget(window)
    player.start()
    window.show()
    qtbot.waitUntil(lambda: window.position == 0, timeout=20_000)
    qtbot.waitUntil(lambda: window.transport.slider.maximum() == COUNT - 1, timeout=20_000)
    yield window
    window.close()
    assert window.closed_cleanly


def at(qtbot: QtBot, window: Window, position: int) -> None:
    qtbot.waitUntil(lambda: window.position == position, timeout=10_000)


def test_events_are_walked_through_by_keys(window: Window, qtbot: QtBot) -> None:
    for key, modifier, expected in (
        (Key.Key_N, None, 4),
        (Key.Key_N, None, 16),
        (Key.Key_Right, Control, 22),
        (Key.Key_N, Shift, 16),
        (Key.Key_Left, Control, 4),
    ):
        press(qtbot, window, key, modifier or QtCore.Qt.KeyboardModifier.NoModifier)
        at(qtbot, window, expected)
    assert "eyes closed" in window._note.text()
    press(qtbot, window, Key.Key_N, Shift)
    assert "no event begins before this frame" in window._note.text()
    assert window.transport.events.text() == "Events 4"


def test_events_go_on_from_where_the_last_command_leads(window: Window, qtbot: QtBot) -> None:
    for _ in range(3):
        press(qtbot, window, Key.Key_N)
    at(qtbot, window, 22)


@pytest.mark.parametrize(("text", "expected"), [("0:00.5", 15), ("33", 33), ("depth 5", 5), ("phone", 16)])
def test_what_is_typed_leads_there(window: Window, qtbot: QtBot, text: str, expected: int) -> None:
    press(qtbot, window, Key.Key_G, Control)
    field = window.transport.field
    qtbot.waitUntil(field.hasFocus, timeout=5_000)
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Key.Key_Return)
    at(qtbot, window, expected)
    assert not field.hasFocus(), "the keys belong to the replay again"
    press(qtbot, window, Key.Key_Right)
    at(qtbot, window, expected + 1)


def test_a_number_that_the_camera_counted_twice_is_found_twice(window: Window, qtbot: QtBot) -> None:
    for expected in (5, AGAIN_AT + 5, 5):
        window.transport.field.setText("depth 5")
        qtbot.keyClick(window.transport.field, Key.Key_Return)
        at(qtbot, window, expected)


def test_what_leads_nowhere_is_said_and_can_be_mended(window: Window, qtbot: QtBot) -> None:
    field = window.transport.field
    field.setText("99")
    qtbot.keyClick(field, Key.Key_Return)
    assert field.property("wrong")
    assert "there is no frame 99: the last one is 39" in window._note.text()
    assert window.position == 0
    qtbot.keyClick(field, Key.Key_Backspace)
    assert not field.property("wrong")
    qtbot.keyClick(field, Key.Key_Return)
    at(qtbot, window, 9)
    field.setText("nonsense")
    field.setFocus()
    qtbot.keyClick(field, Key.Key_Escape)
    assert field.text() == ""
    assert not field.hasFocus()


def test_letters_in_the_field_are_letters_and_no_commands(window: Window, qtbot: QtBot) -> None:
    press(qtbot, window, Key.Key_G, Control)
    qtbot.waitUntil(window.transport.field.hasFocus, timeout=5_000)
    qtbot.keyClicks(window.transport.field, "no i b")
    assert window.transport.field.text() == "no i b"
    assert window.position == 0
    assert window.actions_by_key["box"].isChecked()


def test_the_list_of_events_leads_to_them(window: Window, qtbot: QtBot) -> None:
    press(qtbot, window, Key.Key_E, Control)
    events = window.replay.events
    qtbot.waitUntil(events.isVisible, timeout=5_000)
    tree = events.findChild(QtWidgets.QTreeWidget)
    rows = [[tree.topLevelItem(r).text(c) for c in range(4)] for r in range(events.count)]
    assert rows == [
        ["0:00.1", "eyes closed", "0.1 s", "from frame 4"],
        ["0:00.5", "phone", "", "from frame 16"],
        ["0:03.7", "eyes closed", "0.1 s", "from frame 22"],
        ["not in it", "error", "", "somewhere else"],
    ]
    tree.setCurrentItem(tree.topLevelItem(2))
    at(qtbot, window, 22)
    assert events.isVisible()
    qtbot.keyClick(tree, Key.Key_Up)
    at(qtbot, window, 16)
    qtbot.keyClick(tree, Key.Key_Return)
    assert not events.isVisible()


def test_a_recording_without_events_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    window = one_frame_set_window(qtbot, tmp_path)
    qtbot.waitUntil(lambda: window.actions_by_key["events"].toolTip() == "This recording holds no events.")
    assert not window.actions_by_key["next_event"].isEnabled()
    window.close()


def test_a_part_is_marked_loops_and_is_forgotten(window: Window, qtbot: QtBot) -> None:
    window.replay._player.seek(31)
    at(qtbot, window, 31)
    press(qtbot, window, Key.Key_I)
    assert window.actions_by_key["loop"].isChecked()
    assert window.replay._player.status().replay.part == (31, COUNT - 1)
    window.replay._player.seek(34)
    at(qtbot, window, 34)
    press(qtbot, window, Key.Key_O)
    assert window.replay._player.status().replay.part == (31, 34)
    seen = [34]

    def began_again(times: int) -> bool:
        if window.position != seen[-1]:
            seen.append(window.position)
        return sum(b < a for a, b in pairwise(seen)) >= times

    press(qtbot, window, Key.Key_Space)
    qtbot.waitUntil(lambda: began_again(2), timeout=10_000)
    press(qtbot, window, Key.Key_Space)
    assert 31 in seen
    assert set(seen) <= {31, 32, 33, 34}
    press(qtbot, window, Key.Key_O, Shift)
    assert window.replay._player.status().replay.part is None


def test_a_part_of_one_frame_is_no_part(window: Window, qtbot: QtBot) -> None:
    press(qtbot, window, Key.Key_O)
    assert "more than one frame" in window._note.text()
    assert not window.actions_by_key["loop"].isChecked()


def test_at_the_end_it_stops_and_says_so(window: Window, qtbot: QtBot, steps: FakeSteps) -> None:
    window.transport.speeds.setCurrentIndex(window.transport.speeds.count() - 1)
    assert window.transport.speeds.currentText() == "max"
    press(qtbot, window, Key.Key_Space)
    qtbot.waitUntil(lambda: window.badges.state.text() == "END", timeout=20_000)
    assert window.position == COUNT - 1
    qtbot.waitUntil(lambda: "the end of the recording" in window._note.text(), timeout=5_000)
    assert steps.calls == list(range(COUNT)), "as fast as it goes leaves nothing out"
    window.transport.show_speed(1.0)
    press(qtbot, window, Key.Key_Space)
    qtbot.waitUntil(lambda: window.badges.state.text() == "REPLAY", timeout=5_000)


def test_in_a_narrow_window_nothing_overlaps(window: Window, qtbot: QtBot) -> None:
    for width in (960, 1100, 1440):
        window.resize(width, 600)
        qtbot.wait(30)
        bar = window.transport
        children = [
            c
            for c in bar.findChildren(QtWidgets.QWidget, options=QtCore.Qt.FindChildOption.FindDirectChildrenOnly)
            if c.isVisible()
        ]
        row = [c for c in children if c.geometry().top() > bar.slider.geometry().bottom()]
        boxes = sorted((c.geometry() for c in row), key=lambda r: r.left())
        assert len(boxes) > 10
        assert boxes[-1].right() < bar.width()
        assert all(a.right() < b.left() for a, b in pairwise(boxes))
        assert bar._where.width() >= bar._where.sizeHint().width()


@pytest.mark.parametrize(
    ("at_words", "position", "problem"),
    [("depth 7", 7, ""), ("phone", 16, ""), ("2:00", 0, "cannot begin at '2:00': the recording ends at 4.3 s")],
)
def test_a_replay_begins_where_and_as_fast_as_it_was_asked(
    qtbot: QtBot, session: Path, at_words: str, position: int, problem: str
) -> None:
    player = Player(session, playing=False, at=at_words, speed=math.inf, load=no_models, make_steps=make(FakeSteps()))
    window = Window(player, Mode.REPLAY, session.name)
    qtbot.addWidget(window)
    player.start()
    window.show()
    at(qtbot, window, position)
    assert window.transport.speeds.currentText() == "max"
    qtbot.waitUntil(lambda: window.messages.text == problem, timeout=5_000)
    window.close()
