"""The rig's depth cameras: what a projector's place hides, what lies on an edge, and the steps of the readings."""

from __future__ import annotations

import numpy as np
import pytest

from training.faces import sensors

NEAR, FAR = 900.0, 2500.0
FOCAL = 450.0
BRIGHT, NO_GLASS = np.full((120, 160), 0.6, np.float32), np.zeros((120, 160), bool)


def _box() -> np.ndarray:
    depth = np.full((120, 160), FAR, np.float32)
    depth[20:110, 60:110] = NEAR
    return depth


def _gaps(read: np.ndarray) -> tuple[float, float]:
    """Pixels without a reading at the left and the right of the box, median of its rows."""
    left = [np.flatnonzero(row[:60][::-1])[0] for row in read[30:100]]
    right = [np.flatnonzero(row[110:])[0] for row in read[30:100]]
    return float(np.median(left)), float(np.median(right))


@pytest.mark.parametrize("baseline", [50.0, 75.0])
def test_a_projector_casts_a_shadow_as_wide_as_its_baseline_says(baseline: float) -> None:
    """Both gaps together: the baseline seen from the near box's distance against the wall's, and uncertain rims."""
    width = FOCAL / NEAR * baseline * (1 - NEAR / FAR)
    sides = set()
    for seed in range(30):
        read = sensors.structured_light(
            _box(), BRIGHT, NO_GLASS, np.random.default_rng(seed), focal_px=FOCAL, baseline_mm=baseline
        )
        left, right = _gaps(read)
        sides.add(left > right)
        assert width - 3 <= left + right <= width + 15
        assert max(left, right) >= 0.5 * width
    assert sides == {False, True}


def test_matching_reads_one_surface_or_the_other() -> None:
    for seed in range(10):
        read = sensors.structured_light(
            _box(), BRIGHT, NO_GLASS, np.random.default_rng(seed), focal_px=FOCAL, baseline_mm=75.0
        )
        assert not ((read > NEAR + 100) & (read < FAR - 300)).any()


def test_a_smooth_head_hides_nothing_of_itself() -> None:
    y, x = np.mgrid[:120, :160].astype(np.float32)
    round_thing = 900 + 60 * ((x - 80) / 80) ** 2 + 60 * ((y - 60) / 60) ** 2
    read = [
        sensors.structured_light(
            round_thing, BRIGHT, NO_GLASS, np.random.default_rng(seed), focal_px=FOCAL, baseline_mm=75.0
        )
        for seed in range(10)
    ]
    assert np.mean([(one == 0).mean() for one in read]) < 0.01
    assert np.mean([np.abs(one[one > 0] - round_thing[one > 0]).mean() for one in read]) < 4


@pytest.mark.parametrize("step", [2.0, 4.0, 8.0])
def test_readings_are_multiples_of_the_formats_step(step: float) -> None:
    fine = sensors.time_of_flight(_box(), BRIGHT, NO_GLASS, np.random.default_rng(1))
    coarse = sensors.time_of_flight(_box(), BRIGHT, NO_GLASS, np.random.default_rng(1), step_mm=step)
    assert (coarse % int(step) == 0).all()
    assert len(np.unique(fine % int(step))) == int(step)
    assert np.array_equal(fine == 0, coarse == 0)
    assert np.abs(fine.astype(int) - coarse).max() <= step


def test_time_of_flight_mixes_near_and_far_at_edges_only() -> None:
    read = sensors.time_of_flight(
        _box(), BRIGHT, NO_GLASS, np.random.default_rng(2), edge_shares=(0.8, 0.0), weakest_echo=(0.001, 1.0)
    )
    between = (read > NEAR + 100) & (read < FAR - 100)
    edge = np.zeros_like(between)
    edge[18:112, 58:112] = True
    edge[22:108, 62:108] = False
    assert between[edge].mean() > 0.2
    assert not between[~edge].any()
