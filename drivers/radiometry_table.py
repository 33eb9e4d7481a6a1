"""Counts that follow Planck's law as counts with a linear map to kelvin, through one table: what a live frame needs.

A frame's thermal pixels have a linear map to kelvin (drivers/frame.py), a camera's counts do not. As every count means
one temperature, a table of 65536 entries makes the ones into the others in one pass over the picture.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from drivers.frame import KelvinMap
from drivers.radiometry import Radiometry

TOP: Final = 65535
"""The highest count of 16 bits."""

_GAINS: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1)


def even_steps(lowest_k: float, highest_k: float) -> KelvinMap:
    """The finest map, of steps of 0.001 to 0.1 K and a whole offset, whose 65536 steps hold the range in kelvin.

    The lowest temperature lies a kelvin or more above the offset, so that 0 is free for "no temperature".
    """
    if not lowest_k <= highest_k:
        return KelvinMap(0.01)
    offset = max(0.0, math.floor(lowest_k) - 1.0)
    return KelvinMap(next((g for g in _GAINS if offset + TOP * g >= highest_k), _GAINS[-1]), offset)


@dataclass(frozen=True, slots=True)
class KelvinTable:
    """Every count's pixel.

    Attributes:
        kelvin: the linear map of the pixels.
        pixels: (65536,) uint16: count -> pixel, 0 where a count means no temperature, the ends beyond the map.
        wrong: (65536,) bool: counts whose pixel is not their temperature.
    """

    kelvin: KelvinMap
    pixels: NDArray[np.uint16]
    wrong: NDArray[np.bool_]

    @classmethod
    def of(cls, radiometry: Radiometry, kelvin: KelvinMap | None = None, top: int = TOP) -> KelvinTable:
        """The table of a radiometry.

        Args:
            kelvin: the map of the pixels; by default the finest that holds all that counts of 0 to ``top`` mean.
            top: the highest count that the camera gives.

        Raises:
            CalibrationError: nothing of the object's radiance reaches the camera.
        """
        temperatures = radiometry.kelvin(np.arange(TOP + 1))
        if kelvin is None:
            known = temperatures[: top + 1][np.isfinite(temperatures[: top + 1])]
            kelvin = even_steps(float(known.min()), float(known.max())) if known.size else KelvinMap(0.01)
        steps = np.rint((temperatures - kelvin.offset) / kelvin.gain)
        wrong = ~((steps >= 0) & (steps <= TOP))
        pixels = np.clip(np.where(np.isfinite(steps), steps, 0), 0, TOP).astype(np.uint16)
        return cls(kelvin, pixels, wrong)

    def apply(self, counts: NDArray[Any]) -> NDArray[np.uint16]:
        """(H, W) uint16 counts to pixels of the same shape, in a new array."""
        return self.pixels.take(counts)
