"""People differ in how long the middle of the face is; the eyes stay where they are, and as open as they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.faces.expression import Expression
from training.faces.identity import draw_identity
from training.faces.mesh import head_like_mesh
from training.faces.proportions import in_proportion
from training.faces.scene import Outfit, Rig

NOSE_END, MOUTH, CHIN, LIDS = slice(31, 36), slice(48, 68), 8, slice(36, 48)


@settings(max_examples=25, deadline=None)
@given(lift=st.floats(-0.25, 0.95), drop=st.floats(-0.5, 0.5))
def test_the_mouth_rises_by_what_was_asked_the_nose_by_less_and_the_lids_not_at_all(lift: float, drop: float) -> None:
    model = head_like_mesh()
    moved = in_proportion(model.vertices, model.vertices, lift, drop) - model.vertices
    marks = moved[model.landmarks]
    assert np.abs(marks[LIDS]).max() < 1e-6
    assert np.abs(marks[17:27]).max() == 0
    assert marks[MOUTH, 1].mean() == pytest.approx(lift, abs=0.1 * abs(lift) + 0.2 * abs(drop) + 1e-6)
    assert marks[NOSE_END, 1].mean() == pytest.approx(0.8 * lift, abs=0.1 * abs(lift) + 1e-6)
    assert np.abs(moved[:, [0, 2]]).max() == 0


@settings(max_examples=25, deadline=None)
@given(lift=st.floats(-0.25, 0.95), drop=st.floats(-0.5, 0.5))
def test_no_two_heights_of_the_face_swap(lift: float, drop: float) -> None:
    column = np.zeros((200, 3), np.float32)
    column[:, 1] = np.linspace(-12, 8, 200)
    assert (np.diff(in_proportion(column, column, lift, drop)[:, 1]) > 0).all()


def test_a_short_face_has_its_landmarks_higher_and_eyes_as_open(mesh_rig: Rig) -> None:
    person = draw_identity(3, len(mesh_rig.model.identity_modes))
    center = np.array([0.0, 0.0, 800.0])
    long, short = (
        mesh_rig.pose_person(
            replace(person, mouth_lift_cm=lift, chin_drop_cm=0.0),
            Expression(),
            Outfit(),
            (0, 0, 0),
            center,
            22.0,
            seed=1,
        )
        for lift in (0.0, 0.9)
    )
    down = long.landmarks_mm[:, 1] - long.landmarks_mm[LIDS, 1].mean()
    less = short.landmarks_mm[:, 1] - short.landmarks_mm[LIDS, 1].mean()
    assert (down - less)[MOUTH].mean() == pytest.approx(9.0, abs=1.0)
    assert (down - less)[CHIN] == pytest.approx(0.0, abs=1.0)
    assert short.openness == pytest.approx(long.openness, abs=1e-5)


def test_people_are_drawn_short_and_long_in_the_middle() -> None:
    lifts = np.array([draw_identity(number, 8).mouth_lift_cm for number in range(400)])
    assert 0.3 < lifts.mean() < 0.45
    assert (lifts < 0.05).mean() > 0.03
    assert lifts.max() > 0.8
