"""The eyes of all faces: one call of the model, and what stays where it cannot judge."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from drivers.frame import Frame, StreamInfo, StreamKind
from engines.models.eye_state import EyeJudgement
from engines.models.face_landmarks import LandmarkResult
from pipeline.steps.crop import Crop
from pipeline.steps.eye_state import EyeReader
from pipeline.steps.landmarks import LandmarkReader, eyes_of
from pipeline.steps.register import View, gray_of
from recordings.observation import Box, HeadPose
from tests.pipeline.test_eye_patch import face_points, picture_of

CROP = Crop(Box(60.0, 40.0, 128.0, 128.0))


class Judge:
    """Says of an eye how dark its darkest pixel is."""

    def __init__(self, sure: float = 0.9) -> None:
        self.calls: list[int] = []
        self._sure = sure

    def many(self, patches: NDArray[np.uint8]) -> list[EyeJudgement]:
        self.calls.append(len(patches))
        return [EyeJudgement(float(patch.min()) / 255, self._sure) for patch in patches]


class Marks:
    """A landmark model that sees the same face in every crop."""

    size = 128

    def __init__(self, presence: float = 1.0) -> None:
        points = face_points(center=(64.0, 50.0), span=40.0) - np.float32(0.5)
        points[0], points[8], points[16] = (20, 50), (64, 110), (108, 50)
        sure, openness = np.full(68, 0.9, np.float32), np.array([0.7, 0.6], np.float32)
        self._told = LandmarkResult(points, sure, openness, presence)

    def many(self, crops: list[NDArray], valids: list[NDArray | None]) -> list[LandmarkResult]:
        return [self._told for _ in crops]


def view_of(pixels: NDArray, kind: StreamKind) -> View:
    unit_m = 0.001 if kind is StreamKind.DEPTH else None
    info = StreamInfo("camera", kind, pixels.shape[1], pixels.shape[0], pixels.dtype.name, 30.0, unit_m=unit_m)
    frame = Frame(info, pixels, 0, 0, 0)
    return View(frame, gray_of(frame), None, None)


def noise() -> View:
    return view_of(np.random.default_rng(1).integers(0, 256, (240, 320)).astype(np.uint8), StreamKind.GRAY)


def test_all_faces_are_judged_in_one_call() -> None:
    points = face_points()
    view, judge = view_of(picture_of(points), StreamKind.INFRARED), Judge()
    seen = EyeReader(judge).many([(view, points), (view, points + np.float32(3))])
    assert judge.calls == [4]
    assert seen[0] is not None
    assert seen[0].sure == (0.9, 0.9)
    assert seen[0].openness[0] < 0.1


@pytest.mark.parametrize("kind", [StreamKind.THERMAL, StreamKind.DEPTH])
def test_no_lids_are_read_in_heat_or_depth(kind: StreamKind) -> None:
    points, judge = face_points(), Judge()
    view = view_of(picture_of(points).astype(np.uint16), kind)
    assert EyeReader(judge).many([(view, points)]) == [None]
    assert judge.calls == []


def test_a_colour_frame_without_luma_is_read_about_the_eyes() -> None:
    points, judge = face_points(), Judge()
    color = view_of(np.repeat(picture_of(points)[..., None], 3, axis=2), StreamKind.COLOR)
    whole = EyeReader(judge).many([(color, points)])[0]
    part = EyeReader(judge).many([(replace(color, gray=None), points)])[0]
    assert whole is not None
    assert part is not None
    assert whole.openness == pytest.approx(part.openness, abs=0.02)


def test_an_eye_outside_the_picture_is_not_believed() -> None:
    points = face_points(center=(15.0, 120.0))
    seen = EyeReader(Judge()).many([(view_of(picture_of(points), StreamKind.GRAY), points)])[0]
    assert seen is not None
    assert seen.sure == (0.0, 0.9)


def test_points_outside_any_picture_raise_nothing() -> None:
    color = view_of(np.zeros((240, 320, 3), np.uint8), StreamKind.COLOR)
    for points in (face_points() - np.float32(900), np.full((68, 2), np.nan, np.float32)):
        told = EyeReader(Judge()).many([(replace(color, gray=None), points), (color, points)])
        assert all(one is None or one.sure == (0.0, 0.0) for one in told)


def test_a_reading_takes_the_single_eyes_and_says_how_sure_they_are() -> None:
    judge, pose = Judge(), HeadPose(0.0, 0.0, 0.0)
    plain = LandmarkReader(Marks())(noise(), CROP)
    close = LandmarkReader(Marks(), eyes=EyeReader(judge))(noise(), CROP)
    assert plain is not None
    assert close is not None
    assert plain.eyes_sure is None
    assert plain.openness == pytest.approx((0.7, 0.6))
    assert close.eyes_sure == (0.9, 0.9)
    dark = EyeReader(Judge()).many([(noise(), close.landmarks.points)])[0]
    assert dark is not None
    assert close.openness == pytest.approx(
        tuple(0.63 * a + 0.37 * b for a, b in zip(dark.openness, (0.7, 0.6), strict=True))
    )
    told, before = eyes_of(close, pose), eyes_of(plain, pose)
    assert not isinstance(told, str)
    assert not isinstance(before, str)
    assert told.sure == (0.9, 0.9)
    assert before.sure is None
    assert judge.calls == [2]


def test_what_is_no_face_has_no_eyes_to_look_at() -> None:
    judge = Judge()
    LandmarkReader(Marks(presence=0.05), eyes=EyeReader(judge))(noise(), CROP)
    assert judge.calls == []
