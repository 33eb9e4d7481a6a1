"""What an observation says, as Foxglove draws it over an image: boxes, landmarks, words.

Foxglove counts pixels from the corner of the first one, we from its centre: half a pixel is added.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from foxglove.messages import (
    Color,
    ImageAnnotations,
    Log,
    LogLevel,
    Point2,
    PointsAnnotation,
    PointsAnnotationType,
    TextAnnotation,
    Timestamp,
)

from recordings.observation import Box, Face

_BOX_COLOR: Final = Color(r=0.0, g=0.62, b=0.45, a=1.0)  # Okabe and Ito's bluish green and yellow: colour-blind safe
_POINT_COLOR: Final = Color(r=0.94, g=0.89, b=0.26, a=1.0)
_BACKGROUND: Final = Color(r=0.0, g=0.0, b=0.0, a=0.6)
_FONT_PX: Final = 12.0

_LEVELS: Final = {
    "debug": LogLevel.Debug,
    "info": LogLevel.Info,
    "warning": LogLevel.Warning,
    "error": LogLevel.Error,
}


def annotations_message(faces: Iterable[Face], host_ns: int) -> bytes:
    """`foxglove.ImageAnnotations` of the faces of one stream; without faces it clears what was drawn before."""
    points, texts = [], []
    for face in faces:
        points.append(_rectangle(face.box))
        if face.landmarks is not None:
            points.append(
                PointsAnnotation(
                    type=PointsAnnotationType.Points,
                    points=[Point2(x=float(x) + 0.5, y=float(y) + 0.5) for x, y in face.landmarks.points],
                    outline_color=_POINT_COLOR,
                    thickness=2.0,
                )
            )
        texts.append(
            TextAnnotation(
                position=Point2(x=face.box.x + 0.5, y=face.box.y - 2.0),
                text=_words(face),
                font_size=_FONT_PX,
                text_color=_BOX_COLOR,
                background_color=_BACKGROUND,
            )
        )
    return ImageAnnotations(timestamp=_timestamp(host_ns), points=points, texts=texts).encode()


def log_message(level: str, text: str, host_ns: int) -> bytes:
    """`foxglove.Log`; the levels are debug, info, warning, error."""
    return Log(timestamp=_timestamp(host_ns), level=_LEVELS[level], message=text, name="tapetum").encode()


def _rectangle(box: Box) -> PointsAnnotation:
    left, top = box.x + 0.5, box.y + 0.5
    corners = [(left, top), (left + box.w, top), (left + box.w, top + box.h), (left, top + box.h)]
    return PointsAnnotation(
        type=PointsAnnotationType.LineLoop,
        points=[Point2(x=x, y=y) for x, y in corners],
        outline_color=_BOX_COLOR,
        thickness=2.0,
    )


def _words(face: Face) -> str:
    words = [f"{face.id}"]
    if face.distance_m is not None:
        words.append(f"{face.distance_m:.2f} m")
    if face.pose is not None:
        words.append(
            f"yaw {face.pose.yaw_deg:+.0f} pitch {face.pose.pitch_deg:+.0f} roll {face.pose.roll_deg:+.0f} deg"
        )
    return "  ".join(words)


def _timestamp(ns: int) -> Timestamp:
    return Timestamp(ns // 10**9, ns % 10**9)
