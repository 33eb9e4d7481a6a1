"""The drift of a camera's clock is told to a fraction of a ppm, however unevenly its frames arrive."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from recordings.clock_fit import fit_clock

EPOCH = 1_700_000_000 * 10**9
FRAME = 33_333_333


def clocks(seconds: float, ppm: float, jitter_ms: float, seed: int = 0) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Device and host times: the camera's clock fast by ``ppm``, frames late by a heavy-tailed delay."""
    rng = np.random.default_rng(seed)
    true = np.arange(int(seconds * 30)) * FRAME
    device = 7 * 10**9 + np.rint(true * (1 + ppm * 1e-6)).astype(np.int64)
    late = 2_000_000 + rng.exponential(max(jitter_ms, 1e-9) * 1e6, len(true))
    late[rng.random(len(true)) < 0.01] += 80e6
    return device, np.maximum.accumulate(EPOCH + true + late.astype(np.int64))


@pytest.mark.parametrize(("seconds", "within"), [(3600, 0.05), (300, 0.5), (60, 5.0)])
@pytest.mark.parametrize("ppm", [-100.0, 0.0, 37.5])
def test_the_drift_is_found(seconds: float, ppm: float, within: float) -> None:
    fit = fit_clock(*clocks(seconds, ppm, 3.0))
    assert fit is not None
    assert fit.drift_ppm == pytest.approx(ppm, abs=within)
    assert fit.drift_uncertainty_ppm is not None
    assert fit.drift_uncertainty_ppm < within
    median, p95, largest = fit.delay_ms
    assert 1.0 < median < 4.0 < p95 < largest < 200


def test_the_uncertainty_is_honest() -> None:
    """Two standard deviations hold the truth in most of forty recordings of ten minutes."""
    fits = [fit_clock(*clocks(600, 20.0, 3.0, seed)) for seed in range(40)]
    held = [abs((f.drift_ppm or 0) - 20.0) <= (f.drift_uncertainty_ppm or 0) for f in fits if f is not None]
    assert sum(held) >= 32


def test_too_little_to_tell() -> None:
    fit = fit_clock(*clocks(5, 100.0, 1.0))
    assert fit is not None
    assert (fit.drift_ppm, fit.breaks) == (None, 0)
    assert fit.delay_ms[2] >= fit.delay_ms[0]
    assert fit_clock(np.zeros(1, np.int64), np.zeros(1, np.int64)) is None
    assert fit_clock(np.zeros(0, np.int64), np.zeros(0, np.int64)) is None


def test_a_camera_that_was_opened_again_is_fitted_over_its_longest_stretch() -> None:
    device, host = clocks(100, 40.0, 1.0)
    short_device, short_host = clocks(20, 40.0, 1.0)
    fit = fit_clock(np.concatenate([short_device, device]), np.concatenate([short_host, host + 200 * 10**9]))
    assert fit is not None
    assert fit.drift_ppm == pytest.approx(40.0, abs=2.0)
    assert fit.breaks == 1
    assert fit.span_s == pytest.approx(100, abs=1)


def test_a_frame_that_is_repeated_breaks_nothing() -> None:
    device, host = clocks(60, 0.0, 1.0)
    device[100] = device[99]
    fit = fit_clock(device, host)
    assert fit is not None
    assert fit.breaks == 0


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(-(2**62), 2**62), st.integers(0, 2**62)), min_size=2, max_size=80))
def test_any_times_give_a_fit(times: list[tuple[int, int]]) -> None:
    device = np.array([d for d, _ in times], np.int64)
    host = np.sort(np.array([h for _, h in times], np.int64))
    fit = fit_clock(device, host)
    assert fit is not None
    assert fit.delay_ms[2] >= 0
