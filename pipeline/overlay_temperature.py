"""How warm a face is, as a thermal stream with a map to kelvin shows it now."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drivers.frame import Frame, FrameFlag, FrameSet, StreamKind
from drivers.related import Relations
from pipeline.overlay_map import map_box, same_grid
from pipeline.overlay_words import doubt_of
from pipeline.steps.palette import image_reason
from recordings.observation import Box, Face

HOTTEST_PERCENT = 95.0
"""Of the inner pixels: a few hot ones (noise, a dead pixel, a glowing cigarette) do not make a face warm."""

INNER = {True: 0.8, False: 0.45}
"""Part of the box's width and height that counts: of a face's own box, and of the 320 mm square round a head."""

COLDEST_C, HOTTEST_C = 0.0, 45.0
"""What a living face's warmest skin can be, in frost and in fever."""

_LEAST_PX = 12
_SATURATED = 0.02  # share of the inner pixels at the sensor's ends from which on nothing is said
_FULL = 65_535


@dataclass(frozen=True, slots=True)
class FaceTemperature:
    """The 95th percentile of the apparent temperatures in the inner part of a face's box.

    Attributes:
        stream: of the thermal picture.
        celsius: as the camera tells it (its own emissivity, no correction for glass or distance); None where the
            number would be none or impossible.
        reason: why there is none.
    """

    stream: str
    celsius: float | None
    reason: str = ""


class Thermometer:
    """The temperatures of the faces of one FrameSet."""

    def __init__(self, frame_set: FrameSet) -> None:
        self._frames = frame_set.frames
        self._related = Relations.among(frame_set)
        self._thermal = [
            frame
            for frame in frame_set.frames.values()
            if frame.kind is StreamKind.THERMAL and frame.info.kelvin is not None
        ]
        self._wrong: dict[str, str] = {}

    def of(self, face: Face) -> FaceTemperature | None:
        """The hottest skin of a face, robustly; None where no radiometric camera looks at it: nothing is to be said.

        What a screen or a picture shows of a face is no skin: nothing is said of what is not believed.
        """
        home = self._frames.get(face.stream)
        if home is None or not self._thermal or doubt_of(face):
            return None
        for frame in self._thermal:
            if not self._related(frame.info, home.info):
                continue
            own = frame is home or same_grid(frame.info, home.info)
            box = face.box if own else map_box(face, home.info, frame.info)
            if box is not None:
                # Where the head is not certain, neither is whether it is the face that is warm there.
                why = self._why_none(frame) or ("" if own else face.invalid.get("head_center_m", ""))
                return FaceTemperature(frame.stream, None, why) if why else _measured(frame, box, INNER[own])
        return None

    def _why_none(self, frame: Frame) -> str:
        """What makes a whole frame no measurement; empty where it is one."""
        if frame.flags & FrameFlag.SHUTTER:
            return "the shutter is closed"
        if frame.flags & FrameFlag.STALE:
            return "the thermal picture is old"
        if frame.stream not in self._wrong:
            self._wrong[frame.stream] = image_reason(frame)
        return self._wrong[frame.stream]


def _measured(frame: Frame, box: Box, inner: float) -> FaceTemperature:
    def unknown(why: str) -> FaceTemperature:
        return FaceTemperature(frame.stream, None, why)

    counts = _inside(np.asarray(frame.pixels), box, inner)
    if counts.size < _LEAST_PX:
        return unknown("the face is too small in the thermal picture, or outside")
    good = counts[(counts != 0) & (counts != _FULL)]
    if good.size < (1.0 - _SATURATED) * counts.size:
        return unknown("the thermal sensor is at its limit there")
    kelvin = frame.info.kelvin
    assert kelvin is not None
    share = HOTTEST_PERCENT if kelvin.gain > 0 else 100.0 - HOTTEST_PERCENT
    at = round(share / 100.0 * (good.size - 1))
    celsius = float(kelvin.celsius(np.partition(good, at)[at]))
    if not math.isfinite(celsius):
        return unknown("the camera's map to kelvin gives no number")
    if not COLDEST_C <= celsius <= HOTTEST_C:
        return unknown(f"{celsius:.0f} °C is no face's temperature")
    return FaceTemperature(frame.stream, celsius)


def _inside(counts: NDArray[np.uint16], box: Box, inner: float) -> NDArray[np.uint16]:
    """The counts in the middle part of a box that lie in the picture, (N,)."""
    if not all(map(math.isfinite, (box.x, box.y, box.w, box.h))):
        return counts[:0, :0].ravel()
    (x, y), w, h = box.center, inner * box.w / 2, inner * box.h / 2
    height, width = counts.shape
    left, right = (min(max(round(u), 0), width) for u in (x - w, x + w))
    top, bottom = (min(max(round(v), 0), height) for v in (y - h, y + h))
    return counts[top:bottom, left:right].ravel()
