"""The words of the window in the operator's language, through Qt's own translation."""

from __future__ import annotations

from gui.qt import QtCore

CONTEXT = "Tapetum"


def tr(text: str, /, **values: object) -> str:
    """A sentence in the language of the window.

    Args:
        text: English, a literal, so that the translation tools find it; ``{name}`` stands for a value.
        values: what stands in its places.
    """
    said = QtCore.QCoreApplication.translate(CONTEXT, text)
    return said.format(**values) if values else said


def mark(text: str) -> str:
    """A sentence that is translated where it is shown, not where it stands."""
    return text
