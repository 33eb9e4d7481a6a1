"""What a thermal camera's counts mean: temperatures, and by which right, or none at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from drivers.errors import CalibrationError, UnsupportedFeatureError
from drivers.frame import KelvinMap
from drivers.radiometry import ZERO_CELSIUS_K, Planck, Radiometry, Scene
from drivers.radiometry_table import KelvinTable
from drivers.source_words import SourceWords

SCENE_WORDS: Final = ("emissivity", "reflected_c", "air_c", "distance_m", "humidity")
WORDS: Final = frozenset({"radiometric", "tlinear", "planck", *SCENE_WORDS})
_STEPS: Final = ("0.01", "0.1", "off")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the pixels of a stream are.

    Attributes:
        kelvin: their map to kelvin; None when they are no temperatures.
        why: for people.
        table: makes the camera's counts into pixels; None when they are the pixels.
    """

    kelvin: KelvinMap | None
    why: str
    table: KelvinTable | None = None

    def pixels(self, counts: NDArray[Any]) -> NDArray[np.uint16]:
        """(H, W) counts, in memory that is not ours, to pixels in a new array: the one copy."""
        if self.table is not None:
            return self.table.apply(counts)
        return np.array(counts, dtype=np.uint16, order="C")


@dataclass(frozen=True, slots=True)
class Said:
    """What a camera says of its counts; None where it does not.

    Attributes:
        agc_on: they went through the camera's own gain control.
        step_k: kelvin a count when they are temperatures, 0 when they are not.
    """

    agc_on: bool | None = None
    step_k: float | None = None


@dataclass(frozen=True, slots=True)
class ThermalWords:
    """What a source says of its camera's counts.

    Attributes:
        radiometric: False to have no temperatures at all.
        step_k: kelvin a count, by the user's word; 0 for off, None when not given.
        planck: the maker's constants, by the user's word.
        scene: what lies between the surface and the camera; None when nothing of it was given.
    """

    radiometric: bool
    step_k: float | None
    planck: Planck | None
    scene: Scene | None

    @classmethod
    def of(cls, words: SourceWords) -> ThermalWords:
        """From a source.

        Raises:
            UnsupportedFeatureError: a word is wrong, or two contradict each other.
        """
        step = words.choice("tlinear", _STEPS, "off") if "tlinear" in words else None
        planck = _planck(words)
        given = {
            "emissivity": words.number("emissivity", 1.0, 0.01, 1.0),
            "distance_m": words.number("distance_m", 0.0, 0.0, 1e4),
            "reflected_k": words.number("reflected_c", 20.0, -100.0, 2000.0) + ZERO_CELSIUS_K,
            "air_k": words.number("air_c", 20.0, -100.0, 200.0) + ZERO_CELSIUS_K,
            "humidity": words.number("humidity", 0.5, 0.0, 1.0),
        }
        scene = Scene(**given) if any(w in words for w in SCENE_WORDS) else None
        radiometric = words.switch("radiometric", True)
        if not radiometric and (planck or scene or step not in (None, "off")):
            raise UnsupportedFeatureError(
                f"{words.family}:{words.target}: radiometric=no gives no temperatures; leave it out, or "
                "leave planck, tlinear and the scene out"
            )
        if planck and step not in (None, "off"):
            raise UnsupportedFeatureError(
                f"{words.family}:{words.target}: counts are either temperatures (tlinear) or follow Planck's law "
                "(planck); give one of the two"
            )
        return cls(radiometric, None if step is None else 0.0 if step == "off" else float(step), planck, scene)

    def meaning(self, said: Said) -> Meaning:
        """Of the counts of a camera that says this.

        Raises:
            UnsupportedFeatureError: the constants and the scene make no temperatures.
        """
        if not self.radiometric:
            return Meaning(None, "not radiometric: radiometric=no was asked for")
        if said.agc_on:
            return Meaning(None, "not radiometric: the camera's own gain control (AGC) is on")
        if self.planck is not None:
            try:
                table = KelvinTable.of(Radiometry(self.planck, self.scene or Scene()))
            except CalibrationError as error:
                raise UnsupportedFeatureError(f"planck and the scene make no temperatures: {error}") from error
            return Meaning(table.kelvin, "temperatures by the Planck constants of the source", table)
        if said.step_k:
            return Meaning(KelvinMap(said.step_k), f"temperatures, {said.step_k:g} K a count: the camera says so")
        if said.step_k == 0:
            return Meaning(None, "not radiometric: the camera gives counts, no temperatures (TLinear is off)")
        if self.step_k:
            return Meaning(KelvinMap(self.step_k), f"temperatures, {self.step_k:g} K a count: the source says so")
        return Meaning(
            None,
            "not radiometric: nothing says that the counts are temperatures; if they are (TLinear), add tlinear=0.01",
        )


def _planck(words: SourceWords) -> Planck | None:
    """``planck=R1,B,F,O,R2``, as exiftool lists them."""
    if "planck" not in words:
        return None
    try:
        r1, b, f, o, r2 = (float(part) for part in words.text("planck").split(","))
        return Planck(r1=r1, b=b, f=f, o=o, r2=r2)
    except (ValueError, CalibrationError) as error:
        raise UnsupportedFeatureError(f"{words.wrong('planck', 'five numbers R1,B,F,O,R2')} ({error})") from error
