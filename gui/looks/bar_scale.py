"""Where values lie on a colour bar, and which of them are written on it. No Qt here."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from drivers.frame import StreamKind
from gui.looks.look import Look, palette_of
from gui.looks.tables import FIRST, PAINTED, color_table
from pipeline.colormap import Rgb

_COLUMNS = 512


@dataclass(frozen=True, slots=True)
class BarScale:
    """Values along a bar, 0 at its left end and 1 at its right.

    Attributes:
        low, high: values at the ends.
        is_inverse: evenly spread over 1/value, as the colours of depth are; ``low`` is above 0 then.
    """

    low: float
    high: float
    is_inverse: bool = False

    def place(self, value: float) -> float:
        """Where a value lies; outside of 0..1 where it is beyond the ends."""
        if self.is_inverse:
            if value <= 0:
                return -math.inf
            return (1 / value - 1 / self.low) / (1 / self.high - 1 / self.low)
        return (value - self.low) / (self.high - self.low)

    def value(self, place: float) -> float:
        """The value at a place; inf beyond where an inverse scale ends."""
        if self.is_inverse:
            one_over = 1 / self.low + place * (1 / self.high - 1 / self.low)
            return 1 / one_over if one_over > 0 else math.inf
        return self.low + place * (self.high - self.low)

    def ticks(self, most: int) -> list[float]:
        """At most so many round values between the ends, evenly spread as far as roundness allows."""
        if most < 1 or not self.high > self.low:
            return []
        if not self.is_inverse:
            step = round_step((self.high - self.low) / (most + 1))
            first = math.ceil(self.low / step)
            return [i * step for i in range(first, first + most + 3) if self.low < i * step < self.high][:most]
        found: list[float] = []
        for i in range(1, most + 1):
            value = self.value(i / (most + 1))
            near = min(self.value((i + 0.5) / (most + 1)), self.high) - self.value((i - 0.5) / (most + 1))
            step = round_step(max(near, 1e-9) / 2)
            tick = round(value / step) * step
            if self.low < tick < self.high and tick not in found:
                found.append(tick)
        return found


def round_step(at_least: float) -> float:
    """The smallest of ..., 0.1, 0.2, 0.5, 1, 2, 5, ... that is no smaller."""
    power = 10.0 ** math.floor(math.log10(max(at_least, 1e-12)))
    return next(m * power for m in (1.0, 2.0, 5.0, 10.0) if m * power >= at_least * (1 - 1e-9))


def dragged(scale: BarScale, grip: str, start: float, now: float) -> tuple[float, float]:
    """The range after a drag along the bar.

    Args:
        scale: as it was when the drag began.
        grip: ``low`` or ``high`` for an end, ``level`` for what lies between.
        start, now: places on the bar, 0..1 within it.
    """
    by = now - start
    if grip == "level":
        shift = by * (scale.high - scale.low)
        return scale.low - shift, scale.high - shift
    # An end that is pulled outward takes in more than the bar shows; at most eight times as much a drag.
    span = scale.high - scale.low
    if grip == "low":
        value = scale.value(by) if by >= 0 or not scale.is_inverse else scale.low + by * scale.low
        return max(value, scale.low - 8 * span), scale.high
    value = scale.value(1 + by) if by <= 0 or not scale.is_inverse else scale.high + by * span
    return scale.low, min(value, scale.high + 8 * span)


def bar_colors(scale: BarScale, kind: StreamKind, look: Look, unit: str) -> Rgb:
    """The colours along a bar, uint8 (1, 512, 3) RGB, with those of the isotherm where it lies.

    Args:
        unit: of the scale; an isotherm in another one rests.
    """
    it = look.isotherm if look.holds_in(unit) else None
    is_depth = kind is StreamKind.DEPTH
    table = color_table(palette_of(look, kind), is_depth, look.red, "" if it is None else it.beyond.value)[:, 0]
    ramp = table[FIRST:] if it is None else table[FIRST:PAINTED]
    at = np.linspace(0.0, 1.0, _COLUMNS)
    colors = ramp[np.rint((1 - at if is_depth else at) * (len(ramp) - 1)).astype(int)]
    if it is not None:
        low, high = it.ends
        first = scale.place(low) if math.isfinite(low) else -math.inf
        last = scale.place(high) if math.isfinite(high) else math.inf
        inside = np.flatnonzero((at >= first) & (at <= last))
        shades = np.linspace(PAINTED, 255, inside.size)
        colors[inside] = table[np.rint(shades[::-1] if is_depth else shades).astype(int)]
    return np.ascontiguousarray(colors[None])
