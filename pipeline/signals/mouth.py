"""How far the mouth is open, and yawns.

The mouth aspect ratio is the opening of the inner lips over their width, landmarks from 0:
MAR = (|p61 - p67| + |p62 - p66| + |p63 - p65|) / (3 |p60 - p64|). Wide open mouths are read too narrow by the shipped
landmark model (a true 0.9 as 0.15 to 0.49; other people's inner lips than those it learnt from), the outer lips much
less: so what the outer lips have opened beyond their usual (the same ratio of landmarks 50..58 over 48..54, less its
20th percentile of the last minute) counts where it is more.

A yawn opens the jaw, a laugh the lips: the second sign is how much farther the chin is from the nose's base than
usual, in lengths of the nose, with the head's pitch taken out by the average head's. The gape is the mean of both; a
yawn is a gape of ``yawn_above`` for 1.5 s, in which talking and laughing do not stay. On rendered people a true MAR of
0.6 has a gape of about 0.36 with the shipped model.

A yawn that hides behind a hand: the mouth was opening when it was covered, the cover lasts, and the eyes narrow
meanwhile. That is a guess, and its confidence says so.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, model_validator

from drivers.frame import StreamKind
from pipeline.signals.foreshortening import seen_length, span_of
from pipeline.signals.levels import Level
from pipeline.signals.sight import Sight, unknown
from pipeline.signals.timing import GAP_S, Stopwatch, Window
from pipeline.steps.follow import EYES_NOT_TOLD
from recordings.observation import HeadPose, SignalValue

NAMES: Final[tuple[str, ...]] = ("mouth_openness", "yawn", "yawn_rate")

Points = list[list[float]]
"""(x, y) of the 68 landmarks: single numbers are read faster of a list than of an array."""

RATE: Final = "1/h"
COVERED: Final = "face_covered"
"""What cover.py says, where it is known before."""
_INNER: Final = ((61, 67), (62, 66), (63, 65))
_OUTER: Final = ((50, 58), (51, 57), (52, 56))
_MOUTH: Final = slice(48, 68)
_NOSE_TOP, _NOSE_BASE, _CHIN = 27, 33, 8


class MouthConfig(BaseModel):
    """When an open mouth is a yawn."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    yawn_above: float = Field(0.36, gt=0, le=2, description="gape over which the mouth may yawn")
    yawn_ends_below: float = Field(0.25, gt=0, le=2, description="gape under which a yawn is over")
    yawn_s: float = Field(1.5, gt=0, le=10, description="seconds of gape that make a yawn")
    patience_s: float = Field(0.3, ge=0, le=2, description="the gape may sink below, or go unseen, so long meanwhile")
    outer_gain: float = Field(
        1.1, ge=0, le=3, description="of the outer lips' opening to the inner lips'; 0 reads the inner lips alone"
    )
    base_s: float = Field(3.0, ge=0, le=600, description="seconds after which the usual mouth is known")
    most_yaw_deg: float = Field(45.0, gt=0, le=90, description="of a head turned farther the mouth is not read")
    most_pitch_deg: float = Field(40.0, gt=0, le=90, description="of a head tilted farther the mouth is not read")
    least_px: float = Field(5.0, ge=0, description="least width of the mouth")
    least_point_confidence: float = Field(
        0.25, ge=0, le=1, description="a mouth whose landmarks have less mean confidence is not read"
    )
    covered_drop: float = Field(
        0.08,
        gt=0,
        le=1,
        description="a mean confidence of its landmarks so far below the usual tells that it is covered",
    )
    hold_s: float = Field(
        0.3, ge=0, le=0.5, description="of a face that is followed, not read, the last reading holds for so long"
    )
    thermal_trust: float = Field(0.5, ge=0, le=1, description="factor on the confidence in thermal pictures")
    hidden_yawns: bool = Field(True, description="whether yawns behind a hand are guessed")
    hidden_trust: float = Field(0.4, ge=0, le=1, description="confidence of a yawn behind a hand")
    narrow_below: float = Field(0.5, gt=0, lt=1, description="openness of the eyes that a hidden yawn narrows them to")
    rate_span_s: float = Field(900.0, ge=60, le=7200, description="over which yawns are counted")
    rate_least_s: float = Field(300.0, gt=0, le=7200, description="fewer seconds of a seen mouth tell no rate")

    @model_validator(mode="after")
    def _in_order(self) -> MouthConfig:
        if self.yawn_ends_below > self.yawn_above:
            raise ValueError(
                f"a yawn of a gape over {self.yawn_above:g} cannot end below {self.yawn_ends_below:g}, which is more"
            )
        return self


class Mouth:
    """Opening of the mouth and yawns of one face. Reads ``eye_openness`` and, where it is there, ``face_covered``."""

    def __init__(self, config: MouthConfig | None = None) -> None:
        self._config = config = config or MouthConfig()
        self._lips = Level(0.2, 0.38, highest=2.0, needed_s=config.base_s)
        self._jaw = Level(0.2, 1.42, highest=4.0, needed_s=config.base_s)
        self._clear = Level(0.8, 0.0, needed_s=config.base_s)
        self._watch = Stopwatch(config.patience_s)
        self._is_yawning = False
        self._rate = Window(config.rate_span_s)
        self._yawns: deque[int] = deque()
        self._last_ns: int | None = None
        self._opening_ns: int | None = None
        """When the mouth was last half way to a yawn."""
        self._hidden = Stopwatch(config.patience_s)
        self._narrow_s = 0.0
        self._may_hide = False
        self._measured: tuple[int, float, float, float] | None = None
        """When the mouth was last read: its opening, the gape, and the confidence."""

    def step(self, sight: Sight, known: Mapping[str, SignalValue]) -> Mapping[str, SignalValue]:
        """See NAMES; all of them always."""
        now = sight.device_ns
        passed_s = 0.0 if self._last_ns is None else (now - self._last_ns) / 1e9
        if not 0 <= passed_s <= GAP_S:
            self._forget()
        if passed_s < 0:
            self._yawns.clear()
        self._last_ns = now
        openness = gape = None
        reason = cover = ""
        if self._measured is not None and self._is_followed(sight, self._measured[0]):
            _, openness, gape, confidence = self._measured
            confidence *= 0.9
        else:
            reason, confidence = self._unseen(sight)
            cover = "" if reason else self._cover(sight, known)
            if not reason and not cover:
                openness, gape = self._measure(sight, now)
                if gape is None or openness is None:
                    reason = "the mouth's landmarks are not seen"
                else:
                    self._measured = now, openness, gape, confidence
        told = self._yawn(now, gape, cover, known, passed_s, confidence, reason)
        if openness is None:
            told["mouth_openness"] = unknown("", cover or reason)
        else:
            known_base = 1.0 if self._lips.is_learned else 0.7
            told["mouth_openness"] = SignalValue(openness, "", confidence * known_base)
        self._rate.add(now, None if reason else 1.0)
        told["yawn_rate"] = self._per_hour(now)
        return told

    # -- yawns --------------------------------------------------------------------------------------------------------

    def _yawn(
        self,
        now: int,
        gape: float | None,
        cover: str,
        known: Mapping[str, SignalValue],
        passed_s: float,
        confidence: float,
        reason: str,
    ) -> dict[str, SignalValue]:
        config = self._config
        if gape is not None:
            was_hiding, hidden_s = self._may_hide, self._hidden.held_s
            self._may_hide = False
            self._hidden.step(now, False)
            if gape > config.yawn_above / 2:
                self._opening_ns = now
            enough = gape > config.yawn_above
            holds = True if enough else None if gape > config.yawn_ends_below else False
            held = self._watch.step(now, holds)
            if was_hiding and enough and not self._is_yawning and held + hidden_s >= config.yawn_s:
                self._begin(now)
            if held >= config.yawn_s and not self._is_yawning:
                self._begin(now)
            if gape < config.yawn_ends_below:
                self._is_yawning = False
            sure = confidence * (1.0 if self._jaw.is_learned else 0.6)
            return {"yawn": SignalValue(float(self._is_yawning), "", sure)}
        if cover and config.hidden_yawns and self._behind_a_hand(now, known, passed_s):
            return {"yawn": SignalValue(1.0, "", config.hidden_trust)}
        self._watch.step(now, None)
        if self._watch.held_s == 0.0 and not cover:
            self._is_yawning = False
        return {"yawn": unknown("", cover or reason)}

    def _behind_a_hand(self, now: int, known: Mapping[str, SignalValue], passed_s: float) -> bool:
        """Whether the mouth, which opened as it was covered, now yawns unseen."""
        config = self._config
        if not self._may_hide:
            opened = self._opening_ns is not None and 0 <= now - self._opening_ns <= GAP_S * 1e9
            if not opened and not self._is_yawning:
                return False
            self._may_hide, self._narrow_s = True, 0.0
            self._hidden.step(now, True)
        else:
            self._hidden.step(now, True)
            eyes = known.get("eye_openness")
            if eyes is not None and eyes.is_valid and eyes.value < config.narrow_below:
                self._narrow_s += max(passed_s, 0.0)
        hidden_s = self._hidden.held_s
        if self._is_yawning:
            return hidden_s < 6.0
        if hidden_s >= config.yawn_s - 0.5 and self._narrow_s >= 0.5 * hidden_s:
            self._begin(now)
        return self._is_yawning

    def _begin(self, now: int) -> None:
        self._is_yawning = True
        self._yawns.append(now)

    def _forget(self) -> None:
        """A gap or a leap of the clock: what went on is not known."""
        self._is_yawning = self._may_hide = False
        self._opening_ns = None
        self._watch = Stopwatch(self._config.patience_s)
        self._hidden = Stopwatch(self._config.patience_s)

    def _per_hour(self, now: int) -> SignalValue:
        config = self._config
        oldest = now - round(config.rate_span_s * 1e9)
        while self._yawns and self._yawns[0] <= oldest:
            self._yawns.popleft()
        valid_s = self._rate.valid_s
        if valid_s < config.rate_least_s:
            return unknown(RATE, f"the mouth was seen for {valid_s:.0f} s, {config.rate_least_s:.0f} are needed")
        sure = 0.9 * (0.5 + 0.5 * min(valid_s / config.rate_span_s, 1.0))
        return SignalValue(len(self._yawns) * 3600.0 / valid_s, RATE, sure)

    # -- what is read -------------------------------------------------------------------------------------------------

    def _unseen(self, sight: Sight) -> tuple[str, float]:
        """Why the mouth cannot be read ('' where it can), and how far what is read is believed, 0..1."""
        config, pose = self._config, sight.face.pose
        reason = sight.doubt("landmarks")
        if reason or sight.landmarks is None:
            return reason or "no landmarks are seen", 0.0
        if pose is None or not (math.isfinite(pose.yaw_deg) and math.isfinite(pose.pitch_deg)):
            return sight.doubt("pose") or "without a head pose nobody knows whether the mouth can be seen", 0.0
        if abs(pose.yaw_deg) > config.most_yaw_deg:
            return f"the mouth is not seen: the head is turned {abs(pose.yaw_deg):.0f} degrees", 0.0
        if abs(pose.pitch_deg) > config.most_pitch_deg:
            return f"the mouth is not seen: the head is tilted {abs(pose.pitch_deg):.0f} degrees", 0.0
        sure = sum(sight.landmarks.confidence[_MOUTH].tolist()) / 20
        if not sure >= config.least_point_confidence:
            return f"the landmarks of the mouth are unsure ({sure:.2f})", 0.0
        (ax, ay), (bx, by) = sight.landmarks.points[48].tolist(), sight.landmarks.points[54].tolist()
        width = math.hypot(ax - bx, ay - by)
        if not width >= config.least_px:
            what = f"{width:.1f} px wide" if math.isfinite(width) else "not seen whole"
            return f"the mouth is too small: {what}", 0.0
        kind = config.thermal_trust if sight.kind is StreamKind.THERMAL else 1.0
        size = min(0.4 + 0.6 * (width - 5.0) / 11.0, 1.0)
        turned = 1.0 - 0.4 * abs(pose.yaw_deg) / config.most_yaw_deg
        return "", size * kind * turned * min(sure / 0.8, 1.0) * min(max(sight.face.confidence, 0.0), 1.0)

    def _is_followed(self, sight: Sight, read_ns: int) -> bool:
        """Whether the landmarks are only moved along, so that what was read of them a moment ago still holds."""
        if sight.face.invalid.get("eyes") != EYES_NOT_TOLD:
            return False
        return 0 <= sight.device_ns - read_ns <= self._config.hold_s * 1e9

    def _cover(self, sight: Sight, known: Mapping[str, SignalValue]) -> str:
        """What covers the mouth, in words; '' where it is free."""
        told = known.get(COVERED)
        if told is not None and told.is_valid and told.value >= 0.5:
            return f"the mouth is covered: {told.label or 'unknown cover'}"
        assert sight.landmarks is not None
        sure = sum(sight.landmarks.confidence[_MOUTH].tolist()) / 20
        usual = self._clear.value
        if self._clear.is_learned and sure < usual - self._config.covered_drop and not self._opens_wide(sight):
            return f"the mouth is covered or unclear: its landmarks are at {sure:.2f}, usually at {usual:.2f}"
        self._clear.add(sight.device_ns, sure)
        return ""

    def _opens_wide(self, sight: Sight) -> bool:
        """Landmarks of a wide open mouth are less sure, too."""
        assert sight.landmarks is not None
        return ratio(sight.landmarks.points.tolist(), _OUTER, 48, 54) - self._lips.value > 0.5 * self._config.yawn_above

    def _measure(self, sight: Sight, now: int) -> tuple[float | None, float | None]:
        """The mouth aspect ratio and the gape; None where a landmark is missing."""
        assert sight.landmarks is not None
        assert sight.face.pose is not None
        points = sight.landmarks.points.tolist()
        inner, outer = ratio(points, _INNER, 60, 64), ratio(points, _OUTER, 48, 54)
        nose, chin = _apart(points, _NOSE_TOP, _NOSE_BASE), _apart(points, _NOSE_BASE, _CHIN)
        if not (math.isfinite(inner) and math.isfinite(outer) and nose > 0.5 and math.isfinite(chin)):
            return None, None
        jaw = min(chin / nose / usual_jaw(sight.face.pose), 4.0)
        inner, outer = min(inner, 2.0), min(outer, 2.0)
        self._lips.add(now, outer)
        self._jaw.add(now, jaw)
        opened = max(inner, self._config.outer_gain * (outer - self._lips.value), 0.0)
        return opened, (opened + max(jaw - self._jaw.value, 0.0)) / 2.0


def ratio(points: Points, pairs: tuple[tuple[int, int], ...], right: int, left: int) -> float:
    """Mean distance of the pairs over that of the corners; NaN where these are not 0.01 px apart or not seen."""
    width = _apart(points, right, left)
    if not width > 0.01:
        return math.nan
    high = 0.0
    for a, b in pairs:
        high += math.dist(points[a], points[b])
    return high / (len(pairs) * width)


def usual_jaw(pose: HeadPose) -> float:
    """How the average head's chin to nose over nose length looks at that pose, 1 = ahead (far away)."""
    return max(_template_jaw(pose) / _AHEAD, 0.3)


def _apart(points: Points, a: int, b: int) -> float:
    return math.dist(points[a], points[b])


def _template_jaw(pose: HeadPose) -> float:
    return seen_length(pose, _JAW) / max(seen_length(pose, _NOSE), 1e-6)


_JAW: Final = span_of(_CHIN, _NOSE_BASE)
_NOSE: Final = span_of(_NOSE_BASE, _NOSE_TOP)
_AHEAD: Final = _template_jaw(HeadPose(0.0, 0.0, 0.0))
