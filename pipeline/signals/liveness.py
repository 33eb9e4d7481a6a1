"""Is it somebody's face, or a picture, a screen or a paper mask? By a depth sensor, a thermal camera, or both.

Depth: a face stands out of a plane (4 mm root mean square or more), its nose out of the plane through the corners of
eyes and mouth and out of what lies beside it (10 mm or more, and more for noise the farther it is), and no sheet that
is bent leaves so little over (steps/flatness.py).

Warmth: a face differs from what is behind it, and its parts from one another: the inner corners of its eyes are warmer
than the outer ones and the cheeks, or its nose, brows, cheeks and lips differ by more than what rises evenly across it.
A screen or a sheet is even, or warmer on one side. Through the holes of a mask real eyes are seen, beside paper that
air has cooled: the skin between the eyes and the brows lies deep within a mask, and on a face it is nearly as warm as
the corners of the eyes. How much colder it is, as a share of what the eyes are warmer than the background, tells paper
from skin in any room that is cool enough; in a warm one it does not, and nothing is told.

Each test gives the measured value over its limit. The smallest of them, r, counts; the value is r^s / (1 + r^s): 0.5 at
the limit. Where depth and warmth are both known the smaller value counts, so that an attack must fool both. What is
told is the median of a second. The limits are engineering values; error rates on rendered attacks, with the threshold's
curve, come from benchmarks/signals_liveness.py (APCER, BPCER as in ISO/IEC 30107-3). It is no certified detection of
attacks: a mask with a face's relief and a heater pass, and so does paper that a face has warmed through.

A generated relief is never asked.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from drivers.frame import StreamKind
from pipeline.signals.recent import Recent
from pipeline.signals.relief_depth import Shape, shape_of
from pipeline.signals.sight import Sight, unknown
from pipeline.signals.warm_look import WarmLook
from pipeline.signals.warm_pace import WarmPace
from recordings.observation import SignalValue

NAMES: Final = ("liveness",)
DEPTH, WARMTH = "depth", "warmth"
"""By what it is told."""

_PARTS: Final = 14
"""Places on the face that are compared: eyes, cheeks, bridge, brows, nose, mouth, chin."""
_EVERY_MS, _AFTER_MS = 300, 200
"""Between two looks: three or four within a second are enough for a median."""


class LivenessConfig(BaseModel):
    """The limits between a face and a picture of one."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    plane_mm: float = Field(4.0, gt=0, le=50, description="least relief over a plane, root mean square")
    nose_mm: float = Field(10.0, gt=0, le=50, description="least height of the nose over the plane of eyes and mouth")
    nose_noise_mm_m2: float = Field(
        1.5, ge=0, le=20, description="added to it for the sensor's noise: millimetres at 1 m, four times that at 2 m"
    )
    bent_mm: float = Field(2.0, gt=0, le=50, description="least relief over a bent sheet, root mean square")
    sheet_mm: float = Field(
        5.0, gt=0, le=50, description="or least bend across the sheet's own, from the middle to the edge of the face"
    )
    contrast_k: float = Field(1.0, gt=0, le=30, description="least difference of face and background, kelvin")
    canthus_k: float = Field(0.25, gt=0, le=5, description="least warmth of the eye corners over the cheeks, kelvin")
    corners_k: float = Field(
        0.2, gt=0, le=5, description="least warmth of the eyes' inner corners over the outer ones, kelvin"
    )
    parts_k: float = Field(
        0.2,
        gt=0,
        le=5,
        description="or least difference of a face's parts over a slope, root mean square, kelvin",
    )
    canthus_most_k: float = Field(
        5.0, gt=0, le=30, description="more such warmth is that of eyes above a cover: nothing is told"
    )
    around_share: float = Field(
        0.18,
        gt=0,
        le=1,
        description="most that the skin between the eyes may be colder than their corners, as a share of what these are"
        " warmer than the background",
    )
    around_k: float = Field(0.8, gt=0, le=5, description="but so many kelvin it always may")
    least_over_room_k: float = Field(
        6.0, ge=0, le=30, description="eyes that are less warmer than the background do not tell skin from paper"
    )
    alive_by_warmth: float = Field(
        0.25, ge=0, le=1, description="most confidence that somebody lives without depth: warm paper passes, too"
    )
    coldest_c: float = Field(20.0, ge=-30, le=40, description="skin is no colder, degrees Celsius")
    hottest_c: float = Field(42.0, ge=0, le=80, description="and no hotter")
    steepness: float = Field(3.0, gt=0, le=20, description="s: how fast the value leaves 0.5 at the limit")
    smooth_s: float = Field(1.0, ge=0, le=10, description="seconds whose median is told")
    most_yaw_deg: float = Field(50.0, gt=0, le=90, description="of a head that is turned farther nothing is told")
    full_eyes_px: float = Field(40.0, gt=0, description="eye distance in the depth picture from which on it is sure")
    least_eyes_px: float = Field(12.0, gt=0, description="below it nothing is told")
    most_m: float = Field(3.0, gt=0, le=20, description="beyond it the sensor's noise is a face's relief")
    warm_mm: float = Field(9.0, gt=0, le=30, description="a thermal pixel that covers more of the face tells nothing")


class Liveness:
    """Whether one face is somebody's, 0..1."""

    def __init__(self, config: LivenessConfig | None = None) -> None:
        self._config = config or LivenessConfig()
        self._recent = Recent(self._config.smooth_s)
        self._pace = WarmPace(_EVERY_MS, _AFTER_MS)
        self._told: Mapping[str, SignalValue] = {}

    def step(self, sight: Sight, known: Mapping[str, SignalValue]) -> Mapping[str, SignalValue]:
        """0.5 at the limit; the smaller of what depth and warmth say."""
        if self._pace.is_due(sight):
            self._told = {NAMES[0]: self._value(sight, known)}
        return self._told

    def _value(self, sight: Sight, known: Mapping[str, SignalValue]) -> SignalValue:
        pose = sight.face.pose
        if pose is not None and abs(pose.yaw_deg) > self._config.most_yaw_deg:
            return unknown("", f"the head is turned {abs(pose.yaw_deg):.0f} degrees")
        told: list[tuple[str, float, float, str]] = []
        reasons: list[str] = []
        for way, found in ((DEPTH, self._by_depth(sight)), (WARMTH, self._by_warmth(sight, known))):
            if isinstance(found, str):
                reasons.append(found)
            else:
                told.append((way, *found))
        if not told:
            return unknown("", "; ".join(dict.fromkeys(reasons)))
        source = " + ".join(stream for *_, stream in told)
        ratio = min(ratio for _, ratio, _, _ in told)
        value = self._recent.add(sight.device_ns, _share(ratio, self._config.steepness), source)
        # Two that agree are surer than the better of them; a value at the limit is nobody's word.
        unsure = math.prod(1.0 - sure for _, _, sure, _ in told)
        seconds = min((self._recent.seconds + 0.3) / max(self._config.smooth_s, 0.3), 1.0)
        decided = 0.4 + 0.6 * min(abs(value - 0.5) / 0.3, 1.0)
        confidence = (1.0 - unsure) * decided * (0.5 + 0.5 * seconds)
        if value >= 0.5 and not any(way == DEPTH for way, *_ in told):
            confidence = min(confidence, self._config.alive_by_warmth)
        return SignalValue(value, "", confidence, source=source)

    # -- depth --------------------------------------------------------------------------------------------------------

    def _by_depth(self, sight: Sight) -> tuple[float, float, str] | str:
        """(measured over limit, confidence, stream); or why not."""
        config = self._config
        shape = shape_of(sight)
        if isinstance(shape, str):
            return shape
        distance = sight.face.distance_m
        if distance is not None and distance > config.most_m:
            return f"{distance:.1f} m are too far for the depth sensor to tell a relief"
        assert sight.landmarks is not None
        marks = sight.landmarks.points
        eyes = math.dist(marks[36].tolist(), marks[45].tolist())
        pose = sight.face.pose
        if pose is not None:
            eyes /= max(math.cos(math.radians(pose.yaw_deg)), 0.5)
        if eyes < config.least_eyes_px:
            return f"the face is too small in the depth picture: {eyes:.0f} px between the eyes"
        ratio = self.depth_ratio(shape, distance)
        if ratio is None:
            return "nose, eyes or mouth have no depth reading"
        size = min((eyes - 0.5 * config.least_eyes_px) / (config.full_eyes_px - 0.5 * config.least_eyes_px), 1.0)
        near = 1.0 if distance is None else min(max(1.5 - distance / config.most_m, 0.2), 1.0)
        sure = min(float(sight.landmarks.confidence.mean()) / 0.5, 1.0)
        return ratio, 0.95 * size * near * shape.share * sure, _depth_stream(sight)

    def depth_ratio(self, shape: Shape, distance_m: float | None = None) -> float | None:
        """The smallest of the tests of a shape, over its limit; None where the nose is not known.

        Noise lifts a nose, whose nearest readings count: by what grows with the square of the distance.
        """
        config = self._config
        nose_mm = config.nose_mm + config.nose_noise_mm_m2 * (distance_m or 0.0) ** 2
        if not math.isfinite(shape.nose_mm):
            return None
        return min(
            shape.plane_mm / config.plane_mm,
            max(shape.nose_mm, 0.0) / nose_mm,
            max(shape.bent_mm / config.bent_mm, shape.other_mm / config.sheet_mm),
        )

    # -- warmth -------------------------------------------------------------------------------------------------------

    def _by_warmth(self, sight: Sight, known: Mapping[str, SignalValue]) -> tuple[float, float, str] | str:
        """(measured over limit, confidence, stream); or why not."""
        config = self._config
        look = self._pace.look(sight)
        if isinstance(look, str):
            return look
        if look.kelvin is None:
            return "relative only: a thermal camera that is not radiometric tells no living skin from a warm screen"
        if look.mm_px > config.warm_mm:
            return f"a thermal pixel covers {look.mm_px:.0f} mm of the face: too coarse"
        found = warmth_of(look)
        if isinstance(found, str):
            return found
        if found.canthus_k < -1.0:
            return "the corners of the eyes are colder than the cheeks: glass or something else is before them"
        glasses = known.get("glasses")
        if glasses is not None and glasses.is_valid and glasses.value >= 0.5 and glasses.confidence >= 0.3:
            return "glasses hide the warm corners of the eyes"
        over_room = abs(found.contrast_k + found.canthus_k)
        around = max(config.around_share * over_room, config.around_k) / max(found.around_k, 0.05)
        if found.canthus_k > config.canthus_most_k and around >= 1.0:
            return "the cheeks are much colder than the eyes: something covers them"
        inside = min(found.skin_c - config.coldest_c, config.hottest_c - found.skin_c) / 4.0
        if inside < 0:
            ratio = 0.2
        else:
            ratio = min(
                abs(found.contrast_k) / config.contrast_k,
                max(
                    min(max(found.canthus_k, 0.0) / config.canthus_k, max(found.corners_k, 0.0) / config.corners_k),
                    found.parts_k / config.parts_k,
                ),
                0.5 + inside,
            )
        if over_room >= config.least_over_room_k:
            ratio = min(ratio, around)
        elif ratio >= 1.0:
            return "the room is nearly as warm as skin: paper before a face would be as warm"
        fine = min(max(1.2 - look.mm_px / config.warm_mm, 0.0), 1.0)
        return ratio, 0.7 * fine * look.trust, look.stream


@dataclass(frozen=True, slots=True)
class Warmth:
    """How warm a face's parts are.

    Attributes:
        contrast_k: the cheeks over the background.
        canthus_k: the inner corners of the eyes over the cheeks.
        corners_k: the inner corners of the eyes over the outer ones: what rises to one side across the face cancels.
        around_k: the warmest corners of the eyes over what lies between the eyes and between the brows, the warmer.
        parts_k: root mean square of what a slope across the face leaves of its parts' differences.
        skin_c: degrees Celsius of the cheeks, as the camera tells them.
    """

    contrast_k: float
    canthus_k: float
    corners_k: float
    around_k: float
    parts_k: float
    skin_c: float


def warmth_of(look: WarmLook) -> Warmth | str:
    """How warm the parts of a face are; or why it is not known.

    Raises:
        ValueError: the camera is not radiometric.
    """
    if look.kelvin is None:
        raise ValueError("kelvin of a camera that is not radiometric")
    xy, eyes = look.xy, look.eyes_px
    half = max(0.05 * eyes, 0.5)
    places = [(xy[mark][0], xy[mark][1], half, half) for mark in (39, 42, 36, 45)]
    for a, b in ((2, 31), (14, 35)):
        places.append(((xy[a][0] + xy[b][0]) / 2, (xy[a][1] + xy[b][1]) / 2, 0.1 * eyes, 0.1 * eyes))
    brows = ((xy[21][0] + xy[22][0]) / 2, (xy[21][1] + xy[22][1]) / 2)
    places += [(x, y, half, half) for x, y in (xy[27], xy[28], brows, xy[30])]
    wide = 0.1 * eyes
    for a, b in ((48, 54), (17, 21), (22, 26), (57, 8)):
        places.append(((xy[a][0] + xy[b][0]) / 2, (xy[a][1] + xy[b][1]) / 2, wide, half))
    middle = ((xy[36][0] + xy[45][0]) / 2, (xy[36][1] + xy[45][1]) / 2)
    (rx, ry), (ux, uy) = look.right, look.up
    # Beside the head at the height of the eyes, where neither hair nor shoulders are, and above it.
    for across, above in ((-1.75, 0.1), (1.75, 0.1), (0.0, 2.3)):
        x, y = middle[0] + eyes * (across * rx + above * ux), middle[1] + eyes * (across * ry + above * uy)
        places.append((x, y, 0.25 * eyes, 0.25 * eyes))
    found = look.means_of(places)
    inner, outer, cheeks, between = found[:2], found[2:4], found[4:6], found[6:9]
    parts = found[:_PARTS]
    behind = sorted(c for c in found[_PARTS:] if math.isfinite(c))
    if not all(math.isfinite(c) for c in parts):
        return "cheeks and eyes are not seen in the thermal picture"
    if not behind:
        return "nothing beside the head is seen in the thermal picture"
    gain, offset = look.kelvin.gain, look.kelvin.offset
    warmest = max(between) if gain > 0 else min(between)
    cheek = sum(cheeks) / 2
    return Warmth(
        # The middle one: beside one cheek another face may be, above the head a lamp.
        gain * (cheek - behind[len(behind) // 2]),
        gain * (sum(inner) / 2 - cheek),
        gain * (sum(inner) - sum(outer)) / 2,
        # Of a turned head the holes of a mask show the outer corners of the eyes and not the inner ones.
        max(gain * (eye - warmest) for eye in (sum(inner) / 2, *outer)),
        abs(gain) * _over_slope([(x - middle[0], y - middle[1]) for x, y, _, _ in places[:_PARTS]], parts, eyes),
        gain * cheek + offset - 273.15,
    )


def _over_slope(places: Sequence[tuple[float, float]], values: Sequence[float], unit: float) -> float:
    """Root mean square of what a plane through values at places leaves over."""
    columns = np.array([(1.0, x / unit, y / unit) for x, y in places])
    found = np.array(values)
    left = found - columns @ np.linalg.lstsq(columns, found, rcond=None)[0]
    return math.sqrt(float(left @ left) / len(left))


def _share(ratio: float, steepness: float) -> float:
    """0..1, 0.5 at a ratio of 1."""
    power = math.pow(min(max(ratio, 1e-3), 1e3), steepness)
    return power / (1.0 + power)


def _depth_stream(sight: Sight) -> str:
    return next((name for name, view in sight.others.items() if view.kind is StreamKind.DEPTH), "depth")
