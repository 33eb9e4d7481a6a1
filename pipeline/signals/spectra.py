"""Do two cameras of the rig see the same face at the same place? Light and warmth, say, or two bodies of a rig.

Each landmark of the reference stream is projected into the other camera's picture (by calibration and distance) and
compared with the same landmark as it was read there: the median distance over the eyes' distance, r. Landmark models
differ by 3 to 6 % between spectra; a calibration that has moved, a wrong distance or a different face shows as more.
The value is 1 up to ``same``, 0 from ``apart`` on, and a line between; the label names both streams.

A camera that sees no face where one looks toward it (a printed face has no warm skin, a knocked camera shows the seat)
does not agree at all. The model's answer is needed for that: the points that it draws into an empty crop lie near the
middle, where a face would be.

What speaks against what is told has to be seen in two looks in a row: somebody who walks behind another is hidden
from one camera a moment before the other, and a face of a few pixels is misread now and then. So has a first
agreement that leaves doubt: into a warm dummy the model draws points that half pass for a face once, hardly ever twice.
That a camera shows no face from the first look on is told at once, and so is a first look that agrees wholly.

Told is the median of a second of the pair that surely agrees least: one camera that has been knocked aside is the news.
A camera has its turn now and then only (pipeline/steps/second_look.py): what was found holds for ``hold_s``, also in
the FrameSets between the pictures of a slow camera.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from drivers.frame import FrameFlag, StreamInfo
from pipeline.signals.pace import Pace
from pipeline.signals.recent import Recent
from pipeline.signals.sight import Agreement, OtherView, Points, Sight, unknown
from pipeline.steps.eye_patch import NOSE
from pipeline.steps.head_template import EYES_M
from recordings.observation import Face, Landmarks, SignalValue

NAMES: Final = ("spectra_agreement",)

INNER: Final = slice(17, 68)
"""Without the jaw line, which each spectrum sees elsewhere."""

_AGREED: Final = 0.5
"""From which value on a look is an agreement: half way between `same` and `apart`."""
_LEAST_SURE: Final = 0.1
"""That no face is where one should be is not told with less confidence."""
_OCCASION_S: Final = 10.0
"""Two looks farther apart have nothing to do with each other; between two turns of a camera it is much less."""
_BETWEEN_NS: Final = 400_000_000
"""A camera without a picture in this FrameSet that gave one so lately is slow, and not gone."""
_PROFILE_DEG: Final = 60.0
"""From here on the distance of the eyes says little of the face's size."""
_EVERY_MS, _AFTER_MS = 200, 100
"""Between two looks: what has been knocked aside stays so."""


class SpectraConfig(BaseModel):
    """When two cameras agree."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    same: float = Field(0.06, ge=0, le=1, description="median distance in eye distances up to which they agree wholly")
    apart: float = Field(0.25, gt=0, le=2, description="from which on they do not agree at all; above `same`")
    least_points: int = Field(17, ge=4, le=51, description="fewest landmarks that both see")
    least_confidence: float = Field(0.2, ge=0, le=1, description="landmarks below this, in either, take no part")
    least_eyes_px: float = Field(8.0, gt=0, description="eye distance in the other picture; below it nothing is told")
    most_error: float = Field(
        0.3, gt=0, le=2, description="in eye distances: a projection that may be farther off tells nothing"
    )
    together_s: float = Field(
        0.1, gt=0, le=1, description="seconds between the pictures, where their clocks can be compared"
    )
    smooth_s: float = Field(1.0, ge=0, le=10, description="seconds whose median is told")
    missed_s: float = Field(
        0.2,
        ge=0,
        le=10,
        description="seconds that a camera must go on missing a face that it had seen, or disagreeing where it had "
        "agreed, before it is told",
    )
    hold_s: float = Field(1.5, ge=0, le=60, description="seconds until a camera's look counts no longer")
    face_confidence: float = Field(
        0.4, gt=0, le=1, description="mean confidence of the inner landmarks there from which on it surely is a face"
    )
    nothing_confidence: float = Field(
        0.25, ge=0, lt=1, description="up to which it is none: points drawn into nothing; below `face_confidence`"
    )
    toward_deg: float = Field(
        30.0, gt=0, le=90, description="a head turned or tilted farther may be no face for the other camera"
    )

    @model_validator(mode="after")
    def _ordered(self) -> SpectraConfig:
        if self.apart <= self.same:
            raise ValueError(f"apart ({self.apart:g}) must be above same ({self.same:g})")
        if self.face_confidence <= self.nothing_confidence:
            raise ValueError(
                f"face_confidence ({self.face_confidence:g}) must be above nothing_confidence "
                f"({self.nothing_confidence:g})"
            )
        return self


@dataclass(frozen=True, slots=True)
class _Look:
    """What was found when a camera was last looked at, smoothed."""

    device_ns: int
    value: float
    confidence: float


@dataclass(frozen=True, slots=True)
class _Doubt:
    """A look that spoke against what is told."""

    first_ns: int
    agrees: bool


class Spectra:
    """The agreement of the reference stream with each other one, over time."""

    def __init__(self, config: SpectraConfig | None = None) -> None:
        self._config = config or SpectraConfig()
        self._recent: dict[str, Recent] = {}
        self._looks: dict[str, _Look] = {}
        self._doubted: dict[str, _Doubt] = {}
        self._given: dict[str, int] = {}  # when each camera was last in a FrameSet
        self._own = ""
        self._pace = Pace(_EVERY_MS, _AFTER_MS)
        self._told: Mapping[str, SignalValue] = {}

    def step(self, sight: Sight, known: Mapping[str, SignalValue]) -> Mapping[str, SignalValue]:
        """1 where both see the same, 0 where they do not."""
        is_due = self._pace.is_due(sight)
        self._given.update(dict.fromkeys(sight.others, sight.device_ns))
        if is_due or any(view.landmarks is not None or view.face is not None for view in sight.others.values()):
            self._told = {NAMES[0]: self._value(sight, known)}
        return self._told

    def _value(self, sight: Sight, known: Mapping[str, SignalValue]) -> SignalValue:
        told: list[SignalValue] = []
        reasons: list[str] = []
        if self._own != sight.info.name:
            self._own, self._looks = sight.info.name, {}
            self._recent = {}
            self._doubted = {}
        marks = sight.face.landmarks  # as they were read: smoothed ones lag behind those of the other camera
        if sight.landmarks is None or marks is None:
            return unknown("", sight.doubt("landmarks") or "the face has no landmarks")
        for name, view in sight.others.items():
            if view.info.name == sight.info.name:
                continue
            found = view.agrees
            if found is None:
                found = agreement_of(sight.face, marks, sight.info, sight.picture_ns, view, self._config)
            if not isinstance(found, str):
                found = self._told_twice(name, found, sight.device_ns)
            look = self._kept(sight, name, view) if isinstance(found, str) else self._seen(sight, name, found, known)
            if look is None:
                assert isinstance(found, str)
                reasons.append(f"{name}: {found}")
                continue
            told.append(_signal(sight, name, look))
        told += [
            _signal(sight, name, look)
            for name, look in self._looks.items()
            if name not in sight.others and self._is_between(sight, name, look)
        ]
        if told:
            return max(told, key=lambda one: ((1.0 - one.value) * one.confidence, one.confidence))
        if not reasons:
            reasons.append("only one camera looks at the face")
        return unknown("", "; ".join(reasons))

    def _told_twice(self, name: str, found: Agreement, device_ns: int) -> Agreement | str:
        """What was found, or why it does not count yet: a single look against what is told, or a doubtful first one."""
        before = self._looks.get(name)
        value = self._value_of(found.distance)
        agrees = value >= _AGREED
        if agrees == (before is not None and before.value >= _AGREED) or (before is None and value == 1.0):
            self._doubted.pop(name, None)
            return found
        doubt = self._doubted.get(name)
        since_s = (device_ns - doubt.first_ns) / 1e9 if doubt is not None and doubt.agrees == agrees else -1.0
        least_s = self._config.missed_s if before is not None else 0.0
        if least_s <= since_s <= _OCCASION_S and since_s > 0.0:
            return found
        if not 0.0 <= since_s <= _OCCASION_S:
            self._doubted[name] = _Doubt(device_ns, agrees)
        if agrees:
            return "it agrees, in one look so far"
        if math.isfinite(found.distance):
            return "it disagrees, in one look so far"
        return "no face is seen there, in one look so far"

    def _value_of(self, distance: float) -> float:
        """1 up to `same`, 0 from `apart` on."""
        config = self._config
        return min(max((config.apart - distance) / (config.apart - config.same), 0.0), 1.0)

    def _seen(self, sight: Sight, name: str, found: Agreement, known: Mapping[str, SignalValue]) -> _Look:
        config = self._config
        recent = self._recent.setdefault(name, Recent(config.smooth_s))
        distance = recent.add(sight.device_ns, min(found.distance, 2.0 * config.apart))
        value = self._value_of(distance)
        confidence = found.confidence
        motion = known.get("motion")
        if motion is not None and motion.is_valid:
            # Between two pictures of different instants the face has gone on.
            off = motion.value * found.skew_s / EYES_M
            confidence *= max(1.0 - off / config.most_error, 0.0)
        look = self._looks[name] = _Look(sight.device_ns, value, confidence)
        return look

    def _kept(self, sight: Sight, name: str, view: OtherView) -> _Look | None:
        """What was found there when it had its turn, where that holds yet; a picture of nothing tells nothing."""
        look = self._looks.get(name)
        if look is None or _unfit(view):
            return None
        return look if self._holds(sight, look) else None

    def _holds(self, sight: Sight, look: _Look) -> bool:
        return 0 <= sight.device_ns - look.device_ns <= self._config.hold_s * 1e9

    def _is_between(self, sight: Sight, name: str, look: _Look) -> bool:
        """Whether this FrameSet lies between two pictures of a slow camera, and what was found there holds yet."""
        since_ns = sight.device_ns - self._given.get(name, sight.device_ns - 2 * _BETWEEN_NS)
        return 0 <= since_ns <= _BETWEEN_NS and self._holds(sight, look)


def _signal(sight: Sight, name: str, look: _Look) -> SignalValue:
    return SignalValue(look.value, "", look.confidence, label=f"{sight.info.name} + {name}", source=name)


def agreement_of(
    face: Face, marks: Landmarks, info: StreamInfo, taken_ns: int, view: OtherView, config: SpectraConfig
) -> Agreement | str:
    """How well a face as one stream (``info``) shows it agrees with another view of it; or why nobody knows.

    Args:
        face: as it was found in that stream.
        marks: its landmarks.
        taken_ns: when that stream's picture was taken, on its camera's own clock.
    """
    if reason := _unfit(view):
        return reason
    if view.landmarks is None and view.face is None:
        return "no landmarks were read there"
    if view.project is None:
        return "no calibration and distance lead there"
    skew_ns = apart_ns(info, taken_ns, view) or 0
    if skew_ns > config.together_s * 1e9:
        return f"its picture is {skew_ns / 1e6:.0f} ms apart"
    here = view.project(marks.points.astype(np.float64))
    if view.landmarks is None:
        assert view.face is not None
        return _nobody(face, view.face, here, config, skew_ns / 1e9)
    there = view.landmarks.points.astype(np.float64)
    eyes = _eyes_px(there, face)
    if not eyes >= config.least_eyes_px:  # NaN, too
        return f"the face is too small there: {eyes:.1f} px between the eyes" if eyes == eyes else "no points there"
    if not view.error_px <= config.most_error * eyes:
        return f"the projection may be {view.error_px:.1f} px off"
    sure = np.minimum(marks.confidence, view.landmarks.confidence)[INNER]
    off = np.hypot(*(here - there)[INNER].T)
    good = np.isfinite(off) & (sure >= config.least_confidence)
    count = int(np.count_nonzero(good))
    if count < config.least_points:
        return f"only {count} landmarks are seen by both"
    # A distance that calibration alone may explain speaks neither for nor against: the confidence falls.
    trust = 1.0 - 0.8 * view.error_px / (config.most_error * eyes)
    small = min(eyes / 24.0, 1.0)
    confidence = float(sure[good].mean()) * trust * small * min(count / 40.0, 1.0)
    distance = _median(off[good]) / eyes
    unseen = 1.0 - _seen(view.landmarks, config)
    if unseen > 0.0:
        distance = max(distance, config.same + unseen * (config.apart - config.same))
        confidence = max(confidence, unseen * _toward(face, eyes, config))
    return Agreement(distance, min(confidence, 1.0), skew_ns / 1e9)


def apart_ns(info: StreamInfo, taken_ns: int, view: OtherView) -> int | None:
    """Between a picture of the stream ``info`` and another view; None where no clock has told both.

    Args:
        taken_ns: when the first was taken, on its camera's own clock.
    """
    return abs(view.frame.device_ns - taken_ns) if view.info.clock == info.clock else None


def _median(values: NDArray[np.float64]) -> float:
    """Of finite values, at least one: in a tenth of the time that NumPy takes for so few."""
    ordered: list[float] = values.tolist()
    ordered.sort()
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _seen(marks: Landmarks, config: SpectraConfig) -> float:
    """0..1: how far landmarks are those of a face, and not drawn into something warm of its size."""
    told: list[float] = marks.confidence[INNER].tolist()
    sure = sum(told) / len(told)
    share = (sure - config.nothing_confidence) / (config.face_confidence - config.nothing_confidence)
    return min(max(share, 0.0), 1.0)


def _nobody(face: Face, theirs: Face, here: Points, config: SpectraConfig, skew_s: float) -> Agreement | str:
    """A camera that was looked at, and showed no face that can be believed."""
    reason = theirs.invalid.get("landmarks", "")
    if theirs.landmarks is not None:
        return reason or "its landmarks are not believed"
    eyes = _eyes_px(here, face)
    if not eyes >= config.least_eyes_px:
        return "the face is too small there, or not in the picture"
    # What is nearly a face for the model, half hidden perhaps, is no face that is missing.
    sure = _toward(face, eyes, config) * (1.0 - theirs.confidence / config.face_confidence)
    if sure < _LEAST_SURE:
        return reason or "no face is seen there"
    return Agreement(math.inf, sure, skew_s)


def _toward(face: Face, eyes_px: float, config: SpectraConfig) -> float:
    """0..1: how sure it is that a camera must see this face when it looks at it; 0 where the head is turned."""
    pose = face.pose
    if pose is None or not max(abs(pose.yaw_deg), abs(pose.pitch_deg)) <= config.toward_deg:
        return 0.0
    return 0.8 * min(max(face.confidence, 0.0), 1.0) * min(eyes_px / 24.0, 1.0)


def _eyes_px(points: Points, face: Face) -> float:
    """Distance of the outer eye corners as if the face were frontal; NaN where they are not seen.

    In profile these corners nearly coincide, whatever the pose makes of their distance: the nose is as long as ever.
    """
    eyes = math.dist(points[36].tolist(), points[45].tolist())
    if face.pose is not None:
        eyes /= max(math.cos(math.radians(min(abs(face.pose.yaw_deg), 65.0))), 0.4)
        if abs(face.pose.yaw_deg) > _PROFILE_DEG and eyes == eyes:
            eyes = max(eyes, NOSE * math.dist(points[27].tolist(), points[33].tolist()))
    return eyes


def _unfit(view: OtherView) -> str:
    """Why a picture tells nothing of now; '' where it does."""
    flags = view.frame.flags
    if flags & FrameFlag.STALE:
        return "its picture is old"
    if flags & FrameFlag.SHUTTER:
        return "its shutter is closed"
    if flags & FrameFlag.GENERATED:
        return "its picture is generated"
    return ""
