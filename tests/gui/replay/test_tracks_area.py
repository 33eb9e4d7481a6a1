"""However many signals there are, their words can be read, and every one of them can be reached."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gui.look import theme
from gui.qt import QtCore, QtGui, QtWidgets, rgb_of
from gui.replay.timeline_bar import TimelineBar
from gui.replay.tracks import Tracks
from gui.replay.tracks_area import TracksArea
from gui.replay.tracks_paint import TWO_LINES
from gui.replay.tracks_view import LEAST, MOST, USUAL, TracksView
from tests.gui.replay.test_timeline_bar import COUNT, marks

Key = QtCore.Qt.Key
INCH_MM, PX_AN_INCH, AWAY_MM, LEAST_MINUTES = 25.4, 96, 2000.0, 5.0
NAMES = tuple(f"signal_{n}" for n in range(9))


@pytest.fixture(autouse=True)
def usual_look(qtbot: QtBot) -> Iterator[None]:
    theme.apply(QtWidgets.QApplication.instance())
    yield
    theme.use("dark", 100)


class Rows:
    """Signals over a time line, in a window."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QtWidgets.QWidget()
        column = QtWidgets.QVBoxLayout(self.window)
        self.bar = TimelineBar()
        self.view = TracksView(self.bar)
        self.area = TracksArea(self.view)
        column.addWidget(self.area)
        column.addWidget(self.bar)
        qtbot.addWidget(self.window)
        known = marks()
        self.bar.show_marks(known)
        tracks = Tracks(known.elapsed_ns)
        for position in range(COUNT):
            tracks.add(position, {1: {name: (np.sin(position / 9 + n), "m") for n, name in enumerate(NAMES)}})
        self.view.show_tracks(known, tracks, None, "recorded")
        self.bar.set_left(self.view.gutter)
        self.window.resize(900, 500)
        self.window.show()

    def show(self, count: int, room: int) -> None:
        self.view.set_names(NAMES[:count])
        self.area.set_room(room)
        QtWidgets.QApplication.processEvents()

    @property
    def in_sight(self) -> list[str]:
        """Names of the rows that are seen whole."""
        top = -self.view.y()
        row = self.view.row_px
        return [
            name
            for n, name in enumerate(self.view.names)
            if n * row >= top and (n + 1) * row <= top + self.area.height()
        ]


@pytest.fixture
def rows(qtbot: QtBot) -> Rows:
    return Rows(qtbot)


def minutes_high(font: QtGui.QFont) -> float:
    """Of a capital letter on a screen of 96 px an inch, from two metres, in minutes of arc."""
    px = font.pointSizeF() * PX_AN_INCH / 72
    sized = QtGui.QFont(font)
    sized.setPixelSize(1000)
    share = QtGui.QFontMetricsF(sized).capHeight() / 1000
    return float(np.degrees(np.arctan(px * share / PX_AN_INCH * INCH_MM / AWAY_MM)) * 60)


def painted_fonts(rows: Rows, monkeypatch: pytest.MonkeyPatch) -> list[QtGui.QFont]:
    """Every font that words of the rows are measured in before they are painted."""
    used: list[QtGui.QFont] = []
    usual = QtGui.QFontMetricsF

    def keep(font: QtGui.QFont, *others: object) -> QtGui.QFontMetricsF:
        used.append(QtGui.QFont(font))
        return usual(font, *others)

    monkeypatch.setattr(QtGui, "QFontMetricsF", keep)
    rows.view.forget_ground()
    rows.view.grab()
    monkeypatch.setattr(QtGui, "QFontMetricsF", usual)
    return used


@pytest.mark.parametrize("height", [LEAST, USUAL, MOST])
def test_words_are_read_from_two_metres_in_rows_of_any_height(
    rows: Rows, monkeypatch: pytest.MonkeyPatch, height: int
) -> None:
    rows.show(6, 1000)
    rows.view.set_row_height(height)
    fonts = painted_fonts(rows, monkeypatch)
    assert len(fonts) >= 6
    assert min(map(minutes_high, fonts)) >= LEAST_MINUTES
    assert rows.view.row_px >= QtGui.QFontMetricsF(rows.view.font()).height(), "no row cuts them"


@pytest.mark.parametrize("percent", [80, 100, 130, 150, 200])
def test_a_usual_row_has_room_for_name_and_value_and_both_ends_of_its_scale(rows: Rows, percent: int) -> None:
    theme.use(percent=percent)
    rows.show(3, 0)
    assert rows.view.row_px - 2 >= TWO_LINES * QtGui.QFontMetricsF(rows.view.font()).height()
    assert rows.view.height() == 3 * rows.view.row_px


def test_rows_that_have_no_room_are_scrolled_to_and_none_is_made_lower(rows: Rows, qtbot: QtBot) -> None:
    rows.show(4, 6 * rows.view.row_px)
    assert not rows.area.scrolls
    assert rows.area.focusPolicy() == QtCore.Qt.FocusPolicy.NoFocus
    assert rows.area.height() == 4 * rows.view.row_px
    before = rows.view.row_px
    rows.show(9, 6 * before + before // 2)
    assert rows.view.row_px == before
    assert rows.area.scrolls
    assert rows.in_sight == list(NAMES[:6]), "whole rows alone"
    assert "6 of 9" in rows.area.accessibleDescription()
    rows.area.setFocus()
    seen = set(rows.in_sight)
    for _ in range(3):
        qtbot.keyClick(rows.area, Key.Key_Down)
        seen |= set(rows.in_sight)
    assert rows.in_sight == list(NAMES[3:])
    assert seen == set(NAMES)
    qtbot.keyClick(rows.area, Key.Key_Up)
    assert rows.in_sight == list(NAMES[2:8])


def test_in_the_lowest_window_two_rows_are_seen_and_the_others_can_be_reached(rows: Rows) -> None:
    rows.show(9, 1)
    assert rows.in_sight == list(NAMES[:2])
    rows.area.verticalScrollBar().setValue(rows.area.verticalScrollBar().maximum())
    assert rows.in_sight == list(NAMES[7:])


def turn(view: TracksView, x: float) -> None:
    place = QtCore.QPointF(x, 10)
    no = QtCore.Qt.MouseButton.NoButton
    QtWidgets.QApplication.sendEvent(
        view,
        QtGui.QWheelEvent(
            place,
            QtCore.QPointF(view.mapToGlobal(place.toPoint())),
            QtCore.QPoint(0, 0),
            QtCore.QPoint(0, -120),
            QtCore.Qt.MouseButtons(no) if hasattr(QtCore.Qt, "MouseButtons") else no,
            QtCore.Qt.KeyboardModifier.NoModifier,
            QtCore.Qt.ScrollPhase.NoScrollPhase,
            False,
        ),
    )


def test_the_wheel_scrolls_over_the_names_and_zooms_over_the_rows(rows: Rows) -> None:
    rows.show(9, 4 * rows.view.row_px)
    turn(rows.view, 20)
    assert rows.view.y() < 0
    assert rows.bar.view.is_whole
    y = rows.view.y()
    for _ in range(3):
        turn(rows.view, rows.bar.left + 200)
    assert rows.view.y() == y


def test_a_row_that_is_scrolled_to_is_painted_with_its_name(rows: Rows) -> None:
    rows.show(9, 4 * rows.view.row_px)
    rows.area.verticalScrollBar().setValue(rows.area.verticalScrollBar().maximum())
    QtWidgets.QApplication.processEvents()
    picture = rgb_of(rows.area.grab().toImage()).astype(int)
    names = picture[:, 4 : round(rows.bar.left) - 8]
    for n in range(4):
        row = names[n * rows.view.row_px + 2 : (n + 1) * rows.view.row_px - 2]
        assert (np.abs(row - row[0, -1]).max(axis=-1) > 60).sum() > 40, "words stand there"
