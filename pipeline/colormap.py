"""Pixels of any stream to RGB for the eye: palettes for depth and thermal, a stretch for gray and infrared.

Nothing here feeds a model or a measurement. A 16-bit picture goes through one table of 65536 entries (counts to one
of 256 colors) and one table of 256 colors, which costs well under a millisecond at 640x480.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.frame import Frame, StreamInfo, StreamKind
from pipeline.errors import PipelineError
from pipeline.steps.palette import plausible

Rgb = NDArray[np.uint8]

ZERO_CELSIUS_K = 273.15

_OPENCV_PALETTES = {
    "viridis": cv2.COLORMAP_VIRIDIS,
    "cividis": cv2.COLORMAP_CIVIDIS,
    "inferno": cv2.COLORMAP_INFERNO,
    "turbo": cv2.COLORMAP_TURBO,
}

# The look of the thermal trade's ironbow (black, violet, red, orange, yellow, white), built from these anchors;
# no maker's table is copied, so shades differ a little from one camera's own picture.
_IRONBOW_ANCHORS = (
    (0.00, (0, 0, 10)),
    (0.15, (40, 0, 110)),
    (0.35, (145, 0, 150)),
    (0.55, (215, 55, 70)),
    (0.72, (245, 135, 10)),
    (0.88, (255, 215, 50)),
    (1.00, (255, 255, 240)),
)

PALETTES: tuple[str, ...] = ("viridis", "cividis", "inferno", "turbo", "ironbow", "white hot", "black hot")
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
    elif name == "ironbow":
        at = [a for a, _ in _IRONBOW_ANCHORS]
        rgb = np.array([c for _, c in _IRONBOW_ANCHORS], dtype=np.float64)
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
    """The counts between two percentiles, of every fourth pixel in both directions.

    An image without a valid pixel gives 0 to ``min_span``; a flat one gives ``min_span`` round its value, so that
    noise is not blown up to full contrast.
    """
    step = 4 if pixels.size > 40_000 else 1
    values = pixels[::step, ::step].ravel()
    if ignore_zero:
        values = values[values > 0]
    if values.size == 0:
        return CountRange(0.0, max(min_span, 1.0))
    low, high = (float(v) for v in np.percentile(values, (low_percent, high_percent)))
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
        span = 64.0 if info.kelvin is None else 4.0 / info.kelvin.gain
        return auto_range(frame.pixels, 1.0, 99.8, min_span=span)
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


def shade_relief(relief_mm: NDArray[np.float32], size: int | None = None) -> Rgb:
    """A relief as a surface lit from the upper left, uint8 (size, size, 3) RGB; NaN is dark.

    Lambert shading of the height field's normal, with the crop's 320 mm across the picture; smoothed a little, for
    the eye only.

    Args:
        relief_mm: float32 (H, W), millimetres toward the camera, NaN outside the head.
        size: side of the picture in px; None keeps that of the relief.
    """
    side = size or relief_mm.shape[0]
    inside = np.isfinite(relief_mm)
    background = np.array((24, 27, 32), dtype=np.uint8)
    if not inside.any():
        return np.full((side, side, 3), background, dtype=np.uint8)
    floor = float(relief_mm[inside].min())
    filled = np.where(inside, relief_mm, floor).astype(np.float32)
    # Smooth within the head only (normalised convolution), so that the outline does not shade as a cliff.
    weight = inside.astype(np.float32)
    soft = cv2.GaussianBlur(weight, (0, 0), 1.2)
    smooth = cv2.GaussianBlur(filled * weight, (0, 0), 1.2) / np.maximum(soft, 1e-3)
    height = cv2.resize(smooth, (side, side), interpolation=cv2.INTER_CUBIC)
    # An outline that is smooth to the eye, in place of the pixels' staircase.
    mask = cv2.resize(cv2.GaussianBlur(weight, (0, 0), 1.6), (side, side), interpolation=cv2.INTER_LINEAR)
    mask = np.clip((mask - 0.35) / 0.3, 0.0, 1.0)
    mm_per_px = 320.0 / side
    dx = cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=3, scale=1 / 8) / mm_per_px
    dy = cv2.Sobel(height, cv2.CV_32F, 0, 1, ksize=3, scale=1 / 8) / mm_per_px
    light = np.array((-0.45, -0.55, 0.70), dtype=np.float32)
    # The normal of z = h(x, y) with z toward the camera is (-dx, -dy, 1).
    lambert = (-dx * light[0] - dy * light[1] + light[2]) / np.sqrt(dx * dx + dy * dy + 1.0)
    shade = np.clip(0.15 + 0.85 * lambert / float(np.linalg.norm(light)), 0.0, 1.0)[..., None]
    lit = shade * np.array((236, 228, 216), dtype=np.float32)
    alpha = mask[..., None]
    blended = lit * alpha + background * (1.0 - alpha)
    return np.asarray(np.clip(blended, 0, 255), dtype=np.uint8)


def gray_out(rgb: Rgb) -> Rgb:
    """A picture that is no longer true: gray and at 45 % brightness, uint8 (H, W, 3)."""
    gray = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    dim = cv2.convertScaleAbs(gray, alpha=0.45)
    return np.asarray(cv2.cvtColor(dim, cv2.COLOR_GRAY2RGB), dtype=np.uint8)
