"""Counts go through one table and are the temperatures that Planck's law and the scene give them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.errors import CalibrationError
from drivers.frame import KelvinMap
from drivers.radiometry import Air, Planck, Radiometry, Scene
from drivers.radiometry_table import TOP, KelvinTable, even_steps

AX8 = Planck(r1=16951.796875, b=1435.0999755859375, f=1.0, o=-7142.0, r2=0.014294867403805256)
"""A real camera's constants."""


@given(
    emissivity=st.floats(0.3, 1.0),
    reflected_c=st.floats(-20, 60),
    distance_m=st.floats(0, 30),
    humidity=st.floats(0, 1),
    celsius=st.floats(-10, 150),
)
@settings(max_examples=30)
def test_a_pixel_is_the_temperature_of_its_count_to_half_a_step(
    emissivity: float, reflected_c: float, distance_m: float, humidity: float, celsius: float
) -> None:
    radiometry = Radiometry(AX8, Scene(emissivity, distance_m, reflected_c + 273.15, humidity=humidity))
    table = KelvinTable.of(radiometry)
    count = round(float(radiometry.counts(celsius + 273.15)))
    counts = np.full((2, 3), min(TOP, max(0, count)), np.uint16)
    want = radiometry.kelvin(counts)
    if np.isfinite(want).all() and not table.wrong[counts].any():
        assert np.allclose(table.kelvin.kelvin(table.apply(counts)), want, atol=table.kelvin.gain / 2 + 1e-9)


def test_counts_without_a_temperature_become_zero_and_are_known_for_wrong() -> None:
    table = KelvinTable.of(Radiometry(AX8))
    assert table.wrong[:7142].all()
    assert not table.pixels[:7142].any()
    assert not table.wrong[8000:].any()
    assert table.pixels.dtype == np.uint16
    assert (np.diff(table.pixels[8000:].astype(int)) >= 0).all(), "warmer counts are warmer pixels"


def test_a_map_that_is_asked_for_clips_at_its_ends() -> None:
    table = KelvinTable.of(Radiometry(AX8), KelvinMap(0.01, 290.0))
    cold, hot = Radiometry(AX8).counts(np.array([280.0, 310.0]))
    assert (table.pixels[int(cold)], table.wrong[int(cold)]) == (0, True)
    assert not table.wrong[int(hot)]


def test_applying_gives_a_new_array_and_leaves_the_counts_alone() -> None:
    counts = np.arange(20_000, 20_012, dtype="<u2").reshape(3, 4)
    counts.flags.writeable = False
    pixels = KelvinTable.of(Radiometry(AX8)).apply(counts)
    assert pixels.shape == (3, 4)
    assert pixels.base is None
    assert pixels.flags.writeable


def test_an_impossible_scene_is_refused() -> None:
    with pytest.raises(CalibrationError):
        KelvinTable.of(Radiometry(AX8, Scene(distance_m=90_000), Air(alpha1=9.0, alpha2=9.0)))


@given(low=st.floats(0, 400), span=st.floats(0, 3000))
def test_even_steps_hold_the_range_and_leave_zero_free(low: float, span: float) -> None:
    steps = even_steps(low, low + span)
    assert steps.offset <= max(0.0, low - 1.0) + 1e-9
    assert steps.offset + TOP * steps.gain >= low + span
