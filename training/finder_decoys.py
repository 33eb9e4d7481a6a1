"""Things of a head's size that are no faces: warm pots, patterned cloth, lamps, leaves. They go in front of the
surroundings and of clothes before a sensor looks, and never over a head."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from training.faces.crowd_sample import COLUMN

Plane = NDArray[np.float32]
Bank = Callable[[np.random.Generator, tuple[int, ...]], Plane]

CLEAR_OF_HEADS = 0.75
"""A decoy keeps so many sides of a head's square, and its own reach, from the square's middle."""
SMALLEST_PX, LARGEST_PX = 7.0, 110.0
TRIES = 6


def draw_decoys(image: Plane, heads: NDArray[np.float32], field: Bank, noise: Bank, rng: np.random.Generator) -> Plane:
    """A picture (H, W) with a few decoys in it, on the picture's own scale; the same array where there is no room.

    Args:
        image: any float plane: light, or thermal counts. It is not changed.
        heads: (K, fields) people in picture pixels; decoys keep away from all of them.
        field: gives a smooth random field, about -1..1, for (rng, shape).
        noise: gives standard normal noise for (rng, shape).
    """
    low, high = (float(v) for v in np.percentile(image[::4, ::4], (2, 98)))
    span = max(high - low, 1.0)
    out = image
    for _ in range(int(rng.integers(1, 5))):
        size = float(np.exp(rng.uniform(np.log(SMALLEST_PX), np.log(LARGEST_PX))))
        place = _place(image.shape, heads, size, rng)
        if place is None:
            continue
        if out is image:
            out = image.copy()
        _paint(out, place, size, (low, span), (field, noise), rng)
    return out


def _place(
    shape: tuple[int, ...], heads: NDArray[np.float32], size: float, rng: np.random.Generator
) -> tuple[float, float] | None:
    """The middle of a decoy that covers no head, or None."""
    for _ in range(TRIES):
        x, y = rng.uniform(0, shape[1]), rng.uniform(0, shape[0])
        away = np.maximum(np.abs(heads[:, COLUMN["box_x"]] - x), np.abs(heads[:, COLUMN["box_y"]] - y))
        if np.all(away > CLEAR_OF_HEADS * heads[:, COLUMN["side"]] + 0.7 * size):
            return x, y
    return None


def _paint(
    out: Plane,
    place: tuple[float, float],
    size: float,
    scale: tuple[float, float],
    banks: tuple[Bank, Bank],
    rng: np.random.Generator,
) -> None:
    low, span = scale
    field, noise = banks
    reach = int(np.ceil(0.75 * size)) + 2
    x, y = round(place[0]), round(place[1])
    left, top = max(x - reach, 0), max(y - reach, 0)
    part = out[top : y + reach + 1, left : x + reach + 1]
    shape = part.shape
    rows, columns = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    across, along = (columns - (place[0] - left)) / size, (rows - (place[1] - top)) / size
    level = rng.uniform(0.0, 1.25)  # as warm or bright as what is there, or more
    fill = np.full(shape, level, np.float32)
    fill += np.float32(rng.normal(0, 0.3)) * along + np.float32(rng.normal(0, 0.3)) * across
    fill += np.float32(rng.exponential(0.12)) * _at(field, rng, shape)
    if rng.random() < 0.4:  # stripes or checks, as of cloth and of grilles
        turn, period = rng.uniform(0, np.pi), rng.uniform(0.08, 0.5)
        wave = np.sin(2 * np.pi / period * (np.cos(turn) * across + np.sin(turn) * along))
        if rng.random() < 0.5:
            wave = np.maximum(wave, np.sin(2 * np.pi / period * (np.cos(turn) * along - np.sin(turn) * across)))
        fill += np.float32(rng.uniform(0.05, 0.6)) * (np.sign(wave) if rng.random() < 0.5 else wave)
    for _ in range(int(rng.integers(0, 6))):  # marks: letters, handles, openings
        away = np.hypot((across - rng.normal(0, 0.25)) / rng.uniform(0.03, 0.3), (along - rng.normal(0, 0.25)) / 0.1)
        fill = np.where(away < 1, np.float32(rng.uniform(0, 1.3)), fill)
    if rng.random() < 0.5:
        fill += np.float32(rng.exponential(0.05)) * _at(noise, rng, shape)
    outline = _outline(across, along, rng)
    soft = np.float32(rng.uniform(0.4, 1.5))
    mask = cv2.GaussianBlur(outline.astype(np.float32), (0, 0), float(soft))
    part += mask * (low + span * fill.astype(np.float32) - part)


def _at(bank: Bank, rng: np.random.Generator, shape: tuple[int, ...]) -> Plane:
    """A piece of a bank, which is 240 rows high at least."""
    height, width = min(shape[0], 240), min(shape[1], 240)
    piece = bank(rng, (height, width))
    if (height, width) == shape:
        return piece
    return cv2.resize(piece, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)


def _outline(across: Plane, along: Plane, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Round, square, or lobed like leaves and fruit; half of `size` to either side at most."""
    turn = rng.uniform(0, 2 * np.pi)
    u = np.cos(turn) * across + np.sin(turn) * along
    v = (np.cos(turn) * along - np.sin(turn) * across) / np.float32(rng.uniform(0.4, 1.0))
    kind = rng.random()
    if kind < 0.5:
        inside: NDArray[np.bool_] = np.hypot(u, v) < 0.5
    elif kind < 0.75:
        inside = np.maximum(np.abs(u), np.abs(v)) < 0.4
    else:
        angle = np.arctan2(v, u)
        lobes = 0.36 + 0.1 * np.sin(rng.integers(2, 9) * angle + rng.uniform(0, 6.3))
        inside = np.hypot(u, v) < lobes
    return inside
