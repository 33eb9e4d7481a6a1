"""In every theme and every list it is seen at once which row is chosen, and its words can be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot

from gui.actions.keys_page import KeysPage
from gui.actions.palette import Palette
from gui.actions.settings_dialog import SettingsDialog
from gui.actions.table import ACTIONS, in_mode
from gui.alarms.alarm_list import AlarmList
from gui.alarms.book import AlarmBook, Condition, Severity
from gui.alarms.symbols import symbol_icon
from gui.feed import Mode
from gui.look import colors, theme
from gui.look.fold_tree import FoldTree
from gui.look.icons import icon
from gui.qt import QtCore, QtGui, QtWidgets, rgb_of
from gui.replay.event_list import EventList
from recordings.event import Event
from tests.gui.actions.made_desk import MadeDesk
from tests.gui.replay.test_timeline_bar import marks

LEAST_GROUND, LEAST_WORDS = 3.0, 4.5
"""Contrast that WCAG 2.1 asks of what tells the state of a control, and of words."""

S = 1_000_000_000


@pytest.fixture(autouse=True, params=list(colors.THEMES))
def every_theme(qtbot: QtBot, request: pytest.FixtureRequest) -> Iterator[None]:
    theme.apply(QtWidgets.QApplication.instance())
    theme.use(request.param)
    yield
    theme.use("dark", 100)


def grounds_of(pixels: NDArray[np.uint8], count: int) -> list[str]:
    """The most frequent colors, ``#rrggbb``."""
    found = Counter(map(tuple, pixels.reshape(-1, pixels.shape[-1])[:, :3].tolist()))
    return ["#{:02x}{:02x}{:02x}".format(*color) for color, _ in found.most_common(count)]


def rows(view: QtWidgets.QAbstractItemView) -> list[tuple[QtCore.QModelIndex, QtCore.QRect]]:
    """All that are in sight, with their places."""
    found, model, seen = [], view.model(), view.viewport().rect()
    waiting = [model.index(row, 0) for row in range(model.rowCount())]
    while waiting:
        index = waiting.pop(0)
        place = view.visualRect(index)
        if place.isValid() and seen.top() <= place.top() and place.bottom() <= seen.bottom():
            place.setRight(seen.right())
            found.append((index, place))
        waiting += [model.index(row, 0, index) for row in range(model.rowCount(index))]
    return found


def inner(pixels: NDArray[np.uint8], place: QtCore.QRect) -> NDArray[np.uint8]:
    """Without the edges of a row, where its corners are round."""
    return pixels[place.top() + 3 : place.bottom() - 2, place.left() + 4 : place.right() - 4]


def check(view: QtWidgets.QAbstractItemView) -> None:
    """Choose a row in the middle, and look at the pixels."""
    QtWidgets.QApplication.processEvents()
    places = rows(view)
    assert len(places) >= 3, "a row, and others beside it"
    chosen, place = next(
        (index, place) for index, place in places[1:] if index.flags() & QtCore.Qt.ItemFlag.ItemIsSelectable
    )
    view.setCurrentIndex(chosen)
    QtWidgets.QApplication.processEvents()
    pixels = rgb_of(view.viewport().grab().toImage())
    ground, *_ = inks = grounds_of(inner(pixels, place), 60)
    for index, other in places:
        if index.row() == chosen.row() and index.parent() == chosen.parent():
            continue
        (beside,) = grounds_of(inner(pixels, other), 1)
        assert colors.contrast(ground, beside) >= LEAST_GROUND, (ground, beside, view)
    # Words have soft edges: the color that they are meant to have is the one farthest from their ground.
    assert max(colors.contrast(ground, ink) for ink in inks) >= LEAST_WORDS, (ground, view)


def test_colors_of_a_chosen_row_keep_their_distance() -> None:
    t = theme.now()
    for ground in (t.panel, t.raised, t.window):
        assert colors.contrast(t.selected, ground) >= LEAST_GROUND
    assert colors.contrast(t.selected, t.on_selected) >= LEAST_WORDS


def alarm_list(_desk: MadeDesk) -> tuple[QtWidgets.QWidget, QtWidgets.QAbstractItemView]:
    book = AlarmBook()
    for n in range(5):
        group = f"person {n // 2}"
        book.raise_alarm(Condition(f"{n}", Severity(1 + n % 3), f"Somebody is close {n}", group=group), n * S)
    listed = AlarmList()
    listed.show_book(book, 6 * S)
    return listed, listed.tree


def event_list(_desk: MadeDesk) -> tuple[QtWidgets.QWidget, QtWidgets.QAbstractItemView]:
    events = (Event("phone", S, note="looks down"), Event("lights", 2 * S), Event("exit", 3 * S, severity="alarm"))
    listed = EventList()
    listed.show_events(marks(events))
    return listed, listed._tree


def pages(desk: MadeDesk) -> tuple[QtWidgets.QWidget, QtWidgets.QAbstractItemView]:
    dialog = SettingsDialog(desk.settings, ACTIONS, lambda: None)
    return dialog, dialog.pages


def commands(desk: MadeDesk) -> tuple[QtWidgets.QWidget, QtWidgets.QAbstractItemView]:
    palette = Palette(in_mode(Mode.REPLAY), desk.actions, desk.settings, desk.window)
    palette.field.setText("s")
    return palette, palette.list


def keys(desk: MadeDesk) -> tuple[QtWidgets.QWidget, QtWidgets.QAbstractItemView]:
    dialog = SettingsDialog(desk.settings, ACTIONS, lambda: None)
    dialog.pages.setCurrentRow(dialog.pages.count() - 1)
    listed = dialog.findChild(KeysPage).list
    listed.expandAll()
    return dialog, listed


def table(_desk: MadeDesk) -> tuple[QtWidgets.QWidget, QtWidgets.QAbstractItemView]:
    made = QtWidgets.QTableWidget(5, 2)
    for row in range(5):
        for column in range(2):
            made.setItem(row, column, QtWidgets.QTableWidgetItem("words"))
    made.horizontalHeader().setStretchLastSection(True)
    made.setSelectionBehavior(QtWidgets.QAbstractItemView.SelectionBehavior.SelectRows)
    return made, made


def choices(_desk: MadeDesk) -> tuple[QtWidgets.QWidget, QtWidgets.QAbstractItemView]:
    box = QtWidgets.QComboBox()
    box.addItems(["one", "two", "three", "four"])
    made = QtWidgets.QWidget()
    QtWidgets.QVBoxLayout(made).addWidget(box)
    made.resize(700, 420)
    made.show()
    box.showPopup()
    return made, box.view()


@pytest.mark.parametrize("make", [alarm_list, event_list, pages, commands, keys, table, choices])
def test_the_chosen_row_of_every_list_is_seen_and_read(
    qtbot: QtBot, make: Callable[[MadeDesk], tuple[QtWidgets.QWidget, QtWidgets.QAbstractItemView]]
) -> None:
    desk = MadeDesk()
    qtbot.addWidget(desk.window)
    widget, view = make(desk)
    qtbot.addWidget(widget)
    widget.resize(max(widget.width(), 700), max(widget.height(), 420))
    widget.show()
    check(view)
    widget.close()


def test_signs_in_a_chosen_row_have_the_color_of_its_words(qtbot: QtBot) -> None:
    t = theme.now()
    for made in (icon("play"), icon("reasons", "warn"), symbol_icon(Severity.ALARM), symbol_icon(Severity.WARNING)):
        picture = made.pixmap(QtCore.QSize(22, 22), QtGui.QIcon.Mode.Selected).toImage()
        seen = [picture.pixelColor(x, y) for x in range(22) for y in range(22)]
        inks = {color.name() for color in seen if color.alpha() > 250}
        assert t.on_selected in inks
        assert max(colors.contrast(ink, t.selected) for ink in inks) >= LEAST_WORDS


def test_what_opens_a_row_is_seen_also_in_the_chosen_one(qtbot: QtBot) -> None:
    widget, view = alarm_list(MadeDesk())
    qtbot.addWidget(widget)
    widget.show()
    tree = view
    assert isinstance(tree, FoldTree)
    t = theme.now()
    people = [tree.topLevelItem(n) for n in range(3) if tree.topLevelItem(n).childCount()]
    tree.setCurrentItem(people[0])
    QtWidgets.QApplication.processEvents()
    for item, ink in zip(people, (t.on_selected, t.text), strict=True):
        place = tree.visualItemRect(item)
        pixels = rgb_of(tree.viewport().grab().toImage())[place.top() : place.bottom(), : tree.indentation()]
        assert ink in grounds_of(pixels, 4)
    widget.close()
