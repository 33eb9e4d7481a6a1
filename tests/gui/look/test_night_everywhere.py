"""At night nothing but red leaves the screen: windows, dialogs, docks and menus, whatever has the focus."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gui.feed import Mode
from gui.look import theme
from gui.qt import QtCore, QtWidgets, rgb_of
from gui.replay.player import Player
from gui.settings import Settings
from gui.window import Window
from gui.work import tasks
from gui.work.batch_dialog import BatchDialog
from gui.work.calibrate_dialog import CalibrateDialog
from gui.work.file_dialog import FileDialog
from gui.work.tasks import TaskBook
from tests.gui.conftest import FakeSteps, make, no_models

BOUND = 16
"""Of 255, green and blue: the brightest pixels of pictures have 14 (gui/looks/tables.py), the window itself none."""

MODES = QtWidgets.QFileDialog.ViewMode


@pytest.fixture(autouse=True)
def night(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(tasks, "_shared", TaskBook())
    theme.apply(QtWidgets.QApplication.instance())
    theme.use("red")
    yield
    theme.use("dark", 100)
    assert tasks.close_shared()


def strange(widget: QtWidgets.QWidget) -> list[str]:
    """Where its pixels have another color than red, and what stands there."""
    rgb = rgb_of(widget.grab().toImage()).astype(int)
    found = np.argwhere(rgb[..., 1:].max(axis=-1) > BOUND)
    return [f"{rgb[y, x]} at {x}, {y}: {widget.childAt(int(x), int(y))}" for y, x in found[:: len(found) // 5 + 1]]


def look_at(widget: QtWidgets.QWidget) -> None:
    """As it is, and with the focus on each of its controls."""
    widget.activateWindow()
    QtWidgets.QApplication.processEvents()
    assert not strange(widget), widget
    none = QtCore.Qt.FocusPolicy.NoFocus
    for child in widget.findChildren(QtWidgets.QWidget):
        if child.isVisible() and child.isEnabled() and child.focusPolicy() != none:
            child.setFocus()
            if isinstance(child, QtWidgets.QAbstractSpinBox):
                child.selectAll()
            QtWidgets.QApplication.processEvents()
            assert not strange(child), child
            if isinstance(child, QtWidgets.QComboBox) and child.count():
                child.showPopup()
                QtWidgets.QApplication.processEvents()
                assert not strange(child.view().window()), child
                child.hidePopup()


def files(folder: Path) -> Path:
    (folder / "night").mkdir()
    for name in ("a.mcap", "b.png", "c.txt", "d.pdf"):
        (folder / name).write_text("x")
    return folder


@pytest.mark.parametrize("mode", [MODES.Detail, MODES.List])
@pytest.mark.parametrize("saves", [True, False])
def test_the_file_dialog_is_red_alone(
    qtbot: QtBot, tmp_path: Path, mode: QtWidgets.QFileDialog.ViewMode, saves: bool
) -> None:
    dialog = FileDialog(None, "Open", str(files(tmp_path)), "Sessions (*.mcap);;All files (*)")
    qtbot.addWidget(dialog)
    if saves:
        dialog.setAcceptMode(QtWidgets.QFileDialog.AcceptMode.AcceptSave)
    dialog.setViewMode(mode)
    dialog.show()
    is_detail = mode == MODES.Detail
    view = dialog.findChild(
        QtWidgets.QTreeView if is_detail else QtWidgets.QListView, "treeView" if is_detail else "listView"
    )
    qtbot.waitUntil(lambda: view.model().rowCount(view.rootIndex()) == 2, timeout=20_000)
    look_at(dialog)
    field = dialog.findChild(QtWidgets.QLineEdit, "fileNameEdit")
    field.setText("night.mcap")
    field.setFocus()
    qtbot.waitUntil(field.hasFocus, timeout=20_000)
    for at in (0, 4, 10):
        field.setCursorPosition(at)
        assert not strange(dialog), f"the caret at {at}"
    dialog.close()


@pytest.fixture
def window(qtbot: QtBot, session: Path, steps: FakeSteps) -> Iterator[Window]:
    settings = Settings()
    settings.set("look.theme", "red")
    player = Player(session, playing=False, load=no_models, make_steps=make(steps))
    window = Window(player, Mode.REPLAY, "tiny.mcap", settings=settings)
    qtbot.addWidget(window)
    player.start()
    window.show()
    qtbot.waitUntil(lambda: window.shown is not None, timeout=20_000)
    yield window
    window.close()
    assert window.closed_cleanly


def test_the_window_and_its_panels_are_red_alone(window: Window, qtbot: QtBot) -> None:
    look_at(window)
    for key in ("look", "tasks"):
        window.actions_by_key[key].trigger()
        docks = [d for d in window.findChildren(QtWidgets.QDockWidget) if d.isVisible()]
        assert docks, key
        for dock in docks:
            for floats in (False, True):
                dock.setFloating(floats)
                dock.show()
                QtWidgets.QApplication.processEvents()
                look_at(dock)
            dock.setFloating(False)
        assert not strange(window), key
        for dock in docks:
            dock.close()


@pytest.mark.parametrize("key", ["settings", "palette_open", "alarms", "engines", "layouts", "batch", "cameras"])
def test_a_dialog_of_the_window_is_red_alone(window: Window, qtbot: QtBot, key: str) -> None:
    others = set(QtWidgets.QApplication.topLevelWidgets())
    window.actions_by_key[key].trigger()
    QtWidgets.QApplication.processEvents()
    found = [w for w in QtWidgets.QApplication.topLevelWidgets() if w not in others and w.isVisible()]
    assert found, key
    for dialog in found:
        look_at(dialog)
        pages = getattr(dialog, "pages", None)
        if isinstance(pages, QtWidgets.QListWidget):
            for row in range(pages.count()):
                pages.setCurrentRow(row)
                look_at(dialog)
        dialog.close()


def test_menus_forms_and_questions_are_red_alone(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    for menu in window.menuBar().findChildren(QtWidgets.QMenu):
        if menu.actions():
            menu.popup(QtCore.QPoint(10, 10))
            QtWidgets.QApplication.processEvents()
            assert not strange(menu), menu.title()
            menu.hide()
    box = QtWidgets.QMessageBox(window)
    box.setIcon(QtWidgets.QMessageBox.Icon.NoIcon)
    box.setText("A recording is running")
    box.addButton("Go on", QtWidgets.QMessageBox.ButtonRole.RejectRole)
    forms = [BatchDialog([tmp_path], tmp_path, window), CalibrateDialog(None, tmp_path, True, window), box]
    for form in forms:
        form.show()
        look_at(form)
        form.close()
