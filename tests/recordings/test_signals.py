"""A face's quantities as viewers plot them."""

from __future__ import annotations

from dataclasses import replace

from recordings.observation import Box, Face, Observation, SignalValue
from recordings.signals import signals_json


def values_of(face: Face) -> dict[str, dict[str, object]]:
    observation = Observation(7, 1_000, 2_000, 0, {"infrared": 7}, (face,))
    values: dict[str, dict[str, object]] = signals_json(observation, face)["values"]
    return values


FACE = Face(id=1, stream="infrared", box=Box(0, 0, 40, 50), crop=Box(0, 0, 80, 80), confidence=0.9)


def test_a_signal_that_is_known_is_plotted_with_its_confidence() -> None:
    face = replace(FACE, signals={"gaze_yaw": SignalValue(-3.5, "deg", 0.7)})
    assert values_of(face)["gaze_yaw"] == {"value": -3.5, "unit": "deg", "confidence": 0.7, "reason": ""}


def test_a_signal_that_is_not_known_is_null_and_never_a_zero() -> None:
    face = replace(FACE, signals={"breathing_rate": SignalValue(0.0, "1/min", 0.0, reason="the face moves")})
    told = values_of(face)["breathing_rate"]
    assert told["value"] is None
    assert told["reason"] == "the face moves"


def test_a_true_zero_stays_one() -> None:
    face = replace(FACE, signals={"head_yaw": SignalValue(0.0, "deg", 0.8)})
    assert values_of(face)["head_yaw"]["value"] == 0.0


def test_what_was_not_measured_is_null_with_its_reason() -> None:
    told = values_of(replace(FACE, distance_m=None, invalid={"distance_m": "no depth stream"}))["distance"]
    assert told == {"value": None, "unit": "m", "confidence": None, "reason": "no depth stream"}
