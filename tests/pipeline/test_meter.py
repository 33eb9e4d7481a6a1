"""Counters, step times and rates that an operator reads."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.meter import Meter


def test_step_times_are_in_milliseconds_over_the_window() -> None:
    meter = Meter(window=4)
    for seconds in (9.0, 0.001, 0.002, 0.003, 0.004):
        meter.time("find", seconds)
    step = meter.snapshot().steps["find"]
    assert step.calls == 5
    assert step.mean_ms == pytest.approx(2.5)  # the oldest left the window
    assert step.worst_ms == pytest.approx(4.0)


def test_a_rate_is_what_happened_lately() -> None:
    meter = Meter()
    for i in range(100):
        meter.tick("camera", i * 0.1)  # ten a second
    assert meter.snapshot().rates_hz["camera"] == pytest.approx(10.0)
    meter.tick("once", 0.0)
    assert meter.snapshot().rates_hz["once"] == 0.0


def test_nothing_is_lost_when_threads_count_together() -> None:
    meter = Meter()
    threads = [threading.Thread(target=lambda: [meter.count("drop") for _ in range(1000)]) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert meter.snapshot().counts["drop"] == 4000


@given(st.lists(st.floats(0.0, 10.0), min_size=1, max_size=400))
def test_the_percentiles_are_those_of_numpy(seconds: list[float]) -> None:
    meter = Meter(window=300)
    for value in seconds:
        meter.time("find", value)
    step = meter.snapshot().steps["find"]
    kept = 1e3 * np.array(seconds[-300:])
    assert step.median_ms == pytest.approx(np.median(kept))
    assert step.p95_ms == pytest.approx(np.percentile(kept, 95))
    assert (step.mean_ms, step.worst_ms) == pytest.approx((kept.mean(), kept.max()))
