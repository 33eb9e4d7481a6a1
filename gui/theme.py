"""Colors, fonts and the dark style sheet of the window."""

from __future__ import annotations

from dataclasses import dataclass

from gui.qt import QtGui, QtWidgets


@dataclass(frozen=True, slots=True)
class Theme:
    """Colors of the window, as ``#rrggbb``. Blue means measured, orange means look here, and generated; red is the
    recording, and full red a recording that loses something."""

    window: str = "#0f1115"
    panel: str = "#191d23"
    raised: str = "#242a32"
    line: str = "#333b46"
    text: str = "#f1f4f8"
    dim: str = "#a8b0bc"
    accent: str = "#56b4e9"
    warn: str = "#ffb000"
    alarm: str = "#fe6100"
    record: str = "#e5383b"
    event: str = "#d48ab8"


DARK = Theme()

BASE_PT = 11


def apply(app: QtWidgets.QApplication, theme: Theme = DARK) -> None:
    """Give the whole application the theme."""
    app.setStyle("Fusion")
    font = app.font()
    font.setPointSize(BASE_PT)
    app.setFont(font)
    palette = QtGui.QPalette()
    role = QtGui.QPalette.ColorRole
    for name, color in (
        (role.Window, theme.window),
        (role.Base, theme.panel),
        (role.AlternateBase, theme.raised),
        (role.Button, theme.raised),
        (role.ToolTipBase, theme.raised),
        (role.WindowText, theme.text),
        (role.Text, theme.text),
        (role.ButtonText, theme.text),
        (role.ToolTipText, theme.text),
        (role.BrightText, theme.alarm),
        (role.Highlight, theme.accent),
        (role.HighlightedText, theme.window),
        (role.Link, theme.accent),
    ):
        palette.setColor(name, QtGui.QColor(color))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QtGui.QPalette.ColorGroup.Disabled, name, QtGui.QColor("#667080"))
    app.setPalette(palette)
    app.setStyleSheet(style_sheet(theme))


def style_sheet(t: Theme) -> str:
    """The style sheet of a theme."""
    return f"""
    QMainWindow, QDialog {{ background: {t.window}; }}
    QToolTip {{ background: {t.raised}; color: {t.text}; border: 1px solid {t.line}; padding: 4px; }}
    QMenuBar {{ background: {t.window}; color: {t.text}; padding: 2px 6px; }}
    QMenuBar::item {{ padding: 4px 10px; border-radius: 4px; background: transparent; }}
    QMenuBar::item:selected {{ background: {t.raised}; }}
    QMenu {{ background: {t.panel}; color: {t.text}; border: 1px solid {t.line}; padding: 4px; }}
    QMenu::item {{ padding: 5px 26px 5px 26px; border-radius: 4px; }}
    QMenu::item:selected {{ background: {t.raised}; }}
    QMenu::item:disabled {{ color: #667080; }}
    QMenu::separator {{ height: 1px; background: {t.line}; margin: 4px 8px; }}
    QToolBar {{ background: {t.window}; border: none; spacing: 4px; padding: 2px 8px; }}
    QToolBar::separator {{ width: 1px; background: {t.line}; margin: 6px 6px; }}
    QToolButton {{
        background: transparent; color: {t.text}; border: 1px solid transparent; border-radius: 6px;
        padding: 5px 8px;
    }}
    QToolButton:hover {{ background: {t.raised}; }}
    QToolButton:checked {{ background: #17344a; border-color: {t.accent}; }}
    QToolButton:pressed {{ background: {t.line}; }}
    QToolButton:focus, QComboBox:focus {{ border-color: {t.text}; }}
    QPushButton {{
        background: {t.raised}; color: {t.text}; border: 1px solid {t.line}; border-radius: 6px; padding: 6px 18px;
    }}
    QPushButton:hover, QPushButton:focus {{ border-color: {t.accent}; }}
    QPushButton:disabled, QComboBox:disabled {{ color: #667080; background: {t.panel}; }}
    QProgressBar {{ background: {t.line}; border: none; border-radius: 6px; }}
    QProgressBar::chunk {{ background: {t.accent}; border-radius: 6px; }}
    QTextBrowser {{ background: {t.panel}; color: {t.text}; border: none; border-radius: 8px; padding: 8px; }}
    QComboBox {{
        background: {t.raised}; color: {t.text}; border: 1px solid {t.line}; border-radius: 6px;
        padding: 4px 8px; min-width: 58px;
    }}
    QComboBox QAbstractItemView {{ background: {t.panel}; color: {t.text}; selection-background-color: {t.line}; }}
    QComboBox QAbstractItemView::item:disabled {{ color: #667080; }}
    QSlider::groove:horizontal {{ height: 6px; background: {t.line}; border-radius: 3px; }}
    QSlider::sub-page:horizontal {{ background: {t.accent}; border-radius: 3px; }}
    QSlider::handle:horizontal {{
        width: 16px; height: 16px; margin: -6px 0; border-radius: 8px; background: {t.text};
    }}
    QSlider::handle:horizontal:focus {{ background: {t.accent}; border: 2px solid {t.text}; }}
    QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: none; }}
    QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
    QScrollBar::handle:vertical {{ background: {t.line}; border-radius: 5px; min-height: 30px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; width: 0; }}
    QSplitter::handle {{ background: {t.window}; }}
    QSplitter::handle:hover {{ background: {t.line}; }}
    QFrame#panel {{ background: {t.panel}; border-radius: 8px; }}
    QLabel {{ background: transparent; color: {t.text}; }}
    QLabel[tone="dim"] {{ color: {t.dim}; }}
    QLabel[tone="warn"] {{ color: {t.warn}; }}
    QLabel[tone="heading"] {{ color: {t.dim}; font-weight: 600; }}
    QLabel[tone="badge"] {{
        background: {t.raised}; color: {t.text}; border-radius: 5px; padding: 2px 8px; font-weight: 700;
    }}
    QLabel[tone="badge-warn"] {{
        background: {t.warn}; color: #16130a; border-radius: 5px; padding: 2px 8px; font-weight: 700;
    }}
    QLabel[tone="badge-record"] {{
        background: {t.raised}; color: {t.text}; border: 1px solid {t.record}; border-radius: 5px; padding: 1px 7px;
        font-weight: 700;
    }}
    QLabel[tone="badge-alarm"] {{
        background: {t.record}; color: #ffffff; border: 1px solid {t.record}; border-radius: 5px; padding: 1px 7px;
        font-weight: 700;
    }}
    QLineEdit {{
        background: {t.raised}; color: {t.text}; border: 1px solid {t.line}; border-radius: 6px; padding: 4px 8px;
        selection-background-color: {t.accent}; selection-color: {t.window};
    }}
    QLineEdit:focus {{ border-color: {t.text}; }}
    QLineEdit[wrong="true"] {{ border-color: {t.warn}; color: {t.warn}; }}
    QToolButton:disabled {{ color: #667080; }}
    QFrame#popup {{ background: {t.panel}; border: 1px solid {t.line}; border-radius: 8px; }}
    QTreeWidget {{
        background: {t.panel}; color: {t.text}; border: none; alternate-background-color: {t.raised}; outline: none;
    }}
    QTreeWidget::item {{ padding: 4px 0; border: none; }}
    QTreeWidget::item:selected {{ background: #17344a; color: {t.text}; }}
    QTreeWidget::item:disabled {{ color: #667080; }}
    QHeaderView::section {{
        background: {t.panel}; color: {t.dim}; border: none; padding: 4px 6px; font-weight: 600;
    }}
    QFrame#message {{ background: #3a2a08; border: 1px solid {t.warn}; border-radius: 8px; }}
    QStatusBar {{ background: {t.window}; color: {t.dim}; }}
    QStatusBar::item {{ border: none; }}
    """


def set_tone(label: QtWidgets.QLabel, tone: str) -> None:
    """Change how a label looks: ``dim``, ``warn``, ``heading``, a ``badge`` (``-warn``, ``-record``, ``-alarm``), or
    nothing."""
    if label.property("tone") != tone:
        label.setProperty("tone", tone)
        label.style().unpolish(label)
        label.style().polish(label)


def sized(widget: QtWidgets.QWidget, points: float, bold: bool = False) -> None:
    """Give a widget's text a size in points."""
    font = widget.font()
    font.setPointSizeF(points)
    font.setBold(bold)
    widget.setFont(font)
