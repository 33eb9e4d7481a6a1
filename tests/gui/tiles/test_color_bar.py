"""The colour bar, worked with the hand: dragged, wheeled, typed, locked."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from drivers.frame import StreamInfo, StreamKind
from gui.looks.look import Beyond, Isotherm, Look
from gui.looks.tables import isotherm_shades
from gui.qt import QtCore, QtGui, QtWidgets, rgb_of
from gui.tiles.color_bar import ColorBar
from gui.translations.update import qm_path
from pipeline.colormap import CountRange
from tests.gui.looks.made import drag, frame_of, warm

THERMAL = warm(20.0).info
DEPTH = frame_of(StreamKind.DEPTH, np.full((8, 8), 900, np.uint16)).info
LEFT = QtCore.Qt.MouseButton.LeftButton


@pytest.fixture
def bar(qtbot: QtBot) -> ColorBar:
    made = ColorBar()
    qtbot.addWidget(made)
    made.resize(500, made.height())
    made.show()
    return made


@pytest.fixture(params=["it", "zh"])
def spoken(request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[None]:
    """The window in another language."""
    translator = QtCore.QTranslator()
    assert translator.load(str(qm_path(request.param)))
    app = QtWidgets.QApplication.instance()
    app.installTranslator(translator)
    yield
    app.removeTranslator(translator)


def show(bar: ColorBar, info: StreamInfo, low: float, high: float, look: Look | None = None, **more: object) -> None:
    counts = CountRange((low + 273.15) * 100, (high + 273.15) * 100)
    if info.kind is StreamKind.DEPTH:
        counts = CountRange(low * 1000, high * 1000)
    bar.show_look(info, counts, look or Look(), **more)  # type: ignore[arg-type]  # the unit of temperatures


def pull(bar: ColorBar, a: float, b: float) -> None:
    """From one place of the ramp to another, 0..1."""
    ramp = bar._ramp_rect()
    drag(bar, *(QtCore.QPoint(round(ramp.left() + p * ramp.width()), round(ramp.center().y())) for p in (a, b)))


def test_the_ends_are_told_in_the_unit_that_is_chosen(bar: ColorBar) -> None:
    show(bar, THERMAL, 20.0, 37.0)
    assert bar.end_words == ("20.0", "37.0 °C")
    assert "37.0 °C" in bar.accessibleDescription()
    show(bar, THERMAL, 20.0, 37.0, temperatures="°F")
    assert bar.end_words == ("68.0", "98.6 °F")
    show(bar, DEPTH, 0.5, 4.0)
    assert bar.end_words == ("0.50", "4.00 m")


def test_the_ends_are_dragged_and_so_is_what_lies_between(qtbot: QtBot, bar: ColorBar) -> None:
    show(bar, THERMAL, 20.0, 40.0)
    with qtbot.waitSignal(bar.range_asked) as asked:
        pull(bar, 0.0, 0.25)
    assert asked.args == pytest.approx([25.0, 40.0], abs=0.1)
    with qtbot.waitSignal(bar.range_asked) as asked:
        pull(bar, 1.0, 0.5)
    assert asked.args == pytest.approx([20.0, 30.0], abs=0.1)
    with qtbot.waitSignal(bar.range_asked) as asked:
        pull(bar, 0.6, 0.4)
    assert asked.args == pytest.approx([24.0, 44.0], abs=0.1)


def test_the_wheel_moves_the_level_and_with_ctrl_the_span(qtbot: QtBot, bar: ColorBar) -> None:
    show(bar, THERMAL, 20.0, 40.0)
    for modifier, low, high in (
        (QtCore.Qt.KeyboardModifier.NoModifier, 21.2, 41.2),
        (QtCore.Qt.KeyboardModifier.ControlModifier, 21.5, 38.5),
    ):
        with qtbot.waitSignal(bar.range_asked) as asked:
            QtWidgets.QApplication.sendEvent(bar, wheel(bar, 120, modifier))
        assert asked.args == pytest.approx([low, high])


def wheel(bar: ColorBar, turn: int, modifier: QtCore.Qt.KeyboardModifier) -> QtGui.QWheelEvent:
    at = QtCore.QPointF(bar.rect().center())
    return QtGui.QWheelEvent(
        at,
        QtCore.QPointF(bar.mapToGlobal(bar.rect().center())),
        QtCore.QPoint(),
        QtCore.QPoint(0, turn),
        QtCore.Qt.MouseButton.NoButton,
        modifier,
        QtCore.Qt.ScrollPhase.NoScrollPhase,
        False,
    )


def test_an_end_is_typed_in_the_unit_that_is_shown(qtbot: QtBot, bar: ColorBar) -> None:
    show(bar, THERMAL, 20.0, 40.0, temperatures="°F")
    edit = bar.type_end("high")
    edit.setText("98,6")
    with qtbot.waitSignal(bar.range_asked) as asked:
        qtbot.keyClick(edit, QtCore.Qt.Key.Key_Return)
    assert asked.args == pytest.approx([20.0, 37.0])


def test_tab_goes_on_to_the_other_end(qtbot: QtBot, bar: ColorBar) -> None:
    show(bar, THERMAL, 20.0, 40.0)
    edit = bar.type_end("low")
    edit.setText("22")
    with qtbot.waitSignal(bar.range_asked) as asked:
        qtbot.keyClick(edit, QtCore.Qt.Key.Key_Tab)
    assert asked.args == pytest.approx([22.0, 40.0])
    assert bar._edit is not None
    assert bar._edit is not edit
    assert "Highest" in bar._edit.accessibleName()


@pytest.mark.parametrize("typed", ["warm", "", "nan", "inf", "10"])
def test_what_is_no_upper_end_is_shown_as_wrong_and_changes_nothing(qtbot: QtBot, bar: ColorBar, typed: str) -> None:
    show(bar, THERMAL, 20.0, 40.0)
    edit = bar.type_end("high")
    edit.setText(typed)
    with qtbot.assertNotEmitted(bar.range_asked):
        qtbot.keyClick(edit, QtCore.Qt.Key.Key_Return)
    assert edit.property("wrong") == "true"
    qtbot.keyClick(edit, QtCore.Qt.Key.Key_Escape)
    assert not edit.isVisible()


def test_the_padlock_locks_and_unlocks(qtbot: QtBot, bar: ColorBar) -> None:
    show(bar, THERMAL, 20.0, 40.0)
    at = bar._lock_rect().center().toPoint()
    with qtbot.waitSignal(bar.lock_asked) as asked:
        qtbot.mouseClick(bar, LEFT, pos=at)
    assert asked.args == [True]
    show(bar, THERMAL, 20.0, 40.0, Look(locked=(20.0, 40.0)))
    assert bar.is_locked
    with qtbot.waitSignal(bar.lock_asked) as asked:
        qtbot.keyClick(bar, QtCore.Qt.Key.Key_Delete)
    assert asked.args == [False]


def test_keys_move_level_and_span(qtbot: QtBot, bar: ColorBar) -> None:
    show(bar, THERMAL, 20.0, 40.0)
    for key, low, high in (("Up", 21.2, 41.2), ("Down", 18.8, 38.8), ("Left", 21.5, 38.5)):
        with qtbot.waitSignal(bar.range_asked) as asked:
            qtbot.keyClick(bar, getattr(QtCore.Qt.Key, f"Key_{key}"))
        assert asked.args == pytest.approx([low, high])


def test_depth_near_is_bright_at_the_left_and_no_reading_has_a_patch(bar: ColorBar) -> None:
    show(bar, DEPTH, 0.5, 4.0, Look(palette="white hot"))
    picture = rgb_of(bar.grab().toImage())
    ramp = bar._ramp_rect()
    y = round(ramp.center().y())
    left, right = picture[y, round(ramp.left()) + 8], picture[y, round(ramp.right()) - 8]
    assert int(left.sum()) > int(right.sum()) + 200
    patch = picture[y - 4 : y + 4, 32:46].reshape(-1, 3)
    assert patch.max() < 90


def test_the_isotherm_is_seen_on_the_bar_where_it_lies(bar: ColorBar) -> None:
    show(bar, THERMAL, 20.0, 40.0, Look(isotherm=Isotherm(Beyond.ABOVE, 35.0, 40.0)))
    picture = rgb_of(bar.grab().toImage()).astype(int)
    ramp = bar._ramp_rect()
    y = round(ramp.center().y())
    shades = isotherm_shades("above").astype(int)

    def distance(place: float) -> int:
        color = picture[y, round(ramp.left() + place * ramp.width())]
        return int(np.abs(shades - color).max(axis=1).min())

    assert distance(0.9) < 12
    assert distance(0.6) > 40


@pytest.mark.parametrize("width", [1, 30, 80, 2000])
def test_it_paints_at_every_width_and_for_every_range(bar: ColorBar, width: int) -> None:
    bar.resize(width, bar.height())
    for info, low, high in ((THERMAL, -40.0, 3000.0), (DEPTH, 0.0, 65.0), (DEPTH, 1.0, 1.001), (THERMAL, 20.0, 20.01)):
        show(bar, info, low, high)
        assert not bar.grab().isNull()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(width=st.integers(40, 600), is_depth=st.booleans(), low=st.floats(0.1, 30.0), span=st.floats(0.1, 60.0))
def test_no_word_of_the_bar_ever_stands_over_another(
    spoken: None, bar: ColorBar, width: int, is_depth: bool, low: float, span: float
) -> None:
    bar.resize(width, bar.height())
    show(bar, DEPTH if is_depth else THERMAL, low, low + span)
    placed = bar.placed_words()
    for (a, first, _), (b, second, _) in combinations(placed, 2):
        assert not first.intersects(second), f"{a} over {b} at {width} px"
    for said, rect, font in placed:
        assert rect.left() >= 0
        assert rect.right() <= width
        assert rect.width() >= QtGui.QFontMetricsF(font).horizontalAdvance(said) - 0.01
    assert not placed or tuple(said for said, _, _ in placed[:2]) == bar.end_words, "both ends, or none"
    assert all(end in bar.toolTip() for end in bar.end_words), "what has no room is told by the tooltip"


def test_a_narrow_bar_takes_its_whole_width_for_the_ends_and_a_hand_wide_one_the_tooltip(bar: ColorBar) -> None:
    show(bar, DEPTH, 4.78, 7.08)
    assert bar.placed_words()[0][1].left() == bar._ramp_rect().left()
    bar.resize(110, bar.height())
    low, high = bar.placed_words()
    assert low[1].left() < bar._ramp_rect().left()
    assert low[1].right() + 8 <= high[1].left()
    bar.resize(40, bar.height())
    assert bar.placed_words() == []
    assert "4.78 – 7.08 m" in bar.toolTip()
