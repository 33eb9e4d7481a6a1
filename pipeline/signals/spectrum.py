"""The strongest rhythm in a series of samples: Welch's spectrum, how far it stands out, and whether crossings agree.

Welch, IEEE Trans. Audio Electroacoustics 15 (1967): mean of the periodograms of overlapping windowed pieces. The peak
is refined by a parabola through the logarithms beside it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

BAND_HZ: Final = (0.1, 0.7)
_POINTS: Final = 2048
_SIDE_HZ: Final = 0.06
"""Half the width of a steady rhythm's peak under a Hann window of 24 s, with room for breath that varies."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What is strongest within the band.

    Attributes:
        hz: its frequency.
        share: 0..1 of the band's power that lies at it and at twice its frequency.
        crossings_hz: the frequency that upward crossings of the middle give.
        uneven: standard deviation of the times between these crossings over their mean.
        amplitude: half of what the band-passed samples span (percentiles 5 to 95).
        is_peak: whether the spectrum falls on both sides of it: at the band's border it is no rhythm but drift.
        over_noise: its power over the mean power from 1 Hz on, which is the sensor's noise.
        halves: how far apart the peaks of the first and the second half lie, over their mean.
    """

    hz: float
    share: float
    crossings_hz: float
    uneven: float
    amplitude: float
    is_peak: bool
    over_noise: float
    halves: float


@lru_cache(maxsize=8)
def _hann(count: int) -> NDArray[np.float64]:
    window = 0.5 - 0.5 * np.cos(2 * np.pi * (np.arange(count) + 0.5) / count)
    window.flags.writeable = False
    return window


def detrended(samples: NDArray[np.float64], order: int = 2) -> NDArray[np.float64]:
    """The samples (N,) less the polynomial of ``order`` that fits them best."""
    x = np.linspace(-1.0, 1.0, len(samples))
    columns = np.stack([x**n for n in range(order + 1)], axis=1)
    factors, *_ = np.linalg.lstsq(columns, samples, rcond=None)
    left: NDArray[np.float64] = samples - columns @ factors
    return left


def band_passed(samples: NDArray[np.float64], rate_hz: float, low_hz: float, high_hz: float) -> NDArray[np.float64]:
    """The samples (N,) with all else taken out of their Fourier series, mirrored at the end so that none rings."""
    count = len(samples)
    mirrored = np.concatenate((samples, samples[::-1]))
    spectrum = np.fft.rfft(mirrored)
    hz = np.fft.rfftfreq(2 * count, 1.0 / rate_hz)
    spectrum[(hz < low_hz) | (hz > high_hz)] = 0.0
    passed: NDArray[np.float64] = np.fft.irfft(spectrum, 2 * count)[:count]
    return passed


def welch(samples: NDArray[np.float64], rate_hz: float, piece: int, step: int) -> tuple[NDArray[np.float64], float]:
    """Power at multiples of the second result (Hz): the mean over pieces of ``piece`` samples, each ``step`` after the
    one before."""
    window = _hann(piece)
    total = np.zeros(_POINTS // 2 + 1)
    for begin in range(0, len(samples) - piece + 1, step):
        part = samples[begin : begin + piece]
        total += np.abs(np.fft.rfft((part - part.mean()) * window, _POINTS)) ** 2
    return total, rate_hz / _POINTS


def rhythm_of(samples: NDArray[np.float64], rate_hz: float, band_hz: tuple[float, float] = BAND_HZ) -> Rhythm | None:
    """The rhythm in evenly spaced samples (N,); None where they are all the same.

    Args:
        samples: finite.
        band_hz: where it is looked for.
    """
    flat = detrended(samples)
    piece = max(round(0.8 * len(flat)), 16)
    power, step_hz = welch(flat, rate_hz, piece, max(round(0.1 * len(flat)), 1))
    low, high = math.ceil(band_hz[0] / step_hz), math.floor(band_hz[1] / step_hz)
    band = power[low : high + 1]
    total = float(band.sum())
    if not total > 1e-12 * len(flat):
        return None
    top = low + int(band.argmax())
    side = round(_SIDE_HZ / step_hz)
    is_peak = bool(low < top < high and power[top] > power[top - 1] and power[top] >= power[top + 1])
    # Drift that the polynomial left has more below the band than within.
    is_peak = is_peak and bool(power[max(low - side, 1) : low].max(initial=0.0) < power[top])
    hz = top * step_hz
    if 0 < top < len(power) - 1 and min(power[top - 1], power[top], power[top + 1]) > 0:
        a, b, c = np.log(power[top - 1 : top + 2])
        bend = a - 2 * b + c
        if bend < 0:
            hz += float(np.clip(0.5 * (a - c) / bend, -1, 1)) * step_hz
    near = power[max(top - side, low) : min(top + side, high) + 1].sum()
    twice = 2 * top
    if twice - side > top + side:
        near += power[max(twice - side, low) : min(twice + side, high) + 1].sum()
    passed = band_passed(flat, rate_hz, max(0.5 * hz, 0.7 * band_hz[0]), min(1.6 * hz, 1.2 * band_hz[1]))
    p5, p95 = np.percentile(passed, (5, 95))
    crossings_hz, uneven = _crossings(passed, rate_hz, 0.15 * float(p95 - p5))
    share = float(min(near / total, 1.0))
    noise = power[round(1.0 / step_hz) : round(0.45 * rate_hz / step_hz)]
    over_noise = float(power[top] / max(float(noise.mean()), 1e-12 * float(power[top]))) if noise.size else math.inf
    half = round(0.53 * len(flat))
    first, second = (_top_hz(part, rate_hz, band_hz) for part in (flat[:half], flat[-half:]))
    halves = abs(first - second) / max((first + second) / 2, 1e-9)
    return Rhythm(hz, share, crossings_hz, uneven, float(p95 - p5) / 2, is_peak, over_noise, halves)


def _top_hz(samples: NDArray[np.float64], rate_hz: float, band_hz: tuple[float, float]) -> float:
    power, step_hz = welch(samples, rate_hz, len(samples), len(samples))
    low, high = math.ceil(band_hz[0] / step_hz), math.floor(band_hz[1] / step_hz)
    return (low + int(power[low : high + 1].argmax())) * step_hz


def _crossings(samples: NDArray[np.float64], rate_hz: float, dead: float) -> tuple[float, float]:
    """Frequency and unevenness of upward crossings of zero that come after the samples were below ``-dead``."""
    times: list[float] = []
    armed = False
    values = samples.tolist()
    for i in range(1, len(values)):
        before, now = values[i - 1], values[i]
        armed = armed or before < -dead
        if armed and before < 0.0 <= now:
            times.append((i - 1 + before / (before - now)) / rate_hz)
            armed = False
    if len(times) < 3:
        return 0.0, 1.0
    gaps = np.diff(times)
    mean = float(gaps.mean())
    return 1.0 / mean, float(gaps.std()) / mean
