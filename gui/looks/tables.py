"""The tables that pixels go through on their way to the screen. No Qt here.

Counts become one of 256 numbers, and the numbers become colours: 0 is a pixel without a reading, the others are the
palette's. Where there is an isotherm, the last 64 are its own: shades of one colour, so that what lies in it is seen.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pipeline.colormap import Rgb, palette_colors

HOLE, FIRST, PAINTED = 0, 1, 192
"""No reading; the palette's first colour; the isotherm's first shade, which the palette ends before."""

Table = NDArray[np.uint8]

ISOTHERM_COLORS = {"above": (64, 255, 64), "below": (0, 200, 255), "between": (64, 255, 64)}
"""Green for what is too hot, cyan for what is too cold; ironbow has neither."""
_ISOTHERM_RED = (255, 14, 6)
_ISOTHERM_DARKEST = 0.5
_RED_MOST = 215
_RED_BESIDE = 0.55  # how bright red pictures are beside an isotherm
_DARKEST_DEPTH = {False: 0.12, True: 0.22}
"""Where a palette of depth begins, 0..1, in colours and in red, so that no distance is black."""

_SLACK = 1e-6  # counts
_HATCH_STEP = 6
_HATCH = {False: ((10, 11, 13), (58, 62, 70)), True: ((5, 0, 0), (36, 0, 0))}
"""Ground and lines of what has no reading."""


@lru_cache(maxsize=48)
def count_table(
    low: float,
    high: float,
    is_depth: bool,
    falling: bool = False,
    isotherm: tuple[float, float] | None = None,
    has_holes: bool = True,
) -> Table:
    """uint8 (65536,): counts to numbers of colours.

    Args:
        low, high: counts of the first and the last colour of the palette (of depth: of the last and the first; its
            colours are spread evenly over 1/count, as depth cameras resolve).
        falling: higher counts mean lower values.
        isotherm: the counts that are painted, ends included.
        has_holes: count 0 is no reading.
    """
    last = 255 if isotherm is None else PAINTED - 1
    counts = np.arange(65536, dtype=np.float32)
    if is_depth:
        near = nearest_count(low, high)
        t = (1.0 / np.maximum(counts, 0.5) - 1.0 / high) / (1.0 / near - 1.0 / high)
    else:
        t = (counts - np.float32(low)) / np.float32(high - low)
    t = np.clip(t, 0.0, 1.0)
    if falling:
        t = 1.0 - t
    table = (FIRST + t * (last - FIRST) + 0.5).astype(np.uint8)
    if isotherm is not None:
        # Counts are whole, and an end that falls on one is in.
        begin = math.ceil(max(isotherm[0] - _SLACK, 0.0)) if isotherm[0] < 65536 else 65536
        end = math.floor(min(isotherm[1] + _SLACK, 65535.0)) + 1
        inside = t[begin : max(end, begin)]
        if inside.size:
            # Its shades are spread over what of it the range shows.
            least, most = float(inside.min()), float(inside.max())
            shade = (inside - least) / (most - least) if most > least else np.ones_like(inside)
            table[begin:end] = (PAINTED + shade * (255 - PAINTED) + 0.5).astype(np.uint8)
    if has_holes:
        table[0] = HOLE
    table.flags.writeable = False
    return table


def nearest_count(low: float, high: float) -> float:
    """The count of depth's brightest colour: a range from nothing on would give it all to the first centimetres."""
    return min(max(low, high / 50.0, 1e-3), high * 0.999)


@lru_cache(maxsize=64)
def color_table(palette: str, is_depth: bool, red: bool, beyond: str = "") -> Table:
    """uint8 (256, 1, 3) RGB, for ``cv2.applyColorMap``.

    Args:
        red: shades of red in place of the palette; black hot still falls, the others rise.
        beyond: which isotherm is painted, if any.
    """
    last = PAINTED - 1 if beyond else 255
    at = np.linspace(0.0, 1.0, last - FIRST + 1)
    if is_depth:
        darkest = _DARKEST_DEPTH[red]
        at = darkest + (1.0 - darkest) * at
    ramp = np.rint(at * 255).astype(np.intp)
    if red:
        most = _RED_BESIDE if beyond else 1.0
        colors = red_shades(most * (at[::-1] if palette == "black hot" else at))
    else:
        colors = palette_colors(palette)[ramp]
    table = np.zeros((256, 1, 3), np.uint8)
    table[FIRST : last + 1, 0] = colors
    if beyond:
        table[PAINTED:, 0] = isotherm_shades(beyond, red)
    table.flags.writeable = False
    return table


def isotherm_shades(beyond: str, red: bool = False) -> Rgb:
    """The shades of an isotherm's colour from its lowest to its highest value, uint8 (64, 3) RGB."""
    color = np.array(_ISOTHERM_RED if red else ISOTHERM_COLORS[beyond], np.float64)
    least = 0.75 if red else _ISOTHERM_DARKEST
    return (np.linspace(least, 1.0, 256 - PAINTED)[:, None] * color).round().astype(np.uint8)


def red_shades(brightness: NDArray[np.floating]) -> Rgb:
    """Brightness (N,) 0..1 as shades of red that leave the eye used to the dark, uint8 (N, 3) RGB: hardly any green
    and blue, which the rods see best."""
    return np.stack([_RED_MOST * brightness, 14 * brightness**2, 6 * brightness**2], 1).round().astype(np.uint8)


@lru_cache(maxsize=1)
def red_table() -> Table:
    """Brightness to shades of red, uint8 (256, 1, 3) RGB."""
    return red_shades(np.linspace(0.0, 1.0, 256))[:, None, :]


@lru_cache(maxsize=48)
def gray_table(low: float, high: float, gamma: float, size: int) -> Table:
    """uint8 (size,): counts to brightness through a window and a gamma: ``((count - low) / (high - low)) ** (1 / g)``.

    Args:
        gamma: above 1 lifts the shadows.
        size: 256 or 65536.
    """
    t = np.clip((np.arange(size, dtype=np.float32) - np.float32(low)) / np.float32(high - low), 0.0, 1.0)
    if gamma != 1.0:
        t = t ** np.float32(1.0 / gamma)
    table = (255.0 * t + 0.5).astype(np.uint8)
    table.flags.writeable = False
    return table


_hatches: dict[bool, Rgb] = {}


def hatch(height: int, width: int, red: bool = False) -> Rgb:
    """What is shown where there is no reading: thin oblique lines on near black, uint8 (height, width, 3)."""
    kept = _hatches.get(red)
    if kept is None or kept.shape[0] < height or kept.shape[1] < width:
        h, w = (height, width) if kept is None else (max(height, kept.shape[0]), max(width, kept.shape[1]))
        ground, line = _HATCH[red]
        kept = np.empty((h, w, 3), np.uint8)
        kept[:] = ground
        y, x = np.ogrid[:h, :w]
        kept[(x + y) % _HATCH_STEP == 0] = line
        kept.flags.writeable = False
        _hatches[red] = kept
    return kept[:height, :width]
