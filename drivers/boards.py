"""Calibration boards: what is printed on them, where its points lie.

A board's own axes are x right, y down, z away from who looks at it; the origin is the upper left corner of the pattern.
Sizes are counted as people count them: a chessboard by its inner corners, the others by squares, markers or circles.
An asymmetric circle board of 4 x 11 has 11 rows of 4 circles, every second one shifted; its ``square_mm`` is the
distance of two rows, half that of two circles in a row (as OpenCV's own drawings have it).
"""

from __future__ import annotations

import enum
import functools
import re
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.errors import CalibrationError

FloatArray = NDArray[np.float64]

DICTIONARIES: Final = tuple(sorted(name.removeprefix("DICT_") for name in dir(cv2.aruco) if name.startswith("DICT_")))
_SIZE: Final = re.compile(r"(\d{1,3})x(\d{1,3})")


class BoardKind(enum.StrEnum):
    """What is printed on a board."""

    CHESSBOARD = "chessboard"
    CHARUCO = "charuco"
    ARUCO = "aruco"
    CIRCLES = "circles"
    ACIRCLES = "acircles"


_FEWEST: Final = {BoardKind.CHARUCO: 3, BoardKind.ARUCO: 1, BoardKind.ACIRCLES: 2}


@dataclass(frozen=True, slots=True)
class Board:
    """A flat board.

    Attributes:
        kind: what is printed on it.
        columns, rows: see the module.
        square_mm: side of a square; of markers and circles the distance from one to the next.
        marker_mm: side of a marker; by default 0.7 of a square.
        circle_mm: diameter of a circle; by default 0.5 of ``square_mm``, asymmetric 0.8.
        dictionary: of the markers, one of :data:`DICTIONARIES`.
    """

    kind: BoardKind
    columns: int
    rows: int
    square_mm: float
    marker_mm: float = 0.0
    circle_mm: float = 0.0
    dictionary: str = "5X5_250"

    def __post_init__(self) -> None:
        fewest = _FEWEST.get(self.kind, 3)
        if min(self.columns, self.rows) < fewest or max(self.columns, self.rows) > 100:
            raise CalibrationError(f"a {self.kind} has {fewest} to 100 columns and rows, found {self.size}")
        if self.kind in (BoardKind.CHESSBOARD, BoardKind.CIRCLES) and self.columns == self.rows:
            raise CalibrationError(
                f"a {self.kind} of {self.size} looks the same from its four sides; take one with different sides"
            )
        if not (np.isfinite(self.square_mm) and 0.1 <= self.square_mm <= 10_000):
            raise CalibrationError(f"square_mm is 0.1 to 10000 mm, measured on the print; found {self.square_mm:g}")
        if self.kind in (BoardKind.CHARUCO, BoardKind.ARUCO):
            if not self.marker_mm:
                object.__setattr__(self, "marker_mm", 0.7 * self.square_mm)
            if not 0 < self.marker_mm < self.square_mm:
                raise CalibrationError(
                    f"marker_mm must be less than square_mm = {self.square_mm:g}, found {self.marker_mm:g}"
                )
            if self.dictionary not in DICTIONARIES:
                raise CalibrationError(
                    f"there is no dictionary {self.dictionary!r}; there are {', '.join(DICTIONARIES)}"
                )
            held = len(self.markers().bytesList)
            if held < self.marker_count:
                raise CalibrationError(
                    f"the dictionary {self.dictionary} has {held} markers, a {self.kind} of {self.size} needs "
                    f"{self.marker_count}; take a larger one"
                )
        if self.kind in (BoardKind.CIRCLES, BoardKind.ACIRCLES):
            nearest = self.square_mm * (np.sqrt(2.0) if self.kind is BoardKind.ACIRCLES else 1.0)
            if not self.circle_mm:
                share = 0.8 if self.kind is BoardKind.ACIRCLES else 0.5
                object.__setattr__(self, "circle_mm", share * self.square_mm)
            if not 0 < self.circle_mm < nearest:
                raise CalibrationError(f"circle_mm must be less than {nearest:g}, found {self.circle_mm:g}")

    @property
    def size(self) -> str:
        """Such as ``9x6``."""
        return f"{self.columns}x{self.rows}"

    @property
    def marker_count(self) -> int:
        """How many markers are on it."""
        if self.kind is BoardKind.ARUCO:
            return self.columns * self.rows
        return self.columns * self.rows // 2 if self.kind is BoardKind.CHARUCO else 0

    @property
    def fewest_points(self) -> int:
        """So many points make a view: all where they cannot be told apart, otherwise enough for a pose."""
        return 8 if self.kind in (BoardKind.CHARUCO, BoardKind.ARUCO) else len(self.points_mm())

    def words(self) -> str:
        """For people and files."""
        more = f", {self.marker_mm:g} mm markers of {self.dictionary}" if self.marker_mm else ""
        more += f", {self.circle_mm:g} mm circles" if self.circle_mm else ""
        return f"{self.kind} {self.size}, {self.square_mm:g} mm{more}"

    def markers(self) -> Any:
        """OpenCV's dictionary of markers."""
        return cv2.aruco.getPredefinedDictionary(int(getattr(cv2.aruco, f"DICT_{self.dictionary}")))

    def extent_mm(self) -> tuple[float, float]:
        """Width and height of what is printed."""
        s = self.square_mm
        match self.kind:
            case BoardKind.CHESSBOARD:
                return (self.columns + 1) * s, (self.rows + 1) * s
            case BoardKind.CHARUCO:
                return self.columns * s, self.rows * s
            case BoardKind.ARUCO:
                return (self.columns - 1) * s + self.marker_mm, (self.rows - 1) * s + self.marker_mm
            case _:
                x, y = self.points_mm().max(axis=0)[:2]
                return float(x) + self.circle_mm / 2, float(y) + self.circle_mm / 2

    def points_mm(self) -> FloatArray:
        """(N, 3) of all points, by their ids; z is 0. Read-only."""
        return _points(self)

    def points_m(self, ids: NDArray[np.int32]) -> FloatArray:
        """(n, 3) in metres of some of them."""
        metres: FloatArray = self.points_mm()[ids] / 1000.0
        return metres

    def is_same_upside_down(self) -> bool:
        """Whether a detector can take its last point for its first; then the order of the points is turned round."""
        return self.kind in (BoardKind.CHESSBOARD, BoardKind.CIRCLES)


def board_of(kind: str, size: str, square_mm: float, **more: Any) -> Board:
    """From words as they are typed.

    Args:
        kind: one of :class:`BoardKind`.
        size: ``COLUMNSxROWS``.
        square_mm: see :class:`Board`.
        more: its other attributes.

    Raises:
        CalibrationError: it is none.
    """
    kinds = [k.value for k in BoardKind]
    if kind not in kinds:
        raise CalibrationError(f"there is no board {kind!r}; there are {', '.join(kinds)}")
    found = _SIZE.fullmatch(size)
    if found is None:
        raise CalibrationError(f"a board's size is COLUMNSxROWS such as 9x6, found {size!r}")
    return Board(BoardKind(kind), int(found[1]), int(found[2]), square_mm, **more)


@functools.lru_cache(maxsize=32)
def _points(board: Board) -> FloatArray:
    s, (columns, rows) = board.square_mm, (board.columns, board.rows)
    if board.kind is BoardKind.CHARUCO:
        columns, rows = columns - 1, rows - 1
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float64)
    match board.kind:
        case BoardKind.CHESSBOARD | BoardKind.CHARUCO:
            flat = np.stack([(x + 1) * s, (y + 1) * s], axis=-1).reshape(-1, 2)
        case BoardKind.CIRCLES:
            flat = np.stack([x * s, y * s], axis=-1).reshape(-1, 2) + board.circle_mm / 2
        case BoardKind.ACIRCLES:
            flat = np.stack([(2 * x + y % 2) * s, y * s], axis=-1).reshape(-1, 2) + board.circle_mm / 2
        case BoardKind.ARUCO:  # four corners a marker: upper left, upper right, lower right, lower left
            m = board.marker_mm
            corners = np.array([[0.0, 0.0], [m, 0.0], [m, m], [0.0, m]])
            flat = (np.stack([x * s, y * s], axis=-1).reshape(-1, 1, 2) + corners).reshape(-1, 2)
    points = np.concatenate([flat, np.zeros((len(flat), 1))], axis=1)
    points.flags.writeable = False
    return points


def ink(board: Board, x_mm: FloatArray, y_mm: FloatArray) -> NDArray[np.bool_]:
    """Whether the board is black there; arrays of any one shape. Outside of the pattern it is white."""
    width, height = board.extent_mm()
    inside = (x_mm >= 0) & (y_mm >= 0) & (x_mm < width) & (y_mm < height)
    if board.kind in (BoardKind.CIRCLES, BoardKind.ACIRCLES):
        return np.asarray(inside & _in_a_circle(board, x_mm, y_mm), bool)
    column, row = np.floor(x_mm / board.square_mm).astype(int), np.floor(y_mm / board.square_mm).astype(int)
    black = (column + row) % 2 == 0
    if board.kind is BoardKind.CHESSBOARD:
        return np.asarray(inside & black, bool)
    gap = (board.square_mm - board.marker_mm) / 2 if board.kind is BoardKind.CHARUCO else 0.0
    bits = _bits(board)
    cells = bits.shape[1]
    u = np.floor((x_mm - column * board.square_mm - gap) / board.marker_mm * cells).astype(int)
    v = np.floor((y_mm - row * board.square_mm - gap) / board.marker_mm * cells).astype(int)
    on_marker = inside & (u >= 0) & (v >= 0) & (u < cells) & (v < cells)
    if board.kind is BoardKind.CHARUCO:
        on_marker &= ~black
        # The markers stand in the white squares, counted row by row.
        number = np.where(on_marker, (row * board.columns + column) // 2, 0)
    else:
        number = np.where(on_marker, row * board.columns + column, 0)
    dark = on_marker & (bits[number, np.clip(v, 0, cells - 1), np.clip(u, 0, cells - 1)] == 0)
    return np.asarray(dark | (inside & black) if board.kind is BoardKind.CHARUCO else dark, bool)


@functools.lru_cache(maxsize=16)
def _bits(board: Board) -> NDArray[np.uint8]:
    """(markers, cells, cells) uint8, 0 where black, the border of one cell included."""
    markers = board.markers()
    cells = int(markers.markerSize) + 2
    pictures = [cv2.aruco.generateImageMarker(markers, i, cells) for i in range(board.marker_count)]
    return np.asarray(pictures, np.uint8)


def _in_a_circle(board: Board, x_mm: FloatArray, y_mm: FloatArray) -> NDArray[np.bool_]:
    s, r = board.square_mm, board.circle_mm / 2
    x, y = x_mm - r, y_mm - r
    row = np.clip(np.rint(y / s), 0, board.rows - 1)
    out = np.zeros(np.shape(x), bool)
    for near in (-1, 0, 1) if board.kind is BoardKind.ACIRCLES else (0,):
        this = np.clip(row + near, 0, board.rows - 1)
        if board.kind is BoardKind.ACIRCLES:
            center = (2 * np.clip(np.rint((x / s - this % 2) / 2), 0, board.columns - 1) + this % 2) * s
        else:
            center = np.clip(np.rint(x / s), 0, board.columns - 1) * s
        out |= np.hypot(x - center, y - this * s) < r
    return out
