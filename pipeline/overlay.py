"""From an observation to what is drawn over the pictures: boxes, labels, landmarks, head pose, eyes, insets.

:func:`draw_plan` gives primitives (pipeline/primitives.py) in pixels of every stream of the FrameSet; :func:`paint`
paints them by OpenCV, and the window paints the same ones by Qt.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drivers.frame import Frame, FrameFlag, FrameSet, StreamInfo, StreamKind
from pipeline.labels import BLUE, GRAY, ORANGE, VERMILION, WHITE, YELLOW, Color
from pipeline.primitives import Circle, Inset, Line, Primitive, Rectangle, Text, paint
from pipeline.steps.follow import is_followed
from pipeline.steps.palette import image_reason
from pipeline.steps.validity import FACE
from recordings.observation import Box, Face, Observation

__all__ = [
    "Circle",
    "Inset",
    "Line",
    "OverlayOptions",
    "Primitive",
    "Rectangle",
    "Text",
    "doubt_of",
    "draw_plan",
    "frame_notes",
    "map_box",
    "paint",
    "reasons_of",
]

HEAD_SQUARE_M = 0.32
"""Side of the square round a head, as in the papers' crop."""

_SQUARE = np.array([(x, y, 0.0) for x in (-1.0, 0.0, 1.0) for y in (-1.0, 0.0, 1.0)])
"""Its corners and the middles of its sides, which a lens may bend outward, in halves of a side."""

AXIS_M = 0.11
"""Length of a drawn head axis."""

_EYES = {"right": tuple(range(36, 42)), "left": tuple(range(42, 48))}
_LONGEST_REASON = 52  # characters in the picture; the window's card tells all of it
_DASHES = 9  # of each side of the box round a face that is not believed
_CLOSED = 0.25  # openness below which an eye is drawn as closed


@dataclass(frozen=True, slots=True)
class OverlayOptions:
    """What is drawn. There is no option for the word GENERATED: whoever shows a generated image shows the word."""

    box: bool = True
    label: bool = True
    landmarks: bool = True
    axes: bool = True
    eyes: bool = True
    reasons: bool = True
    signals: bool = False
    generated: bool = False
    low_confidence: float = 0.5  # landmarks below it are hollow, faces below it are called uncertain


def draw_plan(frame_set: FrameSet, observation: Observation, options: OverlayOptions | None = None) -> list[Primitive]:
    """Everything to draw over the frames of a FrameSet, in pixels of the stream that each primitive names.

    A face is drawn in full in its own stream and in streams on the same pixel grid. In the streams of other cameras
    it is a box and a label, found through the head center in space; without calibration or depth it is not drawn
    there.
    """
    options = options or OverlayOptions()
    plan: list[Primitive] = []
    for face in observation.faces:
        home = frame_set.frames.get(face.stream)
        if home is None:
            continue
        for frame in frame_set.frames.values():
            if frame.stream == face.stream or same_grid(frame.info, home.info):
                plan.extend(_draw_face(frame.info, home.info, face, options, is_home=frame.stream == face.stream))
            elif (box := map_box(face, home.info, frame.info)) is not None:
                plan.extend(_draw_mapped(frame.info.name, face, box, options))
    plan.extend(_notes(frame_set, observation, options))
    # Insets come last: nothing may be painted over the mark of a generated image.
    plan.sort(key=lambda p: isinstance(p, Inset))
    return plan


def same_grid(a: StreamInfo, b: StreamInfo) -> bool:
    """Whether two streams share their pixel grid: one is registered to the other, or both to a third, or they have
    the same calibration."""
    if (a.width, a.height) != (b.width, b.height):
        return False
    if b.name == a.registered_to or a.name == b.registered_to:
        return True
    if a.registered_to is not None and a.registered_to == b.registered_to:
        return True
    return a.intrinsics is not None and a.intrinsics == b.intrinsics and a.extrinsics == b.extrinsics


def map_point(point_m: tuple[float, float, float], source: StreamInfo, target: StreamInfo) -> NDArray[np.float64]:
    """A point in a stream's camera axes to those of another stream of the rig, (3,) metres."""
    rig = source.extrinsics.to_rig(np.array([point_m]))
    return np.asarray(target.extrinsics.from_rig(rig)[0], dtype=np.float64)


def map_box(face: Face, source: StreamInfo, target: StreamInfo) -> Box | None:
    """Where a face found in ``source`` lies in ``target``: the projection of a 320 mm square round its head center.

    None when the head center or a calibration is missing, or the head is behind that camera or outside its picture.
    """
    if face.head_center_m is None or target.intrinsics is None:
        return None
    center = map_point(face.head_center_m, source, target)
    if not np.isfinite(center).all() or center[2] <= 0.05:
        return None
    k = target.intrinsics
    if k.has_distortion:
        ends = k.project(center + HEAD_SQUARE_M / 2 * _SQUARE, distort=True)
        if not np.isfinite(ends).all():
            return None
        (x0, y0), (x1, y1) = ends.min(axis=0), ends.max(axis=0)
        box = Box(float(x0), float(y0), float(x1 - x0), float(y1 - y0))
    else:
        (u, v) = k.project(center)[0]
        w, h = k.fx * HEAD_SQUARE_M / center[2], k.fy * HEAD_SQUARE_M / center[2]
        box = Box(float(u - w / 2), float(v - h / 2), float(w), float(h))
    if box.x >= k.width or box.y >= k.height or box.x + box.w <= 0 or box.y + box.h <= 0:
        return None
    return box


def label_of(face: Face) -> str:
    """``face 3  0.92 m  97 %``: id, distance when known, confidence."""
    distance = "" if face.distance_m is None else f"  {face.distance_m:.2f} m"
    return f"face {face.id}{distance}  {100 * face.confidence:.0f} %"


def pose_text(face: Face) -> str:
    """``yaw +12°  pitch -3°  roll +1°``, or nothing without a pose."""
    if face.pose is None:
        return ""
    p = face.pose
    return f"yaw {degrees(p.yaw_deg)}  pitch {degrees(p.pitch_deg)}  roll {degrees(p.roll_deg)}"


def degrees(value: float) -> str:
    """``+12°``, ``-3°``, and ``0°`` without a sign."""
    whole = round(value)
    return f"{whole:+d}°" if whole else "0°"


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


def _draw_face(
    info: StreamInfo, home: StreamInfo, face: Face, options: OverlayOptions, is_home: bool
) -> Iterator[Primitive]:
    name, box = info.name, face.box
    if options.box:
        yield from _draw_box(name, box, face, options)
    if options.landmarks and face.landmarks is not None:
        yield from _draw_landmarks(name, face, options)
    if not is_home:
        if options.label:
            yield _label(name, box, face, options, 18.0)
        return
    if options.eyes and face.eyes is not None and face.landmarks is not None:
        yield from _draw_eyes(name, face)
    if options.axes and face.pose is not None and not doubt_of(face):
        yield from _draw_axes(name, home, face)
    yield from _draw_words(name, face, options)
    if options.generated:
        yield from _draw_insets(info, face)


def _draw_mapped(name: str, face: Face, box: Box, options: OverlayOptions) -> Iterator[Primitive]:
    if options.box:
        if doubt_of(face):
            yield from _dashed(name, box, GRAY, 2.0)
        else:
            yield Rectangle(name, box.x, box.y, box.w, box.h, BLUE, 2.0, corners=True)
    if options.label:
        yield _label(name, box, face, options, 18.0)


def _draw_box(name: str, box: Box, face: Face, options: OverlayOptions) -> Iterator[Primitive]:
    """Blue; orange where it is uncertain that it is a face; gray and dashed where it is not believed."""
    if doubt_of(face):
        yield from _dashed(name, box, GRAY, 2.0)
        return
    color = BLUE if face.confidence >= options.low_confidence else ORANGE
    yield Rectangle(name, box.x, box.y, box.w, box.h, color, 1.0, outline=False)
    yield Rectangle(name, box.x, box.y, box.w, box.h, color, 3.0, corners=True)


def _dashed(name: str, box: Box, color: Color, width: float) -> Iterator[Primitive]:
    """The outline of a box in dashes, those at the corners whole."""
    x0, y0, x1, y1 = box.x, box.y, box.x + box.w, box.y + box.h
    for a, b, c, d in ((x0, y0, x1, y0), (x1, y0, x1, y1), (x1, y1, x0, y1), (x0, y1, x0, y0)):
        for dash in range(0, 2 * _DASHES - 1, 2):
            begin, end = (k / (2 * _DASHES - 1) for k in (dash, dash + 1))
            yield Line(
                name, a + begin * (c - a), b + begin * (d - b), a + end * (c - a), b + end * (d - b), color, width
            )


def _label(name: str, box: Box, face: Face, options: OverlayOptions, size: float) -> Text:
    """The face's label, with what is to be thought of it."""
    words, color = label_of(face), WHITE
    if doubt_of(face):
        words, color = f"{words}  {'no real face' if FACE in face.invalid else 'not believed'}", GRAY
    elif face.confidence < options.low_confidence:
        words += "  uncertain"
    return Text(name, box.x, box.y, words, color, size, -0.4)


def _draw_landmarks(name: str, face: Face, options: OverlayOptions) -> Iterator[Primitive]:
    """Sure points are filled and larger; points below ``low_confidence`` are hollow, small and orange.

    All points of a face that is not believed, or that was followed and not read, are hollow and gray.
    """
    assert face.landmarks is not None
    doubted = bool(doubt_of(face) or following_of(face))
    for (x, y), c in zip(face.landmarks.points.tolist(), face.landmarks.confidence.tolist(), strict=True):
        if not (math.isfinite(x) and math.isfinite(y)):
            continue
        sure = min(max(c, 0.0), 1.0) if math.isfinite(c) else 0.0
        if doubted:
            yield Circle(name, x, y, 1.5, GRAY, filled=False, width=1.0)
        elif sure >= options.low_confidence:
            yield Circle(name, x, y, 1.2 + 1.0 * sure, WHITE, alpha=0.55 + 0.45 * sure)
        else:
            yield Circle(name, x, y, 2.0, ORANGE, filled=False, width=1.0)


def _draw_eyes(name: str, face: Face) -> Iterator[Primitive]:
    """Beside each eye a bar as high as the eye is open; a closed one is vermilion."""
    assert face.landmarks is not None
    assert face.eyes is not None
    for side, openness in (("right", face.eyes.right), ("left", face.eyes.left)):
        points = face.landmarks.points[list(_EYES[side])]
        if not (np.isfinite(points).all() and math.isfinite(openness)):
            continue
        x0, x1 = float(points[:, 0].min()), float(points[:, 0].max())
        y = float(points[:, 1].mean())
        width = max(x1 - x0, 1.0)
        # The person's right eye is at image left: its bar stands at its outer side.
        x = x0 - 0.35 * width if side == "right" else x1 + 0.35 * width
        half = 0.45 * width
        filled = min(max(openness, 0.0), 1.0)
        color = VERMILION if openness < _CLOSED else BLUE
        yield Line(name, x, y - half, x, y + half, (70, 76, 86), 3.0)
        yield Line(name, x, y + half, x, y + half - 2 * half * filled, color, 3.0, outline=False)


def _draw_axes(name: str, home: StreamInfo, face: Face) -> Iterator[Primitive]:
    """Head axes: to the person's own left (vermilion), up (blue), out of the face (yellow, an arrow); gray if followed.

    In perspective from the head center where depth and calibration are known; otherwise from the middle of the box,
    in parallel projection.
    """
    assert face.pose is not None
    r = face.pose.rotation()
    left, up, out = (GRAY, GRAY, GRAY) if following_of(face) else (VERMILION, BLUE, YELLOW)
    axes = ((r[:, 0], left, False), (-r[:, 1], up, False), (-r[:, 2], out, True))
    if face.head_center_m is not None and home.intrinsics is not None and face.head_center_m[2] > 0.2:
        center = np.array(face.head_center_m)
        start = home.intrinsics.project(center, distort=True)[0]
        ends = [home.intrinsics.project(center + AXIS_M * axis, distort=True)[0] for axis, _, _ in axes]
    else:
        start = np.array(face.box.center)
        length = 0.45 * max(face.box.w, face.box.h)
        ends = [start + length * axis[:2] for axis, _, _ in axes]
    if not (np.isfinite(start).all() and np.isfinite(ends).all()):
        return
    for end, (_, color, arrow) in zip(ends, axes, strict=True):
        yield Line(name, float(start[0]), float(start[1]), float(end[0]), float(end[1]), color, 3.0, arrow=arrow)


def _draw_words(name: str, face: Face, options: OverlayOptions) -> Iterator[Primitive]:
    box = face.box
    if options.label:
        yield _label(name, box, face, options, 20.0)
    line = 1.0
    doubt = doubt_of(face)
    if options.axes and face.pose is not None and not doubt:
        yield Text(name, box.x, box.y + box.h, pose_text(face), GRAY if following_of(face) else WHITE, 15.0, line)
        line += 1.12
    if options.signals:
        for key, signal in face.signals.items():
            words = f"{key} {signal.value:.2f} {signal.unit}" if signal.is_valid else f"{key}: {signal.reason}"
            yield Text(
                name, box.x, box.y + box.h, words.strip(), WHITE if signal.is_valid else ORANGE, 13.0, line * 15 / 13
            )
            line += 1.0
    if options.reasons:
        hidden = () if options.generated else ("generated",)
        first = doubt or following_of(face)
        others = [words for words in reasons_of(face, hidden) if not (first and words.endswith(first))]
        for words in ([first] if first else []) + others:
            if len(words) > _LONGEST_REASON:
                words = words[:_LONGEST_REASON].rstrip() + ".."
            yield Text(name, box.x, box.y + box.h, words, ORANGE, 13.0, line * 15 / 13)
            line += 1.0


def _draw_insets(info: StreamInfo, face: Face) -> Iterator[Primitive]:
    """Generated images beside the box: to its right, or to its left where the right has no room."""
    count = max(len(face.generated), 2)
    gap = 0.04 * face.box.h
    size = max(24.0, min((face.box.h - gap * (count - 1)) / count, info.height / 3))
    right = face.box.x + face.box.w + gap
    x = right if right + size <= info.width else face.box.x - size - gap
    for row, image in enumerate(face.generated):
        yield Inset(info.name, x, face.box.y, size, image, row)


def _notes(frame_set: FrameSet, observation: Observation, options: OverlayOptions) -> Iterator[Primitive]:
    """What is wrong with the frames, and why nothing was looked for."""
    for frame in frame_set.frames.values():
        for row, words in enumerate(frame_notes(frame)):
            yield Text(frame.stream, frame.info.width / 2, 0.0, words, ORANGE, 18.0, 1.2 + 1.3 * row, "center")
    if options.reasons and observation.status != "ok":
        first = next(iter(frame_set.frames))
        info = frame_set.frames[first].info
        words = f"not processed: {observation.status}"
        yield Text(first, info.width / 2, info.height / 2, words, ORANGE, 20.0, 0.0, "center")
