"""The time line as it is seen and clicked."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gui.look import theme
from gui.qt import QtCore, QtGui, rgb_of
from gui.replay.marks import Loss, Marks
from gui.replay.timeline_bar import (
    EDGE,
    EVENTS_H,
    EVENTS_Y,
    LINE_H,
    LINE_Y,
    LOSS_H,
    LOSS_Y,
    TimelineBar,
    clock,
    tick_ns,
)
from recordings.event import Event

S = 1_000_000_000
COUNT = 60


def marks(events: tuple[Event, ...] = (), losses: tuple[Loss, ...] = (), pause_s: float = 0.0) -> Marks:
    """Six seconds at 10 frames/s, with a pause in the middle if wanted."""
    ns = np.array([n * S // 10 + (round(pause_s * S) if n >= COUNT // 2 else 0) for n in range(COUNT)])
    members = np.arange(COUNT)[:, None]
    return Marks(ns, ns, members, ["depth"], {"depth": np.arange(COUNT)}, events, losses)


@pytest.fixture
def bar(qtbot: QtBot) -> TimelineBar:
    bar = TimelineBar()
    qtbot.addWidget(bar)
    ground = QtGui.QPalette()
    ground.setColor(QtGui.QPalette.ColorRole.Window, QtGui.QColor(theme.now().panel))
    bar.setPalette(ground)
    bar.setAutoFillBackground(True)
    bar.resize(800, bar.height())
    bar.show()
    return bar


def pixels(bar: TimelineBar) -> np.ndarray:
    """What is painted, int (H, W, 3)."""
    return rgb_of(bar.grab().toImage()).astype(int)


def changed(bar: TimelineBar, before: np.ndarray, top: int, height: int) -> np.ndarray:
    """Columns whose pixels changed in a band."""
    return np.flatnonzero((pixels(bar) != before)[top : top + height].any(axis=(0, 2)))


def test_places_are_recorded_times_so_that_a_pause_is_as_wide_as_it_is_long(bar: TimelineBar) -> None:
    bar.show_marks(marks(pause_s=6.0))
    assert bar.maximum() == COUNT - 1
    for position in range(COUNT):
        assert bar.value_at(bar.x_of(position)) == position
    share = (bar.x_of(COUNT // 2) - bar.x_of(COUNT // 2 - 1)) / (bar.width() - 2 * EDGE)
    assert share == pytest.approx(6.1 / 11.9, abs=0.01)
    assert "no frames for 6.1 s" in bar.words_at((bar.x_of(29) + bar.x_of(30)) / 2)


def test_beyond_the_ends_are_the_ends(bar: TimelineBar) -> None:
    bar.show_marks(marks())
    assert (bar.value_at(-50), bar.value_at(10_000)) == (0, COUNT - 1)
    assert bar.x_of(0) == EDGE
    assert bar.x_of(COUNT - 1) == bar.width() - EDGE


def test_without_a_recording_it_shows_nothing_and_breaks_nothing(bar: TimelineBar) -> None:
    assert bar.words_at(100) == ""
    assert bar.value_at(100) == 0
    assert pixels(bar).any()


def test_a_click_goes_there(bar: TimelineBar, qtbot: QtBot) -> None:
    bar.show_marks(marks())
    with qtbot.waitSignal(bar.valueChanged) as went:
        at = QtCore.QPoint(round(bar.x_of(41)), LINE_Y + 3)
        qtbot.mouseClick(bar, QtCore.Qt.MouseButton.LeftButton, pos=at)
    assert went.args == [41]


def test_events_pauses_and_losses_are_painted_where_they_are(bar: TimelineBar) -> None:
    bar.show_marks(marks())
    plain = pixels(bar)
    event = Event("eyes closed", 2 * S, 3 * S, None, "")
    bar.show_marks(marks((event,), (Loss(4 * S, "depth", 2),)))
    columns = changed(bar, plain, EVENTS_Y, EVENTS_H)
    assert columns.min() == pytest.approx(bar.x_of(20), abs=3)
    assert columns.max() == pytest.approx(bar.x_of(30), abs=3)
    columns = changed(bar, plain, LOSS_Y, LOSS_H)
    assert (columns.min(), columns.max()) == (
        pytest.approx(bar.x_of(40), abs=2),
        pytest.approx(bar.x_of(40), abs=2),
    )
    bar.show_marks(marks(pause_s=20.0))
    columns = changed(bar, plain, LINE_Y, LINE_H)
    left, right = bar.x_of(29), bar.x_of(30)
    assert len(columns[(columns > left) & (columns < right)]) > 0.9 * (right - left)


def test_the_part_that_loops_is_painted_brighter_than_one_that_does_not(bar: TimelineBar) -> None:
    bar.show_marks(marks())
    plain = pixels(bar)
    bar.show_part((20, 40), loops=False)
    dim = pixels(bar)
    bar.show_part((20, 40), loops=True)
    bright = pixels(bar)
    middle = round(bar.x_of(30))
    seen = [np.abs(shade - plain)[EVENTS_Y, middle].sum() for shade in (dim, bright)]
    assert 0 < seen[0] < seen[1]
    outside = round(bar.x_of(50))
    assert (bright[:, outside] == plain[:, outside]).all()


def test_the_mouse_is_told_what_is_there(bar: TimelineBar) -> None:
    events = tuple(Event("eyes closed", 2 * S, 3 * S, None, f"number {n}") for n in range(6))
    bar.show_marks(marks(events, (Loss(25 * S // 10, "depth", 2),)))
    assert bar.words_at(bar.x_of(25)).splitlines() == [
        "frame 25   0:02.5",
        "2 frames of depth lost",
        *(f"eyes closed (1.0 s): number {n}" for n in range(4)),
        "and 2 more events",
    ]


def test_very_many_events_are_painted_once_and_not_with_every_frame(bar: TimelineBar) -> None:
    events = tuple(Event("blink", n * 6 * S // 20_000, n * 6 * S // 20_000, None, "") for n in range(20_000))
    bar.show_marks(marks(events))
    assert pixels(bar).any()
    assert bar._ground is not None
    kept = bar._ground
    bar.setValue(30)
    assert pixels(bar).any()
    assert bar._ground is kept, "moving on paints none of them again"


@pytest.mark.parametrize("seconds", [0.3, 6.6, 59, 700, 9_000, 100_000, 10**7])
def test_there_are_some_times_under_the_line_but_not_too_many(seconds: float) -> None:
    step = tick_ns(round(seconds * S), 12)
    assert 1 <= seconds * S / step + 1 <= 14


def test_clock() -> None:
    assert [clock(ns) for ns in (0, 59_990_000_000, 3_599_900_000_000, 3_600_000_000_000)] == [
        "0:00.0",
        "0:59.9",
        "59:59.9",
        "1:00:00.0",
    ]
