"""Thermal pictures of a bundled session, changed so that they do not show the faces that the other cameras see."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from drivers.frame import FrameSet
from recordings.samples.truth import FrameTruth

STREAM: Final = "thermal"
Counts = NDArray[np.uint16]
Change = Callable[[FrameSet, FrameTruth], FrameSet]


def with_pixels(frame_set: FrameSet, pixels: NDArray[Any], stream: str = STREAM) -> FrameSet:
    """The FrameSet with another picture in one stream."""
    frame = frame_set.frames[stream]
    return replace(frame_set, frames={**frame_set.frames, stream: replace(frame, pixels=pixels)})


def knocked_aside(frame_set: FrameSet, truth: FrameTruth) -> FrameSet:
    """The camera looks elsewhere by a fifth of its picture's width."""
    pixels = _counts(frame_set)
    return with_pixels(frame_set, np.roll(pixels, pixels.shape[1] // 5, axis=1))


def warm_ovals(frame_set: FrameSet, truth: FrameTruth) -> FrameSet:
    """Every face is an oval of one warmth: a heated dummy, or the back of a bald head."""
    pixels = _counts(frame_set).copy()
    rows, columns = np.mgrid[0 : pixels.shape[0], 0 : pixels.shape[1]]
    for person in truth.people:
        box = person.marks[STREAM].box
        x, y = box.center
        inside = ((columns - x) / (0.6 * box.w)) ** 2 + ((rows - y) / (0.6 * box.h)) ** 2 < 1.0
        if inside.any():
            pixels[inside] = np.percentile(pixels[inside], 90)
    return with_pixels(frame_set, pixels)


def cold_paper(frame_set: FrameSet, truth: FrameTruth) -> FrameSet:
    """Nothing in the picture is warm but for the sensor's noise: the faces are printed on paper."""
    pixels = _counts(frame_set)
    noise = np.random.default_rng(truth.number).normal(0.0, 2.0, pixels.shape)
    return with_pixels(frame_set, (np.median(pixels) + noise).astype(np.uint16))


def another_person(frame_set: FrameSet, truth: FrameTruth) -> FrameSet:
    """The heads in the picture are mirrored and a third of a face lower and to the side: somebody else stands there."""
    pixels = _counts(frame_set)
    out = pixels.copy()
    for person in truth.people:
        box = person.marks[STREAM].box
        x, y, w, h = round(box.x - 0.4 * box.w), round(box.y - 0.3 * box.h), round(1.8 * box.w), round(1.6 * box.h)
        dx, dy = round(0.35 * box.w), round(0.35 * box.h)
        left, top = max(x, 0, -dx), max(y, 0, -dy)
        right, bottom = min(x + w, pixels.shape[1] - dx), min(y + h, pixels.shape[0] - dy)
        if right > left and bottom > top:
            out[top + dy : bottom + dy, left + dx : right + dx] = pixels[top:bottom, left:right][:, ::-1]
    return with_pixels(frame_set, out)


def _counts(frame_set: FrameSet) -> Counts:
    return np.asarray(frame_set.frames[STREAM].pixels, np.uint16)


CHANGES: Final[Mapping[str, Change]] = {
    "aside": knocked_aside,
    "warm": warm_ovals,
    "cold": cold_paper,
    "other": another_person,
}
