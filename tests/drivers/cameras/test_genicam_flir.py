"""A thermal GenICam camera's counts are the temperatures that FLIR's formulas say, or none at all."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.cameras.genicam_flir import is_thermal, thermometer
from drivers.frame import KelvinMap


class Told:
    """Features as a camera tells them."""

    def __init__(self, **values: str | float) -> None:
        self.values = values

    def has(self, name: str) -> bool:
        return name in self.values

    def read(self, name: str) -> str | None:
        return str(self.values[name]) if name in self.values else None

    def number(self, name: str) -> float | None:
        value = self.values.get(name)
        return float(value) if isinstance(value, (int, float)) else None


A700 = {"IRFormat": "Radiometric", "R": 17_000.0, "B": 1430.0, "F": 1.0, "J0": 4000, "J1": 75.0}
A65 = {"TemperatureLinearMode": "Off", "R": 380_000, "B": 1428.0, "F": 1.0, "O": 100.0}


@pytest.mark.parametrize(
    ("features", "gain"),
    [
        ({"IRFormat": "TemperatureLinear10mK"}, 0.01),
        ({"IRFormat": "TemperatureLinear100mK"}, 0.1),
        ({"TemperatureLinearMode": "On", "TemperatureLinearResolution": "High"}, 0.04),
        ({"TemperatureLinearMode": "On", "TemperatureLinearResolution": "Low"}, 0.4),
    ],
)
def test_counts_that_are_temperatures_already_are_left_as_they_are(features: dict[str, str], gain: float):
    found = thermometer(Told(**features), 14)
    assert found.kelvin is not None
    assert (found.kelvin.gain, found.kelvin.offset) == (gain, 0.0)
    counts = np.arange(6, dtype=np.uint16).reshape(2, 3)
    assert found.pixels(counts) is counts


@settings(max_examples=25)  # each makes a table of all counts
@given(kelvin=st.floats(250, 400), emissivity=st.floats(0.5, 1.0), reflected=st.floats(270, 310))
def test_radiometric_counts_of_an_a700_are_what_flirs_formula_says(kelvin: float, emissivity: float, reflected: float):
    r, b, f, j0, j1 = (float(A700[name]) for name in ("R", "B", "F", "J0", "J1"))
    # T = B / ln(R / (radiance / e - (1 - e) / e * R / (exp(B / T_refl) - F)) + F), without air between
    behind = (1 - emissivity) / emissivity * r / (math.exp(b / reflected) - f)
    radiance = emissivity * (r / (math.exp(b / kelvin) - f) + behind)
    count = round(radiance * j1 + j0)
    exact = b / math.log(r / ((count - j0) / j1 / emissivity - behind) + f)
    found = thermometer(
        Told(**A700, ObjectEmissivity=emissivity, ReflectedTemperature=reflected, ObjectDistance=0.0), 16
    )
    assert found.kelvin is not None
    shown = found.kelvin.kelvin(found.pixels(np.full((1, 1), count, np.uint16)))
    assert shown[0, 0] == pytest.approx(
        exact, abs=0.0051
    )  # half a step of 0.01 K, the coarsest that these constants take


@settings(max_examples=25)  # each makes a table of all counts
@given(kelvin=st.floats(250, 400), offset=st.sampled_from([{"O": 100.0}, {"O": 0.0, "OInt": -50}]))
def test_counts_of_an_ax5_are_what_its_manual_says(kelvin: float, offset: dict[str, float]):
    told = {**A65, **offset}
    o = float(told.get("OInt", told["O"]))
    count = round(float(told["R"]) / (math.exp(float(told["B"]) / kelvin) - 1.0) + o)
    exact = float(told["B"]) / math.log(float(told["R"]) / (count - o) + 1.0)
    found = thermometer(Told(**told), 14)
    assert found.kelvin is not None
    shown = found.kelvin.kelvin(found.pixels(np.full((1, 1), count, np.uint16)))
    assert shown[0, 0] == pytest.approx(
        exact, abs=0.0051
    )  # half a step of 0.01 K, the coarsest that these constants take


def test_other_parameters_keep_the_map_of_the_pixels():
    kelvin = KelvinMap(0.02, 100.0)
    found = thermometer(Told(**A700, ObjectEmissivity=0.5), 16, kelvin)
    assert found.kelvin == kelvin
    plain = thermometer(Told(**A700, ObjectEmissivity=0.5), 16)
    assert plain.kelvin is not None
    counts = np.uint16([[12_000, 15_000]])
    np.testing.assert_allclose(
        kelvin.kelvin(found.pixels(counts)), plain.kelvin.kelvin(plain.pixels(counts)), atol=0.011
    )


def test_a_count_that_means_no_temperature_is_0():
    assert thermometer(Told(**A700), 16).pixels(np.uint16([[0]])).tolist() == [[0]]


@pytest.mark.parametrize(
    ("features", "depth", "words"),
    [
        ({}, 16, "tells no constants"),
        ({"R": 1.0, "B": 1.0}, 16, "tells no constants"),
        ({"R": 17_000.0, "B": 1430.0, "F": 1.0}, 16, "tells no constants"),
        (A700, 8, "8 bits"),
        ({"IRFormat": "Visual"}, 16, "IRFormat Visual"),
        ({**A700, "J1": 0.0}, 16, "must be finite"),
        ({**A700, "R": -1.0}, 16, "must be positive"),
        ({**A700, "ObjectEmissivity": 0.0}, 16, "emissivity"),
        ({**A700, "ReflectedTemperature": 20.0}, 16, "ReflectedTemperature is 20"),
    ],
)
def test_what_cannot_be_a_measurement_gives_no_temperature_and_says_why(
    features: dict[str, float], depth: int, words: str
):
    found = thermometer(Told(**features), depth)
    assert found.kelvin is None
    assert found.table is None
    assert words in found.words


def test_humidity_in_per_cent_is_the_same_as_in_parts():
    told = {**A700, "ObjectDistance": 20.0}
    counts = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    first, second = (thermometer(Told(**told, RelativeHumidity=h), 16).pixels(counts) for h in (0.5, 50.0))
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize(
    ("vendor", "model", "features", "thermal"),
    [
        ("FLIR Systems AB", "FLIR A700", {}, True),
        ("FLIR Systems", "FLIR AX5", {}, True),
        ("Teledyne FLIR", "A50", {}, True),
        ("FLIR", "Blackfly S BFS-PGE-16S2M", {}, False),
        ("FLIR", "Grasshopper3 GS3-U3-23S6M", {}, False),
        ("Basler", "acA1300-60gm", {}, False),
        ("Aravis", "Fake", {}, False),
        ("Workswell", "WIC", {"NUCAction": "x"}, True),
    ],
)
def test_a_thermal_camera_is_known_by_its_name_or_its_features(
    vendor: str, model: str, features: dict[str, str], thermal: bool
):
    assert is_thermal(vendor, model, Told(**features)) is thermal
