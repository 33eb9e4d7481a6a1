"""A face as a picture of its own, for a tile."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from drivers.frame import Extrinsics, FrameFlag, FrameSet
from drivers.rig import RigCamera
from gui.feed import Shown
from gui.looks.look import Look
from gui.tiles.face_pictures import (
    CROP,
    GENERATED_KINDS,
    KIND_WORDS,
    KINDS,
    LANDMARKS,
    THERMAL,
    face_picture,
    turned_by,
    why_none,
)
from pipeline.colormap import CountRange
from pipeline.labels import ORANGE
from pipeline.steps.follow import followed_words
from recordings.observation import Box, Face, GeneratedImage
from tests.pipeline.pictures import COLOR, face, frame, frame_set, generated, observation
from tests.pipeline.pictures import THERMAL as THERMAL_INFO


def shown(one: Face, frames: FrameSet | None = None) -> Shown:
    return Shown(frames or frame_set(), observation(one))


def whole() -> Face:
    """A face with every generated image."""
    return face(1, generated=tuple(generated(name=name) for name in sorted(GENERATED_KINDS)))


def marked_frames() -> FrameSet:
    """The face's box is bright red in the color picture, and the rest is dark."""
    pixels = np.full((240, 320, 3), 20, np.uint8)
    pixels[80:170, 110:190] = (250, 0, 0)
    frames = frame_set()
    return FrameSet(7, 0, {**frames.frames, "color": replace(frames.frames["color"], pixels=pixels)})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [56, 138, 300])
def test_every_kind_gives_a_picture_of_the_asked_size(kind: str, size: int) -> None:
    one = whole()
    picture = face_picture(kind, shown(one), one, size)
    assert picture is not None
    assert (picture.shape, picture.dtype) == ((size, size, 3), np.uint8)
    assert why_none(kind, shown(one), one) == ""
    assert KIND_WORDS[kind]


def test_the_crop_shows_the_face_and_not_the_picture() -> None:
    one = face(1, crop=Box(110, 80, 80, 90))
    picture = face_picture(CROP, shown(one, marked_frames()), one, 100)
    assert picture is not None
    assert (picture[..., 0] > 200).mean() > 0.95


def test_without_a_crop_the_surroundings_of_the_box_are_shown_and_beyond_the_picture_there_is_nothing() -> None:
    corner = face(1, box=Box(-40, -40, 80, 80), landmarks=None)
    picture = face_picture(CROP, shown(corner, marked_frames()), corner, 90)
    assert picture is not None
    assert tuple(picture[2, 2]) == (24, 27, 32)
    assert tuple(picture[85, 85]) == (20, 20, 20)


def test_landmarks_lie_on_the_crop_where_they_lie_on_the_face() -> None:
    one = face(1, crop=Box(100, 70, 100, 100))
    bare = face_picture(CROP, shown(one), one, 200)
    drawn = face_picture(LANDMARKS, shown(one), one, 200)
    assert bare is not None
    assert drawn is not None
    at = np.argwhere((bare != drawn).any(axis=2))
    # Points run from (120, 90) to (180, 150) of the picture: from 40 to 160 of the crop's 200 px.
    assert at.min(axis=0) == pytest.approx((40, 40), abs=7)
    assert at.max(axis=0) == pytest.approx((160, 160), abs=7)


def test_landmarks_that_were_followed_are_gray() -> None:
    said = followed_words(2)
    one = face(1, invalid={"landmarks": said, "pose": said})
    drawn = face_picture(LANDMARKS, shown(one), one, 200)
    assert drawn is not None
    assert not (np.abs(drawn.astype(int) - ORANGE).max(axis=2) < 20).any()


@pytest.mark.parametrize("kind", sorted(GENERATED_KINDS))
@pytest.mark.parametrize("size", [20, 56, 200])
def test_what_a_model_imagined_carries_the_word_whatever_is_asked(kind: str, size: int) -> None:
    one = whole()
    for turn in ((0.0, 0.0), (40.0, -25.0)):
        picture = face_picture(kind, shown(one), one, size, turn_deg=turn)
        assert picture is not None
        assert (np.abs(picture.astype(int) - ORANGE).sum(axis=2) < 60).sum() > 60


def test_a_relief_can_be_turned() -> None:
    y, x = np.mgrid[-1:1:96j, -1:1:96j]
    dome = np.where(x**2 + y**2 < 0.6, 100 * np.sqrt(np.clip(0.6 - x**2 - y**2, 0, None)), np.nan).astype(np.float32)
    one = face(1, generated=(GeneratedImage("relief", "m", np.zeros((96, 96), np.uint8), dome),))
    front, turned = (face_picture("relief", shown(one), one, 160, turn_deg=(t, 0.0)) for t in (0.0, 35.0))
    assert front is not None
    assert turned is not None
    assert (front != turned).mean() > 0.2


def test_a_dragged_relief_follows_the_hand_and_stops_before_its_unseen_side() -> None:
    assert turned_by((0.0, 0.0), 100, 0, 300) == (30.0, 0.0), "to the right: to its own left"
    assert turned_by((0.0, 0.0), 0, -100, 300) == (0.0, 30.0), "up"
    assert turned_by((50.0, -50.0), 900, 900, 300) == (60.0, -60.0)
    assert turned_by((0.0, 0.0), 1, 1, 0) == (60.0, -60.0)


def test_the_thermal_picture_is_cut_where_the_head_lies_there() -> None:
    counts = np.full((120, 160), 29_000, np.uint16)
    counts[43:82, 42:81] = 31_000  # the head centre projects to (61.3, 62.1)
    frames = frame_set()
    hot = FrameSet(7, 0, {**frames.frames, "thermal": replace(frames.frames["thermal"], pixels=counts)})
    one = face(1)
    picture = face_picture(THERMAL, shown(one, hot), one, 100, counts=CountRange(29_000, 31_000))
    assert picture is not None
    assert (picture.sum(axis=2) > 600).mean() > 0.8
    gray = face_picture(THERMAL, shown(one, hot), one, 100, Look(palette="black hot"), CountRange(29_000, 31_000))
    assert gray is not None
    assert gray[50, 50].max() < 30


def test_an_old_picture_is_gray() -> None:
    one = face(1)
    frames = marked_frames().frames
    old = FrameSet(7, 0, {**frames, "color": replace(frames["color"], flags=FrameFlag.STALE)})
    picture = face_picture(CROP, shown(one, old), one, 100)
    assert picture is not None
    assert (picture[..., 0] == picture[..., 1])[20:80, 20:80].all()


@pytest.mark.parametrize("kind", KINDS)
def test_at_night_every_kind_is_red(kind: str) -> None:
    one = whole()
    picture = face_picture(kind, shown(one, marked_frames()), one, 120, Look(red=True))
    assert picture is not None
    assert picture[..., 1:].max() <= 16


def test_what_is_not_there_is_none_and_says_why() -> None:
    bare = face(
        1,
        landmarks=None,
        generated=(),
        head_center_m=None,
        invalid={"landmarks": "too far", "generated.relief": "dark"},
    )
    told = {kind: why_none(kind, shown(bare), bare) for kind in KINDS if kind != CROP}
    assert all(face_picture(kind, shown(bare), bare, 90) is None for kind in told)
    assert told["landmarks"] == "too far"
    assert told["relief"] == "dark"
    assert told["color"] == "not generated: generate.color is off"
    assert told["face from eye"] == "not generated: generate.face_from_eye is off"
    assert "not known" in told["thermal crop"]
    only_color = FrameSet(7, 0, {"color": frame(COLOR)})
    assert "no thermal picture" in why_none(THERMAL, shown(bare, only_color), bare)
    elsewhere = FrameSet(7, 0, {"thermal": frame(THERMAL_INFO, 30_000)})
    assert face_picture(CROP, shown(face(1), elsewhere), face(1), 90) is None
    assert "no picture of color" in why_none(CROP, shown(face(1), elsewhere), face(1))


@pytest.mark.parametrize("broken", [Box(float("nan"), 0, 5, 5), Box(0, 0, 0, 0), Box(5, 5, float("inf"), 5)])
def test_a_box_that_is_none_gives_no_picture(broken: Box) -> None:
    one = face(1, box=broken, crop=broken)
    assert face_picture(CROP, shown(one), one, 90) is None


def test_a_kind_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="there are crop, landmarks"):
        face_picture("x-ray", shown(face(1)), face(1), 90)


@pytest.mark.parametrize("pose", [None, Extrinsics(translation_m=(0.05, 0.0, 0.0))])
def test_a_strangers_thermal_picture_shows_no_place_of_the_face_and_a_rigs_does(pose: Extrinsics | None) -> None:
    """A thermal camera has an infrared one in the origin beside it; only a rig tells where they stand."""
    cabin, heat = RigCamera("cabin", "fake:"), RigCamera("heat", "fake:", pose=pose)
    beside = replace(COLOR, name="beside")
    frames = frame_set(cabin.relabel(COLOR, {}), heat.relabel(beside, {}), heat.relabel(THERMAL_INFO, {}))
    one = face(1, stream="cabin/color")
    at = shown(one, frames)
    assert (face_picture(THERMAL, at, one, 80) is not None) is (pose is not None)
    assert ("not known" in why_none(THERMAL, at, one)) is (pose is None)
