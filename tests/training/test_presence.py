"""Which heads of the samples the landmark network is told are faces."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.presence import AVERTED_YAW_DEG, FACE_YAW_DEG, is_averted, shows_face


@pytest.mark.parametrize(
    ("yaw", "face", "averted"),
    [
        (0, True, False),
        (-64, True, False),
        (85, True, False),
        (-100, False, False),
        (140, False, True),
        (-180, False, True),
    ],
)
def test_profiles_are_faces_and_backs_of_heads_are_none(yaw: float, face: bool, averted: bool) -> None:
    pose = np.array([[yaw, 5, -3]], np.float32)
    assert (bool(shows_face(pose)[0]), bool(is_averted(pose)[0])) == (face, averted)


@given(st.floats(-180, 180, width=32), st.floats(-90, 90, width=32))
def test_no_head_is_both_and_the_other_side_is_like_this_one(yaw: float, pitch: float) -> None:
    pose, mirrored = np.array([[yaw, pitch, 0]]), np.array([[-yaw, pitch, 0]])
    assert not (shows_face(pose) & is_averted(pose)).any()
    assert shows_face(pose) == shows_face(mirrored)
    assert is_averted(pose) == is_averted(mirrored)
    assert FACE_YAW_DEG < AVERTED_YAW_DEG
