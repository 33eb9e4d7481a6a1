"""The lag that is told is the lag that there is."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from pipeline.signals.config import SignalsConfig
from pipeline.signals.lag import LANDMARKS, ZONE, lags, measured_lag_ms, still_lag_ms
from pipeline.signals.one_euro import OneEuro, OneEuroConfig
from pipeline.signals.smoothing import SmoothingConfig


def smoothed(config: OneEuroConfig, times: np.ndarray, values: np.ndarray) -> np.ndarray:
    one = OneEuro(config)
    return np.array([one.step(round(t * 1e9), v) for t, v in zip(times.tolist(), values.tolist(), strict=True)])


def test_all_that_is_smoothed_has_its_lag_and_nothing_else() -> None:
    config = SignalsConfig()
    found = lags(config)
    assert set(found) == {*config.smoothing.signals, ZONE, LANDMARKS}
    assert [name for name, lag in found.items() if not lag.has_raw] == [ZONE]
    raw = SignalsConfig.model_validate({"smoothing": {"smooth_landmarks": False, "signals": {}}})
    assert set(lags(raw)) == {ZONE}
    assert found["head_yaw"].still_ms == pytest.approx(1000 / (2 * math.pi * 2.0))
    assert (found["distance"].unit, found["head_yaw"].unit, found[LANDMARKS].unit) == ("m", "deg", "px")
    for lag in found.values():
        assert 0 <= lag.half_ms <= lag.still_ms
        assert 0 < lag.moving_ms < lag.still_ms
    assert json.loads(json.dumps(found["head_yaw"].to_json()))["speed"] == 30.0


@pytest.mark.parametrize("rate", [10.0, 30.0, 120.0])
@pytest.mark.parametrize("hz", [0.5, 2.0, 6.0])
def test_what_hardly_moves_lags_as_told_at_any_rate(rate: float, hz: float) -> None:
    """A slow small wave through the filter lies so much behind itself."""
    config = OneEuroConfig(min_cutoff_hz=hz, beta=0.05)
    wave_hz = 0.05
    times = np.arange(0, 60, 1 / rate)
    raw = 0.01 * np.sin(2 * np.pi * wave_hz * times)
    lag = measured_lag_ms(times[times > 10], raw[times > 10], smoothed(config, times, raw)[times > 10])
    # The delay of a first-order low-pass at a frequency that is not nothing: atan(f / fc) / (2 pi f).
    expected = 1000 * math.atan(wave_hz / hz) / (2 * math.pi * wave_hz)
    assert lag == pytest.approx(expected, abs=2.0)
    assert still_lag_ms(config) == pytest.approx(expected, rel=0.01)


def test_what_moves_lags_less_as_told() -> None:
    config = SmoothingConfig().signals["head_yaw"]
    times = np.arange(0, 40, 1 / 30)
    raw = 30.0 * np.abs((times % 8) - 4)  # 30 degrees a second, to and fro
    lag = measured_lag_ms(times, raw, smoothed(config, times, raw))
    assert lag == pytest.approx(lags(SignalsConfig())["head_yaw"].moving_ms, abs=4.0)


def test_too_little_or_nothing_that_moves_has_no_lag() -> None:
    times = np.arange(0, 3, 1 / 30)
    assert measured_lag_ms(times, np.ones_like(times), np.ones_like(times)) is None
    assert measured_lag_ms(times[:10], times[:10], times[:10]) is None
    gone = np.full_like(times, np.nan)
    assert measured_lag_ms(times, gone, times) is None
    assert measured_lag_ms(times, np.sin(times), np.sin(times)) == 0.0
