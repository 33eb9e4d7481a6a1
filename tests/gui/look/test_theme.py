"""The three themes: contrast, reds only at night, and a change that holds at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gui.actions.help_dialog import HelpDialog
from gui.actions.palette import Palette
from gui.actions.settings_dialog import SettingsDialog
from gui.actions.table import ACTIONS, in_mode
from gui.actions.toolbar import Toolbar
from gui.feed import Mode
from gui.look import colors, icons, theme
from gui.qt import QtCore, QtWidgets, rgb_of
from gui.settings import Settings
from tests.gui.actions.made_desk import MadeDesk

GROUNDS = ("window", "panel", "raised")
INKS = ("text", "dim", "accent", "warn", "alarm", "record", "event")

FAINT = 40
"""The edges that Qt's own style paints on spin boxes have as much green and blue, of 255; on a ground of reds that is
less than the eye tells from red."""


@pytest.fixture(autouse=True)
def usual_look(qtbot: QtBot) -> Iterator[None]:
    theme.apply(QtWidgets.QApplication.instance())
    yield
    theme.use("dark", 100)


@pytest.mark.parametrize("name", colors.THEMES)
def test_every_ink_is_read_on_every_ground(name: str) -> None:
    t = colors.THEMES[name]
    least = 3.0 if t.is_night else 4.5
    pairs = [(ink, ground) for ink in INKS for ground in GROUNDS]
    pairs += [("text", "chosen"), ("dim", "chosen"), ("text", "message"), ("text", "measured"), ("text", "attention")]
    pairs += [("on_accent", "accent"), ("on_warn", "warn"), ("on_record", "record")]
    for ink, ground in pairs:
        assert colors.contrast(getattr(t, ink), getattr(t, ground)) >= least, (ink, ground)


def test_contrast_is_that_of_the_web_guidelines() -> None:
    assert colors.contrast("#ffffff", "#000000") == pytest.approx(21.0)
    assert colors.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_the_night_theme_has_no_color_but_red_and_none_is_bright() -> None:
    for field in fields(colors.RED):
        value = getattr(colors.RED, field.name)
        if isinstance(value, str) and value.startswith("#"):
            assert value[3:] == "0000", field.name
            assert colors.luminance(value) <= 0.2127
    assert colors.luminance(colors.RED.warn) > colors.luminance(colors.RED.text) > colors.luminance(colors.RED.dim)


def everything(qtbot: QtBot) -> list[QtWidgets.QWidget]:
    """Windows with all kinds of controls in them."""
    settings = Settings()
    settings.set("look.theme", theme.wanted())
    desk = MadeDesk(settings=settings)
    desk.window.addToolBar(Toolbar(in_mode(Mode.REPLAY), desk.actions))
    for name in ("View", "Help"):
        desk.window.menuBar().addMenu(name)
    desk.actions["snapshot"].setEnabled(False)
    middle = QtWidgets.QWidget()
    desk.window.setCentralWidget(middle)
    column = QtWidgets.QVBoxLayout(middle)
    for kind in (QtWidgets.QCheckBox, QtWidgets.QRadioButton, QtWidgets.QPushButton):
        for on in (True, False):
            button = kind("words")
            button.setCheckable(True)
            button.setChecked(on)
            column.addWidget(button)
    for tone in ("dim", "warn", "heading", "badge", "badge-warn", "badge-record", "badge-alarm"):
        label = QtWidgets.QLabel("words")
        theme.set_tone(label, tone)
        column.addWidget(label)
    bar = QtWidgets.QProgressBar()
    bar.setValue(40)
    slider = QtWidgets.QSlider(QtCore.Qt.Orientation.Horizontal)
    slider.setValue(30)
    tabs = QtWidgets.QTabWidget()
    tabs.addTab(QtWidgets.QTextEdit("words"), "One")
    tabs.addTab(QtWidgets.QTableWidget(3, 3), "Two")
    for widget in (bar, slider, tabs, QtWidgets.QGroupBox("Group")):
        column.addWidget(widget)
    keys = SettingsDialog(settings, ACTIONS, lambda: None)
    keys.pages.setCurrentRow(keys.pages.count() - 1)
    alarms = SettingsDialog(settings, ACTIONS, lambda: None)
    alarms.pages.setCurrentRow(3)
    palette = Palette(in_mode(Mode.REPLAY), desk.actions, settings, desk.window)
    palette.field.setText("s")
    widgets = [desk.window, keys, alarms, palette, HelpDialog(Mode.REPLAY)]
    for widget in widgets:
        qtbot.addWidget(widget)
        widget.show()
    QtWidgets.QApplication.processEvents()
    return widgets


def test_at_night_no_pixel_of_the_window_is_blue_or_white_or_bright(qtbot: QtBot) -> None:
    theme.use("red")
    for widget in everything(qtbot):
        for field in widget.findChildren(QtWidgets.QLineEdit):
            if field.isVisible():
                widget.activateWindow()
                field.setFocus()
                QtWidgets.QApplication.processEvents()
                break
        rgb = rgb_of(widget.grab().toImage()).astype(int)
        strange = (rgb[..., 1:].max(axis=-1) > FAINT) | (rgb[..., 1:].max(axis=-1) > np.maximum(rgb[..., 0], 1))
        assert not strange.any(), (widget, np.argwhere(strange)[:5], rgb[strange][:5])
        assert (0.2126 * (rgb[..., 0] / 255) ** 2.2).mean() < 0.02, "the window as a whole is dark"


@pytest.mark.parametrize("name", ["dark", "red", "light"])
def test_the_focus_is_seen_on_every_kind_of_control(qtbot: QtBot, name: str) -> None:
    theme.use(name)
    window = QtWidgets.QWidget()
    column = QtWidgets.QVBoxLayout(window)
    controls: list[QtWidgets.QWidget] = [
        QtWidgets.QPushButton("words"),
        QtWidgets.QToolButton(),
        QtWidgets.QCheckBox("words"),
        QtWidgets.QRadioButton("words"),
        QtWidgets.QLineEdit("words"),
        QtWidgets.QComboBox(),
        QtWidgets.QSpinBox(),
        QtWidgets.QSlider(QtCore.Qt.Orientation.Horizontal),
        QtWidgets.QListWidget(),
        QtWidgets.QTreeWidget(),
        QtWidgets.QTextBrowser(),
        QtWidgets.QScrollArea(),
    ]
    rest = QtWidgets.QPushButton("rest")
    for control in (*controls, rest):
        control.setFocusPolicy(QtCore.Qt.FocusPolicy.StrongFocus)
        column.addWidget(control)
    qtbot.addWidget(window)
    window.resize(300, 1400)
    window.show()
    window.activateWindow()
    rest.setFocus()
    QtWidgets.QApplication.processEvents()
    for control in controls:
        rest.setFocus()
        without = rgb_of(control.grab().toImage()).astype(int)
        control.setFocus()
        assert control.hasFocus() or control.focusWidget() is not None
        with_focus = rgb_of(control.grab().toImage()).astype(int)
        changed = np.abs(with_focus - without).max(axis=-1) > 30
        assert changed.sum() > 20, control


def test_a_change_is_told_once_and_painted_at_once(qtbot: QtBot) -> None:
    bar = QtWidgets.QToolBar()
    bar.addAction(icons.icon("play"), "Play")
    qtbot.addWidget(bar)
    bar.show()
    with qtbot.waitSignal(theme.changes.changed):
        theme.use("light")
    light = rgb_of(bar.grab().toImage())
    theme.use("dark")
    dark = rgb_of(bar.grab().toImage())
    assert light.mean() > 150 > dark.mean()
    assert (dark.max(axis=-1) > 200).any(), "the icon is bright on dark"
    assert (light.max(axis=-1) < 60).any(), "and dark on light"


def test_an_unknown_theme_is_refused_by_its_name() -> None:
    with pytest.raises(ValueError, match=r"'pink'.*dark, red, light, system"):
        theme.use("pink")
    assert theme.now().name == "dark"


def test_the_systems_choice_can_be_followed(qtbot: QtBot) -> None:
    theme.use(theme.SYSTEM)
    assert theme.wanted() == "system"
    assert theme.now() in (colors.DARK, colors.LIGHT)


@pytest.mark.parametrize(("wanted", "holds"), [(20, 80), (150, 150), (900, 200)])
def test_the_size_of_the_words_has_limits(wanted: int, holds: int) -> None:
    theme.use(percent=wanted)
    assert theme.text_percent() == holds
    assert QtWidgets.QApplication.font().pointSizeF() == pytest.approx(theme.BASE_PT * holds / 100)


@pytest.mark.parametrize("name", colors.THEMES)
def test_all_words_of_a_window_that_is_open_grow_and_shrink_at_once(qtbot: QtBot, name: str) -> None:
    theme.use(name)
    window = QtWidgets.QMainWindow()
    qtbot.addWidget(window)
    middle = QtWidgets.QWidget()
    column = QtWidgets.QVBoxLayout(middle)
    heading = QtWidgets.QLabel("heading")
    theme.sized(heading, 2.0 * theme.BASE_PT)
    usual = [kind("words") for kind in (QtWidgets.QLabel, QtWidgets.QPushButton, QtWidgets.QCheckBox)]
    usual += [QtWidgets.QLineEdit("words"), QtWidgets.QComboBox(), QtWidgets.QTreeWidget(), QtWidgets.QTextBrowser()]
    usual += [QtWidgets.QTabBar(), QtWidgets.QToolButton(), window.menuBar(), window.statusBar()]
    for widget in (heading, *usual[:-2]):
        column.addWidget(widget)
    window.setCentralWidget(middle)
    window.show()
    QtWidgets.QApplication.processEvents()
    for percent in (150, 200, 80, 100):
        theme.use(percent=percent)
        QtWidgets.QApplication.processEvents()
        wanted = theme.BASE_PT * percent / 100
        assert {w: w.font().pointSizeF() for w in usual} == {w: pytest.approx(wanted) for w in usual}
        assert heading.font().pointSizeF() == pytest.approx(2 * wanted)
