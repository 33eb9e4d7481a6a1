"""Long work, opening and picking in the whole window."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.feed import Mode
from gui.qt import QtCore, QtGui, QtWidgets
from gui.replay.player import Player
from gui.window import Window
from gui.work import tasks
from gui.work.begin import begin
from gui.work.cameras_part import CamerasPart
from gui.work.open_part import OpenPart
from gui.work.orders import WHOLE, export_order
from gui.work.session_work import SessionWorkPart
from gui.work.tasks import TaskBook, TaskState
from gui.work.tasks_part import TasksPart
from recordings.samples import bundled_session
from tests.gui.conftest import FakeSteps, make, no_models
from tests.gui.keyboard import press

Key, Modifier = QtCore.Qt.Key, QtCore.Qt.KeyboardModifier
SOON = 20_000


class Opener:
    """Remembers what was to be shown."""

    def __init__(self) -> None:
        self.opened: list[Path] = []
        self.watched: list[list[str]] = []

    def open_session(self, path: Path, instead_of: QtWidgets.QWidget) -> None:
        self.opened.append(path)

    def watch(self, sources: Sequence[str], instead_of: QtWidgets.QWidget) -> None:
        self.watched.append(list(sources))


@pytest.fixture
def opener() -> Opener:
    return Opener()


@pytest.fixture
def window(
    qtbot: QtBot, session: Path, steps: FakeSteps, opener: Opener, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Window]:
    monkeypatch.setattr(tasks, "_shared", TaskBook())
    player = Player(session, playing=False, load=no_models, make_steps=make(steps))
    window = Window(player, Mode.REPLAY, "tiny.mcap", opener=opener)
    qtbot.addWidget(window)
    player.start()
    window.show()
    qtbot.waitUntil(lambda: window.shown is not None, timeout=SOON)
    yield window
    window.close()
    assert window.closed_cleanly
    assert tasks.close_shared()


def test_a_key_shows_the_tasks_and_puts_them_away(window: Window, qtbot: QtBot) -> None:
    press(qtbot, window, Key.Key_J, Modifier.ControlModifier)
    panel = window.part(TasksPart).panel
    assert panel is not None
    assert panel.isVisible()
    window.actions_by_key["tasks"].trigger()
    assert not panel.isVisible()


def test_a_dropped_session_takes_the_place_of_what_is_shown(
    window: Window, opener: Opener, qtbot: QtBot, session: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.mcap"
    other.write_bytes(session.read_bytes())
    mime = QtCore.QMimeData()
    mime.setUrls([QtCore.QUrl.fromLocalFile(str(other))])
    event = QtGui.QDropEvent(
        QtCore.QPointF(50, 50),
        QtCore.Qt.DropAction.CopyAction,
        mime,
        QtCore.Qt.MouseButton.LeftButton,
        Modifier.NoModifier,
    )
    window.dropEvent(event)
    qtbot.waitUntil(lambda: opener.opened == [other], timeout=SOON)


def test_export_begins_with_the_marked_part(window: Window, qtbot: QtBot) -> None:
    window._feed.set_part((3, 12))
    qtbot.waitUntil(lambda: window.status.replay.part == (3, 12), timeout=SOON)
    window.actions_by_key["export"].trigger()
    part = window.part(SessionWorkPart)
    qtbot.waitUntil(lambda: part.dialog is not None, timeout=SOON)
    span = part.dialog.span
    assert part.dialog.ranges.currentData() == "part"
    assert span.from_s == pytest.approx(3 / 30, abs=0.02)
    assert span.to_s == pytest.approx(12 / 30, abs=0.04)


def test_a_real_task_is_cancelled_by_its_button(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    number = begin(window.desk, export_order(bundled_session(), tmp_path / "images", "png16", WHOLE))
    press(qtbot, window, Key.Key_J, Modifier.ControlModifier)
    panel = window.part(TasksPart).panel
    book = tasks.shared_book()
    qtbot.waitUntil(lambda: book.view(number).state is TaskState.RUNNING and number in panel.rows, timeout=SOON)
    row = panel.rows[number]
    qtbot.mouseClick(row.cancel_button, QtCore.Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: book.view(number).state.is_over, timeout=SOON)
    assert book.view(number).state is TaskState.CANCELLED
    qtbot.waitUntil(lambda: "cancelled" in window._note.text(), timeout=SOON)
    qtbot.waitUntil(lambda: not row.cancel_button.isVisible(), timeout=SOON)
    qtbot.mouseClick(panel.clear_button, QtCore.Qt.MouseButton.LeftButton)
    assert number not in panel.rows


def questions() -> list[str]:
    """Threads that ask something of a process."""
    return [t.name for t in threading.enumerate() if t.name.startswith("tapetum-question")]


@pytest.mark.parametrize("later", ["at once", "while it runs"])
def test_no_question_is_left_when_the_window_closes_right_after_export(
    window: Window, qtbot: QtBot, later: str
) -> None:
    window.actions_by_key["export"].trigger()
    window.part(OpenPart).open_paths([bundled_session()])
    assert questions()
    if later != "at once":
        asked = [asking for part in (SessionWorkPart, OpenPart) for asking, _ in window.part(part).questions._open]
        qtbot.waitUntil(lambda: all(asking._child.pid is not None for asking in asked), timeout=SOON)
    window.close()
    assert not questions()


def test_what_is_asked_after_the_close_is_not_answered(window: Window) -> None:
    window.close()
    window.part(SessionWorkPart).export_part()
    assert not questions()
    assert not window.part(SessionWorkPart).questions.is_waiting


def test_closing_in_the_middle_of_everything_leaves_nothing(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    number = begin(window.desk, export_order(bundled_session(), tmp_path / "images", "png16", WHOLE))
    window.actions_by_key["tasks"].trigger()
    window.actions_by_key["cameras"].trigger()
    window.actions_by_key["export"].trigger()
    window.part(OpenPart).open_paths([bundled_session()])
    qtbot.waitUntil(lambda: tasks.shared_book().view(number).state is TaskState.RUNNING, timeout=SOON)
    book = tasks.shared_book()
    window.close()
    assert book.close()
    assert book.view(number).state in (TaskState.CANCELLED, TaskState.DONE)
    assert window.part(CamerasPart).picker is None
