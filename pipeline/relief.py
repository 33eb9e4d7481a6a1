"""A relief as a lit surface for the eye: from the front or turned, and in fog where its model is unsure."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.colormap import Rgb

Field = NDArray[np.float32]

BACKGROUND = (24, 27, 32)
SKIN = (236, 228, 216)
FOG = (74, 84, 100)
"""What an unsure surface fades into: cooler and flatter than any light on it, and no shadow."""

CROP_MM = 320.0
"""Width and height of the papers' crop at the head."""

FURTHEST_DEG = 60.0
"""A height field is turned no further: its sides were never seen."""

_LIGHT = np.array((-0.45, -0.55, 0.70), dtype=np.float32) / np.float32(math.sqrt(0.45**2 + 0.55**2 + 0.70**2))
_STEEPEST = 3.0  # mm up a mm along: beyond it there is a gap between two surfaces, and nothing to draw
_SURE, _UNSURE = 0.7, 0.15  # confidences from which on there is no fog, and nothing but fog
_MOST_PX, _MOST_TURNED_PX = 256, 160  # of a side; beyond it the picture is enlarged: a relief has 96 x 96 points


def shade_relief(
    relief_mm: NDArray[np.float32],
    size: int | None = None,
    confidence: NDArray[np.float32] | None = None,
    turn_deg: tuple[float, float] = (0.0, 0.0),
) -> Rgb:
    """A relief as a surface lit from the upper left, uint8 (size, size, 3) RGB; NaN is dark, unsure parts lie in fog.

    Lambert shading of the height field's normal, with the crop's 320 mm across the picture; smoothed a little, for
    the eye only. The light stays where it is when the surface is turned.

    Args:
        relief_mm: float32 (H, W), millimetres toward the camera, NaN outside the head.
        size: side of the picture in px; None keeps that of the relief.
        confidence: float32 (H, W), 0..1; None where nobody tells it, and there is no fog.
        turn_deg: how far the surface is turned: to its own left (the nose moves to image right), and up. At most 60
            degrees each; what was hidden from the camera stays empty.
    """
    side = size or relief_mm.shape[0]
    inside = np.isfinite(relief_mm)
    if not inside.any():
        return np.full((side, side, 3), BACKGROUND, dtype=np.uint8)
    yaw, pitch = (math.radians(min(max(a, -FURTHEST_DEG), FURTHEST_DEG)) for a in turn_deg)
    if abs(yaw) < 0.01 and abs(pitch) < 0.01:
        small = min(side, _MOST_PX)
        return _sized(_seen_from_front(_surface(relief_mm, inside, small, confidence)), side)
    small = min(side, _MOST_TURNED_PX)
    # More points than pixels: slopes spread them over up to twice as many.
    surface = _surface(relief_mm, inside, round(1.6 * small), confidence)
    return _sized(_turned(surface, small, yaw, pitch), side)


def _sized(rgb: Rgb, side: int) -> Rgb:
    if rgb.shape[0] == side:
        return rgb
    return np.asarray(cv2.resize(rgb, (side, side), interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class _Surface:
    """(side, side) float32 each: height in mm, how much of each pixel is head (0..1), the slopes to the right and down
    in mm a mm, and 1 where there is no fog (0: nothing but fog)."""

    height: Field
    mask: Field
    dx: Field
    dy: Field
    clear: Field | None


def _surface(relief_mm: Field, inside: NDArray[np.bool_], side: int, confidence: Field | None) -> _Surface:
    weight = inside.astype(np.float32)
    filled = np.where(inside, relief_mm, np.float32(0.0)).astype(np.float32)
    # Smooth within the head only (normalised convolution), so that the outline does not shade as a cliff.
    soft = np.maximum(cv2.GaussianBlur(weight, (0, 0), 1.2), np.float32(1e-3))
    smooth = cv2.GaussianBlur(filled, (0, 0), 1.2) / soft
    floor = float(relief_mm[inside].min())
    smooth[soft <= 1e-3] = floor
    height = np.asarray(cv2.resize(smooth, (side, side), interpolation=cv2.INTER_CUBIC), np.float32)
    # An outline that is smooth to the eye, in place of the pixels' staircase.
    mask = cv2.resize(cv2.GaussianBlur(weight, (0, 0), 1.6), (side, side), interpolation=cv2.INTER_LINEAR)
    mask = np.asarray(np.clip((mask - np.float32(0.35)) / np.float32(0.3), 0.0, 1.0), np.float32)
    slope = side / CROP_MM / 8
    dx = np.asarray(cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=3, scale=slope), np.float32)
    dy = np.asarray(cv2.Sobel(height, cv2.CV_32F, 0, 1, ksize=3, scale=slope), np.float32)
    clear = None
    if confidence is not None and confidence.shape == inside.shape:
        told = np.where(inside & np.isfinite(confidence), confidence, np.float32(0.0)).astype(np.float32)
        shown = (cv2.GaussianBlur(told, (0, 0), 1.2) / soft - np.float32(_UNSURE)) / np.float32(_SURE - _UNSURE)
        shown = np.asarray(np.clip(shown, 0.0, 1.0), np.float32)
        clear = np.asarray(cv2.resize(shown, (side, side), interpolation=cv2.INTER_LINEAR), np.float32)
    return _Surface(height, np.asarray(mask, np.float32), dx, dy, clear)


def _paint(lambert: Field, mask: Field, clear: Field | None) -> Rgb:
    """Light on the surface, the fog before it, and the background round it: uint8 (side, side, 3)."""
    shade = np.clip(np.float32(0.15) + np.float32(0.85) * lambert, 0.0, 1.0)
    lit = mask if clear is None else mask * clear
    parts = cv2.merge([lit * shade, mask - lit, 1.0 - mask])
    mixed = cv2.transform(parts, np.array((SKIN, FOG, BACKGROUND), np.float32).T)
    return np.asarray(cv2.convertScaleAbs(mixed), dtype=np.uint8)


def _seen_from_front(s: _Surface) -> Rgb:
    # The normal of z = h(x, y) with z toward the camera is (-dx, -dy, 1).
    lambert = (_LIGHT[2] - s.dx * _LIGHT[0] - s.dy * _LIGHT[1]) / np.sqrt(s.dx * s.dx + s.dy * s.dy + np.float32(1.0))
    return _paint(lambert, s.mask, s.clear)


def _turned(s: _Surface, side: int, yaw: float, pitch: float) -> Rgb:
    """The height field's points turned about the crop's middle, and painted from the back to the front in parallel
    projection. That takes no sorting: along a line of sight a height field's nearer points all lie to the same side.
    """
    count = s.height.shape[0]
    at = (np.arange(count, dtype=np.float32) + 0.5) / count - 0.5
    x, y = np.meshgrid(at * np.float32(CROP_MM), at * np.float32(CROP_MM))
    # Axes of the picture: x right, y down, z toward the eye. First up (about x), then to the own left (about y).
    cy, sy, cp, sp = (np.float32(f(a)) for a in (yaw, pitch) for f in (math.cos, math.sin))
    u = cy * x + sy * (sp * y + cp * s.height)
    v = cp * y - sp * s.height
    # The normals (-dx, -dy, 1), turned likewise.
    up_z = cp - sp * s.dy
    n_x, n_y, n_z = sy * up_z - cy * s.dx, -cp * s.dy - sp, cy * up_z + sy * s.dx
    steep = s.dx * s.dx + s.dy * s.dy
    lambert = (n_x * _LIGHT[0] + n_y * _LIGHT[1] + n_z * _LIGHT[2]) / np.sqrt(steep + np.float32(1.0))
    column = np.floor((u / np.float32(CROP_MM) + 0.5) * side).astype(np.int32)
    row = np.floor((v / np.float32(CROP_MM) + 0.5) * side).astype(np.int32)
    drawn = (s.mask > 0.5) & (cv2.blur(steep, (5, 5)) < _STEEPEST**2) & (n_z > 0)
    drawn &= (column >= 0) & (column < side) & (row >= 0) & (row < side)
    # Where surfaces hide each other, the nearer one lies to the left (turned to its own left) and below (turned up).
    order = (slice(None, None, 1 if pitch >= 0 else -1), slice(None, None, -1 if yaw >= 0 else 1))
    chosen = drawn[order]
    place = (row[order] * side + column[order])[chosen]
    layers = np.zeros((side * side, 3), np.float32)  # light, clearness, whether there is a surface
    layers[place, 0] = lambert[order][chosen]
    layers[place, 1] = 1.0 if s.clear is None else s.clear[order][chosen]
    layers[place, 2] = 1.0
    seen = layers.reshape(side, side, 3)
    # Pinholes between points take what is round them; what the camera never saw stays empty.
    near = np.asarray(cv2.blur(seen, (3, 3)))
    holes = (seen[..., 2] == 0) & (near[..., 2] > 0.5)
    seen[holes] = near[holes] / near[holes][:, 2:]
    soft = cv2.GaussianBlur(seen[..., 2], (0, 0), 0.7) * seen[..., 2]
    return _paint(seen[..., 0], soft, seen[..., 1])
