"""Where straight ahead is for one person as one camera sees it: learned from poses in that camera's axes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from pipeline.signals.timing import GAP_S
from pipeline.signals.turning import Rows, Vector, angles_of, product, rows_of
from pipeline.signals.zones import ZoneSet
from recordings.observation import HeadPose

_LEAST_S: Final = 1e-3
"""Of a bin that faded to less nothing is worth carrying to another camera."""


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

    def __init__(self, config: HeadConfig, given: Vector, *, measured: bool = False) -> None:
        """
        Args:
            given: yaw, pitch, roll (degrees, signs of HeadPose) of a head that looks straight ahead, before it is
                learned.
            measured: whether that was measured for this camera.
        """
        self._config = config
        self._given = given
        self._is_measured = measured
        self._most_off = config.most_off_measured_deg if measured else config.most_off_deg
        self._given_trust = config.measured_trust if measured else config.unlearned_trust
        self._sums = np.zeros((4, self._PITCHES, self._YAWS), np.float32)
        """Weight (s), and weight times yaw, pitch, roll, for each bin."""
        self._weight = 0.0
        self._ns: int | None = None
        self._looked_s = 0.0
        self._target: Vector | None = None
        self._now = given
        self._rows = rows_of(*given)

    @classmethod
    def of_zones(cls, config: HeadConfig, zones: ZoneSet, *, other_camera: bool = False) -> Straight:
        """As the file of zones says.

        Args:
            other_camera: it speaks of another camera, and nobody knows how the two lie to each other: what it says is
                a guess, measured or not.
        """
        place = zones.camera
        return cls(config, (place.yaw_deg, place.pitch_deg, 0.0), measured=place.measured and not other_camera)

    def seen_from(self, turn: Rows) -> Straight:
        """A new one with all that is known here, as a camera sees it that is turned otherwise.

        Args:
            turn: the rotation from this camera's axes to those of the other.
        """
        other = Straight(self._config, _turned(turn, self._given), measured=self._is_measured)
        other._target = None if self._target is None else _turned(turn, self._target)
        other._now = _turned(turn, self._now)
        other._rows = rows_of(*other._now)
        other._looked_s = self._looked_s
        for weight_s, pose in self._seen():
            other._add(weight_s, _turned(turn, pose))
        return other

    def pause(self) -> None:
        """Time passes without this camera: what lies between counts for nothing."""
        self._ns = None

    @property
    def rows(self) -> Rows:
        """The rotation from the axes of somebody who looks straight ahead to camera axes."""
        return self._rows

    @property
    def pose(self) -> Vector:
        """Yaw, pitch, roll of a head that looks straight ahead, in camera axes, degrees."""
        return self._now

    @property
    def has_found(self) -> bool:
        """Whether this person's own is known, arrived there or not."""
        return self._target is not None

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
        if not self._add(passed_s, (pose.yaw_deg, pose.pitch_deg, pose.roll_deg)):
            return
        self._looked_s += passed_s
        if self._looked_s >= 1.0:
            self._look()

    def _add(self, weight_s: float, pose: Vector) -> bool:
        """Whether there is a bin for that pose."""
        yaw, pitch, roll = pose
        column, row = int((yaw + 90.0) // self.BIN_DEG), int((pitch + 60.0) // self.BIN_DEG)
        if not (0 <= column < self._YAWS and 0 <= row < self._PITCHES):
            return False
        self._sums[:, row, column] += weight_s * np.array((1.0, yaw, pitch, roll), np.float32)
        self._weight += weight_s
        return True

    def _seen(self) -> Iterator[tuple[float, Vector]]:
        """Of each bin its weight (s) and mean pose."""
        rows, columns = np.nonzero(self._sums[0] > _LEAST_S)
        for weight_s, yaw, pitch, roll in self._sums[:, rows, columns].T.tolist():
            yield weight_s, (yaw / weight_s, pitch / weight_s, roll / weight_s)

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


def _turned(turn: Rows, pose: Vector) -> Vector:
    """Yaw, pitch, roll in the axes that ``turn`` leads to."""
    return angles_of(product(turn, rows_of(*pose)))


def _apart(one: Vector, other: Vector) -> float:
    """The largest difference of the three angles."""
    return max(abs(a - b) for a, b in zip(one, other, strict=True))
