"""Models that rest: faces are followed meanwhile, that is said, and each is read again in time."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
import pytest

from drivers.frame import FrameFlag, FrameSet
from pipeline.process import Process
from tests.pipeline.process_cases import DEPTH, GRAY, frame_set, scene
from tests.pipeline.scenes import KINECT_2, Person, StubLandmarks, picture, room, stub_models

ALL = frozenset({"face_landmarks", "gray_to_depth", "depth_to_color"})


def freckled(number: int, people: list[Person], flags: FrameFlag = FrameFlag.NONE) -> FrameSet:
    """As scene(), with heads that have something to be followed by, and go where the heads go."""
    gray = picture(KINECT_2, people)
    for index, (x, y, z) in enumerate(people):
        noise = np.random.default_rng(index).normal(0.0, 240.0, (300, 240))  # a pixel a millimetre
        spots = cv2.GaussianBlur(noise, (0, 0), 2.5)
        (cx, cy), scale = KINECT_2.project(np.array([[x, y, z]]))[0], KINECT_2.fx / (1000.0 * z)
        to = np.array([[scale, 0.0, cx - 120.0 * scale], [0.0, scale, cy - 150.0 * scale]])
        drawn = cv2.warpAffine(spots, to, (KINECT_2.width, KINECT_2.height))
        gray = np.where(gray == 200, np.clip(200.0 + drawn, 130, 245), gray).astype(np.uint8)
    return frame_set(number, (GRAY, gray), (DEPTH, room(KINECT_2, people, noise_mm=2.0)), flags=flags)


def test_a_face_is_followed_while_the_landmark_model_rests_and_that_is_said() -> None:
    models = stub_models()
    stub = cast(StubLandmarks, models.face_landmarks)
    process = Process([GRAY, DEPTH], models)
    (first,) = process(freckled(0, [(0.0, 0.0, 1.0)])).faces
    assert process.paced == ("gray_to_depth", "depth_to_color", "face_landmarks")
    for number in (1, 2):
        asked = len(stub.crops)
        seen = process(freckled(number, [(0.01 * number, 0.0, 1.0)]), ALL)
        (face,) = seen.faces
        assert len(stub.crops) == asked, "the model was not asked"
        assert face.id == first.id
        assert face.confidence == pytest.approx(first.confidence), "nobody judged it anew"
        assert face.landmarks is not None
        assert first.landmarks is not None
        went = face.landmarks.points - first.landmarks.points
        assert went == pytest.approx(np.tile((3.65 * number, 0.0), (68, 1)), abs=0.3)
        assert face.landmarks.confidence == pytest.approx(first.landmarks.confidence * 0.95**number)
        words = f"followed for {number} FrameSet{'s' * (number > 1)}: the model rests"
        assert (face.invalid["landmarks"], face.invalid["pose"]) == (words, words)
        assert face.pose is not None
        assert face.eyes is None
        assert face.invalid["eyes"] == "not told while a face is followed"
        assert face.generated == ()
        assert face.invalid["generated.relief"] == "made every n-th FrameSet to keep the latency budget"
        assert process.model_seconds == dict.fromkeys(process.paced, 0.0)
        assert process.timings["follow"] > 0.0
    (read,) = process(freckled(3, [(0.03, 0.0, 1.0)])).faces
    assert read.invalid == {}
    assert [g.name for g in read.generated] == ["relief", "color"]
    assert all(seconds > 0.0 for seconds in process.model_seconds.values())
    assert process.timings["follow"] == 0.0


def test_one_generating_model_may_rest_alone() -> None:
    process = Process([GRAY, DEPTH], stub_models())
    (face,) = process(freckled(0, [(0.0, 0.0, 1.0)]), {"depth_to_color"}).faces
    assert [g.name for g in face.generated] == ["relief"]
    assert face.invalid == {"generated.color": "made every n-th FrameSet to keep the latency budget"}


def test_names_that_cannot_rest_mean_nothing() -> None:
    people: list[Person] = [(0.0, 0.0, 1.0)]
    one = Process([GRAY, DEPTH], stub_models())(freckled(0, people), {"face_finder", "nobody"})
    assert one.to_bytes() == Process([GRAY, DEPTH], stub_models())(freckled(0, people)).to_bytes()


def test_what_nothing_follows_is_read_at_once_though_the_model_rests() -> None:
    """A face without a spot on it, one that comes in, and one after a frame that showed nothing."""
    process = Process([GRAY, DEPTH], stub_models())
    person: list[Person] = [(0.0, 0.0, 1.0)]
    for number in range(4):
        (face,) = process(scene(number, person), {"face_landmarks"}).faces
        assert "landmarks" not in face.invalid
    freckles = Process([GRAY, DEPTH], stub_models())
    two: list[Person] = [(-0.4, 0.0, 1.2), (0.4, 0.0, 1.2)]
    freckles(freckled(0, two[:1]))
    followed, new = freckles(freckled(1, two), {"face_landmarks"}).faces
    assert "landmarks" in followed.invalid
    assert "landmarks" not in new.invalid
    assert freckles(freckled(2, two, FrameFlag.STALE), {"face_landmarks"}).status == "stale"
    for face in freckles(freckled(3, two), {"face_landmarks"}).faces:
        assert "landmarks" not in face.invalid
    freckles.reset()
    for face in freckles(freckled(4, two), {"face_landmarks"}).faces:
        assert "landmarks" not in face.invalid


def test_a_model_that_always_rests_reads_every_face_now_and_then() -> None:
    process = Process([GRAY, DEPTH], stub_models())
    read = []
    still = freckled(0, [(0.0, 0.0, 1.0)])
    for number in range(20):
        same = frame_set(number, *((f.info, np.asarray(f.pixels)) for f in still.frames.values()))
        (face,) = process(same, ALL).faces
        read.append("landmarks" not in face.invalid)
    assert [n for n, was in enumerate(read) if was] == [0, 9, 18]


def test_heads_that_are_hardly_faces_wait_while_the_model_rests() -> None:
    models = stub_models()
    stub = cast(StubLandmarks, models.face_landmarks)
    process = Process([GRAY, DEPTH], models)
    for number in range(10):
        process(scene(number, [(0.0, 0.0, 1.0)], backs=(0,)))
    asked = len(stub.crops)
    for number in range(10, 15):
        process(scene(number, [(0.0, 0.0, 1.0)], backs=(0,)), {"face_landmarks"})
    assert len(stub.crops) == asked
    process(scene(15, [(0.0, 0.0, 1.0)], backs=(0,)))
    assert len(stub.crops) > asked


def test_a_person_who_turns_away_or_leaves_is_not_followed_for_ever() -> None:
    process = Process([GRAY, DEPTH], stub_models())
    process(freckled(0, [(0.0, 0.0, 1.0)]))
    assert process(freckled(1, [(0.0, 0.0, 1.0)]), ALL).faces
    assert process(scene(2, [])).faces == ()
    turned = Process([GRAY, DEPTH], stub_models())
    turned(freckled(0, [(0.0, 0.0, 1.0)]))
    back = [turned(scene(n, [(0.0, 0.0, 1.0)], backs=(0,)), ALL).faces for n in range(1, 5)]
    assert back[-1] == ()


def test_the_same_rests_give_the_same_bytes_whoever_finishes() -> None:
    told = [
        (freckled(n, [(-0.3 + 0.01 * n, 0.0, 1.2), (0.4, 0.0, 1.8 - 0.02 * n)]), ALL if n % 3 else frozenset())
        for n in range(7)
    ]
    process = Process([GRAY, DEPTH], stub_models())
    first = [process(one, rests).to_bytes() for one, rests in told]
    assert b"followed for 2" in first[5]
    process.reset()
    assert [process(one, rests).to_bytes() for one, rests in told] == first
    halves = Process([GRAY, DEPTH], stub_models())
    looked = [halves.look(one, rests) for one, rests in told]
    assert [halves.finish(one).to_bytes() for one in looked] == first
