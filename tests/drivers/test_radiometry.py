"""Counts become the temperatures that the maker's constants mean."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import CalibrationError
from drivers.radiometry import Air, Planck, Radiometry, Scene

AX8 = Planck(r1=16951.796875, b=1435.0999755859375, f=1.0, o=-7142.0, r2=0.014294867403805256)
"""A real camera's constants."""


def test_a_black_body_gives_its_own_temperature() -> None:
    kelvin = np.linspace(220.0, 900.0, 50)
    np.testing.assert_allclose(AX8.kelvin(AX8.counts(kelvin)), kelvin, rtol=1e-12)
    # The formula by hand for one value.
    by_hand = 16951.796875 / (0.014294867403805256 * (math.exp(1435.0999755859375 / 300.0) - 1)) + 7142
    assert float(AX8.counts(300.0)) == pytest.approx(by_hand, rel=1e-14)


def test_counts_that_mean_no_temperature_are_nan() -> None:
    counts = np.array([0, 7141, 7142, 7143, 20000], np.uint16)
    assert np.isnan(AX8.kelvin(counts)).tolist() == [True, True, True, False, False]
    odd = replace(AX8, f=0.5)  # with F below 1 the hottest counts have no logarithm
    assert np.isnan(odd.kelvin(np.array([1e12]))).all()


@given(
    emissivity=st.floats(0.05, 1.0),
    distance_m=st.floats(0, 200),
    reflected_c=st.floats(-40, 100),
    air_c=st.floats(-30, 50),
    humidity=st.floats(0, 1),
    window=st.floats(0.3, 1.0),
    share=st.floats(0, 1),
    celsius=st.floats(-30, 400),
)
def test_undoing_the_layers_gives_the_object_back(
    emissivity: float,
    distance_m: float,
    reflected_c: float,
    air_c: float,
    humidity: float,
    window: float,
    share: float,
    celsius: float,
) -> None:
    scene = Scene(emissivity, distance_m, reflected_c + 273.15, air_c + 273.15, humidity, air_c + 273.15, window, share)
    radiometry = Radiometry(AX8, scene)
    back = float(radiometry.kelvin(radiometry.counts(celsius + 273.15)))
    assert back == pytest.approx(celsius + 273.15, abs=1e-5)


def test_a_scene_of_one_temperature_is_a_black_body() -> None:
    """Where everything around has the object's temperature, no layer changes anything (Kirchhoff)."""
    scene = Scene(0.3, 80.0, 300.0, 300.0, 0.9, 300.0, 0.6)
    assert float(Radiometry(AX8, scene).counts(300.0)) == pytest.approx(float(AX8.counts(300.0)), rel=1e-12)


def test_emissivity_by_hand() -> None:
    """Without air and window the count is e * S(object) + (1 - e) * S(reflected)."""
    scene = Scene(emissivity=0.9, reflected_k=280.0)
    expected = 0.9 * AX8.counts(310.0) + 0.1 * AX8.counts(280.0)
    assert float(Radiometry(AX8, scene).counts(310.0)) == pytest.approx(float(expected), rel=1e-14)
    # Taken for a black body the same count is too cold.
    assert float(AX8.kelvin(expected)) < 310.0


def test_the_transmission_of_the_air() -> None:
    air = Air()
    assert air.transmission(0.0, 293.15, 0.5) == pytest.approx(1.0)
    # By hand: 20 C saturated is 17.1 mmHg by the polynomial, 8.57 at 50 %.
    water = 0.5 * math.exp(1.5587 + 0.06939 * 20 - 0.00027816 * 400 + 0.00000068455 * 8000)
    assert water == pytest.approx(8.57, abs=0.02)
    root = math.sqrt(water)
    expected = 1.9 * math.exp(-(0.006569 - 0.002276 * root)) - 0.9 * math.exp(-(0.01262 - 0.00667 * root))
    assert air.transmission(1.0, 293.15, 0.5) == pytest.approx(expected, rel=1e-12)
    far = [air.transmission(d, 293.15, 0.5) for d in (1, 10, 100, 500)]
    assert far == sorted(far, reverse=True)
    assert air.transmission(100, 303.15, 0.9) < air.transmission(100, 283.15, 0.2)


def test_the_step_of_the_sensor() -> None:
    radiometry = Radiometry(AX8, Scene(0.95, 1.0))
    counts = float(radiometry.counts(298.0))
    one_more = float(radiometry.kelvin(counts + 1)) - 298.0
    assert radiometry.step_k(298.0) == pytest.approx(one_more, rel=1e-3)
    assert 0.005 < radiometry.step_k(298.0) < 0.01


@pytest.mark.parametrize("name", ["r1", "b", "r2"])
@pytest.mark.parametrize("value", [0.0, -1.0, math.nan, math.inf])
def test_impossible_constants(name: str, value: float) -> None:
    with pytest.raises(CalibrationError, match=r"Planck"):
        replace(AX8, **{name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("emissivity", 0.0),
        ("emissivity", 1.01),
        ("emissivity", math.nan),
        ("distance_m", -1.0),
        ("humidity", 50.0),
        ("reflected_k", 0.0),
        ("air_k", -3.0),
        ("window_transmission", 0.0),
        ("window_share", 1.5),
    ],
)
def test_an_impossible_scene_names_what_is_wrong(name: str, value: float) -> None:
    with pytest.raises(CalibrationError, match=name):
        replace(Scene(), **{name: value})


def test_air_that_lets_nothing_through() -> None:
    thick = Radiometry(AX8, Scene(distance_m=1e5), Air(alpha1=5.0, alpha2=5.0, beta1=0.0, beta2=0.0))
    with pytest.raises(CalibrationError, match=r"distance"):
        thick.kelvin(np.array([9000.0]))


def test_the_notes_hold_every_number() -> None:
    told = Radiometry(AX8, Scene(0.9), Air(x=1.8)).to_json()
    back = json.loads(json.dumps(told))
    assert Planck(**back["planck"]) == AX8
    assert Scene(**back["scene"]) == Scene(0.9)
    assert Air(**back["air"]) == Air(x=1.8)
