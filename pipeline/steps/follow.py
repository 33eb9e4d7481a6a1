"""Known faces followed by their picture over FrameSets on which the landmark model rests.

The 68 points of the FrameSet before are looked for in this one (pyramidal Lucas-Kanade: Bouguet, "Pyramidal
implementation of the affine Lucas Kanade feature tracker", Intel 2001), forth and back: what does not come back to
where it started is left out (Kalal et al., "Forward-backward error", ICPR 2010). One similarity, fitted by trimmed
least squares (Umeyama, PAMI 1991, in two dimensions; no random numbers), then moves all points: between two readings a
face is taken to be rigid, so a blink or a word is not seen. Whatever cannot be followed for sure is not: the model
reads it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from drivers.frame import StreamKind
from pipeline.steps.crop import CropConfig, code_depth, cut
from pipeline.steps.landmarks import LandmarkConfig, Reading, box_of
from pipeline.steps.register import View
from pipeline.steps.track import Track
from recordings.observation import Box, Landmarks

SIZE = 128
"""Side in px of the two crops that are compared; a face spans two thirds of them."""

EYES_NOT_TOLD = "not told while a face is followed"

_FOLLOWED = "followed for "

Points = NDArray[np.float64]


class FollowConfig(BaseModel):
    """When a face may be followed instead of read. Lengths are shares of the face's width."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    most: int = Field(8, ge=1, le=60, description="FrameSets in a row that a face is followed at most")
    back: float = Field(0.01, gt=0, description="farthest from its start that a point may come back to")
    agree: float = Field(0.02, gt=0, description="farthest from the common motion that a point may have moved")
    least: float = Field(0.5, gt=0, le=1, description="least share of the 68 points that come back and agree")
    moved: float = Field(0.5, gt=0, description="farthest that a face may have moved")
    turned_deg: float = Field(12.0, gt=0, le=90, description="farthest that it may have rolled")
    grown: float = Field(1.1, gt=1, description="most that it may have grown, or the reverse of it shrunk")
    farther_mm: float = Field(120.0, gt=0, description="most that its distance may have changed")
    trust: float = Field(
        0.95, gt=0, le=1, description="landmark confidence is taken times this for every FrameSet followed"
    )


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """A face as the FrameSet before showed it: what the model read, moved since then ``followed`` times."""

    reading: Reading
    center_px: tuple[float, float]
    distance_mm: float | None
    followed: int = 0


class Follower:
    """Remembers one FrameSet: ``keep`` at its end, then ask for every face of the next one."""

    def __init__(
        self,
        config: FollowConfig | None = None,
        landmarks: LandmarkConfig | None = None,
        crop: CropConfig | None = None,
    ) -> None:
        self._config = config or FollowConfig()
        self._landmarks = landmarks or LandmarkConfig()
        self._crop = crop or CropConfig()
        self._before: View | None = None
        self._known: dict[int, Known] = {}

    def reset(self) -> None:
        """Forget the FrameSet before, as after one that showed nothing."""
        self._before, self._known = None, {}

    def keep(self, view: View, known: Mapping[int, Known | None]) -> None:
        """Remember a FrameSet.

        Args:
            view: its images.
            known: serial of a track -> its face; None where there is nothing to follow.
        """
        self._before = view
        self._known = {serial: face for serial, face in known.items() if face is not None}

    def __call__(self, view: View, track: Track, others: Sequence[Track] = ()) -> Known | None:
        """A face on this FrameSet, with lowered confidence; None where it must be read.

        Args:
            view: the images of this FrameSet.
            track: the face, brought to this FrameSet by what found it or by its velocity.
            others: the other faces; what one of them may hide is not followed.
        """
        known, before = self._known.get(track.serial), self._before
        if known is None or before is None or known.followed >= self._config.most:
            return None
        if _far(known.distance_mm, track.distance_mm, self._config.farther_mm) or _is_hidden(known, track, others):
            return None
        points = known.reading.landmarks.points.astype(np.float64)
        box = known.reading.box
        if not _is_inside(points, view.shape):
            return None
        side = 1.5 * max(box.w, box.h)
        # Whole pixels: both crops then lie on the same grid of their image.
        dx, dy = (round(now - then) for now, then in zip(track.center_px, known.center_px, strict=True))
        start = Box(box.center[0] - side / 2, box.center[1] - side / 2, side, side)
        crops = self._crops(before, view, known, start, Box(start.x + dx, start.y + dy, side, side))
        if crops is None:
            return None
        scale = SIZE / side
        motion = self._motion(*crops, (points - (start.x, start.y) + 0.5) * scale - 0.5, box.w * scale)
        if motion is None:
            return None
        moved = (motion((points - (start.x, start.y) + 0.5) * scale - 0.5) + 0.5) / scale - 0.5
        moved += (start.x + dx, start.y + dy)
        if not _is_inside(moved, view.shape):
            return None
        if math.hypot(*(moved.mean(axis=0) - points.mean(axis=0))) > self._config.moved * box.w:
            return None
        return self._moved(known, moved, track)

    def _moved(self, known: Known, points: Points, track: Track) -> Known:
        read = known.reading
        confidence = (read.landmarks.confidence * np.float32(self._config.trust)).astype(np.float32)
        landmarks = Landmarks(points.astype(np.float32), confidence)
        reading = replace(read, landmarks=landmarks, box=box_of(landmarks.points, self._landmarks))
        return Known(reading, track.center_px, track.distance_mm, known.followed + 1)

    def _crops(
        self, before: View, now: View, known: Known, start: Box, end: Box
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint8]] | None:
        """The surroundings of the face in the image that it was read from, 8 bits; None where one has no such image."""
        kind = known.reading.from_kind
        if kind is StreamKind.DEPTH:
            if before.depth_mm is None or now.depth_mm is None or known.distance_mm is None:
                return None
            first, second = (
                code_depth(cut(mm, box, SIZE, nearest=True).pixels, known.distance_mm, self._crop)
                for mm, box in ((before.depth_mm, start), (now.depth_mm, end))
            )
            return first, second
        if kind is StreamKind.THERMAL:
            if before.kind is not kind or now.kind is not kind:
                return None
            return _in_8_bits(
                cut(np.asarray(before.frame.pixels), start, SIZE).pixels,
                cut(np.asarray(now.frame.pixels), end, SIZE).pixels,
            )
        if before.gray is None or now.gray is None:
            return None
        return cut(before.gray, start, SIZE).pixels, cut(now.gray, end, SIZE).pixels

    def _motion(
        self, before: NDArray[np.uint8], now: NDArray[np.uint8], points: Points, width: float
    ) -> Similarity | None:
        """How the points moved between two crops; ``width`` of the face in their px."""
        there, back = _flow(before, now, points)
        comes_back = np.hypot(*(back - points).T) <= self._config.back * width
        least = math.ceil(self._config.least * len(points))
        if int(comes_back.sum()) < least:
            return None
        motion = fit_similarity(points[comes_back], there[comes_back])
        off = np.hypot(*(motion(points) - there).T)
        agrees = comes_back & (off <= self._config.agree * width)
        if int(agrees.sum()) < least:
            return None
        if not 1.0 / self._config.grown <= motion.scale <= self._config.grown:
            return None
        if abs(motion.roll_deg) > self._config.turned_deg:
            return None
        return motion


@dataclass(frozen=True, slots=True)
class Similarity:
    """``(x, y) -> (a x - b y + dx, b x + a y + dy)``."""

    a: float
    b: float
    dx: float
    dy: float

    @property
    def scale(self) -> float:
        return math.hypot(self.a, self.b)

    @property
    def roll_deg(self) -> float:
        return math.degrees(math.atan2(self.b, self.a))

    def __call__(self, points: Points) -> Points:
        x, y = points.T
        return np.stack([self.a * x - self.b * y + self.dx, self.b * x + self.a * y + self.dy], axis=1)


def fit_similarity(points: Points, moved: Points, keep: float = 0.7, rounds: int = 4) -> Similarity:
    """The similarity that takes most of the points where they went, by trimmed least squares.

    Args:
        points, moved: (N, 2), N > 1, in any unit.
        keep: share of the points that each round fits to: those that the round before missed least.
    """
    chosen = np.arange(len(points))
    found = _least_squares(points, moved)
    for _ in range(rounds):
        off = ((found(points) - moved) ** 2).sum(axis=1)
        nearest = np.sort(np.argsort(off, kind="stable")[: max(2, math.ceil(keep * len(points)))])
        if np.array_equal(nearest, chosen):
            break
        chosen = nearest
        found = _least_squares(points[chosen], moved[chosen])
    return found


def followed_words(frame_sets: int) -> str:
    """What stands at the landmarks and pose of a face that is followed."""
    return f"{_FOLLOWED}{frame_sets} FrameSet{'' if frame_sets == 1 else 's'}: the model rests"


def is_followed(reason: str) -> bool:
    """Whether a reason says that a face was followed, and nothing worse."""
    return reason.startswith(_FOLLOWED)


def _least_squares(points: Points, moved: Points) -> Similarity:
    from_center, to_center = points.mean(axis=0), moved.mean(axis=0)
    p, q = points - from_center, moved - to_center
    size = float((p**2).sum())
    if size <= 0.0:
        return Similarity(1.0, 0.0, *(to_center - from_center).tolist())
    a = float((p * q).sum()) / size
    b = float((p[:, 0] * q[:, 1] - p[:, 1] * q[:, 0]).sum()) / size
    x, y = from_center.tolist()
    return Similarity(a, b, float(to_center[0]) - a * x + b * y, float(to_center[1]) - b * x - a * y)


def _flow(before: NDArray[np.uint8], now: NDArray[np.uint8], points: Points) -> tuple[Points, Points]:
    """Where the points are now, and where those were before; infinitely far away where nothing was found."""
    how: dict[str, Any] = {"winSize": (11, 11), "maxLevel": 2, "criteria": (3, 20, 0.02)}
    start = np.ascontiguousarray(points, np.float32).reshape(-1, 1, 2)
    # OpenCV's stubs know no missing first guess of where the points are.
    there, found, _ = cv2.calcOpticalFlowPyrLK(before, now, start, None, **how)  # type: ignore[call-overload]  # as above
    back, found_back, _ = cv2.calcOpticalFlowPyrLK(now, before, there, None, **how)  # type: ignore[call-overload]  # as above
    lost = (found.ravel() == 0) | (found_back.ravel() == 0)
    ends, returned = there.reshape(-1, 2).astype(np.float64), back.reshape(-1, 2).astype(np.float64)
    returned[lost | ~np.isfinite(ends).all(axis=1) | ~np.isfinite(returned).all(axis=1)] = np.inf
    ends[~np.isfinite(ends)] = 0.0
    return ends, returned


def _in_8_bits(first: NDArray[Any], second: NDArray[Any]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Two images of counts with one span for both, so that what is equally warm is equally bright."""
    low, high = np.percentile(np.stack([first, second]), (1.0, 99.5))
    gain = 255.0 / max(float(high - low), 1.0)
    one, two = (np.clip((image - low) * gain, 0.0, 255.0).round().astype(np.uint8) for image in (first, second))
    return one, two


def _is_inside(points: Points, shape: tuple[int, int]) -> bool:
    """Whether the border cuts none of the points off."""
    height, width = shape
    low, high = points.min(axis=0), points.max(axis=0)
    return bool(min(low) >= 1.0 and high[0] <= width - 2.0 and high[1] <= height - 2.0)


def _far(before_mm: float | None, now_mm: float | None, most_mm: float) -> bool:
    """Whether something else is where the face was: as far as depth can say."""
    return before_mm is not None and now_mm is not None and abs(before_mm - now_mm) > most_mm


def _is_hidden(known: Known, track: Track, others: Sequence[Track]) -> bool:
    """Whether another face may cover a part of this one."""
    box = known.reading.box
    return any(
        other.box.overlap(box) > 0.0 or other.box.overlap(track.box) > 0.0
        for other in others
        if other.distance_mm is None or track.distance_mm is None or other.distance_mm < track.distance_mm + 100.0
    )
