"""The forms of work: what they ask, what they refuse, and the command that they make."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.feed import FeedStatus, Mode, Phase, ReplayStatus
from gui.qt import QtCore, QtWidgets
from gui.work import begin as beginning
from gui.work.batch_dialog import BatchDialog, RecoverDialog
from gui.work.calibrate_dialog import CalibrateDialog
from gui.work.export_dialog import Exportable, ExportDialog
from gui.work.fields import words_of
from gui.work.session_work import SessionWorkPart
from gui.work.tasks import TaskBook, TaskState
from gui.work.welcome import DISMISSED, WelcomePart
from recordings.samples import bundled_session
from tests.gui.work.desks import PartDesk

FORMATS = [
    {"name": "overlay", "title": "video", "options": ["crf", "width"], "available": True, "makes": ".mp4"},
    {"name": "png16", "title": "images", "options": [], "available": True, "makes": "folder", "not_kept": ["events"]},
    {"name": "ply", "title": "clouds", "options": ["every"], "available": False, "install": "pip install x"},
]


@pytest.fixture
def export(qtbot: QtBot, tmp_path: Path) -> ExportDialog:
    what = Exportable(tmp_path / "night.mcap", (("depth", "depth"), ("ir", "infrared")), 60.0, (10.0, 20.0), 55.0)
    dialog = ExportDialog(what, FORMATS)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def choose(box: QtWidgets.QComboBox, data: str) -> None:
    box.setCurrentIndex(box.findData(data))


def words_after(line: str, option: str) -> str:
    words = line.split()
    return words[words.index(option) + 1]


def test_the_marked_part_is_what_is_exported_first(export: ExportDialog) -> None:
    line = export.order().command_line
    assert line.startswith("tapetum session cut ")
    assert words_after(line, "--from-s") == "10"
    assert words_after(line, "--to-s") == "20"
    assert "--streams" not in line


def test_around_what_is_shown_ends_with_the_recording(export: ExportDialog) -> None:
    choose(export.ranges, "around")
    export.around.setValue(8)
    assert (export.span.from_s, export.span.to_s) == (47.0, 60.0)
    assert export.around.isVisible()
    assert not export.begin_s.isVisible()


def test_a_range_that_ends_before_it_begins_is_refused(export: ExportDialog) -> None:
    choose(export.ranges, "typed")
    export.begin_s.setValue(30)
    export.end_s.setValue(20)
    assert "ends before it begins" in export.wrong.text()
    assert not export.begin.isEnabled()


def test_streams_are_chosen_with_the_keyboard_and_none_is_refused(export: ExportDialog, qtbot: QtBot) -> None:
    export.streams.setCurrentRow(1)
    export.streams.setFocus()
    qtbot.keyClick(export.streams, QtCore.Qt.Key.Key_Space)
    assert export.chosen_streams == ["depth"]
    assert words_after(export.order().command_line, "--streams") == "depth"
    export.streams.setCurrentRow(0)
    qtbot.keyClick(export.streams, QtCore.Qt.Key.Key_Space)
    assert "at least one stream" in export.wrong.text()


def test_a_video_keeps_the_word_generated_and_takes_its_options(export: ExportDialog) -> None:
    choose(export.forms, "overlay")
    assert "GENERATED" in export.note.text()
    assert export.output.path.name == "night-overlay.mp4"
    export.extra.setText("crf=20")
    line = export.order().command_line
    assert words_after(line, "--format") == "overlay"
    assert words_after(line, "--set") == "crf=20"
    export.extra.setText("crf")
    assert "key=value" in export.wrong.text()


def test_a_name_that_was_chosen_stays_and_a_wrong_one_is_refused(export: ExportDialog, tmp_path: Path) -> None:
    export.output.set_path(tmp_path / "mine.mcap")
    choose(export.forms, "overlay")
    assert export.output.path == tmp_path / "mine.mcap"
    assert "must end in .mp4" in export.wrong.text()
    choose(export.forms, "png16")
    export.output.set_path(tmp_path)
    assert "is there already" in export.wrong.text()
    export.overwrite.setChecked(True)
    assert export.begin.isEnabled()


def test_a_form_that_lacks_something_says_how_to_get_it(export: ExportDialog) -> None:
    choose(export.forms, "ply")
    assert "pip install x" in export.wrong.text()


def test_the_recording_itself_is_never_written_over(export: ExportDialog, tmp_path: Path) -> None:
    export.output.set_path(tmp_path / "night.mcap")
    export.overwrite.setChecked(True)
    assert "the recording itself" in export.wrong.text()
    assert not export.begin.isEnabled()


def test_a_batch_needs_sessions_and_takes_each_once(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = BatchDialog([], tmp_path / "out")
    qtbot.addWidget(dialog)
    assert not dialog.begin.isEnabled()
    for name in ("-a.mcap", "b.mcap", "b.mcap"):
        dialog.add(tmp_path / name)
    dialog.video.setChecked(False)
    order = dialog.order()
    assert order.arguments[1:3] == (str(tmp_path / "-a.mcap"), str(tmp_path / "b.mcap"))
    assert "--no-video" in order.arguments
    dialog.list.setCurrentRow(0)
    dialog.remove.click()
    assert dialog.paths == [tmp_path / "b.mcap"]


def test_recovery_never_writes_over_the_damaged_file(qtbot: QtBot, tmp_path: Path) -> None:
    torn = tmp_path / "night.mcap.part"
    torn.write_bytes(b"x")
    dialog = RecoverDialog(torn, "it was torn", tmp_path)
    qtbot.addWidget(dialog)
    assert dialog.output.path == tmp_path / "night-recovered.mcap"
    assert "it was torn" in dialog.intro.text()
    dialog.output.set_path(torn)
    assert not dialog.begin.isEnabled()


def test_a_calibration_asks_for_what_it_needs(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = CalibrateDialog(tmp_path / "night.mcap", tmp_path, True)
    qtbot.addWidget(dialog)
    dialog.show()
    line = dialog.order().command_line
    assert words_after(line, "--session") == str(tmp_path / "night.mcap")
    assert words_after(line, "--board") == "charuco"
    assert words_after(line, "-o").endswith("calibration.json")
    choose(dialog.ways, "live")
    assert "Name a camera" in dialog.wrong.text()
    assert "A camera that this window shows is taken" in dialog.hint.text()
    dialog.source.setText("rtsp://u:pw@host/1")
    order = dialog.order()
    assert "rtsp://u:pw@host/1" in order.arguments
    assert "pw" not in order.command_line
    dialog.size.setText("eight by six")
    assert "8x6" in dialog.wrong.text()
    dialog.size.setText("9x6")
    choose(dialog.kinds, "chessboard")
    assert not dialog.dictionary.isVisible()
    choose(dialog.ways, "images")
    dialog.images.set_path(tmp_path)
    dialog.output.set_path(tmp_path / "rig.toml")
    assert "name the rig" in dialog.wrong.text()


def test_words_of_a_format_are_checked() -> None:
    assert words_of(" a=1  b=x=y ", ["a", "b"]) == {"a": "1", "b": "x=y"}
    for wrong in ("a", "=1", "a=", "c=1"):
        with pytest.raises(ValueError, match=r"option"):
            words_of(wrong, ["a", "b"])


@pytest.fixture
def work(qtbot: QtBot, session: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[SessionWorkPart, TaskBook]]:
    book = TaskBook()
    monkeypatch.setattr(beginning, "shared_book", lambda: book)
    desk = PartDesk(path=session)
    qtbot.addWidget(desk.window)
    desk.window.show()
    part = SessionWorkPart(desk)
    yield part, book
    part.close()
    assert book.close()


def test_a_part_of_the_replay_is_exported_from_the_keyboard(
    work: tuple[SessionWorkPart, TaskBook], qtbot: QtBot, tmp_path: Path
) -> None:
    part, book = work
    part.export_part()
    qtbot.waitUntil(lambda: part.dialog is not None, timeout=20_000)
    dialog = part.dialog
    assert [name for name, _ in dialog._what.streams] == ["color", "depth", "thermal"]
    choose(dialog.forms, "png16")
    dialog.output.set_path(tmp_path / "images")
    qtbot.keyClick(dialog, QtCore.Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(book.views()) and book.views()[0].state.is_over, timeout=20_000)
    view = book.views()[0]
    assert view.state is TaskState.DONE, view.problem
    assert list((tmp_path / "images").rglob("*.png"))


def test_the_replay_is_verified_in_words(work: tuple[SessionWorkPart, TaskBook], qtbot: QtBot) -> None:
    part, book = work
    part.verify_session()
    qtbot.waitUntil(lambda: book.views()[0].state.is_over, timeout=20_000)
    assert "none damaged" in book.views()[0].answer_lines[0]


def test_nothing_is_exported_from_cameras(work: tuple[SessionWorkPart, TaskBook]) -> None:
    part, book = work
    part.desk.mode = Mode.LIVE
    for do in (part.export_part, part.verify_session, part.recover_session):
        do()
    assert not book.views()
    assert part.dialog is None


def test_closing_in_the_middle_of_a_form_leaves_nothing(work: tuple[SessionWorkPart, TaskBook], qtbot: QtBot) -> None:
    part, book = work
    part.process_batch()
    assert part.dialog.isVisible()
    part.export_part()
    part.close()
    assert not part.questions.is_waiting
    assert not book.views()


@pytest.mark.parametrize("size", [(300, 200), (1600, 1000)])
def test_forms_fit_small_and_large_screens(export: ExportDialog, size: tuple[int, int]) -> None:
    export.resize(*size)
    QtWidgets.QApplication.processEvents()
    assert export.width() <= max(size[0], 420)
    assert export.begin.visibleRegion().boundingRect().height() > 10


def test_the_bundled_drive_says_what_it_is_until_that_is_put_away(qtbot: QtBot) -> None:
    desk = PartDesk(path=bundled_session())
    qtbot.addWidget(desk.window)
    desk.window.show()
    part = WelcomePart(desk)
    part.ready()
    part.show_status(FeedStatus(Mode.REPLAY, "x", Phase.RUNNING, replay=ReplayStatus()))
    assert part.strip.isVisible()
    assert "synthetic" in part.strip.words.text()
    qtbot.mouseClick(part.strip.buttons["explain"], QtCore.Qt.MouseButton.LeftButton)
    assert part.page.isVisible()
    qtbot.mouseClick(part.strip.buttons["dismiss"], QtCore.Qt.MouseButton.LeftButton)
    assert not part.strip.isVisible()
    assert desk.settings.get(DISMISSED) is True
    part.close()
    assert not part.page.isVisible()
    again = WelcomePart(desk)
    again.ready()
    assert again.strip is None


def test_a_recording_of_ones_own_needs_no_welcome(qtbot: QtBot, session: Path) -> None:
    desk = PartDesk(path=session)
    qtbot.addWidget(desk.window)
    part = WelcomePart(desk)
    part.ready()
    assert part.strip is None
