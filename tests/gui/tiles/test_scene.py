"""A scene as the image that goes to the screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from gui.look import theme
from gui.qt import QtGui, rgb_of
from gui.tiles.overlay_painter import OverlayPainter
from gui.tiles.rendering import RgbContent, put
from gui.tiles.scene import Scene, Sight, paint_scene
from pipeline.labels import WHITE
from pipeline.primitives import Dots, Primitive


def picture() -> np.ndarray:
    return np.random.default_rng(3).integers(40, 255, (30, 40, 3), dtype=np.uint8)


def painted(sight: Sight, primitives: Sequence[Primitive] = (), rgb: np.ndarray | None = None) -> np.ndarray:
    scene = Scene(RgbContent(picture() if rgb is None else rgb), primitives)
    return rgb_of(paint_scene(scene, sight, OverlayPainter()))


SIGHT = Sight((120, 60), 1.0, (0, 0, 40, 30), (20.0, 0.0), 2.0, False, "dark")
"""A 40 x 30 px picture at twice its size, in the middle of a wider room."""


def test_the_picture_stands_in_its_place_and_the_ground_round_it(qtbot: QtBot) -> None:
    image = painted(SIGHT)
    ground = QtGui.QColor(theme.now().panel)
    rgb = (ground.red(), ground.green(), ground.blue())
    assert image.shape == (60, 120, 3)
    assert (image[:, :20] == rgb).all()
    assert (image[:, 100:] == rgb).all()
    assert np.array_equal(image[:, 20:100], cv2.resize(picture(), (80, 60), interpolation=cv2.INTER_LINEAR))


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
def test_on_any_screen_it_has_as_many_px_as_the_device(qtbot: QtBot, ratio: float) -> None:
    dot = Dots("s", np.array([(20.0, 15.0)], np.float32), 4.0, WHITE)
    image = painted(replace(SIGHT, ratio=ratio), [dot], np.zeros((30, 40, 3), np.uint8))
    assert image.shape == (round(60 * ratio), round(120 * ratio), 3)
    rows, columns = np.nonzero((image > 240).all(axis=2))
    assert rows.mean() + 0.5 == pytest.approx(31.0 * ratio, abs=1.0), "the middle of the pixel (20, 15)"
    assert columns.mean() + 0.5 == pytest.approx(61.0 * ratio, abs=1.0)


def test_what_is_old_is_gray_and_its_overlay_pale(qtbot: QtBot) -> None:
    dot = Dots("s", np.array([(20.0, 15.0)], np.float32), 8.0, WHITE)
    fresh, old = (painted(replace(SIGHT, is_old=is_old), [dot]) for is_old in (False, True))
    assert np.ptp(fresh[:, 22:50].astype(int), axis=2).max() > 0
    assert np.ptp(old[:, 22:50].astype(int), axis=2).max() == 0
    assert old[31, 61].max() < fresh[31, 61].min()


def test_zoomed_in_only_what_is_seen_is_painted(qtbot: QtBot) -> None:
    """At ten times its size from the pixel (8, 6) on: each pixel is a square."""
    sight = Sight((120, 60), 1.0, (8, 6, 12, 6), (-80.0, -60.0), 10.0, False, "dark")
    image = painted(sight)
    assert np.array_equal(image[5::10, 5::10], picture()[6:12, 8:20])


@given(
    st.integers(1, 9),
    st.integers(1, 9),
    st.integers(-20, 20),
    st.integers(-20, 20),
    st.integers(1, 30),
    st.integers(1, 30),
)
def test_wherever_a_picture_is_put_it_is_the_same_picture(
    w: int, h: int, left: int, top: int, tw: int, th: int
) -> None:
    rgb = np.random.default_rng(w * 10 + h).integers(0, 255, (h, w, 3), dtype=np.uint8)
    whole = np.zeros((100, 100, 4), np.uint8)
    put(rgb, whole, 30, 30, (tw, th))
    moved = np.zeros((100, 100, 4), np.uint8)
    window = moved[30:60, 30:60]
    put(rgb, window, left, top, (tw, th))
    expected = np.zeros((30, 30, 4), np.uint8)
    for y in range(max(top, 0), min(top + th, 30)):
        for x in range(max(left, 0), min(left + tw, 30)):
            expected[y, x] = whole[30 + y - top, 30 + x - left]
    assert np.array_equal(window, expected)
    moved[30:60, 30:60] = 0
    assert not moved.any(), "nothing beyond the window"
