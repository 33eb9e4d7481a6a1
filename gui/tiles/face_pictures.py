"""A face as a picture of its own: cut out of a stream, with its landmarks, in the thermal picture, or as a model
imagines it. No Qt here but for the words."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.frame import Frame, FrameFlag, StreamKind
from drivers.related import Relations
from gui.feed import Shown
from gui.looks.look import Look
from gui.looks.render import faded, render
from gui.looks.tables import red_table
from gui.reasons import reason_words
from gui.words import mark, tr
from pipeline.colormap import CountRange, range_of
from pipeline.labels import Color, generated_picture
from pipeline.overlay import landmark_dots, map_box, paint
from pipeline.relief import FURTHEST_DEG
from pipeline.steps.crop import Cutout, cut
from recordings.observation import Box, Face, GeneratedImage

CROP, LANDMARKS, THERMAL, RELIEF, COLOR = "crop", "landmarks", "thermal crop", "relief", "color"
FACE_FROM_EYE = "face from eye"

KINDS: tuple[str, ...] = (CROP, LANDMARKS, THERMAL, RELIEF, COLOR, FACE_FROM_EYE)
"""What :func:`face_picture` knows."""

KIND_WORDS = {
    CROP: mark("face"),
    LANDMARKS: mark("landmarks"),
    THERMAL: mark("thermal"),
    RELIEF: mark("relief, generated"),
    COLOR: mark("color, generated"),
    FACE_FROM_EYE: mark("face from eye, generated"),
}
"""For titles; translated where they are shown."""

GENERATED_KINDS = frozenset({RELIEF, COLOR, FACE_FROM_EYE})

_SETTINGS = {RELIEF: "generate.relief", COLOR: "generate.color", FACE_FROM_EYE: "generate.face_from_eye"}
"""What switches a generated picture on."""

_RED_INK: Color = (255, 0, 0)
"""Of the word GENERATED at night: the brightest that the overlay has there."""

_AROUND = 1.35
"""Side of what is cut out where a face has no crop, in sides of its box."""

_OUTSIDE: Color = (24, 27, 32)
"""Where the crop reaches beyond the picture."""


def face_picture(
    kind: str,
    shown: Shown,
    face: Face,
    size: int,
    look: Look | None = None,
    counts: CountRange | None = None,
    turn_deg: tuple[float, float] = (0.0, 0.0),
) -> NDArray[np.uint8] | None:
    """A face as a picture, uint8 (size, size, 3) RGB; None where there is none, and :func:`why_none` says why.

    A picture that is old is gray. A generated one carries the word GENERATED on its pixels.

    Args:
        kind: one of :data:`KINDS`.
        size: side in px; at least 56 for generated pictures, since their word must be readable.
        look: how the stream is shown; of generated pictures only whether they are red.
        counts: the range that the stream is shown with; None takes the frame's own, and the picture may flicker.
        turn_deg: how far a relief is turned to its own left, and up.

    Raises:
        ValueError: there is no such kind.
    """
    look = look or Look()
    if kind in GENERATED_KINDS:
        image = generated_of(face, kind)
        if image is None:
            return None
        return generated_rgb(image, size, look.red, turn_deg)
    found = _where(kind, shown, face)
    if found is None:
        return None
    frame, box = found
    cutout = cut(np.asarray(frame.pixels), box, size, nearest=frame.kind in (StreamKind.DEPTH, StreamKind.THERMAL))
    rgb = _rendered(frame, cutout, look, counts)
    if kind == LANDMARKS and face.landmarks is not None:
        points = cutout.from_source(face.landmarks.points)
        paint(rgb, landmark_dots(frame.stream, face, points, span=size))
        rgb = in_red(rgb) if look.red else rgb
    return rgb


def generated_rgb(
    image: GeneratedImage, size: int, is_red: bool, turn_deg: tuple[float, float] = (0.0, 0.0)
) -> NDArray[np.uint8]:
    """A generated image with its word, which is as bright as other words at night, uint8 (size, size, 3)."""
    if not is_red:
        return generated_picture(image, size, turn_deg)
    return generated_picture(image, size, turn_deg, in_red, _RED_INK)


def in_red(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A picture in shades of red, for eyes that are used to the dark, uint8 (H, W, 3)."""
    gray = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.applyColorMap(gray, red_table()), np.uint8)


def turned_by(turn_deg: tuple[float, float], dx_px: float, dy_px: float, size: int) -> tuple[float, float]:
    """How far a relief is turned after the mouse was dragged: it follows the hand, a quarter turn across the picture.

    Args:
        turn_deg: how far it was turned to its own left, and up.
        dx_px, dy_px: how far the mouse went to the right and down.
        size: of the picture, px.
    """
    each = 90.0 / max(size, 1)
    yaw, pitch = turn_deg[0] + each * dx_px, turn_deg[1] - each * dy_px
    return min(max(yaw, -FURTHEST_DEG), FURTHEST_DEG), min(max(pitch, -FURTHEST_DEG), FURTHEST_DEG)


def generated_of(face: Face, kind: str) -> GeneratedImage | None:
    """The generated image of a kind; None where none was made."""
    return next((image for image in face.generated if image.name == kind), None)


def why_none(kind: str, shown: Shown, face: Face) -> str:
    """Why there is no picture of a kind, in words for the tile; empty where there is one."""
    if kind in GENERATED_KINDS:
        if generated_of(face, kind) is not None:
            return ""
        why = face.invalid.get(f"generated.{kind}")
        return reason_words(why) if why else tr("not generated: {setting} is off", setting=_SETTINGS[kind])
    if kind == LANDMARKS and face.landmarks is None:
        why = face.invalid.get("landmarks")
        return reason_words(why) if why else tr("no landmarks")
    if _where(kind, shown, face) is not None:
        return ""
    if kind == THERMAL:
        if shown.frame_set.first(StreamKind.THERMAL) is None:
            return tr("no thermal picture at this instant")
        return tr("where the face lies in the thermal picture is not known")
    return tr("no picture of {stream} at this instant", stream=face.stream)


def _where(kind: str, shown: Shown, face: Face) -> tuple[Frame, Box] | None:
    """The frame that shows the face, and what is cut out of it."""
    if kind not in KINDS:
        raise ValueError(f"there is no picture of a face called {kind!r}; there are {', '.join(KINDS)}")
    home = shown.frame_set.frames.get(face.stream)
    if home is None or (kind == LANDMARKS and face.landmarks is None):
        return None
    if kind != THERMAL or home.kind is StreamKind.THERMAL:
        return _cuttable(home, face.crop or _around(face.box))
    related = Relations.among(shown.frame_set)
    for frame in shown.frame_set.frames.values():
        if frame.kind is not StreamKind.THERMAL or not related(home.info, frame.info):
            continue
        if (box := map_box(face, home.info, frame.info)) is not None:
            return _cuttable(frame, box)
    return None


def _around(box: Box) -> Box:
    """A square round a face's box."""
    (x, y), side = box.center, _AROUND * max(box.w, box.h)
    return Box(x - side / 2, y - side / 2, side, side)


def _cuttable(frame: Frame, box: Box) -> tuple[Frame, Box] | None:
    numbers = np.array((box.x, box.y, box.w, box.h))
    return (frame, box) if np.isfinite(numbers).all() and box.w > 0 and box.h > 0 else None


def _rendered(frame: Frame, cutout: Cutout, look: Look, counts: CountRange | None) -> NDArray[np.uint8]:
    """A cut-out as its stream is shown, faded where it is old, and empty where there is no picture."""
    size = cutout.pixels.shape[0]
    info = replace(frame.info, width=size, height=size, intrinsics=None)
    if counts is None and frame.kind is not StreamKind.COLOR:
        counts = range_of(frame)
    rgb = render(replace(frame, info=info, pixels=cutout.pixels, encoded=None), look, counts, None).rgb
    if frame.flags & FrameFlag.STALE:
        rgb = faded(rgb, look.red)
    out = np.array(rgb, dtype=np.uint8, order="C")
    if not cutout.inside.all():
        out[~cutout.inside] = (_OUTSIDE[0] // 2, 0, 0) if look.red else _OUTSIDE
    return out
