"""What the pipeline says of one FrameSet: Observation, Face and their parts, with a versioned JSON form.

The JSON form is what a session stores and what "the same result" means: two observations are the same when
:meth:`Observation.to_bytes` is. Generated images are stored as their digest.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import xxhash
from numpy.typing import NDArray

from recordings.errors import SessionFormatError

SCHEMA_VERSION = 1

POINTS = 68
"""Landmarks of a face, in iBUG order, counted from 0."""


_INCOMPLETE = (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError)
"""What reading JSON of another shape than expected raises."""


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    out = np.ascontiguousarray(array)
    if out.flags.writeable:
        out = out.view()
        out.flags.writeable = False
    return out


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels of one stream: left, top, width, height (floats, may reach outside the image)."""

    x: float
    y: float
    w: float
    h: float

    @property
    def center(self) -> tuple[float, float]:
        return self.x + self.w / 2, self.y + self.h / 2

    @property
    def area(self) -> float:
        return max(self.w, 0.0) * max(self.h, 0.0)

    def overlap(self, other: Box) -> float:
        """Intersection over union, 0..1."""
        w = min(self.x + self.w, other.x + other.w) - max(self.x, other.x)
        h = min(self.y + self.h, other.y + other.h) - max(self.y, other.y)
        both = max(w, 0.0) * max(h, 0.0)
        union = self.area + other.area - both
        return both / union if union > 0 else 0.0


@dataclass(frozen=True, slots=True)
class HeadPose:
    """Which way a head is turned, in degrees.

    Signs: ``yaw_deg`` > 0 turns to own left (the nose moves to image right); ``pitch_deg`` > 0 looks up;
    ``roll_deg`` > 0 tilts to own right (the top of the head moves to image left). The head's axes equal the
    camera's when it faces the camera, and ``R = Ry(-yaw) Rx(-pitch) Rz(-roll)`` maps head to camera axes
    (yaw, then pitch, then roll about the head's own axes).

    ``error_px`` is the root mean square reprojection error in pixels of the landmarks' stream (NaN if unknown).
    """

    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    error_px: float = math.nan

    def rotation(self) -> NDArray[np.float64]:
        """The 3 x 3 matrix R from head axes to camera axes."""
        y, p, r = (math.radians(-a) for a in (self.yaw_deg, self.pitch_deg, self.roll_deg))
        ry = np.array([[math.cos(y), 0, math.sin(y)], [0, 1, 0], [-math.sin(y), 0, math.cos(y)]])
        rx = np.array([[1, 0, 0], [0, math.cos(p), -math.sin(p)], [0, math.sin(p), math.cos(p)]])
        rz = np.array([[math.cos(r), -math.sin(r), 0], [math.sin(r), math.cos(r), 0], [0, 0, 1]])
        out: NDArray[np.float64] = ry @ rx @ rz
        return out

    @classmethod
    def from_rotation(cls, rotation: NDArray[np.float64], error_px: float = math.nan) -> HeadPose:
        """Angles of a 3 x 3 rotation; at |pitch| = 90 degrees roll is taken as 0."""
        r = np.asarray(rotation, dtype=np.float64)
        pitch = math.asin(max(-1.0, min(1.0, float(-r[1, 2]))))
        if abs(math.cos(pitch)) > 1e-6:
            yaw = math.atan2(r[0, 2], r[2, 2])
            roll = math.atan2(r[1, 0], r[1, 1])
        else:
            yaw, roll = math.atan2(-r[2, 0], r[0, 0]), 0.0
        return cls(-math.degrees(yaw), -math.degrees(pitch), -math.degrees(roll), error_px)


@dataclass(frozen=True, slots=True, eq=False)
class Landmarks:
    """68 points in pixels of ``stream``: ``points`` (68, 2) float32, ``confidence`` (68,) float32 in 0..1."""

    points: NDArray[np.float32]
    confidence: NDArray[np.float32]

    def __post_init__(self) -> None:
        if self.points.shape != (POINTS, 2) or self.confidence.shape != (POINTS,):
            raise ValueError(f"landmarks are (68, 2) and (68,), found {self.points.shape}, {self.confidence.shape}")
        object.__setattr__(self, "points", _frozen(self.points.astype(np.float32, copy=False)))
        object.__setattr__(self, "confidence", _frozen(self.confidence.astype(np.float32, copy=False)))


@dataclass(frozen=True, slots=True)
class EyeOpenness:
    """0 = closed, 1 = fully open; right and left are the person's own."""

    right: float
    left: float


@dataclass(frozen=True, slots=True, eq=False)
class GeneratedImage:
    """An image that a model imagined. It is never shown, saved or exported without the word GENERATED on it.

    Attributes:
        name: what it shows, e.g. ``color`` or ``relief``.
        model: card name and version of the model that made it.
        pixels: uint8 (H, W, 3) RGB for colour, uint8 (H, W) for the papers' 8-bit relief coding.
        relief_mm: float32 (H, W) millimetres toward the camera from the head centre's distance (relief only), NaN
            outside the head.
    """

    name: str
    model: str
    pixels: NDArray[np.uint8]
    relief_mm: NDArray[np.float32] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "pixels", _frozen(self.pixels))
        if self.relief_mm is not None:
            object.__setattr__(self, "relief_mm", _frozen(self.relief_mm))

    def digest(self) -> str:
        """XXH3-64 of everything in it, 16 hexadecimal digits."""
        h = xxhash.xxh3_64()
        h.update(f"{self.name}|{self.pixels.shape}".encode())
        h.update(np.ascontiguousarray(self.pixels).data)
        if self.relief_mm is not None:
            h.update(np.ascontiguousarray(self.relief_mm).data)
        return h.hexdigest()


@dataclass(frozen=True, slots=True)
class SignalValue:
    """A measured quantity at one instant: its value in ``unit``, confidence 0..1, and why it is invalid if it is."""

    value: float
    unit: str
    confidence: float
    reason: str = ""

    @property
    def is_valid(self) -> bool:
        return not self.reason


@dataclass(frozen=True, slots=True)
class Event:
    """Something that began and ended (``end_ns`` None while it lasts), on the camera's clock."""

    name: str
    begin_ns: int
    end_ns: int | None = None
    face: int | None = None
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "schema_version": SCHEMA_VERSION,
            "name": self.name,
            "begin_ns": self.begin_ns,
            "end_ns": self.end_ns,
            "face": self.face,
            "note": self.note,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Event:
        """Back from JSON.

        Raises:
            SessionFormatError: a field is missing or wrong.
        """
        try:
            return cls(
                str(data["name"]),
                _whole(data["begin_ns"]),
                None if data["end_ns"] is None else _whole(data["end_ns"]),
                None if data["face"] is None else _whole(data["face"]),
                str(data["note"]),
            )
        except _INCOMPLETE as error:
            raise SessionFormatError(f"an event is incomplete or wrong ({error}): {dict(data)}") from error


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One face in one FrameSet.

    Attributes:
        id: the track's number: the same person keeps it while seen.
        stream: the stream whose pixels box, crop and landmarks are in.
        box: around the face.
        confidence: 0..1 that this is a face.
        distance_m: mean of the valid depths round the head centre, along the optical axis; None without depth.
        head_center_m: (x, y, z) in that stream's camera axes; None without depth or calibration.
        crop: the papers' square region of 320 mm round the head centre.
        landmarks, pose, eyes: None where they are not known; ``invalid`` then says why.
        generated: images that models imagined of this face.
        signals: name -> value.
        invalid: field name -> reason, for every field that is None or not to be trusted.
    """

    id: int
    stream: str
    box: Box
    confidence: float
    distance_m: float | None = None
    head_center_m: tuple[float, float, float] | None = None
    crop: Box | None = None
    landmarks: Landmarks | None = None
    pose: HeadPose | None = None
    eyes: EyeOpenness | None = None
    generated: tuple[GeneratedImage, ...] = ()
    signals: Mapping[str, SignalValue] = field(default_factory=dict)
    invalid: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        lm, pose, eyes = self.landmarks, self.pose, self.eyes
        return {
            "id": self.id,
            "stream": self.stream,
            "box": _box_json(self.box),
            "confidence": self.confidence,
            "distance_m": self.distance_m,
            "head_center_m": None if self.head_center_m is None else list(self.head_center_m),
            "crop": None if self.crop is None else _box_json(self.crop),
            "landmarks": None if lm is None else {"points": lm.points.tolist(), "confidence": lm.confidence.tolist()},
            "pose": None
            if pose is None
            else {
                "yaw_deg": pose.yaw_deg,
                "pitch_deg": pose.pitch_deg,
                "roll_deg": pose.roll_deg,
                "error_px": None if math.isnan(pose.error_px) else pose.error_px,
            },
            "eyes": None if eyes is None else {"right": eyes.right, "left": eyes.left},
            "generated": [{"name": g.name, "model": g.model, "digest": g.digest()} for g in self.generated],
            "signals": {
                name: {"value": s.value, "unit": s.unit, "confidence": s.confidence, "reason": s.reason}
                for name, s in self.signals.items()
            },
            "invalid": dict(self.invalid),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Face:
        """Back from JSON. Generated images are not in a session's observations, only their digests: they stay out.

        Raises:
            SessionFormatError: a field is missing or wrong.
        """
        try:
            lm, pose, eyes = data["landmarks"], data["pose"], data["eyes"]
            center = data["head_center_m"]
            return cls(
                id=int(data["id"]),
                stream=str(data["stream"]),
                box=_box_of(data["box"]),
                confidence=float(data["confidence"]),
                distance_m=_number_or_none(data["distance_m"]),
                head_center_m=None if center is None else (_number(center[0]), _number(center[1]), _number(center[2])),
                crop=None if data["crop"] is None else _box_of(data["crop"]),
                landmarks=None
                if lm is None
                else Landmarks(np.array(lm["points"], np.float32), np.array(lm["confidence"], np.float32)),
                pose=None
                if pose is None
                else HeadPose(
                    _number(pose["yaw_deg"]),
                    _number(pose["pitch_deg"]),
                    _number(pose["roll_deg"]),
                    math.nan if pose["error_px"] is None else _number(pose["error_px"]),
                ),
                eyes=None if eyes is None else EyeOpenness(_number(eyes["right"]), _number(eyes["left"])),
                signals={
                    str(k): SignalValue(v["value"], v["unit"], v["confidence"], v["reason"])
                    for k, v in data["signals"].items()
                },
                invalid=dict(data["invalid"]),
            )
        except _INCOMPLETE as error:
            raise SessionFormatError(f"a face in an observation is incomplete or wrong: {error}") from error


@dataclass(frozen=True, slots=True, eq=False)
class Observation:
    """What the pipeline says of one FrameSet.

    Attributes:
        frame_set: the number of the FrameSet.
        device_ns, host_ns, skew_ns: of the FrameSet.
        frames: stream name -> frame number, so that the FrameSet can be found again.
        faces: in the order of their ids.
        status: ``ok``, or what kept the steps from looking (``no image stream``, ``stale``...).
    """

    frame_set: int
    device_ns: int
    host_ns: int
    skew_ns: int
    frames: Mapping[str, int]
    faces: tuple[Face, ...] = ()
    status: str = "ok"

    def to_json(self) -> dict[str, Any]:
        return {
            "schema_version": SCHEMA_VERSION,
            "frame_set": self.frame_set,
            "device_ns": self.device_ns,
            "host_ns": self.host_ns,
            "skew_ns": self.skew_ns,
            "frames": dict(self.frames),
            "status": self.status,
            "faces": [f.to_json() for f in self.faces],
        }

    def to_bytes(self) -> bytes:
        """Canonical UTF-8 JSON: sorted keys, no spaces, floats with every digit."""
        return json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"), allow_nan=False).encode()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Observation:
        """Back from JSON.

        Raises:
            SessionFormatError: a field is missing or wrong, or a newer version wrote it.
        """
        version = data.get("schema_version")
        if version != SCHEMA_VERSION:
            raise SessionFormatError(
                f"an observation has schema version {version}, this program reads {SCHEMA_VERSION}; "
                "update tapetum, or compute the observations again with `tapetum batch`"
            )
        try:
            return cls(
                frame_set=int(data["frame_set"]),
                device_ns=int(data["device_ns"]),
                host_ns=int(data["host_ns"]),
                skew_ns=int(data["skew_ns"]),
                frames={str(k): int(v) for k, v in data["frames"].items()},
                faces=tuple(Face.from_json(f) for f in data["faces"]),
                status=str(data["status"]),
            )
        except _INCOMPLETE as error:
            raise SessionFormatError(f"an observation is incomplete or wrong: {error}") from error


def _number(value: Any) -> float:
    """The number as it is, so that it is written again with the same digits."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{value!r} is no number")
    return value


def _number_or_none(value: Any) -> float | None:
    return None if value is None else _number(value)


def _whole(value: Any) -> int:
    """A whole number of 64 bits; a fraction or a text is no time of a clock that counts ns, and no track."""
    if isinstance(value, bool) or not isinstance(value, int) or not -(1 << 63) <= value < 1 << 63:
        raise ValueError(f"{value!r} is no whole number of 64 bits")
    return value


def _box_json(box: Box) -> list[float]:
    return [box.x, box.y, box.w, box.h]


def _box_of(data: Any) -> Box:
    x, y, w, h = data
    return Box(float(x), float(y), float(w), float(h))
