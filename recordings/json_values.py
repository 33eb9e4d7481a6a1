"""Numbers out of JSON that somebody else may have written: as they are, or refused."""

from __future__ import annotations

import math
from typing import Any, Final

INCOMPLETE: Final = (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError)
"""What reading JSON of another shape than expected raises."""


def number(value: Any) -> float:
    """The number as it is, so that it is written again with the same digits.

    Raises:
        ValueError: it is none, or not finite.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{value!r} is no number")
    return value


def number_or_none(value: Any) -> float | None:
    """As :func:`number`; null stays None."""
    return None if value is None else number(value)


def whole(value: Any) -> int:
    """A whole number of 64 bits; a fraction or a text is no time of a clock that counts ns, and no track.

    Raises:
        ValueError: it is none.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not -(1 << 63) <= value < 1 << 63:
        raise ValueError(f"{value!r} is no whole number of 64 bits")
    return value
