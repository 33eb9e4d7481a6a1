"""Straight ahead in every camera of a rig: carried over where calibration tells how they are turned to each other."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.frame import Extrinsics, StreamInfo, StreamKind
from pipeline.signals.camera_turns import turn_between
from pipeline.signals.head import NAMES, Head
from pipeline.signals.straight import HeadConfig
from pipeline.signals.straights import MOST, Straights
from pipeline.signals.turning import NO_TURN, angles_of, product, rows_of
from pipeline.signals.zones import CameraPlace, ZoneSet, load_zones
from recordings.observation import HeadPose, SignalValue
from tests.pipeline.signals.faces import every, info_of, sight_at

Angles = tuple[float, float, float]
NIGHT: Final = info_of(StreamKind.INFRARED)
ANGLES = st.tuples(st.floats(-25, 25), st.floats(-20, 20), st.floats(-10, 10))


def placed(kind: StreamKind, turned: Angles = (0.0, 0.0, 0.0), name: str = "") -> StreamInfo:
    """A camera of the rig whose axes are those of a head with these angles in the rig's axes."""
    pose = Extrinsics.from_arrays(HeadPose(*turned).rotation(), (0.3, -0.1, 0.05))
    return replace(info_of(kind, name=name), extrinsics=pose)


def zones(yaw: float = 0.0, pitch: float = 0.0, *, measured: bool = False) -> ZoneSet:
    place = CameraPlace(yaw_deg=yaw, pitch_deg=pitch, measured=measured)
    return load_zones("car-left-hand-drive").model_copy(update={"camera": place})


def pose_in(info: StreamInfo, in_rig: HeadPose) -> HeadPose:
    """What a camera reads of a head that is turned so in the rig: where a point of the head lies tells it."""
    points = np.eye(3) @ in_rig.rotation().T
    origin = info.extrinsics.from_rig(np.zeros((1, 3)))
    return HeadPose.from_rotation((info.extrinsics.from_rig(points) - origin).T, 0.5)


def look(
    head: Head, info: StreamInfo, begin_s: float, seconds: float, in_rig: HeadPose, fps: float = 10.0
) -> dict[str, SignalValue]:
    """After the camera has seen a head that keeps still."""
    pose = pose_in(info, in_rig)
    for t in every(seconds, fps, begin_s):
        sight = sight_at(t, info=info, yaw=pose.yaw_deg, pitch=pose.pitch_deg, roll=pose.roll_deg)
        told = head.step(sight, {})
    return told


def values(told: dict[str, SignalValue]) -> Angles:
    yaw, pitch, roll = (told[name].value for name in NAMES)
    return yaw, pitch, roll


@given(ANGLES, ANGLES, ANGLES)
def test_the_turn_between_two_cameras_leads_from_one_pose_of_a_head_to_the_other(
    a: Angles, b: Angles, head: Angles
) -> None:
    old, new = placed(StreamKind.INFRARED, a), placed(StreamKind.COLOR, b)
    turn = turn_between(old, new)
    assert turn is not None
    here, there = pose_in(old, HeadPose(*head)), pose_in(new, HeadPose(*head))
    told = angles_of(product(turn, rows_of(here.yaw_deg, here.pitch_deg, here.roll_deg)))
    assert told == pytest.approx((there.yaw_deg, there.pitch_deg, there.roll_deg), abs=1e-6)


def test_a_camera_that_stands_25_degrees_to_the_drivers_left_sees_him_turned_to_his_right() -> None:
    aside, above = placed(StreamKind.COLOR, (25.0, 0.0, 0.0)), placed(StreamKind.COLOR, (0.0, 12.0, 0.0))
    for info, there in ((aside, (-25.0, 0.0, 0.0)), (above, (0.0, -12.0, 0.0))):
        turn = turn_between(NIGHT, info)
        assert turn is not None
        assert angles_of(turn) == pytest.approx(there, abs=1e-9)


def test_where_no_calibration_tells_it_there_is_no_turn() -> None:
    heat, cabin = replace(NIGHT, name="heat/thermal"), replace(NIGHT, name="cabin/infrared")
    free = replace(placed(StreamKind.COLOR, (25.0, 0.0, 0.0)), intrinsics=None)
    assert turn_between(cabin, heat) is None
    assert turn_between(NIGHT, free) is None
    assert turn_between(NIGHT, replace(NIGHT, name="twin")) == NO_TURN


@pytest.mark.parametrize("turned", [(25.0, 0.0, 0.0), (0.0, 14.0, 0.0), (-18.0, -9.0, 4.0)])
def test_what_was_learned_counts_in_the_camera_that_takes_over(turned: Angles) -> None:
    head, other = Head(), placed(StreamKind.COLOR, turned)
    before = look(head, NIGHT, 0.0, 60.0, HeadPose(8.0, -5.0, 0.0))
    assert values(before) == pytest.approx((0.0, 0.0, 0.0), abs=0.5)
    after = look(head, other, 60.6, 0.0, HeadPose(8.0, -5.0, 0.0))
    assert values(after) == pytest.approx((0.0, 0.0, 0.0), abs=0.5)
    assert after["head_yaw"].confidence > 0.8
    turned = HeadPose(8, -5, 0).rotation() @ HeadPose(20, -10, 0).rotation()
    aside = look(head, other, 60.7, 0.0, HeadPose.from_rotation(turned))
    assert values(aside) == pytest.approx((20.0, -10.0, 0.0), abs=0.5)


def test_it_goes_on_being_learned_there_with_all_that_was_seen_before() -> None:
    head, other = Head(), placed(StreamKind.COLOR, (25.0, 6.0, 0.0))
    look(head, NIGHT, 0.0, 14.0, HeadPose(8.0, -5.0, 0.0))
    assert not head.straight.has_found
    told = look(head, other, 15.0, 9.0, HeadPose(8.0, -5.0, 0.0))
    assert head.straight.has_found, "14 s and 9 s are more than 20 s"
    told = look(head, other, 24.1, 12.0, HeadPose(8.0, -5.0, 0.0))
    assert values(told) == pytest.approx((0.0, 0.0, 0.0), abs=0.5)
    back = look(head, NIGHT, 37.0, 0.0, HeadPose(8.0, -5.0, 0.0))
    assert values(back) == pytest.approx((0.0, 0.0, 0.0), abs=0.5), "and the first camera knows of it"


def test_a_camera_that_takes_back_uses_its_own_again() -> None:
    head, other = Head(), replace(placed(StreamKind.COLOR), name="heat/color", extrinsics=Extrinsics())
    night = replace(NIGHT, name="cabin/infrared")
    look(head, night, 0.0, 60.0, HeadPose(9.0, 4.0, 0.0))
    own = head.straight.pose
    look(head, other, 60.6, 30.0, HeadPose(-7.0, 0.0, 0.0))
    assert head.straight.pose != own
    told = look(head, night, 91.2, 0.0, HeadPose(9.0, 4.0, 0.0))
    assert values(told) == pytest.approx((0.0, 0.0, 0.0), abs=0.5)
    assert told["head_yaw"].confidence > 0.8


def test_time_of_another_camera_is_none_of_its_own() -> None:
    head, other = Head(), replace(NIGHT, name="heat/infrared")
    night = replace(NIGHT, name="cabin/infrared")
    for k in range(300):
        look(head, night if k % 2 else other, k * 0.1, 0.0, HeadPose(9.0, 0.0, 0.0))
    assert not head.straight.has_found, "neither has seen anything for longer than an instant"


@pytest.mark.parametrize("measured", [False, True])
def test_a_camera_that_nobody_related_begins_unlearned_with_little_confidence(measured: bool) -> None:
    head, other = Head(zones=zones(measured=measured)), replace(NIGHT, name="heat/infrared")
    look(head, replace(NIGHT, name="cabin/infrared"), 0.0, 60.0, HeadPose(9.0, 4.0, 0.0))
    told = look(head, other, 60.6, 0.0, HeadPose(-15.0, 0.0, 0.0))
    assert values(told) == pytest.approx((-15.0, 0.0, 0.0), abs=1e-6)
    assert 0.2 < told["head_yaw"].confidence <= 0.5


def test_the_pose_of_the_zones_is_turned_along() -> None:
    given, other = zones(20.0, 8.0, measured=True), placed(StreamKind.COLOR, (25.0, -10.0, 0.0))
    straight = HeadPose(20.0, 8.0, 0.0)
    for head in (Head(zones=given), Head(HeadConfig(learn=False), given)):
        look(head, NIGHT, 0.0, 1.0, straight)
        told = look(head, other, 1.5, 0.0, straight)
        assert values(told) == pytest.approx((0.0, 0.0, 0.0), abs=1e-6)
        assert told["head_yaw"].confidence > 0.7


def test_the_zones_speak_of_the_camera_that_faces_are_looked_for_in_first() -> None:
    """Somebody sits down while that one is gone."""
    given, other = zones(20.0, 8.0, measured=True), placed(StreamKind.COLOR, (25.0, -10.0, 0.0))
    told = look(Head(zones=given, home=NIGHT), other, 0.0, 0.0, HeadPose(20.0, 8.0, 0.0))
    assert values(told) == pytest.approx((0.0, 0.0, 0.0), abs=1e-6)
    assert told["head_yaw"].confidence > 0.7
    stranger = replace(NIGHT, name="heat/infrared")
    home = replace(NIGHT, name="cabin/infrared")
    told = look(Head(zones=given, home=home), stranger, 0.0, 0.0, HeadPose(20.0, 8.0, 0.0))
    assert told["head_yaw"].confidence <= 0.5, "what was measured for another camera is a guess for this one"


def test_of_several_cameras_the_one_that_learned_it_is_asked() -> None:
    head = Head()
    night, other = replace(NIGHT, name="cabin/infrared"), placed(StreamKind.COLOR, (25.0, 0.0, 0.0), "cabin/color")
    look(head, night, 0.0, 60.0, HeadPose(8.0, -5.0, 0.0))
    look(head, replace(NIGHT, name="heat/infrared"), 60.6, 2.0, HeadPose(-30.0, 0.0, 0.0))
    told = look(head, other, 63.2, 0.0, HeadPose(8.0, -5.0, 0.0))
    assert values(told) == pytest.approx((0.0, 0.0, 0.0), abs=0.5)


def test_however_many_streams_come_few_are_remembered() -> None:
    straights = Straights(HeadConfig(), zones())
    first = straights.of(NIGHT)
    for k in range(3 * MOST):
        straights.of(replace(NIGHT, name=f"camera{k}/infrared"))
        assert len(straights._known) <= MOST
    assert straights.of(NIGHT) is not first
