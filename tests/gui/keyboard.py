"""Keys as an operator presses them: into the window that the desktop gives them to."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from gui.qt import QtCore, QtWidgets

NO_MODIFIER = QtCore.Qt.KeyboardModifier.NoModifier


def until_active(qtbot: QtBot, widget: QtWidgets.QWidget) -> None:
    """Wait until the keyboard is its window's. A window that was just shown, or whose dialog has just gone, is not the
    active one yet, and the shortcuts of any other window are lost without a word."""
    window = widget.window()
    if not window.isActiveWindow():
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow, timeout=20_000)


def press(
    qtbot: QtBot,
    widget: QtWidgets.QWidget,
    key: QtCore.Qt.Key,
    modifier: QtCore.Qt.KeyboardModifier = NO_MODIFIER,
) -> None:
    """A key, once the window is active."""
    until_active(qtbot, widget)
    qtbot.keyClick(widget, key, modifier)
