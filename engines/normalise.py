"""The numbers that networks see: contrast stretch and 8-bit depth coding. Training imports the same functions.

Every network input lies in [-1, 1]. The papers store depth in 8 bits without printing the window or the polarity;
here near is bright, 0 means no reading, and the window is the head's distance D +- L.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

HALF_RANGE_MM = 300.0
"""L of the depth coding: codes cover z in [D - L, D + L], in millimetres."""

TAIL_PERCENT = 2
"""The contrast stretch cuts this share of the valid pixels at each end (p2..p98)."""


def stretch_range(pixels: NDArray[Any], valid: NDArray[np.bool_] | None = None) -> tuple[float, float] | None:
    """The 2nd and 98th percentile of the valid pixels, as order statistics (nearest rank, no interpolation).

    With n valid pixels in rising order these are the ones at index k and n - 1 - k, k = floor(0.02 (n - 1)).

    Args:
        pixels: any shape; uint8, uint16 or float (NaN and infinity are never valid).
        valid: the same shape, True where a pixel counts; None takes all.

    Returns:
        (low, high), or None when no pixel is valid.
    """
    values = pixels.ravel() if valid is None else pixels[valid]
    if values.dtype.kind == "f":
        finite = np.isfinite(values)
        if not finite.all():
            values = values[finite]
    n = values.size
    if n == 0:
        return None
    k = (TAIL_PERCENT * (n - 1)) // 100
    if values.dtype == np.uint8:
        below = np.cumsum(np.bincount(values, minlength=256))
        low, high = np.searchsorted(below, (k, n - 1 - k), side="right")
    else:
        low, high = np.partition(values, (k, n - 1 - k))[[k, n - 1 - k]]
    return float(low), float(high)


def stretch(pixels: NDArray[Any], valid: NDArray[np.bool_] | None = None) -> NDArray[np.float32]:
    """Contrast stretch: p2..p98 of the valid pixels become -1..1, values beyond are cut, invalid ones are -1.

    A constant image has no contrast to stretch: its valid pixels become 0.

    Args:
        pixels: any shape; uint8, uint16 or float (NaN and infinity are invalid).
        valid: the same shape, True where a pixel counts; None takes all.

    Returns:
        float32 in [-1, 1] of the same shape.
    """
    ends = stretch_range(pixels, valid)
    if ends is None:
        return np.full(pixels.shape, -1.0, np.float32)
    low, high = ends
    if pixels.dtype == np.uint8:
        table = _linear(np.arange(256, dtype=np.float32), low, high)
        out: NDArray[np.float32] = np.take(table, pixels)  # half the time of table[pixels]
    else:
        out = _linear(pixels.astype(np.float32), low, high)
    if valid is not None:
        out[~valid] = -1.0
    if pixels.dtype.kind == "f":
        out[~np.isfinite(pixels)] = -1.0
    return out


def _linear(values: NDArray[np.float32], low: float, high: float) -> NDArray[np.float32]:
    if high <= low:
        values -= np.float32(low)
        np.sign(values, out=values)  # 0 for the constant, the few outliers are cut as ever
        return values
    values -= np.float32(low)
    values *= np.float32(2.0 / (high - low))
    values -= np.float32(1.0)
    np.clip(values, -1.0, 1.0, out=values)
    return values


def encode_depth(z_mm: NDArray[Any], distance_mm: float, half_range_mm: float = HALF_RANGE_MM) -> NDArray[np.uint8]:
    """Depth in 8 bits: d8 = 1 + round(254 (D + L - z) / (2 L)) for z in [D - L, D + L], else 0.

    Args:
        z_mm: depth in millimetres, any shape; 0 and NaN mean no reading.
        distance_mm: D, the head's distance.
        half_range_mm: L.

    Returns:
        uint8 of the same shape: 1..255, near = bright; 0 = no reading or outside the window.
    """
    z = z_mm.astype(np.float32)
    inside = (z > 0) & (z >= distance_mm - half_range_mm) & (z <= distance_mm + half_range_mm)
    z = np.where(inside, z, np.float32(distance_mm))
    code = np.rint(np.float32(127.0 / half_range_mm) * (np.float32(distance_mm + half_range_mm) - z)) + 1.0
    return np.where(inside, np.clip(code, 1, 255), 0).astype(np.uint8)


def relief_of_code(code: NDArray[Any], half_range_mm: float = HALF_RANGE_MM) -> NDArray[np.float32]:
    """Codes 1..255 to relief D - z in millimetres, positive toward the camera: 2 L (d8 - 1) / 254 - L.

    Args:
        code: any shape; whole or fractional codes.
        half_range_mm: L.

    Returns:
        float32 of the same shape; NaN where the code is 0 or less (no reading).
    """
    c = code.astype(np.float32)
    relief = (c - np.float32(1.0)) * np.float32(half_range_mm / 127.0) - np.float32(half_range_mm)
    return np.where(c > 0, relief, np.float32(np.nan))


def unit_of_code(code: NDArray[np.uint8]) -> NDArray[np.float32]:
    """8-bit codes to network numbers: d8 / 127.5 - 1, float32 in [-1, 1] of the same shape."""
    unit: NDArray[np.float32] = np.take(_UNIT_OF_CODE, code)
    return unit


def code_of_unit(unit: NDArray[Any]) -> NDArray[np.uint8]:
    """Network numbers in [-1, 1] to the nearest 8-bit code: round(127.5 (u + 1)), cut to 0..255."""
    code: NDArray[np.uint8] = np.rint(np.clip((unit + np.float32(1.0)) * np.float32(127.5), 0, 255)).astype(np.uint8)
    return code


_UNIT_OF_CODE: NDArray[np.float32] = (np.arange(256) / 127.5 - 1.0).astype(np.float32)
