"""Settings that are changed by an operator."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.actions.settings_dialog import SettingsDialog
from gui.actions.settings_table import LANGUAGE, SETTINGS, TEXT, THEME, Kind
from gui.look import theme
from gui.qt import QtCore, QtGui, QtWidgets
from gui.settings import Settings
from gui.work.places import FOLDER, folder_of
from tests.gui.actions.made_desk import MadeDesk

Key = QtCore.Qt.Key


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[MadeDesk]:
    desk = MadeDesk()
    qtbot.addWidget(desk.window)
    desk.window.show()
    yield desk
    desk.part.close()
    theme.use("dark", 100)


@pytest.fixture
def dialog(desk: MadeDesk) -> SettingsDialog:
    desk.actions["settings"].trigger()
    assert desk.part.dialog is not None
    return desk.part.dialog


def test_a_theme_that_is_chosen_holds_at_once(dialog: SettingsDialog, desk: MadeDesk) -> None:
    box = dialog.fields[THEME].control
    box.setCurrentIndex(box.findData("light"))
    assert theme.now().name == "light"
    assert desk.settings.get(THEME) == "light"


def test_the_size_of_the_words_grows_in_every_window(dialog: SettingsDialog, qtbot: QtBot) -> None:
    label = QtWidgets.QLabel("x")
    qtbot.addWidget(label)
    theme.sized(label, 20, bold=True)
    dialog.fields[TEXT].control.setValue(150)
    assert theme.text_percent() == 150
    assert label.font().pointSizeF() == 30
    assert label.font().bold()
    assert QtWidgets.QApplication.font().pointSizeF() == 1.5 * theme.BASE_PT


def test_defaults_put_a_page_back_and_the_file_is_empty_again(dialog: SettingsDialog, desk: MadeDesk) -> None:
    box = dialog.fields[THEME].control
    box.setCurrentIndex(box.findData("red"))
    dialog.fields[TEXT].control.setValue(200)
    dialog.reset.click()
    assert theme.now().name == "dark"
    assert box.currentData() == "dark"
    assert desk.settings.get(THEME) is None
    assert desk.settings.get(TEXT) is None


def test_a_change_from_elsewhere_is_shown(dialog: SettingsDialog, desk: MadeDesk) -> None:
    desk.actions["text_larger"].trigger()
    assert dialog.fields[TEXT].control.value() == 110


def test_a_folder_that_is_no_whole_path_is_not_kept_and_said(
    dialog: SettingsDialog, desk: MadeDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    field = dialog.fields[FOLDER]
    dialog.pages.setCurrentRow(2)
    qtbot.keyClicks(field.control, "here")
    assert "whole path" in field.note.text()
    assert desk.settings.get(FOLDER) is None
    field.control.clear()
    qtbot.keyClicks(field.control, str(tmp_path))
    assert folder_of(desk.settings) == tmp_path
    assert "whole path" not in field.note.text()


def test_a_language_is_said_to_come_with_the_next_window(dialog: SettingsDialog, desk: MadeDesk) -> None:
    box = dialog.fields[LANGUAGE].control
    box.setCurrentIndex(box.findData("it"))
    assert any("opened anew" in said for said in desk.said)


def test_opening_it_twice_shows_one(dialog: SettingsDialog, desk: MadeDesk) -> None:
    desk.actions["settings"].trigger()
    assert desk.part.dialog is dialog
    dialog.reject()
    assert desk.part.dialog is None


def test_a_key_is_given_taken_from_another_only_when_said_and_put_back(
    dialog: SettingsDialog, desk: MadeDesk, qtbot: QtBot
) -> None:
    dialog.pages.setCurrentRow(dialog.pages.count() - 1)
    page = dialog.keys
    page.choose("goto")
    qtbot.keyClick(page.edit, Key.Key_F1)
    qtbot.waitUntil(lambda: "“Help”" in page.note.text(), timeout=5_000)
    assert page.give.text() == "Take it"
    assert _keys(desk, "help") == ["F1"], "nothing is taken before it is said"
    page.give.click()
    assert _keys(desk, "goto") == ["F1"]
    assert _keys(desk, "help") == []
    page.choose("help")
    page.usual.click()
    page.choose("goto")
    page.none.click()
    assert _keys(desk, "goto") == []
    assert _keys(desk, "help") == ["F1"]
    dialog.reset.click()
    assert _keys(desk, "goto") == ["Ctrl+G"]


def test_the_key_field_is_no_trap_for_the_focus(dialog: SettingsDialog, qtbot: QtBot) -> None:
    dialog.pages.setCurrentRow(dialog.pages.count() - 1)
    page = dialog.keys
    page.edit.setFocus()
    for _ in range(4):
        qtbot.keyClick(QtWidgets.QApplication.focusWidget(), Key.Key_Tab)
        if not page.edit.isAncestorOf(QtWidgets.QApplication.focusWidget()) and not page.edit.hasFocus():
            break
    else:
        pytest.fail("the tab key does not lead out of the field")


def test_the_wheel_changes_nothing_that_was_not_chosen(dialog: SettingsDialog, desk: MadeDesk) -> None:
    control = dialog.fields[TEXT].control
    dialog.pages.setFocus()
    point = QtCore.QPointF(5, 5)
    event = QtGui.QWheelEvent(
        point,
        point,
        QtCore.QPoint(0, 0),
        QtCore.QPoint(0, 120),
        QtCore.Qt.MouseButton.NoButton,
        QtCore.Qt.KeyboardModifier.NoModifier,
        QtCore.Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QtWidgets.QApplication.sendEvent(control, event)
    assert desk.settings.get(TEXT) is None


@pytest.mark.parametrize("value", [None, 1e99, "loud", [], {"a": 1}, True])
def test_broken_values_open_it_with_the_defaults(qtbot: QtBot, value: object) -> None:
    settings = Settings()
    for setting in SETTINGS:
        settings.set(setting.name, value)
    dialog = SettingsDialog(settings, (), lambda: None)
    qtbot.addWidget(dialog)
    for setting in SETTINGS:
        if setting.kind is not Kind.FOLDER or not isinstance(value, str):
            assert setting.value(settings) == setting.default


def test_every_control_has_a_name_and_a_tip(dialog: SettingsDialog) -> None:
    kinds = (QtWidgets.QAbstractButton, QtWidgets.QComboBox, QtWidgets.QAbstractSpinBox, QtWidgets.QAbstractItemView)
    for kind in kinds:
        for widget in dialog.findChildren(kind):
            if widget.isVisibleTo(dialog) and widget.focusPolicy() != QtCore.Qt.FocusPolicy.NoFocus:
                assert widget.accessibleName(), widget
                assert widget.toolTip(), widget


def _keys(desk: MadeDesk, key: str) -> list[str]:
    return [s.toString() for s in desk.actions[key].shortcuts()]
