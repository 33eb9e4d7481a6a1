"""The sign table of the head pose, held on rendered heads: where nose and crown go when a head turns."""

from __future__ import annotations

import numpy as np
import pytest

from recordings.observation import HeadPose
from training.faces.expression import Expression
from training.faces.identity import draw_identity
from training.faces.light import see
from training.faces.pose import rotation_from_pose
from training.faces.rasterizer import project
from training.faces.scene import Outfit, Rig

CENTER = np.array([0.0, 0.0, 900.0])
INTRINSICS = np.array([300.0, 300.0, 80.0, 80.0], np.float32)
NOSE_TIP, CHIN = 30, 8
RIGHT_EYE, LEFT_EYE = slice(36, 42), slice(42, 48)


def _marks(rig: Rig, yaw: float = 0.0, pitch: float = 0.0, roll: float = 0.0) -> np.ndarray:
    person = draw_identity(3, len(rig.model.identity_modes))
    figure = rig.pose_person(person, Expression(), Outfit(), (yaw, pitch, roll), CENTER, 22.0, seed=1)
    return project(figure.landmarks_mm, INTRINSICS)[:, :2]


def test_the_own_right_eye_is_at_image_left(mesh_rig) -> None:
    marks = _marks(mesh_rig)
    assert marks[RIGHT_EYE, 0].mean() < 75 < 85 < marks[LEFT_EYE, 0].mean()
    assert marks[CHIN, 1] > marks[RIGHT_EYE, 1].mean() + 15


@pytest.mark.parametrize("rig_name", ["mesh_rig", "real_rig"])
def test_turning_to_the_own_left_moves_the_nose_to_image_right(rig_name: str, request) -> None:
    rig = request.getfixturevalue(rig_name)
    assert _marks(rig, yaw=30)[NOSE_TIP, 0] > _marks(rig)[NOSE_TIP, 0] + 10
    assert _marks(rig, yaw=-30)[NOSE_TIP, 0] < _marks(rig)[NOSE_TIP, 0] - 10


@pytest.mark.parametrize("rig_name", ["mesh_rig", "real_rig"])
def test_looking_up_moves_the_nose_up(rig_name: str, request) -> None:
    rig = request.getfixturevalue(rig_name)
    assert _marks(rig, pitch=20)[NOSE_TIP, 1] < _marks(rig)[NOSE_TIP, 1] - 5
    assert _marks(rig, pitch=-20)[NOSE_TIP, 1] > _marks(rig)[NOSE_TIP, 1] + 5


@pytest.mark.parametrize("rig_name", ["mesh_rig", "real_rig"])
def test_tilting_to_the_own_right_moves_the_crown_to_image_left(rig_name: str, request) -> None:
    rig = request.getfixturevalue(rig_name)
    level, tilted = _marks(rig), _marks(rig, roll=20)
    brow, jaw = slice(17, 27), slice(6, 11)
    assert tilted[brow, 0].mean() < level[brow, 0].mean() - 2
    assert tilted[jaw, 0].mean() > level[jaw, 0].mean() + 2
    assert tilted[RIGHT_EYE, 1].mean() > tilted[LEFT_EYE, 1].mean() + 3  # the own right eye is lower


@pytest.mark.parametrize("angles", [(0, 0, 0), (35, 10, -20), (-60, -25, 15), (150, 5, 30)])
def test_rotations_agree_with_the_observations(angles: tuple[float, float, float]) -> None:
    assert np.allclose(rotation_from_pose(*angles), HeadPose(*angles).rotation(), atol=1e-6)


def test_the_back_of_a_head_shows_no_landmark(mesh_rig) -> None:
    from training.faces.studio import visible_landmarks

    person = draw_identity(3, len(mesh_rig.model.identity_modes))
    figure = mesh_rig.pose_person(person, Expression(), Outfit(), (175, 0, 0), CENTER, 22.0, seed=1)
    _, visible = visible_landmarks(figure, INTRINSICS, see(figure, INTRINSICS, 160, 160))
    assert not visible.any()
