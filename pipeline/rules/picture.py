"""The signal ``picture``: whether the cameras show anything at all, or are covered, dazzled, or in utter darkness.

A picture that shows something has structure that is neither noise nor a smooth fall of light. The picture is divided
into blocks; from the means of the blocks the best surface of second degree is taken away, which is all that a palm or
a cap before the lens leaves; what remains must be larger than the noise within the blocks explains, and larger than a
small part of the picture's own level.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drivers.frame import Frame, FrameFlag, StreamKind
from recordings.observation import SignalValue

EVERY_S: Final = 0.2
_NOTHING: Final = "no camera gives a picture of this moment"
_ROWS: Final = 18
_COLUMNS: Final = 24
_NOISE: Final = 2.5
"""Times what noise alone would leave."""
_LEVEL: Final = 0.012
"""Of the picture's mean level."""
_KELVIN: Final = 0.15
_DEPTH_SHARE: Final = 0.03
"""Of the pixels that must have a reading."""
_SAMPLES: Final = 5
"""Pixels along each side of a block that are looked at."""


class PictureWatch:
    """The signal over time: looked at a few times a second, and held between."""

    def __init__(self) -> None:
        self._looked_ns: int | None = None
        self._said = SignalValue(0.0, "", 0.0, _NOTHING)

    def step(self, frames: Mapping[str, Frame], device_ns: int) -> SignalValue:
        """As :func:`picture_of`, at most :data:`EVERY_S` of device time old."""
        if self._looked_ns is None or not 0 <= device_ns - self._looked_ns < EVERY_S * 1e9:
            self._looked_ns, self._said = device_ns, picture_of(frames)
        return self._said


def picture_of(frames: Mapping[str, Frame]) -> SignalValue:
    """1 while one of these frames shows something, 0 while none does; its word then names the streams.

    Args:
        frames: stream -> frame, of one instant. A stale one, and one of a closed shutter, tells nothing.
    """
    told = {
        name: shows_something(frame)
        for name, frame in sorted(frames.items())
        if not frame.flags & (FrameFlag.STALE | FrameFlag.SHUTTER)
    }
    if not told:
        return SignalValue(0.0, "", 0.0, _NOTHING)
    if any(told.values()):
        return SignalValue(1.0, "", 1.0)
    return SignalValue(0.0, "", 1.0, label=", ".join(told))


def shows_something(frame: Frame) -> bool:
    """Whether a frame holds more than noise, a smooth fall of light, or nothing."""
    pixels = np.asarray(frame.pixels)
    if pixels.ndim == 3:
        pixels = pixels[..., 1]  # green is most of the light that is seen
    if min(pixels.shape[:2]) < 2 * max(_ROWS, _COLUMNS):
        return True  # too small to tell
    blocks = _blocks(pixels)
    if frame.kind is StreamKind.DEPTH:
        return float(np.count_nonzero(blocks)) >= _DEPTH_SHARE * blocks.size
    means = blocks.mean(axis=(1, 3))
    left = means.ravel() - _smooth() @ (_smooth().T @ means.ravel())
    structure = float(np.sqrt(np.mean(left * left)))
    noise = float(np.sqrt(blocks.var(axis=(1, 3)).mean())) / _SAMPLES
    if structure <= _NOISE * noise:
        return False
    if frame.kind is StreamKind.THERMAL:
        kelvin = frame.info.kelvin
        return kelvin is None or structure * abs(kelvin.gain) >= _KELVIN
    return structure >= _LEVEL * float(means.mean())


def _blocks(pixels: NDArray[np.generic]) -> NDArray[np.float32]:
    """Samples as (rows, in a block down, columns, in a block across)."""
    high, wide = pixels.shape
    down = np.linspace(0, high - 1, _ROWS * _SAMPLES).astype(np.intp)
    across = np.linspace(0, wide - 1, _COLUMNS * _SAMPLES).astype(np.intp)
    sample = pixels[np.ix_(down, across)].astype(np.float32)
    return sample.reshape(_ROWS, _SAMPLES, _COLUMNS, _SAMPLES)


@lru_cache(maxsize=1)
def _smooth() -> NDArray[np.float64]:
    """(blocks, 6): an orthonormal basis of the surfaces of second degree."""
    v, u = np.mgrid[-1 : 1 : _ROWS * 1j, -1 : 1 : _COLUMNS * 1j]
    columns = [np.ones_like(u), u, v, u * u, u * v, v * v]
    basis, _ = np.linalg.qr(np.stack([c.ravel() for c in columns], axis=1))
    return np.asarray(basis, np.float64)
