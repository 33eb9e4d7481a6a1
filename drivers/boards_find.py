"""Find a calibration board in a picture, however deep its pixels are and whichever way its contrast goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.boards import Board, BoardKind

FloatArray = NDArray[np.float64]
Gray = NDArray[np.uint8]

_SMALL_PX: Final = 400
"""Pictures with a shorter side than this are enlarged before they are searched."""
_MOST_ENLARGED: Final = 4
_CLEAR: Final = 0.5
"""Of a square of a charuco board: a window round a corner must not reach the markers."""
_MOST_BLOBS: Final = 5
"""For each circle of the board; among more, a search for the grid takes seconds and finds none."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A board in a picture.

    Attributes:
        ids: (n,) int32, which of the board's points, rising.
        points_px: (n, 2) float64, where they are; pixel centres at integers.
    """

    ids: NDArray[np.int32]
    points_px: FloatArray


def gray_of(pixels: NDArray[Any]) -> Gray:
    """Pixels of any stream as 8 bits of gray: colours weighted, 16 bits spread from their half to their 99.5th percent.

    Args:
        pixels: (H, W) uint8 or uint16, or (H, W, 3) uint8 RGB.
    """
    if pixels.ndim == 3:
        return np.asarray(cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY), np.uint8)
    if pixels.dtype == np.uint8:
        return np.ascontiguousarray(pixels)
    low, high = np.percentile(pixels, (0.5, 99.5))
    spread = (pixels.astype(np.float32) - low) * (255.0 / max(high - low, 1.0))
    return np.asarray(np.clip(np.rint(spread), 0, 255), np.uint8)


def find_board(board: Board, gray: Gray) -> Seen | None:
    """The board in a picture, None where it is not seen (whole, for boards without markers).

    Small pictures are enlarged first; both polarities are tried (hot circles on a cold board, and the other way), and
    at last a picture with its contrast evened out.
    """
    shorter = min(gray.shape)
    factor = 1 if shorter >= _SMALL_PX else min(_MOST_ENLARGED, -(-_SMALL_PX // shorter))
    large = gray
    if factor > 1:
        large = np.asarray(cv2.resize(gray, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC), np.uint8)
    for picture in _ways_to_look(board, large, factor):
        found = _FINDERS[board.kind](board, picture)
        if found is not None and len(found.ids) >= board.fewest_points and _is_spread(found.points_px):
            order = np.argsort(found.ids)
            points = (found.points_px[order].astype(np.float64) + 0.5) / factor - 0.5
            if _is_inside(points, gray.shape):
                return Seen(found.ids[order], points)
    return None


def _ways_to_look(board: Board, gray: Gray, factor: int) -> Iterator[Gray]:
    if board.kind not in (BoardKind.CIRCLES, BoardKind.ACIRCLES):
        yield gray
        if board.kind is not BoardKind.CHESSBOARD:  # its finder sees both
            yield np.asarray(255 - gray, np.uint8)
        return
    for even in (False, True):
        for blur_px in (0.75, 0.4):  # of the picture as it was; the noise of a thermal camera is full of small blobs
            smooth = cv2.GaussianBlur(gray, (0, 0), blur_px * factor) if factor > 1 or even else gray
            if even:
                smooth = cv2.createCLAHE(3.0, (4, 4)).apply(smooth)
            yield np.asarray(smooth, np.uint8)
            yield np.asarray(255 - smooth, np.uint8)
            if factor == 1:
                break


def _is_spread(points: FloatArray) -> bool:
    """Not all on one line: a pose needs an area."""
    centered = points - points.mean(axis=0)
    return bool(np.linalg.svd(centered, compute_uv=False)[-1] > 2.0 * np.sqrt(len(points)))


def _is_inside(points: FloatArray, shape: tuple[int, ...]) -> bool:
    height, width = shape[:2]
    return bool((points > -0.5).all() and (points[:, 0] < width - 0.5).all() and (points[:, 1] < height - 0.5).all())


def _whole(points: NDArray[Any]) -> Seen:
    flat = points.reshape(-1, 2).astype(np.float64)
    return Seen(np.arange(len(flat), dtype=np.int32), flat)


def _find_chessboard(board: Board, gray: Gray) -> Seen | None:
    flags = cv2.CALIB_CB_NORMALIZE_IMAGE | cv2.CALIB_CB_ACCURACY
    found, corners = cv2.findChessboardCornersSB(gray, (board.columns, board.rows), flags=flags)
    if not found:
        return None
    grid = np.asarray(corners, np.float32).reshape(board.rows, board.columns, 2)
    nearest = min(np.linalg.norm(np.diff(grid, axis=axis), axis=2).min() for axis in (0, 1))
    return _whole(_refined(gray, grid, float(nearest)))


def _refined(gray: Gray, corners: NDArray[Any], spacing_px: float) -> FloatArray:
    """(n, 2): corners where two black and two white squares meet, by their gradients.

    The finders' own models of a corner are off by some hundredths of a pixel in soft pictures.
    """
    half = int(np.clip(0.3 * spacing_px, 2, 11))
    until = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 40, 0.001)
    start = np.ascontiguousarray(corners, np.float32).reshape(-1, 1, 2)
    return np.asarray(cv2.cornerSubPix(gray, start, (half, half), (-1, -1), until), np.float64).reshape(-1, 2)


def _find_charuco(board: Board, gray: Gray) -> Seen | None:
    drawn = cv2.aruco.CharucoBoard((board.columns, board.rows), board.square_mm, board.marker_mm, board.markers())
    corners, ids, _, _ = cv2.aruco.CharucoDetector(drawn).detectBoard(gray)
    if len(np.atleast_1d(np.asarray(ids))) < board.fewest_points:  # None where there is none at all
        return None
    points = np.asarray(corners, np.float64).reshape(-1, 2)
    apart = np.linalg.norm(points[:, None] - points[None], axis=2) + np.where(np.eye(len(points)) > 0, np.inf, 0.0)
    numbers = np.asarray(ids, np.int32).ravel()
    return Seen(numbers, _refined(gray, points, _CLEAR * float(np.median(apart.min(axis=1)))))


def _find_aruco(board: Board, gray: Gray) -> Seen | None:
    settings = cv2.aruco.DetectorParameters()
    settings.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    corners, ids, _ = cv2.aruco.ArucoDetector(board.markers(), settings).detectMarkers(gray)
    if not len(corners):
        return None
    seen = {int(i): quad for i, quad in zip(np.asarray(ids).ravel(), corners, strict=True) if i < board.marker_count}
    if not seen:
        return None
    numbers = np.concatenate([4 * i + np.arange(4, dtype=np.int32) for i in seen])
    points = np.concatenate([np.asarray(quad, np.float64).reshape(4, 2) for quad in seen.values()])
    return Seen(numbers.astype(np.int32), points)


def _find_circles(board: Board, gray: Gray) -> Seen | None:
    pattern = cv2.CALIB_CB_SYMMETRIC_GRID if board.kind is BoardKind.CIRCLES else cv2.CALIB_CB_ASYMMETRIC_GRID
    blobs = _blob_detector(gray)
    if not len(board.points_mm()) <= len(blobs.detect(gray)) <= _MOST_BLOBS * len(board.points_mm()):
        return None
    for flags in (pattern, pattern | cv2.CALIB_CB_CLUSTERING):
        try:
            found, centers = cv2.findCirclesGrid(gray, (board.columns, board.rows), flags=flags, blobDetector=blobs)
        except cv2.error:  # the clustering asserts on some arrangements of blobs; there is no board then
            continue
        if found:
            return _right_handed(board, _whole(np.asarray(centers)))
    return None


def _right_handed(board: Board, seen: Seen) -> Seen | None:
    """A board is never seen in a mirror: such an order of points is a mistake, mended where the pattern allows."""
    grid = seen.points_px.reshape(board.rows, board.columns, 2)
    across, down = grid[0, -1] - grid[0, 0], grid[-1, 0] - grid[0, 0]
    if float(across[0] * down[1] - across[1] * down[0]) > 0:
        return seen
    return _whole(grid[::-1]) if board.kind is BoardKind.CIRCLES else None


def _blob_detector(gray: Gray) -> Any:
    settings = cv2.SimpleBlobDetector.Params()
    settings.filterByColor, settings.blobColor = True, 0
    settings.filterByArea, settings.minArea, settings.maxArea = True, 16.0, 0.05 * gray.size
    settings.filterByCircularity = False
    settings.filterByInertia, settings.minInertiaRatio = True, 0.1  # a circle seen at 80 degrees
    settings.filterByConvexity, settings.minConvexity = True, 0.85
    settings.minThreshold, settings.maxThreshold, settings.thresholdStep = 10.0, 245.0, 8.0
    settings.minDistBetweenBlobs, settings.minRepeatability = 4.0, 2
    return cv2.SimpleBlobDetector.create(settings)


_FINDERS: Final = {
    BoardKind.CHESSBOARD: _find_chessboard,
    BoardKind.CHARUCO: _find_charuco,
    BoardKind.ARUCO: _find_aruco,
    BoardKind.CIRCLES: _find_circles,
    BoardKind.ACIRCLES: _find_circles,
}
