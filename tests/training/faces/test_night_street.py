"""The night street: three people at different distances, one masked, and that their truth is true."""

from __future__ import annotations

import numpy as np
import pytest

from training.faces import night_street
from training.faces.mesh import head_like_mesh
from training.faces.night_street import FRAME_RATE, FRAMES, cameras, frames
from training.faces.street_people import ROLES, TURNS_AWAY, act, events

TIMES = np.arange(FRAMES) / FRAME_RATE


@pytest.fixture(scope="module")
def street() -> list[night_street.StreetFrame]:
    return list(frames(head_like_mesh(), seed=1, count=1))


def test_the_cameras_give_what_they_say(street: list[night_street.StreetFrame]) -> None:
    rig = cameras()
    for name, dtype in (("depth", np.uint16), ("infrared", np.uint8), ("thermal", np.uint16), ("color", np.uint8)):
        pixels = getattr(street[0], name)
        assert pixels.shape[:2] == rig[name].size
        assert pixels.dtype == dtype
    assert street[0].color.shape[2] == 3


def test_everybody_is_where_the_truth_says(street: list[night_street.StreetFrame]) -> None:
    rig, frame = cameras(), street[0]
    assert [person.id for person in frame.truth.people] == [1, 2, 3]
    for person in frame.truth.people:
        x, y = np.round(rig["depth"].intrinsics.project(np.array([person.head_center_m]))[0]).astype(int)
        assert frame.depth[y, x] == pytest.approx(1000 * person.distance_m, abs=60)
        for name, marks in person.marks.items():
            camera = rig[name]
            pixel = camera.intrinsics.project(camera.extrinsics.from_rig(np.array([person.head_center_m])))[0]
            assert (marks.points.min(axis=0) < pixel).all()
            assert (pixel < marks.points.max(axis=0)).all()


def test_one_is_masked_and_the_mask_hides_mouth_and_nose(street: list[night_street.StreetFrame]) -> None:
    masked = [person for person in street[0].truth.people if person.masked]
    assert [person.id for person in masked] == [2]
    visible = masked[0].marks["infrared"].visible
    assert not visible[48:68].any()


def test_faces_are_warm_before_a_cold_street(street: list[night_street.StreetFrame]) -> None:
    celsius = street[0].thermal * night_street.KELVIN_STEP - 273.15
    x, y = np.round(street[0].truth.people[0].marks["thermal"].points[28]).astype(int)
    assert 24 < celsius[y, x] < 36
    assert np.median(celsius) < 16


def test_they_keep_their_distances_and_one_comes_closer() -> None:
    z = np.array([[act(role, time).center_mm[2] for time in TIMES] for role in ROLES]) / 1000
    near, middle, far = z
    assert np.abs(near - 1.22).max() < 0.1
    assert 1.9 < middle.min() <= middle.max() < 2.5
    assert far[0] > 3.4
    assert far[-1] < 3.1
    assert (np.diff(far) < 0).all()


def test_one_passes_before_another() -> None:
    lens = cameras()["infrared"].intrinsics
    column = np.array(
        [[lens.project(act(role, time).center_mm[None] / 1000)[0, 0] for time in TIMES] for role in ROLES[1:]]
    )
    gap = column[0] - column[1]
    assert gap[0] < -20
    assert gap[-1] > 20


def test_one_turns_his_head_away_and_back() -> None:
    yaw = np.array([act(ROLES[0], time).pose_deg[0] for time in TIMES])
    away = np.abs(yaw) > 80
    assert away.sum() > 0.8 * FRAME_RATE
    assert all(TURNS_AWAY[0] < time < TURNS_AWAY[1] for time in TIMES[away])
    assert abs(yaw[0]) < 15
    assert abs(yaw[-1]) < 15
    assert any(event.kind == "head turned away" and event.person == 1 for event in events())
