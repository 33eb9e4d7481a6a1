"""Where somebody looks: the head, and the eyes where the picture shows them."""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from drivers.frame import Intrinsics, StreamKind
from pipeline.signals.gaze import EYES, HEAD, NAMES, Gaze, GazeConfig, angles, direction
from pipeline.signals.head import Head
from pipeline.signals.pupils import find_pupil
from pipeline.signals.straight import HeadConfig
from pipeline.steps.head_template import HEAD_LANDMARKS_M
from recordings.observation import HeadPose, SignalValue
from tests.pipeline.signals.faces import INTRINSICS, every, info_of, known, sight_at

LEVER_M = 0.016


def picture(
    left: float = 0.0,
    up: float = 0.0,
    yaw: float = 0.0,
    pitch: float = 0.0,
    roll: float = 0.0,
    center_m: tuple[float, float, float] = (0.0, 0.0, 0.6),
    lens: Intrinsics = INTRINSICS,
    glint: bool = False,
) -> NDArray[np.uint8]:
    """Two eyes that look ``left`` and ``up`` within the head (degrees), drawn as spheres with a dark iris."""
    gray = np.full((lens.height, lens.width), 130, np.uint8)
    rotation = HeadPose(yaw, pitch, roll).rotation()
    for outer, inner, side in ((36, 39, 1.0), (42, 45, -1.0)):
        middle = (HEAD_LANDMARKS_M[outer] + HEAD_LANDMARKS_M[inner]) / 2
        ball = middle + np.array((side * 0.0005, -0.0016, 0.009))
        lids = rotation @ middle + np.array(center_m)
        pupil = rotation @ (ball + LEVER_M * np.array(direction(left, up))) + np.array(center_m)
        (lx, ly), (px, py) = lens.project(np.stack([lids, pupil]))
        mm = lens.fx / center_m[2] / 1000.0
        at, size = (round(lx * 16), round(ly * 16)), (round(14 * mm * 16), round(8 * mm * 16))
        cv2.ellipse(gray, at, size, -roll, 0, 360, 165, -1, cv2.LINE_AA, 4)
        cv2.circle(gray, (round(px * 16), round(py * 16)), round(4.5 * mm * 16), 35, -1, cv2.LINE_AA, 4)
        if glint:
            cv2.circle(gray, (round((px + mm) * 16), round(py * 16)), round(1.0 * mm * 16), 255, -1, cv2.LINE_AA, 4)
    return gray


def told(
    gaze: Gaze, time_s: float = 0.0, known_more: dict[str, SignalValue] | None = None, **what: Any
) -> dict[str, SignalValue]:
    sight = sight_at(time_s, **{"center_m": (0.0, 0.0, 0.6), **what})
    head = Head(HeadConfig(learn=False)).step(sight, {})
    return gaze.step(sight, {**head, **(known_more or {})})


def eyes_only(**more: Any) -> Gaze:
    """Without what is taken off for what is seen badly and learned in time."""
    return Gaze(GazeConfig(up_share=1.0, poor_share=1.0, most_personal_deg=0.0, **more))


@given(left=st.floats(-80, 80), up=st.floats(-80, 80))
def test_a_direction_and_its_angles(left: float, up: float) -> None:
    vector = direction(left, up)
    assert np.linalg.norm(vector) == pytest.approx(1.0)
    assert angles(vector) == pytest.approx((left, up), abs=1e-6)


def test_signs_are_those_of_the_head() -> None:
    assert angles(HeadPose(20.0, 0.0, 0.0).rotation() @ direction(0.0, 0.0)) == pytest.approx((20.0, 0.0))
    assert angles(HeadPose(0.0, 15.0, 0.0).rotation() @ direction(0.0, 0.0)) == pytest.approx((0.0, 15.0))


def test_without_a_picture_the_gaze_is_the_heads_and_says_so() -> None:
    out = told(Gaze(), yaw=-32.0, pitch=-18.0)
    assert set(out) == set(NAMES)
    assert (out["gaze_yaw"].value, out["gaze_pitch"].value) == pytest.approx((-32.0, -18.0))
    assert out["gaze_yaw"].label == HEAD
    assert (out["gaze_zone"].label, out["gaze_zone"].value) == ("centre screen", 0.0)
    assert out["gaze_yaw"].confidence < 0.4


@pytest.mark.parametrize("yaw", [0.0, 20.0, -25.0])
@pytest.mark.parametrize(("left", "up"), [(0.0, 0.0), (20.0, 0.0), (-20.0, 5.0), (10.0, -10.0), (0.0, 12.0)])
def test_eyes_that_turn_within_the_head_are_seen(yaw: float, left: float, up: float) -> None:
    out = told(eyes_only(), yaw=yaw, gray=picture(left, up, yaw=yaw))
    true = angles(HeadPose(yaw, 0.0, 0.0).rotation() @ direction(left, up))
    assert out["gaze_yaw"].label == EYES
    assert (out["gaze_yaw"].value, out["gaze_pitch"].value) == pytest.approx(true, abs=4.0)


@pytest.mark.parametrize("roll", [-20.0, 20.0])
def test_a_tilted_head_turns_what_the_eyes_do(roll: float) -> None:
    out = told(eyes_only(), roll=roll, gray=picture(18.0, 0.0, roll=roll))
    true = angles(HeadPose(0.0, 0.0, roll).rotation() @ direction(18.0, 0.0))
    assert (out["gaze_yaw"].value, out["gaze_pitch"].value) == pytest.approx(true, abs=4.0)


def test_a_face_at_the_pictures_edge_is_seen_from_aside() -> None:
    center = (0.22, 0.1, 0.6)
    out = told(eyes_only(), yaw=-10.0, center_m=center, gray=picture(15.0, 0.0, yaw=-10.0, center_m=center))
    assert out["gaze_yaw"].value == pytest.approx(5.0, abs=4.0)


def test_reflections_of_lamps_do_not_matter() -> None:
    out = told(eyes_only(), gray=picture(15.0, 0.0, glint=True))
    assert out["gaze_yaw"].value == pytest.approx(15.0, abs=5.0)


def test_a_lizard_looks_at_the_mirror_and_an_owl_would_not_be_told_so() -> None:
    look = {"yaw": -14.0, "pitch": 4.0, "gray": picture(-22.0, 5.0, yaw=-14.0, pitch=4.0)}
    assert told(Gaze(), **look)["gaze_zone"].label == "inside mirror"
    assert told(Gaze(GazeConfig(use_eyes=False)), **look)["gaze_zone"].label == "road"


def test_eyes_raise_the_confidence_and_small_ones_less() -> None:
    near = told(Gaze(), gray=picture())["gaze_yaw"].confidence
    far = told(Gaze(), center_m=(0.0, 0.0, 1.6), gray=picture(center_m=(0.0, 0.0, 1.6)))["gaze_yaw"].confidence
    none = told(Gaze())["gaze_yaw"].confidence
    assert near > far > none


@pytest.mark.parametrize(
    "what",
    [
        {"yaw": 50.0},
        {"pitch": -30.0},
        {"openness": 0.1},
        {"invalid": {"eyes": "an eye lies at the border of the picture"}},
        {"center_m": (0.0, 0.0, 2.4)},
        {"info": info_of(StreamKind.THERMAL)},
        {"gray": np.full((480, 640), 130, np.uint8)},
        {"gray": np.zeros((480, 640), np.uint8)},
        {"gray": picture(), "known_more": known(eyes_closed=1.0)},
        {"gray": picture(), "known_more": known(eye_openness=0.1)},
    ],
)
def test_where_the_eyes_are_not_seen_it_is_the_head(what: dict[str, Any]) -> None:
    out = told(Gaze(), **{"gray": picture(18.0), **what})
    assert out["gaze_yaw"].label == HEAD
    assert out["gaze_yaw"].is_valid


def test_eyes_that_look_apart_are_not_believed() -> None:
    wall = picture(28.0)
    wall[:, 320:] = picture(-28.0)[:, 320:]
    assert told(Gaze(), gray=wall)["gaze_yaw"].label == HEAD


def test_in_a_blink_the_gaze_stays_where_it_was_for_a_moment() -> None:
    gaze = eyes_only()
    for t in every(1.0, 30.0):
        open_eyes = told(gaze, t, gray=picture(20.0))
    blink = told(gaze, 1.1, gray=picture(20.0), openness=0.0)
    assert blink["gaze_yaw"].value == pytest.approx(open_eyes["gaze_yaw"].value, abs=0.1)
    assert told(gaze, 1.5, gray=picture(20.0), openness=0.0)["gaze_yaw"].label == HEAD
    assert told(gaze, -9.0, gray=picture(20.0), openness=0.0)["gaze_yaw"].label == HEAD


@pytest.mark.parametrize("fps", [10.0, 30.0, 120.0])
def test_eyes_that_leap_are_followed_within_a_tenth_of_a_second(fps: float) -> None:
    gaze = eyes_only()
    here, there = picture(), picture(25.0)
    for t in every(1.0, fps):
        told(gaze, t, gray=here)
    last = {}
    for t in every(0.1, fps, 1.0 + 1 / fps):
        last = told(gaze, t, gray=there)
    assert last["gaze_yaw"].value == pytest.approx(25.0, abs=4.0)


def test_what_a_persons_eyes_always_do_is_taken_off_in_time() -> None:
    gaze = Gaze(GazeConfig(poor_share=1.0))
    first = told(gaze, 0.0, gray=picture(5.0))["gaze_yaw"].value
    for t in every(25.0, 10.0, 0.1):
        last = told(gaze, t, gray=picture(5.0))["gaze_yaw"].value
    assert first > 3.5
    assert abs(last) < 0.5 * first


def test_a_glance_is_not_learned_as_the_persons_own() -> None:
    gaze = Gaze(GazeConfig(poor_share=1.0))
    for t in every(30.0, 10.0):
        told(gaze, t, gray=picture())
    before = told(gaze, 30.1, gray=picture(20.0))["gaze_yaw"].value
    for t in every(3.0, 10.0, 30.2):
        after = told(gaze, t, gray=picture(20.0))["gaze_yaw"].value
    assert after == pytest.approx(before, abs=1.0)


def test_an_unknown_head_is_an_unknown_gaze_with_its_reason() -> None:
    out = told(Gaze(), invalid={"pose": "cut by the border: 40 % of the face lie outside"})
    assert [out[n].reason for n in NAMES] == ["cut by the border: 40 % of the face lie outside"] * 3
    assert out["gaze_zone"].label == ""
    assert Gaze().step(sight_at(0.0), {})["gaze_yaw"].reason == "no head pose is known"


def test_landmarks_that_are_nan_leave_the_head() -> None:
    points = np.full((68, 2), math.nan)
    out = told(Gaze(), points=points, gray=picture(20.0), pose=HeadPose(3.0, 0.0, 0.0, 1.0))
    assert out["gaze_yaw"].label == HEAD
    assert out["gaze_yaw"].value == pytest.approx(3.0)


@pytest.mark.parametrize("fps", [10.0, 120.0])
def test_a_gaze_that_trembles_at_a_border_stays_in_one_zone(fps: float) -> None:
    gaze, rng = Gaze(), np.random.default_rng(2)
    names = {told(gaze, t, yaw=0.0, pitch=-9.0 + rng.uniform(-1.8, 1.8))["gaze_zone"].label for t in every(3.0, fps)}
    assert len(names) == 1


def test_near_a_border_the_zone_is_less_sure_than_in_its_middle() -> None:
    middle, border = told(Gaze(), yaw=0.0, pitch=3.0), told(Gaze(), yaw=0.0, pitch=-8.5)
    assert middle["gaze_zone"].label == border["gaze_zone"].label == "road"
    assert border["gaze_zone"].confidence < 0.75 * middle["gaze_zone"].confidence


@pytest.mark.parametrize("middle", [(math.nan, 5.0), (-3.0, 5.0), (900.0, 5.0), (639.0, 479.0), (0.0, 0.0)])
def test_a_pupil_at_and_beyond_the_rim_raises_nothing(middle: tuple[float, float]) -> None:
    found = find_pupil(picture(), middle, 0.0, 1.0)
    assert found is None or math.isfinite(found.x + found.y)


@pytest.mark.parametrize("scale", [0.0, -1.0, math.nan, math.inf, 1e-3, 50.0])
def test_a_pupil_at_any_scale_raises_nothing(scale: float) -> None:
    found = find_pupil(picture(), (320.0, 240.0), 0.0, scale)
    assert found is None or math.isfinite(found.x + found.y)
