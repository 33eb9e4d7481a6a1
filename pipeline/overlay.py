"""From an observation to what is drawn over the pictures: boxes, labels, landmarks, head pose, eyes, insets.

:func:`draw_plan` gives primitives (pipeline/primitives.py) in pixels of every stream of the FrameSet; OpenCV paints
them (pipeline/overlay_paint.py), and the window paints the same ones by Qt.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from drivers.frame import FrameSet, StreamInfo
from drivers.related import Relations
from pipeline.labels import BAR, BLUE, CORAL, GRAY, ORANGE, WHITE, YELLOW
from pipeline.overlay_map import map_box, map_boxes, map_point, same_grid
from pipeline.overlay_paint import paint
from pipeline.overlay_temperature import Thermometer
from pipeline.overlay_words import (
    InUnit,
    Reason,
    Say,
    as_it_is,
    degrees,
    doubt_of,
    eye_state,
    eyes_text,
    following_of,
    frame_notes,
    in_celsius,
    in_english,
    is_sure,
    label_of,
    metres,
    percent,
    pose_text,
    reasons_of,
)
from pipeline.primitives import Dots, Edge, Inset, Line, Primitive, Rank, Rectangle, Text
from pipeline.signal_words import briefs_of
from pipeline.steps.validity import FACE
from recordings.observation import Box, Face, Observation

__all__ = [
    "SWITCHES",
    "Dots",
    "Inset",
    "Line",
    "OverlayOptions",
    "Primitive",
    "Rectangle",
    "Text",
    "degrees",
    "doubt_of",
    "draw_plan",
    "frame_notes",
    "label_of",
    "landmark_dots",
    "map_box",
    "map_point",
    "paint",
    "pose_text",
    "reasons_of",
    "same_grid",
]

AXIS_M = 0.11
"""Length of a drawn head axis."""

CROWD = 4
"""With more faces than this, each has only the room of its own box for words, and the largest alone have insets."""

DETAILED = 12
"""Of so many faces, the largest, all is drawn; of those beyond, the box and the id: nobody reads more at once, and
planning it would take the time in which pictures are painted."""

_EYES = {"right": slice(36, 42), "left": slice(42, 48)}
_LEAST_ROOM = 1 / 12  # of the picture's width; words under a smaller face in a crowd could not be read
_LONGEST_REASON = 52  # characters in the picture; the window's card tells all of it
_SURE = 0.8  # confidence from which on a landmark is drawn large


@dataclass(frozen=True, slots=True)
class OverlayOptions:
    """What is drawn. There is no option for the word GENERATED: whoever shows a generated image shows the word.

    Attributes:
        id, distance, confidence: the parts of a face's label.
        temperature: the hottest skin, of radiometric cameras.
        low_confidence: landmarks below it are hollow, faces below it are called uncertain.
        say: the language of the words.
        in_unit: how a temperature is written, from degrees Celsius.
    """

    box: bool = True
    id: bool = True
    distance: bool = True
    confidence: bool = True
    landmarks: bool = True
    axes: bool = True
    eyes: bool = True
    temperature: bool = True
    signals: bool = True
    reasons: bool = True
    generated: bool = False
    low_confidence: float = 0.5
    say: Say = field(default=in_english, compare=False)
    in_unit: InUnit = in_celsius
    reason: Reason = as_it_is
    asked: frozenset[str] = frozenset()


SWITCHES: tuple[str, ...] = (
    "box",
    "id",
    "distance",
    "confidence",
    "landmarks",
    "axes",
    "eyes",
    "temperature",
    "signals",
    "reasons",
    "generated",
)
"""The options that an operator switches."""


def draw_plan(frame_set: FrameSet, observation: Observation, options: OverlayOptions | None = None) -> list[Primitive]:
    """Everything to draw over the frames of a FrameSet, in pixels of the stream that each primitive names.

    A face is drawn in full in its own stream and in streams on the same pixel grid. In the streams of other cameras
    it is a box and a label, found through the head center in space; without calibration or depth, or where no rig
    relates the cameras, it is not drawn there. Shapes come first, then words, those of the largest faces first, since
    later ones give way.
    """
    options = options or OverlayOptions()
    boxes: list[Rectangle] = []
    dots: list[Dots] = []
    lines: list[Line] = []
    axes: list[Line] = []
    words: list[Text] = list(_notes(frame_set, observation, options))
    insets: list[Inset] = []
    thermometer = Thermometer(frame_set)
    largest = sorted(observation.faces, key=lambda face: -face.box.area if math.isfinite(face.box.area) else 0.0)
    related = Relations.among(frame_set)
    mapped = _mapped(frame_set, largest, related)
    for nearest, face in enumerate(largest):
        home = frame_set.frames.get(face.stream)
        if home is None:
            continue
        points = _landmarks(face, options) if nearest < DETAILED else []
        for frame in frame_set.frames.values():
            info, name = frame.info, frame.info.name
            if name == face.stream or (related(info, home.info) and same_grid(info, home.info)):
                if not _finite(face.box):
                    continue
                if options.box:
                    boxes.append(_draw_box(name, face.box, face, options, 3.0))
                if nearest >= DETAILED:
                    words.extend(_id_alone(name, face, face.box, options))
                    continue
                dots.extend(points if name == face.stream else [replace(d, stream=name) for d in points])
                room = _room(info, face.box, len(largest))
                words.extend(_words(name, face, face.box, options, room))
                if name == face.stream:
                    if options.eyes and face.eyes is not None and face.landmarks is not None:
                        lines.extend(_draw_eyes(name, face))
                    if options.axes and face.pose is not None and not doubt_of(face):
                        axes.extend(_draw_axes(name, home.info, face))
                    if room == 0.0 or room >= _LEAST_ROOM * info.width:
                        words.extend(_more_words(thermometer, name, face, options, room))
                    insets.extend(_insets(info, face) if options.generated and nearest < CROWD else ())
            elif (box := mapped.get((nearest, name))) is not None:
                if options.box:
                    boxes.append(_draw_box(name, box, face, options, 2.5))
                if nearest >= DETAILED:
                    words.extend(_id_alone(name, face, box, options))
                    continue
                words.extend(_words(name, face, box, options, _room(info, box, len(largest))))
    # What is alike stands together, which painters do in one go. Insets come last: nothing may be painted over the mark
    # of a generated image.
    lines.sort(key=lambda line: (not line.outline, line.color))
    return [*boxes, *dots, *lines, *axes, *words, *insets]


def _mapped(frame_set: FrameSet, faces: Sequence[Face], related: Relations) -> dict[tuple[int, str], Box | None]:
    """Where each face, by its place in ``faces``, lies in the pictures of other cameras."""
    out: dict[tuple[int, str], Box | None] = {}
    for stream in {face.stream for face in faces}:
        home = frame_set.frames.get(stream)
        if home is None:
            continue
        indices = [i for i, face in enumerate(faces) if face.stream == stream]
        here = [faces[i] for i in indices]
        for frame in frame_set.frames.values():
            if frame is home or not related(frame.info, home.info):
                continue
            if not same_grid(frame.info, home.info):
                boxes = map_boxes(here, home.info, frame.info)
                out.update(((i, frame.stream), box) for i, box in zip(indices, boxes, strict=True))
    return out


def _room(info: StreamInfo, box: Box, faces: int) -> float:
    """Stream px in width that a face's words may take: all for one face, the box in a crowd."""
    if faces <= 1:
        return 0.0
    return box.w if faces > CROWD else max(box.w, info.width / (faces + 1))


def _finite(box: Box) -> bool:
    return all(map(math.isfinite, (box.x, box.y, box.w, box.h)))


def _landmarks(face: Face, options: OverlayOptions) -> list[Dots]:
    if not options.landmarks or face.landmarks is None:
        return []
    return list(landmark_dots(face.stream, face, face.landmarks.points, options.low_confidence, face.box.w))


def _draw_box(name: str, box: Box, face: Face, options: OverlayOptions, width: float) -> Rectangle:
    """Blue; orange where it is uncertain that it is a face; gray and dashed where it is not believed."""
    if doubt_of(face):
        return Rectangle(name, box.x, box.y, box.w, box.h, GRAY, 2.0, Edge.DASHED)
    color = BLUE if is_sure(face.confidence, options.low_confidence) else ORANGE
    return Rectangle(name, box.x, box.y, box.w, box.h, color, width, Edge.CORNERS)


def landmark_dots(
    name: str, face: Face, points: NDArray[np.floating], low_confidence: float = 0.5, span: float = 0.0
) -> Iterator[Dots]:
    """A face's landmarks: sure ones filled and large, those below ``low_confidence`` hollow, small and orange.

    All points of a face that is not believed, or that was followed and not read, are hollow and gray.

    Args:
        points: (68, 2), where they are drawn.
        span: the width of the face there; in a small one the points are small.
    """
    assert face.landmarks is not None
    points = np.asarray(points, np.float32)
    there = np.isfinite(points).all(axis=1)
    if doubt_of(face) or following_of(face):
        if there.any():
            yield Dots(name, points[there], 1.5, GRAY, filled=False, span=span)
        return
    sure = face.landmarks.confidence
    sure = np.where(np.isfinite(sure), sure, np.float32(0.0))
    for chosen, radius, color, filled in (
        (there & (sure < low_confidence), 2.0, ORANGE, False),
        (there & (sure >= low_confidence) & (sure < _SURE), 1.5, WHITE, True),
        (there & (sure >= low_confidence) & (sure >= _SURE), 2.1, WHITE, True),
    ):
        if chosen.any():
            yield Dots(name, points[chosen], radius, color, filled, span=span)


def _draw_eyes(name: str, face: Face) -> Iterator[Line]:
    """Beside each eye a bar as high as the eye is open: blue; the stump of a closed one is orange."""
    assert face.landmarks is not None
    assert face.eyes is not None
    for side, openness in (("right", face.eyes.right), ("left", face.eyes.left)):
        eye = face.landmarks.points[_EYES[side]].tolist()
        state = eye_state(openness)
        if state == "unknown" or not all(math.isfinite(x + y) for x, y in eye):
            continue
        x0, x1 = min(x for x, _ in eye), max(x for x, _ in eye)
        y = sum(y for _, y in eye) / len(eye)
        width = max(x1 - x0, 1.0)
        # The person's right eye is at image left: its bar stands at its outer side.
        x = x0 - 0.35 * width if side == "right" else x1 + 0.35 * width
        half = 0.45 * width
        filled = min(max(openness, 0.06), 1.0)
        color = ORANGE if state == "closed" else BLUE
        yield Line(name, x, y - half, x, y + half, BAR, 3.0)
        yield Line(name, x, y + half, x, y + half - 2 * half * filled, color, 3.0, outline=False)


def _draw_axes(name: str, home: StreamInfo, face: Face) -> Iterator[Line]:
    """Head axes: to the person's own left (coral), up (blue), out of the face (yellow, an arrow); gray if followed.

    In perspective from the head center where depth and calibration are known; otherwise from the middle of the box,
    in parallel projection.
    """
    assert face.pose is not None
    r = face.pose.rotation()
    left, up, out = (GRAY, GRAY, GRAY) if following_of(face) else (CORAL, BLUE, YELLOW)
    axes = ((r[:, 0], left, False), (-r[:, 1], up, False), (-r[:, 2], out, True))
    if face.head_center_m is not None and home.intrinsics is not None and face.head_center_m[2] > 0.2:
        center = np.array(face.head_center_m)
        tips = np.array([center, *(center + AXIS_M * axis for axis, _, _ in axes)])
        start, *ends = home.intrinsics.project(tips, distort=True)
    else:
        start = np.array(face.box.center)
        length = 0.45 * max(face.box.w, face.box.h)
        ends = [start + length * axis[:2] for axis, _, _ in axes]
    if not (np.isfinite(start).all() and np.isfinite(ends).all()):
        return
    for end, (_, color, arrow) in zip(ends, axes, strict=True):
        yield Line(name, float(start[0]), float(start[1]), float(end[0]), float(end[1]), color, 3.0, arrow=arrow)


def _words(name: str, face: Face, box: Box, options: OverlayOptions, room: float) -> Iterator[Text]:
    """The face's label above its box, with what is to be thought of it: ``#3  0.92 m  97 %``."""
    say = options.say
    parts = [f"#{face.id}"] if options.id else []
    if options.distance and face.distance_m is not None:
        parts.append(metres(face.distance_m))
    color = WHITE
    doubt = doubt_of(face)
    if doubt:
        parts.append(say("no real face") if FACE in face.invalid else say("not believed"))
        color = GRAY
    elif not is_sure(face.confidence, options.low_confidence):
        if options.confidence:
            parts.append(percent(face.confidence))
        parts.append(say("uncertain"))
        color = ORANGE
    elif options.confidence:
        parts.append(percent(face.confidence))
    if parts:
        short = (f"#{face.id}" if options.id else "") + ("?" if color is not WHITE else "")
        yield Text(name, box.x, box.y, "  ".join(parts), color, Rank.MAIN, upward=True, room=room, short=short)


def _id_alone(name: str, face: Face, box: Box, options: OverlayOptions) -> Iterator[Text]:
    """``#31`` above the box, with a question mark and in its colour where the face is not to be believed."""
    if options.id:
        color = GRAY if doubt_of(face) else WHITE if is_sure(face.confidence, options.low_confidence) else ORANGE
        words = f"#{face.id}" + ("" if color is WHITE else "?")
        yield Text(name, box.x, box.y, words, color, Rank.SIDE, upward=True, room=box.w, short=words)


def _more_words(
    thermometer: Thermometer, name: str, face: Face, options: OverlayOptions, room: float
) -> Iterator[Text]:
    """Under the box: eyes, temperature, angles, signals, and what is not known and why."""
    box, say = face.box, options.say
    x, y = box.x, box.y + box.h
    whose = f"#{face.id}" if options.id else ""
    doubt, followed = doubt_of(face), following_of(face)
    if options.eyes and not doubt and (face.eyes is not None or not followed):
        states = {"unknown"} if face.eyes is None else {eye_state(face.eyes.right), eye_state(face.eyes.left)}
        color = ORANGE if "closed" in states else GRAY if "unknown" in states else WHITE
        yield Text(name, x, y, eyes_text(face, say), color, Rank.MAIN, room=room, whose=whose)
    if options.temperature and (heat := thermometer.of(face)) is not None:
        value, unit = options.in_unit(heat.celsius)
        color = GRAY if heat.celsius is None else WHITE
        text = say("hottest {value} {unit}", value=value, unit=unit)
        yield Text(name, x, y, text, color, Rank.SIDE, room=room, whose=whose)
    if options.axes and face.pose is not None and not doubt:
        yield Text(name, x, y, pose_text(face, say), GRAY if followed else WHITE, Rank.SIDE, room=room, whose=whose)
    if options.signals:
        # Only what asks for a look: letters are large, and a face has forty signals; the card beside it tells more.
        for brief in briefs_of(face.signals, say, options.in_unit, options.asked):
            if brief.is_notable:
                yield Text(name, x, y, brief.words, ORANGE, Rank.SIDE, room=room, whose=whose)
    if options.reasons:
        hidden = () if options.generated else ("generated",)
        first = doubt or followed
        others = [words for words in reasons_of(face, hidden) if not (first and words.endswith(first))]
        for found in ([first] if first else []) + others:
            words = options.reason(found, options.in_unit)
            if len(words) > _LONGEST_REASON:
                words = words[:_LONGEST_REASON].rstrip() + ".."
            yield Text(name, x, y, words, ORANGE, Rank.NOTE, room=room, whose=whose)


def _insets(info: StreamInfo, face: Face) -> Iterator[Inset]:
    """Generated images beside the box: to its right, or to its left where the right has no room."""
    count = max(len(face.generated), 2)
    gap = 0.04 * face.box.h
    size = max(24.0, min((face.box.h - gap * (count - 1)) / count, info.height / 3))
    right = face.box.x + face.box.w + gap
    x = right if right + size <= info.width else face.box.x - size - gap
    for row, image in enumerate(face.generated):
        yield Inset(info.name, x, face.box.y, size, image, row)


def _notes(frame_set: FrameSet, observation: Observation, options: OverlayOptions) -> Iterator[Text]:
    """What is wrong with the frames, and why nothing was looked for."""
    for frame in frame_set.frames.values():
        for words in frame_notes(frame):
            middle = frame.info.width / 2
            yield Text(frame.stream, middle, 0.0, words, ORANGE, Rank.SIDE, align="center", stays=True)
    if options.reasons and observation.status != "ok":
        first = next(iter(frame_set.frames))
        info = frame_set.frames[first].info
        words = options.say("not processed: {why}", why=observation.status)
        yield Text(first, info.width / 2, info.height / 2, words, ORANGE, Rank.SIDE, align="center", stays=True)
