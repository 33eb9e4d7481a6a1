"""Names and units of the context: a speed is told in many units and known in one."""

from __future__ import annotations

import re
from typing import Final

from pipeline.errors import PipelineError

SPEED: Final = "speed_kmh"
"""The vehicle's speed, in km/h: what rules ask for."""
SPOKEN_SPEED: Final = "speed"
"""A speed whose unit is told beside it."""
KMH: Final[dict[str, float]] = {
    "km/h": 1.0,
    "kmh": 1.0,
    "kph": 1.0,
    "m/s": 3.6,
    "mph": 1.609344,
    "kn": 1.852,
    "kt": 1.852,
    "knots": 1.852,
}
"""Unit of a speed, in small letters -> what makes km/h of it."""
HIGHEST_KMH: Final = 1000.0
"""No vehicle of ours is faster."""
HIGHEST: Final = 1e12
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,59}")
_UNITS: Final = "km/h, m/s, mph, kn"


class ContextError(PipelineError):
    """What is told of the context cannot be used, or from where."""


def to_kmh(unit: str) -> float | None:
    """What makes km/h of a speed in a unit; None where the unit is not known."""
    return KMH.get(unit.strip().lower())


def unit_of(name: str) -> str:
    """Of what is kept under a name; '' where names do not tell it."""
    return "km/h" if name == SPEED else ""


def named(name: str, unit: str = "") -> tuple[str, float]:
    """Under which name a value is kept, and by what it is multiplied.

    Raises:
        ContextError: the name is none, or the unit is not known, or not the name's.
    """
    if not _NAME.fullmatch(name):
        raise ContextError(f"{name[:60]!r} is no name of a series: small letters, digits and underscores")
    if name == SPOKEN_SPEED:
        factor = to_kmh(unit)
        if factor is None:
            said = f"found {unit!r}" if unit else "none is told"
            raise ContextError(f"a speed needs its unit ({_UNITS}), {said}; or call it {SPEED}")
        return SPEED, factor
    if name == SPEED and unit and to_kmh(unit) != 1.0:
        raise ContextError(f"{SPEED} is in km/h, found the unit {unit!r}; call it {SPOKEN_SPEED} with its unit")
    return name, 1.0


def why_impossible(name: str, value: float) -> str:
    """Why a number, in the unit in which it is kept, cannot be; '' where it can."""
    if value != value:
        return f"{name} is no number (NaN)"
    if not -HIGHEST <= value <= HIGHEST:
        return f"{name} is {value:g}"
    if name == SPEED and value < 0:
        return f"{name} is {value:g}: a speed is not negative"
    if name == SPEED and value > HIGHEST_KMH:
        return f"{name} is {value:g}: no vehicle is so fast"
    return ""
