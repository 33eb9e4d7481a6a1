"""A pixel of any camera of a rig gets the metres of what that camera sees there, or none."""

from __future__ import annotations

import dataclasses

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from drivers.errors import CalibrationError
from drivers.frame import StreamInfo
from pipeline.steps.reproject import DepthProjector
from tests.pipeline.cast_scene import camera, look, visible

BARREL = (-0.28, 0.09, 0.001, -0.0007, -0.01)
RATIONAL = (0.2, -0.1, 0.0006, 0.001, 0.02, 0.5, -0.15, 0.02)
FISH = (0.03, -0.01, 0.003, -0.001)

RIGS: dict[str, tuple[StreamInfo, StreamInfo]] = {
    "the same lens beside it": (camera("depth", 320, 240, 300), camera("color", 320, 240, 300, at=(0.05, 0, 0))),
    "a finer picture": (camera("depth", 320, 240, 300), camera("color", 640, 360, 460, at=(0.015, 0, 0))),
    "a much finer picture": (camera("depth", 160, 120, 150), camera("color", 640, 480, 600, at=(0.03, 0.01, 0))),
    "a thermal camera's few pixels": (camera("depth", 320, 240, 300), camera("thermal", 80, 60, 90, at=(0.06, 0, 0))),
    "turned, and farther ahead": (
        camera("depth", 320, 240, 300),
        camera("color", 320, 240, 320, at=(-0.04, 0.03, 0.08), turn_deg=(2, -4, 7)),
    ),
    "on its side": (
        camera("depth", 320, 240, 300),
        camera("color", 320, 240, 240, at=(0.03, 0, 0), turn_deg=(0, 0, 90)),
    ),
    "both lenses distort": (
        camera("depth", 320, 240, 280, distortion=BARREL),
        camera("color", 480, 270, 360, at=(0.04, 0, 0), distortion=RATIONAL),
    ),
    "a fisheye": (
        camera("depth", 320, 240, 250),
        camera("thermal", 320, 240, 130, at=(0.04, 0.02, 0), distortion=FISH, model="fisheye"),
    ),
}


def eroded(mask: NDArray[np.bool_], pixels: int) -> NDArray[np.bool_]:
    kernel = np.ones((2 * pixels + 1, 2 * pixels + 1), np.uint8)
    return np.asarray(cv2.erode(mask.astype(np.uint8), kernel)) > 0


@pytest.mark.parametrize("rig", RIGS)
def test_what_both_cameras_see_gets_its_depth_and_what_depth_cannot_see_gets_none(rig: str) -> None:
    depth, to = RIGS[rig]
    seen, true = look(depth), look(to)
    out = DepthProjector(depth, to)(seen.depth())
    assert out.shape == (to.height, to.width)
    shared = visible(true.points, depth, seen)
    assert depth.intrinsics is not None
    assert to.intrinsics is not None
    # A depth pixel may be several pixels here, so edges are known to as many.
    edge = int(np.ceil(to.intrinsics.fx / depth.intrinsics.fx)) + 1
    inside, outside = eroded(shared, edge), eroded(~shared, edge)
    error = np.abs(out / 1000.0 - true.z_m) / true.z_m
    assert inside.mean() > 0.1
    assert np.mean(out[inside] > 0) > 0.998
    assert np.mean(error[inside] < 0.02) > 0.985, "but for the edges of what stands before the wall"
    assert np.median(error[inside]) < 0.002
    assert np.mean(out[outside] > 0) < 0.005, "a background shines through, or a surface is wider than its pixels"


def test_a_near_surface_full_of_noise_has_no_background_between_its_pixels() -> None:
    """At a wide baseline noise parts neighbours by more than a pixel; the wall behind them is 2 m away."""
    depth, to = camera("depth", 320, 240, 300), camera("color", 320, 240, 300, at=(0.08, 0, 0))
    rng = np.random.default_rng(1)
    mm = np.full((240, 320), 3000, np.uint16)
    mm[40:200, 120:260] = 900
    noisy = np.rint(mm * (1 + rng.normal(0, 0.01, mm.shape))).astype(np.uint16)
    out = DepthProjector(depth, to)(noisy)
    board = out[60:180, 110:225]
    assert np.mean(board > 1500) < 0.004
    assert np.mean(board == 0) < 0.01


def test_the_shadow_beside_a_near_surface_stays_empty() -> None:
    depth, to = camera("depth", 320, 240, 300), camera("color", 320, 240, 300, at=(0.1, 0, 0))
    mm = np.full((240, 320), 2000, np.uint16)
    mm[60:180, 150:200] = 1000
    out = DepthProjector(depth, to)(mm)
    # The board moves by 30 pixels to the left, the wall by 15: to the board's right 15 pixels are seen by nobody.
    assert (out[70:170, 121:169] == 1000).all()
    assert (out[70:170, 171:184] == 0).all()
    assert (out[70:170, 187:250] == 2000).all()


def test_no_reading_stays_none_and_out_of_range_is_none() -> None:
    depth, to = camera("depth", 64, 48, 60), camera("color", 64, 48, 60, at=(0, 0, -2.0))
    project = DepthProjector(depth, to)
    assert not project(np.zeros((48, 64), np.uint16)).any()
    assert not project(np.full((48, 64), 64_000, np.uint16)).any()  # 66 m from the other camera
    behind = DepthProjector(depth, camera("color", 64, 48, 60, turn_deg=(0, 180, 0)))
    assert not behind(np.full((48, 64), 900, np.uint16)).any()


def test_a_picture_of_another_size_and_a_missing_calibration_are_told() -> None:
    depth, to = camera("depth", 64, 48, 60), camera("color", 64, 48, 60)
    with pytest.raises(CalibrationError, match="48, 64"):
        DepthProjector(depth, to)(np.zeros((24, 32), np.uint16))
    with pytest.raises(CalibrationError, match="intrinsics of both"):
        DepthProjector(depth, dataclasses.replace(to, intrinsics=None))


def test_onto_its_own_grid_nothing_changes() -> None:
    depth = camera("depth", 64, 48, 60)
    mm = np.random.default_rng(0).integers(500, 4000, (48, 64)).astype(np.uint16)
    mm[::5, ::7] = 0
    out = DepthProjector(depth, camera("color", 64, 48, 60))(mm)
    far_off = (out != mm) & (mm > 0)
    assert far_off.mean() < 0.03, "noise of metres from pixel to pixel: some stand out alone"


@given(
    at=st.tuples(*[st.floats(-0.1, 0.1)] * 3),
    turn=st.tuples(st.floats(-8, 8), st.floats(-8, 8), st.floats(-180, 180)),
    f=st.floats(40, 400),
)
@settings(max_examples=25, deadline=None)
def test_wherever_the_other_camera_stands_a_reading_is_of_something_there(
    at: tuple[float, float, float], turn: tuple[float, float, float], f: float
) -> None:
    depth, to = camera("depth", 160, 120, 150), camera("color", 160, 120, f, at=at, turn_deg=turn)
    seen, true = look(depth), look(to)
    out = DepthProjector(depth, to)(seen.depth())
    shared = visible(true.points, depth, seen)
    inside = eroded(shared, int(np.ceil(f / 150)) + 1)
    if inside.sum() < 400:
        return
    error = np.abs(out / 1000.0 - true.z_m) / true.z_m
    assert np.mean(error[inside] < 0.03) > 0.97
