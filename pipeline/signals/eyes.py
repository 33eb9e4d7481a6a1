"""How far the eyes are open, on a scale of the person's own, whether they are closed, and since when.

Three readings of an eye may be there. The model of single eyes (``eye_state``) looks at an eye's pixels in the
picture's own resolution, and says how sure it is of each (``Face.eyes`` with ``sure``): where it was asked, it is read,
and the less sure it is, the more the landmark model's reading counts in it (pipeline/steps/eye_state.py).
Else the openness that the landmark model says itself (``Face.eyes`` without), or the eye aspect ratio of its six
landmarks, EAR = (|p2 - p6| + |p3 - p5|) / (2 |p1 - p4|) (Soukupova and Cech, CVWW 2016). On rendered faces of people
whom no training saw, the landmark model's own openness tells closed from open eyes far better than the EAR: the area
under the curve is 0.95 (near eye) and 0.92 (far eye) in near infrared, 0.70 for the EAR of its landmarks, which hardly
follow the lids. So the EAR is for thermal pictures, weakly, and for models with better landmarks (``read``).

Personal: o = (raw - closed) / (open - closed); ``open`` is the 95th percentile of the last minute at |yaw| < 20
degrees, ``closed`` the lower quartile of how far the lids came down in the person's last blinks. Before both are
learned, usual values stand in, with less confidence. Where half a minute has shown no blink at all, nobody knows
whether these eyes can be read (some glasses), and the confidence falls until one is seen. The EAR is divided by what an
average eye's would be at that pose; the model's openness needs no such correction (median of open eyes: 0.81
at 20 degrees of pitch, 0.88 level).

P80 (80 % closed; Wierwille 1994) is o < 0.2 of the true opening; ``closed_below`` is what the model reads there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from drivers.frame import StreamKind
from pipeline.signals.eye_scale import BlinkShape, PersonalScale
from pipeline.signals.foreshortening import seen_length, span_of
from pipeline.signals.sight import Sight, unknown
from pipeline.signals.timing import GAP_S, Stopwatch
from pipeline.steps.follow import EYES_NOT_TOLD
from recordings.observation import HeadPose, SignalValue

NAMES: Final[tuple[str, ...]] = (
    "eye_openness_right",
    "eye_openness_left",
    "eye_openness",
    "eyes_closed",
    "eyes_closed_s",
)

Source = Literal["state", "model", "landmarks"]
"""What an eye is read by: the model of single eyes, the landmark model, the landmarks."""

RIGHT, LEFT = 36, 42
"""The first of an eye's six landmarks."""
_SIDES: Final = ((RIGHT, "right"), (LEFT, "left"))


class EyesConfig(BaseModel):
    """How eyes are read and when they count as closed. Openness: 0 closed, 1 as open as this person's eyes are."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    read: Literal["model", "landmarks"] = Field(
        "model",
        description="which reading is believed where both are there: the model's openness, or the landmarks' EAR",
    )
    closed_below: float = Field(0.3, gt=0, lt=1, description="openness under which eyes are closed")
    open_above: float = Field(0.4, gt=0, lt=1, description="openness over which closed eyes are open again")
    model_open: float = Field(0.9, gt=0, le=1, description="the model's openness of usual open eyes")
    model_closed: float = Field(0.06, ge=0, lt=1, description="the model's openness of usual closed eyes")
    state_closed_below: float = Field(
        0.25, gt=0, lt=1, description="the same where the model of single eyes has read them"
    )
    state_open_above: float = Field(0.32, gt=0, lt=1, description="the same of eyes that are open again")
    state_open: float = Field(0.9, gt=0, le=1, description="openness of usual open eyes by the model of single eyes")
    state_closed: float = Field(0.04, ge=0, lt=1, description="openness of usual closed eyes by that model")
    state_least: float = Field(
        0.3, ge=0, le=1, description="an eye that the model of single eyes is less sure of is not read"
    )
    ear_open: float = Field(0.3, gt=0, le=1, description="eye aspect ratio of usual open eyes")
    ear_closed: float = Field(0.45, ge=0, lt=1, description="eye aspect ratio of closed eyes, as a share of open ones")
    learn_yaw_deg: float = Field(20.0, gt=0, le=90, description="open eyes are learned of heads turned less than this")
    learn_s: float = Field(5.0, ge=0, le=600, description="seconds of open eyes after which their level is believed")
    blinks: int = Field(3, ge=1, le=20, description="blinks after which the level of closed eyes is believed")
    no_blink_s: float = Field(
        30.0, gt=0, le=3600, description="seconds of seen eyes without a blink after which the reading is doubted"
    )
    far_yaw_deg: float = Field(35.0, gt=0, le=90, description="of a head turned farther the far eye is not read")
    most_yaw_deg: float = Field(60.0, gt=0, le=90, description="of a head turned farther no eye is read")
    most_pitch_deg: float = Field(40.0, gt=0, le=90, description="of a head tilted farther no eye is read")
    least_px: float = Field(10.0, ge=0, description="least distance of the outer eye corners, as if frontal")
    least_point_confidence: float = Field(
        0.25, ge=0, le=1, description="an eye whose landmarks have less mean confidence is not read"
    )
    disagree: float = Field(
        0.5, gt=0, le=1, description="eyes that differ by more (a wink, a reflection) count by their mean, doubtfully"
    )
    least_confidence: float = Field(
        0.2, ge=0, le=1, description="eyes read with less confidence do not tell whether they are closed"
    )
    thermal_trust: float = Field(0.15, ge=0, le=1, description="factor on the confidence in thermal pictures")
    hold_s: float = Field(
        0.3, ge=0, le=0.5, description="of a face that is followed, not read, the last reading holds for so long"
    )
    patience_s: float = Field(0.3, ge=0, le=5, description="closed eyes may go unseen so long without the count ending")

    @model_validator(mode="after")
    def _in_order(self) -> EyesConfig:
        if self.open_above < self.closed_below:
            raise ValueError(
                f"eyes that close below {self.closed_below:g} cannot open above {self.open_above:g}, which is less"
            )
        if self.state_open_above < self.state_closed_below:
            raise ValueError(
                f"eyes that close below {self.state_closed_below:g} cannot open above {self.state_open_above:g}, "
                "which is less"
            )
        if self.state_closed >= self.state_open:
            raise ValueError(
                f"closed eyes ({self.state_closed:g}) must be less open than open ones ({self.state_open:g})"
            )
        if self.model_closed >= self.model_open:
            raise ValueError(
                f"closed eyes ({self.model_closed:g}) must be less open than open ones ({self.model_open:g})"
            )
        return self


@dataclass(frozen=True, slots=True)
class EyeReading:
    """One eye at one instant: openness as read, how far it is believed (0..1), and why it is not there at all."""

    raw: float = 0.0
    confidence: float = 0.0
    reason: str = ""


class Eyes:
    """Openness of both eyes of one face, whether they are closed, and for how long."""

    def __init__(self, config: EyesConfig | None = None) -> None:
        self._config = config = config or EyesConfig()
        self._scales: dict[tuple[Source, int], PersonalScale] = {}
        self._dip = BlinkShape()
        self._watch = Stopwatch(config.patience_s)
        self._closed = False
        self._last_ns: int | None = None
        self._unblinking_s = 0.0
        self._source: Source | None = None
        self._read_last: tuple[int, Source, tuple[EyeReading, EyeReading]] | None = None

    def step(self, sight: Sight, known: Mapping[str, SignalValue]) -> Mapping[str, SignalValue]:
        """See NAMES; all of them always."""
        source, readings = self._held(sight) or self._read(sight)
        if source != self._source:
            self._source, self._dip, self._unblinking_s = source, BlinkShape(), 0.0
        passed_s = 0.0 if self._last_ns is None else (sight.device_ns - self._last_ns) / 1e9
        if not 0 <= passed_s <= GAP_S:
            self._closed = False
        self._last_ns = sight.device_ns
        scales = [self._scale(source, first) for first, _ in _SIDES]
        self._learn(sight, readings, scales, passed_s)
        told: dict[str, SignalValue] = {}
        seen: list[tuple[float, float]] = []
        for (_, side), reading, scale in zip(_SIDES, readings, scales, strict=True):
            name = f"eye_openness_{side}"
            if reading.reason:
                told[name] = unknown("", reason=reading.reason)
                continue
            openness = scale.openness(reading.raw)
            confidence = reading.confidence * self._familiar(scale, source)
            seen.append((openness, confidence))
            told[name] = SignalValue(openness, "", confidence)
        told.update(self._both(sight, seen, readings, source))
        return told

    def _both(
        self,
        sight: Sight,
        seen: list[tuple[float, float]],
        readings: tuple[EyeReading, EyeReading],
        source: Source,
    ) -> dict[str, SignalValue]:
        names = NAMES[2:]
        units = ("", "", "s")
        if not seen:
            self._watch.step(sight.device_ns, None)
            reasons = sorted((r.reason for r in readings), key=len)
            return {name: unknown(unit, reasons[0]) for name, unit in zip(names, units, strict=True)}
        openness, confidence = self._together(seen)
        below, above = self._borders(source)
        told = {"eye_openness": SignalValue(openness, "", confidence)}
        if confidence < self._config.least_confidence:
            self._watch.step(sight.device_ns, None)
            reason = f"the eyes are read too weakly to tell whether they are closed (confidence {confidence:.2f})"
            return {**told, "eyes_closed": unknown("", reason), "eyes_closed_s": unknown("s", reason)}
        self._closed = openness < (above if self._closed else below)
        held = self._watch.step(sight.device_ns, self._closed)
        border = above if self._closed else below
        clear = 0.6 + 0.4 * min(abs(openness - border) / 0.15, 1.0)
        told["eyes_closed"] = SignalValue(float(self._closed), "", confidence * clear)
        told["eyes_closed_s"] = SignalValue(held, "s", confidence)
        return told

    def _together(self, seen: list[tuple[float, float]]) -> tuple[float, float]:
        """Of two eyes the geometric mean: an eye that is read half open beside a closed one is mostly closed, too."""
        if len(seen) == 1:
            return seen[0][0], 0.85 * seen[0][1]
        (a, sure_a), (b, sure_b) = seen
        total = sure_a + sure_b
        weight = sure_a / total if total > 0 else 0.5
        confidence = max(total / 2, 0.85 * max(sure_a, sure_b))
        if abs(a - b) > self._config.disagree:
            return weight * a + (1 - weight) * b, 0.6 * confidence
        if min(a, b) <= 0:
            return 0.0, confidence
        return a**weight * b ** (1 - weight), confidence

    def _borders(self, source: Source) -> tuple[float, float]:
        """Openness under which eyes are closed, and over which they are open again."""
        config = self._config
        if source == "state":
            return config.state_closed_below, config.state_open_above
        return config.closed_below, config.open_above

    # -- what is usual for this person --------------------------------------------------------------------------------

    def _scale(self, source: Source, first: int) -> PersonalScale:
        key = (source, first)
        scale = self._scales.get(key)
        if scale is None:
            config = self._config
            usual = {
                "state": (config.state_open, config.state_closed),
                "model": (config.model_open, config.model_closed),
                "landmarks": (config.ear_open, config.ear_closed * config.ear_open),
            }[source]
            scale = self._scales[key] = PersonalScale(*usual, config.learn_s, config.blinks)
        return scale

    def _learn(
        self,
        sight: Sight,
        readings: tuple[EyeReading, EyeReading],
        scales: list[PersonalScale],
        passed_s: float,
    ) -> None:
        pose = sight.face.pose
        ahead = pose is not None and max(abs(pose.yaw_deg), abs(pose.pitch_deg)) < self._config.learn_yaw_deg
        ratios = [None if r.reason or not ahead else r.raw / s.open for r, s in zip(readings, scales, strict=True)]
        floors = self._dip.step(sight.device_ns, (ratios[0], ratios[1]))
        if ahead and not any(r.reason for r in readings):
            if 0 < passed_s <= GAP_S:
                self._unblinking_s += passed_s
            for reading, scale in zip(readings, scales, strict=True):
                scale.see(sight.device_ns, reading.raw)
        if floors is not None:
            self._unblinking_s = 0.0
            for floor, scale in zip(floors, scales, strict=True):
                scale.blinked(floor * scale.open)

    def _familiar(self, scale: PersonalScale, source: Source) -> float:
        """How far the scale is this person's: less before open and closed eyes have been seen."""
        factor = 1.0 if scale.knows_open else 0.6
        # Eyes that never read as closed when they blink cannot be told from narrow ones.
        factor *= min(max((scale.contrast - 0.2) / 0.5, 0.3), 1.0) if scale.knows_closed else 0.8
        # Somebody asleep does not blink either: closed eyes that have been believed until now are not doubted.
        if self._unblinking_s > self._config.no_blink_s and not (self._closed or scale.knows_closed):
            factor *= 0.4
        return factor

    def _held(self, sight: Sight) -> tuple[Source, tuple[EyeReading, EyeReading]] | None:
        """The last reading, believed a little less, where the face is only followed in this picture."""
        if sight.face.invalid.get("eyes") != EYES_NOT_TOLD or self._read_last is None:
            return None
        at_ns, source, readings = self._read_last
        if not 0 <= sight.device_ns - at_ns <= self._config.hold_s * 1e9:
            return None
        right, left = (replace(r, confidence=0.9 * r.confidence) for r in readings)
        return source, (right, left)

    # -- what is read -------------------------------------------------------------------------------------------------

    def _read(self, sight: Sight) -> tuple[Source, tuple[EyeReading, EyeReading]]:
        """What is read, and both eyes."""
        face, config = sight.face, self._config
        eyes = face.eyes
        by_model = eyes is not None and (config.read == "model" or sight.landmarks is None)
        source: Source = "landmarks" if not by_model else "model" if eyes is None or eyes.sure is None else "state"
        pixels = eyes_px(sight)
        reason = sight.doubt("landmarks") or self._unseen(sight, by_model, pixels)
        if not reason and sight.kind is not StreamKind.THERMAL:
            reason = sight.doubt("eyes")
        pose = face.pose
        if reason or pose is None or face.landmarks is None:
            nothing = EyeReading(reason=reason or "without a head pose nobody knows whether the eyes can be seen")
            return source if self._source is None else self._source, (nothing, nothing)
        shared = self._shared(sight, pose, pixels)
        sure: list[float] = face.landmarks.confidence.tolist()
        found = []
        for index, (first, side) in enumerate(_SIDES):
            is_far = (pose.yaw_deg > 0) == (first == LEFT)
            points = sum(sure[first : first + 6]) / 6
            if is_far and abs(pose.yaw_deg) > config.far_yaw_deg:
                why = f"the {side} eye is on the far side: the head is turned by {abs(pose.yaw_deg):.0f} degrees"
                found.append(EyeReading(reason=why))
                continue
            if not points >= config.least_point_confidence:
                found.append(EyeReading(reason=f"the landmarks of the {side} eye are unsure ({points:.2f})"))
                continue
            if by_model and eyes is not None:
                raw = (eyes.right, eyes.left)[index]
            else:
                assert sight.landmarks is not None
                raw = ear(sight.landmarks.points[first : first + 6]) / usual_ear(first, pose)
            if not math.isfinite(raw):
                found.append(EyeReading(reason=f"the {side} eye cannot be measured"))
                continue
            if by_model and eyes is not None and eyes.sure is not None:
                found.append(self._judged(min(max(raw, 0.0), 1.0), eyes.sure[index], sight, side))
                continue
            aside = 1.0 - 0.3 * min(abs(pose.yaw_deg) / config.far_yaw_deg, 1.0) if is_far else 1.0
            found.append(EyeReading(min(max(raw, 0.0), 1.0), shared * aside * min(points / 0.8, 1.0)))
        self._read_last = sight.device_ns, source, (found[0], found[1])
        return source, (found[0], found[1])

    def _judged(self, raw: float, sure: float, sight: Sight, side: str) -> EyeReading:
        """An eye that the model of single eyes has judged: its confidence knows size, light, glasses and what hides."""
        if not sure >= self._config.state_least:
            return EyeReading(reason=f"nobody can tell how far the {side} eye is open (confidence {sure:.2f})")
        return EyeReading(raw, min(sure, 1.0) * min(max(sight.face.confidence, 0.0), 1.0))

    def _unseen(self, sight: Sight, by_model: bool, pixels: float) -> str:
        """Why no eye can be read at all; '' where nothing speaks against it."""
        face, config = sight.face, self._config
        if face.landmarks is None or (sight.landmarks is None and not by_model):
            return sight.doubt("eyes", "landmarks") or "no landmarks are seen"
        if face.pose is None:
            return sight.doubt("pose", "eyes")
        if not (math.isfinite(face.pose.yaw_deg) and math.isfinite(face.pose.pitch_deg)):
            return "the head pose is no number"
        if abs(face.pose.yaw_deg) > config.most_yaw_deg:
            return f"no eyes are seen: the head is turned {abs(face.pose.yaw_deg):.0f} degrees"
        if abs(face.pose.pitch_deg) > config.most_pitch_deg:
            return f"the lids are not seen: the head is tilted {abs(face.pose.pitch_deg):.0f} degrees"
        if not pixels >= config.least_px:
            return (
                f"the eyes are too small: {pixels:.1f} px between their outer corners"
                if math.isfinite(pixels)
                else "the corners of the eyes are not seen"
            )
        return ""

    def _shared(self, sight: Sight, pose: HeadPose, pixels: float) -> float:
        """Confidence, 0..1, for what both eyes have in common: their size, the head's pose, the kind of picture."""
        size = _between(pixels, ((8.0, 0.2), (12.0, 0.5), (20.0, 0.8), (40.0, 1.0)))
        turned = 1.0 - 0.25 * min(abs(pose.yaw_deg) / self._config.most_yaw_deg, 1.0)
        tilted = 1.0 - 0.3 * min(max(abs(pose.pitch_deg) - 15.0, 0.0) / 25.0, 1.0)
        kind = 1.0
        if sight.kind is StreamKind.THERMAL:
            kind = self._config.thermal_trust
        elif sight.kind is StreamKind.DEPTH:
            kind = 0.2
        elif sight.kind is not StreamKind.INFRARED:
            kind = 0.95
        return size * turned * tilted * kind * min(max(sight.face.confidence, 0.0), 1.0)


def ear(eye: NDArray[np.floating[Any]]) -> float:
    """The eye aspect ratio of an eye's six landmarks (6, 2); NaN where its corners are not 0.01 px apart."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy), (ex, ey), (fx, fy) = eye.tolist()
    width = math.hypot(ax - dx, ay - dy)
    if not width > 0.01:
        return math.nan
    return (math.hypot(bx - fx, by - fy) + math.hypot(cx - ex, cy - ey)) / (2.0 * width)


def usual_ear(first: int, pose: HeadPose) -> float:
    """How much larger than from ahead an average eye's aspect ratio looks at that pose (from far away; 1 = ahead).

    Yaw makes an eye narrower and its ratio larger, pitch makes it lower.
    """
    return max(_template_ear(first, pose) / _AHEAD[first], 0.2)


def eyes_px(sight: Sight) -> float:
    """Distance of the outer corners of the eyes in px, as if the head looked ahead; NaN where it is not seen."""
    if sight.face.landmarks is None:
        return math.nan
    (ax, ay), (bx, by) = sight.face.landmarks.points[36:46:9].tolist()
    yaw = 0.0 if sight.face.pose is None else sight.face.pose.yaw_deg
    return math.hypot(ax - bx, ay - by) / max(math.cos(math.radians(min(abs(yaw), 75.0))), 0.25)


_SPANS: Final = {
    first: tuple(span_of(first + a, first + b) for a, b in ((1, 5), (2, 4), (0, 3))) for first, _ in _SIDES
}
"""From lid to lid, twice, and from corner to corner."""


def _template_ear(first: int, pose: HeadPose) -> float:
    high, also, wide = (seen_length(pose, span) for span in _SPANS[first])
    return (high + also) / (2.0 * max(wide, 1e-6))


_AHEAD: Final = {first: _template_ear(first, HeadPose(0.0, 0.0, 0.0)) for first, _ in _SIDES}


def _between(x: float, table: tuple[tuple[float, float], ...]) -> float:
    """Linear between the table's points (rising x), level beyond them."""
    if x <= table[0][0]:
        return table[0][1]
    for (ax, ay), (bx, by) in pairwise(table):
        if x <= bx:
            return ay + (by - ay) * (x - ax) / (bx - ax)
    return table[-1][1]
