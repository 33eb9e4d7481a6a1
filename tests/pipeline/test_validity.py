from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from drivers.frame import Frame, StreamInfo, StreamKind
from pipeline.steps.crop import Crop, Distance, dynamic_crop
from pipeline.steps.head_template import HEAD_LANDMARKS_M
from pipeline.steps.landmarks import Reading, box_of
from pipeline.steps.pose import SolvedPose, solve_pose
from pipeline.steps.register import View
from pipeline.steps.validity import GENERATED, Doubts, ValidityConfig, cut_share, doubts_of
from recordings.observation import Box, Landmarks
from tests.pipeline.scenes import KINECT_2, picture, room

READ = {"landmarks", "pose", "eyes"}


def reading_at(x: float, y: float, z: float) -> tuple[Reading, SolvedPose]:
    """What a perfect model says of an average frontal face at (x, y, z) metres."""
    points = KINECT_2.project(HEAD_LANDMARKS_M + np.array([x, y, z])).astype(np.float32)
    landmarks = Landmarks(points, np.full(68, 0.9, np.float32))
    solved = solve_pose(landmarks, KINECT_2)
    assert isinstance(solved, SolvedPose)
    return Reading(landmarks, (0.9, 0.9), 0.95, 0.95, StreamKind.GRAY, box_of(points)), solved


def view_of(x: float, y: float, z: float) -> tuple[View, Crop]:
    info = StreamInfo("gray", StreamKind.GRAY, KINECT_2.width, KINECT_2.height, "uint8", intrinsics=KINECT_2)
    gray, depth = picture(KINECT_2, [(x, y, z)]), room(KINECT_2, [(x, y, z)], wall_mm=9000.0, noise_mm=2.0)
    u, v = KINECT_2.project(np.array([[x, y, z]]))[0]
    crop = dynamic_crop(depth, (float(u), float(v)), KINECT_2)
    if not isinstance(crop, Crop):  # its middle lies outside the picture
        crop = Crop(Box(u - 60.0, v - 60.0, 120.0, 120.0), Distance(z * 1000.0 - 90.0, 11))
    return View(Frame(info, gray, 0, 0, 1), gray, depth, KINECT_2), crop


def doubts(x: float = 0.0, y: float = 0.0, z: float = 1.0, **changes: object) -> Doubts:
    view, crop = view_of(x, y, z)
    reading, solved = reading_at(x, y, z)
    reading = replace(reading, **changes)  # type: ignore[arg-type]  # a test's keyword table
    return doubts_of(view, crop, reading, solved, KINECT_2)


def test_nothing_speaks_against_a_good_face() -> None:
    assert doubts() == Doubts(1.0, {})


def test_without_a_reading_nothing_is_said_of_it() -> None:
    view, crop = view_of(0.0, 0.0, 1.0)
    assert doubts_of(view, crop, None, None, KINECT_2) == Doubts(1.0, {})


@pytest.mark.parametrize(
    ("box", "share"),
    [
        (Box(10, 10, 20, 20), 0.0),
        (Box(-5, 10, 20, 20), 0.25),
        (Box(90, 90, 20, 20), 0.75),
        (Box(-50, 0, 20, 20), 1.0),
        (Box(0, 0, 0, 0), 0.0),
    ],
)
def test_the_share_outside_is_that_of_the_box(box: Box, share: float) -> None:
    assert cut_share(box, 100, 100) == pytest.approx(share)


def test_the_more_the_border_cuts_off_the_less_is_believed() -> None:
    trust = [doubts(x=x).trust for x in (0.0, -0.62, -0.66, -0.69)]
    assert trust[0] == 1.0
    assert trust == sorted(trust, reverse=True)
    assert trust[-1] < 0.6
    cut = doubts(x=-0.69)
    assert READ | set(GENERATED) <= set(cut.invalid)
    assert "border" in cut.invalid["landmarks"]


@pytest.mark.parametrize(("blind", "fields"), [(0.2, set()), (0.5, set()), (0.8, READ | {"generated.relief"})])
def test_a_blinded_face_is_believed_less_and_then_not_at_all(blind: float, fields: set[str]) -> None:
    found = doubts(blind=blind)
    assert set(found.invalid) == fields
    assert (found.trust < 1.0) == (blind > 0.35)


def test_depth_does_not_show_eyes_and_is_less_than_a_picture() -> None:
    found = doubts(from_kind=StreamKind.DEPTH)
    assert set(found.invalid) == {"eyes"}
    assert found.trust == ValidityConfig().depth_trust


@pytest.mark.parametrize(
    ("z", "fields"),
    [
        (2.5, set()),
        (3.7, {"eyes", *GENERATED}),
        (5.5, READ | set(GENERATED)),
    ],
)
def test_far_faces_lose_their_eyes_first(z: float, fields: set[str]) -> None:
    found = doubts(z=z)
    assert set(found.invalid) == fields
    assert (found.trust < 1.0) == bool(fields)


@pytest.mark.parametrize(("factor", "is_face"), [(0.4, False), (0.75, True), (1.3, True), (2.0, False)])
def test_a_face_of_another_size_than_a_face_is_none(factor: float, is_face: bool) -> None:
    """A picture that looks alike: everything nearer and smaller, or farther and larger, by one factor."""
    view, crop = view_of(0.0, 0.0, 1.0)
    assert crop.distance is not None
    assert view.depth_mm is not None
    scaled = replace(view, depth_mm=(view.depth_mm * factor).astype(np.uint16))
    there = Crop(crop.box, Distance(crop.distance.mm * factor, 11))
    # A doll's relief is smaller too: let that rule be silent.
    loose = ValidityConfig.model_validate({"flatness": {"frontal_mm": 0.0, "turned_mm": 0.0, "bent_mm": 0.0}})
    found = doubts_of(scaled, there, *reading_at(0.0, 0.0, 1.0), KINECT_2, config=loose)
    assert ("face" in found.invalid) == (not is_face)
    if not is_face:
        assert "size of a face" in found.invalid["face"]
        assert found.trust == pytest.approx(0.3)


def test_an_uncalibrated_camera_does_not_know_sizes() -> None:
    view, crop = view_of(0.0, 0.0, 1.0)
    there = Crop(crop.box, Distance(300.0, 11))
    found = doubts_of(replace(view, intrinsics=None), there, *reading_at(0.0, 0.0, 1.0), KINECT_2)
    assert "face" not in found.invalid


def test_a_depth_camera_that_sees_nothing_at_the_face_takes_confidence() -> None:
    view, crop = view_of(0.0, 0.0, 1.0)
    reading, solved = reading_at(0.0, 0.0, 1.0)
    nothing = doubts_of(view, Crop(crop.box), reading, solved, KINECT_2)
    without = doubts_of(replace(view, depth_mm=None), Crop(crop.box), reading, solved, KINECT_2)
    assert nothing.trust == ValidityConfig().no_depth_trust
    assert without.trust == 1.0


def test_the_first_reason_of_a_field_stays() -> None:
    found = Doubts()
    found.add("grave", ("pose",), 0.5)
    found.add("light", ("pose", "eyes"), 0.5)
    assert found == Doubts(0.25, {"pose": "grave", "eyes": "light"})
