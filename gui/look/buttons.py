"""Buttons as dialogs and panels have them."""

from __future__ import annotations

from gui.qt import QtWidgets


def plain_button(text: str, tip: str) -> QtWidgets.QPushButton:
    """A button that Enter in a field does not press."""
    button = QtWidgets.QPushButton(text)
    button.setAccessibleName(text)
    button.setToolTip(tip)
    button.setAutoDefault(False)
    return button
