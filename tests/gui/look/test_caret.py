"""The caret at night, where fields come and go."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from gui.actions.palette import Palette
from gui.actions.table import in_mode
from gui.feed import Mode
from gui.look import theme
from gui.look.caret import NightCaret
from gui.qt import QtCore, QtWidgets, is_alive
from gui.settings import Settings
from tests.gui.actions.made_desk import MadeDesk


@pytest.fixture(autouse=True)
def night(qtbot: QtBot) -> Iterator[None]:
    theme.apply(QtWidgets.QApplication.instance())
    theme.use("red")
    yield
    theme.use("dark", 100)


def caret() -> NightCaret:
    """The application's own."""
    found = QtWidgets.QApplication.instance().findChild(NightCaret)
    assert found is not None
    return found


def settle() -> None:
    for _ in range(3):
        QtWidgets.QApplication.sendPostedEvents(None, QtCore.QEvent.Type.DeferredDelete)
        QtWidgets.QApplication.processEvents()


def window_of(qtbot: QtBot, *fields: QtWidgets.QWidget) -> QtWidgets.QWidget:
    window = QtWidgets.QWidget()
    column = QtWidgets.QVBoxLayout(window)
    for field in fields:
        column.addWidget(field)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


@pytest.mark.parametrize("kind", [QtWidgets.QLineEdit, QtWidgets.QSpinBox, QtWidgets.QKeySequenceEdit])
def test_a_field_may_be_deleted_while_it_has_the_focus(qtbot: QtBot, kind: type[QtWidgets.QWidget]) -> None:
    field = kind()
    window = window_of(qtbot, field)
    field.setFocus()
    settle()
    assert caret().cover is not None, "the caret is covered before"
    field.deleteLater()
    settle()
    assert not is_alive(field)
    assert window.isVisible()
    assert caret().cover is None


def test_the_focus_goes_on_from_a_deleted_field_to_another(qtbot: QtBot) -> None:
    first, second = QtWidgets.QLineEdit("one"), QtWidgets.QLineEdit("two")
    window = window_of(qtbot, first, second)
    first.setFocus()
    settle()
    first.deleteLater()
    second.setFocus()
    settle()
    cover = caret().cover
    assert cover is not None
    assert cover.parent() is second
    before = cover.x()
    qtbot.keyClicks(second, "words")
    assert window.isVisible()
    assert cover.x() > before, "it follows the caret of the field that is there"


def test_the_palette_may_close_while_it_is_typed_into(qtbot: QtBot) -> None:
    settings = Settings()
    settings.set("look.theme", "red")
    desk = MadeDesk(settings=settings)
    qtbot.addWidget(desk.window)
    desk.window.show()
    palette = Palette(in_mode(Mode.REPLAY), desk.actions, settings, desk.window)
    palette.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
    palette.show()
    palette.activateWindow()
    qtbot.waitUntil(palette.isActiveWindow)
    palette.field.setFocus()
    qtbot.keyClicks(palette.field, "s")
    settle()
    assert caret().cover is not None
    palette.close()
    settle()
    assert not is_alive(palette)
    assert caret().cover is None
