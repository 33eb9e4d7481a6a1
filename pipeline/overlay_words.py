"""What an overlay says of a face and of a frame, in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

from drivers.frame import Frame, FrameFlag, StreamKind
from pipeline.steps.follow import is_followed
from pipeline.steps.palette import image_reason
from pipeline.steps.validity import FACE
from recordings.observation import Face, SignalValue

UNKNOWN = "–"
"""What stands for a number that is not known, or is none."""

EYE_CLOSED = 0.25
"""Openness below which an eye is called closed."""


class Say(Protocol):
    """Puts a sentence into the reader's language; ``{name}`` stands for a value."""

    def __call__(self, text: str, /, **values: object) -> str: ...


class InUnit(Protocol):
    """A temperature in the reader's unit."""

    def __call__(self, celsius: float | None, /) -> tuple[str, str]: ...


class Reason(Protocol):
    """A line of :func:`reasons_of` in the reader's language and unit."""

    def __call__(self, line: str, in_unit: InUnit, /) -> str: ...


def as_it_is(line: str, in_unit: InUnit, /) -> str:
    """The line as the pipeline says it."""
    return line


def in_celsius(celsius: float | None, /) -> tuple[str, str]:
    """``34.5`` and ``°C``; a dash where there is no number."""
    return (UNKNOWN if celsius is None else f"{celsius:.1f}"), "°C"


def in_english(text: str, /, **values: object) -> str:
    """The sentence as it is."""
    return text.format(**values) if values else text


PHRASES: tuple[str, ...] = (
    "no real face",
    "not believed",
    "uncertain",
    "eyes open {share} %",
    "eyes CLOSED {share} %",
    "eyes unknown",
    "right open {right} %, left open {left} %",
    "right CLOSED {right} %, left open {left} %",
    "right open {right} %, left CLOSED {left} %",
    "right eye unknown, left open {left} %",
    "right eye unknown, left CLOSED {left} %",
    "right open {right} %, left eye unknown",
    "right CLOSED {right} %, left eye unknown",
    "yaw {yaw}  pitch {pitch}  roll {roll}",
    "hottest {value} {unit}",
    "not processed: {why}",
)
"""Every sentence that is put through :class:`Say`, so that translations can be checked against them."""


def label_of(face: Face) -> str:
    """``face 3  0.92 m  97 %``: id, distance when known, confidence."""
    distance = "" if face.distance_m is None else f"  {metres(face.distance_m)}"
    return f"face {face.id}{distance}  {percent(face.confidence)}"


def metres(value: float | None) -> str:
    """``0.92 m``; without a number, or with one that is no distance, a dash."""
    return f"{value:.2f} m" if value is not None and math.isfinite(value) and value >= 0 else f"{UNKNOWN} m"


def percent(share: float | None) -> str:
    """``97 %`` of 0..1; a dash where it is no number or none of a share."""
    return f"{100 * share:.0f} %" if share is not None and math.isfinite(share) and -1e-6 <= share <= 1.001 else "– %"


def is_sure(confidence: float, low: float = 0.5) -> bool:
    """Whether a face's confidence is a number, and no less than ``low``."""
    return low <= confidence <= 1.001


def degrees(value: float) -> str:
    """``+12°``, ``-3°``, and ``0°`` without a sign; a dash where it is no number."""
    if not math.isfinite(value):
        return f"{UNKNOWN}°"
    whole = round(value)
    return f"{whole:+d}°" if whole else "0°"


def pose_text(face: Face, say: Say = in_english) -> str:
    """``yaw +12°  pitch -3°  roll +1°``, or nothing without a pose."""
    if face.pose is None:
        return ""
    p = face.pose
    turned = {"yaw": degrees(p.yaw_deg), "pitch": degrees(p.pitch_deg), "roll": degrees(p.roll_deg)}
    return say("yaw {yaw}  pitch {pitch}  roll {roll}", **turned)


def eye_state(openness: float | None) -> str:
    """``open``, ``closed`` or ``unknown``."""
    if openness is None or not math.isfinite(openness) or not -0.001 <= openness <= 1.5:
        return "unknown"
    return "closed" if openness < EYE_CLOSED else "open"


def eyes_text(face: Face, say: Say = in_english) -> str:
    """Both eyes in one when they agree: ``eyes open 85 %``; otherwise each."""
    right, left = (None, None) if face.eyes is None else (face.eyes.right, face.eyes.left)
    states = eye_state(right), eye_state(left)
    if states == ("unknown", "unknown"):
        return say("eyes unknown")
    if states[0] == states[1]:
        assert right is not None
        assert left is not None
        share = whole_percent((right + left) / 2)
        return say("eyes CLOSED {share} %" if states[0] == "closed" else "eyes open {share} %", share=share)
    shares = {
        name: whole_percent(value)
        for name, value, state in (("right", right, states[0]), ("left", left, states[1]))
        if value is not None and state != "unknown"
    }
    parts = [
        f"{name} eye unknown"
        if state == "unknown"
        else f"{name} {'CLOSED' if state == 'closed' else 'open'} {{{name}}} %"
        for name, state in zip(("right", "left"), states, strict=True)
    ]
    return say(", ".join(parts), **shares)


def whole_percent(share: float) -> str:
    """0..100 without its sign."""
    return f"{100 * min(max(share, 0.0), 1.0):.0f}"


def signal_text(name: str, signal: SignalValue) -> str:
    """``blink rate 14.2 /min  82 %``; of one that is not valid its reason. A value that is no number is a dash."""
    words = name.replace("_", " ")
    if not signal.is_valid:
        return f"{words} {UNKNOWN}  {signal.reason}"
    if not math.isfinite(signal.value):
        return f"{words} {UNKNOWN}"
    digits = 1 if abs(signal.value) >= 10 else 2
    return f"{words} {signal.value:.{digits}f} {signal.unit}".rstrip() + f"  {percent(signal.confidence)}"


def doubt_of(face: Face) -> str:
    """Why a face as a whole, or where its landmarks lie, is not to be believed; empty where it is.

    A face that is followed while the model rests is believed: that it was not read is said by :func:`following_of`.
    """
    if FACE in face.invalid:
        return face.invalid[FACE]
    if face.landmarks is None or following_of(face):
        return ""
    return face.invalid.get("landmarks", "")


def following_of(face: Face) -> str:
    """In words that a face was followed and not read, where nothing else speaks against it; empty where it was read."""
    reason = face.invalid.get("landmarks", "")
    return reason if face.landmarks is not None and is_followed(reason) else ""


def reasons_of(face: Face, hidden: Sequence[str] = ()) -> list[str]:
    """What is not known of a face or not to be trusted, and why, one line a reason: ``no pose, eyes: no landmarks``.

    Values that are there all the same are called ``unsure``. Of what is no living face nothing else needs saying.

    Args:
        hidden: fields to leave out, by what stands before the first dot of their name.
    """
    missing: dict[str, list[str]] = {}
    unsure: dict[str, list[str]] = {}
    for key, reason in face.invalid.items():
        if key.split(".")[0] not in hidden:
            words = unsure if getattr(face, key, None) is not None else missing
            words.setdefault(reason, []).append(key.replace("generated.", "generated "))
    lines = []
    for reason in dict.fromkeys(face.invalid.values()):
        if reason == face.invalid.get(FACE):
            lines.append(f"no real face: {reason}")
            continue
        groups = (("unsure", unsure.get(reason)), ("no", missing.get(reason)))
        names = "; ".join(f"{word} {', '.join(keys)}" for word, keys in groups if keys)
        if names:
            lines.append(f"{names}: {reason}")
    return lines


def frame_notes(frame: Frame) -> list[str]:
    """What is wrong with a frame, in words for the screen."""
    pretends = image_reason(frame) if frame.kind is StreamKind.THERMAL else ""
    words = {
        FrameFlag.STALE: "STALE",
        FrameFlag.SHUTTER: "SHUTTER CLOSED",
        FrameFlag.DROPPED_BEFORE: "frames lost before this one",
        FrameFlag.GENERATED: "GENERATED",
    }
    notes = [word for flag, word in words.items() if frame.flags & flag]
    return [*notes, f"no temperatures: {pretends}"] if pretends else notes
