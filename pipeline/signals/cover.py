"""Is the lower face covered, by a mask or a hand, and are there glasses before the eyes?

Four kinds of clues (cover_clues.py), each weighed by a logistic regression of its own whose weights were fitted on
rendered people (benchmarks/signals_cover.py --fit) with both answers counted the same:

* landmarks: a hand makes those of the mouth less sure than those of the eyes; a mask does not, the model knows masks;
* the picture: cloth has no lips' line, no dark nostrils and little texture; the frame of spectacles makes edges;
* warmth: a mask is colder than skin, by more the colder the air; glass is opaque and cold to a thermal camera;
* depth: a hand lies before the face; glass makes holes in a depth sensor's picture.

Their logarithms of odds are added, each limited, to those of how rare covers are: kinds of clues err apart from each
other, though not wholly, so that the sum is shrunk a little. Told is the median of a second. The confidence grows with
the reach that each kind had on rendered people it was not fitted on, and with how decided the sum is.

A picture without warmth tells hands and hardly tells masks (docs/results.md): what it says of anything but a hand has a
confidence of ``picture_trust`` at most, which is less than rules ask for.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from pipeline.signals.cover_clues import Clues, depth_clues, frame_clues, picture_clues, sure_clues, warm_clues
from pipeline.signals.recent import Recent
from pipeline.signals.sight import Sight, unknown
from pipeline.signals.warm_look import WarmLook
from pipeline.signals.warm_pace import WarmPace
from recordings.observation import SignalValue

NAMES: Final = ("face_covered", "glasses")
MASK, HAND, COVER = "mask", "hand", "unknown cover"

_EVERY_MS, _AFTER_MS = 300, 100
"""Between two looks: three or four within a second are enough for a median."""

_LEAST_REACH: Final = 0.3
"""Kinds of clues that reach less far together tell nothing."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic regression of one kind of clues.

    Attributes:
        of: a weight for each clue, then the constant.
        reach: 0..1, how much of the difference it sees: about the square of (twice the area under its curve on people
            that it was not fitted on, less one).
    """

    of: tuple[float, ...]
    reach: float

    def odds(self, clues: Clues) -> float:
        """Logarithm of the odds, limited to what one kind of clue can know."""
        value = sum(w * c for w, c in zip(self.of, clues, strict=False)) + self.of[-1]
        return min(max(value, -4.0), 4.0)


# Warmth was fitted where skin is 9 to 13 K warmer than what is behind; less contrast is trusted less.
COVER_WEIGHTS: Final[Mapping[str, Weights]] = {
    "sure": Weights((-3.54, -2.08, -3.01, -3.97, -0.58), 0.2),
    "picture": Weights((-1.59, 1.58, 3.11, -1.55), 0.4),
    "warm": Weights((-10.80, -5.65, 3.40, -3.12), 0.93),
    "depth": Weights((0.98, -1.05, 0.15), 0.1),
}
HAND_WEIGHTS: Final[Mapping[str, Weights]] = {
    "sure": Weights((-5.04, -3.38, -6.51, -7.09, -2.60), 0.97),
    "warm": Weights((0.94, 1.94, 1.37, 1.47), 0.57),
    "depth": Weights((1.57, 2.83, -0.59), 0.58),
}
"""Of what covers: a hand and no mask."""
GLASSES_WEIGHTS: Final[Mapping[str, Weights]] = {
    "picture": Weights((0.46, 1.54, -1.41, -0.07), 0.25),
    "warm": Weights((-4.92, -9.21, -3.17), 0.97),
    "depth": Weights((12.90, 0.54, -1.18), 0.75),
}


class CoverConfig(BaseModel):
    """How clues of covers and glasses are taken together."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    covered_share: float = Field(0.4, gt=0, lt=1, description="of faces that are taken to be covered beforehand")
    glasses_share: float = Field(0.25, gt=0, lt=1, description="of faces that are taken to wear glasses beforehand")
    shrink: float = Field(0.85, gt=0, le=1, description="factor on the sum of the clues: they are not independent")
    smooth_s: float = Field(1.0, ge=0, le=10, description="seconds whose median is told")
    most_yaw_deg: float = Field(50.0, gt=0, le=90, description="of a head that is turned farther nothing is told")
    warm_mm: float = Field(14.0, gt=0, le=40, description="a thermal pixel that covers more of the face tells nothing")
    picture_trust: float = Field(
        0.25, ge=0, le=1, description="most confidence without warmth, unless a hand is what covers"
    )
    surest_k: float = Field(8.0, gt=0, le=40, description="contrast of skin and background at which warmth is sure")


class Cover:
    """A covered lower face, and glasses, of one face over time: 0..1 each."""

    def __init__(self, config: CoverConfig | None = None) -> None:
        self._config = config or CoverConfig()
        self._recent = {name: Recent(self._config.smooth_s) for name in NAMES}
        self._pace = WarmPace(_EVERY_MS, _AFTER_MS)
        self._told: Mapping[str, SignalValue] = {}

    def step(self, sight: Sight, known: Mapping[str, SignalValue]) -> Mapping[str, SignalValue]:
        """How likely the lower face is covered (with a label where it is) and that there are glasses."""
        if self._pace.is_due(sight):
            self._told = self._look(sight)
        return self._told

    def _look(self, sight: Sight) -> Mapping[str, SignalValue]:
        config, pose = self._config, sight.face.pose
        if reason := sight.doubt():
            return {name: unknown("", reason) for name in NAMES}
        if pose is not None and abs(pose.yaw_deg) > config.most_yaw_deg:
            return {name: unknown("", f"the head is turned {abs(pose.yaw_deg):.0f} degrees") for name in NAMES}
        marks, look = sight.landmarks, self._pace.look(sight)
        warm = warm_clues(look) if isinstance(look, WarmLook) and look.mm_px <= config.warm_mm else None
        depth = depth_clues(sight)
        found: list[tuple[str, Clues | None, float, str]] = []
        eyes: list[tuple[str, Clues | None, float, str]] = []
        own = sight.info.name
        if marks is not None and bool((marks.confidence >= 0).all()):
            found.append(("sure", sure_clues(marks), 1.0, own))
        found.append(("picture", picture_clues(sight), 1.0, own))
        eyes.append(("picture", frame_clues(sight), 1.0, own))
        if warm is not None and isinstance(look, WarmLook):
            lower, upper, contrast = warm
            trust = look.trust * (0.7 if look.kelvin is None else min(contrast / config.surest_k, 1.0))
            found.append(("warm", lower, trust, look.stream))
            eyes.append(("warm", upper, trust, look.stream))
        if depth is not None:
            found.append(("depth", depth[0], 1.0, "depth"))
            eyes.append(("depth", depth[1], 1.0, "depth"))
        covered = self._sum("face_covered", sight.device_ns, found, COVER_WEIGHTS, config.covered_share)
        glasses = self._sum("glasses", sight.device_ns, eyes, GLASSES_WEIGHTS, config.glasses_share)
        if covered.is_valid and covered.value >= 0.5:
            covered = replace(covered, label=_what(found))
        if warm is None and covered.label != HAND:
            covered = replace(covered, confidence=min(covered.confidence, config.picture_trust))
        return {NAMES[0]: covered, NAMES[1]: glasses}

    def _sum(
        self,
        name: str,
        device_ns: int,
        found: Sequence[tuple[str, Clues | None, float, str]],
        weights: Mapping[str, Weights],
        share: float,
    ) -> SignalValue:
        odds: dict[str, float] = {}
        unsure, streams = 1.0, []
        for kind, clues, trust, stream in found:
            if clues is None or not all(math.isfinite(c) for c in clues):
                continue
            odds[kind] = weights[kind].odds(clues) * trust
            unsure *= 1.0 - weights[kind].reach * trust
            streams.append(stream)
        # Landmarks alone know hands and nothing of masks: they do not say that a face is free.
        if not odds or (set(odds) == {"sure"} and odds["sure"] < 1.0):
            return unknown("", "neither picture nor warmth nor depth shows enough of the face")
        if 1.0 - unsure < _LEAST_REACH and odds.get("sure", 0.0) < 1.0:
            return unknown("", "the picture alone does not tell it: warmth or depth is needed")
        total = math.log(share / (1.0 - share)) + self._config.shrink * sum(odds.values())
        source = " + ".join(dict.fromkeys(streams))
        value = self._recent[name].add(device_ns, 1.0 / (1.0 + math.exp(-total)), source)
        decided = 0.3 + 0.7 * min(abs(2.0 * value - 1.0) / 0.9, 1.0)
        return SignalValue(value, "", (1.0 - unsure) * decided, source=source)


def _what(found: Sequence[tuple[str, Clues | None, float, str]]) -> str:
    """The word for what covers; none too sure where the clues do not agree."""
    hand = 0.0
    for kind, clues, trust, _ in found:
        if kind in HAND_WEIGHTS and clues is not None and all(math.isfinite(c) for c in clues):
            hand += HAND_WEIGHTS[kind].odds(clues) * HAND_WEIGHTS[kind].reach * trust
    return COVER if abs(hand) < 0.5 else HAND if hand > 0 else MASK
