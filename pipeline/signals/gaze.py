"""Where somebody looks: gaze_yaw, gaze_pitch (degrees from the personal straight-ahead) and gaze_zone.

The head's direction, and the eyes' direction within the head where the picture shows the pupils. The label of the
angles says which: ``eyes``, or ``head`` where the head alone is known ("owls" turn their heads, "lizards" their eyes,
and of those nothing is seen then: Fridman et al., "'Owl' and 'Lizard'", IET Computer Vision 2016).

The eyes: a pupil turns about a point a little behind the corners of the eye; the ray through the pupil meets the sphere
on which it turns, and the direction from that point is the gaze. The corners are where the landmarks have them and
where the average head of this pose has them, half and half. What remains is an offset that each person has; it is
learned as the median while the head looks straight ahead.

The lever of the configuration is that of the face model's eyes (16 mm). People's is shorter: an eye turns about a point
some 13.5 mm behind the front of the cornea, and the pupil shows 3 mm behind that front (Gullstrand's eye), which leaves
10.5 mm, 6 mm behind the corners. Of their eyes about two thirds of the turning are told, which errs toward the head's
direction. Measured on rendered drives whose eyes turn as people's do (benchmarks/peoples_eyes.py; docs/results.md), the
shorter lever reads zones no better: what it gains in bias it loses in noise. Landmarks of the lids alone tell nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from drivers.frame import StreamInfo, StreamKind
from pipeline.signals.camera_turns import turn_between
from pipeline.signals.head import weak_perspective
from pipeline.signals.one_euro import OneEuro, OneEuroConfig
from pipeline.signals.pupils import find_pupil
from pipeline.signals.sight import Sight, unknown
from pipeline.signals.timing import GAP_S
from pipeline.signals.turning import Rows, Vector, rows_of, rows_of_pose, turned
from pipeline.signals.zones import USUAL, ZoneFinder, ZoneSet, load_zones
from pipeline.steps.head_template import HEAD_LANDMARKS_M
from recordings.observation import SignalValue

NAMES: Final[tuple[str, ...]] = ("gaze_yaw", "gaze_pitch", "gaze_zone")
EYES: Final = "eyes"
HEAD: Final = "head"
"""Labels of the angles: with the eyes, or the head's alone."""

_CORNERS: Final = ((36, 39, 1.0), (42, 45, -1.0))
"""Of the right and the left eye: its corners, and to which side the nose is."""
_CORNER_MIDDLES: Final[Mapping[float, Vector]] = {
    side: tuple((0.5 * (HEAD_LANDMARKS_M[outer] + HEAD_LANDMARKS_M[inner])).tolist()) for outer, inner, side in _CORNERS
}
"""Between the corners of the average head's eyes, by the side of the nose."""
_MIDDLE_M: Final = (0.0005, -0.0016)
"""From the middle of the corners to that of the eye in head axes, to the nose's side and down."""
_EYE_WIDTH_M: Final = 0.028
_READABLE: Final = frozenset({StreamKind.GRAY, StreamKind.INFRARED, StreamKind.COLOR})


class GazeConfig(BaseModel):
    """When the eyes are believed, and how zones change."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    use_eyes: bool = Field(True, description="false: the gaze is the head's")
    eye_px: float = Field(9.0, ge=4, le=200, description="least width of an eye, as it shows in the picture")
    sure_eye_px: float = Field(20.0, ge=4, le=400, description="from this width on the eyes are as sure as they get")
    widest_deg: float = Field(35.0, gt=0, le=60, description="beyond this yaw toward the camera no eyes are read")
    steepest_deg: float = Field(25.0, gt=0, le=60, description="beyond this pitch toward the camera no eyes are read")
    least_contrast: float = Field(0.25, ge=0, le=1, description="of the pupil against the eye")
    sure_contrast: float = Field(0.6, gt=0, le=1, description="from this contrast on the eyes are as sure as they get")
    least_openness: float = Field(0.3, ge=0, le=1, description="eyes less open show no pupils")
    eyeball_mm: float = Field(
        16.0, ge=8, le=30, description="from the point that an eye turns about to where its pupil shows; people: 10.5"
    )
    behind_mm: float = Field(
        9.0, ge=0, le=20, description="how far that point lies behind the corners of the eye; people: 6"
    )
    most_eyes_deg: float = Field(30.0, gt=0, le=60, description="eyes turn no farther within the head")
    eyes_off_deg: float = Field(
        16.0, gt=0, le=90, description="two eyes that look apart by so much are not believed at all"
    )
    eyes_trust: float = Field(0.85, ge=0, le=1, description="confidence of eyes that are seen as well as can be")
    head_trust: float = Field(0.6, ge=0, le=1, description="confidence of a gaze that is the head's alone")
    up_share: float = Field(
        0.5, ge=0, le=1, description="share of the eyes' up and down that is believed: lids hide most of it"
    )
    poor_share: float = Field(
        0.6, ge=0, le=1, description="share of their turning that is believed of eyes that are hardly seen"
    )
    eyes_each_s: float = Field(
        0.04, ge=0, le=1, description="eyes are read no more often: they cost more than all else here"
    )
    hold_s: float = Field(0.3, ge=0, le=2, description="eyes that are not seen, as in a blink, look where they did")
    eyes_error_deg: float = Field(5.5, gt=0, le=60, description="usual error with the eyes")
    head_error_deg: float = Field(9.0, gt=0, le=60, description="usual error of the head alone: what the eyes add")
    most_personal_deg: float = Field(6.0, ge=0, le=20, description="largest personal offset of the eyes")
    hysteresis_deg: float = Field(2.0, ge=0, le=20, description="how far beyond a border a zone is left")
    smoothing: OneEuroConfig = Field(
        default_factory=lambda: OneEuroConfig(min_cutoff_hz=2.0, beta=0.1, speed_cutoff_hz=3.0),
        description="of the eyes' direction within the head before the zone is told",
    )


@dataclass(frozen=True, slots=True)
class EyesInHead:
    """Where both eyes look, in degrees relative to the head: to own left, up; and 0..1 how well they are seen."""

    left_deg: float
    up_deg: float
    trust: float


class Gaze:
    """gaze_yaw, gaze_pitch, gaze_zone. Needs head_yaw, head_pitch, head_roll."""

    def __init__(self, config: GazeConfig | None = None, zones: ZoneSet | None = None) -> None:
        self._config = config or GazeConfig()
        self._zones = ZoneFinder(zones or load_zones(USUAL), self._config.hysteresis_deg)
        self._own = _Personal(self._config.most_personal_deg)
        self._left, self._up = OneEuro(self._config.smoothing), OneEuro(self._config.smoothing)
        self._held: tuple[int, EyesInHead] | None = None
        self._info: StreamInfo | None = None

    def step(self, sight: Sight, known: Mapping[str, SignalValue]) -> dict[str, SignalValue]:
        """See Signal."""
        self._take_over(sight)
        turn, nod, tilt = known.get("head_yaw"), known.get("head_pitch"), known.get("head_roll")
        reason = "" if turn is not None and nod is not None and tilt is not None else "no head pose is known"
        for one in (tilt, nod, turn):
            if one is not None and one.reason:
                reason = one.reason  # of several the first
        if reason or turn is None or nod is None or tilt is None:
            self._zones.reset()
            self._held = None
            source = sight.info.name
            return {name: unknown("" if name == "gaze_zone" else "deg", reason, source=source) for name in NAMES}
        yaw, pitch, roll = turn.value, nod.value, tilt.value
        head_trust = min(turn.confidence, nod.confidence, tilt.confidence)
        eyes = self._eyes_or_held(sight, known, abs(yaw) < 8.0 and abs(pitch) < 8.0)
        raw = steady = (yaw, pitch)
        if eyes is not None:
            rows = rows_of(yaw, pitch, roll)
            raw = angles(turned(rows, direction(eyes.left_deg, eyes.up_deg)))
            left = self._left.step(sight.device_ns, eyes.left_deg) or 0.0
            up = self._up.step(sight.device_ns, eyes.up_deg) or 0.0
            steady = angles(turned(rows, direction(left, up)))
        return self._told(sight.info.name, raw, steady, head_trust, eyes)

    def _take_over(self, sight: Sight) -> None:
        """Where another camera serves than before, what the last one read is not mixed with what this one reads.

        The zone's hysteresis goes on where straight ahead does, so that at a border nothing changes.
        """
        before, self._info = self._info, sight.info
        if before is None or before.name == sight.info.name:
            return
        self._left.reset()
        self._up.reset()
        self._held = None
        if turn_between(before, sight.info, sight.related) is None:
            self._zones.reset()

    def _eyes_or_held(self, sight: Sight, known: Mapping[str, SignalValue], is_straight: bool) -> EyesInHead | None:
        """The eyes' direction without what is this person's own; that of a moment ago where they are not seen."""
        now = sight.device_ns
        if self._held is not None and 0 <= now - self._held[0] < self._config.eyes_each_s * 1e9:
            return self._held[1]
        seen = self._eyes(sight, known)
        if seen is not None:
            left, up = self._own.step(now, seen, is_straight)
            # The worse they are seen, the nearer to where most eyes look, straight ahead, is the best guess.
            share = self._config.poor_share + (1.0 - self._config.poor_share) * seen.trust
            eyes = EyesInHead(share * left, self._config.up_share * up, seen.trust)
            self._held = (now, eyes)
            return eyes
        pose = sight.face.pose
        is_aside = pose is None or abs(pose.yaw_deg) > self._config.widest_deg
        if self._held is not None and not is_aside and 0 <= now - self._held[0] <= self._config.hold_s * 1e9:
            return self._held[1]
        self._held = None
        return None

    def _told(
        self,
        source: str,
        raw: tuple[float, float],
        steady: tuple[float, float],
        head_trust: float,
        eyes: EyesInHead | None,
    ) -> dict[str, SignalValue]:
        config = self._config
        label, seen = (HEAD, 0.0) if eyes is None else (EYES, eyes.trust)
        trust = head_trust * (config.head_trust + seen * max(config.eyes_trust - config.head_trust, 0.0))
        hit = self._zones.step(*steady)
        error = config.head_error_deg + seen * (config.eyes_error_deg - config.head_error_deg)
        # A normal error of that size: the chance to be on this side of the nearest border.
        within = 0.5 * (1.0 + math.erf(hit.margin_deg / (error * math.sqrt(2.0))))
        on_task = 0.0 if hit.role == "off" else 1.0
        return {
            "gaze_yaw": SignalValue(raw[0], "deg", trust, label=label, source=source),
            "gaze_pitch": SignalValue(raw[1], "deg", trust, label=label, source=source),
            "gaze_zone": SignalValue(on_task, "", head_trust * within, label=hit.name, source=source),
        }

    def _eyes(self, sight: Sight, known: Mapping[str, SignalValue]) -> EyesInHead | None:
        """Where the eyes look; None where the picture does not show it."""
        config, pose, gray = self._config, sight.face.pose, sight.gray
        found = sight.face.landmarks
        if not config.use_eyes or gray is None or pose is None or found is None or sight.kind not in _READABLE:
            return None
        if abs(pose.yaw_deg) > config.widest_deg or abs(pose.pitch_deg) > config.steepest_deg:
            return None
        if "eyes" in sight.face.invalid or _shut(sight, known, config):
            return None
        scaled = weak_perspective(found, pose)
        if scaled is None:
            return None
        scale, center = scaled
        rotation = rows_of_pose(pose)
        told: list[tuple[float, float, float]] = []
        for outer, inner, side in _CORNERS:
            one = self._eye(sight, gray, rotation, scale, center, (outer, inner, side))
            if one is not None:
                told.append(one)
        if not told:
            return None
        weight = sum(w for _, _, w in told)
        left = sum(x * w for x, _, w in told) / weight
        up = sum(y * w for _, y, w in told) / weight
        trust = max(w for _, _, w in told)
        if len(told) == 2:
            apart = max(abs(told[0][0] - told[1][0]), abs(told[0][1] - told[1][1]))
            if apart > 2.0 * config.eyes_off_deg:
                return None
            trust *= min(1.0, max(2.0 - apart / config.eyes_off_deg, 0.0))
        else:
            trust *= 0.7
        return EyesInHead(left, up, trust)

    def _eye(
        self,
        sight: Sight,
        gray: NDArray[np.uint8],
        rotation: Rows,
        scale: float,
        center: tuple[float, float],
        corners: tuple[int, int, float],
    ) -> tuple[float, float, float] | None:
        """Direction of one eye within the head (degrees to own left, up) and 0..1 how well it is seen."""
        config, lens = self._config, sight.intrinsics
        outer, inner, side = corners
        found, pose = sight.face.landmarks, sight.face.pose
        assert found is not None
        assert pose is not None
        (ox, oy), (ix, iy) = found.points[outer].tolist(), found.points[inner].tolist()
        if not math.isfinite(ox + oy + ix + iy):
            return None
        width = math.hypot(ox - ix, oy - iy)
        if width < config.eye_px or width < 0.5 * scale * _EYE_WIDTH_M:
            return None
        wx, wy, _ = turned(rotation, _CORNER_MIDDLES[side])
        mx = 0.25 * (ox + ix) + 0.5 * (center[0] + scale * wx)
        my = 0.25 * (oy + iy) + 0.5 * (center[1] + scale * wy)
        pupil = find_pupil(gray, (mx, my), pose.roll_deg, scale / 1000.0)
        if pupil is None or pupil.contrast < config.least_contrast:
            return None
        px, py = pupil.x, pupil.y
        if lens.has_distortion:
            (mx, my), (px, py) = lens.undistort(np.array(((mx, my), (px, py)))).tolist()
        depth = lens.fx / scale
        bx, by, bz = turned(rotation, (side * _MIDDLE_M[0], _MIDDLE_M[1], config.behind_mm / 1000.0))
        ball = ((mx - lens.cx) / lens.fx * depth + bx, (my - lens.cy) / lens.fy * depth + by, depth + bz)
        gx, gy, gz = _to_sphere(ball, (px - lens.cx) / lens.fx, (py - lens.cy) / lens.fy, config.eyeball_mm / 1000.0)
        # The transposed rotation leads back into the head's axes.
        x = rotation[0][0] * gx + rotation[1][0] * gy + rotation[2][0] * gz
        y = rotation[0][1] * gx + rotation[1][1] * gy + rotation[2][1] * gz
        over = max(math.hypot(x, y) / math.sin(math.radians(config.most_eyes_deg)), 1.0)
        if not math.isfinite(over):
            return None
        left, up = math.degrees(math.asin(x / over)), math.degrees(math.asin(-y / over))
        size = min((width - 0.5 * config.eye_px) / max(config.sure_eye_px - 0.5 * config.eye_px, 1e-6), 1.0)
        clear = min(pupil.contrast / config.sure_contrast, 1.0)
        return left, up, max(size * clear, 0.05)


class _Personal:
    """The median of where a person's eyes seem to look while the head looks straight ahead.

    It follows by steps of one size, quickly at first and then slowly, so that a glance does not move it.
    """

    def __init__(self, most_deg: float) -> None:
        self._most = most_deg
        self._left = self._up = 0.0
        self._seen_s = 0.0
        self._ns: int | None = None

    def step(self, device_ns: int, eyes: EyesInHead, is_straight: bool) -> tuple[float, float]:
        """The eyes' direction without that offset."""
        before, self._ns = self._ns, device_ns
        passed_s = 0.0 if before is None else (device_ns - before) / 1e9
        if is_straight and 0.0 < passed_s <= GAP_S:
            self._seen_s += passed_s
            step = passed_s * max(0.03, 1.0 / (1.0 + self._seen_s / 5.0))
            self._left = self._follow(self._left, eyes.left_deg, step)
            self._up = self._follow(self._up, eyes.up_deg, step)
        return eyes.left_deg - self._left, eyes.up_deg - self._up

    def _follow(self, own: float, seen: float, step: float) -> float:
        moved = own + max(-step, min(seen - own, step))
        return max(-self._most, min(moved, self._most))


def direction(left_deg: float, up_deg: float) -> Vector:
    """The unit vector (x to own left, y down, z to the back of the head) of a direction in the head's axes."""
    left, up = math.radians(left_deg), math.radians(up_deg)
    return math.sin(left) * math.cos(up), -math.sin(up), -math.cos(left) * math.cos(up)


def angles(toward: Vector) -> tuple[float, float]:
    """Yaw and pitch in degrees of a unit vector: to own left and up are positive. Undoes :func:`direction`."""
    x, y, z = toward
    return math.degrees(math.atan2(x, -z)), math.degrees(math.asin(max(-1.0, min(1.0, -y))))


def _to_sphere(ball: Vector, ray_x: float, ray_y: float, radius: float) -> Vector:
    """The unit vector from a sphere's middle to where a ray (x, y, 1) from the camera meets it first.

    A ray that misses the sphere meets it where it comes nearest.
    """
    bx, by, bz = ball
    squared = ray_x * ray_x + ray_y * ray_y + 1.0
    nearest = (ray_x * bx + ray_y * by + bz) / squared
    x, y, z = nearest * ray_x - bx, nearest * ray_y - by, nearest - bz
    left_over = radius * radius - (x * x + y * y + z * z)
    if left_over > 0.0:
        back = math.sqrt(left_over / squared)
        x, y, z = x - back * ray_x, y - back * ray_y, z - back
    length = max(math.sqrt(x * x + y * y + z * z), 1e-12)
    return x / length, y / length, z / length


def _shut(sight: Sight, known: Mapping[str, SignalValue], config: GazeConfig) -> bool:
    """Whether the eyes are said to be too far closed to show their pupils."""
    closed, openness, raw = known.get("eyes_closed"), known.get("eye_openness"), sight.face.eyes
    if closed is not None and closed.is_valid and closed.value >= 0.5:
        return True
    if openness is not None and openness.is_valid:
        return openness.value < config.least_openness
    return raw is not None and not max(raw.right, raw.left) >= config.least_openness
