"""What the counts of a stream mean, in the unit that people read, and how it is written. No Qt here."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from drivers.frame import Frame, StreamInfo, StreamKind
from gui.words import tr
from pipeline.colormap import ZERO_CELSIUS_K, CountRange
from pipeline.steps.palette import COLDEST_K, HOTTEST_K, temperature_reason

METRES, CELSIUS, COUNTS = "m", "°C", "counts"

TEMPERATURE_UNITS = ("°C", "°F", "K")
"""In which temperatures can be written; they are stored and reckoned with in degrees Celsius."""

NOTHING = "–"
"""In place of a number that is not there."""


@dataclass(frozen=True, slots=True)
class Scale:
    """``value = gain * count + offset`` in ``unit``: metres, degrees Celsius, or plain counts."""

    gain: float = 1.0
    offset: float = 0.0
    unit: str = COUNTS

    def value(self, count: float) -> float:
        return self.gain * count + self.offset

    def count(self, value: float) -> float:
        return (value - self.offset) / self.gain

    def range_of(self, counts: CountRange) -> tuple[float, float]:
        """The lowest and the highest value of a range of counts."""
        ends = sorted((self.value(counts.low), self.value(counts.high)))
        return ends[0], ends[1]

    def counts_of(self, low: float, high: float) -> CountRange | None:
        """The counts of a range of values; None where it is none."""
        ends = sorted((self.count(low), self.count(high)))
        if not (math.isfinite(ends[0]) and math.isfinite(ends[1]) and ends[1] - ends[0] > 1e-9):
            return None
        return CountRange(ends[0], ends[1])

    def is_possible(self, value: float) -> bool:
        """Whether anything before a camera has this value."""
        if not math.isfinite(value):
            return False
        return self.unit != CELSIUS or COLDEST_K <= value + ZERO_CELSIUS_K <= HOTTEST_K

    @property
    def smallest_span(self) -> float:
        """Narrower than this, a range shows noise: 0.05 m, 0.5 degrees, 2 counts."""
        return {METRES: 0.05, CELSIUS: 0.5}.get(self.unit, 2.0)


def scale_of(info: StreamInfo, is_measured: bool = True) -> Scale:
    """The scale of a stream.

    Args:
        is_measured: thermal only: whether its counts are the temperatures that they claim to be.
    """
    if info.kind is StreamKind.DEPTH and info.unit_m:
        return Scale(info.unit_m, 0.0, METRES)
    if info.kelvin is not None and is_measured:
        gain, offset = info.kelvin.gain, info.kelvin.offset
        if math.isfinite(gain) and math.isfinite(offset) and gain != 0:
            return Scale(gain, offset - ZERO_CELSIUS_K, CELSIUS)
    return Scale()


def zero_is_hole(kind: StreamKind, scale: Scale, counts: CountRange | None = None) -> bool:
    """Whether count 0 is a pixel without a reading: always in depth; in thermal where it would be no temperature, or
    lies far below all the others."""
    if kind is StreamKind.DEPTH:
        return True
    if kind is not StreamKind.THERMAL:
        return False
    if scale.unit == CELSIUS:
        return not scale.is_possible(scale.value(0.0))
    return counts is not None and counts.low >= 256


def why_no_degrees(frame: Frame) -> str:
    """Why a thermal frame tells no temperatures, for the tile; empty where it does, and for other kinds."""
    if frame.kind is not StreamKind.THERMAL:
        return ""
    kelvin = frame.info.kelvin
    if kelvin is None or not (math.isfinite(kelvin.gain) and math.isfinite(kelvin.offset)) or kelvin.gain == 0:
        return tr("not radiometric")
    return tr("not radiometric: {why}", why=why) if (why := temperature_reason(frame)) else ""


def shown_value(value: float, unit: str, temperatures: str = CELSIUS) -> float:
    """A value in the unit that it is written in: only temperatures have a choice."""
    if unit != CELSIUS:
        return value
    return {"°F": value * 1.8 + 32.0, "K": value + ZERO_CELSIUS_K}.get(temperatures, value)


def stored_value(value: float, unit: str, temperatures: str = CELSIUS) -> float:
    """The inverse of :func:`shown_value`."""
    if unit != CELSIUS:
        return value
    return {"°F": (value - 32.0) / 1.8, "K": value - ZERO_CELSIUS_K}.get(temperatures, value)


def shown_unit(unit: str, temperatures: str = CELSIUS) -> str:
    """The unit that is written; translated where it is a word."""
    if unit == COUNTS:
        return tr("counts")
    return temperatures if unit == CELSIUS and temperatures in TEMPERATURE_UNITS else unit


def words(value: float | None, unit: str, temperatures: str = CELSIUS, with_unit: bool = True) -> str:
    """A value for people: ``36.4 °C``, ``1.25 m``, ``30112 counts``, or a dash where there is none."""
    if value is None or not math.isfinite(value):
        return NOTHING
    digits = {COUNTS: 0, METRES: 2 if abs(value) < 10 else 1}.get(unit, 1)
    text = f"{shown_value(value, unit, temperatures):.{digits}f}"
    if float(text) == 0:
        text = text.removeprefix("-")
    return f"{text} {shown_unit(unit, temperatures)}" if with_unit else text


@lru_cache(maxsize=8)
def in_unit(temperatures: str) -> Callable[[float | None], tuple[str, str]]:
    """How a temperature in degrees Celsius is written: ``94.1`` and ``°F``; the same function for the same unit."""

    def write(celsius: float | None) -> tuple[str, str]:
        return words(celsius, CELSIUS, temperatures, False), shown_unit(CELSIUS, temperatures)

    return write
