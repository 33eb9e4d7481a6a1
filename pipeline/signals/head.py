"""Head pose relative to the personal straight-ahead: head_yaw, head_pitch, head_roll.

Nobody's camera stands exactly where its owner looks, and no two heads sit alike on their necks: what counts is how far
a head is turned from where this person looks most. That is the mode of its pose over the last minutes, as far as it is
not too far from where the file of zones says that straight ahead is (somebody who looks at a telephone most of the
time has no telephone straight ahead). It is learned while the eyes are not closed and, where the speed is known, while
moving. Before it is learned, straight ahead is what the file of zones says, with little confidence.

Signs are those of HeadPose: turns to own left, looks up, tilts to own right are positive. The relative pose is
``R_straight^T R``, its angles taken as HeadPose takes them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from drivers.frame import Intrinsics, StreamKind
from pipeline.signals.sight import Sight, unknown
from pipeline.signals.timing import GAP_S
from pipeline.signals.turning import Rows, Vector, angles_between, rows_of, rows_of_pose, turned
from pipeline.signals.zones import USUAL, ZoneSet, load_zones
from pipeline.steps.head_template import EYES_M, HEAD_LANDMARKS_M
from pipeline.steps.pose import STABLE_POINTS
from recordings.observation import HeadPose, Landmarks, SignalValue

NAMES: Final[tuple[str, ...]] = ("head_yaw", "head_pitch", "head_roll")

KIND_TRUST: Final[Mapping[StreamKind, float]] = {StreamKind.THERMAL: 0.75, StreamKind.DEPTH: 0.85}
"""What a pose that was read in such a stream is worth beside one of gray or infrared."""
_STABLE: Final = np.array(STABLE_POINTS)
_TEMPLATE: Final = HEAD_LANDMARKS_M[_STABLE]


class HeadConfig(BaseModel):
    """How the personal straight-ahead is learned and when a pose is believed."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    learn: bool = Field(True, description="false: straight ahead is what the file of zones says, always")
    memory_s: float = Field(180.0, gt=0, le=7200, description="after so long what was learned weighs 1/e")
    least_s: float = Field(20.0, gt=0, le=3600, description="of looking before a straight-ahead is believed")
    least_share: float = Field(
        0.35, gt=0, le=1, description="share of the time within 5 degrees of the mode; less is no straight-ahead"
    )
    most_off_deg: float = Field(
        20.0, gt=0, le=90, description="a mode farther from what the file of zones says is not believed"
    )
    most_off_measured_deg: float = Field(10.0, gt=0, le=90, description="the same where that was measured")
    least_speed_kmh: float = Field(15.0, ge=0, le=500, description="slower than this nothing is learned, if known")
    slew_deg_s: float = Field(1.0, gt=0, le=90, description="the straight-ahead moves no faster: no signal leaps")
    unlearned_trust: float = Field(0.5, ge=0, le=1, description="confidence before anything is learned")
    measured_trust: float = Field(0.85, ge=0, le=1, description="the same where the camera's place was measured")
    sure_confidence: float = Field(0.4, gt=0, le=1, description="landmarks less sure than this lower the confidence")
    widest_deg: float = Field(75.0, gt=0, le=100, description="a head turned farther is not measured")


class Straight:
    """Learns where straight ahead is from poses in camera axes."""

    BIN_DEG: Final = 3.0
    _YAWS, _PITCHES = 60, 40
    """Bins from -90 to 90 and from -60 to 60 degrees."""

    def __init__(self, config: HeadConfig, zones: ZoneSet) -> None:
        self._config = config
        place = zones.camera
        self._given = (place.yaw_deg, place.pitch_deg, 0.0)
        self._most_off = config.most_off_measured_deg if place.measured else config.most_off_deg
        self._given_trust = config.measured_trust if place.measured else config.unlearned_trust
        self._sums = np.zeros((4, self._PITCHES, self._YAWS), np.float32)
        """Weight (s), and weight times yaw, pitch, roll, for each bin."""
        self._weight = 0.0
        self._ns: int | None = None
        self._looked_s = 0.0
        self._target: tuple[float, float, float] | None = None
        self._now = self._given
        self._rows = rows_of(*self._given)

    @property
    def rows(self) -> Rows:
        """The rotation from the axes of somebody who looks straight ahead to camera axes."""
        return self._rows

    @property
    def pose(self) -> tuple[float, float, float]:
        """Yaw, pitch, roll of a head that looks straight ahead, in camera axes, degrees."""
        return self._now

    @property
    def is_learned(self) -> bool:
        """Whether it is this person's own, and has arrived there."""
        return self._target is not None and _apart(self._target, self._now) < 2.0

    @property
    def trust(self) -> float:
        """0..1."""
        if self._target is None:
            return self._given_trust
        away = _apart(self._target, self._now)
        return self._given_trust + (1.0 - self._given_trust) * min(max(1.0 - away / 10.0, 0.0), 1.0)

    def step(self, device_ns: int, pose: HeadPose | None) -> None:
        """One instant.

        Args:
            pose: in camera axes; None where nothing is to be learned of it.
        """
        before, self._ns = self._ns, device_ns
        passed_s = 0.0 if before is None else (device_ns - before) / 1e9
        if not 0.0 < passed_s <= GAP_S or not self._config.learn:
            return
        self._move(passed_s)
        if pose is None:
            return
        column = int((pose.yaw_deg + 90.0) // self.BIN_DEG)
        row = int((pose.pitch_deg + 60.0) // self.BIN_DEG)
        if not (0 <= column < self._YAWS and 0 <= row < self._PITCHES):
            return
        cell = self._sums[:, row, column]
        cell += passed_s * np.array((1.0, pose.yaw_deg, pose.pitch_deg, pose.roll_deg), np.float32)
        self._weight += passed_s
        self._looked_s += passed_s
        if self._looked_s >= 1.0:
            self._look()

    def _look(self) -> None:
        """Forget a little, and find the mode; once a second of what is seen."""
        fade = math.exp(-self._looked_s / self._config.memory_s)
        self._looked_s = 0.0
        self._sums *= np.float32(fade)
        self._weight *= fade
        if self._weight < self._config.least_s * 0.95:
            return
        near = cv2.boxFilter(self._sums[0], -1, (3, 3), normalize=False, borderType=cv2.BORDER_CONSTANT)
        row, column = divmod(int(near.argmax()), self._YAWS)
        part = self._sums[:, max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2].sum(axis=(1, 2))
        if float(part[0]) < self._config.least_share * self._weight:
            return
        mode = (float(part[1] / part[0]), float(part[2] / part[0]), float(part[3] / part[0]))
        if math.hypot(mode[0] - self._given[0], mode[1] - self._given[1]) <= self._most_off:
            self._target = mode

    def _move(self, passed_s: float) -> None:
        if self._target is None:
            return
        away = _apart(self._target, self._now)
        if away < 1e-6:
            return
        share = min(self._config.slew_deg_s * passed_s / away, 1.0)
        yaw, pitch, roll = (now + share * (target - now) for now, target in zip(self._now, self._target, strict=True))
        self._now = (yaw, pitch, roll)
        self._rows = rows_of(yaw, pitch, roll)


class Head:
    """head_yaw, head_pitch, head_roll: degrees from the personal straight-ahead."""

    def __init__(self, config: HeadConfig | None = None, zones: ZoneSet | None = None) -> None:
        """
        Args:
            zones: tell how the camera sees a head that looks straight ahead; none: as if it stood there.
        """
        self._config = config or HeadConfig()
        self.straight = Straight(self._config, zones or load_zones(USUAL))

    def step(self, sight: Sight, known: Mapping[str, SignalValue]) -> dict[str, SignalValue]:
        """See Signal."""
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
            self.straight.step(sight.device_ns, None)
            return {name: unknown("deg", reason, source=sight.info.name) for name in NAMES}
        self.straight.step(sight.device_ns, pose if self._may_learn(sight, known) else None)
        relative = angles_between(self.straight.rows, rows_of_pose(pose))
        trust = self._trust(sight, pose) * self.straight.trust
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


def _apart(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    """The largest difference of the three angles."""
    return max(abs(a - b) for a, b in zip(one, other, strict=True))
