"""A face that was read is read more closely in the next FrameSet, and a head that is lost in the papers' crop again."""

from __future__ import annotations

from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.frame import Frame, Intrinsics
from engines.models.face_landmarks import LandmarkResult
from pipeline.config import PipelineConfig
from pipeline.process import Process
from pipeline.steps.close_crop import CLOSE_MM, close_crop, face_middle, within_ten_mm
from pipeline.steps.crop import Crop, Distance
from pipeline.steps.head_template import HEAD_LANDMARKS_M
from pipeline.steps.landmarks import Ask, LandmarkConfig, LandmarkReader
from pipeline.steps.register import View
from pipeline.steps.take_over import move_tracks
from pipeline.steps.track import Track
from recordings.observation import Box, Face
from tests.pipeline.process_cases import DEPTH, GRAY, scene, stream
from tests.pipeline.scenes import KINECT_2, StubLandmarks, stub_models

PLACES = st.floats(-2000, 2000)


def face_of(process: Process, number: int, x: float = 0.0, backs: tuple[int, ...] = ()) -> list[Face]:
    return [face for face, _ in process.look(scene(number, [(x, 0.0, 1.2)], backs)).faces]


def share_bright(crop: np.ndarray) -> float:
    """Of a crop's widest row, how much the bright head takes."""
    return float((crop > 150).sum(axis=1).max() / crop.shape[1])


@given(PLACES, PLACES, st.floats(1, 3000), st.floats(0.2, 1.0), PLACES, PLACES)
def test_it_is_smaller_by_the_share_and_lies_round_the_middle(
    x: float, y: float, side: float, share: float, middle_x: float, middle_y: float
) -> None:
    near = Distance(900.0, 11)
    crop = close_crop(Crop(Box(x, y, side, 1.1 * side), near), (middle_x, middle_y), share)
    assert crop.box.center == pytest.approx((middle_x, middle_y), abs=1e-6)
    assert (crop.box.w, crop.box.h) == pytest.approx((share * side, 1.1 * share * side))
    assert crop.distance is near


def test_the_middle_lies_between_eyes_and_mouth() -> None:
    points = HEAD_LANDMARKS_M[:, :2] * 400.0
    x, y = face_middle(points)
    assert x == pytest.approx(0.0, abs=1.0)
    assert points[36:48, 1].max() < y < points[48:68, 1].min()


def test_a_face_is_larger_in_the_second_look_and_stands_where_it_stood() -> None:
    models = stub_models()
    stub = cast(StubLandmarks, models.face_landmarks)
    process = Process([GRAY, DEPTH], models)
    (first,) = face_of(process, 0)
    (second,) = face_of(process, 1)
    wide, close = stub.crops[0], stub.crops[-1]
    assert share_bright(close) == pytest.approx(share_bright(wide) * 320 / CLOSE_MM, rel=0.06)
    assert first.landmarks is not None
    assert second.landmarks is not None
    np.testing.assert_allclose(second.landmarks.points, first.landmarks.points, atol=1.5)


def test_a_moving_face_is_kept_in_the_close_crop() -> None:
    models = stub_models()
    stub = cast(StubLandmarks, models.face_landmarks)
    process = Process([GRAY, DEPTH], models)
    for number in range(12):
        (face,) = face_of(process, number, x=-0.2 + 0.03 * number)  # 0.9 m/s
        bright = stub.crops[-1] > 150
        assert bright[64, 64]
        assert number == 0 or abs(np.nonzero(bright.any(axis=0))[0].mean() - 63.5) < 16
    assert face.box.center[0] == pytest.approx(KINECT_2.cx + KINECT_2.fx * 0.13 / 1.2, abs=4)


def test_a_head_that_turned_away_is_looked_at_in_the_papers_crop_again() -> None:
    models = stub_models()
    stub = cast(StubLandmarks, models.face_landmarks)
    process = Process([GRAY, DEPTH], models)
    face_of(process, 0)
    wide = share_bright(stub.crops[0])
    for number in range(1, 6):
        face_of(process, number, backs=(0,))
    before = len(stub.crops)
    for number in range(6, 18):
        face_of(process, number)
    first = next(crop for crop in stub.crops[before:] if (crop > 150).any())
    assert share_bright(first) == pytest.approx(wide, rel=0.06)


def test_no_close_crop_where_the_model_has_learned_none() -> None:
    models = stub_models()
    stub = cast(StubLandmarks, models.face_landmarks)
    process = Process([GRAY, DEPTH], models, PipelineConfig(landmarks=LandmarkConfig(close_mm=0)))
    for number in range(3):
        face_of(process, number)
    assert share_bright(stub.crops[-1]) == pytest.approx(share_bright(stub.crops[0]), rel=0.03)


def test_confidence_means_ten_millimetres_in_every_crop() -> None:
    """Errors are exponential: of a mean error of 10 mm, 63 % lie within 10 mm, however large a pixel is."""

    class Exponential(StubLandmarks):
        mm_a_px = 2.5

        def __call__(self, crop: np.ndarray, valid: np.ndarray | None = None) -> LandmarkResult:
            said = super().__call__(crop, valid)
            error_px = 10.0 / self.mm_a_px
            return LandmarkResult(
                said.points, np.full(68, 1 - np.exp(-4.0 / error_px), np.float32), said.openness, said.presence
            )

    model = Exponential()
    reader = LandmarkReader(model)
    crop = Crop(Box(100.0, 60.0, 256.0, 256.0), Distance(1000.0, 11))
    bands = (np.indices((KINECT_2.height, KINECT_2.width))[1] // 8 % 2 * 60 + 150).astype(np.uint8)
    view = View(Frame(GRAY, bands, 0, 0, 1), bands, None, KINECT_2)
    (wide,) = reader.read([Ask(view, crop)])
    Exponential.mm_a_px = CLOSE_MM / 128
    share = CLOSE_MM / 320
    (close,) = reader.read([Ask(view, close_crop(crop, crop.box.center, share), share=share)])
    assert wide is not None
    assert close is not None
    assert wide.landmarks.confidence == pytest.approx(np.full(68, 1 - np.exp(-1)), abs=1e-5)
    assert close.landmarks.confidence == pytest.approx(wide.landmarks.confidence, abs=1e-5)
    assert close.evidence == pytest.approx(wide.evidence)


def test_another_camera_takes_the_middle_of_the_face_over_in_its_own_pixels() -> None:
    here = stream(DEPTH.kind, "here")
    there = stream(DEPTH.kind, "there", Intrinsics(512, 424, 525.0, 525.0, 255.5, 211.5))
    track = Track(0, (200.0, 150.0), Box(180, 130, 40, 50), 97.0, 1200.0, face_px=(2.0, 6.0))
    (moved,) = move_tracks([track], here, there)
    scale = 525.0 / 365.0
    assert moved.face_px == pytest.approx((2.0 * scale, 6.0 * scale))
    assert move_tracks([Track(0, (200.0, 150.0), Box(180, 130, 40, 50), 97.0, 1200.0)], here, there)[0].face_px is None


def test_a_confidence_a_hair_above_one_stays_one() -> None:
    told = within_ten_mm(np.array([1.0000001, 0.5, 0.0], np.float32), 0.7)
    assert told[0] == 1.0
    assert np.isfinite(told).all()


@pytest.mark.parametrize("close_mm", [1e-9, 1.0, 149.0])
def test_a_crop_without_room_for_a_face_is_refused(close_mm: float) -> None:
    with pytest.raises(ValueError, match=r"0 \(never\) or at least 150"):
        LandmarkConfig(close_mm=close_mm)
