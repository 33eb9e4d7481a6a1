"""Counts of a radiometric thermal camera to kelvin.

A microbolometer's count is linear in the radiance that reaches it, and that radiance follows Planck's law within the
camera's band. With the constants R1, R2, B, F, O that the maker calibrated, a black body of temperature T (kelvin)
gives the count

    S(T) = R1 / (R2 * (exp(B / T) - F)) - O

and a real scene gives what is left of it on its way, layer after layer:

    leaving the object       e  * S(T_object) + (1 - e)  * S(T_reflected)
    after the air before     t1 * ...         + (1 - t1) * S(T_air)
    after the window         w  * ...         + (1 - w)  * S(T_window)
    after the air behind     t2 * ...         + (1 - t2) * S(T_air)        = the count

(e emissivity, t1 and t2 transmission of the air, w of the window, whose reflection is neglected.) Undoing the layers
from the last to the first gives S(T_object), and with it the temperature.

Sources: W. Minkina and S. Dudzik, Infrared Thermography: Errors and Uncertainties (Wiley 2009), for the layers and for
the transmission of the air; the ExifTool forum, topic 4898, for the meaning of FLIR's constants; the R package
Thermimage (raw2temp), which flirpy and flyr follow.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from drivers.errors import CalibrationError
from drivers.frame import FloatArray

ZERO_CELSIUS_K: Final = 273.15

_WATER: Final = (1.5587, 0.06939, -0.00027816, 0.00000068455)
"""Logarithm of the partial pressure of saturated water vapour (mmHg) as a polynomial of degrees Celsius."""


@dataclass(frozen=True, slots=True)
class Planck:
    """The maker's calibration: ``S(T) = r1 / (r2 * (exp(b / T) - f)) - o``, T in kelvin, S in counts.

    Raises:
        CalibrationError: the constants cannot be those of a camera.
    """

    r1: float
    b: float
    f: float
    o: float
    r2: float

    def __post_init__(self) -> None:
        if not all(math.isfinite(v) for v in (self.r1, self.b, self.f, self.o, self.r2)):
            raise CalibrationError(f"Planck constants must be finite, found {asdict(self)}")
        if not (self.r1 > 0 and self.r2 > 0 and self.b > 0):
            raise CalibrationError(
                f"the Planck constants R1, R2 and B must be positive, found R1 {self.r1:g}, R2 {self.r2:g}, "
                f"B {self.b:g}; the file or camera is not radiometric"
            )

    def counts(self, kelvin: float | FloatArray) -> FloatArray:
        """The count of a black body; float64 of the shape of ``kelvin``."""
        k = np.asarray(kelvin, dtype=np.float64)
        with np.errstate(divide="ignore", over="ignore"):
            out: FloatArray = self.r1 / (self.r2 * (np.exp(self.b / k) - self.f)) - self.o
        return out

    def kelvin(self, counts: float | NDArray[Any]) -> FloatArray:
        """The temperature of a black body; float64 of the shape of ``counts``, NaN where no temperature gives it."""
        radiance = np.asarray(counts, dtype=np.float64) + self.o
        with np.errstate(divide="ignore", invalid="ignore"):
            argument = self.r1 / (self.r2 * radiance) + self.f
            # At or below 1 the logarithm is no positive number: no temperature is that cold.
            good = (radiance > 0) & (argument > 1)
            out: FloatArray = np.where(good, self.b / np.log(np.where(good, argument, 2.0)), np.nan)
        return out


@dataclass(frozen=True, slots=True)
class Air:
    """How the air swallows infrared: the constants of the transmission; FLIR's own by default."""

    alpha1: float = 0.006569
    alpha2: float = 0.012620
    beta1: float = -0.002276
    beta2: float = -0.006670
    x: float = 1.9

    def transmission(self, distance_m: float, kelvin: float, humidity: float) -> float:
        """Of ``distance_m`` of air of a temperature in kelvin and a relative humidity of 0..1.

        ``x * exp(-sqrt(d) * (alpha1 + beta1 * sqrt(w))) + (1 - x) * exp(-sqrt(d) * (alpha2 + beta2 * sqrt(w)))``
        with the water vapour ``w`` in mmHg (Minkina and Dudzik, as in the module's head).
        """
        celsius = kelvin - ZERO_CELSIUS_K
        water = humidity * math.exp(sum(c * celsius**n for n, c in enumerate(_WATER)))
        way, damp = math.sqrt(distance_m), math.sqrt(water)
        first = math.exp(-way * (self.alpha1 + self.beta1 * damp))
        second = math.exp(-way * (self.alpha2 + self.beta2 * damp))
        return self.x * first + (1 - self.x) * second


@dataclass(frozen=True, slots=True)
class Scene:
    """What lies between a surface and the camera.

    Attributes:
        emissivity: of the surface, above 0 to 1 (skin: 0.98).
        distance_m: to the surface.
        reflected_k: apparent temperature of what the surface mirrors.
        air_k: temperature of the air.
        humidity: relative, 0..1.
        window_k, window_transmission: of a window before the lens; a transmission of 1 means none.
        window_share: where the window stands: the share of the distance that lies before it. Thermimage, flirpy and
            flyr reckon with 0.5, also where there is none, and so is the default; 1 is one path of air, as FLIR's
            manuals print the formula. At 1 m the two differ by a quarter per cent of the distance from the air's
            temperature.

    Raises:
        CalibrationError: a value is impossible.
    """

    emissivity: float = 1.0
    distance_m: float = 0.0
    reflected_k: float = 293.15
    air_k: float = 293.15
    humidity: float = 0.5
    window_k: float = 293.15
    window_transmission: float = 1.0
    window_share: float = 0.5

    def __post_init__(self) -> None:
        for name, low, high in (
            ("emissivity", 0.0, 1.0),
            ("window_transmission", 0.0, 1.0),
            ("reflected_k", 0.0, 5000.0),
            ("air_k", 0.0, 1000.0),
            ("window_k", 0.0, 1000.0),
        ):
            value = getattr(self, name)
            if not low < value <= high:  # NaN, too, is refused
                raise CalibrationError(f"{name} must lie above {low:g} and up to {high:g}, found {value}")
        for name, high in (("distance_m", 1e5), ("humidity", 1.0), ("window_share", 1.0)):
            value = getattr(self, name)
            if not 0 <= value <= high:
                raise CalibrationError(f"{name} must lie between 0 and {high:g}, found {value}")


@dataclass(frozen=True, slots=True)
class Radiometry:
    """All that is needed to turn a camera's counts into temperatures."""

    planck: Planck
    scene: Scene = field(default_factory=Scene)
    air: Air = field(default_factory=Air)

    def kelvin(self, counts: NDArray[Any]) -> FloatArray:
        """Counts of any shape to kelvin, float64 of the same shape, NaN where a count means no temperature.

        Raises:
            CalibrationError: nothing of the object's radiance reaches the camera.
        """
        gain, added = self._way()
        return self.planck.kelvin((np.asarray(counts, dtype=np.float64) - added) / gain)

    def counts(self, kelvin: float | FloatArray) -> FloatArray:
        """The inverse: what a surface of ``kelvin`` gives, float64 and not rounded.

        Raises:
            CalibrationError: nothing of the object's radiance reaches the camera.
        """
        gain, added = self._way()
        out: FloatArray = self.planck.counts(kelvin) * gain + added
        return out

    def step_k(self, kelvin: float) -> float:
        """How much warmer a surface of ``kelvin`` must become to give one count more."""
        at = float(self.counts(kelvin))
        low, high = self.kelvin(np.array([at - 0.5, at + 0.5]))
        return float(high - low)

    def _way(self) -> tuple[float, float]:
        """(gain, added): the camera's count is gain times the object's, plus what the layers add."""
        s, black = self.scene, self.planck.counts
        before = self.air.transmission(s.distance_m * s.window_share, s.air_k, s.humidity)
        behind = self.air.transmission(s.distance_m * (1 - s.window_share), s.air_k, s.humidity)
        air, gain, added = float(black(s.air_k)), 1.0, 0.0
        for passes, own in (
            (s.emissivity, float(black(s.reflected_k))),
            (before, air),
            (s.window_transmission, float(black(s.window_k))),
            (behind, air),
        ):
            gain, added = gain * passes, added * passes + own * (1 - passes)
        if not (math.isfinite(gain) and math.isfinite(added) and gain > 0):
            raise CalibrationError(
                f"with {s.distance_m:g} m of air (transmission {before:.3g} and {behind:.3g}) nothing of the object "
                "is left to measure; check the distance and the constants of the air"
            )
        return gain, added

    def to_json(self) -> dict[str, dict[str, float]]:
        """For notes and reports; every number with all its digits."""
        return {"planck": asdict(self.planck), "scene": asdict(self.scene), "air": asdict(self.air)}
