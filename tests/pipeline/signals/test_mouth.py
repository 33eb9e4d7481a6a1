"""Opening of the mouth, and yawns."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from pydantic import ValidationError

from pipeline.signals.mouth import NAMES, Mouth, MouthConfig, usual_jaw
from pipeline.steps.follow import EYES_NOT_TOLD
from recordings.observation import HeadPose, SignalValue
from tests.pipeline.signals.faces import every, image_points, known, sight_at

Told = dict[str, SignalValue]
QUIET = 0.03


def watch(mouth: Mouth, times_s: list[float], opening: Callable[[float], float], **face: object) -> list[Told]:
    return [dict(mouth.step(sight_at(t, mouth=round(opening(t), 3), **face), {})) for t in times_s]


def used_to(mouth: Mouth, **face: object) -> float:
    watch(mouth, every(6.0, 10.0), lambda t: QUIET, **face)
    return 6.1


def yawn(begin_s: float, held_s: float, opening: float = 0.9, ramp_s: float = 0.6) -> Callable[[float], float]:
    """A mouth that opens, stays open and closes."""
    knots = np.cumsum([begin_s, ramp_s, held_s, ramp_s])
    return lambda t: float(np.interp(t, knots, (QUIET, opening, opening, QUIET)))


def is_yawning(told: list[Told]) -> NDArray[np.bool_]:
    return np.array([t["yawn"].is_valid and t["yawn"].value == 1 for t in told])


def test_every_step_tells_every_name() -> None:
    told = Mouth().step(sight_at(0.0, landmarks=None, invalid={"landmarks": "too dark"}), {})
    assert set(told) == set(NAMES)
    assert told["mouth_openness"].reason == told["yawn"].reason == "too dark"


@pytest.mark.parametrize("opening", [0.0, 0.1, 0.3, 0.6, 0.9])
@pytest.mark.parametrize(("yaw", "pitch"), [(0, 0), (20, 0), (0, 12)])
def test_the_opening_is_the_mouth_aspect_ratio(opening: float, yaw: float, pitch: float) -> None:
    mouth = Mouth()
    begin = used_to(mouth, yaw=yaw, pitch=pitch)
    told = mouth.step(sight_at(begin, mouth=opening, yaw=yaw, pitch=pitch), {})["mouth_openness"]
    assert told.value == pytest.approx(opening, abs=0.02 + 0.13 * opening)
    assert told.confidence > 0.5


@pytest.mark.parametrize("fps", [10.0, 30.0, 120.0])
def test_a_yawn_is_told_until_it_is_over(fps: float) -> None:
    mouth = Mouth()
    begin = used_to(mouth)
    times = every(8.0, fps, begin)
    on = is_yawning(watch(mouth, times, yawn(begin + 1, 3.0)))
    shown = np.array(times)[on] - begin
    assert shown[0] == pytest.approx(1.0 + 0.3 + 1.5, abs=0.25)
    assert shown[-1] == pytest.approx(1.0 + 0.6 + 3.0 + 0.45, abs=0.25)
    assert np.count_nonzero(np.diff(on.astype(int)) == 1) == 1


@pytest.mark.parametrize("fps", [10.0, 30.0, 120.0])
@pytest.mark.parametrize(("seconds", "yawns"), [(1.35, False), (1.65, True)])
def test_a_wide_open_mouth_is_a_yawn_from_one_and_a_half_seconds_on(fps: float, seconds: float, yawns: bool) -> None:
    mouth = Mouth()
    begin = used_to(mouth)
    told = watch(mouth, every(4.0, fps, begin), lambda t: 0.7 if 1 <= t - begin < 1 + seconds else QUIET)
    assert is_yawning(told).any() == yawns


def test_a_yawn_of_a_face_that_is_read_in_every_third_picture_only_is_told_too() -> None:
    mouth = Mouth()
    begin = used_to(mouth)
    followed = {"eyes": EYES_NOT_TOLD, "landmarks": "followed for 1 frame"}
    told = [
        mouth.step(sight_at(t, mouth=0.8) if i % 3 == 0 else sight_at(t, invalid=followed), {})
        for i, t in enumerate(every(1.9, 30.0, begin))
    ]
    on = is_yawning([dict(t) for t in told])
    assert np.argmax(on) / 30 == pytest.approx(1.5, abs=0.05)


@pytest.mark.parametrize("rate_hz", [1.5, 3.3, 5.0])
@pytest.mark.parametrize("most", [0.35, 0.55])
def test_talking_is_no_yawn_however_long(rate_hz: float, most: float) -> None:
    mouth = Mouth()
    begin = used_to(mouth)
    told = watch(mouth, every(30.0, 30.0, begin), lambda t: most * (0.5 + 0.5 * math.sin(2 * math.pi * rate_hz * t)))
    assert not is_yawning(told).any()


def test_laughing_is_no_yawn() -> None:
    """A laugh opens the lips for seconds, and the jaw little: as measured on rendered people."""
    mouth = Mouth()
    begin = used_to(mouth)
    told = watch(mouth, every(20.0, 30.0, begin), lambda t: 0.27 + 0.06 * math.sin(2 * math.pi * 4 * t))
    assert not is_yawning(told).any()


@pytest.mark.parametrize("turn", [{"yaw": 35.0}, {"pitch": -22.0}, {"pitch": 25.0}, {"yaw": -25.0, "pitch": 12.0}])
def test_turning_the_head_is_no_yawn(turn: dict[str, float]) -> None:
    mouth = Mouth()
    begin = used_to(mouth)
    assert not is_yawning(watch(mouth, every(5.0, 10.0, begin), lambda t: QUIET, **turn)).any()


def test_laughing_with_a_raised_head_is_no_yawn_though_the_chin_looks_longer() -> None:
    mouth = Mouth()
    begin = used_to(mouth)
    assert not is_yawning(watch(mouth, every(5.0, 10.0, begin), lambda t: 0.25, pitch=28.0)).any()


@pytest.mark.parametrize("pitch", [-18.0, 18.0])
def test_a_yawn_is_told_of_a_head_that_sinks_or_rises_meanwhile(pitch: float) -> None:
    mouth = Mouth()
    begin = used_to(mouth)
    assert is_yawning(watch(mouth, every(2.0, 10.0, begin), lambda t: 0.7, pitch=pitch)).any()


def behind_a_hand(eyes: float, opens: bool) -> list[Told]:
    """The mouth opens (or not), a hand comes, three seconds later it goes, and the mouth is closed."""
    mouth = Mouth()
    begin = used_to(mouth)
    told = []
    for t in every(6.0, 20.0, begin):
        since = t - begin
        opening = yawn(begin + 1.0, 0.0, 0.6, 0.6)(t) if opens and since < 1.5 else QUIET
        hidden = 1.5 <= since < 4.5
        said = known(eye_openness=eyes if hidden else 1.0)
        said["face_covered"] = SignalValue(0.9 if hidden else 0.0, "", 0.8, label="hand" if hidden else "")
        told.append(dict(mouth.step(sight_at(t, mouth=round(opening, 3)), said)))
    return told


def test_a_yawn_that_hides_behind_a_hand_is_guessed_and_says_so() -> None:
    told = behind_a_hand(eyes=0.2, opens=True)
    on = is_yawning(told)
    assert 1.0 < np.count_nonzero(on) / 20.0 < 3.0
    assert max(t["yawn"].confidence for t, yawns in zip(told, on, strict=True) if yawns) <= 0.4
    assert not on[-10:].any()
    covered = told[50]["mouth_openness"]
    assert covered.reason == "the mouth is covered: hand"


@pytest.mark.parametrize(("eyes", "opens"), [(1.0, True), (0.2, False), (1.0, False)])
def test_a_hand_before_the_mouth_alone_is_no_yawn(eyes: float, opens: bool) -> None:
    assert not is_yawning(behind_a_hand(eyes, opens)).any()


def test_landmarks_that_lose_their_confidence_tell_that_the_mouth_is_covered() -> None:
    mouth = Mouth()
    begin = used_to(mouth)
    unsure = np.full(68, 0.9, np.float32)
    unsure[48:] = 0.75
    told = mouth.step(sight_at(begin, confidence=unsure), {})
    assert "covered or unclear" in told["mouth_openness"].reason


def test_yawns_are_counted_over_a_quarter_of_an_hour() -> None:
    mouth = Mouth()
    told = watch(mouth, every(900.0, 4.0), lambda t: 0.9 if 100 <= t % 300 < 104 else QUIET)
    assert "300 are needed" in told[4 * 200]["yawn_rate"].reason
    assert told[-1]["yawn_rate"].value == pytest.approx(12.0, rel=0.05)


@pytest.mark.parametrize("leap_s", [-1000.0, -0.6, 0.8, 900.0])
def test_a_leap_of_the_clock_makes_no_yawn(leap_s: float) -> None:
    mouth = Mouth()
    begin = used_to(mouth)
    told = watch(mouth, every(1.2, 10.0, begin), lambda t: 0.9)
    told += watch(mouth, every(1.2, 10.0, begin + 1.2 + leap_s), lambda t: 0.9)
    assert not is_yawning(told).any()


@pytest.mark.parametrize(
    ("face", "words"),
    [
        ({"yaw": 50.0}, "turned 50 degrees"),
        ({"pitch": 44.0}, "tilted 44 degrees"),
        ({"confidence": 0.1}, "unsure"),
        ({"center_m": (0.0, 0.0, 9.0)}, "too small"),
        ({"points": np.full((68, 2), np.nan)}, "not seen"),
        ({"pose": HeadPose(0.0, math.nan, 0.0)}, "head pose"),
    ],
)
def test_what_is_not_seen_is_not_told(face: dict[str, object], words: str) -> None:
    told = Mouth().step(sight_at(0.0, **face), {})
    assert words in told["mouth_openness"].reason
    assert words in told["yawn"].reason


def test_a_missing_landmark_is_no_open_mouth() -> None:
    points = image_points()
    points[66] = math.nan
    assert "not seen" in Mouth().step(sight_at(0.0, points=points), {})["mouth_openness"].reason


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(-400, 900), st.floats(0, 1.5, width=16), st.floats(-60, 60, width=16), st.booleans()),
        min_size=1,
        max_size=40,
    )
)
def test_whatever_is_shown_the_values_are_finite_and_repeat(steps: list[tuple[int, float, float, bool]]) -> None:
    mouth, again, now_ms = Mouth(), Mouth(), 10_000
    for ms, opening, yaw, covered in steps:
        now_ms += ms
        sight = sight_at(now_ms / 1000, mouth=opening, yaw=yaw)
        said = {"face_covered": SignalValue(1.0, "", 0.9, label="mask")} if covered else {}
        told = mouth.step(sight, said)
        assert set(told) == set(NAMES)
        assert all(math.isfinite(v.value) and 0 <= v.confidence <= 1 for v in told.values())
        assert again.step(sight, said) == told


@given(st.floats(-40, 40), st.floats(-35, 35), st.floats(-30, 30))
def test_the_average_chin_stays_where_it_is_when_the_head_turns(yaw: float, pitch: float, roll: float) -> None:
    pose = HeadPose(yaw, pitch, roll)
    far = (0.0, 0.0, 12.0)
    points, ahead = image_points(pose, center_m=far), image_points(center_m=far)
    looks, usual = (np.linalg.norm(p[8] - p[33]) / np.linalg.norm(p[33] - p[27]) for p in (points, ahead))
    assert looks / usual == pytest.approx(usual_jaw(pose), rel=0.03)


def test_borders_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValidationError, match="cannot end below"):
        MouthConfig(yawn_above=0.3, yawn_ends_below=0.4)
