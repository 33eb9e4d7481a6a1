"""Head pose relative to the personal straight-ahead: head_yaw, head_pitch, head_roll.

Nobody's camera stands exactly where its owner looks, and no two heads sit alike on their necks: what counts is how far
a head is turned from where this person looks most. That is the mode of its pose over the last minutes, as far as it is
not too far from where the file of zones says that straight ahead is (somebody who looks at a telephone most of the
time has no telephone straight ahead). It is learned while the eyes are not closed and, where the speed is known, while
moving. Before it is learned, straight ahead is what the file of zones says, with little confidence. Each camera that
serves has a straight-ahead in its own axes (straights.py).

Signs are those of HeadPose: turns to own left, looks up, tilts to own right are positive. The relative pose is
``R_straight^T R``, its angles taken as HeadPose takes them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drivers.frame import Intrinsics, StreamInfo, StreamKind
from pipeline.signals.sight import Sight, unknown
from pipeline.signals.straight import HeadConfig, Straight
from pipeline.signals.straights import Straights
from pipeline.signals.turning import Rows, Vector, angles_between, rows_of_pose, turned
from pipeline.signals.zones import USUAL, ZoneSet, load_zones
from pipeline.steps.head_template import EYES_M, HEAD_LANDMARKS_M
from pipeline.steps.pose import STABLE_POINTS
from recordings.observation import HeadPose, Landmarks, SignalValue

NAMES: Final[tuple[str, ...]] = ("head_yaw", "head_pitch", "head_roll")

KIND_TRUST: Final[Mapping[StreamKind, float]] = {StreamKind.THERMAL: 0.75, StreamKind.DEPTH: 0.85}
"""What a pose that was read in such a stream is worth beside one of gray or infrared."""
_STABLE: Final = np.array(STABLE_POINTS)
_TEMPLATE: Final = HEAD_LANDMARKS_M[_STABLE]


class Head:
    """head_yaw, head_pitch, head_roll: degrees from the personal straight-ahead."""

    def __init__(
        self, config: HeadConfig | None = None, zones: ZoneSet | None = None, home: StreamInfo | None = None
    ) -> None:
        """
        Args:
            zones: tell how the camera sees a head that looks straight ahead; none: as if it stood there.
            home: the stream whose camera they speak of; None: the first that serves.
        """
        self._config = config or HeadConfig()
        self._straights = Straights(self._config, zones or load_zones(USUAL), home)

    @property
    def straight(self) -> Straight:
        """That of the camera that serves."""
        return self._straights.now

    def step(self, sight: Sight, known: Mapping[str, SignalValue]) -> dict[str, SignalValue]:
        """See Signal."""
        straight = self._straights.of(sight.info, sight.related)
        pose = sight.face.pose
        reason = sight.doubt("landmarks") or pose_doubt(sight)
        if not reason and pose is None:
            reason = "no head pose is known"
        if not reason and pose is not None:
            if not math.isfinite(pose.yaw_deg + pose.pitch_deg + pose.roll_deg):
                reason = "no head pose is known"
            elif abs(pose.yaw_deg) > self._config.widest_deg:
                reason = f"the head is turned {abs(pose.yaw_deg):.0f} degrees away from the camera"
        if reason or pose is None:
            straight.step(sight.device_ns, None)
            return {name: unknown("deg", reason, source=sight.info.name) for name in NAMES}
        straight.step(sight.device_ns, pose if self._may_learn(sight, known) else None)
        relative = angles_between(straight.rows, rows_of_pose(pose))
        trust = self._trust(sight, pose) * straight.trust
        return {
            name: SignalValue(value, "deg", trust, source=sight.info.name)
            for name, value in zip(NAMES, relative, strict=True)
        }

    def _may_learn(self, sight: Sight, known: Mapping[str, SignalValue]) -> bool:
        closed = known.get("eyes_closed")
        if closed is not None and closed.is_valid and closed.value >= 0.5:
            return False
        speed = sight.context.get("speed_kmh")
        return speed is None or not math.isfinite(speed) or speed >= self._config.least_speed_kmh

    def _trust(self, sight: Sight, pose: HeadPose) -> float:
        """0..1: how sure the landmarks are, how far the head is turned, how well an average head fits, which camera."""
        trust = KIND_TRUST.get(sight.kind, 1.0) * (1.0 if sight.is_calibrated else 0.8)
        found = sight.face.landmarks
        if found is not None:
            sure = sum(found.confidence.tolist()) / len(found.confidence)
            if not math.isfinite(sure):
                sure = float(np.nan_to_num(found.confidence).mean())
            trust *= min(max(sure, 0.0) / self._config.sure_confidence, 1.0)
            if math.isfinite(pose.error_px):
                scaled = weak_perspective(found, pose)
                if scaled is not None:
                    # A fifth of the eyes' distance is the most that is believed at all.
                    trust *= min(max(1.0 - pose.error_px / (scaled[0] * EYES_M) / 0.44, 0.0), 1.0)
        turned = min(math.hypot(pose.yaw_deg, pose.pitch_deg) / 90.0, 1.0)
        return min(max(0.97 * trust * (1.0 - 0.5 * turned * turned), 0.0), 1.0)


def pose_doubt(sight: Sight) -> str:
    """Why the head pose is not believed; '' where it is.

    A camera that nobody calibrated has a guessed field of view: angles toward the straight-ahead suffer little from
    that, and have less confidence.
    """
    reason = sight.doubt("pose")
    guessed = not sight.is_calibrated and reason.startswith("uncalibrated camera") and ";" not in reason
    return "" if guessed else reason


@lru_cache(maxsize=8)  # several signals ask it of the same face at the same instant
def weak_perspective(
    landmarks: Landmarks, pose: HeadPose, least_points: int = 10
) -> tuple[float, tuple[float, float]] | None:
    """How large the average head of this pose is in the picture, and where its centre is: as if seen from afar.

    Returns:
        Pixels a metre at the face, and the head centre (x, y) in px; None where too few points are there or they are
        in no order that a head has.
    """
    points = landmarks.points[_STABLE].astype(np.float64)
    fit = _WHOLE
    moments = (fit.centered_t @ points).tolist()
    if not math.isfinite(sum(x + y for x, y in moments)):
        seen = np.isfinite(points).all(axis=1)
        points = points[seen]
        if len(points) < least_points:
            return None
        fit = _Fit.of(_TEMPLATE[seen])
        moments = (fit.centered_t @ points).tolist()
    across, down, _ = rows_of_pose(pose)
    # With the turned template A and the points P: the sums of A P and of A A, of what lies about the middle.
    (xx, xy), (yx, yy), (zx, zy) = moments[:3]
    shown = across[0] * xx + across[1] * yx + across[2] * zx + down[0] * xy + down[1] * yy + down[2] * zy
    scale = shown / (_length_by(fit.squares, across) + _length_by(fit.squares, down))
    if not 0.0 < scale < math.inf:
        return None
    x, y = moments[3]
    mx, my, mz = fit.middle
    return scale, (
        x - scale * (across[0] * mx + across[1] * my + across[2] * mz),
        y - scale * (down[0] * mx + down[1] * my + down[2] * mz),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    """What a fit to points of the template needs of them.

    Attributes:
        centered_t: (4, N), of the points about their middle, then 1 / N for the points' mean.
        middle: of them, metres.
        squares: the sums of their products.
    """

    centered_t: NDArray[np.float64]
    middle: Vector
    squares: Rows

    @classmethod
    def of(cls, template: NDArray[np.float64]) -> _Fit:
        middle = template.sum(axis=0) / len(template)
        about = template - middle
        mean = np.full((1, len(template)), 1.0 / len(template))
        (a, b, c), squares = middle.tolist(), (about.T @ about).tolist()
        rows = tuple((x, y, z) for x, y, z in squares)
        return cls(np.ascontiguousarray(np.vstack((about.T, mean))), (a, b, c), (rows[0], rows[1], rows[2]))


_WHOLE: Final = _Fit.of(_TEMPLATE)


def _length_by(squares: Rows, way: Vector) -> float:
    """``way^T squares way``."""
    a, b, c = turned(squares, way)
    return a * way[0] + b * way[1] + c * way[2]


def place_of(
    landmarks: Landmarks, pose: HeadPose, lens: Intrinsics, least_points: int = 10
) -> tuple[float, float, float] | None:
    """Where the centre of an average head of this pose is, in camera axes (m), that its landmarks look like this.

    Each landmark says ``x T_z - T_x = X - x Z`` and ``y T_z - T_y = Y - y Z`` (X, Y, Z: turned template, x, y: ray);
    the least squares of them all have one solution. None where too few points are there or none in front of the lens.
    """
    points = landmarks.points[_STABLE].astype(np.float64)
    turned = _TEMPLATE @ pose.rotation().T
    if lens.has_distortion:
        points = np.asarray(lens.undistort(points), np.float64)
    if not math.isfinite(float(points.sum())):
        seen = np.isfinite(points).all(axis=1)
        turned, points = turned[seen], points[seen]
    if len(points) < least_points:
        return None
    rays = (points - (lens.cx, lens.cy)) / (lens.fx, lens.fy)
    right = turned[:, :2] - rays * turned[:, 2:]
    ray, told = rays.mean(axis=0), right.mean(axis=0)
    across = rays - ray
    spread = float((across * across).sum())
    depth = float((across * right).sum()) / spread if spread > 0.0 else 0.0
    if not 0.0 < depth < 1e4:
        return None
    x, y = (ray * depth - told).tolist()
    return (x, y, depth) if math.isfinite(x) and math.isfinite(y) else None
