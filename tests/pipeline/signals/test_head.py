"""Head pose relative to where this person looks most."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.frame import StreamKind
from pipeline.signals.head import NAMES, Head, place_of, weak_perspective
from pipeline.signals.straight import HeadConfig
from pipeline.signals.zones import CameraPlace, ZoneSet, load_zones
from recordings.observation import HeadPose, SignalValue
from tests.pipeline.signals.faces import INTRINSICS, every, image_points, info_of, known, make_face, sight_at, sights


def zones(yaw: float = 0.0, pitch: float = 0.0, *, measured: bool = False) -> ZoneSet:
    place = CameraPlace(yaw_deg=yaw, pitch_deg=pitch, measured=measured)
    return load_zones("car-left-hand-drive").model_copy(update={"camera": place})


def values(told: dict[str, SignalValue]) -> tuple[float, float, float]:
    yaw, pitch, roll = (told[name].value for name in NAMES)
    return yaw, pitch, roll


def look(head: Head, seconds: float, begin_s: float = 0.0, fps: float = 10.0, **face: float) -> dict[str, SignalValue]:
    for sight in sights(every(seconds, fps, begin_s), **face):
        told = head.step(sight, {})
    return told


def test_before_anything_is_learned_it_is_the_cameras_view_with_little_confidence() -> None:
    told = Head().step(sight_at(0.0, yaw=12.0, pitch=-5.0, roll=3.0), {})
    assert values(told) == pytest.approx((12.0, -5.0, 3.0))
    assert all(0.2 < told[n].confidence <= 0.5 for n in NAMES)
    assert all(told[n].unit == "deg" and told[n].source == "infrared" for n in NAMES)


def test_a_camera_beside_the_driver_is_taken_off() -> None:
    told = Head(zones=zones(25.0, 10.0, measured=True)).step(sight_at(0.0, yaw=25.0, pitch=10.0), {})
    assert values(told) == pytest.approx((0.0, 0.0, 0.0), abs=1e-6)
    assert told["head_yaw"].confidence > 0.7


@given(yaw=st.floats(-30, 30), pitch=st.floats(-20, 20), camera=st.tuples(st.floats(-30, 30), st.floats(-20, 20)))
def test_relative_angles_are_those_of_the_head_in_the_drivers_axes(
    yaw: float, pitch: float, camera: tuple[float, float]
) -> None:
    seen = HeadPose.from_rotation(HeadPose(*camera, 0.0).rotation() @ HeadPose(yaw, pitch, 0.0).rotation())
    head = Head(zones=zones(*camera, measured=True))
    told = head.step(sight_at(0.0, yaw=seen.yaw_deg, pitch=seen.pitch_deg, roll=seen.roll_deg), {})
    assert values(told) == pytest.approx((yaw, pitch, 0.0), abs=1e-6)


@pytest.mark.parametrize("fps", [10.0, 120.0])
def test_the_straight_ahead_is_where_this_person_looks_most(fps: float) -> None:
    head = Head(HeadConfig(least_s=8.0))

    def yaw(t: float) -> float:
        return -30.0 if t % 6.0 > 4.5 else 7.0 + math.sin(t)

    for sight in sights(every(20.0, fps), yaw=yaw, pitch=-6.0):
        told = head.step(sight, {})
    told = head.step(sight_at(20.02, yaw=7.0, pitch=-6.0), {})
    assert values(told) == pytest.approx((0.0, 0.0, 0.0), abs=1.2)
    assert told["head_yaw"].confidence > 0.8
    assert head.straight.is_learned


def test_learning_moves_no_signal_by_a_leap() -> None:
    head, last = Head(), None
    for sight in sights(every(45.0, 10.0), yaw=10.0):
        now = head.step(sight, {})["head_yaw"].value
        assert last is None or abs(now - last) < 0.2
        last = now
    assert last == pytest.approx(0.0, abs=0.5)


def test_somebody_who_looks_at_a_telephone_all_the_time_has_no_telephone_straight_ahead() -> None:
    told = look(Head(), 60.0, yaw=-30.0, pitch=-25.0)
    assert values(told)[:2] == pytest.approx((-30.0, -25.0), abs=1e-6)


def test_where_the_cameras_place_was_measured_less_is_believed() -> None:
    told = look(Head(zones=zones(measured=True)), 60.0, yaw=14.0)
    assert told["head_yaw"].value == pytest.approx(14.0)


def test_somebody_who_looks_everywhere_has_no_straight_ahead() -> None:
    head = Head()
    for k, sight in enumerate(
        sights(every(60.0, 10.0), yaw=lambda t: (t * 137.0) % 120 - 60, pitch=lambda t: (t * 71) % 60 - 30)
    ):
        told = head.step(sight, {})
        assert k < 10 or told["head_yaw"].confidence <= 0.5
    assert head.straight.pose == (0.0, 0.0, 0.0)


def test_nothing_is_learned_of_closed_eyes_or_while_standing() -> None:
    for context, eyes in (({"speed_kmh": 3.0}, 0.0), ({"speed_kmh": 90.0}, 1.0)):
        head = Head()
        for sight in sights(every(60.0, 10.0), yaw=10.0, context=context):
            told = head.step(sight, known(eyes_closed=eyes))
        assert told["head_yaw"].value == pytest.approx(10.0)
    driving = Head()
    for sight in sights(every(60.0, 10.0), yaw=10.0, context={"speed_kmh": 90.0}):
        told = driving.step(sight, known(eyes_closed=0.0))
    assert abs(told["head_yaw"].value) < 0.5


def test_without_learning_the_camera_stays_what_it_was() -> None:
    assert look(Head(HeadConfig(learn=False)), 60.0, yaw=10.0)["head_yaw"].value == pytest.approx(10.0)


@pytest.mark.parametrize("leap_s", [-500.0, 0.8, 5000.0])
def test_a_leap_of_the_clock_moves_nothing(leap_s: float) -> None:
    head = Head()
    before = look(head, 20.0, yaw=5.0)["head_yaw"].value
    told = head.step(sight_at(20.0 + leap_s, yaw=5.0), {})
    assert told["head_yaw"].value == pytest.approx(before, abs=0.2)


@pytest.mark.parametrize(
    ("face", "words"),
    [
        ({"pose": HeadPose(math.nan, 0.0, 0.0)}, "no head pose is known"),
        ({"invalid": {"pose": "cut by the border"}}, "cut by the border"),
        ({"invalid": {"landmarks": "too far"}}, "too far"),
        ({"invalid": {"face": "a picture of a face"}}, "a picture of a face"),
        ({"pose": HeadPose(84.0, 0.0, 0.0)}, "the head is turned 84 degrees away from the camera"),
    ],
)
def test_what_is_not_known_says_why(face: dict[str, object], words: str) -> None:
    told = Head().step(sight_at(0.0, **face), {})
    assert [told[n].reason for n in NAMES] == [words] * 3
    assert all(told[n].value == 0.0 and told[n].confidence == 0.0 for n in NAMES)


def test_a_camera_that_nobody_calibrated_is_good_enough_for_angles() -> None:
    reason = "uncalibrated camera: the angles assume a field of view of 60 degrees"
    told = Head().step(sight_at(0.0, yaw=9.0, is_calibrated=False, invalid={"pose": reason}), {})
    sure = Head().step(sight_at(0.0, yaw=9.0), {})
    assert told["head_yaw"].value == pytest.approx(9.0)
    assert told["head_yaw"].confidence < sure["head_yaw"].confidence
    followed = Head().step(sight_at(0.0, is_calibrated=False, invalid={"pose": reason + "; followed for 2 frames"}), {})
    assert not followed["head_yaw"].is_valid


def test_confidence_tells_what_the_pose_rests_on() -> None:
    def trust(**what: object) -> float:
        return Head().step(sight_at(0.0, **what), {})["head_yaw"].confidence  # type: ignore[arg-type] # any field

    usual = trust()
    assert trust(confidence=0.1) < 0.5 * usual
    assert trust(yaw=60.0, pose=HeadPose(60.0, 0.0, 0.0, 0.5)) < 0.9 * usual
    assert trust(info=info_of(StreamKind.THERMAL)) < 0.9 * usual
    assert trust(pose=HeadPose(0.0, 0.0, 0.0, 14.0)) < 0.7 * usual


@pytest.mark.parametrize("yaw", [0.0, 30.0, -50.0])
@pytest.mark.parametrize("center", [(0.1, -0.05, 0.8), (-0.6, 0.3, 1.6)])
def test_the_size_of_a_head_and_its_place_come_from_the_landmarks(
    yaw: float, center: tuple[float, float, float]
) -> None:
    face = make_face(yaw=yaw, center_m=center)
    assert face.landmarks is not None
    assert face.pose is not None
    assert place_of(face.landmarks, face.pose, INTRINSICS) == pytest.approx(center, abs=1e-4)
    scaled = weak_perspective(face.landmarks, face.pose)
    assert scaled is not None
    assert INTRINSICS.fx / scaled[0] == pytest.approx(center[2] - 0.03, rel=0.12)


def test_landmarks_in_no_order_have_no_size() -> None:
    face = make_face()
    assert face.landmarks is not None
    mirrored = make_face(points=2 * face.landmarks.points.mean(axis=0) - face.landmarks.points.astype(float))
    assert mirrored.landmarks is not None
    assert weak_perspective(mirrored.landmarks, HeadPose(0.0, 0.0, 0.0)) is None
    assert place_of(mirrored.landmarks, HeadPose(0.0, 0.0, 0.0), INTRINSICS) is None


def test_too_few_landmarks_have_no_size() -> None:
    points = image_points()
    points[:40] = math.nan
    face = make_face(points=points)
    assert face.landmarks is not None
    assert weak_perspective(face.landmarks, HeadPose(0.0, 0.0, 0.0)) is None
    assert place_of(face.landmarks, HeadPose(0.0, 0.0, 0.0), INTRINSICS) is None
