"""Which theme the window has, and how large its words are; both can change while it runs.

What paints itself asks :func:`now` in its ``paintEvent`` and follows by itself; what keeps a color or an image made
from one connects to ``changes.changed``.
"""

from __future__ import annotations

from gui.look.colors import DARK, LIGHT, RED, THEMES, Theme
from gui.look.style import style_sheet
from gui.qt import QtCore, QtGui, QtWidgets, Signal

__all__ = ["BASE_PT", "DARK", "LIGHT", "NAMES", "RED", "SYSTEM", "Theme", "apply", "changes", "now", "points", "use"]

BASE_PT = 11
"""Size of the window's words at 100 %, in points."""

FAR_PT = 12
"""The least size of words that are read from two metres, in points at 100 %: capital letters 3.1 mm high where a screen
has 96 px an inch, 5.3 minutes of arc; a good eye reads five."""

LEAST_PERCENT, MOST_PERCENT, PERCENT_STEP = 80, 200, 10

SYSTEM = "system"
"""In place of a theme's name: light or dark, as the desktop is."""

NAMES = (*THEMES, SYSTEM)


class Changes(QtCore.QObject):
    """Tells that the theme, or the size of the words, has changed."""

    changed = Signal()


changes = Changes()

_chosen = DARK
_wanted = "dark"
_percent = 100
_desktop_is_light: bool | None = None
_is_listening = False
_caret: QtCore.QObject | None = None


def now() -> Theme:
    """The theme that the window has now. Ask for it where you paint; it may change."""
    return _chosen


def wanted() -> str:
    """The name that was asked for, which may be :data:`SYSTEM`."""
    return _wanted


def text_percent() -> int:
    """Size of the words, in percent of the usual."""
    return _percent


def points(base: float) -> float:
    """A size in points that belongs to :data:`BASE_PT`, at the size that is chosen now."""
    return base * _percent / 100


def use(name: str | None = None, percent: int | None = None) -> None:
    """Change the theme or the size of the words, at once, in every window.

    Args:
        name: one of :data:`NAMES`; None leaves the theme as it is.
        percent: 80..200; beyond that the nearest of them; None leaves the size as it is.

    Raises:
        ValueError: no theme of that name.
    """
    global _chosen, _wanted, _percent
    if name is not None:
        if name not in NAMES:
            raise ValueError(f"there is no theme {name!r}; there are {', '.join(NAMES)}")
        _wanted = name
        _chosen = _of_desktop() if name == SYSTEM else THEMES[name]
    resized = percent is not None and percent != _percent
    if percent is not None:
        _percent = min(max(percent, LEAST_PERCENT), MOST_PERCENT)
    app = QtWidgets.QApplication.instance()
    if app is not None:
        _dress(app)
        if resized:
            _resize_all(app)
    changes.changed.emit()


def apply(app: QtWidgets.QApplication, theme: Theme | None = None) -> None:
    """Give a new application a theme; the one that is chosen, by default."""
    global _desktop_is_light, _caret
    if _desktop_is_light is None:
        palette = app.palette()
        role = QtGui.QPalette.ColorRole
        _desktop_is_light = palette.color(role.Window).lightness() > palette.color(role.WindowText).lightness()
    _listen(app)
    if _caret is None:
        from gui.look.caret import NightCaret  # asks this module for the theme

        _caret = NightCaret(app)
    app.setStyle("Fusion")
    use(_wanted if theme is None else theme.name)


def _of_desktop() -> Theme:
    """Qt 6 is told by the desktop; Qt 5 gives its colors alone, and those were read at the start."""
    app = QtWidgets.QApplication.instance()
    scheme = getattr(QtCore.Qt, "ColorScheme", None)
    told = getattr(app.styleHints(), "colorScheme", None) if app is not None else None
    if scheme is not None and told is not None and told() != scheme.Unknown:
        return LIGHT if told() == scheme.Light else DARK
    return LIGHT if _desktop_is_light and not _is_bare(app) else DARK


def _is_bare(app: QtWidgets.QApplication | None) -> bool:
    """Whether there is no desktop to ask: Qt's own colors say nothing about the room."""
    return app is None or app.platformName() in ("offscreen", "minimal", "vnc", "linuxfb", "eglfs")


def _listen(app: QtWidgets.QApplication) -> None:
    global _is_listening
    changed = getattr(app.styleHints(), "colorSchemeChanged", None)
    if changed is not None and not _is_listening:
        _is_listening = True
        changed.connect(_desktop_changed)


def _desktop_changed(*_: object) -> None:
    if _wanted == SYSTEM:
        use(SYSTEM)


def _dress(app: QtWidgets.QApplication) -> None:
    font = app.font()
    resized = font.pointSizeF() != points(BASE_PT)
    if resized:
        font.setPointSizeF(points(BASE_PT))
        app.setFont(font)
    app.setPalette(_palette(_chosen))
    sheet = style_sheet(_chosen)
    # What a style sheet has dressed keeps the font that it had then, until it is dressed anew.
    if resized or app.styleSheet() != sheet:
        app.setStyleSheet(sheet)


def _palette(t: Theme) -> QtGui.QPalette:
    palette = QtGui.QPalette()
    role = QtGui.QPalette.ColorRole
    for name, color in (
        (role.Window, t.window),
        (role.Base, t.panel),
        (role.AlternateBase, t.raised),
        (role.Button, t.raised),
        (role.ToolTipBase, t.raised),
        (role.WindowText, t.text),
        (role.Text, t.text),
        (role.ButtonText, t.text),
        (role.ToolTipText, t.text),
        (role.BrightText, t.alarm),
        (role.Highlight, t.accent),
        (role.HighlightedText, t.on_accent),
        (role.Link, t.accent),
        (role.LinkVisited, t.event),
        (role.PlaceholderText, t.dim),
        (role.Light, t.line),
        (role.Midlight, t.raised),
        (role.Mid, t.line),
        (role.Dark, t.window),
        (role.Shadow, t.window),
    ):
        palette.setColor(name, QtGui.QColor(color))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QtGui.QPalette.ColorGroup.Disabled, name, QtGui.QColor(t.off))
    return palette


def set_tone(label: QtWidgets.QLabel, tone: str) -> None:
    """Change how a label looks: ``dim``, ``warn``, ``heading``, a ``badge`` (``-warn``, ``-record``, ``-alarm``), or
    nothing."""
    if label.property("tone") != tone:
        label.setProperty("tone", tone)
        label.style().unpolish(label)
        label.style().polish(label)


_POINTS = "pointsAt100"


def sized(widget: QtWidgets.QWidget, points_at_100: float, bold: bool = False) -> None:
    """Give a widget's text a size in points; it grows and shrinks with the size that the operator chose."""
    widget.setProperty(_POINTS, float(points_at_100))
    font = widget.font()
    font.setPointSizeF(points(points_at_100))
    font.setBold(bold)
    widget.setFont(font)


def _resize_all(app: QtWidgets.QApplication) -> None:
    for widget in app.allWidgets():
        base = widget.property(_POINTS)
        if base:
            sized(widget, float(base), widget.font().bold())
