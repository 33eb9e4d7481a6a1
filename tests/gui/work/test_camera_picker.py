"""Picking cameras, as an operator does it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.feed import Mode
from gui.qt import QtCore, QtWidgets
from gui.work import begin as beginning
from gui.work.camera_finder import CameraFinder
from gui.work.camera_picker import CameraPicker
from gui.work.cameras_part import CamerasPart
from gui.work.sources import RECENT
from tests.gui.work.desks import PartDesk

FAMILIES = [
    {"name": "webcam", "title": "Webcams", "available": True, "reason": "", "how": ""},
    {"name": "slow", "title": "Slow cameras", "available": True, "reason": "", "how": ""},
    {"name": "kinect2", "title": "Kinect v2", "available": False, "reason": "no library", "how": "`pip install x`"},
]
ONE = {"source": "webcam:serial=A", "title": "Night eye", "detail": "640 x 480"}
TWO = {"source": "webcam:serial=B", "title": "Other eye", "detail": "port 3"}

CheckState = QtCore.Qt.CheckState


def script(*lines: dict, then: str = "time.sleep(100)") -> list[str]:
    """A search that tells these, one every 50 ms."""
    said = [json.dumps(line) for line in lines]
    code = (
        f"import sys, time\nfor line in {said!r}:\n    print(line, file=sys.stderr, flush=True)\n    time.sleep(0.05)\n"
        f"{then}\n"
    )
    return [sys.executable, "-c", code]


@pytest.fixture
def finders() -> Iterator[list[CameraFinder]]:
    made: list[CameraFinder] = []
    yield made
    for finder in made:
        finder.close()
        assert finder.join(5)


@pytest.fixture
def picker(qtbot: QtBot, finders: list[CameraFinder]) -> Iterator[Callable[..., CameraPicker]]:
    def make(*lines: dict, kept: object = None, **more: str) -> CameraPicker:
        def find() -> CameraFinder:
            finders.append(CameraFinder(script(*lines, **more), late_s=0.3))
            return finders[-1]

        picker = CameraPicker(kept, None, find)
        qtbot.addWidget(picker)
        picker.show()
        return picker

    yield make
    for finder in finders:
        finder.close()


def titles(picker: CameraPicker, group: str) -> list[str]:
    item = picker.groups[group]
    return [item.child(k).text(0) for k in range(item.childCount())]


def test_cameras_come_and_go_while_it_is_open(picker: Callable[..., CameraPicker], qtbot: QtBot) -> None:
    found = picker(
        {"families": FAMILIES},
        {"family": "webcam", "asked": True},
        {"family": "webcam", "cameras": [ONE, TWO]},
        *([{"family": "webcam", "asked": True}] * 12),
        {"family": "webcam", "cameras": [TWO]},
    )
    qtbot.waitUntil(lambda: titles(found, "here") == ["Night eye", "Other eye"], timeout=10_000)
    found.groups["here"].child(1).setCheckState(0, CheckState.Checked)
    qtbot.waitUntil(lambda: titles(found, "here") == ["Other eye"], timeout=10_000)
    assert found.sources() == ["webcam:serial=B"]


def test_what_cannot_work_here_says_what_to_install(picker: Callable[..., CameraPicker], qtbot: QtBot) -> None:
    found = picker({"families": FAMILIES})
    qtbot.waitUntil(lambda: titles(found, "missing") == ["Kinect v2"], timeout=10_000)
    item = found.groups["missing"].child(0)
    assert item.text(2) == "`pip install x`"
    assert "no library" in item.toolTip(0)


def test_a_family_that_hangs_is_named_and_the_others_are_there(
    picker: Callable[..., CameraPicker], qtbot: QtBot
) -> None:
    found = picker({"families": FAMILIES}, {"family": "slow", "asked": True}, {"family": "webcam", "cameras": [ONE]})
    qtbot.waitUntil(lambda: "No answer from Slow cameras" in found.looking.text(), timeout=10_000)
    assert titles(found, "here") == ["Night eye"]
    assert "Slow cameras" in titles(found, "missing")


def test_a_search_that_crashes_says_so(picker: Callable[..., CameraPicker], qtbot: QtBot) -> None:
    found = picker({"families": FAMILIES}, then="import os; os.kill(os.getpid(), 11)")
    qtbot.waitUntil(lambda: "SIGSEGV" in found.looking.text(), timeout=10_000)


def test_a_password_is_neither_shown_nor_kept(picker: Callable[..., CameraPicker], qtbot: QtBot) -> None:
    found = picker({"families": FAMILIES})
    chosen: list[list[str]] = []
    found.chosen.connect(chosen.append)
    qtbot.keyClicks(found.source, "rtsp://admin:s")
    assert found.source.text() == "rtsp://"
    assert found.password.echoMode() == QtWidgets.QLineEdit.EchoMode.Password
    qtbot.keyClicks(found.password, "ecret")
    qtbot.keyClicks(found.source, "host/1")
    qtbot.mouseClick(found.add, QtCore.Qt.MouseButton.LeftButton)
    assert "secret" not in _everything(found)
    qtbot.mouseClick(found.watch, QtCore.Qt.MouseButton.LeftButton)
    assert chosen == [["rtsp://admin:secret@host/1"]]
    assert found.password.text() == ""


def _everything(picker: CameraPicker) -> str:
    words = [label.text() for label in picker.findChildren(QtWidgets.QLabel)]
    words += [line.text() for line in picker.findChildren(QtWidgets.QLineEdit)]
    for item in picker._items():
        words += [item.text(c) + item.toolTip(c) for c in range(3)] + [
            str(item.data(0, QtCore.Qt.ItemDataRole.UserRole))
        ]
    return " ".join(words)


def test_what_is_no_camera_is_refused_with_words(picker: Callable[..., CameraPicker], qtbot: QtBot) -> None:
    found = picker({"families": FAMILIES})
    found.source.setText("nonsense:1")
    qtbot.keyClick(found.source, QtCore.Qt.Key.Key_Return)
    assert "no camera answers to" in found.wrong.text()
    assert found.isVisible()


def test_several_cameras_are_shown_together_and_a_rig_alone(picker: Callable[..., CameraPicker], qtbot: QtBot) -> None:
    found = picker({"families": FAMILIES}, {"family": "webcam", "cameras": [ONE, TWO]})
    qtbot.waitUntil(lambda: len(titles(found, "here")) == 2, timeout=10_000)
    for k in range(2):
        found.groups["here"].child(k).setCheckState(0, CheckState.Checked)
    assert found.watch.text() == "Show 2 cameras"
    found.source.setText("night.toml")
    found.add_typed()
    assert "A rig is shown alone" in found.wrong.text()
    assert not found.watch.isEnabled()


def test_a_double_click_shows_one(picker: Callable[..., CameraPicker], qtbot: QtBot) -> None:
    found = picker({"families": FAMILIES}, kept=[["virtual:?loop=1", "virtual:"]])
    chosen: list[list[str]] = []
    found.chosen.connect(chosen.append)
    found.groups["recorded"].child(0).setCheckState(0, CheckState.Checked)
    found.list.itemDoubleClicked.emit(found.groups["recent"].child(0), 0)
    assert chosen == [["virtual:?loop=1", "virtual:"]]
    assert not found.isVisible()


def test_the_real_search_knows_the_families_here(qtbot: QtBot) -> None:
    finder = CameraFinder()
    try:
        qtbot.waitUntil(lambda: any(s.name == "webcam" and s.is_known for s in finder.states()), timeout=30_000)
        assert {s.name for s in finder.states()} >= {"realsense", "webcam", "rtsp"}
        assert "virtual" not in {s.name for s in finder.states()}
    finally:
        finder.close()
        assert finder.join(10)
    assert finder.ended == ""


@pytest.fixture
def part(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[CamerasPart]:
    desk = PartDesk()
    qtbot.addWidget(desk.window)
    desk.window.show()
    part = CamerasPart(desk)
    yield part
    part.close()


def test_what_is_chosen_takes_the_place_of_what_is_shown(part: CamerasPart, qtbot: QtBot) -> None:
    part.pick_cameras()
    picker = part.picker
    picker.groups["recorded"].child(0).setCheckState(0, CheckState.Checked)
    qtbot.mouseClick(picker.watch, QtCore.Qt.MouseButton.LeftButton)
    assert part.desk.watched == [["virtual:"]]
    assert part.desk.settings.get(RECENT) == [["virtual:"]]
    part.pick_cameras()
    assert titles(part.picker, "recent") == ["virtual"]


def test_a_running_recording_is_not_ended_without_a_question(
    part: CamerasPart, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    part.desk.mode = Mode.LIVE
    part.desk.record()
    monkeypatch.setattr(beginning, "ask", lambda *_: False)
    part.pick_cameras()
    part.picker.groups["recorded"].child(0).setCheckState(0, CheckState.Checked)
    part.picker.accept()
    assert part.desk.watched == []
    assert part.desk.settings.get(RECENT) is None


def test_closing_the_window_while_it_looks_leaves_nothing(part: CamerasPart) -> None:
    part.pick_cameras()
    part.close()
    assert part.picker is None


def test_every_control_has_a_name_and_a_tooltip(picker: Callable[..., CameraPicker], tmp_path: Path) -> None:
    found = picker({"families": FAMILIES})
    for kind in (QtWidgets.QPushButton, QtWidgets.QLineEdit, QtWidgets.QTreeWidget):
        for widget in found.findChildren(kind):
            assert widget.accessibleName()
            assert widget.toolTip()
