"""Pixels of any stream to RGB for the eye: palettes for depth and thermal, a stretch for gray and infrared.

Nothing here feeds a model or a measurement. A 16-bit picture goes through one table of 65536 entries (counts to one
of 256 colors) and one table of 256 colors, which costs well under a millisecond at 640x480.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.frame import Frame, StreamInfo, StreamKind
from pipeline.errors import PipelineError
from pipeline.percentiles import percentiles
from pipeline.steps.palette import plausible

Rgb = NDArray[np.uint8]

ZERO_CELSIUS_K = 273.15

_SAMPLES = 20_000  # pixels that a range is taken from

_OPENCV_PALETTES = {
    "viridis": cv2.COLORMAP_VIRIDIS,
    "cividis": cv2.COLORMAP_CIVIDIS,
    "inferno": cv2.COLORMAP_INFERNO,
    "turbo": cv2.COLORMAP_TURBO,
}

# The looks of the thermal trade, from descriptions of them in words; no maker's table is copied, so shades differ a
# little from one camera's own picture. Each is (place 0..1, RGB) from cold to hot.
_ANCHORS: dict[str, tuple[tuple[float, tuple[int, int, int]], ...]] = {
    # Black, violet, red, orange, yellow, white.
    "ironbow": (
        (0.00, (0, 0, 10)),
        (0.15, (40, 0, 110)),
        (0.35, (145, 0, 150)),
        (0.55, (215, 55, 70)),
        (0.72, (245, 135, 10)),
        (0.88, (255, 215, 50)),
        (1.00, (255, 255, 240)),
    ),
    # The spectrum between a dark and a pale end. Its lightness rises up to yellow and falls to red: small differences
    # show, sizes of differences do not.
    "rainbow": (
        (0.00, (10, 4, 40)),
        (0.10, (56, 12, 140)),
        (0.22, (20, 70, 235)),
        (0.36, (0, 180, 230)),
        (0.50, (20, 190, 70)),
        (0.64, (225, 225, 20)),
        (0.77, (250, 140, 0)),
        (0.90, (225, 20, 30)),
        (1.00, (255, 215, 225)),
    ),
    # Cold in blues, warm in golds, with a gray between that is neither.
    "arctic": (
        (0.00, (6, 8, 48)),
        (0.18, (18, 48, 138)),
        (0.36, (44, 112, 190)),
        (0.52, (128, 152, 172)),
        (0.64, (190, 164, 116)),
        (0.78, (232, 178, 48)),
        (0.90, (252, 216, 104)),
        (1.00, (255, 250, 224)),
    ),
}

PALETTES: tuple[str, ...] = (
    "viridis",
    "cividis",
    "inferno",
    "turbo",
    "ironbow",
    "white hot",
    "black hot",
    "rainbow",
    "arctic",
)
"""Names that :func:`palette_colors` knows. The first four are OpenCV's; the others are built here."""

DEFAULT_PALETTES = {StreamKind.DEPTH: "viridis", StreamKind.THERMAL: "ironbow"}
"""Viridis is even in lightness and safe for color-blind eyes; near is bright."""


class PaletteError(PipelineError):
    """No palette has the given name."""


@dataclass(frozen=True, slots=True)
class CountRange:
    """Counts of a stream that get the first and the last color; outside they are clamped."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not (np.isfinite(self.low) and np.isfinite(self.high) and self.high > self.low):
            raise PaletteError(f"a range runs from a lower to a higher count, found {self.low} to {self.high}")


@lru_cache(maxsize=16)
def palette_colors(name: str) -> NDArray[np.uint8]:
    """The 256 colors of a palette, uint8 (256, 3) RGB, low to high, read-only.

    Raises:
        PaletteError: no palette has this name.
    """
    ramp = np.arange(256, dtype=np.uint8)
    if name in _OPENCV_PALETTES:
        bgr = np.asarray(cv2.applyColorMap(ramp[:, None], _OPENCV_PALETTES[name]), dtype=np.uint8)
        colors = np.ascontiguousarray(bgr[:, 0, ::-1])
    elif name in _ANCHORS:
        at = [a for a, _ in _ANCHORS[name]]
        rgb = np.array([c for _, c in _ANCHORS[name]], dtype=np.float64)
        t = np.linspace(0.0, 1.0, 256)
        colors = np.stack([np.interp(t, at, rgb[:, c]) for c in range(3)], axis=1).round().astype(np.uint8)
    elif name == "white hot":
        colors = np.repeat(ramp[:, None], 3, axis=1)
    elif name == "black hot":
        colors = np.repeat(ramp[::-1, None], 3, axis=1)
    else:
        raise PaletteError(f"no palette is called {name!r}; there are {', '.join(PALETTES)}")
    colors.flags.writeable = False
    return colors


@lru_cache(maxsize=32)
def _count_table(low: float, high: float, is_depth: bool) -> NDArray[np.uint8]:
    """uint8 (65536,): count to color index; index 0 is kept for "no reading" in depth."""
    first = 1 if is_depth else 0
    counts = np.arange(65536, dtype=np.float32)
    if is_depth:
        near = max(low, high / 50.0, 1e-3)
        t: NDArray[np.floating[Any]] = (1.0 / np.maximum(counts, 0.5) - 1.0 / high) / (1.0 / near - 1.0 / high)
    else:
        t = (counts - np.float32(low)) / np.float32(high - low)
    t = np.clip(t, 0.0, 1.0)
    table: NDArray[np.uint8] = (first + t * (255 - first) + 0.5).astype(np.uint8)
    if is_depth:
        table[0] = 0
    return table


@lru_cache(maxsize=32)
def _color_table(palette: str, is_depth: bool) -> NDArray[np.uint8]:
    colors = palette_colors(palette).copy()
    if is_depth:
        colors[0] = 0
    return colors[:, None, :]


def apply_palette(pixels: NDArray[Any], counts: CountRange, palette: str, *, is_depth: bool = False) -> Rgb:
    """Counts (H, W) uint8 or uint16 to uint8 (H, W, 3) RGB.

    Args:
        counts: what gets the first and the last color.
        is_depth: count 0 means "no reading" and is painted black; the lowest count gets the last color (near is
            bright), and colors are spread evenly over 1/count, as depth cameras resolve: near relief shows.

    Raises:
        PaletteError: no palette has this name.
    """
    table = _count_table(round(counts.low, 3), round(counts.high, 3), is_depth)
    index = table.take(pixels)
    return np.asarray(cv2.applyColorMap(index, _color_table(palette, is_depth)), dtype=np.uint8)


def auto_range(
    pixels: NDArray[Any],
    low_percent: float = 1.0,
    high_percent: float = 99.0,
    *,
    ignore_zero: bool = False,
    min_span: float = 1.0,
) -> CountRange:
    """The counts between two percentiles, of every fourth pixel in both directions (fewer in large images).

    An image without a valid pixel gives 0 to ``min_span``; a flat one gives ``min_span`` round its value, so that
    noise is not blown up to full contrast.
    """
    step = max(4, math.isqrt(pixels.size // _SAMPLES)) if pixels.size > 40_000 else 1
    values = pixels[::step, ::step].ravel()
    if ignore_zero:
        values = values[values > 0]
    if values.size == 0:
        return CountRange(0.0, max(min_span, 1.0))
    low, high = percentiles(values, low_percent, high_percent)
    if high - low < min_span:
        middle = (low + high) / 2
        low, high = middle - min_span / 2, middle + min_span / 2
    return CountRange(low, high)


def range_of(frame: Frame) -> CountRange:
    """The range that shows this frame well: depth p1..p99 of the readings, thermal p1..p99.8, gray p0.5..p99.8.

    The smallest span is 0.5 m for depth, 4 K for radiometric thermal, 64 counts for other thermal, and a quarter of
    the full scale for 8-bit gray: a dark picture stays recognisably dark.
    """
    info = frame.info
    if info.kind is StreamKind.DEPTH:
        unit = info.unit_m or 1e-3
        return auto_range(frame.pixels, ignore_zero=True, min_span=0.5 / unit)
    if info.kind is StreamKind.THERMAL:
        span, has_holes = 64.0, False
        if info.kelvin is not None:
            gain = abs(info.kelvin.gain)
            span = min(4.0 / gain, 65536.0) if gain > 0 else span  # a gain of NaN, too, keeps the span of counts
            has_holes = not plausible(info.kelvin, 0.0)
        return auto_range(frame.pixels, 1.0, 99.8, min_span=span, ignore_zero=has_holes)
    return auto_range(frame.pixels, 0.5, 99.8, min_span=64.0)


class RangeFollower:
    """A range per stream that widens at once and narrows slowly, so that colors do not flicker; it can be locked.

    Deterministic: it depends on the frames it was shown and nothing else.
    """

    def __init__(self, narrowing: float = 0.05) -> None:
        """``narrowing``: share of the way to a narrower range that one frame goes, 0..1."""
        self._narrowing = narrowing
        self._ranges: dict[str, CountRange] = {}
        self._locked: set[str] = set()

    def follow(self, frame: Frame) -> CountRange:
        """The range to show this frame with."""
        old = self._ranges.get(frame.stream)
        if old is not None and frame.stream in self._locked:
            return old
        new = range_of(frame)
        if old is not None:
            k = self._narrowing
            low = new.low if new.low < old.low else old.low + k * (new.low - old.low)
            high = new.high if new.high > old.high else old.high + k * (new.high - old.high)
            new = CountRange(low, high)
        self._ranges[frame.stream] = new
        return new

    def lock(self, stream: str, counts: CountRange | None = None) -> None:
        """Keep the range of a stream as it is, or at ``counts``."""
        if counts is not None:
            self._ranges[stream] = counts
        self._locked.add(stream)

    def unlock(self, stream: str) -> None:
        self._locked.discard(stream)

    def is_locked(self, stream: str) -> bool:
        return stream in self._locked

    def reset(self) -> None:
        """Forget every range that is not locked."""
        self._ranges = {name: r for name, r in self._ranges.items() if name in self._locked}


def to_rgb(frame: Frame, counts: CountRange | None = None, palette: str | None = None) -> Rgb:
    """Any frame to uint8 (H, W, 3) RGB for the eye.

    Depth: near is bright, no reading is black. Thermal: hot is bright. Gray and infrared: ``counts`` stretched to
    0..255. Color comes back as it is (and is not copied).

    Args:
        counts: the range to show; None takes :func:`range_of`.
        palette: for depth and thermal; None takes :data:`DEFAULT_PALETTES`.
    """
    if frame.kind is StreamKind.COLOR:
        return np.asarray(frame.pixels, dtype=np.uint8)
    if counts is None:
        counts = range_of(frame)
    is_depth = frame.kind is StreamKind.DEPTH
    name = palette or DEFAULT_PALETTES.get(frame.kind, "white hot")
    return apply_palette(frame.pixels, counts, name, is_depth=is_depth)


def describe_range(info: StreamInfo, counts: CountRange) -> str:
    """A range in words for people: metres, degrees Celsius, or counts."""
    low, high, unit = range_in_units(info, counts)
    if unit == "counts":
        return f"{low:.0f} to {high:.0f} counts"
    return f"{low:.1f} to {high:.1f} {unit}"


def range_in_units(info: StreamInfo, counts: CountRange) -> tuple[float, float, str]:
    """(low, high, unit): ``m`` for depth, ``°C`` for radiometric thermal, ``counts`` for everything else.

    Counts that would be no scene's temperatures (an 8-bit picture in place of them) stay counts.
    """
    if info.kind is StreamKind.DEPTH and info.unit_m:
        return counts.low * info.unit_m, counts.high * info.unit_m, "m"
    if info.kelvin is not None and plausible(info.kelvin, (counts.low + counts.high) / 2):
        ends = sorted(info.kelvin.gain * c + info.kelvin.offset - ZERO_CELSIUS_K for c in (counts.low, counts.high))
        return ends[0], ends[1], "°C"
    return counts.low, counts.high, "counts"


def middle_in_units(info: StreamInfo, counts: CountRange) -> float:
    """The value that the middle color of a palette means, in the unit of :func:`range_in_units`."""
    low, high, _ = range_in_units(info, counts)
    if info.kind is StreamKind.DEPTH and low > 0:
        return 2.0 * low * high / (low + high)
    return (low + high) / 2.0


def gray_out(rgb: Rgb) -> Rgb:
    """A picture that is no longer true: gray and at 45 % brightness, uint8 (H, W, 3)."""
    gray = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    dim = cv2.convertScaleAbs(gray, alpha=0.45)
    return np.asarray(cv2.cvtColor(dim, cv2.COLOR_GRAY2RGB), dtype=np.uint8)
