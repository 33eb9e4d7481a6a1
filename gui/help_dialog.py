"""Keys and what they do, made from the action table."""

from __future__ import annotations

from gui import actions as action_table
from gui.feed import Mode
from gui.goto import HELP
from gui.qt import QtGui, QtWidgets

_COLORS = (
    "<p>Blue is measured. <span style='color:#ffb000'>Orange needs your attention, or was <b>GENERATED</b></span>: a "
    "model imagined it.</p>"
)
_PICTURES = "<p>Double-click a picture to see it large. The wheel zooms; dragging moves; Esc shows all of it.</p>"
_LINE = (
    "<p>On the time line, <span style='color:#d48ab8'>events</span> stand above, hatched holes are pauses of the "
    "cameras, and <span style='color:#ffb000'>orange ticks</span> below are frames that the recording lacks.</p>"
    f"<p>{HELP}</p>"
)


class HelpDialog(QtWidgets.QDialog):
    """A page of it."""

    def __init__(self, mode: Mode, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys and help")
        page = QtWidgets.QTextBrowser()
        line = _LINE if mode is Mode.REPLAY else ""
        page.setHtml(_COLORS + _PICTURES + line + action_table.help_html(mode))
        page.setAccessibleName("Help")
        close = QtWidgets.QDialogButtonBox(QtWidgets.QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        for button in close.buttons():
            button.setIcon(QtGui.QIcon())
        layout = QtWidgets.QVBoxLayout(self)
        layout.addWidget(page)
        layout.addWidget(close)
        self.resize(860, 720)
