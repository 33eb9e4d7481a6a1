"""The eye that EyeToFace is shown: which one, how large, upright, and averaged where the picture is finer."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.steps.eye_square import EyeSquare, cut_square, eye_square
from pipeline.steps.head_template import HEAD_LANDMARKS_M


def face_points(scale: float = 400.0, tilt_deg: float = 0.0, middle: tuple[float, float] = (100.0, 90.0)) -> np.ndarray:
    """(68, 2) of a head that looks ahead; a metre is `scale` px."""
    angle = math.radians(tilt_deg)
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    return (HEAD_LANDMARKS_M[:, :2] * scale) @ turn.T + middle


def center(points: np.ndarray, eye: slice) -> tuple[float, float]:
    x, y = points[eye].mean(axis=0)
    return float(x), float(y)


def test_the_eye_that_is_turned_to_the_camera_is_taken_and_ahead_the_right_one() -> None:
    points = face_points()
    right, left = center(points, slice(36, 42)), center(points, slice(42, 48))
    for yaw, wanted in ((0.0, right), (20.0, right), (-5.0, right), (-20.0, left)):
        square = eye_square(points, yaw)
        assert square is not None
        assert (square.x, square.y) == pytest.approx(wanted)
    assert right[0] < left[0], "the person's right eye is on the picture's left"


@given(scale=st.floats(100, 3000), tilt=st.floats(-60, 60))
def test_its_side_grows_with_the_face_and_its_tilt_is_the_faces(scale: float, tilt: float) -> None:
    square = eye_square(face_points(scale, tilt), 0.0)
    upright = eye_square(face_points(1000.0), 0.0)
    assert square is not None
    assert upright is not None
    assert square.side_px == pytest.approx(upright.side_px * scale / 1000.0, rel=1e-6)
    assert math.degrees(square.tilt - upright.tilt) == pytest.approx(tilt, abs=1e-4)
    assert 30 < upright.side_px < 45, "px are mm here: lids and brow"


@pytest.mark.parametrize("points", [np.full((68, 2), np.nan), np.full((68, 2), 7.0)])
def test_points_that_span_nothing_are_no_eye(points: np.ndarray) -> None:
    assert eye_square(points, 0.0) is None


def test_a_square_that_the_border_cuts_is_not_inside() -> None:
    square = EyeSquare(20.0, 20.0, 16.0, 0.0)
    assert square.inside(40, 40)
    assert not square.inside(27, 40)
    assert not EyeSquare(6.0, 20.0, 16.0, 0.0).inside(40, 40)
    assert not EyeSquare(8.0, 20.0, 16.0, math.pi / 4).inside(40, 40), "a tilted one reaches farther"


def test_a_tilted_face_gives_the_same_eye_as_an_upright_one() -> None:
    rng = np.random.default_rng(3)
    picture = cv2.GaussianBlur(rng.integers(0, 255, (200, 200), np.uint8), (0, 0), 4)
    angle = 25.0
    matrix = cv2.getRotationMatrix2D((100.0, 90.0), -angle, 1.0)
    turned = cv2.warpAffine(picture, matrix, (200, 200))
    one, other = eye_square(face_points(700.0), 0.0), eye_square(face_points(700.0, angle), 0.0)
    assert one is not None
    assert other is not None
    upright, tilted = cut_square(picture, one, 32), cut_square(turned, other, 32)
    assert upright.std() > 5
    assert np.abs(upright.astype(int) - tilted).mean() < 2


def test_pixel_centers_are_at_integers() -> None:
    ramp = np.tile(np.arange(100, dtype=np.uint8), (100, 1))
    shown = cut_square(2 * ramp, EyeSquare(50.0, 50.0, 32.0, 0.0), 32)
    np.testing.assert_array_equal(shown[7], 2 * np.arange(32) + 100 - 31)


def test_a_large_eye_is_averaged_and_not_sampled() -> None:
    """A fine pattern of a near face becomes gray, not another pattern."""
    stripes = np.tile(np.array([0, 255], np.uint8), (400, 200))
    shown = cut_square(stripes, EyeSquare(200.0, 200.0, 256.0, 0.0), 32)
    assert shown.std() < 12
    color = cut_square(np.dstack([stripes] * 3), EyeSquare(200.0, 200.0, 256.0, 0.0), 32)
    assert color.shape == (32, 32, 3)
