"""Whether a face is read from its picture or from depth beside it; it is not kept from the picture for long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from engines.models.face_landmarks import LandmarkResult
from pipeline.config import PipelineConfig
from pipeline.process import Process
from pipeline.steps.landmarks import LandmarkConfig
from recordings.observation import Face
from tests.pipeline.process_cases import DEPTH, GRAY, frame_set
from tests.pipeline.scenes import KINECT_2, Person, StubLandmarks, picture, room, stub_models

Presence = Callable[[int], float]
PERSON: list[Person] = [(0.0, 0.0, 1.0)]
LIT, DARK = picture(KINECT_2, PERSON), np.full((424, 512), 3, np.uint8)
SOLID = room(KINECT_2, PERSON, noise_mm=2.0)
CROPS = PipelineConfig(landmarks=LandmarkConfig(close_mm=0))


class Told(StubLandmarks):
    """Presence of a face in the picture and in depth as told, by FrameSet."""

    def __init__(self, in_picture: Presence, in_depth: Presence) -> None:
        super().__init__(depth_shows=True)
        self.in_picture, self.in_depth = in_picture, in_depth
        self.number = 0

    def __call__(self, crop: np.ndarray, valid: np.ndarray | None = None) -> LandmarkResult:
        is_depth = valid is not None and np.array_equal(valid, np.asarray(crop) > 0)
        told = self.in_depth if is_depth else self.in_picture
        return replace(super().__call__(crop, valid), presence=told(self.number))


def seen(in_picture: Presence, in_depth: Presence, count: int, gray: np.ndarray = LIT) -> list[tuple[Face, ...]]:
    stub = Told(in_picture, in_depth)
    process = Process([GRAY, DEPTH], replace(stub_models(), face_landmarks=stub), CROPS)
    out = []
    for number in range(count):
        stub.number = number
        out.append(tuple(face for face, _ in process.look(frame_set(number, (GRAY, gray), (DEPTH, SOLID))).faces))
    return out


def is_by_depth(face: Face) -> bool:
    return "read from depth" in face.invalid.get("eyes", "")


def test_who_comes_in_half_cut_is_read_in_the_picture_once_he_is_there() -> None:
    """Depth may have its turn when the picture shows enough of him; nobody's eyes are lost by that."""
    for first in range(1, 8):
        faces = seen(lambda n, first=first: 0.6 if n < first else 0.95, lambda n: 0.95, first + 8)
        ((face,),) = faces[-1:]
        assert not is_by_depth(face), f"the picture was unsure for {first} FrameSets"


def test_glare_for_a_moment_costs_the_eyes_for_a_moment() -> None:
    faces = seen(lambda n: 0.1 if n in (20, 21) else 0.95, lambda n: 0.95, 40)
    assert all(len(each) == 1 for each in faces)
    assert any(is_by_depth(face) for (face,) in faces[20:24]), "meanwhile depth shows him"
    assert not any(is_by_depth(face) for (face,) in faces[30:])


def test_a_picture_that_goes_on_hiding_him_leaves_him_to_depth() -> None:
    faces = seen(lambda n: 0.1, lambda n: 0.95, 30)
    assert all(is_by_depth(face) for (face,) in faces[6:])
    assert np.ptp([face.confidence for (face,) in faces[15:]]) < 1e-4, "a glance at the picture changes nothing"


@pytest.mark.parametrize("at_first", [0.6, 0.95])
def test_in_the_dark_the_same_depth_is_worth_the_same_whatever_was_before(at_first: float) -> None:
    faces = seen(lambda n: 0.5, lambda n: at_first if n < 1 else 0.95, 40, DARK)
    (face,) = faces[-1]
    assert face.confidence == pytest.approx(seen(lambda n: 0.5, lambda n: 0.95, 40, DARK)[-1][0].confidence, abs=0.01)
    assert face.confidence > 0.75


def test_a_face_that_the_sun_burns_out_is_believed_from_depth_at_once() -> None:
    burnt = LIT.copy()
    burnt[130:290, 170:340] = 255
    assert np.ptp(burnt) > 50, "the room round it is there to be seen"
    (face,) = seen(lambda n: 0.0, lambda n: 0.8, 1, burnt)[0]
    assert is_by_depth(face)
