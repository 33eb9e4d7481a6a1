"""Views of a calibration board: what makes a good one, which of many are worth keeping, and what is still missing."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.boards import Board
from drivers.boards_find import Gray, Seen, find_board

FloatArray = NDArray[np.float64]

MOST_VIEWS: Final = 40
CELLS: Final = (8, 6)
"""Across and down: the grid on which coverage is counted."""
_ALIKE: Final = 0.12
_TILT_DEG: Final = 15.0
_WIDEST_EDGE: Final = 0.3
"""Of the distance of two neighbouring points: beyond it a picture is blurred."""
_NARROWEST_EDGE_PX: Final = 4.5
"""An edge of that width is sharp, however small the board is."""


@dataclass(frozen=True, slots=True)
class Attitude:
    """How a board is held, roughly, from the picture alone.

    Attributes:
        x, y: its middle, as shares of the picture's width and height.
        size: the root of its share of the picture.
        tilt_x_deg: the right side of the board (in the picture) is further away than the left; negative: nearer.
        tilt_y_deg: the lower side is further away than the upper; negative: nearer.
        roll_deg: its rows against the picture's, -90 to 90.
    """

    x: float
    y: float
    size: float
    tilt_x_deg: float
    tilt_y_deg: float
    roll_deg: float

    def distance(self, other: Attitude) -> float:
        """How different two views are; 0 the same, 1 very."""
        roll = abs(self.roll_deg - other.roll_deg) % 180
        return (
            abs(self.x - other.x)
            + abs(self.y - other.y)
            + abs(self.size - other.size)
            + abs(self.tilt_x_deg - other.tilt_x_deg) / 90
            + abs(self.tilt_y_deg - other.tilt_y_deg) / 90
            + min(roll, 180 - roll) / 180
        )


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """The board in one picture of one stream.

    Attributes:
        name: for people: the file's name, or the frame's number.
        stream: which camera saw it.
        time_ns: when, on a clock that all streams share.
        seen: the points.
        gray: the picture.
        attitude: how the board is held.
        edge_px: how many pixels its edges take from dark to bright.
        spacing_px: the median distance of neighbouring points.
    """

    name: str
    stream: str
    time_ns: int
    seen: Seen
    gray: Gray
    attitude: Attitude
    edge_px: float
    spacing_px: float

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture."""
        return self.gray.shape[1], self.gray.shape[0]

    @property
    def is_blurred(self) -> bool:
        return self.edge_px > max(_NARROWEST_EDGE_PX, _WIDEST_EDGE * self.spacing_px)

    def moved_px(self, earlier: View) -> float:
        """How far the points moved since an earlier view, root mean square; infinite where they have none in common."""
        _, mine, others = np.intersect1d(self.seen.ids, earlier.seen.ids, return_indices=True)
        if not len(mine):
            return math.inf
        moved = self.seen.points_px[mine] - earlier.seen.points_px[others]
        return float(np.sqrt((moved**2).sum(axis=1).mean()))


@dataclass(frozen=True, slots=True)
class Picked:
    """Views worth keeping, and why not the others (name -> reason)."""

    views: tuple[View, ...]
    refused: Mapping[str, str] = field(default_factory=dict)


def look(board: Board, gray: Gray, name: str, stream: str, time_ns: int) -> View | None:
    """The board in a picture as a view; None where it is not seen."""
    seen = find_board(board, gray)
    if seen is None:
        return None
    spacing = _spacing_px(board, seen)
    return View(name, stream, time_ns, seen, gray, attitude_of(board, seen, gray.shape), _edge_px(gray, seen), spacing)


def attitude_of(board: Board, seen: Seen, shape: tuple[int, ...]) -> Attitude:
    """How the board is held, from the homography between it and the picture, taking f for the picture's width."""
    height, width = shape[:2]
    plane = board.points_mm()[seen.ids][:, :2]
    middle, scale = plane.mean(axis=0), float(np.ptp(plane, axis=0).max()) or 1.0
    found, _ = cv2.findHomography((plane - middle) / scale, seen.points_px, 0)
    points = seen.points_px
    x, y = points.mean(axis=0)
    area = float(cv2.contourArea(cv2.convexHull(points.astype(np.float32))))
    tilt = roll = np.zeros(2)
    if found is not None and np.isfinite(found).all():
        h = np.asarray(found, np.float64)
        depth = ((plane - middle) / scale) @ h[2, :2] + h[2, 2]  # of every point, in units of the middle's
        across = np.column_stack([points - points.mean(axis=0), np.ones(len(points))])
        slope = np.linalg.lstsq(across, depth, rcond=None)[0]
        tilt = np.degrees(np.arctan(slope[:2] / slope[2] * width))
        roll = h[:2, 0] - h[2, 0] * h[:2, 2] / h[2, 2]
    angle = math.degrees(math.atan2(roll[1], roll[0])) if np.any(roll) else 0.0
    angle = (angle + 90) % 180 - 90
    return Attitude(
        float(x / width), float(y / height), math.sqrt(area / (width * height)), float(tilt[0]), float(tilt[1]), angle
    )


def pick_views(views: Sequence[View], most: int = MOST_VIEWS) -> Picked:
    """The sharp and different ones of a stream's views, those first that add most to what is known.

    Args:
        most: so many at most.
    """
    refused = {v.name: f"blurred: an edge takes {v.edge_px:.1f} px" for v in views if v.is_blurred}
    left = sorted((v for v in views if not v.is_blurred), key=lambda v: v.edge_px)
    picked: list[View] = []
    covered = np.zeros(CELLS[::-1], bool)
    near = dict.fromkeys((v.name for v in left), math.inf)
    while left and len(picked) < most:
        best = max(left, key=lambda v: min(near[v.name], 2.0) + _new_cells(v, covered))
        if near[best.name] < _ALIKE and not _new_cells(best, covered):
            break
        left.remove(best)
        picked.append(best)
        covered |= cells_of([best])
        for view in left:
            near[view.name] = min(near[view.name], view.attitude.distance(best.attitude))
    for view in left:
        alike = near[view.name] < _ALIKE
        refused[view.name] = "like another view" if alike else f"there are {most} views that say more"
    return Picked(tuple(sorted(picked, key=lambda v: v.time_ns)), refused)


def cells_of(views: Sequence[View]) -> NDArray[np.bool_]:
    """(6, 8) which parts of the picture have a point of the board in any view."""
    columns, rows = CELLS
    covered = np.zeros((rows, columns), bool)
    for view in views:
        width, height = view.size
        at = (view.seen.points_px + 0.5) / [width, height] * [columns, rows]
        x, y = np.clip(at.astype(int), 0, [columns - 1, rows - 1]).T
        covered[y, x] = True
    return covered


def missing(views: Sequence[View], fewest: int = 12) -> str:
    """What to do next with the board, in words; empty when the views say enough.

    Directions are those of the picture as the camera gives it.
    """
    if not views:
        return "show the board"
    held = [v.attitude for v in views]
    tilts = (
        (all(a.tilt_x_deg < _TILT_DEG for a in held), "tilt the board: its right side away from the camera"),
        (all(a.tilt_x_deg > -_TILT_DEG for a in held), "tilt the board: its left side away from the camera"),
        (all(a.tilt_y_deg < _TILT_DEG for a in held), "tilt the board: its lower side away from the camera"),
        (all(a.tilt_y_deg > -_TILT_DEG for a in held), "tilt the board: its upper side away from the camera"),
    )
    for lacks, words in tilts:
        if lacks:
            return words
    covered = cells_of(views)
    thirds = [np.array_split(row, 3, axis=1) for row in np.array_split(covered, 3, axis=0)]
    for r, down in enumerate(("upper", "middle", "lower")):
        for c, across in enumerate(("left", "middle", "right")):
            if thirds[r][c].mean() < 0.25:
                where = "middle" if down == across else f"{down} {across}".replace("middle ", "")
                where = where.removesuffix(" middle") + (" edge" if "middle" in (down, across) and r != c else "")
                return f"go to the {where} of the picture"
    if max(a.size for a in held) < 1.3 * min(a.size for a in held):
        return "go nearer, or further away"
    if max(abs(a.roll_deg - b.roll_deg) % 180 for a in held for b in held) < 20:
        return "turn the board in its plane, by about 45 degrees"
    return "" if len(views) >= fewest else "go on: hold it somewhere else, tilted otherwise"


def _new_cells(view: View, covered: NDArray[np.bool_]) -> float:
    return float((cells_of([view]) & ~covered).sum()) / 12


def _spacing_px(board: Board, seen: Seen) -> float:
    plane, points = board.points_mm()[seen.ids][:, :2], seen.points_px
    apart = np.linalg.norm(plane[:, None] - plane[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    nearest = apart.argmin(axis=1)
    return float(np.median(np.linalg.norm(points - points[nearest], axis=1)))


def _edge_px(gray: Gray, seen: Seen) -> float:
    """Contrast of the board by its steepest slope, in the direction in which it is more blurred."""
    x, y, w, h = cv2.boundingRect(seen.points_px.astype(np.float32))
    part = gray[max(y, 0) : y + h + 1, max(x, 0) : x + w + 1].astype(np.float32)
    if part.size < 16:
        return math.inf
    low, high = np.percentile(part, (5, 95))
    slopes = []
    for dx, dy in ((1, 0), (0, 1)):
        slope = np.abs(cv2.Scharr(part, cv2.CV_32F, dx, dy)) / 32
        slopes.append(float(np.percentile(slope, 97)))
    return float(high - low) / max(min(slopes), 1e-3)
