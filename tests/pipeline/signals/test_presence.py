"""Presence, distance, approach and motion."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pipeline.signals.presence import BY_SIZE, NAMES, Presence
from recordings.observation import HeadPose, SignalValue
from tests.pipeline.signals.faces import every, sight_at, sights

RATES = (10.0, 30.0, 120.0)


def walk(
    rate: float, speed: float, seconds: float = 3.0, begin: float = 6.0, noise_m: float = 0.0
) -> dict[str, SignalValue]:
    """Somebody who comes along the axis with that speed, m/s."""
    rng, presence = np.random.default_rng(3), Presence()
    for t in every(seconds, rate):
        z = begin - speed * t
        told = presence.step(
            sight_at(t, center_m=(0.0, 0.0, z), distance_m=z - 0.09 + noise_m * rng.normal(), head_center_m=None), {}
        )
    return told


def test_all_four_are_always_there() -> None:
    assert set(Presence().step(sight_at(0.0), {})) == set(NAMES)


@pytest.mark.parametrize("rate", RATES)
def test_presence_counts_from_the_first_instant(rate: float) -> None:
    presence = Presence()
    for sight in sights(every(7.0, rate)):
        told = presence.step(sight, {})
    assert told["presence_s"].value == pytest.approx(7.0, abs=1e-6)


def test_a_short_absence_is_presence_and_a_long_one_or_a_leap_is_not() -> None:
    presence = Presence()
    for t in (0.0, 1.0, 2.5, 4.5, 60.0, 61.0, -100.0, -99.0):
        told = presence.step(sight_at(t), {})
    assert told["presence_s"].value == pytest.approx(1.0 + 1.5 + 2.0 + 1.0 + 1.0)


def test_a_picture_of_a_face_is_not_present() -> None:
    presence = Presence()
    for t in every(2.0, 10.0):
        told = presence.step(sight_at(t, invalid={"face": "a picture of a face: flat"}), {})
    assert all(told[n].reason == "a picture of a face: flat" for n in NAMES)
    for t in every(1.0, 10.0, 2.1):
        told = presence.step(sight_at(t), {})
    assert told["presence_s"].value == pytest.approx(1.0)


def test_distance_is_the_sensors() -> None:
    told = Presence().step(sight_at(0.0, distance_m=1.234), {})["distance"]
    assert (told.value, told.unit, told.label) == (1.234, "m", "")
    assert told.confidence > 0.8


@pytest.mark.parametrize("yaw", [0.0, 25.0, -40.0])
@pytest.mark.parametrize("z", [0.7, 1.5, 3.0])
def test_without_depth_the_faces_size_tells_the_distance_with_half_of_the_confidence(yaw: float, z: float) -> None:
    told = Presence().step(sight_at(0.0, yaw=yaw, center_m=(0.1, 0.0, z), distance_m=None, head_center_m=None), {})[
        "distance"
    ]
    assert told.value == pytest.approx(z - 0.09, rel=0.002)
    assert told.label == BY_SIZE
    assert 0.3 < told.confidence <= 0.5


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ({"is_calibrated": False}, "the lens is not known"),
        ({"landmarks": None, "pose": None, "invalid": {"landmarks": "blinded"}}, "no face to measure: blinded"),
        ({"pose": HeadPose(70.0, 0.0, 0.0)}, "turned 70 degrees"),
        ({"points": np.full((68, 2), math.nan)}, "no face to measure"),
        ({"pose": HeadPose(math.nan, 0.0, 0.0)}, "its size is not seen"),
    ],
)
def test_no_depth_and_nothing_to_go_by(what: dict[str, object], words: str) -> None:
    told = Presence().step(sight_at(0.0, distance_m=None, head_center_m=None, **what), {})
    assert words in told["distance"].reason
    assert not told["approach"].is_valid
    assert told["presence_s"].is_valid


def test_a_distance_that_is_not_believed_is_not_shown_as_the_sensors() -> None:
    told = Presence().step(sight_at(0.0, invalid={"distance_m": "a hand is before it"}), {})["distance"]
    assert told.label == BY_SIZE


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("speed", [1.4, 0.3, 0.0, -0.8])
def test_somebody_comes_closer_or_goes(rate: float, speed: float) -> None:
    told = walk(rate, speed)
    assert told["approach"].value == pytest.approx(speed, abs=0.01)
    assert told["motion"].value == pytest.approx(abs(speed), abs=0.01)
    assert told["approach"].confidence > 0.8


@pytest.mark.parametrize("rate", RATES)
def test_noise_of_the_depth_is_no_motion(rate: float) -> None:
    told = walk(rate, 0.0, noise_m=0.01)
    assert abs(told["approach"].value) < 0.06
    assert told["motion"].value < 0.06
    noisy = walk(rate, 0.0, noise_m=0.3)
    assert noisy["approach"].reason or noisy["approach"].confidence < 0.5


def test_wrong_depths_among_right_ones_do_not_matter() -> None:
    presence = Presence()
    for k, t in enumerate(every(2.0, 15.0)):
        z = 2.0 - 0.5 * t + (0.4 if k % 6 == 0 else 0.0)
        told = presence.step(sight_at(t, center_m=(0.0, 0.0, z), head_center_m=None), {})
    assert told["approach"].value == pytest.approx(0.5, abs=0.06)


@pytest.mark.parametrize("rate", RATES)
def test_going_aside_is_motion_and_no_approach(rate: float) -> None:
    presence = Presence()
    for t in every(2.0, rate):
        told = presence.step(sight_at(t, center_m=(-0.4 + 0.4 * t, 0.0, 2.0)), {})
    assert told["motion"].value == pytest.approx(0.4, abs=0.02)
    assert abs(told["approach"].value) < 0.1


def test_aside_is_seen_without_depth_too() -> None:
    presence = Presence()
    for t in every(2.0, 30.0):
        told = presence.step(sight_at(t, center_m=(-0.3 + 0.3 * t, 0.0, 1.0), distance_m=None, head_center_m=None), {})
    assert told["motion"].value == pytest.approx(0.3, rel=0.12)


@pytest.mark.parametrize("rate", RATES)
def test_a_leap_of_the_distance_is_no_approach(rate: float) -> None:
    presence, worst = Presence(), 0.0
    for t in every(6.0, rate):
        z = 3.0 if t < 3.0 else 1.5
        told = presence.step(sight_at(t, center_m=(0.0, 0.0, z)), {})
        worst = max(worst, abs(told["approach"].value))
        if 3.0 <= t < 3.3:
            assert told["approach"].reason == "the distance has leapt by 1.5 m"
    assert worst < 0.01
    assert told["approach"].is_valid


@pytest.mark.parametrize("leap_s", [-50.0, 0.7, 900.0])
def test_a_leap_of_the_clock_begins_anew(leap_s: float) -> None:
    presence = Presence()
    for t in every(2.0, 30.0):
        presence.step(sight_at(t, center_m=(0.0, 0.0, 3.0 - t)), {})
    told = presence.step(sight_at(2.0 + leap_s, center_m=(0.0, 0.0, 1.0)), {})
    assert told["approach"].reason == "seen for 0.0 s only"


def test_depth_that_goes_and_comes_makes_no_motion() -> None:
    """What the size of the face tells differs from what the sensor says: no mixture of the two is a speed."""
    presence = Presence()
    for k, t in enumerate(every(6.0, 10.0)):
        bare = {"distance_m": None, "head_center_m": None} if (k // 15) % 2 else {}
        told = presence.step(sight_at(t, center_m=(0.0, 0.0, 1.5), yaw=20.0, **bare), {})
        assert abs(told["approach"].value) < 0.02
        assert abs(told["motion"].value) < 0.02


def test_nothing_is_said_of_speed_in_the_first_moments() -> None:
    presence = Presence()
    for t in every(0.3, 30.0):
        told = presence.step(sight_at(t), {})
    assert told["approach"].reason == "seen for 0.3 s only"
    assert told["distance"].is_valid


def test_the_same_instant_twice_counts_once() -> None:
    presence = Presence()
    for t in every(2.0, 30.0):
        for _ in range(2):
            told = presence.step(sight_at(t, center_m=(0.0, 0.0, 3.0 - 0.5 * t)), {})
    assert told["presence_s"].value == pytest.approx(2.0)
    assert told["approach"].value == pytest.approx(0.5, abs=0.02)


def test_numbers_that_are_none_are_never_passed_on() -> None:
    for wrong in (math.nan, math.inf, -1.0, 0.0):
        told = Presence().step(
            sight_at(0.0, distance_m=wrong, head_center_m=(math.nan, 0.0, 1.0), confidence=math.nan), {}
        )
        assert all(math.isfinite(v.value) and 0.0 <= v.confidence <= 1.0 for v in told.values())
