"""Thermal GenICam cameras: what their counts mean in kelvin, and when their shutter is closed.

Three ways lead to temperatures, all by features of FLIR's A-series, whose names other makers took over:

- ``IRFormat`` is ``TemperatureLinear10mK`` or ``TemperatureLinear100mK`` (A50, A70, A400, A700, A6xx): the camera
  itself reckons with emissivity and air, and sends counts of 0.01 or 0.1 K.
- ``TemperatureLinearMode`` is on (Ax5: A15, A35, A65): counts of 0.04 K, or of 0.4 K where
  ``TemperatureLinearResolution`` is ``Low``.
- Otherwise counts are linear in radiance, and the camera tells its constants. They go through drivers/radiometry.py
  into pixels with a linear map to kelvin here. With ``IRFormat`` ``Radiometric`` they are ``R B F J0 J1``, and
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

from drivers.errors import CalibrationError
from drivers.frame import KelvinMap, Pixels
from drivers.radiometry import Air, Planck, Radiometry, Scene
from drivers.radiometry_table import KelvinTable

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
        table: what each count of the camera is given as; None when it is given as it is.
        words: for people.
    """

    kelvin: KelvinMap | None
    table: KelvinTable | None
    words: str

    def pixels(self, counts: Pixels) -> Pixels:
        """The camera's counts as they are given."""
        return counts if self.table is None else self.table.apply(counts)


def is_thermal(vendor: str, model: str, features: Readable) -> bool:
    """Whether the camera's name or features are those of a thermal one."""
    if any(features.has(name) for name in MARKS):
        return True
    return "flir" in f"{vendor} {model}".lower() and _MODELS.search(model) is not None


def thermometer(features: Readable, depth: int, kelvin: KelvinMap | None = None) -> Thermometer:
    """What the counts mean as the camera is set now.

    Args:
        depth: significant bits of a count.
        kelvin: the map that converted pixels must keep; by default the finest that holds all that a count can mean.
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
        table = KelvinTable.of(found, kelvin, 2**depth - 1)
        return Thermometer(table.kelvin, table, f"Planck's law with {_said(found)}")
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


def _said(found: Radiometry) -> str:
    s = found.scene
    return (
        f"R {found.planck.r1:g}, B {found.planck.b:g}, F {found.planck.f:g}, emissivity {s.emissivity:g}, "
        f"reflected {s.reflected_k:g} K, {s.distance_m:g} m of air of {s.air_k:g} K"
    )
