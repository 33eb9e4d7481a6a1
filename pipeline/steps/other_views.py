"""The same face in the other cameras of the rig: their frames of the instant, and where its points lie in them.

A point of the face is taken to lie on a plane across the optical axis at the face's distance; what the real face's
relief makes of that is told beside it. Both are reckoned when somebody asks: most pictures ask for neither.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drivers.frame import FrameSet, Intrinsics, StreamInfo
from drivers.related import Relations
from pipeline.signals.sight import OtherView, Points
from pipeline.signals.turning import Vector
from pipeline.steps.rig_depth import shares_grid
from recordings.observation import Face

RELIEF_M: Final = 0.04
"""A face's points lie so far before and behind its mean distance, as the standard deviation goes: nose and ears."""
NEAREST_M: Final = 0.05


class OtherViews:
    """Finds a face in the other frames; remembers of each pair of streams how they lie to each other."""

    def __init__(self) -> None:
        self._pairs: dict[tuple[str, str], _Pair] = {}

    def __call__(
        self,
        face: Face,
        reference: StreamInfo,
        intrinsics: Intrinsics,
        frame_set: FrameSet,
        related: Relations | None = None,
    ) -> dict[str, OtherView]:
        """The frames of a FrameSet by stream, each with the way from the face's pixels to its own.

        Args:
            reference: the stream that the face was found in; it is among the results, since what is measured in it (a
                temperature where it is thermal) is looked for here.
            intrinsics: of that stream.
            related: says which cameras the rig relates; to others no way leads. None: what the FrameSet shows of that.
        """
        related = related or Relations.among(frame_set)
        distance = distance_of(face)
        found: dict[str, OtherView] = {}
        for name, frame in frame_set.frames.items():
            if not related(reference, frame.info):
                found[name] = OtherView(frame)
                continue
            pair = self._pair(reference, intrinsics, frame.info)
            if pair.is_same_grid:
                found[name] = OtherView(frame, pair.inside)
            elif distance is None or not pair.leads:
                found[name] = OtherView(frame)
            else:
                way = _Way(pair, face, distance)
                found[name] = OtherView(frame, way.project, way.error_px)
        return found

    def _pair(self, reference: StreamInfo, lens: Intrinsics, to: StreamInfo) -> _Pair:
        key = (reference.name, to.name)
        pair = self._pairs.get(key)
        if pair is None or pair.reference is not reference or pair.to is not to or pair.lens is not lens:
            pair = self._pairs[key] = _Pair.of(reference, lens, to)
        return pair


def other_views(face: Face, reference: StreamInfo, intrinsics: Intrinsics, frame_set: FrameSet) -> dict[str, OtherView]:
    """See :class:`OtherViews`, which remembers what this reckons anew."""
    return OtherViews()(face, reference, intrinsics, frame_set)


def distance_of(face: Face) -> float | None:
    """Of the face's surface along the optical axis, metres: measured, or from the head centre, which lies on it; None
    where neither is believed, nor where one of them is called untrustworthy."""
    if "distance_m" in face.invalid:
        return None
    if face.distance_m is not None:
        return face.distance_m
    if face.head_center_m is not None and "head_center_m" not in face.invalid:
        return max(face.head_center_m[2], NEAREST_M)
    return None


@dataclass(frozen=True, slots=True, eq=False)
class _Pair:
    """How a stream lies to the reference stream: ``rotation`` (3, 3) and ``offset_m`` (3,) lead camera to camera."""

    reference: StreamInfo
    lens: Intrinsics
    to: StreamInfo
    is_same_grid: bool
    leads: bool
    rotation: NDArray[np.float64]
    offset_m: NDArray[np.float64]
    flat: NDArray[np.float64] | None
    """(3, 3): (u, v, 1) in pixels of the reference at a distance of 1 m to what divided by its last is a pixel there;
    None where a lens bends."""
    flat_offset: NDArray[np.float64]
    """(3,): what is added to it."""
    flat_rows: tuple[Vector, Vector, Vector, Vector] | None
    """Both as plain numbers."""
    last: NDArray[np.float64]
    """(2,): the ends of the other picture."""

    @classmethod
    def of(cls, reference: StreamInfo, lens: Intrinsics, to: StreamInfo) -> _Pair:
        here, there = reference.extrinsics, to.extrinsics
        # Points are rows: x R_here^T + t_here leads to the rig, (x - t_there) R_there from there to that camera.
        rotation, offset = here.matrix().T @ there.matrix(), there.from_rig(np.array([here.translation_m]))[0]
        flat, flat_rows, to_lens = None, None, to.intrinsics or lens
        show = np.array(((to_lens.fx, 0.0, 0.0), (0.0, to_lens.fy, 0.0), (to_lens.cx, to_lens.cy, 1.0)))
        if not lens.has_distortion and not to_lens.has_distortion:
            rays = np.array(((1.0 / lens.fx, 0, 0), (0, 1.0 / lens.fy, 0), (-lens.cx / lens.fx, -lens.cy / lens.fy, 1)))
            flat = rays @ rotation @ show
            one, two, three, more = ((x, y, z) for x, y, z in np.vstack((flat, offset @ show)).tolist())
            flat_rows = one, two, three, more
        return cls(
            reference,
            lens,
            to,
            shares_grid(reference, to),
            to.intrinsics is not None and reference.intrinsics is not None,
            rotation,
            offset,
            flat,
            offset @ show,
            flat_rows,
            np.array((to.width - 0.5, to.height - 0.5)),
        )

    def inside(self, points: Points) -> Points:
        """The same pixels, NaN for what lies outside the picture."""
        return self._seen(np.array(points, np.float64).reshape(-1, 2))

    def moved(self, points: Points, distance: float) -> Points:
        """Pixels of the other picture for pixels of the reference at that distance, outside of it as well; NaN behind
        that camera."""
        assert self.to.intrinsics is not None
        if self.flat is not None:
            across = distance * self.flat
            there: NDArray[np.float64] = np.asarray(points, np.float64).reshape(-1, 2) @ across[:2]
            there += across[2] + self.flat_offset
            depth = there[:, 2:]
            if not float(np.fmin.reduce(there[:, 2], initial=np.inf)) > 0.0:
                depth = np.where(depth > 0.0, depth, np.nan)
            return there[:, :2] / depth
        metres = self.lens.back_project(np.asarray(points, np.float64), distance, undistort=True)
        return self.to.intrinsics.project(metres @ self.rotation + self.offset_m, distort=True)

    def moved_one(self, point: tuple[float, float], distance: float) -> tuple[float, float]:
        """The same for one point."""
        if self.flat_rows is None:
            ((x, y),) = self.moved(np.array((point,)), distance).tolist()
            return x, y
        (a, b, c), (d, e, f), (g, h, i), (j, k, m) = self.flat_rows
        u, v = point
        depth = distance * (u * c + v * f + i) + m
        if not depth > 0.0:
            return math.nan, math.nan
        return (distance * (u * a + v * d + g) + j) / depth, (distance * (u * b + v * e + h) + k) / depth

    def shown(self, points: Points, distance: float) -> Points:
        """The same, NaN for what lies outside the picture."""
        return self._seen(self.moved(points, distance))

    def _seen(self, points: Points) -> Points:
        inside = (points >= -0.5) & (points <= self.last)
        if not np.logical_and.reduce(inside, axis=None):
            points[((points < -0.5) | (points > self.last)).any(axis=1)] = np.nan
        return points


class _Way:
    """From one face's pixels to another picture."""

    def __init__(self, pair: _Pair, face: Face, distance: float) -> None:
        self._pair = pair
        self._face = face
        self._distance = distance

    def project(self, points: Points) -> Points:
        """See OtherView."""
        return self._pair.shown(points, self._distance)

    def error_px(self) -> float:
        """How far the middle of the face moves when it is nearer or farther by its relief."""
        middle = self._face.box.center
        ax, ay = self._pair.moved_one(middle, max(self._distance - RELIEF_M, NEAREST_M))
        bx, by = self._pair.moved_one(middle, self._distance + RELIEF_M)
        error = math.hypot(bx - ax, by - ay) / 2
        return error if math.isfinite(error) else 0.0
