"""Eyes cut out of a picture: the right place, upright, at the picture's own resolution."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.steps.eye_patch import COLUMNS, HEIGHT, WIDTH, cut_eyes, eyes_span


def face_points(center: tuple[float, float] = (160.0, 120.0), span: float = 90.0, roll_deg: float = 0.0) -> NDArray:
    """68 landmarks of which only the eyes and the nose's ridge mean anything."""
    points = np.zeros((68, 2), np.float32)
    outer, inner = span / 2, 0.2 * span
    eye = np.array([[-1, 0], [-0.4, -0.3], [0.4, -0.3], [1, 0], [0.4, 0.3], [-0.4, 0.3]]) * (outer - inner) / 2
    middle = (outer + inner) / 2
    points[36:42] = eye - np.array([middle, 0])
    points[42:48] = eye + np.array([middle, 0])
    points[27:34] = [[0, 0.08 * span * k] for k in range(7)]
    turn = math.radians(roll_deg)
    rotation = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    return (points @ rotation.T + center).astype(np.float32)


def picture_of(points: NDArray) -> NDArray[np.uint8]:
    """320 x 240: a dark dot on the outer corner of each eye and a bright one on the inner corner."""
    picture = np.full((240, 320), 100, np.uint8)
    for index, level in ((36, 0), (45, 0), (39, 255), (42, 255)):
        x, y = points[index]
        cv2.circle(picture, (round(float(x)), round(float(y))), 3, level, -1)
    return picture


@pytest.mark.parametrize("roll_deg", [0.0, 25.0, -40.0])
@pytest.mark.parametrize("span", [60.0, 90.0, 160.0])
def test_the_nose_is_on_the_right_of_both_patches_whatever_the_roll(roll_deg: float, span: float) -> None:
    points = face_points(span=span, roll_deg=roll_deg)
    eyes = cut_eyes(picture_of(points), points)
    assert eyes is not None
    for patch in eyes.pixels:
        row, column = np.unravel_index(int(patch.argmin()), patch.shape)
        bright_row, bright = np.unravel_index(int(patch.argmax()), patch.shape)
        assert column < COLUMNS / 2 < bright
        assert abs(row - HEIGHT / 2) < 5
        assert abs(bright_row - HEIGHT / 2) < 5


def test_a_patch_is_as_wide_as_its_share_of_the_eyes_distance() -> None:
    points = face_points(span=COLUMNS / WIDTH)  # a sample a pixel
    picture = np.tile(np.minimum(np.arange(320), 250).astype(np.uint8), (240, 1))
    eyes = cut_eyes(picture, points)
    assert eyes is not None
    right, mirrored = eyes.pixels[0].astype(int), eyes.pixels[1].astype(int)
    assert np.abs(np.diff(right, axis=1).mean() - 1) < 0.02
    assert np.abs(np.diff(mirrored, axis=1).mean() + 1) < 0.02


def test_the_middle_of_a_patch_shows_the_middle_of_the_eye() -> None:
    points = face_points(span=0.83 * COLUMNS / WIDTH)  # samples fall between pixels: levels round both ways
    across = np.tile(np.minimum(np.arange(320), 255).astype(np.uint8), (240, 1))
    down = np.tile(np.arange(240, dtype=np.uint8)[:, None], (1, 320))
    for axis, picture in enumerate((across, down)):  # every pixel says where its centre is
        eyes = cut_eyes(picture, points)
        assert eyes is not None
        assert eyes.pixels[0].mean() == pytest.approx(float(points[36:42, axis].mean()), abs=0.1)


def test_a_patch_from_a_large_picture_averages_what_falls_together() -> None:
    points = face_points(center=(640.0, 480.0), span=600.0)
    noise = np.random.default_rng(0).integers(0, 256, (960, 1280)).astype(np.uint8)
    eyes = cut_eyes(noise, points)
    assert eyes is not None
    assert eyes.pixels.std() < 0.35 * noise.std()
    assert abs(float(eyes.pixels.mean()) - float(noise.mean())) < 3


def test_a_large_picture_gives_the_same_patch_as_a_small_one() -> None:
    points = face_points(span=90.0)
    small = cv2.GaussianBlur(picture_of(points), (0, 0), 2.0)
    large = cv2.resize(small, None, fx=6, fy=6, interpolation=cv2.INTER_CUBIC)
    one, other = cut_eyes(small, points), cut_eyes(large, (points + 0.5) * 6 - 0.5)
    assert one is not None
    assert other is not None
    assert np.abs(one.pixels.astype(int) - other.pixels.astype(int)).mean() < 2.5


def test_eyes_at_the_border_say_how_much_of_them_is_inside() -> None:
    points = face_points(center=(20.0, 120.0))
    eyes = cut_eyes(picture_of(points), points)
    assert eyes is not None
    assert eyes.inside[0] < 0.5
    assert eyes.inside[1] == 1.0
    away = cut_eyes(picture_of(points), points - np.float32(500))
    assert away is not None
    assert away.inside == (0.0, 0.0)


@pytest.mark.parametrize("wrong", [math.nan, math.inf, 5.0])
def test_points_that_span_nothing_give_no_eyes(wrong: float) -> None:
    picture = np.zeros((240, 320), np.uint8)
    assert cut_eyes(picture, np.full((68, 2), wrong, np.float32)) is None


def test_a_turned_head_is_measured_by_its_nose() -> None:
    points = face_points()
    narrow = points.copy()
    narrow[36:48, 0] = 160 + 0.5 * (points[36:48, 0] - 160)
    assert eyes_span(narrow) > 0.8 * eyes_span(points)
