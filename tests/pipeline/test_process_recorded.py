"""The person of a real recording is found whenever the face looks toward the camera, and else not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import cv2
import numpy as np
import pytest

from drivers.frame import FrameSet, StreamInfo, StreamKind
from engines.loading import Models, load_models
from engines.models.face_landmarks import FaceLandmarks
from pipeline.process import Process
from recordings.observation import Observation
from tests.pipeline.process_cases import frame_set
from tests.pipeline.scenes import KINECT_1, StubLandmarks

TOWARD = (*range(12), *range(89, 100))  # frames in which the face looks toward the camera, judged by eye
BACK = range(30, 67)  # the back of the head


@pytest.fixture(scope="module")
def recording(shared_data: Path) -> list[FrameSet]:
    """kinect_person as FrameSets of colour and registered depth."""
    color = StreamInfo("color", StreamKind.COLOR, 640, 480, "uint8", 30.0, intrinsics=KINECT_1)
    depth = StreamInfo(
        "depth", StreamKind.DEPTH, 640, 480, "uint16", 30.0, unit_m=0.001, intrinsics=KINECT_1, registered_to="color"
    )

    def read() -> Iterator[FrameSet]:
        for number in range(100):
            stem = shared_data / "kinect_person" / f"{number:010d}"
            bgr = cv2.imread(f"{stem}.jpg")
            mm = cv2.imread(f"{stem}_depth.png", cv2.IMREAD_UNCHANGED)
            assert bgr is not None
            assert mm is not None
            yield frame_set(number, (color, np.ascontiguousarray(bgr[..., ::-1])), (depth, mm))

    return list(read())


def faces_of(recording: list[FrameSet], models: Models) -> list[Observation]:
    process = Process([f.info for f in recording[0].frames.values()], models)
    return [process(fs) for fs in recording]


def check_person(recording: list[FrameSet], seen: list[Observation]) -> None:
    """Exactly one face toward the camera, within 5 cm of the depth there; none at the back; never two."""
    assert max(len(o.faces) for o in seen) == 1
    assert [n for n in TOWARD if len(seen[n].faces) != 1] == []
    assert [n for n in BACK if seen[n].faces] == []
    assert len({face.id for o in seen for face in o.faces}) == 1
    for number in TOWARD:
        (face,) = seen[number].faces
        mm = recording[number].frames["depth"].pixels
        x, y = face.box.center
        assert 270 < x < 370, number
        assert 120 < y < 190, number
        inside = mm[int(face.box.y) : int(face.box.y + face.box.h), int(face.box.x) : int(face.box.x + face.box.w)]
        assert face.distance_m == pytest.approx(float(np.median(inside[inside > 0])) / 1000.0, abs=0.05), number


def test_without_models_the_cascades_find_the_person_and_say_what_is_missing(recording: list[FrameSet]) -> None:
    seen = faces_of(recording, Models(missing={"face_landmarks": "its file is not there"}))
    check_person(recording, seen)
    face = seen[0].faces[0]
    assert face.landmarks is None
    assert face.pose is None
    assert face.eyes is None
    for field in ("landmarks", "pose", "eyes"):
        assert "its file is not there" in face.invalid[field]


def test_the_shipped_models_find_the_person_whenever_the_face_looks_here(recording: list[FrameSet]) -> None:
    models = load_models(names=["face_landmarks"], threads=2)
    try:
        assert "face_landmarks" not in models.missing, models.missing
        seen = faces_of(recording, models)
    finally:
        models.close()
    check_person(recording, seen)
    assert all(seen[n].faces[0].landmarks is not None for n in TOWARD)
    assert sum(seen[n].faces[0].pose is not None for n in TOWARD) > 0.8 * len(TOWARD)


def test_a_model_that_sees_no_face_anywhere_is_outvoted_only_by_the_cascades(recording: list[FrameSet]) -> None:
    class Blind(StubLandmarks):
        def __call__(self, crop, valid=None):  # type: ignore[no-untyped-def]  # the parent's
            return super().__call__(np.zeros((128, 128), np.uint8), valid)

    seen = faces_of(recording[30:67], Models(face_landmarks=cast(FaceLandmarks, Blind())))
    assert [o.frame_set for o in seen if o.faces] == []
