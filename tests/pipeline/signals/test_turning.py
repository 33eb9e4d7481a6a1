"""Rotations as plain numbers are those of HeadPose."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.signals.turning import angles_between, rows_of, rows_of_pose, turned
from recordings.observation import HeadPose

ANGLES = st.tuples(st.floats(-180, 180), st.floats(-89, 89), st.floats(-180, 180))


@given(ANGLES)
def test_the_rows_are_those_of_a_head_pose(angles: tuple[float, float, float]) -> None:
    pose = HeadPose(*angles)
    assert np.array(rows_of_pose(pose)) == pytest.approx(pose.rotation(), abs=1e-12)
    assert turned(rows_of(*angles), (0.1, -0.2, 0.3)) == pytest.approx(
        tuple(pose.rotation() @ (0.1, -0.2, 0.3)), abs=1e-12
    )


@given(ANGLES, ANGLES)
def test_a_turn_seen_from_another_has_the_angles_of_a_head_pose(
    one: tuple[float, float, float], other: tuple[float, float, float]
) -> None:
    wanted = HeadPose(*one).rotation().T @ HeadPose(*other).rotation()
    found = HeadPose(*angles_between(rows_of(*one), rows_of(*other)))
    assert found.rotation() == pytest.approx(wanted, abs=1e-5)


def test_straight_up_has_no_roll() -> None:
    straight = rows_of(0.0, 0.0, 0.0)
    assert angles_between(straight, rows_of(0.0, 90.0, 20.0))[2] == 0.0
    assert angles_between(straight, rows_of(10.0, -20.0, 30.0)) == pytest.approx((10.0, -20.0, 30.0))


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_an_angle_that_is_no_number_turns_to_none(bad: float) -> None:
    assert np.isnan(np.array(rows_of_pose(HeadPose(1.0, bad, 2.0)))).all()
