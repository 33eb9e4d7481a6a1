"""Icons that are sharp, and follow the theme."""

from __future__ import annotations

import gc

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gui.look import icons, theme
from gui.qt import QtCore, QtGui


def ink(icon: QtGui.QIcon, side: int, mode: QtGui.QIcon.Mode = QtGui.QIcon.Mode.Normal) -> np.ndarray:
    """Alpha and color of what is painted: float (H, W, 4)."""
    image = QtGui.QImage(side, side, QtGui.QImage.Format.Format_ARGB32)
    image.fill(QtCore.Qt.GlobalColor.transparent)
    painter = QtGui.QPainter(image)
    icon.paint(painter, QtCore.QRect(0, 0, side, side), QtCore.Qt.AlignmentFlag.AlignCenter, mode)
    painter.end()
    return np.array([[QtGui.QColor(image.pixelColor(x, y)).getRgb() for x in range(side)] for y in range(side)], float)


@pytest.mark.parametrize("name", icons.names())
def test_every_icon_paints_something_inside_its_square(qtbot: QtBot, name: str) -> None:
    alpha = ink(icons.icon(name), 24)[..., 3]
    assert (alpha > 128).sum() > 15
    edge = np.concatenate([alpha[0], alpha[-1], alpha[:, 0], alpha[:, -1]])
    assert edge.max() < 200


def test_no_two_icons_look_the_same(qtbot: QtBot) -> None:
    seen = {ink(icons.icon(name), 24).tobytes() for name in icons.names()}
    assert len(seen) == len(icons.names())


def test_twice_the_size_is_painted_anew_and_not_stretched(qtbot: QtBot) -> None:
    small, large = ink(icons.icon("help"), 20)[..., 3], ink(icons.icon("help"), 80)[..., 3]
    soft = lambda alpha: ((alpha > 20) & (alpha < 235)).sum() / (alpha > 20).sum()  # noqa: E731  # said once, here
    assert soft(large) < 0.6 * soft(small)


def test_it_has_the_colors_of_the_theme_also_after_it_was_made(qtbot: QtBot) -> None:
    icon = icons.icon("play")
    gc.collect()
    try:
        for name in ("light", "red", "dark"):
            theme.use(name)
            for mode, color in (
                (QtGui.QIcon.Mode.Normal, theme.now().text),
                (QtGui.QIcon.Mode.Disabled, theme.now().off),
            ):
                pixels = ink(icon, 32, mode)
                solid = pixels[pixels[..., 3] > 250]
                assert tuple(np.median(solid, axis=0)[:3]) == QtGui.QColor(color).getRgb()[:3]
    finally:
        theme.use("dark")


def test_a_color_of_its_own_can_be_a_name_of_the_theme_or_a_number(qtbot: QtBot) -> None:
    for wanted, color in (("warn", theme.now().warn), ("#123456", "#123456")):
        pixels = ink(icons.icon("play", wanted), 32)
        solid = pixels[pixels[..., 3] > 250]
        assert tuple(np.median(solid, axis=0)[:3]) == QtGui.QColor(color).getRgb()[:3]


def test_a_name_that_is_none_is_an_error(qtbot: QtBot) -> None:
    with pytest.raises(KeyError):
        icons.icon("no such icon")
