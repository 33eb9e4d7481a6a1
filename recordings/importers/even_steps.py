"""Temperatures in 16 bits: even steps, as fine as the range allows."""

from __future__ import annotations

import math
from typing import Final

from drivers.frame import KelvinMap

TOP: Final = 65535
_GAINS: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1)


def even_steps(lowest_k: float, highest_k: float) -> KelvinMap:
    """The finest map, of steps of 0.001 to 0.1 K and a whole offset, whose 65536 steps hold the range in kelvin.

    The lowest temperature lies a kelvin or more above the offset, so that 0 is free for "no temperature".
    """
    if not lowest_k <= highest_k:
        return KelvinMap(0.01)
    offset = max(0.0, math.floor(lowest_k) - 1.0)
    return KelvinMap(next((g for g in _GAINS if offset + TOP * g >= highest_k), _GAINS[-1]), offset)
