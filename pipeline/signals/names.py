"""The names of all signals that the product knows, with unit, range and words: what rules and tables may ask for."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

Of = Literal["face", "scene"]
"""What a signal is said of."""


@dataclass(frozen=True, slots=True)
class SignalName:
    """What is known of a signal before it is measured.

    Attributes:
        name: as in ``Face.signals``, or of the scene.
        unit: '' for a share or a switch.
        meaning: in a few words.
        lowest, highest: no value lies beyond; a threshold there never, or always, holds.
        has_labels: whether its value comes with a word.
        labels: all its words; None where a file of zones gives them, or they are free.
        of: each face has its own, or there is one for all.
    """

    name: str
    unit: str
    meaning: str
    lowest: float
    highest: float
    has_labels: bool = False
    labels: tuple[str, ...] | None = None
    of: Of = "face"


_DAY_S: Final = 86_400.0
_SHARE: Final = (0.0, 1.0)

COVERS: Final = ("mask", "hand", "unknown cover")
"""Labels of ``face_covered``."""

READ_BY: Final = ("eyes", "head")
"""Labels of the gaze: where the eyes could not be read, the head's direction stands for it."""

SIGNALS: Final[tuple[SignalName, ...]] = (
    SignalName("eye_openness_right", "", "openness of the own right eye, personal", *_SHARE),
    SignalName("eye_openness_left", "", "openness of the own left eye, personal", *_SHARE),
    SignalName("eye_openness", "", "openness of both eyes, personal", *_SHARE),
    SignalName("eyes_closed", "", "1 while the eyes are closed", *_SHARE),
    SignalName("eyes_closed_s", "s", "for how long the eyes have been closed", 0.0, _DAY_S),
    SignalName("blink_rate", "1/min", "blinks", 0.0, 300.0),
    SignalName("blink_s", "s", "how long the last blink took", 0.0, _DAY_S),
    SignalName("long_blink_rate", "1/min", "long blinks", 0.0, 300.0),
    SignalName("perclos", "", "share of time with closed eyes", *_SHARE),
    SignalName("mouth_openness", "", "opening of the mouth over its width", 0.0, 5.0),
    SignalName("yawn", "", "1 while yawning", *_SHARE),
    SignalName("yawn_rate", "1/h", "yawns", 0.0, 3600.0),
    SignalName("head_yaw", "deg", "head turned to own left", -180.0, 180.0),
    SignalName("head_pitch", "deg", "head raised", -180.0, 180.0),
    SignalName("head_roll", "deg", "head tilted to own right", -180.0, 180.0),
    SignalName("gaze_yaw", "deg", "gaze to own left", -180.0, 180.0, has_labels=True, labels=READ_BY),
    SignalName("gaze_pitch", "deg", "gaze upward", -180.0, 180.0, has_labels=True, labels=READ_BY),
    SignalName("gaze_zone", "", "zone looked at; 1 where that is on-task", *_SHARE, has_labels=True),
    SignalName("off_road_s", "s", "length of the glance off the road", 0.0, _DAY_S),
    SignalName("off_road_sum_s", "s", "glances off the road added up over 30 s", 0.0, _DAY_S),
    SignalName("attention_s", "s", "what is left of the attention buffer", 0.0, 60.0),
    SignalName("presence_s", "s", "for how long the face has been there", 0.0, 366 * _DAY_S),
    SignalName("distance", "m", "from the camera", 0.0, 1000.0, has_labels=True),
    SignalName("approach", "m/s", "how fast the face comes closer", -100.0, 100.0),
    SignalName("motion", "m/s", "how fast the face moves", 0.0, 100.0),
    SignalName("face_covered", "", "how surely the face is covered", *_SHARE, has_labels=True, labels=COVERS),
    SignalName("glasses", "", "how surely glasses are worn", *_SHARE),
    SignalName("canthus_temperature", "degC", "skin at the inner corners of the eyes", -50.0, 150.0),
    SignalName("forehead_temperature", "degC", "skin of the forehead", -50.0, 150.0),
    SignalName("canthus_warmth", "", "the same, relative", -1e6, 1e6),
    SignalName("forehead_warmth", "", "the same, relative", -1e6, 1e6),
    SignalName("breathing_rate", "1/min", "breaths", 0.0, 120.0),
    SignalName("liveness", "", "how surely this is a living face", *_SHARE),
    SignalName("spectra_agreement", "", "how well two cameras agree on it", *_SHARE, has_labels=True),
    SignalName("face_confidence", "", "how surely this is a face", *_SHARE),
    SignalName("faces", "", "how many faces are believed", 0.0, 10_000.0, of="scene"),
    SignalName(
        "picture", "", "1 while the cameras show something, 0 while they are covered or silent", *_SHARE, of="scene"
    ),
)

RAW: Final = "_raw"
"""Behind the name of a signal that is smoothed: what was measured."""

NAMES: Final[tuple[str, ...]] = tuple(s.name for s in SIGNALS)
BY_NAME: Final[dict[str, SignalName]] = {s.name: s for s in SIGNALS}

_OTHERS: Final[dict[str, str]] = {
    "closed_eyes": "eyes_closed",
    "sleep": "eyes_closed_s",
    "yaw": "head_yaw",
    "pitch": "head_pitch",
    "roll": "head_roll",
    "mask": "face_covered",
    "occlusion": "face_covered",
    "zone": "gaze_zone",
    "ear": "eye_openness",
    "mar": "mouth_openness",
    "temperature": "canthus_temperature",
    "breathing": "breathing_rate",
    "people": "faces",
    "persons": "faces",
    "vats": "off_road_sum_s",
    "presence": "presence_s",
    "attention": "attention_s",
}
"""Other words that people use for them."""


def nearest(name: str, known: Iterable[str]) -> str:
    """The known word that was probably meant; '' where none is near."""
    words = list(known)
    other = _OTHERS.get(name.lower())
    if other in words:
        return other
    found = difflib.get_close_matches(name.lower(), words, n=1, cutoff=0.6)
    return found[0] if found else ""
