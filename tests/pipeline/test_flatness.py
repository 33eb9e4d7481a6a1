from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from drivers.frame import Frame, FrameSet, Intrinsics, StreamInfo, StreamKind
from engines.loading import load_models
from pipeline.process import Process
from pipeline.steps.flatness import Relief, flat_reason, relief_of
from pipeline.steps.head_template import HEAD_LANDMARKS_M
from recordings.observation import HeadPose, Landmarks
from tests.pipeline.scenes import KINECT_2, room

FRONTAL = HeadPose(0.0, 0.0, 0.0)


def landmarks_at(distance_m: float, camera: Intrinsics = KINECT_2) -> Landmarks:
    """An average frontal face on the optical axis."""
    points = camera.project(HEAD_LANDMARKS_M + np.array([0.0, 0.0, distance_m]))
    return Landmarks(points.astype(np.float32), np.full(68, 0.9, np.float32))


def surface(
    distance_m: float, slope: tuple[float, float], bend_mm: float, noise_mm: float, seed: int
) -> NDArray[np.uint16]:
    """Depth of a sheet: ``slope`` mm a mm, its sides 75 mm from the middle ``bend_mm`` behind it, with noise."""
    v, u = np.mgrid[0 : KINECT_2.height, 0 : KINECT_2.width].astype(np.float64)
    x, y = ((u - KINECT_2.cx), (v - KINECT_2.cy))
    across, down = x * distance_m * 1000.0 / KINECT_2.fx, y * distance_m * 1000.0 / KINECT_2.fy
    mm = distance_m * 1000.0 + slope[0] * across + slope[1] * down + bend_mm * (across / 75.0) ** 2
    mm += np.random.default_rng(seed).normal(0.0, noise_mm, mm.shape)
    out: NDArray[np.uint16] = np.clip(np.rint(mm), 0, 60000).astype(np.uint16)
    return out


@settings(max_examples=40, deadline=None)
@given(
    distance=st.floats(0.4, 2.0),
    slope=st.tuples(st.floats(-0.5, 0.5), st.floats(-0.5, 0.5)),
    noise=st.floats(0.0, 2.5),
    seed=st.integers(0, 99),
)
def test_every_flat_thing_is_flat_however_it_is_held(
    distance: float, slope: tuple[float, float], noise: float, seed: int
) -> None:
    relief = relief_of(surface(distance, slope, 0.0, noise * distance, seed), landmarks_at(distance))
    assert relief is not None
    assert "flat" in flat_reason(relief, FRONTAL)
    assert flat_reason(relief, None)


@pytest.mark.parametrize("bend_mm", [15.0, 40.0])
def test_a_bent_sheet_is_a_sheet(bend_mm: float) -> None:
    relief = relief_of(surface(0.7, (0.1, 0.1), bend_mm, 2.0, 1), landmarks_at(0.7))
    assert relief is not None
    assert "picture" in flat_reason(relief, FRONTAL)


def test_a_bent_sheet_is_told_by_its_second_curvature() -> None:
    relief = relief_of(surface(0.7, (0.0, 0.0), 40.0, 1.0, 1), landmarks_at(0.7))
    assert relief is not None
    assert relief.plane_mm > 5.0
    assert relief.bent_mm < 1.5
    assert relief.other_mm < 2.0
    assert "bent sheet" in flat_reason(relief, FRONTAL)


@pytest.mark.parametrize("distance", [0.5, 1.0, 2.0])
def test_a_round_head_is_not_flat(distance: float) -> None:
    depth = room(KINECT_2, [(0.0, 0.0, distance)], noise_mm=2.0 * distance)
    relief = relief_of(depth, landmarks_at(distance))
    assert relief is not None
    assert flat_reason(relief, FRONTAL) == ""
    assert relief.other_mm > 8.0


def test_where_too_little_is_measured_nothing_is_said() -> None:
    depth = surface(0.7, (0.0, 0.0), 0.0, 1.0, 1)
    gaps = depth.copy()
    gaps[::2] = 0
    gaps[:, ::2] = 0
    assert relief_of(np.zeros_like(depth), landmarks_at(0.7)) is None
    assert relief_of(gaps, landmarks_at(0.7)) is None
    assert relief_of(depth, landmarks_at(6.0)) is None  # a dozen px
    aside = landmarks_at(0.7)
    assert relief_of(depth, Landmarks(aside.points - (KINECT_2.cx, 0.0), aside.confidence)) is None
    assert relief_of(depth, Landmarks(np.full((68, 2), np.nan, np.float32), aside.confidence)) is None


def test_a_wall_behind_the_edge_is_no_relief() -> None:
    depth = surface(0.7, (0.0, 0.0), 0.0, 1.0, 1)
    points = landmarks_at(0.7).points
    depth[:, int(points[:, 0].max()) - 12 :] = 2500
    relief = relief_of(depth, landmarks_at(0.7))
    assert relief is not None
    assert flat_reason(relief, FRONTAL)


def test_a_face_that_is_turned_away_may_be_flatter() -> None:
    side = Relief(4.0, 3.0, 10.0)
    assert flat_reason(side, HeadPose(60.0, 0.0, 0.0)) == ""
    assert flat_reason(side, HeadPose(-60.0, 0.0, 0.0)) == ""
    assert flat_reason(side, None) == ""
    assert "flat" in flat_reason(side, FRONTAL)


@pytest.mark.slow
def test_no_real_face_is_called_a_picture(shared_data: Path) -> None:
    """Kinect v2: every fourth of 521 faces of 80 people, front, left, right, up, down."""
    with np.load(shared_data / "rap3df_set2" / "rap3df_set2.npz") as data:
        colors, depths = data["color_bgr"][::4], data["depth_mm"][::4]
    height, width = depths.shape[1:]
    camera = Intrinsics(width, height, 365.0, 365.0, 255.5 - 197, 211.5 - 138)
    color = StreamInfo("color", StreamKind.COLOR, width, height, "uint8", intrinsics=camera)
    depth = StreamInfo(
        "depth", StreamKind.DEPTH, width, height, "uint16", unit_m=0.001, intrinsics=camera, registered_to="color"
    )
    models = load_models("onnxruntime", threads=1, names=["face_landmarks", "face_finder"])
    found, called = 0, []
    try:
        process = Process([color, depth], models)
        for number, (bgr, mm) in enumerate(zip(colors, depths, strict=True)):
            process.reset()
            rgb = np.ascontiguousarray(bgr[..., ::-1])
            frames = {s.name: Frame(s, p, number, number, number + 1) for s, p in ((color, rgb), (depth, mm))}
            faces = [face for face, _ in process.look(FrameSet(number, number, frames)).faces]
            found += len(faces)
            called += [(number, face.invalid["face"]) for face in faces if "face" in face.invalid]
    finally:
        models.close()
    assert found > 0.9 * len(depths)
    assert called == []
