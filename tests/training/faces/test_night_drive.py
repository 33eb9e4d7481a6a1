"""The night drive: what the bundled session shows, and that its truth is true."""

from __future__ import annotations

import numpy as np
import pytest

from training.faces import night_drive
from training.faces.mesh import head_like_mesh
from training.faces.night_drive import FRAMES, SCRIPT_END, cameras, frames


@pytest.fixture(scope="module")
def drive() -> list[night_drive.NightFrame]:
    return list(frames(head_like_mesh(), seed=1, count=3))


def test_the_cameras_give_what_they_say(drive) -> None:
    rig = cameras()
    for frame in drive:
        for name, dtype in (("depth", np.uint16), ("infrared", np.uint8), ("thermal", np.uint16)):
            pixels, lens = getattr(frame, name), rig[name].intrinsics
            assert pixels.shape == (lens.height, lens.width)
            assert pixels.dtype == dtype
    assert [frame.time_s for frame in drive] == pytest.approx([0, 1 / 15, 2 / 15])


def test_the_drive_is_the_same_every_time(drive) -> None:
    again = list(frames(head_like_mesh(), seed=1, count=2))
    for a, b in zip(drive, again, strict=False):
        assert np.array_equal(a.depth, b.depth)
        assert np.array_equal(a.infrared, b.infrared)
        assert np.array_equal(a.thermal, b.thermal)


def test_the_head_center_projects_into_the_face_in_both_cameras(drive) -> None:
    rig = cameras()
    frame = drive[0]
    for name, marks in (("infrared", frame.landmarks), ("thermal", frame.thermal_landmarks)):
        camera = rig[name]
        pixel = camera.intrinsics.project(camera.extrinsics.from_rig(frame.head_center_m[None]))[0]
        assert (marks.min(axis=0) < pixel).all()
        assert (pixel < marks.max(axis=0)).all()


def test_the_driver_is_warm_and_the_window_is_cold(drive) -> None:
    frame = drive[0]
    celsius = frame.thermal / 100 - 273.15
    x, y = np.round(frame.thermal_landmarks[30]).astype(int)
    assert 27 < celsius[y, x] < 37
    assert celsius.min() < 14


def test_the_depth_of_the_nose_is_read_at_the_face(drive) -> None:
    frame = drive[0]
    x, y = np.round(frame.landmarks[30]).astype(int)
    assert 700 < frame.depth[y, x] < 820


def test_the_script_has_everything_an_operator_should_see() -> None:
    actions = [night_drive._action(SCRIPT_END * n / FRAMES) for n in range(FRAMES)]
    yaw = np.array([action.pose_deg[0] for action in actions])
    pitch = np.array([action.pose_deg[1] for action in actions])
    blink = np.array([action.expression.weights["eyeBlink_R"] for action in actions])
    assert FRAMES >= 90
    assert yaw.max() > 45
    assert yaw.min() < -45
    assert pitch.max() > 12
    assert pitch.min() < -12
    assert (np.diff((blink > 0.8).astype(int)) == 1).sum() >= 6
    assert max(action.expression.weights["mouthSmile_L"] for action in actions) > 0.7
    assert max(action.expression.weights["jawOpen"] for action in actions) > 0.25
    sits = [action.outfit.glasses and action.outfit.glasses_offset_cm == (0.0, 0.0, 0.0) for action in actions]
    assert 0.5 < sits.index(True) / FRAMES < 0.7
    assert all(sits[sits.index(True) :])
