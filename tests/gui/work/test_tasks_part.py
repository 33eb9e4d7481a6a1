"""The panel of long work, as an operator uses it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engines.build import BuildProgress
from gui.feed import FeedStatus, Mode, Phase
from gui.qt import QtCore, QtWidgets
from gui.work import begin as beginning
from gui.work import tasks_part
from gui.work.orders import SESSION, Order, Span, cut_order
from gui.work.task_words import indicator_words, left_words, percent, state_words, took_words
from gui.work.tasks import TaskBook, TaskState, TaskView
from gui.work.tasks_part import TasksPart
from tests.gui.status.engine_states import state
from tests.gui.work.desks import PartDesk
from tests.gui.work.test_tasks import POLITE, STUBBORN, is_there, wait

HALF = """
import json, sys, time
told = {"what": "night.mcap", "done": 5, "of": 10, "unit": "frames", "share": 0.5}
print(json.dumps({"progress": told}), file=sys.stderr)
sys.stderr.flush()
time.sleep(100)
"""
FAILS = "import sys; print('tapetum: the disk is full; make room', file=sys.stderr); sys.exit(1)"


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch) -> Iterator[TaskBook]:
    """In place of the program's own: its tasks are little programs."""
    book = TaskBook(program=(sys.executable, "-c"))
    monkeypatch.setattr(tasks_part, "shared_book", lambda: book)
    monkeypatch.setattr(beginning, "shared_book", lambda: book)
    yield book
    assert book.close()


@pytest.fixture
def desk(qtbot: QtBot) -> PartDesk:
    desk = PartDesk()
    qtbot.addWidget(desk.window)
    desk.window.show()
    return desk


@pytest.fixture
def part(desk: PartDesk, book: TaskBook) -> Iterator[TasksPart]:
    part = TasksPart(desk)
    part.ready()
    yield part
    part.close()


def order(script: str, *arguments: str, **more: object) -> Order:
    return Order("export", "night.mcap", (script, *arguments), **more)  # type: ignore[arg-type]  # what a test needs


def look(part: TasksPart, desk: PartDesk) -> None:
    part.show_status(desk.status or FeedStatus(Mode.REPLAY, "x", Phase.RUNNING))


def test_a_running_task_shows_how_far_it_is_and_is_cancelled_by_its_button(
    part: TasksPart, desk: PartDesk, book: TaskBook, qtbot: QtBot
) -> None:
    number = book.add(order(HALF))
    part.show_tasks()
    qtbot.waitUntil(lambda: book.view(number).share == 0.5, timeout=10_000)
    look(part, desk)
    row = part.panel.rows[number]
    assert row.state.text() == "5 of 10 frames   ·   50 %"
    assert row.bar.value() == 500
    assert part.indicator.text() == "Export 50 %"
    assert part.indicator.isVisible()
    qtbot.mouseClick(row.cancel_button, QtCore.Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: book.view(number).state is TaskState.CANCELLED, timeout=10_000)
    look(part, desk)
    assert row.state.text().startswith("cancelled")
    assert not row.cancel_button.isVisible()
    assert not part.indicator.isVisible()


def test_a_task_that_fails_says_why_and_stands_out_until_it_is_looked_at(
    part: TasksPart, desk: PartDesk, book: TaskBook, qtbot: QtBot
) -> None:
    number = book.add(order(FAILS))
    qtbot.waitUntil(lambda: book.view(number).state.is_over, timeout=10_000)
    look(part, desk)
    assert desk.said[-1] == ("Export failed: the disk is full; make room", True)
    assert part.indicator.text() == "Export failed"
    look(part, desk)
    assert len(desk.said) == 1
    part.show_tasks()
    look(part, desk)
    assert not part.indicator.isVisible()
    assert part.panel.rows[number].answer.text() == "the disk is full; make room"
    assert part.panel.rows[number].answer.property("tone") == "warn"


def test_the_command_line_is_copied_without_passwords(part: TasksPart, book: TaskBook, qtbot: QtBot) -> None:
    secret = Order(
        "calibrate", "rtsp://host/1", ("print('{}')", "rtsp://u:pw@host/1"), {"rtsp://u:pw@host/1": "rtsp://host/1"}
    )
    number = book.add(secret)
    part.show_tasks()
    row = part.panel.rows[number]
    qtbot.mouseClick(row.copy_button, QtCore.Qt.MouseButton.LeftButton)
    copied = QtWidgets.QApplication.clipboard().text()
    assert copied.startswith("tapetum ")
    assert "rtsp://host/1" in copied
    assert "pw" not in copied + row.head.text() + row.head.toolTip()


def test_what_was_made_for_being_shown_opens_when_it_is_done(
    part: TasksPart, desk: PartDesk, book: TaskBook, qtbot: QtBot, tmp_path: Path
) -> None:
    made = tmp_path / "made.mcap"
    number = book.add(order("print('{}')", result=made, makes=SESSION, then_open=True))
    qtbot.waitUntil(lambda: book.view(number).state.is_over, timeout=10_000)
    look(part, desk)
    look(part, desk)
    assert desk.opened == [made]


def test_whoever_watches_cameras_is_not_taken_away_from_them(
    part: TasksPart, desk: PartDesk, book: TaskBook, qtbot: QtBot, tmp_path: Path
) -> None:
    desk.mode = Mode.LIVE
    made = tmp_path / "made.mcap"
    number = book.add(order("print('{}')", result=made, makes=SESSION, then_open=True))
    qtbot.waitUntil(lambda: book.view(number).state.is_over, timeout=10_000)
    look(part, desk)
    assert not desk.opened
    assert "open it from the tasks" in desk.said[-1][0]
    part.show_tasks()
    qtbot.mouseClick(part.panel.rows[number].open_button, QtCore.Qt.MouseButton.LeftButton)
    assert desk.opened == [made]


def test_a_recording_is_not_ended_by_opening_what_was_made(
    part: TasksPart, desk: PartDesk, book: TaskBook, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.mode = Mode.LIVE
    desk.record()
    asked = []
    monkeypatch.setattr(beginning, "ask", lambda *words: asked.append(words) or False)
    number = book.add(order("print('{}')", result=tmp_path / "made.mcap", makes=SESSION))
    qtbot.waitUntil(lambda: book.view(number).state.is_over, timeout=10_000)
    part.show_tasks()
    qtbot.mouseClick(part.panel.rows[number].open_button, QtCore.Qt.MouseButton.LeftButton)
    assert len(asked) == 1
    assert not desk.opened


def test_tasks_outlive_a_window_that_something_else_takes_the_place_of(
    part: TasksPart, desk: PartDesk, book: TaskBook, qtbot: QtBot
) -> None:
    number = book.add(order(HALF))
    part.show_tasks()
    part.close()
    other = TasksPart(desk)
    other.ready()
    qtbot.waitUntil(lambda: book.view(number).share == 0.5, timeout=10_000)
    look(other, desk)
    assert other.indicator.text() == "Export 50 %"
    other.close()


def test_closing_asks_while_something_would_be_cancelled(
    part: TasksPart, book: TaskBook, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert part.may_close()
    book.add(order(POLITE, str(tmp_path / "a")))
    asked: list[list[TaskView]] = []
    monkeypatch.setattr(part, "ask_to_close", lambda busy: asked.append(busy) or False)
    assert not part.may_close()
    assert len(asked[0]) == 1


def test_the_question_names_what_is_cancelled_and_its_default_is_to_go_on(
    part: TasksPart, book: TaskBook, qtbot: QtBot, tmp_path: Path
) -> None:
    book.add(order(POLITE, str(tmp_path / "a")))
    seen = []

    def answer() -> None:
        box = QtWidgets.QApplication.activeModalWidget()
        seen.append((box.text(), box.informativeText(), box.defaultButton().text()))
        box.defaultButton().click()

    QtCore.QTimer.singleShot(100, answer)
    assert not part.may_close()
    assert "cancels a task" in seen[0][0]
    assert "Export: night.mcap" in seen[0][1]
    assert seen[0][2] == "Go on"


def test_the_end_of_the_program_ends_a_command_that_ignores_every_request(
    book: TaskBook, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("gui.work.tasks._shared", book)
    book.add(order(STUBBORN, str(tmp_path / "pid")))
    wait(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text() != "")
    pid = int((tmp_path / "pid").read_text())
    monkeypatch.setattr(tasks_part, "close_shared", lambda: book.close(1.5))
    tasks_part._end_tasks()
    wait(lambda: not is_there(pid), 10)


def test_an_engine_that_is_built_beside_the_picture_stands_among_the_tasks(
    part: TasksPart, desk: PartDesk, qtbot: QtBot
) -> None:
    building = state(coming="openvino:int8", build=BuildProgress("building", 0.4, "calibrating", 3.0))
    desk.status = FeedStatus(Mode.LIVE, "x", Phase.RUNNING, engines=(building,))
    part.show_tasks()
    look(part, desk)
    row = part.panel.builds[building.model]
    assert "calibrating" in row.state.text()
    assert "40\u00a0%" in row.state.text()
    qtbot.mouseClick(row.cancel_button, QtCore.Qt.MouseButton.LeftButton)
    assert desk.feed.cancelled == 1
    desk.status = FeedStatus(Mode.LIVE, "x", Phase.RUNNING, engines=(state(),))
    look(part, desk)
    assert not part.panel.builds


def test_escape_puts_the_panel_away(part: TasksPart, desk: PartDesk, qtbot: QtBot) -> None:
    part.show_tasks()
    assert part.panel.isVisible()
    qtbot.keyClick(part.panel, QtCore.Qt.Key.Key_Escape)
    assert not part.panel.isVisible()


def test_what_is_over_is_taken_off_the_list(part: TasksPart, desk: PartDesk, book: TaskBook, qtbot: QtBot) -> None:
    number = book.add(order("print('{}')"))
    qtbot.waitUntil(lambda: book.view(number).state.is_over, timeout=10_000)
    part.show_tasks()
    assert number in part.panel.rows
    qtbot.mouseClick(part.panel.clear_button, QtCore.Qt.MouseButton.LeftButton)
    assert not part.panel.rows
    assert part.panel.empty.isVisible()


def test_every_control_of_a_task_has_a_name_and_a_tooltip(part: TasksPart, book: TaskBook, tmp_path: Path) -> None:
    book.add(cut_order(tmp_path / "a.mcap", tmp_path / "b.mcap", Span()))
    part.show_tasks()
    for button in part.panel.findChildren(QtWidgets.QPushButton):
        assert button.accessibleName(), button.text()
        assert button.toolTip(), button.text()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (2, "a few seconds left"),
        (31, "about 30 s left"),
        (70, "about 1 min left"),
        (600, "about 10 min left"),
        (7500, "about 2 h 5 min left"),
    ],
)
def test_time_left_is_said_no_finer_than_it_is_known(seconds: float, words: str) -> None:
    assert left_words(seconds) == words


def test_all_is_done_is_not_said_before_it_is() -> None:
    assert percent(0.999) == "99 %"
    assert percent(1.0) == "100 %"
    assert took_words(125) == "2 min 5 s"


def test_the_indicator_counts_what_waits() -> None:
    one = TaskView(1, order("x"), TaskState.RUNNING, share=0.43, left_s=120.0)
    two = TaskView(2, order("x"), TaskState.QUEUED)
    assert indicator_words([one, two], []) == ("Export 43 %, about 2 min left, 1 more", False)
    assert state_words(two) == "waits for its turn"
    assert indicator_words([], []) == ("", False)
