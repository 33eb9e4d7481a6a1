"""Of two cameras that no rig relates, neither says anything of the faces that the other one sees."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from drivers.frame import Extrinsics, Frame, FrameSet, StreamInfo, StreamKind
from drivers.related import Relations
from drivers.rig import RigCamera
from pipeline.overlay import draw_plan
from pipeline.overlay_temperature import Thermometer
from pipeline.signals.sight import Sight
from pipeline.signals.warm_look import warm_look
from pipeline.steps.other_views import OtherViews
from pipeline.steps.register import Registrar
from pipeline.steps.rig_depth import RigDepth
from pipeline.steps.take_over import move_tracks
from pipeline.steps.track import Track
from recordings.observation import Box, Face
from tests.pipeline.pictures import COLOR, DEPTH, THERMAL, K, face, frame, observation

FREE_COLOR = replace(COLOR, extrinsics=Extrinsics(translation_m=(0.02, 0.0, 0.0)))
"""Beside the depth, not on its grid."""
FREE_DEPTH = replace(DEPTH, registered_to=None)
POSE = Extrinsics(translation_m=(0.05, 0.0, 0.0))


def two(pose: Extrinsics | None) -> tuple[list[StreamInfo], list[StreamInfo]]:
    """A cabin with color, and beside it a camera with depth, infrared and thermal; a pose is what a rig gives it."""
    infrared = replace(COLOR, name="infrared", kind=StreamKind.INFRARED)
    cabin, heat = RigCamera("cabin", "fake:"), RigCamera("heat", "fake:", pose=pose)
    return (
        [cabin.relabel(COLOR, {})],
        [heat.relabel(one, {}) for one in (FREE_DEPTH, infrared, THERMAL)],
    )


def seen_by(streams: list[StreamInfo], missing: tuple[str, ...] = ()) -> FrameSet:
    fills = {StreamKind.DEPTH: 1000, StreamKind.THERMAL: 30_700}
    return FrameSet(7, 0, {i.name: frame(i, fills.get(i.kind, 60)) for i in streams}, missing=missing)


def driver() -> Face:
    return face(3, stream="cabin/color", distance_m=1.0)


@pytest.mark.parametrize("is_rig", [False, True])
def test_a_way_leads_to_the_other_cameras_pictures_only_in_a_rig(is_rig: bool) -> None:
    (color,), others = two(POSE if is_rig else None)
    frames = seen_by([color, *others])
    for related in (None, Relations([color, *others])):
        views = OtherViews()(driver(), color, K, frames, related)
        assert views["cabin/color"].project is not None
        assert {name for name, view in views.items() if view.project is not None} == (
            set(frames.frames) if is_rig else {"cabin/color"}
        )
        sight = Sight(0, driver(), driver().landmarks, color, K, others=views)
        look = warm_look(sight)
        assert ("calibration" in look if isinstance(look, str) else False) is not is_rig


@pytest.mark.parametrize("is_rig", [False, True])
def test_boxes_and_temperatures_are_drawn_across_only_in_a_rig(is_rig: bool) -> None:
    (color,), others = two(POSE if is_rig else None)
    frames = seen_by([color, *others])
    drawn = {one.stream for one in draw_plan(frames, observation(driver()))}
    assert drawn == (set(frames.frames) if is_rig else {"cabin/color"})
    assert (Thermometer(frames).of(driver()) is not None) is is_rig


def test_the_same_camera_model_twice_is_not_the_same_picture() -> None:
    (color,), _ = two(None)
    twin = RigCamera("twin", "fake:").relabel(COLOR, {})
    frames = seen_by([color, twin])
    assert {one.stream for one in draw_plan(frames, observation(driver()))} == {"cabin/color"}
    assert OtherViews()(driver(), color, K, frames)["twin/color"].project is None


def test_a_frame_that_is_missing_draws_nothing_over_a_stranger() -> None:
    (color,), (depth, infrared, thermal) = two(None)
    frames = seen_by([color, thermal], missing=(depth.name, infrared.name))
    assert {one.stream for one in draw_plan(frames, observation(driver()))} == {"cabin/color"}
    assert Thermometer(frames).of(driver()) is None


@pytest.mark.parametrize("is_rig", [False, True])
def test_depth_of_the_other_camera_is_no_depth_here(is_rig: bool) -> None:
    (color,), others = two(POSE if is_rig else None)
    frames = seen_by([color, *others])
    rig = RigDepth([color, *others])
    assert rig.reaches("cabin/color") is is_rig
    made = rig.on(frames, "cabin/color")
    assert (made is not None and bool(made.any())) is is_rig
    depth = others[0]
    view = Registrar([color, depth])(seen_by([color, depth]))
    assert view is not None
    assert view.stream == "cabin/color"
    assert (view.depth_mm is not None) is is_rig
    assert (view.depth is not None) is is_rig


def test_the_picture_beside_the_depth_serves_before_a_strangers() -> None:
    (color,), others = two(None)
    view = Registrar([color, *others])(seen_by([color, *others]))
    assert view is not None
    assert view.stream == "heat/infrared"
    assert view.depth_mm is not None
    assert view.thermal is not None


@pytest.mark.parametrize("is_rig", [False, True])
def test_heads_move_to_the_other_camera_only_in_a_rig(is_rig: bool) -> None:
    (color,), others = two(POSE if is_rig else None)
    track = Track(0, (160.0, 120.0), Box(140.0, 100.0, 40.0, 40.0), 80.0, 1000.0, id=4, is_face=True)
    related = Relations([color, *others])
    for other in others:
        assert len(move_tracks([track], color, other, related)) == int(is_rig)


def test_one_camera_of_several_streams_is_as_it_was() -> None:
    streams = [COLOR, FREE_DEPTH, THERMAL]
    frames = seen_by(streams)
    assert {one.stream for one in draw_plan(frames, observation(face()))} == {"color", "depth", "thermal"}
    assert Thermometer(frames).of(face()) is not None
    view = Registrar([FREE_COLOR, FREE_DEPTH])(seen_by([FREE_COLOR, FREE_DEPTH]))
    assert view is not None
    assert view.depth_mm is not None
    assert isinstance(view.frame, Frame)
    assert np.count_nonzero(view.depth_mm) > 0
