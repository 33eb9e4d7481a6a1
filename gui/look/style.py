"""The style sheet of a theme. No Qt here."""

from __future__ import annotations

from gui.look.colors import Theme


def style_sheet(t: Theme) -> str:
    """What every widget looks like; the focus is seen on each that can have it."""
    return "\n".join((_grounds(t), _buttons(t), _fields(t), _lists(t), _bars(t), _labels(t)))


def _grounds(t: Theme) -> str:
    return f"""
    QMainWindow, QDialog, QMessageBox {{ background: {t.window}; color: {t.text}; }}
    QToolTip {{ background: {t.raised}; color: {t.text}; border: 1px solid {t.line}; padding: 4px; }}
    QMenuBar {{ background: {t.window}; color: {t.text}; padding: 2px 6px; }}
    QMenuBar::item {{ padding: 4px 10px; border-radius: 4px; background: transparent; }}
    QMenuBar::item:selected {{ background: {t.raised}; }}
    QMenu {{ background: {t.panel}; color: {t.text}; border: 1px solid {t.line}; padding: 4px; }}
    QMenu::item {{ padding: 4px 25px 4px 25px; border: 1px solid transparent; border-radius: 4px; }}
    QMenu::item:selected {{ background: {t.chosen}; color: {t.text}; border-color: {t.text}; }}
    QMenu::item:disabled {{ color: {t.off}; }}
    QMenu::separator {{ height: 1px; background: {t.line}; margin: 4px 8px; }}
    QMenu::indicator {{ width: 12px; height: 12px; border: 1px solid {t.dim}; border-radius: 3px; left: 7px; }}
    QMenu::indicator:checked {{ background: {t.accent}; }}
    QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: none; }}
    QScrollArea:focus {{ border: 1px solid {t.accent}; border-radius: 6px; }}
    QMainWindow::separator {{ background: {t.window}; width: 6px; height: 6px; }}
    QMainWindow::separator:hover {{ background: {t.line}; }}
    QSplitter::handle {{ background: {t.window}; }}
    QSplitter::handle:hover {{ background: {t.line}; }}
    QFrame#panel {{ background: {t.panel}; border-radius: 8px; }}
    QFrame#popup {{ background: {t.panel}; border: 1px solid {t.line}; border-radius: 8px; }}
    QFrame#message {{ background: {t.message}; border: 1px solid {t.warn}; border-radius: 8px; }}
    QDockWidget {{ color: {t.text}; }}
    QDockWidget::title {{ background: {t.raised}; padding: 4px; }}
    QGroupBox {{ border: 1px solid {t.line}; border-radius: 6px; margin-top: 14px; padding-top: 8px; color: {t.text}; }}
    QGroupBox::title {{ subcontrol-origin: margin; left: 10px; color: {t.dim}; }}
    QStatusBar {{ background: {t.window}; color: {t.dim}; }}
    QStatusBar::item {{ border: none; }}
    QSizeGrip {{ background: transparent; image: none; }}
    """


def _buttons(t: Theme) -> str:
    return f"""
    QToolBar {{ background: {t.window}; border: none; spacing: 4px; padding: 2px 8px; }}
    QToolBar::separator {{ width: 1px; background: {t.line}; margin: 6px 6px; }}
    QToolButton {{
        background: transparent; color: {t.text}; border: 1px solid transparent; border-radius: 6px;
        padding: 5px 8px;
    }}
    QToolButton:hover {{ background: {t.raised}; }}
    QToolButton:checked {{ background: {t.chosen}; border-color: {t.accent}; }}
    QToolButton:pressed {{ background: {t.line}; }}
    QToolButton:focus {{ border: 2px solid {t.text}; padding: 4px 7px; }}
    QToolButton:disabled {{ color: {t.off}; }}
    QToolButton::menu-indicator {{ image: none; }}
    QToolButton[popupMode="1"] {{ padding-right: 20px; }}
    QToolButton[popupMode="1"]:focus {{ padding-right: 19px; }}
    QToolButton::menu-button {{ border: none; border-left: 1px solid {t.line}; width: 15px; }}
    QToolButton::menu-arrow {{ {_arrow("down", t.text)} }}
    QPushButton {{
        background: {t.raised}; color: {t.text}; border: 1px solid {t.line}; border-radius: 6px; padding: 6px 18px;
    }}
    QPushButton:hover {{ border-color: {t.accent}; }}
    QPushButton:pressed {{ background: {t.line}; }}
    QPushButton:checked {{ background: {t.chosen}; border-color: {t.accent}; }}
    QPushButton:default {{ border-color: {t.accent}; }}
    QPushButton:focus {{ border: 2px solid {t.text}; padding: 5px 17px; }}
    QPushButton:disabled, QComboBox:disabled {{ color: {t.off}; background: {t.panel}; }}
    QCheckBox, QRadioButton {{ color: {t.text}; spacing: 8px; padding: 3px; border: 1px solid transparent; }}
    QCheckBox:focus, QRadioButton:focus {{ border: 1px solid {t.text}; border-radius: 4px; }}
    QCheckBox:disabled, QRadioButton:disabled {{ color: {t.off}; }}
    QCheckBox::indicator, QRadioButton::indicator {{
        width: 14px; height: 14px; border: 2px solid {t.dim}; background: {t.panel};
    }}
    QCheckBox::indicator {{ border-radius: 4px; }}
    QRadioButton::indicator {{ border-radius: 9px; }}
    QCheckBox::indicator:checked, QRadioButton::indicator:checked {{
        background: {t.accent}; border-color: {t.accent};
    }}
    QCheckBox::indicator:disabled, QRadioButton::indicator:disabled {{ border-color: {t.off}; }}
    """


def _fields(t: Theme) -> str:
    return f"""
    QLineEdit, QPlainTextEdit, QTextEdit {{
        background: {t.raised}; color: {t.text}; border: 1px solid {t.line}; border-radius: 6px; padding: 4px 8px;
        selection-background-color: {t.accent}; selection-color: {t.on_accent};
    }}
    QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus {{ border: 2px solid {t.text}; padding: 3px 7px; }}
    QLineEdit:disabled {{ color: {t.off}; background: {t.panel}; }}
    QLineEdit[wrong="true"] {{ border-color: {t.warn}; color: {t.warn}; }}
    QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus {{ border: none; padding: 2px 4px; }}
    QTextBrowser {{ background: {t.panel}; color: {t.text}; border: 1px solid transparent; border-radius: 8px;
        padding: 8px; }}
    QTextBrowser:focus {{ border: 1px solid {t.accent}; padding: 8px; }}
    QComboBox {{
        background: {t.raised}; color: {t.text}; border: 1px solid {t.line}; border-radius: 6px;
        padding: 4px 8px; min-width: 58px; combobox-popup: 0;
    }}
    QComboBox::drop-down {{ border: none; width: 18px; }}
    QComboBox::down-arrow {{ {_arrow("down", t.dim)} }}
    QComboBox::down-arrow:disabled {{ {_arrow("down", t.off)} }}
    QAbstractSpinBox {{
        background: {t.raised}; color: {t.text}; border: 1px solid {t.line}; border-radius: 6px;
        padding: 2px 18px 2px 6px; selection-background-color: {t.accent}; selection-color: {t.on_accent};
    }}
    QAbstractSpinBox:focus {{ border: 2px solid {t.text}; padding: 1px 17px 1px 5px; }}
    QAbstractSpinBox:disabled {{ color: {t.off}; background: {t.panel}; }}
    QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{
        subcontrol-origin: border; width: 18px; border: none; background: transparent;
    }}
    QAbstractSpinBox::up-button {{ subcontrol-position: top right; }}
    QAbstractSpinBox::down-button {{ subcontrol-position: bottom right; }}
    QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover {{ background: {t.line}; }}
    QAbstractSpinBox::up-arrow {{ {_arrow("up", t.dim)} }}
    QAbstractSpinBox::down-arrow {{ {_arrow("down", t.dim)} }}
    QAbstractSpinBox::up-arrow:disabled, QAbstractSpinBox::up-arrow:off {{ {_arrow("up", t.off)} }}
    QAbstractSpinBox::down-arrow:disabled, QAbstractSpinBox::down-arrow:off {{ {_arrow("down", t.off)} }}
    QComboBox:focus {{ border: 2px solid {t.text}; padding: 3px 7px; }}
    QComboBox QAbstractItemView {{
        background: {t.panel}; color: {t.text}; border: 1px solid {t.line};
        selection-background-color: {t.selected}; selection-color: {t.on_selected};
    }}
    QComboBox QAbstractItemView::item:disabled {{ color: {t.off}; }}
    """


def _lists(t: Theme) -> str:
    return f"""
    QTreeView, QListView, QTableView {{
        background: {t.panel}; color: {t.text}; border: 1px solid transparent; outline: none;
        alternate-background-color: {t.raised}; gridline-color: {t.line};
        selection-background-color: {t.selected}; selection-color: {t.on_selected};
    }}
    QTreeView:focus, QListView:focus, QTableView:focus {{ border: 1px solid {t.accent}; }}
    QTreeView::item, QListView::item {{ padding: 4px 0; border: none; }}
    QTreeView::item:selected, QListView::item:selected, QTableView::item:selected {{
        background: {t.selected}; color: {t.on_selected};
    }}
    QTreeView::item:disabled, QListView::item:disabled {{ color: {t.off}; }}
    QHeaderView {{ background: {t.panel}; }}
    QHeaderView::section {{
        background: {t.panel}; color: {t.dim}; border: none; padding: 4px 6px; font-weight: 600;
    }}
    QTableCornerButton::section {{ background: {t.panel}; border: none; }}
    QTabWidget::pane {{ border: 1px solid {t.line}; border-radius: 6px; }}
    QTabBar {{ background: transparent; }}
    QTabBar::tab {{
        background: transparent; color: {t.dim}; padding: 6px 14px; border: 1px solid transparent; border-radius: 6px;
        margin: 2px;
    }}
    QTabBar::tab:selected {{ background: {t.chosen}; color: {t.text}; border-color: {t.accent}; }}
    QTabBar::tab:focus {{ border-color: {t.text}; }}
    """


def _bars(t: Theme) -> str:
    return f"""
    QProgressBar {{
        background: {t.line}; color: {t.text}; border: none; border-radius: 6px; text-align: center;
    }}
    QProgressBar::chunk {{ background: {t.accent}; border-radius: 6px; }}
    QSlider::groove:horizontal {{ height: 6px; background: {t.line}; border-radius: 3px; }}
    QSlider::sub-page:horizontal {{ background: {t.accent}; border-radius: 3px; }}
    QSlider::handle:horizontal {{
        width: 16px; height: 16px; margin: -6px 0; border-radius: 8px; background: {t.text};
    }}
    QSlider::handle:horizontal:focus {{ background: {t.accent}; border: 2px solid {t.text}; }}
    QSlider::groove:vertical {{ width: 6px; background: {t.line}; border-radius: 3px; }}
    QSlider::add-page:vertical {{ background: {t.accent}; border-radius: 3px; }}
    QSlider::handle:vertical {{
        width: 16px; height: 16px; margin: 0 -6px; border-radius: 8px; background: {t.text};
    }}
    QSlider::handle:vertical:focus {{ background: {t.accent}; border: 2px solid {t.text}; }}
    QScrollBar {{ background: transparent; border: none; }}
    QScrollBar:vertical {{ width: 10px; margin: 0; }}
    QScrollBar:horizontal {{ height: 10px; margin: 0; }}
    QScrollBar::handle {{ background: {t.line}; border-radius: 5px; }}
    QScrollBar::handle:vertical {{ min-height: 30px; }}
    QScrollBar::handle:horizontal {{ min-width: 30px; }}
    QScrollBar::handle:hover {{ background: {t.off}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; width: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QAbstractScrollArea::corner {{ background: transparent; border: none; }}
    """


def _labels(t: Theme) -> str:
    badge = "border-radius: 5px; font-weight: 700;"
    return f"""
    QLabel {{ background: transparent; color: {t.text}; }}
    QLabel:disabled {{ color: {t.off}; }}
    QLabel[tone="dim"] {{ color: {t.dim}; }}
    QLabel[tone="warn"] {{ color: {t.warn}; }}
    QLabel[tone="heading"] {{ color: {t.dim}; font-weight: 600; }}
    QLabel[tone="badge"] {{ background: {t.raised}; color: {t.text}; {badge} }}
    QLabel[tone="badge-warn"] {{ background: {t.warn}; color: {t.on_warn}; {badge} }}
    QLabel[tone="badge-record"] {{
        background: {t.raised}; color: {t.text}; border: 1px solid {t.record}; {badge}
    }}
    QLabel[tone="badge-alarm"] {{
        background: {t.record}; color: {t.on_record}; border: 1px solid {t.record}; {badge}
    }}
    """


def _arrow(way: str, color: str) -> str:
    """A triangle, of borders that meet in their corners: Qt's own arrows have edges that are white in every theme. A
    border of the color "transparent" has no corners, one whose alpha is 0 has."""
    base, none = ("bottom", "top") if way == "up" else ("top", "bottom")
    sides = "border-left: 5px solid rgba(1, 1, 1, 0); border-right: 5px solid rgba(1, 1, 1, 0);"
    return f"image: none; width: 0; height: 0; {sides} border-{base}: 5px solid {color}; border-{none}: none;"
