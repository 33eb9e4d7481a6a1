"""A frame and a look to the picture that a tile shows. No Qt here, and nothing that a model or a recording sees.

A frame larger than its tile is made smaller before colours are put on, so that it costs what the tile costs. Gray and
colour are averaged; depth takes single pixels, since the mean of two distances is a place where nothing is, and a
pixel without a reading must stay one. Thermal is averaged too, unless it has pixels without a reading.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.frame import Frame, StreamKind
from gui.looks.look import Look, palette_of
from gui.looks.scale import Scale, scale_of, zero_is_hole
from gui.looks.tables import HOLE, color_table, count_table, gray_table, hatch, red_table
from pipeline.colormap import CountRange, Rgb, range_of

__all__ = ["Look", "Rendered", "faded", "render"]

_LINEAR_TO, _THIN_FROM = 2.2, 4.0
"""Frames up to the first times their tile's size are interpolated, which takes in every pixel; from the second on they
are thinned before they are averaged, and four pixels make one."""


@dataclass(frozen=True, slots=True, eq=False)
class Rendered:
    """``rgb`` uint8 (h, w, 3), and ``scale``: its pixels a pixel of the frame, at most 1."""

    rgb: Rgb
    scale: float


def render(
    frame: Frame,
    look: Look,
    counts: CountRange | None,
    size_px: tuple[int, int] | None,
    scale: Scale | None = None,
) -> Rendered:
    """The picture of a frame. The frame is not changed.

    Args:
        counts: the counts of the first and the last colour; None takes the frame's own. Colour needs none.
        size_px: width and height of the tile in device pixels; None keeps the frame's own size, and a smaller frame
            is never enlarged.
        scale: what the counts mean, for the isotherm; None takes that of the stream.
    """
    pixels = np.asarray(frame.pixels)
    kind = frame.kind
    holes = kind is StreamKind.DEPTH or (kind is StreamKind.THERMAL and cv2.countNonZero(pixels) < pixels.size)
    small, factor = _fitted(pixels, holes, size_px)
    if kind is StreamKind.COLOR:
        return Rendered(_red(small) if look.red else small, factor)
    if counts is None:
        counts = range_of(frame)
    if kind in (StreamKind.DEPTH, StreamKind.THERMAL):
        return Rendered(_measured(frame, small, look, counts, scale or scale_of(frame.info)), factor)
    return Rendered(_gray(small, look, counts), factor)


def faded(rgb: Rgb, red: bool = False) -> Rgb:
    """A picture that is no longer true: without colours and at 45 % brightness, uint8 (h, w, 3).

    Args:
        red: in red in place of gray.
    """
    gray = cv2.transform(rgb, np.full((1, 3), 1 / 3, np.float32)) if red else cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    dim = cv2.convertScaleAbs(gray, alpha=0.9 if red else 0.45)
    if red:
        return np.asarray(cv2.applyColorMap(dim, red_table()), np.uint8)
    return np.asarray(cv2.cvtColor(dim, cv2.COLOR_GRAY2RGB), np.uint8)


def _fitted(pixels: NDArray[Any], takes_one: bool, size_px: tuple[int, int] | None) -> tuple[NDArray[Any], float]:
    """The pixels made as small as the tile, single ones or means of them, and by which factor."""
    h, w = pixels.shape[:2]
    if size_px is None:
        return pixels, 1.0
    factor = min(max(size_px[0], 1) / w, max(size_px[1], 1) / h)
    if factor >= 1.0:
        return pixels, 1.0
    to = (max(1, round(w * factor)), max(1, round(h * factor)))
    if takes_one:
        return np.asarray(cv2.resize(pixels, to, interpolation=cv2.INTER_NEAREST_EXACT)), factor
    if 1.0 / factor <= _LINEAR_TO:
        return np.asarray(cv2.resize(pixels, to, interpolation=cv2.INTER_LINEAR)), factor
    # First to twice the size, since OpenCV averages two by two pixels many times as fast as any other number.
    thin = cv2.INTER_NEAREST_EXACT if 1.0 / factor >= _THIN_FROM else cv2.INTER_LINEAR
    doubled = cv2.resize(pixels, (2 * to[0], 2 * to[1]), interpolation=thin)
    return np.asarray(cv2.resize(doubled, to, interpolation=cv2.INTER_AREA)), factor


def _measured(frame: Frame, pixels: NDArray[Any], look: Look, counts: CountRange, scale: Scale) -> Rgb:
    """Depth and thermal in their palette, the isotherm over it, and a hatch where there is no reading."""
    is_depth = frame.kind is StreamKind.DEPTH
    isotherm = None
    if look.isotherm is not None and look.holds_in(scale.unit):
        low, high = sorted(scale.count(v) for v in look.isotherm.ends)
        isotherm = (low, high)
    has_holes = zero_is_hole(frame.kind, scale, counts)
    table = count_table(counts.low, counts.high, is_depth, scale.gain < 0, isotherm, has_holes)
    index = _look_up(table, pixels)
    beyond = "" if look.isotherm is None else look.isotherm.beyond.value
    rgb = np.asarray(cv2.applyColorMap(index, color_table(palette_of(look, frame.kind), is_depth, look.red, beyond)))
    if has_holes and index.min() == HOLE:
        cv2.copyTo(hatch(*index.shape, look.red), cv2.inRange(index, HOLE, HOLE), rgb)
    return np.asarray(rgb, np.uint8)


def _gray(pixels: NDArray[Any], look: Look, counts: CountRange) -> Rgb:
    """Gray and infrared: a window of counts, then CLAHE, then gamma."""
    top = 256 if pixels.dtype == np.uint8 else 65536
    low, high = counts.low, counts.high
    if look.clahe:
        even = _look_up(gray_table(low, high, 1.0, top), pixels)
        # Eight tiles a side, as its authors do; a picture of a few pixels has no neighbourhoods.
        if min(even.shape[:2]) >= 16:
            even = _clahe(look.clahe, threading.get_ident()).apply(even)
        shade = even if look.gamma == 1.0 else cv2.LUT(even, gray_table(0.0, 255.0, look.gamma, 256))
    else:
        shade = _look_up(gray_table(low, high, look.gamma, top), pixels)
    if look.red:
        return np.asarray(cv2.applyColorMap(shade, red_table()), np.uint8)
    return np.asarray(cv2.cvtColor(shade, cv2.COLOR_GRAY2RGB), np.uint8)


def _red(rgb: NDArray[Any]) -> Rgb:
    """Colour as shades of red."""
    gray = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.applyColorMap(gray, red_table()), np.uint8)


def _look_up(table: NDArray[np.uint8], pixels: NDArray[Any]) -> NDArray[np.uint8]:
    """``table[pixels]``, uint8; OpenCV does it four times as fast as numpy where it knows 16-bit tables (from 4.12)."""
    if pixels.dtype == np.uint8:
        return np.asarray(cv2.LUT(pixels, table[:256]), np.uint8)
    if _opencv_knows_16_bits():
        return np.asarray(cv2.LUT(pixels, table), np.uint8)
    return np.asarray(table.take(pixels), np.uint8)


@lru_cache(maxsize=1)
def _opencv_knows_16_bits() -> bool:
    probe, table = np.array([[0, 300, 65535]], np.uint16), (np.arange(65536) >> 8).astype(np.uint8)
    try:
        return bool(np.array_equal(cv2.LUT(probe, table), table[probe]))
    except cv2.error:
        return False


@lru_cache(maxsize=8)
def _clahe(limit: float, _thread: int) -> cv2.CLAHE:
    """Each thread has its own: it works in memory of its own."""
    return cv2.createCLAHE(limit, (8, 8))
