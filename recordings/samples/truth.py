"""What is true in a rendered session, kept inside the session file: people, where they are and what they do.

It lies in the attachment :data:`TRUTH` as JSON, so that cutting, copying or renaming a session does not part the two.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from recordings.errors import SessionFormatError
from recordings.observation import POINTS, Box, HeadPose
from recordings.reader import SessionReader

TRUTH: Final = "tapetum.truth/people.json"
"""Name of the attachment."""
MEDIA_TYPE: Final = "application/json"
VERSION: Final = 1


@dataclass(frozen=True, slots=True, eq=False)
class MarksTruth:
    """A face in one stream: ``box`` round the landmarks with the forehead, ``points`` (68, 2) float32 px in iBUG
    order, pixel centres at integers, and ``visible`` (68,), False where something hides the point or it lies outside.
    """

    box: Box
    points: NDArray[np.float32]
    visible: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class PersonTruth:
    """One person in one frame.

    Attributes:
        id: the same in every frame, from 1.
        head_center_m: (x, y, z) in the rig's axes, inside the head a little before the ears.
        distance_m: depth (z) of the person's own surface at the head centre, whatever stands before it.
        pose: in the rig's axes.
        openness: right and left eye, 0 closed, 1 as open as in this person's neutral face.
        gaze_deg: to own left and up, relative to the head.
        marks: stream name -> the face there.
        masked: wears a face mask.
        glasses: wears glasses.
    """

    id: int
    head_center_m: tuple[float, float, float]
    distance_m: float
    pose: HeadPose
    openness: tuple[float, float]
    gaze_deg: tuple[float, float]
    marks: Mapping[str, MarksTruth]
    masked: bool = False
    glasses: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class FrameTruth:
    """Everybody in one frame: ``number`` is the frames' in every stream, ``time_s`` counts from the first."""

    number: int
    time_s: float
    people: tuple[PersonTruth, ...]


@dataclass(frozen=True, slots=True)
class EventTruth:
    """Something that person ``person`` did: ``kind`` (blink, long blink, microsleep, yawn, look away, ...)."""

    kind: str
    person: int
    begin_s: float
    end_s: float

    def holds(self, time_s: float) -> bool:
        """Whether it goes on at that time."""
        return self.begin_s <= time_s <= self.end_s


@dataclass(frozen=True, slots=True, eq=False)
class SessionTruth:
    """Every frame's truth in order, and what happens, by its beginning."""

    frames: tuple[FrameTruth, ...]
    events: tuple[EventTruth, ...]

    def to_bytes(self) -> bytes:
        """JSON, UTF-8: pixels to a hundredth, metres to a tenth of a millimetre, degrees to a hundredth."""
        document = {
            "version": VERSION,
            "order": "iBUG 68",
            "frames": [
                {"number": f.number, "time_s": round(f.time_s, 6), "people": [_person_json(p) for p in f.people]}
                for f in self.frames
            ],
            "events": [
                {"kind": e.kind, "person": e.person, "begin_s": round(e.begin_s, 3), "end_s": round(e.end_s, 3)}
                for e in self.events
            ],
        }
        return json.dumps(document, separators=(",", ":"), allow_nan=False).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> SessionTruth:
        """Parse what :meth:`to_bytes` wrote.

        Raises:
            SessionFormatError: it does not parse, or is of a newer version.
        """
        try:
            document = json.loads(data)
            version = int(document["version"])
            if version > VERSION:
                raise SessionFormatError(f"the truth is of version {version}, this program reads up to {VERSION}")
            frames = tuple(
                FrameTruth(int(f["number"]), float(f["time_s"]), tuple(_person(p) for p in f["people"]))
                for f in document["frames"]
            )
            events = tuple(
                EventTruth(str(e["kind"]), int(e["person"]), float(e["begin_s"]), float(e["end_s"]))
                for e in document["events"]
            )
        except (ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError) as error:
            raise SessionFormatError(f"the truth does not parse: {error!r}") from error
        return cls(frames, events)


def read_truth(session: SessionReader) -> SessionTruth | None:
    """What is true in a session; None when it carries no such truth, as recordings of real people don't.

    Raises:
        SessionFormatError: it is damaged or of a newer version.
    """
    data = session.attachment(TRUTH)
    return None if data is None else SessionTruth.from_bytes(data)


def _person_json(person: PersonTruth) -> dict[str, Any]:
    return {
        "id": person.id,
        "head_center_m": _rounded(person.head_center_m, 4),
        "distance_m": round(person.distance_m, 4),
        "yaw_pitch_roll_deg": _rounded((person.pose.yaw_deg, person.pose.pitch_deg, person.pose.roll_deg), 2),
        "openness_right_left": _rounded(person.openness, 3),
        "gaze_left_up_deg": _rounded(person.gaze_deg, 2),
        "masked": person.masked,
        "glasses": person.glasses,
        "streams": {
            name: {
                "box": _rounded((m.box.x, m.box.y, m.box.w, m.box.h), 2),
                "points": [_rounded(point, 2) for point in m.points],
                "visible": "".join("01"[int(v)] for v in m.visible),
            }
            for name, m in person.marks.items()
        },
    }


def _rounded(values: Any, digits: int) -> list[float]:
    return [round(float(v), digits) for v in values]


def _person(given: Mapping[str, Any]) -> PersonTruth:
    yaw, pitch, roll = map(float, given["yaw_pitch_roll_deg"])
    x, y, z = map(float, given["head_center_m"])
    right, left = map(float, given["openness_right_left"])
    aside, up = map(float, given["gaze_left_up_deg"])
    return PersonTruth(
        id=int(given["id"]),
        head_center_m=(x, y, z),
        distance_m=float(given["distance_m"]),
        pose=HeadPose(yaw, pitch, roll),
        openness=(right, left),
        gaze_deg=(aside, up),
        marks={str(name): _marks(m) for name, m in given["streams"].items()},
        masked=bool(given["masked"]),
        glasses=bool(given["glasses"]),
    )


def _marks(given: Mapping[str, Any]) -> MarksTruth:
    x, y, w, h = map(float, given["box"])
    points = np.array(given["points"], np.float32)
    visible = np.array([{"0": False, "1": True}[letter] for letter in given["visible"]], np.bool_)
    if points.shape != (POINTS, 2) or visible.shape != (POINTS,):
        raise ValueError(f"{POINTS} points were expected, found {points.shape} and {visible.shape}")
    return MarksTruth(Box(x, y, w, h), points, visible)
