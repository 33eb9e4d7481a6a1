"""Percentiles of a few thousand values, in a tenth of the time that NumPy takes to begin: for what is asked of every
picture. The same numbers, to the last bit, as ``np.percentile`` gives with its usual linear way between values."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray


def percentiles(values: NDArray[Any], *percents: float) -> tuple[float, ...]:
    """Of values (N,) of any number type, at least one.

    Args:
        percents: 0..100, in any order.

    Returns:
        One for each; all NaN where a value is.

    Raises:
        ValueError: there are no values, or a percent lies outside.
    """
    count = values.size
    if not count:
        raise ValueError("percentiles of no values")
    places = []
    for percent in percents:
        if not 0.0 <= percent <= 100.0:
            raise ValueError(f"a percentile lies between 0 and 100, found {percent}")
        place = percent / 100 * (count - 1)
        low = min(math.floor(place), count - 1)
        places.append((low, min(low + 1, count - 1), place - low))
    # The last one is the largest, or NaN: NumPy sorts that to the end.
    ordered = np.partition(values, sorted({*(i for low, high, _ in places for i in (low, high)), count - 1}))
    if ordered.dtype.kind == "f" and math.isnan(ordered[-1]):
        return (math.nan,) * len(percents)
    found = []
    for low, high, share in places:
        a, b = ordered[low], ordered[high]
        gap = float(b - a)  # in the values' own type, as NumPy does
        found.append(float(a) + gap * share if share < 0.5 else float(b) - gap * (1.0 - share))
    return tuple(found)
