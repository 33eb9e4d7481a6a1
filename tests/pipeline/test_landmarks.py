from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from drivers.frame import Frame, StreamInfo, StreamKind
from pipeline.steps.crop import Crop, Distance
from pipeline.steps.landmarks import LandmarkReader, Reading, box_of, eyes_of
from pipeline.steps.register import View
from recordings.observation import Box, EyeOpenness, HeadPose, Landmarks
from tests.pipeline.scenes import KINECT_2, StubLandmarks

BOX = Box(100.0, 60.0, 256.0, 256.0)
CROP = Crop(BOX, Distance(1000.0, 11))


def view(kind: StreamKind, gray: int | None = None, depth_mm: int | None = None, counts: int = 0) -> View:
    """A View of one brightness with a checkerboard on it (contrast 60), and of one depth."""
    shape = (KINECT_2.height, KINECT_2.width)
    checks = (np.indices(shape).sum(axis=0) // 8 % 2 * 60).astype(np.uint16)
    dtype = "uint8" if kind in (StreamKind.GRAY, StreamKind.INFRARED) else "uint16"
    info = StreamInfo("it", kind, shape[1], shape[0], dtype, unit_m=0.001 if kind is StreamKind.DEPTH else None)
    pixels = (checks + counts).astype(dtype)
    return View(
        frame=Frame(info, pixels, 0, 0, 1),
        gray=None if gray is None else (checks + gray).astype(np.uint8) if gray else np.zeros(shape, np.uint8),
        depth_mm=None if depth_mm is None else np.full(shape, depth_mm, np.uint16),
        intrinsics=KINECT_2,
    )


def test_points_come_back_in_pixels_of_the_stream() -> None:
    model = StubLandmarks()
    reading = LandmarkReader(model)(view(StreamKind.GRAY, gray=150), CROP)
    assert reading is not None
    expected = (model(model.crops[0]).points + 0.5) * 2.0 + (100.0, 60.0)
    assert reading.landmarks.points == pytest.approx(expected, abs=1e-3)
    assert reading.landmarks.points.dtype == np.float32
    assert reading.presence == 0.95
    assert reading.from_kind is StreamKind.GRAY


def test_the_picture_is_read_where_there_is_light_and_depth_where_there_is_none() -> None:
    model = StubLandmarks()
    reader = LandmarkReader(model)
    lit = reader(view(StreamKind.INFRARED, gray=100, depth_mm=1000), CROP)
    dark = reader(view(StreamKind.INFRARED, gray=0, depth_mm=1000), CROP)
    depth = reader(view(StreamKind.DEPTH, depth_mm=1000), CROP)
    assert lit is not None
    assert dark is not None
    assert depth is not None
    assert [r.from_kind for r in (lit, dark, depth)] == [StreamKind.INFRARED, StreamKind.DEPTH, StreamKind.DEPTH]
    assert set(np.unique(model.crops[-1])) == {128}  # the code of D itself


def test_depth_is_read_first_where_it_is_asked_for_and_there() -> None:
    reader = LandmarkReader(StubLandmarks())
    beside = reader(view(StreamKind.INFRARED, gray=100, depth_mm=1000), CROP, depth_first=True)
    without = reader(view(StreamKind.INFRARED, gray=100), Crop(BOX), depth_first=True)
    dark = reader(view(StreamKind.INFRARED, gray=0), Crop(BOX))
    assert beside is not None
    assert without is not None
    assert dark is not None
    assert [r.from_kind for r in (beside, without, dark)] == [StreamKind.DEPTH] + [StreamKind.INFRARED] * 2


def test_thermal_counts_are_read_with_all_their_bits() -> None:
    model = StubLandmarks()
    reading = LandmarkReader(model)(view(StreamKind.THERMAL, counts=30000), Crop(BOX))
    assert reading is not None
    assert reading.from_kind is StreamKind.THERMAL
    assert model.crops[0].dtype == np.uint16
    assert model.crops[0].min() >= 30000


def test_depth_without_a_distance_cannot_be_read() -> None:
    assert LandmarkReader(StubLandmarks())(view(StreamKind.DEPTH, depth_mm=1000), Crop(BOX)) is None


def test_unsure_landmarks_speak_against_a_face() -> None:
    class Unsure(StubLandmarks):
        def __call__(self, crop, valid=None):  # type: ignore[no-untyped-def]  # the parent's
            out = super().__call__(crop, valid)
            out.confidence[:] = 0.1
            return out

    sure = LandmarkReader(StubLandmarks())(view(StreamKind.GRAY, gray=150), CROP)
    unsure = LandmarkReader(Unsure())(view(StreamKind.GRAY, gray=150), CROP)
    assert sure is not None
    assert unsure is not None
    assert sure.evidence == sure.presence == unsure.presence
    assert unsure.evidence == pytest.approx(0.25 * unsure.presence)


def test_landmarks_in_a_heap_are_no_face() -> None:
    class Heap(StubLandmarks):
        def __call__(self, crop, valid=None):  # type: ignore[no-untyped-def]  # the parent's
            out = super().__call__(crop, valid)
            out.points[:] = 64.0 + out.points * 0.01
            return out

    reading = LandmarkReader(Heap())(view(StreamKind.GRAY, gray=150), CROP)
    assert reading is not None
    assert reading.presence == 0.0


def test_pixels_outside_the_image_are_told_to_the_model() -> None:
    told: list[np.ndarray | None] = []

    class Listening(StubLandmarks):
        def __call__(self, crop, valid=None):  # type: ignore[no-untyped-def]  # the parent's
            told.append(valid)
            return super().__call__(crop, valid)

    reader = LandmarkReader(Listening())
    reader(view(StreamKind.GRAY, gray=150), Crop(Box(-64.0, 10.0, 128.0, 128.0)))
    reader(view(StreamKind.GRAY, gray=150), CROP)
    assert told[0] is not None
    assert not told[0][:, :60].any()
    assert told[0][:, 70:].all()
    assert told[1] is None


def test_the_box_holds_every_landmark_and_the_forehead() -> None:
    points = StubLandmarks()(np.full((128, 128), 200, np.uint8)).points
    box = box_of(points)
    assert box.x < points[:, 0].min()
    assert box.x + box.w > points[:, 0].max()
    assert box.y + box.h > points[:, 1].max()
    height = float(np.ptp(points[:, 1]))
    assert points[:, 1].min() - box.y == pytest.approx(0.28 * height, rel=0.01)


def reading(confidence: float = 0.9, openness: tuple[float, float] = (0.3, 0.8)) -> Reading:
    points = np.zeros((68, 2), np.float32)
    lm = Landmarks(points, np.full(68, confidence, np.float32))
    return Reading(lm, openness, 0.9, 0.9, StreamKind.GRAY, BOX)


def test_openness_is_the_models_right_eye_then_left() -> None:
    assert eyes_of(reading(), HeadPose(10, 0, 0)) == EyeOpenness(0.3, 0.8)


def test_openness_stays_within_0_and_1() -> None:
    assert eyes_of(reading(openness=(-0.1, 1.2)), HeadPose(0, 0, 0)) == EyeOpenness(0.0, 1.0)


@pytest.mark.parametrize(
    ("pose", "confidence", "why"),
    [
        (None, 0.9, "head pose"),
        (HeadPose(-70, 0, 0), 0.9, "turned by 70 degrees"),
        (HeadPose(0, 55, 0), 0.9, "tilted by 55 degrees"),
        (HeadPose(0, 0, 0), 0.1, "unsure"),
    ],
)
def test_eyes_that_cannot_be_seen_give_a_reason(pose: HeadPose | None, confidence: float, why: str) -> None:
    out = eyes_of(reading(confidence), pose)
    assert isinstance(out, str)
    assert why in out


def test_a_glaring_picture_is_read_only_where_there_is_no_depth() -> None:
    """White in the middle, with contrast enough round it."""
    glare = view(StreamKind.INFRARED, gray=100, depth_mm=1000)
    assert glare.gray is not None
    white = glare.gray.copy()
    white[80:300, 120:340] = 255
    reader = LandmarkReader(StubLandmarks())
    beside = reader(replace(glare, gray=white), CROP)
    alone = reader(replace(glare, gray=white, depth_mm=None), Crop(BOX))
    assert beside is not None
    assert alone is not None
    assert (beside.from_kind, beside.blind) == (StreamKind.DEPTH, 0.0)
    assert alone.from_kind is StreamKind.INFRARED
    assert alone.blind > 0.95


def test_a_lit_picture_is_not_blind() -> None:
    reading = LandmarkReader(StubLandmarks())(view(StreamKind.GRAY, gray=150), CROP)
    assert reading is not None
    assert reading.blind == 0.0
