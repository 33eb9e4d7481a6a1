"""Faces followed by their picture: to where they truly went, or not at all."""

from __future__ import annotations

import math
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from drivers.frame import Frame, StreamInfo, StreamKind
from pipeline.steps.follow import Follower, Known, fit_similarity, followed_words, is_followed
from pipeline.steps.head_template import HEAD_LANDMARKS_M
from pipeline.steps.landmarks import Reading, box_of
from pipeline.steps.register import View
from pipeline.steps.track import Track
from recordings.observation import Box, Landmarks

WIDTH, HEIGHT = 320, 240
CENTER = (160.0, 120.0)
POINTS = (HEAD_LANDMARKS_M[:, :2] * 500.0 + CENTER).astype(np.float32)
"""A face of about 75 px."""


def texture(seed: int = 3) -> NDArray[np.uint8]:
    """A picture with something to hold on to everywhere."""
    noise = np.random.default_rng(seed).integers(0, 255, (HEIGHT, WIDTH)).astype(np.uint8)
    smooth = cv2.GaussianBlur(noise, (0, 0), 3.0).astype(np.float64)
    return np.asarray(np.clip((smooth - smooth.mean()) * 8.0 + 120.0, 1, 240), np.uint8)


def similarity(scale: float = 1.0, roll_deg: float = 0.0, dx: float = 0.0, dy: float = 0.0) -> NDArray[np.float64]:
    """2 x 3, about the face's centre."""
    a, b = scale * math.cos(math.radians(roll_deg)), scale * math.sin(math.radians(roll_deg))
    x, y = CENTER
    return np.array([[a, -b, x - a * x + b * y + dx], [b, a, y - b * x - a * y + dy]])


def warped(image: NDArray[np.uint8], motion: NDArray[np.float64]) -> NDArray[np.uint8]:
    return np.asarray(cv2.warpAffine(image, motion, (WIDTH, HEIGHT), flags=cv2.INTER_CUBIC), np.uint8)


def gone_to(motion: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(POINTS @ motion[:, :2].T + motion[:, 2], np.float64)


def view(image: NDArray[np.uint8] | None, kind: StreamKind = StreamKind.GRAY) -> View:
    """The image as a picture, or as counts of a thermal camera, or as depth in millimetres."""
    dtype = "uint8" if kind is StreamKind.GRAY else "uint16"
    info = StreamInfo(kind.value, kind, WIDTH, HEIGHT, dtype, unit_m=0.001 if kind is StreamKind.DEPTH else None)
    shown = np.zeros((HEIGHT, WIDTH), np.uint8) if image is None else image
    if kind is StreamKind.GRAY:
        return View(Frame(info, shown, 0, 0, 0), image, None, None)
    if kind is StreamKind.THERMAL:
        return View(Frame(info, 29_000 + 4 * shown.astype(np.uint16), 0, 0, 0), None, None, None)
    depth = 800 + shown.astype(np.uint16)
    return View(Frame(info, depth, 0, 0, 0), None, depth, None)


def known(kind: StreamKind = StreamKind.GRAY, **changes: object) -> Known:
    landmarks = Landmarks(POINTS, np.full(68, 0.8, np.float32))
    reading = Reading(landmarks, (0.5, 0.5), 0.9, 0.9, kind, box_of(POINTS))
    return replace(Known(reading, CENTER, 900.0), **changes)  # type: ignore[arg-type]  # fields by name


def track(dx: float = 0.0, dy: float = 0.0, distance_mm: float | None = 900.0, serial: int = 0) -> Track:
    box = box_of(POINTS)
    moved = Box(box.x + dx, box.y + dy, box.w, box.h)
    return Track(serial, (CENTER[0] + dx, CENTER[1] + dy), moved, 100.0, distance_mm, id=serial + 1, is_face=True)


def follow(before: View, now: View, face: Known | None = None, at: Track | None = None, *others: Track) -> Known | None:
    follower = Follower()
    follower.keep(before, {0: face or known()})
    return follower(now, at or track(), others)


@pytest.mark.parametrize("kind", [StreamKind.GRAY, StreamKind.THERMAL, StreamKind.DEPTH])
@pytest.mark.parametrize(
    "motion", [(1.0, 0.0, 0.0, 0.0), (1.0, 0.0, 4.3, -2.6), (1.05, 0.0, 2.0, 1.0), (0.97, 6.0, -3.0, 2.0)], ids=str
)
def test_a_face_is_followed_to_where_it_went(kind: StreamKind, motion: tuple[float, float, float, float]) -> None:
    went = similarity(*motion)
    face = follow(view(texture(), kind), view(warped(texture(), went), kind), known(kind))
    assert face is not None
    off = np.linalg.norm(face.reading.landmarks.points - gone_to(went), axis=1)
    assert off.max() < 0.5, "px of a face that is 75 px wide"
    assert face.followed == 1
    assert face.reading.box.w == pytest.approx(box_of(POINTS).w * motion[0], rel=0.06)


def test_the_track_says_where_to_look_first() -> None:
    went = similarity(dx=30.0, dy=-14.0)
    face = follow(view(texture()), view(warped(texture(), went)), None, track(28.0, -11.0))
    assert face is not None
    assert np.linalg.norm(face.reading.landmarks.points - gone_to(went), axis=1).max() < 0.5


def test_confidence_falls_with_every_frame_set_and_after_eight_the_model_must_read() -> None:
    follower, here = Follower(), view(texture())
    face: Known | None = known()
    seen = []
    for _ in range(9):
        follower.keep(here, {0: face})
        face = follower(here, track())
        if face is not None:
            seen.append(float(face.reading.landmarks.confidence.mean()))
            assert face.reading.landmarks.confidence.dtype == np.float32
    assert face is None
    assert seen == pytest.approx([0.8 * 0.95**n for n in range(1, 9)])


def test_the_same_pictures_give_the_same_points() -> None:
    went = similarity(1.02, 2.0, 3.0, 1.0)
    one, two = (follow(view(texture()), view(warped(texture(), went))) for _ in range(2))
    assert one is not None
    assert two is not None
    assert one.reading.landmarks.points.tobytes() == two.reading.landmarks.points.tobytes()


def half_covered() -> NDArray[np.uint8]:
    """Something else before the lower two thirds of the face."""
    image, other = texture(), texture(9)
    image[100:200] = other[100:200]
    return image


@pytest.mark.parametrize(
    "now",
    [
        np.zeros((HEIGHT, WIDTH), np.uint8),
        np.full((HEIGHT, WIDTH), 128, np.uint8),
        texture(11),
        half_covered(),
        warped(texture(), similarity(dx=60.0)),
        warped(texture(), similarity(roll_deg=20.0)),
        warped(texture(), similarity(scale=1.2)),
    ],
    ids=["black", "blank", "something else", "covered", "too far", "rolled too far", "grown too much"],
)
def test_what_cannot_be_followed_for_sure_is_not(now: NDArray[np.uint8]) -> None:
    assert follow(view(texture()), view(now)) is None


def test_a_face_that_the_track_has_at_another_distance_or_place_is_read() -> None:
    here = view(texture())
    assert follow(here, here) is not None
    assert follow(here, here, at=track(distance_mm=700.0)) is None
    assert follow(here, here, at=track(distance_mm=None)) is not None, "depth that is not there says nothing"
    assert follow(here, here, at=track(serial=5)) is None, "another head"
    assert follow(here, here, at=track(dx=200.0)) is None


def test_a_face_that_another_may_hide_is_read() -> None:
    here = view(texture())
    nearer, beside = track(30.0, distance_mm=600.0, serial=1), track(120.0, distance_mm=600.0, serial=1)
    behind, unknown = track(30.0, distance_mm=2000.0, serial=1), track(30.0, distance_mm=None, serial=1)
    assert follow(here, here, None, None, nearer) is None
    assert follow(here, here, None, None, unknown) is None
    assert follow(here, here, None, None, beside) is not None
    assert follow(here, here, None, None, behind) is not None


@pytest.mark.parametrize("dx", [-130.0, 135.0])
def test_a_face_that_the_border_cuts_is_read(dx: float) -> None:
    went = similarity(dx=dx)
    points = gone_to(went).astype(np.float32)
    reading = replace(known().reading, landmarks=Landmarks(points, np.full(68, 0.8, np.float32)), box=box_of(points))
    there = view(warped(texture(), went))
    assert follow(there, there, known(reading=reading), track(dx)) is None


def test_without_the_image_that_it_was_read_from_it_is_read() -> None:
    here = view(texture())
    assert follow(here, view(None)) is None
    assert follow(view(None), here) is None
    assert follow(here, here, known(StreamKind.DEPTH)) is None
    assert follow(here, here, known(StreamKind.THERMAL)) is None
    depth = view(texture(), StreamKind.DEPTH)
    assert follow(depth, depth, known(StreamKind.DEPTH, distance_mm=None)) is None


def test_nothing_is_followed_from_a_frame_set_that_is_forgotten_or_showed_nothing() -> None:
    here, follower = view(texture()), Follower()
    assert follower(here, track()) is None
    follower.keep(here, {0: None})
    assert follower(here, track()) is None
    follower.keep(here, {0: known()})
    follower.reset()
    assert follower(here, track()) is None


@given(
    st.floats(0.8, 1.25),
    st.floats(-40.0, 40.0),
    st.floats(-50.0, 50.0),
    st.floats(-50.0, 50.0),
    st.integers(0, 13),
    st.integers(0, 1000),
)
@settings(max_examples=60, deadline=None)
def test_a_fifth_of_the_points_may_go_astray(
    scale: float, roll: float, dx: float, dy: float, astray: int, seed: int
) -> None:
    went = similarity(scale, roll, dx, dy)
    random = np.random.default_rng(seed)
    moved = gone_to(went)
    wrong = random.permutation(68)[:astray]
    moved[wrong] += random.uniform(8.0, 20.0, (astray, 2)) * random.choice([-1.0, 1.0], (astray, 2))
    found = fit_similarity(POINTS.astype(np.float64), moved, rounds=20)
    assert found.scale == pytest.approx(scale, rel=1e-6)
    assert found.roll_deg == pytest.approx(roll, abs=1e-5)
    assert np.abs(found(POINTS.astype(np.float64)) - gone_to(went)).max() < 1e-3


def test_points_that_are_all_one_have_moved_and_nothing_else() -> None:
    here = np.full((5, 2), 7.0)
    there = np.full((5, 2), (9.0, 6.0))
    found = fit_similarity(here, there)
    assert (found.scale, found.roll_deg) == (1.0, 0.0)
    assert found(here).tolist() == there.tolist()


def test_it_is_said_in_words() -> None:
    assert followed_words(1) == "followed for 1 FrameSet: the model rests"
    assert followed_words(2) == "followed for 2 FrameSets: the model rests"
    assert is_followed(followed_words(3))
    assert not is_followed(f"blinded; {followed_words(3)}")
