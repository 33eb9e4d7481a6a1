"""What an observation says survives its JSON form, and a broken one is told."""

from __future__ import annotations

import contextlib
import copy
import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recordings.errors import SessionFormatError
from recordings.event import Event
from recordings.observation import Box, EyeOpenness, Face, GeneratedImage, HeadPose, Landmarks, Observation, SignalValue
from recordings.session import ScheduleEntry, SessionInfo
from tests.recordings.sessions import ALL_KINDS, info_of


def full_observation() -> Observation:
    face = Face(
        id=3,
        stream="color",
        box=Box(1.5, 2.25, 100.125, 120.0),
        confidence=0.1 + 0.2,
        distance_m=0.87654321,
        head_center_m=(0.1, -0.2, 0.9),
        crop=Box(-3.0, 0.0, 200.0, 200.0),
        landmarks=Landmarks(
            np.arange(136, dtype=np.float32).reshape(68, 2) / 3, np.linspace(0, 1, 68, dtype=np.float32)
        ),
        pose=HeadPose(12.5, -3.0, 1e-9, 0.5),
        eyes=EyeOpenness(0.9, 1.0),
        signals={"perclos": SignalValue(12.0, "%", 0.8)},
        invalid={"generated": "no model"},
    )
    bare = Face(id=4, stream="depth", box=Box(0.0, 0.0, 1.0, 1.0), confidence=0.5)
    return Observation(5, 6, 7, 8, {"color": 9, "depth": 10}, (face, bare), "ok")


def full_json() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(full_observation().to_bytes())
    return data


def test_there_and_back_is_the_same_to_the_byte() -> None:
    one = full_observation()
    again = Observation.from_json(json.loads(one.to_bytes()))
    assert again.to_bytes() == one.to_bytes()
    assert again.faces[0].pose == one.faces[0].pose


def test_how_sure_the_eyes_are_stands_in_the_json_only_where_it_is_told() -> None:
    assert full_json()["faces"][0]["eyes"] == {"right": 0.9, "left": 1.0}
    sure = EyeOpenness(0.25, 0.5, (0.75, 0.0))
    told = sure.to_json()
    assert told == {"right": 0.25, "left": 0.5, "right_confidence": 0.75, "left_confidence": 0.0}
    assert EyeOpenness.from_json(told) == sure
    data = full_json()
    data["faces"][0]["eyes"] = {"right": 0.9, "left": 1.0, "right_confidence": 0.5}
    with pytest.raises(SessionFormatError):
        Observation.from_json(data)


def paths_of(data: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items: list[Any] = []
    if isinstance(data, dict):
        items = list(data.items())
    elif isinstance(data, list):
        items = list(enumerate(data))[:3]
    return [(*here, k) for k, _ in items] + [p for k, v in items for p in paths_of(v, (*here, k))]


def replaced(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    out = copy.deepcopy(data)
    inner = out
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return out


JUNK = st.sampled_from((None, True, -1, 1e999, 10**400, "x", "", [], [1], {}, {"a": 1}, [[]], math.nan))


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (full_json(), Observation),
        (Event("yawn", 1, 2, 3, "n").to_json(), Event),
        (ScheduleEntry(0, {"a": 1}, {"m": {"b": "c"}}).to_json(), ScheduleEntry),
        (info_of(ALL_KINDS).to_json(), SessionInfo),
    ],
    ids=["observation", "event", "schedule", "session"],
)
@given(draw=st.data())
def test_any_wrong_value_anywhere_is_taken_or_told(data: dict[str, Any], kind: Any, draw: st.DataObject) -> None:
    path = draw.draw(st.sampled_from(paths_of(data)))
    broken = replaced(data, path, draw.draw(JUNK))
    # A matrix with a NaN makes numpy warn before it is refused.
    with contextlib.suppress(SessionFormatError), np.errstate(invalid="ignore"):
        kind.from_json(broken)


WRONG_TIMES = ("1", 1.5, True, [1], 1 << 63)


@pytest.mark.parametrize(
    ("field", "value"),
    [*((f, v) for f in ("begin_ns", "end_ns", "face") for v in WRONG_TIMES), ("begin_ns", None)],
)
def test_an_event_with_something_else_than_a_time_or_a_track_is_told(field: str, value: Any) -> None:
    data = Event("yawn", 1, 2, 3, "n").to_json()
    with pytest.raises(SessionFormatError, match="an event is incomplete or wrong"):
        Event.from_json({**data, field: value})


def test_an_event_may_last_and_be_nobodys() -> None:
    for event in (Event("yawn", -(1 << 63)), Event("yawn", 1, 2, 3, "n")):
        assert Event.from_json(event.to_json()) == event


@pytest.mark.parametrize("value", ["0.9", True, [1.0], math.inf, 10**400])
@pytest.mark.parametrize(
    "path",
    [("distance_m",), ("head_center_m", 2), ("pose", "yaw_deg"), ("pose", "error_px"), ("eyes", "left")],
)
def test_a_measure_that_is_no_number_is_told(path: tuple[str | int, ...], value: Any) -> None:
    broken = replaced(full_json(), ("faces", 0, *path), value)
    with pytest.raises(SessionFormatError, match="a face in an observation is incomplete or wrong"):
        Observation.from_json(broken)


@pytest.mark.parametrize("field", sorted(full_json()))
def test_a_missing_field_is_told(field: str) -> None:
    data = full_json()
    del data[field]
    with pytest.raises(SessionFormatError):
        Observation.from_json(data)


@given(st.floats(-179, 179), st.floats(-89, 89), st.floats(-179, 179))
def test_a_pose_and_its_matrix_are_one(yaw: float, pitch: float, roll: float) -> None:
    pose = HeadPose(yaw, pitch, roll)
    matrix = pose.rotation()
    np.testing.assert_allclose(matrix @ matrix.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(matrix) == pytest.approx(1)
    again = HeadPose.from_rotation(matrix)
    np.testing.assert_allclose(again.rotation(), matrix, atol=1e-9)
    assert (again.yaw_deg, again.pitch_deg, again.roll_deg) == pytest.approx((yaw, pitch, roll), abs=1e-4)


@pytest.mark.parametrize(
    ("pose", "nose"),
    [
        (HeadPose(30, 0, 0), (1, 0)),  # own left is image right
        (HeadPose(0, 30, 0), (0, -1)),  # up is image up
    ],
)
def test_the_nose_goes_where_the_signs_say(pose: HeadPose, nose: tuple[int, int]) -> None:
    tip = pose.rotation() @ np.array([0.0, 0.0, -1.0])
    assert (round(2 * tip[0]), round(2 * tip[1])) == nose


def test_tilting_to_own_right_moves_the_top_to_image_left() -> None:
    top = HeadPose(0, 0, 30).rotation() @ np.array([0.0, -1.0, 0.0])
    assert top[0] == pytest.approx(-0.5)


BOXES = st.builds(Box, st.floats(-100, 100), st.floats(-100, 100), st.floats(0.1, 100), st.floats(0.1, 100))


@given(BOXES, BOXES)
def test_the_overlap_of_two_boxes(a: Box, b: Box) -> None:
    assert 0 <= a.overlap(b) <= 1 + 1e-9
    assert a.overlap(b) == pytest.approx(b.overlap(a))
    assert a.overlap(a) == pytest.approx(1)


def test_a_generated_image_is_told_from_another_by_its_digest() -> None:
    pixels = np.zeros((4, 4), np.uint8)
    relief = np.zeros((4, 4), np.float32)
    one = GeneratedImage("relief", "gray_to_depth 1", pixels, relief)
    assert one.digest() == GeneratedImage("relief", "gray_to_depth 1", pixels.copy(), relief.copy()).digest()
    others = [
        GeneratedImage("relief", "m", pixels + 1, relief),
        GeneratedImage("relief", "m", pixels, relief + 1),
        GeneratedImage("relief", "m", pixels),
        GeneratedImage("color", "m", pixels, relief),
        GeneratedImage("relief", "m", pixels.reshape(2, 8), relief),
    ]
    assert len({one.digest(), *(o.digest() for o in others)}) == 6
    assert not one.pixels.flags.writeable


def test_an_image_that_tells_its_confidence_keeps_the_digest_that_sessions_hold() -> None:
    pixels, relief = np.zeros((4, 4), np.uint8), np.zeros((4, 4), np.float32)
    bare = GeneratedImage("relief", "m", pixels, relief)
    told = GeneratedImage("relief", "m", pixels, relief, np.full((4, 4), 0.5, np.float32))
    assert bare.digest() == told.digest() == "ae85dd8f55b790aa"
    assert told.confidence is not None
    assert not told.confidence.flags.writeable


def test_the_mean_confidence_is_that_of_what_is_shown() -> None:
    pixels, relief = np.zeros((4, 4), np.uint8), np.zeros((4, 4), np.float32)
    assert GeneratedImage("relief", "m", pixels, relief).mean_confidence is None
    confidence = np.zeros((4, 4), np.float32)
    confidence[:2], relief[2:] = 0.75, np.nan
    assert GeneratedImage("relief", "m", pixels, relief, confidence).mean_confidence == pytest.approx(0.75)
    confidence[0] = np.nan
    assert GeneratedImage("relief", "m", pixels, relief, confidence).mean_confidence == pytest.approx(0.75)
    nothing = np.full((4, 4), np.nan, np.float32)
    assert GeneratedImage("relief", "m", pixels, nothing, confidence).mean_confidence is None
    with pytest.raises(ValueError, match="one number a pixel"):
        GeneratedImage("relief", "m", pixels, relief, np.zeros((2, 2), np.float32))


def test_landmarks_are_sixty_eight() -> None:
    with pytest.raises(ValueError, match="68"):
        Landmarks(np.zeros((5, 2), np.float32), np.zeros(5, np.float32))
