"""A palette image where counts or light were expected: a thermal camera's picture is no measurement.

Video outputs and screenshots of thermal cameras show temperatures as 8-bit brightness or in false colours. Their
numbers say which of two pixels is warmer at best (a rainbow does not even say that), and never how warm.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.frame import Frame, KelvinMap, StreamKind

COLDEST_K, HOTTEST_K = 150.0, 4000.0
"""No scene before a thermal camera is altogether colder or hotter."""
VIVID = 80
"""Difference of the largest and the smallest of R, G and B, of 255. In real thermal palettes, half of the pixels have
150 and more; in the most colourful photographs at hand 28."""
DARK = 48
"""Pixels whose brightest channel is below this have no colour to speak of."""
_SAMPLES = 28
_VIVID_SHARE = 0.6
_OTHER_HUES = 0.03
_HUE_BINS = 12


def image_reason(frame: Frame) -> str:
    """Why a frame shows a thermal palette in place of what its stream promises; empty where it does not."""
    if frame.kind is StreamKind.THERMAL:
        if int(frame.pixels[::4, ::4].max()) < 256 and int(frame.pixels.max()) < 256:
            return "the thermal image is an 8-bit picture, no counts"
        if frame.info.kelvin is not None and not plausible(frame.info.kelvin, float(np.median(frame.pixels[::4, ::4]))):
            return "the thermal image would be colder or hotter than anything is: its counts are not what they claim"
    if frame.kind is StreamKind.COLOR and in_palette(np.asarray(frame.pixels)):
        return "the picture shows temperatures in false colours, not light"
    return ""


def temperature_reason(frame: Frame) -> str:
    """Why a thermal frame tells no temperatures; empty where it does."""
    if frame.info.kelvin is None:
        return "the thermal camera is not radiometric: its counts are no temperatures"
    return image_reason(frame)


def plausible(kelvin: KelvinMap, counts: float) -> bool:
    """Whether these counts, typical of an image, are a temperature that anything before a camera has."""
    return COLDEST_K <= kelvin.gain * counts + kelvin.offset <= HOTTEST_K


def in_palette(rgb: NDArray[np.uint8]) -> bool:
    """Whether an uint8 (H, W, 3) picture is in false colours: vivid wherever it is not dark, and in several hues.

    A room that is lit in one colour is vivid too, but in that one.
    """
    step = max(1, min(rgb.shape[:2]) // _SAMPLES)
    sample = np.ascontiguousarray(rgb[step // 2 :: step, step // 2 :: step])
    if sample.size == 0:
        return False
    bright = sample.max(axis=2)
    vivid = bright - sample.min(axis=2) >= VIVID
    lit = int((bright >= DARK).sum())
    if lit < 0.05 * bright.size or int(vivid.sum()) < _VIVID_SHARE * lit:
        return False
    hue = cv2.cvtColor(sample, cv2.COLOR_RGB2HSV)[..., 0][vivid]  # half degrees
    counts = np.bincount(hue.astype(np.intp) * _HUE_BINS // 180, minlength=_HUE_BINS)
    away = (np.arange(_HUE_BINS) - int(counts.argmax())) % _HUE_BINS
    others = counts[(away >= 2) & (away <= _HUE_BINS - 2)].sum()
    return bool(others > _OTHER_HUES * hue.size)
