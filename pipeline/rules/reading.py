"""What a rule reads of an observation: the signals of a face and of the scene, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from recordings.observation import Face, Observation, SignalValue

OK: Final = "ok"
_FACE: Final = "face"
_NO_DISTANCE: Final = "no distance is known"


def believed(face: Face) -> bool:
    """Whether nothing speaks against its being a face."""
    return _FACE not in face.invalid


def of_face(face: Face, name: str) -> SignalValue | None:
    """A signal of a face; None where nothing is said of it.

    What a face tells by itself (distance, pose, confidence) stands in for a signal that was not computed.
    """
    said = face.signals.get(name)
    if said is not None:
        return said
    if name == "face_confidence":
        return SignalValue(face.confidence, "", 1.0)
    doubt = face.invalid.get(_FACE, "")
    if name == "distance":
        reason = doubt or face.invalid.get("distance_m") or ("" if face.distance_m is not None else _NO_DISTANCE)
        return SignalValue(face.distance_m or 0.0, "m", 0.0 if reason else 1.0, reason)
    if name in ("head_yaw", "head_pitch", "head_roll") and face.pose is not None:
        reason = doubt or face.invalid.get("pose", "")
        value = {"head_yaw": face.pose.yaw_deg, "head_pitch": face.pose.pitch_deg, "head_roll": face.pose.roll_deg}
        return SignalValue(value[name], "deg", 0.0 if reason else 1.0, reason)
    return None


def of_scene(observation: Observation, told: Mapping[str, SignalValue]) -> dict[str, SignalValue]:
    """The signals of the scene: those that were told, and what the observation itself says.

    ``picture`` is 0 where the steps had nothing to look at (no frame, a stale one); whether a picture that is there
    shows anything must be told.
    """
    out = dict(told)
    looked = observation.status == OK
    if "faces" not in out:
        count = sum(1 for face in observation.faces if believed(face))
        out["faces"] = SignalValue(float(count), "", 1.0) if looked else _unseen(observation.status)
    if not looked:
        out["picture"] = SignalValue(0.0, "", 1.0, label=observation.status)
    return out


def _unseen(status: str) -> SignalValue:
    return SignalValue(0.0, "", 0.0, f"nobody looked: {status}")
