"""A picture of a window as a small PNG: 256 colors, the many and the rare ones alike."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from gui.qt import QtGui

COLORS = 256

_BITS = 5  # of each channel, by which colors are counted
_STEP = 8


def save_png(path: Path, image: QtGui.QImage) -> None:
    """Write it.

    Raises:
        OSError: the file cannot be written.
    """
    rgb = _pixels(image)
    table, indices = few_colors(rgb)
    height, width = indices.shape
    wide = -(-width // 4) * 4  # a line of Qt's begins at every fourth byte
    padded = np.zeros((height, wide), np.uint8)
    padded[:, :width] = indices
    out = QtGui.QImage(padded.tobytes(), width, height, wide, QtGui.QImage.Format.Format_Indexed8)
    out.setColorTable([QtGui.qRgb(*map(int, color)) for color in table])
    if not out.save(str(path), "PNG", 0):
        raise OSError(f"{path} cannot be written")


def few_colors(rgb: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """At most 256 colors that lie close to those of a picture.

    K-means over the colors that occur, each weighted by the root of how often it does: words and lines, which are few
    pixels, keep theirs.

    Args:
        rgb: (H, W, 3) uint8.

    Returns:
        The colors (N, 3) uint8, and which of them each pixel has (H, W) uint8.
    """
    code = (rgb.astype(np.int32) // _STEP) @ np.array([1 << 2 * _BITS, 1 << _BITS, 1], np.int32)
    found, inverse, counts = np.unique(code.ravel(), return_inverse=True, return_counts=True)
    means = np.stack([np.bincount(inverse, rgb[..., c].ravel(), len(found)) / counts for c in range(3)], 1)
    copies = np.maximum(1, np.sqrt(counts) / 4).astype(np.int64)
    points = np.repeat(means, copies, axis=0).astype(np.float32)
    many = min(COLORS, len(found))
    cv2.setRNGSeed(1)
    stop = (cv2.TERM_CRITERIA_MAX_ITER + cv2.TERM_CRITERIA_EPS, 12, 0.5)
    _, labels, centers = cv2.kmeans(points, many, None, stop, 1, cv2.KMEANS_PP_CENTERS)
    first = np.concatenate([[0], np.cumsum(copies)[:-1]])
    table = np.clip(np.rint(centers), 0, 255).astype(np.uint8)
    return table, labels.ravel()[first][inverse].reshape(rgb.shape[:2]).astype(np.uint8)


def _pixels(image: QtGui.QImage) -> npt.NDArray[np.uint8]:
    """(H, W, 3) uint8 RGB."""
    plain = image.convertToFormat(QtGui.QImage.Format.Format_RGB888)
    bits = plain.constBits()
    if hasattr(bits, "setsize"):  # PyQt gives an address without an end
        bits.setsize(plain.sizeInBytes())
    lines = np.frombuffer(bits, np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return lines[:, : 3 * plain.width()].reshape(plain.height(), plain.width(), 3).copy()
