"""Numbers that change a few times a second are shown each time, and move nothing beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.app import application
from gui.feed import FeedStatus, Mode, Phase, RecordingStatus
from gui.look import theme
from gui.qt import QtCore, QtGui, QtWidgets
from gui.status.badges import Badges, RecordLabel
from gui.status.quiet_label import QuietLabel
from gui.status.status_line import StatusLine
from tests.gui.status.engine_states import fallen, state

LIVE = FeedStatus(Mode.LIVE, "virtual:", Phase.RUNNING)


class Counts(QtCore.QObject):
    """How often a widget is painted, and how often its layout is made anew."""

    def __init__(self, *widgets: QtWidgets.QWidget) -> None:
        super().__init__()
        self.paints, self.layouts = 0, 0
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QtCore.QObject, event: QtCore.QEvent) -> bool:
        self.paints += event.type() == QtCore.QEvent.Type.Paint
        self.layouts += event.type() == QtCore.QEvent.Type.LayoutRequest
        return False


@pytest.fixture
def box(qtbot: QtBot) -> QtWidgets.QWidget:
    application()
    box = QtWidgets.QWidget()
    QtWidgets.QHBoxLayout(box)
    box.resize(400, 60)
    qtbot.addWidget(box)
    return box


def ink(widget: QtWidgets.QWidget) -> bytes:
    image = widget.grab().toImage().convertToFormat(QtGui.QImage.Format.Format_RGB32)
    return bytes(
        image.constBits().asstring(image.sizeInBytes()) if hasattr(image.constBits(), "asstring") else image.constBits()
    )


def test_words_that_change_are_seen_and_read_out(box: QtWidgets.QWidget, qtbot: QtBot) -> None:
    label = QuietLabel("29.9", QtCore.Qt.AlignmentFlag.AlignRight)
    box.layout().addWidget(label)
    box.show()
    qtbot.waitExposed(box)
    before = ink(label)
    label.setText("30.1")
    assert label.text() == label.accessibleName() == "30.1"
    assert ink(label) != before
    label.setText("29.9")
    assert ink(label) == before


def test_a_number_of_the_same_width_moves_nothing_and_the_same_number_paints_nothing(
    box: QtWidgets.QWidget, qtbot: QtBot
) -> None:
    label, beside = QuietLabel("29.9"), QuietLabel("beside")
    box.layout().addWidget(label)
    box.layout().addWidget(beside)
    box.show()
    qtbot.waitExposed(box)
    QtWidgets.QApplication.processEvents()
    counts, all_of = Counts(label), Counts(box)
    label.setText("29.9")
    QtWidgets.QApplication.processEvents()
    assert counts.paints == 0
    label.setText("30.1")
    qtbot.waitUntil(lambda: counts.paints > 0, timeout=20_000)
    QtWidgets.QApplication.processEvents()
    assert all_of.layouts == 0
    label.setText("30.1 frames in every second of the day")
    qtbot.waitUntil(lambda: all_of.layouts > 0, timeout=20_000)
    assert label.width() >= label.fontMetrics().horizontalAdvance(label.text())


def test_words_without_room_end_in_dots_and_never_grow_over_others(box: QtWidgets.QWidget, qtbot: QtBot) -> None:
    label = QuietLabel("a name that is far too long for what room there is")
    label.setFixedWidth(60)
    box.layout().addWidget(label)
    box.show()
    qtbot.waitExposed(box)
    assert label.width() == 60
    short = ink(label)
    label.setText(label.text() + " and more of it")
    assert ink(label) == short


def test_larger_words_get_more_room(box: QtWidgets.QWidget) -> None:
    label = QuietLabel("120.0 frames")
    box.layout().addWidget(label)
    before = label.sizeHint()
    theme.sized(label, 30)
    assert label.sizeHint().width() > before.width()
    assert label.sizeHint().height() > before.height()


@pytest.mark.parametrize("name", theme.NAMES)
def test_words_have_the_color_of_their_tone_in_every_theme(
    box: QtWidgets.QWidget, qtbot: QtBot, name: str, request: pytest.FixtureRequest
) -> None:
    before = theme.wanted()
    request.addfinalizer(lambda: theme.use(before))
    theme.use(name)
    label = QuietLabel("\u2588" * 4)
    box.layout().addWidget(label)
    box.show()
    qtbot.waitExposed(box)
    for tone, color in (("warn", theme.now().warn), ("dim", theme.now().dim), ("", theme.now().text)):
        theme.set_tone(label, tone)
        image = label.grab().toImage()
        seen = {image.pixelColor(x, image.height() // 2).name() for x in range(2, 30)}
        assert QtGui.QColor(color).name() in seen, tone


def recording(**more: object) -> FeedStatus:
    return replace(LIVE, recording=replace(RecordingStatus(Path("night.mcap"), bytes_written=10**9), **more))  # type: ignore[arg-type]  # what a test needs


def test_the_badge_of_a_recording_has_a_dot_while_it_goes_on(qtbot: QtBot) -> None:
    application()
    badges = Badges()
    qtbot.addWidget(badges)
    badges.show()
    assert badges.show_status(recording(), False), "it needs room"
    assert badges.recording.text().startswith("REC 1")
    red = QtGui.QColor(theme.now().record).name()
    assert red in _colors(badges.recording)
    assert not badges.show_status(recording(), False)
    assert badges.show_status(recording(is_over=True), False)
    assert badges.recording.text().startswith("recorded")
    assert red not in _colors(badges.recording)


def test_what_a_badge_says_changes_with_the_status(qtbot: QtBot) -> None:
    application()
    badges = Badges()
    qtbot.addWidget(badges)
    said = []
    for bytes_written in (10**9, 2 * 10**9, 2 * 10**12):
        badges.show_status(recording(bytes_written=bytes_written), False)
        said.append(badges.recording.text())
        assert badges.width() >= badges.sizeHint().width()
    assert len(set(said)) == 3


def test_the_badges_of_engines_follow_what_runs(qtbot: QtBot) -> None:
    application()
    window = QtWidgets.QMainWindow()
    qtbot.addWidget(window)
    line = StatusLine(window.statusBar(), Mode.LIVE, lambda: None)
    told: list[str] = []
    steps: tuple[Callable[[], FeedStatus], ...] = (
        lambda: replace(LIVE, engines=(state(),)),
        lambda: replace(LIVE, engines=(fallen(),)),
        lambda: replace(LIVE, engines=(fallen(),), not_computed=2),
        lambda: replace(LIVE, engines=(state(),), models={"face_finder": {"missing": "no card"}}),
    )
    for step in steps:
        for _ in range(2):
            line.show_engines(step())
        told.append(line.engine.words.text)
    assert len(set(told)) == len(steps), told


def _colors(label: RecordLabel) -> set[str]:
    image = label.grab().toImage()
    return {image.pixelColor(x, image.height() // 2).name() for x in range(image.width() // 3)}
