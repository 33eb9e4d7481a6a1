"""Training sees crops exactly where the ground truth says they are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.normalise import encode_depth
from training.augment import (
    MIRROR,
    Light,
    View,
    center_distance,
    code_depth,
    patch_mask,
    random_view,
    sensor_depth,
    stretched,
    without_color,
    wrapped,
)
from training.faces.sample import SIZE


def test_a_wider_face_keeps_its_landmarks_on_their_pixels() -> None:
    view = View(96, zoom=1.1, shift=(0.05, -0.03), angle_deg=12.0, mirror=True, aspect=1.2)
    picture = np.zeros((SIZE, SIZE), np.float32)
    picture[70:73, 90:93] = 255.0
    marks = np.tile(np.array([91.0, 71.0], np.float32), (68, 1))
    row, column = np.unravel_index(view.image(picture).argmax(), (96, 96))
    assert view.points(marks)[0] == pytest.approx((column, row), abs=1.0)
    plain = View(96)
    wide = View(96, aspect=1.2)
    assert np.ptp(wide.points(np.array([[60, 80], [100, 80]] + [[80, 80]] * 66, np.float32))[:, 0]) == pytest.approx(
        1.2 * np.ptp(plain.points(np.array([[60, 80], [100, 80]] + [[80, 80]] * 66, np.float32))[:, 0]), rel=1e-4
    )


def test_mirroring_landmarks_twice_changes_nothing() -> None:
    assert (MIRROR[MIRROR] == np.arange(68)).all()
    assert MIRROR[36] == 45
    assert MIRROR[8] == 8


def test_the_plain_view_is_the_papers_crop() -> None:
    """320 of 400 mm = the middle 128 of 160 pixels, unchanged."""
    pixels = np.random.default_rng(0).integers(0, 255, (SIZE, SIZE)).astype(np.uint8)
    assert (View(128).image(pixels) == pixels[16:144, 16:144]).all()
    corner = np.full((68, 2), 16, np.float32)
    assert View(128).points(corner)[0] == pytest.approx([0, 0], abs=1e-5)


@given(
    zoom=st.floats(0.5, 2),
    dx=st.floats(-0.2, 0.2),
    dy=st.floats(-0.2, 0.2),
    angle=st.floats(-40, 40),
    mirror=st.booleans(),
)
def test_a_mark_in_the_picture_moves_with_its_landmark(
    zoom: float, dx: float, dy: float, angle: float, mirror: bool
) -> None:
    view = View(128, zoom, (dx, dy), angle, mirror)
    landmarks = np.full((68, 2), (SIZE - 1) / 2, np.float32)
    landmarks[30] = (84, 71)  # the nose keeps its number in the mirror
    picture = np.zeros((SIZE, SIZE), np.float32)
    picture[69:74, 82:87] = 255
    x, y = view.points(landmarks)[30]
    if 8 < x < 119 and 8 < y < 119:
        seen = view.image(picture, border=0)
        rows, columns = np.nonzero(seen > 120)
        assert columns.mean() == pytest.approx(x, abs=0.8)
        assert rows.mean() == pytest.approx(y, abs=0.8)


def test_depth_code_equals_the_models() -> None:
    depth = np.random.default_rng(1).integers(0, 2000, (50, 50)).astype(np.uint16)
    assert (np.rint(code_depth(depth, 900)) == encode_depth(depth, 900)).mean() > 0.999  # ties round either way


def test_distance_is_read_at_the_center_and_past_holes() -> None:
    depth = np.full((96, 96), 1500, np.uint16)
    depth[40:57, 40:57] = 900
    assert center_distance(depth) == pytest.approx(900)
    depth[44:53, 44:53] = 0
    assert center_distance(depth) == pytest.approx(900)
    assert center_distance(np.zeros((96, 96), np.uint16)) == 0


def test_stretch_uses_the_whole_range_and_marks_invalid_pixels() -> None:
    picture = np.linspace(90, 110, 128 * 128).reshape(128, 128)
    out = stretched(picture)
    assert out.min() == 0
    assert out.max() == 255
    valid = np.ones((128, 128), bool)
    valid[:10] = False
    assert (stretched(picture, valid)[:10] == 0).all()


@pytest.mark.parametrize("seed", range(20))
def test_light_and_sensors_keep_pictures_finite_and_in_range(seed: int) -> None:
    rng = np.random.default_rng(seed)
    light = Light()
    picture = rng.uniform(0, 255, (128, 128)).astype(np.float32)
    out = light.picture(picture, rng, invert=0.5)
    assert out.shape == picture.shape
    assert np.isfinite(out).all()
    assert out.min() >= 0
    assert out.max() <= 255
    depth = sensor_depth(np.full((128, 128), 900, np.uint16), light, rng)
    assert np.isfinite(depth).all()
    assert (depth >= 0).all()
    assert patch_mask(rng, 128).any()


def test_the_same_seed_gives_the_same_view() -> None:
    a, b = (random_view(np.random.default_rng(5), 96, (0.8, 1.25), 0.1, 30) for _ in range(2))
    assert a == b


def test_a_thermal_picture_keeps_to_its_range_whatever_gain_and_palette_are_drawn() -> None:
    celsius = np.linspace(15, 36, 96 * 96, dtype=np.float32).reshape(96, 96)
    light = Light()
    shown = [light.heat(celsius, np.random.default_rng(seed)) for seed in range(40)]
    assert all(image.min() >= 0 and image.max() <= 255 and image.shape == celsius.shape for image in shown)
    rising = [bool((np.diff(image.ravel()) >= -1e-3).all()) for image in shown]
    assert 5 < sum(rising) < 40  # a rainbow's brightness goes up and down, iron's and gray only up


def test_colour_without_depth_is_black_and_stays_elsewhere() -> None:
    picture = np.full((64, 64), 90, np.float32)
    depth = np.full((64, 64), 800, np.uint16)
    depth[:, :20] = 0
    shown = without_color(picture, depth, np.random.default_rng(1))
    assert set(np.unique(shown)) == {0.0, 90.0}
    assert (shown == 0).mean() == pytest.approx(20 / 64)


def test_wrapped_counts_begin_again_at_zero() -> None:
    shown = wrapped(np.linspace(0, 255, 256, dtype=np.float32)[None], np.random.default_rng(0))
    assert shown.max() < 256
    assert (np.diff(shown[0]) < -200).sum() >= 1
