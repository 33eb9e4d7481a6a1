"""Opening, as an operator does it: a file is dropped, chosen, or taken from the list; whatever it is."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gui.feed import Mode
from gui.qt import QtCore, QtGui
from gui.work import begin as beginning
from gui.work import look_at, open_part
from gui.work.asking import Asking
from gui.work.batch_dialog import BatchDialog, RecoverDialog
from gui.work.import_dialog import ImportDialog
from gui.work.open_part import RECENT, OpenPart
from gui.work.tasks import TaskBook, TaskState
from tests.gui.work.desks import PartDesk

SOON = 20_000


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch) -> Iterator[TaskBook]:
    book = TaskBook()
    monkeypatch.setattr(beginning, "shared_book", lambda: book)
    yield book
    assert book.close()


@pytest.fixture
def desk(qtbot: QtBot) -> PartDesk:
    desk = PartDesk()
    desk.actions["open_recent"] = QtGui.QAction("Open recent", desk.window)
    qtbot.addWidget(desk.window)
    desk.window.show()
    return desk


@pytest.fixture
def part(desk: PartDesk, book: TaskBook) -> Iterator[OpenPart]:
    part = OpenPart(desk)
    part.ready()
    yield part
    part.close()


@pytest.fixture
def images(tmp_path: Path) -> Path:
    folder = tmp_path / "thermal"
    folder.mkdir()
    for number in range(4):
        cv2.imwrite(str(folder / f"{number:04d}.tiff"), np.full((12, 16), 7000 + number, np.uint16))
    return folder


def drop(part: OpenPart, *paths: Path) -> bool:
    mime = QtCore.QMimeData()
    mime.setUrls([QtCore.QUrl.fromLocalFile(str(p)) for p in paths])
    copy, left = QtCore.Qt.DropAction.CopyAction, QtCore.Qt.MouseButton.LeftButton
    none = QtCore.Qt.KeyboardModifier.NoModifier
    event = QtGui.QDropEvent(QtCore.QPointF(5, 5), copy, mime, left, none)
    return part.drag_enter(event) and part.drop(event)  # type: ignore[arg-type]  # both carry what is dragged


def test_a_session_that_is_dropped_is_shown_and_remembered(
    part: OpenPart, desk: PartDesk, session: Path, qtbot: QtBot
) -> None:
    assert drop(part, session)
    qtbot.waitUntil(lambda: desk.opened == [session], timeout=SOON)
    assert desk.settings.get(RECENT) == [str(session)]


def test_what_is_no_file_is_not_taken(part: OpenPart) -> None:
    mime = QtCore.QMimeData()
    mime.setText("hello")
    event = QtGui.QDropEvent(
        QtCore.QPointF(5, 5),
        QtCore.Qt.DropAction.CopyAction,
        mime,
        QtCore.Qt.MouseButton.LeftButton,
        QtCore.Qt.KeyboardModifier.NoModifier,
    )
    assert not part.drag_enter(event)  # type: ignore[arg-type]  # as above
    assert not part.drop(event)


def test_another_programs_recording_is_imported_as_a_task_and_can_be_shown(
    part: OpenPart, desk: PartDesk, book: TaskBook, images: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    drop(part, images)
    qtbot.waitUntil(lambda: isinstance(part.dialog, ImportDialog), timeout=SOON)
    dialog = part.dialog
    assert dialog.formats.currentData() == "tiff"
    assert dialog.begin.isEnabled(), dialog.wrong.text()
    made = tmp_path / "thermal.mcap"
    assert dialog.output.path == made
    dialog.numbers["fps"].setValue(9.0)
    dialog.extra.setText("kind=thermal nonsense=1")
    assert "no option nonsense" in dialog.wrong.text()
    assert not dialog.begin.isEnabled()
    dialog.extra.setText("kind=thermal")
    qtbot.mouseClick(dialog.begin, QtCore.Qt.MouseButton.LeftButton)
    [view] = book.views()
    assert view.order.then_open
    assert "--fps 9.0" in view.order.command_line
    qtbot.waitUntil(lambda: book.views()[0].state.is_over, timeout=SOON)
    view = book.views()[0]
    assert view.state is TaskState.DONE, view.problem
    assert look_at.look_at(made)["kind"] == look_at.SESSION


def test_a_torn_recording_is_offered_to_be_saved(
    part: OpenPart, desk: PartDesk, book: TaskBook, session: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    torn = tmp_path / "torn.mcap"
    data = session.read_bytes()
    torn.write_bytes(data[: int(0.7 * len(data))])
    drop(part, torn)
    qtbot.waitUntil(lambda: isinstance(part.dialog, RecoverDialog), timeout=SOON)
    assert not desk.opened
    part.dialog.accept()
    qtbot.waitUntil(lambda: book.views()[0].state.is_over, timeout=SOON)
    view = book.views()[0]
    assert view.state in (TaskState.NO, TaskState.DONE)
    assert view.answer_lines
    assert (tmp_path / "torn-recovered.mcap").exists()


def test_a_folder_of_sessions_is_offered_to_be_processed(
    part: OpenPart, session: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for name in ("a", "b"):
        shutil.copy(session, folder / f"{name}.mcap")
    drop(part, folder)
    qtbot.waitUntil(lambda: isinstance(part.dialog, BatchDialog), timeout=SOON)
    assert part.dialog.paths == [folder]


def test_several_files_are_offered_to_be_processed(part: OpenPart, session: Path, qtbot: QtBot, tmp_path: Path) -> None:
    other = tmp_path / "other.mcap"
    drop(part, session, other)
    qtbot.waitUntil(lambda: isinstance(part.dialog, BatchDialog), timeout=SOON)
    assert part.dialog.paths == [session, other]


def test_what_is_neither_is_said_what_it_is(part: OpenPart, desk: PartDesk, qtbot: QtBot, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear all")
    drop(part, letter)
    qtbot.waitUntil(lambda: bool(desk.told.get("open")), timeout=SOON)
    assert "letter.txt" in desk.told["open"]
    assert desk.said[-1] == ("letter.txt cannot be opened", True)
    assert not desk.opened


def test_a_file_that_went_is_said(part: OpenPart, desk: PartDesk, qtbot: QtBot, tmp_path: Path) -> None:
    part.open_paths([tmp_path / "gone.mcap"])
    qtbot.waitUntil(lambda: "there is no file" in desk.told.get("open", ""), timeout=SOON)


def test_a_rig_is_watched(part: OpenPart, desk: PartDesk, qtbot: QtBot, tmp_path: Path) -> None:
    rig = tmp_path / "night.toml"
    rig.write_text('[cameras.front]\nsource = "virtual:"\n')
    found = look_at.look_at(rig)
    assert found["kind"] == look_at.RIG, found
    part.open_paths([rig])
    qtbot.waitUntil(lambda: desk.watched == [[str(rig)]], timeout=SOON)


def test_a_disk_that_does_not_answer_is_said_after_a_while(
    part: OpenPart, desk: PartDesk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def hangs(path: Path) -> Asking:
        return Asking((sys.executable, "-c", "import time; time.sleep(100)"), 0.3, f"{path} does not answer")

    monkeypatch.setattr(open_part, "ask_about", hangs)
    part.open_paths([tmp_path / "far.mcap"])
    qtbot.waitUntil(lambda: "does not answer" in desk.told.get("open", ""), timeout=SOON)


def test_of_two_sessions_dropped_one_after_the_other_the_last_opens(
    part: OpenPart, desk: PartDesk, qtbot: QtBot, session: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.mcap"
    other.write_bytes(session.read_bytes())
    drop(part, session)
    drop(part, other)
    qtbot.waitUntil(lambda: bool(desk.opened), timeout=SOON)
    qtbot.waitUntil(lambda: not part.questions.is_waiting, timeout=SOON)
    assert desk.opened == [other]


def test_closing_while_a_file_is_looked_at_leaves_nothing(part: OpenPart, desk: PartDesk, session: Path) -> None:
    part.open_paths([session])
    part.close()
    assert not part.questions.is_waiting
    assert not desk.opened


def test_a_recording_is_not_ended_without_a_question(
    part: OpenPart, desk: PartDesk, session: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.mode = Mode.LIVE
    desk.record()
    asked = []
    monkeypatch.setattr(beginning, "ask", lambda *words: asked.append(words) or False)
    drop(part, session)
    qtbot.waitUntil(lambda: len(asked) == 1, timeout=SOON)
    assert "night.mcap" in asked[0][2]
    assert not desk.opened


def test_recent_ones_stand_in_a_menu_and_what_the_settings_say_is_checked(
    part: OpenPart, desk: PartDesk, session: Path, qtbot: QtBot
) -> None:
    for broken in (7, "x", [1, None], {"a": 1}):
        desk.settings.set(RECENT, broken)
        assert part.recent() == []
    desk.settings.set(RECENT, [str(session), "/nowhere/else.mcap"])
    menu = desk.actions["open_recent"].menu()
    menu.aboutToShow.emit()
    texts = [action.text() for action in menu.actions()]
    assert texts[-1] == "Forget these"
    menu.actions()[0].trigger()
    qtbot.waitUntil(lambda: desk.opened == [session], timeout=SOON)
    menu.aboutToShow.emit()
    menu.actions()[-1].trigger()
    menu.aboutToShow.emit()
    assert [action.text() for action in menu.actions()] == ["no session was opened yet"]


def test_each_kind_of_thing_is_recognised(session: Path, tmp_path: Path) -> None:
    assert look_at.look_at(session)["seconds"] == pytest.approx(29 / 30, abs=0.02)
    assert [s["name"] for s in look_at.look_at(session)["streams"]] == ["color", "depth", "thermal"]
    part = tmp_path / "a.mcap.part"
    part.write_bytes(session.read_bytes()[:1000])
    assert look_at.look_at(part)["kind"] == look_at.TORN
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "empty" in look_at.look_at(empty)["words"]
    assert look_at.look_at(tmp_path / "no.mcap")["kind"] == look_at.UNKNOWN
    broken = tmp_path / "broken.toml"
    broken.write_text("= 1")
    assert "is no rig" in look_at.look_at(broken)["words"]
