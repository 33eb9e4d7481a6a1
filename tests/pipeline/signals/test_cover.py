from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from drivers.frame import Frame, FrameFlag, StreamKind
from pipeline.signals.cover import HAND, MASK, NAMES, Cover
from pipeline.signals.cover_clues import depth_clues, warm_clues
from pipeline.signals.sight import OtherView, Sight
from pipeline.signals.warm_look import WarmLook, warm_look
from recordings.observation import SignalValue
from tests.pipeline.signals.faces import info_of, sight_at
from tests.pipeline.signals.warm_faces import warm_sight


def picture(sight: Sight, masked: bool = False) -> NDArray[np.uint8]:
    """A face in near infrared: skin with a dark lips' line and nostrils, or cloth over both."""
    assert sight.landmarks is not None
    points = sight.landmarks.points
    gray = np.full((sight.info.height, sight.info.width), 25, np.uint8)
    hull = cv2.convexHull(points.round().astype(np.int32))
    cv2.fillConvexPoly(gray, hull, 150)
    if masked:
        low = np.concatenate([points[2:15], points[[28]]]).round().astype(np.int32)
        cv2.fillConvexPoly(gray, cv2.convexHull(low), 160)
    else:
        cv2.fillConvexPoly(gray, points[48:60].round().astype(np.int32), 110)
        cv2.line(gray, tuple(points[60].round().astype(int)), tuple(points[64].round().astype(int)), 40, 2)
        for mark in (32, 34):
            cv2.circle(gray, tuple(points[mark].round().astype(int)), 2, 50, -1)
    noise = np.random.default_rng(1).normal(0, 2, gray.shape)
    return np.clip(gray + noise, 0, 255).astype(np.uint8)


def told(sight: Sight, seconds: float = 0.0) -> dict[str, SignalValue]:
    cover = Cover()
    values = dict(cover.step(sight, {}))
    for i in range(1, round(seconds * 5) + 1):
        values = dict(cover.step(replace(sight, device_ns=sight.device_ns + i * 200_000_000), {}))
    return values


def warm(**paint: Any) -> dict[str, SignalValue]:
    return told(warm_sight(paint=paint))


def test_a_cold_lower_face_is_a_mask_and_bare_skin_is_none() -> None:
    masked = warm(mask=27.5)["face_covered"]
    assert masked.value > 0.8
    assert masked.label == MASK
    assert masked.source.endswith("thermal")
    assert masked.confidence > 0.6
    bare = warm()["face_covered"]
    assert bare.value < 0.15
    assert bare.label == ""
    assert bare.confidence > 0.6


def test_glasses_are_cold_before_a_thermal_camera() -> None:
    with_glasses, without = warm(glasses=25.0)["glasses"], warm()["glasses"]
    assert with_glasses.value > 0.9
    assert with_glasses.confidence > 0.6
    assert without.value < 0.1
    assert warm(glasses=25.0)["face_covered"].value < 0.3


def test_a_mask_is_not_taken_for_glasses() -> None:
    values = warm(mask=27.5)
    assert values["glasses"].value < 0.3


def test_where_the_room_is_as_warm_as_skin_warmth_says_nothing() -> None:
    values = warm(wall=33.5, mask=33.0)
    assert not values["glasses"].is_valid
    assert not values["face_covered"].is_valid
    assert "shows enough" in values["glasses"].reason


def test_cloth_without_lips_and_nostrils_speaks_for_a_mask() -> None:
    sight = sight_at(0.0)
    bare = told(replace(sight, gray=picture(sight)))["face_covered"]
    masked = told(replace(sight, gray=picture(sight, masked=True)))["face_covered"]
    assert bare.value < 0.2
    assert masked.value > bare.value + 0.3
    thermal = warm(mask=27.5)["face_covered"]
    assert masked.confidence < thermal.confidence  # a picture alone tells it less surely


def test_a_hand_makes_the_mouths_landmarks_unsure() -> None:
    sure = np.full(68, 0.9, np.float32)
    sure[48:68], sure[30:36], sure[4:13] = 0.4, 0.5, 0.45
    value = told(sight_at(0.0, confidence=sure))["face_covered"]
    assert value.value > 0.6
    assert value.label == HAND


def test_landmarks_alone_never_say_that_a_face_is_free() -> None:
    values = told(sight_at(0.0))
    assert not values["face_covered"].is_valid
    assert not values["glasses"].is_valid
    assert set(values) == set(NAMES)


def test_a_picture_alone_does_not_tell_glasses() -> None:
    sight = sight_at(0.0)
    value = told(replace(sight, gray=picture(sight)))["glasses"]
    assert not value.is_valid
    assert "warmth or depth is needed" in value.reason


def test_holes_before_the_eyes_are_glass_in_a_depth_picture() -> None:
    sight = sight_at(0.0)
    assert sight.landmarks is not None
    depth = np.full((480, 640), 720, np.uint16)
    clear = told(replace(sight, depth_mm=depth))["glasses"]
    holes = depth.copy()
    for eye in (slice(36, 42), slice(42, 48)):
        x, y = sight.landmarks.points[eye].mean(axis=0).round().astype(int)
        cv2.ellipse(holes, (int(x), int(y)), (14, 9), 0, 0, 360, 0, -1)
    glass = told(replace(sight, depth_mm=holes))["glasses"]
    assert clear.value < 0.3
    assert glass.value > 0.8


def test_something_before_the_mouth_lies_nearer_in_depth() -> None:
    sight = sight_at(0.0)
    assert sight.landmarks is not None
    depth = np.full((480, 640), 720, np.uint16)
    plain = depth_clues(replace(sight, depth_mm=depth))
    x, y = sight.landmarks.points[48:68].mean(axis=0).round().astype(int)
    depth[y - 25 : y + 40, x - 40 : x + 41] = 640
    held = depth_clues(replace(sight, depth_mm=depth))
    assert plain is not None
    assert held is not None
    assert held[0][0] > plain[0][0] + 2.0


def test_a_generated_depth_is_never_read() -> None:
    depth = np.full((480, 640), 720, np.uint16)
    view = OtherView(Frame(info_of(StreamKind.DEPTH), depth, 1, 1, 2, FrameFlag.GENERATED))
    assert depth_clues(sight_at(0.0, depth_mm=depth, others={"depth": view})) is None


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ({"yaw": 60.0}, "turned 60 degrees"),
        ({"invalid": {"face": "a picture of a face: the surface is flat to 0.4 mm"}}, "a picture of a face"),
        ({"landmarks": None, "invalid": {"landmarks": "none"}}, "shows enough"),
    ],
)
def test_what_cannot_be_seen_has_its_reason(what: dict[str, Any], words: str) -> None:
    for value in told(sight_at(0.0, **what)).values():
        assert not value.is_valid
        assert words in value.reason


def test_a_shutter_that_closes_leaves_the_other_cameras() -> None:
    sight = warm_sight(own=False, frame={"flags": FrameFlag.SHUTTER})
    gray = picture(sight_at(0.0, center_m=(0.0, 0.0, 1.0)))
    value = told(replace(sight, gray=gray))["face_covered"]
    assert value.is_valid
    assert value.source == "infrared"


def test_one_odd_picture_within_a_second_changes_nothing() -> None:
    cover = Cover()
    for i in range(10):
        paint = {"mask": 27.0} if i == 6 else {}
        value = cover.step(warm_sight(i / 5, paint=paint), {})["face_covered"]
        assert value.value < 0.5


def test_the_warmth_is_a_share_of_the_contrast() -> None:
    """A mask half way to the room's temperature is half way, in a cold street as in a room."""
    for wall, skin in ((22.0, 34.0), (0.0, 32.0)):
        sight = warm_sight(paint={"wall": wall, "skin": skin, "canthus": skin, "mask": (wall + skin) / 2})
        look = warm_look(sight)
        assert isinstance(look, WarmLook)
        clues = warm_clues(look)
        assert clues is not None
        assert clues[0][0] == pytest.approx(-0.5, abs=0.05)
        assert clues[2] == pytest.approx(skin - wall, rel=0.1)


@settings(max_examples=40, deadline=None)
@given(bad=st.sampled_from([math.nan, math.inf, -math.inf, 1e30, -4.0]), mark=st.integers(0, 67))
def test_points_that_are_none_never_raise(bad: float, mark: int) -> None:
    sight = sight_at(0.0)
    assert sight.landmarks is not None
    points = sight.landmarks.points.astype(np.float64)
    points[mark] = bad
    gray, depth = np.full((480, 640), 120, np.uint8), np.full((480, 640), 720, np.uint16)
    for value in told(sight_at(0.0, points=points, gray=gray, depth_mm=depth)).values():
        assert math.isfinite(value.value)
        assert 0.0 <= value.confidence <= 1.0


@given(bad=st.sampled_from([math.nan, -1.0, 0.0]))
def test_confidences_that_are_none_never_raise(bad: float) -> None:
    sure = np.full(68, 0.9, np.float32)
    sure[50] = bad
    for value in told(sight_at(0.0, confidence=sure, gray=np.full((480, 640), 120, np.uint8))).values():
        assert math.isfinite(value.value)
