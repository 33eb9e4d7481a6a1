"""A pixel in thermal or colour gets its metres."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from drivers.frame import Frame, FrameFlag, FrameSet, StreamInfo, StreamKind
from pipeline.errors import PipelineError
from pipeline.steps.register import Registrar
from pipeline.steps.rig_depth import RigDepth, metres_at
from tests.pipeline.cast_scene import BALL, camera, look

DEPTH = camera("depth", 320, 240, 300)
COLOR = camera("color", 480, 270, 400, at=(0.05, 0.0, 0.01), turn_deg=(0, -2, 1), distortion=(-0.2, 0.05, 0, 0, 0))
THERMAL = dataclasses.replace(
    camera("thermal", 160, 120, 160, at=(-0.06, 0.02, 0.0)), kind=StreamKind.THERMAL, dtype="uint16"
)
RIG = (DEPTH, COLOR, THERMAL)


def frame(info: StreamInfo, pixels: np.ndarray | None = None, number: int = 0) -> Frame:
    return Frame(info, np.zeros(info.shape, info.dtype) if pixels is None else pixels, number, 0, 1)


def frame_set(*infos: StreamInfo, number: int = 0) -> FrameSet:
    frames = {i.name: frame(i, look(DEPTH).depth() if i is DEPTH else None, number) for i in infos}
    return FrameSet(number, 0, frames, missing=tuple(i.name for i in RIG if i not in infos))


@pytest.mark.parametrize("to", [COLOR, THERMAL], ids=lambda info: info.name)
def test_the_ball_is_where_every_camera_sees_it(to: StreamInfo) -> None:
    assert to.intrinsics is not None
    center = to.intrinsics.project(to.extrinsics.from_rig(np.array([BALL[:3]])), distort=True)
    rig = RigDepth(RIG)
    now = frame_set(*RIG)
    nearest = rig.points(now, to.name, center)[0]
    # The ball's surface, a radius before its centre as this camera looks at it.
    eye, ball = np.array(to.extrinsics.translation_m), np.array(BALL[:3])
    expected = ball - (ball - eye) / np.linalg.norm(ball - eye) * BALL[3]
    assert np.linalg.norm(nearest - expected) < 0.01
    z = rig.metres(now, to.name, center)[0]
    assert z == pytest.approx(to.extrinsics.from_rig(expected[None])[0, 2], abs=0.008)


def test_depth_of_a_frame_set_is_registered_once() -> None:
    rig = RigDepth(RIG)
    now = frame_set(*RIG)
    first = rig.on(now, "color")
    assert first is not None
    assert not first.flags.writeable
    assert rig.on(now, "color") is first
    assert rig.on(frame_set(*RIG, number=1), "color") is not first


def test_the_view_and_the_look_up_share_one_registration() -> None:
    registrar = Registrar([DEPTH, COLOR])
    now = frame_set(DEPTH, COLOR)
    view = registrar(now)
    assert view is not None
    assert view.stream == "color"
    assert registrar.rig_depth.on(now, "color") is view.depth_mm


def test_on_its_own_grid_depth_is_used_as_it_is() -> None:
    now = frame_set(DEPTH)
    out = RigDepth(RIG).on(now, "depth")
    assert out is not None
    assert np.array_equal(out, now.frames["depth"].pixels)


def test_without_depth_or_calibration_there_are_no_metres() -> None:
    pixels = np.array([[10.0, 10.0]])
    bare = dataclasses.replace(COLOR, intrinsics=None)
    rig = RigDepth([DEPTH, bare])
    assert not rig.reaches("color")
    now = FrameSet(0, 0, {"depth": frame(DEPTH, look(DEPTH).depth()), "color": frame(bare)})
    assert rig.on(now, "color") is None
    assert np.isnan(rig.metres(now, "color", pixels)).all()
    assert np.isnan(rig.points(now, "color", pixels)).all()
    assert RigDepth([COLOR]).on(frame_set(COLOR), "color") is None
    assert np.isnan(RigDepth(RIG).metres(frame_set(COLOR), "color", pixels)).all()
    with pytest.raises(PipelineError, match="sonar"):
        RigDepth(RIG).reaches("sonar")


def test_old_depth_gives_no_metres() -> None:
    now = frame_set(DEPTH, COLOR)
    old = dataclasses.replace(now.frames["depth"], flags=FrameFlag.STALE)
    stale = dataclasses.replace(now, frames={**now.frames, "depth": old})
    rig = RigDepth(RIG)
    assert rig.on(now, "color") is not None
    assert rig.on(stale, "color") is None
    assert np.isnan(rig.metres(stale, "color", np.array([[10.0, 10.0]]))).all()


def test_a_pixel_between_readings_takes_theirs_only_where_they_agree() -> None:
    mm = np.zeros((5, 6), np.uint16)
    mm[:, :2], mm[:, 3:5] = 1000, 1010
    mm[3:, 3:5] = 2000
    pixels = np.array([[2.0, 1.0], [2.0, 3.0], [0.4, 0.0], [-1.0, 0.0], [6.0, 0.0], [np.nan, 1.0]])
    found = metres_at(mm, pixels)
    assert found[0] == pytest.approx(1.0, abs=0.011)
    assert found[2] == 1.0
    assert np.isnan(found[[1, 3, 4, 5]]).all()
