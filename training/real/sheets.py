"""Pictures to look at: contact sheets with boxes and points drawn in. They show real people and stay out of the
repository."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from training.out_folder import make_folder, replace_file

GREEN, RED, YELLOW, CYAN, WHITE = (0, 220, 0), (0, 0, 255), (0, 220, 255), (255, 220, 0), (255, 255, 255)
_PARTS = ((17, 22), (22, 27), (27, 31), (31, 36), (36, 42), (42, 48), (48, 60), (60, 68))
_CLOSED = ((36, 42), (42, 48), (48, 60), (60, 68))

Tile = NDArray[np.uint8]


def as_bgr(image: NDArray[np.uint8]) -> Tile:
    """A copy in BGR."""
    return cv2.cvtColor(image, cv2.COLOR_GRAY2BGR) if image.ndim == 2 else image.copy()


def enlarge(image: NDArray[np.uint8], size: int) -> Tile:
    """In BGR, `size` px wide, without smoothing what is small."""
    height = max(1, round(image.shape[0] * size / image.shape[1]))
    how = cv2.INTER_AREA if image.shape[1] > size else cv2.INTER_CUBIC
    return as_bgr(np.ascontiguousarray(cv2.resize(image, (size, height), interpolation=how)))


def with_boxes(image: Tile, boxes: NDArray, color: tuple[int, int, int], scale: float = 1.0) -> Tile:
    """Draws boxes (left, top, right, bottom px of the picture before it was scaled) into the tile."""
    for box in np.asarray(boxes, float).reshape(-1, 4):
        if np.isfinite(box).all():
            left, top, right, bottom = (round(float(v) * scale) for v in box)
            cv2.rectangle(image, (left, top), (right, bottom), color, 1)
    return image


def with_points(image: Tile, points: NDArray, color: tuple[int, int, int]) -> Tile:
    """Draws 68 points as brows, nose, eyes and lips (the jaw as dots); px of the tile. NaN draws nothing."""
    if not np.isfinite(points).all():
        return image
    for first, last in _PARTS:
        line = np.round(points[first:last] * 16).astype(np.int32)
        cv2.polylines(image, [line], (first, last) in _CLOSED, color, 1, cv2.LINE_AA, shift=4)
    for x, y in np.round(points[:17]).astype(int):
        cv2.circle(image, (int(x), int(y)), 1, color, -1)
    return image


def with_text(image: Tile, text: str, color: tuple[int, int, int] = WHITE) -> Tile:
    cv2.putText(image, text, (2, 10), cv2.FONT_HERSHEY_SIMPLEX, 0.36, (0, 0, 0), 2, cv2.LINE_AA)
    cv2.putText(image, text, (2, 10), cv2.FONT_HERSHEY_SIMPLEX, 0.36, color, 1, cv2.LINE_AA)
    return image


def relief_tile(z_mm: NDArray, mask: NDArray[np.bool_], distance_mm: float, size: int, half_mm: float = 100.0) -> Tile:
    """Depth as gray, near bright, within `half_mm` of the distance; black where nothing is known."""
    known = mask & np.isfinite(z_mm)
    gray = 1 + 254 * np.clip((distance_mm + half_mm - np.where(known, z_mm, distance_mm)) / (2 * half_mm), 0, 1)
    return enlarge(np.where(known, gray, 0).astype(np.uint8), size)


def error_tile(error_mm: NDArray, mask: NDArray[np.bool_], size: int, most_mm: float = 30.0) -> Tile:
    """A signed error: red in front of the truth, blue behind it, black at none or unknown."""
    known = mask & np.isfinite(error_mm)
    level = np.clip(np.where(known, error_mm, 0) / most_mm, -1, 1)
    out = np.zeros((*error_mm.shape, 3), np.uint8)
    out[..., 2] = np.where(level < 0, -level * 255, 0)
    out[..., 0] = np.where(level > 0, level * 255, 0)
    return enlarge(out, size)


def sheet(tiles: Sequence[Tile], columns: int) -> Tile:
    """Tiles in rows, each padded to the largest."""
    if not tiles:
        return np.zeros((16, 16, 3), np.uint8)
    height, width = max(t.shape[0] for t in tiles), max(t.shape[1] for t in tiles)
    count = -(-len(tiles) // columns) * columns
    out = np.full((count // columns * height, columns * width, 3), 40, np.uint8)
    for i, tile in enumerate(tiles):
        top, left = i // columns * height, i % columns * width
        out[top : top + tile.shape[0], left : left + tile.shape[1]] = tile
    return out


def save(folder: Path | None, name: str, image: Tile) -> None:
    """Write a PNG into the folder; nothing without one. Raises OutFolderError where that fails."""
    if folder is None:
        return
    make_folder(folder)
    done, data = cv2.imencode(".png", image)
    if done:
        replace_file(folder / f"{name}.png", data.tobytes())
