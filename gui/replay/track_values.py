"""What of a face is drawn over time: names and values as recordings/signals.py gives them. No Qt here."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from gui.words import mark
from recordings.observation import Observation
from recordings.signals import signals_json

Told = tuple[float | None, str] | tuple[float | None, str, float | None, str]
"""Value and unit; None where it is not known, or not to be trusted. Where more is told, the confidence (None where
nobody knows it), and the value's word, or the reason why there is no value."""

FaceValues = Mapping[str, Told]
"""By name."""

FACES = "faces"
"""The number of faces."""

MOST_NAMED = 64
"""Quantities that are kept: all signals that there are, measured and smoothed, and some of a later version; a session
that names more than so many keeps the first."""

UNSURE = 0.3
"""Less confidence than this, and rules do not count a value as known, unless they say otherwise."""

LABELS = {
    "distance": mark("distance"),
    "yaw": mark("yaw"),
    "pitch": mark("pitch"),
    "roll": mark("roll"),
    "eye_right": mark("right eye"),
    "eye_left": mark("left eye"),
    FACES: mark("faces"),
}
"""Those that every face has, in the order in which they stand under each other."""

DEFAULT = ("distance", "yaw", "eye_right", "eye_left")

LIMIT_REACH = 1.5
"""A limit farther from what was found than so many times its range is not drawn."""

_UNITS = {"deg": "°", "openness": "", "m": " m", "degC": " °C"}
_SMALLEST = {"deg": 20.0, "m": 0.1, "s": 1.0, "1/min": 1.0, "1/h": 1.0, "degC": 1.0}
_SMALLEST_SHARE = 0.1
"""What a scale spans at least, so that a thing that stays as it is looks so, by the unit; of any other one the last."""


def unit_words(unit: str) -> str:
    """A unit as it stands behind a number."""
    return _UNITS.get(unit, f" {unit}" if unit else "")


def value_words(value: float, unit: str) -> str:
    """A value for people."""
    digits = {"deg": 0, "m": 2, "openness": 2}.get(unit, 2)
    if not unit and value == int(value):
        digits = 0
    rounded = round(value, digits) + 0.0  # no minus before nothing
    return f"{rounded:.{digits}f}{unit_words(unit)}"


def with_limits(
    found: tuple[float, float] | None, limits: Iterable[float], unit: str = ""
) -> tuple[float, float] | None:
    """What was found, and the limits that lie near enough not to press it flat."""
    if found is None:
        return None
    low, high = found
    room = LIMIT_REACH * max(high - low, _smallest(unit))
    near = [v for v in limits if low - room <= v <= high + room]
    return min([low, *near]), max([high, *near])


def scale(name: str, unit: str, found: tuple[float, float] | None) -> tuple[float, float]:
    """The lowest and highest value of a track's scale, round numbers round what was found."""
    if unit == "openness":
        return 0.0, max(1.0, 0.0 if found is None else found[1])
    if name == FACES:
        return 0.0, max(1.0, 0.0 if found is None else found[1])
    if found is None:
        return (-45.0, 45.0) if unit == "deg" else (0.0, 1.0)
    low, high = found
    smallest = _smallest(unit)
    if high - low < smallest:
        middle = (low + high) / 2
        begin = middle - smallest / 2
        low = begin if low < 0 else max(begin, 0.0)  # what was never negative is not measured from below nothing
        high = low + smallest
    step = 10.0 ** math.floor(math.log10(high - low))
    step = next(s for s in (step / 5, step / 2, step) if (high - low) / s <= 20)
    return math.floor(low / step) * step, math.ceil(high / step) * step


def _smallest(unit: str) -> float:
    return _SMALLEST.get(unit, _SMALLEST_SHARE)


def values_of(observation: Observation) -> dict[int, FaceValues]:
    """Every face's values, by its id."""
    return {
        face.id: _told(
            signals_json(observation, face)["values"] | {name: said.to_json() for name, said in face.signals.items()}
        )
        for face in observation.faces
    }


def values_of_json(observation: Mapping[str, Any]) -> dict[int, FaceValues]:
    """The same of an observation as it is stored, without making one of it: for very many of them.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: it is incomplete or wrong.
    """
    return {int(face["id"]): _told(_stored_values(face)) for face in observation["faces"]}


def _told(values: Mapping[str, Mapping[str, Any]]) -> FaceValues:
    return {name: _one(said) for name, said in values.items()}


def _one(said: Mapping[str, Any]) -> Told:
    value, unit, reason = _sound(said["value"], said["reason"]), str(said["unit"]), str(said["reason"])
    confidence = said.get("confidence")
    word = reason or str(said.get("label", ""))
    if confidence is None and not word:
        return value, unit
    return value, unit, None if confidence is None else float(confidence), word


def _sound(value: Any, reason: str) -> float | None:
    return None if value is None or reason or not math.isfinite(value) else float(value)


def _stored_values(face: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    pose, eyes, invalid = face["pose"] or {}, face["eyes"] or {}, face["invalid"]
    measured = {
        "distance": (face["distance_m"], "m", "distance_m"),
        "yaw": (pose.get("yaw_deg"), "deg", "pose"),
        "pitch": (pose.get("pitch_deg"), "deg", "pose"),
        "roll": (pose.get("roll_deg"), "deg", "pose"),
        "eye_right": (eyes.get("right"), "openness", "eyes"),
        "eye_left": (eyes.get("left"), "openness", "eyes"),
    }
    out: dict[str, Mapping[str, Any]] = {
        name: {"value": value, "unit": unit, "reason": invalid.get(field, "")}
        for name, (value, unit, field) in measured.items()
    }
    return out | dict(face["signals"])
