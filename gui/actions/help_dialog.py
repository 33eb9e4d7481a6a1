"""Keys and what they do, made from the action table; a few letters find what is meant."""

from __future__ import annotations

import html

from gui.actions import table as action_table
from gui.feed import Mode
from gui.look import theme
from gui.qt import QtCore, QtGui, QtWidgets
from gui.replay.goto import HELP
from gui.words import tr


class HelpDialog(QtWidgets.QDialog):
    """A page of it."""

    def __init__(self, mode: Mode, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self._mode = mode
        actions = getattr(parent, "actions_by_key", None)
        portable = QtGui.QKeySequence.SequenceFormat.PortableText
        self._keys = (
            None if actions is None else {k: [s.toString(portable) for s in a.shortcuts()] for k, a in actions.items()}
        )
        self.setWindowTitle(tr("Keys and help"))
        self.field = QtWidgets.QLineEdit()
        self.field.setPlaceholderText(tr("Search"))
        self.field.setAccessibleName(tr("Search the help"))
        self.field.setToolTip(tr("Some letters of what you want to do, or a key"))
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(self._show)
        self.page = QtWidgets.QTextBrowser()
        self.page.setAccessibleName(tr("Help"))
        close = QtWidgets.QDialogButtonBox(QtWidgets.QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        for button in close.buttons():
            button.setIcon(QtGui.QIcon())
            button.setAccessibleName(button.text().replace("&", ""))
            button.setAutoDefault(False)
        layout = QtWidgets.QVBoxLayout(self)
        for widget in (self.field, self.page, close):
            layout.addWidget(widget)
        self._show("")
        self.resize(860, 720)
        self.field.setFocus()
        theme.changes.changed.connect(self._paint_again)

    def _show(self, words: str) -> None:
        found = action_table.help_html(self._mode, words, self._keys)
        if words.strip():
            none = html.escape(tr("Nothing is called that."))
            self.page.setHtml(found or f"<p>{none}</p>")
            return
        line = _line() if self._mode is Mode.REPLAY else ""
        self.page.setHtml(_colors() + _pictures() + line + found)

    def _paint_again(self) -> None:
        self._show(self.field.text())

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:
        """Page up and down turn the page while the letters are typed."""
        keys = QtCore.Qt.Key
        if event.key() in (keys.Key_PageDown, keys.Key_PageUp, keys.Key_Down, keys.Key_Up):
            bar = self.page.verticalScrollBar()
            step = bar.pageStep() if event.key() in (keys.Key_PageDown, keys.Key_PageUp) else bar.singleStep()
            bar.setValue(bar.value() + (step if event.key() in (keys.Key_PageDown, keys.Key_Down) else -step))
        else:
            super().keyPressEvent(event)


def _colored(color: str, words: str) -> str:
    return f"<span style='color:{color}'>{html.escape(words)}</span>"


def _colors() -> str:
    t = theme.now()
    if t.is_night:
        return f"<p>{html.escape(tr('At night all is red: the brightest needs your attention.'))}</p>"
    measured = _colored(t.accent, tr("Blue is measured."))
    attention = _colored(t.warn, tr("Orange needs your attention, or was GENERATED: a model imagined it."))
    return f"<p>{measured} {attention}</p>"


def _pictures() -> str:
    words = tr("Double-click a picture to see it large. The wheel zooms; dragging moves; Esc shows all of it.")
    return f"<p>{html.escape(words)}</p>"


def _line() -> str:
    """What stands on the time line, in the colors that it has there."""
    t = theme.now()
    plain = html.escape
    rows = (
        (t.event, tr("ticks above the line"), tr("events")),
        (t.text, tr("flags"), tr("bookmarks")),
        (t.text, tr("hatched holes"), tr("pauses of the cameras")),
        (t.warn, tr("orange ticks below the line"), tr("frames that the recording lacks")),
        (t.warn, tr("orange ticks through the line"), tr("frames that differ from what was recorded")),
        (t.dim, tr("gray ticks through the line"), tr("differences where tracking began elsewhere")),
        (t.warn, tr("an orange bar"), tr("what cannot be read")),
        (t.accent, tr("the broad pale band, with Compare on"), tr("what was recorded; the line is computed now")),
    )
    if t.is_night:  # there the words would name colors that nobody sees
        rows = (
            (t.event, tr("ticks above the line"), tr("events")),
            (t.text, tr("flags"), tr("bookmarks")),
            (t.text, tr("hatched holes"), tr("pauses of the cameras")),
            (t.warn, tr("bright ticks below the line"), tr("frames that the recording lacks")),
            (t.warn, tr("bright ticks through the line"), tr("frames that differ from what was recorded")),
            (t.dim, tr("dim ticks through the line"), tr("differences where tracking began elsewhere")),
            (t.warn, tr("a bright bar"), tr("what cannot be read")),
            (t.accent, tr("the broad band, with Compare on"), tr("what was recorded; the line is computed now")),
        )
    cell = "<td style='padding: 2px 20px 2px 0'>"
    lines = "".join(f"<tr>{cell}{_colored(ink, sign)}</td>{cell}{plain(words)}</td></tr>" for ink, sign, words in rows)
    return f"<h3>{plain(tr('The time line'))}</h3><table>{lines}</table><p>{plain(tr(HELP))}</p>"
