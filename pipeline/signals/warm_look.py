"""The face in a thermal camera's picture: where its points lie there, how large it is, and why it is not to be had."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.frame import Frame, FrameFlag, KelvinMap, StreamKind
from pipeline.signals.sight import OtherView, Points, Sight
from pipeline.steps.head_template import EYES_M
from recordings.observation import Landmarks

SMALLEST_EYES_PX: Final = 5.0
"""Of a smaller face in a thermal picture nothing is told: a pixel covers more than 18 mm."""
NO_COUNTS: Final = (0, 65535)
"""The ends of the sensor's range mean no temperature."""
_GRID: Final = np.array(
    [[1.0, across, down] for down in np.linspace(-1.0, 1.0, 5) for across in np.linspace(-1.0, 1.0, 7)], np.float64
).T.copy()
"""(3, 35): one, and where in a rectangle a count is read, along and across the eyes."""
_EYES_OVER_FACE: Final = 0.79
"""Between the outer eye corners over nose root to chin, of the average head."""


@dataclass(frozen=True, slots=True, eq=False)
class WarmLook:
    """A face in a thermal picture.

    Attributes:
        frame: the thermal frame.
        points: (68, 2) float64 px of it; finite, but they may lie outside.
        sure: 0..1, mean confidence of the landmarks that the points come from.
        eyes_px: between the outer eye corners as if the face were frontal.
        error_px: how far off the points may be.
        right, up: unit vectors in the picture: along the eyes to image right, and from the chin to the brows.
        xy: the points as lists of numbers.
    """

    frame: Frame
    points: Points
    sure: float
    eyes_px: float
    error_px: float
    right: tuple[float, float]
    up: tuple[float, float]
    xy: list[list[float]]

    @property
    def kelvin(self) -> KelvinMap | None:
        return self.frame.info.kelvin

    @property
    def stream(self) -> str:
        return self.frame.stream

    @property
    def mm_px(self) -> float:
        """Millimetres of a face of average size that a pixel covers."""
        return EYES_M * 1000.0 / self.eyes_px

    @property
    def trust(self) -> float:
        """0..1: how well the points are placed: 1 where they may be off by a fiftieth of the eyes' distance."""
        off = self.error_px / self.eyes_px
        lossy = 0.6 if self.frame.flags & FrameFlag.LOSSY else 1.0
        return min(max(1.0 - (off - 0.02) / 0.23, 0.0), 1.0) * min(self.sure / 0.5, 1.0) * lossy

    def disc(self, middle: Sequence[float], radius_px: float) -> NDArray[np.uint16]:
        """The counts (N,) of the pixels whose centres lie within a disc; none of those outside the picture."""
        height, width = self.frame.pixels.shape[:2]
        x, y = middle[0], middle[1]
        left, right = max(math.ceil(x - radius_px), 0), min(math.floor(x + radius_px) + 1, width)
        top, bottom = max(math.ceil(y - radius_px), 0), min(math.floor(y + radius_px) + 1, height)
        if left >= right or top >= bottom:
            return np.zeros(0, np.uint16)
        across, down = np.arange(left - x, right - x - 0.5), np.arange(top - y, bottom - y - 0.5)
        square = across * across + (down * down)[:, None]
        inside: NDArray[np.uint16] = self.frame.pixels[top:bottom, left:right][square <= radius_px * radius_px]
        return inside

    def strip(self, middle: Sequence[float], half_px: tuple[float, float], most: int = 9) -> NDArray[np.uint16]:
        """Counts (N,) of at most ``most`` x ``most`` nearest pixels on a rectangle that is turned as the face is.

        Args:
            half_px: half its size along and across the eyes; pixels outside the picture are left out.
        """
        across, down = (_steps(min(max(2 * round(h) + 1, 1), most)) * h for h in half_px)
        (rx, ry), (ux, uy) = self.right, self.up
        column = np.rint(middle[0] + across * rx + (down * ux)[:, None]).astype(np.intp)
        row = np.rint(middle[1] + across * ry + (down * uy)[:, None]).astype(np.intp)
        height, width = self.frame.pixels.shape[:2]
        if column.min() < 0 or row.min() < 0 or column.max() >= width or row.max() >= height:
            inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
            column, row = column[inside], row[inside]
        counts: NDArray[np.uint16] = self.frame.pixels[row, column].ravel()
        return counts

    def means_of(self, rectangles: Sequence[tuple[float, float, float, float]]) -> list[float]:
        """The mean count between pixels on rectangles that are turned as the face is; NaN where the sensor is at its
        limit or one reaches outside.

        Args:
            rectangles: middle x, y in px, and half the size along and across the eyes.
        """
        (rx, ry), (ux, uy) = self.right, self.up
        height, width = self.frame.pixels.shape[:2]
        columns, left, right = _lines([(x, along * rx, across * ux) for x, _, along, across in rectangles], width)
        rows, top, bottom = _lines([(y, along * ry, across * uy) for _, y, along, across in rectangles], height)
        if left >= right or top >= bottom:
            return [math.nan] * len(rectangles)
        counts = self.frame.pixels[top:bottom, left:right].astype(np.float32)
        places = (
            (columns @ _GRID - left).astype(np.float32),
            (rows @ _GRID - top).astype(np.float32),
        )
        # What lies outside reads as 0, the sensor's lower end.
        read = cv2.remap(counts, *places, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0.0)
        means = cv2.reduce(read, 1, cv2.REDUCE_AVG, dtype=cv2.CV_64F)
        lows, highs = cv2.reduce(read, 1, cv2.REDUCE_MIN), cv2.reduce(read, 1, cv2.REDUCE_MAX)
        found = []
        for (mean,), (low,), (high,) in zip(means.tolist(), lows.tolist(), highs.tolist(), strict=True):
            # Half of a neighbour's count is less than any of a warm scene's: something outside is mixed in.
            found.append(mean if low > 0.6 * mean and NO_COUNTS[0] < low and high < NO_COUNTS[1] else math.nan)
        return found

    def at_limit(self, counts: NDArray[np.uint16]) -> bool:
        """Whether more than a fiftieth of the counts are the ends of the sensor's range."""
        if counts.min() > NO_COUNTS[0] and counts.max() < NO_COUNTS[1]:
            return False
        return bool(np.count_nonzero((counts == NO_COUNTS[0]) | (counts == NO_COUNTS[1])) > 0.02 * counts.size)


def _lines(lines: Sequence[tuple[float, float, float]], size: int) -> tuple[NDArray[np.float64], int, int]:
    """The rectangles (N, 3), and from which pixel to before which one they reach, within a picture of that size."""
    low, high = math.inf, -math.inf
    numbers: list[float] = []
    for line in lines:
        numbers += line
        middle, along, across = line[0], abs(line[1]), abs(line[2])
        if middle - along - across < low:
            low = middle - along - across
        if middle + along + across > high:
            high = middle + along + across
    told = np.array(numbers).reshape(-1, 3)  # of plain numbers: half the time that rows of three take
    return told, max(math.floor(low), 0), min(math.floor(high) + 2, size)


@lru_cache(maxsize=32)
def _steps(count: int) -> NDArray[np.float64]:
    """So many even steps from -1 to 1; 0 for one."""
    steps = np.linspace(-1.0, 1.0, count) if count > 1 else np.zeros(1)
    steps.flags.writeable = False
    return steps


_last: tuple[Sight, WarmLook | str] | None = None


def warm_look(sight: Sight) -> WarmLook | str:
    """The face in the thermal picture that shows it largest, radiometric ones first; or why there is none, for people.

    Several signals ask of the same sight: the last answer is kept. It depends on the sight alone.
    """
    global _last
    kept = _last
    if kept is not None and kept[0] is sight:
        return kept[1]
    found = _look(sight)
    _last = (sight, found)
    return found


def _look(sight: Sight) -> WarmLook | str:
    views = [view for view in sight.others.values() if view.kind is StreamKind.THERMAL]
    if not views:
        return "no thermal camera looks at the face"
    if reason := sight.doubt():
        return reason
    looks = [_in_view(sight, view) for view in views]
    told = [look for look in looks if isinstance(look, WarmLook)]
    if told:
        return max(told, key=lambda look: (look.kelvin is not None, look.eyes_px))
    return next(look for look in looks if isinstance(look, str))


def _sure(marks: Landmarks) -> float:
    """Their mean confidence."""
    sure: list[float] = marks.confidence.tolist()
    return sum(sure) / len(sure)


def _in_view(sight: Sight, view: OtherView) -> WarmLook | str:
    flags = view.frame.flags
    if flags:
        if flags & FrameFlag.SHUTTER:
            return "the thermal camera's shutter is closed"
        if flags & FrameFlag.STALE:
            return "the thermal picture is old"
        if flags & FrameFlag.GENERATED:
            return "the thermal picture is generated: it measures nothing"
    marks, own = sight.landmarks, view.landmarks
    if marks is None and own is None:
        return sight.doubt("landmarks") or "the face has no landmarks"
    points, sure, error = None, 0.0, 0.0
    if marks is not None and view.info.name == sight.info.name:
        points, sure = marks.points.astype(np.float64), _sure(marks)
    elif marks is not None and view.project is not None:
        points, sure, error = (
            view.project(marks.points.astype(np.float64)),
            _sure(marks),
            view.error_px,
        )
        if own is not None and not np.isfinite(points).all():
            points = None
    if points is None and own is not None:
        points, sure, error = own.points.astype(np.float64), _sure(own), 0.0
    if points is None:
        return "no calibration and distance lead from the face to the thermal picture"
    if not math.isfinite(float(points.sum()) + sure + error):
        return "the thermal picture does not show the whole face"
    height, width = view.frame.pixels.shape[:2]
    # The jaw line may lie outside; what is measured must not.
    xy: list[list[float]] = points.tolist()
    left, top = np.minimum.reduce(points[17:]).tolist()
    right_end, bottom = np.maximum.reduce(points[17:]).tolist()
    if left < 0 or top < 0 or right_end > width - 1 or bottom > height - 1:
        return "the border of the thermal picture cuts the face"
    along = (xy[45][0] - xy[36][0], xy[45][1] - xy[36][1])
    eyes, face = math.hypot(*along), math.dist(xy[27], xy[8])
    if eyes < 1e-3 or face < 1e-3:
        return "the landmarks lie upon each other"
    right = (along[0] / eyes, along[1] / eyes)
    up = (right[1], -right[0])
    pose = sight.face.pose
    if pose is not None and "pose" not in sight.face.invalid:
        eyes /= max(math.cos(math.radians(min(abs(pose.yaw_deg), 65.0))), 0.4)
    else:
        eyes = max(eyes, _EYES_OVER_FACE * face)
    if eyes < SMALLEST_EYES_PX:
        return f"the face is too small in the thermal picture: {eyes:.1f} px between the eyes"
    return WarmLook(view.frame, points, sure, eyes, error, right, up, xy)
