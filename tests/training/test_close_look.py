"""Faces that are followed: what the landmark network is trained on, and how that look is measured."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.models.face_landmarks import LandmarkResult
from pipeline.steps.close_crop import CLOSE_MM, close_crop, face_middle
from pipeline.steps.crop import Crop
from pipeline.steps.head_template import HEAD_LANDMARKS_M
from recordings.observation import Box
from training.augment import CROP_MM, View
from training.close_look import SHIFT, ZOOM, close_view
from training.faces.sample import REGION_MM, SIZE
from training.real.crops import Region
from training.real.page_landmarks import read, read_closely


def face(x: float, y: float, scale: float = 400.0) -> np.ndarray:
    """(68, 2) of an average face with its head centre at x, y."""
    return (HEAD_LANDMARKS_M[:, :2] * scale + (x, y)).astype(np.float32)


@given(st.floats(60, 100), st.floats(60, 100))
def test_training_and_program_cut_the_same_square(x: float, y: float) -> None:
    points = face(x, y)
    papers_px = SIZE * CROP_MM / REGION_MM
    crop = close_crop(Crop(Box(0, 0, papers_px, papers_px)), tuple(face_middle(points)), CLOSE_MM / CROP_MM)
    program = (points - (crop.box.x, crop.box.y)) / (crop.box.w / 128) - 0.5
    np.testing.assert_allclose(close_view(points, None).points(points), program, atol=1e-3)


def test_drawn_views_are_about_the_face() -> None:
    rng = np.random.default_rng(0)
    points = face(70, 90)
    for _ in range(200):
        view = close_view(points, rng)
        assert ZOOM[0] <= view.zoom <= ZOOM[1]
        middle = face_middle(view.points(points)) / 128
        assert np.abs(middle - 0.5).max() < SHIFT * 1.6 + 0.01  # turned, and a little wider


class Dot:
    """Puts an average face where the picture has its brightest pixel; notes how far from the crop's middle that was."""

    def __init__(self) -> None:
        self.away: list[float] = []

    def __call__(self, crop: np.ndarray, valid: np.ndarray | None) -> LandmarkResult:
        y, x = np.unravel_index(int(np.argmax(crop)), crop.shape)
        self.away.append(float(np.hypot(x - 63.5, y - 63.5)))
        points = face(float(x), float(y), 300.0)
        points += (x, y) - face_middle(points).astype(np.float32)
        return LandmarkResult(points, np.full(68, 0.5, np.float32), np.ones(2, np.float32), 1.0)


def test_the_second_look_at_a_real_picture_is_round_the_points_of_the_first() -> None:
    picture = np.zeros((200, 300), np.uint8)
    picture[89:92, 119:122] = 200
    regions = [Region(60.0, 30.0, 160.0)]
    model = Dot()
    first = read(model, [picture], regions)
    again = read_closely(model, [picture], regions, first)
    assert model.away[0] > 20
    assert model.away[1] < 2
    assert face_middle(first.points[0]) == pytest.approx((120, 90), abs=1.0)
    assert face_middle(again.points[0]) == pytest.approx((120, 90), abs=1.0)
    assert np.ptp(again.points[0], axis=0) == pytest.approx(
        np.ptp(first.points[0], axis=0) * CLOSE_MM / CROP_MM, rel=1e-3
    )
    assert first.evidence[0] == 1.0


def test_a_view_of_the_papers_crop_is_wider() -> None:
    points = face(80, 80)
    close, wide = close_view(points, None).points(points), View(128).points(points)
    assert np.ptp(close[:, 0]) == pytest.approx(np.ptp(wide[:, 0]) * CROP_MM / CLOSE_MM, rel=1e-3)
