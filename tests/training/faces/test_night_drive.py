"""The night drive: a driver who grows drowsy, and that its truth is true."""

from __future__ import annotations

import numpy as np
import pytest

from training.faces import night_drive
from training.faces.mesh import head_like_mesh
from training.faces.night_drive import END, FRAME_RATE, FRAMES, act, cameras, events, frames

TIMES = np.arange(FRAMES) / FRAME_RATE


@pytest.fixture(scope="module")
def drive() -> list[night_drive.NightFrame]:
    return list(frames(head_like_mesh(), seed=1, count=2))


def test_the_cameras_give_what_they_say(drive: list[night_drive.NightFrame]) -> None:
    rig = cameras()
    for frame in drive:
        for name, dtype in (("depth", np.uint16), ("infrared", np.uint8), ("thermal", np.uint16)):
            pixels = getattr(frame, name)
            assert pixels.shape == rig[name].size
            assert pixels.dtype == dtype
    assert [frame.truth.time_s for frame in drive] == pytest.approx([0, 0.1])
    assert [frame.truth.number for frame in drive] == [0, 1]


def test_the_drive_is_the_same_every_time(drive: list[night_drive.NightFrame]) -> None:
    again = list(frames(head_like_mesh(), seed=1, count=1))
    for a, b in zip(drive, again, strict=False):
        for name in ("depth", "infrared", "thermal"):
            assert np.array_equal(getattr(a, name), getattr(b, name))


def test_the_head_center_projects_into_the_face_in_both_cameras(drive: list[night_drive.NightFrame]) -> None:
    rig = cameras()
    person = drive[0].truth.people[0]
    for name, marks in person.marks.items():
        camera = rig[name]
        pixel = camera.intrinsics.project(camera.extrinsics.from_rig(np.array([person.head_center_m])))[0]
        assert (marks.points.min(axis=0) < pixel).all()
        assert (pixel < marks.points.max(axis=0)).all()


def test_the_driver_is_warm_and_the_window_is_cold(drive: list[night_drive.NightFrame]) -> None:
    celsius = drive[0].thermal * night_drive.KELVIN_STEP - 273.15
    x, y = np.round(drive[0].truth.people[0].marks["thermal"].points[30]).astype(int)
    assert 27 < celsius[y, x] < 37
    assert celsius.min() < 14


def test_the_depth_of_the_face_is_the_truths(drive: list[night_drive.NightFrame]) -> None:
    person = drive[0].truth.people[0]
    x, y = np.round(cameras()["depth"].intrinsics.project(np.array([person.head_center_m]))[0]).astype(int)
    assert drive[0].depth[y, x] == pytest.approx(1000 * person.distance_m, abs=15)
    assert 0.60 < person.distance_m < person.head_center_m[2]


def test_he_blinks_ever_longer_yawns_looks_away_and_falls_asleep() -> None:
    found = events()
    kinds = [event.kind for event in found]
    assert kinds.count("blink") >= 3
    assert list(found) == sorted(found, key=lambda event: event.begin_s)
    assert all(0 <= event.begin_s < event.end_s <= END for event in found)
    lasts = {event.kind: event.end_s - event.begin_s for event in found}
    assert lasts["blink"] < 0.4 < lasts["long blink"]
    assert lasts["microsleep"] >= 1.0
    assert lasts["look away"] > 2.0
    assert 3.0 <= lasts["yawn"] <= 4.0


def test_what_the_events_say_is_what_the_face_does() -> None:
    actions = [act(time) for time in TIMES]
    lids = np.array([action.expression.weights["eyeBlink_R"] for action in actions])
    jaw = np.array([action.expression.weights["jawOpen"] for action in actions])
    yaw, pitch = np.array([action.pose_deg[:2] for action in actions]).T
    during = {e.kind: np.array([e.holds(time) for time in TIMES]) for e in events()}
    assert lids[during["microsleep"]].min() > 0.75
    assert jaw[during["yawn"]].max() > 0.9
    assert jaw[~during["yawn"]].max() < 0.25
    away = np.abs(yaw) > 25
    assert away[during["look away"]].mean() > 0.75
    assert not away[~during["look away"]].any()
    assert pitch[during["nod"]].min() < -18
    for event in events():
        if "blink" in event.kind:
            middle = (event.begin_s + event.end_s) / 2
            assert act(middle).expression.weights["eyeBlink_L"] > 0.7
