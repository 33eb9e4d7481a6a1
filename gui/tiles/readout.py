"""The value under the cursor, in words. No Qt here."""

from __future__ import annotations

import math

from drivers.frame import Frame, StreamKind
from gui.looks.scale import CELSIUS, COUNTS, METRES, Scale, scale_of, why_no_degrees, words
from gui.words import tr


def value_words(frame: Frame, x: float, y: float, scale: Scale | None = None, temperatures: str = CELSIUS) -> str:
    """What was measured at (x, y) px of the frame (pixel centres at integers); empty outside of it.

    Metres for depth, degrees for a radiometric thermal picture, else counts, gray or the three colours.

    Args:
        scale: what the counts mean; None for what the frame itself says.
        temperatures: the unit in which they are written.
    """
    if not (math.isfinite(x) and math.isfinite(y)):
        return ""
    column, row = round(x), round(y)
    h, w = frame.pixels.shape[:2]
    if not (0 <= column < w and 0 <= row < h):
        return ""
    if frame.kind is StreamKind.COLOR:
        red, green, blue = (int(v) for v in frame.pixels[row, column])
        said = tr("red {red}  green {green}  blue {blue}", red=red, green=green, blue=blue)
    else:
        if scale is None:
            scale = scale_of(frame.info, not why_no_degrees(frame))
        said = _measured(frame.kind, int(frame.pixels[row, column]), scale, temperatures)
    return f"x {column}  y {row}   {said}"


def _measured(kind: StreamKind, count: int, scale: Scale, temperatures: str) -> str:
    if kind is StreamKind.DEPTH:
        # A millimetre is what depth cameras count in.
        return f"{scale.value(count):.3f} {METRES}" if count else tr("no reading")
    if kind is not StreamKind.THERMAL:
        return tr("gray {count}", count=count)
    if scale.unit == COUNTS:
        return tr("{count} counts, not radiometric", count=count)
    value = scale.value(count)
    return words(value, scale.unit, temperatures) if scale.is_possible(value) else tr("no reading")
