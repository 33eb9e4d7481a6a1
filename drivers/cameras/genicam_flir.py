"""Thermal GenICam cameras: what their counts mean in kelvin, and when their shutter is closed.

Three ways lead to temperatures, all by features of FLIR's A-series, whose names other makers took over:

- ``IRFormat`` is ``TemperatureLinear10mK`` or ``TemperatureLinear100mK`` (A50, A70, A400, A700, A6xx): the camera
  itself reckons with emissivity and air, and sends counts of 0.01 or 0.1 K.
- ``TemperatureLinearMode`` is on (Ax5: A15, A35, A65): counts of 0.04 K, or of 0.4 K where
  ``TemperatureLinearResolution`` is ``Low``.
- Otherwise counts are linear in radiance, and the camera tells its constants. They go through drivers/radiometry.py
  into counts of 0.01 K here. With ``IRFormat`` ``Radiometric`` they are ``R B F J0 J1``, and
  ``S = J1 * R / (exp(B / T) - F) + J0``; with ``TemperatureLinearMode`` off they are ``R B F O``, and
  ``S = R / (exp(B / T) - F) + O``.

Sources: FLIR, GenICam ICD for Ax5 (publication T559775) for the registers and the formula with O; FLIR Ax5 user's
manual, chapter on measurement; FLIR support, "temperature linear mode" (knowledge base 1021) for the steps; FLIR's
example for A400 and A700 for J0 and J1. A camera that says none of this has no temperatures.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from drivers.errors import CalibrationError
from drivers.frame import FrameFlag, KelvinMap, Pixels
from drivers.radiometry import Air, Planck, Radiometry, Scene

COUNT_K: Final = 0.01
"""Kelvin a count of converted pixels; the highest temperature is 655.35 K."""

NUC_ACTION: Final = "NUCAction"
NUC_MODE: Final = "NUCMode"
NUC_S: Final = 1.0
"""How long a flat-field correction may take; FLIR names half a second for the Ax5."""

MARKS: Final = ("IRFormat", "TemperatureLinearMode", NUC_ACTION)
"""A camera that has one of these is a thermal one."""

_MODELS: Final = re.compile(
    r"\b(A\d{2,4}(sc|f)?|AX5|SC\d{3,4}|T\d{3}(sc)?|X\d{4}(sc)?|Boson|Tau|Lepton|ThermaCAM|FC-?\d+|PT-?\d+)\b",
    re.IGNORECASE,
)

PARAMETERS: Final = {
    "emissivity": "ObjectEmissivity",
    "distance_m": "ObjectDistance",
    "reflected_k": "ReflectedTemperature",
    "air_k": "AtmosphericTemperature",
    "humidity": "RelativeHumidity",
    "window_k": "ExtOpticsTemperature",
    "window_transmission": "ExtOpticsTransmission",
}
"""Our words for what lies between the surface and the camera, and the feature of each."""


class Readable(Protocol):
    """What is needed of a camera's features."""

    def has(self, name: str) -> bool: ...

    def read(self, name: str) -> str | None: ...

    def number(self, name: str) -> float | None: ...


@dataclass(frozen=True, slots=True)
class Thermometer:
    """How a camera's counts become temperatures.

    Attributes:
        kelvin: of the pixels as they are given; None when they are no temperatures.
        table: (65536,) uint16: what each count of the camera is given as; None when it is given as it is.
        words: for people.
    """

    kelvin: KelvinMap | None
    table: NDArray[np.uint16] | None
    words: str

    def pixels(self, counts: Pixels) -> Pixels:
        """The camera's counts as they are given."""
        return counts if self.table is None else np.take(self.table, counts)


class Shutter:
    """Tells which frames were taken while the shutter was closed.

    The camera repeats its last picture meanwhile (FLIR support, "occasional clicking sound made by the Ax5"). Any other
    two pictures differ, by the detector's noise.
    """

    def __init__(self) -> None:
        self._previous: Pixels | None = None
        self._closed_until_s = 0.0
        self.is_frozen = False

    def close(self, now_s: float) -> None:
        """A flat-field correction was asked for."""
        self._closed_until_s = now_s + NUC_S

    def flags(self, counts: Pixels, has_shutter: bool, now_s: float) -> FrameFlag:
        """Of the next picture.

        Args:
            has_shutter: a picture that stands still is a closed shutter, not a camera that hangs.
            now_s: monotonic seconds.
        """
        previous, self._previous = self._previous, counts
        self.is_frozen = previous is not None and _are_same(previous, counts)
        flags = FrameFlag.STALE if self.is_frozen else FrameFlag.NONE
        if (self.is_frozen and has_shutter) or now_s < self._closed_until_s:
            flags |= FrameFlag.SHUTTER
        return flags


def is_thermal(vendor: str, model: str, features: Readable) -> bool:
    """Whether the camera's name or features are those of a thermal one."""
    if any(features.has(name) for name in MARKS):
        return True
    return "flir" in f"{vendor} {model}".lower() and _MODELS.search(model) is not None


def thermometer(features: Readable, depth: int) -> Thermometer:
    """What the counts mean as the camera is set now.

    Args:
        depth: significant bits of a count.
    """
    if depth < 14:
        return Thermometer(None, None, f"not radiometric: {depth} bits a pixel are a picture, no measurement")
    mode = features.read("IRFormat") if features.has("IRFormat") else None
    if mode is not None and (step := re.search(r"TemperatureLinear(\d+)mK", mode)):
        gain = int(step[1]) / 1000
        return Thermometer(KelvinMap(gain), None, f"{mode}: {gain:g} K a count, reckoned by the camera")
    linear = features.read("TemperatureLinearMode") if features.has("TemperatureLinearMode") else None
    if linear is not None and linear.lower() in ("on", "true", "1"):
        coarse = (features.read("TemperatureLinearResolution") or "High").lower().startswith("low")
        gain = 0.4 if coarse else 0.04
        return Thermometer(KelvinMap(gain), None, f"TemperatureLinearMode: {gain:g} K a count, reckoned by the camera")
    if mode is not None and mode != "Radiometric":
        return Thermometer(None, None, f"not radiometric: IRFormat {mode}")
    try:
        found = radiometry(features)
        if found is None:
            return Thermometer(None, None, "not radiometric: the camera tells no constants of its calibration")
        return Thermometer(KelvinMap(COUNT_K), _table(found), f"Planck's law with {_said(found)}")
    except CalibrationError as error:
        return Thermometer(None, None, f"not radiometric: {error}")


def radiometry(features: Readable) -> Radiometry | None:
    """The constants and the scene as the camera tells them; None when it does not.

    Raises:
        CalibrationError: what it tells is impossible.
    """
    r, b, f = (features.number(name) for name in ("R", "B", "F"))
    if r is None or b is None or f is None:
        return None
    j0, j1 = features.number("J0"), features.number("J1")
    if j0 is not None and j1 is not None:
        # S = j1 * r / (exp(b / T) - f) + j0, in the letters of Planck: R2 = 1 / j1, O = -j0.
        planck = Planck(r, b, f, -j0, 1.0 / j1 if j1 else math.nan)
    else:
        # OInt holds what O cannot: a negative offset.
        offset = features.number("OInt")
        offset = features.number("O") if offset is None else offset
        if offset is None:
            return None
        planck = Planck(r, b, f, -offset, 1.0)
    return Radiometry(planck, _scene(features), _air(features))


def _are_same(a: Pixels, b: Pixels) -> bool:
    """Most pictures are told apart by a few lines."""
    if a.shape != b.shape:
        return False
    few = max(1, len(a) // 4)
    return bool((a[::few] == b[::few]).all() and (a == b).all())


def _scene(features: Readable) -> Scene:
    said = {ours: features.number(theirs) for ours, theirs in PARAMETERS.items()}
    known = {ours: value for ours, value in said.items() if value is not None}
    if known.get("humidity", 0.0) > 1.0:  # some firmware counts it in per cent
        known["humidity"] /= 100.0
    for ours in ("reflected_k", "air_k", "window_k"):
        if ours in known and not 150.0 <= known[ours] <= 1000.0:
            raise CalibrationError(
                f"{PARAMETERS[ours]} is {known[ours]:g}, which is no temperature of a scene in kelvin; set it by "
                f"set.{PARAMETERS[ours]}=293.15"
            )
    # FLIR's formula has one path of air, all of it before the window.
    return Scene(**known, window_share=1.0)


def _air(features: Readable) -> Air:
    said = {name: features.number(name) for name in ("alpha1", "alpha2", "beta1", "beta2")} | {
        "x": features.number("X")
    }
    return Air(**{name: value for name, value in said.items() if value is not None})


def _table(found: Radiometry) -> NDArray[np.uint16]:
    kelvin = found.kelvin(np.arange(65536, dtype=np.float64))
    counts = np.where(np.isfinite(kelvin), np.rint(kelvin / COUNT_K), 0.0)
    table: NDArray[np.uint16] = np.clip(counts, 0, 65535).astype(np.uint16)
    return table


def _said(found: Radiometry) -> str:
    s = found.scene
    return (
        f"R {found.planck.r1:g}, B {found.planck.b:g}, F {found.planck.f:g}, emissivity {s.emissivity:g}, "
        f"reflected {s.reflected_k:g} K, {s.distance_m:g} m of air of {s.air_k:g} K"
    )
