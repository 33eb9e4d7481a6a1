"""A face's measured quantities as flat numbers by name: what viewers plot over time."""

from __future__ import annotations

from typing import Any

from recordings.observation import SCHEMA_VERSION, Face, Observation


def signals_json(observation: Observation, face: Face) -> dict[str, Any]:
    """The `tapetum.Signals` message of one face: name -> value, unit, confidence (null where nobody knows it), reason.

    A quantity that is not known is there with a null value and the reason.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "frame_set": observation.frame_set,
        "device_ns": observation.device_ns,
        "face": face.id,
        "values": _values(face),
    }


def _values(face: Face) -> dict[str, dict[str, Any]]:
    pose, eyes, invalid = face.pose, face.eyes, face.invalid
    measured = {
        "distance": (face.distance_m, "m", "distance_m"),
        "yaw": (None if pose is None else pose.yaw_deg, "deg", "pose"),
        "pitch": (None if pose is None else pose.pitch_deg, "deg", "pose"),
        "roll": (None if pose is None else pose.roll_deg, "deg", "pose"),
        "eye_right": (None if eyes is None else eyes.right, "openness", "eyes"),
        "eye_left": (None if eyes is None else eyes.left, "openness", "eyes"),
    }
    out: dict[str, dict[str, Any]] = {
        name: {"value": value, "unit": unit, "confidence": None, "reason": invalid.get(field, "")}
        for name, (value, unit, field) in measured.items()
    }
    for name, signal in face.signals.items():
        out[name] = {
            "value": signal.value if signal.is_valid else None,  # a zero would be plotted as a measured one
            "unit": signal.unit,
            "confidence": signal.confidence,
            "reason": signal.reason,
        }
    return out
