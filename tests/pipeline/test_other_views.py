"""The same face in the other cameras of the rig."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from drivers.frame import Extrinsics, Frame, FrameSet, Intrinsics, KelvinMap, StreamInfo, StreamKind
from engines.loading import Models
from pipeline.config import PipelineConfig
from pipeline.steps.crop import dynamic_crop
from pipeline.steps.other_views import OtherViews, distance_of, other_views
from pipeline.steps.register import View
from pipeline.steps.track import Track
from pipeline.tell import CloserLook, FaceTeller
from recordings.observation import Box, Face

LENS = Intrinsics(640, 480, 600.0, 600.0, 319.5, 239.5)
NIGHT = StreamInfo("night", StreamKind.INFRARED, 640, 480, "uint8", intrinsics=LENS)
THERMAL = StreamInfo(
    "thermal",
    StreamKind.THERMAL,
    160,
    120,
    "uint16",
    kelvin=KelvinMap(0.01),
    intrinsics=Intrinsics(160, 120, 150.0, 150.0, 79.5, 59.5),
    extrinsics=Extrinsics(translation_m=(0.05, 0.0, 0.0)),
)
FACE = Face(1, "night", Box(280, 200, 80, 80), 0.9, distance_m=1.0)


def frame_of(info: StreamInfo) -> Frame:
    return Frame(info, np.zeros(info.shape, info.dtype), 0, 0, 0)


def test_a_point_lies_where_that_camera_sees_it_at_the_faces_distance() -> None:
    view = other_views(FACE, NIGHT, LENS, FrameSet(0, 0, {"thermal": frame_of(THERMAL)}))["thermal"]
    assert view.project is not None
    there = view.project(np.array([[319.5, 239.5], [379.5, 239.5]]))
    assert there == pytest.approx(np.array([[79.5 - 7.5, 59.5], [79.5 + 15.0 - 7.5, 59.5]]))


def test_how_far_off_it_may_be_is_the_parallax_of_the_faces_relief() -> None:
    view = other_views(FACE, NIGHT, LENS, FrameSet(0, 0, {"thermal": frame_of(THERMAL)}))["thermal"]
    assert view.error_px == pytest.approx(150 * 0.05 * 0.04, rel=0.01)


def test_the_same_grid_needs_no_distance() -> None:
    twin = replace(NIGHT, name="twin")
    far = replace(FACE, distance_m=None)
    view = other_views(far, NIGHT, LENS, FrameSet(0, 0, {"twin": frame_of(twin)}))["twin"]
    assert view.project is not None
    assert view.error_px == 0
    assert view.project(np.array([[3.0, 4.0]])) == pytest.approx(np.array([[3.0, 4.0]]))


def test_what_that_camera_does_not_see_is_no_number() -> None:
    view = other_views(FACE, NIGHT, LENS, FrameSet(0, 0, {"thermal": frame_of(THERMAL)}))["thermal"]
    assert view.project is not None
    assert np.isnan(view.project(np.array([[-2000.0, 0.0], [np.nan, 1.0]]))).all(axis=1).all()


@pytest.mark.parametrize(
    "face",
    [
        replace(FACE, distance_m=None),
        replace(FACE, invalid={"distance_m": "a hand is before it"}),
    ],
)
def test_without_a_distance_no_way_leads_to_another_camera(face: Face) -> None:
    view = other_views(face, NIGHT, LENS, FrameSet(0, 0, {"thermal": frame_of(THERMAL)}))["thermal"]
    assert view.project is None


def test_without_a_calibration_no_way_leads_there() -> None:
    bare = replace(THERMAL, intrinsics=None)
    view = other_views(FACE, NIGHT, LENS, FrameSet(0, 0, {"thermal": frame_of(bare)}))["thermal"]
    assert view.project is None


def test_the_head_centre_serves_where_no_distance_is_measured() -> None:
    """It lies on the face's surface, as the distance does."""
    assert distance_of(replace(FACE, distance_m=None, head_center_m=(0.0, 0.0, 1.5))) == 1.5


def told_of(depth_mm: np.ndarray) -> Face:
    """What the steps say of a face in the middle of a depth picture."""
    info = StreamInfo("night", StreamKind.DEPTH, 640, 480, "uint16", unit_m=0.001, intrinsics=LENS)
    frame = Frame(info, depth_mm, 0, 0, 0)
    view = View(frame, None, depth_mm, LENS, depth=frame)
    track = Track(0, (319.5, 239.5), FACE.box, 240.0, 800.0, id=1, evidence=0.9, is_face=True)
    crop = dynamic_crop(depth_mm, track.center_px, LENS, about_mm=track.distance_mm)
    assert not isinstance(crop, str)
    return FaceTeller(PipelineConfig(), Models())(view, LENS, track, CloserLook(), crop, "")


def test_a_measured_face_lies_where_depth_shows_its_surface() -> None:
    face = told_of(np.full((480, 640), 800, np.uint16))
    assert distance_of(face) == pytest.approx(0.8)
    assert face.head_center_m == pytest.approx((0.0, 0.0, 0.8), abs=1e-6), "the head centre lies on the surface"
    assert distance_of(replace(face, distance_m=None)) == pytest.approx(0.8), "both say the same"


def test_a_distance_that_two_surfaces_make_leads_nowhere() -> None:
    """A hand 18 cm before one half of the face: the mean of both is neither's distance."""
    depth = np.full((480, 640), 800, np.uint16)
    depth[:, 320:] = 620
    face = told_of(depth)
    assert face.distance_m is not None
    assert face.invalid["distance_m"] == face.invalid["head_center_m"]
    assert "span 180 mm" in face.invalid["distance_m"]
    assert distance_of(face) is None
    view = other_views(face, NIGHT, LENS, FrameSet(0, 0, {"thermal": frame_of(THERMAL)}))["thermal"]
    assert view.project is None, "no temperature is read beside the face"


@pytest.mark.parametrize("bent", [(), (0.1, -0.05, 0.001, 0.002, 0.01)])
def test_the_way_is_the_one_through_the_rig(bent: tuple[float, ...]) -> None:
    turn = np.array([[0.995, 0.0, 0.0998], [0.0, 1.0, 0.0], [-0.0998, 0.0, 0.995]])
    u, _, v = np.linalg.svd(turn)
    here = replace(NIGHT, extrinsics=Extrinsics.from_arrays(u @ v, (0.01, -0.02, 0.03)))
    assert THERMAL.intrinsics is not None
    lens = replace(THERMAL.intrinsics, distortion=bent)
    there = replace(THERMAL, intrinsics=lens, extrinsics=Extrinsics.from_arrays(v.T @ u.T, (0.05, 0.0, 0.0)))
    view = other_views(FACE, here, LENS, FrameSet(0, 0, {"thermal": frame_of(there)}))["thermal"]
    points = np.array([[300.0, 220.0], [340.0, 260.0]])

    def through_the_rig(points: np.ndarray, distance: float) -> np.ndarray:
        metres = here.extrinsics.to_rig(LENS.back_project(points, distance))
        return lens.project(there.extrinsics.from_rig(metres), distort=True)

    assert view.project is not None
    found, wanted = view.project(points), through_the_rig(points, 1.0)
    inside = (wanted >= -0.5).all(axis=1) & (wanted <= (159.5, 119.5)).all(axis=1)
    assert found[inside] == pytest.approx(wanted[inside])
    assert np.isnan(found[~inside]).all()
    middle = np.array([FACE.box.center])
    apart = through_the_rig(middle, 1.04) - through_the_rig(middle, 0.96)
    assert view.error_px == pytest.approx(np.linalg.norm(apart) / 2)


def test_what_lies_behind_that_camera_is_not_seen() -> None:
    behind = replace(THERMAL, extrinsics=Extrinsics(translation_m=(0.0, 0.0, 3.0)))
    view = other_views(FACE, NIGHT, LENS, FrameSet(0, 0, {"thermal": frame_of(behind)}))["thermal"]
    assert view.project is not None
    assert np.isnan(view.project(np.array([[319.5, 239.5]]))).all()
    assert view.error_px == 0.0


def test_a_camera_that_changes_is_placed_anew() -> None:
    views = OtherViews()
    points = np.array([[319.5, 239.5]])
    for shift in (0.05, 0.1):
        moved = replace(THERMAL, extrinsics=Extrinsics(translation_m=(shift, 0.0, 0.0)))
        view = views(FACE, NIGHT, LENS, FrameSet(0, 0, {"thermal": frame_of(moved)}))["thermal"]
        assert view.project is not None
        assert view.project(points) == pytest.approx(np.array([[79.5 - 150 * shift, 59.5]]))
