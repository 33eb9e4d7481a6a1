"""How warm the skin is at the inner corners of the eyes and on the forehead, as a thermal camera of the rig shows it.

The inner canthi are where a face is warmest and changes least (IEC 80601-2-59, ISO/TR 13154): of a disc round landmarks
39 and 42 (from 0) the 95th percentile, the warmer of the two; a head that is turned shows one of them. The forehead is
the median of a patch 0.35 to 0.6 eye distances above the brows, or below it where hair hangs into that.

A camera tells the temperature of a black body that is as bright. Skin is none: of what it sends a share 1 - e is the
surroundings', mirrored. With T in kelvin and radiance as the fourth power of it (Stefan-Boltzmann; for a band of 8 to
14 um the power is a little higher, which at 34 degC before 22 degC changes the result by less than 0.01 K),

    T = ((T_seen^4 - (1 - e) T_reflected^4) / e)^(1/4)

``camera_emissivity`` is what the camera reckoned with itself and is undone first.

A pixel that covers more than the warm spot sees cooler skin beside it. On rendered faces that makes it colder by 0.12 K
for each millimetre that a pixel covers, whoever it is (benchmarks/signals_skin.py); ``canthus_blur_k_mm`` adds it back,
and the confidence falls as the pixels grow: by their size, and by what is added, half of which is in doubt until it was
measured on people. The label says how many pixels the corner has, and how large they are. A real camera's own error,
often 2 K and more without a black body in the picture, is in the value unless ``offset_k`` takes it out. Nothing here
says that somebody is ill.

A camera that is not radiometric tells only how much brighter, in its own counts, a place is than the cheeks.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from pipeline.overlay_temperature import COLDEST_C, HOTTEST_C
from pipeline.signals.recent import Recent
from pipeline.signals.sight import Sight, unknown
from pipeline.signals.warm_look import WarmLook
from pipeline.signals.warm_pace import WarmPace
from recordings.observation import SignalValue

NAMES: Final = ("canthus_temperature", "forehead_temperature", "canthus_warmth", "forehead_warmth")
CELSIUS: Final = "degC"
REFLECTED: Final = "reflected_celsius"
"""In ``Sight.context``: apparent temperature of what the face mirrors, where something measures it."""

RIGHT_CANTHUS, LEFT_CANTHUS = 39, 42
GOOD_K: Final = 0.3
"""A doubt of so many kelvin halves the confidence."""
_ZERO_K: Final = 273.15
_EIGHT_BITS: Final = 256
_FOREHEADS: Final = ((0.475, 0.125, 1.0), (0.27, 0.07, 0.8))
"""In eye distances above the brows, half the height, and trust: where hair hangs into the upper one, the lower."""
_EVERY_MS: Final = 200
"""Between two measurements: skin does not change faster, and the median of a second has five."""


class SkinConfig(BaseModel):
    """How skin temperature is reckoned, and when it is told."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    emissivity: float = Field(0.98, ge=0.5, le=1, description="of skin")
    camera_emissivity: float = Field(1.0, ge=0.5, le=1, description="that the camera itself has reckoned with")
    reflected_c: float = Field(
        22.0, ge=-80, le=100, description="degrees Celsius of what skin mirrors, where the context does not tell it"
    )
    offset_k: float = Field(
        0.0, ge=-20, le=20, description="added to every temperature: what a black body showed the camera to be off by"
    )
    canthus_radius: float = Field(0.08, gt=0, le=0.3, description="of the disc, in eye distances; 2 px at least")
    canthus_blur_k_mm: float = Field(
        0.12,
        ge=0,
        le=1,
        description="kelvin added for each millimetre that a pixel covers; 0 tells what the pixels say",
    )
    canthus_mm: float = Field(
        11.0, gt=0, le=30, description="a pixel that covers more millimetres of the face tells no canthus"
    )
    forehead_mm: float = Field(
        16.0, gt=0, le=40, description="a pixel that covers more millimetres of the face tells no forehead"
    )
    most_yaw_deg: float = Field(50.0, gt=0, le=90, description="of a head that is turned farther nothing is told")
    both_yaw_deg: float = Field(
        20.0, ge=0, le=90, description="of a head that is turned farther only the canthus on the near side is read"
    )
    most_pitch_deg: float = Field(35.0, gt=0, le=90, description="of a head that is tilted farther nothing is told")
    most_error: float = Field(
        0.15, gt=0, le=1, description="in eye distances: points that may be farther off tell no canthus"
    )
    most_speed: float = Field(
        3.0, gt=0, le=20, description="eye distances a second: a face that moves faster is smeared over cooler skin"
    )
    smooth_s: float = Field(1.0, ge=0, le=10, description="seconds whose median is told")
    forehead_cheek_k: float = Field(
        0.8, ge=0, le=20, description="kelvin by which a forehead colder than the cheeks is hair or a hat"
    )
    forehead_canthus_k: float = Field(
        3.0, ge=0, le=20, description="kelvin by which a forehead colder than the canthi is hair or a hat"
    )
    uneven_k: float = Field(
        2.0,
        gt=0,
        le=20,
        description="kelvin between the forehead's percentiles 10 and 90 from which on hair or a hat is there",
    )
    cold_k: float = Field(
        1.0, ge=0, le=20, description="kelvin by which eye corners colder than the cheeks are not skin but glass"
    )
    glasses: float = Field(0.6, ge=0, le=1, description="the signal `glasses` from which on the canthi are hidden")


class Skin:
    """Temperatures of one face over time. It reads the signal ``glasses`` where that stands before it."""

    def __init__(self, config: SkinConfig | None = None) -> None:
        self._config = config or SkinConfig()
        self._recent = {name: Recent(self._config.smooth_s) for name in NAMES}
        self._pace = WarmPace(_EVERY_MS)
        self._rushes = False
        self._told: Mapping[str, SignalValue] = {}
        self._was: tuple[int, str, tuple[float, float]] | None = None

    def step(self, sight: Sight, known: Mapping[str, SignalValue]) -> Mapping[str, SignalValue]:
        """Temperatures in degrees Celsius; warmth in counts over the cheeks."""
        # What was refused for its haste alone is looked at again at once.
        if self._pace.is_due(sight, again=self._rushes):
            self._told = self._measure(sight, self._pace.look(sight), known)
        return self._told

    def _measure(
        self, sight: Sight, look: WarmLook | str, known: Mapping[str, SignalValue]
    ) -> Mapping[str, SignalValue]:
        reason = look if isinstance(look, str) else self._doubt(sight, look)
        if reason or isinstance(look, str):
            return {name: unknown(CELSIUS if name.endswith("temperature") else "", reason) for name in NAMES}
        cheeks = _cheeks(look)
        covered = known.get("face_covered")
        is_covered = covered is not None and covered.is_valid and covered.value >= 0.5 and covered.confidence >= 0.3
        canthus = self._canthus(sight, look, known, cheeks)
        forehead = self._forehead(look, cheeks, canthus)
        told: dict[str, SignalValue] = {}
        for place, found in (("canthus", canthus), ("forehead", forehead)):
            told[f"{place}_temperature"] = self._temperature(sight, look, f"{place}_temperature", found)
            told[f"{place}_warmth"] = self._warmth(
                sight, look, f"{place}_warmth", found, None if is_covered else cheeks
            )
        return told

    # -- where nothing is told ----------------------------------------------------------------------------------------

    def _doubt(self, sight: Sight, look: WarmLook) -> str:
        config, pose = self._config, sight.face.pose
        speed = self._speed(sight.device_ns, look)
        self._rushes = speed > config.most_speed
        if pose is not None and abs(pose.yaw_deg) > config.most_yaw_deg:
            return f"the head is turned {abs(pose.yaw_deg):.0f} degrees"
        if pose is not None and abs(pose.pitch_deg) > config.most_pitch_deg:
            return f"the head is tilted {abs(pose.pitch_deg):.0f} degrees"
        if look.error_px > config.most_error * look.eyes_px:
            return f"the points may be {look.error_px:.1f} px off in the thermal picture"
        if speed > config.most_speed:
            return f"the face moves too fast for the thermal camera: {speed:.1f} eye distances a second"
        return ""

    def _speed(self, device_ns: int, look: WarmLook) -> float:
        """Eye distances a second since the last sight; 0 where that was too long ago, or the clock leapt."""
        a, b = look.xy[39], look.xy[42]
        middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
        before, self._was = self._was, (device_ns, look.stream, middle)
        if before is None or before[1] != look.stream or not 0 < device_ns - before[0] <= 500_000_000:
            return 0.0
        return math.dist(middle, before[2]) / look.eyes_px / ((device_ns - before[0]) / 1e9)

    # -- places -------------------------------------------------------------------------------------------------------

    def _canthus(
        self, sight: Sight, look: WarmLook, known: Mapping[str, SignalValue], cheeks: float | None
    ) -> tuple[float, float, str] | str:
        """Counts, confidence and what they were read from; or why not."""
        config, pose = self._config, sight.face.pose
        if look.mm_px > config.canthus_mm:
            return f"a pixel covers {look.mm_px:.0f} mm of the face: too coarse for the corner of an eye"
        glasses = known.get("glasses")
        if glasses is not None and glasses.is_valid and glasses.confidence >= 0.3 and glasses.value >= config.glasses:
            return "glasses hide the corners of the eyes from a thermal camera"
        yaw = 0.0 if pose is None else pose.yaw_deg
        marks = [RIGHT_CANTHUS, LEFT_CANTHUS]
        if abs(yaw) > config.both_yaw_deg:
            # Turned to own left (> 0), the own right side is the near one.
            marks = [RIGHT_CANTHUS] if yaw > 0 else [LEFT_CANTHUS]
        radius = max(2.0, config.canthus_radius * look.eyes_px)
        warmest: float | None = None
        size = 0
        for mark in marks:
            counts = look.disc(look.xy[mark], radius)
            if counts.size < 5:
                return "the border of the thermal picture cuts the face"
            if look.at_limit(counts):
                return "the thermal sensor is at its limit there"
            found = _share_of(counts, 0.95 if _rises(look) else 0.05)
            size = max(size, counts.size)
            if warmest is None or (found > warmest) == _rises(look):
                warmest = found
        assert warmest is not None
        kelvin = look.kelvin
        if kelvin is not None and cheeks is not None and (warmest - cheeks) * kelvin.gain < -config.cold_k:
            return "the corners of the eyes are colder than the cheeks: glass or something else is before them"
        # Below a millimetre a pixel a canthus is told as well as the standards ask; above, cooler skin mixes in.
        fine = min(max(1.0 - (look.mm_px - 1.0) / (config.canthus_mm + 1.0), 0.0), 1.0)
        turned = 0.7 if len(marks) == 1 else 1.0
        return warmest, fine * turned * look.trust, f"{size} px of {look.mm_px:.1f} mm"

    def _forehead(
        self, look: WarmLook, cheeks: float | None, canthus: tuple[float, float, str] | str
    ) -> tuple[float, float, str] | str:
        config = self._config
        if look.mm_px > config.forehead_mm:
            return f"a pixel covers {look.mm_px:.0f} mm of the face: too coarse for the forehead"
        reason = ""
        for above, half, trust in _FOREHEADS:
            found = self._patch(look, above * look.eyes_px, half * look.eyes_px)
            if not isinstance(found, str) and self._is_cold(look, found[0], cheeks, canthus):
                found = "the forehead is colder than the face: hair or a hat is there"
            if not isinstance(found, str):
                median, even, size = found
                fine = min(max(1.0 - (look.mm_px - 4.0) / config.forehead_mm, 0.0), 1.0)
                return median, fine * even * trust * look.trust, f"{size} px of {look.mm_px:.1f} mm"
            reason = reason or found
        return reason

    def _is_cold(
        self, look: WarmLook, counts: float, cheeks: float | None, canthus: tuple[float, float, str] | str
    ) -> bool:
        """Whether a forehead is too cold to be bare: hair that covers it evenly is."""
        if look.kelvin is None:
            return False
        gain = look.kelvin.gain
        if cheeks is not None and (counts - cheeks) * gain < -self._config.forehead_cheek_k:
            return True
        return not isinstance(canthus, str) and (counts - canthus[0]) * gain < -self._config.forehead_canthus_k

    def _patch(self, look: WarmLook, above_px: float, half_px: float) -> tuple[float, float, int] | str:
        """The median count of a patch so far above the brows, how even it is (0..1), and its pixels; or why not."""
        brows = look.xy[17:27]
        # As long as the eyes are apart if the face were frontal: a turned face is narrower, not lower.
        x = sum(p[0] for p in brows) / 10 + above_px * look.up[0]
        y = sum(p[1] for p in brows) / 10 + above_px * look.up[1]
        counts = look.strip((x, y), (0.22 * look.eyes_px, half_px))
        if counts.size < 4:
            return "the forehead lies outside the thermal picture"
        if look.at_limit(counts):
            return "the thermal sensor is at its limit there"
        counts.sort()
        low, median, high = (float(counts[round(share * (counts.size - 1))]) for share in (0.1, 0.5, 0.9))
        if look.kelvin is None:
            return median, 1.0, counts.size
        spread = (high - low) * abs(look.kelvin.gain)
        if spread > self._config.uneven_k:
            return f"the forehead is not even, {spread:.1f} K: hair or a hat is there"
        return median, 1.0 - 0.6 * spread / self._config.uneven_k, counts.size

    # -- values -------------------------------------------------------------------------------------------------------

    def _temperature(
        self, sight: Sight, look: WarmLook, name: str, found: tuple[float, float, str] | str
    ) -> SignalValue:
        if isinstance(found, str):
            return unknown(CELSIUS, found, source=look.stream)
        kelvin = look.kelvin
        if kelvin is None:
            return unknown(CELSIUS, "relative only: the thermal camera is not radiometric", source=look.stream)
        counts, confidence, pixels = found
        if counts < _EIGHT_BITS and int(look.frame.pixels.max()) < _EIGHT_BITS:
            return unknown(CELSIUS, "the thermal image is an 8-bit picture, no counts", source=look.stream)
        celsius = self.celsius(kelvin.gain * counts + kelvin.offset, sight.context.get(REFLECTED))
        if math.isfinite(celsius) and name.startswith("canthus"):
            added = self._config.canthus_blur_k_mm * look.mm_px
            celsius += added
            # What is added for the pixels' size was never measured on people: half of it is in doubt.
            confidence /= 1.0 + (0.5 * added / GOOD_K) ** 2
        if not math.isfinite(celsius):
            return unknown(CELSIUS, "the camera's map to kelvin gives no number", source=look.stream)
        if not COLDEST_C <= celsius <= HOTTEST_C:
            return unknown(CELSIUS, f"{celsius:.0f} °C is no face's temperature", source=look.stream)
        told = self._recent[name].add(sight.device_ns, celsius, look.stream)
        return SignalValue(told, CELSIUS, confidence, label=pixels, source=look.stream)

    def _warmth(
        self,
        sight: Sight,
        look: WarmLook,
        name: str,
        found: tuple[float, float, str] | str,
        cheeks: float | None,
    ) -> SignalValue:
        if isinstance(found, str):
            return unknown("", found, source=look.stream)
        if cheeks is None:
            return unknown("", "the cheeks are covered or not seen in the thermal picture", source=look.stream)
        counts, confidence, pixels = found
        # Where a camera's counts fall with warmth (black is hot) and it says so, warmer is still more.
        told = self._recent[name].add(sight.device_ns, (counts - cheeks) * (1 if _rises(look) else -1), look.stream)
        trust = 1.0 if look.kelvin is not None else 0.7
        return SignalValue(told, "", confidence * trust, label=pixels, source=look.stream)

    def celsius(self, seen_k: float, reflected_c: float | None = None) -> float:
        """A surface's temperature in degrees Celsius; NaN where none looks like this.

        Args:
            seen_k: what the camera tells, kelvin.
            reflected_c: of what it mirrors; None takes the configuration's.
        """
        config = self._config
        if reflected_c is None or not -80.0 <= reflected_c <= 100.0:
            reflected_c = config.reflected_c
        mirrored = (reflected_c + _ZERO_K) ** 4
        camera = config.camera_emissivity
        seen = camera * (seen_k + config.offset_k) ** 4 + (1.0 - camera) * mirrored
        own = (seen - (1.0 - config.emissivity) * mirrored) / config.emissivity
        return float(own**0.25 - _ZERO_K) if own > 0 else math.nan


def _rises(look: WarmLook) -> bool:
    """Whether more counts are warmer."""
    return look.kelvin is None or look.kelvin.gain > 0


def _share_of(counts: NDArray[np.uint16], share: float) -> float:
    """The count below which so much of them lies."""
    ordered: list[int] = counts.tolist()
    ordered.sort()
    return float(ordered[round(share * (len(ordered) - 1))])


def _cheeks(look: WarmLook) -> float | None:
    """The median count of both cheeks; None where they are not seen."""
    found = []
    for side, nose in ((2, 31), (14, 35)):
        (x, y), (u, v) = look.xy[side], look.xy[nose]
        counts = look.disc(((x + u) / 2, (y + v) / 2), max(1.5, 0.1 * look.eyes_px))
        if counts.size and not look.at_limit(counts):
            found.append(counts)
    return _share_of(np.concatenate(found), 0.5) if found else None
