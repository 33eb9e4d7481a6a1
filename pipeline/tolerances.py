"""How far a stored observation may lie from one computed by other engines, field by field.

``seen`` is the largest spread measured on 2026-11-21 with OpenVINO 2026 against ONNX Runtime and against itself limited
to AVX2 and to SSE4.1, over the bundled session (a face 52 px wide; all of it, and every second FrameSet as a live run
takes them) and a real one (640x480, about 0.9 m). The limits
are a few times that, and no wider than what the models themselves are wrong by: a result that passes says the same, one
that does not is another result.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

Scale = Literal["", "box", "distance", "value"]


@dataclass(frozen=True, slots=True)
class Tolerance:
    """The largest deviation of one field that is no difference.

    Attributes:
        field: its path in the observation's JSON, ``[]`` for every item of a list, ``*`` for any name.
        unit: of ``absolute``.
        absolute: always allowed.
        seen: the largest spread that was measured, in ``unit``; None where nothing gives the field yet.
        relative: allowed where it is more: this share of the face's box width, its distance, or the value itself.
        of: of which of these.
        why: the reason for the limit.
    """

    field: str
    unit: str
    absolute: float
    seen: float | None
    relative: float = 0.0
    of: Scale = ""
    why: str = ""

    def limit(self, face: Mapping[str, Any], value: float) -> float:
        """In ``unit``, for a field with this stored value of this stored face."""
        return max(self.absolute, self.relative * _size(self.of, face, value))


_PLACE: Final = "a pixel of the model's input is about a hundredth of the face; its crop may round to the next one"

TOLERANCES: Final[tuple[Tolerance, ...]] = (
    Tolerance("faces[].box[]", "px", 1.0, 0.19, 0.01, "box", _PLACE),
    Tolerance("faces[].crop[]", "px", 1.0, 0.22, 0.01, "box", _PLACE),
    Tolerance("faces[].landmarks.points[][]", "px", 1.0, 0.41, 0.01, "box", _PLACE),
    Tolerance("faces[].landmarks.confidence[]", "", 0.05, 0.011, why="a look at the next pixel changes it so much"),
    Tolerance("faces[].confidence", "", 0.02, 0.0009, why="as a landmark's, over the track"),
    Tolerance("faces[].distance_m", "m", 0.005, 0.0015, 0.005, "distance", "the median depth of a crop one pixel off"),
    Tolerance("faces[].head_center_m[]", "m", 0.005, 0.0015, 0.005, "distance", "as the distance and the box"),
    Tolerance("faces[].pose.yaw_deg", "degrees", 1.0, 0.30, why="below the model's own error of 1.2 degrees"),
    Tolerance("faces[].pose.pitch_deg", "degrees", 1.0, 0.17, why="below the model's own error of 1.3 degrees"),
    Tolerance("faces[].pose.roll_deg", "degrees", 1.0, 0.12, why="as the model's own error"),
    Tolerance("faces[].pose.error_px", "px", 0.25, 0.020, 0.005, "box", "follows from the landmarks"),
    Tolerance("faces[].eyes.right", "", 0.1, 0.011, why="lids lie a pixel or two apart; the model's own error is 0.12"),
    Tolerance("faces[].eyes.left", "", 0.1, 0.038, why="lids lie a pixel or two apart; the model's own error is 0.12"),
    Tolerance("faces[].eyes.right_confidence", "", 0.1, None, why="as the openness that it is told with"),
    Tolerance("faces[].eyes.left_confidence", "", 0.1, None, why="as the openness that it is told with"),
)

FREE: Final = ("faces[].generated[].digest",)
"""May differ: a checksum of pixels tells equal and unequal, not how far apart."""

SIGNALS: Final = tuple(f"faces[].signals.*.{part}" for part in ("value", "confidence", "reason", "label", "source"))
"""May differ, and are counted: signals have thresholds and a memory, through which the smallest difference in the
fields above can turn a closed eye into an open one, for minutes. Which signals there are, and their units, must be
equal."""

WORDS: Final = ("faces[].invalid.*",)
"""Reasons in words: the same reason must stand there, the numbers in it may differ."""

_BY_FIELD: Final = {t.field: t for t in TOLERANCES}
_NAMED: Final = ("faces[].signals.", "faces[].invalid.")


def plain(field: str) -> str:
    """A path with ``*`` in place of the name of a signal or of an invalid field."""
    for head in _NAMED:
        if field.startswith(head):
            _, dot, rest = field[len(head) :].partition(".")
            return f"{head}*{dot}{rest}"
    return field


def tolerance_of(field: str) -> Tolerance | None:
    """Of a path as :func:`plain` gives it; None: the field must be equal."""
    return _BY_FIELD.get(field)


def _size(of: Scale, face: Mapping[str, Any], value: float) -> float:
    try:
        if of == "box":
            return abs(float(face["box"][2]))
        if of == "distance":
            return abs(float(face["distance_m"] or 0.0))
    except (KeyError, IndexError, TypeError, ValueError):
        return 0.0  # a stored face without them: the absolute limit counts
    return abs(value) if of == "value" else 0.0
