"""What the pipeline says of one FrameSet: Observation, Face and their parts, with a versioned JSON form.

The JSON form is what a session stores and what "the same result" means: two observations are the same when
:meth:`Observation.to_bytes` is. Generated images are stored as their digest.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
import xxhash
from numpy.typing import NDArray

from recordings.errors import SessionFormatError
from recordings.json_values import INCOMPLETE, number, number_or_none

SCHEMA_VERSION = 1

POINTS = 68
"""Landmarks of a face, in iBUG order, counted from 0."""


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
        if not w > 0.0:  # most boxes of a picture lie beside each other
            return 0.0
        h = min(self.y + self.h, other.y + other.h) - max(self.y, other.y)
        if not h > 0.0:
            return 0.0
        both = w * h
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
    """0 = closed, 1 = fully open; right and left are the person's own.

    ``sure`` is how far each of them is believed (0..1, right and left); None where the model does not tell.
    """

    right: float
    left: float
    sure: tuple[float, float] | None = None

    def to_json(self) -> dict[str, Any]:
        """What is sure only where it is told: observations of before it was known stay the same bytes."""
        told: dict[str, Any] = {"right": self.right, "left": self.left}
        if self.sure is None:
            return told
        return {**told, "right_confidence": self.sure[0], "left_confidence": self.sure[1]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> EyeOpenness:
        """Back from JSON. Whoever reads a whole face turns what this raises into a SessionFormatError."""
        sure = None
        if "right_confidence" in data or "left_confidence" in data:
            sure = number(data["right_confidence"]), number(data["left_confidence"])
        return cls(number(data["right"]), number(data["left"]), sure)


@dataclass(frozen=True, slots=True, eq=False)
class GeneratedImage:
    """An image that a model imagined. It is never shown, saved or exported without the word GENERATED on it.

    Attributes:
        name: what it shows, e.g. ``color`` or ``relief``.
        model: card name and version of the model that made it.
        pixels: uint8 (H, W, 3) RGB for colour, uint8 (H, W) for the papers' 8-bit relief coding.
        relief_mm: float32 (H, W) millimetres toward the camera from the head centre's distance (relief only), NaN
            outside the head.
        confidence: float32 (H, W), 0..1: how far the model trusts each pixel, 0 where nothing is shown; None where the
            model does not tell. For a relief it is the probability of an error of at most 10 mm.
    """

    name: str
    model: str
    pixels: NDArray[np.uint8]
    relief_mm: NDArray[np.float32] | None = None
    confidence: NDArray[np.float32] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "pixels", _frozen(self.pixels))
        if self.relief_mm is not None:
            object.__setattr__(self, "relief_mm", _frozen(self.relief_mm))
        if self.confidence is not None:
            if self.confidence.shape != self.pixels.shape[:2]:
                raise ValueError(
                    f"the confidence of an image is one number a pixel: {self.pixels.shape[:2]}, "
                    f"found {self.confidence.shape}"
                )
            object.__setattr__(self, "confidence", _frozen(self.confidence.astype(np.float32, copy=False)))

    @property
    def mean_confidence(self) -> float | None:
        """Over the pixels that show something, 0..1: those with a relief, or all; None where nobody tells it."""
        if self.confidence is None:
            return None
        told = self.confidence if self.relief_mm is None else self.confidence[np.isfinite(self.relief_mm)]
        told = told[np.isfinite(told)]
        return float(np.clip(told, 0.0, 1.0).mean()) if told.size else None

    def digest(self) -> str:
        """XXH3-64 of the picture (name, pixels, relief), 16 hexadecimal digits.

        The confidence is not in it: sessions hold digests from before models told one, and verify against them.
        """
        h = xxhash.xxh3_64()
        h.update(f"{self.name}|{self.pixels.shape}".encode())
        h.update(np.ascontiguousarray(self.pixels).data)
        if self.relief_mm is not None:
            h.update(np.ascontiguousarray(self.relief_mm).data)
        return h.hexdigest()


class _SignalDraft:
    """A SignalValue before it is frozen: its fields are set as quickly as Python sets any."""

    __slots__ = ("confidence", "label", "reason", "source", "unit", "value")


@dataclass(frozen=True, slots=True, init=False)
class SignalValue:
    """A measured quantity at one instant.

    Some forty are made of each face in each picture: what a frozen dataclass makes of itself takes three times as long
    (0.66 and 0.20 microseconds), since it goes round its own lock, field by field.

    Attributes:
        value: in ``unit``; 0 where it is invalid, and nobody may show it then.
        confidence: 0..1.
        reason: why it is invalid; '' where it is valid.
        label: a word for the value where it has one, e.g. the name of a gaze zone.
        source: the stream that it was read in; '' where it is the face's own.
    """

    value: float
    unit: str
    confidence: float
    reason: str = ""
    label: str = ""
    source: str = ""

    def __new__(
        cls, value: float, unit: str, confidence: float, reason: str = "", label: str = "", source: str = ""
    ) -> Self:
        new: Any = _SignalDraft()
        new.value = value
        new.unit = unit
        new.confidence = confidence
        new.reason = reason
        new.label = label
        new.source = source
        new.__class__ = cls
        frozen: Self = new
        return frozen

    def __reduce__(self) -> tuple[type[Self], tuple[float, str, float, str, str, str]]:
        """Made anew from its fields: what copies and pickles otherwise asks for an empty one first."""
        return type(self), (self.value, self.unit, self.confidence, self.reason, self.label, self.source)

    @property
    def is_valid(self) -> bool:
        return not self.reason

    def to_json(self) -> dict[str, Any]:
        """Label and source only where they are: observations of before they were known stay the same bytes."""
        told: dict[str, Any] = {"value": self.value, "unit": self.unit, "confidence": self.confidence}
        told["reason"] = self.reason
        return {
            **told,
            **({"label": self.label} if self.label else {}),
            **({"source": self.source} if self.source else {}),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> SignalValue:
        """Back from JSON. Whoever reads a whole face turns what this raises into a SessionFormatError."""
        return cls(
            number(data["value"]),
            str(data["unit"]),
            number(data["confidence"]),
            str(data["reason"]),
            str(data.get("label", "")),
            str(data.get("source", "")),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One face in one FrameSet.

    Attributes:
        id: the track's number: the same person keeps it while seen.
        stream: the stream whose pixels box, crop and landmarks are in.
        box: around the face.
        confidence: 0..1 that this is a face.
        distance_m: mean of the valid depths round the head centre, along the optical axis; None without depth.
        head_center_m: (x, y, z) in that stream's camera axes of the surface that is seen at the head centre: z is
            ``distance_m``, about 90 mm before the middle of the head; None without depth or calibration.
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
            "eyes": None if eyes is None else eyes.to_json(),
            "generated": [{"name": g.name, "model": g.model, "digest": g.digest()} for g in self.generated],
            "signals": {name: signal.to_json() for name, signal in self.signals.items()},
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
                distance_m=number_or_none(data["distance_m"]),
                head_center_m=None if center is None else (number(center[0]), number(center[1]), number(center[2])),
                crop=None if data["crop"] is None else _box_of(data["crop"]),
                landmarks=None
                if lm is None
                else Landmarks(np.array(lm["points"], np.float32), np.array(lm["confidence"], np.float32)),
                pose=None
                if pose is None
                else HeadPose(
                    number(pose["yaw_deg"]),
                    number(pose["pitch_deg"]),
                    number(pose["roll_deg"]),
                    math.nan if pose["error_px"] is None else number(pose["error_px"]),
                ),
                eyes=None if eyes is None else EyeOpenness.from_json(eyes),
                signals={str(name): SignalValue.from_json(told) for name, told in data["signals"].items()},
                invalid=dict(data["invalid"]),
            )
        except INCOMPLETE as error:
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
        except INCOMPLETE as error:
            raise SessionFormatError(f"an observation is incomplete or wrong: {error}") from error


def _box_json(box: Box) -> list[float]:
    return [box.x, box.y, box.w, box.h]


def _box_of(data: Any) -> Box:
    x, y, w, h = data
    return Box(float(x), float(y), float(w), float(h))
